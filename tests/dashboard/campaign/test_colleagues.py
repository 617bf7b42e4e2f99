"""Colleagues at work, by the files in the private store."""

import os
import time
from dataclasses import replace

from dashboard.campaign import colleagues, uploads
from dashboard.campaign.colleagues import SEEN_SECONDS, Colleague

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
