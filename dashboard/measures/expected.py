"""How many actions will be completed by the deadline, if the rest goes on as until now: a band, never one number.

A life table by the age of actions (days since an action was submitted, else since the campaign's start) of those that
report: in each band of ages the hazard of completion is constant, and beyond the oldest age observed it is that of the
last two bands. A completion without a stated day lies between two reports; the table shares it out to the weeks between
them. Discontinued actions stay so. Of actions without a known status nothing is known: either none of them completes,
or they complete as the others do.

The speed of the days to come differs from that of the days gone by. By how much is declared below, as it was measured
on simulated campaigns (`tests/dashboard/measures/simulated_campaigns.py`), late rushes among them. The band covers, in
each of the two cases, what comes in eight of ten such campaigns. It is computed in closed form, without random draws:
a mixture over evenly spaced quantiles of the speed, of the normal approximation of the sum of all actions.
"""

from dataclasses import dataclass, field
from datetime import date
from statistics import NormalDist
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.measures.facts import Columns
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.snapshot.shared import shared

LEAST_COMPLETIONS = 30
"""Below this number of completions whose day is known, nothing is expected."""

COVERAGE = 0.8
"""How often the band covers what comes, in each of the two cases."""

SPEED_MIDDLE, SPEED_SPREAD = 0.2, 0.5
"""The logarithm of the speed to come, relative to that until now: its middle and its standard deviation."""

OVERDISPERSION = 3.0
"""By how much the number of completions varies more than independent ones would: reports come in waves."""

WEEK = 7
AGE_BAND = 8
"""Weeks of a band of ages with one hazard."""

USUAL_COMPLETIONS = 5.0
"""With so many completions at the hazard of all ages each band is added up, so that few do not decide it."""

OBSERVED = 0.9
"""The oldest age observed: at this share of the actions that are not completed, the last report is of an age below."""

ROUNDS = 10
"""Completions between two reports are shared out again so many times; more change nothing."""

MOST_DAYS = 25
"""On so many days the band is computed; between them it is straight."""

Reason = Literal["", "few", "over", "early", "chosen"]
Numbers = npt.NDArray[np.float64]
Weeks = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Expected:
    """What is expected of a selection from its day to the deadline.

    Attributes:
        reason: Why nothing is expected: few dated completions, the deadline is over, the campaign has not begun, the
            actions are chosen by their status; else empty.
        days: A row a day, from the day to the deadline: `on_date`, `expected_low`, `expected_high`, as numbers of
            actions. Empty where nothing is expected.
        completions: The completions whose day is known.
        oldest_age: The oldest age observed, in days.
        silent: The actions without a known status.
        none_complete, as_others: The middle of what is expected at the deadline, in each of the two cases.
    """

    reason: Reason = ""
    days: pd.DataFrame = field(default_factory=pd.DataFrame)
    completions: int = 0
    oldest_age: int = 0
    silent: int = 0
    none_complete: int = 0
    as_others: int = 0


class Band(NamedTuple):
    """The completed actions expected, a number a day: the least and the most of both cases, the middle of each."""

    low: Numbers
    high: Numbers
    none_complete: Numbers
    as_others: Numbers


class LifeTable(NamedTuple):
    """The hazard of completion, added up to the beginning of each week of age, and the oldest week observed."""

    cumulative: Numbers
    oldest_week: int

    def add_up(self, days: Numbers) -> Numbers:
        """Return the hazard added up to each of some ages in days; beyond the table by that of its last week."""
        weeks = np.maximum(days, 0) / WEEK
        last = len(self.cumulative) - 1
        beyond = np.maximum(weeks - last, 0) * (self.cumulative[last] - self.cumulative[last - 1])
        hazards: Numbers = np.interp(weeks, np.arange(last + 1), self.cumulative) + beyond
        return hazards


def find_reason(snapshot: Snapshot, selection: Selection) -> Reason:
    """Find why nothing is expected of a selection, whatever its actions are; empty where something may be."""
    day = selection.day(snapshot)
    if selection.statuses or selection.evidence:
        return "chosen"
    if day >= snapshot.campaign["action_deadline_on"]:
        return "over"
    return "early" if day < snapshot.campaign["starts_on"] else ""


@shared
def expect(snapshot: Snapshot, selection: Selection) -> Expected:
    """Compute what is expected of a selection by the deadline."""
    if reason := find_reason(snapshot, selection):
        return Expected(reason)
    day = min(selection.day(snapshot), snapshot.last_date)
    parameters = {"starts_on": snapshot.campaign["starts_on"], "day": day}
    groups = snapshot.columns("expected", selection.sql_parameters(snapshot) | parameters)
    completions = int(groups["number"][groups["is_dated"].astype(bool)].sum())
    if completions < LEAST_COMPLETIONS:
        return Expected("few", completions=completions)
    ahead = (snapshot.campaign["action_deadline_on"] - day).days
    table = make_life_table(groups)
    some_days = np.unique(np.linspace(0, ahead, MOST_DAYS).round())
    band = predict(groups, table, some_days)
    every_day = np.arange(ahead + 1)
    return Expected(
        days=_list_days(day, np.interp(every_day, some_days, band.low), np.interp(every_day, some_days, band.high)),
        completions=completions,
        oldest_age=(table.oldest_week + 1) * WEEK,
        silent=int(groups["number"][groups["outcome"] == "unknown"].sum()),
        none_complete=round(band.none_complete[-1]),
        as_others=round(band.as_others[-1]),
    )


def _list_days(first: date, low: Numbers, high: Numbers) -> pd.DataFrame:
    days = np.datetime64(first, "D") + np.arange(len(low))
    counts = {"expected_low": np.floor(low).astype(np.int64), "expected_high": np.ceil(high).astype(np.int64)}
    return pd.DataFrame({"on_date": days.astype("datetime64[s]"), **counts})


def make_life_table(groups: Columns) -> LifeTable:
    """Make the life table of the actions that report.

    `groups`: as `dashboard/queries/expected.sql`.
    """
    is_known = groups["outcome"] != "unknown"
    is_event = groups["outcome"][is_known] == "completed"
    seen_weeks, number = groups["seen_week"][is_known], groups["number"][is_known].astype(np.float64)
    first, last, events = seen_weeks[is_event], groups["done_week"][is_known][is_event], number[is_event]
    open_weeks, open_number = seen_weeks[~is_event], number[~is_event]
    weeks = np.arange(AGE_BAND * (1 + max(seen_weeks.max(initial=0), last.max(initial=0)) // AGE_BAND))
    exposure = open_number @ _share_week_by_week(weeks, open_weeks)
    is_between = (weeks >= first[:, None]) & (weeks <= last[:, None])
    hazards = np.full(len(weeks), events.sum() / (exposure.sum() + events @ ((first + last) / 2 + 0.5)))
    for _ in range(ROUNDS):
        cumulative = np.append(0.0, np.cumsum(hazards))
        chances = is_between * (np.exp(-cumulative[:-1]) - np.exp(-cumulative[1:]))
        chances /= chances.sum(axis=1, keepdims=True)
        completed = events @ chances
        at_risk = exposure + events @ (1 - np.cumsum(chances, axis=1) + chances / 2)
        usual = completed.sum() / at_risk.sum()
        bands = weeks[::AGE_BAND]
        in_bands = _pool(np.add.reduceat(completed, bands), np.add.reduceat(at_risk, bands), usual)
        hazards = np.repeat(in_bands, AGE_BAND)
    oldest = _find_oldest(open_weeks, open_number) if len(open_weeks) else int(last.max())
    latest = slice(max(oldest + 1 - 2 * AGE_BAND, 0), oldest + 1)
    constant = _pool(completed[latest].sum(), at_risk[latest].sum(), usual)
    return LifeTable(np.append(0.0, np.cumsum([*hazards[: oldest + 1], constant])), oldest)


def _share_week_by_week(weeks: Weeks, seen_weeks: Weeks) -> Numbers:
    """Return for how much of each week an action was at risk that was last seen in one: half of that one."""
    shares: Numbers = np.clip(seen_weeks[:, None] + 0.5 - weeks, 0, 1)
    return shares


def _pool(completed: Numbers, at_risk: Numbers, usual: float) -> Numbers:
    """Return the hazard of a band of ages, drawn a little to the usual one."""
    return (completed + USUAL_COMPLETIONS) / (at_risk + USUAL_COMPLETIONS / usual)


def _find_oldest(seen_weeks: Weeks, number: Numbers) -> int:
    order = np.argsort(seen_weeks)
    shares = np.cumsum(number[order]) / number.sum()
    return int(seen_weeks[order][np.searchsorted(shares, OBSERVED)])


_CHANCES = np.array([NormalDist().inv_cdf((place + 0.5) / 41) for place in range(41)])
"""Evenly spaced quantiles of a normal distribution."""


def predict(groups: Columns, table: LifeTable, days_ahead: Numbers) -> Band:
    """Predict the number of completed actions so many days after the day of the groups.

    `groups`: as `dashboard/queries/expected.sql`.
    """
    is_completed, is_silent = groups["outcome"] == "completed", groups["outcome"] == "unknown"
    is_open = groups["outcome"] == "open"
    completions = groups["number"][is_completed].sum()
    noise = OVERDISPERSION / completions
    past = np.exp(_CHANCES * np.sqrt(noise))[:, None]
    future = np.exp(SPEED_MIDDLE + _CHANCES * np.sqrt(SPEED_SPREAD**2 + noise))[:, None]
    now = (groups["now_week"] + 0.5) * WEEK
    seen_ages = np.where(is_open, (groups["seen_week"] + 0.5) * WEEK, 0)
    hazard_now = table.add_up(now)
    rows = []
    unseen = past * np.maximum(hazard_now - table.add_up(seen_ages), 0)
    for days in days_ahead:
        hazards = unseen + future * (table.add_up(now + days) - hazard_now)
        chances = 1 - np.exp(-hazards)
        means, spreads = (groups["number"] * moment for moment in (chances, chances * (1 - chances)))
        cases = [
            _spread(completions + means[:, chosen].sum(axis=1), spreads[:, chosen].sum(axis=1))
            for chosen in (is_open, is_open | is_silent)
        ]
        rows.append((*_cover(*cases), *(np.median(case) for case in cases)))
    low, high, none_complete, as_others = np.array(rows).T
    most = completions + groups["number"][is_open | is_silent].sum()
    low, high = (np.clip(np.maximum.accumulate(bound), completions, most) for bound in (low, high))
    return Band(low, high, none_complete, as_others)


def _spread(means: Numbers, variances: Numbers) -> Numbers:
    """Return evenly likely numbers, ascending."""
    return np.sort((means[:, None] + np.sqrt(variances)[:, None] * _CHANCES).ravel())


def _cover(none_complete: Numbers, as_others: Numbers) -> tuple[float, float]:
    """Find the narrowest band that covers enough of each case: from a quantile of the lower to one of the higher."""
    low, high = float("nan"), float("nan")
    for tail in np.linspace(1 - COVERAGE, (1 - COVERAGE) / 2, 21):
        low, high = np.quantile(none_complete, tail), np.quantile(as_others, 1 - tail)
        if min(np.mean((low <= case) & (case <= high)) for case in (none_complete, as_others)) >= COVERAGE - 0.002:
            break
    return float(low), float(high)
