"""The running of the pages: their order, stable addresses and titles in the reader's language."""

import streamlit as st

from dashboard.errors import SnapshotError
from dashboard.i18n import translator
from dashboard.snapshot import current
from dashboard.ui import link, page
from dashboard.ui.header import PAGES


def run() -> None:
    """Run the page the reader is on, and what stands below it."""
    try:
        default = str(current().campaign["default_language"])
    except SnapshotError:
        default = "en"
    t = translator(link.language(default))
    st.set_page_config(page_icon=":material/flag:", layout="wide", initial_sidebar_state="auto")
    pages = [
        st.Page(f"pages/{spec.page_id}.py", title=t(spec.title), url_path=spec.page_id, default=number == 0)
        for number, spec in enumerate(PAGES)
    ]
    chosen = st.navigation(pages, position="hidden")
    chosen.run()
    page.close()
