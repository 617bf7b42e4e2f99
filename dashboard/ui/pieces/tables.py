"""Tables as HTML: read by screen readers, printable, light to draw, and wide ones scroll inside themselves."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import NamedTuple

import streamlit as st


class Column(NamedTuple):
    """One column: its heading and whether it holds words (left) or figures (right)."""

    label: str
    is_words: bool = False


class Cell(NamedTuple):
    """One cell's text, and whether it is muted because it says little."""

    text: str
    is_muted: bool = False


def show(columns: Sequence[Column], rows: Iterable[Sequence[str | Cell]], caption: str = "") -> None:
    """Draw a table whose first column names the row."""
    st.html(render(columns, rows, caption))


def render(
    columns: Sequence[Column], rows: Iterable[Sequence[str | Cell]], caption: str = "", *, is_long: bool = False
) -> str:
    """A table as HTML; every text is escaped, and a long one scrolls inside itself."""
    head = "".join(f'<th scope="col"{_class(column.is_words)}>{escape(column.label)}</th>' for column in columns)
    body = "".join(f"<tr>{_row(columns, row)}</tr>" for row in rows)
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    kind = "figures long" if is_long else "figures"
    table = f"<table>{title}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="{kind}" tabindex="0">{table}</div>'


def _row(columns: Sequence[Column], row: Sequence[str | Cell]) -> str:
    cells = [cell if isinstance(cell, Cell) else Cell(cell) for cell in row]
    first = f'<th scope="row">{escape(cells[0].text)}</th>'
    rest = (
        f"<td{_class(column.is_words, cell.is_muted)}>{escape(cell.text)}</td>"
        for column, cell in zip(columns[1:], cells[1:], strict=True)
    )
    return first + "".join(rest)


def _class(is_words: bool, is_muted: bool = False) -> str:
    names = [name for name, applies in (("words", is_words), ("muted", is_muted)) if applies]
    return f' class="{" ".join(names)}"' if names else ""
