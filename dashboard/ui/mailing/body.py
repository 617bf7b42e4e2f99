"""The page Mailing: how mails go, who reads, the next issue, what is to be decided, the issues sent, requests."""

import streamlit as st

from dashboard import formats
from dashboard.audit.events import Event
from dashboard.i18n import N_
from dashboard.languages import name_language
from dashboard.mail.outbox import Batch
from dashboard.mail.relay import is_loopback
from dashboard.newsletter.issue import NEWSLETTER, TEST, list_issues
from dashboard.newsletter.joining import Desk, open_desk
from dashboard.newsletter.sample import make_subscribers
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot
from dashboard.ui.frame.page import View
from dashboard.ui.mailing import next_issue, persons, undelivered
from dashboard.ui.pieces import html_tables, messages, recorded
from dashboard.ui.pieces.messages import plain
from dashboard.ui.pieces.sending import STATES

_PEOPLE = {"confirmed": N_("Subscribers"), "asked": N_("Asked, not confirmed yet"), "left": N_("Unsubscribed")}


def show(view: View) -> None:
    """Draw the page, part by part."""
    recorded.tell(view)
    desk = open_desk(Settings.from_environment(), view.snapshot)
    _show_setting(view, desk)
    _show_people(view, desk)
    next_issue.show(view, desk)
    undelivered.show(view, desk)
    _show_issues(view, desk)
    persons.show(view, desk)


def _show_setting(view: View, desk: Desk) -> None:
    """How mails go from here."""
    t, settings = view.t, desk.settings
    if not settings.smtp_host:
        words = t("No mail server is set up: mails are saved as files in {folder}.", folder="private/mails")
    elif is_loopback(settings):
        words = t("Mails go to the mail server on this computer.")
    else:
        words = t("Mails go to the mail server {host}.", host=settings.smtp_host)
    is_open = t("Readers can sign up.") if settings.has_newsletter else t("Readers cannot sign up yet.")
    st.info(plain(f"{words} {is_open}"), icon=":material/mail:")
    if view.snapshot.is_sample:
        messages.show_note(
            t(
                "Mails to addresses at example.org are always saved as files, unless the mail server is on this "
                "computer."
            )
        )


def _show_people(view: View, desk: Desk) -> None:
    t, counts = view.t, desk.subscribers.counts()
    messages.show_heading(t("Subscribers"))
    if not counts:
        st.markdown(t("Nobody has signed up yet."))
        if view.snapshot.is_sample:
            label = t("Add sample subscribers")
            st.button(
                label, key="mailing-sample", icon=":material/school:", on_click=_put_sample, args=(desk, view.snapshot)
            )
        return
    langs = sorted({lang for state, lang in counts if state in _PEOPLE}, key=name_language)
    columns = (*html_tables.words(t("Language")), *html_tables.figures(*(t(label) for label in _PEOPLE.values())))
    rows = [
        [name_language(lang), *(formats.format_count(counts.get((state, lang), 0), view.lang) for state in _PEOPLE)]
        for lang in langs
    ]
    html_tables.show(columns, rows)


def _put_sample(desk: Desk, snapshot: Snapshot) -> None:
    if recorded.may(Event.NEWSLETTER_CHANGED, "invented subscribers"):
        desk.subscribers.put(make_subscribers(snapshot.codes, snapshot.languages))


def _show_issues(view: View, desk: Desk) -> None:
    """The issues that were made, and trials, the last one first."""
    t = view.t
    batches = {b.batch_id: b for b in (*desk.outbox.batches(NEWSLETTER), *desk.outbox.batches(TEST))}
    if not batches:
        return
    messages.show_heading(t("Issues"))
    entries = {issue.issue_id: issue.entries for issue in list_issues(desk)}
    shown = [
        state
        for state in STATES
        if state == "sent" or (state != "sending" and any(_count(batch, state) for batch in batches.values()))
    ]
    columns = (
        *html_tables.words(t("Made on (UTC)"), t("Issue")),
        *html_tables.figures(t("New items"), *(t(STATES[state]) for state in shown)),
    )
    rows = []
    for batch in sorted(batches.values(), key=lambda b: b.put_at, reverse=True):
        told = [formats.format_count(_count(batch, state), view.lang) for state in shown]
        new = (
            formats.format_count(entries[batch.batch_id], view.lang)
            if batch.batch_id in entries
            else t(N_("Test", "a newsletter sent to try it"))
        )
        rows.append([batch.put_at[:16].replace("T", " "), batch.batch_id, new, *told])
    st.html(html_tables.render(columns, rows, is_long=True))


def _count(batch: Batch, state: str) -> int:
    """The mails in a state; one that is being sent counts as waiting."""
    return batch.counts.get(state, 0) + (batch.counts.get("sending", 0) if state == "waiting" else 0)
