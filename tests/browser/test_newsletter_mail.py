"""A digest as Chromium draws it: in French, light and dark, wide and narrow, with nothing fetched from anywhere."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from dashboard.mail.subscribers import Wish
from dashboard.newsletter.digest import CHART_WIDTH, Digest, Period, gather
from dashboard.newsletter.written import show_pictures, write_html
from dashboard.snapshot.database import Snapshot
from tests.browser.looks import examine

OF_PAGES = ("landmark-one-main", "region")
"""Landmarks are those of the program that shows the mail, among which it is one article."""
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def digest(snapshot: Snapshot) -> Digest:
    period = Period(None, datetime(2022, 1, 10, tzinfo=UTC), date(2021, 6, 1))
    made = gather(snapshot, Wish("fr"), period, "https://actions.example.org")
    return replace(made, is_sample=True)


def test_a_digest_is_drawn_whole_without_fetching_anything(browser: Browser, digest: Digest) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_content(show_pictures(digest, write_html(digest)))
    check_looks(page, "light", 390)
    check_looks(page, "dark", 1280)
    assert [url for url in asked if not url.startswith("data:")] == []
    page.close()


def check_looks(page: Page, scheme: Literal["light", "dark"], width: int) -> None:
    """The mail fits with all its pictures, is as dark as its reader's program, and accessible."""
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    pictures = page.locator("img")
    assert pictures.count() == 2
    drawn = [pictures.nth(place).evaluate("img => img.decode().then(() => img.naturalWidth)") for place in range(2)]
    assert drawn == [2 * CHART_WIDTH] * 2
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator(".sheet").evaluate("sheet => sheet.offsetWidth") <= 632
    ground = page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")
    assert (ground == "rgb(255, 255, 255)") == (scheme == "light")
    assert [finding for finding in examine(page) if finding.rule not in OF_PAGES] == []
