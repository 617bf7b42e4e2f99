"""Reminders: a short mail to whoever got a letter and has not answered, some days before a wave of the survey ends.

It has the letter's own link. Nobody gets two for one wave, nor one soon after the letter, however often and by how many
this is run; a letter without a link has none.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from typing import NamedTuple

from dashboard.campaign.folder import Campaign, CampaignFolder
from dashboard.campaign.reporting.reports import ReportBox
from dashboard.formats import format_date
from dashboard.i18n import N_, translator
from dashboard.mail.asked import Batch, LetterLedger
from dashboard.mail.letter import find_occasion, find_survey
from dashboard.mail.letter_batch import Addressed, write_batch
from dashboard.mail.message import Mail, Part, make_mail, write_notice
from dashboard.mail.outbox import LETTERS, Outbox
from dashboard.measures.silent import list_silent
from dashboard.measures.surveys import list_waves
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection

USUAL_DAYS = 7
"""How many days before the last one a reminder goes out, unless staff say otherwise."""
LEAST_DAYS = 3
"""Days after its letter before which nobody is reminded."""
_A_WAVE = 400
"""Days that a wave may last, at most."""


class Reminder(NamedTuple):
    """One reminder: the letter that it reminds of, its actions without an answer, its wave and that wave's last day."""

    letter: Addressed
    silent_ids: tuple[str, ...]
    wave: str
    answer_by: date


def find_reminders(
    snapshot: Snapshot, folder: CampaignFolder, base_url: str, day: date, days: int = USUAL_DAYS
) -> list[Reminder]:
    """Find whom to remind on a day: one an address, by its latest letter, of waves that end within so many days.

    An action is answered by a report in the figures, or by one by link whatever became of it, since its letter or since
    the wave began.

    Raises:
        CampaignError: `campaign.toml` cannot be read.
    """
    campaign, addressed = folder.load(), set()
    reminders = []
    for batch, answer_by in _list_ending(snapshot, folder, campaign, day, days):
        silent_ids = _find_silent(snapshot, folder, batch)
        for one in write_batch(snapshot, folder, batch.batch_id, base_url):
            if not one.address or one.address in addressed:
                continue
            addressed.add(one.address)
            unanswered = tuple(action_id for action_id in one.action_ids if action_id in silent_ids)
            has_link = one.letter.link or any(promise.link for promise in one.letter.promises)
            if unanswered and has_link and (day - batch.asked_on).days >= LEAST_DAYS:
                reminders.append(Reminder(one, unanswered, batch.wave, answer_by))
    return reminders


def _list_ending(
    snapshot: Snapshot, folder: CampaignFolder, campaign: Campaign, day: date, days: int
) -> Iterator[tuple[Batch, date]]:
    """List the batches of letters whose wave ends soon, each with that day, the latest first."""
    for batch in LetterLedger(folder.private, is_sample=snapshot.is_sample).batches():
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
    """Put reminders into the outbox, each once; return how many are new."""
    campaign, outbox = folder.load(), Outbox(folder.private)
    reply_to = campaign.publisher.email

    def write(one: Reminder) -> bytes:
        mail = write_reminder(snapshot, campaign, one)._replace(reply_to=reply_to)
        return make_mail(mail, settings.mail_sender)

    return sum(
        outbox.put_limited(
            LETTERS, f"reminders-{day:%Y%m%d}", one.letter.address,
            f"reminder-{re.sub('[^A-Za-z0-9]', '-', one.wave)}/{one.letter.letter_id}",
            partial(write, one), most=1, days=_A_WAVE,
        )
        for one in reminders
    )  # fmt: skip


def write_reminder(snapshot: Snapshot, campaign: Campaign, one: Reminder) -> Mail:
    """Write a reminder in the language of its letter."""
    letter = one.letter.letter
    t = translator(letter.lang)
    day = format_date(one.answer_by, letter.lang)
    occasion = find_occasion(snapshot, campaign, one.wave)
    title = occasion.title[letter.lang]
    parts: list[Part] = [
        ("", t(N_("We have no report yet about what you promised, and can take one until {day}:"), day=day))
    ]
    for action_id, promise in zip(one.letter.action_ids, letter.promises, strict=True):
        if action_id in one.silent_ids:
            parts.append((promise.title, ""))
            parts.append((t(N_("Survey")) if promise.link else "", promise.link))
    remarks = [t(N_("If you have reported in the meantime, please accept our thanks; nothing more is needed."))]
    if occasion.contact:
        remarks.append(t(N_("Questions? Please write to {address}."), address=occasion.contact))
    return write_notice(
        one.letter.address, t, title, t(N_("Until {day}: {campaign}"), day=day, campaign=title), parts,
        button=t(N_("Report on your actions")), way=letter.link, remarks=remarks, is_sample=occasion.is_sample,
    )  # fmt: skip
