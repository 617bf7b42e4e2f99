"""How the page Latest news is drawn."""

from datetime import UTC, datetime
from html import escape

import streamlit as st

from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import link
from dashboard.ui.frame.view import View
from dashboard.ui.latest import entry_list, following, shown_kinds, shown_since
from dashboard.ui.latest.model import ENTRY, Coming, Listed, News, Opened, make_model
from dashboard.ui.pieces import empty_selection, messages, paging, reader_list

PARAMETERS = (shown_kinds.KIND, shown_since.SINCE, shown_since.BY, ENTRY, link.PAGE)


def show(view: View, selection: Selection) -> None:
    """Draw the entry that the link names, the choices, events to come, and the entries, newest first."""
    model = make_model(view.snapshot, selection, view.t, view.own, datetime.now(UTC).date())
    if model.empty is not None:
        empty_selection.draw(model.empty)
    if model.news is not None:
        _draw(view, model.news)


def _draw(view: View, model: News) -> None:
    for warning in model.warnings:
        st.warning(warning)
    if model.opened is not None:
        _show_opened(model.opened, view.page_id)
    shown_since.draw(model.since, view.page_id)
    shown_kinds.draw(model.kinds)
    with st.container(horizontal=True, vertical_alignment="center", key="latest-said"):
        st.html(f'<p class="headline">{escape(model.said)}</p>')
        following.draw(view, model.follow)
    if model.coming is not None:
        _show_coming(view, model.coming)
    if model.listed is not None:
        _show_entries(view, model.listed)
    else:
        st.html(f'<div class="empty rows"><b>{escape(model.nothing)}</b></div>')


def _show_opened(model: Opened, page_id: str) -> None:
    with st.container(border=True, key="latest-opened"):
        messages.show_card_title(model.title)
        if model.page_title:
            st.set_page_config(page_title=model.page_title)
        entry_list.draw(model.entries, page_id)
        if model.said:
            st.markdown(model.said)
        if model.everything is not None:
            st.html(f'<p class="about">{model.everything.render(page_id)}</p>')
        st.html(f'<p class="card-note">{model.close.render(page_id)}</p>')


def _show_coming(view: View, model: Coming) -> None:
    with st.container(border=True, key="latest-coming"):
        messages.show_card_title(model.title)
        entry_list.draw(model.entries, view.page_id)
        if model.more:
            messages.show_note(model.more)
        following.draw_calendar(view, model.calendar)


def _show_entries(view: View, model: Listed) -> None:
    if model.warning:
        st.warning(model.warning)
    ways = paging.list_ways(view, model.page, model.total)
    reader_list.show_top(view, model.said, pages=ways)
    with st.container(key="list-latest"):
        entry_list.draw(model.groups, view.page_id)
    paging.draw_ways(view, ways)
