"""The questions of a refused build are read from it until something changes, and nothing is built for them again."""

import json
import os
from unittest.mock import Mock

import pytest

from dashboard.campaign.answers.answer import Answer
from dashboard.campaign.folder import CampaignFolder
from dashboard.paths import SHIPPED_CAMPAIGN
from etl.inputs import inbox
from etl.inputs.uses_file import keep_answers
from etl.publish import unchanged
from etl.publish.unchanged import find_refused
from tests.cases import some
from tests.etl.campaigns import ACTIONS_RECIPE, CLASSIFICATION_RECIPE, copy_campaign, make_campaign
from tests.etl.program import run_on
from tests.etl.registers import HEADER, action, register

AMBIGUOUS = [action(str(n), promise=f"Promise {n}", Due=day) for n, day in enumerate(("03/04/2021", "05/06/2021"))]
ANSWER = Answer(0, "date_order", "office_actions", "", "", "due_on", "dmy")


class Making(Exception):  # noqa: N818 - no error
    """A build is made."""


@pytest.fixture(scope="module")
def refused_once(tmp_path_factory) -> CampaignFolder:
    """Return a campaign that the command refused to publish: nothing says which comes first, day or month."""
    place = tmp_path_factory.mktemp("refused") / "c"
    folder = make_campaign(place, {"a.csv": register(*AMBIGUOUS)}, {"office_actions": ACTIONS_RECIPE})
    run_on(folder, "build", code=1)
    return folder


@pytest.fixture
def refused(refused_once, tmp_path) -> CampaignFolder:
    """Copy that campaign."""
    return copy_campaign(refused_once, tmp_path / "c")


@pytest.fixture
def building(monkeypatch) -> Mock:
    """Put a mock in the place of a build."""
    return forbid_builds(monkeypatch)


def forbid_builds(monkeypatch) -> Mock:
    """Put something in the place of builds that says that one is made."""
    building = Mock(side_effect=Making)
    monkeypatch.setattr(unchanged, "build", building)
    return building


def test_its_questions_are_asked_again_without_a_build(refused, building):
    told = json.loads(run_on(refused, "answer", "--json").stdout.splitlines()[-1])
    assert [question["kind"] for question in told["questions"]] == ["date_order"]
    assert "date_order,office_actions" in run_on(refused, "answer", "--list").stdout
    assert "Dates can be read with the day or the month first" in run_on(refused, "build", code=1).stderr
    assert not building.called
    keep_answers(refused, [ANSWER])
    with pytest.raises(Making):
        run_on(refused, "answer", "--list")
    with pytest.raises(Making):
        run_on(refused, "build")


def test_once_it_is_answered_it_is_published_and_the_refused_build_goes(refused):
    assert find_refused(refused) is not None
    keep_answers(refused, [ANSWER])
    run_on(refused, "build")
    assert not list((refused.private / "drafts").iterdir())


@pytest.mark.nightly
def test_who_asks_before_there_was_a_build_has_it_kept(tmp_path, monkeypatch):
    folder = make_campaign(tmp_path / "c", {"a.csv": register(*AMBIGUOUS)}, {"office_actions": ACTIONS_RECIPE})
    first = run_on(folder, "answer", "--list")
    forbid_builds(monkeypatch)
    assert run_on(folder, "answer", "--list").stdout == first.stdout
    assert not (folder.published / "current.json").exists()


def note_surroundings(folder: CampaignFolder) -> None:
    """Write into the note of the refused build that it was made with others."""
    path = folder.private / "drafts" / "refused" / "draft.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"surroundings": "others"}))


SETTINGS = (SHIPPED_CAMPAIGN / "campaign.toml").read_text(encoding="utf-8") + "# another word\n"
CHANGES = {
    "an export": lambda folder: (folder.inbox / "a.csv").write_text(HEADER + action("1")),
    "a name": lambda folder: (folder.inbox / "a.csv").rename(folder.inbox / "c.csv"),
    "one more": lambda folder: (folder.inbox / "c.csv").write_text(HEADER + action("3")),
    "none left": lambda folder: (folder.inbox / "a.csv").unlink(),
    "a recipe": lambda folder: (folder.root / "recipes" / "office_classes.toml").write_text(CLASSIFICATION_RECIPE),
    "a codelist": lambda folder: write_codelist(folder),
    "a setting": lambda folder: (folder.root / "campaign.toml").write_text(SETTINGS),
    "an answer": lambda folder: keep_answers(folder, [ANSWER]),
    "a decision": lambda folder: folder.decisions_file.write_text("decision,subject,this,that\n"),
    "a person": lambda folder: (folder.private / "forgotten.csv").write_text("forgotten_on,salt,sha256\n"),
    "other surroundings": note_surroundings,
    "the snapshot": lambda folder: os.truncate(folder.private / "drafts" / "refused" / "snapshot.duckdb", 20_000),
    "no note": lambda folder: (folder.private / "drafts" / "refused" / "draft.json").unlink(),
}


def write_codelist(folder: CampaignFolder) -> None:
    """Give the campaign themes of its own: the shipped ones, and a line."""
    (folder.root / "codelists").mkdir()
    shipped = (SHIPPED_CAMPAIGN / "codelists" / "themes.csv").read_bytes()
    (folder.root / "codelists" / "themes.csv").write_bytes(shipped + b"\n")


@pytest.mark.parametrize("change", some(CHANGES, 4))
def test_it_does_not_hold_once_something_has_changed(refused, change):
    CHANGES[change](refused)
    assert find_refused(refused) is None


def test_it_does_not_hold_for_another_version_of_the_program(refused, monkeypatch):
    monkeypatch.setattr(inbox, "hash_program", lambda: b"another")
    assert find_refused(refused) is None
