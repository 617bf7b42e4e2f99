"""Reminders: a short mail to whoever got a letter and has not answered, some days before a wave of the survey ends.

It has the letter's own link. Nobody gets two for one wave, nor one soon after the letter, however often and by how many
this is run; a letter without a link has none.

Run as a module it is a worker's job that sends them (see `dashboard.ground.processes.runner`).
"""

import json
import re
import sys
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from dashboard.campaign.folder import Campaign, CampaignFolder
from dashboard.campaign.reporting.reports import ReportBox
from dashboard.formats import format_date
from dashboard.ground.processes import runner
from dashboard.ground.processes.child import answer
from dashboard.ground.processes.progress import tell_progress
from dashboard.i18n import N_, translator
from dashboard.mail import letter_batch
from dashboard.mail.asked import Batch, LetterLedger, find_addresses
from dashboard.mail.letter import find_occasion, find_survey
from dashboard.mail.letter_batch import Addressed, open_job, write_batch
from dashboard.mail.message import Mail, Part, make_dressed, write_notice
from dashboard.mail.outbox import LETTERS, Outbox
from dashboard.mail.sending import Outcome, send
from dashboard.measures.silent import list_silent
from dashboard.measures.surveys import list_waves
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot, name_build
from dashboard.snapshot.selection import Selection

USUAL_DAYS = 7
"""How many days before the last one a reminder goes out, unless staff say otherwise."""
LEAST_DAYS = 3
"""Days after its letter before which nobody is reminded."""
_A_WAVE = 400
"""Days that a wave may last, at most."""


class Reminder(NamedTuple):
    """One reminder: its letter, that one's batch, its actions without an answer, and the last day to answer."""

    letter_id: str
    batch: Batch
    address: str
    action_ids: tuple[str, ...]
    answer_by: date

    @property
    def use(self) -> str:
        """What it is for in the outbox, where an address gets one."""
        return f"reminder-{re.sub('[^A-Za-z0-9]', '-', self.batch.wave)}"


def find_reminders(snapshot: Snapshot, folder: CampaignFolder, day: date, days: int = USUAL_DAYS) -> list[Reminder]:
    """Find whom to remind on a day: one an address, by its latest letter, of waves that end within so many days.

    An action is answered by a report in the figures, or by one by link whatever became of it, since its letter or since
    the wave began.

    Raises:
        CampaignError: `campaign.toml` cannot be read.
    """
    campaign, addresses = folder.load(), find_addresses(snapshot.path)
    ledger, outbox = LetterLedger(folder.private, is_sample=snapshot.is_sample), Outbox(folder.private)
    reminders: dict[str, Reminder] = {}
    for batch, answer_by in _list_ending(ledger.batches(), campaign, day, days):
        silent_ids = _find_silent(snapshot, folder, batch)
        for letter in ledger.letters(batch.batch_id):
            address = next((addresses[one] for one in letter.action_ids if one in addresses), "")
            if address and not letter.is_taken_back:
                action_ids = tuple(one for one in letter.action_ids if one in silent_ids)
                reminder = Reminder(letter.letter_id, batch, address, action_ids, answer_by)
                reminders.setdefault(address, reminder)
    reminded = {one.use: outbox.list_recipients(LETTERS, one.use) for one in reminders.values()}
    return [
        one
        for one in reminders.values()
        if one.action_ids and (day - one.batch.asked_on).days >= LEAST_DAYS and one.address not in reminded[one.use]
    ]


def _list_ending(batches: Sequence[Batch], campaign: Campaign, day: date, days: int) -> Iterator[tuple[Batch, date]]:
    """List the batches of letters whose wave ends soon, each with that day, the latest first."""
    for batch in batches:
        survey = find_survey(campaign, batch.wave)
        answer_by = survey.answer_by if survey else None
        if answer_by and day <= answer_by <= day + timedelta(days=days) and batch.channel != "elsewhere":
            yield batch, answer_by


def _find_silent(snapshot: Snapshot, folder: CampaignFolder, batch: Batch) -> set[str]:
    """Find the actions that are silent since a batch's letters, or since its wave began."""
    first_days = {wave.name: wave.first_on for wave in list_waves(snapshot, snapshot.last_date)}
    since = min(batch.asked_on, first_days.get(batch.wave, batch.asked_on))
    silent_ids = set(list_silent(snapshot, Selection(), "since", since)["action_id"].tolist())
    by_link = {one.action_id for one in ReportBox(folder.private).list() if one.received_at.date() >= since}
    return silent_ids - by_link


def put_reminders(
    snapshot: Snapshot, folder: CampaignFolder, settings: Settings, reminders: Sequence[Reminder], day: date
) -> int:
    """Put reminders into the outbox, each once, but for those of letters without a link; return how many are new."""
    campaign, outbox, count = folder.load(), Outbox(folder.private), 0
    letters = {
        letter.letter_id: letter
        for batch_id in dict.fromkeys(one.batch.batch_id for one in reminders)
        for letter in write_batch(snapshot, folder, batch_id, settings.base_url)
    }
    for number, one in enumerate(reminders, start=1):
        letter = letters.get(one.letter_id)
        if letter is not None and (letter.letter.link or any(promise.link for promise in letter.letter.promises)):
            count += outbox.put_limited(
                LETTERS, f"reminders-{day:%Y%m%d}", one.address, f"{one.use}/{one.letter_id}",
                partial(_make_mail, snapshot, campaign, settings, one, letter), most=1, days=_A_WAVE,
            )  # fmt: skip
        tell_progress(number, len(reminders))
    return count


def _make_mail(snapshot: Snapshot, campaign: Campaign, settings: Settings, one: Reminder, letter: Addressed) -> bytes:
    mail = write_reminder(snapshot, campaign, one, letter)
    return make_dressed(mail._replace(reply_to=campaign.publisher.email), settings)


def write_reminder(snapshot: Snapshot, campaign: Campaign, one: Reminder, letter: Addressed) -> Mail:
    """Write a reminder of a letter, in its language."""
    lang = letter.letter.lang
    t, day = translator(lang), format_date(one.answer_by, lang)
    occasion = find_occasion(snapshot, campaign, one.batch.wave)
    title, words = (
        occasion.title[lang],
        N_("We have no report yet about what you promised, and can take one until {day}:"),
    )
    parts: list[Part] = [("", t(words, day=day))]
    for action_id, promise in zip(letter.action_ids, letter.letter.promises, strict=True):
        if action_id in one.action_ids:
            parts.append((promise.title, ""))
            parts.append((t(N_("Survey")) if promise.link else "", promise.link))
    remarks = [t(N_("If you have reported in the meantime, please accept our thanks; nothing more is needed."))]
    if occasion.contact:
        remarks.append(t(N_("Questions? Please write to {address}."), address=occasion.contact))
    return write_notice(
        one.address, t, title, t(N_("Until {day}: {campaign}"), day=day, campaign=title), parts,
        button=t(N_("Report on your actions")), way=letter.letter.link, remarks=remarks, is_sample=occasion.is_sample,
    )  # fmt: skip


def remind(
    snapshot: Snapshot, folder: CampaignFolder, settings: Settings, day: date, days: int = USUAL_DAYS
) -> tuple[int, Outcome]:
    """Put the reminders of a day into the outbox and send all letters that wait; return how many are new, and those.

    Raises:
        UserError: `campaign.toml` cannot be read, another sender is at work, or the mail server cannot be used.
    """
    count = put_reminders(snapshot, folder, settings, find_reminders(snapshot, folder, day, days), day)
    return count, send(Outbox(folder.private), settings, kind=LETTERS, tell=tell_progress)


def start(snapshot: Snapshot, campaign: Path, day: date) -> runner.Handle:
    """Start sending the reminders of a day in a separate process.

    Raises:
        WorkerError: letters are being sent already.
    """
    job = {**name_build(snapshot), "campaign": str(campaign), "day": day.isoformat()}
    return letter_batch.workers.start("dashboard.mail.reminders", text=json.dumps(job))


def answer_job(arguments: dict[str, Any]) -> dict[str, Any]:
    """Do a worker's job: send the reminders of a day by the server's build; return how many went where.

    Raises:
        SnapshotError: the build is gone.
    """
    _, outcome = remind(*open_job(arguments), Settings.from_environment(), date.fromisoformat(arguments["day"]))
    Path(arguments["to"]).touch()  # a job leaves a file; this one has nothing to hand over
    return outcome.describe()


if __name__ == "__main__":
    sys.exit(answer(answer_job))
