"""Notes: small JSON files with the program's past work; a damaged one counts as none."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from dashboard.ground.files.writing import PRIVATE, write_file

Note = TypeVar("Note")


def read_json(path: Path, parse: Callable[[Any], Note]) -> Note | None:
    """Read a note's JSON with `parse`; None where there is no file, or it is damaged."""
    try:
        return parse(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def write_json(
    path: Path, content: Any, *, indent: int | None = None, is_shared: bool = False, is_durable: bool = True
) -> None:
    """Replace a note in one step, for the program's user alone; `is_shared` and `is_durable` as of `drafted`."""
    text = json.dumps(content, ensure_ascii=False, indent=indent)
    write_file(path, text, PRIVATE, is_shared=is_shared, is_durable=is_durable)
