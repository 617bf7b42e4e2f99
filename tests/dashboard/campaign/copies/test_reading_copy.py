"""A server without an inbox: it takes the object store's content before its first reader, and reports its state."""

import json
import shutil
import threading
import time

import duckdb
import httpx
import pytest
from starlette.applications import Starlette

from dashboard import server
from dashboard.campaign.copies import taking
from dashboard.campaign.copies.reading_copy import copy_state
from dashboard.campaign.copies.taking import Taker
from dashboard.campaign.folder import CampaignFolder
from dashboard.settings import Settings
from etl.publish.send_copies import send
from tests.charts_over_http import ask as request
from tests.snapshots import copy_published, mark_as_others, mark_as_own


@pytest.fixture
def copy(campaign_folder, tmp_path, monkeypatch):
    """Make an empty folder, and a store with the fixture's build."""
    builder = tmp_path / "builder"
    copy_published(campaign_folder, builder)
    (builder / "inbox").mkdir(exist_ok=True)
    monkeypatch.setenv("DASHBOARD_STORE", (tmp_path / "store").as_uri())
    send(CampaignFolder(builder))
    (tmp_path / "copy").mkdir()
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(tmp_path / "copy"))
    copy_state.cache_clear()
    yield tmp_path / "copy"
    copy_state.cache_clear()


def ask(path: str) -> httpx.Response:
    return request(Starlette(routes=server.routes()), f"http://127.0.0.1{path}")


def start() -> None:
    """Start a server as far as the store goes: it looks there at most once, before the first reader."""
    ended = threading.Event()
    ended.set()
    server._follow_store(Settings.from_environment(), ended)


def test_a_server_takes_the_build_at_its_start_and_goes_on_without_the_store_or_its_version(copy, tmp_path):
    start()
    ready = ask("/readyz").json()
    assert (ready["ready"], ready["build_id"], ready["copy"]["store_is_read"]) == (True, "fixture", True)
    told = ask("/metrics").text
    assert 'dashboard_copy_looks_total{outcome="read"} 1.0' in told
    assert "dashboard_copy_builds_taken_total 1.0" in told
    assert "dashboard_copy_checked_timestamp_seconds " in told
    pointer = tmp_path / "store" / "current.json"
    stored = pointer.read_text()
    pointer.write_text("{")
    (copy / "published" / "current.json").touch()
    assert not Taker(Settings.from_environment()).try_look()
    ready = ask("/readyz").json()
    assert (ready["ready"], ready["copy"]["store_is_read"]) == (True, False)
    assert str(tmp_path) not in str(ready)
    assert 'dashboard_copy_looks_total{outcome="failed"} 1.0' in ask("/metrics").text
    pointer.write_text(stored)
    send_another(tmp_path, mark_as_others)
    assert not Taker(Settings.from_environment()).try_look()
    ready = ask("/readyz").json()
    assert (ready["ready"], ready["build_id"], ready["copy"]["store_is_read"]) == (True, "fixture", False)
    assert str(copy_state().problem).startswith("Another version of the program made the snapshot of build newer.")
    assert "update the builder first" in str(copy_state().problem)
    assert not (copy / "published" / "snapshot-newer.duckdb").exists()


def send_another(tmp_path, change=lambda _file: None):
    """Have the builder publish and send another build, after a change of its file."""
    published = tmp_path / "builder" / "published"
    newer = published / "snapshot-newer.duckdb"
    shutil.copy(published / "snapshot-fixture.duckdb", newer)
    with duckdb.connect(newer) as connection:
        connection.execute("update campaign set build_id = 'newer'")
    change(newer)
    pointer = json.loads((published / "current.json").read_text())
    (published / "current.json").write_text(json.dumps(pointer | {"snapshot": newer.name, "build_id": "newer"}))
    send(CampaignFolder(tmp_path / "builder"))


@pytest.mark.nightly
def test_an_upgraded_copy_is_not_ready_until_the_builder_is_of_its_version(copy, tmp_path):
    start()
    for folder in (copy, tmp_path / "builder"):  # as if both were of another version until now
        mark_as_others(folder / "published" / "snapshot-fixture.duckdb")
    answer = ask("/readyz")
    assert answer.status_code == 503
    assert "Another version of the program made" in answer.json()["reason"]
    send_another(tmp_path, mark_as_own)
    start()
    ready = ask("/readyz").json()
    assert (ready["ready"], ready["build_id"]) == (True, "newer")
    here = {path.name for path in (copy / "published").glob("*.duckdb")}
    assert here == {"snapshot-newer.duckdb"}, "the builder sends none that no server of its version shows"


def test_a_server_with_an_inbox_takes_nothing(copy):
    (copy / "inbox").mkdir()
    server._follow_store(Settings.from_environment(), threading.Event())
    assert ask("/readyz").status_code == 503
    assert "copy" not in ask("/readyz").json()
    assert not (copy / "published").exists()


def test_the_store_is_asked_every_few_seconds_and_less_often_while_it_is_away(monkeypatch):
    monkeypatch.setattr(time, "monotonic", lambda: 0.0)
    waits: list[float] = []
    answers = iter([True, True, False, False, False, RuntimeError("unforeseen"), True])

    class Looks(Taker):
        def try_look(self) -> bool:
            answer = next(answers)
            if isinstance(answer, Exception):
                raise answer
            return answer

    class Ended(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            waits.append(timeout or 0.0)
            return len(waits) == 8

    settings = Settings.from_environment({"DASHBOARD_STORE": "s3://copies/campaign"})
    taking.follow(settings, Ended(), Looks(settings))
    assert waits == [0.0, 3.0, 3.0, 6.0, 8.0, 8.0, 8.0, 3.0]
