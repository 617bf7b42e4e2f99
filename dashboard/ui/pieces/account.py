"""The account of input files in a table: of the rows read, how many were accepted, merged, rejected."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from dashboard import formats
from dashboard.ui.frame.page import Frame
from dashboard.ui.pieces import html_tables
from dashboard.ui.pieces.html_tables import Column

_COUNTS = ("rows_read", "rows_accepted", "rows_merged", "rows_rejected")


def name_columns(view: Frame) -> tuple[Column, ...]:
    """The columns of the four counts."""
    t = view.t
    return html_tables.figures(t("Rows read"), t("Accepted"), t("Merged"), t("Rejected"))


def write_counts(view: Frame, row: Mapping[Any, Any]) -> list[str]:
    """The four counts of a file or sheet, by their names in the snapshot."""
    return [formats.format_count(row[name], view.lang) for name in _COUNTS]


def write_totals(view: Frame, frame: pd.DataFrame) -> list[str]:
    """The four counts of all files or sheets together."""
    return [formats.format_count(int(frame[name].sum()), view.lang) for name in _COUNTS]
