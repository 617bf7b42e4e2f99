"""The texts of the queries, which are files: `dashboard/queries/<name>.sql`."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from dashboard.paths import QUERIES

MACROS = ("fold", "macros", "sheet", "csv")
"""Queries that define what the others use; run first, beside the snapshot's tables."""

SELECTED = "selected_actions"
"""The macro that every measure counts: the actions of a selection."""

_CREATED = re.compile(rf"create macro {SELECTED}\(.*?\bwhere\n    true(?P<filters>.*?);", re.DOTALL)
_FILTER = re.compile(r"\n    and \(\s*(?P<parameter>\w+) is null\s+or ")
_CALLED = re.compile(rf"\b{SELECTED}\(")


class Lean(NamedTuple):
    """A statement on the actions of a selection, and the statement that creates the macro it calls."""

    statement: str
    macro: str


@cache
def query_text(name: str) -> str:
    """The text of `dashboard/queries/<name>.sql`."""
    return (QUERIES / f"{name}.sql").read_text(encoding="utf-8")


@cache
def filters() -> dict[str, str]:
    """The filters of `selected_actions` as they stand in its text, by their parameter."""
    created = _CREATED.search(query_text("macros"))
    assert created is not None  # noqa: S101  (the file defines it)
    text = created["filters"]
    begun = list(_FILTER.finditer(text))
    ends = [*(match.start() for match in begun[1:]), len(text)]
    return {match["parameter"]: text[match.start() : end] for match, end in zip(begun, ends, strict=True)}


def without_idle_filters(statement: str, parameters: Mapping[str, Any]) -> Lean | None:
    """A statement on the actions of a selection without the filters that its parameters do not use; None for others."""
    if _CALLED.search(statement) is None:
        return None
    used = tuple(name for name in filters() if parameters.get(name) is not None)
    return Lean(_CALLED.sub(f"{_lean_name(used)}(", statement), _lean_macro(used))


@cache
def _lean_macro(used: tuple[str, ...]) -> str:
    """The statement that creates `selected_actions` with some of its filters only."""
    created = _CREATED.search(query_text("macros"))
    assert created is not None  # noqa: S101  (the file defines it)
    kept = "".join(clause for name, clause in filters().items() if name in used)
    return created[0].replace(created["filters"], kept).replace(SELECTED, _lean_name(used), 1)


def _lean_name(used: tuple[str, ...]) -> str:
    return "_".join((SELECTED, "by", *used))
