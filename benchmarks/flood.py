"""Whether pages stay quick while charts that nobody asked for before are asked for without pause.

    python -m benchmarks.flood [--campaign FOLDER] [--actions 10000] [--readers 5] [--seconds 10] [--rounds 3]

In turns, readers have the server to themselves and share it with a client that asks for the next chart as soon as one
of its sixteen connections is free. Readers, client and server share the machine.
"""

import asyncio
import itertools
import statistics
import sys
from collections.abc import Iterator
from contextlib import ExitStack

from benchmarks.embeds import CHART, Load, ask_for, days
from benchmarks.pages import find_percentile, make_parser, open_campaign
from benchmarks.processes import describe_machine, read_resident_mb
from benchmarks.readers import Log, serve_readers
from benchmarks.servers import Server, run_dashboard

THINK = 1.0
HEADER = """
| flood of | charts a second | readers | clicks alone, during | p50 alone ms | during | ratio | p95 alone ms | during \
| server's MB |
|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|"""
FLOODS = {"pages": (CHART, ""), "pictures": (f"{CHART}.png", "&size=social&lang=es")}


async def click_alone(server: Server, readers: int, seconds: float) -> list[float]:
    """Time clicks, in seconds, without other requests."""
    log = Log()
    await serve_readers(server, "", readers, THINK, seconds, log)
    return _clicks(log)


async def click_during(
    server: Server, readers: int, seconds: float, lines: Iterator[bytes]
) -> tuple[list[float], Load, float]:
    """Time clicks while charts are requested; return them, the requests, and the seconds for all."""
    log = Log()
    flood = asyncio.create_task(ask_for(server, lines, THINK + seconds, 10**9))
    await serve_readers(server, "", readers, THINK, seconds, log)
    load = await flood
    return _clicks(log), load, THINK + seconds


def _clicks(log: Log) -> list[float]:
    if log.errors:
        print(f"{len(log.errors)} visits failed, the first with {log.errors[0]}", file=sys.stderr)
    return log.clicks


def measure(server: Server, name: str, readers: int, seconds: float, rounds: int) -> str:
    """Return one line of the table: alone and during taking turns."""
    path, extra = FLOODS[name]
    lines = itertools.chain.from_iterable(days(path, f"{extra}&group={group}") for group in GROUPS)
    alone: list[float] = []
    during: list[float] = []
    charts, took = 0, 0.0
    asyncio.run(click_alone(server, readers, 2))  # the answers to the first readers are made for them
    for _ in range(rounds):
        alone += asyncio.run(click_alone(server, readers, seconds))
        clicks, load, lasted = asyncio.run(click_during(server, readers, seconds, lines))
        if not load.statuses <= {200}:
            raise SystemExit(f"{name}: answers with {load.statuses}")
        during += clicks
        charts, took = charts + len(load.seconds), took + lasted
    middle = [statistics.median(times) * 1000 for times in (alone, during)]
    high = [find_percentile(times, 0.95) * 1000 for times in (alone, during)]
    return (
        f"| {name} | {charts / took:.0f} | {readers} | {len(alone)}, {len(during)} | {middle[0]:.0f} | {middle[1]:.0f} "
        f"| {middle[1] / middle[0]:.2f} | {high[0]:.0f} | {high[1]:.0f} | {read_resident_mb(server.pid):.0f} |"
    )


GROUPS = ("government", "employers_organisation", "workers_organisation", "civil_society", "academia")


def main() -> None:
    """Print the table."""
    parser = make_parser(__doc__, 10_000)
    parser.add_argument("--readers", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--floods", nargs="+", choices=tuple(FLOODS), default=list(FLOODS))
    options = parser.parse_args()
    print(f"Pages beside a flood of charts: {describe_machine()}")
    with ExitStack() as stack:
        campaign = stack.enter_context(open_campaign(options.campaign, options.actions))
        print(HEADER)
        for name in options.floods:
            with run_dashboard(campaign, with_uvicorn=True) as server:
                print(measure(server, name, options.readers, options.seconds, options.rounds), flush=True)


if __name__ == "__main__":
    main()
