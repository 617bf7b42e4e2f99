"""Letters: their recipients, their words, as files and by mail, and that nobody is asked twice."""

import io
import logging
import shutil
import stat
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from dashboard.campaign.folder import Campaign, CampaignFolder
from dashboard.campaign.reporting.links import OF_LETTER, ReportLinks, find_today
from dashboard.errors import CampaignError, SnapshotError
from dashboard.ground.processes import runner
from dashboard.mail import letter_batch, letter_files
from dashboard.mail.asked import (
    Addressee,
    LetterLedger,
    Plan,
    Times,
    add_notes,
    find_addresses,
    list_addressees,
    prefer,
)
from dashboard.mail.forgetting import forget_person
from dashboard.mail.letter import Occasion, compose, find_last_day, find_survey, read_facts
from dashboard.mail.letter_batch import Addressed, post, write_batch
from dashboard.mail.letter_files import COLUMNS, WITHOUT_ADDRESS, write_mails, write_workbook
from dashboard.mail.outbox import LETTERS, Outbox
from dashboard.measures.silent import list_silent
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot, current
from dashboard.snapshot.selection import Selection
from tests.contacts import write_contacts
from tests.dashboard.mail.desks import BASE
from tests.dashboard.mail.relay import environment, running
from tests.shipped import LANGUAGES
from tests.snapshots import copy_published
from tests.worked_here import WorkersHere

ADDRESSES = {
    "FIX-001": "Sample Person 001 <contact001@example.org>",
    "FIX-002": "contact002@EXAMPLE.org, contact902@example.org",
    "FIX-003": "+000 00 00 0003",
    "FIX-005": "contact002@example.org",
    "FIX-006": "see @ssociation's page",
    "FIX-007": "contact007@example.org",
    "FIX-008": "contact008@example.org",
    "FIX-014": "contact008@example.org",
}
TOML = """
start = 2021-01-01
submission_deadline = 2021-05-15
action_deadline = 2021-12-30
end = 2021-12-31
default_language = "en"
[title]
en = "Fixture campaign"
fr = "Campagne d’essai"
es = "Campaña de prueba"
"""
SURVEYS = """
[[survey]]
wave = "final"
answer_by = 2022-02-10
link.en = "https://survey.example.org/en?ref={action}"
link.fr = "https://survey.example.org/fr"
"""


@pytest.fixture(scope="module")
def whole(campaign_folder, tmp_path_factory) -> Path:
    """Return the fixture campaign with its settings and a private store; do not write into it."""
    folder = tmp_path_factory.mktemp("letters") / "campaign"
    copy_published(campaign_folder, folder)
    (folder / "campaign.toml").write_text(TOML + SURVEYS, encoding="utf-8")
    write_contacts(folder, ADDRESSES, {4: "contact003@example.org"})
    return folder


@pytest.fixture(scope="module")
def of_letters(whole) -> Snapshot:
    return current(Settings.from_environment({"DASHBOARD_CAMPAIGN": str(whole)}))


@pytest.fixture
def folder(whole, tmp_path) -> CampaignFolder:
    """Return a copy for one test; its snapshot is the whole one's."""
    return CampaignFolder(Path(shutil.copytree(whole, tmp_path / "campaign")))


def addressee(*action_ids: str, address: str = "", lang: str = "en") -> Addressee:
    return Addressee(address, lang, action_ids, ("",) * len(action_ids), frozenset(action_ids))


def plan(day: int, apart: int = 14, channel: str = "files") -> Plan:
    return Plan(date(2021, 12, day), apart, "final", channel)


def test_an_address_is_the_row_s_own_else_of_a_report_or_of_the_stakeholder(of_letters, snapshot):
    found = find_addresses(of_letters.path)
    assert [found.get(f"FIX-00{number}") for number in (1, 2, 6)] == [
        "contact001@example.org", "contact002@example.org", None,
    ]  # fmt: skip
    assert found["FIX-003"] == "contact003@example.org"  # its row has a telephone number, its report an address
    same = of_letters.query("letter_facts", {"as_of": of_letters.last_date, "action_ids": list(found)})
    makers = dict(zip(same["action_id"], same["stakeholder"], strict=True))
    stated = ADDRESSES.keys() - {"FIX-006"}
    makers_of_stated = {makers[action_id] for action_id in stated}
    assert all(makers[action_id] in makers_of_stated for action_id in found.keys() - stated)
    assert find_addresses(snapshot.path) == {}, "a build without a private store has none"


def test_one_address_gets_one_letter_in_the_language_of_most_of_its_actions():
    silent = pd.DataFrame(
        [("A", "s1", "fr"), ("B", "s2", "es"), ("C", "s3", None), ("D", "s3", "de"), ("E", "s4", "es"),
         ("F", None, "fr")],
        columns=["action_id", "stakeholder_id", "language"],
    )  # fmt: skip
    addresses = {"A": "a@example.org", "B": "b@example.org", "E": "b@example.org", "X": "a@example.org"}
    found = list_addressees(silent, addresses, "en", LANGUAGES)
    assert [(one.address, one.lang, one.action_ids) for one in found] == [
        ("a@example.org", "fr", ("A",)),
        ("b@example.org", "es", ("B", "E")),
        ("", "en", ("C", "D")),
        ("", "fr", ("F",)),
    ]
    assert found[0].kin == {"A", "X"}
    assert list_addressees(silent.head(0), addresses, "en", LANGUAGES) == []


def test_nobody_is_asked_twice_within_the_days_whatever_the_order(tmp_path):
    asked = LetterLedger(tmp_path, is_sample=False)
    first = asked.note([addressee("A"), addressee("B", "C")], plan(10))
    assert (first.letters, first.left_out) == (2, ())
    again = asked.note([addressee("C"), addressee("D")], plan(23))
    assert (again.letters, [one.asked_on for one in again.left_out]) == (1, [date(2021, 12, 10)])
    assert asked.note([addressee("A")], plan(1)).letters == 0  # a day before counts too
    assert asked.note([addressee("A")], plan(24)).letters == 1  # fourteen days later
    kin = Addressee("x@example.org", "en", ("E",), ("",), frozenset({"E", "D"}))
    assert [one.addressee for one in asked.hold([kin], date(2021, 12, 23), 14)] == [kin]  # D went to the same address
    times = asked.times()
    assert (times["A"].times, times["A"].last_on, times["B"].times) == (2, date(2021, 12, 24), 1)
    assert LetterLedger(tmp_path, is_sample=True).times() == {}  # the fictional sample is noted apart


def test_what_is_taken_back_counts_for_nothing_and_many_at_once_ask_nobody_twice(tmp_path):
    asked = LetterLedger(tmp_path, is_sample=False)
    batch_id = asked.note([addressee("A"), addressee("B")], plan(10)).batch_id
    letter = asked.letters(batch_id)[0]
    assert [asked.take_back([letter.letter_id]) for _ in range(2)] == [1, 0]
    assert asked.times().keys() == {"B"}
    assert asked.note([addressee("A"), addressee("B")], plan(11)).letters == 1
    (_, batch) = sorted(asked.batches(), key=lambda one: one.asked_on, reverse=True)
    assert (batch.letters, batch.taken_back, batch.actions) == (2, 1, 2)
    assert asked.days() == [(date(2021, 12, 10), "B"), (date(2021, 12, 11), "A")]
    people = [addressee(f"A{number}") for number in range(30)]
    with ThreadPoolExecutor(8) as pool:
        notes = list(pool.map(lambda _: LetterLedger(tmp_path, is_sample=False).note(people, plan(10)), range(8)))
    assert sum(one.letters for one in notes) == 30
    assert {one.times for one in asked.times().values()} == {1}


def occasion(campaign: Campaign) -> Occasion:
    senders = dict.fromkeys(LANGUAGES, "Sample Secretariat")
    return Occasion(campaign.titles, senders, "secretariat@example.org", find_survey(campaign, "final"))


@pytest.mark.parametrize(("lang", "words"), [
    ("en", ("Dear colleagues,", "none has reached us yet", "by 10 February 2022", "survey.example.org/en?ref=FIX-")),
    ("fr", ("Chères et chers collègues,", "aucun ne nous est parvenu", "10 février 2022", "survey.example.org/fr\n")),
    ("es", ("Estimadas y estimados colegas:", "aún no nos ha llegado", "10 de febrero de 2022", "example.org/en?ref=")),
])  # fmt: skip
def test_a_letter_says_what_was_promised_what_was_reported_and_where_to_answer(folder, of_letters, lang, words):
    never = list_silent(of_letters, Selection(), "never")["action_id"].iloc[0]
    ids = [never, "FIX-001", "FIX-010"]
    facts = read_facts(of_letters, ids, of_letters.last_date)
    letter = compose(of_letters, [facts[action_id] for action_id in ids], lang, occasion(folder.load()))
    adapted = of_letters.codes["statuses"]["adapted"].labels[lang]  # a status of the campaign's own
    for word in (*words, adapted, "Roadmap against child labour in cocoa", "FIX-001", "secretariat@example.org"):
        assert word in letter.text
    assert "Sample Secretariat" in letter.text
    assert {"en": "10 December 2021: Completed, 100% done", "fr": "10 décembre 2021", "es": "10 de diciembre de 2021"}[
        lang
    ] in letter.text
    assert "{" not in letter.text
    assert f'<html lang="{lang}">' in letter.html
    assert 'href="https://survey.example.org/' in letter.html
    assert '<b lang="fr">Roadmap against child labour in cocoa</b>' in letter.html


def test_a_letter_without_survey_or_sender_asks_for_a_reply_and_texts_stay_texts(of_letters):
    facts = read_facts(of_letters, ["FIX-002"], of_letters.last_date)
    facts["FIX-002"]["title"] = "<script>alert(1)</script>\nSubject: x"
    titles = dict.fromkeys(LANGUAGES, "A & B")
    letter = compose(of_letters, list(facts.values()), "en", Occasion(titles, own_words={"en": "Our <own> words"}))
    assert "Please reply to this letter: not started" in letter.text
    assert "\nA & B\n" in letter.text  # signed by the campaign
    assert "Our <own> words" in letter.text
    assert "<script>" not in letter.html
    assert "Our &lt;own&gt; words" in letter.html
    assert "since your last report" in letter.text  # its report says how far it is


def test_a_wave_has_its_own_survey_else_the_one_for_any_and_an_address_that_is_none_is_refused(folder):
    assert find_survey(folder.load(), "mid_year") is None
    any_wave = '[[survey]]\nlink.es = "https://survey.example.org/any"'
    folder.campaign_file.write_text(TOML + SURVEYS + any_wave, encoding="utf-8")
    campaign = folder.load()
    assert find_survey(campaign, "mid_year").find_link("fr") == "https://survey.example.org/any"
    assert find_survey(campaign, "final").find_link("fr") == "https://survey.example.org/fr"
    folder.campaign_file.write_text(TOML + '[[survey]]\nlink.en = "javascript:alert(1)"', encoding="utf-8")
    with pytest.raises(CampaignError, match=r"survey\.0\.link\.en"):
        folder.load()


@pytest.fixture
def batch(folder, of_letters) -> list[Addressed]:
    """Write letters to everybody with too few reports, from their notes."""
    found = list_addressees(
        list_silent(of_letters, Selection(), "unknown"), find_addresses(of_letters.path), "en", LANGUAGES
    )
    found.append(Addressee("contact002@example.org", "fr", ("FIX-002", "there is none"), ("", ""), frozenset()))
    noted = LetterLedger(folder.private, is_sample=True).note(found, plan(10))
    assert noted.letters == len(found)
    letters = write_batch(of_letters, folder, noted.batch_id, BASE)
    assert [one.action_ids for one in letters] == [*(one.action_ids for one in found[:-1]), ("FIX-002",)]
    return letters


def test_each_letter_has_a_link_of_its_own_in_place_of_the_survey_where_the_campaign_is_open_for_it(
    folder, of_letters, batch
):
    batch_id, address = batch[0].letter_id.rpartition("-")[0], f"{BASE}/report/form?t="
    assert not any(address in one.letter.text for one in batch) and not list(folder.private.glob("report_links*"))
    text = TOML + SURVEYS + "[reports_by_link]\nopen = true\ndays = 30"
    folder.campaign_file.write_text(text, encoding="utf-8")
    assert write_batch(of_letters, folder, batch_id, "http://127.0.0.1:8501") == batch, "a server that nobody reaches"
    letters = write_batch(of_letters, folder, batch_id, BASE)
    assert write_batch(of_letters, folder, batch_id, BASE) == letters
    links = ReportLinks(folder.private)
    opened = [links.open(one.letter.link.partition("?t=")[2].partition("&lang=")[0]) for one in letters]
    assert [link.action_ids for link in opened] == [one.action_ids for one in letters]
    assert [link.origin for link in opened] == [f"{OF_LETTER}{one.letter_id}" for one in letters]
    assert {(link.ends_on, link.wave) for link in opened} == {(find_today() + timedelta(days=30), "final")}
    for one in letters:
        assert one.letter.link.endswith(f"&lang={one.letter.lang}") and f"\n{one.letter.link}\n" in one.letter.text
        assert "survey.example.org" not in one.letter.text
        assert one.letter.html.count(one.letter.link.replace("&", "&amp;")) == 2, "its address, and its words"
    sheet = openpyxl.load_workbook(io.BytesIO(write_workbook(letters))).active
    assert [str(row[5].value) for row in list(sheet.iter_rows())[1:]] == [one.letter.link for one in letters]
    links.end(opened[0].handle)
    assert write_batch(of_letters, folder, batch_id, BASE) == [batch[0], *letters[1:]], "its link stays ended"


def test_a_link_ends_with_the_survey_where_that_is_yet_to_end(folder):
    campaign, later = folder.load(), find_today() + timedelta(days=3)
    survey = find_survey(campaign, "final")
    days = [survey.answer_by, later, find_today(), None]
    ends = [find_last_day(campaign, survey.model_copy(update={"answer_by": day})) for day in days]
    usual = find_today() + timedelta(days=campaign.reports_by_link.days)
    assert ends == [usual, later, find_today(), usual]


def read_drafts(content: bytes) -> tuple[list[EmailMessage], list[str]]:
    """Read the mails of an archive, and its texts."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    mails = [message_from_bytes(body, policy=policy.SMTP) for name, body in files.items() if name.endswith(".eml")]
    return mails, [body.decode() for name, body in files.items() if name.startswith(WITHOUT_ADDRESS)]


def test_the_files_are_mails_that_open_as_drafts_or_a_row_a_letter_and_the_notes_hold_no_address(folder, batch):
    mails, texts = read_drafts(write_mails(batch, "Sample Campaign <news@example.org>", "secretariat@example.org"))
    reached = [one for one in batch if one.address]
    assert [mail["To"] for mail in mails] == [one.address for one in reached]
    assert len(texts) == len(batch) - len(reached) > 0
    for mail, one in zip(mails, reached, strict=True):
        assert (mail["X-Unsent"], mail["Reply-To"]) == ("1", "secretariat@example.org")
        assert mail["Subject"].split() == one.letter.subject.split()
        assert mail.get_body(("plain",)).get_content().split() == one.letter.text.split()
        assert mail.get_body(("html",))["Content-Type"].startswith("text/html")
    drafts, _ = read_drafts(write_mails(batch, "", ""))  # of whoever opens them where no sender is set
    assert all(draft["From"] is None and draft["Message-ID"] is None and draft["To"] for draft in drafts)
    for path in folder.private.glob("asked.sqlite*"):
        assert b"example.org" not in path.read_bytes()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    sheet = openpyxl.load_workbook(io.BytesIO(write_workbook(batch))).active
    rows = list(sheet.iter_rows())
    assert [cell.value for cell in rows[0]] == [column.header for column in COLUMNS]
    assert all(" " not in column.header for column in COLUMNS)
    cells = [[cell.value or "" for cell in row] for row in rows[1:]]
    assert [row[0] for row in cells] == [one.address for one in batch]
    assert any(str(row[3]).startswith("=HYPERLINK") for row in cells)
    assert {cell.data_type for row in rows for cell in row} <= {"s", "n"}  # an empty cell has no text
    assert [row[6].split() for row in cells] == [one.letter.text.split() for one in batch]


def test_sending_twice_gives_nobody_two_and_logs_no_address(folder, of_letters, batch, caplog):
    caplog.set_level(logging.DEBUG, logger="dashboard")
    batch_id = batch[0].letter_id.rpartition("-")[0]

    def put_off(address: str, tries: int) -> str | None:
        return "452 later" if address.startswith("contact002") and tries == 1 else None

    with running(put_off) as (relay, smtp):
        settings = Settings.from_environment(environment(smtp.smtp_port))
        assert not post(of_letters, folder, batch_id, settings).stopped
        post(of_letters, folder, batch_id, settings)
    reached = [one.address for one in batch if one.address]
    states = Outbox(folder.private).counts(LETTERS, batch_id)
    assert states["sent"] + states["waiting"] == len(reached)
    assert len(relay.recipients) == len(set(relay.recipients)) == states["sent"] > 0
    assert "@" not in caplog.text


def test_those_asked_just_now_come_first_then_whom_a_letter_reaches_and_who_was_asked_least():
    silent = pd.DataFrame({"action_id": list("ABCDEF")})  # the longest silent first
    lately, before = date(2021, 12, 10), date(2021, 12, 6)  # fourteen days before: no longer pending
    times = {"B": Times(1, lately), "C": Times(2, before), "E": Times(1, before)}
    ordered = prefer(add_notes(silent, times, {"C", "D", "E", "F"}), date(2021, 12, 20))
    assert "".join(ordered["action_id"]) == "BDFECA"
    assert ordered["asked"].tolist() == [1, 0, 0, 1, 2, 0]
    assert ordered["is_pending"].tolist() == [True, *[False] * 5]


@pytest.fixture
def job(folder, of_letters, batch, monkeypatch, tmp_path):
    """Return a worker's input for the batch."""
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(folder.root))
    return {
        "snapshot": str(of_letters.path),
        "build_id": "fixture",
        "built_at": of_letters.built_at,
        "campaign": str(folder.root),
        "batch_id": batch[0].letter_id.rpartition("-")[0],
        "to": str(tmp_path / "result"),
    }


def test_a_worker_s_jobs_make_the_files_and_send(job, of_letters, folder, batch, monkeypatch):
    letter_files.answer_job(job | {"form": "xlsx"})
    assert openpyxl.load_workbook(io.BytesIO(Path(job["to"]).read_bytes())).active.max_row == len(batch) + 1
    reached = [one for one in batch if one.address]
    monkeypatch.setattr(letter_batch, "workers", WorkersHere())  # which take one without a file for broken
    sent = letter_batch.start(of_letters, folder.root, job["batch_id"]).result()
    assert sent.report["counts"] == {"written": len(reached)}
    assert len(list((folder.private / "mails" / job["batch_id"]).glob("*.eml"))) == len(reached)
    with pytest.raises(SnapshotError):
        letter_batch.answer_job(job | {"build_id": "another"})


@pytest.mark.nightly
def test_workers_make_the_files_and_send(job, of_letters, folder, batch):
    sent = letter_batch.start(of_letters, folder.root, job["batch_id"]).result()
    assert sent.report["counts"] == {"written": sum(bool(one.address) for one in batch)}
    made = runner.run(runner.Job("dashboard.mail.letter_files", job | {"form": "eml"}))
    with zipfile.ZipFile(io.BytesIO(made.content)) as archive:
        assert len(archive.namelist()) == len(batch)


def test_own_words_reach_the_letters_until_a_person_whom_they_name_is_forgotten(folder, of_letters):
    asked = LetterLedger(folder.private, is_sample=True)
    words = {"en": "Call Sample Person 007, Contact007@example.org.", "fr": "Merci."}
    batch_id = asked.note([addressee("FIX-007", lang="fr")], plan(10)._replace(own_words=words)).batch_id
    (one,) = write_batch(of_letters, folder, batch_id, BASE)
    assert "Merci." in one.letter.text and "Sample Person 007" not in one.letter.text
    assert one.letter.text.startswith("Données fictives")
    told = ["private/asked.sqlite: own_words"]
    assert forget_person(folder.private, "contact007@example.org", dry_run=True) == told
    assert forget_person(folder.private, "contact007@example.org") == told
    assert asked.own_words(batch_id) == {"fr": "Merci."}
    assert asked.times().keys() == {"FIX-007"}
    assert all(b"ontact007" not in path.read_bytes() for path in folder.private.glob("asked.sqlite*"))
    assert forget_person(folder.private, "contact007@example.org") == []
