"""What a click costs: what the page is sent, and how much of it the browser computes anew."""

from playwright.sync_api import Browser

from benchmarks.click import measure_clicks
from benchmarks.servers import Server

CACHED = 1_000
"""Bytes from which on the browser keeps what it was sent (`.streamlit/config.toml`)."""


def test_a_click_sends_and_computes_what_has_changed(browser: Browser, sample_server: str) -> None:
    server, clicks = Server("dashboard", sample_server, 0), ("filter", "reset", "mark", "unfold")
    for name, figures, _, elements in measure_clicks(browser, server, "/regions", clicks):
        again = [one.name for one in elements if one.is_known and one.size > CACHED and one.name.startswith("delta")]
        assert again == [], name
        is_new = name in ("filter", "mark")
        assert figures["messages"] <= 140
        assert figures["packed"] <= (50_000 if is_new else 20_000), name
        assert figures["received"] <= (240_000 if is_new else 40_000), name
        assert figures["first change"] < figures["last change"]
        # Of the two thousand elements of the page the style of few is computed, and of those that are new.
        assert figures["styled"] <= (3_000 if is_new else 2_000), name
