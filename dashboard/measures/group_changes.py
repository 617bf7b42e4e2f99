"""Which groups have other figures in one build than in another: regions, groupings, themes … each of every dimension.

Each build is looked at on its own last day, as pages show it. Counting is that of `dashboard.measures.counts`.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.campaign.codelists import Code
from dashboard.measures.counts import DIMENSIONS, by_dimension, list_unused
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection

COMPARED = ("actions", "reported", "completed", "unknown")
"""The counts that are compared; the rates that are shown of a group are made of them."""

Counts = dict[str, int]
"""Those of `COMPARED`, by their names."""


@dataclass(frozen=True)
class GroupChange:
    """A group with other figures.

    Attributes:
        group: As the later build has it, else the earlier.
        before: None where the earlier build does not know the group.
        after: None where the later build does not know it.
    """

    group: Code
    before: Counts | None
    after: Counts | None


@dataclass(frozen=True)
class DimensionChanges:
    """The groups of one dimension that have other figures, in the order of the later build's list, gone ones last.

    Attributes:
        dimension: Its name among `DIMENSIONS`.
        changed: Those that change, new and gone ones among them.
        unchanged: How many others have actions, or are shown without.
    """

    dimension: str
    changed: tuple[GroupChange, ...]
    unchanged: int


def compare_groups(before: Snapshot | None, after: Snapshot) -> tuple[DimensionChanges, ...]:
    """Compare two builds by every dimension; without `before` every group with actions is new.

    A group that only one of them has in its list is a change also where it has no action. A dimension of which no
    action of either has a value is left out.
    """
    unused = list_unused(after).intersection(DIMENSIONS if before is None else list_unused(before))
    return tuple(_compare(before, after, dimension) for dimension in DIMENSIONS if dimension not in unused)


def _compare(before: Snapshot | None, after: Snapshot, dimension: str) -> DimensionChanges:
    old, new = _list_groups(before, dimension), _list_groups(after, dimension)
    now = _count(after, dimension, new.keys() - old.keys() if before is not None else set())
    was = _count(before, dimension, old.keys() - new.keys())
    counted_codes = set(now.index).union(was.index)
    codes = pd.Index([code for code in {**new, **old} if code in counted_codes], dtype="str")
    was, now = (counts.reindex(codes, fill_value=0) for counts in (was, now))
    is_changed = (was != now).any(axis=1) | ~codes.isin(list(old)) | ~codes.isin(list(new))
    pairs = zip(was[is_changed].to_dict("records"), now[is_changed].to_dict("records"), strict=True)
    changed = tuple(
        GroupChange(
            new.get(code) or old[code], _name(left) if code in old else None, _name(right) if code in new else None
        )
        for code, (left, right) in zip(codes[is_changed], pairs, strict=True)
    )
    return DimensionChanges(dimension, changed, int((~is_changed).sum()))


def _list_groups(snapshot: Snapshot | None, dimension: str) -> dict[str, Code]:
    return {} if snapshot is None else snapshot.codes.get(DIMENSIONS[dimension].codelist, {})


def _count(snapshot: Snapshot | None, dimension: str, besides: set[str]) -> pd.DataFrame:
    """The counts of groups by their codes: those with actions, those that are always shown, and those `besides`."""
    if snapshot is None:
        return pd.DataFrame(columns=COMPARED, index=pd.Index([], dtype="str"), dtype="int64")
    return by_dimension(snapshot, Selection(), dimension, besides).set_index("code")[list(COMPARED)]


def _name(counts: dict[Hashable, Any]) -> Counts:
    return {str(name): int(count) for name, count in counts.items()}
