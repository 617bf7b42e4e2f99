"""A server without an inbox: it takes what the object store holds before its first reader, and says how it stands."""

import threading
import time

import httpx
import pytest
from starlette.applications import Starlette

from dashboard import server
from dashboard.campaign.folder import CampaignFolder
from dashboard.copies import taking
from dashboard.copies.reading_copy import copy_state
from dashboard.copies.taking import Taker
from dashboard.settings import Settings
from etl.publish.send_copies import send
from tests.dashboard.test_server import request
from tests.snapshots import copy_published


@pytest.fixture
def copy(campaign_folder, tmp_path, monkeypatch):
    """A folder that is empty, and a store to which the fixture's build has been sent."""
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


def test_a_server_takes_the_build_at_its_start_and_goes_on_without_the_store(copy, tmp_path):
    ended = threading.Event()
    ended.set()  # it looks once, before the first reader
    server._follow_store(Settings.from_environment(), ended)
    ready = ask("/readyz").json()
    assert (ready["ready"], ready["build_id"], ready["copy"]["store_is_read"]) == (True, "fixture", True)
    told = ask("/metrics").text
    assert 'dashboard_copy_looks_total{outcome="read"} 1.0' in told
    assert "dashboard_copy_builds_taken_total 1.0" in told
    assert "dashboard_copy_checked_timestamp_seconds " in told
    (tmp_path / "store" / "current.json").write_text("{")
    (copy / "published" / "current.json").touch()
    assert not Taker(Settings.from_environment()).try_look()
    ready = ask("/readyz").json()
    assert (ready["ready"], ready["copy"]["store_is_read"]) == (True, False)
    assert str(tmp_path) not in str(ready)
    assert 'dashboard_copy_looks_total{outcome="failed"} 1.0' in ask("/metrics").text


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
