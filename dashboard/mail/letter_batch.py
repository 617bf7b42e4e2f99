"""The letters of a batch, written anew from its notes, and sent by the outbox (as files where there is no mail server).

Run as a module it is a worker's job that sends them (see `dashboard.ground.processes.runner`), so that a closed page
stops nothing and a page that cancels loses nothing: each letter is put once, and the next run sends those that wait.
"""

import json
import sys
from pathlib import Path
from typing import Any, NamedTuple

from dashboard.campaign.brand import Look, read_look
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.reporting.links import OF_LETTER, ReportLinks
from dashboard.ground.processes import runner
from dashboard.ground.processes.child import answer
from dashboard.ground.processes.progress import tell_progress
from dashboard.i18n import N_
from dashboard.mail.asked import LetterLedger, find_addresses
from dashboard.mail.letter import (
    Invitation,
    Letter,
    compose,
    find_last_day,
    find_occasion,
    has_report_links,
    read_facts,
)
from dashboard.mail.message import Mail, make_mail
from dashboard.mail.outbox import LETTERS, Outbox
from dashboard.mail.sending import Outcome, send
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot, name_build, open_build

_WORDS = runner.Words(
    full=(N_("Letters are being sent already."), N_("Wait until they are sent.")),
    late=(N_("Sending took too long and was stopped."), N_("Send again: nobody gets a letter twice.")),
    cancelled=(N_("Sending was stopped."), N_("Send again to go on: nobody gets a letter twice.")),
    broken=(N_("Sending stopped before all letters were sent."), N_("Send again: nobody gets a letter twice.")),
)
workers = runner.Workers(processes=1, waiting=0, seconds=6 * 3600.0, words=_WORDS, secrets=("DASHBOARD_SMTP_PASSWORD",))


class Addressed(NamedTuple):
    """A letter with its id, its recipient's address (empty where unknown), and its actions."""

    letter_id: str
    address: str
    action_ids: tuple[str, ...]
    letter: Letter

    def make_mail(self, sender: str, reply_to: str, look: Look, headers: dict[str, str] | None = None) -> bytes:
        """Make the letter as a mail."""
        letter = self.letter
        mail = Mail(self.address, letter.subject, letter.text, letter.html, letter.lang)
        return make_mail(mail._replace(reply_to=reply_to, headers=headers or {}), sender, look=look)


def write_batch(snapshot: Snapshot, folder: CampaignFolder, batch_id: str, base_url: str) -> list[Addressed]:
    """Write the letters of a batch that count, in the order of their notes.

    They use the facts and addresses of a build, without actions that it no longer has. Where stakeholders may report by
    link, each letter has a link of its own, the same each time it is written; where staff have ended it, it has none.
    """
    notes = LetterLedger(folder.private, is_sample=snapshot.is_sample)
    noted_letters = [letter for letter in notes.letters(batch_id) if not letter.is_taken_back]
    wave = next((batch.wave for batch in notes.batches(batch_id)), "")
    campaign, links = folder.load(), ReportLinks(folder.private)
    occasion = find_occasion(snapshot, campaign, wave, notes.own_words(batch_id))
    has_links, last_day = has_report_links(campaign, base_url), find_last_day(campaign, occasion.survey)
    addresses = find_addresses(snapshot.path)
    all_ids = [action_id for letter in noted_letters for action_id in letter.action_ids]
    facts = read_facts(snapshot, all_ids, snapshot.last_date)
    letters = []
    for noted_letter in noted_letters:
        if ids := tuple(action_id for action_id in noted_letter.action_ids if action_id in facts):
            address = next((addresses[action_id] for action_id in ids if action_id in addresses), "")
            invitation = None
            if has_links:
                link = links.ensure(f"{OF_LETTER}{noted_letter.letter_id}", ids, last_day, wave)
                if link.is_open():
                    invitation = Invitation(links.write_address(base_url, link, noted_letter.lang), link.ends_on)
            letter = compose(snapshot, [facts[action_id] for action_id in ids], noted_letter.lang, occasion, invitation)
            letters.append(Addressed(noted_letter.letter_id, address, ids, letter))
    return letters


def post(snapshot: Snapshot, folder: CampaignFolder, batch_id: str, settings: Settings) -> Outcome:
    """Put the letters of a batch that have an address into the outbox, each once, and send all letters that wait.

    Raises:
        BusyError: another sender is at work.
        RelayError: the mail server cannot be used.
        CampaignError: `campaign.toml` cannot be read.
    """
    outbox = Outbox(folder.private)
    reply_to, look = folder.load().publisher.email, read_look(folder.root)
    for one in write_batch(snapshot, folder, batch_id, settings.base_url):
        if one.address:
            raw = one.make_mail(settings.mail_sender, reply_to, look)
            outbox.put(LETTERS, batch_id, one.address, raw, one.letter_id)
    return send(outbox, settings, kind=LETTERS, tell=tell_progress)


def start(snapshot: Snapshot, campaign: Path, batch_id: str) -> runner.Handle:
    """Start sending a batch in a separate process.

    Raises:
        WorkerError: letters are being sent already.
    """
    return workers.start("dashboard.mail.letter_batch", text=json.dumps(describe_job(snapshot, campaign, batch_id)))


def describe_job(snapshot: Snapshot, campaign: Path, batch_id: str) -> dict[str, Any]:
    """Return a worker's input for a batch: the server's build, the campaign's folder, the batch."""
    return {**name_build(snapshot), "campaign": str(campaign), "batch_id": batch_id}


def open_job(arguments: dict[str, Any]) -> tuple[Snapshot, CampaignFolder]:
    """Open the server's build, and no other, and the campaign's folder, as in `describe_job`.

    Raises:
        SnapshotError: the file is gone or holds another build.
    """
    refusal = N_("New data was published while the letters were being prepared.")
    return open_build(arguments, refusal), CampaignFolder(Path(arguments["campaign"]))


def answer_job(arguments: dict[str, Any]) -> dict[str, Any]:
    """Do a worker's job: send a batch by the server's build; return how many went where.

    Raises:
        SnapshotError: the build is gone.
    """
    outcome = post(*open_job(arguments), arguments["batch_id"], Settings.from_environment())
    Path(arguments["to"]).touch()  # a job leaves a file; this one has nothing to hand over
    return outcome.describe()


if __name__ == "__main__":
    sys.exit(answer(answer_job))
