"""A snapshot that is damaged, or of another version of the program, is not opened: each way to it says so."""

import json
import shutil
from pathlib import Path

import duckdb
import pytest
from starlette.applications import Starlette

from dashboard import server
from dashboard.campaign import changes, code_uses, snapshot_schema
from dashboard.campaign.snapshot_schema import OtherSchemaError, is_of_another, schema_mark
from dashboard.errors import SnapshotError
from dashboard.settings import Settings
from dashboard.snapshot import database, kept_builds
from dashboard.snapshot.database import OpenSnapshots, Snapshot
from tests.charts_over_http import ask as request
from tests.shipped import LANGUAGES
from tests.snapshots import mark_as_others, publish_fixture

SENTENCE = "Another version of the program made"
REMEDY = "python -m etl build"


@pytest.fixture
def upgraded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a campaign folder whose published build another version of the program made."""
    mark_as_others(publish_fixture(tmp_path))
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(tmp_path))
    return tmp_path


@pytest.fixture
def keeping(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a campaign folder with a build of this program, and a kept one that another version made."""
    kept = publish_fixture(tmp_path).with_name("snapshot-former.duckdb")
    shutil.copy(tmp_path / "published" / "snapshot-fixture.duckdb", kept)
    with duckdb.connect(kept) as connection:
        connection.execute("update campaign set build_id = 'former'")
    mark_as_others(kept)
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(tmp_path))
    kept_builds.close()
    return tmp_path


def test_the_mark_is_of_the_tables_and_not_of_what_is_said_of_them(tmp_path: Path, monkeypatch) -> None:
    own, derived = (path.read_text(encoding="utf-8") for path in snapshot_schema.SCHEMA)
    marks = []
    for text in (own, f"-- Another word.\n\n{own}", own.replace("not null,\n", "not null,  -- a word\n\n"),
                 own.replace("action_id varchar", "action_key varchar", 1)):  # fmt: skip
        (tmp_path / "schema.sql").write_text(text, encoding="utf-8")
        (tmp_path / "derived.sql").write_text(derived, encoding="utf-8")
        monkeypatch.setattr(snapshot_schema, "SCHEMA", (tmp_path / "schema.sql", tmp_path / "derived.sql"))
        schema_mark.cache_clear()
        marks.append(schema_mark())
    monkeypatch.undo()
    schema_mark.cache_clear()
    assert marks[0] == marks[1] == marks[2] == schema_mark() != marks[3]


@pytest.mark.parametrize("statement", [
    "update snapshot_schema set schema_mark = 'of another'",
    "drop table snapshot_schema",  # of a program that knew no marks
    "delete from snapshot_schema",
])  # fmt: skip
def test_it_is_not_opened_and_stays_as_it_is(tmp_path: Path, statement: str) -> None:
    file = publish_fixture(tmp_path)
    assert not is_of_another(file)
    with duckdb.connect(file) as connection:
        connection.execute(statement)
    before = file.read_bytes()
    assert is_of_another(file)
    with pytest.raises(OtherSchemaError) as refused:
        Snapshot(file, "fixture", "", 8)
    assert str(refused.value).startswith(SENTENCE) and REMEDY in refused.value.remedy
    assert file.read_bytes() == before


def test_what_is_no_database_is_damaged_and_not_of_another(tmp_path: Path) -> None:
    file = tmp_path / "snapshot-broken.duckdb"
    file.write_bytes(b"this is no database")
    assert not is_of_another(file)
    with pytest.raises(SnapshotError, match="cannot be read") as refused:
        Snapshot(file, "broken", "", 8)
    assert not isinstance(refused.value, OtherSchemaError)


def test_every_route_of_an_upgraded_server_says_it_until_its_own_build_stands(app: Starlette, upgraded: Path) -> None:
    for address in (
        "/charts", "/charts/completion-by-region", "/charts/completion-by-region.csv", "/extracts/actions.csv",
        "/extracts", "/latest.atom", "/show",
    ):  # fmt: skip
        answer = request(app, address)
        assert answer.status_code == 503, address
        assert "made by another version of the program" in answer.text and REMEDY in answer.text
        assert str(upgraded) not in answer.text and "snapshot-fixture" not in answer.text
    operator = Starlette(routes=server.routes())
    answer = request(operator, "http://127.0.0.1/readyz")
    assert answer.status_code == 503
    assert answer.json()["ready"] is False
    assert SENTENCE in answer.json()["reason"] and REMEDY in answer.json()["reason"]
    assert str(upgraded) not in answer.text
    assert "dashboard_snapshot_ready 0.0" in request(operator, "http://127.0.0.1/metrics").text
    publish_fixture(upgraded)  # its own build
    assert request(operator, "http://127.0.0.1/readyz").status_code == 200


@pytest.mark.nightly
def test_a_kept_build_of_another_answers_410_with_the_way_to_the_current_one(app: Starlette, keeping: Path) -> None:
    for address in ("/charts/completion-by-region", "/charts/completion-by-region.json", "/extracts/actions.csv"):
        assert request(app, address).status_code == 200
        for lang in LANGUAGES:
            answer = request(app, f"{address}?build=former&lang={lang}")
            assert answer.status_code == 410
            assert answer.headers["cache-control"] == "no-store"
            assert "former" in answer.text and "build=" in answer.text
            assert lang != "en" or "Another version of the program made this build" in answer.text


def test_builds_of_two_versions_are_not_compared_and_its_codes_not_told(keeping: Path) -> None:
    own, former = (keeping / "published" / f"snapshot-{name}.duckdb" for name in ("fixture", "former"))
    with pytest.raises(OtherSchemaError, match=SENTENCE):
        changes.compare(former, own)
    with pytest.raises(SnapshotError, match="which codes the published data uses"):
        code_uses.read_published(former)
    with pytest.raises(kept_builds.GoneError):
        kept_builds.find(Settings.from_environment(), {"build": ["former"]})


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
