"""The page Mailing: how mails go, who reads, the next issue, what is to be decided, the issues sent, requests."""

import streamlit as st

from dashboard import formats
from dashboard.audit.events import Event
from dashboard.i18n import N_
from dashboard.languages import name_language
from dashboard.mail.relay import is_loopback
from dashboard.newsletter.issue import NEWSLETTER, TEST, list_issues
from dashboard.newsletter.joining import Desk, open_desk
from dashboard.newsletter.sample import make_subscribers
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot
from dashboard.ui.frame.page import View
from dashboard.ui.mailing import next_issue, persons, undelivered
from dashboard.ui.pieces import campaign_commands, messages, record_tables
from dashboard.ui.pieces.mail_sending import STATES
from dashboard.ui.pieces.messages import plain
from dashboard.ui.pieces.record_tables import Cells

_PEOPLE = {"confirmed": N_("Subscribers"), "asked": N_("Asked, not confirmed yet"), "left": N_("Unsubscribed")}


def show(view: View) -> None:
    """Draw the page, part by part."""
    campaign_commands.show_unrecorded(view)
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
    people = [{"lang": lang} | {state: counts.get((state, lang), 0) for state in _PEOPLE} for lang in langs]
    numbers = (record_tables.count(view, t(label), state) for state, label in _PEOPLE.items())
    record_tables.show(people, [Cells(t("Language"), lambda row: name_language(row["lang"])), *numbers])


def _put_sample(desk: Desk, snapshot: Snapshot) -> None:
    if campaign_commands.record_act(Event.NEWSLETTER_CHANGED, "invented subscribers"):
        desk.subscribers.put(make_subscribers(snapshot.codes, snapshot.languages))


def _show_issues(view: View, desk: Desk) -> None:
    """The issues that were made, and trials, the last one first."""
    t = view.t
    batches = {b.batch_id: b for b in (*desk.outbox.batches(NEWSLETTER), *desk.outbox.batches(TEST))}
    if not batches:
        return
    messages.show_heading(t("Issues"))
    entries = {issue.issue_id: formats.format_count(issue.entries, view.lang) for issue in list_issues(desk)}
    test = t(N_("Test", "a newsletter sent to try it"))
    latest_first = sorted(batches.values(), key=lambda batch: batch.put_at, reverse=True)
    none = dict.fromkeys(STATES, 0)
    issues = [{"id": batch.batch_id, "put_at": batch.put_at, **none, **batch.counts} for batch in latest_first]
    states = [state for state in STATES if state == "sent" or any(issue[state] for issue in issues)]
    columns = (
        Cells(t("Made on (UTC)"), lambda issue: issue["put_at"][:16].replace("T", " ")),
        Cells(t("Issue"), lambda issue: issue["id"]),
        Cells(t("New items"), lambda issue: entries.get(issue["id"], test), is_words=False),
        *(record_tables.count(view, t(STATES[state]), state) for state in states),
    )
    record_tables.show(issues, columns, is_long=True)
