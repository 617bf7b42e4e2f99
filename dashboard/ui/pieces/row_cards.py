"""A list that one reads: a table on a desk, a card a line on a telephone; its headings sort by links."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import NamedTuple

import streamlit as st

from dashboard import formats
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.frame.view import View


class Column(NamedTuple):
    """One column: its name, its heading in the reader's language, and how it is set.

    `kind`: `name` (of the line: first, and wide), `words`, `short` (never broken: a date, a status) or `figure`.
    `sorted_by`: the way that sorts by it; where it is sorted by that already, the way to the other direction.
    """

    name: str
    label: str
    kind: str = "words"
    sorted_by: PageLink | None = None


class Order(NamedTuple):
    """What a list is sorted by, a column's name, and whether the largest or latest stand first."""

    sort: str
    is_descending: bool


def show(
    view: View, title: str, columns: Sequence[Column], lines: Iterable[Mapping[str, str]], order: Order | None = None
) -> None:
    """Draw the list.

    Args:
        view: The page.
        title: What it lists, for those who do not see it.
        columns: Its columns; the first one names the line.
        lines: HTML by column's name; what is empty is left out of cards.
        order: How it is sorted, where its headings say so.
    """
    st.html(render(view, title, columns, lines, order))


def render(
    view: View, title: str, columns: Sequence[Column], lines: Iterable[Mapping[str, str]], order: Order | None = None
) -> str:
    """The list as HTML, as `show` draws it.

    Its roles are stated: laid out as cards, a table is none for some screen readers. One that is wider than its place
    scrolls inside itself, beside the names of its lines.
    """
    head = "".join(_head(view, column, order) for column in columns)
    body = "".join(f'<tr role="row">{_line(columns, line)}</tr>' for line in lines)
    return (
        f'<div class="wide"><table class="cards" role="table" aria-label="{escape(title)}"><thead role="rowgroup">'
        f'<tr role="row">{head}</tr></thead><tbody role="rowgroup">{body}</tbody></table></div>'
    )


def _head(view: View, column: Column, order: Order | None) -> str:
    label, state, arrow = escape(column.label), "", ""
    if order is not None and order.sort == column.name:
        state = f' aria-sort="{"descending" if order.is_descending else "ascending"}"'
        arrow = f'<span aria-hidden="true"> {"▼" if order.is_descending else "▲"}</span>'
    if column.sorted_by:
        hint = escape(view.t("Sort by: {column}", column=column.label))
        label = column.sorted_by.wrap(f"{label}{arrow}", view.page_id, f'title="{hint}"')
    return f'<th scope="col" role="columnheader" class="{column.kind}"{state}>{label}</th>'


def _line(columns: Sequence[Column], line: Mapping[str, str]) -> str:
    first, *others = columns
    name = f'<th scope="row" role="rowheader" class="{first.kind}">{line[first.name]}</th>'
    return name + "".join(_cell(column, line[column.name]) for column in others)


def _cell(column: Column, html: str) -> str:
    kind = column.kind if html else f"{column.kind} none"
    return (
        f'<td role="cell" class="{kind}" data-label="{escape(column.label)}"><div>{html or formats.NOTHING}</div></td>'
    )
