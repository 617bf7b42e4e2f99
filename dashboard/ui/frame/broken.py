"""What a reader sees where the run of a page ended by an error that nobody foresaw."""

import streamlit as st

from dashboard.i18n import N_, translator
from dashboard.logs import request_id
from dashboard.ui.frame import link
from dashboard.ui.frame.markdown import plain


def show(_error: Exception) -> bool:
    """Say so below what stands already, with the number under which Streamlit's entry of it is in the log.

    Returns:
        True: Streamlit need not show it in its own way.
    """
    t = translator(link.read_language("en"))
    sentences = [
        t(N_("This page could not be shown to its end.")),
        t(N_("Try again; if it happens again, tell the operator of the dashboard.")),
    ]
    if number := request_id.current():
        sentences.append(t(N_("The server’s log has it under the number {code}."), code=number))
    st.error(plain(" ".join(sentences)), icon=":material/error:")
    return True
