"""The letters of a batch sent by the outbox, or written by it as files where there is no mail server.

Run as a module it is a worker's job (see `dashboard.processes.runner`), so that a page that is closed stops nothing and
a page that cancels loses nothing: each letter is put once, and what waits is sent by the next run.
"""

import json
import sys
from pathlib import Path
from typing import Any

from dashboard.campaign.folder import CampaignFolder
from dashboard.errors import SnapshotError
from dashboard.i18n import N_
from dashboard.letters.batch import find_sender, write_batch
from dashboard.letters.bundle import make_letter_mail
from dashboard.mail.outbox import Outbox
from dashboard.mail.sending import Outcome, send
from dashboard.processes import runner
from dashboard.processes.runner import Handle, Workers, tell_progress
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot

KIND = "letters"
"""What letters are called in the outbox."""
_WORDS = runner.Words(
    full=(N_("Letters are being sent already."), N_("Wait until they are sent.")),
    late=(N_("Sending took too long and was stopped."), N_("Send again: nobody gets a letter twice.")),
    cancelled=(N_("Sending was stopped."), N_("Send again to go on: nobody gets a letter twice.")),
    broken=(N_("Sending stopped before all letters were sent."), N_("Send again: nobody gets a letter twice.")),
)
workers = Workers(processes=1, waiting=0, seconds=6 * 3600.0, words=_WORDS, secrets=("DASHBOARD_SMTP_PASSWORD",))


def post(snapshot: Snapshot, folder: CampaignFolder, batch_id: str, settings: Settings) -> Outcome:
    """Put the letters of a batch that have an address into the outbox, each once, and send all letters that wait.

    Raises:
        BusyError: another sender is at work.
        RelayError: the mail server cannot be used.
        CampaignError: `campaign.toml` cannot be read.
    """
    outbox = Outbox(folder.private)
    reply_to = find_sender(folder.load()).email
    for one in write_batch(snapshot, folder, batch_id):
        if one.address:
            mail = make_letter_mail(one, settings.mail_sender, reply_to)
            outbox.put(KIND, batch_id, one.address, mail, one.letter_id)
    return send(outbox, settings, kind=KIND, tell=tell_progress)


def start(snapshot: Snapshot, campaign: Path, batch_id: str) -> Handle:
    """Start sending a batch in a process of its own.

    Raises:
        WorkerError: letters are being sent already.
    """
    arguments = {
        "snapshot": str(snapshot.path),
        "build_id": snapshot.build_id,
        "built_at": snapshot.built_at,
        "campaign": str(campaign),
        "batch_id": batch_id,
    }
    return workers.start("dashboard.letters.posting", text=json.dumps(arguments))


def answer_job(arguments: dict[str, Any]) -> dict[str, Any]:
    """A worker's job: send a batch as the build says that the server read; tells how many went where.

    Raises:
        SnapshotError: the build is gone.
    """
    snapshot = Snapshot(Path(arguments["snapshot"]), arguments["build_id"], arguments["built_at"], cache_mb=16)
    if snapshot.campaign["build_id"] != arguments["build_id"]:
        raise SnapshotError(N_("New data was published while the letters were being prepared."), N_("Try again."))
    outcome = post(
        snapshot, CampaignFolder(Path(arguments["campaign"])), arguments["batch_id"], Settings.from_environment()
    )
    Path(arguments["to"]).touch()  # a job leaves a file; this one has nothing to hand over
    return {"counts": outcome.counts, "stopped": outcome.stopped, "folder": str(outcome.folder or "")}


if __name__ == "__main__":
    sys.exit(runner.answer(answer_job))
