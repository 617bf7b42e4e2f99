"""Run commands of `python -m etl` for a page.

Pages read what is published and never build. The other program changes data, so that a build neither holds the server's
interpreter nor can take the server down with it. A command reports its progress as JSON, one object a line on standard
output; its last object is its answer. A command that works through the inputs runs alone; short ones run beside it.
"""

import os
from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.errors import N_
from dashboard.ground.processes.runner import Handle as Job
from dashboard.ground.processes.runner import Progress, Spare, Words, Workers
from dashboard.settings import is_of_source

__all__ = ["Job", "Progress", "prepare", "run_etl", "start"]

MODULE = "etl"
SECONDS = 3600.0
SPARE_SECONDS = 600.0
"""For how long a process waits for a heavy command, loaded and ready."""
HEAVY = frozenset({"build", "draft", "publish-draft", "restore", "forget", "fetch"})
"""The commands that work through the inputs."""
SENDING = HEAVY - {"draft"}
"""Those that send what they have published to the object store, where one is set."""
FETCHING = frozenset({"fetch", "source"})
"""Those that ask sources, with their secrets."""
CLOUDS = ("AWS_", "AZURE_", "GOOGLE_", "IDENTITY_", "MSI_")
PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY")


def _words(full: tuple[str, str]) -> Words:
    return Words(
        full,
        late=(N_("The operation took too long and was stopped."), N_("Try again with fewer or smaller files.")),
        cancelled=(N_("The operation was cancelled."), N_("Nothing was changed.")),
        broken=(N_("The operation stopped before it finished."), N_("Nothing was changed. Try again.")),
    )


_ANOTHER = (
    N_("Another build is running, started from this page or by a colleague."),
    N_("Wait until it has finished, then try again."),
)
SEVERAL = (N_("Several operations are already running."), N_("Try again in a minute."))
spare = Spare(MODULE, preload="etl.ready", seconds=SPARE_SECONDS)
alone = Workers(processes=1, waiting=0, seconds=SECONDS, words=_words(_ANOTHER), spare=spare)
beside = Workers(processes=4, waiting=0, seconds=SECONDS, words=_words(SEVERAL))


def prepare(draft: Mapping[str, Any] | None = None) -> None:
    """Have a process ready for ten minutes, for a heavy command that somebody is about to ask for.

    `draft`: the preview that it goes ahead with, in case staff try other answers: arguments of `etl.ready.go_ahead`.
    """
    spare.prepare(draft)


def start(arguments: Sequence[str], actor: Mapping[str, str], stdin: str | None = None) -> Job:
    """Start a command and go on; its report is the last JSON object it prints.

    `arguments`: as after `python -m etl`, `--campaign` included. `actor`: for whom it acts, from
    `dashboard.access.audit.log.write_actor`.

    Raises:
        WorkerError: it is a heavy command and another one is running, or too many are.
    """
    workers = alone if arguments[0] in HEAVY else beside
    return workers.start(MODULE, arguments, stdin or "", {**_find_credentials(arguments[0]), **actor})


def _find_credentials(command: str) -> dict[str, str]:
    """Find the credentials with which a command reaches the object store or sources; no other process gets them."""
    is_sending = command in SENDING and bool(os.environ.get("DASHBOARD_STORE"))
    return {
        name: value
        for name, value in os.environ.items()
        if (is_sending and name.startswith(CLOUDS))
        or (command in FETCHING and is_of_source(name))
        or ((is_sending or command in FETCHING) and name.upper() in PROXIES)
    }


def run_etl(arguments: Sequence[str], actor: Mapping[str, str], stdin: str | None = None) -> dict[str, Any]:
    """Run a command as `start` does and wait for its report.

    Raises:
        UserError: the command refused (its own sentence and remedy), or could not be run.
    """
    return start(arguments, actor, stdin).result().report
