"""Files of a campaign are damaged: each command names the file in a sentence, with a remedy that works."""

import os

import duckdb
import pytest

from tests.etl.program import published, published_titles, run_on


def refuse(folder, *command):
    """Return a command's refusal of one sentence."""
    refused = run_on(folder, *command, code=1)
    assert refused.stderr.count("\n") == 1, refused.stderr
    return refused.stderr


DECIDE = ("decide", "different", "action", "OFF-1", "OFF-2")
FORGET = ("forget", "person1@example.org")
BUILD = ("build", "--quiet")


def test_a_damaged_snapshot_is_named_and_building_again_helps(twice):
    folder, before, titles = twice, published(twice), published_titles(twice)
    (folder.published / before["snapshot"]).write_bytes(b"")
    said = refuse(folder, *DECIDE)
    assert ".duckdb is damaged" in said and "Build again" in said
    assert run_on(folder, *BUILD).stdout == ""
    assert (published(folder)["build_id"], published_titles(folder)) == (before["build_id"], titles)
    run_on(folder, *DECIDE)


@pytest.mark.nightly
def test_damaged_decisions_are_named_and_without_them_it_builds(folder):
    folder.decisions_file.write_bytes(b"")
    said = refuse(folder, *BUILD)
    assert "decisions.csv is empty, without even its first row" in said and "Restore it from a backup" in said
    folder.decisions_file.unlink()
    run_on(folder, *BUILD)


def test_damaged_mails_are_named_and_a_damaged_store_of_contacts_does_not_keep_a_person(folder):
    mails = folder.private / "mail.sqlite"
    mails.write_bytes(b"SQLite format 3\0" + bytes(range(250)) * 20)
    said = refuse(folder, *FORGET)
    assert "private/mail.sqlite is damaged" in said and "Restore the folder private/ from a backup" in said
    mails.unlink()
    for path in {folder.private / "contacts.duckdb", *(folder.private / "contacts").glob("*")}:
        os.truncate(path, path.stat().st_size // 2)
    assert "private/contacts.duckdb" in run_on(folder, *FORGET).stdout
    with duckdb.connect(str(folder.private / "contacts.duckdb"), read_only=True) as connection:
        assert "contacts" in str(connection.execute("select table_name from duckdb_tables()").fetchall())
