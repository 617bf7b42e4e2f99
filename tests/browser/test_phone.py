"""A reader with a phone: every page fits, a finger is enough, and what matters is seen before anything is scrolled."""

import pytest
from playwright.sync_api import Page, expect

from dashboard.i18n import translator
from dashboard.ui.frame.header import PAGES
from tests.browser.test_marks import expect_actions
from tests.browser.ways import mark, open_page

pytestmark = pytest.mark.browser

UNLIKE = ("regions", "explore", "actions", "milestones")
"""Pages of every kind of content that is wide: bars, a form of choices, a list, a table of dates."""


def open_fitting(phone: Page, server: str, page_id: str) -> None:
    """Open a page, which needs no scrolling sideways."""
    open_page(phone, f"{server}/{'' if page_id == 'overview' else page_id}?lang=fr")
    phone.wait_for_timeout(500)  # charts take their width after the page has
    widths = phone.evaluate(
        """() => ['html', '[data-testid=stMain]']
            .map(selector => document.querySelector(selector))
            .map(element => [element.scrollWidth, element.clientWidth])"""
    )
    for scroll, client in widths:
        assert scroll <= client, page_id


@pytest.mark.nightly
@pytest.mark.parametrize("page_id", [spec.page_id for spec in PAGES if spec.page_id not in UNLIKE])
def test_a_phone_shows_every_page_without_scrolling_sideways(phone, server, page_id):
    open_fitting(phone, server, page_id)


def test_a_reader_with_a_phone_taps_filters_and_finds_files(phone, server, snapshot):
    for page_id in UNLIKE[1:]:
        open_fitting(phone, server, page_id)
    open_fitting(phone, server, "regions")
    filter_by_taps(phone, snapshot)
    expect(phone.locator(".st-key-filter-region")).not_to_be_in_viewport()
    phone.get_by_test_id("stExpandSidebarButton").click()
    expect(phone.locator(".st-key-filter-region")).to_be_in_viewport()

    open_page(phone, f"{server}/download?region=africa&lang=fr")
    for row, current, title in ((".st-key-sections", "true", "Sharing"), (".st-key-section-pages", "page", "Extracts")):
        here = phone.locator(f"{row} [aria-current={current}]")
        expect(here).to_have_text(translator("fr")(title))
        expect(here).to_be_in_viewport()
        heights = phone.locator(f"{row} a").evaluate_all("links => links.map(a => a.getBoundingClientRect().top)")
        assert max(heights) - min(heights) < 2  # sections and pages are a line each
    expect(phone.locator("[data-file=file-download]")).to_be_in_viewport()
    use_the_briefing(phone, server, "fr")


def filter_by_taps(phone: Page, snapshot) -> None:
    """On Regions: a finger filters by the mark it taps, and lifts all by tapping it again."""
    mark(phone, "completion-by-region", "region:americas").tap()
    expect_actions(phone, snapshot, regions=("americas",))
    mark(phone, "status-overview", "region:americas status:completed").tap()
    expect_actions(phone, snapshot, regions=("americas",), statuses=("completed",))
    mark(phone, "status-overview", "region:americas status:completed").tap()
    expect_actions(phone, snapshot)


@pytest.mark.nightly
def test_the_briefing_is_usable_on_a_phone_in_english_too(phone, server):
    use_the_briefing(phone, server, "en")


def use_the_briefing(phone: Page, server: str, lang: str) -> None:
    """Open the page Briefing with charts: its buttons are in reach, and those that belong together are a row."""
    open_page(
        phone, f"{server}/briefing?chart=completion-by-region&charts=status-overview,completion-by-theme&lang={lang}"
    )
    width = phone.evaluate("innerWidth")
    assert phone.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= width

    def find_box(key: str) -> dict[str, float]:
        button = phone.locator(f".st-key-{key} button:visible").first  # the one for fingers
        box = phone.locator(f"[data-file={key}]").or_(button).bounding_box()
        assert box is not None
        return dict(box)

    for key in ("use-png", "use-pptx", "up-completion-by-theme", "out-completion-by-theme", "briefing-file-pptx"):
        box = find_box(key)
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    rows = [find_box(f"{key}-status-overview")["y"] for key in ("up", "down", "out")]
    assert max(rows) - min(rows) < 4
    words = translator(lang)("Move up: {chart}", chart=translator(lang)("Completion rate by theme"))
    expect(phone.get_by_role("button", name=words)).to_be_visible()
