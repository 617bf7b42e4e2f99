"""The keys of `[[source]]`, and the fate of a note."""

import pytest
from pydantic import ValidationError

from dashboard.campaign import source_notes
from dashboard.campaign.source_notes import FetchNote, FileNote, Outcome, SourceNote
from dashboard.campaign.sources import Source, read_span, write_span

WEB = {"name": "register", "tool": "web", "address": "https://example.org/a.csv"}


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ({"name": "Mid year"}, "pattern"),
        ({"every": "15"}, "15m, 2h or 1d"),
        ({"every": "10s"}, "15m, 2h or 1d"),
        ({"every": "30d"}, "between 1m and 7d"),
        ({"address": "https://me:secret@example.org/a.csv"}, "holds a secret"),
        ({"address": "https://example.org/a.csv?access_token=abc"}, "holds a secret"),
        ({"tool": "bucket", "address": "abfss://container:secret@account.dfs.core.windows.net/a/"}, "holds a secret"),
        ({"address": "file:///srv"}, "begins with https://"),
        ({"address": "https:///a.csv"}, "begins with https://"),
        ({"tool": "kobotoolbox", "form": "no form"}, "names a form"),
        ({"tool": "limesurvey", "form": "12", "file": "a.xlsx"}, "ends in .csv"),
        ({"form": "a"}, "has no form"),
        ({"file": "../a.csv"}, "pattern"),
        ({"token": "abc"}, "Extra inputs"),
    ],
)
def test_what_a_source_may_not_say(stated, said):
    with pytest.raises(ValidationError, match=said) as refused:
        Source.model_validate({**WEB, **stated})
    if "secret" in said:
        assert "abc" not in refused.value.errors()[0]["msg"] and "me:" not in refused.value.errors()[0]["msg"]


@pytest.mark.parametrize(
    ("stated", "name"),
    [
        ({}, "a.csv"),
        ({"address": "https://docs.example.org/spreadsheets/d/e/x/pub?gid=0&output=csv"}, "register.csv"),
        ({"address": "https://docs.example.org/spreadsheets/d/e/x/pub?output=xlsx"}, "register.xlsx"),
        ({"address": "https://example.org/Our%20register%2F1.xlsx"}, "Our register_1.xlsx"),
        ({"file": "mine.csv"}, "mine.csv"),
        ({"tool": "bucket", "address": "abfss://registers@account.dfs.core.windows.net/a/b.csv"}, "b.csv"),
        ({"tool": "odk_central", "form": "7/progress"}, "register.zip"),
    ],
)
def test_the_name_in_the_inbox(stated, name):
    assert Source.model_validate({**WEB, **stated}).inbox_name == name


def test_spans_are_written_as_they_are_read():
    assert [write_span(read_span(text)) for text in ("90m", "120m", "24h", "7d")] == ["90m", "2h", "1d", "7d"]


def test_a_note_is_read_as_it_was_written_and_a_damaged_one_is_none(tmp_path):
    note = SourceNote("asks", "whole", "next", 2, "draft", {"a.csv": FileNote("sha", answers=3, gone=("5",))})
    note = note.after(FetchNote("at", Outcome.NEW, added=2, answers=3, size=5))
    source_notes.write(tmp_path, "a", note)
    assert source_notes.read(tmp_path, "a") == note and note.answers == 3
    assert source_notes.find_path(tmp_path, "a").stat().st_mode & 0o077 == 0
    for number in range(300):
        note = note.after(FetchNote(str(number), Outcome.SAME))
    assert len(note.fetches) == source_notes.KEPT
    source_notes.find_path(tmp_path, "a").write_text("{")
    assert source_notes.read(tmp_path, "a") == SourceNote()
