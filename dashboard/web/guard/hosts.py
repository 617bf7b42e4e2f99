"""Under which names the dashboard answers, and to whose pages: foreign ones are refused before Streamlit sees them.

A page of any site can have its reader's browser send requests here, and a name of its own lead to this computer; it
then could read and do what the reader can. So the name that is asked for must be one of this computer's or one that the
settings state, and whoever opens a page's connection, hands over a file or changes anything must be a page of the
dashboard itself. For a foreign page Streamlit would look up its own public address over the network first, while
everybody else waits.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.ground.base_urls import is_local
from dashboard.i18n import N_, Translator
from dashboard.settings import Settings
from dashboard.web.guard import clients
from dashboard.web.http import read_header
from dashboard.web.openapi.operation import PROBED
from dashboard.web.refusals import answer_words, read_language
from dashboard.web.site import path_of

SAFE = ("GET", "HEAD", "OPTIONS")
PORTS = {"http": 80, "ws": 80, "https": 443, "wss": 443}
LONGEST_NAME, LONGEST_HOST = 80, 300


class Place(NamedTuple):
    """A host with its port; None where none is written."""

    name: str
    port: int | None


class Hosts:
    """ASGI middleware that refuses requests for foreign names and by foreign pages."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on under the name and the client that it really has, or refuse it."""
        if scope["type"] in ("http", "websocket"):
            _believe_proxy(scope)
            refusal = _judge(scope)
            if refusal is not None:
                await refuse(scope, receive, send, refusal)
                return
        await self.app(scope, receive, send)


async def refuse(scope: Scope, receive: Receive, send: Send, answer: Response) -> None:
    """Send a refusal; to who wants a websocket by the answer to its handshake, where the server can."""
    if scope["type"] == "http":
        await answer(scope, receive, send)
    elif "websocket.http.response" in scope.get("extensions", {}):
        headers = answer.raw_headers
        await send({"type": "websocket.http.response.start", "status": answer.status_code, "headers": headers})
        await send({"type": "websocket.http.response.body", "body": answer.body})
    else:
        await send({"type": "websocket.close", "code": 1008, "reason": ""})


def is_own_name(host: str) -> bool:
    """Whether a `Host` header, with any port, names this computer or what the settings state."""
    place = parse_host(host) if len(host) <= LONGEST_HOST else None
    if place is None:
        return False
    settings = Settings.from_environment()
    return _read_rules(settings.base_url, settings.public_names).is_own(place.name)


@lru_cache(1024)
def parse_host(host: str) -> Place | None:
    """Host and port of a `Host` header, in small letters; None for what is none."""
    try:
        parts = urlsplit(f"//{host}")
        port = parts.port
    except ValueError:
        return None
    name = (parts.hostname or "").rstrip(".")
    is_plain = parts.netloc == host and "@" not in host and not host.endswith(":")
    return Place(name, port) if name and is_plain else None


class _Rules(NamedTuple):
    names: frozenset[str]
    below: tuple[str, ...]

    def is_own(self, name: str) -> bool:
        return (
            name in self.names or is_local(f"//[{name}]" if ":" in name else f"//{name}") or name.endswith(self.below)
        )


@lru_cache(8)
def _read_rules(base_url: str, public_names: tuple[str, ...]) -> _Rules:
    base = parse_host(urlsplit(base_url).netloc.rpartition("@")[2])
    names = {name for name in public_names if not name.startswith("*.")}
    below = tuple(name[1:] for name in public_names if name.startswith("*."))
    return _Rules(frozenset(names | ({base.name} if base else set())), below)


def _believe_proxy(scope: Scope) -> None:
    """Put what a trusted proxy says of the request where everything else looks for it, and the client whoever asks."""
    client = clients.client_of(scope)
    if clients.is_behind_trusted_proxy(scope):
        host = read_header(scope, b"x-forwarded-host").rpartition(",")[2].strip()
        if host:
            _set_header(scope, b"host", host)
        scheme = read_header(scope, b"x-forwarded-proto").rpartition(",")[2].strip().lower()
        if scheme in PORTS:
            scope["scheme"] = scheme.replace("http", "ws") if scope["type"] == "websocket" else scheme
    if scope.get("client") and scope["client"][0] != client:
        scope["client"] = (client, 0)


def _judge(scope: Scope) -> Response | None:
    """The refusal of a request; None where it may be answered."""
    hosts = [value for name, value in scope["headers"] if name == b"host"]
    host = hosts[0].decode("latin-1") if len(hosts) == 1 else ""
    if not is_own_name(host):
        is_probe = scope["type"] == "http" and path_of(scope) in PROBED and scope["method"] in SAFE
        return None if is_probe and len(hosts) <= 1 else _refuse_host(scope, host)
    if scope["type"] == "http" and scope["method"] in SAFE:
        return None
    return _judge_origin(scope, host)


def _judge_origin(scope: Scope, host: str) -> Response | None:
    origins = [value.decode("latin-1") for name, value in scope["headers"] if name == b"origin"]
    if not origins:  # no browser
        return None
    if len(origins) > 1 or not _is_own_origin(scope, origins[0], host):
        return _refuse_origin(scope)
    if scope["type"] == "websocket":  # Streamlit compares the letters, and looks further where they differ
        _set_header(scope, b"origin", f"{origins[0].partition('://')[0]}://{host}")
    return None


def _is_own_origin(scope: Scope, origin: str, host: str) -> bool:
    """Whether a page is of the very place that it asks, or of the stated public address of the dashboard."""
    if origin == "null":  # of a page that sends no referrer, such as those of the newsletter
        return scope["type"] == "http" and read_header(scope, b"sec-fetch-site") == "same-origin"
    scheme, mark, rest = origin.partition("://")
    if not mark or len(rest) > LONGEST_HOST or scheme not in ("http", "https"):
        return False
    place, asked_place = parse_host(rest), parse_host(host)
    if place is None or asked_place is None:
        return False
    usual = PORTS[scheme]
    if (place.name, place.port or usual) == (asked_place.name, asked_place.port or usual):
        return True
    base = urlsplit(Settings.from_environment().base_url)
    return (scheme, rest.lower()) == (base.scheme, base.netloc.lower())


def _set_header(scope: Scope, name: bytes, value: str) -> None:
    other_headers = [header for header in scope["headers"] if header[0] != name]
    scope["headers"] = [*other_headers, (name, value.encode("latin-1"))]


def _refuse_host(scope: Scope, host: str) -> Response:
    t = _read_language(scope)
    problem = t(N_("This server does not answer for the name {name}."), name=host[:LONGEST_NAME] or "–")
    remedy = t(N_("Whoever runs it states its public names in DASHBOARD_BASE_URL and DASHBOARD_PUBLIC_NAMES."))
    return _answer(scope, 421, t(N_("Another address leads here")), (problem, remedy))


def _refuse_origin(scope: Scope) -> Response:
    t = _read_language(scope)
    problem = t(N_("This was asked for by a page of another site, and only pages of this one may."))
    remedy = t(N_("Open the dashboard by its own address."))
    return _answer(scope, 403, t(N_("This link cannot be answered")), (problem, remedy))


def _read_language(scope: Scope) -> Translator:
    return read_language(_as_request(scope))


def _answer(scope: Scope, status: int, heading: str, sentences: tuple[str, ...]) -> Response:
    return answer_words(_as_request(scope), status, heading, sentences)


def _as_request(scope: Scope) -> Request:
    """The request, or the handshake of a websocket as one."""
    request_scope: Mapping[str, object] = scope
    return Request({"method": "GET", **request_scope, "type": "http"})
