"""Count the measures of a selection on a day: totals, by one dimension or time, by two.

`dashboard.measures.facts` declares the counts. Frames hold codes, never words. A rate is a fraction of 1; None or NaN
where there is nothing to divide by.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from dashboard.ground.codelist_codes import UNCLASSIFIED, Code
from dashboard.measures.definitions import RATES
from dashboard.measures.facts import (
    ACTIONS,
    STATUS_PLACES,
    Amount,
    Columns,
    add_up,
    ask_groups,
    compute_rates,
    count_in_all,
    find_fact,
)
from dashboard.measures.times import COMPLETED, DUE, TIMES, months_between, order_times
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import FILTERS, Filter, Selection
from dashboard.snapshot.shared import shared

DIMENSIONS: dict[str, Filter] = {f.parameter: f for f in FILTERS if f.is_dimension}
"""The dimensions of breakdowns, each with its filter."""

BREAKDOWN_RATES = ("completion_rate", "reporting_rate", "completion_rate_reporting", "upper_bound")

COUNTS = tuple(ACTIONS.counts)

PAIR_COUNTS = ("actions", "reported", "completed", "on_time", "on_time_unknown", "not_reported", "unknown")
"""The counts of a pair of members."""

_FILES = ("source_file", "classification_file", "report_file")


@dataclass(frozen=True)
class Headline:
    """The totals of a selection on a day; an action counts once, whatever its themes and countries.

    Attributes:
        day_number: The day's place in the campaign: 1 on its first day, 0 before, `days_total` from its last on.
        days_total: How many days the campaign has.
        days_to_deadline: Days left until the deadline for actions; negative after it.
        source_files: The input files of the figures, the one with most rows first.
        more_counts: Further counts, by name (`count_further`).
    """

    day: date
    day_number: int
    days_total: int
    days_to_deadline: int
    actions: int
    reported: int
    completed: int
    not_started: int
    in_progress: int
    discontinued: int
    status_unclassified: int
    not_reported: int
    unknown: int
    overdue: int
    on_time: int
    on_time_unknown: int
    milestones_due: int
    milestones_reached: int
    unmatched_reports: int
    source_files: tuple[str, ...]
    more_counts: Mapping[str, int] = field(default_factory=dict, hash=False)

    @property
    def completion_rate(self) -> float | None:
        """Completed actions as a share of all actions: the least possible rate, since others may be completed."""
        return self._rate("completion_rate")

    @property
    def upper_bound(self) -> float | None:
        """The completion rate if every action whose status is unknown turned out to be completed."""
        return self._rate("upper_bound")

    @property
    def reporting_rate(self) -> float | None:
        """Actions with at least one report by that date as a share of all actions."""
        return self._rate("reporting_rate")

    @property
    def completion_rate_reporting(self) -> float | None:
        """Completed actions as a share of the actions with at least one report by that date."""
        return self._rate("completion_rate_reporting")

    @property
    def on_time_rate(self) -> float | None:
        """Actions completed by their own deadline as a share of all actions."""
        return self._rate("on_time_rate")

    @property
    def on_time_untold(self) -> int:
        """The completed actions without a day of completion that no report shows to be in time."""
        return self.on_time_unknown - self.unknown

    @property
    def milestone_rate(self) -> float | None:
        """Milestones reached as a share of the milestones due by that date."""
        return self._rate("milestone_rate")

    @property
    def elapsed(self) -> float:
        """The share of the campaign's days that have passed, including the date itself."""
        return self.day_number / self.days_total

    @property
    def pace(self) -> float | None:
        """The completion rate minus the share of the campaign's time that has elapsed, in percentage points."""
        rate = self.completion_rate
        return None if rate is None else rate - self.elapsed

    def fraction(self, rate: str) -> tuple[int, int]:
        """Return a rate's numerator and denominator, for showing it exactly."""
        return sum(self.count(part) for part in RATES[rate].parts), self.count(RATES[rate].denominator)

    def count(self, name: str) -> int:
        """Return one of its counts by name, or one of the further counts.

        Raises:
            KeyError: it was not counted.
        """
        return self.more_counts[name] if name in self.more_counts else int(vars(self)[name])

    def _rate(self, rate: str) -> float | None:
        numerator, denominator = self.fraction(rate)
        return numerator / denominator if denominator else None


@shared
def headline(snapshot: Snapshot, selection: Selection) -> Headline:
    """Count the totals of a selection: its counts, its rates, the campaign's clock, and the files they come from."""
    rows = snapshot.columns("headline", selection.sql_parameters(snapshot))
    numbers = {**rows, "number": rows["actions"]}
    counts = add_up(ACTIONS, numbers, np.zeros(len(rows["actions"]), dtype=np.intp), 1)
    day = selection.day(snapshot)
    starts_on, ends_on = snapshot.campaign["starts_on"], snapshot.campaign["ends_on"]
    days_total = (ends_on - starts_on).days + 1
    strays = snapshot.columns("unmatched_days")["reported_on"]
    return Headline(
        day=day,
        day_number=min(max((day - starts_on).days + 1, 0), days_total),
        days_total=days_total,
        days_to_deadline=(snapshot.campaign["action_deadline_on"] - day).days,
        milestones_due=int(rows["milestones_due"].sum()),
        milestones_reached=int(rows["milestones_reached"].sum()),
        unmatched_reports=int((strays <= np.datetime64(day)).sum()),
        source_files=rank_files(rows),
        more_counts={},
        **{name: int(count[0]) for name, count in counts.items()},
    )


def count_further(
    snapshot: Snapshot, selection: Selection, total: Headline, rate: str, amount: Amount | None = None
) -> Headline:
    """Count the totals of a selection with the counts that a rate needs besides those of actions."""
    fact = find_fact(rate, amount)
    return total if fact is None else replace(total, more_counts=count_in_all(snapshot, selection, fact))


def by_dimension(
    snapshot: Snapshot, selection: Selection, dimension: str, besides: Collection[str] = ()
) -> pd.DataFrame:
    """Count each member of a dimension, with its rates, in the codelist's order; each time, the earliest first.

    An action with several members counts once in each. Members without an action are left out, except the regions when
    no place is chosen, chosen members, and those `besides` of the members that the selection allows.

    `dimension`: a dimension, or one of `times.TIMES`: the wave of the last report, or a month. The months of
    milestones' deadlines include those without one.
    `besides`: members to list without an action.

    Returns:
        One row a member: `code`, the counts of `COUNTS`, the rates of `BREAKDOWN_RATES`.
    """
    groups = ask_groups(snapshot, selection, ACTIONS, dimension)
    present = {code for (code,) in groups.codes}
    if dimension in TIMES:
        between = months_between(snapshot, present) if dimension == DUE else set()
        codes = order_times(snapshot, selection, present | between)
    else:
        shown_codes = present.union(_members_without_actions(snapshot, selection, dimension), besides)
        codes = [code for code in listed_members(snapshot, selection, dimension) if code in shown_codes]
    columns = groups.add_up([(code,) for code in codes])
    return pd.DataFrame({"code": pd.Series(codes, dtype="str"), **columns, **compute_rates(columns, BREAKDOWN_RATES)})


def completed_by_month(snapshot: Snapshot, selection: Selection) -> pd.DataFrame:
    """Count the completed actions on the day by the month of their completion.

    Returns:
        One row a month with a completion, or between two such months and in the campaign, and last the undated ones:
        `code`, `completed`.
    """
    groups = ask_groups(snapshot, selection, ACTIONS, COMPLETED)
    is_completed = groups.rows["status_no"] == STATUS_PLACES["completed"]
    present = {code for (code,), is_one in zip(groups.codes, is_completed.tolist(), strict=True) if is_one}
    months = order_times(snapshot, selection, present | months_between(snapshot, present))
    counts = groups.add_up([(month,) for month in months])
    return pd.DataFrame({"code": pd.Series(months, dtype="str"), "completed": counts["completed"]})


def name_dimension(name: str) -> str:
    """Name a dimension or a time, in English."""
    return TIMES[name] if name in TIMES else DIMENSIONS[name].label


@shared
def list_unused(snapshot: Snapshot) -> frozenset[str]:
    """List the dimensions in which no action of a build has a value; pages do not offer them."""
    return frozenset(DIMENSIONS).difference(snapshot.query("used_dimensions")["dimension"])


def cross(snapshot: Snapshot, selection: Selection, rows: str, columns: str) -> pd.DataFrame:
    """Count each pair of members of two dimensions, or times, that has at least one action, with its rates.

    Returns:
        One row a pair: `row_code`, `column_code`, `PAIR_COUNTS` and the rates of `BREAKDOWN_RATES`, in the order of
        `list_codes`.
    """
    groups = ask_groups(snapshot, selection, ACTIONS, rows, columns)
    pairs = set(groups.codes)
    row_places, column_places = (
        {code: place for place, code in enumerate(list_codes(snapshot, selection, dimension, {*codes}))}
        for dimension, codes in zip((rows, columns), zip(*pairs, strict=True) if pairs else ((), ()), strict=True)
    )
    listed_pairs = [(row, column) for row, column in pairs if row in row_places and column in column_places]
    listed_pairs.sort(key=lambda pair: (row_places[pair[0]], column_places[pair[1]]))
    counts = groups.add_up(listed_pairs)
    codes = {
        name: pd.Series([pair[side] for pair in listed_pairs], dtype="str")
        for side, name in enumerate(("row_code", "column_code"))
    }
    return pd.DataFrame(codes | {name: counts[name] for name in PAIR_COUNTS} | compute_rates(counts, BREAKDOWN_RATES))


def list_codes(snapshot: Snapshot, selection: Selection, dimension: str, present: set[str]) -> list[str]:
    """List a dimension's codes in a count, as the codelist sorts them; those of a time, by when it was.

    Leave out members that are not chosen, or lie outside the chosen places.
    """
    if dimension in TIMES:
        return order_times(snapshot, selection, present)
    return [code for code in listed_members(snapshot, selection, dimension) if code in present]


def listed_members(snapshot: Snapshot, selection: Selection, dimension: str) -> list[str]:
    """List the codes of a breakdown in order: the chosen ones, else all; places only inside the chosen places."""
    codes = snapshot.codes.get(DIMENSIONS[dimension].codelist, {})
    chosen = set(selection.codes(DIMENSIONS[dimension]))
    entries: Iterable[Code] = (code for code in codes.values() if not chosen or code.code in chosen)
    if dimension in ("subregion", "country"):
        entries = (code for code in entries if _is_inside(code, snapshot, selection))
    if dimension == "subregion" and selection.countries:
        countries = snapshot.codes["countries"]
        parents = {countries[country].parent or UNCLASSIFIED for country in selection.countries}
        entries = (code for code in entries if code.code in parents)
    if dimension in ("subregion", "country") and selection.groupings:
        inside = _places_of_groupings(snapshot, selection, dimension)
        entries = (code for code in entries if code.code in inside)
    return [code.code for code in entries]


def _places_of_groupings(snapshot: Snapshot, selection: Selection, dimension: str) -> set[str]:
    """List the countries of the chosen groupings, or the subregions that these lie in."""
    members = {country for grouping in selection.groupings for country in snapshot.groupings.get(grouping, ())}
    places = members if dimension == "country" else {snapshot.codes["countries"][one].parent for one in members}
    return {place for place in places if place} | ({UNCLASSIFIED} & set(selection.groupings))


def _is_inside(place: Code, snapshot: Snapshot, selection: Selection) -> bool:
    """Return whether a subregion or country lies in the chosen subregions and regions, if any are chosen."""
    subregions = snapshot.codes.get("subregions", {})
    subregion = place if place.codelist == "subregions" else subregions.get(place.parent or UNCLASSIFIED)
    if place.code == UNCLASSIFIED or subregion is None:
        subregion = subregions.get(UNCLASSIFIED, place)
    if place.codelist == "countries" and selection.subregions and subregion.code not in selection.subregions:
        return False
    return not selection.regions or (subregion.parent or UNCLASSIFIED) in selection.regions


def _members_without_actions(snapshot: Snapshot, selection: Selection, dimension: str) -> set[str]:
    """List the members that appear even without an action."""
    chosen = selection.codes(DIMENSIONS[dimension])
    if chosen:
        return set(chosen)
    if dimension == "region" and not (selection.subregions or selection.countries or selection.groupings):
        return {code for code in snapshot.codes.get("regions", {}) if code != UNCLASSIFIED}
    return set()


def rank_files(rows: Columns) -> tuple[str, ...]:
    """List the input files of rows, the one with most actions, classifications and reports first."""
    actions_by_file: Counter[Any] = Counter()
    for name in _FILES:
        for file, actions in zip(rows[name].tolist(), rows["actions"].tolist(), strict=True):
            actions_by_file[file] += actions
    ranked = ((file, number) for file, number in actions_by_file.items() if file is not None)
    return tuple(file for file, _ in sorted(ranked, key=lambda pair: (-pair[1], pair[0])))
