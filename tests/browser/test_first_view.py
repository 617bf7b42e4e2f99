"""The cost of a first visit over the line, in a real browser: 1.4 MB at most, more with curves or tables."""

import pytest
from playwright.sync_api import Browser

from benchmarks.amount import measure
from benchmarks.first_view import count_bytes
from benchmarks.servers import Server
from dashboard.ground.page_addresses import write
from dashboard.ui.frame.header import PAGES

pytestmark = pytest.mark.browser

MOST = {"overview": 2_700_000, "download": 1_900_000}
USUAL = 1_400_000
MOST_DRAWN = {"briefing": 165_000}  # all charts in small
USUALLY_DRAWN = 150_000
MOST_WORDS = {"overview": 300, "regions": 700, "explore": 400, "help": 900, "definitions": 900}
LARGEST = "regions"
OTHERS = [spec.page_id for spec in PAGES if spec.page_id != LARGEST]


@pytest.mark.parametrize("page_id", [LARGEST, *(pytest.param(one, marks=pytest.mark.nightly) for one in OTHERS)])
def test_a_first_view_is_small_and_nothing_moves_while_it_is_drawn(browser: Browser, server: str, page_id: str) -> None:
    """On a phone: `test_phone.py`."""
    with count_bytes(Server("dashboard", server, 0)) as (address, wire):
        amount = measure(browser, write(address, page_id))
    assert 0 < wire.http + wire.websocket <= MOST.get(page_id, USUAL)
    assert wire.websocket < MOST_DRAWN.get(page_id, USUALLY_DRAWN)  # it is compressed
    assert amount["shift"] < 0.05
    assert amount["words"] <= MOST_WORDS.get(page_id, amount["words"])
    if page_id == "overview":
        assert amount["first_words"] <= 230 and amount["first_controls"] <= 41


@pytest.mark.nightly
def test_nothing_moves_where_fields_come_late_or_a_fold_is_opened(browser: Browser, server: str) -> None:
    assert measure(browser, write(server, "download"), 390, click="details summary")["shift"] < 0.05
