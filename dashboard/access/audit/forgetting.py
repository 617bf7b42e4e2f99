"""Change or remove lines of the audit log: erase a person, and drop what is older than it may be."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from dashboard.access.audit.log import HIDDEN, find_folder, hold
from dashboard.ground.files.writing import PRIVATE, drafted, for_owner

ERASED = "erased"
"""In place of an erased person's name, address and key."""

Change = Callable[[str], str | None]


def erase_person(campaign: Path, address: str, *, dry_run: bool = False) -> list[str]:
    """Erase a person from the log, by their address in small letters and by the names they used.

    The acts stay, with their times and roles. Each file is written anew beside itself and put in its place.

    Returns:
        The files that the person stood in, as `private/audit/2021-05.jsonl`, one entry a line in which they did.

    Raises:
        AuditError: the log is in use or cannot be written.
    """
    if not find_folder(campaign).is_dir():
        return []
    with hold(campaign) as folder:
        paths = sorted(folder.glob("*.jsonl"))
        entries = (_read(line) for path in paths for line in _lines(path))
        person_entries = [entry for entry in entries if _is_of(entry, address)]
        words = {
            str(entry[name]) for entry in person_entries for name in ("person_name", "person_key") if entry.get(name)
        }
        eraser = _Eraser(address, words)
        return [place for path in paths for place in _rewrite(path, eraser.change, dry_run=dry_run)]


def forget_older_than(campaign: Path, day: date, *, dry_run: bool = False) -> int:
    """Remove the entries from before a day; return how many there were.

    `day`: the first day that is kept, in UTC.

    Raises:
        AuditError: the log is in use or cannot be written.
    """
    if not find_folder(campaign).is_dir():
        return 0
    first = day.isoformat()

    def change(line: str) -> str | None:
        moment = str(_read(line).get("moment", ""))
        return None if moment and moment[:10] < first else line

    with hold(campaign) as folder:
        paths = [path for path in sorted(folder.glob("*.jsonl")) if path.stem <= first[:7]]
        return sum(len(_rewrite(path, change, dry_run=dry_run)) for path in paths)


class _Eraser:
    """Erases a person from lines."""

    def __init__(self, address: str, words: set[str]) -> None:
        """Take the address, and the names and keys under which its owner acted."""
        self._address, self._words = address, words
        alternatives = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
        patterns = [
            rf"(?<![\w.+]){re.escape(address)}(?![\w-]|\.\w)",
            *([rf"(?<!\w)(?:{alternatives})(?!\w)"] if alternatives else []),
        ]
        self._pattern = re.compile("|".join(patterns), re.IGNORECASE)

    def change(self, line: str) -> str:
        """Return a line without the person; one that holds them and cannot be read becomes an empty object."""
        entry = _read(line)
        if not entry:
            return "{}" if self._pattern.search(line) else line
        if _is_of(entry, self._address):
            entry |= {"person_name": ERASED, "person_address": "", "person_key": ERASED}
        for name in ("about", "details", "person_name"):
            if name in entry:
                entry[name] = self._clean(entry[name])
        text = json.dumps(entry, ensure_ascii=False)
        return line if text == line else text

    def _clean(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._pattern.sub(lambda match: HIDDEN if "@" in match[0] else ERASED, value)
        if isinstance(value, dict):
            return {name: self._clean(one) for name, one in value.items()}
        return [self._clean(one) for one in value] if isinstance(value, list) else value


def _is_of(entry: dict[str, Any], address: str) -> bool:
    return str(entry.get("person_address", "")).lower() == address


def _rewrite(path: Path, change: Change, *, dry_run: bool) -> list[str]:
    """Put changed lines in place of a file, in one step; return its name once for each line that changed or went."""
    changed = 0
    with drafted(path, PRIVATE) as draft:
        with open(draft, "w", encoding="utf-8", opener=for_owner) as file:
            for line in _lines(path):
                new = change(line)
                changed += new != line
                if new is not None and not dry_run:
                    file.write(new + "\n")
        is_empty = draft.stat().st_size == 0
        if is_empty or not changed:
            draft.unlink()
    if changed and is_empty and not dry_run:
        path.unlink()
    return [f"private/{path.parent.name}/{path.name}"] * changed


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", errors="replace", newline="\n") as file:
        for line in file:
            text = line.rstrip("\n")
            if text:
                yield text


def _read(line: str) -> dict[str, Any]:
    """Read a line; empty where it is damaged."""
    try:
        entry = json.loads(line)
    except ValueError:
        return {}
    return entry if isinstance(entry, dict) else {}
