"""Letters to the silent: recipients, one letter in full, then files, mails, or a note only; nobody is asked twice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from html import escape

import pandas as pd
import streamlit as st

from dashboard import formats
from dashboard.access.audit.events import Event
from dashboard.campaign.folder import Campaign
from dashboard.campaign.reporting.links import write_address
from dashboard.errors import UserError
from dashboard.i18n import N_, Translator
from dashboard.languages import name_language, write_attributes
from dashboard.mail.asked import USUAL_DAYS, Addressee, Channel, Plan, RecentlyAsked, find_recipients
from dashboard.mail.letter import (
    Invitation,
    compose,
    find_last_day,
    find_occasion,
    find_survey,
    has_report_links,
    read_facts,
)
from dashboard.measures.register import name_stakeholder
from dashboard.measures.silent import list_silent
from dashboard.measures.surveys import list_waves, name_code
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import link
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import campaign_commands, html_tables, messages
from dashboard.ui.pieces.html_tables import Cells, Foreign
from dashboard.ui.silent import choices, needed, noted

FEWEST, ALL = "fewest", "all"
WHOM = {FEWEST: N_("The priority answers"), ALL: N_("Everybody without a report")}
MOST_LISTED = 200
MOST_OFFERED = 2000
LONGEST_WORDS = 1000
MOST_DAYS = 365
HIDDEN = "…"
"""What stands in the preview of a letter for the token of its link, which is made with the letter."""


@dataclass(frozen=True)
class Draft:
    """The letters that could go out: recipients, those skipped (asked too recently), day, wave.

    `names` gives the stakeholder of each action, `days_apart` the days between two letters to one recipient.
    """

    addressees: tuple[Addressee, ...]
    skipped: tuple[RecentlyAsked, ...]
    names: Mapping[str, str]
    wave: str
    day: date
    days_apart: int

    @property
    def reached(self) -> tuple[Addressee, ...]:
        """The recipients with an address."""
        return tuple(one for one in self.addressees if one.address)


def list_recipients(view: View, silent: pd.DataFrame) -> tuple[list[Addressee], dict[str, str]]:
    """List the possible recipients of letters about silent actions, and the stakeholder of each action."""
    persons = view.snapshot.person_names
    makers = silent["stakeholder"].map(lambda name: name_stakeholder(name, persons, view.lang)).astype(object)
    names = zip(silent["action_id"], makers.fillna(view.t("Stakeholder not stated")), strict=True)
    return find_recipients(view.snapshot, silent), dict(names)


def make_draft(
    view: View, addressees: Sequence[Addressee], names: Mapping[str, str], wave: str, day: date, days_apart: int
) -> Draft:
    """Make the letters to recipients, without those who were asked too recently."""
    skipped = noted.open_notes(view).hold(addressees, day, days_apart)
    left_out = {one.addressee for one in skipped}
    return Draft(tuple(one for one in addressees if one not in left_out), skipped, names, wave, day, days_apart)


def name_addressee(one: Addressee, names: Mapping[str, str]) -> str:
    """Name a letter's recipient by the stakeholders of its actions."""
    return ", ".join(dict.fromkeys(names[action_id] for action_id in one.action_ids)) + f" · {one.action_ids[0]}"


def find_waves(snapshot: Snapshot, campaign: Campaign) -> list[str]:
    """List the waves that letters can ask for, the latest first: those of `campaign.toml`, and those that began."""
    started_waves = [wave.name for wave in list_waves(snapshot, snapshot.last_date)]
    announced = [survey.wave for survey in campaign.survey if survey.wave]
    return list(dict.fromkeys([*reversed(announced), *reversed(started_waves)]))


def say_letters(t: Translator, draft: Draft) -> str:
    """Count the letters, their actions, and the letters that reach nobody, in words."""
    if not draft.addressees:
        return t("There is nobody to write to.")
    letters = len(draft.addressees)
    actions, without = sum(len(one.action_ids) for one in draft.addressees), letters - len(draft.reached)
    about = t.plural("{n} action", "{n} actions", actions)
    words = t.plural("{n} letter about {actions}.", "{n} letters about {actions}.", letters, actions=about)
    if not without:
        return words
    unknown = t.plural("{n} of them has no known address.", "{n} of them have no known address.", without)
    return f"{words} {unknown}"


def list_gaps(t: Translator, campaign: Campaign, wave: str, base_url: str) -> tuple[str, ...]:
    """List what the letters of a wave lack, and where on *Settings* it belongs."""
    survey = find_survey(campaign, wave)
    no_survey = t(
        "No survey has an address, so the letters ask for a reply. Add one on “Settings”, under “Progress survey”."
    )
    no_sender = t(
        "The campaign has no address for replies, so the letters give none. Add one on “Settings”, under “Publisher”."
    )
    no_links = t(
        "Stakeholders may report by link, but the letters have no links: the server does not know its public address. "
        "The operator sets DASHBOARD_BASE_URL."
    )
    has_links = has_report_links(campaign, base_url)
    gaps = {
        no_links: campaign.reports_by_link.open and not has_links,
        no_survey: not has_links and (survey is None or not survey.link),
        no_sender: not campaign.publisher.email,
    }
    return tuple(gap for gap, is_open in gaps.items() if is_open)


def say_sending(t: Translator, letters: int, *, has_server: bool) -> str:
    """Describe the effect of sending letters."""
    if has_server:
        return t.plural(
            "{n} letter goes out through the mail server.",
            "{n} letters go out through the mail server, one by one.",
            letters,
        )
    return t.plural(
        "No mail server is set up: {n} letter is saved as a file in private/mails.",
        "No mail server is set up: {n} letters are saved as files in private/mails.",
        letters,
    )


def show(view: View, selection: Selection) -> None:
    """Draw the choice, a letter, and the ways out; nothing where everybody has answered, or an earlier day is shown."""
    if selection.day(view.snapshot) < view.snapshot.last_date:
        st.info(view.t("You can only write letters on the latest day of the data. Switch to it."))
        st.button(view.t("Latest data"), icon=":material/update:", on_click=link.change, kwargs={"as_of": None})
        return
    try:
        campaign = noted.open_folder().load()
    except UserError as error:
        messages.show_error(view, error)
        return
    draft = _choose(view, selection, campaign)
    st.html(f'<p class="state">{escape(say_letters(view.t, draft))}</p>')
    _show_left_out(view, draft)
    if draft.addressees:
        _show_letter(view, draft, campaign)
        _show_ways(view, draft)
    noted.show_outcome(view)  # beside the buttons, where whoever has clicked one looks


def _choose(view: View, selection: Selection, campaign: Campaign) -> Draft:
    """Draw the choice of recipients, wave, day and distance; return the letters."""
    t = view.t
    whom = st.segmented_control(
        t("Whom to ask"), list(WHOM), format_func=lambda one: t(WHOM[one]), default=FEWEST, required=True,
        key="silent-whom",
    )  # fmt: skip
    if whom == FEWEST:
        narrowing = choices.read_narrowing()
        unknown, _, proposal = needed.find_proposal(view, selection, narrowing)
        silent = unknown.iloc[[answer.row for answer in proposal.answers]]
    else:
        silence = choices.choose_kind(view, selection)
        silent = list_silent(view.snapshot, selection, silence.kind, silence.since)
    addressees, names = list_recipients(view, silent)
    addressees = _choose_some(view, addressees, names)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        wave = _choose_wave(view, campaign)
        day = st.date_input(
            t("Date of the letters"), value=noted.find_today(), format="DD/MM/YYYY", key="silent-day", width=180
        )
        apart = st.number_input(
            t("Days between two letters"), min_value=1, max_value=MOST_DAYS, value=USUAL_DAYS, step=1, width=200,
            key="silent-apart", help=t("People asked more recently than this are skipped."),
        )  # fmt: skip
    day = day if isinstance(day, date) else noted.find_today()
    return make_draft(view, addressees, names, wave, day, int(apart))


def _choose_some(view: View, addressees: list[Addressee], names: Mapping[str, str]) -> list[Addressee]:
    """Draw the choice of some of them, by the stakeholders' names; nothing chosen is all."""
    labels = {place: name_addressee(one, names) for place, one in enumerate(addressees[:MOST_OFFERED])}
    chosen = st.multiselect(
        view.t("Only these"),
        list(labels),
        format_func=lambda place: labels.get(place, ""),
        key=f"silent-only-{abs(hash(tuple(addressees)))}",
        placeholder=view.t("All of them"),
        select_all=False,
    )
    return [addressees[place] for place in chosen] or addressees


def _choose_wave(view: View, campaign: Campaign) -> str:
    t, waves = view.t, find_waves(view.snapshot, campaign)
    if not waves:
        return ""
    return str(
        st.selectbox(t("Survey wave"), waves, format_func=lambda wave: t(name_code(wave)), key="silent-wave", width=220)
    )


def _show_left_out(view: View, draft: Draft) -> None:
    """Draw the letters that reach nobody, and the skipped recipients."""
    t = view.t
    unreachable = [one for one in draft.addressees if not one.address]
    html_tables.show_list(
        view,
        t("No address known"),
        unreachable,
        (
            Cells(t("Stakeholder"), lambda one: Foreign(name_addressee(one, draft.names))),
            Cells(t("Actions"), lambda one: ", ".join(one.action_ids)),
        ),
        t("No export has an e-mail address for these actions. Their letters are saved without one."),
    )
    html_tables.show_list(
        view,
        t("Skipped, already asked"),
        draft.skipped,
        (
            Cells(t("Stakeholder"), lambda one: Foreign(name_addressee(one.addressee, draft.names))),
            Cells(t("Asked last on"), lambda one: formats.format_date(one.asked_on, view.lang)),
        ),
        t("They were asked less than {days} days earlier.", days=draft.days_apart),
    )


def _show_letter(view: View, draft: Draft, campaign: Campaign) -> None:
    """Draw the gaps of the letters, staff's own words, and one letter in full, in any of the languages."""
    t, base_url = view.t, Settings.from_environment().base_url
    for gap in list_gaps(t, campaign, draft.wave, base_url):
        st.info(gap, icon=":material/info:")
    with st.expander(t("Your own paragraph")):
        for lang in view.snapshot.languages:
            st.text_area(name_language(lang), key=f"staff-silent-words-{lang}", max_chars=LONGEST_WORDS, height=90)
        messages.show_note(t("It appears in all letters in this language and is kept with them: do not name persons."))
    with st.container(border=True, key="card-letter"):
        messages.show_card_title(t("One letter in full"))
        with st.container(horizontal=True, vertical_alignment="bottom"):
            place = st.selectbox(
                t("Letter to"),
                range(min(len(draft.addressees), MOST_LISTED)),
                format_func=lambda place: name_addressee(draft.addressees[place], draft.names),
                key=f"silent-letter-{abs(hash(draft.addressees))}",
                width=460,
            )
            one = draft.addressees[int(place or 0)]
            letter_lang = st.segmented_control(
                t("Language of the letter"), view.snapshot.languages, format_func=name_language, default=one.lang,
                required=True, key=f"silent-letter-lang-{one.action_ids[0]}",
            )  # fmt: skip
        occasion = find_occasion(view.snapshot, campaign, draft.wave, read_words(view))
        facts = read_facts(view.snapshot, one.action_ids, view.snapshot.last_date)
        invitation = None
        if has_report_links(campaign, base_url):
            address = write_address(base_url, HIDDEN, letter_lang)
            invitation = Invitation(address, find_last_day(campaign, occasion.survey))
        chosen_facts = [facts[action_id] for action_id in one.action_ids]
        letter = compose(view.snapshot, chosen_facts, letter_lang, occasion, invitation)
        to = one.address or t("no address known")
        head = "".join(
            f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>"
            for name, value in (
                (t(N_("To", "who gets a letter")), to),
                (t(N_("Subject", "what a letter is about")), letter.subject),
            )
        )
        st.html(
            f'<dl class="letter-head">{head}</dl>'
            f'<div class="letter" {write_attributes(letter.lang)} tabindex="0">{escape(letter.text)}</div>'
        )


def read_words(view: View) -> dict[str, str]:
    """Read staff's own words by language from the fields."""
    return {
        lang: str(st.session_state.get(f"staff-silent-words-{lang}", "")).strip() for lang in view.snapshot.languages
    }


def _show_ways(view: View, draft: Draft) -> None:
    """Draw the three ways out; each notes the letters, so that nobody is asked twice."""
    t = view.t
    with st.container(horizontal=True, key="letter-ways"):
        st.button(
            t("Create files and record as asked"), type="primary", icon=":material/description:", key="letters-files",
            on_click=_note, args=(view, draft, "files"),
        )  # fmt: skip
        key = f"letters-send-{noted.find_batch()}"  # another one once they are sent, which is closed
        with st.popover(t("Send by mail"), icon=":material/mail:", disabled=not draft.reached, key=key):
            _show_sending(view, replace(draft, addressees=draft.reached))
        st.button(
            t("Only record as asked"), icon=":material/edit_note:", key="letters-elsewhere",
            help=t("If they were asked in another way, such as by telephone."),
            on_click=_note, args=(view, draft, "elsewhere"),
        )  # fmt: skip
    messages.show_note(t("Under “Who was asked” you can mark letters as not sent."))


def _show_sending(view: View, draft: Draft) -> None:
    t, has_server = view.t, bool(Settings.from_environment().smtp_host)
    st.markdown(say_sending(t, len(draft.addressees), has_server=has_server))
    if view.snapshot.is_sample:
        st.markdown(t("The sample’s addresses reach nobody: their letters are saved as files."))
    st.button(
        t("Send now"), type="primary", icon=":material/send:", key="letters-mail",
        on_click=_note, args=(view, draft, "mail"),
    )  # fmt: skip


def _note(view: View, draft: Draft, channel: Channel) -> None:
    """Note the letters, and make or send them; a button's callback."""
    link.hold()
    if not campaign_commands.record_act(Event.LETTERS_NOTED, channel, letters=len(draft.addressees), wave=draft.wave):
        return
    plan = Plan(draft.day, draft.days_apart, draft.wave, channel, read_words(view))
    noted.keep(view, noted.open_notes(view).note(draft.addressees, plan), channel)
