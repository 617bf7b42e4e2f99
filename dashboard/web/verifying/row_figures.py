"""Read the figures of files of rows: CSV, Parquet, JSON, and every cell of a workbook."""

import csv
import json
import re
from collections.abc import Iterator
from functools import cache, partial
from html import unescape
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

import openpyxl
import pyarrow.parquet

from dashboard.errors import N_, sentence
from dashboard.ground.base_urls import is_whole, portable
from dashboard.snapshot.receipts.kinds import open_package
from dashboard.snapshot.receipts.receipt import NAME
from dashboard.web.verifying.comparing import TABLE, WHOLE_FILE, Block, Figure
from dashboard.web.verifying.deviation import say_place

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


def read_csv(content: bytes) -> list[Block]:
    """Read rows of text; a spreadsheet may have saved them with another separator and encoding."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    rows = [row for row in csv.reader(StringIO(text, newline=""), delimiter=delimiter) if row]
    width = max(map(len, rows), default=0)
    return [_make_table([row + [""] * (width - len(row)) for row in rows])]


def read_parquet(content: bytes) -> list[Block]:
    """Read the rows of a Parquet file."""
    table = pyarrow.parquet.read_table(BytesIO(content))
    columns = [column.to_pylist() for column in table.columns]
    return [_make_table([list(table.column_names), *(list(row) for row in zip(*columns, strict=True))])]


def read_json(content: bytes) -> list[Block]:
    """Read a list of rows as a table; of anything else every value, by its path.

    Raises:
        ValueError: it is no JSON.
    """
    value = json.loads(content)
    if isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
        names = list(dict.fromkeys(name for row in value for name in row))
        return [_make_table([names, *([row.get(name) for name in names] for row in value)])]
    values = [Figure(path or WHOLE_FILE, (path, one)) for path, one in _list_values(value, "")]
    return [Block(WHOLE_FILE, [Figure("", ("path", "value")), *values], "values")]


def _make_table(rows: list[list[Any]]) -> Block:
    return Block(TABLE, [Figure("", row) for row in rows], "table")


def _list_values(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name in sorted(value):
            if name not in _MOMENTS:
                yield from _list_values(value[name], f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from _list_values(one, f"{path}[{number}]")
    else:
        yield path, value


def read_book(content: bytes, place: str = "") -> list[Block]:
    """Read a workbook sheet by sheet, and what it shows beside the values of its cells.

    Of formulas, the values saved with the file count. In an address of the computer that made the file, only the path
    and the query count, as in its receipt.

    Raises:
        ValueError: the file is no readable workbook.
    """
    with open_package(content) as package:
        codes = _list_matches(package, "xl/styles.xml", _FORMAT_CODE)
        drawings = sorted(filter(_DRAWN.fullmatch, package.namelist()))
        texts = [text.replace("$", "") for name in drawings for text in _list_matches(package, name, _DRAWN_TEXT)]
    additions = [Figure(say_place(place, FORMAT), (code,)) for code in sorted(filter(shows_digits, codes))]
    additions += [Figure(say_place(place, DRAWING_OF_BOOK), (text,), is_free=True) for text in texts]
    blocks = [Block(say_place(place, FORMAT), additions, "additions")]
    book = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=True)
    read_formulas = cache(partial(_read_formulas, content))
    for name in book.sheetnames:
        rows = [
            [portable(cell) if isinstance(cell, str) and is_whole(cell) else cell for cell in row]
            for row in _list_rows(book[name])
        ]
        sheet = say_place(place, sentence(N_("sheet “{name}”"), name=name))
        formulas = partial(_find_formula, read_formulas, name)
        blocks.append(Block(sheet, [Figure("", row) for row in rows], "sheet", formulas=formulas))
    return blocks


def shows_digits(code: str) -> bool:
    """Return whether the format of a value writes digits of its own, whatever the value is."""
    return bool(_WRITTEN_DIGITS.search(code))


def _list_matches(package: ZipFile, name: str, pattern: re.Pattern[str]) -> list[str]:
    text = package.read(name).decode("utf-8", "replace") if name in package.namelist() else ""
    return [unescape(next(filter(None, match.groups()), "")) for match in pattern.finditer(text)]


def _list_rows(sheet: Any) -> list[list[Any]]:
    """List the cells of a sheet; cut empty cells at the ends, and make all rows as long as the longest."""
    if hasattr(sheet, "reset_dimensions"):  # the file may state a wrong size
        sheet.reset_dimensions()
    rows = [list(row) for row in sheet.iter_rows(values_only=True)] if hasattr(sheet, "iter_rows") else []
    while rows and all(cell is None for cell in rows[-1]):
        rows.pop()
    longest = max((place + 1 for row in rows for place, cell in enumerate(row) if cell is not None), default=0)
    return [(row + [None] * longest)[:longest] for row in rows]


def _read_formulas(content: bytes) -> dict[tuple[str, int, int], str]:
    book = openpyxl.load_workbook(BytesIO(content), read_only=True)
    return {
        (name, row, column): cell
        for name in book.sheetnames
        for row, cells in enumerate(_list_rows(book[name]))
        for column, cell in enumerate(cells)
        if isinstance(cell, str) and cell.startswith("=")
    }


def _find_formula(read_formulas: Any, sheet: str, row: int, column: int) -> str | None:
    formula: str | None = read_formulas().get((sheet, row, column))
    return formula
