"""What is to be accepted of the classes of actions, as lines of JSON: read, checked and taken apart by field."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from dashboard.campaign.accepted import FIELDS
from dashboard.errors import UserError

_SEEN = "was"


class ClassifyError(UserError):
    """What was to be accepted cannot be used; the sheet is as it was."""


class Change(NamedTuple):
    """The codes that a field of an action shall have (none takes an answer back).

    Attributes:
        was: What stood there when the answer was given; None where that does not matter.
    """

    codes: tuple[str, ...]
    was: tuple[str, ...] | None = None


Changes = dict[str, dict[str, Change]]
"""By action id and field."""


def read_changes(lines: Iterable[str], codes: Mapping[str, set[str]]) -> Changes:
    """By action and field, what the last line says.

    Args:
        lines: One JSON object a line: action_id, any of the fields, and in `was` what was seen there, by field.
        codes: The codes of each field.

    Raises:
        ClassifyError: a line is no such object, or names a field or code that does not exist.
    """
    changes: Changes = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        entry = _parse(number, line)
        action_id, was = entry.pop("action_id", None), entry.pop(_SEEN, {})
        if not isinstance(action_id, str) or not action_id.strip():
            raise ClassifyError(f"Line {number} names no action_id.", 'Write {"action_id": "…", "category": "…"}.')
        changes.setdefault(action_id.strip(), {}).update(
            {
                field: Change(_codes(number, field, value, codes), _list(was[field]) if field in was else None)
                for field, value in entry.items()
            }
        )
    if not changes:
        raise ClassifyError("There is nothing to accept.", "Write one JSON object a line on standard input.")
    return changes


def write_line(action_id: str, changes: Mapping[str, Change]) -> dict[str, Any]:
    """The line, as an object, that says some changes of an action."""
    line: dict[str, Any] = {"action_id": action_id} | {field: list(change.codes) for field, change in changes.items()}
    return line | {_SEEN: {field: list(change.was or ()) for field, change in changes.items()}}


def _parse(number: int, line: str) -> dict[str, Any]:
    try:
        entry = json.loads(line)
    except ValueError as error:
        raise ClassifyError(f"Line {number} is no JSON: {error}.", "Write one JSON object a line.") from error
    if not isinstance(entry, dict) or not isinstance(entry.get(_SEEN, {}), dict):
        raise ClassifyError(f"Line {number} is no JSON object.", "Write one JSON object a line.")
    unknown = sorted(set(entry) - {"action_id", _SEEN, *FIELDS})
    if unknown:
        raise ClassifyError(f"Line {number}: {unknown[0]} is no field.", f"Use {', '.join(FIELDS)}.")
    return entry


def _codes(number: int, field: str, value: object, codes: Mapping[str, set[str]]) -> tuple[str, ...]:
    chosen = _list(value)
    if len(chosen) > 1 and not FIELDS[field].takes_several:
        raise ClassifyError(f"Line {number}: {field} takes one code.", "Give the one that fits best.")
    for code in chosen:
        if not isinstance(code, str) or code not in codes[field]:
            lists = " or ".join(f"{name}.csv" for name in FIELDS[field].codelists)
            raise ClassifyError(f"Line {number}: {code!r} is no code for {field}.", f"Use a code of {lists}.")
    return tuple(dict.fromkeys(chosen))


def _list(value: object) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, list) else () if value in (None, "") else (value,)
