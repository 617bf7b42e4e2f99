"""The texts of the queries, which are files beside this one, and the selection that most of them count.

A filter costs time whether it filters or not: a look into `action_members` is half of a small statement's planning. So
`selected_actions($selection)`, which those queries call, is put together from the filters that a selection uses.
Queries that need no texts of actions call `counted_actions`: the same, but on the snapshot's last day from a table of
what is known. Those that need nothing of reports call `named_actions`: the same, from the actions alone unless a status
is asked for. Those that need the numbers of actions and no more call `numbered_actions`: as `counted_actions`, but
where only words are sought, what a large snapshot's list of words has found is all that is read.
"""

import re
from collections.abc import Collection
from functools import cache
from pathlib import Path

from dashboard.queries.large_snapshots import Ways, among_found, find_listed
from dashboard.queries.query_templates import fill, find_template

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

SELECTION = ", ".join(f"${name}" for name in ("as_of", *FILTERS))
"""What stands for `$selection` in a query: the day and every filter."""

FOUND = "found_actions"
ROWS = {"selected_actions": "actions_on(as_of)", "named_actions": "actions", "last_day": "last_day", FOUND: ""}
"""What the actions of a selection can be taken from: with what is known on a day, by themselves, from the last day; or
nothing but the numbers that the list of words gives."""

_KINDS = ("selected", "counted", "named", "numbered")
_CALL = re.compile(rf"\b({'|'.join(_KINDS)})_actions\(")
_SEARCH = re.compile(r"\bworded_actions\(")
_TEXTS = ("q",)
"""Filters by texts of actions, which the table of the last day does not have."""
_FOLDER = Path(__file__).parent


@cache
def query_text(name: str) -> str:
    """The text of `dashboard/queries/<name>.sql`, or of a variant that `query_templates` declares."""
    if (found := find_template(name)) is not None:
        template, pieces = found
        return fill(template, query_text(template), pieces).replace("$selection", SELECTION)
    return (_FOLDER / f"{name}.sql").read_text(encoding="utf-8").replace("$selection", SELECTION)


def counts_a_selection(statement: str) -> bool:
    """Whether a statement reads the actions of a selection."""
    return _CALL.search(statement) is not None


def searches_all(statement: str) -> bool:
    """Whether a statement looks for words in all actions, whatever the selection."""
    return _SEARCH.search(statement) is not None


def choose_rows(
    statement: str, used_filters: Collection[str], ways: Ways | None = None, *, is_last_day: bool = False
) -> str:
    """Which of `ROWS` have all that a statement and its filters read, in the fewest columns and joins."""
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
    """A statement that reads the actions of a selection by some of its filters alone: those of `lean_selection`."""
    return _CALL.sub(f"{lean_name(used_filters, rows, ways)}(", statement)


def lean_selection(used_filters: Collection[str], rows: str = "selected_actions", ways: Ways | None = None) -> str:
    """The statement that creates the actions of a selection by some of its filters; the others are not looked at.

    With `ways` the words are looked for by those, in the list of a large snapshot.
    """
    conditions = [FILTERS[parameter] for parameter in used_filters if ways is None or parameter not in _TEXTS]
    return _create(lean_name(used_filters, rows, ways), ROWS[rows], conditions, ways)


def lean_name(used_filters: Collection[str], rows: str = "selected_actions", ways: Ways | None = None) -> str:
    """What the actions of a selection by some of its filters are called."""
    name = "_".join((f"{rows}_by", *used_filters))
    return name if ways is None else f"{name}__{ways.name}"


def call_listed_search(statement: str, ways: Ways) -> str:
    """A statement that looks for words in all actions by the list of a large snapshot."""
    return _SEARCH.sub(f"worded_actions_by_{ways.name}(", statement)


def listed_search(ways: Ways) -> str:
    """The statement that creates what `call_listed_search` calls."""
    rows = among_found("actions", ways)
    return "\n".join((f"create macro worded_actions_by_{ways.name}(q) as table", "select *", f"from {rows}"))


def whole_selection() -> str:
    """The statements that create all of them, with every filter; a filter that is null lets all pass."""
    conditions = [f"({name} is null or {condition})" for name, condition in FILTERS.items()]
    return ";\n".join(_create(f"{kind}_actions", ROWS["selected_actions"], conditions) for kind in _KINDS)


def _create(name: str, rows: str, conditions: list[str], ways: Ways | None = None) -> str:
    if ways is not None:
        rows = among_found(rows, ways) if rows else f"({find_listed(ways)})"
    parts = f"create macro {name}(as_of, {', '.join(FILTERS)}) as table", "select *", f"from {rows}"
    return "\n".join((*parts, f"where {' and '.join(conditions) or 'true'}"))
