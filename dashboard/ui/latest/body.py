"""Draw the page Latest news."""

from datetime import UTC, datetime

import streamlit as st

from dashboard.snapshot.selection import Selection
from dashboard.ui.frame.view import View
from dashboard.ui.latest import following, shown_since
from dashboard.ui.latest.model import ENTRY, Coming, OpenEntry, make_model
from dashboard.ui.pieces import empty_selection, list_cells, list_table, messages
from dashboard.ui.pieces.empty_selection import EmptyModel
from dashboard.ui.pieces.list_cells import Line

KIND = "kind"
PARAMETERS = (KIND, shown_since.SINCE, shown_since.BY, ENTRY, *list_table.PARAMETERS)


def join_repeated() -> None:
    """Join kinds that the link repeats, as feeds do, into one parameter, as pages do; before the link is read."""
    kinds = st.query_params.get_all(KIND)
    if len(kinds) > 1:
        st.query_params[KIND] = ",".join(kinds)


def show(view: View, selection: Selection) -> None:
    """Draw the entry that the link names, the choices, events to come, and the entries, newest first."""
    model = make_model(view, datetime.now(UTC).date())
    if isinstance(model, EmptyModel):
        empty_selection.draw(model)
        return
    for warning in model.warnings:
        st.warning(warning)
    if model.linked_entry is not None:
        _show_opened(view, model.linked_entry)
    with st.container(horizontal=True, vertical_alignment="center", key="latest-choices"):
        shown_since.draw(view, model.since)
        following.draw(view, model.follow)
    shown_since.draw_visit(model.since.visit, view.page_id)
    if model.coming is not None:
        _show_coming(view, model.coming)
    list_table.show_top(view, model.list_model)
    if model.summary:
        messages.show_note(model.summary)
    list_table.show_lines(view, model.list_model)


def _show_opened(view: View, model: OpenEntry) -> None:
    with st.container(border=True, key="latest-opened"):
        messages.show_card_title(model.title)
        if model.entry is not None:
            st.set_page_config(page_title=model.page_title)
            st.html(list_table.render(view, model.entry) + list_cells.draw_line(view, Line("text", (model.summary,))))
        if model.sentence:
            st.markdown(model.sentence)
        if model.everything is not None:
            st.html(f'<p class="about">{model.everything.render(view.page_id)}</p>')
        st.html(f'<p class="card-note">{model.close.render(view.page_id)}</p>')


def _show_coming(view: View, model: Coming) -> None:
    with st.container(border=True, key="latest-coming"):
        messages.show_card_title(model.list_model.title)
        st.html(list_table.render(view, model.list_model))
        if model.more:
            messages.show_note(model.more)
        following.draw_calendar(view, model.calendar)
