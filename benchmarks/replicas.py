"""Many readers of one and of two servers behind nginx, while a server is killed and while both are started anew.

    python -m benchmarks.replicas [--campaign FOLDER] [--readers 100] [--think 10] [--seconds 40]
                                  [--cases one two kill roll]

Each reader clicks a filter, over a websocket by nginx, and connects anew when the server is gone, as a browser does. A
click is lost when the page does not show what was chosen. Beside them somebody asks for a page, a chart and an extract
by HTTP again and again; any answer but 200 is an error page. All of it shares the machine.
"""

import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.pages import find_percentile, make_parser, open_campaign
from benchmarks.processes import describe_machine
from benchmarks.readers import Reader
from benchmarks.results import Measured, write_aims
from tests.deploy.running import Site
from tests.deploy.several import NAMES, Servers, SteadySocket, several

HEADER = """
| case | readers | clicks | p50 ms | p95 ms | worst ms | pages moved | clicks lost | HTTP asked | error pages |
|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|"""
ASKED = ("/", "/charts/completion-by-region.svg", "/extracts/actions.csv?region=africa&country=GHA")
LIMITS = ("PAGES_PER_CLIENT", "CLICKS_PER_SECOND", "WORK_PER_MINUTE", "REQUESTS_PER_SECOND")
SETTINGS = dict.fromkeys((f"DASHBOARD_{name}" for name in LIMITS), "0")
"""All readers come from this computer's address, as by the proxy, so the limits on one client do not count."""


@dataclass
class Seen:
    """The readers' record."""

    clicks: list[float] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    moves: int = 0
    asked: int = 0
    errors: list[str] = field(default_factory=list)
    is_over: bool = False


async def read(site: Site, think: float, seen: Seen, seed: int) -> None:
    """Click until it is over, first at some moment of the time that readers think."""
    chance = random.Random(seed)  # noqa: S311  (times to think, no secrets)
    await asyncio.sleep(chance.uniform(0, think))
    async with SteadySocket(site) as socket:
        reader = Reader(socket, "regions")  # type: ignore[arg-type]
        await reader.run(None)
        while not seen.is_over:
            await asyncio.sleep(chance.uniform(0.5, 1.5) * think)
            chosen = chance.sample(reader.options, chance.randint(1, 3))
            seen.clicks.append(await reader.run(chosen))
            if reader.failure or reader.query.count("region=") != len(chosen):
                seen.lost.append(reader.failure or f"{chosen} → {reader.query}")
        seen.moves += socket.times - 1


async def ask(site: Site, seen: Seen) -> None:
    """Ask by HTTP, one thing after the other."""
    while not seen.is_over:
        for path in ASKED:
            answer, body = await asyncio.to_thread(site.ask, path)
            seen.asked += 1
            if answer.status != 200:
                seen.errors.append(f"{path}: {answer.status} {body[:80]!r}")
            await asyncio.sleep(0.1)


async def serve(
    site: Site, readers: int, think: float, seconds: float, meanwhile: Callable[[], Awaitable[None]]
) -> Seen:
    """Have the readers use the site; `meanwhile` begins once all are here for a third of the time."""
    seen, until = Seen(), time.monotonic() + think + seconds

    async def happen() -> None:
        await asyncio.sleep(think)
        seen.clicks.clear()
        await asyncio.sleep(seconds / 3)
        await meanwhile()
        await asyncio.sleep(max(0.0, until - time.monotonic(), think))
        seen.is_over = True

    async with asyncio.TaskGroup() as group:
        group.create_task(happen())
        group.create_task(ask(site, seen))
        for number in range(readers):
            group.create_task(read(site, think, seen, number))
    return seen


async def kill(servers: Servers) -> None:
    """Kill one without a word, and start it again after some seconds, as systemd does."""
    servers.kill(NAMES[0])
    await asyncio.sleep(2)
    await asyncio.to_thread(servers.start, NAMES[0])


async def roll(servers: Servers) -> None:
    """End and start each anew, one after the other, as `deploy/roll.sh` does."""
    for name in NAMES:
        await asyncio.to_thread(servers.end, name)
        await asyncio.to_thread(servers.start, name)
        await asyncio.sleep(7)


async def let_be(_servers: Servers) -> None:
    """Do nothing."""


CASES = {"one": let_be, "two": let_be, "kill": kill, "roll": roll}
NAMED = {"one": "one server", "two": "two servers", "kill": "two, one is killed", "roll": "two, rolled"}


@contextmanager
def run_case(case: str, campaign: Path) -> Iterator[tuple[Servers, Site]]:
    """Yield the servers of a case, over a campaign with a published snapshot."""
    with (
        tempfile.TemporaryDirectory() as folder,
        several(campaign, Path(folder), SETTINGS, NAMES[:1] if case == "one" else NAMES) as found,
    ):
        yield found


def measure(case: str, campaign: Path, readers: int, think: float, seconds: float) -> Seen:
    """Return the record of a case's readers."""
    with run_case(case, campaign) as (servers, site):
        return asyncio.run(serve(site, readers, think, seconds, lambda: CASES[case](servers)))


def describe(case: str, readers: int, seen: Seen) -> str:
    """Return a line of the table."""
    clicks = [1000 * click for click in seen.clicks] or [float("nan")]
    return (
        f"| {NAMED[case]} | {readers} | {len(seen.clicks)} | {statistics.median(clicks):.0f} "
        f"| {find_percentile(clicks, 0.95):.0f} | {max(clicks):.0f} | {seen.moves} | {len(seen.lost)} "
        f"| {seen.asked} | {len(seen.errors)} |"
    )


def main() -> None:
    """Print the table."""
    parser = make_parser(__doc__, 100_000)
    parser.add_argument("--readers", type=int, default=100)
    parser.add_argument("--think", type=float, default=10, help="seconds between two clicks, half to one and a half")
    parser.add_argument("--seconds", type=float, default=40)
    parser.add_argument("--cases", nargs="+", choices=CASES, default=list(CASES))
    options = parser.parse_args()
    aims: Measured = {}
    with open_campaign(options.campaign, options.actions) as campaign:
        print(f"Replicas: {describe_machine()}\n{HEADER}", flush=True)
        for case in options.cases:
            seen = measure(case, campaign, options.readers, options.think, options.seconds)
            print(describe(case, options.readers, seen), flush=True)
            for said in [*seen.lost[:3], *seen.errors[:3]]:
                print(said, flush=True)
            if case == "two":
                p95 = find_percentile([1000 * click for click in seen.clicks], 0.95)
                aims[f"a click of {options.readers} readers by nginx, two servers, p95"] = (p95, None)
    print(write_aims("replicas", aims))


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main()
