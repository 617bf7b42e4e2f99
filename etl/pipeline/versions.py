"""The versions of one register, and the newest of them, as a recipe's `[replaces]` says.

The order never depends on when a file was copied: a date in the name, a stated order or the latest day of reporting
decides; where none does, or two versions are alike, the build is refused.
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

import duckdb

from dashboard.errors import UserError
from etl.profiling import timed
from etl.recipes.recipe_file import Recipe, Replaces
from etl.sqlfiles import ask, insert_rows

_YEAR = r"(?<!\d)((?:19|20)\d\d)"
_DATES = (
    re.compile(_YEAR + r"([-_. ]?)(0[1-9]|1[0-2])(?:\2(0[1-9]|[12]\d|3[01]))?(?!\d)"),
    re.compile(_YEAR + r"()[-_. ]?q([1-4])(?!\d)", re.IGNORECASE),
    re.compile(_YEAR + r"(?!\d)"),
)


class VersionError(UserError):
    """Nothing decides which of several versions of a register is the newest."""


@timed("versions")
def number_versions(connection: duckdb.DuckDBPyConnection, read: Iterable[tuple[str, Recipe]]) -> bool:
    """Fill `file_versions`; return whether there are any.

    `connection`: the work database, with every sheet staged.

    Raises:
        VersionError: a name has no date or fits no place of the order, two versions are alike, or two recipes
            disagree.
    """
    pairs = list(dict.fromkeys((name, recipe.id) for name, recipe in read))
    recipes = {recipe.id: recipe for _, recipe in read}
    families: dict[tuple[str, ...], int] = {}
    for recipe in recipes.values():
        if recipe.replaces is None:
            continue
        patterns = recipe.replaces.file_names
        files = {name for name, by in pairs if (_fits(name, patterns) if patterns else by == recipe.id)}
        if len(files) > 1:
            families.setdefault(_sort(connection, recipe.id, recipe.replaces, sorted(files)), len(families))
    placed = [name for family in families for name in family]
    for name in placed:
        if placed.count(name) > 1:
            raise VersionError(
                f"{name} is a version of several registers, as the recipes say.",
                "Make file_names under [replaces] narrower, or let the recipes say the same.",
            )
    rows = [
        (name, number, place, place == len(family))
        for family, number in families.items()
        for place, name in enumerate(family, 1)
    ]
    insert_rows(connection, "file_versions", rows)
    return bool(rows)


def _sort(connection: duckdb.DuckDBPyConnection, recipe: str, rule: Replaces, files: Sequence[str]) -> tuple[str, ...]:
    """Sort the files, the oldest first."""
    if rule.newest_by == "last_report":
        days = dict(ask(connection, "last_reports", {"files": list(files)}))
        places: dict[str, str | None] = {name: days.get(name) for name in files}
        lacking, remedy = "reports no day", "Map the column of the day to reported_on, or choose another newest_by."
    elif rule.newest_by == "order":
        places = {name: _place(name, rule.order) for name in files}
        lacking, remedy = "fits no name, or several, in the order", "Write a pattern for it into order."
    else:
        places = {name: day.isoformat() if (day := date_in_name(name)) else None for name in files}
        lacking, remedy = "has no date in its name", "Name it by its date, as in register_2021-09.xlsx."
    names: dict[str, str] = {}
    for name, place in places.items():
        where = f"The recipe {recipe} says that {name} is a version of a register, but"
        if place is None:
            raise VersionError(f"{where} it {lacking}, so which one is the newest cannot be told.", remedy)
        if place in names:
            raise VersionError(f"{where} {names[place]} is just as new.", f"Take one of them away. {remedy}")
        names[place] = name
    return tuple(names[place] for place in sorted(names))


def date_in_name(name: str, *, with_years: bool = True) -> date | None:
    """Find the last date in a file's name (2021-09-30, 20210930, 2021_09, 2021-Q3, 2021), by its last day; else None.

    `with_years`: whether a year alone is one.
    """
    stem = PurePosixPath(name).stem
    for pattern in _DATES if with_years else _DATES[:-1]:
        matches = list(pattern.finditer(stem))
        if matches:
            year, *rest = (part for part in matches[-1].groups() if part is None or part.strip("-_. "))
            month = int(rest[0]) if rest else 12
            if pattern is _DATES[1]:
                month *= 3
            last = monthrange(int(year), month)[1]
            return date(int(year), month, min(int(rest[1]) if len(rest) > 1 and rest[1] else last, last))
    return None


def _place(name: str, order: Sequence[str]) -> str | None:
    places = [f"{place:06}" for place, pattern in enumerate(order) if _fits(name, [pattern])]
    return places[0] if len(places) == 1 else None


def _fits(name: str, patterns: Iterable[str]) -> bool:
    names = {name.casefold(), PurePosixPath(name).name.casefold()}
    return any(fnmatchcase(one, pattern.casefold()) for one in names for pattern in patterns)
