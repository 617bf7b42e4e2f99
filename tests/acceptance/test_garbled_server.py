"""Twenty thousand requests and five thousand messages that no browser sends: nothing breaks, hangs or tells anything.

The lesser twin is `tests/browser/test_garbled.py`.
"""

import asyncio
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import duckdb
import pytest

from benchmarks.servers import find_free_port, run_server
from dashboard.paths import PROJECT
from tests.garbled import Seen, send_messages, send_requests

pytestmark = pytest.mark.nightly
REQUESTS, MESSAGES = 20_000, 5_000


class Running(NamedTuple):
    """A server of the sample, the names of its private store, and where its log is."""

    url: str
    names: list[bytes]
    log: Path


@pytest.fixture(scope="module")
def running(sample_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("garbled")
    campaign = shutil.copytree(sample_folder, folder / "campaign")
    with duckdb.connect(str(campaign / "private" / "contacts.duckdb"), read_only=True) as store:
        found = store.execute("select value from contacts where value like '%@%' union select name from people")
        names = [str(value).encode() for (value,) in found.fetchall()]
    assert len(names) > 100
    port = find_free_port()
    own = {name: value for name, value in os.environ.items() if not name.startswith("DASHBOARD_")}
    told = {"DASHBOARD_CAMPAIGN": str(campaign), "DASHBOARD_BASE_URL": f"http://127.0.0.1:{port}"}
    command = ["-m", "streamlit", "run", str(PROJECT / "app.py"), "--server.address", "127.0.0.1"]
    command += ["--server.port", str(port), "--server.headless", "true"]
    log = folder / "server.log"
    environment = {**own, **told, "DASHBOARD_NEWSLETTER": "on"}
    with run_server("dashboard", command, port, folder, environment, "/_stcore/health", log) as server:
        yield Running(server.url, names, log)


def check(seen: Seen, running: Running) -> None:
    assert seen.told == []
    assert seen.slow == []
    assert seen.broken == []
    log = running.log.read_bytes()
    assert [name for name in running.names if name in log] == []
    assert running.log.parent.name.encode() not in log
    assert not re.search(rb"Traceback \(most recent call last\)", log)


def test_requests(running: Running) -> None:
    seen = asyncio.run(send_requests(running.url, REQUESTS, seed=20, names=running.names))
    print(seen.statuses, f"slowest {seen.slowest:.1f} s")
    check(seen, running)
    assert seen.statuses[200] > REQUESTS / 20


def test_messages(running: Running) -> None:
    seen = asyncio.run(send_messages(running.url, MESSAGES, seed=5, names=running.names))
    print(seen.messages, "messages", seen.answers, "answers")
    check(seen, running)
