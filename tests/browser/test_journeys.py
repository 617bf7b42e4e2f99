"""Whole journeys of a reader, in a real browser on the real server."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from dashboard.formats import format_percent
from dashboard.i18n import translator
from dashboard.measures import register
from dashboard.measures.counts import headline
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame.header import PAGES

pytestmark = pytest.mark.browser


def open_page(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator(".footer")).to_be_visible()


def tile(page: Page, name: str):
    """The value in the tile of this name."""
    return page.locator(".tile", has=page.get_by_text(name, exact=True)).locator(".value")


def choose(page: Page, parameter: str, label: str) -> None:
    box = page.locator(f".st-key-filter-{parameter}")
    box.locator("input").click()
    page.get_by_role("option", name=label, exact=True).click()


def rate(snapshot, selection: Selection) -> str:
    h = headline(snapshot, selection)
    return format_percent(h.completed, h.actions, selection.lang)


def test_a_reader_filters_shares_the_link_and_takes_the_rows_home(reader, server, snapshot, tmp_path):
    chosen = Selection(regions=("americas",))
    assert rate(snapshot, Selection()) != rate(snapshot, chosen)
    open_page(reader, server)
    expect(tile(reader, "Completion rate")).to_have_text(rate(snapshot, Selection()))
    expect(reader.locator(".js-plotly-plot")).to_have_count(1)

    choose(reader, "region", "Americas")
    expect(tile(reader, "Completion rate")).to_have_text(rate(snapshot, chosen))
    assert parse_qs(urlsplit(reader.url).query) == {"region": ["americas"], "lang": ["en"]}

    reader.reload()
    expect(tile(reader, "Completion rate")).to_have_text(rate(snapshot, chosen))
    expect(reader.locator(".st-key-filter-region")).to_contain_text("Americas")

    reader.get_by_role("link", name="Actions", exact=True).click()
    expect(reader.locator("h1")).to_have_text("Actions")
    assert parse_qs(urlsplit(reader.url).query)["region"] == ["americas"]
    with reader.expect_download() as download:
        reader.get_by_role("link", name="Download as Excel").click()
    file = tmp_path / "register.xlsx"
    download.value.save_as(file)
    assert download.value.suggested_filename.endswith(".xlsx")
    assert read_ids(file) == register.page(snapshot, chosen)["action_id"].tolist()


@pytest.mark.parametrize("times", [2, pytest.param(8, marks=pytest.mark.exhaustive)])
def test_quick_clicks_on_a_page_that_is_still_being_drawn_drop_no_filter(reader, server, times):
    for _ in range(times):
        reader.goto(f"{server}/download?region=africa&theme=education&lang=fr")
        formats = reader.locator("[class*='st-key-extract-format'] label")
        formats.filter(has_text="CSV").click()
        formats.filter(has_text="JSON").click()
        reader.wait_for_url("**format=json**")
        expect(reader.locator("[data-testid=stStatusWidget]")).to_have_count(0)
        expect(reader.locator(".st-key-filter-region")).to_contain_text("Afrique")
        expect(reader.locator(".st-key-filter-theme")).to_contain_text("Éducation")
        query = parse_qs(urlsplit(reader.url).query)
        assert query == {"region": ["africa"], "theme": ["education"], "lang": ["fr"], "format": ["json"]}


def read_ids(file: Path) -> list[str]:
    """The action ids of the register's sheet, in its order; what stands above its header is left out."""
    book = openpyxl.load_workbook(file)
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    place = next(number for number, row in enumerate(rows) if "Action ID" in row)
    column = rows[place].index("Action ID")
    ids = [row[column] for row in rows[place + 1 :] if row[column] is not None]
    book.close()
    return [str(value) for value in ids]


@pytest.mark.parametrize("lang", ["fr", pytest.param("es", marks=pytest.mark.exhaustive)])
def test_the_language_switch_keeps_the_view(reader, server, snapshot, lang):
    open_page(reader, f"{server}/regions?region=africa")
    reader.get_by_role("radio", name={"fr": "Français", "es": "Español"}[lang]).click()
    t = translator(lang)
    expect(reader.locator("h1")).to_have_text(t("Regions"))
    actions = headline(snapshot, Selection(regions=("africa",))).actions
    expect(reader.locator(".headline b")).to_have_text(
        re.compile(rf"^{actions} .+ {'avec' if lang == 'fr' else 'con'} ")
    )
    expect(reader.locator("html")).to_have_attribute("lang", lang)
    assert parse_qs(urlsplit(reader.url).query) == {"region": ["africa"], "lang": [lang]}
    expect(reader.locator(".st-key-filter-region")).to_contain_text(snapshot.codes["regions"]["africa"].labels[lang])
    reader.get_by_role("link", name=t("Themes")).click()
    expect(reader.locator("h1")).to_have_text(t("Themes"))


def test_the_back_button_goes_back_to_the_view_before(reader, server, snapshot):
    open_page(reader, f"{server}/?lang=en")
    choose(reader, "region", "Africa")
    expect(tile(reader, "Actions")).to_have_text(str(headline(snapshot, Selection(regions=("africa",))).actions))
    reader.go_back()
    expect(tile(reader, "Actions")).to_have_text(str(headline(snapshot, Selection()).actions))
    expect(reader.locator(".st-key-filter-region")).not_to_contain_text("Africa")
    reader.go_forward()
    expect(tile(reader, "Actions")).to_have_text(str(headline(snapshot, Selection(regions=("africa",))).actions))


def test_a_row_opens_its_action_and_the_link_opens_it_again(reader, server, snapshot):
    first = register.page(snapshot, Selection(regions=("africa",)), limit=1).iloc[0]
    open_page(reader, f"{server}/actions?region=africa")
    way = reader.get_by_role("table", name="Actions").get_by_role("link", name=first["title"], exact=True)
    with reader.context.expect_page() as opened:  # a link is a link: another button opens it in another tab
        way.click(modifiers=["ControlOrMeta"])
    expect(opened.value.locator("[data-testid=stMain] h2").first).to_have_text(first["title"])
    opened.value.close()
    loaded = reader.evaluate("performance.timeOrigin")
    way.click()
    expect(reader.locator("[data-testid=stMain] h2").first).to_have_text(first["title"])
    assert parse_qs(urlsplit(reader.url).query)["action"] == [first["action_id"]]
    assert reader.evaluate("performance.timeOrigin") == loaded  # the page was not loaded anew
    expect(reader).to_have_title(f"{first['title']} · Actions")
    reader.goto(f"{server}/actions/{first['action_id']}?region=africa")  # its own address leads there
    expect(reader.locator("[data-testid=stMain] h2").first).to_have_text(first["title"])
    assert parse_qs(urlsplit(reader.url).query) == {"action": [first["action_id"]], "region": ["africa"]}
    reader.get_by_role("link", name="Back to the register").click()
    expect(way).to_be_visible()
    expect(reader).to_have_title("Actions")  # the tab does not keep the name of what was open
    assert "action" not in parse_qs(urlsplit(reader.url).query)


def test_a_stakeholder_of_the_register_leads_to_its_page_and_the_way_back(reader, server, snapshot):
    first = register.page(snapshot, Selection(regions=("africa",)), limit=1).iloc[0]
    open_page(reader, f"{server}/actions?region=africa&page=1&lang=es")
    t = translator("es")
    # Before its script is there, a link is the browser's own, and loads the page anew.
    expect(reader.get_by_role("navigation", name=t("Pages"), exact=True)).to_be_visible()
    reader.locator(".cards").get_by_role("link", name=first["stakeholder"], exact=True).first.press("Enter")
    expect(reader.locator("h1")).to_have_text(first["stakeholder"])
    expect(reader.locator("h1")).to_be_focused()
    expect(reader).to_have_title(f"{first['stakeholder']} · {t('Stakeholders')}")
    assert parse_qs(urlsplit(reader.url).query) == {"stakeholder": [first["stakeholder_id"]], "lang": ["es"]}
    titles = reader.get_by_role("table", name=t("Actions")).get_by_role("link", name=first["title"], exact=True)
    expect(titles).to_be_visible()
    reader.go_back()
    expect(reader.locator("h1")).to_have_text(t("Actions"))
    expect(reader).to_have_title(t("Actions"))
    assert parse_qs(urlsplit(reader.url).query)["region"] == ["africa"]


def test_a_link_with_an_unknown_code_is_refused_aloud(reader, server):
    reader.goto(f"{server}/themes?region=atlantis")
    alert = reader.get_by_role("alert")
    expect(alert).to_contain_text("region")
    expect(alert).to_contain_text("atlantis")
    expect(reader.locator(".allowed")).to_contain_text("africa")
    expect(reader.locator(".js-plotly-plot")).to_have_count(0)


UNLIKE = ("regions", "explore", "actions", "milestones")
"""Pages of every kind of content that is wide: bars, a form of choices, a list, a table of dates."""


@pytest.mark.parametrize(
    "page_id",
    [
        pytest.param(spec.page_id, marks=[] if spec.page_id in UNLIKE else [pytest.mark.exhaustive], id=spec.page_id)
        for spec in PAGES
    ],
)
def test_a_phone_shows_every_page_without_scrolling_sideways(phone, server, page_id):
    open_page(phone, f"{server}/{'' if page_id == 'overview' else page_id}?lang=fr")
    phone.wait_for_timeout(500)  # charts take their width after the page has
    widths = phone.evaluate(
        """() => ['html', '[data-testid=stMain]']
            .map(selector => document.querySelector(selector))
            .map(element => [element.scrollWidth, element.clientWidth])"""
    )
    for scroll, client in widths:
        assert scroll <= client


def test_on_a_phone_sections_and_pages_are_a_line_each_with_the_page_in_view(phone, server):
    open_page(phone, f"{server}/download?lang=fr")
    for row, current, title in ((".st-key-sections", "true", "Sharing"), (".st-key-section-pages", "page", "Extracts")):
        here = phone.locator(f"{row} [aria-current={current}]")
        expect(here).to_have_text(translator("fr")(title))
        expect(here).to_be_in_viewport()
        heights = phone.locator(f"{row} a").evaluate_all("links => links.map(a => a.getBoundingClientRect().top)")
        assert max(heights) - min(heights) < 2


def test_on_a_phone_the_file_is_offered_before_anything_is_scrolled(phone, server):
    open_page(phone, f"{server}/download?region=africa&lang=fr")
    expect(phone.locator("[data-file=file-download]")).to_be_in_viewport()


def test_the_filters_open_on_a_phone(phone, server):
    open_page(phone, f"{server}/?lang=en")
    expect(phone.locator(".st-key-filter-region")).not_to_be_in_viewport()
    phone.get_by_test_id("stExpandSidebarButton").click()
    expect(phone.locator(".st-key-filter-region")).to_be_in_viewport()


def test_the_keyboard_alone_is_enough(reader, server, snapshot):
    open_page(reader, f"{server}/?lang=en")
    region = reader.locator(".st-key-filter-region input")
    for _ in range(40):
        reader.keyboard.press("Tab")
        if region.evaluate("element => element === document.activeElement"):
            break
    else:
        raise AssertionError("the region filter cannot be reached with the Tab key")
    reader.keyboard.type("Africa")
    reader.keyboard.press("Enter")
    expect(tile(reader, "Actions")).to_have_text(str(headline(snapshot, Selection(regions=("africa",))).actions))
