"""Requests and messages that no browser sends, made up by chance, and what a running server must never answer them."""

import asyncio
import contextlib
import random
import re
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from dashboard import server
from dashboard.snapshot.selection import PARAMETERS
from dashboard.ui import navigation

PAGES = navigation.list_pages()
PATHS = (
    *(operation.path for route in server.routes(PAGES) for operation in route.operations),
    *(f"/{page}" for page in PAGES.titles),
    "/", "/_stcore/health", "/_stcore/host-config", "/_stcore/stream", "/_stcore/upload_file/session/file",
    "/_stcore/metrics", "/_stcore/agent/mcp", "/_stcore/bidi-components/x", "/static/js/x.js", "/component/x/y",
    "/media/x.png",    "/favicon.png",
)  # fmt: skip
COSTLY = (".xlsx", ".pptx", ".pdf", ".zip", ".png")
"""Asked for seldom: each takes a worker some seconds."""

IDS = (
    "completion-by-region", "region-by-theme", "explore", "actions", "reports", "all-tables", "x", "..", "%2e%2e%2fetc",
)  # fmt: skip
METHODS = (*["GET"] * 4, "HEAD", "POST", "PUT", "OPTIONS", "DELETE", "PATCH", "TRACE", "CONNECT", "Ж", "GET GET")
NAMES = (*PARAMETERS, "vs.region", "theme[]", "x", "build", "token", "width", "columns", "csv", "url", "by", "as", "q")
VALUES = (
    "africa", "education", "KEN", "fr", "2021-07-01", "", "zzz", "'; drop table actions; --", "<script>alert(1)",
    "../../../../etc/passwd", "%00", "\x00", "\U0001f600", "9" * 400, "{{7*7}}", "${jndi:ldap://x}", "\u202e",
    "A" * 3000, "-1", "NaN", "1e309", "0000-00-00", "é" * 50, "[]", "a\r\nX: y",
)  # fmt: skip
TYPES = ("application/json", "\\")
HEADERS = (
    ("Accept", ("text/html", "*/*", "application/json", "application/openmetrics-text", "x/y;q=z", "")),
    ("Accept-Language", ("fr", "es-ES,fr;q=0.8", "xx;q=9", ";;;", "é")),
    ("Accept-Encoding", ("br", "gzip;q=0, *", "identity", "q=;")),
    ("If-None-Match", ("*", '"x"', 'W/"x", "y"', "\\")),
    ("Range", ("bytes=0-9", "bytes=9-0", "bytes=-", "x")),
    ("Origin", ("null", "http://evil.example", "http://[::1", "x")),
    ("Cookie", ("_streamlit_xsrf=2|x|y|z", "session=%ff", ";;=;=", "a=b; a=c")),
    ("X-Forwarded-For", ("127.0.0.1", "::1, x", ",,,")),
    ("X-Forwarded-Host", ("evil.example",)),
    ("Authorization", ("Bearer x", "Basic !!!", "Basic eDp5", "x")),
    ("Content-Type", ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", *TYPES)),
    ("X-Request-Id", ("x" * 300, "a b", "1")),
    ("Expect", ("100-continue", "x")),
    ("Upgrade", ("websocket", "h2c")),
)
WIDGET = re.compile(rb"\$\$[A-Z_]+-[0-9a-f]{16,64}-[\w .:-]{1,80}")
PLACES = re.compile(rb"/(?:home|root|tmp|usr|srv|var|opt|work)/[\w.-]+|site-packages|Traceback|\.duckdb|\bIO Error")
TOO_LONG, TOO_LONG_FOR_A_FILE = 10.0, 90.0
"""Seconds, where much else runs; alone the slowest answer that no worker makes takes less than five."""


@dataclass
class Seen:
    """What a server answered."""

    statuses: Counter[int] = field(default_factory=Counter)
    slow: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    slowest: float = 0.0
    told: list[str] = field(default_factory=list)
    """What should not have been said, each with what it was the answer to."""
    visits: int = 0
    messages: int = 0
    answers: int = 0

    def look(self, asked: str, answer: bytes, names: Sequence[bytes]) -> None:
        """Look whether an answer names a place or a person."""
        place = PLACES.search(answer)
        around = [answer[max(0, place.start() - 40) : place.end() + 40]] if place else []
        self.told += [f"{asked[:200]} → {text!r}" for text in (*around, *(name for name in names if name in answer))]


def make_request(chance: random.Random, host: str) -> bytes:
    """A request as it goes over the wire, mostly one that a server can read."""
    path = chance.choice([path for path in PATHS if chance.random() < 0.02 or not path.endswith(COSTLY)] or ["/"])
    path = re.sub(r"\{[^}]*\}", lambda _: chance.choice(IDS), path)
    if chance.random() < 0.15:
        path += chance.choice(("/", "/x", "//", "%2f..%2f..", "\\", ";x", "%", "%zz", ".csv", "é", "\x7f", "/%c0%ae"))
    pairs = [(chance.choice(NAMES), chance.choice(VALUES)) for _ in range(chance.choice((0, 0, 1, 1, 2, 5)))]
    query = "&".join(f"{name}={value if chance.random() < 0.03 else quote(value)}" for name, value in pairs)
    method = chance.choice(METHODS)
    body = b"" if method in ("GET", "HEAD") and chance.random() < 0.95 else _make_body(chance)
    named = [(name, chance.choice(values)) for name, values in HEADERS if chance.random() < 0.12]
    if chance.random() < 0.02:
        named.append(("X-" + "x" * chance.choice((10, 9000)), "y" * chance.choice((10, 70_000))))
    host = chance.choice(("evil.example", "", "127.0.0.1.evil.example", "[")) if chance.random() < 0.05 else host
    lines = [f"{method} {path}{'?' if query else ''}{query} HTTP/1.{chance.choice('11110')}", f"Host: {host}"]
    lines += [f"{name}: {value}" for name, value in named] + ["Connection: close"]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    raw = "\r\n".join(lines).encode("utf-8", "surrogatepass") + b"\r\n\r\n" + body
    return raw


def _make_body(chance: random.Random) -> bytes:
    return chance.choice((
        b"", b"address=reader%40example.org&website=", b"action=erase&x=%ff", chance.randbytes(500), b"x" * 70_000,
        b"a=&" * 700,
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="../x"\r\n\r\nhello\r\n--x--\r\n', b"{}",
    ))  # fmt: skip


def _flip(chance: random.Random, raw: bytes) -> bytes:
    """Some bytes changed, left out or put in."""
    garbled = bytearray(raw)
    for _ in range(chance.randint(1, 8)):
        place = chance.randrange(len(garbled) + 1)
        garbled[place : place + chance.choice((0, 1, 1, 4))] = chance.randbytes(chance.choice((0, 1, 1, 3)))
    return bytes(garbled)


async def send_requests(url: str, count: int, seed: int, names: Sequence[bytes] = (), at_once: int = 8) -> Seen:
    """Send made-up requests, each over a connection of its own."""
    chance, seen, places = random.Random(seed), Seen(), asyncio.Semaphore(at_once)  # noqa: S311  (made up, no secrets)
    where = urlsplit(url)

    async def one(raw: bytes, ends: bool) -> None:
        async with places:
            started = time.monotonic()
            answer = await _exchange(str(where.hostname), int(where.port or 80), raw, ends=ends)
            asked = raw.partition(b"\r\n")[0].decode(errors="replace")
            seconds = time.monotonic() - started
            seen.slowest = max(seen.slowest, seconds)
            is_file = any(part in asked for part in (*COSTLY, "/extracts/"))
            if seconds > (TOO_LONG_FOR_A_FILE if is_file else TOO_LONG):
                seen.slow.append(f"{seconds:.1f} s: {asked[:200]}")
            status = re.match(rb"HTTP/1\.\d (\d{3})", answer)
            code = int(status.group(1)) if status else 0
            seen.statuses[code] += 1
            if code >= 500 and code != 501:  # oEmbed has no XML
                seen.broken.append(f"{code}: {raw[:300]!r}")
            seen.look(asked, answer, names)

    requests = [make_request(chance, where.netloc) for _ in range(count)]
    garbled = [chance.random() < 0.03 for _ in requests]
    await asyncio.gather(*(one(_flip(chance, raw) if g else raw, g) for raw, g in zip(requests, garbled, strict=True)))
    return seen


async def _exchange(host: str, port: int, raw: bytes, *, ends: bool) -> bytes:
    """The answer; where the request `ends` no more of it will come, so that no server waits for its rest."""
    answer = b""
    with contextlib.suppress(OSError, TimeoutError):
        async with asyncio.timeout(60):
            reader, writer = await asyncio.open_connection(host, port)
            try:
                writer.write(raw)
                await writer.drain()
                if ends:
                    writer.write_eof()
                while part := await reader.read(65_536):
                    answer += part
            finally:
                writer.close()
    return answer


def make_message(chance: random.Random, widgets: Sequence[bytes]) -> bytes | str:
    """A message of a page: one that Streamlit can read, such a one garbled, or anything."""
    if chance.random() < 0.1:
        return chance.choice((chance.randbytes(chance.randint(0, 400)), "text", b"", chance.randbytes(20).hex()))
    message = BackMsg()
    kinds = [f for f in BackMsg.DESCRIPTOR.fields if f.name != "rerun_script"]
    if chance.random() < 0.2:
        _fill(chance, message, kinds)
    else:
        state = message.rerun_script
        given = f"{chance.choice(PARAMETERS)}={chance.choice(VALUES)}"
        state.query_string = chance.choice(("", "region=africa", given))
        state.page_name = chance.choice((*PAGES.titles, "", "x", "../x", "regions/regions"))
        state.page_script_hash = chance.choice(("", "x", "0" * 32))
        state.fragment_id = chance.choice(("", "", "", "x"))
        state.is_auto_rerun = chance.random() < 0.1
        state.context_info.locale = chance.choice(("en", "fr", "x" * 300))
        state.context_info.timezone = chance.choice(("UTC", "Europe/Paris", "../x"))
        for _ in range(chance.choice((0, 1, 1, 4))):
            widget = state.widget_states.widgets.add()
            widget.id = (chance.choice(widgets) if widgets else b"x").decode(errors="replace")
            _fill(chance, widget, [f for f in widget.DESCRIPTOR.fields if f.name != "id"])
    raw = message.SerializeToString()
    return _flip(chance, raw) if chance.random() < 0.1 else raw


def _fill(chance: random.Random, message: object, fields: Sequence[object]) -> None:
    """Set one of the fields to something, whatever a page would set."""
    field_ = chance.choice(fields)
    name, made = field_.name, VALUES  # type: ignore[attr-defined]
    if field_.message_type is not None:  # type: ignore[attr-defined]
        part = getattr(message, name)
        part.SetInParent()
        if hasattr(part, "data") and name != "arrow_value":
            with contextlib.suppress(TypeError, AttributeError):
                part.data.extend([chance.choice((chance.choice(made), chance.randint(-5, 5)))])
        if hasattr(part, "session_id"):
            part.session_id = chance.choice(made)
        return
    for value in (chance.choice(made), chance.randint(-(2**53), 2**53), chance.randbytes(30), True):
        with contextlib.suppress(TypeError, ValueError):
            setattr(message, name, value)
            return


async def send_messages(
    url: str, count: int, seed: int, names: Sequence[bytes] = (), each: int = 25, at_once: int = 4
) -> Seen:
    """Send made-up messages, some over each connection, after a first one that is right."""
    chance, seen = random.Random(seed), Seen()  # noqa: S311  (made up, no secrets)

    async def send_some() -> None:
        while seen.messages < count:
            with contextlib.suppress(WebSocketException, OSError):
                await _visit(url, chance, seen, names, min(each, count - seen.messages))

    await asyncio.gather(*(send_some() for _ in range(at_once)))
    return seen


async def _visit(url: str, chance: random.Random, seen: Seen, names: Sequence[bytes], count: int) -> None:
    widgets: list[bytes] = [b"x"]
    first = BackMsg()
    first.rerun_script.page_name = chance.choice(list(PAGES.titles))
    address = f"{url.replace('http', 'ws', 1)}/_stcore/stream"
    async with connect(address, subprotocols=["streamlit"], max_size=None, open_timeout=60) as socket:  # type: ignore[list-item]
        await socket.send(first.SerializeToString())
        seen.visits += 1
        if not await _listen(socket, seen, widgets, names, 1.0, first=TOO_LONG):
            seen.broken.append(f"nothing came of a right first message for {first.rerun_script.page_name!r}")
        for _ in range(count):
            seen.messages += 1
            await socket.send(make_message(chance, widgets))
            seen.answers += await _listen(socket, seen, widgets, names, 0.02)
        seen.answers += await _listen(socket, seen, widgets, names, 0.5)


async def _listen(
    socket: ClientConnection, seen: Seen, widgets: list[bytes], names: Sequence[bytes], quiet: float, first: float = 0
) -> int:
    """Read until nothing has come for `quiet` seconds, `first` for what comes first; gives how much came."""
    answers = 0
    while True:
        try:
            data = await asyncio.wait_for(socket.recv(), quiet if answers else max(quiet, first))
        except TimeoutError:
            return answers
        answers += 1
        raw = data.encode() if isinstance(data, str) else data
        seen.look("a message", raw, names)
        widgets += WIDGET.findall(raw)
        del widgets[:-200]
