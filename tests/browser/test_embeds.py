"""Charts in other sites' pages, in a real browser: framed, without scripts, as high as promised, dark, accessible."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlencode
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard.charts.catalogue import CATALOGUE
from dashboard.charts.chart import build_chart
from dashboard.charts.options import EXPLORE, FORMS, PAIRS, offered_forms
from dashboard.charts.plotly.draw import draw
from dashboard.charts.plotly.scheme import darken
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.web.charts import index_page, making, oembed
from dashboard.web.charts.page_height import LOOKS, count_lines, list_below
from dashboard.web.charts.requests import ChartRequest, read
from dashboard.web.public_files import files_of_build, publishing
from dashboard.web.public_files.publishing import Folder
from tests.browser.conftest import DESK
from tests.browser.looks import examine

pytestmark = pytest.mark.browser

CHARTS = ("completion-by-theme", "completion-over-time", "region-by-theme", "status-overview")
WIDTHS = (320, 390, 480, 680, 1200)
SCHEMES = ("light", "dark")
SMALLEST = """elements => Math.min(...elements.map(element => {
    const picture = element.ownerSVGElement;
    const scale = picture ? picture.getBoundingClientRect().width / picture.viewBox.baseVal.width : 1;
    return parseFloat(getComputedStyle(element).fontSize) * scale; }))"""
"""The size of the smallest text among elements, in CSS pixels as it is seen."""

COLUMNS = (320, 390, 480, 519, 520, 600, 679, 680, 1200)
MOST_ROOM = 160
"""Pixels that a frame without a script may leave below a page in any of these columns."""

MOST_SPARE, MOST_LINE = 8, 22
"""Pixels that a promised height may be more than is needed, and those of a line beside it.

Widths of letters are rounded: where the last word of a line fits by a hair, the promise counts on it not fitting.
"""
MOST_LINES = 0.01
"""The share of promised heights that may be a line more than is needed."""


def _explore(form: str) -> dict[str, str]:
    """Return the first dimensions that can be shown in a form."""
    pairs = ((by, second) for by, seconds in PAIRS.items() for second in ("", *seconds))
    by, second = next((by, second) for by, second in pairs if form in offered_forms(by, second))
    return {"by": by, "and": second, "as": form}


_LONG = {"title": "A title of one’s own that is longer than any line " * 3, "region": "africa", "q": "children"}
_CHARTS = [
    *((chart_id, dict[str, str]()) for chart_id in CATALOGUE),
    *((EXPLORE, _explore(form)) for form in FORMS),
    ("completion-by-theme", {"region": "africa", "vs.region": "americas"}),
    ("completion-over-time", {"vs.as_of": "2021-07-01"}),
    ("status-overview", _LONG),
]
ALL = [(chart_id, urlencode({**query, "lang": lang})) for chart_id, query in _CHARTS for lang in ("en", "fr", "es")]
FEW = [ALL[place] for place in (ALL.index(("completion-by-theme", "lang=fr")), 3 * len(CATALOGUE) + 1, len(ALL) - 1)]
everywhere = pytest.mark.parametrize("cases", [FEW, pytest.param(ALL, marks=pytest.mark.nightly)], ids=["few", "all"])
"""Charts with their parameters: some, and every chart, every form of Explore, compared ones and long words."""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class Newspaper(NamedTuple):
    """A site of another origin than the dashboard, which serves its folder."""

    folder: Path
    address: str

    def print(self, body: str) -> str:
        """Return the address of a new page with this body; a new one, since browsers cache pages."""
        name = f"{uuid4().hex}.html"
        head = '<html lang="en"><meta charset="utf-8"><link rel="icon" href="data:,"><title>News</title>'
        (self.folder / name).write_text(f'<!doctype html>{head}<body style="margin:0">{body}', encoding="utf-8")
        return f"{self.address}/{name}"

    def frame(self, address: str) -> str:
        """Return the address of a new page with a frame."""
        return self.print(f'<iframe src="{address}" title="chart" width="100%" height="900"></iframe>')


@pytest.fixture(scope="module")
def newspaper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newspaper]:
    folder = tmp_path_factory.mktemp("newspaper")
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    yield Newspaper(folder, f"http://127.0.0.1:{httpd.server_address[1]}")
    httpd.shutdown()
    httpd.server_close()


@contextmanager
def saying_nothing(page: Page) -> Iterator[None]:
    """Fail at the end if a page has written to its console, or failed to load something."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("requestfailed", lambda request: said.append(f"{request.url}: {request.failure}"))
    yield
    assert (said, page.context.cookies()) == ([], [])
    page.goto("about:blank")


@pytest.fixture
def without_scripts(browser: Browser) -> Iterator[Page]:
    page = browser.new_context(java_script_enabled=False).new_page()
    with saying_nothing(page):
        yield page
    page.context.close()


@pytest.fixture(scope="module")
def news_page(browser: Browser) -> Iterator[Page]:
    """Open the page in which these tests read the newspaper, and the charts themselves."""
    page = browser.new_page()
    yield page
    page.close()


@pytest.fixture
def watched(news_page: Page) -> Iterator[Page]:
    """Yield a page that says nothing."""
    news_page.set_viewport_size(DESK)
    news_page.emulate_media(color_scheme="light")
    with saying_nothing(news_page):
        yield news_page


@pytest.mark.parametrize("charts", [CHARTS[::3], pytest.param(CHARTS[1:-1], marks=pytest.mark.nightly)], ids=" ".join)
def test_without_scripts_another_site_shows_charts_and_there_is_a_way_to_plain_pages(
    without_scripts: Page, newspaper: Newspaper, server: str, snapshot: Snapshot, charts: tuple[str, ...]
) -> None:
    page = without_scripts
    page.goto(f"{server}/charts/completion-over-time/interactive")
    expect(page.locator("noscript")).to_be_visible()
    page.get_by_role("link", name="Back to the picture").click()
    expect(page.locator(".wide svg")).to_be_visible()
    for chart_id in charts:
        page.goto(newspaper.frame(f"{server}/charts/{chart_id}?lang=fr"))
        frame = page.frame_locator("iframe")
        expect(frame.locator("h1")).to_have_text(build_chart(snapshot, chart_id, Selection(lang="fr")).title)
        drawing = frame.locator(".wide svg")
        expect(drawing).to_be_visible()
        box = drawing.bounding_box()
        assert box is not None and box["width"] > 600 and box["height"] > 100
        frame.locator("summary").first.click()  # a table opens without scripts too
        expect(frame.locator("table")).to_be_visible()
    plain = page.context.new_page()  # which reports that its scripts are blocked
    plain.goto(f"{server}/regions")
    expect(plain.locator("#plain a").first).to_be_visible()


@pytest.mark.parametrize(
    ("charts", "langs", "scheme", "background"),
    [
        (CHARTS, ("fr",), "dark", "rgb(20, 25, 31)"),
        pytest.param(tuple(CATALOGUE), ("fr", "en", "es"), "light", "rgb(255, 255, 255)", marks=pytest.mark.nightly),
    ],
    ids=["some", "all"],
)
def test_pages_of_charts_need_no_scrolling_sideways_and_are_accessible(
    watched: Page, server: str, charts: tuple[str, ...], langs: tuple[str, ...], scheme: Any, background: str
) -> None:
    watched.emulate_media(color_scheme=scheme)
    for chart_id in charts:
        for lang in langs:
            watched.set_viewport_size({"width": 1600, "height": 900})
            watched.goto(f"{server}/charts/{chart_id}?lang={lang}&region=africa")
            for width, drawn, other in (
                (1600, ".wide", ".narrow"),
                (680, ".wide", ".narrow"),
                (320, ".narrow", ".wide"),
            ):
                watched.set_viewport_size({"width": width, "height": 900})
                assert watched.evaluate("document.documentElement.scrollWidth") <= width, (chart_id, width)
                if width == min(WIDTHS):
                    assert watched.locator(f"body, {drawn} svg text").evaluate_all(SMALLEST) >= 11, chart_id
                expect(watched.locator(drawn)).to_be_visible()
                expect(watched.locator(other)).to_be_hidden()
        assert watched.evaluate("getComputedStyle(document.body).backgroundColor") == background
        watched.locator("summary").first.click()
        for width in (390, 1280) if chart_id == "status-overview" else (1280,):
            watched.set_viewport_size({"width": width, "height": 900})
            assert not examine(watched), (chart_id, width)


def become_dark_and_change_the_language(page: Page, server: str, snapshot: Snapshot) -> None:
    """Check that the interactive page is dark or light as for the reader, changes the language, and fits a phone."""
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
    page.set_viewport_size({"width": 360, "height": 900})
    page.get_by_role("link", name="Français").click()
    expect(page.locator("h1")).to_have_text(build_chart(snapshot, "status-overview", Selection(lang="fr")).title)
    expect(page.locator("#figure[data-drawn=yes]")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert not examine(page)


def test_the_chart_becomes_interactive_and_dark_when_asked_and_a_content_system_finds_its_frame(
    watched: Page, newspaper: Newspaper, server: str, snapshot: Snapshot
) -> None:
    watched.goto(newspaper.frame(f"{server}/charts/completion-by-theme?lang=fr"))
    loaded: list[str] = []
    watched.on("request", lambda request: loaded.append(request.url))
    frame = watched.frame_locator("iframe")
    frame.get_by_role("link", name="Explorer de manière interactive").click()
    expect(frame.locator("#figure[data-drawn=yes] .plot-container")).to_be_visible()
    expect(frame.locator("#state")).to_have_count(0)
    drawn = " ".join(" ".join(frame.locator("#figure").all_text_contents()).split())
    for label in build_chart(snapshot, "completion-by-theme", Selection(lang="fr")).drawn["label"]:
        assert all(word in drawn for word in label.split())
    assert sum("plotly" in url for url in loaded) == 1
    frame.get_by_role("link", name="Revenir à l’image").click()
    expect(frame.locator(".wide svg")).to_be_visible()
    become_dark_and_change_the_language(watched, server, snapshot)
    discover_the_frame(watched, server, newspaper)


def discover_the_frame(page: Page, server: str, newspaper: Newspaper) -> None:
    """Find the frame by the page's head, as a content system does; its insertion into a post is whole."""
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{server}/charts/completion-by-region?region=africa&lang=es")
    discovered = page.locator('link[type="application/json+oembed"]').get_attribute("href")
    assert discovered is not None
    said = httpx.get(f"{discovered}&maxwidth=500").json()
    page.goto(newspaper.print(said["html"]))
    frame = page.frame_locator("iframe")
    expect(frame.locator("h1")).to_be_visible()
    assert page.locator("iframe").evaluate("frame => frame.getBoundingClientRect().width") == said["width"] == 500
    bottom = page.frames[1].evaluate("document.querySelector('nav').getBoundingClientRect().bottom")
    assert bottom <= said["height"], "the picture and the words under it fit into the frame"


# As high as promised.


Open = Callable[[str, int, Any], Page]


@pytest.fixture
def news(news_page: Page, newspaper: Newspaper) -> Iterator[Open]:
    """Return an opener of newspaper pages with some HTML; a message in the console is an error at the end."""
    page, said = news_page, list[str]()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))

    def open_news(code: str, width: int, scheme: Any) -> Page:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        page.goto(newspaper.print(code.replace(" loading=", " data-loading=")))
        for frame in page.frames[1:]:
            frame.evaluate("document.fonts.ready")
        return page

    yield open_news
    page.goto("about:blank")
    assert said == []


def measure(page: Page, place: int = 0) -> tuple[float, float, float, float]:
    """Measure the height of a frame, of its content, of the need, and its reach to the right."""
    element = page.locator("iframe").nth(place).element_handle()
    inside = element.content_frame()
    assert inside is not None
    whole, needed, right = inside.evaluate(
        "[document.documentElement.scrollHeight, document.querySelector('main').getBoundingClientRect().bottom,"
        " document.documentElement.scrollWidth - innerWidth]"
    )
    return element.evaluate("frame => frame.clientHeight"), whole, needed, right


@everywhere
def test_a_promised_height_holds(news: Open, server: str, cases: list[tuple[str, str]]) -> None:
    missed, lines = [], []
    for chart_id, query in cases:
        asked = {"url": f"{server}/charts/{chart_id}?{query}"}
        said = [httpx.get(f"{server}/oembed", params=asked | {"maxwidth": width}).json() for width in WIDTHS]
        columns = (f'<div style="width:{w}px">{one["html"]}</div>' for w, one in zip(WIDTHS, said, strict=True))
        page = news("".join(columns), max(WIDTHS) + 40, SCHEMES[0])
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            for place, (width, one) in enumerate(zip(WIDTHS, said, strict=True)):
                frame, whole, needed, right = measure(page, place)
                spare = frame - needed
                if not (frame == whole == one["height"] and 0 <= spare <= MOST_SPARE + MOST_LINE and right <= 0):
                    missed.append((chart_id, query, scheme, width, frame, whole, needed, right))
                elif spare > MOST_SPARE:
                    lines.append((chart_id, query, scheme, width, spare))
    assert missed == []
    assert len(lines) <= MOST_LINES * len(cases) * len(SCHEMES) * len(WIDTHS), lines


@pytest.mark.nightly
@everywhere
def test_a_frame_without_a_script_is_cut_in_no_column(news: Open, server: str, cases: list[tuple[str, str]]) -> None:
    missed = []
    for chart_id, query in cases:
        code = httpx.get(f"{server}/oembed", params={"url": f"{server}/charts/{chart_id}?{query}"}).json()["html"]
        page = news("".join(f'<div style="width:{width}px">{code}</div>' for width in COLUMNS), 1240, SCHEMES[0])
        for place, width in enumerate(COLUMNS):
            frame, whole, needed, right = measure(page, place)
            if not (frame == whole and 0 <= frame - needed <= MOST_ROOM and right <= 0):
                missed.append((chart_id, query, width, frame, whole, needed, right))
    assert missed == []


@everywhere
def test_a_frame_with_the_script_fits_itself(
    news: Open, server: str, snapshot: Snapshot, cases: list[tuple[str, str]]
) -> None:
    settings = Settings.from_environment({"DASHBOARD_BASE_URL": server})
    for number, (chart_id, query) in enumerate(cases):
        request = read(chart_id, "html", parse_qs(query, keep_blank_values=True), snapshot)
        chart = build_chart(snapshot, chart_id, request.selection, request.options)
        page = news(oembed.write_embed(chart, request, settings), WIDTHS[0], SCHEMES[number % 2])
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            fits = "height => document.querySelector('iframe').clientHeight === Math.ceil(height)"
            page.wait_for_timeout(60)  # so that it is laid out at this width
            page.wait_for_function(fits, arg=measure(page)[2], timeout=3_000)
            frame, whole, needed, right = measure(page)
            assert (frame, frame - needed < 1, right) == (whole, True, 0), (chart_id, query, width)


@pytest.mark.nightly
def test_static_copies_have_the_font_that_their_lines_are_reckoned_by(
    news: Open, newspaper: Newspaper, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, address = newspaper
    for module in (files_of_build, index_page):
        monkeypatch.setattr(module, "CATALOGUE", {"completion-by-theme": CATALOGUE["completion-by-theme"]})
        monkeypatch.setattr(module, "list_beside", lambda *_: ())
    side = files_of_build.PublicSide(snapshot, ["fr"], Settings.from_environment({}), has_data=False)
    publishing.publish(side, Folder(folder / "copies"))
    request = ChartRequest("completion-by-theme", "html", Selection(lang="fr"), snapshot.build_id)
    (folder / "alone.html").write_bytes(making.draw_single(snapshot, request, Settings.from_environment({})))
    lines = []
    for place in ("copies/index.html", "copies/fr/completion-by-theme.html", "alone.html"):
        page = news(f'<iframe src="{address}/{place}" width="390" height="900"></iframe>', 480, "light")
        faces = "[...document.fonts].map(face => `${face.family} ${face.status}`)"
        assert page.frames[1].evaluate(faces) == ["Source Sans loaded"], place
        assert measure(page)[3] <= 0
        lines.append(page.frames[1].locator(".note").evaluate_all("notes => notes.map(note => note.clientHeight)"))
    chart = build_chart(snapshot, request.chart_id, request.selection)
    reckoned = [count_lines(line.text, 390 - 20, LOOKS["note"]) for line in list_below(chart)]
    assert lines[1] == lines[2] == [round(count * LOOKS["note"].line) for count in reckoned]


def test_the_script_listens_to_its_own_frames_alone(news: Open, server: str, snapshot: Snapshot) -> None:
    settings = Settings.from_environment({"DASHBOARD_BASE_URL": server})
    request = ChartRequest("completion-by-theme", "html", Selection(), snapshot.build_id)
    chart = build_chart(snapshot, request.chart_id, request.selection)
    lie = "<script>parent.postMessage({type:'dashboard-height',height:9},'*')</script>"
    page = news(oembed.write_embed(chart, request, settings) + f'<iframe srcdoc="{lie}"></iframe>', 480, "light")
    page.evaluate("postMessage({type: 'dashboard-height', height: 9}, '*')")
    page.wait_for_timeout(200)
    heights = page.locator("iframe").evaluate_all("frames => frames.map(frame => frame.clientHeight)")
    assert heights[0] > 400
    assert heights[1] == 150  # as browsers have it
    page.locator("iframe").first.evaluate("frame => frame.style.height = '9px'")
    page.frames[1].locator("summary").first.evaluate("summary => summary.click()")  # the table opens, the frame grows
    page.wait_for_function(f"document.querySelector('iframe').clientHeight > {heights[0]} + 50")
    page.frames[1].get_by_role("link", name="Explore interactively").click()
    page.frame_locator("iframe").first.locator("#figure[data-drawn=yes]").wait_for()
    page.wait_for_timeout(200)
    frame, whole, needed, _ = measure(page)
    assert frame == whole
    assert frame - needed < 1
