"""Two ways to write CSV: with commas and decimal points, or for spreadsheets of languages with a decimal comma."""

from collections.abc import Sequence
from typing import NamedTuple

from dashboard.errors import SelectionError
from dashboard.formats import decimal_mark

PARAMETER = "csv"
"""The name of the choice in links."""


class CsvStyle(NamedTuple):
    """The sign between the values of a row, and the one before the decimals of a number."""

    delimiter: str
    decimal_mark: str


COMMA, SEMICOLON = "comma", "semicolon"
STYLES = {COMMA: CsvStyle(",", "."), SEMICOLON: CsvStyle(";", ",")}
"""By name: RFC 4180, for most programs; and the way that Excel opens with a double click in French or Spanish."""

BOM = "\ufeff"
"""The mark by which Excel recognises UTF-8."""

WITH_CSV = ("csv", "zip")
"""The formats that hold CSV files."""


def usual_style(lang: str) -> str:
    """Return the name of the way that spreadsheets of a language open with a double click."""
    return SEMICOLON if decimal_mark(lang) == STYLES[SEMICOLON].decimal_mark else COMMA


def find_style(name: str) -> CsvStyle:
    """Find the way of a name.

    Raises:
        SelectionError: there is none of this name.
    """
    if name not in STYLES:
        raise SelectionError(f"{PARAMETER}={name!r} is not available.", PARAMETER, tuple(STYLES), name)
    return STYLES[name]


def read_style(values: Sequence[str], file_format: str = "csv") -> str:
    """Read the way to write CSV from a link's parameter or a command's option; commas by default.

    The last value counts, written in any case.

    Raises:
        SelectionError: there is no such way, or the file holds no CSV.
    """
    name = values[-1].strip().lower() if values else ""
    if not name:
        return COMMA
    find_style(name)
    if file_format not in WITH_CSV:
        raise SelectionError(f"{PARAMETER} goes with CSV files, not with {file_format}.", PARAMETER, WITH_CSV, name)
    return name
