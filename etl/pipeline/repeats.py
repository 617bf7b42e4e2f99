"""Repeats: rows of one sheet that belong to a row of another, as form tools write repeated groups.

KoboToolbox puts a repeated group on a sheet of its own, ODK Central into a file of its own; each row bears the key of
the row it belongs to. They are joined inside one export only: two exports both count from 1.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

import duckdb

from etl.profiling import timed
from etl.readers.sheets import Sheet
from etl.recipes.recipe_file import Parent
from etl.recipes.sheet_plan import SheetPlan
from etl.sqlfiles import run_step
from etl.texts.folding import Folding, matches

# The headers that the tools write, the surest first. A recipe's own `[parent]` goes before them.
KNOWN = (
    Parent(key=("_parent_index",), of=("_index",), table=("_parent_table_name",)),
    Parent(key=("PARENT_KEY",), of=("KEY",)),
    Parent(key=("_submission__id",), of=("_id",)),
)
HEADER_ROWS_TRIED = 5  # of sheets without a recipe: a repeat inside a repeat may hang on one
_AFTER_BASE = "-_. "  # possible signs between a file's name and that of its repeat's file

_Sheet = tuple[int, SheetPlan | None, Sheet]


class _Place(NamedTuple):
    """A sheet as far as keys go: its export, its name there, and its headers."""

    number: int
    container: str
    table: str
    headers: tuple[str | None, ...]
    parent: Parent | None


@timed("repeats joined")
def join_repeats(connection: duckdb.DuckDBPyConnection, sheets: Sequence[_Sheet], fold: Folding) -> None:
    """Find the row that each row of a repeat belongs to, and let it inherit the name of its action.

    Fills the table `ancestors`, and takes rows that belong to a row that was left out from the staged tables.
    """
    places = list(_places(connection, sheets))
    links = sorted({p.parent for p in places if p.parent} - set(KNOWN), key=str)
    names = [*links, *KNOWN]
    children = [(p, link) for p in places for link in names if link in KNOWN or link == p.parent]
    with_parent = {p.container for p, link in children if _column(p.headers, link.key, fold) is not None}
    for place in places:
        if place.container in with_parent:
            _note_keys(connection, place, names, fold)
    run_step(connection, "15_parents")


def key_columns(plan: SheetPlan, fold: Folding) -> set[int]:
    """List the columns (0-based) of a sheet that join its rows to those of others."""
    links = [*KNOWN, *([plan.recipe.parent] if plan.recipe.parent else [])]
    columns = [_column(plan.headers, names, fold) for link in links for names in (link.key, link.of, link.table)]
    return {column for column in columns if column is not None}


def _places(connection: duckdb.DuckDBPyConnection, sheets: Sequence[_Sheet]) -> Iterator[_Place]:
    """List the sheets with their exports; a text file beside others of its base name is part of theirs."""
    files = connection.execute(
        "select s.sheet_no, s.file_name, f.container from sheets as s inner join files as f using (file_name)"
    ).fetchall()
    file_of = {number: (name, container) for number, name, container in files}
    alone = {name for _, name, container in files if name == container}
    for number, plan, sheet in sheets:
        name, container = file_of[number]
        if sheet.name is None and name in alone:
            container = _base(name, alone)
        headers = plan.headers if plan else _header_row(sheet)
        table = PurePosixPath(name).stem if sheet.name is None else sheet.name
        yield _Place(number, container, table, headers, plan.recipe.parent if plan else None)


def _base(name: str, names: Iterable[str]) -> str:
    """Find the file of the shortest name that this file's name begins with: `form.csv` for `form-milestones.csv`."""
    path = PurePosixPath(name)
    bases = [
        candidate
        for candidate in names
        if (o := PurePosixPath(candidate)).parent == path.parent
        and o.suffix.lower() == path.suffix.lower()
        and path.stem.startswith(o.stem)
        and (path.stem == o.stem or path.stem[len(o.stem)] in _AFTER_BASE)
    ]
    return min(bases, key=lambda base: (len(base), base))


def _header_row(sheet: Sheet) -> tuple[str | None, ...]:
    """Find the first row that bears a key's header, where no recipe says which row it is."""
    link_headers = {header for link in KNOWN for header in (*link.key, *link.of)}
    for row in sheet.preview[:HEADER_ROWS_TRIED]:
        if link_headers & {cell for cell in row if cell}:
            return row
    return ()


def _column(headers: Sequence[str | None], spellings: Iterable[str], fold: Folding) -> int | None:
    """Find the first column with one of these headers: as written, else as headers are compared."""
    for spelling in spellings:
        if spelling in headers:
            return headers.index(spelling)
    if set(spellings) & {header for link in KNOWN for header in (*link.key, *link.of, *link.table)}:
        return None  # a question called "ID" is no `_id`
    for spelling in spellings:
        pattern = fold.pattern(spelling)
        for column, header in enumerate(headers):
            if header and matches(pattern, fold(header)):
                return column
    return None


def _note_keys(connection: duckdb.DuckDBPyConnection, place: _Place, links: Sequence[Parent], fold: Folding) -> None:
    """Note the sheet's own keys and those of the rows its rows belong to, for every kind of link."""
    is_repeat = False
    for rank, link in enumerate(links):
        key = _column(place.headers, link.key, fold) if link in KNOWN or link == place.parent else None
        if key is None:
            continue
        is_repeat = True
        table = _column(place.headers, link.table, fold)
        connection.execute(
            "insert into row_parents select $no, source_row, $container, $rank, "  # noqa: S608  (column and table numbers)
            f"read_id(c{key + 1}), {'null' if table is None else f'c{table + 1}'} "
            f"from raw_{place.number} where c{key + 1} is not null",
            {"no": place.number, "container": place.container, "rank": rank},
        )
    for rank, link in enumerate(links):
        column = _column(place.headers, link.of, fold)
        if column is not None:
            connection.execute(
                "insert into row_keys select $no, source_row, $container, $rank, "  # noqa: S608  (as above)
                f"read_id(c{column + 1}), $table, $is_repeat from raw_{place.number} where c{column + 1} is not null",
                {
                    "no": place.number,
                    "container": place.container,
                    "rank": rank,
                    "table": place.table,
                    "is_repeat": is_repeat,
                },
            )
