"""`python -m etl`: exit codes, refusals that leave the published snapshot alone, dry runs."""

import os

import pytest

from tests.etl.campaigns import copy_campaign, make_campaign, publish_campaign
from tests.etl.program import published, run_etl
from tests.etl.registers import HEADER, REPORT_HEADER, action


def read_files(folder):
    """Every file of a folder with its content."""
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.name != ".lock"}


@pytest.fixture(scope="module")
def published_once(tmp_path_factory):
    """A campaign whose snapshot is published: two actions, one report."""
    exports = {
        "actions.csv": HEADER + action("1") + action("2", promise="Second", Themes="Minning"),
        "reports.csv": REPORT_HEADER + "r1,1,,,2021-07-01,Completed,,,\n",
    }
    campaign = make_campaign(tmp_path_factory.mktemp("commands") / "c", exports)
    publish_campaign(campaign)
    return campaign


@pytest.fixture
def folder(published_once, tmp_path):
    """A copy of that campaign for one test, in a folder with a blank in its name."""
    return copy_campaign(published_once, tmp_path / "a campaign")


BAD_FILES = [
    ("broken.xlsx", b"PK\x03\x04 cut off", "broken.xlsx"),
    ("empty.csv", b"", "empty.csv"),
    ("strange.csv", b"colour,taste\nred,sweet\n", "No recipe recognises strange.csv"),
    (
        "no headers.csv",
        b"Imaginary,one@example.org\nSample,two@example.org\n",
        "Its first line holds data of persons",
    ),
    ("headers only.csv", b"\n\n\n", "headers only.csv"),
    ("notes.docx", b"PK\x03\x04", "notes.docx"),
]


@pytest.mark.parametrize(("name", "content", "words"), BAD_FILES)
def test_bad_file_refuses_the_build_in_one_sentence_and_nothing_changes(folder, name, content, words):
    before = read_files(folder.published)
    (folder.inbox / name).write_bytes(content)
    done = run_etl("build", "--campaign", folder.root)
    assert done.returncode == 1
    assert words in done.stderr
    assert read_files(folder.published) == before


def test_bad_files_can_be_left_out_and_are_named_in_the_account(folder):
    for name, content, _ in BAD_FILES:
        (folder.inbox / name).write_bytes(content)
    refused = run_etl("build", "--campaign", folder.root)
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    skipped = run_etl("build", "--campaign", folder.root, "--skip-bad-files")
    assert skipped.returncode == 0, skipped.stderr
    assert [name for name, *_ in BAD_FILES if f"Left out: {name}." not in skipped.stdout] == []
    assert [word for word in ("actions.csv", "Minning", "mining") if word not in skipped.stdout] == []
    pointer = published(folder)
    assert (folder.published / pointer["snapshot"]).is_file()
    assert set(pointer) >= {"snapshot", "build_id", "built_at", "first_date", "last_date"}


def test_wrong_campaign_or_recipe_and_an_empty_inbox_are_refused(folder, tmp_path):
    assert run_etl("build", "--campaign", tmp_path / "nowhere").returncode == 1
    (folder.root / "recipes" / "office_actions.toml").write_text("id = ")
    done = run_etl("build", "--campaign", folder.root)
    assert done.returncode == 1
    assert "office_actions.toml is not valid TOML" in done.stderr
    assert run_etl("build", "--no-such-option").returncode == 2
    empty = run_etl("build", "--campaign", make_campaign(tmp_path / "empty", {}).root)
    assert (empty.returncode, "inbox" in empty.stderr) == (1, True)


def test_check_says_what_would_change_and_publishes_nothing(folder, tmp_path):
    before = read_files(folder.root)
    tried = tmp_path / "new.csv"
    tried.write_text(HEADER + action("1", promise="Changed title") + action("9", promise="New") + action("", "", ""))
    done = run_etl("check", tried, "--campaign", folder.root)
    assert done.returncode == 0, done.stderr
    assert "1 actions added, 1 changed, 0 removed" in done.stdout
    assert "Nothing was published." in done.stdout
    assert read_files(folder.root) == before
    if os.name != "nt":
        assert (folder.private / "contacts.duckdb").stat().st_mode & 0o777 == 0o600
