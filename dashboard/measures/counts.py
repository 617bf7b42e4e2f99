"""The measures of a selection on a day: totals, by one dimension, by two.

Counting is SQL (`queries/`), on the one definition of a selection and of a status there. The database groups like
actions and counts them; what is theirs is added up here, since a statement that counts each state by itself takes a
third longer to plan, which for a campaign's few hundred actions is most of its time. The rates are made here from the
counts, as `dashboard.measures.definitions` states them. Frames hold codes, never words. A rate is a fraction of 1, and
nothing (None or NaN) where there is nothing to divide by.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.campaign.codelists import UNCLASSIFIED, Code
from dashboard.measures.definitions import RATES
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import FILTERS, Filter, Selection

DIMENSIONS: dict[str, Filter] = {f.parameter: f for f in FILTERS if f.is_dimension}
"""The dimensions by which actions are broken down, each with the filter on it."""

BREAKDOWN_RATES = ("completion_rate", "reporting_rate", "completion_rate_reporting", "upper_bound")

COUNTS = (
    "actions",
    "reported",
    "completed",
    "not_started",
    "in_progress",
    "discontinued",
    "status_unclassified",
    "not_reported",
    "unknown",
    "overdue",
    "on_time",
    "on_time_unknown",
)

STATUS_PLACES = {
    "completed": 1,
    "in_progress": 2,
    "not_started": 3,
    "discontinued": 4,
    "status_unclassified": 5,
    "not_reported": 6,
}
"""Each count of a status and its `status_no` (`queries/macros.sql`)."""

_FILES = ("source_file", "classification_file", "report_file")

Columns = dict[str, npt.NDArray[Any]]


@dataclass(frozen=True)
class Headline:
    """The totals of a selection on a day; an action counts once, whatever its themes and countries.

    Attributes:
        day: The day the figures stand at.
        day_number: The day's place in the campaign: 1 on its first day, 0 before, `days_total` from its last on.
        days_total: How many days the campaign has.
        days_to_deadline: Days left until the deadline for actions; negative after it.
        source_files: The input files the figures come from, the one with most rows first.
        further: What else was counted, by name (`dashboard.measures.further`).
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
    further: Mapping[str, int] = field(default_factory=dict, hash=False)

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
        """A rate's numerator and denominator, for showing it exactly."""
        return sum(self.count(part) for part in RATES[rate].parts), self.count(RATES[rate].whole)

    def count(self, name: str) -> int:
        """One of its counts by name, or of those that were counted further.

        Raises:
            KeyError: it was not counted.
        """
        return self.further[name] if name in self.further else int(vars(self)[name])

    def _rate(self, rate: str) -> float | None:
        numerator, denominator = self.fraction(rate)
        return numerator / denominator if denominator else None


def headline(snapshot: Snapshot, selection: Selection) -> Headline:
    """The totals of a selection: its counts, its rates, the campaign's clock, and the files they come from."""
    rows = snapshot.columns("headline", selection.sql_parameters(snapshot))
    counts = count_states(rows, np.zeros(len(rows["actions"]), dtype=np.intp), 1)
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
        further={},
        **{name: int(count[0]) for name, count in counts.items()},
    )


def by_dimension(
    snapshot: Snapshot, selection: Selection, dimension: str, besides: Collection[str] = ()
) -> pd.DataFrame:
    """The counts and rates of each member of a dimension, in the codelist's order.

    An action with several members counts once in each. Members without an action are left out, except the
    regions when no place is chosen, members that are chosen themselves, and those `besides` of the members that the
    selection allows.

    Returns:
        One row a member: `code`, the counts of `COUNTS`, the rates of `BREAKDOWN_RATES`.
    """
    parameters = {**selection.sql_parameters(snapshot), "dimension": dimension}
    rows = snapshot.columns("breakdown", parameters)
    present = set(rows["code"].tolist())
    always = _members_without_actions(snapshot, selection, dimension).union(besides)
    codes = [code for code in listed_members(snapshot, selection, dimension) if code in present or code in always]
    place = {code: number for number, code in enumerate(codes)}
    # A member that is not listed (not chosen, outside the chosen places) has the place -1.
    places = np.array([place.get(code, -1) for code in rows["code"].tolist()], dtype=np.intp)
    columns = count_states(rows, places, len(codes))
    return pd.DataFrame({"code": pd.Series(codes, dtype="str"), **columns, **compute_rates(columns, BREAKDOWN_RATES)})


def list_unused(snapshot: Snapshot) -> frozenset[str]:
    """The dimensions in which no action of a build has a value; pages do not offer them."""
    return frozenset(DIMENSIONS).difference(snapshot.query("used_dimensions")["dimension"])


def cross(snapshot: Snapshot, selection: Selection, rows: str, columns: str) -> pd.DataFrame:
    """The counts and rates of each pair of members of two dimensions that has at least one action.

    Returns:
        One row a pair: `row_code`, `column_code`, `actions`, `reported`, `completed`, `on_time`,
        `on_time_unknown`, `not_reported`, `unknown` and the rates of `BREAKDOWN_RATES`, in the codelists' order.
    """
    parameters = {**selection.sql_parameters(snapshot), "row_dimension": rows, "column_dimension": columns}
    pairs = snapshot.query("crossed", parameters)
    # A member that is not listed (not chosen, outside the chosen places) has the place -1.
    row_places = pd.Index(listed_members(snapshot, selection, rows)).get_indexer(pd.Index(pairs["row_code"]))
    column_places = pd.Index(listed_members(snapshot, selection, columns)).get_indexer(pd.Index(pairs["column_code"]))
    order = np.lexsort((column_places, row_places))
    order = order[(row_places[order] >= 0) & (column_places[order] >= 0)]
    frame = pairs.take(order).reset_index(drop=True)
    counts = {name: frame[name].to_numpy() for name in ("actions", "reported", "completed", "unknown")}
    return frame.assign(**compute_rates(counts, BREAKDOWN_RATES))


def listed_members(snapshot: Snapshot, selection: Selection, dimension: str) -> list[str]:
    """The codes a breakdown may list, in order: the chosen ones, else all; places only inside the chosen places."""
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
    """The countries of the chosen groupings, or the subregions that these lie in."""
    members = {country for grouping in selection.groupings for country in snapshot.groupings.get(grouping, ())}
    places = members if dimension == "country" else {snapshot.codes["countries"][one].parent for one in members}
    return {place for place in places if place} | ({UNCLASSIFIED} & set(selection.groupings))


def _is_inside(place: Code, snapshot: Snapshot, selection: Selection) -> bool:
    """Whether a subregion or country lies in the chosen subregions and regions, if any are chosen."""
    subregions = snapshot.codes.get("subregions", {})
    subregion = place if place.codelist == "subregions" else subregions.get(place.parent or UNCLASSIFIED)
    if place.code == UNCLASSIFIED or subregion is None:
        subregion = subregions.get(UNCLASSIFIED, place)
    if place.codelist == "countries" and selection.subregions and subregion.code not in selection.subregions:
        return False
    return not selection.regions or (subregion.parent or UNCLASSIFIED) in selection.regions


def _members_without_actions(snapshot: Snapshot, selection: Selection, dimension: str) -> set[str]:
    """The members that are listed even without an action."""
    chosen = selection.codes(DIMENSIONS[dimension])
    if chosen:
        return set(chosen)
    if dimension == "region" and not (selection.subregions or selection.countries or selection.groupings):
        return {code for code in snapshot.codes.get("regions", {}) if code != UNCLASSIFIED}
    return set()


def compute_rates(counts: Mapping[str, npt.NDArray[Any]], names: Iterable[str]) -> Columns:
    """The named rates of columns of counts; NaN where there is nothing to divide by."""
    rates: Columns = {}
    for name in names:
        whole_counts = counts[RATES[name].whole]
        part = sum(counts[column] for column in RATES[name].parts)
        rates[name] = np.divide(part, whole_counts, out=np.full(len(whole_counts), np.nan), where=whole_counts > 0)
    return rates


def count_states(rows: Columns, places: npt.NDArray[np.intp], members: int) -> Columns:
    """The counts of `COUNTS` of each of some members.

    Args:
        rows: Columns `status_no`, `is_overdue`, `is_on_time` (masked where nobody said when it was completed) and
            `actions`, how many are alike in these.
        places: Each row's member; a row with the place -1 is of none.
        members: How many members there are.

    Returns:
        Whole numbers by name, one a member.
    """
    is_member = places >= 0
    places, actions = places[is_member], rows["actions"][is_member]
    by_status = np.zeros((len(STATUS_PLACES) + 1, members), dtype=np.int64)
    np.add.at(by_status, (rows["status_no"][is_member], places), actions)
    counts = {name: by_status[place] for name, place in STATUS_PLACES.items()}
    counts["actions"] = by_status.sum(axis=0)
    counts["reported"] = counts["actions"] - counts["not_reported"]
    counts["unknown"] = counts["not_reported"] + counts["status_unclassified"]
    for name in ("overdue", "on_time"):
        counts[name] = _add_where(
            np.ma.filled(rows[f"is_{name}"][is_member], fill_value=False), actions, places, members
        )
    untold = np.ma.getmaskarray(rows["is_on_time"])[is_member]
    counts["on_time_unknown"] = counts["unknown"] + _add_where(untold, actions, places, members)
    return {name: counts[name] for name in COUNTS}


def _add_where(
    chosen: npt.NDArray[np.bool_], actions: npt.NDArray[np.int64], places: npt.NDArray[np.intp], members: int
) -> npt.NDArray[np.int64]:
    """The actions of the chosen rows, added up by member."""
    sums = np.zeros(members, dtype=np.int64)
    np.add.at(sums, places, np.where(chosen, actions, 0))
    return sums


def rank_files(rows: Columns) -> tuple[str, ...]:
    """The input files that rows come from, the one with most actions, classifications and reports first."""
    actions_by_file: Counter[Any] = Counter()
    for name in _FILES:
        for file, actions in zip(rows[name].tolist(), rows["actions"].tolist(), strict=True):
            actions_by_file[file] += actions
    ranked = ((file, number) for file, number in actions_by_file.items() if file is not None)
    return tuple(file for file, _ in sorted(ranked, key=lambda pair: (-pair[1], pair[0])))
