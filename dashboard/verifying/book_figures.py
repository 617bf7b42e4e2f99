"""A workbook held against the one that is made again: every cell of every sheet."""

from io import BytesIO
from typing import Any

import openpyxl

from dashboard.ground.base_urls import is_whole, portable
from dashboard.verifying.deviation import Comparison, Grid, compare_grids, name_column


def compare_books(actual: bytes, expected: bytes) -> Comparison:
    """Sheet by sheet, by their names. Of formulas the values are compared that the file was saved with.

    Of an address of the computer that made the file, the path and the query count, as in its receipt.

    Raises:
        ValueError: the file is no workbook that can be read.
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
    """The cells of a sheet; what is empty at the ends is left out, and all rows are as long as the longest."""
    if hasattr(sheet, "reset_dimensions"):  # what the file says of its size may be wrong
        sheet.reset_dimensions()
    rows = [list(row) for row in sheet.iter_rows(values_only=True)] if hasattr(sheet, "iter_rows") else []
    while rows and all(cell is None for cell in rows[-1]):
        rows.pop()
    longest = max((place + 1 for row in rows for place, cell in enumerate(row) if cell is not None), default=0)
    return [(row + [None] * longest)[:longest] for row in rows]


def _lacks_values(rows: list[list[Any]], should: list[list[Any]]) -> bool:
    """Whether values are missing that formulas have when a spreadsheet saves them."""
    pairs = (
        (actual_cell, expected_cell)
        for row, expected_row in zip(rows, should, strict=False)
        for actual_cell, expected_cell in zip(row, expected_row, strict=False)
    )
    return any(actual_cell is None and expected_cell is not None for actual_cell, expected_cell in pairs)


def _read_formulas(content: bytes) -> dict[str, dict[str, str]]:
    """The formulas of a workbook by sheet and cell."""
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
    """The rows with the values of formulas that are as they were made: a program that computes none leaves none."""
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
