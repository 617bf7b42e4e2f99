"""A long list cut into pages: which one is open, the way to the others, and what the line below it says.

The list of a staff page keeps its page in the session; one that readers give to others keeps it in the link.
"""

from html import escape
from math import ceil
from typing import NamedTuple

import streamlit as st

from dashboard import formats
from dashboard.i18n import Translator
from dashboard.ui.frame import link
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.frame.view import View

_AROUND = 2
"""How many pages have a link on either side of the one that is open, beside the first and the last."""


_STEPS = ("‹", "›")


class Page(NamedTuple):
    """The open page of a list: the key of its widget, if any, its number, from 1 on, and how many lines a page has."""

    key: str
    number: int
    size: int

    @property
    def offset(self) -> int:
        """How many lines stand on the pages before."""
        return (self.number - 1) * self.size


class PageWay(NamedTuple):
    """A way to a page of a list: what stands there, the link with what it is called, and whether it is open."""

    sign: str
    link: PageLink
    is_open: bool = False


PageWays = tuple[PageWay | None, ...]
"""The ways to the other pages of a list; None stands for pages that are left out."""


def find(key: str, size: int, total: int | None = None) -> Page:
    """The page that the reader has chosen; the last one where the list has become shorter.

    Args:
        key: The key of the widget that leads to the other pages.
        size: Lines of a page.
        total: Lines of the list; None where they are not known yet.
    """
    number = int(st.session_state.get(key, 1))
    return Page(key, number if total is None else min(number, ceil(total / size)), size)


def read(t: Translator, stated: str | None, size: int, total: int) -> tuple[Page, str]:
    """The page that a link names, the last one where there are fewer, and what is said where that is none."""
    if stated is None:
        return Page("", 1, size), ""
    number = int(stated) if stated.isascii() and stated.isdigit() and len(stated) < 10 else 0
    warning = say_unknown(t, link.PAGE, stated) if number < 1 else ""
    return Page("", min(max(number, 1), max(ceil(total / size), 1)), size), warning


def say_unknown(t: Translator, parameter: str, stated: str) -> str:
    """That a link asks a list for something that is not there, which is left out; as Markdown."""
    asked = plain(f"{parameter}={stated}"[:80])
    return t("The link asks for something unknown here: {asked}.", asked=asked)


def show_others(page: Page, total: int) -> None:
    """Draw the way to the other pages, where there are any."""
    if total > page.size:
        st.pagination(ceil(total / page.size), key=page.key)


def list_ways(view: View, page: Page, total: int) -> PageWays:
    """The ways to the other pages of a list, near ones and the ends; none where all of it is one page."""
    last, number, t = ceil(total / page.size), page.number, view.t
    if last < 2:
        return ()
    near = {1, last, *range(max(number - _AROUND, 1), min(number + _AROUND, last) + 1)}
    numbers: list[PageWay | None] = []
    if number > 1:
        numbers.append(PageWay(_STEPS[0], _lead_to(view, number - 1, t("Previous page"))))
    before = 0
    for one in sorted(near):
        numbers += [None] if one > before + 1 else []
        label = formats.format_count(one, view.lang)
        numbers.append(PageWay(label, _lead_to(view, one, t("Page {n}", n=label)), one == number))
        before = one
    if number < last:
        numbers.append(PageWay(_STEPS[1], _lead_to(view, number + 1, t("Next page"))))
    return tuple(numbers)


def draw_ways(view: View, pages: PageWays) -> None:
    """Draw links to the other pages, where there are any."""
    if pages:
        items = "".join(_draw_way(view, one) for one in pages)
        st.html(f'<nav class="list-pages" aria-label="{escape(view.t("Pages of the list"))}"><ul>{items}</ul></nav>')


def render_steps(view: View, pages: PageWays) -> str:
    """The ways to the page before and to the one after as HTML."""
    steps = "".join(_draw_way(view, one, "step-") for one in pages if one is not None and one.sign in _STEPS)
    return f'<ul class="list-steps">{steps}</ul>' if steps else ""


def _draw_way(view: View, one: PageWay | None, keep: str = "page-") -> str:
    if one is None:
        return '<li aria-hidden="true">…</li>'
    here = ' aria-current="page"' if one.is_open else ""
    named = f'aria-label="{escape(one.link.label)}" data-keep="{keep}{one.sign}"{here}'
    return f"<li>{one.link.wrap(escape(one.sign), view.page_id, named)}</li>"


def write(number: int) -> str | None:
    """The link's parameter for a page; the first one needs none."""
    return str(number) if number > 1 else None


def _lead_to(view: View, number: int, label: str) -> PageLink:
    return PageLink(label, view.page_id, view.own_pairs(**{link.PAGE: write(number)}))


def name_range(t: Translator, page: Page, lines: int, total: int) -> dict[str, str]:
    """Which of how many lines are shown, for a sentence with {first}, {last} and {total}."""
    numbers = {"first": page.offset + 1, "last": page.offset + lines, "total": total}
    return {name: formats.format_count(number, t.language) for name, number in numbers.items()}
