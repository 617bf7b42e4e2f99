"""A presenter's journey: from a chart on a page to its picture and code, and to a deck of several."""

import struct
from pathlib import Path

import pytest
from playwright.sync_api import Download, Page, expect
from pptx import Presentation

from dashboard.charts.chart import build_chart
from dashboard.charts.svg.surround import SIZES
from dashboard.files.briefings.order import list_items
from dashboard.i18n import translator
from dashboard.snapshot.selection import Selection
from dashboard.ui.briefing.choice import PRESETS
from dashboard.ui.briefing.model import has_several
from tests.browser import looks
from tests.browser.ways import open_page, query

pytestmark = pytest.mark.browser

SHORT_TENTHS = """() => {
  const wait = window.setTimeout;
  window.setTimeout = (run, time, ...more) => {
    if (time !== 100) return wait(run, time, ...more);
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => run();
    port2.postMessage(null);
  };
  window.waitAsEver = () => { window.setTimeout = wait; };
}"""
"""A page looks two hundred tenths of a second long for another address of a file: these pass at once."""
AFRICA = Selection(regions=("africa",), lang="fr")


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
    open_page(reader, f"{server}/regions?region=africa&lang=fr")
    t = translator("fr")
    reader.locator(".st-key-card-status-overview").get_by_role("button", name=t("Share this chart")).click()
    take_a_file_of_the_card(reader, tmp_path)
    reader.get_by_role("link", name=t("All ways to use this chart")).click()
    expect(reader.locator(".st-key-use-chart img").first).to_be_visible()
    link = {"chart": ["status-overview"], "peers": ["1"], "region": ["africa"], "lang": ["fr"]}  # peers, as on the card
    assert query(reader) == link
    slide = SIZES["slide"]
    name = download(reader, "use-png", tmp_path / "slide.png")
    assert "status-overview-slide_africa" in name and name.endswith(".png")
    assert png_size(tmp_path / "slide.png") == (slide.width, slide.height)
    lay_the_code_into_another_site(reader, build_chart(snapshot, "status-overview", AFRICA).caption.full_title)
    be_told_why_a_file_cannot_be_had(reader)
    click_on_files_while_the_page_draws_anew(reader, ("Carré",))
    take_a_deck(reader, snapshot, tmp_path / "deck.pptx")


def take_a_file_of_the_card(page: Page, folder: Path) -> None:
    """Take a file behind the card's button at the first click, with the page's filters; its code is a frame.

    The other files: `test_chart_card.py`; a workbook by keys: `test_accessibility.py`.
    """
    name = download(page, "share-status-overview-files-png", folder / "card.png")
    assert "africa" in name and name.endswith("_fr.png") and png_size(folder / "card.png")
    opened = page.get_by_role("dialog").filter(visible=True)
    assert "<iframe" in opened.locator("code").first.inner_text()
    assert "/charts/status-overview?region=africa" in opened.locator("code").last.inner_text()


def lay_the_code_into_another_site(page: Page, title: str) -> None:
    """Check that the chart's code shows it in a page of another origin."""
    code = page.locator(".st-key-use-code code").inner_text()
    assert "dashboard-height" in code
    other_site = page.context.new_page()
    other_site.set_content(f'<div style="width:700px">{code}</div>')
    framed = other_site.frame_locator("iframe")
    expect(framed.locator("svg").first).to_be_visible()
    expect(framed.locator("h1")).to_have_text(title)
    other_site.close()


def be_told_why_a_file_cannot_be_had(page: Page) -> None:
    """Check that a failed file's reason stands beside its link, until the file comes."""
    t, said = translator("fr"), page.locator(".said").first
    expect(said).to_be_hidden()
    page.route(
        "**/charts/status-overview.*", lambda route: route.fulfill(status=503, json={"error": "Trop de fichiers."})
    )
    page.locator("[data-file=use-png]").click()
    expect(said).to_have_text("Trop de fichiers.")
    page.unroute("**/charts/status-overview.*")
    page.evaluate(SHORT_TENTHS)
    page.route("**/charts/status-overview.*", lambda route: route.fulfill(status=404, json={}))
    page.locator("[data-file=use-svg]").click()
    expect(said).to_have_text(t("The page has been open for too long. Reload it, then download the file."))
    page.unroute("**/charts/status-overview.*")
    page.route("**/charts/status-overview.*", lambda route: route.abort())
    page.locator("[data-file=use-png]").click()
    expect(said).to_have_text(t("The file did not arrive. Check the connection and try again."))
    page.unroute("**/charts/status-overview.*")
    page.evaluate("waitAsEver()")
    with page.expect_download(timeout=60_000):
        page.locator("[data-file=use-png]").click()
    expect(said).to_be_hidden()


def click_on_files_while_the_page_draws_anew(page: Page, sizes: tuple[str, ...]) -> None:
    """Check that no click on a file is lost while the page begins a new run."""
    files: list[Download] = []
    page.on("download", lambda download: files.append(download))
    for size in sizes:
        page.locator(".st-key-use-size").get_by_text(size, exact=True).click()  # the page begins a new run
        for key in ("use-fine", "use-svg", "use-csv"):
            page.locator(f"[data-file={key}]").click()
        expect(page.locator("[data-file][aria-busy=true]")).to_have_count(0, timeout=60_000)
    for _ in range(300):  # the browser tells of a file some time after it has come
        if len(files) >= 3 * len(sizes):
            break
        page.wait_for_timeout(100)
    assert len(files) == 3 * len(sizes)
    assert {file.suggested_filename.rsplit(".")[-1] for file in files} == {"png", "svg", "csv"}
    fine = next(file for file in files if file.suggested_filename.endswith(".png"))
    of = SIZES["square" if "-square" in fine.suggested_filename else "slide"]  # the link at the click
    assert png_size(fine.path()) == (2008, round(2008 * of.height / of.width))


@pytest.mark.nightly
def test_no_click_on_a_file_is_lost_time_after_time(reader, server):
    open_page(reader, f"{server}/briefing?chart=status-overview&region=africa&lang=fr")
    click_on_files_while_the_page_draws_anew(reader, ("Carré", "Diapositive") * 3)


def take_a_deck(page: Page, snapshot, file: Path) -> None:
    """Charts that are chosen stay, nothing stands in the way of anyone, and their deck has them all."""
    charts = [item.chart_id for item in list_items(PRESETS[0].charts) if has_several(snapshot, AFRICA, item)]
    assert {*PRESETS[0].charts} - {*charts} == {"completion-by-region", "status-overview"}  # Africa would be alone
    button(page, "preset-overview").click()
    expect(page.locator("[class*='st-key-item-']")).to_have_count(len(charts))
    assert query(page)["charts"] == [",".join(charts)]  # where who loads it again finds them
    added = charts[-1]
    button(page, f"drop-{added}").press("Enter")
    expect(button(page, f"add-{added}")).to_be_focused()  # the element there now
    page.keyboard.press("Enter")
    expect(button(page, f"drop-{added}")).to_be_focused()
    last = button(page, "use-status-by-theme")  # far down the page
    last.scroll_into_view_if_needed()
    last.click()
    expect(page.locator(".st-key-use-chart")).to_be_in_viewport()
    expect(page.locator(".st-key-use-chart h2").first).to_be_in_viewport()
    expect(page.locator(".st-key-use-chart img").first).to_be_visible()
    assert [finding for finding in looks.examine(page) if looks.name_known(finding) is None] == []

    link = page.locator("[data-file=pptx]").last
    with page.expect_download(timeout=120_000) as taken:  # with one click, however long it takes
        link.press("Enter")
    taken.value.save_as(file)
    assert taken.value.suggested_filename.endswith(".pptx")
    expect(link).to_be_focused()
    expect(page.get_by_role("status").filter(has_text=taken.value.suggested_filename)).to_be_attached()
    deck = Presentation(str(file))
    titles = [build_chart(snapshot, chart_id, AFRICA).title for chart_id in charts]
    texts = ["\n".join(s.text_frame.text for s in slide.shapes if s.has_text_frame) for slide in deck.slides]
    texts = [text for text in texts if translator("fr")("Key messages") not in text]  # which name the charts as well
    assert [title for text in texts for title in titles if title in text.splitlines()] == titles
