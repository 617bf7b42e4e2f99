"""Charts in other sites' pages, in a real browser: framed, without scripts, dark, narrow, accessible, interactive."""

import json
import threading
from collections.abc import Iterator, Sequence
from functools import partial
from html import escape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from dashboard.charts.catalogue import CATALOGUE
from dashboard.charts.chart import build_chart
from dashboard.charts.plotly.draw import draw
from dashboard.charts.plotly.scheme import darken
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection

pytestmark = pytest.mark.browser

CHARTS = ("completion-by-theme", "completion-over-time", "region-by-theme", "status-overview")


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, server: str) -> Iterator[str]:
    """A newspaper's site, of another origin than the dashboard, with a page for each chart."""
    folder = tmp_path_factory.mktemp("newspaper")
    for chart_id in CHARTS:
        address = escape(f"{server}/charts/{chart_id}?lang=fr")
        frame = f'<iframe src="{address}" title="chart" width="100%" height="900"></iframe>'
        head = '<html lang="en"><link rel="icon" href="data:,"><title>News</title>'
        page = f'<!doctype html>{head}<body style="margin:0">{frame}</body></html>'
        (folder / f"{chart_id}.html").write_text(page)
    (folder / "front.html").write_text(f'<!doctype html><iframe src="{escape(server)}/"></iframe>')
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{httpd.server_address[1]}"
    httpd.shutdown()
    httpd.server_close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Any]:
    """Opens pages; whatever a page says on its console or cannot load is an error at the end."""
    contexts, said = [], []

    def open_page(address: str, **settings: Any) -> Page:
        width = settings.pop("width", 1280)
        context = browser.new_context(viewport={"width": width, "height": 900}, **settings)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("requestfailed", lambda request: said.append(f"{request.url}: {request.failure}"))
        page.goto(address)
        return page

    yield open_page
    cookies = [cookie for context in contexts for cookie in context.cookies()]
    for context in contexts:
        context.close()
    assert said == []
    assert cookies == []


def test_without_scripts_another_site_shows_charts_and_the_interactive_page_leads_back(
    open_page: Any, site: str, server: str, snapshot: Snapshot
) -> None:
    page = open_page(f"{server}/charts/completion-over-time/interactive", java_script_enabled=False)
    expect(page.locator("noscript")).to_be_visible()
    page.get_by_role("link", name="Back to the picture").click()
    expect(page.locator(".wide svg")).to_be_visible()
    for chart_id in CHARTS[0], CHARTS[-1]:
        find_chart(page, f"{site}/{chart_id}.html", build_chart(snapshot, chart_id, Selection(lang="fr")).title)


@pytest.mark.nightly
@pytest.mark.parametrize("chart_id", CHARTS[1:-1])
def test_another_site_shows_further_charts_without_scripts(
    open_page: Any, site: str, snapshot: Snapshot, chart_id: str
) -> None:
    address = f"{site}/{chart_id}.html"
    page = open_page(address, java_script_enabled=False)
    find_chart(page, address, build_chart(snapshot, chart_id, Selection(lang="fr")).title)


def find_chart(page: Page, address: str, title: str) -> None:
    """Open a page with a chart in a frame: it is drawn large, and its table opens."""
    page.goto(address)
    frame = page.frame_locator("iframe")
    expect(frame.locator("h1")).to_have_text(title)
    drawing = frame.locator(".wide svg")
    expect(drawing).to_be_visible()
    box = drawing.bounding_box()
    assert box is not None
    assert box["width"] > 600
    assert box["height"] > 100
    frame.locator("summary").first.click()  # a table opens without scripts too
    expect(frame.locator("table")).to_be_visible()


def test_another_site_cannot_frame_the_dashboard_itself(browser: Browser, site: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    with page.expect_console_message(lambda said: "frame-ancestors" in said.text):
        page.goto(f"{site}/front.html")
    context.close()


@pytest.mark.parametrize(
    "looks",
    [
        ((320, "fr", CHARTS), (680, "en", CHARTS[:1])),
        pytest.param(
            [(width, lang, tuple(CATALOGUE)) for width, lang in ((320, "fr"), (680, "en"), (1600, "es"))],
            marks=pytest.mark.nightly,
        ),
    ],
    ids=["some", "all"],
)
def test_no_width_needs_scrolling_sideways(
    open_page: Any, server: str, looks: Sequence[tuple[int, str, Sequence[str]]]
) -> None:
    page = open_page(f"{server}/charts/{CHARTS[0]}")
    for width, lang, charts in looks:
        page.set_viewport_size({"width": width, "height": 900})
        for chart_id in charts:
            page.goto(f"{server}/charts/{chart_id}?lang={lang}")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (chart_id, width)
            expect(page.locator(".narrow" if width < 520 else ".wide")).to_be_visible()
            expect(page.locator(".wide" if width < 520 else ".narrow")).to_be_hidden()


def list_violations(page: Page) -> list[tuple[str, str]]:
    found = Axe().run(page).response["violations"]
    return [(item["id"], node["html"][:200]) for item in found for node in item["nodes"]]


def check_pages(page: Page, server: str, background: str) -> None:
    """Pages of charts are accessible, with a table open, on this background."""
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == background
    for chart_id in CHARTS:
        page.goto(f"{server}/charts/{chart_id}?lang=fr&region=africa")
        page.locator("summary").first.click()
        assert not list_violations(page), chart_id


@pytest.mark.nightly
def test_the_page_is_accessible_in_light_too(open_page: Any, server: str) -> None:
    page = open_page(f"{server}/charts/{CHARTS[0]}", color_scheme="light", bypass_csp=True)
    check_pages(page, server, "rgb(255, 255, 255)")


def test_the_page_is_accessible_in_the_dark_and_the_interactive_one_on_a_phone(open_page: Any, server: str) -> None:
    page = open_page(f"{server}/charts/{CHARTS[0]}", color_scheme="dark", bypass_csp=True)
    check_pages(page, server, "rgb(20, 25, 31)")
    page.set_viewport_size({"width": 360, "height": 900})
    page.emulate_media(color_scheme="light")
    page.goto(f"{server}/charts/completion-over-time/interactive")
    expect(page.locator("#figure[data-drawn=yes]")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert not list_violations(page)


def become_dark_and_change_the_language(page: Page, server: str, snapshot: Snapshot) -> None:
    """The interactive page is dark or light as the reader has it, and goes on in another language."""
    page.emulate_media(color_scheme="dark")
    page.goto(f"{server}/charts/status-overview/interactive?lang=en")
    expect(page.locator("#figure[data-drawn=yes]")).to_be_visible()
    chart = build_chart(snapshot, "status-overview", Selection())
    dark = json.loads(darken(draw(chart), chart.spec.kind).to_json())
    read = """() => { const figure = document.getElementById('figure');
        return [figure.layout.paper_bgcolor, figure.layout.font.color,
                figure.data.map(trace => [trace.marker?.color, trace.insidetextfont?.color])]; }"""
    inks = [[t.get("marker", {}).get("color"), t.get("insidetextfont", {}).get("color")] for t in dark["data"]]
    expected = [dark["layout"]["paper_bgcolor"], dark["layout"]["font"]["color"], inks]
    assert page.evaluate(read) == expected
    page.emulate_media(color_scheme="light")
    expect(page.locator("#figure .main-svg").first).to_have_css("background-color", "rgb(255, 255, 255)")
    page.get_by_role("link", name="Français").click()
    expect(page.locator("h1")).to_have_text(build_chart(snapshot, "status-overview", Selection(lang="fr")).title)
    expect(page.locator("#figure[data-drawn=yes]")).to_be_visible()


def test_the_chart_becomes_interactive_and_dark_when_asked_and_a_content_system_finds_its_frame(
    open_page: Any, site: str, server: str, snapshot: Snapshot, tmp_path: Path
) -> None:
    page = open_page(f"{site}/completion-by-theme.html")
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url))
    frame = page.frame_locator("iframe")
    frame.get_by_role("link", name="Explorer de manière interactive").click()
    expect(frame.locator("#figure[data-drawn=yes] .plot-container")).to_be_visible()
    expect(frame.locator("#state")).to_have_count(0)
    drawn = " ".join(" ".join(frame.locator("#figure").all_text_contents()).split())
    for label in build_chart(snapshot, "completion-by-theme", Selection(lang="fr")).drawn["label"]:
        assert all(word in drawn for word in label.split())
    assert sum("plotly" in url for url in loaded) == 1
    frame.get_by_role("link", name="Revenir à l’image").click()
    expect(frame.locator(".wide svg")).to_be_visible()
    become_dark_and_change_the_language(page, server, snapshot)
    discover_the_frame(page, server, tmp_path / "post.html")


def discover_the_frame(page: Page, server: str, post: Path) -> None:
    """A content system finds the frame by the page's head, and what it lays into a post is whole."""
    page.goto(f"{server}/charts/completion-by-region?region=africa&lang=es")
    discovered = page.locator('link[type="application/json+oembed"]').get_attribute("href")
    assert discovered is not None
    said = httpx.get(f"{discovered}&maxwidth=500").json()
    post.write_text(f"<!doctype html><link rel=icon href=data:,><title>Post</title>{said['html']}")
    page.goto(f"file://{post}")
    frame = page.frame_locator("iframe")
    expect(frame.locator("h1")).to_be_visible()
    assert page.locator("iframe").evaluate("frame => frame.getBoundingClientRect().width") == said["width"] == 500
    assert picture_is_whole(page, said["height"])


def picture_is_whole(page: Page, height: int) -> bool:
    """Whether the picture and the words under it fit into the frame's height."""
    content = page.frames[1]
    return bool(content.evaluate("document.querySelector('nav').getBoundingClientRect().bottom") <= height)
