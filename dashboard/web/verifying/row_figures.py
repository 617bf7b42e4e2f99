"""Compare files of rows with those made again: CSV, Parquet, JSON, and every cell of a workbook."""

import csv
import json
import re
from difflib import get_close_matches
from html import escape, unescape
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

import openpyxl
import pyarrow.parquet

from dashboard.errors import N_, sentence
from dashboard.ground.base_urls import is_whole, portable
from dashboard.snapshot.receipts.receipt import NAME
from dashboard.web.verifying.deviation import (
    NOTHING,
    TABLE,
    WHOLE_FILE,
    Comparison,
    Grid,
    compare_grids,
    have_same_numbers,
    name_column,
    same,
)
from dashboard.web.verifying.kinds import open_package

_DELIMITERS = ",;\t"
FORMAT = sentence(N_("the format of a value"))
DRAWING_OF_BOOK = sentence(N_("a chart or drawing of the workbook"))
_WRITTEN_DIGITS = re.compile(r'"[^"]*\d[^"]*"|\\\d')
_FORMAT_CODE = re.compile(r'formatCode="([^"]*)"')
_DRAWN = re.compile(r"xl/(?:charts|drawings)/[a-z]+\d+\.xml")
_DRAWN_TEXT = re.compile(r'\bdescr="([^"]*)"|<(?:\w+:)?t>([^<]*)<|<(?:\w+:)?f>([^<]*)<')
"""Words for pictures, words of charts, the areas that their values come from."""
_MOMENTS = (NAME, "dateModified")
"""Keys of the time and the program, not of figures."""


def compare_csv(actual: bytes, expected: bytes) -> Comparison:
    """Compare row by row; a spreadsheet may have saved the file with another separator and encoding."""
    return compare_grids(*(Grid(_read_csv(content), TABLE) for content in (actual, expected)))


def compare_parquet(actual: bytes, expected: bytes) -> Comparison:
    """Compare row by row.

    Raises:
        ValueError: it is no readable Parquet file.
    """
    return compare_grids(*(Grid(_read_parquet(content), TABLE) for content in (actual, expected)))


def compare_json(actual: bytes, expected: bytes) -> Comparison:
    """Compare a list of rows as a table; anything else value by value.

    Raises:
        ValueError: it is no JSON.
    """
    ours, theirs = json.loads(actual), json.loads(expected)
    if _is_table(ours) and _is_table(theirs):
        return compare_grids(*(Grid(_list_rows(one), TABLE) for one in (ours, theirs)))
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
            result.differ("description", description, sentence(N_("what the chart’s page says")))
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
            result.differ(place or WHOLE_FILE, json.dumps(actual), json.dumps(expected))


def compare_books(actual: bytes, expected: bytes) -> Comparison:
    """Compare sheet by sheet, by their names, and what is drawn beside them.

    For formulas, compare the values saved with the file. In an address of the computer that made the file, only the
    path and the query count, as in its receipt.

    Raises:
        ValueError: the file is no readable workbook.
    """
    result = Comparison()
    ours, theirs = (_open(content) for content in (actual, expected))
    _compare_drawn(result, actual, expected)
    formulas: dict[str, dict[str, str]] | None = None
    for name in theirs.sheetnames:
        if name not in ours.sheetnames:
            result.remark(sentence(N_("The sheet “{name}” is not there, and is not compared."), name=name))
            continue
        rows, should = _rows(ours[name]), _rows(theirs[name])
        if _lacks_values(rows, should):
            formulas = formulas or _read_formulas(expected)
            rows = _fill(rows, should, _read_formulas(actual).get(name, {}), formulas.get(name, {}))
        rows = [[portable(cell) if isinstance(cell, str) and is_whole(cell) else cell for cell in row] for row in rows]
        sheet = sentence(N_("sheet “{name}”"), name=name)
        result.take(compare_grids(*(Grid(one, sheet, is_sheet=True) for one in (rows, should))))
    for name in ours.sheetnames:
        if name not in theirs.sheetnames:
            result.remark(sentence(N_("The sheet “{name}” is not the dashboard’s, and is not compared."), name=name))
    return result


def shows_digits(code: str) -> bool:
    """Return whether the format of a value writes digits of its own, whatever the value is."""
    return bool(_WRITTEN_DIGITS.search(code))


def _compare_drawn(result: Comparison, actual: bytes, expected: bytes) -> None:
    """Compare what a workbook shows beside the values of its cells: formats with digits; words and areas of charts."""
    with open_package(actual) as ours, open_package(expected) as theirs:
        packages = (ours, theirs)
        codes = [set(filter(shows_digits, _list_matches(one, "xl/styles.xml", _FORMAT_CODE))) for one in packages]
        for code in sorted(codes[0] - codes[1]):
            result.differ(FORMAT, code, NOTHING)
        ours_drawn, theirs_drawn = (
            {
                text.replace("$", "")
                for name in one.namelist()
                if _DRAWN.fullmatch(name)
                for text in _list_matches(one, name, _DRAWN_TEXT)
            }
            for one in packages
        )
        for text in sorted(ours_drawn - theirs_drawn):  # what is not there says nothing: programs drop it
            near = next(iter(get_close_matches(text, theirs_drawn, 1, 0)), NOTHING)
            if not have_same_numbers(text, near):
                result.differ(DRAWING_OF_BOOK, text, near, is_text="!" not in text)


def _list_matches(package: ZipFile, name: str, pattern: re.Pattern[str]) -> list[str]:
    text = package.read(name).decode("utf-8", "replace") if name in package.namelist() else ""
    return [unescape(next(filter(None, match.groups()), "")) for match in pattern.finditer(text)]


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
