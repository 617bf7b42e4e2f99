"""How many readers one process serves: each reads, thinks, and clicks a filter, over its own websocket.

    python -m benchmarks.readers [--campaign FOLDER] [--readers 10 100] [--think 10] [--seconds 60]
    python -m benchmarks.readers --minutes 30 --readers 100      a soak: memory minute by minute

A reader here speaks Streamlit's protocol as the browser's half of it does, but draws nothing; a click
lasts from sending the changed filter until the server says that the run is finished. The clients and
the server share the machine. Only servers that this program started are asked, all of them on 127.0.0.1.
"""

import asyncio
import contextlib
import json
import random
import statistics
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from benchmarks.pages import find_percentile, make_parser, open_campaign
from benchmarks.processes import describe_machine, read_processor_seconds, read_resident_mb
from benchmarks.results import Measured, write_aims
from benchmarks.servers import Server, run_baseline, run_dashboard

HEADER = """
| server | readers | thinking s | clicks | p50 ms | p95 ms | worst ms | CPU ms a run | MB before | after | failures |
|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|"""
EVENTS = "$$STREAMLIT_INTERNAL_KEY"
"""The beginning of the states of components, by which they report events; the baseline has Streamlit's filter."""
LEAST_CLICKS_A_VISIT, MOST_CLICKS_A_VISIT = 5, 25
RUN_SECONDS = 120


@dataclass
class Log:
    """The readers' record."""

    clicks: list[float] = field(default_factory=list)
    runs: int = 0
    errors: list[str] = field(default_factory=list)


class Reader:
    """One reader's visit: a websocket, the region filter of the page, and the address as the page wrote it."""

    def __init__(self, socket: ClientConnection, page: str) -> None:
        """Use an open connection for a visit of `page` (its URL path, "" for the first page, and what it asks for)."""
        self.socket = socket
        self.page, _, self.query = page.partition("?")
        self.widget = ""
        self.options: list[str] = []
        self.page_hash = ""
        self.failure = ""

    async def run(self, regions: list[str] | None) -> float:
        """Have the page run, with these regions in the filter unless None; gives the seconds until it has finished."""
        started = time.perf_counter()
        await self.ask(regions)
        await self.wait()
        return time.perf_counter() - started

    async def wait(self) -> None:
        """Wait until a run has finished."""
        async with asyncio.timeout(RUN_SECONDS):
            while not self._note(ForwardMsg.FromString(await self._receive())):
                pass

    async def ask(self, regions: list[str] | None) -> None:
        """Ask for such a run, and do not wait for it."""
        message = BackMsg()
        state = message.rerun_script
        state.query_string = self.query
        state.page_name = self.page
        state.page_script_hash = self.page_hash
        state.context_info.timezone = "UTC"
        state.context_info.locale = "en"
        state.context_info.url = "http://127.0.0.1/"
        if regions is not None:
            widget = state.widget_states.widgets.add()
            widget.id = self.widget
            if self.widget.startswith(EVENTS):
                widget.json_trigger_value = json.dumps(
                    [{"event": "changes", "value": [{"chip": "region", "codes": regions}]}]
                )
            else:
                widget.string_array_value.data.extend(regions)
        await self.socket.send(message.SerializeToString())

    async def _receive(self) -> bytes:
        data = await self.socket.recv()
        return data if isinstance(data, bytes) else data.encode()

    def _note(self, message: ForwardMsg) -> bool:
        """Take the values for the next run from a message; return True when the run has finished."""
        kind = message.WhichOneof("type")
        if kind == "script_finished":
            return message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
        if kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "navigation":
            self.page_hash = message.navigation.page_script_hash
            pages = {page.url_pathname: page.page_script_hash for page in message.navigation.app_pages}
            if self.page and self.page_hash != pages.get(self.page):
                self.failure = f"The program has no page “{self.page}”, and showed another one."
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            if element.WhichOneof("type") == "multiselect" and "filter-region" in element.multiselect.id:
                self.widget = element.multiselect.id
                self.options = list(element.multiselect.options)
            elif element.WhichOneof("type") == "bidi_component" and element.bidi_component.id.endswith("-chips"):
                part = element.bidi_component
                self.widget = f"{EVENTS}_{part.id}__events"
                chips = {chip["key"]: chip for chip in json.loads(part.mixed.json or part.json)["chips"]}
                self.options = [code for code, _ in chips["region"]["list"]["options"]]
            elif element.WhichOneof("type") == "exception":
                self.failure = element.exception.message
        return False


@contextlib.asynccontextmanager
async def open_reader(server: Server, page: str) -> AsyncIterator[Reader]:
    """Open the connection of one reader's visit."""
    async with connect(
        server.url.replace("http", "ws") + "/_stcore/stream",
        subprotocols=[Subprotocol("streamlit")],
        max_size=None,
        open_timeout=RUN_SECONDS,
    ) as socket:
        yield Reader(socket, page)


async def read(server: Server, page: str, think: float, until: float, log: Log, seed: int) -> None:
    """Visit after visit until the time is up; every visit has a handful of clicks."""
    chance = random.Random(seed)  # noqa: S311  (times to think, no secrets)
    # Readers do not come all at once.
    await asyncio.sleep(chance.uniform(0, think))
    while time.monotonic() < until:
        try:
            async with open_reader(server, page) as reader:
                await _visit(reader, chance, think, until, log)
        except (OSError, TimeoutError, AssertionError) as error:
            log.errors.append(repr(error))
            await asyncio.sleep(1)


async def _visit(reader: Reader, chance: random.Random, think: float, until: float, log: Log) -> None:
    await reader.run(None)
    log.runs += 1
    for _ in range(chance.randint(LEAST_CLICKS_A_VISIT, MOST_CLICKS_A_VISIT)):
        await asyncio.sleep(chance.uniform(0.5, 1.5) * think)
        if time.monotonic() >= until:
            return
        chosen = chance.sample(reader.options, chance.randint(0, min(3, len(reader.options))))
        log.clicks.append(await reader.run(chosen))
        log.runs += 1
        if reader.failure:
            raise AssertionError(reader.failure)


async def serve_readers(server: Server, page: str, readers: int, think: float, seconds: float, log: Log) -> None:
    """Have `readers` readers use the server for `seconds`, counted from when all have come."""
    until = time.monotonic() + think + seconds

    async def forget_arrival() -> None:
        await asyncio.sleep(think)
        log.clicks.clear()

    async with asyncio.TaskGroup() as group:
        group.create_task(forget_arrival())
        for number in range(readers):
            group.create_task(read(server, page, think, until, log, seed=number))


def measure(server: Server, page: str, readers: int, think: float, seconds: float) -> tuple[str, float, float]:
    """Return one line of the table; of it, p95 of a click and the processor time of a run, in milliseconds."""
    before, used = read_resident_mb(server.pid), read_processor_seconds(server.pid)
    log = Log()
    asyncio.run(serve_readers(server, page, readers, think, seconds, log))
    used = read_processor_seconds(server.pid) - used
    after = read_resident_mb(server.pid)
    if log.errors:
        print(f"{server.name}: {len(log.errors)} visits failed, the first with {log.errors[0]}", file=sys.stderr)
    clicks = [1000 * click for click in log.clicks] or [float("nan")]
    p95, a_run = find_percentile(clicks, 0.95), 1000 * used / log.runs
    row = (
        f"| {server.name} | {readers} | {think:g} | {len(clicks)} | {statistics.median(clicks):.0f} "
        f"| {p95:.0f} | {max(clicks):.0f} | {a_run:.0f} | {before:.0f} | {after:.0f} | {len(log.errors)} |"
    )
    return row, p95, a_run


def soak(server: Server, page: str, readers: int, think: float, minutes: int) -> None:
    """Print one line a minute: clicks, how long they took, and the server's memory."""

    async def watch(log: Log) -> None:
        tasks = asyncio.create_task(serve_readers(server, page, readers, think, 60 * minutes, log))
        seen = 0
        for minute in range(1, minutes + 1):
            await asyncio.sleep(60)
            clicks = [1000 * click for click in log.clicks[seen:]] or [0.0]
            seen = len(log.clicks)
            print(
                f"| {minute} | {len(clicks)} | {statistics.median(clicks):.0f} | {find_percentile(clicks, 0.95):.0f} "
                f"| {read_resident_mb(server.pid):.0f} | {len(log.errors)} |",
                flush=True,
            )
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(tasks, timeout=RUN_SECONDS)

    print("\n| minute | clicks | p50 ms | p95 ms | memory MB | errors |\n|---:|---:|---:|---:|---:|---:|", flush=True)
    asyncio.run(watch(Log()))


def main() -> None:
    """Print the table, or soak."""
    parser = make_parser(__doc__, 100_000)
    parser.add_argument("--readers", type=int, nargs="+", default=[10, 100])
    parser.add_argument("--think", type=float, default=10, help="seconds between two clicks, half to one and a half")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--minutes", type=int, default=0, help="soak the dashboard for so long instead")
    parser.add_argument("--page", default="", help="its path: actions, explore?part=compare; the first by default")
    parser.add_argument("--servers", nargs="+", default=["baseline", "dashboard"], help="baseline dashboard uvicorn")
    parser.add_argument("--against", type=Path, help="another checkout of the project, to take turns with")
    options = parser.parse_args()
    runs: dict[str, Callable[[Path], AbstractContextManager[Server]]] = {
        "baseline": run_baseline,
        "dashboard": run_dashboard,
        "uvicorn": partial(run_dashboard, with_uvicorn=True),
    }
    if options.against:
        runs["another checkout"] = partial(run_dashboard, project=options.against)
        options.servers.append("another checkout")
    with ExitStack() as stack:
        campaign = stack.enter_context(open_campaign(options.campaign, options.actions))
        print(f"Readers: {describe_machine()}")
        if options.minutes:
            server = stack.enter_context(run_dashboard(campaign))
            soak(server, options.page, options.readers[-1], options.think, options.minutes)
            return
        print(HEADER)
        aims: Measured = {}
        for name in options.servers:
            for readers in options.readers:
                with runs[name](campaign) as server:
                    row, p95, a_run = measure(server, options.page, readers, options.think, options.seconds)
                print(row, flush=True)
                if name == "dashboard" and options.think == 10:
                    aims[f"{readers} readers who think ten seconds, p95 of a click"] = p95, None
                    aims[f"the same {readers} readers, processor a run"] = a_run, None
        print(write_aims("readers", aims))


if __name__ == "__main__":
    main()
