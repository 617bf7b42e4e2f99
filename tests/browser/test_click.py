"""What a click costs: what the page is sent, and how much of it the browser computes anew."""

from playwright.sync_api import Browser

from benchmarks.click import measure_clicks
from benchmarks.servers import Server

CACHED = 1_000
"""Bytes from which on the browser keeps what it was sent (`.streamlit/config.toml`)."""


CLICKS = ("filter", "reset", "mark", "unfold")
IS_NEW = ("filter", "mark")
"""Clicks after which the page shows a selection that it has not shown before."""


def test_a_click_sends_and_computes_what_has_changed(browser: Browser, sample_server: str) -> None:
    server, styled = Server("dashboard", sample_server, 0), dict.fromkeys(CLICKS, 1e9)
    for _ in range(
        3
    ):  # a busy browser draws what arrives in more steps, a page whose style hangs together never in fewer
        for name, figures, _, elements in measure_clicks(browser, server, "/regions", CLICKS):
            again = [
                one.name for one in elements if one.is_known and one.size > CACHED and one.name.startswith("delta")
            ]
            assert again == [], name
            assert figures["messages"] <= 140
            assert figures["packed"] <= (32_000 if name in IS_NEW else 17_000), name
            assert figures["received"] <= (120_000 if name in IS_NEW else 36_000), name
            assert figures["first change"] < figures["last change"]
            styled[name] = min(styled[name], figures["styled"])
        # Of the two thousand elements of the page the style of few is computed, and of those that are new.
        too_many = {name: count for name, count in styled.items() if count > (3_000 if name in IS_NEW else 2_000)}
        if not too_many:
            return
    raise AssertionError(too_many)
