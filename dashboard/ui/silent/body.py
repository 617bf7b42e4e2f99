"""The page Silent: the number of the silent, and its sections.

The silent as a list; the letters that went out together, with their outcomes, and those that did not go out after all;
reminders before a wave of the survey ends; the reporting rate from day to day, with the days of letters marked on it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from html import escape
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from dashboard import formats
from dashboard.access.audit.events import Event
from dashboard.access.rights import AccessClass
from dashboard.charts.chart import build_chart
from dashboard.charts.plotly.curve import Reminder, draw_reminded
from dashboard.charts.plotly.draw import CONFIG
from dashboard.charts.plotly.scheme import darken
from dashboard.i18n import N_
from dashboard.lists.declaration import Column, List, ListRequest, Rows
from dashboard.lists.for_readers import ACTION, DUE_ON, STAKEHOLDER, STATUS
from dashboard.mail import reminders
from dashboard.mail.asked import Batch, NotedLetter, find_addresses
from dashboard.mail.outbox import LETTERS, OPEN_STATES, Delivery, Outbox
from dashboard.measures.counts import Headline, headline
from dashboard.measures.definitions import DEFINITIONS
from dashboard.measures.register import name_stakeholder
from dashboard.measures.silent import answers_since, list_silent
from dashboard.measures.standing import count_silence
from dashboard.measures.surveys import list_waves, name_code
from dashboard.settings import Settings
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import link
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import (
    campaign_commands,
    empty_selection,
    html_tables,
    list_table,
    mail_sending,
    messages,
    page_parts,
    paging,
)
from dashboard.ui.pieces.html_tables import Cells
from dashboard.ui.pieces.page_parts import Section
from dashboard.ui.silent import choices, needed, noted, write_letters
from dashboard.ui.silent.choices import Silence

_REMINDING = "staff-silent-reminding"


def _show_reminders(view: View) -> None:
    """Draw a card where reminders are due today, or how far their sending is."""
    t, day = view.t, noted.find_today()
    if mail_sending.show(view, _REMINDING):
        return
    due = reminders.find_reminders(view.snapshot, noted.open_folder(), day)
    if not due:
        return
    last_day = formats.format_date(min(one.answer_by for one in due), view.lang)
    words = t.plural(
        "{n} letter has no answer yet. A reminder has the same link, and nobody gets two.",
        "{n} letters have no answer yet. A reminder has the same link, and nobody gets two.",
        len(due),
    )
    with st.container(border=True, key="card-reminders"):
        messages.show_card_title(t("Answers are due by {day}", day=last_day))
        messages.show_note(words)
        st.button(
            t("Send reminders"), key="silent-remind", icon=":material/notifications:",
            on_click=_send, args=(view, len(due)),
        )  # fmt: skip


def _send(view: View, count: int) -> None:
    link.hold()
    if campaign_commands.record_act(Event.LETTERS_SENT, "reminders", letters=count):
        campaign = Settings.from_environment().campaign
        mail_sending.begin(_REMINDING, partial(reminders.start, view.snapshot, campaign, noted.find_today()))


PAGE_CARDS = 10
CHANNELS = {"files": N_("as files"), "mail": N_("by mail"), "elsewhere": N_("in another way")}
_ARRIVED = ("sent", "sending", "uncertain")
"""The states in which a letter may have gone out."""


def show_past_letters(view: View, selection: Selection) -> None:
    """Draw a card for all letters that went out together, the latest first."""
    t = view.t
    noted.show_outcome(view, with_files=False)
    _show_reminders(view)
    batches = noted.open_notes(view).batches()
    if not batches:
        st.info(t("Nobody has been asked from here yet."), icon=":material/info:")
        return
    _show_open(view)
    messages.show_note(t("Only IDs, dates and channels are kept, privately; no addresses or names."))
    page = paging.find("silent-asked-page", PAGE_CARDS, len(batches))
    for batch in batches[page.offset : page.offset + PAGE_CARDS]:
        with st.container(border=True, key=f"card-asked-{batch.batch_id}"):
            _show_batch(view, selection, batch)
    paging.show_others(page, len(batches))


def _show_batch(view: View, selection: Selection, batch: Batch) -> None:
    t = view.t
    letters = noted.open_notes(view).letters(batch.batch_id)
    counting = [letter for letter in letters if not letter.is_taken_back]
    messages.show_card_title(_name_batch(view, batch))
    sentences = [_say_answers(view, selection, batch, counting)] if counting else []
    if batch.taken_back:
        sentences.append(t("Marked as not sent: {n}", n=batch.taken_back))
    counts = _count_states(batch)
    if batch.channel == "mail":
        queued_mails = sum(counts.values())
        sentences.append(mail_sending.say_counts(t, counts) if queued_mails else t("Nothing has been sent yet."))
    st.html("".join(map(messages.note, sentences)))
    if counting:
        _show_ways(view, batch, counting, counts)


def _name_batch(view: View, batch: Batch) -> str:
    t, n = view.t, batch.letters
    letters = t.plural("{n} letter", "{n} letters", n)
    day = formats.format_date(batch.asked_on, view.lang)
    way = t(CHANNELS.get(batch.channel, batch.channel))
    name = t("{day}: {letters} {way}", day=day, letters=letters, way=way)
    return f"{name} · {t(name_code(batch.wave))}" if batch.wave else name


def _say_answers(view: View, selection: Selection, batch: Batch, letters: Sequence[NotedLetter]) -> str:
    asked_actions = [(batch.asked_on, action_id) for letter in letters for action_id in letter.action_ids]
    frame = answers_since(view.snapshot, selection, asked_actions)
    if frame.empty:
        return view.t("Asked after the date shown, or about actions the filters exclude.")
    actions, answered = int(frame["actions"].iloc[0]), int(frame["answered"].iloc[0])
    return view.t(
        "Reports received since: {n} of {actions} actions asked about ({share}).",
        n=answered,
        actions=actions,
        share=formats.format_percent(answered, actions, view.lang),
    )


def _count_states(batch: Batch) -> dict[str, int]:
    if batch.channel != "mail":
        return {}
    return {state: n for state, n in Outbox(noted.open_folder().private).counts(LETTERS, batch.batch_id).items() if n}


def _show_ways(view: View, batch: Batch, letters: Sequence[NotedLetter], counts: dict[str, int]) -> None:
    """Draw the files again, and the buttons that send waiting letters and take letters back."""
    t = view.t
    with st.container(horizontal=True, vertical_alignment="center"):
        if batch.channel == "files":
            noted.show_files(view, batch.batch_id)
        if batch.channel == "mail" and sum(counts.values()) - counts.get("waiting", 0) < len(letters):
            st.button(
                t("Send the waiting letters"), key=f"go-on-{batch.batch_id}", icon=":material/send:",
                on_click=noted.start, args=(view, batch.batch_id),
            )  # fmt: skip
        if not any(counts.get(state) for state in _ARRIVED):
            _show_taking_back(view, batch, letters)


def _show_taking_back(view: View, batch: Batch, letters: Sequence[NotedLetter]) -> None:
    """Draw the button for letters that did not go out: all of them, or those that are chosen."""
    t = view.t
    labels = {letter.letter_id: ", ".join(letter.action_ids) for letter in letters}
    with st.popover(t("Mark as not sent"), icon=":material/undo:"):
        chosen: list[str] = []
        if batch.channel != "mail":  # waiting letters are dropped as a whole
            chosen = st.multiselect(
                t("Only these"), list(labels), format_func=lambda key: labels.get(key, key),
                placeholder=t("All of them"), key=f"back-{batch.batch_id}", select_all=False,
            )  # fmt: skip
        st.markdown(t("They no longer count, and these stakeholders can be asked again."))
        st.button(
            t("Undo"), key=f"take-back-{batch.batch_id}", type="primary",
            on_click=_take_back, args=(view, batch, tuple(chosen or labels)),
        )  # fmt: skip


def _take_back(view: View, batch: Batch, letter_ids: Sequence[str]) -> None:
    """Let letters count for nothing; those waiting in the outbox are not sent. A button's callback."""
    link.hold()
    if not campaign_commands.record_act(Event.LETTERS_UNDONE, batch.batch_id, letters=len(letter_ids)):
        return
    if batch.channel == "mail":
        outbox = Outbox(noted.open_folder().private)
        outbox.shift(LETTERS, batch.batch_id, "stop")
        outbox.shift(LETTERS, batch.batch_id, "give up")
    noted.open_notes(view).take_back(letter_ids)
    noted.forget(batch.batch_id)


def _show_open(view: View) -> None:
    """Draw the letters that staff send again or leave."""
    outbox = Outbox(noted.open_folder().private)
    letters = [one for state in OPEN_STATES for one in outbox.listed(state, LETTERS)]
    if letters:
        messages.show_heading(view.t("Decide what happens to these letters"))
        unknown = view.t("no address known")
        mail_sending.show_undecided(view, letters, lambda one: one.recipient or unknown, partial(_settle, view, outbox))


def _settle(view: View, outbox: Outbox, letters: Sequence[Delivery], is_again: bool) -> None:
    """Send letters again or leave them; a letter that certainly did not arrive no longer counts as sent."""
    event = Event.LETTERS_SENT if is_again else Event.LETTERS_UNDONE
    numbers = ", ".join(str(one.delivery_no) for one in letters)
    if not campaign_commands.record_act(event, f"mail {numbers}", again=is_again or None):
        return
    letter_notes, addresses = noted.open_notes(view), find_addresses(view.snapshot.path)
    for one in letters:
        outbox.decide(one.delivery_no, is_again=is_again)
        if not is_again and one.state != "uncertain":
            letter_notes.take_back(
                [
                    letter.letter_id
                    for letter in letter_notes.letters(one.batch_id)
                    if one.recipient in {addresses.get(action_id) for action_id in letter.action_ids}
                ]
            )


CURVE = "completion-over-time"
"""The chart that gives the days, waves and deadline."""


def show_curve(view: View, selection: Selection) -> None:
    """Draw the curve with its reminders, a sentence of each, and the same as a table."""
    t = view.t
    answers = answers_since(view.snapshot, selection, noted.open_notes(view).days())
    with st.container(border=True, key="card-reminders"):
        messages.show_card_title(t("Answers over time, and reminders"))
        if answers.empty:
            messages.show_finding(t("No letters about these actions had gone out by this date."))
        reminders = [_describe_reminder(view, row) for row in answers.to_dict("records")]
        _draw_curve(view, selection, reminders)
        for reminder in reminders:
            messages.show_note(reminder.about)
        html_tables.show_list(
            view,
            t("The same figures as a table"),
            answers,
            (
                Cells(t("Asked on"), lambda row: formats.format_date(pd.Timestamp(row["asked_on"]).date(), view.lang)),
                html_tables.count(view, t("Actions asked about"), "actions"),
                html_tables.count(view, t("Answered since"), "answered"),
                Cells(
                    t(N_("Share", "part of a whole")),
                    lambda row: formats.format_percent(row["answered"], row["actions"], view.lang),
                    is_words=False,
                ),
            ),
        )
        messages.show_note(
            t(
                "Dashed lines mark the days of letters, with the number of actions asked about. Not every later "
                "answer is due to a reminder. An action asked about several times counts on each day."
            )
        )


def _describe_reminder(view: View, row: Mapping[Any, Any]) -> Reminder:
    """Describe a reminder by its mark and its sentence: how many were asked, and how many have answered since."""
    day = pd.Timestamp(row["asked_on"]).date()
    actions, answered = int(row["actions"]), int(row["answered"])
    sentence = view.t.plural(
        "{day}: {n} action asked about; reports since: {answered} ({share}).",
        "{day}: {n} actions asked about; reports since: {answered} ({share}).",
        actions,
        answered=answered,
        share=formats.format_percent(answered, actions, view.lang),
        day=formats.format_date(day, view.lang),
    )
    return Reminder(day, formats.format_count(actions, view.lang), sentence)


def _draw_curve(view: View, selection: Selection, reminders: list[Reminder]) -> None:
    chart = build_chart(view.snapshot, CURVE, selection)
    name = view.t(DEFINITIONS["reporting_rate"].name)
    figure = go.Figure(draw_reminded(chart, reminders, name), _validate=False)
    if st.context.theme.type == "dark":
        figure = darken(figure, "curve")
    sentences = " ".join(one.about for one in reminders)
    rate = formats.format_rate(chart.total.reported, chart.total.actions, view.lang)
    alt = f"{chart.pair(name, rate)}. {sentences}"
    st.plotly_chart(figure, theme=None, config=CONFIG, alt=alt, key="chart-reminders")


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
    "time": Section(N_("Answers over time"), show_curve),
    "asked": Section(N_("Who was asked"), show_past_letters),
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
