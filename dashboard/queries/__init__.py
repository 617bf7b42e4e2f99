"""The texts of the queries, which are files beside this one, and the selection that most of them count.

A filter costs time whether it filters or not: a look into `action_members` is half of a small statement's planning.
So `selected_actions`, which those queries call, is put together from the filters that a selection uses.
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
    "evidence": "has_evidence(evidence, report_no)",
    "q": "contains_every(q, search_text)",
}
"""Each filter of a selection: its parameter, and what it asks of an action, in the macros of `macros.sql`."""

_CALL = re.compile(r"\bselected_actions\(")
_FOLDER = Path(__file__).parent


@cache
def query_text(name: str) -> str:
    """The text of `dashboard/queries/<name>.sql`."""
    return (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")


def counts_a_selection(statement: str) -> bool:
    """Whether a statement reads the actions of a selection."""
    return _CALL.search(statement) is not None


def call_lean_selection(statement: str, used: Collection[str]) -> str:
    """A statement that reads the actions of a selection by some of its filters alone: those of `lean_selection`."""
    return _CALL.sub(f"{_lean_name(used)}(", statement)


def lean_selection(used: Collection[str]) -> str:
    """The statement that creates the actions of a selection by some of its filters; the others are not looked at."""
    return _create(_lean_name(used), [FILTERS[parameter] for parameter in used])


def whole_selection() -> str:
    """The statement that creates `selected_actions`: by every filter, of which an unknown one (null) lets all pass."""
    return _create("selected_actions", [f"({name} is null or {condition})" for name, condition in FILTERS.items()])


def _create(name: str, conditions: list[str]) -> str:
    parts = f"create macro {name}(as_of, {', '.join(FILTERS)}) as table", "select * from actions_on(as_of)"
    return "\n".join((*parts, f"where {' and '.join(conditions) or 'true'}"))


def _lean_name(used: Collection[str]) -> str:
    return "_".join(("selected_actions_by", *used))
