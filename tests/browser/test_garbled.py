"""Requests and messages that no browser sends, to the running server; the greater twin is in `tests/acceptance`."""

import pytest

from tests.garbled import Seen, send_messages, send_requests
from tests.page_stream import run_apart

pytestmark = pytest.mark.browser  # it shares their server


def check(seen: Seen) -> None:
    assert seen.told == []
    assert seen.slow == []
    assert seen.broken == []


def test_requests(server: str) -> None:
    seen = run_apart(send_requests(server, 400, seed=7))
    check(seen)
    assert {200, 400, 403, 404, 405, 413, 421} <= seen.statuses.keys()


@pytest.mark.nightly
def test_messages(server: str) -> None:
    seen = run_apart(send_messages(server, 30, seed=7, each=15))
    check(seen)
    assert seen.visits >= 2
    assert seen.messages >= 30
