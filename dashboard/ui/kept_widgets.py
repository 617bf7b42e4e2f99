"""Widgets that show what the link says: each run they are set to it, and their callbacks change it."""

from typing import Any

import streamlit as st

from dashboard.ui import link
from dashboard.ui.page import View

_DRAWN = "widgets drawn"
_IS_NEW = "widgets are new"


def begin(view: View) -> None:
    """Once a run, before the first `keep`: find out whether the widgets are drawn anew."""
    drawn = (view.page_id, view.lang, view.snapshot.build_id)
    st.session_state[_IS_NEW] = link.is_arrival() or st.session_state.get(_DRAWN) != drawn
    st.session_state[_DRAWN] = drawn


def keep(key: str, wanted: Any) -> None:
    """Set a widget to what the link says; untouched when it has it, so that quick typing is not undone."""
    if st.session_state.get(_IS_NEW, True) or st.session_state.get(key) != wanted:
        st.session_state[key] = wanted
