"""Tables of records: each column says what it writes of one; long ones are folded under their title and number."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import pandas as pd
import streamlit as st

from dashboard import formats
from dashboard.ui.frame.page import Frame
from dashboard.ui.pieces import html_tables
from dashboard.ui.pieces.html_tables import Column

Records = pd.DataFrame | Sequence[Any]


class Cells(NamedTuple):
    """One column: its heading, what it writes of a record, and whether that is words (left) or a figure (right)."""

    label: str
    write: Callable[[Any], str]
    is_words: bool = True


def count(view: Frame, label: str, name: str) -> Cells:
    """The column of a number that records have under a name; nothing where it is missing."""

    def write(record: Any) -> str:
        return "" if pd.isna(record[name]) else formats.format_count(int(record[name]), view.lang)

    return Cells(label, write, is_words=False)


def show(records: Records, columns: Sequence[Cells], *, is_long: bool = False) -> None:
    """Draw a table of records, whatever these are."""
    st.html(html_tables.render(*lay_out(records, columns), is_long=is_long))


def show_list(view: Frame, title: str, records: Records, columns: Sequence[Cells], note: str = "") -> None:
    """Draw a table folded away under its title and number; nothing where there are no records.

    A frame says in its column `in_all` how many there are where not all of them are listed.
    """
    if len(records):
        in_all = records["in_all"].iloc[0] if isinstance(records, pd.DataFrame) and "in_all" in records else None
        name = name_list(view, title, len(records) if in_all is None else int(in_all), len(records))
        html_tables.show_folded(name, *lay_out(records, columns), note)


def name_list(view: Frame, title: str, number: int, shown_rows: int) -> str:
    """A list's title with its length, and how much of it is shown."""
    if shown_rows < number:
        return view.t("{title}: {count}; the first {shown} are listed", title=title, count=number, shown=shown_rows)
    return view.t("{title}: {count}", title=title, count=number)


def lay_out(records: Records, columns: Sequence[Cells]) -> tuple[list[Column], list[list[str]]]:
    """The columns and the rows of a table as `html_tables` takes them."""
    rows = records.to_dict("records") if isinstance(records, pd.DataFrame) else records
    head = [Column(column.label, column.is_words) for column in columns]
    return head, [[column.write(record) for column in columns] for record in rows]
