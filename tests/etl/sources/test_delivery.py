"""A source's delivery is published, waits for staff, or is refused, as an upload would be; with the same content."""

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict

import pytest

from dashboard.access.audit.entries import find_entries
from dashboard.campaign import source_notes
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.source_notes import DRAFT_OF, Outcome
from dashboard.campaign.sources import Source
from dashboard.campaign.uploads import DRAFT_NOTE
from dashboard.errors import Sentence
from dashboard.i18n import translator
from dashboard.paths import SHIPPED_CAMPAIGN
from etl.commands import check
from etl.publish import expired, history, holding
from etl.publish.unchanged import find_same
from etl.sources.fetching import fetch
from etl.sources.network import Reach
from tests.etl.campaigns import publish_campaign
from tests.etl.program import building_once, last_json, run_etl, titles
from tests.etl.registers import action, register
from tests.etl.sources.far_sides import KoboToolbox, put_file, serving, write_table

COLUMNS = ["action_id", "action_status", "narrative", "_id", "_uuid", "_submission_time"]
MORE = "Action ID,Title,Organization,Country\nB1,One,Imaginary office,Kenya\nB2,Two,Imaginary union,Peru\n"
SHIPPED = (SHIPPED_CAMPAIGN / "campaign.toml").read_text("utf-8")


def row(number: int, about: str, status: str = "completed") -> list[str]:
    return [about, status, "", str(number), f"uuid-{number}", f"2021-07-{number:02}T09:00:00"]


@pytest.fixture
def kobo(monkeypatch: pytest.MonkeyPatch) -> Iterator[KoboToolbox]:
    side = KoboToolbox(COLUMNS, [row(1, "OFF-1"), row(2, "OFF-1", "in_progress")])
    with serving(side) as address:
        monkeypatch.setenv("DASHBOARD_SOURCE_MIDYEAR_TOKEN", side.token)
        monkeypatch.setenv("DASHBOARD_SOURCE_MIDYEAR_HOST", address.removeprefix("http://"))
        yield side


def read_pointer(folder: CampaignFolder) -> dict:
    return dict(history.read_pointer(folder) or {})


def read_origins(folder: CampaignFolder) -> dict[str, source_notes.Origin]:
    return dict(source_notes.read_of_build(folder.root, read_pointer(folder)["build_id"]))


def bring(folder: CampaignFolder, side: KoboToolbox, how: str) -> source_notes.FetchNote:
    stated = {"name": "midyear", "tool": "kobotoolbox", "address": side.address, "form": side.form, "publish": how}
    return fetch(folder, Source.model_validate(stated), lambda *_: None, reach=Reach("127.0.0.1"))


def test_at_once_gives_the_content_of_a_dropped_file_and_each_build_says_which_source_brought_it(folder, kobo):
    (folder.root / "campaign.toml").write_text(SHIPPED, "utf-8")
    here = ("--campaign", folder.root)
    assert bring(folder, kobo, "at_once").outcome is Outcome.NEW
    assert read_pointer(folder)["how"] == "fetch"
    assert (same := find_same(folder)) is not None and same.build_id == read_pointer(folder)["build_id"]
    fetched_at = source_notes.read(folder.private, "midyear").files["midyear.csv"].fetched_at
    told = last_json(run_etl("row", "midyear.csv", "2", "--json", *here))["came_from"]
    at = told["at"]
    assert at >= fetched_at  # a moment later, the build that holds it
    assert told == {"source": "midyear", "title": "midyear", "tool": "kobotoolbox", "at": at}
    assert f"fetched from KoboToolbox, midyear, at {at}" in run_etl("row", "midyear.csv", "2", *here).stdout
    assert last_json(run_etl("row", "first.csv", "2", "--json", *here))["came_from"] is None
    assert sorted(path.name for path in folder.inbox.iterdir()) == ["first.csv", "midyear.csv"]
    assert not list((folder.private / "drafts").iterdir())
    origin = read_origins(folder)["midyear.csv"]

    # Another build with the same file, without the source's notes; and one with the same answers, brought by somebody.
    source_notes.forget(folder.private, "midyear")
    (folder.inbox / "first.csv").write_text(register(action("1", promise="First"), action("3", promise="Third")))
    fetched = publish_campaign(folder)["content_id"]
    assert read_origins(folder) == {"midyear.csv": origin}
    (listed, *_) = json.loads(run_etl("history", "--json", *here).stdout)
    assert listed["came_from"] == {"midyear.csv": asdict(origin)}
    (folder.inbox / "midyear.csv").write_bytes(write_table(COLUMNS, kobo.rows, ","))
    assert publish_campaign(folder)["content_id"] == fetched
    assert read_origins(folder) == {}


def test_a_draft_waits_with_all_that_came_until_staff_publish_it_or_the_source_is_another(folder, kobo, monkeypatch):
    before = read_pointer(folder)["content_id"]
    assert bring(folder, kobo, "draft").outcome is Outcome.WAITS
    kobo.rows.append(row(3, "OFF-1"))
    assert bring(folder, kobo, "draft").outcome is Outcome.WAITS
    assert bring(folder, kobo, "draft").outcome is Outcome.SAME
    (waiting,) = (folder.private / "drafts").iterdir()
    note = source_notes.read(folder.private, "midyear")
    assert note.waits_in == waiting.name and json.loads((waiting / DRAFT_OF).read_text())["source"] == "midyear"
    assert read_pointer(folder)["content_id"] == before and not (folder.inbox / "midyear.csv").exists()

    # A changed source keeps its state until it has answered.
    kobo.form = "aZj8thaf9GEtNBeAaVhRKt"
    monkeypatch.delenv("DASHBOARD_SOURCE_MIDYEAR_HOST")
    assert bring(folder, kobo, "draft").outcome is Outcome.FAILED
    after = source_notes.read(folder.private, "midyear")
    assert (after.asks, after.files, after.waits_in) == (note.asks, note.files, note.waits_in)
    assert waiting.is_dir()
    monkeypatch.setenv("DASHBOARD_SOURCE_MIDYEAR_HOST", kobo.address.removeprefix("http://"))
    bring(folder, kobo, "draft")
    assert source_notes.read(folder.private, "midyear").asks != note.asks and not waiting.exists()

    (waiting,) = (folder.private / "drafts").iterdir()
    os.utime(waiting, (0, 0))
    expired.remove_old_drafts(folder)
    said = json.loads((waiting / DRAFT_NOTE).read_text())
    (waiting / DRAFT_NOTE).write_text(json.dumps(said | {"surroundings": "other libraries"}))
    holding.publish_draft(folder, waiting)
    assert (folder.inbox / "midyear.csv").read_bytes().count(b"uuid-") == 3
    assert read_pointer(folder)["how"] == "fetch" and read_pointer(folder)["content_id"] != before
    assert find_same(folder) is None, "what other libraries made is made again"


@pytest.mark.nightly
def test_what_no_recipe_reads_or_staff_must_answer_waits_stands_in_nobodys_way_and_is_tried_again(folder, kobo):
    kobo.header, kobo.rows = ["_id", "what"], [["1", "x"]]
    waited = set()
    for _ in range(2):
        note = bring(folder, kobo, "at_once")
        assert note.outcome is Outcome.FAILED and "midyear.csv" in note.what and note.remedy
        (waiting,) = (folder.private / "drafts").iterdir()
        assert source_notes.read(folder.private, "midyear").waits_in == waiting.name
        assert (waiting / "uploads" / "midyear.csv").is_file() and not (folder.inbox / "midyear.csv").exists()
        waited.add(waiting.name)
    assert len(waited) == 1, "whoever says what its columns are goes on"
    publish_campaign(folder)
    kobo.header, kobo.rows = [*COLUMNS, "Status (Dec 2021)"], [[*row(1, "OFF-1"), "completed"]]
    assert bring(folder, kobo, "at_once").outcome is Outcome.WAITS
    (waiting,) = (folder.private / "drafts").iterdir()
    assert waiting.name == source_notes.read(folder.private, "midyear").waits_in
    assert (waiting / DRAFT_NOTE).is_file()
    kobo.header, kobo.rows = COLUMNS, [row(1, "OFF-1"), row(2, "OFF-1")]
    assert bring(folder, kobo, "at_once").outcome is Outcome.NEW
    assert not list((folder.private / "drafts").iterdir())


@pytest.mark.nightly
def test_a_file_among_others_that_cannot_be_read_is_told_waits_and_is_tried_again_with_all(folder, tmp_path):
    drive = tmp_path / "drive"
    put_file(drive / "more.csv", MORE)
    put_file(drive / "other.csv", "what;is\nx;y\n")
    stated = {"name": "drive", "tool": "folder", "address": drive.as_uri(), "publish": "at_once"}
    source = Source.model_validate(stated)
    assert fetch(folder, source, lambda *_: None).outcome is Outcome.NEW
    note = source_notes.read(folder.private, "drive")
    assert isinstance(note.files["other.csv"].what, Sentence) and not note.files["more.csv"].what
    assert note.files["other.csv"].what == "No recipe recognises other.csv."  # and none of its words
    assert [path.name for path in (folder.private / "drafts" / note.waits_in / "uploads").iterdir()] == ["other.csv"]
    assert not (folder.inbox / "other.csv").exists()
    assert fetch(folder, source, lambda *_: None).outcome is Outcome.SAME
    assert fetch(folder, source, lambda *_: None, is_whole=True).outcome is Outcome.FAILED
    put_file(drive / "third.csv", "what;else\nx;y\n")
    assert translator("fr")(fetch(folder, source, lambda *_: None).what).startswith("Aucun des fichiers ne peut")
    (waiting,) = (folder.private / "drafts").iterdir()
    assert sorted(path.name for path in (waiting / "uploads").iterdir()) == ["other.csv", "third.csv"]


def test_the_commands_say_what_came_and_what_would_come(folder, tmp_path):
    drive = tmp_path / "drive"
    contacts = ["Contact name,E-mail", "Sample Person 001,one@example.org", "Sample Person 002,two@example.org"]
    put_file(drive / "more.csv", "".join(f"{a},{b}\n" for a, b in zip(MORE.splitlines(), contacts, strict=True)))
    stated = f'\n[[source]]\nname = "drive"\ntool = "folder"\naddress = "{drive.as_uri()}"\npublish = "at_once"\n'
    (folder.root / "campaign.toml").write_text(SHIPPED + stated, "utf-8")
    here, before = ("--campaign", folder.root), read_pointer(folder)
    assert "drive (Folder, file://" in run_etl("source", "list", *here).stdout
    with building_once(tmp_path, check):  # told as text and as JSON
        tried = run_etl("source", "test", "drive", *here)
        answer = last_json(run_etl("source", "test", "drive", "--json", *here))
    assert "more.csv" in tried.stdout and "Nothing was published." in tried.stdout
    row = {"file": "more.csv", "sheet": None, "row": 2, "action_id": "B1", "stakeholder": "Imaginary office"}
    row |= {"title": "One", "countries": ["KEN"]}
    assert row.items() <= answer["rows"][0].items() and answer["labels"]["KEN"]["fr"] == "Kenya"
    assert answer["account"] == {"read": 2, "accepted": 2, "merged": 0, "rejected": 0}
    assert "Imaginary office" in tried.stdout and "Sample Person" not in tried.stdout + str(answer)
    assert read_pointer(folder) == before
    assert run_etl("fetch", *here).stdout == "Folder, drive: a new version.\n"
    assert run_etl("fetch", "drive", *here).stdout == "Folder, drive: nothing new.\n"
    assert titles(folder.published / read_pointer(folder)["snapshot"]) == {"First", "One", "Two"}
    assert list(find_entries(folder.root).entries["event"]) == ["fetched", "fetched"]
    put_file(drive / "more.csv", "code word,secret\n")
    assert "code word" not in (refused := run_etl("source", "test", "drive", *here).stderr) and "more.csv" in refused
    shutil.rmtree(drive)
    failed = run_etl("fetch", *here)
    assert failed.returncode == 1 and "cannot be read" in failed.stderr
    assert "There is no source other" in run_etl("fetch", "other", *here).stderr
