"""Milestones, the mini-goals inside actions: how many were due by a day, what became of them, and which are due next.

A milestone that is due and not reached is *missed* only where something was told of it since it was due: with the
report or submission that it came with, or, of a list without days, by a report on its action. Before that it is
unknown, as an action without a report is. So the milestone rate has bounds: reached ÷ due at least,
(reached + unknown) ÷ due at most. What is reached before it is due, or has no date, is counted beside the rate and
never dropped.
"""

from collections.abc import Iterable
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.campaign.codelists import UNCLASSIFIED
from dashboard.errors import UserError
from dashboard.measures.counts import BREAKDOWN_RATES, Columns, compute_rates, count_states
from dashboard.measures.times import order_times
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection

DAYS_AHEAD = 30
"""How many days ahead a milestone is *due soon* (`queries/macros.sql`)."""

OUTCOME_PLACES = {
    "milestones_reached": 1,
    "milestones_missed": 2,
    "milestones_unknown": 3,
    "milestones_ahead": 4,
    "milestones_coming": 5,
    "milestones_undated": 6,
}
"""Each count of what became of milestones and its `outcome_no` (`queries/macros.sql`)."""

MILESTONES = ("milestones", "milestones_due", *OUTCOME_PLACES, "milestones_late", "milestones_soon")
"""Every count of milestones: all and due ones, each outcome, and of these the late and the soon ones."""

RATES = ("milestone_rate", "milestone_upper_bound")

State = Literal["soon", "missed", "unknown", "undated", "ahead", "reached", "coming"]
"""The lists of milestones that can be asked for."""

_OUTCOMES: dict[State, tuple[int, ...]] = {
    "soon": (5,),
    "missed": (2,),
    "unknown": (3,),
    "undated": (6,),
    "ahead": (4,),
    "reached": (1,),
    "coming": (5,),
}


class Milestones(NamedTuple):
    """The milestones of a selection on a day.

    Attributes:
        milestones: All of them: those of the outcomes below together.
        milestones_due: Due by the day: reached, missed or unknown.
        milestones_reached: Due, and reached by the day.
        milestones_missed: Due and not reached, as was told since they were due.
        milestones_unknown: Due and not known to be reached, and nothing was told of them since they were due.
        milestones_ahead: Reached by the day before they are due, or without a date by which they are.
        milestones_coming: Due after the day, and not reached yet.
        milestones_undated: Not reached, and without a date by which they shall be.
        milestones_late: Of the reached ones, those that were so after they were due.
        milestones_soon: Of the coming ones, those due within `DAYS_AHEAD` days.
    """

    milestones: int
    milestones_due: int
    milestones_reached: int
    milestones_missed: int
    milestones_unknown: int
    milestones_ahead: int
    milestones_coming: int
    milestones_undated: int
    milestones_late: int
    milestones_soon: int


def count_milestones(snapshot: Snapshot, selection: Selection) -> Milestones:
    """The milestones of a selection, each counted once."""
    rows = snapshot.columns("milestones/total", selection.sql_parameters(snapshot))
    counts = _count_outcomes(rows, np.zeros(len(rows["milestones"]), dtype=np.intp), 1)
    return Milestones(**{name: int(counts[name][0]) for name in MILESTONES})


def milestones_by(snapshot: Snapshot, selection: Selection, dimension: str, codes: Iterable[str]) -> pd.DataFrame:
    """The milestones of the actions of each of some members of a dimension; those of several members count in each.

    Returns:
        One row a member, in the order of `codes`: the counts of `MILESTONES` and the rates `milestone_rate` and
        `milestone_upper_bound`, fractions of 1, NaN where none was due.
    """
    rows = snapshot.columns("milestones/by_member", {**selection.sql_parameters(snapshot), "dimension": dimension})
    return _frame_counts(rows, list(codes))


def milestones_by_time(snapshot: Snapshot, selection: Selection, time: str, codes: Iterable[str]) -> pd.DataFrame:
    """The milestones of the actions of each survey wave or month of submission; returns a frame as `milestones_by`."""
    rows = snapshot.columns("milestones/by_time", {**selection.sql_parameters(snapshot), "time": time})
    return _frame_counts(rows, list(codes))


def milestones_by_month(snapshot: Snapshot, selection: Selection) -> pd.DataFrame:
    """The milestones that were or are due in each month, and those without a date.

    Returns:
        `code` (`2021-03`; `unclassified` where there is no date), the counts and rates of the actions that have such a
        milestone, as `by_dimension`, then columns as `milestones_by`: a row a month with a milestone, or that lies
        between two such months and in the campaign, the earliest first, then those without.
    """
    actions = snapshot.columns("milestones/actions_by_month", selection.sql_parameters(snapshot))
    rows = snapshot.columns("milestones/by_month", selection.sql_parameters(snapshot))
    codes = set(rows["code"].tolist())
    months = codes - {UNCLASSIFIED}
    campaign = pd.period_range(snapshot.campaign["starts_on"], snapshot.campaign["ends_on"], freq="M").astype(str)
    between = {month for month in campaign if months and min(months) <= month <= max(months)}
    ordered = order_times(snapshot, selection, codes | between)
    states = count_states(actions, _place(actions, ordered), len(ordered))
    columns = {"code": pd.Series(ordered, dtype="str"), **states, **compute_rates(states, BREAKDOWN_RATES)}
    return pd.concat([pd.DataFrame(columns), _frame_counts(rows, ordered)], axis=1)


def cross_milestones(snapshot: Snapshot, selection: Selection, rows: str, columns: str) -> pd.DataFrame:
    """The milestones of each pair of members of two dimensions that has at least one.

    Returns:
        `row_code`, `column_code`, then columns as `milestones_by`; the pairs in no order.
    """
    parameters = {**selection.sql_parameters(snapshot), "row_dimension": rows, "column_dimension": columns}
    crossed = snapshot.query("milestones/crossed", parameters)
    pairs = crossed[["row_code", "column_code"]].drop_duplicates(ignore_index=True)
    index = pd.MultiIndex.from_frame(pairs)
    places = index.get_indexer(pd.MultiIndex.from_frame(crossed[["row_code", "column_code"]]))
    rows_by_column = {name: crossed[name].to_numpy() for name in ("outcome_no", "is_late", "is_soon", "milestones")}
    counts = _count_outcomes(rows_by_column, places.astype(np.intp), len(pairs))
    return pairs.assign(**counts, **compute_rates(counts, RATES))


def list_milestones(
    snapshot: Snapshot, selection: Selection, state: State, *, limit: int = 500, offset: int = 0
) -> pd.DataFrame:
    """Milestones of one state with their actions, the earliest due first.

    Returns:
        action_id, label, due_on, reached_on, title, stakeholder (as the language names it), status (base status of the
        action), reported_on (its latest report), language (of the action's texts); dates are NaT where unknown.

    Raises:
        UserError: `limit` or `offset` is negative.
    """
    if limit < 0 or offset < 0:
        raise UserError("A list of milestones cannot have fewer than no rows.", "Use 0 or a positive number.")
    parameters: dict[str, Any] = {**selection.sql_parameters(snapshot), "lang": selection.lang}
    parameters |= {"outcomes": list(_OUTCOMES[state]), "is_soon": state == "soon"}
    parameters |= {"row_limit": limit, "row_offset": offset}
    return snapshot.query("milestones/listed", parameters)


def _frame_counts(rows: Columns, codes: list[str]) -> pd.DataFrame:
    """The counts and rates of members; what the rows have of others is left out."""
    counts = _count_outcomes(rows, _place(rows, codes), len(codes))
    return pd.DataFrame({**counts, **compute_rates(counts, RATES)})


def _place(rows: Columns, codes: list[str]) -> npt.NDArray[np.intp]:
    """The place of each row's code; -1 of one that is not among them."""
    place = {code: number for number, code in enumerate(codes)}
    return np.array([place.get(code, -1) for code in rows["code"].tolist()], dtype=np.intp)


def _count_outcomes(rows: Columns, places: npt.NDArray[np.intp], members: int) -> Columns:
    """The counts of `MILESTONES` of each of some members; a row with the place -1 is of none."""
    is_member = places >= 0
    places, numbers = places[is_member], rows["milestones"][is_member]
    by_outcome = np.zeros((len(OUTCOME_PLACES) + 1, members), dtype=np.int64)
    np.add.at(by_outcome, (rows["outcome_no"][is_member], places), numbers)
    counts = {name: by_outcome[place] for name, place in OUTCOME_PLACES.items()}
    counts["milestones"] = by_outcome.sum(axis=0)
    counts["milestones_due"] = sum(counts[f"milestones_{name}"] for name in ("reached", "missed", "unknown"))
    for name in ("late", "soon"):
        counts[f"milestones_{name}"] = np.zeros(members, dtype=np.int64)
        np.add.at(counts[f"milestones_{name}"], places, np.where(rows[f"is_{name}"][is_member], numbers, 0))
    return {name: counts[name] for name in MILESTONES}
