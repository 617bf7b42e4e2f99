"""The sections of a page of staff: the one in view, kept in the link, and the choice of another."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

import streamlit as st

from dashboard.ui.frame import link
from dashboard.ui.frame.page import Frame, View

PARAMETER = "section"


class Section(NamedTuple):
    """One section of a page: its title, and what draws it."""

    title: str
    show: Callable[..., None]


def open_section(view: Frame, key: str, sections: Mapping[str, Section]) -> Section:
    """Draw the choice of the sections, by their ids; gives the one in view."""
    return sections[choose(view, key, {name: view.t(section.title) for name, section in sections.items()})]


def choose(
    view: Frame, key: str, titles: Mapping[str, str], instead: Mapping[str, str | None] = MappingProxyType({})
) -> str:
    """Draw the choice; where nothing is published there is no link, and the widget keeps it.

    `titles`: the sections' titles by their ids; the first one is left out of the link.
    `instead`: what becomes of the page's other parameters in another section.

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
