"""A long list of a staff page cut into pages, kept in the session: the open page, and the links to the others."""

from math import ceil
from typing import NamedTuple

import streamlit as st

from dashboard.i18n import Translator
from dashboard.ui.frame.markdown import plain


class Page(NamedTuple):
    """The open page of a list: the key of its widget, if any, its number, from 1 on, and the lines of a page."""

    key: str
    number: int
    size: int

    @property
    def offset(self) -> int:
        """Return how many lines stand on the pages before."""
        return (self.number - 1) * self.size


def find(key: str, size: int, total: int | None = None) -> Page:
    """Find the page that the reader has chosen; the last one where the list has become shorter.

    `key`: the key of the widget that leads to the other pages.
    `total`: lines of the list; None where they are not known yet.
    """
    number = int(st.session_state.get(key, 1))
    return Page(key, number if total is None else min(number, ceil(total / size)), size)


def say_unknown(t: Translator, parameter: str, value: str) -> str:
    """Write that a link asks a list for something unknown, which is left out; as Markdown."""
    pair = plain(f"{parameter}={value}"[:80])
    return t("The link asks for something unknown here: {asked}.", asked=pair)


def show_others(page: Page, total: int) -> None:
    """Draw the links to the other pages, where there are any."""
    if total > page.size:
        st.pagination(ceil(total / page.size), key=page.key)


def name_range(page: Page, lines: int, total: int) -> dict[str, int]:
    """Return which of how many lines are shown, for a sentence with {first}, {last} and {total}."""
    return {"first": page.offset + 1, "last": page.offset + lines, "total": total}
