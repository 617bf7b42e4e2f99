"""Tables as HTML: screen readers read them, they can be printed, are light to draw, and scroll inside where wide.

Tables of records declare what each column writes of a record; long tables are folded under title and number.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from typing import Any, NamedTuple

import pandas as pd
import streamlit as st

from dashboard import formats
from dashboard.languages import write_attributes
from dashboard.ui.frame.view import Frame


class Column(NamedTuple):
    """One column: its heading, and whether it holds words (left) or figures (right)."""

    label: str
    is_words: bool = False


class Anchor(NamedTuple):
    """The link of a cell: its address, and attributes that name its choice and whether that is in force."""

    address: str
    chart_id: str
    mark: str
    is_chosen: bool


class Foreign(str):
    """Text of the data in a cell, such as a name: isolated from the line's direction, in its own language."""

    __slots__ = ("lang",)

    lang: str

    def __new__(cls, text: str, lang: str = "") -> "Foreign":
        """Take the text, and the code of its language where that is known."""
        foreign_text = super().__new__(cls, text)
        foreign_text.lang = lang
        return foreign_text


Place = tuple[int, int]
"""A cell by its row and column, from 0."""


def words(*labels: str) -> tuple[Column, ...]:
    """Make columns of words, by their headings; the first column of a table names the row."""
    return tuple(Column(label, is_words=True) for label in labels)


def figures(*labels: str) -> tuple[Column, ...]:
    """Make columns of figures, by their headings."""
    return tuple(map(Column, labels))


def show(columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> None:
    """Draw a table."""
    st.html(render(columns, rows))


def show_folded(
    title: str, columns: Sequence[Column], rows: Sequence[Sequence[str]], note: str = "", *, is_open: bool = False
) -> None:
    """Draw a long table folded under its title, with a note above it; nothing where it has no rows."""
    if not rows:
        return
    with st.expander(title, expanded=is_open):
        if note:
            st.markdown(note)
        st.html(render(columns, rows, is_long=True))


def render(
    columns: Sequence[Column],
    rows: Iterable[Sequence[str]],
    *,
    is_long: bool = False,
    show_all: str = "",
    anchors: Mapping[Place, Anchor] | None = None,
) -> str:
    """Write a table as HTML; every text is escaped, and a long table scrolls inside itself.

    `rows`: its rows, each with a text a column.
    `show_all`: the words above a long table that unfold it to its whole length.
    `anchors`: the links of cells.
    """
    first = f'<th scope="col">{escape(columns[0].label)}</th>'
    head = first + "".join(f'<th scope="col"{_class(column)}>{escape(column.label)}</th>' for column in columns[1:])
    cells = (
        [_cell(text, (anchors or {}).get((number, column))) for column, text in enumerate(row)]
        for number, row in enumerate(rows)
    )
    body = "".join(f"<tr>{_row(columns, row)}</tr>" for row in cells)
    kind = "figures long" if is_long else "figures"
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    unfold = f'<details class="show-all"><summary>{escape(show_all)}</summary></details>'
    return f'{unfold if is_long and show_all else ""}<div class="{kind}" tabindex="0">{table}</div>'


def _row(columns: Sequence[Column], cells: Sequence[str]) -> str:
    first = f'<th scope="row">{cells[0]}</th>'
    return first + "".join(
        f"<td{_class(column)}>{cell}</td>" for column, cell in zip(columns[1:], cells[1:], strict=True)
    )


def _cell(text: str, anchor: Anchor | None) -> str:
    if isinstance(text, Foreign):
        return f"<bdi{f' {write_attributes(text.lang)}' if text.lang else ''}>{escape(text)}</bdi>"
    if anchor is None:
        return escape(text)
    chosen = ' aria-current="true"' if anchor.is_chosen else ""
    return (
        f'<a href="{escape(anchor.address)}" data-chart="{escape(anchor.chart_id)}" data-mark="{escape(anchor.mark)}"'
        f"{chosen}>{escape(text)}</a>"
    )


def _class(column: Column) -> str:
    return ' class="words"' if column.is_words else ""


Records = pd.DataFrame | Sequence[Any]


class Cells(NamedTuple):
    """A column: its heading, how it writes a record, and whether that is words (left) or a figure (right)."""

    label: str
    write: Callable[[Any], str]
    is_words: bool = True


def count(view: Frame, label: str, name: str) -> Cells:
    """Make the column of a number that records have under a name; empty where it is missing."""

    def write(record: Any) -> str:
        return "" if pd.isna(record[name]) else formats.format_count(int(record[name]), view.lang)

    return Cells(label, write, is_words=False)


def show_records(records: Records, columns: Sequence[Cells], *, is_long: bool = False) -> None:
    """Draw a table of records of any kind."""
    st.html(render(*lay_out_records(records, columns), is_long=is_long))


def show_list(view: Frame, title: str, records: Records, columns: Sequence[Cells], note: str = "") -> None:
    """Draw a table folded under its title and number; nothing where there are no records.

    The column `in_all` of a frame holds how many there are where not all of them are listed.
    """
    if len(records):
        in_all = records["in_all"].iloc[0] if isinstance(records, pd.DataFrame) and "in_all" in records else None
        name = name_list(view, title, len(records) if in_all is None else int(in_all), len(records))
        show_folded(name, *lay_out_records(records, columns), note)


def name_list(view: Frame, title: str, number: int, shown_rows: int) -> str:
    """Write a list's title with its length, and how much of it is shown."""
    if shown_rows < number:
        return view.t("{title}: {count}; the first {shown} are listed", title=title, count=number, shown=shown_rows)
    return view.t("{title}: {count}", title=title, count=number)


def lay_out_records(records: Records, columns: Sequence[Cells]) -> tuple[list[Column], list[list[str]]]:
    """Lay out the columns and the rows of a table as `render` takes them."""
    rows = records.to_dict("records") if isinstance(records, pd.DataFrame) else records
    head = [Column(column.label, column.is_words) for column in columns]
    return head, [[column.write(record) for column in columns] for record in rows]
