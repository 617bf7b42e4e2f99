"""Charts over HTTP: the page made to be framed against Streamlit's `?embed=true`, and answers per second.

    python -m benchmarks.embeds [--campaign FOLDER] [--actions 10000] [--runs 5] [--seconds 5]

Pages take turns in one Chromium that has never been there. Requests are asked by a client of this program's own over
sixteen kept connections; client and server share the machine, so the figures are what both of them leave each other.
"""

import asyncio
import itertools
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser

from benchmarks.pages import QUIET, WATCHER, find_percentile, make_parser, open_browser, open_campaign, watch_network
from benchmarks.processes import describe_machine, read_processor_seconds, read_resident_mb
from benchmarks.results import Measured, write_aims
from benchmarks.servers import Server, run_baseline, run_dashboard

CONNECTIONS = 16
WARMING = 60
"""Answers before the first that counts."""

CHART = "/charts/completion-by-region"
PAINTED = """async () => {
  await document.fonts.ready;
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  return performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? performance.now();
}"""
PAGES = """
| page | kB on the wire | requests | chart drawn, cold ms |
|---|---:|---:|---:|"""
RATES = """
| asked for | answers a second | p50 ms | p95 ms | server's CPU ms an answer | MB of the process after |
|---|---:|---:|---:|---:|---:|"""


def measure_frame(browser: Browser, address: str, charts: int) -> tuple[float, int, float]:
    """Kilobytes, requests and milliseconds until the chart is there, in a context that knows nothing yet.

    Args:
        browser: The browser.
        address: The page.
        charts: How many Plotly charts a page of Streamlit has; 0 for a page that is complete as it comes.
    """
    context = browser.new_context(viewport={"width": 800, "height": 900})
    try:
        if charts:
            context.add_init_script(path=WATCHER)
        page = context.new_page()
        wire = watch_network(page)
        page.goto(address, wait_until="commit")
        if charts:
            page.wait_for_function(QUIET, arg=[charts, 0], timeout=120_000)
            drawn = float(page.evaluate("window.__bench.changedAt"))
        else:
            page.wait_for_selector("svg", state="attached")
            drawn = float(page.evaluate(PAINTED))
        page.wait_for_timeout(200)
        return (wire.http + wire.websocket) / 1000, wire.requests, drawn
    finally:
        context.close()


@dataclass
class Load:
    """A client's record."""

    seconds: list[float] = field(default_factory=list)
    statuses: set[int] = field(default_factory=set)


async def ask_for(server: Server, lines: Iterator[bytes], seconds: float, most: int) -> Load:
    """Ask request after request over `CONNECTIONS` connections until the time is over or `most` were asked."""
    load = Load()
    place = urlsplit(server.url)
    end = time.perf_counter() + seconds
    left = itertools.count(most, -1)

    async def work() -> None:
        reader, writer = await asyncio.open_connection(place.hostname, place.port)
        while time.perf_counter() < end and next(left) > 0:
            begun = time.perf_counter()
            writer.write(next(lines))
            head = await reader.readuntil(b"\r\n\r\n")
            status = int(head[9:12])
            length = head.lower().partition(b"content-length:")[2].partition(b"\r")[0]
            if status != 304 and length:
                await reader.readexactly(int(length))
            load.seconds.append(time.perf_counter() - begun)
            load.statuses.add(status)
        writer.close()

    await asyncio.gather(*(work() for _ in range(CONNECTIONS)))
    return load


def write_request(path: str, **headers: str) -> bytes:
    """Write a GET request as it goes over the wire."""
    more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\naccept-encoding: br\r\n{more}\r\n".encode()


async def read_tag(server: Server) -> str:
    """Read the ETag of the chart's page."""
    place = urlsplit(server.url)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    writer.write(write_request(CHART))
    head = await reader.readuntil(b"\r\n\r\n")
    writer.close()
    return head.partition(b"etag: ")[2].partition(b"\r\n")[0].decode()


def days(path: str, extra: str = "", first: date = date(2021, 1, 1)) -> Iterator[bytes]:
    """Requests of selections that nobody asked for before: another day each, then another region too."""
    regions = ("", "africa", "americas", "arab_states", "asia_and_the_pacific", "europe_and_central_asia", "global")
    for region, number in itertools.product(regions, range(365)):
        chosen = f"&region={region}" if region else ""
        yield write_request(f"{path}?as_of={first + timedelta(number)}{chosen}{extra}")


def measure_rate(
    server: Server, name: str, make: Callable[[], Iterator[bytes]], seconds: float, most: int
) -> tuple[str, float]:
    """Measure the rates of one line of the table; also give the answers a second."""
    before = read_processor_seconds(server.pid)
    begun = time.perf_counter()
    load = asyncio.run(ask_for(server, make(), seconds, most))
    took = time.perf_counter() - begun
    spent = read_processor_seconds(server.pid) - before
    count = len(load.seconds)
    if not load.statuses <= {200, 304}:
        raise SystemExit(f"{name}: answers with {load.statuses}")
    row = (
        f"| {name} | {count / took:.0f} | {statistics.median(load.seconds) * 1000:.1f} "
        f"| {find_percentile(load.seconds, 0.95) * 1000:.1f} | {spent / count * 1000:.2f} "
        f"| {read_resident_mb(server.pid):.0f} |"
    )
    return row, count / took


def print_pages(stack: ExitStack, campaign: Path, runs: int) -> None:
    """Print the table of pages: each cold, in turns."""
    baseline = stack.enter_context(run_baseline(campaign))
    dashboard = stack.enter_context(run_dashboard(campaign))
    pages = [
        ("baseline page, ?embed=true", f"{baseline.url}/?embed=true", 3),
        ("dashboard page, ?embed=true", f"{dashboard.url}/regions?embed=true", 2),
        ("/charts/completion-by-region", f"{dashboard.url}{CHART}", 0),
    ]
    browser = stack.enter_context(open_browser())
    results: dict[str, list[tuple[float, int, float]]] = {}
    for _ in range(runs):
        for name, address, charts in pages:
            results.setdefault(name, []).append(measure_frame(browser, address, charts))
    print(PAGES)
    for name, measured in results.items():
        drawn = statistics.median(result[2] for result in measured)
        print(f"| {name} | {measured[0][0]:.1f} | {measured[0][1]} | {drawn:.0f} |")


def print_rates(campaign: Path, seconds: float) -> None:
    """Print the table of answers a second, by uvicorn."""
    with run_dashboard(campaign, with_uvicorn=True) as server:
        tag = asyncio.run(read_tag(server))
        # A server that has just started compresses scripts and loads modules; the figures below exclude that.
        asyncio.run(ask_for(server, days(f"{CHART}.csv"), seconds, WARMING))
        same = itertools.repeat
        measures: list[tuple[str, Callable[[], Iterator[bytes]], int]] = [
            ("a chart's page that has not changed (304)", lambda: same(write_request(CHART, if_none_match=tag)), 10**9),
            ("a chart's page that is kept in memory", lambda: same(write_request(CHART)), 10**9),
            ("a chart's page of a selection never asked for", lambda: days(CHART), 2_500),
            ("a chart's data of such a selection", lambda: days(f"{CHART}.csv", "&lang=fr"), 2_500),
            ("a chart's picture of such a selection", lambda: days(f"{CHART}.png", "&size=social&lang=es"), 2_500),
        ]
        print(RATES)
        aims: Measured = {}
        for name, make, most in measures:
            row, rate = measure_rate(server, name, make, seconds, most)
            print(row, flush=True)
            aims[name] = rate, None
        print(write_aims("embeds", aims))


def main() -> None:
    """Print the tables."""
    parser = make_parser(__doc__, 10_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=5)
    options = parser.parse_args()
    print(f"Charts over HTTP: {describe_machine()}")
    with ExitStack() as stack:
        campaign = stack.enter_context(open_campaign(options.campaign, options.actions))
        with ExitStack() as pages:
            print_pages(pages, campaign, options.runs)
        print_rates(campaign, options.seconds)


if __name__ == "__main__":
    main()
