"""A presenter's journey: from a chart on a page to its picture and code, and to a deck of several."""

import struct
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pptx import Presentation

from dashboard.charts.chart import build_chart
from dashboard.charts.svg.surround import SIZES
from dashboard.i18n import translator
from dashboard.snapshot.selection import Selection
from dashboard.ui.briefing.choice import PRESETS

pytestmark = pytest.mark.browser


def open_page(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator(".footer")).to_be_visible()


def button(page: Page, key: str):
    return page.locator(f".st-key-{key} button:visible").first  # the one for fingers, or the one for a mouse


def download(page: Page, key: str, file: Path) -> str:
    """Save the file of a download button; gives the name it was offered under."""
    with page.expect_download(timeout=120_000) as download:
        page.locator(f"[data-file={key}]").or_(button(page, key)).click()
    download.value.save_as(file)
    return str(download.value.suggested_filename)


def png_size(file: Path) -> tuple[int, int]:
    content = file.read_bytes()
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def test_a_presenter_takes_a_chart_and_a_deck(reader, server, snapshot, tmp_path):
    africa = Selection(regions=("africa",))
    chart = build_chart(snapshot, "status-overview", africa)
    open_page(reader, f"{server}/regions?region=africa")
    reader.locator(".st-key-card-status-overview").get_by_role("link", name="Use this chart").click()
    expect(reader.locator(".st-key-use-chart img").first).to_be_visible()
    link = {"chart": ["status-overview"], "peers": ["1"], "region": ["africa"], "lang": ["en"]}  # peers, as on the card
    assert parse_qs(urlsplit(reader.url).query) == link

    slide = SIZES["slide"]
    name = download(reader, "use-png", tmp_path / "slide.png")
    assert "status-overview-slide_africa" in name
    assert name.endswith(".png")
    assert png_size(tmp_path / "slide.png") == (slide.width, slide.height)
    download(reader, "use-fine", tmp_path / "fine.png")
    assert png_size(tmp_path / "fine.png") == (2 * slide.width, 2 * slide.height)

    code = reader.locator(".st-key-use-chart code").first.inner_text()
    assert "dashboard-height" in code
    other_site = reader.context.new_page()
    other_site.set_content(f'<div style="width:700px">{code}</div>')
    framed = other_site.frame_locator("iframe")
    expect(framed.locator("svg").first).to_be_visible()
    expect(framed.locator("h1")).to_have_text(chart.title)
    other_site.close()

    open_page(reader, f"{server}/briefing?region=africa")
    button(reader, "preset-overview").click()
    expect(reader.locator("[class*='st-key-item-']")).to_have_count(5)
    reader.reload()
    expect(reader.locator("[class*='st-key-item-']")).to_have_count(5)
    button(reader, "briefing-file-pptx").click()
    expect(button(reader, "briefing-file-download")).to_be_visible(timeout=120_000)
    assert download(reader, "briefing-file-download", tmp_path / "deck.pptx").endswith(".pptx")
    deck = Presentation(str(tmp_path / "deck.pptx"))
    titles = [build_chart(snapshot, chart_id, africa).title for chart_id in PRESETS[0].charts]
    texts = ["\n".join(s.text_frame.text for s in slide.shapes if s.has_text_frame) for slide in deck.slides]
    del texts[1]  # the key messages, which name the charts as well
    assert [title for text in texts for title in titles if title in text.splitlines()] == titles


def test_no_click_on_a_file_is_lost_while_the_page_draws_anew(reader, server):
    open_page(reader, f"{server}/briefing?chart=status-overview&region=africa&lang=fr")
    names = []
    reader.on("download", lambda download: names.append(download.suggested_filename))
    for size in ("Carré", "Diapositive", "Carré", "Diapositive"):
        reader.locator(".st-key-use-size").get_by_text(size, exact=True).click()  # the page begins a new run
        for key in ("use-fine", "use-svg", "use-csv"):
            reader.locator(f"[data-file={key}]").click()
        expect(reader.locator("[data-file][aria-busy=true]")).to_have_count(0, timeout=60_000)
    for _ in range(60):  # the browser tells of a file some time after it has come
        reader.wait_for_timeout(500)
        if len(names) >= 12:
            break
    assert len(names) == 12
    assert {name.rsplit(".")[-1] for name in names} == {"png", "svg", "csv"}


def test_a_file_that_cannot_be_had_says_why_beside_its_link(reader, server):
    open_page(reader, f"{server}/briefing?chart=status-overview&lang=fr")
    t, said = translator("fr"), reader.locator(".said").first
    expect(said).to_be_hidden()
    reader.route("**/files/*", lambda route: route.fulfill(status=503, json={"error": "Trop de fichiers."}))
    reader.locator("[data-file=use-png]").click()
    expect(said).to_have_text("Trop de fichiers.")
    reader.unroute("**/files/*")
    reader.route("**/files/*", lambda route: route.fulfill(status=404, json={}))
    reader.locator("[data-file=use-svg]").click()
    expect(said).to_have_text(t("The page has been open for too long. Load it again, then take the file."))
    reader.unroute("**/files/*")
    reader.route("**/files/*", lambda route: route.abort())
    reader.locator("[data-file=use-png]").click()
    expect(said).to_have_text(t("The file did not arrive. Check the connection and try again."))
    reader.unroute("**/files/*")
    with reader.expect_download(timeout=60_000):
        reader.locator("[data-file=use-png]").click()
    expect(said).to_be_hidden()


def test_a_chart_opened_far_down_the_page_comes_into_view(reader, server):
    open_page(reader, f"{server}/briefing")
    last = button(reader, "use-status-by-theme")
    last.scroll_into_view_if_needed()
    last.click()
    expect(reader.locator(".st-key-use-chart")).to_be_in_viewport()
    expect(reader.locator(".st-key-use-chart h2").first).to_be_in_viewport()


@pytest.mark.parametrize("lang", ["fr", pytest.param("en", marks=pytest.mark.exhaustive)])
def test_the_page_is_usable_on_a_phone(phone, server, lang):
    open_page(
        phone, f"{server}/briefing?chart=completion-by-region&charts=status-overview,completion-by-theme&lang={lang}"
    )
    width = phone.evaluate("innerWidth")
    assert phone.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= width
    for key in ("use-png", "use-pptx", "up-completion-by-theme", "out-completion-by-theme", "briefing-file-pptx"):
        box = phone.locator(f"[data-file={key}]").or_(button(phone, key)).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    rows = [button(phone, f"{key}-status-overview").bounding_box()["y"] for key in ("up", "down", "out")]
    assert max(rows) - min(rows) < 4
    words = translator(lang)("Move up: {chart}", chart=translator(lang)("Completion rate by theme"))
    expect(phone.get_by_role("button", name=words)).to_be_visible()


def test_nothing_stands_in_the_way_of_people_with_disabilities(reader, server):
    open_page(reader, f"{server}/briefing?chart=completion-by-region&charts=status-overview&lang=en")
    expect(reader.locator(".st-key-use-chart img").first).to_be_visible()
    found = Axe().run(reader).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in ("serious", "critical")] == []
