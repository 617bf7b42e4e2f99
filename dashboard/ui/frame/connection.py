"""The connection of the page that is being run."""

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard.logs.request_id import HEADER


def find_request_id() -> str:
    """The number of the request by which the page is connected; empty outside a page."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return ""
    return st.context.headers.get(HEADER) or ""
