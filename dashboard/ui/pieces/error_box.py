"""What went wrong, as a reader is told it."""

import streamlit as st

from dashboard.errors import UserError
from dashboard.ui.frame.page import Frame
from dashboard.ui.pieces.markdown import plain


def show(view: Frame, error: UserError) -> None:
    """Draw what went wrong, with its remedy; the sentences name files, which Markdown must not take apart."""
    st.error(plain(f"{view.t(error.what)} {view.t(error.remedy)}".strip()), icon=":material/error:")
