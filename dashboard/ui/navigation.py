"""The running of the pages: their order, stable addresses and titles in the reader's language."""

from copy import copy
from functools import lru_cache
from pathlib import Path

import streamlit as st

from dashboard.errors import SnapshotError
from dashboard.ground.page_addresses import FORMER, FRONT, PAGES
from dashboard.i18n import translator
from dashboard.snapshot.database import current
from dashboard.ui.frame import header, link, page, reading, staff
from dashboard.ui.frame.page_link import find_script
from dashboard.ui.pieces import file_at_once, page_paper
from dashboard.web.site import Pages

ICON = Path(__file__).with_name("icon.svg")


def list_pages() -> Pages:
    """List the parts of the pages for the server."""
    return Pages(
        titles={spec.page_id: spec.title for spec in header.ALL},
        ways=tuple(spec.page_id for spec in header.PAGES),
        private=tuple(spec.page_id for spec in (*header.OWN_PAGES, *header.STAFF_PAGES)),
        access={spec.page_id: spec.access for spec in header.ALL},
    )


@lru_cache
def _make_pages(titles: tuple[str, ...]) -> tuple[list[st.Page], list[st.Page]]:
    """Make the pages with their titles in a language, and those of former times.

    Browsers that were on one of those when the program was renewed, or go back to one, load it again and are led on by
    that.
    """
    pages = [
        st.Page(find_script(name), title=title, url_path=name, default=name == FRONT)
        for name, title in zip(PAGES, titles, strict=True)
    ]
    return pages, [st.Page(reading.load_again, title=name, url_path=name) for name in FORMER if name != FRONT]


def run() -> None:
    """Run the reader's page, and the parts below it."""
    try:
        default = str(current().campaign["default_language"])
    except SnapshotError:
        default = "en"
    t = translator(link.read_language(default))
    st.set_page_config(page_icon=ICON, layout="wide")
    made, made_former = _make_pages(tuple(t(header.find(one.first).title) for one in PAGES.values()))
    # Streamlit notes in a page that it may run once.
    pages, former = [copy(one) for one in made], [copy(one) for one in made_former]
    chosen = st.navigation([*pages, *former], position="hidden")
    if chosen in former:
        chosen.run()
        return
    page_id = link.find_part(chosen.url_path or FRONT)
    st.set_page_config(page_title=t(header.find(page_id).title))  # one page's title would stay for the next
    file_at_once.forget_others(page_id)
    try:
        if not staff.may_open(header.find(page_id).access):
            page.refuse(page_id)
        chosen.run()
        page_paper.show()
    finally:
        page_paper.forget()
    page.close()
