"""Reminders before a wave of the survey ends: how many are due, and the button that sends them."""

from functools import partial

import streamlit as st

from dashboard import formats
from dashboard.access.audit.events import Event
from dashboard.ground.processes.runner import Handle
from dashboard.mail import reminders
from dashboard.settings import Settings
from dashboard.ui.frame import link
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import campaign_commands, mail_sending, messages
from dashboard.ui.silent import noted

_SENDING = "staff-silent-reminding"


def show(view: View) -> None:
    """Draw a card where reminders are due today, or how far their sending is."""
    t, day = view.t, noted.find_today()
    if mail_sending.show(view, _SENDING, _stop):
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
        mail_sending.begin(_SENDING, partial(reminders.start, view.snapshot, campaign, noted.find_today()))


def _stop(job: Handle) -> None:
    job.cancel()
