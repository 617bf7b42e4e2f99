"""Sources written into campaign.toml and taken out, with everything else as it was."""

import json

import pytest

from dashboard.audit.entries import find_entries
from dashboard.campaign.folder import CampaignFolder
from dashboard.errors import UserError
from dashboard.paths import SHIPPED_CAMPAIGN
from etl.sources import stated
from tests.etl.program import last_json, run_etl

WEB = {"name": "register", "tool": "web", "address": "https://example.org/a.csv"}


def test_a_source_is_added_changed_and_removed_with_comments_kept(tmp_path):
    folder, shipped = CampaignFolder(tmp_path), (SHIPPED_CAMPAIGN / "campaign.toml").read_text("utf-8")
    here = ("--campaign", tmp_path, "--json")
    assert run_etl("source", "add", "--stated", "-", *here, stdin=json.dumps(WEB)).returncode == 0
    assert (tmp_path / "campaign.toml").read_text("utf-8").startswith(shipped)
    run_etl("source", "add", "--stated", json.dumps({**WEB, "every": "2h", "title": "Régistre"}), *here)
    (source,) = folder.load().source
    assert (source.label, source.every.total_seconds()) == ("Régistre", 7200)
    removed = last_json(run_etl("source", "remove", "register", *here))
    assert removed["former"]["title"] == "Régistre" and removed["former"]["every"] == "2h"
    assert (tmp_path / "campaign.toml").read_text("utf-8") == shipped
    assert list(find_entries(tmp_path).entries["event"]) == ["source_removed", "source_added", "source_added"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"name": "A b"}', "Name: string should match"),
        ("[]", "no source"),
        ("{", "no JSON"),
        (json.dumps({**WEB, "address": "https://me:secret@example.org/"}), "holds a secret"),
    ],
)
def test_what_cannot_be_a_source_is_refused_and_nothing_is_written(tmp_path, text, said):
    answer = run_etl("source", "add", "--stated", text, "--campaign", tmp_path)
    assert answer.returncode == 1 and said in answer.stderr and "secret@" not in answer.stderr
    assert not (tmp_path / "campaign.toml").exists()


def test_a_second_source_of_the_same_file_leaves_the_file_as_it_was(tmp_path):
    folder = CampaignFolder(tmp_path)
    stated.add_source(folder, stated.read_source(WEB))
    before = (tmp_path / "campaign.toml").read_bytes()
    with pytest.raises(UserError, match=r"two sources have the file a\.csv"):
        stated.add_source(folder, stated.read_source({**WEB, "name": "other"}))
    assert (tmp_path / "campaign.toml").read_bytes() == before
