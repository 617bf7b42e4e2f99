"""Codelists go into a database once; a change of anything that affects their content makes the build reread them."""

import shutil
from pathlib import Path

import pytest

from dashboard.campaign.codelists import KEYWORDS
from dashboard.campaign.folder import CampaignFolder
from dashboard.errors import CampaignError
from dashboard.ground.codelist_codes import CODELISTS
from dashboard.paths import SHIPPED_CAMPAIGN
from etl.pipeline import workspace
from etl.pipeline.listed_words import ListedWords
from tests.etl.campaigns import ask

OFFERED = ("en", "fr", "es")


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch) -> Path:
    place = tmp_path / "cache"
    monkeypatch.setattr(workspace, "CACHE", place)
    return place


def campaign(place: Path) -> CampaignFolder:
    """Return a campaign with themes and categories of its own."""
    (place / "codelists").mkdir(parents=True)
    for name in ("themes", "categories"):
        shutil.copy(SHIPPED_CAMPAIGN / "codelists" / f"{name}.csv", place / "codelists")
    return CampaignFolder(place)


def add_line(folder: CampaignFolder, name: str, line: str) -> None:
    with (folder.root / "codelists" / f"{name}.csv").open("a", encoding="utf-8") as file:
        file.write(line)


def listed(place: Path, folder: CampaignFolder) -> set[tuple[str, str, str]]:
    """List the words at the start of a new build's work database there."""
    place.mkdir()
    with workspace.open_workspace(place, 0, words=ListedWords(folder, OFFERED)) as connection:
        return set(ask(connection, "select list, folded, code from listed_spellings"))


@pytest.mark.nightly
def test_codelists_are_read_once_until_a_line_changes(tmp_path, cache, monkeypatch):
    folder = campaign(tmp_path / "campaign")
    first = listed(tmp_path / "1", folder)
    assert ("places", "cote d ivoire", "CIV") in first
    with monkeypatch.context() as patch:
        patch.setattr(ListedWords, "load", lambda *_: pytest.fail("read again"))
        assert listed(tmp_path / "2", folder) == first
    add_line(folder, "themes", "night_shifts,Night work,,,Night shifts,99\n")
    assert listed(tmp_path / "3", folder) - first == {
        ("themes", "night shifts", "night_shifts"),
        ("themes", "night work", "night_shifts"),
    }
    monkeypatch.setattr(workspace, "MOST_LISTED", 2)
    known = set(cache.glob("listed-*"))
    add_line(folder, "themes", "day_shifts,Day work,,,,98\n")
    assert ("themes", "day work", "day_shifts") in listed(tmp_path / "4", folder)
    kept = set(cache.glob("listed-*"))  # those that were used last
    assert (len(known), len(kept)) == (2, 2)
    assert len(known & kept) == 1


def test_whatever_decides_what_they_say_is_looked_at(tmp_path):
    folder = campaign(tmp_path)
    known = {ListedWords(folder, OFFERED).hash_sources(), ListedWords(folder, ("en", "pt")).hash_sources()}
    for name in (*CODELISTS, KEYWORDS):
        own = tmp_path / "codelists" / f"{name}.csv"
        shutil.copy(SHIPPED_CAMPAIGN / "codelists" / f"{name}.csv", own)  # other rules read the campaign's codelist
        own.write_bytes(own.read_bytes() + b"\n")
        known.add(ListedWords(folder, OFFERED).hash_sources())
    assert len(known) == 2 + len(CODELISTS) + 1


@pytest.mark.nightly
def test_codelists_that_cannot_be_used_are_told_each_time_and_not_kept(tmp_path, cache):
    folder = campaign(tmp_path / "campaign")
    add_line(folder, "themes", "Night Shifts,,,,,99\n")
    for attempt in ("1", "2"):
        with pytest.raises(CampaignError, match="Night Shifts cannot be a code"):
            listed(tmp_path / attempt, folder)
    assert list(cache.glob("listed-*")) == []
