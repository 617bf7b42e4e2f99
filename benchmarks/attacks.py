"""What one stranger's attack does to the others: how long `/healthz` and a reader's click take meanwhile.

    python -m benchmarks.attacks [--campaign FOLDER] [--actions 2000] [--strangers 20] [--readers 5] [--seconds 8]

Each attack is made by so many connections of one stranger, as from behind a proxy that the server trusts, and compared
with as many well-behaved clients, which ask for a kept chart once a second. All of them, readers and the server share
the machine; only a server that this program started is asked, on 127.0.0.1.
"""

import argparse
import asyncio
import contextlib
import itertools
import os
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from benchmarks.pages import find_percentile, open_campaign
from benchmarks.processes import describe_machine
from benchmarks.readers import Log, serve_readers
from benchmarks.servers import Server, find_free_port, run_server
from dashboard.paths import PROJECT

STRANGER = "203.0.113.66"
THINK, PAUSE, PROBE = 1.0, 0.05, 0.05
PATIENCE = 30.0
HEADER = """
| meanwhile | answered | `/healthz` p50 ms | p95 | worst | clicks | p50 ms | p95 |
|---|---|---:|---:|---:|---:|---:|---:|"""


class Attack(NamedTuple):
    """One connection's part of an attack, repeated until time is up; gives the statuses that it was answered."""

    name: str
    begin: Callable[[Server, int], Awaitable[str]]


async def exchange(server: Server, raw: bytes, drip: bytes = b"") -> str:
    """The status of the answer to a request; `drip` is sent every second until there is one, or the server hangs up."""
    where = urlsplit(server.url)
    try:
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_connection(where.hostname, where.port)
            with contextlib.closing(writer):
                writer.write(raw)
                coming = asyncio.create_task(reader.readline())
                while drip and not coming.done():
                    writer.write(drip)
                    await asyncio.wait((coming,), timeout=1)
                line = await coming
    except (OSError, TimeoutError) as error:
        return type(error).__name__
    return line.decode("latin-1").partition(" ")[2][:3] or "closed"


def write(server: Server, path: str, method: str = "GET", body: bytes = b"", **headers: str) -> bytes:
    """A request of the stranger."""
    named = {"Host": urlsplit(server.url).netloc, "X-Forwarded-For": STRANGER, "Connection": "close"}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    if body:
        named.setdefault("Content-Length", str(len(body)))
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in named.items()), "", ""]
    return "\r\n".join(lines).encode() + body


def _behave(server: Server, _number: int) -> Awaitable[str]:
    async def ask() -> str:
        status = await exchange(server, write(server, "/charts/completion-by-region"))
        await asyncio.sleep(1)
        return status

    return ask()


def _open_foreign(server: Server, _number: int) -> Awaitable[str]:
    shake = {"Upgrade": "websocket", "Sec_WebSocket_Version": "13", "Sec_WebSocket_Key": "x3JJHMbDL1EzLkh9GBhXDw=="}
    raw = write(server, "/_stcore/stream", "GET", b"", **shake, Connection="Upgrade", Origin="http://evil.example")
    return exchange(server, raw)


def _name_foreign(server: Server, _number: int) -> Awaitable[str]:
    return exchange(server, write(server, "/regions", Host="evil.example:8501", Accept="text/html"))


def _guess(server: Server, number: int) -> Awaitable[str]:
    form = {"Content_Type": "application/x-www-form-urlencoded"}
    return exchange(server, write(server, "/sign-in", "POST", f"password=guess{number}".encode(), **form))


def _leave_body(server: Server, _number: int) -> Awaitable[str]:
    return exchange(server, write(server, "/newsletter/sign-up", "POST", Content_Length="60000"), drip=b"x")


def _leave_headers(server: Server, _number: int) -> Awaitable[str]:
    return exchange(server, write(server, "/regions")[:-2], drip=b"X-More: x\r\n")


def _select(server: Server, number: int) -> Awaitable[str]:
    day = f"2021-{1 + number % 12:02}-{1 + number // 12 % 28:02}"
    ending = ("png", "svg", "csv", "pptx")[number % 4]
    query = f"as_of={day}&country={('KEN', 'FRA', 'PER', 'IND')[number // 336 % 4]}"
    return exchange(server, write(server, f"/charts/completion-by-theme.{ending}?{query}"))


async def _forge(server: Server, number: int) -> str:
    message = BackMsg()
    message.rerun_script.page_name = "regions"
    widget = message.rerun_script.widget_states.widgets.add()
    widget.id, widget.int_value = f"$$ID-{number:032x}-filter-region", number
    forged, emptied = message.SerializeToString(), BackMsg(clear_cache=True).SerializeToString()
    address = f"{server.url.replace('http', 'ws', 1)}/_stcore/stream"
    try:
        async with connect(address, additional_headers={"X-Forwarded-For": STRANGER}, max_size=None) as socket:
            until = time.monotonic() + 2
            while time.monotonic() < until:
                await socket.send(forged)
                await socket.send(emptied)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(socket.recv(), PAUSE)
        return "101"
    except (WebSocketException, OSError) as error:
        return type(error).__name__


ATTACKS = (
    Attack("well-behaved clients", _behave),
    Attack("pages of another site open connections", _open_foreign),
    Attack("a foreign host name", _name_foreign),
    Attack("wrong passwords", _guess),
    Attack("bodies that do not end", _leave_body),
    Attack("headers that do not end", _leave_headers),
    Attack("charts, pictures and slides of unseen selections", _select),
    Attack("forged widgets and messages to empty caches", _forge),
)


async def _probe(server: Server, until: float, times: list[float]) -> None:
    raw = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    while time.monotonic() < until:
        started = time.perf_counter()
        status = await exchange(server, raw)
        times.append(time.perf_counter() - started if status == "200" else PATIENCE)
        await asyncio.sleep(PROBE)


async def measure(server: Server, attack: Attack, strangers: int, readers: int, seconds: float) -> str:
    """One line of the table."""
    until = time.monotonic() + THINK + seconds
    numbers, statuses, probes, log = itertools.count(), dict[str, int](), list[float](), Log()

    async def attack_on() -> None:
        while time.monotonic() < until:
            status = await attack.begin(server, next(numbers))
            statuses[status] = statuses.get(status, 0) + 1
            await asyncio.sleep(PAUSE)

    attackers = [asyncio.create_task(attack_on()) for _ in range(strangers)]
    await asyncio.gather(_probe(server, until, probes), serve_readers(server, "", readers, THINK, seconds, log))
    for task in attackers:
        task.cancel()
    await asyncio.gather(*attackers, return_exceptions=True)
    told = ", ".join(f"{count} × {status}" for status, count in sorted(statuses.items())) or "none yet"
    clicks = log.clicks or [float("nan")]
    return (
        f"| {attack.name} | {told} | {_ms(probes, 0.5)} | {_ms(probes, 0.95)} | {1000 * max(probes):.0f} "
        f"| {len(log.clicks)} | {_ms(clicks, 0.5)} | {_ms(clicks, 0.95)} |"
    )


def _ms(seconds: list[float], share: float) -> str:
    return f"{1000 * find_percentile(seconds, share):.0f}"


@contextmanager
def run_guarded(campaign: Path) -> Iterator[Server]:
    """The dashboard with a password, behind a proxy that it trusts."""
    port = find_free_port()
    environment = {
        **os.environ,
        "DASHBOARD_CAMPAIGN": str(campaign.resolve()),
        "DASHBOARD_TRUSTED_PROXIES": "127.0.0.1",
        "DASHBOARD_STAFF_PASSWORD": "a password of many words",
        "DASHBOARD_NEWSLETTER": "on",
        "DASHBOARD_WORK_PER_MINUTE": "300",
    }
    command = ["-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    with run_server("dashboard", command, port, PROJECT, environment, "/healthz") as server:
        yield server


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--campaign", type=Path, help="a campaign folder with a published snapshot")
    parser.add_argument("--actions", type=int, default=2_000)
    parser.add_argument("--strangers", type=int, default=20)
    parser.add_argument("--readers", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=8)
    options = parser.parse_args()
    print(f"One stranger's attacks: {describe_machine()}")
    with ExitStack() as stack:
        campaign = stack.enter_context(open_campaign(options.campaign, options.actions))
        server = stack.enter_context(run_guarded(campaign))
        asyncio.run(serve_readers(server, "", options.readers, THINK, 3, Log()))  # what the first ones find is made
        print(HEADER)
        for attack in ATTACKS:
            line = measure(server, attack, options.strangers, options.readers, options.seconds)
            print(asyncio.run(line), flush=True)


if __name__ == "__main__":
    main()
