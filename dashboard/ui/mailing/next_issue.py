"""The next issue: its items by group of readers, its digests to look at, a trial, and the sending.

Commands of `python -m dashboard newsletter` do that in processes of their own, one sender at a time.
"""

from collections.abc import Mapping
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
from dashboard.mail.issue import SENDING, find_period, list_groups
from dashboard.mail.outbox import NEWSLETTER, Step
from dashboard.mail.subscribers import Desk, Wish
from dashboard.settings import Settings
from dashboard.ui.frame import staff
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import campaign_commands, html_tables, mail_sending, messages

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


def show(view: View, desk: Desk) -> None:
    """Draw the next issue, or the progress of its sending."""
    t = view.t
    messages.show_heading(t("Next issue"))
    if mail_sending.show(view, _SENDING, partial(_stop, desk)):
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
    options = _write_options(_choose(view, model), since)
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


def _choose(view: View, model: IssueModel) -> Wish:
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
        st.form_submit_button(t("Send a test"), icon=":material/mail:", on_click=_test, args=(options,))


def _test(options: list[str]) -> None:
    """Send the digest to the address that was typed; a button's callback."""
    address = str(st.session_state.get(_ADDRESS, "")).strip()
    mail_sending.run(_SENDING, lambda: start(senders, "test", *options, "--", address))


def _show_sending(view: View, desk: Desk, model: IssueModel, since: date | None) -> None:
    t = view.t
    with st.container(horizontal=True):
        if st.button(
            t("Send this issue …"), key="mailing-send", type="primary", icon=":material/mail:", disabled=not model.mails
        ):
            st.dialog(t("Send this issue?"))(_confirm)(view, model.mails, since)
        if model.waiting:
            st.button(model.waiting, key="mailing-waiting", on_click=_start, args=("send", "--only-waiting"))
        if model.is_held:
            st.button(t("Resume sending"), key="mailing-go-on", on_click=_go_on, args=(desk,))
            st.button(t("Discard what was stopped"), key="mailing-give-up", on_click=_give_up, args=(desk,))
    if not model.mails:
        messages.show_note(t("Nothing new, or no readers: there is nothing to send."))


def _confirm(view: View, mails: int, since: date | None) -> None:
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
    st.button(t("Send now"), key="mailing-confirm", type="primary", on_click=_start, args=words)


def _start(*words: str) -> None:
    st.session_state.pop(_PREVIEW, None)  # its mails are sent
    mail_sending.begin(_SENDING, lambda: start(senders, *words))


def _go_on(desk: Desk) -> None:
    if _shift(desk, "go on"):
        _start("send", "--only-waiting")


def _give_up(desk: Desk) -> None:
    _shift(desk, "give up")


def _shift(desk: Desk, step: Step) -> bool:
    """Take a step with all issues in the outbox, once that is recorded."""
    if not campaign_commands.record_act(Event.NEWSLETTER_CHANGED, step):
        return False
    for batch in desk.outbox.batches(NEWSLETTER):
        desk.outbox.shift(NEWSLETTER, batch.batch_id, step)
    return True


def _stop(desk: Desk, job: Handle) -> None:
    """Hold the waiting mails, after which the sender ends by itself; give up an unfinished issue."""
    if _shift(desk, "stop") and (job.progress is None or job.progress.what != SENDING):
        job.cancel()


def start(workers: Workers, *words: str) -> Handle:
    """Start a command in a process of its own, `words` as after `python -m dashboard newsletter`.

    Raises:
        WorkerError: too many are running.
    """
    campaign = str(Settings.from_environment().campaign)
    arguments = ["newsletter", words[0], "--campaign", campaign, "--json", *words[1:]]
    return workers.start("dashboard", arguments, environment=log.write_actor(staff.person()))
