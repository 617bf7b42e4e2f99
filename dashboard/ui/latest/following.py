"""How to follow what is new without coming here: the feeds and the calendar of the filters in force."""

from urllib.parse import urlencode

import streamlit as st

from dashboard.measures.latest import NEWS
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import header, link
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import link_way
from dashboard.web.feeds.answering import FORMS


def find_address(view: View, selection: Selection, ending: str, kinds: tuple[str, ...] = NEWS) -> str:
    """The address of a feed of the filters in force; it follows the data, whatever build the page is frozen at."""
    named = [] if kinds == NEWS or ending == "ics" else [("kind", ",".join(kinds))]
    pairs = [pair for pair in selection.query_pairs() if pair[0] != "build"]
    return f"{link.site_address(view.page_id)}/latest.{ending}?{urlencode([*named, *pairs], safe=',')}"


def show(view: View, selection: Selection, kinds: tuple[str, ...]) -> None:
    """Draw the button that opens the addresses, each to be copied."""
    t = view.t
    with st.popover(t("Follow"), icon=":material/rss_feed:", help=t("What is new, in a feed reader or a calendar")):
        st.caption(t("These addresses keep the filters, the kinds and the language. Paste one into a feed reader:"))
        for ending in ("atom", "json"):
            st.caption(t(FORMS[ending].name))
            st.code(find_address(view, selection, ending, kinds), language=None, wrap_lines=True)
        link_way.show(view, find_address(view, selection, "atom", kinds), "feed")
        st.caption(t("Subscribe to the events with a calendar program:"))
        st.code(find_address(view, selection, "ics"), language=None, wrap_lines=True)
        newsletter = header.find("newsletter")
        st.page_link(
            newsletter.script,
            label=t("By mail: the newsletter"),
            icon=":material/mail:",
            query_params={"lang": view.lang},
        )


def show_calendar(view: View, selection: Selection) -> None:
    """Draw the ways to the calendar of events: subscribed to, or as a file."""
    address = find_address(view, selection, "ics")
    with st.container(horizontal=True, key="latest-calendar"):
        subscribed = f"webcal://{address.partition('://')[2]}"
        st.link_button(view.t("Subscribe in a calendar"), subscribed, icon=":material/event:")
        st.link_button(view.t("Calendar file (.ics)"), address, icon=":material/download:")
