"""The connection of the page that is being run."""

import streamlit as st

from dashboard.logs.request_id import HEADER
from dashboard.ui.frame.streamlit_grips import find_session_id


def find_request_id() -> str:
    """The number of the request by which the page is connected; empty outside a page."""
    return st.context.headers.get(HEADER, "") if find_session_id() else ""
