"""Requests and messages that no browser sends, to the running server; the greater twin is in `tests/acceptance`."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.garbled import Seen, send_messages, send_requests

pytestmark = pytest.mark.browser  # it shares their server


def run(sending: Coroutine[Any, Any, Seen]) -> Seen:
    """Send from a thread of its own: in that of the tests Playwright's event loop may be open."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, sending).result()


def check(seen: Seen) -> None:
    assert seen.told == []
    assert seen.slow == []
    assert seen.broken == []


def test_requests(server: str) -> None:
    seen = run(send_requests(server, 400, seed=7))
    check(seen)
    assert {200, 400, 403, 404, 405, 413, 421} <= seen.statuses.keys()


def test_messages(server: str) -> None:
    seen = run(send_messages(server, 30, seed=7, each=15))
    check(seen)
    assert seen.answers > 30
