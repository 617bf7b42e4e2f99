"""Journeys through many pages in every language, in a real browser: history, keys alone, paper."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from dashboard.i18n import translator
from dashboard.measures.counts import headline
from dashboard.snapshot.selection import Selection
from tests.browser.ways import find_way, go, mark, open_page, settle
from tests.shipped import LANGUAGES

pytestmark = pytest.mark.browser
everywhere = pytest.mark.parametrize("lang", [pytest.param(lang, marks=pytest.mark.nightly) for lang in LANGUAGES])
REGION_BARS, STATUSES = "completion-by-region", "status-overview"


def describe(page: Page) -> tuple[object, ...]:
    """What a reader would call the view: address, heading, filters, charts, an open window."""
    settle(page)
    page.wait_for_timeout(400)
    main = page.get_by_test_id("stMain")
    return (
        page.url,
        page.locator("h1").inner_text(),
        page.locator("[class*='st-key-lift-'] button").filter(visible=True).all_inner_texts(),
        page.locator(".headline").all_inner_texts(),
        main.locator("h2").filter(visible=True).all_inner_texts(),
        page.get_by_role("dialog").count(),
    )


def pick(page: Page, chart_id: str, menu: str, choice: str) -> None:
    """Choose in a menu of a chart's card."""
    page.locator(f".st-key-{menu}-{chart_id} button").click()
    page.get_by_role("menuitem", name=choice, exact=True).or_(
        page.get_by_role("menuitemradio", name=choice, exact=True)
    ).click()


@everywhere
def test_the_back_button_leads_through_filters_pages_charts_and_windows(reader: Page, server: str, lang: str) -> None:
    t = translator(lang)
    views: list[tuple[object, ...]] = []

    def step(act: Callable[[], object]) -> None:
        before = reader.url
        act()
        reader.wait_for_url(lambda url: url != before)
        views.append(describe(reader))

    tools = reader.locator(f".st-key-card-tools-{REGION_BARS}")
    step(lambda: reader.goto(f"{server}/regions?lang={lang}"))
    step(lambda: mark(reader, REGION_BARS, "region:africa").click())
    step(lambda: mark(reader, STATUSES, "region:africa status:completed").click())
    step(lambda: pick(reader, REGION_BARS, "sort", t("Name")))
    step(lambda: reader.locator(".st-key-choice-regions").get_by_role("radio").nth(1).click())
    step(lambda: tools.locator("[class*='st-key-large-'] button").filter(visible=True).click())
    step(lambda: reader.get_by_role("dialog").get_by_role("button", name=t("Close")).click())
    step(lambda: go(reader, "Explore", lang))
    step(lambda: go(reader, "Groups", lang))
    step(lambda: reader.locator("[class*='st-key-lift-status'] button").filter(visible=True).first.click())
    step(lambda: go(reader, "Actions", lang))
    row = reader.locator(".cards tbody th a").first
    step(lambda: row.click())
    step(lambda: go(reader, "Help", lang))
    for view in views[-2::-1]:
        reader.go_back()
        expect(reader).to_have_url(str(view[0]))
        assert describe(reader) == view
    for view in views[1:]:
        reader.go_forward()
        expect(reader).to_have_url(str(view[0]))
        assert describe(reader) == view


def tab_to(page: Page, target: Locator, most: int = 120) -> None:
    """Press Tab until the target has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if target.evaluate("one => one === one.getRootNode().activeElement"):
            return
    raise AssertionError(f"{target} cannot be reached with the Tab key")


@everywhere
def test_keys_alone_filter_lift_sort_enlarge_and_open_an_action(reader: Page, server: str, snapshot, lang: str) -> None:
    t = translator(lang)
    open_page(reader, f"{server}/regions?lang={lang}")
    settle(reader)
    first = reader.locator(f".st-key-card-{REGION_BARS} g[data-mark]").filter(visible=True).first
    tab_to(reader, first)
    chosen = first.get_attribute("data-mark")
    reader.keyboard.press("Enter")
    code = str(chosen).partition(":")[2]
    actions = headline(snapshot, Selection(regions=(code,))).actions
    expect(reader.locator(".headline b")).to_have_text(re.compile(rf"^{actions} "))
    expect(first).to_be_focused()
    reader.keyboard.press("Enter")
    expect(reader).to_have_url(re.compile(r"\?lang="))
    settle(reader)

    reader.locator("h1").evaluate("heading => { heading.tabIndex = -1; heading.focus(); }")
    menu = reader.locator(f".st-key-sort-{REGION_BARS} button")
    tab_to(reader, menu)
    reader.keyboard.press("Enter")
    items = reader.get_by_role("menu").get_by_role("menuitem")
    expect(reader.get_by_role("menu")).to_be_focused()
    reader.keyboard.press("ArrowDown")
    expect(items.nth(1)).to_be_focused()
    reader.keyboard.press("Enter")
    expect(reader).to_have_url(re.compile("sort="))
    settle(reader)
    large = reader.locator(f".st-key-large-{REGION_BARS} button").filter(visible=True)
    tab_to(reader, large)
    reader.keyboard.press("Enter")
    expect(reader.get_by_role("dialog")).to_be_visible()
    reader.keyboard.press("Escape")
    expect(reader.get_by_role("dialog")).to_have_count(0)
    expect(reader).not_to_have_url(re.compile("large="))

    reader.reload()
    settle(reader)
    [link] = find_way(reader, "Actions", lang)
    tab_to(reader, link)
    reader.keyboard.press("Enter")
    expect(reader.locator("h1")).to_have_text(t("Actions"))
    settle(reader)
    way = reader.locator(".cards tbody th a").first
    tab_to(reader, way)
    reader.keyboard.press("Enter")
    expect(reader).to_have_url(re.compile("action="))
    expect(reader.get_by_role("link", name=t("Back to the register"))).to_be_visible()


BEYOND = """() => {
  const inside = (root) => [...root.querySelectorAll("*")].flatMap((one) =>
    [one, ...(one.shadowRoot ? inside(one.shadowRoot) : [])]);
  const width = document.documentElement.clientWidth;
  return inside(document.querySelector("[data-testid=stMain]"))
    .filter((one) => one.matches("svg.pic, .js-plotly-plot, table, .tile, h1, h2") && one.checkVisibility())
    .map((one) => [one.tagName, one.getBoundingClientRect().right])
    .filter(([, right]) => right > width + 1);
}"""


@everywhere
def test_on_paper_charts_are_whole(reader: Page, server: str, lang: str) -> None:
    for page_id, title in (
        ("", "Overview"),
        ("regions", "Regions"),
        ("explore", "Explore"),
        ("definitions", "Definitions"),
    ):
        open_page(reader, f"{server}/{page_id}?region=africa&lang={lang}")
        settle(reader)
        reader.emulate_media(media="print")
        reader.set_viewport_size({"width": 718, "height": 1000})  # A4 with its margins
        reader.wait_for_timeout(600)
        assert reader.evaluate(BEYOND) == [], title
        reader.set_viewport_size({"width": 1280, "height": 900})
        assert reader.pdf(format="A4").startswith(b"%PDF")
        reader.emulate_media(media="screen")
