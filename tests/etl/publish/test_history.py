"""The builds that are kept: what the history says, what stays on the disk, and the way back to one of them."""

import io
import json
import os
import shutil
import time
import zipfile

import pytest

from dashboard.campaign.builds import read_builds
from dashboard.measures.counts import headline
from dashboard.settings import Settings
from dashboard.snapshot import database as snapshots
from dashboard.snapshot.selection import Selection
from etl.pipeline import build as builds
from etl.publish import history, holding, kept_inputs, restore
from etl.publish.holding import only_build
from etl.publish.publish import publish
from etl.readers.files import hash_file
from tests.etl.campaigns import make_campaign, publish_campaign
from tests.etl.program import history_file, inbox, last_json, published, published_titles, run_etl, titles
from tests.etl.registers import HEADER, REPORT_HEADER, action


@pytest.fixture
def folder(tmp_path):
    """A campaign of one action, not built yet."""
    return make_campaign(tmp_path / "c", {"first.csv": HEADER + action("1", promise="First")})


@pytest.fixture(scope="module")
def built_twice(tmp_path_factory):
    """A campaign with two builds, the second with a second file, and their ids; tests take a copy."""
    folder = make_campaign(tmp_path_factory.mktemp("built"), {"first.csv": HEADER + action("1", promise="First")})
    first = publish_campaign(folder)["build_id"]
    (folder.inbox / "office").mkdir()
    (folder.inbox / "office" / "second.csv").write_text(HEADER + action("2", promise="Second"))
    return folder.root, (first, publish_campaign(folder)["build_id"])


@pytest.fixture
def two_builds(folder, built_twice):
    """The campaign with two builds; their ids."""
    shutil.rmtree(folder.root)
    shutil.copytree(built_twice[0], folder.root)
    return built_twice[1]


@pytest.fixture(scope="module")
def built_once(tmp_path_factory):
    """The campaign of one action with its build, and the build's id; tests take a copy."""
    folder = make_campaign(tmp_path_factory.mktemp("once"), {"first.csv": HEADER + action("1", promise="First")})
    return folder.root, publish_campaign(folder)["build_id"]


@pytest.fixture
def one_build(folder, built_once):
    """The campaign with one build; its id."""
    shutil.rmtree(folder.root)
    shutil.copytree(built_once[0], folder.root)
    return built_once[1]


def snapshot_names(folder):
    return {path.name for path in folder.published.glob("*.duckdb")}


def test_history_tells_files_account_and_figures(folder):
    (folder.inbox / "reports.csv").write_text(
        REPORT_HEADER + "r1,1,,,2021-07-01,Completed,,,\nr2,77,,,2021-07-01,Completed,,,\nr3,,,,2021-07-01,x,,,\n"
    )
    build_id = publish_campaign(folder)["build_id"]
    (entry,) = history_file(folder)
    assert entry["build_id"] == build_id
    assert entry["how"] == "build"
    assert entry["is_current"] is True
    assert entry["is_sample"] is False
    assert (folder.published / entry["snapshot"]).is_file()
    assert (entry["first_date"], entry["last_date"]) == ("2021-01-01", "2021-07-01")
    (reports,) = [file for file in entry["files"] if file["name"].startswith("Progress of one office ")]
    assert reports["recipe"] == "office_reports"
    assert reports["rows_read"] == reports["rows_accepted"] + reports["rows_merged"] + reports["rows_rejected"] == 3
    assert entry["figures"] == {
        "actions": 1,
        "reported": 1,
        "completed": 1,
        "reports": 2,
        "reports_without_action": 1,
        "rejected": 1,
    }


def test_figures_are_those_of_the_pages_on_the_last_day(folder):
    lines = "".join(f"r{i},{i},,,2021-0{i}-01,{'Completed' if i % 2 else 'Ongoing'},,,\n" for i in range(1, 8))
    (folder.inbox / "first.csv").write_text(HEADER + "".join(action(str(i), promise=f"P{i}") for i in range(1, 10)))
    (folder.inbox / "reports.csv").write_text(REPORT_HEADER + lines + "late,9,,,2022-03-01,Completed,,,\n")
    publish_campaign(folder)
    shown = snapshots.current(Settings.from_environment({"DASHBOARD_CAMPAIGN": str(folder.root)}))
    counted = headline(shown, Selection())
    figures = history_file(folder)[0]["figures"]
    assert (figures["actions"], figures["reported"], figures["completed"]) == (
        counted.actions,
        counted.reported,
        counted.completed,
    )
    assert figures["reported"] == 8


def test_newest_comes_first_and_only_it_is_current(folder, two_builds):
    first, second = two_builds
    assert [(e["build_id"], e["is_current"]) for e in history_file(folder)] == [(second, True), (first, False)]
    publish_campaign(folder)
    assert [e["build_id"] for e in history_file(folder)] == [second, first]
    listed = run_etl("history", "--campaign", folder.root, "--json")
    told = json.loads(listed.stdout)
    assert {file["name"] for entry in told for file in entry["files"]} == {"first.csv", "office/second.csv"}
    handles = [entry.pop("files") for entry in history_file(folder)]
    assert "first.csv" not in str(handles)
    assert "(now)" in run_etl("history", "--campaign", folder.root).stdout


def test_as_many_builds_are_kept_as_the_setting_says(folder, monkeypatch):
    monkeypatch.setenv("DASHBOARD_BUILDS_KEPT", "2")
    for number in range(3):
        (folder.inbox / "first.csv").write_text(HEADER + action("1", promise=f"Number {number}"))
        publish_campaign(folder)
    entries = history_file(folder)
    assert len(entries) == 2
    assert snapshot_names(folder) == {entry["snapshot"] for entry in entries}
    assert {path.stem for path in (folder.private / "builds").iterdir()} == {e["build_id"] for e in entries}
    assert {path.stem for path in (folder.private / "contacts").iterdir()} == {e["build_id"] for e in entries}
    kept = [path.read_bytes().decode() for path in (folder.private / "inputs").iterdir()]
    assert sum("Number 1" in text for text in kept) == sum("Number 2" in text for text in kept) == 1
    assert not any("Number 0" in text for text in kept)


def test_the_published_build_is_never_removed(folder, two_builds, monkeypatch):
    monkeypatch.setenv("DASHBOARD_BUILDS_KEPT", "1")
    publish_campaign(folder)
    assert [entry["build_id"] for entry in history_file(folder)] == [two_builds[1]]
    assert published_titles(folder) == {"First", "Second"}


@pytest.mark.parametrize(
    "content",
    [None, *(pytest.param(text, marks=pytest.mark.nightly) for text in ("{", '{"a": 1}', '[{"build_id": "x"}]'))],
)
def test_missing_or_damaged_history_is_made_anew_from_the_snapshots(folder, two_builds, content):
    before = history_file(folder)
    path = folder.published / "history.json"
    path.unlink() if content is None else path.write_text(content)
    listed = history.read_history(folder)
    assert [entry["build_id"] for entry in listed] == [two_builds[1], two_builds[0]]
    assert [entry["figures"] for entry in listed] == [entry["figures"] for entry in before]
    publish_campaign(folder)
    assert [entry["build_id"] for entry in history_file(folder)] == [two_builds[1], two_builds[0]]


def test_history_catches_up_with_a_publisher_killed_after_its_switch(folder, two_builds):
    path = folder.published / "history.json"
    path.write_text(json.dumps([entry for entry in history_file(folder) if entry["build_id"] == two_builds[0]]))
    assert [e["is_current"] for e in history.read_history(folder)] == [True, False]
    publish_campaign(folder)
    assert [entry["build_id"] for entry in history_file(folder)] == [two_builds[1], two_builds[0]]


def test_inputs_are_kept_once_and_for_their_owner_only(folder, two_builds):
    kept = sorted((folder.private / "inputs").iterdir())
    assert sum("First" in path.read_bytes().decode() for path in kept) == 1
    for path in kept:
        assert path.name == hash_file(path)
    if os.name != "nt":
        assert all(path.stat().st_mode & 0o777 == 0o600 for path in kept)
        places = [folder.private, *(path for path in folder.private.iterdir() if path.is_dir())]
        assert all(place.stat().st_mode & 0o777 == 0o700 for place in places)


def test_file_that_changes_between_reading_and_publishing_is_not_published(folder, two_builds):
    (folder.inbox / "first.csv").write_text(HEADER + action("1", promise="Third"))
    with only_build(folder), builds.build(folder, folder.published) as built:
        (folder.inbox / "first.csv").write_text(HEADER + action("1", promise="Fourth"))
        with pytest.raises(kept_inputs.ChangedError, match=r"first\.csv changed"):
            publish(folder, built)
    assert published(folder)["build_id"] == two_builds[1]


def test_restoring_brings_back_snapshot_and_inbox(folder, two_builds):
    first, second = two_builds
    before = inbox(folder)
    assert holding.restore(folder, first).taken_out == ["office/second.csv"]
    assert published(folder)["build_id"] == first
    assert published_titles(folder) == {"First"}
    assert list(inbox(folder)) == ["first.csv"]
    assert history_file(folder)[0]["how"] == "restore"
    assert publish_campaign(folder)["build_id"] == first
    assert history_file(folder)[0]["how"] == "restore"
    done = run_etl("restore", second, "--campaign", folder.root, "--json")
    assert done.returncode == 0, done.stderr
    assert last_json(done)["put_back"] == ["office/second.csv"]
    assert inbox(folder) == before
    assert publish_campaign(folder)["build_id"] == second


def test_restoring_brings_back_a_changed_file_and_contacts(folder):
    (folder.inbox / "first.csv").write_text(HEADER + action("1", Email="one@example.org"))
    first = publish_campaign(folder)["build_id"]
    contacts = (folder.private / "contacts.duckdb").read_bytes()
    original = inbox(folder)
    (folder.inbox / "first.csv").write_text(HEADER + action("1", promise="Changed", Email="two@example.org"))
    publish_campaign(folder)
    assert (folder.private / "contacts.duckdb").read_bytes() != contacts
    done = holding.restore(folder, first)
    assert done.put_back == ["first.csv"]
    assert done.set_aside == []
    assert inbox(folder) == original
    assert (folder.private / "contacts.duckdb").read_bytes() == contacts


def test_file_never_built_is_left_alone_and_one_in_the_way_is_set_aside(folder, two_builds):
    (folder.inbox / "new.csv").write_text("never built")
    (folder.inbox / "first.csv").write_text("edited, never built")
    done = holding.restore(folder, two_builds[0])
    assert done.left_alone == ["new.csv"]
    assert done.put_back == ["first.csv"]
    assert (folder.root / done.set_aside[0]).read_text() == "edited, never built"
    assert set(inbox(folder)) == {"first.csv", "new.csv"}


def test_decisions_come_back_and_other_settings_only_say_that_they_differ(folder):
    decisions = folder.root / "decisions.csv"
    decisions.write_text("decision,subject,this,that,note,decided_on\n")
    first = publish_campaign(folder)["build_id"]
    decisions.write_text("decision,subject,this,that,note,decided_on\n\n")
    recipe = folder.root / "recipes" / "office_actions.toml"
    recipe.write_text(recipe.read_text() + "\n# changed\n")
    second = publish_campaign(folder)["build_id"]
    assert first != second
    done = holding.restore(folder, first)
    assert done.put_back == ["decisions.csv"]
    assert done.changed_since == ["recipes/office_actions.toml"]
    assert decisions.read_text() == "decision,subject,this,that,note,decided_on\n"
    assert recipe.read_text().endswith("# changed\n")


def test_decisions_made_later_go_when_the_build_had_none(folder, one_build):
    (folder.root / "decisions.csv").write_text("decision,subject,this,that,note,decided_on\n")
    second = publish_campaign(folder)["build_id"]
    assert holding.restore(folder, one_build).taken_out == ["decisions.csv"]
    assert not (folder.root / "decisions.csv").exists()
    assert holding.restore(folder, second).put_back == ["decisions.csv"]


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (lambda folder, first: (folder.published / f"snapshot-{first}.duckdb").unlink(), "gone or damaged"),
        (lambda folder, first: (folder.published / f"snapshot-{first}.duckdb").write_text("x"), "gone or damaged"),
        (lambda folder, first: (folder.private / "builds" / f"{first}.json").unlink(), "were not kept"),
        (lambda folder, first: [p.write_text("x") for p in (folder.private / "inputs").iterdir()], "no longer kept"),
    ],
)
def test_what_cannot_be_restored_is_said_and_nothing_changes(folder, two_builds, harm, words):
    harm(folder, two_builds[0])
    before = inbox(folder)
    with pytest.raises(restore.RestoreError, match=words):
        holding.restore(folder, two_builds[0])
    assert inbox(folder) == before
    assert published(folder)["build_id"] == two_builds[1]


def test_unknown_build_is_refused_in_one_sentence(folder, two_builds):
    done = run_etl("restore", "0123456789abcdef", "--campaign", folder.root, "--json")
    assert done.returncode == 1
    assert done.stderr.startswith("There is no build 0123456789abcdef")
    assert last_json(done) | {"remedy": ""} == {
        "ok": False,
        "what": "There is no build 0123456789abcdef among those that are kept.",
        "remedy": "",
    }


def test_samples_are_not_kept_and_can_be_restored(folder, tmp_path):
    samples = make_campaign(tmp_path / "s", {"sample.csv": HEADER + action("9", promise="Sample")})
    samples.inbox.rename(samples.samples)
    samples.inbox.mkdir()
    first = publish_campaign(samples)["build_id"]
    assert history_file(samples)[0]["is_sample"] is True
    assert not (samples.private / "inputs").exists()
    (samples.inbox / "real.csv").write_text(HEADER + action("1", promise="Real"))
    second = publish_campaign(samples)["build_id"]
    assert holding.restore(samples, first).taken_out == ["real.csv"]
    assert published_titles(samples) == {"Sample"}
    assert holding.restore(samples, second).put_back == ["real.csv"]
    assert published(samples)["build_id"] == second


def test_what_was_published_first_can_be_taken_back_and_restored(folder, one_build):
    (folder.inbox / "unread.csv").write_text("never built")
    for option in (["--dry-run"], []):
        done = last_json(run_etl("restore", "nothing", "--campaign", folder.root, "--json", *option))
        assert (done["taken_out"], done["left_alone"]) == (["first.csv"], ["unread.csv"])
        assert (history.read_pointer(folder) is None) == (not option)
    assert set(inbox(folder)) == {"unread.csv"}
    assert not (folder.private / "contacts.duckdb").exists()
    assert [build.is_current for build in read_builds(folder.root)] == [False]
    assert run_etl("restore", "nothing", "--campaign", folder.root).returncode == 1
    assert holding.restore(folder, one_build).put_back == ["first.csv"]
    assert published_titles(folder) == {"First"}


def test_damaged_published_snapshot_is_replaced_by_building_again(folder, one_build):
    pointer = published(folder)
    path = folder.published / pointer["snapshot"]
    path.write_bytes(path.read_bytes()[:5000])
    assert publish_campaign(folder)["build_id"] == one_build
    assert titles(path) == {"First"}


def test_up_to_date_is_told_from_changed(folder, one_build):
    build_id = one_build
    assert kept_inputs.is_built_from(folder, build_id)
    os.utime(folder.inbox / "first.csv", (time.time(), time.time() + 5))
    assert kept_inputs.is_built_from(folder, build_id)
    (folder.root / "decisions.csv").write_text("decision,subject,this,that,note,decided_on\n")
    assert not kept_inputs.is_built_from(folder, build_id)
    (folder.root / "decisions.csv").unlink()
    (folder.inbox / "more.csv").write_text(HEADER)
    assert not kept_inputs.is_built_from(folder, build_id)


def test_archive_is_kept_and_restored_as_such(folder):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("inner/second.csv", HEADER + action("2", promise="Packed"))
    (folder.inbox / "all.zip").write_bytes(packed.getvalue())
    first = publish_campaign(folder)["build_id"]
    assert published_titles(folder) == {"First", "Packed"}
    (folder.inbox / "all.zip").unlink()
    publish_campaign(folder)
    assert holding.restore(folder, first).put_back == ["all.zip"]
    assert inbox(folder)["all.zip"] == packed.getvalue()
    assert published(folder)["build_id"] == first
