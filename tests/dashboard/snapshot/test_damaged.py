"""The published build is damaged while a server runs: readers go on with the open one, and recover by themselves."""

import json
import shutil

import pytest

from dashboard.errors import SnapshotError
from dashboard.snapshot import database
from dashboard.snapshot.database import OpenSnapshots
from tests.snapshots import mark_as_others, publish_fixture


def replace(path, content):
    draft = path.with_suffix(".draft")
    draft.write_bytes(content)
    draft.replace(path)


NEXT = {"snapshot": "next.duckdb", "build_id": "next"}
DAMAGES = {
    "half a pointer": lambda good: good[:30],
    "an empty pointer": lambda good: b"",
    "half a snapshot": lambda good: json.dumps(json.loads(good) | NEXT).encode(),
    "no snapshot": lambda good: json.dumps(json.loads(good) | NEXT | {"snapshot": "gone.duckdb"}).encode(),
    "of another version": lambda good: json.dumps(json.loads(good) | NEXT | {"snapshot": "other.duckdb"}).encode(),
}
"""The pointer's content instead."""


@pytest.mark.parametrize("damage", DAMAGES)
def test_readers_go_on_with_the_snapshot_that_is_open(tmp_path, caplog, damage):
    whole = publish_fixture(tmp_path)
    pointer = whole.with_name("current.json")
    good = pointer.read_bytes()
    opened = OpenSnapshots()
    before = opened.open(database._look(pointer), 64)
    whole.with_name("next.duckdb").write_bytes(whole.read_bytes()[:300_000])
    mark_as_others(shutil.copy(whole, whole.with_name("other.duckdb")))
    replace(pointer, DAMAGES[damage](good))
    for _ in range(3):
        assert opened.open(database._look(pointer), 64) is before
    assert caplog.text.count("Readers go on with build fixture") == 1
    with pytest.raises(SnapshotError):  # as after a restart
        OpenSnapshots().open(database._look(pointer), 64)
    replace(pointer, good)
    mended = opened.open(database._look(pointer), 64)
    assert (mended.build_id, mended is before) == ("fixture", False)
