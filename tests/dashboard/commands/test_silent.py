"""`python -m dashboard silent`: the list, the fewest answers, letters to files and to the outbox."""

import json
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from dashboard.__main__ import app
from dashboard.mail.asked import LetterLedger
from dashboard.measures.silent import find_gap, list_silent
from dashboard.snapshot.selection import Selection
from tests.contacts import write_contacts
from tests.snapshots import copy_published


@pytest.fixture
def campaign(campaign_folder, tmp_path) -> Path:
    copy = copy_published(campaign_folder, tmp_path / "campaign")
    write_contacts(copy, {"FIX-008": "contact008@example.org", "FIX-014": "contact014@example.org"})
    return copy


def silent(campaign: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["silent", words[0], "--campaign", str(campaign), *words[1:]])


def read(result: Result) -> list[dict]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_the_list_and_the_fewest_answers_are_those_of_the_measures(campaign, snapshot):
    *rows, report = read(silent(campaign, "list", "--filter", "region=africa", "--json"))
    expected = list_silent(snapshot, Selection(regions=("africa",)))["action_id"].tolist()
    assert [row["action_id"] for row in rows] == expected
    assert (report["ok"], report["actions"]) == (True, len(expected))
    *answers, report = read(silent(campaign, "fewest", "--by", "region", "--points", "5", "--json"))
    gap = find_gap(snapshot, Selection(), ("region",), list_silent(snapshot, Selection(), "unknown"))
    assert len(answers) == report["answers"] == len(gap.propose(5).answers)
    assert report["method"] == "exact"
    assert "total" in answers[0]["counts_for"]
    assert "answers are enough" in silent(campaign, "fewest").stdout


def test_letters_go_out_once_and_not_at_all_where_they_cannot_be_written(campaign, tmp_path):
    notes = LetterLedger(campaign / "private", is_sample=True)
    refused = silent(campaign, "letters", "--everybody", "--to", str(tmp_path / "no such folder" / "letters.zip"))
    assert refused.exit_code == 1
    assert "cannot be written" in refused.stderr
    assert notes.times() == {}
    to = tmp_path / "letters.zip"
    (report,) = read(silent(campaign, "letters", "--everybody", "--to", str(to), "--json"))
    with zipfile.ZipFile(to) as archive:
        assert len(archive.namelist()) == report["letters"] == len(notes.times())
    (again,) = read(silent(campaign, "letters", "--everybody", "--send", "--json"))
    assert (again["letters"], again["left_out"]) == (0, 2)  # the others have no address
    (later,) = read(silent(campaign, "letters", "--everybody", "--send", "--on", "2030-01-01", "--json"))
    assert later["counts"] == {"written": 2}
    assert "@" not in silent(campaign, "list").output


def test_what_cannot_be_is_refused_in_a_sentence(campaign):
    for words in ("letters", "letters --to x.pdf", "fewest --by nothing", "list --filter region=atlantis"):
        result = silent(campaign, *words.split())
        assert (result.exit_code, "Allowed: " in result.stderr) == (2, True), words
