"""The measures of a selection on every day: changes of a day added up to how things stood from day to day."""

from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.measures.counts import by_dimension, headline
from dashboard.measures.facts import Columns, compute_rates
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection

CURVE_RATES = ("completion_rate", "reporting_rate", "upper_bound")


def over_time(snapshot: Snapshot, selection: Selection) -> pd.DataFrame:
    """How completions and reports stood on every day from the campaign's first to the as-of day.

    Each day's row says what `headline` would say on that day about the actions that are in the selection on the
    as-of day: a completion counts from the report that says so, until a later report says otherwise. A filter
    by status therefore chooses the actions once, on the as-of day, and the curve follows them back.

    Returns:
        One row a day: `on_date`, `actions`, `reported`, `completed`, `not_reported`, `unknown`,
        `completion_rate`, `reporting_rate`, `upper_bound`, `elapsed`.
    """
    total = headline(snapshot, selection)
    changes = snapshot.query("changes/in_all", selection.sql_parameters(snapshot))
    line = _time_line(snapshot.campaign["starts_on"], total.day, total.days_total)
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
    """`over_time` of each member of a dimension, the members as `by_dimension` lists them.

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
    line = _time_line(snapshot.campaign["starts_on"], total.day, total.days_total)
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


class _TimeLine(NamedTuple):
    """The days from the campaign's first to the as-of day, and the share of the campaign elapsed on each."""

    days: npt.NDArray[np.datetime64]
    elapsed: npt.NDArray[np.float64]


def _time_line(starts_on: date, day: date, days_total: int) -> _TimeLine:
    """The days from `starts_on` to `day`; before the campaign it is `day` alone.

    Args:
        starts_on: The campaign's first day.
        day: The as-of day.
        days_total: How many days the campaign has.
    """
    first = min(starts_on, day)
    length = (day - first).days + 1
    day_numbers = np.arange(length) + 1 - (starts_on - first).days
    return _TimeLine(np.datetime64(first, "D") + np.arange(length), np.clip(day_numbers / days_total, 0, 1))


def _add_up(
    changes: pd.DataFrame, members: npt.NDArray[np.intp], actions: npt.NDArray[np.int64], line: _TimeLine
) -> Columns:
    """The counts of each member on each day: all days of the first member, then of the next.

    Args:
        changes: The changes of a day: `on_date`, `reported`, `known`, `completed`; a change before the first day
            counts from the first day on.
        members: The member of each change, as its place in `actions`.
        actions: The number of actions of each member.
        line: The days.

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
