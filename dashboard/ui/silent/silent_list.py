"""Who is silent: a table of the actions, for how long, what was reported last, and how often they were asked."""

import streamlit as st

from dashboard.i18n import N_
from dashboard.measures import register
from dashboard.measures.silent import list_silent
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import page_link
from dashboard.ui.frame.page import View
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.pieces import paging, row_tables
from dashboard.ui.silent import choices, notes

PAGE_ROWS = 200
ROWS_IN_VIEW = 9
COLUMNS: dict[str, tuple[str, int, row_tables.Kind]] = {
    "stakeholder": (N_("Stakeholder"), 24, "text"),
    "title": (N_("Title"), 30, "text"),
    "silent_days": (N_("Days without a report"), 8, "plain"),
    "asked": (N_("Times asked"), 8, "plain"),
    "asked_on": (N_("Asked last on"), 11, "date"),
    "has_address": (N_("Address known"), 9, "flag"),
    "reported_on": (N_("Last report"), 11, "date"),
    "status_code": (N_("Status"), 16, "text"),
    "language": (N_("Language"), 8, "text"),
    "due_on": (N_("Deadline"), 11, "date"),
    "submitted_on": (N_("Submission date"), 11, "date"),
    "action_id": (N_("Action ID"), 14, "text"),
}
"""The columns: heading, letters a line has room for, kind."""
_OF_REPORTS = ("reported_on", "status_code")


def show(view: View, selection: Selection) -> None:
    """Draw the choice of who counts as silent, and the table of them, the one silent for longest first."""
    t = view.t
    silence = choices.choose_kind(view, selection)
    frame = notes.add_notes(view, list_silent(view.snapshot, selection, silence.kind, silence.since))
    if frame.empty:
        st.success(t("Everybody has answered."), icon=":material/check_circle:")
        return
    if silence.kind == "since":
        st.caption(t("Completed and discontinued actions are excluded: no further reports are expected."))
    page = paging.find(f"silent-page-{abs(hash((silence, selection)))}", PAGE_ROWS, len(frame))
    part = frame.iloc[page.offset : page.offset + page.size].reset_index(drop=True)
    shown = register.labelled(part.drop(columns="status"), view.snapshot, view.lang)
    state = st.dataframe(
        shown,
        hide_index=True,
        column_order=[name for name in COLUMNS if silence.kind != "never" or name not in _OF_REPORTS],
        column_config={
            name: row_tables.configure(view, t(header_text), letters, kind)
            for name, (header_text, letters, kind) in COLUMNS.items()
        },
        key=f"silent-{silence.code}-{page.number}-{view.snapshot.build_id[:12]}",
        on_select="rerun",
        selection_mode="single-row",
        row_height=row_tables.ROW_HEIGHT,
        height=row_tables.find_height(len(shown), ROWS_IN_VIEW),
        placeholder="—",
        alt=t("Actions without an answer; choose a row to open the action."),
    )
    paging.show_others(page, len(frame))
    said = t("{first} to {last} of {total}.", **paging.name_range(t, page, len(part), len(frame)))
    since = t("Days without a report count from the last report or, if there is none, from the submission.")
    st.caption(f"{said} {since}")
    rows = [row for row in state["selection"]["rows"] if row < len(part)]
    if rows:
        _show_way(view, str(part["action_id"].iloc[rows[0]]))


def _show_way(view: View, action_id: str) -> None:
    label, pairs = view.t("Open the action {id}", id=action_id), (("action", action_id), ("lang", view.lang))
    page_link.show(PageLink(label, "actions", pairs, ":material/open_in_new:"))
