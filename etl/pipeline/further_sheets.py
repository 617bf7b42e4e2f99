"""The sheets without a recipe beside a register in the same workbook: find those that seem to belong to it.

A later round of reports (the register's ids beside another status), further rows without a header row, or a table on
its side would be left out in silence: the check `further_sheet` asks staff about such a sheet.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

import duckdb

from etl.readers.sheets import Sheet
from etl.recipes.fields import FIELDS, IDS, Kind, Role
from etl.recipes.recognition import HEADER_ROWS_TRIED
from etl.recipes.shapes.model import Tool
from etl.recipes.shapes.tools import find_tool
from etl.recipes.sheet_plan import SheetPlan, find_keys
from etl.sqlfiles import insert_rows
from etl.texts.folding import Folding

_FEWEST = 2  # cells that show something
_SHORT = re.compile(r"\d{1,4}")
_UNTOLD = (Role.TEXT, Role.PROSE, Role.DAY, Role.TIME, Role.NUMBER)


class _Register(NamedTuple):
    """A sheet of actions, for the comparison with another sheet.

    Attributes:
        headers: Its headers, folded.
        rows: Its first rows, below the headers.
        ids: The values of its columns of ids.
        codes: The values of its columns of codes, by column (0-based).
    """

    plan: SheetPlan
    headers: tuple[str, ...]
    rows: Sequence[Sequence[str | None]]
    ids: frozenset[str]
    codes: dict[int, frozenset[str]]


def note_further_sheets(
    connection: duckdb.DuckDBPyConnection,
    files: Sequence[str],
    sheets: Sequence[tuple[int, SheetPlan | None, Sheet]],
    fold: Folding,
) -> None:
    """Note in `further_sheets` the sheets that staff are asked about, and those that staff had read as further rows.

    `connection`: the work database; `raw_<number>` holds each sheet's rows, all of them.
    """
    further_rows = []
    file_of_sheet = {
        number: name
        for name, (number, plan, sheet) in zip(files, sheets, strict=True)
        if sheet.name and (plan is None or plan.answer("further_sheet"))
    }
    registers: dict[str, list[_Register]] = {name: [] for name in file_of_sheet.values()}
    for name, (number, plan, sheet) in zip(files, sheets, strict=True):
        if name in registers and plan is not None and number not in file_of_sheet and _is_register(plan, sheet):
            registers[name].append(_describe(connection, number, plan, sheet, fold))
    for number, _, sheet in sheets:
        if number in file_of_sheet:
            reasons = [why for one in registers[file_of_sheet[number]] if (why := _compare(one, sheet, fold))]
            further_rows += [(number, *max(reasons, key=lambda why: why[2]))] if reasons else []  # a round goes before
    insert_rows(connection, "further_sheets", further_rows)


def _is_register(plan: SheetPlan, sheet: Sheet) -> bool:
    """Return whether a sheet is a register that people keep: a form tool's further sheets are repeats."""
    is_first = bool(plan.header_row) and plan.recipe.holds is Kind.ACTIONS
    return is_first and find_tool(sheet, plan.header_row)[0] is Tool.PLAIN


def _describe(
    connection: duckdb.DuckDBPyConnection, number: int, plan: SheetPlan, sheet: Sheet, fold: Folding
) -> _Register:
    def read(columns: Iterable[int]) -> frozenset[str]:
        queries = [f"select distinct c{c + 1} from raw_{number}" for c in columns]  # noqa: S608  (numbers)
        return frozenset(words for query in queries for (words,) in connection.execute(query).fetchall() if words)

    coded = [f.name for f in FIELDS[plan.recipe.holds] if f.role not in _UNTOLD and f.name not in IDS]
    columns = {c for name in coded if name in plan.places for c in plan.places[name].columns}
    ids = {c for name in IDS if name in plan.places for c in plan.places[name].columns}
    headers = tuple(fold(header) if header else "" for header in plan.headers)
    rows = sheet.preview[plan.first_row - 1 :]
    return _Register(plan, headers, rows, read(ids), {c: read([c]) for c in columns - ids})


def _compare(register: _Register, sheet: Sheet, fold: Folding) -> tuple[str, int, bool] | None:
    """Find why a sheet seems to belong to a register, how many cells show it, and whether it may be reports."""
    keys = find_keys(sheet, register.rows, {name: place.columns for name, place in register.plan.places.items()})
    rows = [row for row in sheet.preview if any(row)]
    headers = set(register.headers) - {""}
    folded = [[fold(cell) if cell else "" for cell in row] for row in rows[:HEADER_ROWS_TRIED]]
    shared = max((_count_headers(row, headers) for row in folded), default=0)
    for column in zip(*rows, strict=False):
        cells = {cell for cell in column if cell}
        same = cells & register.ids
        is_header = bool(headers.intersection(fold(cell) for cell in column[:1] if cell))
        tells = shared or is_header or not all(_SHORT.fullmatch(cell) for cell in same)
        if len(same) >= _FEWEST and 2 * len(same) >= len(cells) and tells:
            return "ids", len(same), bool(keys)
    if "title" in keys:
        return "titles", keys["title"].cells, True
    if shared:
        return "headers", shared, bool(keys)
    if _continues(register, rows):
        return "rows", len(rows), bool(keys)
    return ("side", len(rows), False) if _lies_on_its_side(register, rows, fold) else None


def _count_headers(row: Collection[str], headers: Collection[str]) -> int:
    """Count the cells of a row that are headers of the register; 0 where they show nothing."""
    filled = [cell for cell in row if cell]
    same = len(set(filled).intersection(headers))
    return same if same >= _FEWEST and 2 * same >= len(filled) else 0


def _continues(register: _Register, rows: Sequence[Sequence[str | None]]) -> bool:
    """Return whether rows fill the columns of the register, and one of codes with its own values."""
    filled = {i for row in rows for i, cell in enumerate(row) if cell}
    columns = {i for i, header in enumerate(register.headers) if header}
    if not filled or not filled <= columns or 3 * len(filled) < 2 * len(columns):
        return False
    codes = (([row[i] for row in rows if i < len(row)], values) for i, values in register.codes.items())
    return any(_are_known(cells, values) for cells, values in codes)


def _lies_on_its_side(register: _Register, rows: Sequence[Sequence[str | None]], fold: Folding) -> bool:
    """Return whether the register's headers stand in the first column, and one row of codes has its values."""
    first = [fold(row[0]) if row and row[0] else "" for row in rows]
    if not _count_headers(first, set(register.headers) - {""}):
        return False
    by_header = {register.headers[i]: values for i, values in register.codes.items()}
    return any(_are_known(row[1:], by_header.get(name, frozenset())) for name, row in zip(first, rows, strict=True))


def _are_known(cells: Iterable[str | None], values: Collection[str]) -> bool:
    """Return whether at least half of the cells are among these values."""
    filled = [cell for cell in cells if cell]
    same = sum(cell in values for cell in filled)
    return same >= _FEWEST and 2 * same >= len(filled)
