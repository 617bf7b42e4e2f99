"""A declared list on a page: its length, chips that narrow it, a row a line; on a telephone two lines.

The link holds its order, its page and its chips: headings, chips and pages are links, which keep the focus and the
place on the screen (`reading.js`), as does the link back from an opened row.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from math import ceil
from typing import Any, NamedTuple

import streamlit as st

from dashboard import formats
from dashboard.access.rights import AccessClass
from dashboard.lists.declaration import PAGE_ROWS, Chips, Column, List, ListRequest, Slice, Way
from dashboard.snapshot.selection import FILTERS
from dashboard.ui.frame import link, staff
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.frame.view import Frame, View
from dashboard.ui.pieces import list_cells, paging
from dashboard.ui.pieces.list_cells import Cell, Span, Spans, draw_cell

SORT, ORDER, DESCENDING, ROWS = "sort", "order", "desc", "rows"
PARAMETERS = (SORT, ORDER, link.PAGE, ROWS)
SIZES = (PAGE_ROWS, 50, 100)
"""How many lines a page may have."""
_AROUND = 2
"""How many pages have a link on either side of the one that is open, beside the first and the last."""
_STEPS = ("‹", "›")


class Order(NamedTuple):
    """The order of a list: a column's name, and whether the largest or latest stand first."""

    sort: str
    is_descending: bool


NO_ORDER = Order("", is_descending=False)


class Head(NamedTuple):
    """The heading of a column: its name, its words, its style, and the link that sorts by it.

    `style`: `name` (of the line: first, and wide), `words`, `short` (never cut: a date, a status) or `figure`.
    """

    name: str
    label: str
    style: str
    link: PageLink | None = None


Line = Mapping[str, Cell]


class Chip(NamedTuple):
    """A chip that narrows a list: its words and link, its number of lines if counted, and whether it is in force.

    `is_lifted`: whether the link of one in force lifts it again; else one of the chips is always in force.
    """

    name: str
    link: PageLink
    size: str
    is_on: bool = False
    is_lifted: bool = True


class PageWay(NamedTuple):
    """A link to a page of a list: its text, the link with its name, and whether the page is open."""

    sign: str
    link: PageLink
    is_open: bool = False


PageWays = tuple[PageWay | None, ...]
"""The ways to the other pages of a list; None stands for pages that are left out."""


@dataclass(frozen=True)
class ListModel:
    """One page of a list.

    Attributes:
        lines: The cells of each line by the names of the columns.
        warnings: What the link asks for that the list lacks, as Markdown.
    """

    title: str
    heads: tuple[Head, ...]
    lines: tuple[Line, ...]
    total: int
    order: Order = NO_ORDER
    summary: str = ""
    chips: tuple[Chip, ...] = ()
    pages: PageWays = ()
    sizes: PageWays = ()
    warnings: tuple[str, ...] = ()


def make_model(view: View, spec: List, columns: Sequence[Column] = ()) -> ListModel:
    """Make the page of a list that the link names.

    `columns`: the columns to show; by default those that the link names, or all of them.

    Raises:
        PermissionError: the list is not for this reader; its page must refuse earlier.
    """
    if spec.who is not AccessClass.PUBLIC and not staff.may_open(spec.who):
        raise PermissionError(f"The list {spec.list_id} is not for this reader.")
    order, warnings = read_order(view, spec)
    size, number, refused = _read_page(view, spec)
    request = ListRequest(view.snapshot, view.selection, view.parameters, Slice(*order, size, (number - 1) * size))
    rows = spec.read(request)
    last = max(ceil(rows.total / size), 1)
    if number > last:  # the list has become shorter
        number = last
        rows = spec.read(replace(request, slice=request.slice._replace(offset=(last - 1) * size)))
    if spec.chips and (unknown := spec.chips.read(request).unknown):
        refused = (*refused, paging.say_unknown(view.t, spec.chips.parameter, unknown))
    first = (number - 1) * size + 1
    numbers = {"first": first, "last": first + len(rows.frame) - 1, "total": rows.total}
    summary = view.t(spec.summary, **numbers)
    columns = columns or spec.choose(spec.page_columns) or spec.columns
    return ListModel(
        view.t(spec.title),
        tuple(_make_head(view, spec, column, order, is_first=column is columns[0]) for column in columns),
        make_lines(view, columns, rows.records),
        rows.total,
        order,
        summary if rows.total else view.t(spec.empty),
        tuple(_make_chips(view, spec.chips, request)) if spec.chips else (),
        list_pages(view, number, last),
        tuple(_list_sizes(view, size, spec.page_rows)) if rows.total > SIZES[0] else (),
        (*warnings, *refused),
    )


def make_lines(view: View, columns: Sequence[Column], rows: Sequence[Mapping[str, Any]]) -> tuple[Line, ...]:
    """Write rows of a list in words."""
    searched = [column.name for column in columns if column.is_searched]
    texts = [str(row[name]) for row in rows for name in searched if row[name]]
    mark = list_cells.mark_words(view.snapshot, view.selection.q, texts)
    shortened = [replace(columns[0], longest=0), *columns[1:]] if columns else []  # what names a line is whole
    return tuple({column.name: _make_cell(view, column, row, mark) for column in shortened} for row in rows)


def _make_cell(view: View, column: Column, row: Mapping[str, Any], mark: Callable[[str], Spans]) -> Cell:
    words = column.write(row, view.snapshot, view.t).strip()
    if not words and not column.missing:
        return Cell("")
    text = words or view.t(column.missing)
    lang = row[column.language] or "" if column.language and words else ""
    way = find_link(view, column.way, text, row, lang) if column.way else None
    status = None
    if column.kind == "status":
        is_overdue = bool(row.get("is_overdue"))
        status = list_cells.say_status(view, row[column.name], row.get("status_code"), is_overdue=is_overdue)
    excerpt = formats.shorten(text, column.longest) if column.longest else text
    return Cell(
        text,
        excerpt,
        way,
        lang,
        (mark(excerpt) if words else (Span(excerpt),)) if column.is_searched else (),
        status,
        (row[column.address] or "") if column.address else "",
        f"{column.style} {column.style}-{row[column.name]}" if column.style else "",
        pictures=list_cells.list_pictures(view, row[column.files]) if column.files else (),
    )


def find_link(view: View, way: Way, label: str, row: Mapping[str, Any], lang: str = "") -> PageLink | None:
    """Find the link of a row under some words; None without one."""
    value = row.get(way.column)
    if not value:
        return None
    pairs = view.day_pairs()
    if way.keeps == "selection":
        pairs = tuple(pair for pair in view.selection.query_pairs() if pair[0] != way.parameter)
    elif way.keeps == "list":
        pairs = view.page_pairs(**{way.parameter: None})
    return PageLink(label, way.page_id, ((way.parameter, value), *pairs), lang=lang)


def read_order(view: View, spec: List) -> tuple[Order, tuple[str, ...]]:
    """Read the order of a list from the link, and a warning for each part of it that the list lacks."""
    if not spec.sorts:
        return NO_ORDER, ()
    requested, order = view.parameters.get(SORT), view.parameters.get(ORDER)
    refused = []
    for name, value, allowed in ((SORT, requested, spec.sorts), (ORDER, order, (DESCENDING,))):
        if value is not None and value not in allowed:
            pair = plain(f"{name}={value}"[:80])
            refused.append(view.t("The link asks for an unknown order: {order}.", order=pair))
    sort = requested if requested is not None and requested in spec.sorts else spec.sorts[0]
    return Order(sort, order == DESCENDING), tuple(refused)


def write_order(order: Order, usual: str) -> dict[str, str | None]:
    """Write an order as the link's parameters; the list then begins on its first page."""
    sort = None if order.sort == usual else order.sort
    return {SORT: sort, ORDER: DESCENDING if order.is_descending else None, link.PAGE: None}


def _make_head(view: View, spec: List, column: Column, order: Order, *, is_first: bool) -> Head:
    """Make a heading; its link reverses the order where the list is sorted by it already."""
    style = "name" if is_first else "figure" if column.is_figure else "short" if column.is_short else "words"
    label = view.t(column.label)
    if not column.begins:
        return Head(column.name, label, style)
    is_descending = not order.is_descending if order.sort == column.name else column.begins == "descending"
    turned = write_order(Order(column.name, is_descending), spec.sorts[0])
    return Head(column.name, label, style, PageLink(label, view.page_id, view.page_pairs(**turned)))


def _read_page(view: View, spec: List) -> tuple[int, int, tuple[str, ...]]:
    """Read the length of pages, the page that the link names, from 1 on, and the warnings about invalid ones."""
    rows, page = view.parameters.get(ROWS), view.parameters.get(link.PAGE)
    size = next((size for size in SIZES if str(size) == rows), spec.page_rows)
    number = int(page) if page and page.isascii() and page.isdigit() and len(page) < 10 else 0
    is_refused = {ROWS: rows is not None and str(size) != rows, link.PAGE: page is not None and number < 1}
    return size, max(number, 1), tuple(
        paging.say_unknown(view.t, name, view.parameters[name]) for name, is_unknown in is_refused.items() if is_unknown
    )  # fmt: skip


def list_pages(view: View, number: int, last: int) -> PageWays:
    """List the links to the other pages of a list, near ones and the ends; none where all of it is one page.

    `number`: the page of the list that is open.
    `last`: its last page.
    """
    if last < 2:
        return ()
    near = {1, last, *range(max(number - _AROUND, 1), min(number + _AROUND, last) + 1)}
    numbers: list[PageWay | None] = []
    if number > 1:
        numbers.append(PageWay(_STEPS[0], _lead_to(view, number - 1, view.t("Previous page"))))
    before = 0
    for one in sorted(near):
        numbers += [None] if one > before + 1 else []
        label = formats.format_count(one, view.lang)
        numbers.append(PageWay(label, _lead_to(view, one, view.t("Page {n}", n=label)), one == number))
        before = one
    if number < last:
        numbers.append(PageWay(_STEPS[1], _lead_to(view, number + 1, view.t("Next page"))))
    return tuple(numbers)


def _lead_to(view: View, number: int, label: str) -> PageLink:
    page = str(number) if number > 1 else None
    return PageLink(label, view.page_id, view.page_pairs(**{link.PAGE: page}))


def _list_sizes(view: View, size: int, usual: int) -> Iterator[PageWay]:
    """List the links to pages of other lengths, which begin with the first."""
    for one in sorted({*SIZES, usual}):
        label = formats.format_count(one, view.lang)
        pairs = view.page_pairs(**{ROWS: str(one) if one != usual else None, link.PAGE: None})
        yield PageWay(label, PageLink(view.t("Rows a page: {n}", n=label), view.page_id, pairs), one == size)


def _make_chips(view: View, chips: Chips, request: ListRequest) -> Iterator[Chip]:
    """Make chips that narrow a list: how many rows each value has, and the link to these alone, or with the others."""
    counts, chosen = chips.count(request), chips.read(request).codes
    attribute = next((one.attribute for one in FILTERS if one.parameter == chips.parameter), "")
    is_lifted = bool(attribute) or chips.is_several
    for value, words in chips.words.items():
        is_on = value in chosen if chips.is_several else chosen == (value,)
        values: tuple[str, ...] = (value,)
        if chips.is_several:
            values = tuple({*chosen} ^ {value})
        elif is_on and is_lifted:
            values = ()
        if attribute:
            changed: dict[str, Any] = {attribute: values}
            narrowed = replace(view, selection=replace(view.selection, **changed))
            pairs = narrowed.page_pairs(**{link.PAGE: None})
        else:
            pairs = view.page_pairs(**{chips.parameter: chips.write(values, request), link.PAGE: None})
        label = view.t(words)
        yield Chip(
            value,
            PageLink(label, view.page_id, pairs),
            formats.format_count(counts[value], view.lang),
            is_on,
            is_lifted,
        )


def show(view: View, model: ListModel) -> None:
    """Draw a whole list: its head, its lines, and the links to its other pages."""
    show_top(view, model)
    show_lines(view, model)


def show_top(view: View, model: ListModel) -> None:
    """Draw a list's length, its chips, and the links to the page before and after."""
    chips = draw_chips(view, view.t("Show only"), model.chips) if model.chips else ""
    steps = "".join(_draw_way(view, one, "step-") for one in model.pages if one is not None and one.sign in _STEPS)
    step_list = f'<ul class="list-steps">{steps}</ul>' if steps else ""
    st.html(f'<div class="list-top"><p class="list-count">{escape(model.summary)}</p>{step_list}{chips}</div>')


def show_lines(view: Frame, model: ListModel) -> None:
    """Draw the lines of a list with its headings, above them warnings, below them the links to its other pages."""
    for warning in model.warnings:
        st.warning(warning)
    if not model.lines:
        return
    with st.container(key=f"list-{view.page_id}-{'-'.join(head.name for head in model.heads[:2])}"):  # has room for it
        st.html(render(view, model))
    if model.sizes or model.pages:
        pages = "".join(_draw_way(view, one) for one in model.pages)
        sizes = "".join(_draw_way(view, one, "rows-") for one in model.sizes)
        label = escape(view.t("Rows a page"))
        lengths = f'<ul aria-label="{label}"><li aria-hidden="true">{label}</li>{sizes}</ul>' if sizes else ""
        name = escape(view.t("Pages of the list"))
        st.html(f'<nav class="list-pages" aria-label="{name}"><ul>{pages}</ul>{lengths}</nav>')


def render(view: Frame, model: ListModel) -> str:
    """Write a list as an HTML table with explicit roles: laid out as cards, some readers lose the table."""
    head = "".join(_draw_head(view, one, model.order) for one in model.heads)
    body = "".join(
        f'<tr role="row">{_draw_line(view, model.heads, line)}</tr>{_draw_below(model.heads, line)}'
        for line in model.lines
    )
    return (
        f'<div class="wide"><table class="cards" role="table" aria-label="{escape(model.title)}">'
        f'<thead role="rowgroup"><tr role="row">{head}</tr></thead><tbody role="rowgroup">{body}</tbody></table></div>'
    )


def draw_chips(view: Frame, label: str, chips: Sequence[Chip]) -> str:
    """Write links to choose from as HTML, a chip each; `label` names the choice for readers who cannot see them."""
    items = "".join(_draw_chip(view, chip) for chip in chips)
    return f'<ul class="list-chips" aria-label="{escape(label)}">{items}</ul>'


def _draw_chip(view: Frame, chip: Chip) -> str:
    state = ""
    if chip.is_on:
        lift = f' aria-current="true" title="{escape(view.t("Remove this filter"))}"'
        state = lift if chip.is_lifted else ' aria-current="page"'
    words = escape(chip.link.label) + (f" <b>{escape(chip.size)}</b>" if chip.size else "")
    return f"<li>{chip.link.wrap(words, view.page_id, f'data-keep=chip-{chip.name}{state}')}</li>"


def _draw_way(view: Frame, one: PageWay | None, keep: str = "page-") -> str:
    if one is None:
        return '<li aria-hidden="true">…</li>'
    state = ' aria-current="page"' if one.is_open else ""
    attributes = f'aria-label="{escape(one.link.label)}" data-keep="{keep}{one.sign}"{state}'
    return f"<li>{one.link.wrap(escape(one.sign), view.page_id, attributes)}</li>"


def _draw_head(view: Frame, head: Head, order: Order) -> str:
    label, state, arrow = escape(head.label), "", ""
    if order.sort == head.name:
        state = f' aria-sort="{"descending" if order.is_descending else "ascending"}"'
        arrow = f'<span aria-hidden="true"> {"▼" if order.is_descending else "▲"}</span>'
    if head.link:
        hint = escape(view.t("Sort by: {column}", column=head.label))
        label = head.link.wrap(f"{label}{arrow}", view.page_id, f'title="{hint}" data-keep="sort-{head.name}"')
    return f'<th scope="col" role="columnheader" class="{head.style}"{state}>{label}</th>'


def _draw_line(view: Frame, heads: Sequence[Head], line: Line) -> str:
    name, *cells = ((head, line[head.name]) for head in heads)
    first = f'<th scope="row" role="rowheader" class="{name[0].style}">{draw_cell(view, name[1], is_cut=True)}</th>'
    return first + "".join(
        f'<td role="cell" class="{head.style}{"" if cell.text else " none"}" data-label="{escape(head.label)}">'
        f"{draw_cell(view, cell, is_cut=head.style == 'words')}</td>"
        for head, cell in cells
    )


def _draw_below(heads: Sequence[Head], line: Line) -> str:
    """Draw what stands below a line: the facts that it unfolds, and its pictures."""
    pairs = [pair for head in heads for pair in line[head.name].details]
    definitions = "".join(f"<dt>{escape(label)}</dt><dd>{escape(text)}</dd>" for label, text in pairs)
    rows = {
        "details": f"<dl>{definitions}</dl>" if pairs else "",
        "pictures": list_cells.draw_pictures([picture for head in heads for picture in line[head.name].pictures]),
    }
    return "".join(
        f'<tr role="row" class="{name}"><td role="cell" colspan="{len(heads)}">{content}</td></tr>'
        for name, content in rows.items()
        if content
    )
