"""The texts of the queries, which are files beside this one, and the selection that most of them count.

A filter costs time whether it filters or not: a look into `action_members` is half of a small statement's planning.
So `selected_actions`, which those queries call, is put together from the filters that a selection uses. Queries that
need no texts of actions call `counted_actions`: the same, but on the snapshot's last day from a table of what is known.
"""

import re
from collections.abc import Collection
from functools import cache
from pathlib import Path

MACROS = ("fold", "macros", "sheet", "csv")
"""Files that define what the queries use; run first, beside the snapshot's tables."""

FILTERS = {
    "regions": "names_member(regions, 'region', action_no)",
    "subregions": "names_member(subregions, 'subregion', action_no)",
    "groupings": "names_member(groupings, 'grouping', action_no)",
    "countries": "names_member(countries, 'country', action_no)",
    "categories": "has_code(categories, category)",
    "themes": "names_member(themes, 'theme', action_no)",
    "groups": "has_code(groups, stakeholder_group)",
    "stakeholders": "list_contains(stakeholders, stakeholder_id)",
    "statuses": "has_status(statuses, status, status_code, is_overdue)",
    "evidence": "has_evidence(evidence, action_no, as_of)",
    "q": "contains_every(q, search_text)",
}
"""Each filter of a selection: its parameter, and what it asks of an action, in the macros of `macros.sql`."""

_CALL = re.compile(r"\b(selected|counted)_actions\(")
_TEXTS = ("q",)
"""Filters by texts of actions, which the table of the last day does not have."""
_FOLDER = Path(__file__).parent


@cache
def query_text(name: str) -> str:
    """The text of `dashboard/queries/<name>.sql`."""
    return (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")


def counts_a_selection(statement: str) -> bool:
    """Whether a statement reads the actions of a selection."""
    return _CALL.search(statement) is not None


def can_count_last_day(statement: str, used: Collection[str]) -> bool:
    """Whether a statement and its filters find what they need in the table of the last day."""
    return {match[1] for match in _CALL.finditer(statement)} == {"counted"} and not set(_TEXTS) & set(used)


def call_lean_selection(statement: str, used: Collection[str], *, is_last_day: bool = False) -> str:
    """A statement that reads the actions of a selection by some of its filters alone: those of `lean_selection`."""
    return _CALL.sub(f"{_lean_name(used, is_last_day)}(", statement)


def lean_selection(used: Collection[str], *, is_last_day: bool = False) -> str:
    """The statement that creates the actions of a selection by some of its filters; the others are not looked at."""
    rows = "last_day" if is_last_day else "actions_on(as_of)"
    return _create(_lean_name(used, is_last_day), rows, [FILTERS[parameter] for parameter in used])


def whole_selection() -> str:
    """The statements that create both: by every filter, of which an unknown one (null) lets all pass."""
    conditions = [f"({name} is null or {condition})" for name, condition in FILTERS.items()]
    return ";\n".join(_create(f"{kind}_actions", "actions_on(as_of)", conditions) for kind in ("selected", "counted"))


def _create(name: str, rows: str, conditions: list[str]) -> str:
    parts = f"create macro {name}(as_of, {', '.join(FILTERS)}) as table", "select *", f"from {rows}"
    return "\n".join((*parts, f"where {' and '.join(conditions) or 'true'}"))


def _lean_name(used: Collection[str], is_last_day: bool) -> str:
    return "_".join(("last_day_by" if is_last_day else "selected_actions_by", *used))
