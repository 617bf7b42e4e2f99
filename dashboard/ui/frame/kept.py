"""What a session keeps from run to run, by name."""

from typing import Any

import streamlit as st


def list_kept() -> dict[str, Any]:
    """Everything that the session keeps.

    Nothing where its browser has sent the state of a widget that never was: Streamlit then cannot list what there is,
    and whoever makes messages up need not get an answer.
    """
    try:
        return {str(name): value for name, value in st.session_state.items()}
    except KeyError:
        return {}
