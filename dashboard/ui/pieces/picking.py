"""What choosing a mark of a chart does to the filters, and the links of table rows that do the same.

A mark says what it stands for in pairs of a filter's parameter and a code: `region:africa`, or for a segment
`region:africa status:completed` (`Chart.mark`).
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, NamedTuple

from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import FILTERS, Filter, Selection

_FILTERS = {f.parameter: f for f in FILTERS}


class Part(NamedTuple):
    """One filter that a mark sets, and the code it sets it to."""

    filter: Filter
    code: str


def read_mark(mark: str, snapshot: Snapshot) -> list[Part]:
    """What a mark stands for; nothing where a part of it is no filter or no code of the snapshot."""
    pairs = [part.partition(":") for part in mark.split()]
    parts = [Part(_FILTERS[name], code) for name, _, code in pairs if name in _FILTERS]
    is_known = all(part.code in snapshot.codes.get(part.filter.codelist, {}) for part in parts)
    return parts if is_known and len(parts) == len(pairs) else []


def pick(selection: Selection, parts: Iterable[Part], *, is_added: bool = False) -> Selection:
    """The selection after a mark has been chosen.

    It is filtered by what the mark stands for alone, or no longer by that where it was. `is_added` leaves the other
    codes of its filters as they are.
    """
    parts = list(parts)
    if is_added:
        is_in_force = all(part.code in selection.codes(part.filter) for part in parts)
        further_codes = [tuple(code for code in selection.codes(part.filter) if code != part.code) for part in parts]
    else:
        is_in_force = all(selection.codes(part.filter) == (part.code,) for part in parts)
        further_codes = [() for _ in parts]
    chosen: dict[str, Any] = {
        part.filter.attribute: codes if is_in_force else (*codes, part.code)
        for part, codes in zip(parts, further_codes, strict=True)
    }
    return replace(selection, **chosen)


def in_force(selection: Selection) -> list[str]:
    """Each code that is filtered by, as marks say it."""
    return [f"{f.parameter}:{code}" for f in FILTERS for code in selection.codes(f)]
