"""Latest news in a browser: what is new since the last visit, which only the browser knows, and an entry's address."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.ways import open_page

pytestmark = pytest.mark.browser


def test_the_last_visit_leads_to_what_is_new_and_an_entry_has_an_address(reader: Page, server: str) -> None:
    open_page(reader, f"{server}/latest?region=africa&lang=en")
    expect(reader.get_by_text("This browser has not been on this page before today.")).to_be_visible()
    kept = reader.evaluate("Object.entries(localStorage).filter(([name]) => name.startsWith('dashboard-visit'))")
    ((name, _),) = kept
    reader.evaluate("name => localStorage.setItem(name, JSON.stringify({last: '2021-12-24', before: 'x'}))", name)
    reader.reload()
    way = reader.get_by_role("link", name="New since my last visit, 24 December 2021")
    way.focus()
    way.press("Enter")
    expect(reader).to_have_url(re.compile(r"region=africa.*since=2021-12-24.*by=known"))
    expect(way).to_have_attribute("aria-current", "true")
    assert "visit" not in str(reader.context.cookies())

    open_page(reader, f"{server}/latest?kind=story&lang=fr")
    feeds = reader.locator("head link[rel=alternate][type]").evaluate_all("links => links.map((link) => link.href)")
    assert feeds == [f"{server}/latest.{ending}?lang=fr" for ending in ("atom", "json")]
    assert reader.request.get(feeds[0]).headers["content-type"].startswith("application/atom+xml")
    reader.get_by_role("link", name="Adresse de").first.click()
    expect(reader).to_have_url(re.compile(r"entry=[0-9a-f-]{36}"))
    opened = reader.locator(".st-key-latest-opened")
    expect(opened.get_by_text("Une école de plus (récit fictif)")).to_be_visible()
    expect(opened.locator("[lang=fr]").first).to_be_visible()
