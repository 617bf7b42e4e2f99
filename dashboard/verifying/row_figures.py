"""Files of rows held against those that are made again: CSV, Parquet, JSON."""

import csv
import json
from html import escape
from io import BytesIO, StringIO
from typing import Any

import pyarrow.parquet

from dashboard.receipts.receipt import NAME
from dashboard.verifying.deviation import Comparison, Grid, compare_grids, same

_DELIMITERS = ",;\t"
_MOMENTS = (NAME, "dateModified")
"""Keys that say when and by which program, not what."""


def compare_csv(actual: bytes, expected: bytes) -> Comparison:
    """Row by row; a spreadsheet may have saved it with another separator and encoding."""
    return compare_grids(*(Grid(_read_csv(content), "the table") for content in (actual, expected)))


def compare_parquet(actual: bytes, expected: bytes) -> Comparison:
    """Row by row.

    Raises:
        ValueError: it is no Parquet file that can be read.
    """
    return compare_grids(*(Grid(_read_parquet(content), "the table") for content in (actual, expected)))


def compare_json(actual: bytes, expected: bytes) -> Comparison:
    """A list of rows as a table; anything else value by value.

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
    """What oEmbed says of a chart: its finding must stand in the chart's page; other descriptions hold no figures.

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
