"""Charts framed by a page of another origin: as high as they are promised to be, and as their script says."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Browser, Page

from dashboard.charts.catalogue import CATALOGUE
from dashboard.charts.chart import build_chart
from dashboard.charts.explore import EXPLORE, FORMS, PAIRS, offered_forms
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.web.charts import frames, index_page, single_page
from dashboard.web.charts.page_height import LOOKS, count_lines
from dashboard.web.charts.page_words import list_below
from dashboard.web.charts.requests import ChartRequest, read
from dashboard.web.public_files import files_of_build, publishing
from dashboard.web.public_files.place import Folder
from tests.browser.test_embeds import Quiet

pytestmark = pytest.mark.browser

WIDTHS = (320, 390, 480, 680, 1200)
SCHEMES = ("light", "dark")
MOST_SPARE = 8
"""Pixels that a promised height may be more than is needed."""


def _explore(form: str) -> dict[str, str]:
    """The first dimensions that can be shown in a form."""
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


@pytest.fixture(scope="module")
def newspaper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A folder, and the address of another origin than the dashboard that shows what is in it."""
    folder = tmp_path_factory.mktemp("newspaper")
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    yield folder, f"http://127.0.0.1:{httpd.server_address[1]}"
    httpd.shutdown()
    httpd.server_close()


@pytest.fixture(scope="module")
def news_page(browser: Browser) -> Iterator[Page]:
    """The page in which these tests read the newspaper."""
    page = browser.new_page()
    yield page
    page.close()


@pytest.fixture
def news(news_page: Page, newspaper: tuple[Path, str]) -> Iterator[Any]:
    """Opens a page of the newspaper with some HTML in it; what its console says is an error at the end."""
    page, said, nonce = news_page, list[str](), uuid4().hex
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    numbers = count()

    def open_news(code: str, width: int, scheme: str) -> Page:
        folder, address = newspaper
        head = '<html lang="en"><meta charset="utf-8"><link rel="icon" href="data:,"><title>News</title>'
        name = f"{nonce}-{next(numbers)}.html"  # a new one, since browsers keep what they have seen
        (folder / name).write_text(
            f'<!doctype html>{head}<body style="margin:0">{code.replace(" loading=", " data-loading=")}', "utf-8"
        )
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        page.goto(f"{address}/{name}")
        for frame in page.frames[1:]:
            frame.evaluate("document.fonts.ready")
        return page

    yield open_news
    page.goto("about:blank")
    assert said == []


def measure(page: Page, place: int = 0) -> tuple[float, float, float, float]:
    """The height of a frame, of all that is in it, of what is needed, and how far it reaches to the right."""
    element = page.locator("iframe").nth(place).element_handle()
    inside = element.content_frame()
    assert inside is not None
    whole, needed, right = inside.evaluate(
        "[document.documentElement.scrollHeight, document.querySelector('main').getBoundingClientRect().bottom,"
        " document.documentElement.scrollWidth - innerWidth]"
    )
    return element.evaluate("frame => frame.clientHeight"), whole, needed, right


@everywhere
def test_a_promised_height_holds(news: Any, server: str, cases: list[tuple[str, str]]) -> None:
    missed = []
    for chart_id, query in cases:
        asked = {"url": f"{server}/charts/{chart_id}?{query}"}
        said = [httpx.get(f"{server}/oembed", params=asked | {"maxwidth": width}).json() for width in WIDTHS]
        columns = (f'<div style="width:{w}px">{one["html"]}</div>' for w, one in zip(WIDTHS, said, strict=True))
        page = news("".join(columns), max(WIDTHS) + 40, SCHEMES[0])
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            for place, (width, one) in enumerate(zip(WIDTHS, said, strict=True)):
                frame, whole, needed, right = measure(page, place)
                if not (frame == whole == one["height"] and 0 <= frame - needed <= MOST_SPARE and right <= 0):
                    missed.append((chart_id, query, scheme, width, frame, whole, needed, right))
    assert missed == []


@everywhere
def test_a_frame_with_the_script_fits_itself(
    news: Any, server: str, snapshot: Snapshot, cases: list[tuple[str, str]]
) -> None:
    settings = Settings.from_environment({"DASHBOARD_BASE_URL": server})
    for number, (chart_id, query) in enumerate(cases):
        request = read(chart_id, "html", parse_qs(query, keep_blank_values=True), snapshot)
        chart = build_chart(snapshot, chart_id, request.selection, request.options)
        page = news(frames.write_fitting(chart, request, settings), WIDTHS[0], SCHEMES[number % 2])
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            fits = "height => document.querySelector('iframe').clientHeight === Math.ceil(height)"
            page.wait_for_timeout(60)  # so that it is laid out at this width
            page.wait_for_function(fits, arg=measure(page)[2], timeout=3_000)
            frame, whole, needed, right = measure(page)
            assert (frame, frame - needed < 1, right) == (whole, True, 0), (chart_id, query, width)


def test_static_copies_have_the_font_that_their_lines_are_reckoned_by(
    news: Any, newspaper: tuple[Path, str], snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, address = newspaper
    for module in (files_of_build, index_page):
        monkeypatch.setattr(module, "CATALOGUE", {"completion-by-theme": CATALOGUE["completion-by-theme"]})
    side = files_of_build.PublicSide(snapshot, ["fr"], Settings.from_environment({}), has_data=False)
    publishing.publish(side, Folder(folder / "copies"))
    request = ChartRequest("completion-by-theme", "html", Selection(lang="fr"), snapshot.build_id)
    (folder / "alone.html").write_bytes(single_page.draw_single(snapshot, request, Settings.from_environment({})))
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


def test_the_script_listens_to_its_own_frames_alone(news: Any, server: str, snapshot: Snapshot) -> None:
    settings = Settings.from_environment({"DASHBOARD_BASE_URL": server})
    request = ChartRequest("completion-by-theme", "html", Selection(), snapshot.build_id)
    chart = build_chart(snapshot, request.chart_id, request.selection)
    lie = "<script>parent.postMessage({type:'dashboard-height',height:9},'*')</script>"
    page = news(frames.write_fitting(chart, request, settings) + f'<iframe srcdoc="{lie}"></iframe>', 480, "light")
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
