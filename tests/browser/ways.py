"""Ways through the pages: open one, follow the header's links to another, choose, and find visible elements."""

import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page, expect

from dashboard.i18n import translator
from dashboard.ui.frame.header import SECTIONS, STAFF

SHARE = next(section.title for section in SECTIONS if section.holds("download"))
"""The title of the page of downloads and embeds; its word has a context."""


def open_page(page: Page, address: str) -> None:
    """Open a page, and wait until its last element is there."""
    page.goto(address)
    expect(page.locator(".footer")).to_be_visible()


def settle(page: Page) -> None:
    """Wait until the page has run and drawn."""
    expect(page.locator(".footer")).to_be_visible()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def query(page: Page) -> dict[str, list[str]]:
    """Return the parameters in the page's address."""
    return parse_qs(urlsplit(page.url).query)


def choose(page: Page, parameter: str, label: str) -> None:
    """Choose in the list of a filter's chip; it stays open."""
    chip = page.locator(f"[data-chip={parameter}]").first
    chip.locator("> .shown").click()
    chip.locator("[popover]").get_by_label(label, exact=True).click()


def choose_language(page: Page, name: str) -> None:
    """Have the page in another language."""
    page.locator(".st-key-lang button").click()
    page.get_by_role("menuitem", name=name).click()


def tile(page: Page, name: str) -> Locator:
    """Return the value in the tile of this name."""
    return page.locator(".tile", has=page.get_by_text(name, exact=True)).locator(".value")


def expect_actions(page: Page, number: int, timeout: float | None = None) -> None:
    """Check that Overview's sentence is of this many actions."""
    expect(page.locator("h1 a").first).to_have_text(re.compile(rf"^{number} "), timeout=timeout)


def mark(page: Page, chart_id: str, stands_for: str) -> Locator:
    """Return a mark of the drawing that is shown."""
    return page.locator(f".st-key-card-{chart_id} g[data-mark='{stands_for}']").filter(visible=True)


def go(page: Page, title: str, lang: str = "en") -> None:
    """Follow the links to another page of the dashboard, by its title in English."""
    for link in find_way(page, title, lang):
        link.click()
    expect(page.locator("h1")).to_have_text(translator(lang)(title))
    settle(page)


def find_way(page: Page, title: str, lang: str = "en") -> list[Locator]:
    """Find the links to a page, by its English title: to its section, and in it to a page that is not the first."""
    t = translator(lang)
    section = next(s for s in (*SECTIONS, *STAFF) if any(spec.title == title for spec in s.pages))
    rows = {"nav.pages": section.title}
    if section.pages[0].title != title:
        rows[".parts"] = title
    return [page.locator(row).get_by_role("link", name=t(name), exact=True) for row, name in rows.items()]
