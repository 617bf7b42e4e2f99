"""The page Silent: how many have not answered, and its sections: the list, the fewest answers, letters, time, notes."""

from html import escape

import streamlit as st

from dashboard import formats
from dashboard.i18n import N_
from dashboard.measures.counts import Headline, headline
from dashboard.measures.standing import count_silence
from dashboard.measures.surveys import list_waves, name_code
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import campaign_commands, empty_selection, list_table, page_parts
from dashboard.ui.pieces.page_parts import Section
from dashboard.ui.silent import asked_before, choices, needed, reminders, silent_list, write_letters

PARAMETERS = (page_parts.PARAMETER, *choices.PARAMETERS, *list_table.PARAMETERS)
SECTIONS = {
    "list": Section(N_("No report yet"), silent_list.show),
    "fewest": Section(N_("Priority answers"), needed.show),
    "letters": Section(N_("Letters"), write_letters.show),
    "time": Section(N_("Answers over time"), reminders.show),
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
    """How many actions and stakeholders have not answered, and how long ago the last wave began."""
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
