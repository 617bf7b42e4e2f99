"""The page New campaign: a form that says what it is to be, and makes it with one press."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import streamlit as st
from pydantic import ValidationError

from dashboard.campaign.blank import is_blank
from dashboard.campaign.folder import Publisher
from dashboard.errors import UserError
from dashboard.i18n import N_, Translator
from dashboard.languages import list_languages, name_language
from dashboard.settings import Settings
from dashboard.ui.frame import page_link
from dashboard.ui.frame.page import Frame, View
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.pieces import campaign_commands, messages
from dashboard.ui.pieces.messages import plain

LONGEST = 200
"""Characters of a title, and of who publishes."""


class Register(StrEnum):
    """What the actions are about, in the words of `python -m etl new`."""

    CHILD_LABOUR = "child_labour"
    OWN = "own"


_REGISTERS: Mapping[Register, str] = {
    Register.CHILD_LABOUR: N_("Actions against child labour, with the themes and categories of the 2021 Actions"),
    Register.OWN: N_("Other actions, with their own themes and categories, taken from your files"),
}


@dataclass(frozen=True)
class Wanted:
    """What the form says.

    Attributes:
        titles: By language, the reader's first; those without a title are left out.
        deadlines: The last day to submit an action, and the day by which actions are due that name none.
    """

    titles: Mapping[str, str]
    start: date | None
    end: date | None
    deadlines: tuple[date | None, date | None]
    register: Register
    publisher: str
    email: str

    def list_options(self) -> list[str]:
        """The options of `python -m etl new`."""
        days = {
            "start": self.start,
            "end": self.end,
            "submission-deadline": self.deadlines[0],
            "action-deadline": self.deadlines[1],
        }
        options = [f"--title={lang}={title}" for lang, title in self.titles.items()]
        options += [f"--{name}={day.isoformat()}" for name, day in days.items() if day is not None]
        options += [f"--register={self.register.value}"]
        named = {"publisher": self.publisher, "email": self.email}
        return options + [f"--{name}={text}" for name, text in named.items() if text]


def show(view: Frame) -> None:
    """Draw the form where there is no campaign; else say which one there is, and how a further one is made."""
    root = Settings.from_environment().campaign
    if not is_blank(root):
        _show_present(view)
        return
    t = view.t
    st.markdown(t("You can change all of this later. Nothing is public before you publish the first figures."))
    # A form: what was typed last counts, also where the button is pressed before the page has run with it.
    with st.form("campaign-form", border=False, enter_to_submit=False):
        wanted = _ask(view)
        messages.show_note(t("The folder {folder}, where the files are", folder=root.name))
        is_pressed = st.form_submit_button(
            t("Create the campaign"), key="make-campaign", type="primary", icon=":material/flag:"
        )
    if is_pressed:
        _make(view, wanted)


def _make(view: Frame, wanted: Wanted) -> None:
    """Make the campaign and lead on, or say what does not hold together yet."""
    faults = list_faults(view.t, wanted)
    if faults:
        st.error("\n\n".join(faults), icon=":material/error:")
        return
    try:
        campaign_commands.make_campaign(*wanted.list_options())
    except UserError as error:
        messages.show_error(view, error)
        return
    page_link.follow(PageLink("", "upload", (("lang", view.lang),)))


def _show_present(view: Frame) -> None:
    t = view.t
    title = plain(str(view.snapshot.campaign[f"title_{view.lang}"])) if isinstance(view, View) else ""
    said = t("There is a campaign here already.")
    st.info(f"{said} {title}".strip(), icon=":material/flag:")
    st.markdown(
        t(
            "Another campaign needs its own folder and server. Start the server with the name of a new folder, and "
            "this page creates the campaign in it:"
        )
    )
    st.code("make serve CAMPAIGN=my-campaign PORT=8600", language=None, wrap_lines=True)


def _ask(view: Frame) -> Wanted:
    """Draw the form; what it says."""
    t = view.t
    messages.show_heading(t("Title and languages"))
    st.caption(t("The campaign is shown in each language that has a title; the top one comes first."))
    languages = [view.lang, *(lang for lang in list_languages() if lang != view.lang)]
    said = {
        lang: st.text_input(
            t("Title ({language})", language=name_language(lang)),
            key=f"campaign-title-{lang}",
            max_chars=LONGEST,
            help=None if lang == view.lang else t("Empty: the campaign is not shown in this language."),
        )
        for lang in languages
    }
    titles = {lang: " ".join(words.split()) for lang, words in said.items() if words.strip()}
    messages.show_heading(t("Dates"))
    start, end, deadlines = _ask_days(t)
    messages.show_heading(t("Kind of register"))
    register = st.radio(
        t("What the actions are about"),
        list(Register),
        format_func=lambda one: t(_REGISTERS[one]),
        key="campaign-register",
    )
    messages.show_heading(t("Who publishes"))
    left, right = st.columns(2)
    publisher = left.text_input(t("Office or organisation"), key="campaign-publisher", max_chars=LONGEST)
    email = right.text_input(
        t("Its mail address"),
        key="campaign-email",
        max_chars=LONGEST,
        help=t("An office’s address, not a person’s: it is public."),
    )
    return Wanted(titles, start, end, deadlines, register or Register.OWN, publisher.strip(), email.strip())


def _ask_days(t: Translator) -> tuple[date | None, date | None, tuple[date | None, date | None]]:
    """The first and the last day, and the two deadlines."""
    year = date.today().year
    left, right = st.columns(2)
    start = left.date_input(
        t("First day on which progress is counted"), date(year, 1, 1), key="campaign-start", format="DD/MM/YYYY",
        min_value=date(1990, 1, 1), max_value=date(2100, 12, 31),
    )  # fmt: skip
    end = right.date_input(
        t("Last day"), date(year, 12, 31), key="campaign-end", format="DD/MM/YYYY",
        min_value=date(1990, 1, 1), max_value=date(2100, 12, 31),
    )  # fmt: skip
    labels = (t("Last day to submit an action"), t("Due date of actions that give none"))
    with st.expander(t("Deadlines: the last day, unless stated otherwise")):
        st.markdown(
            t(
                "Actions that come after the last day to submit are counted and listed as late. An action that is due "
                "and not completed is overdue from the next day on."
            )
        )
        places = st.columns(2)
        told = [
            place.date_input(
                label, None, key=f"campaign-deadline-{number}", format="DD/MM/YYYY",
                min_value=date(1990, 1, 1), max_value=date(2100, 12, 31),
            )
            for number, (place, label) in enumerate(zip(places, labels, strict=True))
        ]  # fmt: skip
    return start, end, (told[0], told[1])


def list_faults(t: Translator, wanted: Wanted) -> list[str]:
    """What does not hold together yet, a sentence each in the reader's language."""
    faults = []
    if not wanted.titles:
        faults.append(t("Give the campaign a title in at least one language."))
    start, end = wanted.start, wanted.end
    if start is None or end is None:
        faults.append(t("Enter its first and last day."))
    elif start >= end:
        faults.append(t("The last day must come after the first."))
    else:
        submission, due = wanted.deadlines
        if submission is not None and not start <= submission <= end:
            faults.append(t("The last day to submit an action must be between the first and the last day."))
        if due is not None and not start < due <= end:
            faults.append(t("The due date of actions must be after the first day, and not after the last."))
    if wanted.email and not wanted.publisher:
        faults.append(t("Enter the publisher’s name as well."))
    if not _is_address(wanted.email):
        faults.append(t("This is not a mail address: {address}", address=plain(wanted.email)))
    return faults


def _is_address(email: str) -> bool:
    try:
        Publisher(email=email)
    except ValidationError:
        return False
    return True
