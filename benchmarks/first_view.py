"""What a first visit takes over a slow line: bytes, and when heading, bars and chart are seen, in a real Chromium.

    python -m benchmarks.first_view [--campaign FOLDER] [--pages / /regions] [--runs 3] [--against CHECKOUT]

Each visit begins with an empty cache, and with a processor a quarter as fast. Bytes are counted on their way to the
browser, compressed. A page should have its bars with its heading, and rest soon after: as ratios, since seconds are
those of the machine.
With `--against`, another checkout of the project takes turns with this one over the same snapshot.
"""

import asyncio
import statistics
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser

from benchmarks.pages import make_parser, open_browser, open_campaign
from benchmarks.processes import describe_machine
from benchmarks.results import Measured, write_aims
from benchmarks.servers import Server, run_dashboard
from dashboard.paths import PROJECT

WATCHER = Path(__file__).with_suffix(".js")
BITS_A_SECOND, LATENCY_MS, SLOWER = 1_600_000, 150, 4
QUIET_MS = 1_500
MOMENTS = ("heading", "bars", "chart", "rest")
"""The moments of a visit, in this order (`first_view.js`)."""
HEADER = """
| page | kB on the wire | websocket | heading s | bars s | chart s | at rest s | bars / heading | at rest / heading |
|---|---:|---:|---:|---:|---:|---:|---:|---:|"""


@dataclass
class Wire:
    """Bytes from the server since the last visit began."""

    http: int = 0
    websocket: int = 0


@dataclass
class Visit:
    """The cost of one first visit; no seconds for a chart where the page has none."""

    http: int
    websocket: int
    heading: float
    bars: float
    chart: float
    rest: float


@contextmanager
def count_bytes(server: Server) -> Iterator[tuple[str, Wire]]:
    """Yield an address that leads to the server, and count its bytes below HTTP: compressed, with all headers."""
    wire, port = Wire(), urlsplit(server.url).port
    listening: Future[tuple[int, Callable[[], object]]] = Future()

    async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, kind: str) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(65536):
                if kind:
                    setattr(wire, kind, getattr(wire, kind) + len(data))
                writer.write(data)
                await writer.drain()
        writer.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", port)
        with suppress(asyncio.CancelledError), closing(back), closing(writer):
            head = await reader.read(65536)
            back.write(head)
            kind = "websocket" if b"/_stcore/stream" in head.partition(b"\r\n")[0] else "http"
            await asyncio.gather(copy(reader, back, ""), copy(there, writer, kind))

    async def listen() -> None:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        own = await asyncio.start_server(serve, "127.0.0.1", 0)
        listening.set_result((own.sockets[0].getsockname()[1], partial(loop.call_soon_threadsafe, stop.set)))
        await stop.wait()
        own.close()

    # A thread of its own, since Playwright has an event loop in this one.
    with ThreadPoolExecutor(1) as thread:
        done = thread.submit(asyncio.run, listen())
        own_port, stop = listening.result(timeout=10)
        try:
            yield f"http://127.0.0.1:{own_port}", wire
        finally:
            stop()
            done.result(timeout=10)


def visit(browser: Browser, address: str, wire: Wire, *, is_slow: bool) -> Visit:
    """Open a page with an empty cache and wait until nothing comes any more."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.add_init_script(path=WATCHER)
    try:
        page = context.new_page()
        if is_slow:
            session = context.new_cdp_session(page)
            a_second = BITS_A_SECOND / 8
            line = {"latency": LATENCY_MS, "downloadThroughput": a_second, "uploadThroughput": a_second}
            session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
            session.send("Network.enable")
            session.send("Network.emulateNetworkConditions", {"offline": False, **line})
        wire.http = wire.websocket = 0
        page.goto(address, wait_until="commit", timeout=120_000)
        page.wait_for_function("() => window.__seen.heading && document.querySelector('.footer')", timeout=120_000)
        before = -1
        while before != (before := wire.http + wire.websocket):
            page.wait_for_timeout(QUIET_MS)
        page.wait_for_function("quiet => performance.now() - window.__seen.rest > quiet", arg=QUIET_MS, timeout=120_000)
        seen = page.evaluate("window.__seen")
        return Visit(wire.http, wire.websocket, *(seen[name] / 1000 for name in MOMENTS))
    finally:
        context.close()


def write_row(name: str, visits: list[Visit]) -> str:
    """Write one line of the table."""
    first = visits[0]
    moments = [statistics.median(getattr(one, moment) for one in visits) for moment in MOMENTS]
    ratios = [statistics.median(getattr(one, moment) / one.heading for one in visits) for moment in ("bars", "rest")]
    cells = [f"{(first.http + first.websocket) / 1000:.0f}", f"{first.websocket / 1000:.0f}"]
    cells += [f"{moment:.1f}" for moment in moments] + [f"{ratio:.2f}" for ratio in ratios]
    return f"| {name} | {' | '.join(cells)} |"


def list_aims(page: str, visits: list[Visit]) -> Measured:
    """List what of a page's visits has an aim: its kB, and when its chart is seen, in times of its heading."""
    name = page.strip("/").capitalize() or "Overview"
    return {
        f"{name} on a slow line": ((visits[0].http + visits[0].websocket) / 1000, None),
        f"{name} on a slow line, first chart after the heading": (
            statistics.median(visit.bars / visit.heading for visit in visits),
            None,
        ),
    }


def main() -> None:
    """Print the table."""
    parser = make_parser(__doc__, 1_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--pages", nargs="*", default=["/", "/regions", "/themes", "/regions?by=group", "/explore"])
    parser.add_argument("--against", type=Path, help="another checkout of the project, to take turns with")
    parser.add_argument("--fast", action="store_true", help="no slow line: bytes are all that is asked")
    options = parser.parse_args()
    projects = {"": PROJECT} | ({"before ": options.against} if options.against else {})
    visits: dict[str, list[Visit]] = {}
    with ExitStack() as stack:
        campaign = stack.enter_context(open_campaign(options.campaign, options.actions))
        servers = {
            name: stack.enter_context(count_bytes(stack.enter_context(run_dashboard(campaign, project=project))))
            for name, project in projects.items()
        }
        browser = stack.enter_context(open_browser())
        for _ in range(options.runs):
            for page in options.pages:
                for name, (address, wire) in servers.items():
                    taken = visit(browser, address + page, wire, is_slow=not options.fast)
                    visits.setdefault(f"{name}{page}", []).append(taken)
    print(f"First visits in Chromium: {describe_machine()}; medians of {options.runs}")
    print(HEADER)
    aims: Measured = {}
    for name, measured in visits.items():
        print(write_row(name, measured))
        aims |= list_aims(name, measured)
    print(write_aims("first_view", aims))


if __name__ == "__main__":
    main()
