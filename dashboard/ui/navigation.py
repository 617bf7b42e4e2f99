"""The running of the pages: their order, stable addresses and titles in the reader's language."""

from pathlib import Path

import streamlit as st

from dashboard.errors import SnapshotError
from dashboard.i18n import translator
from dashboard.snapshot.database import current
from dashboard.ui.frame import link, page, staff, ways
from dashboard.ui.frame.header import DETAIL_PAGES, OWN_PAGES, PAGES, STAFF_PAGES, find
from dashboard.ui.pieces import file_at_once, page_paper
from dashboard.web.site import Pages

ICON = Path(__file__).with_name("icon.svg")


def list_pages() -> Pages:
    """The pages as the server takes them."""
    return Pages(
        titles={spec.page_id: spec.title for spec in (*PAGES, *DETAIL_PAGES, *OWN_PAGES, *STAFF_PAGES)},
        ways=tuple(spec.page_id for spec in PAGES),
        private=tuple(spec.page_id for spec in (*OWN_PAGES, *STAFF_PAGES)),
        access={spec.page_id: spec.access for spec in (*PAGES, *DETAIL_PAGES, *OWN_PAGES, *STAFF_PAGES)},
    )


def run() -> None:
    """Run the page the reader is on, and what stands below it."""
    try:
        default = str(current().campaign["default_language"])
    except SnapshotError:
        default = "en"
    t = translator(link.read_language(default))
    st.set_page_config(page_icon=ICON, layout="wide")
    pages = [
        st.Page(spec.script, title=t(spec.title), url_path=spec.page_id, default=spec.page_id == ways.FRONT)
        for spec in (*PAGES, *DETAIL_PAGES, *OWN_PAGES, *STAFF_PAGES)
    ]
    chosen = st.navigation(pages, position="hidden")
    st.set_page_config(page_title=chosen.title)  # what one page calls itself would stay for the next
    page_id = chosen.url_path or ways.FRONT
    file_at_once.forget_others(page_id)
    try:
        if not staff.may_open(find(page_id).access):
            page.refuse(page_id)
        chosen.run()
        page_paper.show()
    finally:
        page_paper.forget()
    page.close()
