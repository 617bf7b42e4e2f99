"""Tell a reader that the run of a page ended by an unforeseen error, with the number of its request."""

import streamlit as st

from dashboard import faults
from dashboard.errors import UserError
from dashboard.i18n import N_, translator
from dashboard.logs import request_id
from dashboard.logs.request_id import HEADER
from dashboard.ui.frame import link, staff
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.streamlit_grips import find_session_id


def find_request_id() -> str:
    """Find the number of the request by which the page is connected; empty outside a page."""
    return st.context.headers.get(HEADER, "") if find_session_id() else ""


def show(error: Exception) -> bool:
    """Show the error below the drawn part, with the number of Streamlit's entry in the log.

    Staff see faults that they can correct, such as a damaged file, in the error's own words.

    Returns:
        True: Streamlit need not show it in its own way.
    """
    t = translator(link.read_language("en"))
    explained = error if isinstance(error, UserError) else faults.explain(error)
    if explained is not None and staff.may_open():  # it may name a file of the server, which readers have no use for
        st.error(plain(f"{t(explained.what)} {t(explained.remedy)}".strip()), icon=":material/error:")
        return True
    sentences = [
        t(N_("This page could not be shown in full.")),
        t(N_("Try again; if it happens again, tell the operator of the dashboard.")),
    ]
    if number := request_id.current():
        sentences.append(t(N_("See number {code} in the server’s log."), code=number))
    st.error(plain(" ".join(sentences)), icon=":material/error:")
    return True
