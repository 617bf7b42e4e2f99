"""What one stranger's attack does to the others: how long `/healthz` and a reader's click take before it and during it.

    python -m benchmarks.attacks [--campaign FOLDER] [--actions 2000] [--strangers 30] [--readers 5] [--seconds 8]
                                 [--only WORDS]

Each of the eighteen attacks is made by so many connections of one stranger, as from behind a proxy that the server
trusts, right after the readers had the server to themselves for as long. The first line has as many well-behaved
clients, which ask for a kept chart once a second. Attackers are a process of their own, which gives way to the others
as if it were another computer; readers and the server share the machine. Only a server that this program started is
asked, on 127.0.0.1.
"""

import argparse
import asyncio
import contextlib
import itertools
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlsplit

import httpx
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from benchmarks.pages import find_percentile, make_parser, open_campaign
from benchmarks.processes import describe_machine, read_resident_mb
from benchmarks.readers import Log, Reader, serve_readers
from benchmarks.servers import Server, find_free_port, run_server
from dashboard.paths import PROJECT

STRANGER = "203.0.113.66"
PASSWORD = "a password of many words"  # noqa: S105  (of a server that only this program asks)
FILE_MB = 20
THINK, PAUSE, PROBE = 1.0, 0.05, 0.05
PATIENCE = 30.0
HEADER = """
| meanwhile | answered | `/healthz` p95 ms before | during | clicks before, during | p50 ms before | during \
| p95 before | during | ratio | MB before | at most |
|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|"""


class Attack(NamedTuple):
    """One connection's part of an attack, repeated until time is up; gives the statuses that it was answered."""

    name: str
    begin: Callable[[Server, int], Awaitable[str]]


async def exchange(server: Server, raw: bytes, drip: bytes = b"") -> str:
    """Return the status of a request's answer; send `drip` every second until it comes, or the server hangs up."""
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
    """Return a request of the stranger."""
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


def _post(server: Server, path: str, form: str, client: str = STRANGER) -> Awaitable[str]:
    kind = {"Content_Type": "application/x-www-form-urlencoded", "X_Forwarded_For": client}
    return exchange(server, write(server, path, "POST", form.encode(), **kind))


def _name_far(number: int) -> str:
    """Return an address of one /48, each of another /64 of it."""
    return f"2001:db8:66:{number % 65_536:x}::1"


def _guess(server: Server, number: int) -> Awaitable[str]:
    return _post(server, "/sign-in", f"password=guess{number}")


def _guess_from_everywhere(server: Server, number: int) -> Awaitable[str]:
    return _post(server, "/sign-in", f"password=guess{number}", _name_far(number))


def _sign_up(server: Server, number: int) -> Awaitable[str]:
    return _post(server, "/newsletter/sign-up", f"address=sample{number}@example.org", f"2001:db8:66::{number:x}")


def _leave_body(server: Server, _number: int) -> Awaitable[str]:
    return exchange(server, write(server, "/newsletter/sign-up", "POST", Content_Length="60000"), drip=b"x")


def _leave_headers(server: Server, _number: int) -> Awaitable[str]:
    return exchange(server, write(server, "/regions")[:-2], drip=b"X-More: x\r\n")


def _choose(number: int) -> str:
    """Return the filters of a selection that nobody has asked for before."""
    day = f"2021-{1 + number % 12:02}-{1 + number // 12 % 28:02}"
    return f"as_of={day}&country={COUNTRIES[number // 336 % len(COUNTRIES)]}"


COUNTRIES = ("KEN", "FRA", "PER", "IND", "BRA", "CAN", "DEU", "EGY", "GHA", "IDN", "JPN", "MEX", "NGA", "PHL", "ZAF")


def _ask(paths: tuple[str, ...], server: Server, number: int) -> Awaitable[str]:
    """Return one of these addresses, with an unseen selection in the place of `{}`."""
    accepted = "text/html" if paths in (PAGES, NOTHING) else "*/*"
    path = paths[number % len(paths)].replace("{}", _choose(number))
    return exchange(server, write(server, path, Accept=accepted))


CHARTS = tuple(f"/charts/completion-by-theme.{ending}?{{}}" for ending in ("png", "svg", "csv", "pptx"))
EXTRACTS = ("/extracts/actions.xlsx?{}", "/extracts/actions.csv?{}", "/extracts/all-tables.zip?{}")
PAGES, NOTHING = ("/regions?{}", "/themes?{}"), ("/nothing?{}",)
DESCRIPTIONS = ("/latest.atom?{}", "/latest.json?{}", "/charts?{}", "/extracts?{}", "/extracts/datapackage.json?{}")


def _embed(server: Server, number: int) -> Awaitable[str]:
    address = quote(f"{server.url}/charts/completion-by-theme?{_choose(number)}", safe="")
    return exchange(server, write(server, f"/oembed?url={address}"))


def _open_page(server: Server, **headers: str) -> connect:
    address = f"{server.url.replace('http', 'ws', 1)}/_stcore/stream"
    named = {"X-Forwarded-For": STRANGER} | headers
    return connect(address, additional_headers=named, subprotocols=["streamlit"], max_size=None)  # type: ignore[list-item]


async def _shake_hands(server: Server, _number: int) -> str:
    try:
        async with _open_page(server):
            return "101"
    except (WebSocketException, OSError) as error:
        return type(error).__name__


async def _click(server: Server, _number: int) -> str:
    """Return a page whose filter is clicked as soon as the last click is answered."""
    try:
        async with _open_page(server) as socket:
            reader, until = Reader(socket, ""), time.monotonic() + 2
            await reader.run(None)
            for chosen in itertools.cycle(reader.options):
                await reader.run([chosen])
                if time.monotonic() > until:
                    break
        return "101"
    except (WebSocketException, OSError) as error:
        return type(error).__name__


async def _hand_over(server: Server, number: int) -> str:
    """Return a file that whoever has signed in hands over to a staff page, which is not run afterwards."""
    own = {"X-Forwarded-For": STRANGER}
    try:
        async with httpx.AsyncClient(base_url=server.url, headers=own, timeout=PATIENCE) as client:
            async with _signing_in:
                if not _cookies:
                    signed_in = await client.post("/sign-in", data={"password": PASSWORD})
                    if signed_in.status_code != 303:
                        return str(signed_in.status_code)
                    await client.get("/_stcore/health")
                    _cookies.update(client.cookies)
            client.cookies.clear()
            client.cookies.update(_cookies)
            client.headers["X-Xsrftoken"] = _cookies.get("_streamlit_xsrf", "")
            cookie = "; ".join(f"{name}={value}" for name, value in _cookies.items())
            async with _open_page(server, Cookie=cookie) as socket:
                tab = await _open_upload(socket)
                statuses: list[int] = []
                while time.monotonic() < _ends[0] - 1 and len(statuses) < 5:
                    file = {"file": (f"{number}.csv", b"x" * FILE_MB * 1_000_000)}
                    place = f"/_stcore/upload_file/{tab}/{number}-{len(statuses)}"
                    statuses.append((await client.put(place, files=file)).status_code)
                await asyncio.sleep(max(0.0, _ends[0] - 0.5 - time.monotonic()))
                return " ".join(f"{status}" for status in sorted(set(statuses)))
    except (WebSocketException, httpx.HTTPError, OSError) as error:
        return type(error).__name__


async def _open_upload(socket: ClientConnection) -> str:
    """Streamlit's session of a page Upload that has been drawn."""
    message, tab = BackMsg(), ""
    message.rerun_script.page_name = "files"
    await socket.send(message.SerializeToString())
    async with asyncio.timeout(PATIENCE):
        while True:
            data = await socket.recv()
            told = ForwardMsg.FromString(data if isinstance(data, bytes) else data.encode())
            if told.WhichOneof("type") == "new_session":
                tab = told.new_session.initialize.session_id
            if told.WhichOneof("type") == "script_finished":
                return tab


_signing_in, _cookies = asyncio.Lock(), dict[str, str]()
_ends = [0.0]
"""The end of the attack under way."""
_numbers = itertools.count(int(time.time()) % 3_000)
"""The distinct part of each request of an attack, so that none repeats."""


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
    Attack("wrong passwords, each from another /64 of a /48", _guess_from_everywhere),
    Attack("newsletter sign-ups from one /64", _sign_up),
    Attack("bodies that do not end", _leave_body),
    Attack("headers that do not end", _leave_headers),
    Attack("charts, pictures and slides of unseen selections", partial(_ask, CHARTS)),
    Attack("decks of unseen selections", partial(_ask, CHARTS[-1:])),
    Attack("extracts of unseen selections", partial(_ask, EXTRACTS)),
    Attack("feeds and descriptions of unseen selections", partial(_ask, DESCRIPTIONS)),
    Attack("previews of pages of unseen selections", partial(_ask, PAGES)),
    Attack("oEmbed of unseen selections", _embed),
    Attack("pages that are not there", partial(_ask, NOTHING)),
    Attack("handshakes", _shake_hands),
    Attack("pages that are clicked without pause", _click),
    Attack("forged widgets and messages to empty caches", _forge),
    Attack("uploads handed over without a run", _hand_over),
)


async def _probe(server: Server, until: float, times: list[float]) -> None:
    raw = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    while time.monotonic() < until:
        started = time.perf_counter()
        status = await exchange(server, raw)
        times.append(time.perf_counter() - started if status == "200" else PATIENCE)
        await asyncio.sleep(PROBE)


class Seen(NamedTuple):
    """The others' times in a while: seconds of `/healthz` and of clicks."""

    probes: list[float]
    clicks: list[float]


async def _watch(server: Server, readers: int, seconds: float) -> Seen:
    probes, log = list[float](), Log()
    until = time.monotonic() + THINK + seconds
    await asyncio.gather(_probe(server, until, probes), serve_readers(server, "", readers, THINK, seconds, log))
    return Seen(probes, log.clicks or [float("nan")])


async def measure(server: Server, attack: Attack, strangers: int, readers: int, seconds: float) -> str:
    """Return one line of the table."""
    before, memory = await _watch(server, readers, seconds), [read_resident_mb(server.pid)]

    async def weigh() -> None:
        while True:
            await asyncio.sleep(1)
            memory.append(read_resident_mb(server.pid))

    asked = json.dumps([server, ATTACKS.index(attack), strangers, THINK + seconds])
    attackers = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.attacks", "--attack", asked, cwd=PROJECT, stdout=asyncio.subprocess.PIPE
    )
    if attackers.stdout is not None:
        await attackers.stdout.readline()  # they begin
    weighing = asyncio.create_task(weigh())
    during = await _watch(server, readers, seconds)
    weighing.cancel()
    statuses = json.loads((await attackers.communicate())[0])
    told = ", ".join(f"{count} × {status}" for status, count in sorted(statuses.items())) or "none yet"
    ratio = find_percentile(during.clicks, 0.95) / find_percentile(before.clicks, 0.95)
    return (
        f"| {attack.name} | {told} | {_ms(before.probes, 0.95)} | {_ms(during.probes, 0.95)} "
        f"| {len(before.clicks)}, {len(during.clicks)} | {_ms(before.clicks, 0.5)} | {_ms(during.clicks, 0.5)} "
        f"| {_ms(before.clicks, 0.95)} | {_ms(during.clicks, 0.95)} | {ratio:.1f} "
        f"| {memory[0]:.0f} | {max(memory):.0f} |"
    )


async def attack_on(server: Server, attack: Attack, strangers: int, seconds: float) -> Counter[str]:
    """Attack for so long; gives how often each status was answered."""
    until = _ends[0] = time.monotonic() + seconds
    statuses = Counter[str]()

    async def go_on() -> None:
        while time.monotonic() < until:
            statuses[await attack.begin(server, next(_numbers))] += 1
            await asyncio.sleep(PAUSE)

    tasks = [asyncio.create_task(go_on()) for _ in range(strangers)]
    await asyncio.wait(tasks, timeout=seconds)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return statuses


def _ms(seconds: list[float], share: float) -> str:
    return f"{1000 * find_percentile(seconds, share):.0f}"


@contextmanager
def run_guarded(campaign: Path) -> Iterator[Server]:
    """Yield the dashboard with a password, behind a proxy that it trusts."""
    port = find_free_port()
    environment = {
        **os.environ,
        "DASHBOARD_CAMPAIGN": str(campaign.resolve()),
        "DASHBOARD_TRUSTED_PROXIES": "127.0.0.1",
        "DASHBOARD_STAFF_PASSWORD": PASSWORD,
        "DASHBOARD_NEWSLETTER": "on",
    }
    command = ["-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    with run_server("dashboard", command, port, PROJECT, environment, "/healthz") as server:
        yield server


def main() -> None:
    """Print the table."""
    parser = make_parser(__doc__, 2_000)
    parser.add_argument("--strangers", type=int, default=30)
    parser.add_argument("--readers", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--only", default="", help="the attacks in whose names these words stand")
    parser.add_argument("--attack", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.attack:
        where, number, strangers, seconds = json.loads(options.attack)
        os.nice(10)
        print("begun", flush=True)
        print(json.dumps(asyncio.run(attack_on(Server(*where), ATTACKS[number], strangers, seconds))))
        return
    print(f"One stranger's attacks: {describe_machine()}")
    with ExitStack() as stack:
        campaign = stack.enter_context(open_campaign(options.campaign, options.actions))
        server = stack.enter_context(run_guarded(campaign))
        asyncio.run(
            serve_readers(server, "", options.readers, THINK, 3, Log())
        )  # the answers to the first ones are made
        print(HEADER)
        for attack in (attack for attack in ATTACKS if options.only in attack.name):
            line = measure(server, attack, options.strangers, options.readers, options.seconds)
            print(asyncio.run(line), flush=True)


if __name__ == "__main__":
    main()
