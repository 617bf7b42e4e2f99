"""Run commands of `python -m etl` on the reader's campaign, and show their progress.

What staff do on a page without a command is recorded before it is done, and not done where recording fails.
"""

import time
from collections.abc import Sequence
from typing import Any

import streamlit as st

from dashboard.access.audit import log
from dashboard.access.audit.events import Event
from dashboard.access.audit.log import AuditError, record
from dashboard.ground.processes import commands
from dashboard.ground.processes.commands import Job
from dashboard.i18n import N_
from dashboard.settings import Settings
from dashboard.ui.frame import staff
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.view import Frame
from dashboard.ui.pieces import messages

_REFUSED = "staff-not-recorded"


def record_act(event: Event, about: str = "", **details: Any) -> bool:
    """Record an act before it is done; False where that fails, which `show_unrecorded` shows at the next run."""
    try:
        record(Settings.from_environment().campaign, staff.person(), event, about, **details)
    except AuditError as error:
        st.session_state[_REFUSED] = error
        return False
    return True


def show_unrecorded(view: Frame) -> None:
    """Show once that an act was not done, because it could not be recorded."""
    error: AuditError | None = st.session_state.pop(_REFUSED, None)
    if error is not None:
        messages.show_error(view, error)


POLL_SECONDS = 0.4
"""How often a page looks how far a command is."""
WAIT_SECONDS = 0.3
"""How long it waits each time for the command to end: a page shows what came of it as soon as that is there."""


_NOT_STARTED = N_("The operation could not be started.")
_NOT_DONE = N_("The operation was started, but its outcome is not known.")


def start(*words: str, stdin: str | None = None) -> Job:
    """Start a command in the background, `words` as after `python -m etl`; standard input and errors as in `run`."""
    with messages.explain_faults(_NOT_STARTED):
        return commands.start([*words, *_options()], log.write_actor(staff.person()), stdin=stdin)


def prepare(**draft: Any) -> None:
    """Have a process ready for a reader who will ask for a command that works through the inputs.

    `draft`: the preview that the reader may make again with other answers, as `etl.ready.go_ahead` takes it.
    """
    campaign = str(Settings.from_environment().campaign)
    commands.prepare({"campaign": campaign, **draft} if draft else None)


def wait(job: Job) -> bool:
    """Wait for a moment for a command to end; return whether it has."""
    end = time.monotonic() + WAIT_SECONDS
    while not job.done() and time.monotonic() < end:
        time.sleep(0.02)
    return job.done()


def run(*words: str, operands: Sequence[str] = (), stdin: str | None = None) -> dict[str, Any]:
    """Run a command, wait, and return its answer.

    `words`: the command and its options, as after `python -m etl`.
    `operands`: values that may look like options, such as names of files.

    Raises:
        UserError: the command refused, or could not be done.
    """
    after = ["--", *operands] if operands else []
    with messages.explain_faults(_NOT_DONE):
        return commands.run_etl([*words, *_options(), *after], log.write_actor(staff.person()), stdin=stdin)


def make_campaign(*options: str) -> dict[str, Any]:
    """Make a campaign in a folder without one, and wait; errors as in `run`.

    `options`: as after `python -m etl new`.
    """
    with messages.explain_faults(_NOT_DONE):
        words = ["new", *options, "--json", "--", str(Settings.from_environment().campaign)]
        return commands.run_etl(words, log.write_actor(staff.person()))


def take(job: Job) -> dict[str, Any]:
    """Return the answer of a command that has ended; errors as in `run`."""
    with messages.explain_faults(_NOT_DONE):
        return job.result().report


def show_progress(view: Frame, job: Job) -> None:
    """Draw the progress bar of a command, with what it does and for how long."""
    progress = job.progress
    step = view.t("Starting …") if progress is None else view.t(progress.what)
    seconds = view.t("{seconds} s", seconds=job.seconds)
    st.progress(0.0 if progress is None else progress.share, text=f"{plain(step)} · {seconds}")


def _options() -> list[str]:
    return ["--campaign", str(Settings.from_environment().campaign), "--json"]
