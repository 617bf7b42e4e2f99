"""Whole journeys of a reader, in a real browser on the real server: each opens few pages and looks at much on them."""

import re
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from dashboard.formats import format_percent
from dashboard.i18n import translator
from dashboard.measures import register
from dashboard.measures.counts import headline
from dashboard.snapshot.selection import Selection
from tests.browser.streamlit_english import list_english
from tests.browser.ways import choose, go, open_page, query, settle, tile

pytestmark = pytest.mark.browser
AFRICA, AMERICAS = Selection(regions=("africa",)), Selection(regions=("americas",))


def rate(snapshot, selection: Selection) -> str:
    h = headline(snapshot, selection)
    return format_percent(h.completed, h.actions, selection.lang)


def read_ids(file: Path) -> list[str]:
    """The action ids of the register's sheet, in its order; what stands above its header is left out."""
    book = openpyxl.load_workbook(file)
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    place = next(number for number, row in enumerate(rows) if "Action ID" in row)
    column = rows[place].index("Action ID")
    ids = [row[column] for row in rows[place + 1 :] if row[column] is not None]
    book.close()
    return [str(value) for value in ids]


def test_a_reader_filters_shares_the_link_takes_the_rows_home_and_reads_one(reader, server, snapshot, tmp_path):
    assert rate(snapshot, Selection()) != rate(snapshot, AMERICAS)
    open_page(reader, server)
    expect(tile(reader, "Completion rate")).to_have_text(rate(snapshot, Selection()))
    expect(reader.locator(".js-plotly-plot")).to_have_count(1)
    filter_by_keys_alone_and_go_back(reader, snapshot)

    choose(reader, "region", "Americas")
    expect(tile(reader, "Completion rate")).to_have_text(rate(snapshot, AMERICAS))
    assert query(reader) == {"region": ["americas"], "lang": ["en"]}
    reader.reload()
    expect(tile(reader, "Completion rate")).to_have_text(rate(snapshot, AMERICAS))
    expect(reader.locator(".st-key-filter-region")).to_contain_text("Americas")

    reader.get_by_role("link", name="Actions", exact=True).click()
    expect(reader.locator("h1")).to_have_text("Actions")
    assert query(reader)["region"] == ["americas"]
    with reader.expect_download() as download:
        reader.get_by_role("link", name="Download as Excel").click()
    file = tmp_path / "register.xlsx"
    download.value.save_as(file)
    assert download.value.suggested_filename.endswith(".xlsx")
    assert read_ids(file) == register.page(snapshot, AMERICAS)["action_id"].tolist()

    first = register.page(snapshot, AMERICAS, limit=1).iloc[0]
    open_an_action_and_its_address(reader, server, first)
    open_its_stakeholder_in_spanish(reader, first)


def filter_by_keys_alone_and_go_back(page: Page, snapshot) -> None:
    """On Overview, without filters: the keyboard is enough to filter, and the back button takes the filter back."""
    region = page.locator(".st-key-filter-region input")
    for _ in range(40):
        page.keyboard.press("Tab")
        if region.evaluate("element => element === document.activeElement"):
            break
    else:
        raise AssertionError("the region filter cannot be reached with the Tab key")
    page.keyboard.type("Africa")
    page.keyboard.press("Enter")
    expect(tile(page, "Actions")).to_have_text(str(headline(snapshot, AFRICA).actions))
    page.keyboard.press("Escape")
    page.go_back()
    expect(tile(page, "Actions")).to_have_text(str(headline(snapshot, Selection()).actions))
    expect(page.locator(".st-key-filter-region")).not_to_contain_text("Africa")
    page.go_forward()
    expect(tile(page, "Actions")).to_have_text(str(headline(snapshot, AFRICA).actions))
    page.go_back()
    expect(tile(page, "Actions")).to_have_text(str(headline(snapshot, Selection()).actions))


def open_an_action_and_its_address(page: Page, server: str, first) -> None:
    """On Actions: a row opens its action, its own address opens it again, and a click leads back."""
    way = page.get_by_role("table", name="Actions").get_by_role("link", name=first["title"], exact=True)
    with page.context.expect_page() as opened:  # a link is a link: another button opens it in another tab
        way.click(modifiers=["ControlOrMeta"])
    expect(opened.value.locator("[data-testid=stMain] h2").first).to_have_text(first["title"])
    opened.value.close()
    loaded = page.evaluate("performance.timeOrigin")
    way.click()
    expect(page.locator("[data-testid=stMain] h2").first).to_have_text(first["title"])
    assert query(page)["action"] == [first["action_id"]]
    assert page.evaluate("performance.timeOrigin") == loaded  # the page was not loaded anew
    expect(page).to_have_title(f"{first['title']} · Actions")
    page.goto(f"{server}/actions/{first['action_id']}?region=americas")  # its own address leads there
    expect(page.locator("[data-testid=stMain] h2").first).to_have_text(first["title"])
    assert query(page) == {"action": [first["action_id"]], "region": ["americas"]}
    page.get_by_role("link", name="Back to the register").click()
    expect(way).to_be_visible()
    expect(page).to_have_title("Actions")  # the tab does not keep the name of what was open
    assert "action" not in query(page)


def open_its_stakeholder_in_spanish(page: Page, first) -> None:
    """On Actions: a stakeholder of the register leads to its page, and the back button to the register."""
    page.get_by_role("radio", name="Español").click()
    t = translator("es")
    # Before its script is there, a link is the browser's own, and loads the page anew.
    expect(page.get_by_role("navigation", name=t("Pages"), exact=True)).to_be_visible()
    page.locator(".cards").get_by_role("link", name=first["stakeholder"], exact=True).first.press("Enter")
    expect(page.locator("h1")).to_have_text(first["stakeholder"])
    expect(page.locator("h1")).to_be_focused()
    expect(page).to_have_title(f"{first['stakeholder']} · {t('Stakeholders')}")
    assert query(page) == {"stakeholder": [first["stakeholder_id"]], "lang": ["es"]}
    titles = page.get_by_role("table", name=t("Actions")).get_by_role("link", name=first["title"], exact=True)
    expect(titles).to_be_visible()
    page.go_back()
    expect(page.locator("h1")).to_have_text(t("Actions"))
    expect(page).to_have_title(t("Actions"))
    assert query(page)["region"] == ["americas"]


def switch_language(page: Page, server: str, snapshot, lang: str) -> None:
    """Open a filtered page in English, and have it in another language: the view stays, and goes along."""
    open_page(page, f"{server}/regions?region=africa")
    expect(page.get_by_role("button", name="Choose date")).to_be_visible()
    page.get_by_role("radio", name={"fr": "Français", "es": "Español"}[lang]).click()
    t = translator(lang)
    expect(page.locator("h1")).to_have_text(t("Regions"))
    actions = headline(snapshot, AFRICA).actions
    expect(page.locator(".headline b")).to_have_text(re.compile(rf"^{actions} .+ {'avec' if lang == 'fr' else 'con'} "))
    expect(page.locator("html")).to_have_attribute("lang", lang)
    assert query(page) == {"region": ["africa"], "lang": [lang]}
    expect(page.locator(".st-key-filter-region")).to_contain_text(snapshot.codes["regions"]["africa"].labels[lang])
    page.get_by_role("link", name=t("Themes")).click()
    expect(page.locator("h1")).to_have_text(t("Themes"))


@pytest.mark.nightly
def test_the_language_switch_keeps_the_view_in_spanish_too(reader, server, snapshot):
    switch_language(reader, server, snapshot, "es")


def test_the_language_switch_keeps_the_view_and_streamlits_own_words_follow(reader, server, snapshot):
    switch_language(reader, server, snapshot, "fr")
    calendar = reader.get_by_role("button", name="Choisir une date")
    calendar.click()
    expect(reader.get_by_role("grid")).to_contain_text("M")
    expect(reader.get_by_role("button", name=re.compile("lundi .* 202"))).not_to_have_count(0)
    assert not list_english(reader, "fr")
    reader.keyboard.press("Escape")
    reader.locator(".st-key-filter-region input").fill("zz")
    expect(reader.get_by_text("Aucun résultat")).to_be_visible()
    expect(reader.locator("[aria-label='Retirer\u00a0: Afrique']")).to_have_count(1)
    assert not list_english(reader, "fr")
    for _ in range(2):  # the first one takes back what was typed
        reader.keyboard.press("Escape")
    reader.get_by_role("radio", name="English").click()
    expect(reader.get_by_role("button", name="Remove Africa")).to_be_visible()
    expect(calendar).to_have_count(0)


@pytest.mark.parametrize("pause", [0, pytest.param(150, marks=pytest.mark.nightly)])
def test_a_reader_comes_by_a_shared_link_goes_through_pages_and_quickly_back(
    reader: Page, server: str, pause: int
) -> None:
    appended = "utm_source=newsletter&utm_medium=email&fbclid=IwAR0x&mc_cid=1&theme="
    open_page(reader, f"{server}/regions?region=Africa&{appended}&lang=en-GB")
    expect(reader.get_by_role("alert")).to_have_count(0)
    stated = reader.locator("head link[rel=canonical], head meta[property='og:url'], head link[hreflang]")
    expect(stated.first).to_have_attribute("href", f"{server}/regions?region=africa&lang=en")
    choose(reader, "region", "Americas")
    expect(reader).to_have_url(re.compile(r"/regions\?region=africa&region=americas&lang=en$"))
    expect(stated).to_have_count(0)  # a phone that shares the page takes the address bar's
    reader.keyboard.press("Escape")  # the list of regions is open, and hides what lies around it

    titles = ["Regions", "Themes", "Groups", "Categories"]
    for title in titles[1:]:
        go(reader, title)
    for _ in titles[1:]:  # neither the way nor what lies ahead is lost
        reader.evaluate("history.back()")
        reader.wait_for_timeout(pause)
    expect(reader.locator("h1")).to_have_text("Regions")
    settle(reader)
    reader.wait_for_url("**/regions?region=africa&region=americas&lang=en")
    reader.evaluate("history.go(3)")
    expect(reader.locator("h1")).to_have_text("Categories")
    reader.wait_for_url("**/categories?region=africa&region=americas&lang=en")
