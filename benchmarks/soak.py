"""Whether the server stays as it is: hours of readers, downloads and embeds while the data is published anew.

    python -m benchmarks.soak [--minutes 30] [--readers 50] [--downloads 50] [--embeds 20] [--log soak.log]

Every minute each of the downloaders takes one file and each of the embeds one chart (as a page, SVG and PNG), and the
register gets one more action and is built and published by `python -m etl build`. Readers click over websockets of
their own (`benchmarks.readers`). The table has a line a minute. At the end the program says whether anything failed,
and whether the memory of the server's process was flat from minute ten on (in a shorter soak, from its first third
on): the slope of a straight line through it, carried over the time that was watched, is at most a twentieth of the
memory. The exit code is 1 where either is not so.
"""

import argparse
import asyncio
import statistics
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import httpx

from benchmarks.downloads import download, list_addresses
from benchmarks.pages import find_percentile, open_campaign
from benchmarks.processes import describe_machine, read_resident_mb
from benchmarks.readers import Log, serve_readers
from benchmarks.servers import Server, run_dashboard
from dashboard.paths import PROJECT

HEADER = """
| minute | clicks | p50 ms | p95 ms | downloads | embeds | published | build s | server MB \
| with workers | healthz ms | failed |
|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|"""
CHARTS = ("/charts/completion-by-region", "/charts/completion-by-region.svg", "/charts/completion-by-category.png")
LANGUAGES = ("en", "fr", "es")
SETTLED_MINUTE = 10
MOST_GROWTH = 0.05
"""The part of its memory by which the server may grow during the watch."""
SAMPLE_SECONDS = 5.0
COMPLAINTS = ("Traceback", "ERROR", "Uncaught")


@dataclass
class Soak:
    """The record so far."""

    readers: Log = field(default_factory=Log)
    downloads: int = 0
    embeds: int = 0
    published: int = 0
    build_seconds: float = 0.0
    health: list[float] = field(default_factory=list)
    memory: list[tuple[float, float]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    @property
    def failed(self) -> list[str]:
        """Return all that went wrong, visits of readers included."""
        return [*self.failures, *self.readers.errors]


def find_slope(series: list[tuple[float, float]]) -> float:
    """Find the slope of the straight line through points (least squares); 0 for fewer than two."""
    return statistics.linear_regression(*zip(*series, strict=True)).slope if len(series) > 1 else 0.0


def find_growth(memory: list[tuple[float, float]], minutes: float) -> tuple[float, float]:
    """Megabytes a minute from when it has settled, and the part of the memory that this is over all of that time.

    Args:
        memory: Minutes since the start, and megabytes.
        minutes: How long the soak took.
    """
    settled = SETTLED_MINUTE if minutes > SETTLED_MINUTE * 1.5 else minutes / 3
    series = [(minute, mb) for minute, mb in memory if minute >= settled]
    if not series:
        return 0.0, 0.0
    slope = find_slope(series)
    return slope, slope * (minutes - settled) / statistics.mean(mb for _, mb in series)


async def read_files(server: Server, number: int, until: float, soak: Soak) -> None:
    """Download a file a minute, another one each time."""
    addresses = list_addresses(200)
    async with httpx.AsyncClient(base_url=server.url, timeout=300) as client:
        await asyncio.sleep(number % 50 * 1.2)
        while time.monotonic() < until:
            begun = time.monotonic()
            address = addresses[(number * 7 + soak.downloads) % len(addresses)]
            answer = await download(client, address)
            soak.downloads += 1
            if answer.failure:
                soak.failures.append(f"{address}: {answer.failure}")
            await asyncio.sleep(max(0.0, begun + 60 - time.monotonic()))


async def read_embeds(server: Server, number: int, until: float, soak: Soak) -> None:
    """Request an embed's chart three ways a minute, as a browser with its page does."""
    tags: dict[str, str] = {}
    async with httpx.AsyncClient(base_url=server.url, timeout=120) as client:
        await asyncio.sleep(number % 20 * 3)
        while time.monotonic() < until:
            begun = time.monotonic()
            for path in CHARTS:
                address = f"{path}?lang={LANGUAGES[number % len(LANGUAGES)]}"
                try:
                    answer = await client.get(address, headers={"if-none-match": tags.get(address, '""')})
                except httpx.HTTPError as error:
                    soak.failures.append(f"{address}: {error!r}")
                    continue
                soak.embeds += 1
                tags[address] = answer.headers.get("etag", '""')
                if answer.status_code not in (200, 304):
                    soak.failures.append(f"{address}: {answer.status_code} {answer.text[:200]}")
            await asyncio.sleep(max(0.0, begun + 60 - time.monotonic()))


async def publish(campaign: Path, until: float, soak: Soak) -> None:
    """Give the register one more action and publish it, every minute."""
    register = campaign / "inbox" / "synthetic_actions.csv"
    line = register.read_text(encoding="utf-8").splitlines()[1]
    identity = line.partition(",")[0]
    while time.monotonic() < until:
        begun = time.monotonic()
        with register.open("a", encoding="utf-8") as file:
            file.write(line.replace(identity, f"{identity}-soak-{soak.published}", 1) + "\n")
        command = [sys.executable, "-m", "etl", "build", "--quiet", "--campaign", str(campaign)]
        process = await asyncio.create_subprocess_exec(*command, cwd=PROJECT, stderr=subprocess.PIPE)
        _, said = await process.communicate()
        soak.build_seconds = time.monotonic() - begun
        if process.returncode:
            soak.failures.append(f"etl build ended with {process.returncode}: {said.decode()[-300:]}")
        soak.published += not process.returncode
        await asyncio.sleep(max(0.0, begun + 60 - time.monotonic()))


async def watch(server: Server, started: float, until: float, soak: Soak) -> None:
    """Note the memory of the server's process, and how long it takes to say that it is well."""
    async with httpx.AsyncClient(base_url=server.url, timeout=30) as client:
        while time.monotonic() < until:
            soak.memory.append(((time.monotonic() - started) / 60, read_resident_mb(server.pid, alone=True)))
            begun = time.perf_counter()
            try:
                answer = await client.get("/healthz")
                if answer.status_code != 200:
                    soak.failures.append(f"/healthz: {answer.status_code}")
            except httpx.HTTPError as error:
                soak.failures.append(f"/healthz: {error!r}")
            soak.health.append(1000 * (time.perf_counter() - begun))
            await asyncio.sleep(SAMPLE_SECONDS)


async def tell(server: Server, minutes: int, soak: Soak, log: IO[str]) -> None:
    """Print a line a minute."""
    seen = downloads = embeds = health = 0
    for minute in range(1, minutes + 1):
        await asyncio.sleep(60)
        clicks = [1000 * click for click in soak.readers.clicks[seen:]] or [0.0]
        say(
            f"| {minute} | {len(soak.readers.clicks) - seen} | {statistics.median(clicks):.0f} "
            f"| {find_percentile(clicks, 0.95):.0f} | {soak.downloads - downloads} | {soak.embeds - embeds} "
            f"| {soak.published} | {soak.build_seconds:.1f} | {soak.memory[-1][1]:.0f} "
            f"| {read_resident_mb(server.pid):.0f} | {max(soak.health[health:], default=0):.0f} | {len(soak.failed)} |",
            log,
        )
        seen, downloads, embeds = len(soak.readers.clicks), soak.downloads, soak.embeds
        health = len(soak.health)


def say(line: str, log: IO[str]) -> None:
    """Print a line, and keep it in the log."""
    print(line, flush=True)
    print(line, file=log, flush=True)


async def run(server: Server, campaign: Path, options: argparse.Namespace, log: IO[str]) -> Soak:
    """Have all of them at the server until the time is up; return the record."""
    soak, started = Soak(), time.monotonic()
    until = started + 60 * options.minutes
    async with asyncio.TaskGroup() as group:
        group.create_task(tell(server, options.minutes, soak, log))
        group.create_task(watch(server, started, until, soak))
        group.create_task(publish(campaign, until, soak))
        seconds = 60 * options.minutes - options.think
        group.create_task(serve_readers(server, "", options.readers, options.think, seconds, soak.readers))
        for number in range(options.downloads):
            group.create_task(read_files(server, number, until, soak))
        for number in range(options.embeds):
            group.create_task(read_embeds(server, number, until, soak))
    return soak


def judge(soak: Soak, minutes: int, most_growth: float, server_log: str, log: IO[str]) -> bool:
    """Print the result; return whether nothing failed and the memory was flat."""
    slope, growth = find_growth(soak.memory, minutes)
    is_flat = growth <= most_growth
    complaints = [line for line in server_log.splitlines() if any(word in line for word in COMPLAINTS)]
    say(f"\nMemory, MB every minute: {', '.join(f'{mb:.0f}' for _, mb in soak.memory[::12])}", log)
    said = "flat" if is_flat else "NOT FLAT"
    say(f"Once settled it grows by {slope:+.2f} MB a minute, {growth:+.1%} in all: {said}.", log)
    say(f"{len(soak.failed)} failures, {len(complaints)} complaints in the server's log.", log)
    for failure, number in Counter(soak.failed).most_common(10):
        say(f"{number} × {failure}", log)
    for line in complaints[:10]:
        say(f"log: {line}", log)
    return is_flat and not soak.failed and not complaints


def main() -> None:
    """Soak, and say whether the server stayed as it was."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=int, default=30)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--downloads", type=int, default=50)
    parser.add_argument("--embeds", type=int, default=20)
    parser.add_argument("--actions", type=int, default=2_000)
    parser.add_argument("--think", type=float, default=10, help="seconds between two clicks, half to one and a half")
    parser.add_argument(
        "--log", type=Path, default=Path("soak.log"), help="the table again; the server's log beside it"
    )
    parser.add_argument("--most-growth", type=float, default=MOST_GROWTH, help="of the memory, once it has settled")
    options = parser.parse_args()
    server_log = options.log.with_suffix(".server.log")
    with ExitStack() as stack:
        log = stack.enter_context(options.log.open("w", encoding="utf-8"))
        campaign = stack.enter_context(open_campaign(None, options.actions))
        server = stack.enter_context(run_dashboard(campaign, log_file=server_log))
        load = f"{options.readers} readers, {options.downloads} downloads and {options.embeds} embeds a minute"
        say(f"Soak of {options.minutes} minutes: {load}, one publication a minute; {describe_machine()}{HEADER}", log)
        soak = asyncio.run(run(server, campaign, options, log))
        printed = server_log.read_text(encoding="utf-8", errors="replace")
        is_well = judge(soak, options.minutes, options.most_growth, printed, log)
    sys.exit(not is_well)


if __name__ == "__main__":
    main()
