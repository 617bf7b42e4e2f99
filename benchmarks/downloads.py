"""Whether pages stay quick while many extracts are made: fifty downloads at once beside readers of a page.

    python -m benchmarks.downloads [--campaign FOLDER] [--actions 10000] [--downloads 50] [--readers 5] [--seconds 20]

First the readers have the server to themselves, then every download is asked for at the same moment: tables, formats,
filters, words and languages mixed, no two alike. Readers go on for as long as the downloads take. The clients share
the machine with the server. A file is checked: its answer, its length, and what it begins with.
"""

import argparse
import asyncio
import statistics
import sys
import time
from collections import Counter
from contextlib import ExitStack
from typing import NamedTuple

import httpx

from benchmarks.pages import find_percentile, make_parser, open_campaign
from benchmarks.processes import Peak, describe_machine, read_peak_mb
from benchmarks.readers import Log, serve_readers
from benchmarks.servers import Server, run_dashboard

HEADER = """
| downloads | failures | MB sent | first s | median s | last s | readers | clicks alone, during | p50 alone ms \
| during | p95 alone ms | during | server's peak MB | with its workers |
|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|"""
# No two of these numbers share a factor, so that every table meets every format, filter and language.
TABLES = ("actions", "themes_countries", "reports", "milestones", "answers", "actions", "actions")
FORMATS = ("csv", "parquet", "json", "csv", "xlsx")
FILTERS = ("", "region=africa", "theme=education&theme=agriculture", "q=school", "status=completed", "group=government",
           "region=americas&as_of=2021-09-30", "category=research", "country=CIV&country=BRA", "as_of=2021-06-30",
           "status=overdue")  # fmt: skip
LANGUAGES = ("en", "fr", "es")
BEGINS = {"csv": b"\xef\xbb\xbf", "parquet": b"PAR1", "json": b"[\n", "xlsx": b"PK", "zip": b"PK"}
MOST_SECONDS = 600


class Download(NamedTuple):
    """One answer: its fault, if any, its bytes and seconds."""

    address: str
    failure: str
    size: int
    seconds: float


def list_addresses(count: int) -> list[str]:
    """Addresses of `count` different files; one in ten is the package of all tables."""
    found = []
    for number in range(count):
        query = "&".join(filter(None, [FILTERS[number % len(FILTERS)], f"lang={LANGUAGES[number % len(LANGUAGES)]}"]))
        table, ending = TABLES[number % len(TABLES)], FORMATS[number % len(FORMATS)]
        if number % 10 == 9:
            name = "all-tables.zip"
        else:
            name = f"actions.{ending}" if ending == "xlsx" else f"{table}.{ending}"
        found.append(f"/extracts/{name}?{query}")
    return found


async def download(client: httpx.AsyncClient, address: str) -> Download:
    """Fetch one file and look whether it is one."""
    started = time.perf_counter()
    failure, size = "", 0
    try:
        async with client.stream("GET", address) as answer:
            first = b""
            async for chunk in answer.aiter_bytes():
                first = first or chunk[:16]
                size += len(chunk)
            ending = address.partition("?")[0].rpartition(".")[2]
            if answer.status_code != 200:
                failure = f"{answer.status_code}: {first!r}"
            elif not first.startswith(BEGINS[ending]):
                failure = f"begins with {first!r}"
    except httpx.HTTPError as error:
        failure = repr(error)
    return Download(address, failure, size, time.perf_counter() - started)


async def download_all(server: Server, addresses: list[str]) -> list[Download]:
    """Fetch every file, all asked for at the same moment."""
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=server.url, timeout=MOST_SECONDS, limits=limits) as client:
        return await asyncio.gather(*(download(client, address) for address in addresses))


async def read_meanwhile(server: Server, options: argparse.Namespace, seconds: float, log: Log) -> None:
    """Readers of the page, all arrived within their first second, for at least `seconds`."""
    await serve_readers(server, options.page, options.readers, options.think, seconds, log)


async def measure(server: Server, options: argparse.Namespace) -> tuple[list[float], list[float], list[Download]]:
    """Milliseconds of the clicks alone and during the downloads, and the downloads."""
    alone, during = Log(), Log()
    await read_meanwhile(server, options, options.seconds, alone)
    readers = asyncio.create_task(read_meanwhile(server, options, MOST_SECONDS, during))
    await asyncio.sleep(options.think)  # until all have come
    downloads = await download_all(server, list_addresses(options.downloads))
    await asyncio.sleep(options.think)  # a click under way is counted too
    readers.cancel()
    await asyncio.gather(readers, return_exceptions=True)
    for name, log in (("alone", alone), ("during the downloads", during)):
        if log.errors:
            print(f"{name}: {len(log.errors)} visits failed, the first with {log.errors[0]}", file=sys.stderr)
    return [1000 * click for click in alone.clicks], [1000 * click for click in during.clicks], downloads


def write_row(
    options: argparse.Namespace, clicks: tuple[list[float], list[float]], downloads: list[Download], mb: list[float]
) -> str:
    """Write one line of the table."""
    alone, during = (values or [float("nan")] for values in clicks)
    seconds = sorted(download.seconds for download in downloads)
    failed = sum(bool(download.failure) for download in downloads)
    p50 = statistics.median
    return (
        f"| {len(downloads)} | {failed} | {sum(d.size for d in downloads) / 1e6:.0f} "
        f"| {seconds[0]:.1f} | {p50(seconds):.1f} | {seconds[-1]:.1f} "
        f"| {options.readers} | {len(alone)}, {len(during)} "
        f"| {p50(alone):.0f} | {p50(during):.0f} "
        f"| {find_percentile(alone, 0.95):.0f} | {find_percentile(during, 0.95):.0f} "
        f"| {mb[0]:.0f} | {mb[1]:.0f} |"
    )


def main() -> None:
    """Print the table."""
    parser = make_parser(__doc__, 10_000)
    parser.add_argument("--downloads", type=int, default=50)
    parser.add_argument("--readers", type=int, default=5)
    parser.add_argument("--think", type=float, default=2, help="seconds between two clicks, half to one and a half")
    parser.add_argument("--seconds", type=float, default=20, help="how long readers are alone")
    parser.add_argument("--page", default="", help="URL path of the page")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    print(f"Downloads beside readers: {describe_machine()}")
    print(HEADER)
    with ExitStack() as stack:
        campaign = stack.enter_context(open_campaign(options.campaign, options.actions))
        for _ in range(options.runs):
            with run_dashboard(campaign) as server:
                peak = Peak(server.pid)
                alone, during, downloads = asyncio.run(measure(server, options))
                mb = [read_peak_mb(server.pid), peak.stop()]
                print(write_row(options, (alone, during), downloads, mb), flush=True)
            for failure, number in Counter(d.failure for d in downloads if d.failure).items():
                print(f"{number} downloads failed: {failure}", file=sys.stderr)


if __name__ == "__main__":
    main()
