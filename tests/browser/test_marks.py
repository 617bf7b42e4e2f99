"""Marks of charts in a real browser: by mouse, keyboard and finger, with the link, the focus and the back button."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from dashboard.measures.counts import headline
from dashboard.snapshot.selection import Selection
from tests.browser.test_journeys import open_page

pytestmark = pytest.mark.browser


def mark(page: Page, chart_id: str, stands_for: str):
    """A mark of the drawing that is shown."""
    return page.locator(f".st-key-card-{chart_id} g[data-mark='{stands_for}']").filter(visible=True)


def query(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def expect_actions(page: Page, snapshot, **filters: tuple[str, ...]) -> None:
    actions = headline(snapshot, Selection(**filters)).actions
    expect(page.locator(".headline b")).to_have_text(re.compile(rf"^{actions} action"))


def test_a_mark_filters_and_is_lifted_by_mouse_and_keyboard_and_the_back_button_follows(reader, server, snapshot):
    asked = []
    reader.on("request", lambda request: asked.append(request.url))
    open_page(reader, f"{server}/regions?lang=en")
    africa = mark(reader, "completion-by-region", "region:africa")
    africa.hover()
    expect(reader.locator(".st-key-card-completion-by-region .tip")).to_contain_text("Africa")
    africa.click()
    expect_actions(reader, snapshot, regions=("africa",))
    assert query(reader) == {"region": ["africa"], "lang": ["en"]}
    expect(africa).to_be_focused()
    expect(africa).to_have_attribute("aria-pressed", "true")
    expect(mark(reader, "completion-by-region", "region:americas")).to_have_attribute("aria-pressed", "false")
    reader.keyboard.press("Enter")
    expect_actions(reader, snapshot)
    expect(africa).to_be_focused()
    reader.keyboard.press("ArrowDown")
    reader.keyboard.press("Space")
    expect_actions(reader, snapshot, regions=("americas",))
    mark(reader, "status-overview", "region:americas status:completed").click()
    expect_actions(reader, snapshot, regions=("americas",), statuses=("completed",))
    reader.locator(".st-key-lift-region-americas button").filter(visible=True).click()
    expect_actions(reader, snapshot, statuses=("completed",))
    reader.go_back()
    expect_actions(reader, snapshot, regions=("americas",), statuses=("completed",))
    reader.go_back()
    expect_actions(reader, snapshot, regions=("americas",))
    row = reader.locator(".st-key-card-completion-by-region a[data-mark='region:americas']")
    row.focus()
    reader.keyboard.press("Enter")
    expect_actions(reader, snapshot)
    expect(row).to_be_focused()
    reader.locator(".st-key-sort-completion-by-region button").focus()
    reader.keyboard.press("Enter")
    expect(reader.get_by_role("menu")).to_be_focused()  # also when the page has been drawn anew
    reader.keyboard.press("ArrowDown")
    expect(reader.get_by_role("menuitem").nth(1)).to_be_focused()
    assert not [address for address in asked if "plotly" in address.lower()]


SENT_SHAPES = """performance.getEntriesByType("resource")
    .filter((entry) => entry.name.includes("/charts/assets/world-") && entry.transferSize > 0)
    .map((entry) => entry.name.split("#")[0])"""
"""The files of shapes that came over the line, and not from what the browser has kept."""


def test_a_finger_filters_by_the_mark_it_taps(phone, server, snapshot):
    open_page(phone, f"{server}/regions?lang=en")
    americas = mark(phone, "completion-by-region", "region:americas")
    americas.tap()
    expect_actions(phone, snapshot, regions=("americas",))
    mark(phone, "status-overview", "region:americas status:completed").tap()
    expect_actions(phone, snapshot, regions=("americas",), statuses=("completed",))
    mark(phone, "status-overview", "region:americas status:completed").tap()
    expect_actions(phone, snapshot)


def test_a_country_of_the_map_filters_and_its_shapes_come_once_from_this_server(reader, server, snapshot):
    asked = []
    reader.on("request", lambda request: asked.append(request.url))
    open_page(reader, f"{server}/regions?lang=en")
    ghana = mark(reader, "completion-map", "country:GHA")
    ghana.hover()
    expect(reader.locator(".st-key-card-completion-map .tip")).to_contain_text("Ghana")
    ghana.click()
    expect_actions(reader, snapshot, countries=("GHA",))
    assert query(reader) == {"country": ["GHA"], "lang": ["en"]}
    drawing = reader.locator(".st-key-card-completion-map .wide [data-width]")
    expect(drawing).to_have_attribute("data-width", "36000")  # it has come closer
    reader.keyboard.press("Enter")
    expect_actions(reader, snapshot)
    expect(ghana).to_be_focused()
    shapes = reader.evaluate(SENT_SHAPES)
    assert len(shapes) == len(set(shapes)) >= 2
    assert {urlsplit(address).netloc for address in asked if address.startswith("http")} == {urlsplit(server).netloc}
