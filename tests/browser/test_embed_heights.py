"""Charts framed by a page of another origin: as high as they are promised to be, and as their script says."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import ThreadingHTTPServer
from itertools import count, cycle
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page

from dashboard.campaign.folder import LANGUAGES
from dashboard.charts.catalogue import CATALOGUE
from dashboard.charts.chart import build_chart
from dashboard.charts.explore import EXPLORE
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.web.charts import frames
from dashboard.web.charts.requests import ChartRequest
from tests.browser.test_embeds import Quiet

pytestmark = pytest.mark.browser

WIDTHS = (320, 480, 680, 1200)
MOST_SPARE = 8
"""Pixels that a promised height may be more than is needed."""
FEW = (("completion-by-theme", "fr", "dark"), ("milestones-by-month", "es", "light"), (EXPLORE, "en", "light"))
ALL = tuple(zip((*CATALOGUE, EXPLORE), cycle(LANGUAGES), cycle(("light", "dark")), strict=False))
everywhere = pytest.mark.parametrize(
    "cases", [FEW, pytest.param(ALL, marks=pytest.mark.exhaustive)], ids=["few", "all"]
)


@pytest.fixture(scope="module")
def newspaper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A folder, and the address of another origin than the dashboard that shows what is in it."""
    folder = tmp_path_factory.mktemp("newspaper")
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    yield folder, f"http://127.0.0.1:{httpd.server_address[1]}"
    httpd.shutdown()
    httpd.server_close()


@pytest.fixture
def news(browser: Browser, newspaper: tuple[Path, str]) -> Iterator[Any]:
    """Opens a page of the newspaper with some HTML in it; what its console says is an error at the end."""
    context = browser.new_context()
    page, said, numbers = context.new_page(), list[str](), count()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))

    def open_news(code: str, width: int, scheme: str) -> Page:
        folder, address = newspaper
        head = '<html lang="en"><meta charset="utf-8"><link rel="icon" href="data:,"><title>News</title>'
        name = f"{next(numbers)}.html"  # a new one, since browsers keep what they have seen
        (folder / name).write_text(
            f'<!doctype html>{head}<body style="margin:0">{code.replace(" loading=", " data-loading=")}', "utf-8"
        )
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        page.goto(f"{address}/{name}")
        page.frames[1].evaluate("document.fonts.ready")
        return page

    yield open_news
    context.close()
    assert said == []


def measure(page: Page) -> tuple[float, float, float, float]:
    """The height of the frame, of all that is in it, of what is needed, and how far it reaches to the right."""
    frame = page.locator("iframe").first.evaluate("frame => frame.clientHeight")
    whole, needed, right = page.frames[1].evaluate(
        "[document.documentElement.scrollHeight, document.querySelector('main').getBoundingClientRect().bottom,"
        " document.documentElement.scrollWidth - innerWidth]"
    )
    return frame, whole, needed, right


@everywhere
def test_a_promised_height_holds(news: Any, server: str, cases: tuple[tuple[str, str, str], ...]) -> None:
    missed = []
    for chart_id, lang, scheme in cases:
        for width in WIDTHS:
            query = {"url": f"{server}/charts/{chart_id}?lang={lang}", "maxwidth": width}
            said = httpx.get(f"{server}/oembed", params=query).json()
            frame, whole, needed, right = measure(news(said["html"], width, scheme))
            if not (frame == whole == said["height"] and 0 <= frame - needed <= MOST_SPARE and right <= 0):
                missed.append((chart_id, lang, scheme, width, frame, whole, needed, right))
    assert missed == []


@everywhere
def test_a_frame_with_the_script_fits_itself(
    news: Any, server: str, snapshot: Snapshot, cases: tuple[tuple[str, str, str], ...]
) -> None:
    settings = Settings.from_environment({"DASHBOARD_BASE_URL": server})
    for chart_id, lang, scheme in cases:
        request = ChartRequest(chart_id, "html", Selection(lang=lang), snapshot.build_id)
        chart = build_chart(snapshot, chart_id, request.selection)
        page = news(frames.write_fitting(chart, request, settings), WIDTHS[0], scheme)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            fits = "height => document.querySelector('iframe').clientHeight === Math.ceil(height)"
            page.wait_for_timeout(60)  # so that it is laid out at this width
            page.wait_for_function(fits, arg=measure(page)[2], timeout=3_000)
            frame, whole, needed, right = measure(page)
            assert (frame, frame - needed < 1, right) == (whole, True, 0), (chart_id, width)


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
