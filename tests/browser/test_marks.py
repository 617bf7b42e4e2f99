"""Marks of charts in a real browser: by mouse and keyboard, with the link, the focus and the back button.

`tests/browser/test_phone.py` taps them.
"""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from dashboard.measures.counts import headline
from dashboard.snapshot.selection import Selection
from tests.browser.conftest import DESK
from tests.browser.ways import mark, open_page, query, settle

pytestmark = pytest.mark.browser

PHONE: ViewportSize = {"width": 390, "height": 844}
WATCH_MOVES = """window.moves = [];
const animate = Element.prototype.animate;
Element.prototype.animate = function (frames, how) {
  moves.push([this.tagName, Object.keys(frames).join(), how.duration]);
  return animate.call(this, frames, how);
};"""
"""The moves by the script of a drawing: the kind of element, the changed attribute, the milliseconds."""
LOSING = """() => {
  const send = WebSocket.prototype.send;
  Object.assign(window, { lost: 0, isLosing: false });
  WebSocket.prototype.send = function (data) {
    if (isLosing) lost += 1;
    else send.call(this, data);
  };
}"""
"""From then on the page loses what it sends while `isLosing`."""
SHAPES = """performance.getEntriesByType("resource")
    .map((entry) => [entry.name.split("#")[0], entry.transferSize > 0])
    .filter(([name]) => name.includes("/charts/assets/world-"))"""
"""The files of shapes, and whether they came over the line, and not from the browser's cache."""


def expect_actions(page: Page, snapshot, **filters: tuple[str, ...]) -> None:
    actions = headline(snapshot, Selection(**filters)).actions
    expect(page.locator(".headline b")).to_have_text(re.compile(rf"^{actions} ac[ct]i"))


def test_marks_filter_and_are_lifted_by_mouse_and_keyboard_and_the_back_button_follows(reader, server, snapshot):
    reader.emulate_media(reduced_motion="no-preference")  # menus take the focus though they move
    reader.add_init_script(WATCH_MOVES)
    asked, missing = [], []
    reader.on("request", lambda request: asked.append(request.url))
    reader.on("response", lambda answer: missing.append(answer.url) if answer.status == 404 else None)
    open_page(reader, f"{server}/regions?lang=en")
    expect(reader.locator("#plain")).to_be_hidden()  # the way to plain pages is for those whose page is not drawn
    filter_by_a_country_of_the_map(reader, snapshot)
    filter_by_bars(reader, snapshot)
    assert not [address for address in asked if "plotly" in address.lower()]
    lift_by_a_row_and_go_on_by_keys(reader, snapshot)
    assert ["g", "transform", 200] in reader.evaluate("moves")  # sorted rows went to their places
    assert ["rect", "x,width", 200] in reader.evaluate("moves")  # and bars to their lengths
    filter_without_motion(reader, snapshot)
    have_the_form_that_fits(reader, snapshot)
    go_through_the_bars_of_overview(reader)
    assert missing == []
    assert {urlsplit(address).netloc for address in asked if address.startswith("http")} == {urlsplit(server).netloc}


def go_through_the_bars_of_overview(page: Page) -> None:
    """Check that one dimension's bars are one stop of the Tab key, and that arrows lead from one to the next."""
    page.emulate_media(media="screen")
    page.locator("nav.pages").get_by_role("link", name="Overview", exact=True).click()
    bars = page.locator(".rate-bars").first.get_by_role("link")
    expect(bars.first).to_be_visible()
    expect(page.locator("[data-drawn]")).to_have_count(1)  # the script of the drawings moves between bars as well
    settle(page)
    expect(page.locator("h1")).to_be_focused()
    bars.first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(bars.nth(2)).to_be_focused()
    assert bars.first.locator("i").last.evaluate("one => getComputedStyle(one).animationName") == "none"
    page.keyboard.press("Shift+Tab")
    expect(bars.nth(2)).not_to_be_focused()
    settle(page)  # what has the focus now may be drawn anew
    page.keyboard.press("Tab")
    expect(bars.nth(2)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(".more a").first).to_be_focused()


def filter_without_motion(page: Page, snapshot) -> None:
    """Check that nothing moves for readers who ask for less motion, where it does for others."""
    completed, moves = mark(page, "status-overview", "region:americas status:completed"), {}
    for wish in ("no-preference", "reduce"):
        page.emulate_media(reduced_motion=wish)
        page.evaluate("moves.length = 0")
        for filters in ({"regions": ("americas",), "statuses": ("completed",)}, {}):
            completed.press("Enter")
            expect_actions(page, snapshot, **filters)
            settle(page)
        moves[wish] = page.evaluate("moves.length")
    assert moves["no-preference"] > 0
    assert moves["reduce"] == 0


def have_the_form_that_fits(page: Page, snapshot) -> None:
    """Check that each drawing follows the window's width, with its marks, the focus and the filters.

    It travels in one form, also with the clicks that follow, and fits paper. It is asked for again where that was lost.
    """
    page.evaluate(LOSING)
    card = page.locator(".st-key-card-completion-by-region")
    drawn = {form: card.locator(f".{form} svg") for form in ("wide", "narrow")}
    africa = mark(page, "completion-by-region", "region:africa")
    for form, other, size in (
        ("narrow", "wide", PHONE),
        ("wide", "narrow", DESK),
    ):
        expect(drawn[other]).to_have_count(1)
        expect(drawn[form]).to_have_count(0)
        africa.focus()
        page.evaluate("() => Object.assign(window, { lost: 0, isLosing: true })")
        page.set_viewport_size(size)
        page.wait_for_function("() => lost > 0")
        page.evaluate("() => { isLosing = false; }")
        expect(drawn[form]).to_have_count(1)
        expect(drawn[other]).to_have_count(0)
        expect(africa).to_be_focused()
        settle(page)
        africa.press("Enter")
        expect_actions(page, snapshot, regions=("africa",))
        expect(drawn[form]).to_have_count(1)
        africa.press("Enter")
        expect_actions(page, snapshot)
        settle(page)
    page.emulate_media(media="print")
    expect(drawn["wide"]).to_be_visible()
    expect(page.locator(".st-key-card-tools-completion-by-region")).to_be_hidden()  # buttons say nothing on paper
    expect(page.locator(".st-key-card-completion-by-region .card-title")).to_be_visible()


def filter_by_a_country_of_the_map(page: Page, snapshot) -> None:
    """Filter by a country of the map and lift it; its shapes come once."""
    ghana = mark(page, "completion-map", "country:GHA")
    ghana.hover()
    expect(page.locator(".st-key-card-completion-map .tip")).to_contain_text("Ghana")
    ghana.click()
    expect_actions(page, snapshot, countries=("GHA",))
    assert query(page) == {"country": ["GHA"], "by": ["region"], "lang": ["en"]}  # not the country's own page
    drawing = page.locator(".st-key-card-completion-map .wide [data-width]")
    expect(drawing).to_have_attribute("data-width", "36000")  # it has come closer
    page.keyboard.press("Enter")
    expect_actions(page, snapshot)
    expect(ghana).to_be_focused()
    shapes = page.evaluate(SHAPES)
    sent = [name for name, is_sent in shapes if is_sent]
    assert shapes
    assert len(sent) == len(set(sent))


def filter_by_bars(page: Page, snapshot) -> None:
    """Bars filter and are lifted, the focus stays, and the back button goes through the filters."""
    africa = mark(page, "completion-by-region", "region:africa")
    africa.hover()
    expect(page.locator(".st-key-card-completion-by-region .tip")).to_contain_text("Africa")
    africa.click()
    expect_actions(page, snapshot, regions=("africa",))
    assert query(page) == {"region": ["africa"], "lang": ["en"]}
    expect(africa).to_be_focused()
    expect(africa).to_have_attribute("aria-pressed", "true")
    expect(mark(page, "completion-by-region", "region:americas")).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("Enter")
    expect_actions(page, snapshot)
    expect(africa).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect_actions(page, snapshot, regions=("americas",))
    mark(page, "status-overview", "region:americas status:completed").click()
    expect_actions(page, snapshot, regions=("americas",), statuses=("completed",))
    page.locator("[data-chip=region] .lift").filter(visible=True).click()
    expect_actions(page, snapshot, statuses=("completed",))
    page.go_back()
    expect_actions(page, snapshot, regions=("americas",), statuses=("completed",))
    page.go_back()
    expect_actions(page, snapshot, regions=("americas",))


def lift_by_a_row_and_go_on_by_keys(page: Page, snapshot) -> None:
    """Lift a filtering mark by its row; open and close a menu and a large view by keys alone."""
    row = page.locator(".st-key-card-completion-by-region a[data-mark='region:americas']")
    page.locator(".st-key-figures-completion-by-region summary").press("Enter")
    row.press("Enter")
    expect_actions(page, snapshot)
    expect(row).to_be_focused()
    page.locator("h1").evaluate("heading => { heading.tabIndex = -1; heading.focus(); }")
    tab_to(page, page.locator(".st-key-sort-completion-by-region button"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("menu")).to_be_focused()  # also when the page has been drawn anew
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitem").nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("sort="))
    settle(page)
    tab_to(page, page.locator(".st-key-large-completion-by-region button").filter(visible=True))
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("large="))
    tab_to(page, page.locator(".st-key-card-completion-by-region g[data-mark]").filter(visible=True).first)


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if target.evaluate("one => one === one.getRootNode().activeElement"):
            return
    raise AssertionError(f"{target} cannot be reached with the Tab key")
