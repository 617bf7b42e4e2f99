"""Counts of actions by how far they are, added up from rows that stand for many like actions.

The database groups and counts; a statement that counts each state by itself takes a third longer to plan, which for
a campaign's few hundred actions is most of its time.
"""

from collections import Counter
from typing import Any

import numpy as np
import numpy.typing as npt

from dashboard.measures.over_time import Columns

STATUS_PLACES = {
    "completed": 1,
    "in_progress": 2,
    "not_started": 3,
    "discontinued": 4,
    "status_unclassified": 5,
    "not_reported": 6,
}
"""Each count of a status and its `status_no` (`queries/macros.sql`)."""

COUNTS = (
    "actions",
    "reported",
    "completed",
    "not_started",
    "in_progress",
    "discontinued",
    "status_unclassified",
    "not_reported",
    "overdue",
    "on_time",
)
_FILES = ("source_file", "classification_file", "report_file")


def count_states(rows: Columns, places: npt.NDArray[np.intp], members: int) -> Columns:
    """The counts of `COUNTS` of each of some members.

    Args:
        rows: Columns `status_no`, `is_overdue`, `is_on_time` and `actions`, how many are alike in these.
        places: Each row's member; a row with the place -1 is of none.
        members: How many members there are.

    Returns:
        Whole numbers by name, one a member.
    """
    shown = places >= 0
    places, actions = places[shown], rows["actions"][shown]
    by_status = np.zeros((len(STATUS_PLACES) + 1, members), dtype=np.int64)
    np.add.at(by_status, (rows["status_no"][shown], places), actions)
    found = {name: by_status[place] for name, place in STATUS_PLACES.items()}
    found["actions"] = by_status.sum(axis=0)
    found["reported"] = found["actions"] - found["not_reported"]
    for name in ("overdue", "on_time"):
        found[name] = np.zeros(members, dtype=np.int64)
        np.add.at(found[name], places, np.where(rows[f"is_{name}"][shown], actions, 0))
    return {name: found[name] for name in COUNTS}


def rank_files(rows: Columns) -> tuple[str, ...]:
    """The input files that rows come from, the one with most actions, classifications and reports first."""
    used: Counter[Any] = Counter()
    for name in _FILES:
        for file, actions in zip(rows[name].tolist(), rows["actions"].tolist(), strict=True):
            used[file] += actions
    named = ((file, number) for file, number in used.items() if file is not None)
    return tuple(file for file, _ in sorted(named, key=lambda pair: (-pair[1], pair[0])))
