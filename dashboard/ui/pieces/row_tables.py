"""Tables of rows to scroll and choose from: each column as wide as its words, each row high enough to hold them."""

from typing import Literal

import streamlit as st

from dashboard.formats import table_date_format
from dashboard.ui.frame.page import Frame
from dashboard.ui.frame.streamlit_grips import ColumnConfig

Kind = Literal["text", "date", "percent", "plain", "flag"]
ROW_HEIGHT = 68
"""Pixels of a row with three lines of text: Streamlit wraps words in rows of more than 64."""
_HEAD, _LETTER, _MARGIN = 36, 7, 22
_MOST_LETTERS = 40


def configure(view: Frame, label: str, letters: float, kind: str = "text") -> ColumnConfig:
    """How one column is shown.

    Args:
        view: The page.
        label: The column's heading, in the reader's language.
        letters: The letters that a line of it has room for.
        kind: A `Kind`; what is none of them is text.
    """
    config = st.column_config
    width = round(max(min(letters, _MOST_LETTERS), len(label)) * _LETTER + _MARGIN)
    if kind == "date":
        return config.DateColumn(label, format=table_date_format(view.lang), width=width)
    if kind == "percent":
        return config.NumberColumn(label, format="%d %%", width=width)
    if kind == "plain":
        return config.NumberColumn(label, width=width)
    if kind == "flag":
        return config.CheckboxColumn(label, width=width)
    return config.TextColumn(label, width=width)


def find_height(rows: int, most: int) -> int:
    """The pixels of a table of so many rows, of which at most `most` are in view."""
    return min(rows, most) * ROW_HEIGHT + _HEAD
