"""What a reader waits for, in a real Chromium: the first view, and a filter click until the charts are redrawn.

    python -m benchmarks.pages [--campaign FOLDER] [--actions 100000] [--runs 7] [--page ""]

The dashboard and the baseline page (benchmarks/baseline) take turns over the same snapshot. The browser
is the one DASHBOARD_CHROMIUM names, else the first found.
"""

import argparse
import statistics
import tempfile
from base64 import b64decode
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Browser, Locator, Page, sync_playwright

from benchmarks.processes import describe_machine
from benchmarks.results import Measured, write_aims
from benchmarks.servers import Server, run_baseline, run_dashboard
from benchmarks.synthetic import build_snapshot, write_campaign
from tests.chromium import find_chromium

WATCHER = Path(__file__).parent / "clicks.js"
FLAGS = ["--no-sandbox", "--disable-background-networking", "--no-first-run", "--disable-component-update"]
QUIET = "([charts, since]) => window.__bench.isQuiet(charts, since)"
HEADER = """
| page | first view, kB | of it websocket, unpacked | requests | cold ms | repeat ms | click → redrawn p50 ms | p95 |
|---|---:|---:|---:|---:|---:|---:|---:|"""


class Frame(NamedTuple):
    """A message on the websocket, unpacked: when, in microseconds of Chromium's clock, and whether the page sent it."""

    at: float
    is_sent: bool
    data: bytes


@dataclass
class Wire:
    """Bytes as Chromium counts them: for HTTP those over the network, for the websocket the unpacked ones."""

    http: int = 0
    websocket: int = 0
    requests: int = 0
    details: dict[str, int] = field(default_factory=dict)
    frames: list[Frame] = field(default_factory=list)


@dataclass
class Result:
    """The figures of one page."""

    wire: Wire
    cold: float
    repeat: float
    clicks: list[float]


def watch_network(page: Page) -> Wire:
    """Count the page's bytes from now on."""
    wire = Wire()
    session = page.context.new_cdp_session(page)
    urls: dict[str, str] = {}

    def note_response(event: dict[str, Any]) -> None:
        urls[event["requestId"]] = event["response"]["url"]

    def note_end(event: dict[str, Any]) -> None:
        wire.http += int(event["encodedDataLength"])
        wire.requests += 1
        wire.details[urls.get(event["requestId"], "?")] = int(event["encodedDataLength"])

    def note_frame(event: dict[str, Any], *, is_sent: bool = False) -> None:
        text = event["response"]["payloadData"]
        data = b64decode(text) if event["response"]["opcode"] == 2 else text.encode()
        wire.websocket += 0 if is_sent else len(data)
        wire.frames.append(Frame(event["timestamp"] * 1e6, is_sent, data))

    session.on("Network.responseReceived", note_response)
    session.on("Network.loadingFinished", note_end)
    session.on("Network.webSocketFrameReceived", note_frame)
    session.on("Network.webSocketFrameSent", partial(note_frame, is_sent=True))
    session.send("Network.enable")
    return wire


def measure_page(browser: Browser, server: Server, path: str, charts: int, clicks: int) -> Result:
    """Open the page cold, open it again, then click filters."""
    context = browser.new_context(viewport={"width": 1400, "height": 2200})
    context.add_init_script(path=WATCHER)
    try:
        page = context.new_page()
        wire = watch_network(page)
        cold = open_quiet(page, server.url + path, charts)
        counted = Wire(wire.http, wire.websocket, wire.requests, dict(wire.details))
        repeat = open_quiet(page, server.url + path, charts)
        return Result(counted, cold, repeat, list(_click(page, charts, clicks)))
    finally:
        context.close()


def open_quiet(page: Page, url: str, charts: int = 0) -> float:
    """Open an address, and wait until nothing changes any more; return when the last change was, in ms from then on."""
    page.goto(url, wait_until="commit")
    page.wait_for_function(QUIET, arg=[charts, 0], timeout=60_000)
    return float(page.evaluate("window.__bench.changedAt"))


def _click(page: Page, charts: int, clicks: int) -> Iterator[float]:
    """Choose region after region in the filter, then start again with none."""
    control = page.locator(".st-key-filter-region [data-testid=stMultiSelect]")  # the baseline's, a box of Streamlit's
    clear = control.get_by_role("button", name="Clear all").or_(control.locator("[aria-label='Clear all']"))
    clear = clear.or_(page.locator(".chips .reset"))
    for number in range(clicks):
        if number % 3 == 0 and number:
            clear.first.click()
            page.wait_for_timeout(1500)
        yield click_quiet(page, open_regions(page), charts)
        page.keyboard.press("Escape")
        page.wait_for_timeout(200)


def open_regions(page: Page) -> Locator:
    """Open the list of regions of the filters; return the first one that is not chosen."""
    opener = page.locator(".st-key-filter-region [data-testid=stMultiSelect] input")
    options = page.get_by_role("option")
    if page.locator("[data-chip=region]").count():
        opener = page.locator("[data-chip=region] > .shown")
        options = page.locator("[data-chip=region] [popover] input[type=checkbox]:not(:checked)")
    opener.first.click()
    options.first.wait_for()
    page.wait_for_timeout(300)
    return options.first


def click_quiet(page: Page, target: Locator, charts: int) -> float:
    """Click, and wait until no chart changes any more; return the milliseconds from the click to the last change."""
    target.click()
    clicked = float(page.evaluate("window.__bench.clickedAt"))
    page.wait_for_function(QUIET, arg=[charts, clicked], timeout=60_000)
    return float(page.evaluate("window.__bench.changedAt")) - clicked


def find_percentile(values: list[float], share: float) -> float:
    """Find the value below which `share` of the values lie (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def typical_click(results: list[Result]) -> float:
    """Return the median of all clicks."""
    return statistics.median(click for result in results for click in result.clicks)


def typical_first_view(results: list[Result]) -> float:
    """Return the median of the first views."""
    return statistics.median(result.cold for result in results)


def write_row(name: str, results: list[Result]) -> str:
    """Write one line of the table."""
    clicks = [click for result in results for click in result.clicks]
    wire = results[0].wire
    return (
        f"| {name} | {(wire.http + wire.websocket) / 1000:.0f} | {wire.websocket / 1000:.0f} | {wire.requests} "
        f"| {typical_first_view(results):.0f} | {statistics.median(r.repeat for r in results):.0f} "
        f"| {typical_click(results):.0f} | {find_percentile(clicks, 0.95):.0f} |"
    )


@contextmanager
def open_campaign(folder: Path | None, actions: int) -> Iterator[Path]:
    """Yield the campaign to measure with: the one given, else a synthetic one, built now."""
    if folder is not None:
        yield folder
        return
    with tempfile.TemporaryDirectory() as temporary:
        write_campaign(actions, Path(temporary))
        build_snapshot(Path(temporary))
        yield Path(temporary)


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Yield a Chromium that knows nothing yet."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(find_chromium()), args=FLAGS)
        yield browser
        browser.close()


def make_parser(documentation: str | None, actions: int) -> argparse.ArgumentParser:
    """Make a command line by a module's docstring, with the options of `open_campaign`; `actions` is the default."""
    parser = argparse.ArgumentParser(description=(documentation or "").splitlines()[0])
    parser.add_argument("--campaign", type=Path, help="a campaign folder with a published snapshot")
    parser.add_argument("--actions", type=int, default=actions)
    return parser


def main() -> None:
    """Print the table."""
    parser = make_parser(__doc__, 100_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--clicks", type=int, default=6)
    parser.add_argument(
        "--pages", nargs="*", default=["/:1", "/regions:4", "/themes:3"], help="path:number of charts on it"
    )
    parser.add_argument("--details", action="store_true", help="list the largest downloads")
    options = parser.parse_args()
    with ExitStack() as stack:
        campaign = stack.enter_context(open_campaign(options.campaign, options.actions))
        baseline = stack.enter_context(run_baseline(campaign))
        dashboard = stack.enter_context(run_dashboard(campaign))
        pages = [("baseline", baseline, "/", 3)]
        pages += [(f"dashboard {path}", dashboard, path, int(n)) for path, n in (p.split(":") for p in options.pages)]
        browser = stack.enter_context(open_browser())
        results: dict[str, list[Result]] = {}
        for _ in range(options.runs):
            for name, server, path, charts in pages:
                results.setdefault(name, []).append(measure_page(browser, server, path, charts, options.clicks))
    print(f"Pages in Chromium: {describe_machine()}; medians of {options.runs} runs, {options.clicks} clicks each")
    print(HEADER)
    for name, measured in results.items():
        print(write_row(name, measured))
    base = results["baseline"]
    aims: Measured = {
        f"a click on {path.strip('/').capitalize() or 'Overview'}, p50": (
            typical_click(results[name]),
            typical_click(base),
        )
        for name, _, path, _ in pages[1:]
    }
    if (overview := results.get("dashboard /")) is not None:
        aims["a first view of Overview, empty browser"] = (typical_first_view(overview), typical_first_view(base))
    print(write_aims("pages", aims))
    if options.details:
        for name, measured in results.items():
            largest = sorted(measured[0].wire.details.items(), key=lambda item: -item[1])[:12]
            print(f"\n{name}: largest downloads")
            for url, size in largest:
                print(f"  {size / 1000:8.1f} kB  {url.rsplit('/', 1)[-1]}")


if __name__ == "__main__":
    main()
