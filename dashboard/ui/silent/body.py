"""The page Silent: the number of the silent, and its sections; the first one lists them."""

from dataclasses import replace
from functools import partial
from html import escape

import streamlit as st

from dashboard import formats
from dashboard.access.rights import AccessClass
from dashboard.i18n import N_
from dashboard.lists.declaration import Column, List, ListRequest, Rows
from dashboard.lists.for_readers import ACTION, DUE_ON, STAKEHOLDER, STATUS
from dashboard.measures.counts import Headline, headline
from dashboard.measures.register import name_stakeholder
from dashboard.measures.silent import list_silent
from dashboard.measures.standing import count_silence
from dashboard.measures.surveys import list_waves, name_code
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import campaign_commands, empty_selection, list_table, messages, page_parts
from dashboard.ui.pieces.page_parts import Section
from dashboard.ui.silent import asked_before, choices, needed, noted, write_letters
from dashboard.ui.silent.choices import Silence

_SINCE = Column("silent_since", N_("Without a report since"), "date", begins="ascending")
_COLUMNS = (
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
    """Make the list of the silent by a definition; those without a report have no status."""
    columns = tuple(column for column in _COLUMNS if silence.kind != "never" or column is not STATUS)
    return List(
        "silent",
        N_("Missing reports"),
        columns,
        partial(_read, silence),
        order=_SINCE.name,
        empty=N_("Everybody has answered."),
        who=AccessClass.STAFF,
    )


def _read(silence: Silence, request: ListRequest) -> Rows:
    frame = list_silent(request.snapshot, request.selection, silence.kind, silence.since)
    persons, lang = request.snapshot.person_names, request.selection.lang
    frame = noted.add_notes(request, frame).assign(
        stakeholder=frame["stakeholder"].map(lambda name: name_stakeholder(name, persons, lang)),
        silent_since=frame["reported_on"].fillna(frame["submitted_on"]),
    )
    sort, is_descending, limit, offset = request.slice
    frame = frame.sort_values(sort, ascending=not is_descending, kind="stable", na_position="last")
    return Rows(frame.iloc[offset : offset + limit], len(frame))


def show_list(view: View, selection: Selection) -> None:
    """Draw the choice of a definition of silence, and the list of the silent, the one silent for longest first."""
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


PARAMETERS = (page_parts.PARAMETER, *choices.PARAMETERS, *list_table.PARAMETERS)
SECTIONS = {
    "list": Section(N_("No report yet"), show_list),
    "fewest": Section(N_("Priority answers"), needed.show),
    "letters": Section(N_("Letters"), write_letters.show),
    "time": Section(N_("Answers over time"), asked_before.show_curve),
    "asked": Section(N_("Who was asked"), asked_before.show),
}
"""The sections by their ids in the link; the first one is left out of it."""


def show(view: View, selection: Selection) -> None:
    """Draw the sentence of how many are silent, and the section that is open."""
    campaign_commands.show_unrecorded(view)
    total = headline(view.snapshot, selection)
    if not total.actions:
        empty_selection.show(view, selection)
        return
    st.html(f'<p class="headline">{escape(_say_silence(view, selection, total))}</p>')
    page_parts.open_section(view, "silent-section", SECTIONS).show(view, selection)


def _say_silence(view: View, selection: Selection, total: Headline) -> str:
    """Count the actions and stakeholders without an answer, in words, and the time since the last wave began."""
    t, lang = view.t, view.lang
    silence = count_silence(view.snapshot, selection)
    counts = {"n": total.not_reported, "actions": total.actions, "silent": silence.silent, "of": silence.stakeholders}
    sentence = t(
        "No report yet: {n} of {actions} actions ({share}); {silent} of {of} stakeholders have not reported on any.",
        share=formats.format_percent(total.not_reported, total.actions, lang),
        **counts,
    )
    waves = list_waves(view.snapshot, total.day)
    if not waves:
        return sentence
    days = (total.day - waves[-1].first_on).days
    began = t.plural(
        "The survey wave “{wave}” began on {day}, {n} day before.",
        "The survey wave “{wave}” began on {day}, {n} days before.",
        days,
        wave=t(name_code(waves[-1].name)),
        day=formats.format_date(waves[-1].first_on, lang),
    )
    return f"{sentence} {began}"
