"""Queries that differ in a column, a table or a grouping: one file each, and here the parts of its variants.

`query_text("register_page/date")` is the variant `date` of `register_page.sql`; a count of a selection consists of its
fact and its groupings (`name_count`). Only declarations from here go into a statement; values are bound.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple


class Grouping(NamedTuple):
    """The source of each action's code: the code, and the rows that are joined for it to the actions `a`.

    `{rows}` stands for the name of these rows, `{dimension}` for the parameter with a dimension's name.
    """

    code: str
    join: str = ""


class Fact(NamedTuple):
    """A fact to count: the columns in which rows are alike, the rows beside the actions `a`, the condition on them.

    Attributes:
        groupings: Those that differ for its rows from those of actions.
        number: What is counted of rows that are alike.
    """

    states: str
    join: str = ""
    condition: str = ""
    groupings: Mapping[str, Grouping] = {}
    number: str = "count(*)"


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
    "results": Fact(
        "list_position(['met', 'short', 'unknown', 'unpromised'], r.outcome)::utinyint as outcome_no",
        "inner join results_on($as_of) as r on a.action_no = r.action_no",
        "where r.target is not null or r.actual is not null",
    ),
    "amounts": Fact(
        "x.part_no",
        "inner join amounts_on($as_of, $indicator, $unit) as x on a.action_no = x.action_no",
        number="sum(x.amount::decimal(38, 6))::double",
    ),
    "criteria": Fact(
        "(8 * c.criteria_no + a.status_no)::usmallint as state_no",
        "inner join criteria_met as c on a.action_no = c.action_no",
    ),
}

COUNTED = "counted"
"""The template of counts."""

_BY_TEXT = {
    "-- key": "register_text($sort, title, stakeholder, action_id, language) as key,",
    "counted_actions(": "named_actions(",
}
_BY_DATE = {"-- key": "register_date($sort, submitted_on, due_on, reported_on, completed_on) as key,"}
_BY_NUMBER = {
    "-- key": "register_number($sort, $code_order, percent, is_overdue, status, category, stakeholder_group) as key,"
}

VARIANTS: dict[str, dict[str, dict[str, str]]] = {
    "register_page": {"text": _BY_TEXT, "date": _BY_DATE, "number": _BY_NUMBER},
    "register_place": {"text": _BY_TEXT, "date": _BY_DATE, "number": _BY_NUMBER},
    "changes": {
        "in_all": {"-- selected": "and s.action_no in (select a.action_no from named_actions($selection) as a)"},
        "by_member": {
            "-- members": (
                "inner join (select o.action_no, o.member from action_members as o"
                " inner join counted_actions($selection) as a on o.action_no = a.action_no"
                " where o.dimension = $dimension) as m on s.action_no = m.action_no"
            ),
            "-- member": "m.member,",
            "-- code": "member as code,",
        },
    },
    "entry_counts": {
        "by_kind": {"-- by": "kind,", "-- order": "order by kind"},
        "by_day": {
            "-- by": "if($by_known::boolean, known_at, null) as known_first, on_date,",
            "-- order": "order by known_first desc nulls last, on_date desc nulls last",
        },
    },
    "extract_posts": {
        "events": {"-- columns of events": "i.ends_on, i.place,"},
        "stories": {"'event'": "'story'", "events as i": "stories as i"},
    },
}
"""The words of several templates' variants: by the name of the template and of the variant, the replacement of a
comment or a name."""


def find_template(name: str) -> tuple[str, list[str]] | None:
    """Find the template of a composed query, and its variant; None for a plain file."""
    template, *pieces = name.split("/")
    return (template, pieces) if pieces and template in (COUNTED, *VARIANTS) else None


def fill(template: str, text: str, pieces: list[str]) -> str:
    """Fill a variant's statement: declarations replace a line of comment, or a name."""
    return fill_slots(text, _fill_count(*pieces) if template == COUNTED else VARIANTS[template][pieces[0]])


def fill_slots(text: str, slots: Mapping[str, str]) -> str:
    """Replace a line of comment, or a name, by a piece of SQL."""
    for slot, piece in slots.items():
        is_line = slot.startswith("--")
        text = re.sub(f"^ *{slot}$", piece, text, flags=re.MULTILINE) if is_line else text.replace(slot, piece)
    return text


def name_count(fact: str, *groupings: str) -> str:
    """Name the count of a fact in all, by one grouping (`code`) or by two (`row_code`, `column_code`)."""
    return "/".join((COUNTED, fact, *groupings))


def list_dimensions(groupings: int) -> tuple[str, ...]:
    """List the parameters that name the dimensions of so many groupings."""
    return ("dimension",) if groupings == 1 else ("row_dimension", "column_dimension")[:groupings]


def _fill_count(fact_name: str, *groupings: str) -> dict[str, str]:
    fact = FACTS[fact_name]
    columns = ("code",) if len(groupings) == 1 else ("row_code", "column_code")
    codes, joins = [], [fact.join]
    for number, (name, dimension) in enumerate(zip(groupings, list_dimensions(len(groupings)), strict=True)):
        grouping = fact.groupings.get(name) or GROUPINGS[name]
        pieces = {"rows": f"g{number}", "dimension": dimension}
        codes.append(f"{grouping.code.format(**pieces)} as {columns[number]},")
        joins.append(grouping.join.format(**pieces))
    return {
        "-- codes": " ".join(codes),
        "-- states": f"{fact.states},",
        "-- joins": "\n".join(filter(None, joins)),
        "-- condition": fact.condition,
        "count(*)": fact.number,
    }
