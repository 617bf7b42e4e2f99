"""The kept builds: the history, the files on the disk, and the way back to one of them.

Builds with frozen embeds: later builds leave their snapshots, forgetting a person takes them away.
"""

import io
import json
import os
import zipfile

import duckdb
import pytest

from dashboard.campaign import builds
from dashboard.errors import UserError
from dashboard.ground.files.writing import hash_file
from dashboard.measures.counts import headline
from dashboard.settings import Settings
from dashboard.snapshot.database import current
from dashboard.snapshot.selection import Selection
from etl.commands import row
from etl.forget import forget
from etl.publish import history, holding, kept_inputs
from tests.etl.campaigns import make_campaign, publish_campaign, switch_to_copy
from tests.etl.changing import bring, preview
from tests.etl.program import history_file, inbox, last_json, published, published_titles, run_on
from tests.etl.registers import action, register, reports


def list_ids(folder):
    """List the builds of the history, the oldest first."""
    return [entry["build_id"] for entry in reversed(history_file(folder))]


def test_history_tells_files_account_and_the_figures_of_the_pages_on_the_last_day(folder):
    lines = [f"r{i},{i},,,2021-0{i}-01,{'Completed' if i % 2 else 'Ongoing'}" for i in range(1, 8)]
    lines += ["late,9,,,2022-03-01,Completed", "r8,77,,,2021-07-01,Completed", "r9,,,,2021-07-01,x"]
    (folder.inbox / "first.csv").write_text(register(*(action(str(i), promise=f"P{i}") for i in range(1, 10))))
    (folder.inbox / "reports.csv").write_text(reports(*lines))
    build_id = publish_campaign(folder)["build_id"]
    entry = history_file(folder)[0]
    assert (entry["build_id"], entry["how"]) == (build_id, "build")
    assert (entry["is_current"], entry["is_sample"]) == (True, False)
    assert (folder.published / entry["snapshot"]).is_file()
    assert (entry["first_date"], entry["last_date"]) == ("2021-01-01", "2022-03-01")
    (told,) = [file for file in entry["files"] if file["name"].startswith("Progress of one office ")]
    assert told["recipe"] == "office_reports"
    assert told["rows_read"] == told["rows_accepted"] + told["rows_merged"] + told["rows_rejected"] == 10
    figures = entry["figures"]
    assert figures == {
        "actions": 9, "reported": 8, "completed": 5, "reports": 9, "reports_without_action": 1, "rejected": 1,
    }  # fmt: skip
    shown = current(Settings.from_environment({"DASHBOARD_CAMPAIGN": str(folder.root)}))
    counted = headline(shown, Selection())
    assert {name: figures[name] for name in ("actions", "reported", "completed")} == {
        "actions": counted.actions, "reported": counted.reported, "completed": counted.completed
    }  # fmt: skip


def test_newest_comes_first_and_only_it_is_current_and_inputs_are_kept_once_and_for_their_owner_only(twice):
    first, second = list_ids(twice)
    assert [entry["is_current"] for entry in history_file(twice)] == [True, False]
    publish_campaign(twice)
    assert list_ids(twice) == [first, second]
    told = json.loads(run_on(twice, "history", "--json").stdout)
    assert {file["name"] for entry in told for file in entry["files"]} == {"first.csv", "office/second.csv"}
    assert "first.csv" not in str([entry["files"] for entry in history_file(twice)])
    assert "(now)" in run_on(twice, "history").stdout
    kept = sorted((twice.private / "inputs").iterdir())
    assert sum("First" in path.read_text() for path in kept) == 1
    assert [path.name for path in kept] == [hash_file(path) for path in kept]
    if os.name != "nt":
        assert {path.stat().st_mode & 0o777 for path in kept} == {0o600}
        places = [twice.private, *(path for path in twice.private.iterdir() if path.is_dir())]
        assert {place.stat().st_mode & 0o777 for place in places} == {0o700}


def test_as_many_builds_are_kept_as_the_setting_says_and_the_published_one_is_never_removed(twice, monkeypatch):
    second = list_ids(twice)[1]
    (twice.inbox / "first.csv").write_text(register(action("1", promise="Third")))
    for number in (2, 1):
        monkeypatch.setenv("DASHBOARD_BUILDS_KEPT", f"{number}")
        third = publish_campaign(twice)["build_id"]
        assert list_ids(twice) == [second, third][-number:]
        snapshots = {entry["snapshot"] for entry in history_file(twice)}
        assert {path.name for path in twice.published.glob("*.duckdb")} == snapshots
        for kept in ("builds", "contacts"):
            assert {path.stem for path in (twice.private / kept).iterdir()} == set(list_ids(twice))
        text = "".join(path.read_text() for path in (twice.private / "inputs").iterdir())
        assert [text.count(title) for title in ("First", "Second", "Third")] == [number - 1, 1, 1]
    assert published_titles(twice) == {"Second", "Third"}


@pytest.mark.parametrize(
    "content",
    [
        None,
        lambda entries: json.dumps(entries[1:]),
        *(pytest.param(text, marks=pytest.mark.nightly) for text in ("{", '{"a": 1}', '[{"build_id": "x"}]')),
    ],
    ids=["missing", "of a publisher killed after its switch", "cut", "no list", "no build"],
)
def test_history_is_made_anew_from_the_snapshots(twice, content):
    before = history_file(twice)
    path = twice.published / "history.json"
    path.unlink() if content is None else path.write_text(content if isinstance(content, str) else content(before))
    listed = history.read_history(twice)
    for what in ("build_id", "figures", "is_current"):
        assert [entry[what] for entry in listed] == [entry[what] for entry in before]
    publish_campaign(twice)
    assert [entry["build_id"] for entry in history_file(twice)] == [entry["build_id"] for entry in before]


def test_restoring_brings_back_snapshot_and_inbox(twice):
    first, second = list_ids(twice)
    before = inbox(twice)
    assert holding.restore(twice, first).taken_out == ["office/second.csv"]
    assert published(twice)["build_id"] == first
    assert published_titles(twice) == {"First"}
    assert list(inbox(twice)) == ["first.csv"]
    assert history_file(twice)[0]["how"] == "restore"
    assert publish_campaign(twice)["build_id"] == first
    assert history_file(twice)[0]["how"] == "restore"
    assert last_json(run_on(twice, "restore", second, "--json"))["put_back"] == ["office/second.csv"]
    assert inbox(twice) == before
    assert publish_campaign(twice)["build_id"] == second


def test_all_that_belongs_to_a_build_comes_back_and_other_settings_only_say_that_they_differ(folder):
    """A changed export, an archive, the contacts and the decisions."""
    (first,), original = list_ids(folder), inbox(folder)
    contacts = folder.private / "contacts.duckdb"
    recipe = folder.root / "recipes" / "office_actions.toml"
    of_first = contacts.read_bytes()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("inner/second.csv", register(action("2", promise="Packed")))
    (folder.inbox / "all.zip").write_bytes(packed.getvalue())
    (folder.inbox / "first.csv").write_text(register(action("1", promise="Changed", Email="two@example.org")))
    decisions = "decision,subject,this,that,note,decided_on\n"
    folder.decisions_file.write_text(decisions)
    recipe.write_text(recipe.read_text() + "\n# changed\n")
    second, changed, of_second = publish_campaign(folder)["build_id"], inbox(folder), contacts.read_bytes()
    assert published_titles(folder) == {"Changed", "Packed"}
    rows = [row.read_row(folder, "first.csv", 2, build=build) for build in (first, None)]
    assert [row["cells"][2] for row in rows] == ["First", "Changed"]
    assert of_first != of_second

    done = holding.restore(folder, first)
    assert (done.put_back, done.set_aside) == (["first.csv"], [])
    assert sorted(done.taken_out) == ["all.zip", "decisions.csv"]
    assert done.changed_since == ["recipes/office_actions.toml"]
    assert recipe.read_text().endswith("# changed\n")
    assert inbox(folder) == original
    assert contacts.read_bytes() == of_first
    assert not folder.decisions_file.exists()

    folder.decisions_file.write_text(f"{decisions}\n")
    done = holding.restore(folder, second)
    assert sorted(done.put_back) == ["all.zip", "decisions.csv", "first.csv"]
    assert inbox(folder) == changed
    assert contacts.read_bytes() == of_second
    assert folder.decisions_file.read_text() == decisions
    assert published(folder)["build_id"] == second


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (lambda folder, first: (folder.published / f"snapshot-{first}.duckdb").unlink(), "gone or damaged"),
        (lambda folder, first: (folder.published / f"snapshot-{first}.duckdb").write_text("x"), "gone or damaged"),
        (lambda folder, first: (folder.private / "builds" / f"{first}.json").unlink(), "were not kept"),
        (lambda folder, _: [p.write_text("x") for p in (folder.private / "inputs").iterdir()], "no longer kept"),
        (None, "There is no build 0123456789abcdef among those that are kept."),
    ],
    ids=["no snapshot", "damaged", "no list of inputs", "no inputs", "unknown"],
)
def test_what_cannot_be_restored_is_said_in_one_sentence_and_nothing_changes(twice, harm, words):
    first, second = list_ids(twice)
    if harm:
        harm(twice, first)
    before = inbox(twice)
    done = run_on(twice, "restore", first if harm else "0123456789abcdef", "--json", code=1)
    said = last_json(done)
    assert not said["ok"]
    assert words in said["what"]
    assert done.stderr.startswith(said["what"])
    assert (inbox(twice), published(twice)["build_id"]) == (before, second)


@pytest.mark.nightly
def test_samples_are_replaced_by_the_first_upload_not_kept_and_can_be_restored(tmp_path):
    folder = make_campaign(tmp_path / "s", {"sample.csv": register(action("9", promise="Sample"))})
    folder.inbox.rename(folder.samples)
    folder.inbox.mkdir()
    first = publish_campaign(folder)["build_id"]
    assert history_file(folder)[0]["is_sample"] is True
    assert not (folder.private / "inputs").exists()
    assert row.read_row(folder, "sample.csv", 2)["cells"][2] == "Sample"
    place = bring(folder, uploads={"real.csv": register(action("1", promise="Real"))})
    assert preview(folder, place).is_sample is False
    second = holding.publish_draft(folder, place)
    assert published_titles(folder) == {"Real"}
    assert published(folder)["is_sample"] is False
    assert list(inbox(folder)) == ["real.csv"]
    assert holding.restore(folder, first).taken_out == ["real.csv"]
    assert published_titles(folder) == {"Sample"}
    assert holding.restore(folder, second).put_back == ["real.csv"]
    assert published(folder)["build_id"] == second


def test_what_was_published_first_can_be_taken_back_and_restored(folder):
    (first,) = list_ids(folder)
    (folder.inbox / "unread.csv").write_text("never built")
    for option in (["--dry-run"], []):
        done = last_json(run_on(folder, "restore", "nothing", "--json", *option))
        assert (done["taken_out"], done["left_alone"]) == (["first.csv"], ["unread.csv"])
        assert (history.read_pointer(folder) is None) == (not option)
    assert set(inbox(folder)) == {"unread.csv"}
    assert not (folder.private / "contacts.duckdb").exists()
    assert [build.is_current for build in builds.read_builds(folder.root)] == [False]
    run_on(folder, "restore", "nothing", code=1)
    assert holding.restore(folder, first).put_back == ["first.csv"]
    assert published_titles(folder) == {"First"}


@pytest.mark.nightly
def test_a_frozen_build_can_be_restored_and_later_builds_leave_it(folder, monkeypatch):
    monkeypatch.setenv("DASHBOARD_BUILDS_KEPT", "2")
    first = published(folder)["build_id"]
    builds.keep(folder.root, first)
    later = [f"later{number}" for number in range(3)]
    switch_to_copy(folder, "second")
    holding.restore(folder, first)  # as ever, while the history has it
    assert published_titles(folder) == {"First"}
    assert builds.read_kept(folder.root) == {first}
    for build_id in later:
        switch_to_copy(folder, build_id)
    assert first not in {entry["build_id"] for entry in history_file(folder)}
    assert {path.name for path in folder.published.glob("*.duckdb")} == {
        f"snapshot-{build}.duckdb" for build in (first, *later[-2:])
    }
    assert history.is_whole(builds.find_snapshot(folder.root, first), first)
    assert kept_inputs.read_manifest(folder, first) is None  # shown, not restored: its inputs need not stay
    builds.release(folder.root, [first])
    switch_to_copy(folder, "last")
    assert builds.find_snapshot(folder.root, first) is None


def test_forgetting_finds_and_drops_frozen_builds_that_the_history_has_lost(folder, monkeypatch):
    monkeypatch.setenv("DASHBOARD_BUILDS_KEPT", "1")
    first = published(folder)["build_id"]
    builds.keep(folder.root, first)
    switch_to_copy(folder, "second")
    builds.keep(folder.root, "second")
    with duckdb.connect(builds.find_snapshot(folder.root, first)) as connection:
        connection.execute("update actions set title = 'Write to zoe@example.org'")
    with holding.only_build(folder):
        found = forget.forget(folder, "zoe@example.org")
        assert found.builds == [first]
        forget.drop_builds(folder, found.builds)
    assert builds.find_snapshot(folder.root, first) is None
    assert builds.read_kept(folder.root) == {"second"}
    assert builds.find_snapshot(folder.root, "second") is not None


@pytest.mark.nightly
def test_a_damaged_list_stops_no_build_and_removes_no_snapshot(folder, monkeypatch):
    monkeypatch.setenv("DASHBOARD_BUILDS_KEPT", "1")
    first = published(folder)["build_id"]
    (folder.published / builds.LIST).write_text("{")
    switch_to_copy(folder, "second")
    assert history.read_pointer(folder)["build_id"] == "second"
    assert builds.find_snapshot(folder.root, first) is not None
    with pytest.raises(UserError, match="damaged"):
        builds.keep(folder.root, "second")
