"""Days of a campaign and counts along them: changes of a day added up to how things stood on every day."""

from datetime import date
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

Columns = dict[str, npt.NDArray[Any]]


class TimeLine(NamedTuple):
    """The days from the campaign's first to the as-of day, and the share of the campaign elapsed on each."""

    days: npt.NDArray[np.datetime64]
    elapsed: npt.NDArray[np.float64]


def time_line(starts_on: date, day: date, days_total: int) -> TimeLine:
    """The days from `starts_on` to `day`; before the campaign it is `day` alone.

    Args:
        starts_on: The campaign's first day.
        day: The as-of day.
        days_total: How many days the campaign has.
    """
    first = min(starts_on, day)
    length = (day - first).days + 1
    day_numbers = np.arange(length) + 1 - (starts_on - first).days
    return TimeLine(np.datetime64(first, "D") + np.arange(length), np.clip(day_numbers / days_total, 0, 1))


def add_up(
    changes: pd.DataFrame, members: npt.NDArray[np.intp], actions: npt.NDArray[np.int64], line: TimeLine
) -> Columns:
    """The counts of each member on each day: all days of the first member, then of the next.

    Args:
        changes: The changes of a day: `on_date`, `reported`, `completed`; a change before the first day counts
            from the first day on.
        members: The member of each change, as its place in `actions`.
        actions: The number of actions of each member.
        line: The days.

    Returns:
        `actions`, `reported`, `completed` and `not_reported`, each as long as members times days.
    """
    length = len(line.days)
    days = (changes["on_date"].to_numpy().astype("datetime64[D]") - line.days[0]).astype(np.intp)
    places = members * length + np.maximum(days, 0)
    columns: Columns = {"actions": np.repeat(actions, length)}
    for name in ("reported", "completed"):
        daily = np.bincount(places, weights=changes[name].to_numpy(), minlength=len(actions) * length)
        columns[name] = daily.reshape(len(actions), length).cumsum(axis=1).ravel().astype(np.int64)
    columns["not_reported"] = columns["actions"] - columns["reported"]
    return columns
