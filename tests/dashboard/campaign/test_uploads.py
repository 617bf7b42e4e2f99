"""A campaign's private folder: uploads, their drafts and builds, colleagues at work, names of handles, SQLite files."""

import json
import os
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from threading import Barrier

import pandas as pd
import pytest

from dashboard.campaign import builds, colleagues, uploads
from dashboard.campaign.colleagues import SEEN_SECONDS, Colleague
from dashboard.campaign.file_names import FileNames
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.uploads import KINDS, MOST_FILES, UploadError, check_names, name_safely
from dashboard.ground.files.private_store import Store
from etl.readers.files import EXTENSIONS
from tests.app.uploads import list_file, write_history


class File(BytesIO):
    """A file as the browser hands it over."""

    def __init__(self, name: str, content: bytes = b"Ref;Maker\n1;Imaginary office\n") -> None:
        super().__init__(content)
        self.name = name


def test_every_kind_that_is_read_is_taken_but_no_two_files_of_one_name_nor_too_many() -> None:
    assert {f".{kind}" for kind in KINDS} == set(EXTENSIONS)
    for names in (("a.csv", "a.csv"), ("a.csv", "A.CSV"), ("one/a.csv", "two/a.csv")):
        with pytest.raises(UploadError, match=r"Two of these files are called “\w\.\w+”"):
            check_names(names)
    check_names([f"{n}.csv" for n in range(MOST_FILES)])
    with pytest.raises(UploadError, match="too many"):
        check_names([f"{n}.csv" for n in range(MOST_FILES + 1)])


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("actions.csv", "actions.csv"),
        ("Déclarations d'action (2021).xlsx", "Déclarations d'action (2021).xlsx"),
        ("../../etc/passwd.csv", "passwd.csv"),
        ("C:\\Users\\me\\actions.csv", "actions.csv"),
        ("/inbox/actions.csv", "actions.csv"),
        ("..", "file"),
        ("", "file"),
        (".hidden.csv", "hidden.csv"),
        ("~$actions.xlsx", "actions.xlsx"),
        ("two\nlines\x00.csv", "twolines.csv"),
        ("right\u202eto\u200bleft.csv", "righttoleft.csv"),
        ("what? <now>: \"a|b\"*.csv", "what_ _now__ _a_b__.csv"),
        ("  spaced   out .csv", "spaced out.csv"),
        ("con.csv", "_con.csv"),
        ("e\u0301.csv", "é.csv"),
        ("trailing.csv. .", "trailing.csv"),
    ],
)  # fmt: skip
def test_names_are_made_safe(given: str, kept: str) -> None:
    assert name_safely(given) == kept
    assert name_safely(kept) == kept


@pytest.mark.parametrize("name", ["é" * 400 + ".xlsx", "a" * 400, "a." + "b" * 400])
def test_long_names_keep_their_ending_where_there_is_one(name: str) -> None:
    kept = name_safely(name)
    assert len(kept.encode()) <= 200
    assert kept.endswith(".xlsx") == name.endswith(".xlsx")


def test_a_drop_is_kept_whole_for_its_owner_only_and_a_link_in_the_way_is_not_followed(tmp_path: Path) -> None:
    draft = uploads.new_draft(tmp_path)
    kept, outside = draft / "uploads", tmp_path / "outside.csv"
    with pytest.raises(UploadError):
        uploads.store(draft, [File("a.csv"), File("a.csv")])
    assert list(kept.iterdir()) == []
    (kept / "c.csv").symlink_to(outside)
    with pytest.raises(UploadError, match="could not be saved"):
        uploads.store(draft, [File("c.csv")])
    assert not outside.exists()
    (kept / "c.csv").unlink()
    assert uploads.store(draft, [File("a.csv", b"one"), File("../b.csv", b"two")]) == ["a.csv", "b.csv"]
    assert {path.name: path.read_bytes() for path in kept.iterdir()} == {"a.csv": b"one", "b.csv": b"two"}
    assert draft.parent == tmp_path / "private" / "drafts"
    for folder in (tmp_path / "private", draft.parent, draft, kept):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in kept.iterdir())
    names = {uploads.new_draft(tmp_path).name for _ in range(20)}
    assert len(names) == 20 and {len(name) for name in names} == {32}, "nobody guesses them"


def test_a_draft_is_removed_and_nothing_else(tmp_path: Path) -> None:
    draft = uploads.new_draft(tmp_path)
    uploads.store(draft, [File("a.csv")])
    for other in (tmp_path, tmp_path / "private", draft.parent, draft / "uploads"):
        uploads.discard(other)
        assert (draft / "uploads" / "a.csv").is_file()
    uploads.discard(draft)
    assert not draft.exists()
    uploads.discard(draft)


def test_the_note_of_a_draft_is_read_and_a_damaged_one_refused_in_words(tmp_path: Path) -> None:
    note = """{"build_id": "b2", "base_build_id": null, "made_at": "2021-12-01T10:00:00+00:00", "is_sample": false,
        "files": [{"name": "a.csv", "state": "added"}], "more": "than is asked for",
        "refused": [{"name": "b.csv", "said": {"what": "It is empty.", "remedy": "Export it again."}}]}"""
    (tmp_path / "draft.json").write_text(note, encoding="utf-8")
    read = uploads.read_draft(tmp_path)
    assert (read.build_id, read.base_build_id) == ("b2", None)
    assert read.files == (uploads.FileState("a.csv", "added"),)
    assert read.refused == (uploads.Refusal("b.csv", "It is empty.", "Export it again."),)
    for text in ("", "{", "[]", '{"build_id": "b"}'):
        (tmp_path / "draft.json").write_text(text, encoding="utf-8")
        with pytest.raises(uploads.DraftError, match="no longer exists"):
            uploads.read_draft(tmp_path)


def test_recipes_have_their_titles(tmp_path: Path) -> None:
    (tmp_path / "recipes").mkdir()
    for name, text in (("own", 'id = "own"\ntitle = "An imaginary office"'), ("broken", "id = ")):
        (tmp_path / "recipes" / f"{name}.toml").write_text(text, encoding="utf-8")
    titles = uploads.read_recipe_titles(CampaignFolder(tmp_path))
    assert titles["own"] == "An imaginary office"
    assert len(titles) > 1  # the shipped ones too


def publish_builds(campaign: Path, current: str, **files: list[str]) -> None:
    """Have the campaign's builds be these, the newest first, each by its id with the names of its files."""
    (campaign / "published").mkdir(parents=True, exist_ok=True)
    counted = {"rows_read": 4, "rows_accepted": 2}
    figures = {"actions": 7, "reported": 5, "completed": 3, "reports": 9, "reports_without_action": 1}
    told = {"figures": figures, "is_current": True}
    listed = {one: [list_file(name) | counted for name in names] for one, names in files.items()}
    write_history(campaign, **{build_id: told | {"files": of_build} for build_id, of_build in listed.items()})
    (campaign / "published" / "current.json").write_text(json.dumps({"build_id": current}), encoding="utf-8")


def test_builds_are_listed_with_the_files_of_the_inbox_that_can_be_taken_out(tmp_path: Path) -> None:
    assert builds.read_builds(tmp_path) == []
    publish_builds(tmp_path, "b1", b2=["a.csv", "b.csv"], b1=["a.csv"])
    newest, oldest = builds.read_builds(tmp_path)
    assert (newest.build_id, newest.is_current) == ("b2", False), "the pointer says which is shown"
    assert (oldest.build_id, oldest.is_current) == ("b1", True)
    counted = {"actions": 7, "reported": 5, "completed": 3, "reports": 9, "reports_without_action": 1, "rejected": 0}
    assert newest.figures == counted
    assert newest.files[1] == builds.BuildFile("b.csv", "r", 4, 2, 1, 1, "0")
    (tmp_path / "published" / "history.json").write_text('[{"build_id": "b1"}]', encoding="utf-8")
    assert builds.read_builds(tmp_path) == []
    inbox = tmp_path / "inbox" / "office"
    inbox.mkdir(parents=True)
    (inbox / "a.csv").touch()
    (inbox.parent / "pack.zip").touch()
    publish_builds(tmp_path, "b1", b1=["office/a.csv", "pack.zip/x/b.csv", "pack.zip/c.csv", "gone.csv"])
    (build,) = builds.read_builds(tmp_path)
    assert builds.list_inbox_files(tmp_path, build) == ["office/a.csv", "pack.zip"]


ONE = Colleague("1" * 32, "Sample Person 001", "one@example.org", "decide")
OTHER = Colleague("2" * 32, "Sample Person 002", "two@example.org", "decide")


def test_others_in_the_same_section_are_seen_for_a_while(tmp_path):
    colleagues.note(tmp_path, ONE)
    colleagues.note(tmp_path, OTHER)
    (seen,) = colleagues.list_at_work(tmp_path, "decide", ONE.session)
    assert (seen.name, seen.what, bool(seen.since)) == ("Sample Person 002", "decide", True)
    assert colleagues.list_at_work(tmp_path, "classify", ONE.session) == []
    path = tmp_path / "private" / "at_work" / f"{OTHER.session}.json"
    assert path.stat().st_mode & 0o777 == 0o600
    os.utime(path, (time.time() - SEEN_SECONDS - 1,) * 2)
    assert colleagues.list_at_work(tmp_path, "decide", ONE.session) == []
    os.utime(path, (time.time() - 4000,) * 2)
    colleagues.list_at_work(tmp_path, "decide", ONE.session)
    assert not path.exists()


def test_previews_of_others_are_listed_with_their_files(tmp_path):
    mine, theirs = uploads.new_draft(tmp_path), uploads.new_draft(tmp_path)
    (theirs / "uploads" / "a.csv").write_text("x")
    colleagues.own_draft(mine, ONE)
    colleagues.own_draft(theirs, OTHER)
    (found,) = colleagues.list_drafts(tmp_path, ONE.session)
    assert (found.draft_id, found.owner.name, found.files) == (theirs.name, "Sample Person 002", ("a.csv",))


def test_a_preview_with_answers_is_left_where_its_page_was_loaded_anew(tmp_path):
    theirs, tab = uploads.new_draft(tmp_path), colleagues.hash_tab("tab-1")
    (theirs / uploads.GIVEN).write_text("{}")
    colleagues.own_draft(theirs, replace(OTHER, tab=tab, server="a"))
    (draft,) = colleagues.list_drafts(tmp_path, ONE.session)
    here, elsewhere = replace(ONE, server="a"), replace(ONE, server="b")
    assert colleagues.is_left(tmp_path, draft, here, [colleagues.hash_tab("tab-2")])
    assert not colleagues.is_left(tmp_path, draft, here, [tab]), "its page is open"
    assert not colleagues.is_left(tmp_path, draft, here, None)
    assert not colleagues.is_left(tmp_path, draft, elsewhere, []), "it may be open at the other server"


def test_a_person_is_erased_and_a_folder_that_cannot_be_written_stops_nobody(tmp_path):
    colleagues.note(tmp_path, ONE)
    colleagues.note(tmp_path, OTHER)
    places = [f"private/at_work/{ONE.session}.json"]
    assert colleagues.erase(tmp_path, "one@example.org", dry_run=True) == places
    assert colleagues.erase(tmp_path, "one@example.org") == places
    assert colleagues.erase(tmp_path, "one@example.org") == []
    (tmp_path / "file").write_text("no folder")
    colleagues.note(tmp_path / "file", ONE)
    assert colleagues.list_at_work(tmp_path / "file", "decide", OTHER.session) == []


NAMES = FileNames(
    [
        ("f1", "s1", "Register.xlsx", "January"),
        ("f1", "s2", "Register.xlsx", "Older"),
        ("f2", None, "a.csv", None),
        ("f3", None, "pack.zip/b.csv", None),
        ("f4", None, "pack.zip/c.csv", None),
    ],
    [("h1", "Sent by")],
)


def test_rows_and_frames_say_the_names_of_files_sheets_and_columns_and_a_file_is_found_by_its_name():
    row = {"source_file": "f1", "sheet": "s1", "other_sheet": "s2", "header": "h1", "proposed": None}
    named = {"source_file": "Register.xlsx", "sheet": "January", "other_sheet": "Older", "header": "Sent by"}
    assert NAMES.rename(row) == {**named, "proposed": None}
    assert NAMES.show(pd.DataFrame([row])).drop(columns="proposed").to_dict("records") == [named]
    assert NAMES.rename({"source_file": "f2", "sheet": None, "first_file": "f1"}) == {
        "source_file": "a.csv", "sheet": None, "first_file": "Register.xlsx",
    }  # fmt: skip
    assert NAMES.rename({"sheet": "s1"}) == {"sheet": "s1"}, "a sheet is one of a file"
    assert [NAMES.handles_in(name) for name in ("a.csv", "pack.zip", "f9")] == [["f2"], ["f3", "f4"], ["f9"]]


AT_ONCE, TRIES = 12, 40


def test_many_may_be_the_first_to_write(tmp_path: Path) -> None:
    """Without trying again about one of eight times fails for some of them."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for number in range(TRIES):
            together = Barrier(AT_ONCE)
            assert list(pool.map(_write, [tmp_path / str(number)] * AT_ONCE, [together] * AT_ONCE)) == [1] * AT_ONCE


def _write(folder: Path, together: Barrier) -> int:
    together.wait()
    with Store(folder, "mail").transaction() as connection:
        return int(connection.execute("select 1").fetchone()[0])
