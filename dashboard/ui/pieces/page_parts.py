"""A page made of parts, and a part of sections: the one that the address names is opened and drawn."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

import streamlit as st

from dashboard.ui.frame import link, page
from dashboard.ui.frame.view import Frame, View
from dashboard.ui.pieces import filter_bar

PARAMETER = "section"


class Section(NamedTuple):
    """One section of a page: its title, and the function that draws it."""

    title: str
    show: Callable[..., None]


def open_section(view: Frame, key: str, sections: Mapping[str, Section]) -> Section:
    """Draw the choice of the sections, by their ids; return the one in view."""
    return sections[choose(view, key, {name: view.t(section.title) for name, section in sections.items()})]


def choose(
    view: Frame, key: str, titles: Mapping[str, str], instead: Mapping[str, str | None] = MappingProxyType({})
) -> str:
    """Draw the choice; where nothing is published there is no link, and the widget keeps it.

    `titles`: the sections' titles by their ids; the first one is left out of the link.
    `instead`: the values of the page's other parameters in another section.

    Returns:
        The id of the section in view.
    """
    first = next(iter(titles))
    requested = link.page_parameter(PARAMETER) if isinstance(view, View) else st.session_state.get(key)
    section_id = str(requested) if requested in titles else first
    if requested is not None and requested != section_id:
        st.warning(view.t("This page has no section {name}.", name=f"`{requested.replace('`', '')[:80]}`"))
    bound = link.bind(key, PARAMETER, section_id, first, instead=instead)
    st.pills(
        view.t("Section"),
        list(titles),
        format_func=titles.__getitem__,
        required=True,
        label_visibility="collapsed",
        **(bound if isinstance(view, View) else {"key": key}),
    )
    return section_id


@dataclass(frozen=True)
class Part:
    """How to open and draw a part of a page.

    Attributes:
        show: Draws it below its title, from the result of `open`; where it has filters, from the selection too.
        open: Opens it: `page.open`, or a function for staff's parts or for parts without a snapshot.
        has_title: Whether it has the title and the day; else `show` draws its own.
        begin: Runs between opening it and drawing its filters.
    """

    show: Callable[..., object]
    parameters: Sequence[str] = ()
    open: Callable[[str, Sequence[str]], Any] = page.open
    has_filters: bool = True
    has_title: bool = True
    name: Callable[[View], str] = lambda view: ""
    prepare: Callable[[], object] = lambda: None
    begin: Callable[[], object] = lambda: None

    def draw(self, page_id: str) -> None:
        """Draw the part under its id."""
        self.prepare()
        view: Frame = self.open(page_id, self.parameters)
        self.begin()
        if self.has_filters and isinstance(view, View):
            selection = filter_bar.show(view, self.name(view), has_day=self.has_title, has_title=self.has_title)
            self.show(view, selection)
        else:
            page.show_title(view)
            self.show(view)


def draw(**parts: Part) -> None:
    """Draw the part of the page that the address names, of these parts by their ids."""
    page_id = link.part()
    parts[page_id].draw(page_id)
