"""The record of the outside: entries of two names and a value, written as lines that a reader can compare.

A line has one request and after it each form of the answer: `/charts/explore?lang=fr | csv 1a2b3c4d`.
"""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

RECORDED = Path(__file__).with_name("recorded")
SEPARATOR = " | "
Entries = dict[tuple[str, str], str]
"""The answers, by request and form or language."""

_keeping: list[Path] = []


def keep_bodies(folder: Path) -> None:
    """From now on, keep everything that is hashed in a folder, each as a file with the name of its hash."""
    folder.mkdir(parents=True, exist_ok=True)
    _keeping.append(folder)


def digest(body: bytes | str) -> str:
    """Return a short hash."""
    content = body.encode() if isinstance(body, str) else body
    name = hashlib.sha256(content).hexdigest()[:8]
    for folder in _keeping:
        (folder / name).write_bytes(content)
    return name


def shorten(text: str, length: int = 100) -> str:
    """Return the beginning of a text on one line, for people."""
    line = re.sub(r"\s+", " ", text.replace("|", "/")).strip()
    return line if len(line) <= length else f"{line[: length - 1]}…"


def write_entries(path: Path, entries: Mapping[tuple[str, str], str]) -> None:
    """Write a file of entries, a line each that was asked for, in order."""
    lines: dict[str, list[str]] = {}
    for (asked, form), value in sorted(entries.items()):
        lines.setdefault(asked, [asked]).append(f"{form} {value}")
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(f"{SEPARATOR.join(parts)}\n" for parts in lines.values()), encoding="utf-8")


def read_entries(path: Path) -> Entries:
    """Read the entries of a file."""
    entries: Entries = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        asked, *parts = line.split(SEPARATOR)
        for part in parts:
            form, _, value = part.partition(" ")
            entries[asked, form] = value
    return entries


def list_differences(recorded: Entries, now: Entries, *, is_whole: bool) -> list[str]:
    """List each entry that is another one now, as a line; those that are gone only where `now` is everything."""
    asked = sorted(recorded.keys() | now.keys() if is_whole else now.keys())
    return [
        f"{thing} | {form}: {recorded.get((thing, form), 'nothing')} → {now.get((thing, form), 'nothing')}"
        for thing, form in asked
        if recorded.get((thing, form)) != now.get((thing, form))
    ]
