"""Count the measures of a selection on every day, and the moves between two days.

The sums of daily changes give the state on each day. Between two days: the actions that reported, became completed,
fell back, or are still unknown.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.measures.counts import by_dimension, headline
from dashboard.measures.facts import STATUS_PLACES, Columns, compute_rates
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection

CURVE_RATES = ("completion_rate", "reporting_rate", "upper_bound")


def over_time(snapshot: Snapshot, selection: Selection) -> pd.DataFrame:
    """Count completions and reports on every day from the campaign's first to the as-of day.

    Each day's row has the figures of `headline` on that day for the actions in the selection on the as-of day: a
    completion counts from its report until a later report states another status. A filter by status therefore chooses
    the actions once, on the as-of day, and the curve follows them back.

    Returns:
        One row a day: `on_date`, `actions`, `reported`, `completed`, `not_reported`, `unknown`,
        `completion_rate`, `reporting_rate`, `upper_bound`, `elapsed`.
    """
    total = headline(snapshot, selection)
    changes = snapshot.query("changes/in_all", selection.sql_parameters(snapshot))
    line = list_days(snapshot.campaign["starts_on"], total.day, total.days_total)
    curve = _add_up(changes, np.zeros(len(changes), dtype=np.intp), np.array([total.actions]), line)
    return pd.DataFrame(
        {
            "on_date": line.days.astype("datetime64[s]"),
            **curve,
            **compute_rates(curve, CURVE_RATES),
            "elapsed": line.elapsed,
        }
    )


def over_time_by(snapshot: Snapshot, selection: Selection, dimension: str) -> pd.DataFrame:
    """Count `over_time` for each member of a dimension, the members as in `by_dimension`.

    An action with several members counts once in each. On the last day a member's figures are those of `by_dimension`.

    Returns:
        One row a member and day, the members in the codelist's order, the days ascending: `code` and the columns
        of `over_time`.
    """
    total = headline(snapshot, selection)
    members = by_dimension(snapshot, selection, dimension)
    changes = snapshot.query("changes/by_member", {**selection.sql_parameters(snapshot), "dimension": dimension})
    places = pd.Index(members["code"]).get_indexer(pd.Index(changes["code"]))
    # A member that is not listed (outside the chosen places) has the place -1.
    changes, places = changes[places >= 0], places[places >= 0]
    line = list_days(snapshot.campaign["starts_on"], total.day, total.days_total)
    curves = _add_up(changes, places, members["actions"].to_numpy(), line)
    return pd.DataFrame(
        {
            "code": members["code"].repeat(len(line.days)).reset_index(drop=True),
            "on_date": np.tile(line.days.astype("datetime64[s]"), len(members)),
            **curves,
            **compute_rates(curves, CURVE_RATES),
            "elapsed": np.tile(line.elapsed, len(members)),
        }
    )


class TimeLine(NamedTuple):
    """The days from the campaign's first to the as-of day, and the share of the campaign elapsed on each."""

    days: npt.NDArray[np.datetime64]
    elapsed: npt.NDArray[np.float64]


def list_days(starts_on: date, day: date, days_total: int) -> TimeLine:
    """Return the days from `starts_on` to `day`; before the campaign, `day` alone.

    `starts_on`: the campaign's first day.
    `days_total`: the length of the campaign in days.
    """
    first = min(starts_on, day)
    length = (day - first).days + 1
    day_numbers = np.arange(length) + 1 - (starts_on - first).days
    return TimeLine(np.datetime64(first, "D") + np.arange(length), np.clip(day_numbers / days_total, 0, 1))


def _add_up(
    changes: pd.DataFrame, members: npt.NDArray[np.intp], actions: npt.NDArray[np.int64], line: TimeLine
) -> Columns:
    """Add up the counts of each member on each day: all days of the first member, then of the next.

    `changes`: the changes of a day: `on_date`, `reported`, `known`, `completed`; a change before the first day counts
    from the first day on.
    `members`: the member of each change, as its place in `actions`.
    `actions`: the number of actions of each member.

    Returns:
        `actions`, `reported`, `completed`, `not_reported` and `unknown`, each as long as members times days.
    """
    length = len(line.days)
    days = (changes["on_date"].to_numpy().astype("datetime64[D]") - line.days[0]).astype(np.intp)
    places = members * length + np.maximum(days, 0)
    counts: Columns = {"actions": np.repeat(actions, length)}
    for name in ("reported", "known", "completed"):
        daily = np.bincount(places, weights=changes[name].to_numpy(), minlength=len(actions) * length)
        counts[name] = daily.reshape(len(actions), length).cumsum(axis=1).ravel().astype(np.int64)
    counts["not_reported"] = counts["actions"] - counts["reported"]
    counts["unknown"] = counts["actions"] - counts.pop("known")
    return counts


COMPLETED = frozenset({STATUS_PLACES["completed"]})
NOT_REPORTED = frozenset({STATUS_PLACES["not_reported"]})
UNKNOWN = frozenset({STATUS_PLACES["status_unclassified"], STATUS_PLACES["not_reported"]})
_ALL = frozenset(STATUS_PLACES.values())


@dataclass(frozen=True)
class Moved:
    """The moves of a selection's actions from one day to another.

    They are the actions in the selection on the day, followed back to the one before: a filter by status chooses them
    on the day, as for `over_time`, so the totals of both days count the same actions.

    Attributes:
        since: The earlier day.
        actions: The number of moves from one place of a status to another: (before, after) → actions.
    """

    since: date
    day: date
    actions: dict[tuple[int, int], int]

    def count(self, before: Collection[int] = _ALL, after: Collection[int] = _ALL) -> int:
        """Count the actions in one of some places of a status on the earlier day, and in one of others on the day."""
        return sum(number for (was, now), number in self.actions.items() if was in before and now in after)

    @property
    def changed(self) -> int:
        """The number of actions that changed their place."""
        return sum(number for (was, now), number in self.actions.items() if was != now)

    @property
    def total(self) -> int:
        """The number of all actions of the selection."""
        return self.count()

    @property
    def completed(self) -> tuple[int, int]:
        """The numbers of completed actions on the earlier day and on the day."""
        return self.count(before=COMPLETED), self.count(after=COMPLETED)

    @property
    def unknown(self) -> tuple[int, int]:
        """The numbers of actions with unknown progress on the earlier day and on the day."""
        return self.count(before=UNKNOWN), self.count(after=UNKNOWN)

    @property
    def reported(self) -> tuple[int, int]:
        """The numbers of actions with a report by the earlier day and by the day."""
        return self.count(before=_ALL - NOT_REPORTED), self.count(after=_ALL - NOT_REPORTED)

    @property
    def newly_reported(self) -> int:
        """The number of actions with a first report."""
        return self.count(NOT_REPORTED, _ALL - NOT_REPORTED)

    @property
    def newly_completed(self) -> int:
        """The number of newly completed actions."""
        return self.count(_ALL - COMPLETED, COMPLETED)

    @property
    def fell_back(self) -> int:
        """The number of actions that were completed and are not any more."""
        return self.count(COMPLETED, _ALL - COMPLETED)

    @property
    def still_unknown(self) -> int:
        """The number of actions with unknown progress on both days."""
        return self.count(UNKNOWN, UNKNOWN)

    @property
    def still_silent(self) -> int:
        """The number of actions without a report by either day."""
        return self.count(NOT_REPORTED, NOT_REPORTED)


def list_moved(snapshot: Snapshot, selection: Selection, since: date, *, limit: int, offset: int = 0) -> pd.DataFrame:
    """List a page of the actions that moved, the furthest now first.

    Returns:
        action_id, title, stakeholder, before, after (base statuses, or the word for none).
    """
    parameters = {**selection.sql_parameters(snapshot), "since": since, "row_limit": limit, "row_offset": offset}
    return snapshot.query("moved_actions", parameters)


def moved(snapshot: Snapshot, selection: Selection, since: date) -> Moved:
    """Count the moves in a selection from a day to the selection's own.

    `selection`: the filters and the later day.
    `since`: the earlier day; a later one works too, backwards in time.
    """
    rows = snapshot.columns("moved", {**selection.sql_parameters(snapshot), "since": since})
    pairs = zip(rows["before_no"].tolist(), rows["after_no"].tolist(), strict=True)
    return Moved(since, selection.day(snapshot), dict(zip(pairs, rows["actions"].tolist(), strict=True)))
