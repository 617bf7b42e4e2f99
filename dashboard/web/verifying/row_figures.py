"""Compare files of rows with those made again: CSV, Parquet, JSON, and every cell of a workbook."""

import csv
import json
from html import escape
from io import BytesIO, StringIO
from typing import Any

import openpyxl
import pyarrow.parquet

from dashboard.ground.base_urls import is_whole, portable
from dashboard.snapshot.receipts.receipt import NAME
from dashboard.web.verifying.deviation import Comparison, Grid, compare_grids, name_column, same

_DELIMITERS = ",;\t"
_MOMENTS = (NAME, "dateModified")
"""Keys of the time and the program, not of figures."""


def compare_csv(actual: bytes, expected: bytes) -> Comparison:
    """Compare row by row; a spreadsheet may have saved the file with another separator and encoding."""
    return compare_grids(*(Grid(_read_csv(content), "the table") for content in (actual, expected)))


def compare_parquet(actual: bytes, expected: bytes) -> Comparison:
    """Compare row by row.

    Raises:
        ValueError: it is no readable Parquet file.
    """
    return compare_grids(*(Grid(_read_parquet(content), "the table") for content in (actual, expected)))


def compare_json(actual: bytes, expected: bytes) -> Comparison:
    """Compare a list of rows as a table; anything else value by value.

    Raises:
        ValueError: it is no JSON.
    """
    ours, theirs = json.loads(actual), json.loads(expected)
    if _is_table(ours) and _is_table(theirs):
        return compare_grids(*(Grid(_list_rows(one), "the table") for one in (ours, theirs)))
    result = Comparison()
    _compare_values(result, ours, theirs, "")
    return result


def compare_offer(actual: bytes, expected: bytes) -> Comparison:
    """Compare a chart's oEmbed: its finding must stand in the chart's page; other descriptions hold no figures.

    Raises:
        ValueError: it is no JSON.
    """
    result, offered = Comparison(), json.loads(actual)
    description = offered.get("description") if isinstance(offered, dict) and "html" in offered else None
    if isinstance(description, str):
        result.compared = 1
        if escape(description) not in expected.decode("utf-8", "replace"):
            result.differ("description", description, "what the chart's page says")
    return result


def _read_csv(content: bytes) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    rows = [row for row in csv.reader(StringIO(text, newline=""), delimiter=delimiter) if row]
    width = max(map(len, rows), default=0)
    return [row + [""] * (width - len(row)) for row in rows]


def _read_parquet(content: bytes) -> list[list[Any]]:
    table = pyarrow.parquet.read_table(BytesIO(content))
    columns = [column.to_pylist() for column in table.columns]
    return [list(table.column_names), *(list(row) for row in zip(*columns, strict=True))]


def _is_table(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict) for row in value)


def _list_rows(rows: list[dict[str, Any]]) -> list[list[Any]]:
    names = list(dict.fromkeys(name for row in rows for name in row))
    return [names, *([row.get(name) for name in names] for row in rows)]


def _compare_values(result: Comparison, actual: Any, expected: Any, place: str) -> None:
    if isinstance(actual, dict) and isinstance(expected, dict):
        for name in dict.fromkeys([*expected, *actual]):
            if name not in _MOMENTS:
                _compare_values(result, actual.get(name), expected.get(name), f"{place}.{name}" if place else name)
    elif isinstance(actual, list) and isinstance(expected, list) and len(actual) == len(expected):
        for number, (actual_value, expected_value) in enumerate(zip(actual, expected, strict=True)):
            _compare_values(result, actual_value, expected_value, f"{place}[{number}]")
    else:
        result.compared += 1
        if not same(actual, expected):
            result.differ(place or "the file", json.dumps(actual), json.dumps(expected))


def compare_books(actual: bytes, expected: bytes) -> Comparison:
    """Compare sheet by sheet, by their names. For formulas, compare the values saved with the file.

    In an address of the computer that made the file, only the path and the query count, as in its receipt.

    Raises:
        ValueError: the file is no readable workbook.
    """
    result = Comparison()
    ours, theirs = (_open(content) for content in (actual, expected))
    formulas: dict[str, dict[str, str]] | None = None
    for name in theirs.sheetnames:
        if name not in ours.sheetnames:
            result.remark(f"The sheet “{name}” is not there, and is not compared.")
            continue
        rows, should = _rows(ours[name]), _rows(theirs[name])
        if _lacks_values(rows, should):
            formulas = formulas or _read_formulas(expected)
            rows = _fill(rows, should, _read_formulas(actual).get(name, {}), formulas.get(name, {}))
        rows = [[portable(cell) if isinstance(cell, str) and is_whole(cell) else cell for cell in row] for row in rows]
        result.take(compare_grids(*(Grid(one, f"sheet “{name}”", is_sheet=True) for one in (rows, should))))
    for name in ours.sheetnames:
        if name not in theirs.sheetnames:
            result.remark(f"The sheet “{name}” is not the dashboard's, and is not compared.")
    return result


def _open(content: bytes, *, values: bool = True) -> Any:
    return openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=values)


def _rows(sheet: Any) -> list[list[Any]]:
    """List the cells of a sheet; cut empty cells at the ends, and make all rows as long as the longest."""
    if hasattr(sheet, "reset_dimensions"):  # the file may state a wrong size
        sheet.reset_dimensions()
    rows = [list(row) for row in sheet.iter_rows(values_only=True)] if hasattr(sheet, "iter_rows") else []
    while rows and all(cell is None for cell in rows[-1]):
        rows.pop()
    longest = max((place + 1 for row in rows for place, cell in enumerate(row) if cell is not None), default=0)
    return [(row + [None] * longest)[:longest] for row in rows]


def _lacks_values(rows: list[list[Any]], should: list[list[Any]]) -> bool:
    """Return whether values are missing that formulas have after a spreadsheet saves them."""
    pairs = (
        (actual_cell, expected_cell)
        for row, expected_row in zip(rows, should, strict=False)
        for actual_cell, expected_cell in zip(row, expected_row, strict=False)
    )
    return any(actual_cell is None and expected_cell is not None for actual_cell, expected_cell in pairs)


def _read_formulas(content: bytes) -> dict[str, dict[str, str]]:
    """Read the formulas of a workbook by sheet and cell."""
    book = _open(content, values=False)
    formulas: dict[str, dict[str, str]] = {}
    for name in book.sheetnames:
        for row, cells in enumerate(_rows(book[name])):
            for column, cell in enumerate(cells):
                if isinstance(cell, str) and cell.startswith("="):
                    formulas.setdefault(name, {})[f"{name_column(column)}{row + 1}"] = cell
    return formulas


def _fill(
    rows: list[list[Any]], should: list[list[Any]], actual_formulas: dict[str, str], expected_formulas: dict[str, str]
) -> list[list[Any]]:
    """Fill in the values of unchanged formulas: a program that computes none leaves none."""
    filled = [list(row) for row in rows]
    for number, row in enumerate(should):
        for column, value in enumerate(row):
            place = f"{name_column(column)}{number + 1}"
            is_there = number < len(filled) and column < len(filled[number])
            if (
                is_there
                and filled[number][column] is None
                and place in expected_formulas
                and actual_formulas.get(place) == expected_formulas[place]
            ):
                filled[number][column] = value
    return filled
