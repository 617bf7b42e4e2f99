"""A long list cut into pages: which one is open, the way to the others, and what the line below it says.

The list of a staff page keeps its page in the session; one that readers give to others keeps it in the link.
"""

from html import escape
from math import ceil
from typing import NamedTuple

import streamlit as st

from dashboard import formats
from dashboard.i18n import Translator
from dashboard.ui.frame import link, ways
from dashboard.ui.frame.page import Frame, View
from dashboard.ui.pieces import messages

_AROUND = 2
"""How many pages have a link on either side of the one that is open, beside the first and the last."""


class Page(NamedTuple):
    """The open page of a list: its number, from 1 on, and how many lines a page has."""

    key: str
    number: int
    size: int

    @property
    def offset(self) -> int:
        """How many lines stand on the pages before."""
        return (self.number - 1) * self.size


def find(key: str, size: int, total: int | None = None) -> Page:
    """The page that the reader has chosen; the last one where the list has become shorter.

    Args:
        key: The key of the widget that leads to the other pages.
        size: Lines of a page.
        total: Lines of the list; None where they are not known yet.
    """
    number = int(st.session_state.get(key, 1))
    return Page(key, number if total is None else min(number, ceil(total / size)), size)


def find_in_link(view: View, key: str, size: int, total: int) -> Page:
    """The page that the link names; the last one where there are fewer.

    What is no number of a page is said, and the first one is shown. Arguments as of `find`.
    """
    page, warning = read(view.t, link.page_parameter(link.PAGE), key, size, total)
    if warning:
        st.warning(warning)
    return page


def read(t: Translator, stated: str | None, key: str, size: int, total: int) -> tuple[Page, str]:
    """The page that a link names, and what is said where that is none; arguments as of `find`."""
    if stated is None:
        return Page(key, 1, size), ""
    number = int(stated) if stated.isascii() and stated.isdigit() and len(stated) < 10 else 0
    warning = say_unknown(t, link.PAGE, stated) if number < 1 else ""
    return Page(key, min(max(number, 1), max(ceil(total / size), 1)), size), warning


def say_unknown(t: Translator, parameter: str, stated: str) -> str:
    """That a link asks a list for something that is not there, which is left out; as Markdown."""
    asked = messages.plain(f"{parameter}={stated}"[:80])
    return t("The link asks for something that is not known here: {asked}.", asked=asked)


def warn(view: View, parameter: str, stated: str) -> None:
    """Say so (`say_unknown`)."""
    st.warning(say_unknown(view.t, parameter, stated))


def show_others(page: Page, total: int) -> None:
    """Draw the way to the other pages, where there are any."""
    if total > page.size:
        st.pagination(ceil(total / page.size), key=page.key)


def show_links(view: View, page: Page, total: int) -> None:
    """Draw links to the other pages, and where they are many a field for the number of one."""
    last = ceil(total / page.size)
    if last < 2:
        return
    with st.container(horizontal=True, vertical_alignment="center", key=f"{page.key}-pages"):
        st.html(_render_links(view, page.number, last), width="content")
        if last > 2 * _AROUND + 3:
            link.keep(page.key, page.number)
            st.number_input(
                view.t("Go to page"), 1, last, step=1, key=page.key, width=150, on_change=_take_page, args=(page.key,)
            )


def _take_page(key: str) -> None:
    number = int(st.session_state[key] or 1)
    link.change_page_parameter(link.PAGE, str(number) if number > 1 else None)


def _render_links(view: View, number: int, last: int) -> str:
    t = view.t
    near = {1, last, *range(max(number - _AROUND, 1), min(number + _AROUND, last) + 1)}
    items = [_render_step(view, number - 1, t("Previous page"), "‹")] if number > 1 else []
    before = 0
    for one in sorted(near):
        items += ['<li aria-hidden="true">…</li>'] if one > before + 1 else []
        label = formats.format_count(one, view.lang)
        here = ' aria-current="page"' if one == number else ""
        named = f'aria-label="{escape(t("Page {n}", n=label))}"{here}'
        items.append(f"<li>{ways.render(label, _address(view, one), named)}</li>")
        before = one
    items += [_render_step(view, number + 1, t("Next page"), "›")] if number < last else []
    return f'<nav class="list-pages" aria-label="{escape(t("Pages of the list"))}"><ul>{"".join(items)}</ul></nav>'


def _render_step(view: View, number: int, label: str, sign: str) -> str:
    named = f'aria-label="{escape(label)}"'
    return f"<li>{ways.render(sign, _address(view, number), named)}</li>"


def _address(view: View, number: int) -> str:
    pairs = link.own_pairs(**{link.PAGE: str(number) if number > 1 else None})
    return ways.address(view.page_id, view.page_id, pairs)


def name_range(view: Frame, page: Page, lines: int, total: int) -> dict[str, str]:
    """Which of how many lines are shown, for a sentence with {first}, {last} and {total}."""
    numbers = {"first": page.offset + 1, "last": page.offset + lines, "total": total}
    return {name: formats.format_count(number, view.lang) for name, number in numbers.items()}
