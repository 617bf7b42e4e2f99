"""Keys that sign what strangers carry: each in a file of `private/` that only its owner reads."""

import os
import secrets
from pathlib import Path

from dashboard.ground.files.writing import for_owner


def read_key(private: Path, name: str) -> str:
    """A campaign's key in letters; it is made when it is first needed, once also by two who need it at once.

    Args:
        private: The campaign's private folder.
        name: The file's name, as `newsletter_key.txt`.
    """
    path = private / name
    if not path.is_file():
        private.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f"{name}.{os.getpid()}")
        try:
            with open(draft, "w", encoding="ascii", opener=for_owner) as file:
                file.write(secrets.token_hex(32) + "\n")
            draft.rename(path) if os.name == "nt" else os.link(draft, path)  # the first of two that are made at once
        except FileExistsError:
            pass
        finally:
            draft.unlink(missing_ok=True)
    return path.read_text(encoding="utf-8").strip()
