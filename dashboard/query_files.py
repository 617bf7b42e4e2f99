"""The texts of the queries, which are files: `dashboard/queries/<name>.sql`."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product
from typing import Any

from dashboard.paths import QUERIES

MACROS = ("fold", "macros", "sheet")
"""Queries that define what the others use; run first, beside the snapshot's tables."""

SELECTED = "selected_actions"
"""The macro that every measure counts: the actions of a selection."""

_MEMBER_FILTER = re.compile(r"\n    and \((\w+) is null or action_no in \(.*?\n    \)\)", re.DOTALL)
_CREATED = re.compile(rf"create macro {SELECTED}\(.*?;", re.DOTALL)
_CALLED = re.compile(rf"\b{SELECTED}\(")


@cache
def query_text(name: str) -> str:
    """The text of `dashboard/queries/<name>.sql`."""
    return (QUERIES / f"{name}.sql").read_text(encoding="utf-8")


@cache
def member_filters() -> tuple[str, ...]:
    """The parameters of `selected_actions` that look into the members of dimensions."""
    return tuple(match[1] for match in _MEMBER_FILTER.finditer(query_text("macros")))


def lean_macros() -> Iterator[str]:
    """`selected_actions` without some of the looks into members, one statement for each choice of them."""
    created = _CREATED.search(query_text("macros"))
    assert created is not None  # noqa: S101  (the file defines it)
    for kept in product((False, True), repeat=len(member_filters())):
        names = {name for name, is_kept in zip(member_filters(), kept, strict=True) if is_kept}
        text = created[0]
        for look in _MEMBER_FILTER.finditer(created[0]):
            text = text if look[1] in names else text.replace(look[0], "")
        yield text.replace(SELECTED, _lean_name(names), 1)


def without_idle_filters(statement: str, parameters: Mapping[str, Any]) -> str:
    """A statement on the actions of a selection, told to leave out what its parameters do not filter by."""
    if _CALLED.search(statement) is None:
        return statement
    names = {name for name in member_filters() if parameters.get(name) is not None}
    return _CALLED.sub(f"{_lean_name(names)}(", statement)


def _lean_name(kept: set[str]) -> str:
    return "_".join((SELECTED, "by", *(name for name in member_filters() if name in kept)))
