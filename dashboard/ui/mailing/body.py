"""The page Mailing: the way of mails, the readers, the next issue, open decisions, the issues sent, requests.

Readers of mails with an open decision are hinted at, not named. A subscriber's request is found by the exact address.
"""

import json
from collections.abc import Sequence
from functools import partial

import streamlit as st

from dashboard import formats
from dashboard.access.audit.events import Event
from dashboard.errors import UserError
from dashboard.i18n import N_
from dashboard.languages import name_language
from dashboard.mail.addresses import check_address
from dashboard.mail.forgetting import forget_person
from dashboard.mail.issue import list_issues
from dashboard.mail.outbox import CONFIRMATION, LETTERS, NEWSLETTER, OPEN_STATES, TEST, Delivery
from dashboard.mail.sending import is_loopback
from dashboard.mail.subscribers import Desk, Subscriber, make_subscribers
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.view import View
from dashboard.ui.mailing import next_issue
from dashboard.ui.mailing.next_issue import name_wish
from dashboard.ui.pieces import campaign_commands, html_tables, mail_sending, messages
from dashboard.ui.pieces.html_tables import Cells
from dashboard.ui.pieces.mail_sending import STATES

_REQUEST, _ERASED = "staff-mailing-request", "staff-mailing-erased"
_KINDS = {
    NEWSLETTER: N_("Newsletter"),
    CONFIRMATION: N_("Confirmation"),
    TEST: N_("Test", "a newsletter sent to try it"),
    LETTERS: N_("Letter"),
}
_MEANINGS = {
    "uncertain": N_("Uncertain: the program or the connection failed; it may or may not have arrived."),
    "bounced": N_("Bounced: the mail server refused it for good. This reader gets no further issues until you decide."),
    "failed": N_("Failed: the mail server deferred it too often."),
}
_PEOPLE = {"confirmed": N_("Subscribers"), "asked": N_("Asked, not confirmed yet"), "left": N_("Unsubscribed")}


def show(view: View) -> None:
    """Draw the page, part by part."""
    campaign_commands.show_unrecorded(view)
    desk = Desk(Settings.from_environment(), view.snapshot)
    _show_setting(view, desk)
    _show_people(view, desk)
    next_issue.show(view, desk)
    _show_undelivered(view, desk)
    _show_issues(view, desk)
    _show_requests(view, desk)


def _show_setting(view: View, desk: Desk) -> None:
    """Draw how mails go from here."""
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
    t, counts = view.t, desk.count_subscribers()
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
    numbers = (html_tables.count(view, t(label), state) for state, label in _PEOPLE.items())
    html_tables.show_records(people, [Cells(t("Language"), lambda row: name_language(row["lang"])), *numbers])


def _put_sample(desk: Desk, snapshot: Snapshot) -> None:
    if campaign_commands.record_act(Event.NEWSLETTER_CHANGED, "invented subscribers"):
        desk.put_subscribers(make_subscribers(snapshot.codes, snapshot.languages))


def _show_issues(view: View, desk: Desk) -> None:
    """Draw the issues that were made, and trials, the last one first."""
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
        *(html_tables.count(view, t(STATES[state]), state) for state in states),
    )
    html_tables.show_records(issues, columns, is_long=True)


def _show_undelivered(view: View, desk: Desk) -> None:
    """Draw the mails to decide about; nothing where there are none."""
    t = view.t
    mails = [delivery for state in OPEN_STATES for delivery in desk.outbox.listed(state)]
    if not mails:
        return
    messages.show_heading(t("Mails to decide about"))
    for state in dict.fromkeys(delivery.state for delivery in mails):
        messages.show_note(t(_MEANINGS[state]))
    mail_sending.show_undecided(view, mails, partial(_describe, view), partial(_settle, desk))


def _describe(view: View, mail: Delivery) -> str:
    """Describe a mail by as much of its address as lets staff recognise a request about it, and nobody learn it."""
    name, _, domain = mail.recipient.partition("@")
    hint = f"{name[:1]}…@{domain}" if domain else "…"
    kind = view.t(_KINDS.get(mail.kind, mail.kind))
    changed_at = view.t("{time} (UTC)", time=mail.changed_at[:16].replace("T", " "))
    return f"{hint} · {kind} · {changed_at}"


def _settle(desk: Desk, mails: Sequence[Delivery], is_again: bool) -> None:
    what = f"mail {mails[0].delivery_no}" if len(mails) == 1 else "leave all"
    if campaign_commands.record_act(Event.NEWSLETTER_CHANGED, what, again=is_again, mails=len(mails)):
        for mail in mails:
            desk.outbox.decide(mail.delivery_no, is_again=is_again)


def _show_requests(view: View, desk: Desk) -> None:
    """Draw the search, and the data kept about the subscriber found."""
    t = view.t
    messages.show_heading(t("Requests of subscribers"))
    st.markdown(t("If somebody asks what is kept about them, or to be deleted, find them by their exact address."))
    with st.form("mailing-request", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        typed = st.text_input(t("E-mail address"), key=_REQUEST, autocomplete="off", width=360)
        st.form_submit_button(t("Search"), icon=":material/search:")
    if st.session_state.pop(_ERASED, False):
        st.success(t("Deleted."), icon=":material/delete:")
        return
    if not typed.strip():
        return
    try:
        address = check_address(typed)
    except UserError as error:
        messages.show_error(view, error)
        return
    subscriber = desk.find(address=address)
    if subscriber is None and not desk.outbox.has_mails_to(address):
        st.markdown(t("Nothing is kept about this address."))
        return
    _show_found(view, desk, subscriber, address)


def _show_found(view: View, desk: Desk, subscriber: Subscriber | None, address: str) -> None:
    t = view.t
    with st.container(horizontal=True, vertical_alignment="center"):
        if subscriber is not None:
            is_reader = subscriber.state == "confirmed"
            words = t("Gets the newsletter.") if is_reader else t("Has asked for the newsletter, not confirmed yet.")
            st.markdown(plain(f"{words} {name_wish(view, subscriber.wish)}"), width="content")
            content = json.dumps(subscriber.export(), ensure_ascii=False, indent=1)
            st.download_button(
                t("What is kept (JSON)"),
                content,
                "newsletter-data.json",
                "application/json",
                on_click="ignore",
                icon=":material/download:",
            )
        else:
            st.markdown(t("Does not get the newsletter; mails were sent to this address."), width="content")
        st.button(t("Delete"), key="mailing-erase", icon=":material/delete:", on_click=_erase, args=(desk, address))


def _erase(desk: Desk, address: str) -> None:
    if not campaign_commands.record_act(Event.SUBSCRIBER_REMOVED):
        return
    forget_person(desk.outbox.private, address)
    st.session_state[_REQUEST] = ""
    st.session_state[_ERASED] = True
