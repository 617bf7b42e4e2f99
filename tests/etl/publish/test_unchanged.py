"""Without a change since the published build, the command says so; any change makes a build."""

import json
import os
from unittest.mock import Mock

import pytest

from dashboard.errors import UserError
from dashboard.paths import SHIPPED_CAMPAIGN
from etl.inputs import inbox
from etl.pipeline.build import build
from etl.publish import begun, holding, unchanged
from etl.publish.begun import UnfinishedStep
from tests.cases import some
from tests.etl.campaigns import make_campaign, publish_campaign
from tests.etl.changing import bring, preview
from tests.etl.files import write_zip
from tests.etl.program import last_json, published, run_on
from tests.etl.registers import HEADER, action, register


@pytest.fixture(scope="module")
def published_once(tmp_path_factory):
    """Return a campaign that was built and published by the command: a file and an archive with another."""
    place = tmp_path_factory.mktemp("unchanged")
    folder = make_campaign(place / "c", {"a.csv": HEADER + action("1")})
    write_zip(folder.inbox / "b.zip", {"b.csv": HEADER + action("2", promise="Second")})
    run_on(folder, "build")
    return folder


class Making(Exception):  # noqa: N818 - no error
    """A build is made."""


def build_again(folder, monkeypatch, *options):
    """Run the command; return its answer, and whether it made a build."""
    with monkeypatch.context() as patch:
        maker = Mock(wraps=build)
        patch.setattr(unchanged, "build", maker)
        said = run_on(folder, "build", *options)
    return said, maker.called


def test_nothing_is_built_where_nothing_has_changed(folder, monkeypatch):
    before = published(folder)
    snapshot = (folder.published / before["snapshot"]).read_bytes()
    for path in folder.inbox.iterdir():
        os.utime(path)  # a date is no change
    said, is_made = build_again(folder, monkeypatch)
    assert not is_made
    assert "Nothing has changed since this build was made: it stays." in said.stdout
    assert "2 actions" in said.stdout and "Accepted" not in said.stdout, "its tables were told when it was made"
    after = published(folder)
    assert after.pop("built_at") >= before.pop("built_at")
    assert after == before
    assert (folder.published / after["snapshot"]).read_bytes() == snapshot
    said, is_made = build_again(folder, monkeypatch, "--json")
    assert (is_made, last_json(said)["nothing_changed"]) == (False, True)
    monkeypatch.setattr(unchanged, "build", Mock(side_effect=Making))
    with pytest.raises(Making):
        run_on(folder, "build", "--from-nothing")


def note_surroundings(folder, said):
    """Write other surroundings of the published build into the list of inputs."""
    path = folder.private / "builds" / f"{published(folder)['build_id']}.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"surroundings": said}))


SETTINGS = (SHIPPED_CAMPAIGN / "campaign.toml").read_text(encoding="utf-8") + "# another word\n"
CHANGES = {
    "an export": lambda folder: (folder.inbox / "a.csv").write_text(HEADER + action("1") + action("3")),
    "a name": lambda folder: (folder.inbox / "a.csv").rename(folder.inbox / "c.csv"),
    "one less": lambda folder: (folder.inbox / "b.zip").unlink(),
    "one more": lambda folder: (folder.inbox / "c.csv").write_text(HEADER + action("3")),
    "a setting": lambda folder: (folder.root / "campaign.toml").write_text(SETTINGS),
    "a decision": lambda folder: folder.decisions_file.write_text("decision,subject,this,that\n"),
    "a person": lambda folder: (folder.private / "forgotten.csv").write_text("forgotten_on,salt,sha256\n"),
    "a key": lambda folder: (folder.private / "id_key.txt").write_text("0" * 64),
    "the snapshot": lambda folder: os.truncate(folder.published / published(folder)["snapshot"], 20_000),
    "no contacts": lambda folder: [path.unlink() for path in (folder.private / "contacts").iterdir()],
    "no list of inputs": lambda folder: [path.unlink() for path in (folder.private / "builds").iterdir()],
    "other surroundings": lambda folder: note_surroundings(folder, "others"),
    "nothing published": lambda folder: (folder.published / "current.json").unlink(),
    "something begun": lambda folder: begun.noted(folder, UnfinishedStep("forget")).__enter__(),
}


@pytest.mark.parametrize("change", some(CHANGES, 5))
def test_whatever_changes_a_build_is_made(folder, change):
    assert unchanged.find_same(folder) is not None
    CHANGES[change](folder)
    assert unchanged.find_same(folder) is None


def test_other_libraries_or_another_program_build_anew_although_no_input_has_changed(folder, monkeypatch):
    """An upgrade never ends in the word that nothing has changed."""
    others = {"_list_libraries": ("3.14", "duckdb-9.dist-info"), "hash_program": b"of another version"}
    for name, found in others.items():
        with monkeypatch.context() as patch:
            patch.setattr(inbox, name, lambda found=found: found)
            assert unchanged.find_same(folder) is None


@pytest.mark.nightly
def test_a_lost_campaign_toml_is_said_and_the_shipped_one_is_not_published_in_its_place(folder):
    own, text = folder.root / "campaign.toml", (SHIPPED_CAMPAIGN / "campaign.toml").read_text(encoding="utf-8")
    own.write_text(text + "# Own\n", encoding="utf-8")
    publish_campaign(folder)
    before = published(folder)
    own.unlink()
    said = run_on(folder, "build", code=1).stderr
    assert said.count("campaign.toml is gone") == 1 and "Put it back" in said
    with pytest.raises(UserError, match=r"campaign\.toml is gone"):
        preview(folder, bring(folder, uploads={"new.csv": register(action("9", promise="New"))}))
    assert published(folder) == before
    place = bring(folder, "2", settings={"campaign.toml": text})
    preview(folder, place)
    holding.publish_draft(folder, place)
    assert own.read_text(encoding="utf-8") == text
