"""Ways to follow the news from elsewhere: the feeds and the calendar of the filters in force."""

from dataclasses import dataclass
from urllib.parse import urlencode

import streamlit as st

from dashboard.i18n import Translator
from dashboard.measures.latest import NEWS
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import link, page_link
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.frame.view import View
from dashboard.web.news_feeds import FORMS


@dataclass(frozen=True)
class FollowModel:
    """The addresses of the filters in force, below the dashboard's own, and the link to the newsletter."""

    feeds: tuple[tuple[str, str], ...]
    calendar: str
    newsletter: PageLink


def make_model(selection: Selection, t: Translator, kinds: tuple[str, ...] = NEWS) -> FollowModel:
    """Make the links to the kinds of entries of a selection; they follow the data even if the page is frozen."""
    pairs = [pair for pair in selection.query_pairs() if pair[0] != "build"]
    kind_pairs = [] if kinds == NEWS else [("kind", ",".join(kinds))]
    feeds = ((t(FORMS[ending].name), _write_address(ending, [*kind_pairs, *pairs])) for ending in ("atom", "json"))
    newsletter = PageLink(t("By mail: the newsletter"), "newsletter", (("lang", t.language),), ":material/mail:")
    return FollowModel(tuple(feeds), _write_address("ics", pairs), newsletter)


def _write_address(ending: str, pairs: list[tuple[str, str]]) -> str:
    return f"/latest.{ending}?{urlencode(pairs, safe=',')}"


def draw(view: View, model: FollowModel) -> None:
    """Draw the button that opens the addresses, each to be copied."""
    t, site = view.t, link.site_address(view.page_id)
    with st.popover(t("Follow"), icon=":material/rss_feed:", help=t("What is new, in a feed reader or a calendar")):
        st.caption(t("These addresses keep the filters, the kinds and the language. Paste one into a feed reader:"))
        for name, address in model.feeds:
            st.caption(name)
            st.code(f"{site}{address}", language=None, wrap_lines=True)
        page_link.show_signed(view, f"{site}{model.feeds[0][1]}", "feed")
        st.caption(t("Subscribe to the events with a calendar program:"))
        st.code(f"{site}{model.calendar}", language=None, wrap_lines=True)
        page_link.show(model.newsletter)


def draw_calendar(view: View, calendar: str) -> None:
    """Draw the links to the calendar of events: as a subscription, or as a file."""
    address = f"{link.site_address(view.page_id)}{calendar}"
    with st.container(horizontal=True, key="latest-calendar"):
        subscribed = f"webcal://{address.partition('://')[2]}"
        st.link_button(view.t("Subscribe in a calendar"), subscribed, icon=":material/event:")
        st.link_button(view.t("Calendar file (.ics)"), address, icon=":material/download:")
