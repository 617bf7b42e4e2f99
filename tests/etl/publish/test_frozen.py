"""Builds that embeds were frozen at: later builds leave their snapshots, forgetting a person takes them away."""

import duckdb
import pytest

from dashboard.campaign import builds
from dashboard.errors import UserError
from etl.forget import forget
from etl.publish import history, holding, kept_inputs
from etl.publish.holding import only_build
from tests.etl.campaigns import switch_to_copy
from tests.etl.program import history_file, published, published_titles


def test_a_frozen_build_can_be_restored_and_later_builds_leave_it(folder, monkeypatch):
    monkeypatch.setenv("DASHBOARD_BUILDS_KEPT", "2")
    first = published(folder)["build_id"]
    builds.keep(folder.root, first)
    later = [f"later{number}" for number in range(4)]
    switch_to_copy(folder, "second")
    holding.restore(folder, first)  # as ever, while the history has it
    assert published_titles(folder) == {"First"}
    assert builds.read_kept(folder.root) == {first}
    for build_id in later:
        switch_to_copy(folder, build_id)
    assert first not in {entry["build_id"] for entry in history_file(folder)}
    assert {path.name for path in folder.published.glob("*.duckdb")} == {
        f"snapshot-{build}.duckdb" for build in (first, *later[-2:])
    }
    assert history.is_whole(builds.find_snapshot(folder.root, first), first)
    assert kept_inputs.read_manifest(folder, first) is None  # shown, not restored: its inputs need not stay
    builds.release(folder.root, [first])
    switch_to_copy(folder, "last")
    assert builds.find_snapshot(folder.root, first) is None


def test_forgetting_finds_and_drops_frozen_builds_that_the_history_has_lost(folder, monkeypatch):
    monkeypatch.setenv("DASHBOARD_BUILDS_KEPT", "1")
    first = published(folder)["build_id"]
    builds.keep(folder.root, first)
    switch_to_copy(folder, "second")
    builds.keep(folder.root, "second")
    with duckdb.connect(builds.find_snapshot(folder.root, first)) as connection:
        connection.execute("update actions set title = 'Write to zoe@example.org'")
    with only_build(folder):
        found = forget.forget(folder, "zoe@example.org")
        assert found.builds == [first]
        forget.drop_builds(folder, found.builds)
    assert builds.find_snapshot(folder.root, first) is None
    assert builds.read_kept(folder.root) == {"second"}
    assert builds.find_snapshot(folder.root, "second") is not None


def test_a_damaged_list_stops_no_build_and_removes_no_snapshot(folder, monkeypatch):
    monkeypatch.setenv("DASHBOARD_BUILDS_KEPT", "1")
    first = published(folder)["build_id"]
    (folder.published / builds.LIST).write_text("{")
    switch_to_copy(folder, "second")
    assert history.read_pointer(folder)["build_id"] == "second"
    assert builds.find_snapshot(folder.root, first) is not None
    with pytest.raises(UserError, match="damaged"):
        builds.keep(folder.root, "second")
