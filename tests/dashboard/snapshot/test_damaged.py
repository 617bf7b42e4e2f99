"""What is published is damaged while a server runs: readers go on with what is open, and see it mended by itself."""

import json

import pytest

from dashboard.errors import SnapshotError
from dashboard.snapshot import database
from dashboard.snapshot.database import OpenSnapshots
from tests.snapshots import publish_fixture


def replace(path, content):
    draft = path.with_suffix(".draft")
    draft.write_bytes(content)
    draft.replace(path)


@pytest.mark.parametrize("damage", ["half a pointer", "an empty pointer", "half a snapshot", "no snapshot"])
def test_readers_go_on_with_the_snapshot_that_is_open(tmp_path, monkeypatch, caplog, damage):
    publish_fixture(tmp_path)
    pointer = tmp_path / "published" / "current.json"
    good = pointer.read_bytes()
    named = json.loads(good)
    half = (tmp_path / "published" / named["snapshot"]).read_bytes()[:300_000]
    opened = OpenSnapshots()
    before = opened.open(database._look(pointer), 64)
    (tmp_path / "published" / "next.duckdb").write_bytes(half)
    bad = {
        "half a pointer": good[:30],
        "an empty pointer": b"",
        "half a snapshot": json.dumps(named | {"snapshot": "next.duckdb", "build_id": "next"}).encode(),
        "no snapshot": json.dumps(named | {"snapshot": "gone.duckdb", "build_id": "next"}).encode(),
    }[damage]
    replace(pointer, bad)
    for _ in range(3):
        assert opened.open(database._look(pointer), 64) is before
    assert caplog.text.count("Readers go on with build fixture") == 1
    with pytest.raises(SnapshotError):  # as after a restart
        OpenSnapshots().open(database._look(pointer), 64)
    replace(pointer, good)
    mended = opened.open(database._look(pointer), 64)
    assert (mended.build_id, mended is before) == ("fixture", False)
