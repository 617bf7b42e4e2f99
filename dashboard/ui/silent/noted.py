"""What becomes of letters that were noted: their files, or how far sending has come, in the session that noted them."""

from dataclasses import dataclass

import streamlit as st

from dashboard import formats
from dashboard.audit.events import Event
from dashboard.errors import UserError
from dashboard.extracts.order import FORMATS
from dashboard.i18n import N_
from dashboard.letters import posting
from dashboard.letters.asked import Channel, Noted
from dashboard.processes import runner
from dashboard.processes.commands import Job
from dashboard.settings import Settings
from dashboard.ui.frame import link
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import campaign_commands, file_at_once, messages, recorded, unforeseen

_KEPT = "staff-silent-noted"
STATES = {
    "sent": N_("Sent: {n}"),
    "written": N_("Written as files: {n}"),
    "waiting": N_("Deferred by the mail server, sent later: {n}"),
    "held": N_("Stopped: {n}"),
    "sending": N_("Being sent: {n}"),
    "bounced": N_("Refused by the mail server: {n}"),
    "failed": N_("Deferred too often: {n}"),
    "uncertain": N_("Sending uncertain: {n}"),
    "left": N_("Not sent: {n}"),
}
"""What became of letters that were sent, in the words of the outbox's states."""


@dataclass
class _Kept:
    """Letters that this session noted, and the sending of them."""

    noted: Noted
    channel: Channel
    job: Job | None = None
    error: UserError | None = None
    report: dict[str, object] | None = None


def keep(view: View, noted: Noted, channel: Channel) -> None:
    """Remember what was noted; where it goes by mail, begin to send it. A second click leaves the first one's files."""
    before: _Kept | None = st.session_state.get(_KEPT)
    if before is not None and not noted.letters:
        return
    kept = st.session_state[_KEPT] = _Kept(noted, channel)
    if channel == "mail" and noted.batch_id:
        start(view, noted.batch_id, kept)


def start(view: View, batch_id: str, kept: _Kept | None = None) -> None:
    """Begin, or go on, to send a batch; a button's callback too."""
    link.hold()
    if kept is None:
        kept = st.session_state[_KEPT] = _Kept(Noted(batch_id, 0, ()), "mail")
    if not recorded.may(Event.LETTERS_SENT, batch_id, letters=kept.noted.letters or None):
        return
    try:
        with unforeseen.told(N_("The letters could not be sent.")):
            kept.job = posting.start(view.snapshot, Settings.from_environment().campaign, batch_id)
    except UserError as error:
        kept.error = error


def find_batch() -> str:
    """The letters that the session noted last; empty for none."""
    kept: _Kept | None = st.session_state.get(_KEPT)
    return kept.noted.batch_id if kept is not None else ""


def forget(batch_id: str) -> None:
    """Say nothing more of these letters, which are not as they were noted any more."""
    if find_batch() == batch_id:
        st.session_state.pop(_KEPT, None)


def show_outcome(view: View, *, with_files: bool = True) -> None:
    """Draw what was noted last, with its files where these do not stand elsewhere, or how far it is sent."""
    kept: _Kept | None = st.session_state.get(_KEPT)
    if kept is None:
        return
    t = view.t
    if kept.job is not None:
        st.fragment(_show_work, run_every=campaign_commands.POLL_SECONDS)(view, kept)
        return
    if kept.error is not None:
        messages.show_error(view, kept.error)
    elif kept.report is not None:
        _show_report(view, kept.noted.batch_id, kept.report)
    elif kept.noted.letters:
        n = kept.noted.letters
        said = t.plural(
            "{n} letter recorded as sent.", "{n} letters recorded as sent.", n, n=formats.format_count(n, view.lang)
        )
        st.success(said, icon=":material/check_circle:")
    else:
        st.warning(t("Nothing was recorded: all of them were asked recently."), icon=":material/info:")
    if with_files and kept.noted.batch_id and kept.channel == "files":
        show_files(view, kept.noted.batch_id)


def _show_work(view: View, kept: _Kept) -> None:
    """Draw how far sending is; where it has ended, take its result and draw the page anew."""
    job = kept.job
    if job is None:
        return
    if job.done():
        try:
            kept.report = campaign_commands.take(job)
        except UserError as error:
            kept.error = error
        kept.job = None
        st.rerun()
    st.markdown(view.t("The letters are being sent. You may leave the page: sending goes on."))
    campaign_commands.show_progress(view, job)
    if st.button(view.t("Stop"), key="stop-letters", icon=":material/close:"):
        job.cancel()
        st.rerun()


def _show_report(view: View, batch_id: str, report: dict[str, object]) -> None:
    """What became of the letters, where files of them are, and why sending stopped."""
    counts = report.get("counts")
    if isinstance(counts, dict):
        said = say_states(view, counts)
        st.success(said or view.t("There was nothing left to send."), icon=":material/check_circle:")
    if report.get("folder"):
        st.caption(view.t("The files are in private/mails/{batch}.", batch=batch_id))
    stopped = str(report.get("stopped") or "")
    if stopped:
        st.warning(f"{view.t(stopped)} {view.t('Send again: nobody gets a letter twice.')}", icon=":material/warning:")


def say_states(view: View, counts: dict[str, int]) -> str:
    """How many letters stand where, in a line."""
    parts = (view.t(STATES[state], n=formats.format_count(n, view.lang)) for state, n in counts.items() if n)
    return " · ".join(parts)


def show_files(view: View, batch_id: str) -> None:
    """Draw the links to a batch's files; each time they are made anew from its notes."""
    t = view.t
    name = f"letters_{batch_id}"
    file_at_once.show(
        view,
        f"staff-files-{batch_id}",
        batch_id,
        file_at_once.File(
            f"eml-{batch_id}", t("Mails as files (.eml in a ZIP)"), lambda: _make(view, batch_id, "eml"),
            f"{name}.zip", "application/zip", icon=":material/folder_zip:",
            help=t("Outlook, Thunderbird and Apple Mail open each file as a draft."),
        ),
        file_at_once.File(
            f"xlsx-{batch_id}", t("Workbook for mail merge"), lambda: _make(view, batch_id, "xlsx"),
            f"{name}.xlsx", FORMATS["xlsx"].media_type, icon=":material/table_rows:",
            help=t("One row per letter: address, language, subject, actions, link, text."),
        ),
    )  # fmt: skip


def _make(view: View, batch_id: str, form: str) -> bytes:
    arguments = {
        "snapshot": str(view.snapshot.path),
        "build_id": view.snapshot.build_id,
        "built_at": view.snapshot.built_at,
        "campaign": str(Settings.from_environment().campaign),
        "batch_id": batch_id,
        "form": form,
    }
    return runner.run(runner.Job("dashboard.letters.bundle", arguments)).content
