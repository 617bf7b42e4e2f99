"""Who is silent: a list of the actions, for how long, what was reported last, and how often they were asked."""

from dataclasses import replace
from functools import partial

import streamlit as st

from dashboard.access.rights import AccessClass
from dashboard.i18n import N_
from dashboard.lists.declaration import Asked, Column, List, Rows
from dashboard.lists.for_readers import ACTION, DUE_ON, STAKEHOLDER, STATUS
from dashboard.measures.register import name_stakeholder
from dashboard.measures.silent import list_silent
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import list_table, messages
from dashboard.ui.silent import choices, notes
from dashboard.ui.silent.choices import Silence

_SINCE = Column("silent_since", N_("Without a report since"), "date", begins="ascending")
COLUMNS = (
    replace(ACTION, begins="ascending", longest=0, is_searched=False),
    STAKEHOLDER,
    _SINCE,
    Column("silent_days", N_("Days"), "count", begins="descending"),
    Column("asked", N_("Times asked"), "count", begins="descending"),
    Column("asked_on", N_("Asked last on"), "date", begins="descending"),
    Column("has_address", N_("Address known"), "flag", begins="descending"),
    STATUS,
    Column("language", N_("Language"), "language", begins="ascending"),
    replace(DUE_ON, label=N_("Deadline"), begins="ascending"),
)


def make_list(silence: Silence) -> List:
    """The list of those who count as silent; those without a report have no status."""
    columns = tuple(column for column in COLUMNS if silence.kind != "never" or column is not STATUS)
    return List(
        "silent",
        N_("Missing reports"),
        columns,
        partial(_read, silence),
        order=_SINCE.name,
        empty=N_("Everybody has answered."),
        who=AccessClass.STAFF,
    )


def _read(silence: Silence, request: Asked) -> Rows:
    frame = list_silent(request.snapshot, request.selection, silence.kind, silence.since)
    persons, lang = request.snapshot.person_names, request.selection.lang
    frame = notes.add_notes(request, frame).assign(
        stakeholder=frame["stakeholder"].map(lambda name: name_stakeholder(name, persons, lang)),
        silent_since=frame["reported_on"].fillna(frame["submitted_on"]),
    )
    sort, is_descending, limit, offset = request.slice
    frame = frame.sort_values(sort, ascending=not is_descending, kind="stable", na_position="last")
    return Rows(frame.iloc[offset : offset + limit], len(frame))


def show(view: View, selection: Selection) -> None:
    """Draw the choice of who counts as silent, and the list of them, the one silent for longest first."""
    t = view.t
    silence = choices.choose_kind(view, selection)
    model = list_table.make_model(view, make_list(silence))
    if not model.total:
        st.success(model.summary, icon=":material/check_circle:")
        return
    if silence.kind == "since":
        messages.show_note(t("Completed and discontinued actions are excluded: no further reports are expected."))
    list_table.show(view, model)
    messages.show_note(t("Days without a report count from the last report or, if there is none, from the submission."))
