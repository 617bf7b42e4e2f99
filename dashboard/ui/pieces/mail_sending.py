"""Mails that a separate process sends for a page: start, progress, stop, outcome, open decisions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import streamlit as st

from dashboard import formats
from dashboard.errors import UserError
from dashboard.ground.processes.runner import Handle
from dashboard.i18n import N_, Translator
from dashboard.mail.outbox import Delivery
from dashboard.ui.frame import link
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import campaign_commands, messages

MOST_UNDECIDED = 50
STATES = {
    "sent": N_("Sent"),
    "written": N_("Written as files"),
    "waiting": N_("Waiting"),
    "sending": N_("Being sent"),
    "held": N_("Stopped"),
    "uncertain": N_("Uncertain"),
    "bounced": N_("Bounced"),
    "failed": N_("Failed"),
    "left": N_("Not sent"),
}
"""The states of mails, by their names on the page."""


def show_undecided(
    view: View,
    mails: Sequence[Delivery],
    describe: Callable[[Delivery], str],
    settle: Callable[[Sequence[Delivery], bool], None],
) -> None:
    """Draw the undecided mails, as `describe` names them; `settle` sends (True) or leaves them."""
    t = view.t
    for mail in mails[:MOST_UNDECIDED]:
        with st.container(horizontal=True, vertical_alignment="center", key=f"open-mail-{mail.delivery_no}"):
            words = " · ".join(filter(None, (describe(mail), t(STATES[mail.state]), mail.codes)))
            st.html(f'<p class="advice">{escape(words)}</p>', width="content")
            for name, label, icon, is_again in (
                ("again", t("Send again"), ":material/send:", True),
                ("leave", t("Leave as is"), ":material/close:", False),
            ):
                key = f"{name}-{mail.delivery_no}"
                st.button(label, key=key, icon=icon, on_click=_settle, args=(settle, [mail], is_again))
    if len(mails) > MOST_UNDECIDED:
        messages.show_note(t("The first {shown} of {total}.", shown=MOST_UNDECIDED, total=len(mails)))
    if len(mails) > 1:
        st.button(t("Send none of them"), key="leave-all", on_click=_settle, args=(settle, mails, False))


def _settle(settle: Callable[[Sequence[Delivery], bool], None], mails: Sequence[Delivery], is_again: bool) -> None:
    link.hold()
    settle(mails, is_again)


@dataclass
class Sending:
    """The sending at a place of a page: the process while it runs, then its answer or its refusal."""

    job: Handle | None = None
    report: dict[str, Any] | None = None
    error: UserError | None = None


def begin(place: str, start: Callable[[], Handle]) -> None:
    """Begin to send, or remember why that fails; a widget's callback."""
    sending = st.session_state[place] = Sending()
    try:
        with messages.explain_faults(N_("The mails could not be made or sent.")):
            sending.job = start()
    except UserError as error:
        sending.error = error


def run(place: str, start: Callable[[], Handle]) -> dict[str, Any] | None:
    """Begin to send and wait; return the process's answer, or None where it failed, which `show` shows."""
    begin(place, start)
    sending = find(place)
    _end(sending)
    return sending.report


def find(place: str) -> Sending:
    """Find the sending of a place."""
    sending: Sending = st.session_state.get(place) or Sending()
    return sending


def _cancel(job: Handle) -> None:
    job.cancel()


def show(view: View, place: str, stop: Callable[[Handle], None] = _cancel, *, is_kept: bool = False) -> bool:
    """Draw the progress or outcome of a place's sending; the outcome at the next run only, unless it is kept.

    Returns whether it is under way; `stop` is a button's callback, which stops it.
    """
    sending = find(place)
    if sending.job is not None:
        st.fragment(_show_work, run_every=campaign_commands.POLL_SECONDS)(view, sending, sending.job, stop)
        return True
    if sending.error is not None:
        messages.show_error(view, sending.error)
    elif sending.report is not None:
        _show_report(view, sending.report)
    if not is_kept:
        st.session_state.pop(place, None)
    return False


def _show_work(view: View, sending: Sending, job: Handle, stop: Callable[[Handle], None]) -> None:
    """Draw the progress of sending; where it has ended, take its result and draw the page again."""
    if job.done():
        _end(sending)
        st.rerun()
    progress = job.progress
    step = view.t("Starting …") if progress is None else view.t(progress.what)
    count = "" if progress is None else f" · {int(progress.done)}/{int(progress.total)}"
    st.progress(0.0 if progress is None else progress.share, text=plain(f"{step}{count}"))
    st.button(view.t("Stop"), key="stop-sending", icon=":material/close:", on_click=stop, args=(job,))
    messages.show_note(
        view.t("You may leave the page. Where sending is stopped, the mail under way still goes out; others are kept.")
    )


def _end(sending: Sending) -> None:
    job, sending.job = sending.job, None
    if job is None:
        return
    try:
        sending.report = campaign_commands.take(job)
    except UserError as error:
        sending.error = error


def _show_report(view: View, report: Mapping[str, Any]) -> None:
    """Draw the outcome of the mails, where their files are, and why sending stopped."""
    t = view.t
    counts = say_counts(t, report.get("counts", {}))
    st.success(plain(counts or t("There was nothing to send.")), icon=":material/check_circle:")
    if report.get("folder"):
        st.caption(t("The files are in {folder}.", folder="private/mails"))
    if stopped := str(report.get("stopped") or ""):
        st.warning(f"{t(stopped)} {t('Send again: nobody gets a letter twice.')}", icon=":material/warning:")


def say_counts(t: Translator, counts: Mapping[str, int]) -> str:
    """Write in a line how many mails have each state."""
    pairs = ((t(STATES.get(state, state)), formats.format_count(int(n), t.language)) for state, n in counts.items())
    return " · ".join(t("{name}: {value}", name=name, value=n) for name, n in pairs if n != "0")
