"""Write a chart's data as CSV, and hash its values: the same in every language, order and form."""

import csv
from io import StringIO
from typing import Any

import pandas as pd

from dashboard.charts.chart import Chart
from dashboard.ground.files.csv_styles import BOM, COMMA, find_style
from dashboard.ground.files.formula_guard import guard
from dashboard.snapshot.receipts.receipt import hash_values

_CODES = ("code", "side", "on_date", "wave", "region")
_WORDS = ("verdict",)


def hash_chart(chart: Chart) -> str:
    """Hash what a chart shows: its marks' codes and numbers and the totals, but no words."""
    data = chart.data()
    names = [
        str(name)
        for name, column in data.items()
        if column.dtype.kind in "iufb" or name in _CODES or str(name).endswith("_code")
    ]
    totals = [number for total in chart.totals for number in (total.actions, total.reported, total.completed)]
    return hash_values(names, zip(*(_list_values(data[name]) for name in names), strict=True), totals)


def _list_values(column: "pd.Series[Any]") -> list[Any]:
    """List the values of a column; of whole numbers some may be missing."""
    values = column.tolist()
    return [None if value is pd.NA else value for value in values] if column.dtype == "Int64" else values


def write_csv(chart: Chart, style: str = COMMA) -> bytes:
    """Write a chart's data as RFC 4180 asks, with the mark by which Excel knows UTF-8; unknown values are empty.

    A text that a spreadsheet would run as a formula gets an apostrophe before it.

    `style`: one of `csv_styles.STYLES`; with semicolons decimals have a comma.

    Raises:
        SelectionError: there is no such style.
    """
    delimiter, decimal_mark = find_style(style)
    data = chart.data()
    # Column by column: a frame's own writer takes several times as long for so few rows.
    columns = [_cells(c, decimal_mark) for _, c in data.items()]
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(data.columns)
    writer.writerows(zip(*columns, strict=True))
    return (BOM + text.getvalue()).encode()


def _cells(column: "pd.Series[Any]", decimal_mark: str) -> list[Any]:
    if column.dtype.kind == "b":
        return ["true" if flag else "false" for flag in column.tolist()]
    if column.dtype.kind not in "if":
        cells = zip(column, column.isna(), strict=True)
        return ["" if is_unknown else guard(str(value)) for value, is_unknown in cells]
    numbers = [None if is_unknown else n for n, is_unknown in zip(column.tolist(), column.isna(), strict=True)]
    if decimal_mark == ".":
        return numbers
    return [None if number is None else str(number).replace(".", decimal_mark) for number in numbers]
