"""The texts of the queries, which are files of `dashboard/queries`, and the selection that most of them count.

A filter costs time whether it filters or not: a look into `action_members` is half of a small statement's planning. So
`selected_actions($selection)`, which those queries call, consists of the filters that a selection uses. Queries that
need no texts of actions call `counted_actions`: the same, but on the snapshot's last day from a prepared table. Those
that need no reports call `named_actions`: the same, from the actions alone unless a status is chosen. Those that need
only the numbers of actions call `numbered_actions`: as `counted_actions`, but a search for words alone reads only the
results of a large snapshot's list of words.
"""

import re
from collections.abc import Collection
from functools import cache

from dashboard.ground.query_files import SHARED_MACROS, read_sql_file
from dashboard.snapshot.large_snapshots import Ways, among_found, find_listed
from dashboard.snapshot.query_templates import fill, find_template

MACROS = (*SHARED_MACROS, "sheet", "csv")
"""Files that define the queries' macros; run first, beside the snapshot's tables."""

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
"""Each filter of a selection: its parameter, and its condition on an action (`macros/filter_conditions.sql`)."""

SELECTION = ", ".join(f"${name}" for name in ("as_of", *FILTERS))
"""The replacement of `$selection` in a query: the day and every filter."""

FOUND = "found_actions"
ROWS = {"selected_actions": "actions_on(as_of)", "named_actions": "actions", "last_day": "last_day", FOUND: ""}
"""The sources of a selection's actions: with their state on a day, by themselves, from the last day; or only the
numbers from the list of words."""

_KINDS = ("selected", "counted", "named", "numbered")
_CALL = re.compile(rf"\b({'|'.join(_KINDS)})_actions\(")
_SEARCH = re.compile(r"\bworded_actions\(")
_TEXTS = ("q",)
"""Filters by texts of actions, which the table of the last day does not have."""


@cache
def query_text(name: str) -> str:
    """Return the text of `dashboard/queries/<name>.sql`, or of a variant that `query_templates` declares."""
    if (variant := find_template(name)) is not None:
        template, pieces = variant
        return fill(template, query_text(template), pieces).replace("$selection", SELECTION)
    return read_sql_file(name).replace("$selection", SELECTION)


def counts_a_selection(statement: str) -> bool:
    """Return whether a statement reads the actions of a selection."""
    return _CALL.search(statement) is not None


def searches_all(statement: str) -> bool:
    """Return whether a statement searches words in all actions, whatever the selection."""
    return _SEARCH.search(statement) is not None


def choose_rows(
    statement: str, used_filters: Collection[str], ways: Ways | None = None, *, is_last_day: bool = False
) -> str:
    """Choose the one of `ROWS` with all columns of a statement and its filters, in the fewest columns and joins."""
    called_macros = {match[1] for match in _CALL.finditer(statement)}
    if called_macros == {"named"} and "statuses" not in used_filters:
        return "named_actions"
    if called_macros == {"numbered"} and ways is not None and set(used_filters) <= set(_TEXTS):
        return FOUND
    is_read = ways is None and not set(_TEXTS).isdisjoint(used_filters)
    is_counted = called_macros <= {"counted", "numbered"}
    return "last_day" if is_last_day and is_counted and not is_read else "selected_actions"


def call_lean_selection(
    statement: str, used_filters: Collection[str], rows: str = "selected_actions", ways: Ways | None = None
) -> str:
    """Return a statement that reads the actions of a selection by some filters alone: those of `lean_selection`."""
    return _CALL.sub(f"{lean_name(used_filters, rows, ways)}(", statement)


def lean_selection(used_filters: Collection[str], rows: str = "selected_actions", ways: Ways | None = None) -> str:
    """Return the statement that creates the actions of a selection by some of its filters; ignore the others.

    With `ways`, it searches the words by those, in the list of a large snapshot.
    """
    conditions = [FILTERS[parameter] for parameter in used_filters if ways is None or parameter not in _TEXTS]
    return _create(lean_name(used_filters, rows, ways), ROWS[rows], conditions, ways)


def lean_name(used_filters: Collection[str], rows: str = "selected_actions", ways: Ways | None = None) -> str:
    """Name the actions of a selection by some of its filters."""
    name = "_".join((f"{rows}_by", *used_filters))
    return name if ways is None else f"{name}__{ways.name}"


def call_listed_search(statement: str, ways: Ways) -> str:
    """Return a statement that searches words in all actions by the list of a large snapshot."""
    return _SEARCH.sub(f"worded_actions_by_{ways.name}(", statement)


def listed_search(ways: Ways) -> str:
    """Return the statement that creates the macro of `call_listed_search`."""
    rows = among_found("actions", ways)
    return "\n".join((f"create macro worded_actions_by_{ways.name}(q) as table", "select *", f"from {rows}"))


def whole_selection() -> str:
    """Return the statements that create all of them, with every filter; a null filter lets all pass."""
    conditions = [f"({name} is null or {condition})" for name, condition in FILTERS.items()]
    return ";\n".join(_create(f"{kind}_actions", ROWS["selected_actions"], conditions) for kind in _KINDS)


def _create(name: str, rows: str, conditions: list[str], ways: Ways | None = None) -> str:
    if ways is not None:
        rows = among_found(rows, ways) if rows else f"({find_listed(ways)})"
    parts = f"create macro {name}(as_of, {', '.join(FILTERS)}) as table", "select *", f"from {rows}"
    return "\n".join((*parts, f"where {' and '.join(conditions) or 'true'}"))
