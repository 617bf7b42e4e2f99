"""A partner on the page Extracts, in a real browser on the real server."""

import re
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from dashboard.files.extracts.choice import SHORT, ready_columns
from dashboard.files.extracts.tables import TABLES
from dashboard.i18n import translator
from dashboard.theme import contrast
from tests.browser import looks
from tests.browser.ways import open_page, query, settle

SHORT_COLUMNS = f"{len(ready_columns(TABLES['reports'])[SHORT])} columns"

pytestmark = pytest.mark.browser


def fetch(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310  (this test's own server)
        return bytes(answer.read())


def refreshing_link(page: Page) -> str:
    page.get_by_text("A link that refreshes the file").click()
    code = page.locator("[data-testid=stExpander] [data-testid=stCode]").filter(visible=True).first
    expect(code).to_be_visible()
    return code.inner_text().strip()


def take(page: Page, name: str, file: Path) -> str:
    """Save the file of the link of this name; gives the name it was offered under."""
    with page.expect_download() as download:
        page.get_by_role("link", name=name).click()
    download.value.save_as(file)
    return str(download.value.suggested_filename)


def test_a_partner_takes_files_and_their_links_give_the_same_ones(reader, server, campaign, tmp_path):
    open_page(reader, f"{server}/download?region=africa&columns=title,percent&include=reports&lang=en")
    expect(reader.locator("[data-testid=stStatusWidget]")).to_have_count(0)  # the page is drawn whole
    file = tmp_path / "register.xlsx"  # a workbook with a further sheet
    take(reader, "Download as Excel", file)
    assert file.read_bytes() == fetch(refreshing_link(reader))

    reader.get_by_role("radio", name="All progress reports").click()
    reader.locator("[class*='st-key-extract-format'] label").filter(has_text="CSV").click()
    reader.wait_for_url("**format=csv**")  # two clicks in a row, and none is undone
    expect(reader.get_by_role("link", name="Download as CSV")).to_be_visible()
    settle(reader)
    reader.get_by_role("radio", name="Essentials").click()  # of the new table's columns, which have now been drawn
    expect(reader.locator(".extract-facts")).to_contain_text(SHORT_COLUMNS)
    asked = query(reader)
    assert asked["region"] == ["africa"]
    assert asked["table"] == ["reports"]
    assert asked["format"] == ["csv"]

    file = tmp_path / "reports.csv"
    assert take(reader, "Download as CSV", file) == "sample_2021-reports_africa_2021-12-31_en.csv"
    assert file.read_bytes() == fetch(refreshing_link(reader))

    reader.go_back()
    expect(reader.locator(".extract-facts")).not_to_contain_text(SHORT_COLUMNS)
    reader.go_forward()  # a preset is a link
    expect(reader.locator(".extract-facts")).to_contain_text(SHORT_COLUMNS)
    click_quickly(reader, server)
    see_what_is_chosen_in_any_colours(reader)
    be_told_that_a_file_cannot_be_made(reader, campaign)


def click_quickly(page: Page, server: str) -> None:
    """Click twice on a page that is still being drawn: no filter is dropped, and the last click counts."""
    page.goto(f"{server}/download?region=africa&theme=education&lang=fr")
    formats = page.locator("[class*='st-key-extract-format'] label")
    formats.filter(has_text="JSON").click()
    formats.filter(has_text="CSV").click()
    page.wait_for_url("**format=csv**")
    expect(page.locator("[data-testid=stStatusWidget]")).to_have_count(0)
    expect(page.locator("[data-chip=region]")).to_contain_text("Afrique")
    expect(page.locator("[data-chip=theme]")).to_contain_text("Éducation")
    chosen = {"region": ["africa"], "theme": ["education"], "lang": ["fr"], "format": ["csv"]}
    assert query(page) == chosen | {"part": ["download"]}


@pytest.mark.nightly
def test_quick_clicks_drop_no_filter_time_after_time(reader, server):
    for _ in range(8):
        click_quickly(reader, server)


def be_told_that_a_file_cannot_be_made(page: Page, campaign: Path) -> None:
    """Take the snapshot away for a moment, as another build's publication may do."""
    published = next((campaign / "published").glob("*.duckdb"))
    hidden = published.with_suffix(".hidden")
    published.rename(hidden)
    try:
        t = translator("fr")
        page.get_by_role("link", name=t("Download as CSV")).click()
        said = t("New data was published while the file was being prepared.")
        expect(page.get_by_role("alert").filter(has_text=said)).to_be_visible()
    finally:
        hidden.rename(published)


def see_what_is_chosen_in_any_colours(page: Page) -> None:
    """Check that a field's edge has 3:1; where the system has its colours, a chosen element has another ground."""
    chosen = {
        "radio": "[data-testid=stRadioOption]%s > div > :first-child",
        "pill": "[data-testid=stButtonGroup] button%s",
    }
    edges = "one => [getComputedStyle(one).borderTopColor, getComputedStyle(one).backgroundColor]"
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        looks.wait(page)
        fields = "[data-rac]:has(> [data-testid=stMultiSelectTagsContainer]), [role=radio]:not([data-selected])"
        shown = [one.evaluate(edges) for one in page.locator(fields).filter(visible=True).all()]
        assert shown
        for edge, ground in shown:
            assert contrast(read_colour(edge), read_colour(ground)) >= 3, (scheme, edge, ground)
    page.emulate_media(color_scheme="light", forced_colors="active")
    for name, shape in chosen.items():
        grounds = {
            state: page.locator(shape % f":{state}").first.evaluate("one => getComputedStyle(one).backgroundColor")
            for state in ("is([data-selected])", "not([data-selected])")
        }
        assert len(set(grounds.values())) == 2, (name, grounds)
    page.emulate_media(forced_colors="none")


def read_colour(stated: str) -> str:
    """Return a colour as a browser computes it, as `#rrggbb`; a translucent one as if opaque."""
    return "#" + "".join(f"{int(float(part)):02x}" for part in re.findall(r"[\d.]+", stated)[:3])
