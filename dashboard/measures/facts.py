"""The facts to count in a selection: actions, milestones, evidence, promised numbers; each declared once.

Counting is SQL (`dashboard/queries/counted.sql`): in all, by one dimension or time, or by two. The database groups like
rows and counts them, and this module adds the groups up: a statement that counts each state by itself takes a third
longer to plan, and for a campaign's few hundred actions planning is most of its time. The module computes the rates
from the counts by `dashboard.measures.definitions`. A rate is a fraction of 1, and NaN where there is nothing to divide
by.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.campaign.commitments.criteria import CRITERIA
from dashboard.measures.definitions import RATES
from dashboard.measures.times import TIMES
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.query_templates import MEMBER, list_dimensions, name_count
from dashboard.snapshot.query_texts import query_text
from dashboard.snapshot.selection import Selection

Columns = dict[str, npt.NDArray[Any]]


class Count(NamedTuple):
    """The rows of a count: those in some states, those with a true flag, those with a null flag."""

    states: tuple[int, ...] = ()
    flag: str = ""
    null_flag: str = ""


class Fact(NamedTuple):
    """A fact about the actions of a selection, and its counts.

    Attributes:
        name: As `dashboard.snapshot.query_templates` declares it.
        state: The column that numbers the states of a row (`queries/macros`).
        counts: Every count, in the order of pages.
        rates: The rates that need this fact.
        wholes: The further denominators of its rates, which are counts of actions too.
        parameters: The values of the parameters that its rows have beside those of a selection.
        table: The query that makes the table of its rows beside the snapshot, where they are not read from there.
    """

    name: str
    state: str
    counts: Mapping[str, Count]
    rates: tuple[str, ...] = ()
    wholes: Mapping[str, Count] = {}
    parameters: Mapping[str, str] = {}
    table: str = ""


STATUS_PLACES = {
    "completed": 1,
    "in_progress": 2,
    "not_started": 3,
    "discontinued": 4,
    "status_unclassified": 5,
    "not_reported": 6,
}
"""Each count of a status and its `status_no`."""

ACTIONS = Fact(
    "actions",
    "status_no",
    {
        "actions": Count((1, 2, 3, 4, 5, 6)),
        "reported": Count((1, 2, 3, 4, 5)),
        "completed": Count((1,)),
        "not_started": Count((3,)),
        "in_progress": Count((2,)),
        "discontinued": Count((4,)),
        "status_unclassified": Count((5,)),
        "not_reported": Count((6,)),
        "unknown": Count((5, 6)),
        "overdue": Count(flag="is_overdue"),
        "on_time": Count(flag="is_on_time"),
        "on_time_unknown": Count((5, 6), null_flag="is_on_time"),
    },
)

OUTCOME_PLACES = {
    "milestones_reached": 1,
    "milestones_missed": 2,
    "milestones_unknown": 3,
    "milestones_ahead": 4,
    "milestones_coming": 5,
    "milestones_undated": 6,
}
"""Each count of milestones by outcome, and its `outcome_no`."""

MILESTONES = Fact(
    "milestones",
    "outcome_no",
    {
        "milestones": Count((1, 2, 3, 4, 5, 6)),
        "milestones_due": Count((1, 2, 3)),
        **{name: Count((place,)) for name, place in OUTCOME_PLACES.items()},
        "milestones_late": Count(flag="is_late"),
        "milestones_soon": Count(flag="is_soon"),
    },
    ("milestone_rate", "milestone_upper_bound"),
)
"""A milestone that is due and not reached is *missed* only where there is news of it since it was due: from the report
or submission that names it, or, for a list without days, a report on its action. Before that it is unknown, as an
action without a report is. So the milestone rate has bounds: reached ÷ due at least, (reached + unknown) ÷ due at most.
Milestones reached before they are due, or without a date, are counted beside the rate.
"""

EVIDENCE = Fact(
    "evidence",
    "step_no",
    {
        "evidenced": Count((2, 3, 4)),
        "reviewed": Count((3, 4)),
        "verified": Count((4,)),
        "claimed_only": Count((0, 1)),
        "evidenced_only": Count((2,)),
        "reviewed_only": Count((3,)),
    },
    ("evidenced_rate", "reviewed_rate", "verified_rate"),
    {"completed": Count((0, 1, 2, 3, 4))},
)
"""The numbers of completed actions with more behind them than the stakeholder's word: the nested steps, then the
furthest steps, which with `verified` add up to the completed actions. An action without a stated step counts as
claimed."""


RESULTS = Fact(
    "results",
    "outcome_no",
    {
        "results": Count((1, 2, 3)),
        "results_met": Count((1,)),
        "results_short": Count((2,)),
        "results_unknown": Count((3,)),
        "results_unpromised": Count((4,)),
    },
    ("targets_met_rate", "targets_met_upper_bound"),
)
"""The numbers that actions promise, of any indicators: how many are met. Nobody stated the unknown ones by the day."""

AMOUNTS = Fact(
    "amounts",
    "part_no",
    {
        "promised": Count((1, 3)),
        "reached": Count((2,)),
        "promised_unknown": Count((3,)),
        "reached_unpromised": Count((4,)),
        "results": Count((5,)),
    },
    ("reached_share", "reached_upper_bound"),
)
"""The sums of one indicator in one unit (`Amount`), and how many promises they are of. What nobody stated by the day
may be anything from nothing to its target; what was reached and never promised is in no share."""


class Amount(NamedTuple):
    """What is summed: one indicator in one unit."""

    indicator: str
    unit: str


def _met(criterion: str, statuses: Iterable[int] = STATUS_PLACES.values(), *, is_met: bool = True) -> Count:
    """Declare the count of actions that meet a criterion, or do not, and have one of some statuses."""
    place = list(CRITERIA).index(criterion)
    numbers = [number for number in range(2 ** len(CRITERIA)) if bool(number >> place & 1) == is_met]
    return Count(tuple(8 * number + status for number in numbers for status in statuses))


CRITERIA_MET = Fact(
    "criteria",
    "state_no",
    {
        "judged": Count(tuple(range(8 * 2 ** len(CRITERIA)))),
        **{criterion: _met(criterion) for criterion in CRITERIA},
    },
    tuple(f"{criterion}_rate" for criterion in CRITERIA),
    table="criteria_met",
)
"""The actions whose text was read, and those that meet each criterion of a good commitment. `state_no` is eight times a
number with a bit for each criterion, in their order, and the `status_no`."""

CRITERIA_OUTCOMES = Fact(
    "criteria",
    "state_no",
    {
        f"{criterion}_{side}{what}": _met(criterion, statuses, is_met=side == "met")
        for criterion in CRITERIA
        for side in ("met", "unmet")
        for what, statuses in (("", STATUS_PLACES.values()), ("_completed", (1,)), ("_unknown", (5, 6)))
    },
    table="criteria_met",
)
"""By criterion, the actions that meet it and those that do not: all, completed, unknown."""


def find_fact(rate: str, amount: Amount | None = None) -> Fact | None:
    """Find the counts that a rate needs besides those of actions; none where these are enough.

    Every page asks for the counts of actions; other facts cost a further statement, and only their users pay for it.
    """
    fact = next((fact for fact in (MILESTONES, EVIDENCE, RESULTS, AMOUNTS, CRITERIA_MET) if rate in fact.rates), None)
    return fact._replace(parameters=amount._asdict()) if fact is not None and amount is not None else fact


def count_in_all(snapshot: Snapshot, selection: Selection, fact: Fact) -> dict[str, int]:
    """Count a fact in a selection, each row once; sums of amounts may be no whole numbers."""
    counts = ask_groups(snapshot, selection, fact).add_up([()])
    return {name: counts[name][0].item() for name in fact.counts}


def add_counts(
    snapshot: Snapshot,
    selection: Selection,
    frame: pd.DataFrame,
    rate: str,
    *groupings: str,
    amount: Amount | None = None,
) -> pd.DataFrame:
    """Add the further counts of a rate to a frame of members (`code`) or pairs (`row_code`, `column_code`).

    `selection`: the filters in force.
    `frame`: as `by_dimension` or `cross` of `dashboard.measures.counts`.
    `groupings`: the dimension or time of the codes, or two of them.
    """
    fact = find_fact(rate, amount)
    if fact is None:
        return frame
    codes = (frame[name].tolist() for name in (("code",) if len(groupings) == 1 else ("row_code", "column_code")))
    counts = ask_groups(snapshot, selection, fact, *groupings).add_up(list(zip(*codes, strict=True)))
    return frame.assign(**{name: counts[name] for name in fact.counts}, **compute_rates(counts, fact.rates))


class Groups(NamedTuple):
    """The like rows of a fact, and the codes of each: none, one, or a pair."""

    fact: Fact
    rows: Columns
    codes: list[tuple[str, ...]]

    def add_up(self, members: Sequence[tuple[str, ...]]) -> Columns:
        """Add up the counts of some members (or pairs), in their order; leave out the rows' other members."""
        place = {codes: number for number, codes in enumerate(members)}
        places = np.array([place.get(codes, -1) for codes in self.codes], dtype=np.intp)
        return add_up(self.fact, self.rows, places, len(members))


def ask_groups(snapshot: Snapshot, selection: Selection, fact: Fact, *groupings: str) -> Groups:
    """Count a fact by no, one or two dimensions or times."""
    if fact.table:
        snapshot.make_once(fact.table, lambda cursor: cursor.execute(query_text(fact.table)))
    by = [name if name in TIMES else MEMBER for name in groupings]
    dimensions = zip(list_dimensions(len(groupings)), groupings, strict=True)
    parameters = {parameter: name for parameter, name in dimensions if name not in TIMES}
    rows = snapshot.columns(
        name_count(fact.name, *by), {**selection.sql_parameters(snapshot), **parameters, **fact.parameters}
    )
    columns = [rows[name].tolist() for name in ("code", "row_code", "column_code") if name in rows]
    codes: list[tuple[str, ...]] = list(zip(*columns, strict=True)) or [()] * len(rows["number"])
    return Groups(fact, rows, codes)


def add_up(fact: Fact, rows: Columns, places: npt.NDArray[np.intp], members: int) -> Columns:
    """Add up the counts of a fact for each of some members.

    `rows`: the columns that its counts need, flags masked where they are null, and `number`, the number of like rows.
    `places`: each row's member; a row with the place -1 has none.

    Returns:
        Numbers by name, one a member: `counts` and `wholes` of the fact. Sums of amounts are whole numbers where all
        of a name are.
    """
    is_member = places >= 0
    places, numbers = places[is_member], rows["number"][is_member]

    def add(chosen: npt.NDArray[np.bool_]) -> npt.NDArray[Any]:
        return np.bincount(places, np.where(chosen, numbers, 0), members).astype(numbers.dtype)

    declared = {**fact.counts, **fact.wholes}
    states = 1 + max(max(count.states, default=0) for count in declared.values())
    cells = rows[fact.state][is_member] * np.intp(members) + places
    by_state = np.bincount(cells, numbers, states * members).astype(numbers.dtype).reshape(states, members)
    counts: Columns = {}
    for name, count in declared.items():
        counts[name] = by_state[list(count.states)].sum(axis=0)
        if count.flag:
            counts[name] += add(np.ma.filled(rows[count.flag][is_member], fill_value=False))
        if count.null_flag:
            counts[name] += add(np.ma.getmaskarray(rows[count.null_flag])[is_member])
    return {name: write_whole(count) for name, count in counts.items()} if numbers.dtype.kind == "f" else counts


def write_whole(amounts: npt.NDArray[np.float64]) -> npt.NDArray[Any]:
    """Round sums to six decimals, and write them as whole numbers where all are."""
    rounded = amounts.round(6)
    return rounded.astype(np.int64) if (rounded % 1 == 0).all() else rounded


def compute_rates(counts: Mapping[str, npt.NDArray[Any]], names: Iterable[str]) -> Columns:
    """Compute the named rates from columns of counts; NaN where there is nothing to divide by."""
    rates: Columns = {}
    for name in names:
        whole_counts = counts[RATES[name].denominator]
        part = sum(counts[column] for column in RATES[name].parts)
        rates[name] = np.divide(part, whole_counts, out=np.full(len(whole_counts), np.nan), where=whole_counts > 0)
    return rates
