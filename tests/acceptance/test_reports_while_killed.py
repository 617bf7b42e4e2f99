"""What many stakeholders send is kept, once, while the server is killed and builds are published."""

import os
import re
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from pathlib import Path

import httpx
import pytest
from lxml import html

from benchmarks.servers import find_free_port, run_server
from dashboard.campaign.reporting.links import BY_STAFF, ReportLinks, find_today
from dashboard.campaign.reporting.reports import FOLDER, ReportBox
from dashboard.paths import PROJECT
from tests.charts_over_http import republish
from tests.snapshots import open_reports, publish_fixture

CLIENTS, CHANGES, KILLS = 50, 4, 10
GIVE_UP = 600.0


def insist(ask: Callable[[], httpx.Response]) -> httpx.Response:
    """Ask until there is an answer with success: the server is away at times, and refuses forms that come too fast."""
    ends = time.monotonic() + GIVE_UP
    while time.monotonic() < ends:
        try:
            answer = ask()
        except httpx.TransportError:
            time.sleep(0.2)
            continue
        if answer.status_code == 200:
            return answer
        assert answer.status_code in (400, 503), answer.text
        time.sleep(1)
    raise AssertionError("no answer")


def report(address: str, action_id: str) -> list[str]:
    """Report by a link again and again, each time something else; return the numbers of the receipts."""
    numbers = []
    with httpx.Client(timeout=60) as client:
        for percent in range(1, CHANGES + 1):
            page = html.fromstring(insist(lambda: client.get(address)).text)
            held = {name: value for name, value in page.xpath("//form")[0].fields.items() if value is not None}
            form = held | {f"{action_id}/percent": str(percent)}
            receipt = insist(partial(client.post, address, data=form))
            numbers += re.findall(r"R-\w{5}-\w{5}", receipt.text)
    return numbers


@pytest.mark.nightly
@pytest.mark.kills
@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is a POSIX signal")
def test_nothing_that_was_sent_is_lost_or_kept_twice(tmp_path: Path) -> None:
    publish_fixture(campaign := tmp_path / "campaign")
    open_reports(campaign)
    links, port = ReportLinks(campaign / "private"), find_free_port()
    actions = [f"FIX-{1 + number % 40:03}" for number in range(CLIENTS)]
    made = [links.make(BY_STAFF, [action_id], find_today() + timedelta(days=9)) for action_id in actions]
    addresses = [links.write_address(f"http://127.0.0.1:{port}", link, "en") for link in made]
    own = {name: value for name, value in os.environ.items() if not name.startswith("DASHBOARD_")}
    environment = own | {"DASHBOARD_CAMPAIGN": str(campaign), "DASHBOARD_BASE_URL": f"http://127.0.0.1:{port}"}
    command = ["-m", "uvicorn", "app:app", "--host", "127.0.0.1", "--port", str(port), "--no-access-log"]
    with ThreadPoolExecutor(CLIENTS) as pool:
        sent = pool.map(report, addresses, actions)
        for kill in range(1, KILLS + 1):
            with run_server("dashboard", command, port, PROJECT, environment, "/healthz") as server:
                while len([*(campaign / "private" / FOLDER).glob("R-*")]) < kill * CLIENTS * CHANGES // (KILLS + 2):
                    time.sleep(0.01)
                os.kill(server.pid, signal.SIGKILL)
            republish(campaign, f"build-{kill}")
        with run_server("dashboard", command, port, PROJECT, environment, "/healthz"):
            receipts = [number for numbers in sent for number in numbers]
    kept = ReportBox(campaign / "private").list()
    assert len(set(receipts)) == len(receipts) == CLIENTS * CHANGES
    assert {one.report_no for one in kept} == set(receipts)
    for link in made:
        assert [one.percent for one in kept if one.link == link.handle] == [1, 2, 3, 4]
