"""Commands of `python -m dashboard newsletter` run for the page: in processes of their own, one sender at a time."""

from functools import cache
from typing import Any

from dashboard.audit import actor
from dashboard.i18n import N_
from dashboard.processes.runner import Handle, Words, Workers
from dashboard.settings import Settings
from dashboard.ui.frame import staff
from dashboard.ui.pieces import messages

MODULE = "dashboard"
HOURS = 12
_BUSY = (N_("Mails are being sent already."), N_("Wait until that has finished, then try again."))
_SEVERAL = (N_("Several operations are already running."), N_("Try again in a minute."))


def _words(full: tuple[str, str]) -> Words:
    return Words(
        full,
        late=(N_("The operation took too long and was stopped."), N_("Waiting mails are kept: send again.")),
        cancelled=(N_("The operation was cancelled."), N_("Waiting mails are kept: send again.")),
        broken=(N_("The operation stopped before it finished."), N_("Waiting mails are kept: send again.")),
    )


@cache
def senders() -> Workers:
    """The one process that sends, which is told the password of the mail server."""
    return Workers(1, 0, HOURS * 3600.0, _words(_BUSY), secrets=("DASHBOARD_SMTP_PASSWORD",))


@cache
def previewers() -> Workers:
    """The processes that make previews."""
    return Workers(2, 4, 120.0, _words(_SEVERAL))


def start(workers: Workers, *words: str) -> Handle:
    """Start a command, `words` as after `python -m dashboard newsletter`.

    Raises:
        WorkerError: too many are running.
    """
    campaign = str(Settings.from_environment().campaign)
    environment = actor.tell(staff.person())
    arguments = ["newsletter", words[0], "--campaign", campaign, "--json", *words[1:]]
    return workers.start(MODULE, arguments, environment=environment)


def run(workers: Workers, *words: str) -> dict[str, Any]:
    """Run a command and wait: what it answers.

    Raises:
        UserError: it refused, or could not be done.
    """
    with messages.explain_faults(N_("The mails could not be made or sent.")):
        return start(workers, *words).result().report
