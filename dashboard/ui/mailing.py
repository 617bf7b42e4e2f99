"""The page Mailing: the way of mails, the readers, the next issue, open decisions, the issues sent, requests.

The next issue is shown by group of readers. Commands of `python -m dashboard newsletter` try and send it, in processes
of their own, one sender at a time.

Readers of mails with an open decision are hinted at, not named. A subscriber's request is found by the exact address.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from html import escape

import streamlit as st

from dashboard import formats
from dashboard.access.audit import log
from dashboard.access.audit.events import Event
from dashboard.errors import UserError
from dashboard.ground.processes.commands import SEVERAL
from dashboard.ground.processes.runner import Handle, Words, Workers
from dashboard.i18n import N_
from dashboard.languages import name_language
from dashboard.mail.addresses import check_address
from dashboard.mail.forgetting import forget_person
from dashboard.mail.issue import SENDING, find_period, list_groups, list_issues
from dashboard.mail.outbox import CONFIRMATION, LETTERS, NEWSLETTER, OPEN_STATES, TEST, Delivery, Step
from dashboard.mail.sending import is_loopback
from dashboard.mail.subscribers import Desk, Subscriber, Wish, make_subscribers
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot
from dashboard.ui.frame import staff
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import campaign_commands, html_tables, mail_sending, messages
from dashboard.ui.pieces.html_tables import Cells
from dashboard.ui.pieces.mail_sending import STATES

_SENDING, _PREVIEW = "staff-mailing-sending", "staff-mailing-preview"
_SINCE, _CHOICE, _ADDRESS = "staff-mailing-since", "staff-mailing-choice", "staff-mailing-address"
FRAME_HEIGHT = 720
_WORDS = Words(
    full=(N_("Mails are being sent already."), N_("Wait until that has finished, then try again.")),
    late=(N_("The operation took too long and was stopped."), N_("Waiting mails are kept: send again.")),
    cancelled=(N_("The operation was cancelled."), N_("Waiting mails are kept: send again.")),
    broken=(N_("The operation stopped before it finished."), N_("Waiting mails are kept: send again.")),
)
senders = Workers(1, 0, 12 * 3600.0, _WORDS, secrets=("DASHBOARD_SMTP_PASSWORD",))
"""The one process that sends, with the password of the mail server."""
previewers = Workers(2, 4, 120.0, _WORDS._replace(full=SEVERAL))


@dataclass(frozen=True)
class IssueModel:
    """The next issue: its number of mails, and a row for each digest: its name, subscribers and new items.

    `note` warns that some get no mail; `offered` are the digests to look at, with their names, and `first`
    is the first of them. `waiting` names the button that sends waiting mails; `is_held` marks that some were stopped.
    """

    digests: tuple[tuple[str, ...], ...]
    note: str
    offered: Mapping[Wish, str]
    first: Wish
    mails: int
    waiting: str
    is_held: bool


def make_model(view: View, desk: Desk, since: date | None = None) -> IssueModel:
    """Make the next issue, with the news since a day; without a day, since the last issue."""
    t, groups = view.t, list_groups(desk, view.snapshot, find_period(desk, view.snapshot, since))
    wishes = dict.fromkeys([*(group.wish for group in groups), *map(Wish, view.snapshot.languages)])
    waiting, usual = desk.outbox.counts()["waiting"], Wish(view.lang)
    return IssueModel(
        digests=tuple(
            (name_wish(view, one.wish), *(formats.format_count(n, view.lang) for n in (one.readers, one.new)))
            for one in groups
        ),
        note=t("Readers with no news get no mail.") if any(not group.new for group in groups) else "",
        offered={wish: name_wish(view, wish) for wish in wishes},
        first=usual if usual in wishes else next(iter(wishes)),
        mails=sum(group.readers for group in groups if group.new),
        waiting=t.plural("Send {n} waiting mail", "Send {n} waiting mails", waiting) if waiting else "",
        is_held=bool(desk.outbox.counts(NEWSLETTER)["held"]),
    )


def show_next_issue(view: View, desk: Desk) -> None:
    """Draw the next issue, or the progress of its sending."""
    t = view.t
    messages.show_heading(t("Next issue"))
    if mail_sending.show(view, _SENDING, partial(_stop_sending, desk)):
        return
    since: date | None = st.date_input(
        t("News since"),
        value=None,
        key=_SINCE,
        format="DD/MM/YYYY",
        help=t("Empty: since the last issue; the first one covers the last thirty days."),
        width=260,
    )
    model = make_model(view, desk, since)
    if model.digests:
        columns = (
            *html_tables.words(t("Digest")),
            *html_tables.figures(t("Subscribers"), t("New items")),
        )
        html_tables.show(columns, model.digests)
    if model.note:
        messages.show_note(model.note)
    options = _write_options(_choose_wish(view, model), since)
    _show_preview(view, options)
    _show_test(view, options)
    _show_sending(view, desk, model, since)


def name_wish(view: View, wish: Wish) -> str:
    """Name a group's reading, in words."""
    codes = view.snapshot.codes
    names = [
        codes[name][code].labels[view.lang] if code in codes.get(name, {}) else code
        for name in ("regions", "themes")
        for code in getattr(wish, name)
    ]
    return view.t("{name}: {value}", name=name_language(wish.lang), value=", ".join(names) or view.t("everything"))


def _choose_wish(view: View, model: IssueModel) -> Wish:
    """Draw the choice of a digest: one of those with readers, or everything in each language; return it."""
    wishes, names = list(model.offered), list(model.offered.values())
    first = wishes.index(model.first)
    place = st.selectbox(
        view.t("Digest to preview"), range(len(wishes)), first, names.__getitem__, key=_CHOICE, width=480
    )
    return wishes[first if place is None else place]


def _write_options(wish: Wish, since: date | None) -> list[str]:
    options = ["--lang", wish.lang]
    for name, codes in (("--region", wish.regions), ("--theme", wish.themes)):
        options += [part for code in codes for part in (name, code)]
    return options + (["--since", since.isoformat()] if since else [])


def _show_preview(view: View, options: list[str]) -> None:
    t = view.t
    if st.button(t("Show the digest"), key="mailing-preview", icon=":material/preview:"):
        with st.spinner(t("The digest is being made …")):
            try:
                with messages.explain_faults(N_("The mails could not be made or sent.")):
                    digest = start(previewers, "preview", *options).result().report
                st.session_state[_PREVIEW] = (options, digest)
            except UserError as error:
                messages.show_error(view, error)
    made_with, digest = st.session_state.get(_PREVIEW, (None, None))
    if digest is None or made_with != options:
        return
    st.markdown(f"**{plain(digest['subject'])}**")
    mail, text = st.tabs([t("As HTML"), t("As text")])
    with mail:
        html = digest["html"].replace("<head>", '<head><base target="_blank">', 1)  # links open in another tab
        st.iframe(_frame(html, t("The digest as HTML")), height=FRAME_HEIGHT)
    with text:
        st.code(digest["text"], language=None)


def _frame(html: str, title: str) -> str:
    """Put the mail in a frame of its own, in which nothing can run."""
    return (
        "<!doctype html><style>html,body{margin:0;height:100%}iframe{border:0;width:100%;height:100%}</style>"
        f'<iframe sandbox="allow-popups" title="{escape(title)}" srcdoc="{escape(html)}"></iframe>'
    )


def _show_test(view: View, options: list[str]) -> None:
    t = view.t
    with st.form("mailing-test", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(t("Test: your own address"), key=_ADDRESS, autocomplete="email", width=360)
        st.form_submit_button(t("Send a test"), icon=":material/mail:", on_click=_send_test, args=(options,))


def _send_test(options: list[str]) -> None:
    """Send the digest to the address that was typed; a button's callback."""
    address = str(st.session_state.get(_ADDRESS, "")).strip()
    mail_sending.run(_SENDING, lambda: start(senders, "test", *options, "--", address))


def _show_sending(view: View, desk: Desk, model: IssueModel, since: date | None) -> None:
    t = view.t
    with st.container(horizontal=True):
        if st.button(
            t("Send this issue …"), key="mailing-send", type="primary", icon=":material/mail:", disabled=not model.mails
        ):
            st.dialog(t("Send this issue?"))(_confirm_issue)(view, model.mails, since)
        if model.waiting:
            st.button(model.waiting, key="mailing-waiting", on_click=_start_sending, args=("send", "--only-waiting"))
        if model.is_held:
            st.button(t("Resume sending"), key="mailing-go-on", on_click=_go_on_sending, args=(desk,))
            st.button(t("Discard what was stopped"), key="mailing-give-up", on_click=_give_up_issue, args=(desk,))
    if not model.mails:
        messages.show_note(t("Nothing new, or no readers: there is nothing to send."))


def _confirm_issue(view: View, mails: int, since: date | None) -> None:
    t = view.t
    st.markdown(
        t.plural(
            "{n} reader gets this issue. Sending cannot be undone.",
            "{n} readers get this issue. Sending cannot be undone.",
            mails,
        )
    )
    if mail_sending.find(_SENDING).job is not None:
        st.rerun()
    words = ("send", *(("--since", since.isoformat()) if since else ()))
    st.button(t("Send now"), key="mailing-confirm", type="primary", on_click=_start_sending, args=words)


def _start_sending(*words: str) -> None:
    st.session_state.pop(_PREVIEW, None)  # its mails are sent
    mail_sending.begin(_SENDING, lambda: start(senders, *words))


def _go_on_sending(desk: Desk) -> None:
    if _shift_issue(desk, "go on"):
        _start_sending("send", "--only-waiting")


def _give_up_issue(desk: Desk) -> None:
    _shift_issue(desk, "give up")


def _shift_issue(desk: Desk, step: Step) -> bool:
    """Take a step with all issues in the outbox, once that is recorded."""
    if not campaign_commands.record_act(Event.NEWSLETTER_CHANGED, step):
        return False
    for batch in desk.outbox.batches(NEWSLETTER):
        desk.outbox.shift(NEWSLETTER, batch.batch_id, step)
    return True


def _stop_sending(desk: Desk, job: Handle) -> None:
    """Hold the waiting mails, after which the sender ends by itself; give up an unfinished issue."""
    if _shift_issue(desk, "stop") and (job.progress is None or job.progress.what != SENDING):
        job.cancel()


def start(workers: Workers, *words: str) -> Handle:
    """Start a command in a process of its own, `words` as after `python -m dashboard newsletter`.

    Raises:
        WorkerError: too many are running.
    """
    campaign = str(Settings.from_environment().campaign)
    arguments = ["newsletter", words[0], "--campaign", campaign, "--json", *words[1:]]
    return workers.start("dashboard", arguments, environment=log.write_actor(staff.person()))


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
    show_next_issue(view, desk)
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
