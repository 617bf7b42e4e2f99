"""A long list cut into pages: which one is open, the way to the others, and what the line below it says."""

from math import ceil
from typing import Literal, NamedTuple

import streamlit as st

from dashboard import formats
from dashboard.ui.frame.page import View


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


def show_others(page: Page, total: int, persist_state: Literal["session"] | None = None) -> None:
    """Draw the way to the other pages, where there are any."""
    if total > page.size:
        st.pagination(ceil(total / page.size), key=page.key, persist_state=persist_state)


def name_range(view: View, page: Page, lines: int, total: int) -> dict[str, str]:
    """Which of how many lines are shown, for a sentence with {first}, {last} and {total}."""
    numbers = {"first": page.offset + 1, "last": page.offset + lines, "total": total}
    return {name: formats.format_count(number, view.lang) for name, number in numbers.items()}
