"""Builds that embeds were frozen at: later builds leave their snapshots, forgetting a person takes them away."""

import pytest

from dashboard import frozen
from dashboard.errors import UserError
from etl import forgetting, history, kept_inputs, restoring
from etl.publish import only_build
from tests.etl.campaigns import make_campaign, publish_campaign
from tests.etl.commands import history_file, published_titles
from tests.etl.test_build import HEADER, action


@pytest.fixture
def folder(tmp_path):
    return make_campaign(tmp_path / "c", {"first.csv": HEADER + action("1", promise="First")})


def publish_another(folder, number):
    (folder.inbox / "first.csv").write_text(HEADER + action("1", promise=f"Number {number}"))
    return publish_campaign(folder)["build_id"]


def snapshot_names(folder):
    return {path.name for path in folder.published.glob("*.duckdb")}


def test_twelve_later_builds_leave_a_frozen_one(folder):
    first = publish_campaign(folder)["build_id"]
    frozen.keep(folder.root, first)
    later = [publish_another(folder, number) for number in range(12)]
    assert first not in {entry["build_id"] for entry in history_file(folder)}
    assert snapshot_names(folder) == {f"snapshot-{build}.duckdb" for build in (first, *later[-10:])}
    assert history.is_whole(frozen.find_snapshot(folder.root, first), first)
    assert kept_inputs.read_manifest(folder, first) is None  # shown, not restored: its inputs need not stay
    frozen.release(folder.root, [first])
    publish_another(folder, 99)
    assert frozen.find_snapshot(folder.root, first) is None


def test_a_frozen_build_of_the_history_can_be_restored_as_ever(folder):
    first = publish_campaign(folder)["build_id"]
    frozen.keep(folder.root, first)
    publish_another(folder, 1)
    restoring.restore(folder, first)
    assert published_titles(folder) == {"First"}
    assert frozen.read_kept(folder.root) == {first}


def test_forgetting_finds_and_drops_frozen_builds_that_the_history_has_lost(folder, monkeypatch):
    monkeypatch.setenv("DASHBOARD_BUILDS_KEPT", "1")
    (folder.inbox / "first.csv").write_text(HEADER + action("1", promise="Write to zoe@example.org"))
    first = publish_campaign(folder)["build_id"]
    frozen.keep(folder.root, first)
    second = publish_another(folder, 1)
    frozen.keep(folder.root, second)
    monkeypatch.setattr(forgetting, "_snapshot_holds", lambda path, _: path.name == f"snapshot-{first}.duckdb")
    with only_build(folder):
        found = forgetting.forget(folder, "zoe@example.org")
        assert found.builds == [first]
        forgetting.drop_builds(folder, found.builds)
    assert frozen.find_snapshot(folder.root, first) is None
    assert frozen.read_kept(folder.root) == {second}
    assert frozen.find_snapshot(folder.root, second) is not None


def test_a_damaged_list_stops_no_build_and_removes_no_snapshot(folder, monkeypatch):
    monkeypatch.setenv("DASHBOARD_BUILDS_KEPT", "1")
    first = publish_campaign(folder)["build_id"]
    (folder.published / frozen.LIST).write_text("{")
    second = publish_another(folder, 1)
    assert history.read_pointer(folder)["build_id"] == second
    assert frozen.find_snapshot(folder.root, first) is not None
    with pytest.raises(UserError, match="damaged"):
        frozen.keep(folder.root, second)
