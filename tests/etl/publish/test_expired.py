"""Things whose time in the settings is over go, by a clock that is moved; all else stays."""

import json
import os
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dashboard.access.rights import SignInWay
from dashboard.access.sessions import Sessions
from dashboard.campaign.reporting.links import ReportLinks
from dashboard.campaign.reporting.reports import Report, ReportBox, ReportState
from dashboard.ground.files.private_store import Store
from dashboard.mail.outbox import Outbox
from dashboard.settings import Settings
from etl.publish.expired import enforce, list_expired
from tests.etl.campaigns import make_campaign, switch_to_copy
from tests.etl.program import last_json, run_on

NOW = datetime.now(UTC)
DAY = timedelta(days=1)


def set_to(**changed):
    return Settings.from_environment({f"DASHBOARD_{name}": value for name, value in changed.items()})


UNNAMED = "0" * 64
"""A file that was handed in."""


def told(expired):
    kinds = [entry.kind for entry in expired]
    return {kind: sum(entry.number for entry in expired if entry.kind == kind) for kind in dict.fromkeys(kinds)}


def put(path, text="kept"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Make a campaign with one of each thing that is kept for a time."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary/dashboard-rows-left").mkdir(parents=True)
    folder = make_campaign(tmp_path / "campaign", {})
    put(folder.private / "drafts/preview/draft.json")
    put(folder.private / "drafts/killed/uploads/a.csv")
    put(folder.private / "set_aside/2021-05-01 120000/a.csv")
    put(folder.private / "mails/20210501/one.eml")
    (folder.private / ".backup-killed").mkdir()
    put(folder.root.with_name(f"campaign.before-{NOW:%Y%m%dT%H%M%SZ}") / "campaign.toml")
    put(folder.root.with_name("campaign.before-the-flood") / "mine.txt")
    outbox = Outbox(folder.private)
    for number in range(3):
        outbox.put("newsletter", "b", f"reader{number}@example.org", b"Message-ID: <x>\r\n\r\n", str(number))
    with outbox.store.open() as connection:
        connection.execute("update deliveries set state = 'sent' where delivery_no < 3")
    letter = {"batch_id": "b", "asked_on": "2021-05-01", "wave": "", "channel": "", "lang": "en", "is_sample": 0}
    asked = Store(folder.private, "asked")
    asked.change("put_letter", letter_id="1", noted_at=NOW.isoformat(), **letter)
    asked.change("put_action", letter_id="1", action_id="a", stakeholder_id=None)
    asked.change("put_words", batch_id="b", lang="en", words="Please")
    links = ReportLinks(folder.private)
    links.make("staff", ["a"], NOW.date())
    links.make("staff", ["a"], NOW.date() + 300 * DAY)
    box = ReportBox(folder.private)
    for report_no in ("R-22222-22222", "R-33333-33333"):
        box.put(Report(report_no=report_no, link="l", action_id="a", received_at=NOW, lang="en"))
    box.decide("R-22222-22222", ReportState.SET_ASIDE, "staff", "Twice")
    unconfirmed = Report(report_no="R-55555-55555", received_at=NOW, lang="en")
    box.put(replace(unconfirmed, state=ReportState.UNCONFIRMED))
    put(folder.private / "reports/.R-44444-44444.json.0123")
    put(folder.private / "evidence" / UNNAMED)
    put(folder.private / f"audit/{NOW:%Y-%m}.jsonl", json.dumps({"moment": NOW.isoformat()}) + "\n")
    Sessions(set_to().model_copy(update={"campaign": folder.root})).begin(SignInWay.PASSWORD)
    return folder


def test_each_thing_goes_when_its_time_is_over(folder, tmp_path):
    def at(day, **settings):
        return told(list(list_expired(folder, set_to(**settings), NOW + day * DAY + timedelta(hours=1))))

    assert at(0) == {"left by a backup that was stopped": 1}
    preview, replaced, mails = "preview that nobody published", "file that was replaced", "mails written as files"
    assert at(1)[preview] == 1  # the killed one
    assert at(1)["left by a process that ended"] == 1
    assert at(7)[preview] == 2
    assert (replaced in at(89), at(90)[replaced], at(90)[mails]) == (False, 1, 1)
    assert at(90)["addresses of mails that went out"] == 2
    assert at(30)["folder that restoring put aside"] == 1
    assert (at(1095)["mails that went out or came back"], at(1095)["letters that went out"]) == (2, 1)
    assert at(1)["left by a report that was not kept"] == 1
    reports, links = "reports that staff have decided about", "links for reports that have ended"
    unnamed = "files that no report names"
    assert (unnamed in at(0), at(1)[unnamed]) == (False, 1)
    unconfirmed = "new actions whose address nobody confirmed"
    assert (unconfirmed in at(6), at(7)[unconfirmed]) == (False, 1)
    assert (reports in at(1094), at(1095)[reports], at(1096)[links], at(1396)[links]) == (False, 1, 1, 2)
    assert (at(1096)["acts in the audit log"], at(1)["sessions that have ended"]) == (1, 1)
    never = {
        f"{name}_DAYS": "0" for name in ("DRAFT", "MAIL", "ASKED", "AUDIT", "SET_ASIDE", "FORMER")
    } | {"TEMPORARY_HOURS": "0"}  # fmt: skip
    left = {"left by a backup that was stopped", "left by a report that was not kept", unconfirmed, unnamed}
    assert at(5000, **never).keys() == {preview, *left, "sessions that have ended"}
    enforce(folder, NOW + 1096 * DAY + timedelta(hours=1))
    assert at(1390) == {}
    assert [report.report_no for report in ReportBox(folder.private).list()] == ["R-33333-33333"]
    assert [delivery.recipient for delivery in Outbox(folder.private).listed("waiting")] == ["reader2@example.org"]
    with Store(folder.private, "asked").open() as asked:
        counts = "select (select count(*) from letters), (select count(*) from own_words), count(*) from asked_actions"
        assert tuple(asked.execute(counts).fetchone()) == (0, 0, 0)
    assert [path.name for path in tmp_path.iterdir() if "before" in path.name] == ["campaign.before-the-flood"]


def test_publishing_and_tidy_remove_it_and_a_rehearsal_only_says_so(folder, published_once, monkeypatch):
    old = (NOW - 8 * DAY).timestamp()
    preview = folder.private / "drafts/preview"
    os.utime(preview, (old, old))
    said = last_json(run_on(folder, "tidy", "--dry-run", "--json"))
    assert {"kind": "preview that nobody published", "what": "private/drafts/preview", "number": 1} in said["removed"]
    assert (said["is_rehearsal"], preview.exists()) == (True, True)
    shutil.copytree(published_once.root, folder.root, dirs_exist_ok=True)
    switch_to_copy(folder, "second")
    assert not preview.exists()
    switch_to_copy(folder, "third")
    monkeypatch.setenv("DASHBOARD_BUILDS_KEPT", "1")
    text = run_on(folder, "tidy").stdout
    assert (text.count("build: "), "Removed: 2." in text) == (2, True)
    assert len(list(folder.published.glob("snapshot-*.duckdb"))) == 1
    assert "Nothing is kept for longer" in run_on(folder, "tidy").stdout
