"""A publication while a reader is in the middle of a choice; a websocket that is blocked."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import running_server
from tests.browser.test_journeys import choose, open_page, tile
from tests.charts_over_http import republish
from tests.snapshots import publish_fixture

pytestmark = pytest.mark.browser


@pytest.fixture
def campaign(tmp_path: Path) -> Path:
    publish_fixture(tmp_path / "campaign")
    return tmp_path / "campaign"


@pytest.fixture
def own_server(campaign: Path, tmp_path: Path) -> Iterator[str]:
    with running_server(campaign, tmp_path) as address:
        yield address


def test_new_figures_are_told_and_shown_when_the_reader_says_so(reader: Page, own_server: str, campaign: Path) -> None:
    open_page(reader, f"{own_server}/?lang=en")
    expect(tile(reader, "Actions")).to_have_text("40")
    words = reader.locator(".st-key-filter-q input")
    words.fill("edu")
    republish(campaign, "second", without=10)
    notice = reader.locator(".notice")
    expect(notice).to_contain_text("40 → 30 actions")
    expect(words).to_be_focused()  # the reader goes on writing
    words.fill("")
    choose(reader, "region", "Africa")
    reader.keyboard.press("Escape")
    expect(tile(reader, "Actions")).not_to_have_text("40")
    chosen = tile(reader, "Actions").inner_text()
    expect(reader.locator(".footer")).to_contain_text("fixture")

    notice.get_by_role("button", name="Keep what I see").press("Enter")
    expect(notice).to_contain_text("keeps the figures of build fixture")
    expect(reader.locator("h1")).to_be_focused()
    assert parse_qs(urlsplit(reader.url).query) == {"region": ["africa"], "build": ["fixture"], "lang": ["en"]}
    reader.reload()
    expect(tile(reader, "Actions")).to_have_text(chosen)
    reader.locator(".notice").get_by_role("button", name="Show").click()
    expect(reader.locator(".footer")).to_contain_text("second")
    expect(reader.locator(".notice")).to_be_hidden()
    reader.wait_for_url(lambda url: "build=" not in url)
    assert parse_qs(urlsplit(reader.url).query) == {"region": ["africa"], "lang": ["en"]}


def test_without_a_websocket_or_scripts_there_is_a_way_to_plain_pages(browser: Browser, server: str) -> None:
    blocked = browser.new_page()
    blocked.route_web_socket("**/_stcore/stream", lambda socket: socket.close())
    blocked.goto(f"{server}/themes?region=africa&lang=fr")
    way = blocked.locator("#plain a").first
    expect(way).to_be_visible()
    way.click()
    expect(blocked.locator(".charts li").first).to_be_visible()
    assert parse_qs(urlsplit(blocked.url).query) == {"region": ["africa"], "lang": ["fr"]}
    blocked.close()
    plain = browser.new_context(java_script_enabled=False).new_page()
    plain.goto(f"{server}/regions")
    expect(plain.locator("#plain a").first).to_be_visible()
    plain.context.close()
    drawn = browser.new_page()
    missing: list[str] = []
    drawn.on("response", lambda answer: missing.append(answer.url) if answer.status == 404 else None)
    open_page(drawn, f"{server}/regions?lang=es")
    expect(drawn.locator("#plain")).to_be_hidden()
    assert missing == []
    drawn.close()
