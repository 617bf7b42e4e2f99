"""The way from an address to a signed link for it, where the campaign is closed and its reader has signed in."""

from urllib.parse import urlsplit

import streamlit as st

from dashboard.ui.frame import link, page_link, staff
from dashboard.ui.frame.page import View
from dashboard.ui.frame.page_link import PageLink

TO = "to"
"""The parameter of the page of links that says what is to be opened: the path and query string of an address."""


def show(view: View, address: str, key: str) -> None:
    """Draw the way to a signed link; nothing where addresses need none, or the reader may make none.

    `address`: what the link is to open, with or without the dashboard's own address.
    `key`: tells this way apart from others on the page.
    """
    if not staff.has_own():
        return
    parts = urlsplit(address.removeprefix(link.site_address(view.page_id)))
    with st.container(key=f"link-way-{key}", gap=None):
        st.caption(
            view.t("The campaign is closed: in programs and web pages this address only works with a signed link.")
        )
        help_text = view.t(
            "Excel, Power BI and web pages cannot sign in: a signed link opens only this, until its last day"
        )
        pairs = ((TO, f"{parts.path}?{parts.query}"), *view.selection.query_pairs())
        label = view.t("Create a signed link")
        page_link.show(PageLink(label, "shared_links", pairs, ":material/key:", help_text))
