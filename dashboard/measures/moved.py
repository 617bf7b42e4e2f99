"""What moved between two days: who reported, became completed, fell back, and of whom too little is still known."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import pandas as pd

from dashboard.measures.facts import STATUS_PLACES
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection

COMPLETED = frozenset({STATUS_PLACES["completed"]})
NOT_REPORTED = frozenset({STATUS_PLACES["not_reported"]})
UNKNOWN = frozenset({STATUS_PLACES["status_unclassified"], STATUS_PLACES["not_reported"]})
_ALL = frozenset(STATUS_PLACES.values())


@dataclass(frozen=True)
class Moved:
    """How the actions of a selection went from one day to another.

    They are the actions in the selection on the day, followed back to the one before: a filter by status chooses them
    on the day, as for `over_time`, so the totals of both days speak of the same actions.

    Attributes:
        since: The earlier day.
        day: The day the selection stands at.
        actions: How many went from one place of a status to another: (before, after) → actions.
    """

    since: date
    day: date
    actions: dict[tuple[int, int], int]

    def count(self, before: Collection[int] = _ALL, after: Collection[int] = _ALL) -> int:
        """How many were in one of some places of a status on the earlier day, and are in one of others on the day."""
        return sum(number for (was, now), number in self.actions.items() if was in before and now in after)

    @property
    def changed(self) -> int:
        """How many stand elsewhere than before."""
        return sum(number for (was, now), number in self.actions.items() if was != now)

    @property
    def total(self) -> int:
        """All actions of the selection."""
        return self.count()

    @property
    def completed(self) -> tuple[int, int]:
        """How many were known to be completed on the earlier day, and how many are on the day."""
        return self.count(before=COMPLETED), self.count(after=COMPLETED)

    @property
    def unknown(self) -> tuple[int, int]:
        """Of how many it was unknown on the earlier day how far they are, and of how many on the day."""
        return self.count(before=UNKNOWN), self.count(after=UNKNOWN)

    @property
    def reported(self) -> tuple[int, int]:
        """How many had a report by the earlier day, and how many by the day."""
        return self.count(before=_ALL - NOT_REPORTED), self.count(after=_ALL - NOT_REPORTED)

    @property
    def newly_reported(self) -> int:
        """How many reported for the first time."""
        return self.count(NOT_REPORTED, _ALL - NOT_REPORTED)

    @property
    def newly_completed(self) -> int:
        """How many are known to be completed and were not."""
        return self.count(_ALL - COMPLETED, COMPLETED)

    @property
    def fell_back(self) -> int:
        """How many were known to be completed and are not any more."""
        return self.count(COMPLETED, _ALL - COMPLETED)

    @property
    def still_unknown(self) -> int:
        """Of how many it was unknown on both days how far they are."""
        return self.count(UNKNOWN, UNKNOWN)

    @property
    def still_silent(self) -> int:
        """How many have no report by either day."""
        return self.count(NOT_REPORTED, NOT_REPORTED)


def list_moved(snapshot: Snapshot, selection: Selection, since: date, *, limit: int, offset: int = 0) -> pd.DataFrame:
    """A page of the actions that moved, those that are furthest now first.

    Returns:
        action_id, title, stakeholder, before, after (base statuses, or what stands for none).
    """
    parameters = {**selection.sql_parameters(snapshot), "since": since, "row_limit": limit, "row_offset": offset}
    return snapshot.query("moved_actions", parameters)


def moved(snapshot: Snapshot, selection: Selection, since: date) -> Moved:
    """What moved in a selection from a day to the selection's own.

    Args:
        snapshot: Where to count.
        selection: The filters and the later day.
        since: The earlier day; a later one is told as well, backwards in time.
    """
    rows = snapshot.columns("moved", {**selection.sql_parameters(snapshot), "since": since})
    pairs = zip(rows["before_no"].tolist(), rows["after_no"].tolist(), strict=True)
    return Moved(since, selection.day(snapshot), dict(zip(pairs, rows["actions"].tolist(), strict=True)))
