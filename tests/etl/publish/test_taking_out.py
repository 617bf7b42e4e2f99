"""Taking one file out of the inbox through a preview, and the rehearsal of going back to a build."""

from pathlib import Path

import pytest

from dashboard.campaign.folder import CampaignFolder
from etl.publish import drafts, holding
from etl.publish.history import read_history
from tests.etl.campaigns import copy_campaign, make_campaign, publish_campaign

HEADER = "Ref;Maker;Promise;Sent;Due;Category;Themes;Where;Status\n"
FIRST = HEADER + "1;Imaginary office;A promise;2021-03-01;2021-12-30;;;France;\n"
SECOND = HEADER + "2;Fictional union;Another promise;2021-04-01;2021-12-30;;;Kenya;\n"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> CampaignFolder:
    campaign = make_campaign(tmp_path_factory.mktemp("out") / "campaign", {"first.csv": FIRST, "second.csv": SECOND})
    publish_campaign(campaign)
    return campaign


@pytest.fixture
def folder(published: CampaignFolder, tmp_path: Path) -> CampaignFolder:
    return copy_campaign(published, tmp_path / "campaign")


def make_draft(folder: CampaignFolder, *without: str) -> Path:
    place = folder.private / "drafts" / "one"
    (place / "uploads").mkdir(parents=True)
    drafts.make_draft(folder, place / "uploads", place, lambda *_progress: None, without=without)
    return place


def content(folder: CampaignFolder) -> dict[str, bytes]:
    return {
        path.relative_to(folder.root).as_posix(): path.read_bytes()
        for path in sorted(folder.root.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


def test_a_file_is_taken_out_when_the_preview_is_published_and_can_come_back(folder: CampaignFolder) -> None:
    before = read_history(folder)[0]
    place = make_draft(folder, "second.csv")
    assert drafts.read_draft(place).files == [{"name": "second.csv", "state": "removed"}]
    assert (folder.inbox / "second.csv").is_file()
    holding.publish_draft(folder, place)
    assert [path.name for path in folder.inbox.iterdir()] == ["first.csv"]
    assert read_history(folder)[0]["figures"]["actions"] == 1
    assert holding.restore(folder, before["build_id"]).put_back == ["second.csv"]
    assert (folder.inbox / "second.csv").read_text(encoding="utf-8") == SECOND
    assert publish_campaign(folder)["build_id"] == before["build_id"]


def test_a_file_that_changed_since_the_preview_is_not_overlooked(folder: CampaignFolder) -> None:
    place = make_draft(folder, "second.csv")
    (folder.inbox / "first.csv").write_text(FIRST + SECOND.splitlines()[1] + "\n", encoding="utf-8")
    with pytest.raises(drafts.DraftError, match="changed since the preview"):
        holding.publish_draft(folder, place)
    assert (folder.inbox / "second.csv").is_file()


def test_what_is_not_there_or_would_leave_nothing_is_refused(folder: CampaignFolder, tmp_path: Path) -> None:
    with pytest.raises(drafts.DraftError, match="no “third.csv” in the inbox"):
        make_draft(folder, "third.csv")
    (folder.inbox / "second.csv").unlink()
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(drafts.DraftError, match="nothing would be left"):
        drafts.make_draft(folder, empty, tmp_path / "to", lambda *_progress: None, without=["first.csv"])


def test_a_rehearsal_says_what_restoring_does_and_changes_nothing(folder: CampaignFolder) -> None:
    before = read_history(folder)[0]["build_id"]
    holding.publish_draft(folder, make_draft(folder, "second.csv"))
    (folder.inbox / "never built.csv").write_text(SECOND + "\n\n", encoding="utf-8")
    (folder.inbox / "first.csv").write_text(FIRST + "\n", encoding="utf-8")
    was = content(folder)
    said = holding.restore(folder, before, is_rehearsal=True)
    assert content(folder) == was
    assert said.put_back == ["first.csv", "second.csv"]
    assert said.set_aside == ["first.csv"]
    assert (said.taken_out, said.left_alone) == ([], ["never built.csv"])
    done = holding.restore(folder, before)
    assert (done.put_back, done.taken_out, done.left_alone) == (said.put_back, said.taken_out, said.left_alone)
