"""A reader with a phone: every page fits, a finger is enough, and the main figures are visible before any scrolling."""

import re
from functools import partial

import pytest
from playwright.sync_api import Page, expect

from benchmarks.amount import wait_for_rest
from dashboard.ground.page_addresses import write
from dashboard.i18n import translator
from dashboard.ui.frame.header import PAGES
from tests.browser import looks
from tests.browser.looks import Look
from tests.browser.test_marks import expect_actions
from tests.browser.ways import SHARE, choose, find_way, mark, open_page, query, settle

pytestmark = pytest.mark.browser

WAY = ("Explore", "Actions", "Milestones")
"""Beside the bars of Regions, every kind of content that is wide: a form of choices, a list, a table of dates."""


def expect_to_fit(phone: Page, place: str) -> None:
    """Check that the page needs no scrolling sideways."""
    wait_for_rest(phone, 300)  # charts take their width after the page has
    widths = phone.evaluate(
        """() => ['html', '[data-testid=stMain]']
            .map(selector => document.querySelector(selector))
            .map(element => [element.scrollWidth, element.clientWidth])"""
    )
    assert all(scroll <= client for scroll, client in widths), (place, widths)


@pytest.mark.nightly
@pytest.mark.parametrize("page_id", [spec.page_id for spec in PAGES if spec.title != "Regions"])
def test_a_phone_shows_every_page_without_scrolling_sideways_and_nothing_moves(phone, server, page_id):
    open_page(phone, write(server, page_id, [("lang", "fr")]))
    expect_to_fit(phone, page_id)
    wait_for_rest(phone, 1_500)
    assert phone.evaluate("window.__amount.shift") < 0.05


def test_a_reader_with_a_phone_taps_filters_sorts_goes_on_and_finds_files(phone, server, snapshot, lang):
    t = translator(lang)
    open_page(phone, f"{server}/regions?lang={lang}")
    expect_to_fit(phone, "Regions")
    assert phone.evaluate("window.__amount.shift") < 0.05
    filter_by_taps(phone, snapshot)
    phone.locator(".st-key-sort-completion-by-region button").tap()
    phone.get_by_role("menuitem", name=t("Name"), exact=True).tap()
    expect(phone).to_have_url(re.compile("sort="))
    expect(phone.locator("[data-chip=theme]")).to_be_hidden()
    phone.locator(".more-chips summary").tap()
    expect(phone.locator("[data-chip=theme]")).to_be_in_viewport(ratio=0.99)  # its edges lie between pixels
    choose(phone, "theme", snapshot.codes["themes"]["education"].labels[lang])
    expect(phone).to_have_url(re.compile("theme=education"))
    phone.keyboard.press("Escape")
    settle(phone)  # until then the links lead to the page without the theme
    for title in WAY:
        go_by_taps(phone, title, lang)
        expect_to_fit(phone, title)
        if title == "Actions":
            look_at_a_narrow_page(phone, lang)
    kept = {"region": ["americas"], "theme": ["education"], "lang": [lang]}
    assert query(phone) == kept | {"part": ["milestones"]}

    go_by_taps(phone, "Extracts", lang)
    for row, current, title in (
        ("nav.pages", "true", SHARE),
        (".parts", "page", "Extracts"),
    ):
        here = phone.locator(f"{row} [aria-current={current}]")
        expect(here).to_have_text(t(title))
        expect(here).to_be_in_viewport()
        ways = phone.locator(f"{row} a:not(.sign-in)")
        heights = ways.evaluate_all("links => links.map(a => a.getBoundingClientRect().top)")
        assert max(heights) - min(heights) < 2  # sections and pages are a line each
    expect(phone.locator("[data-file=file-download]")).to_be_in_viewport()
    open_page(phone, write(server, "download", [("lang", lang)]))  # without filters a set has all of its charts
    use_the_briefing(phone, lang)


def go_by_taps(phone: Page, title: str, lang: str) -> None:
    for link in find_way(phone, title, lang):
        link.tap()
    expect(phone.locator("h1")).to_have_text(translator(lang)(title))
    settle(phone)


def look_at_a_narrow_page(phone: Page, lang: str) -> None:
    """On Actions: it fits the narrowest page, and has no fault, nor has anything that opens above it.

    `test_accessibility.py` looks at Overview, other tests at the briefing and charts.
    """
    look = Look("actions", "plain", "", lang, "light", 320)
    phone.set_viewport_size({"width": look.width, "height": 800})
    expect_to_fit(phone, "Actions, narrow")
    assert looks.find_faults(partial(looks.look_here, phone), [look]) == []
    phone.set_viewport_size({"width": 380, "height": 800})


def filter_by_taps(phone: Page, snapshot) -> None:
    """On Regions: a finger filters by a tap on a mark, and lifts the filter by another."""
    americas, completed = (
        mark(phone, *of)
        for of in (("completion-by-region", "region:americas"), ("status-overview", "region:americas status:completed"))
    )
    americas.tap()
    expect_actions(phone, snapshot, regions=("americas",))
    completed.tap()
    expect_actions(phone, snapshot, regions=("americas",), statuses=("completed",))
    completed.tap()
    expect_actions(phone, snapshot)
    americas.tap()
    expect_actions(phone, snapshot, regions=("americas",))


def use_the_briefing(phone: Page, lang: str) -> None:
    """Take charts on the page Briefing: its buttons are in reach, and those that belong together are a row."""
    go_by_taps(phone, "Briefing", lang)
    phone.locator(".st-key-preset-overview button:visible").first.tap()
    expect(phone.locator("[class*='st-key-item-']")).to_have_count(5)
    phone.locator(".st-key-use-completion-by-region button:visible").first.tap()
    expect(phone.locator(".st-key-use-chart img").first).to_be_visible()
    expect_to_fit(phone, "Briefing")
    width = phone.evaluate("innerWidth")

    def find_box(key: str) -> dict[str, float]:
        button = phone.locator(f".st-key-{key} button:visible").first  # the one for fingers
        box = phone.locator(f"[data-file={key}]").or_(button).bounding_box()
        assert box is not None
        return dict(box)

    for key in ("use-png", "use-pptx", "up-completion-by-theme", "out-completion-by-theme"):
        box = find_box(key)
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    rows = [find_box(f"{key}-status-overview")["y"] for key in ("up", "down", "out")]
    assert max(rows) - min(rows) < 4
    words = translator(lang)("Move up: {chart}", chart=translator(lang)("Completion rate by theme"))
    expect(phone.get_by_role("button", name=words)).to_be_visible()
