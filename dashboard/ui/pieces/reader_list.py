"""A list that one reads: how much it holds, chips that narrow it, a row a line; on a telephone two lines an entry.

Its order, its page and what narrows it are in the link: headings, chips and pages are links, which keep the focus and
the place on the screen (`reading.js`), as does the way back from what was opened.
"""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import NamedTuple
from zlib import crc32

import streamlit as st

from dashboard import formats
from dashboard.ui.frame import link
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import paging
from dashboard.ui.pieces.paging import PageWays

SORT, ORDER, DESCENDING = "sort", "order", "desc"
PARAMETERS = (SORT, ORDER)


class Order(NamedTuple):
    """What a list is sorted by, a column's name, and whether the largest or latest stand first."""

    sort: str
    is_descending: bool


class Column(NamedTuple):
    """One column: its name, its heading in the reader's language, and how it is set.

    `kind`: `name` (of the line: first, and wide), `words`, `short` (never cut: a date, a status) or `figure`.
    `sorted_by`: the way that sorts by it; where it is sorted by that already, the way to the other direction.
    """

    name: str
    label: str
    kind: str = "words"
    sorted_by: PageLink | None = None


class Chip(NamedTuple):
    """What narrows a list with one click: its words with the way to it, how many lines those are, whether in force.

    `is_lifted`: whether the way of one that is in force lifts it again; else one of the chips always is.
    """

    name: str
    link: PageLink
    size: str
    is_on: bool = False
    is_lifted: bool = True


def parse_order(view: View, sorts: Mapping[str, str]) -> tuple[Order, tuple[str, ...]]:
    """What the list is sorted by, as the link says, and a sentence for each part of it that it cannot be sorted by.

    Args:
        view: The page.
        sorts: What it may be sorted by, with English names; the first one is its own order.
    """
    stated, order = view.own.get(SORT), view.own.get(ORDER)
    refused = []
    for name, value, allowed in ((SORT, stated, sorts), (ORDER, order, (DESCENDING,))):
        if value is not None and value not in allowed:
            asked = plain(f"{name}={value}"[:80])
            refused.append(view.t("The link asks for an unknown order: {order}.", order=asked))
    sort = stated if stated is not None and stated in sorts else next(iter(sorts))
    return Order(sort, order == DESCENDING), tuple(refused)


def turn(
    view: View, sorts: Mapping[str, str], order: Order | None, name: str, *, begins_with_latest: bool
) -> PageLink | None:
    """The way that a column's heading leads to: the other direction where the list is sorted by it already."""
    if name not in sorts:
        return None
    is_it = order is not None and order.sort == name
    turned = Order(name, not order.is_descending if is_it and order else begins_with_latest)
    return PageLink("", view.page_id, view.own_pairs(**write_order(turned, next(iter(sorts)))))


def write_order(order: Order, usual: str) -> dict[str, str | None]:
    """An order as the link's parameters; the list then begins on its first page."""
    sort = None if order.sort == usual else order.sort
    return {SORT: sort, ORDER: DESCENDING if order.is_descending else None, link.PAGE: None}


def show_top(view: View, said: str, chips: Sequence[Chip] = (), pages: PageWays | None = None) -> None:
    """Draw what stands above a list.

    Args:
        view: The page.
        said: Which of how many lines are shown.
        chips: What narrows it.
        pages: The ways to its other pages; the one before and the one after stand here.
    """
    items = "".join(_draw_chip(view, chip) for chip in chips)
    listed = f'<ul class="list-chips" aria-label="{escape(view.t("Show only"))}">{items}</ul>' if items else ""
    steps = paging.render_steps(view, pages) if pages else ""
    st.html(f'<div class="list-top"><p class="list-count">{escape(said)}</p>{steps}{listed}</div>')


def _draw_chip(view: View, chip: Chip) -> str:
    state = ""
    if chip.is_on:
        lift = f' aria-current="true" title="{escape(view.t("Remove this filter"))}"'
        state = lift if chip.is_lifted else ' aria-current="page"'
    words = f"{escape(chip.link.label)} <b>{escape(chip.size)}</b>"
    return f"<li>{chip.link.wrap(words, view.page_id, f'data-keep=chip-{chip.name}{state}')}</li>"


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
    head = "".join(_head(view, column, order) for column in columns)
    body = "".join(f'<tr role="row">{_line(columns, line)}</tr>' for line in lines)
    # Its roles are stated: laid out as cards, a table is none for some screen readers.
    table = (
        f'<div class="wide"><table class="cards" role="table" aria-label="{escape(title)}"><thead role="rowgroup">'
        f'<tr role="row">{head}</tr></thead><tbody role="rowgroup">{body}</tbody></table></div>'
    )
    with st.container(key=f"list-{crc32(title.encode())}"):  # which has room for it before it comes
        st.html(table)


def _head(view: View, column: Column, order: Order | None) -> str:
    label, state, arrow = escape(column.label), "", ""
    if order is not None and order.sort == column.name:
        state = f' aria-sort="{"descending" if order.is_descending else "ascending"}"'
        arrow = f'<span aria-hidden="true"> {"▼" if order.is_descending else "▲"}</span>'
    if column.sorted_by:
        hint = escape(view.t("Sort by: {column}", column=column.label))
        attributes = f'title="{hint}" data-keep="sort-{column.name}"'
        label = column.sorted_by.wrap(f"{label}{arrow}", view.page_id, attributes)
    return f'<th scope="col" role="columnheader" class="{column.kind}"{state}>{label}</th>'


def _line(columns: Sequence[Column], line: Mapping[str, str]) -> str:
    first, *others = columns
    name = f'<th scope="row" role="rowheader" class="{first.kind}"><bdi>{line[first.name]}</bdi></th>'
    return name + "".join(_cell(column, line[column.name]) for column in others)


def _cell(column: Column, html: str) -> str:
    kind = column.kind if html else f"{column.kind} none"
    label = escape(column.label)
    return f'<td role="cell" class="{kind}" data-label="{label}"><bdi>{html or formats.NOTHING}</bdi></td>'
