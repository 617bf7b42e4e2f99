"""The reader's choice of an extract, kept in the page's link; widgets are set to it before each run."""

from dataclasses import replace
from typing import Any

import streamlit as st

from dashboard.errors import SelectionError
from dashboard.extract_choice import PARAMETERS, PRESETS, Choice, find_preset, read_choice
from dashboard.extract_tables import TABLES
from dashboard.selection import Selection
from dashboard.ui import link
from dashboard.ui.markdown import plain
from dashboard.ui.page import View


def read(view: View) -> Choice:
    """The choice that the link states; one that cannot be is said, and the default shown instead."""
    stated = {name: value for name in PARAMETERS if (value := link.page_parameter(name)) is not None}
    try:
        return read_choice(stated)
    except SelectionError as error:
        words = view.t(
            "The link asks for a file that there is not ({parameter}: {value}). The usual one is shown instead.",
            parameter=plain(error.parameter),
            value=plain((error.value or stated.get(error.parameter, ""))[:80]),
        )
        st.warning(words, icon=":material/warning:")
        return Choice()


def change(choice: Choice) -> None:
    """Take another choice; called by widgets, so it runs before the page does."""
    for name, value in choice.parameters().items():
        link.change_page_parameter(name, value)


def take_preset(name: str | None, choice: Choice, selection: Selection) -> None:
    """Take a ready choice; a filter that only another ready choice had set goes with it."""
    preset = next((preset for preset in PRESETS if preset.name == name), None)
    if preset is None:
        return
    before = find_preset(choice, selection.statuses)
    if preset.statuses:
        link.change(statuses=preset.statuses)
    elif before is not None and before.statuses:
        link.change(statuses=())
    change(preset.choice)


def keep(key: str, wanted: Any) -> None:
    """Set a widget to what is chosen; untouched when it has it, so that quick clicks are not undone."""
    if st.session_state.get(key) != wanted:
        st.session_state[key] = wanted


def take_include(choice: Choice) -> None:
    """Take the further tables that the widget holds."""
    wanted = tuple(name for name in TABLES if name in st.session_state["extract-include"])
    is_all = choice.file_format == "zip" and len(wanted) == len(TABLES)
    change(replace(choice, include=() if is_all else wanted))
