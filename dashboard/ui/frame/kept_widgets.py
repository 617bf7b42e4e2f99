"""Widgets that show what the link says: each run they are set to it, and their callbacks change it."""

from typing import Any

import streamlit as st

from dashboard.ui.frame import link


def keep(key: str, wanted: Any) -> None:
    """Set a widget to what the link says; untouched when it has it, so that quick typing and clicks are not undone.

    As long as no run of the page has come to its end, it is set in every run. A browser that has not been told so yet
    would begin with an empty widget and send that back, as if the reader had emptied it.
    """
    if not link.is_drawn() or st.session_state.get(key) != wanted:
        st.session_state[key] = wanted
