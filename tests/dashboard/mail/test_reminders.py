"""Reminders before a wave ends: who gets one, once, with the link of the letter, and whom nothing more is asked."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dashboard.__main__ import app
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.reporting.links import OF_LETTER, ReportLinks
from dashboard.campaign.reporting.reports import Report, ReportBox, number_report
from dashboard.mail import letter_batch
from dashboard.mail.asked import Addressee, LetterLedger, Plan
from dashboard.mail.letter_batch import write_batch
from dashboard.mail.reminders import find_reminders, put_reminders, start, write_reminder
from dashboard.snapshot.database import Snapshot, current
from tests.contacts import write_contacts
from tests.dashboard.mail.desks import BASE, make_desk, settings_of, text_of, waiting
from tests.snapshots import open_reports, publish_fixture
from tests.worked_here import WorkersHere

ASKED, ENDS = date(2030, 1, 1), date(2030, 2, 10)
SILENT = ("FIX-014", "FIX-017", "FIX-024", "FIX-028", "FIX-029")
HOSTILE = '<img src=x onerror=alert(1)> "Titre"'


@pytest.fixture
def folder(tmp_path: Path) -> CampaignFolder:
    publish_fixture(tmp_path)
    with (open_reports(tmp_path) / "campaign.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n[[survey]]\nwave = "final"\nanswer_by = {ENDS}\n')
    write_contacts(tmp_path, {one: f"{one.lower()}@example.org" for one in SILENT[:4]})
    return CampaignFolder(tmp_path)


@pytest.fixture
def snapshot(folder) -> Snapshot:
    return current(settings_of(folder.root))


def note(folder, snapshot, *action_ids: str, day: date = ASKED, channel: str = "mail", wave: str = "final") -> str:
    """Note letters, one an action; return the batch."""
    letters = [Addressee("", "fr", (one,), ("",), frozenset([one])) for one in action_ids]
    ledger = LetterLedger(folder.private, is_sample=snapshot.is_sample)
    return ledger.note(letters, Plan(day, 1, wave, channel)).batch_id


def find(folder, snapshot, day: date, days: int = 7) -> list[str]:
    return sorted(one.action_ids[0] for one in find_reminders(snapshot, folder, day, days))


def report(folder, action_id: str) -> None:
    """Keep a report by link that came after the letter."""
    moment = datetime.combine(ASKED + timedelta(days=2), datetime.min.time(), UTC)
    number = number_report("form", action_id, {})
    ReportBox(folder.private).put(
        Report(report_no=number, action_id=action_id, received_at=moment, lang="fr", percent=1)
    )


def test_who_has_not_answered_is_reminded_in_the_last_days_and_nobody_else(folder, snapshot):
    note(folder, snapshot, *SILENT)
    note(folder, snapshot, "FIX-014", day=ENDS - timedelta(days=3), wave="other")
    note(folder, snapshot, "FIX-017", day=ENDS - timedelta(days=8), channel="elsewhere")
    report(folder, "FIX-024")
    days = [ENDS - timedelta(days=8), ENDS - timedelta(days=7), ENDS, ENDS + timedelta(days=1)]
    assert [len(find(folder, snapshot, day)) for day in days] == [0, 3, 3, 0]
    assert find(folder, snapshot, ENDS) == ["FIX-014", "FIX-017", "FIX-028"], "FIX-024 has reported; one has no address"
    assert find(folder, snapshot, days[0], 8) == find(folder, snapshot, ENDS)
    note(folder, snapshot, "FIX-028", day=ENDS - timedelta(days=1))
    assert find(folder, snapshot, ENDS) == ["FIX-014", "FIX-017"], "a letter of yesterday needs no reminder"


def test_a_reminder_has_the_letter_s_link_goes_once_and_its_words_are_text(folder, snapshot):
    batch = note(folder, snapshot, *SILENT[:2])
    settings, reminders = settings_of(folder.root), find_reminders(snapshot, folder, ENDS)
    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(lambda _: put_reminders(snapshot, folder, settings, reminders, ENDS), range(4)))
    assert sum(counts) == 2
    assert put_reminders(snapshot, folder, settings, reminders, ENDS + timedelta(days=1)) == 0
    assert find_reminders(snapshot, folder, ENDS) == []
    mails = waiting(make_desk(folder.root))
    assert [mail["To"] for mail in mails] == ["fix-014@example.org", "fix-017@example.org"]
    links = ReportLinks(folder.private)
    assert {link.origin.removeprefix(OF_LETTER)[:-6] for link in links.list()} == {batch}
    assert links.write_token(links.list()[-1]) in text_of(mails[0]) and "10 février 2030" in mails[0]["Subject"]
    (letter, *_) = write_batch(snapshot, folder, batch, BASE)
    (promise,) = letter.letter.promises
    hostile = letter._replace(letter=replace(letter.letter, promises=(promise._replace(title=HOSTILE),)))
    mail = write_reminder(snapshot, folder.load(), reminders[0], hostile)
    assert "<img" not in mail.html and HOSTILE in mail.text


def test_a_letter_whose_link_is_ended_needs_no_reminder(folder, snapshot):
    batch = note(folder, snapshot, *SILENT[:2])
    write_batch(snapshot, folder, batch, BASE)
    ReportLinks(folder.private).end()
    assert put_reminders(snapshot, folder, settings_of(folder.root), find_reminders(snapshot, folder, ENDS), ENDS) == 0


def test_the_command_and_a_worker_send_them_only_where_they_are_told(folder, snapshot, monkeypatch):
    monkeypatch.setenv("DASHBOARD_BASE_URL", BASE)
    note(folder, snapshot, *SILENT)

    def remind(*words: str) -> str:
        words = ("silent", "remind", "--campaign", str(folder.root), "--on", str(ENDS), *words)
        result = CliRunner().invoke(app, words)
        assert result.exit_code == 0, result.output
        return result.stdout

    assert "4 have a letter" in remind() and not (folder.private / "mail.sqlite").exists()
    monkeypatch.setattr(letter_batch, "workers", WorkersHere())
    assert start(snapshot, folder.root, ENDS).result().report["counts"] == {"written": 4}
    assert "0 have a letter" in remind() and "0 reminders" in remind("--send")
    assert len(list((folder.private / "mails").rglob("*.eml"))) == 4
    note(folder, snapshot, "FIX-033", day=ASKED)
    assert "@" not in remind("--json")
