"""Drafts: what uploaded files would give, shown before it is published, and published as it was shown."""

import json
import os
import shutil
import time

import duckdb
import pytest

from dashboard.errors import UserError, pack
from etl.publish import drafts, holding
from etl.recipes.settlements import Settlement
from etl.retention.expired import remove_old_drafts
from tests.etl.campaigns import copy_campaign, make_campaign, publish_campaign
from tests.etl.program import history_file, inbox, last_json, published, published_titles, run_etl, titles
from tests.etl.registers import HEADER, MERGED_RECIPE, action, write_register


def say_nothing(_what, _done, _total):
    """Take progress and keep quiet."""


@pytest.fixture(scope="module")
def published_once(tmp_path_factory):
    """A published campaign of one action; tests take a copy."""
    folder = make_campaign(tmp_path_factory.mktemp("drafts"), {"first.csv": HEADER + action("1", promise="First")})
    publish_campaign(folder)
    return folder


@pytest.fixture
def folder(published_once, tmp_path):
    """The published campaign."""
    return copy_campaign(published_once, tmp_path / "c")


@pytest.fixture
def place(folder):
    """A draft's folder with an empty folder of uploads in it."""
    place = folder.private / "drafts" / "0123"
    (place / "uploads").mkdir(parents=True)
    return place


@pytest.fixture(scope="module")
def drafted_once(published_once, tmp_path_factory):
    """The published campaign with a draft of a second file, which names a person; tests take a copy."""
    folder = copy_campaign(published_once, tmp_path_factory.mktemp("drafted") / "c")
    place = folder.private / "drafts" / "0123"
    (place / "uploads").mkdir(parents=True)
    upload(place, second=HEADER + action("2", promise="Second", Email="one@example.org"))
    make(folder, place)
    return folder


@pytest.fixture
def drafted(drafted_once, tmp_path):
    """The campaign with a draft, and the draft's folder."""
    folder = copy_campaign(drafted_once, tmp_path / "c")
    place = folder.private / "drafts" / "0123"
    note = json.loads((place / "draft.json").read_text()) | {"uploads": str(place / "uploads")}  # where the copy lies
    (place / "draft.json").write_text(json.dumps(note))
    return folder, place


def test_a_draft_of_an_older_build_overwrites_nothing_unseen(folder, tmp_path):
    places = [folder.private / "drafts" / name for name in ("0123", "4567")]
    for number, place in enumerate(places):  # two bring a file of the same name
        (place / "uploads").mkdir(parents=True)
        upload(place, first=HEADER + action("1", promise=f"Of colleague {number}"))
        drafts.make_draft(folder, place / "uploads", place, say_nothing)
    holding.publish_draft(folder, places[0])
    with pytest.raises(drafts.DraftError, match="Another build was published since"):
        holding.publish_draft(folder, places[1])
    assert published_titles(folder) == {"Of colleague 0"}
    drafts.make_draft(folder, places[1] / "uploads", places[1], say_nothing)  # nothing of theirs was lost
    holding.publish_draft(folder, places[1])
    assert published_titles(folder) == {"Of colleague 1"}


def test_of_many_files_that_no_recipe_knows_the_first_are_told_and_the_others_counted(folder, place):
    upload(place, **{f"strange_{number:02}": "colour\nred\n" for number in range(13)})
    with pytest.raises(UserError, match="strange_09.*Further files that cannot be used: 3") as refused:
        make(folder, place)
    assert "strange_10" not in refused.value.what and pack(refused.value.what)["of"].startswith("{said_0} {said_1}")


def upload(place, **files):
    for name, text in files.items():
        (place / "uploads" / f"{name}.csv").write_text(text)


def make(folder, place):
    return drafts.make_draft(folder, place / "uploads", place, say_nothing)


def test_draft_shows_what_publishing_gives_and_publishes_it(folder, place):
    before = published(folder), inbox(folder)
    upload(
        place,
        first=HEADER + action("1", promise="Replaced"),
        second=HEADER + action("2", promise="Second"),
        strange="colour\nred\n",
    )
    done = run_etl("draft", "--campaign", folder.root, "--uploads", place / "uploads", "--to", place, "--json")
    assert done.returncode == 0, done.stderr
    assert last_json(done)["ok"] is True
    progress = [json.loads(line) for line in done.stdout.splitlines()[:-1]]
    assert all({"what", "done", "total"} <= line.keys() for line in progress)
    note = json.loads((place / "draft.json").read_text())
    assert note["files"] == [{"name": "first.csv", "state": "replaces"}, {"name": "second.csv", "state": "added"}]
    assert note["base_build_id"] == before[0]["build_id"]
    assert [refused["name"] for refused in note["refused"]] == ["strange.csv"]
    assert "No recipe recognises strange.csv" in note["refused"][0]["what"]
    assert titles(place / "snapshot.duckdb") == {"Replaced", "Second"}
    assert (published(folder), inbox(folder)) == before

    done = run_etl("publish-draft", place, "--campaign", folder.root, "--json")
    assert done.returncode == 0, done.stderr
    assert published(folder)["build_id"] == note["build_id"]
    assert published_titles(folder) == {"Replaced", "Second"}
    assert set(inbox(folder)) == {"first.csv", "second.csv"}
    assert history_file(folder)[0]["how"] == "upload"
    assert not place.exists()
    assert publish_campaign(folder)["build_id"] == note["build_id"]
    assert history_file(folder)[0]["how"] == "upload"


@pytest.mark.skipif(os.name == "nt", reason="owner-only permissions are POSIX modes")
def test_draft_is_for_its_owner_only(drafted):
    _, place = drafted
    assert (place.stat().st_mode & 0o777, place.parent.stat().st_mode & 0o777) == (0o700, 0o700)
    for name in ("snapshot.duckdb", "contacts.duckdb", "draft.json"):
        assert (place / name).stat().st_mode & 0o777 == 0o600, name


def test_unchanged_upload_is_called_so(folder, place):
    upload(place, first=(folder.inbox / "first.csv").read_text())
    draft = make(folder, place)
    assert draft.files == [{"name": "first.csv", "state": "unchanged"}]
    assert draft.build_id == published(folder)["build_id"]
    assert holding.publish_draft(folder, place) == draft.build_id
    assert published_titles(folder) == {"First"}


def test_refused_upload_leaves_the_file_it_would_have_replaced(folder, place):
    upload(place, first="colour\nred\n", second=HEADER + action("2", promise="Second"))
    draft = make(folder, place)
    assert [refused["name"] for refused in draft.refused] == ["first.csv"]
    assert titles(place / "snapshot.duckdb") == {"First", "Second"}
    holding.publish_draft(folder, place)
    assert set(inbox(folder)) == {"first.csv", "second.csv"}
    assert published_titles(folder) == {"First", "Second"}


def test_no_usable_upload_is_refused(folder, place):
    upload(place, strange="colour\nred\n")
    with pytest.raises(UserError, match=r"No recipe recognises strange\.csv"):
        make(folder, place)
    upload(place, other="taste\nsweet\n")
    with pytest.raises(UserError, match="None of the files can be used"):
        make(folder, place)
    shutil.rmtree(place / "uploads")
    with pytest.raises(UserError, match="no file"):
        make(folder, place)
    assert not (place / "draft.json").exists()


def test_bad_file_in_the_inbox_refuses_the_draft(folder, place):
    (folder.inbox / "strange.csv").write_text("colour\nred\n")
    upload(place, second=HEADER + action("2", promise="Second"))
    with pytest.raises(UserError, match=r"No recipe recognises strange\.csv"):
        make(folder, place)


@pytest.mark.parametrize("what", ["inbox", "uploads", "decisions", "recipe"])
def test_change_since_the_preview_refuses_publishing(drafted, what):
    folder, place = drafted
    if what == "inbox":
        (folder.inbox / "third.csv").write_text(HEADER + action("3"))
    elif what == "uploads":
        upload(place, second=HEADER + action("2", promise="Other"))
    elif what == "decisions":
        (folder.root / "decisions.csv").write_text("decision,subject,this,that,note,decided_on\n")
    else:
        recipe = folder.root / "recipes" / "office_actions.toml"
        recipe.write_text(recipe.read_text() + "\n")
    before = published(folder), inbox(folder)
    done = run_etl("publish-draft", place, "--campaign", folder.root, "--json")
    assert done.returncode == 1
    assert "changed since the preview" in done.stderr
    assert (published(folder), inbox(folder)) == before
    assert (place / "draft.json").exists()


def test_publishing_stopped_amid_the_uploads_can_be_done_again(folder, place):
    upload(place, second=HEADER + action("2", promise="Second"), third=HEADER + action("3", promise="Third"))
    draft = make(folder, place)
    (place / "uploads" / "second.csv").rename(folder.inbox / "second.csv")
    (place / "snapshot.duckdb").rename(folder.published / f"snapshot-{draft.build_id}.duckdb")
    holding.publish_draft(folder, place)
    assert published_titles(folder) == {"First", "Second", "Third"}


def test_first_upload_replaces_the_samples(tmp_path):
    folder = make_campaign(tmp_path / "c", {"sample.csv": HEADER + action("9", promise="Sample")})
    folder.inbox.rename(folder.samples)
    publish_campaign(folder)
    place = folder.private / "drafts" / "1"
    (place / "uploads").mkdir(parents=True)
    upload(place, real=HEADER + action("1", promise="Real"))
    draft = make(folder, place)
    assert draft.is_sample is False
    assert titles(place / "snapshot.duckdb") == {"Real"}
    holding.publish_draft(folder, place)
    assert published_titles(folder) == {"Real"}
    assert published(folder)["is_sample"] is False
    assert list(inbox(folder)) == ["real.csv"]


def test_replaced_file_that_was_never_built_is_set_aside(folder, place):
    (folder.inbox / "first.csv").write_text(HEADER + action("1", promise="Never built"))
    upload(place, first=HEADER + action("1", promise="Uploaded"))
    make(folder, place)
    holding.publish_draft(folder, place)
    (kept,) = (folder.private / "set_aside").glob("*/first.csv")
    assert "Never built" in kept.read_text()


def test_discarding_removes_the_draft_and_nothing_else(drafted, tmp_path):
    folder, place = drafted
    done = run_etl("discard-draft", place, "--campaign", folder.root, "--json")
    assert (done.returncode, last_json(done)) == (0, {"ok": True})
    assert not place.exists()
    for other in (folder.inbox, folder.root, tmp_path):
        with pytest.raises(drafts.DraftError):
            drafts.discard_draft(folder, other)
    with pytest.raises(drafts.DraftError, match="no longer there"):
        holding.publish_draft(folder, place)
    assert inbox(folder)


def test_killed_drafts_go_after_a_day_and_finished_ones_after_a_week(drafted):
    folder, place = drafted
    killed = place.parent / "killed"
    fresh = place.parent / "fresh"
    for other in (killed, fresh):
        (other / "uploads").mkdir(parents=True)
    two_days_ago = time.time() - 2 * 86_400
    for old in (place, killed):
        os.utime(old, (two_days_ago, two_days_ago))
    remove_old_drafts(folder)
    assert (place.exists(), killed.exists(), fresh.exists()) == (True, False, True)
    eight_days_ago = time.time() - 8 * 86_400
    os.utime(place, (eight_days_ago, eight_days_ago))
    remove_old_drafts(folder)
    assert not place.exists()


def test_answers_about_columns_are_tried_in_a_draft_and_kept_when_it_is_published(folder, place):
    lines = HEADER.strip() + ",State of play\n" + action("2", promise="Second").strip() + ",Completed\n"
    upload(place, second=lines)
    make(folder, place)
    with pytest.raises(UserError, match="State of play"):
        holding.publish_draft(folder, place)
    answers = place / "answers.csv"
    answers.write_text("recipe,header,is\noffice_actions,State of play,status\n")
    words = ("draft", "--uploads", place / "uploads", "--to", place, "--answers", answers)
    assert run_etl(*words, "--campaign", folder.root).returncode == 0
    assert not folder.columns_file.exists()
    with duckdb.connect(place / "snapshot.duckdb", read_only=True) as connection:
        assert connection.execute("select status from progress_reports").fetchall() == [("completed",)]
    holding.publish_draft(folder, place)
    assert "office_actions,State of play,status" in folder.columns_file.read_text()
    publish_campaign(folder)  # asks nothing


def test_which_sheet_counts_is_tried_in_a_draft_and_kept_when_it_is_published(tmp_path):
    folder = make_campaign(tmp_path / "c", {}, {"merged_register": MERGED_RECIPE})
    place = folder.private / "drafts" / "0123"
    (place / "uploads").mkdir(parents=True)
    write_register(place / "uploads" / "r.xlsx", {"2021": "Completed", "2020": "In progress"})
    make(folder, place)
    with pytest.raises(UserError, match="“2021” and “2020” hold the same actions"):
        holding.publish_draft(folder, place)
    answers = place / "sheet_answers.csv"
    answers.write_text("file,sheet,is\nr.xlsx,2020,nothing\n")
    words = ("draft", "--uploads", place / "uploads", "--to", place, "--sheets", answers)
    assert run_etl(*words, "--campaign", folder.root).returncode == 0
    assert not folder.sheets_file.exists()
    with duckdb.connect(place / "snapshot.duckdb", read_only=True) as connection:
        assert connection.execute("select distinct status from progress_reports").fetchall() == [("completed",)]
    holding.publish_draft(folder, place)
    assert "r.xlsx,2020,nothing" in folder.sheets_file.read_text()
    publish_campaign(folder)  # asks nothing
    back = run_etl("sheet", "--list", "-", "--campaign", folder.root, stdin="file,sheet,is\nR.xlsx,2020,\n")
    assert "1 taken back" in back.stdout
    with pytest.raises(UserError, match="hold the same actions"):
        publish_campaign(folder)


def test_answers_are_not_kept_over_what_somebody_else_said_since(folder, place):
    upload(place, second=HEADER.strip() + ",Mood\n" + action("2").strip() + ",fair\n")
    said = drafts.Answers(columns=[Settlement(0, "office_actions", "Mood", "nothing")])
    drafts.make_draft(folder, place / "uploads", place, say_nothing, answers=said)
    folder.columns_file.write_text("recipe,header,is\noffice_actions,Mood,staff\n")
    with pytest.raises(UserError, match="changed since the preview"):
        holding.publish_draft(folder, place)
    assert "staff" in folder.columns_file.read_text()


def test_a_draft_without_uploads_is_the_inbox_as_it_is(folder, place):
    (folder.inbox / "second.csv").write_text(HEADER + action("2", promise="Second"))
    draft = drafts.make_draft(folder, place / "uploads", place, say_nothing, inbox_alone=True)
    assert draft.files == []
    holding.publish_draft(folder, place)
    assert published_titles(folder) == {"First", "Second"}
