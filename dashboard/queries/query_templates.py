"""How a count of a selection is put together: `counted.sql`, a fact that is counted, and what it is grouped by.

`query_text` of `dashboard.queries` gives the count that `name_count` names. Only what is declared here is put into a
statement; values are bound.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Grouping(NamedTuple):
    """What gives each action its code: the code, and the rows that are joined for it to the actions `a`.

    `{rows}` stands for the name of these rows, `{dimension}` for the parameter that names a dimension.
    """

    code: str
    join: str = ""


class Fact(NamedTuple):
    """What is counted: the columns in which rows are alike, the rows beside the actions `a`, which of them count.

    Attributes:
        groupings: Those that are other ones for its rows than for actions.
    """

    states: str
    join: str = ""
    condition: str = ""
    groupings: Mapping[str, Grouping] = {}


MEMBER = "member"
"""The grouping by the members of a dimension, which a parameter names; the other groupings are times."""

GROUPINGS = {
    MEMBER: Grouping(
        "{rows}.member",
        "inner join action_members as {rows} on a.action_no = {rows}.action_no and {rows}.dimension = ${dimension}",
    ),
    "wave": Grouping(
        "wave_of(a.report_no, {rows}.wave)", "left join progress_reports as {rows} on a.report_no = {rows}.report_no"
    ),
    "submitted": Grouping("month_of(a.submitted_on)"),
    "completed": Grouping("month_of(a.completed_on)"),
    "due": Grouping("{rows}.code", "inner join months_due() as {rows} on a.action_no = {rows}.action_no"),
}

FACTS = {
    "actions": Fact("a.status_no, a.is_overdue, a.is_on_time"),
    "milestones": Fact(
        "m.outcome_no, m.is_late, m.is_soon",
        "inner join milestones_on($as_of) as m on a.action_no = m.action_no",
        groupings={"due": Grouping("month_of(m.due_on)")},
    ),
    "evidence": Fact(
        "coalesce(e.step_no, 0)::utinyint as step_no",
        "left join evidence_on($as_of) as e on a.action_no = e.action_no",
        "where a.is_completed",
    ),
}

TEMPLATE = "counted"


def name_count(fact: str, *groupings: str) -> str:
    """The name of the count of a fact in all, by one grouping (`code`) or by two (`row_code`, `column_code`)."""
    return "/".join((TEMPLATE, fact, *groupings))


def list_dimensions(groupings: int) -> tuple[str, ...]:
    """The parameters that name the dimensions of so many groupings."""
    return ("dimension",) if groupings == 1 else ("row_dimension", "column_dimension")[:groupings]


def put_together(template: str, fact_name: str, *groupings: str) -> str:
    """The statement of a count: each comment of the template that names a slot is replaced by what is declared."""
    fact = FACTS[fact_name]
    columns = ("code",) if len(groupings) == 1 else ("row_code", "column_code")
    codes, joins = [], [fact.join]
    for number, (name, dimension) in enumerate(zip(groupings, list_dimensions(len(groupings)), strict=True)):
        grouping = fact.groupings.get(name) or GROUPINGS[name]
        pieces = {"rows": f"g{number}", "dimension": dimension}
        codes.append(f"{grouping.code.format(**pieces)} as {columns[number]},")
        joins.append(grouping.join.format(**pieces))
    slots = {
        "-- codes": " ".join(codes),
        "-- states": f"{fact.states},",
        "-- joins": "\n".join(filter(None, joins)),
        "-- condition": fact.condition,
    }
    lines = (slots.get(line.strip(), line) for line in template.splitlines())
    return "\n".join(line for line in lines if line)
