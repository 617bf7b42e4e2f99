"""A partner on the page Extracts, in a real browser on the real server."""

import urllib.request
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from dashboard.extracts.choice import SHORT, ready_columns
from dashboard.extracts.tables import TABLES
from dashboard.i18n import translator
from tests.browser.ways import find_way

SHORT_COLUMNS = f"{len(ready_columns(TABLES['reports'])[SHORT])} columns"

pytestmark = pytest.mark.browser


def open_page(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator(".footer")).to_be_visible()


def fetch(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310  (this test's own server)
        return bytes(answer.read())


def refreshing_link(page: Page) -> str:
    page.get_by_text("A link that refreshes the file").click()
    code = page.locator("[data-testid=stExpander] [data-testid=stCode]").filter(visible=True).first
    expect(code).to_be_visible()
    return code.inner_text().strip()


def test_a_partner_takes_a_file_and_its_link_gives_the_same_one(reader, server, tmp_path):
    open_page(reader, f"{server}/?region=africa&lang=en")
    for link in find_way(reader, "Extracts"):
        link.click()
    expect(reader.locator("h1")).to_have_text("Extracts")
    expect(reader.locator(".extract-facts")).to_be_visible()
    expect(reader.locator("[data-testid=stStatusWidget]")).to_have_count(0)  # the page is drawn whole
    reader.get_by_role("radio", name="All progress reports").click()
    reader.locator("[class*='st-key-extract-format'] label").filter(has_text="CSV").click()
    reader.wait_for_url("**format=csv**")  # two clicks in a row, and none is undone
    expect(reader.get_by_role("link", name="Download as CSV")).to_be_visible()
    expect(reader.locator("[data-testid=stStatusWidget]")).to_have_count(0)
    reader.get_by_role("radio", name="Short").click()  # of the new table's columns, which have now been drawn
    expect(reader.locator(".extract-facts")).to_contain_text(SHORT_COLUMNS)
    query = parse_qs(urlsplit(reader.url).query)
    assert query["region"] == ["africa"]
    assert query["table"] == ["reports"]
    assert query["format"] == ["csv"]

    with reader.expect_download() as download:
        reader.get_by_role("link", name="Download as CSV").click()
    file = tmp_path / "reports.csv"
    download.value.save_as(file)
    assert download.value.suggested_filename == "sample_2021-reports_africa_2021-12-31_en.csv"
    assert read(file) == fetch(refreshing_link(reader))

    reader.reload()  # a preset is a link
    expect(reader.locator(".extract-facts")).to_contain_text(SHORT_COLUMNS)
    expect(reader.get_by_role("link", name="Download as CSV")).to_be_visible()
    reader.go_back()
    expect(reader.locator(".extract-facts")).not_to_contain_text(SHORT_COLUMNS)


def test_a_workbook_with_a_further_sheet_is_the_one_of_its_link(reader, server, tmp_path):
    open_page(reader, f"{server}/download?theme=education&columns=title,percent&include=reports&lang=en")
    with reader.expect_download() as download:
        reader.get_by_role("link", name="Download as Excel").click()
    file = tmp_path / "register.xlsx"
    download.value.save_as(file)
    assert read(file) == fetch(refreshing_link(reader))


def test_a_file_that_cannot_be_made_is_said_on_the_page(reader, server, campaign_folder):
    """The snapshot is taken away for a moment, as another build's publication may do."""
    open_page(reader, f"{server}/download?format=csv&table=milestones&lang=fr")
    published = next((campaign_folder / "published").glob("*.duckdb"))
    hidden = published.with_suffix(".hidden")
    published.rename(hidden)
    try:
        t = translator("fr")
        reader.get_by_role("link", name=t("Download as CSV")).click()
        said = t("The data was published anew while the export was made.")
        expect(reader.get_by_role("alert").filter(has_text=said)).to_be_visible()
    finally:
        hidden.rename(published)


def read(file: Path) -> bytes:
    return file.read_bytes()
