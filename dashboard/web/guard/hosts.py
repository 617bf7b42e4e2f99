"""Refuse requests under foreign names and from foreign pages, before Streamlit sees them; find the real client.

A page of any site can make its reader's browser send requests here, and can point a name of its own to this computer;
it could then read and do what the reader can. So the requested name must be one of this computer's or one of the
settings', and whoever opens a page's connection, hands over a file or changes anything must come from a page of the
dashboard itself. For a foreign page Streamlit would first look up its own public address over the network, while
everybody else waits.

Only proxies that the settings name are believed in what their headers say of the client. uvicorn itself believes the
`X-Forwarded-For` of anything on this computer, so strangers behind a simple tunnel could write their own addresses;
this module undoes that unless a setting names this computer as a proxy.
"""

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import NamedTuple
from urllib.parse import urlsplit

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from dashboard.errors import sentence
from dashboard.ground.base_urls import is_local
from dashboard.i18n import N_
from dashboard.settings import Network, Settings
from dashboard.web.http import Layer, read_header
from dashboard.web.operation import PROBED
from dashboard.web.refusals import answer_scope
from dashboard.web.site import path_of

SAFE = ("GET", "HEAD", "OPTIONS")
PORTS = {"http": 80, "ws": 80, "https": 443, "wss": 443}
LONGEST_NAME, LONGEST_HOST = 80, 300
KNOWN_CLIENT = "dashboard.client"
THIS_COMPUTER = "127.0.0.1"
UVICORN_BELIEVES = (THIS_COMPUTER, "::1")
FORWARDING = frozenset((b"forwarded", b"x-forwarded-for", b"x-forwarded-host", b"x-real-ip", b"via"))
"""Headers that a proxy sends."""

Address = IPv4Address | IPv6Address


def client_of(scope: Scope) -> str:
    """Find the client's address as text: the connection's, or what a trusted proxy says; looked up once a request."""
    client = scope.get(KNOWN_CLIENT)
    if client is None:
        client = scope[KNOWN_CLIENT] = _find_client(scope)
    return str(client)


def is_direct_and_local(scope: Scope) -> bool:
    """Whether a program on this computer asks under this computer's own name, and no header names a proxy."""
    if any(name in FORWARDING for name, _ in scope["headers"]):
        return False
    host = read_header(scope, b"host")
    address = parse_address(peer_of(scope))
    return address is not None and address.is_loopback and is_local(f"//{host}") and bool(urlsplit(f"//{host}").netloc)


def peer_of(scope: Scope) -> str:
    """Find the address of the connection's other end, whatever uvicorn took from the headers; a socket file is local.

    An address that uvicorn took from a header has port 0, which no connection has: a header cannot pass for this
    computer.
    """
    if not scope.get("client"):
        return THIS_COMPUTER
    client, port = str(scope["client"][0]), scope["client"][1]
    hops = _read_hops(scope)
    if not hops or port != 0:
        return client
    last = next((hop for hop in reversed(hops) if hop not in UVICORN_BELIEVES), hops[0])
    return THIS_COMPUTER if client == last else client


def is_trusted(address: str) -> bool:
    """Whether an address is that of a proxy that the settings name."""
    return _is_within(address, Settings.from_environment().trusted_proxies)


def parse_address(text: str) -> Address | None:
    """Parse an address; IPv4 written as IPv6 becomes IPv4. None where the text is no address."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _find_client(scope: Scope) -> str:
    peer = peer_of(scope)
    if not is_trusted(peer):
        return peer
    for hop in reversed(_read_hops(scope)):
        address = parse_address(hop)
        if address is None:  # the proxy says nothing that can be used
            return peer
        if not is_trusted(str(address)):
            return str(address)
    return peer


def _read_hops(scope: Scope) -> list[str]:
    """Read the addresses of `X-Forwarded-For`, in the order in which the request passed them, without ports."""
    values = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
    return [_drop_port(hop.strip()) for hop in b",".join(values).decode("latin-1").split(",")] if values else []


def _drop_port(hop: str) -> str:
    if hop.startswith("["):
        return hop[1:].partition("]")[0]
    return hop.partition(":")[0] if hop.count(":") == 1 else hop


@lru_cache(4096)
def _is_within(address: str, networks: tuple[Network, ...]) -> bool:
    parsed = parse_address(address)
    return parsed is not None and any(parsed in network for network in networks)


class Place(NamedTuple):
    """A host and its port, None where no port is written."""

    name: str
    port: int | None


class Hosts(Layer):
    """ASGI middleware that refuses requests for foreign names and by foreign pages."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with its real name and client, or refuse it."""
        if scope["type"] in ("http", "websocket"):
            _believe_proxy(scope)
            refusal = _judge(scope)
            if refusal is not None:
                await refuse(scope, receive, send, refusal)
                return
        await self.app(scope, receive, send)


async def refuse(scope: Scope, receive: Receive, send: Send, answer: Response) -> None:
    """Send a refusal; for a websocket in the answer to its handshake, where the server can."""
    if scope["type"] == "http":
        await answer(scope, receive, send)
    elif "websocket.http.response" in scope.get("extensions", {}):
        headers = answer.raw_headers
        await send({"type": "websocket.http.response.start", "status": answer.status_code, "headers": headers})
        await send({"type": "websocket.http.response.body", "body": answer.body})
    else:
        await send({"type": "websocket.close", "code": 1008, "reason": ""})


def is_own_name(host: str) -> bool:
    """Whether a `Host` header, with any port, names this computer or a name of the settings."""
    place = parse_host(host) if len(host) <= LONGEST_HOST else None
    if place is None:
        return False
    settings = Settings.from_environment()
    return _read_rules(settings.base_url, settings.public_names).is_own(place.name)


@lru_cache(1024)
def parse_host(host: str) -> Place | None:
    """Parse a `Host` header into host and port, in small letters; None where it is malformed."""
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
    """Write what a trusted proxy says of the request, and the client's real address, into the scope."""
    client = client_of(scope)
    if is_trusted(peer_of(scope)):
        host = read_header(scope, b"x-forwarded-host").rpartition(",")[2].strip()
        if host:
            _set_header(scope, b"host", host)
        scheme = read_header(scope, b"x-forwarded-proto").rpartition(",")[2].strip().lower()
        if scheme in PORTS:
            scope["scheme"] = scheme.replace("http", "ws") if scope["type"] == "websocket" else scheme
    if scope.get("client") and scope["client"][0] != client:
        scope["client"] = (client, 0)


def _judge(scope: Scope) -> Response | None:
    """Judge a request: its refusal, or None where it may be answered."""
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
        problem = N_("This was asked for by a page of another site, and only pages of this one may.")
        return answer_scope(scope, 403, problem, N_("Open the dashboard by its own address."))
    if scope["type"] == "websocket":  # Streamlit compares the letters, and looks further where they differ
        _set_header(scope, b"origin", f"{origins[0].partition('://')[0]}://{host}")
    return None


def _is_own_origin(scope: Scope, origin: str, host: str) -> bool:
    """Whether a page has the very address that it asks, or the public address of the settings."""
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
    problem = sentence(N_("This server does not answer for the name {name}."), name=host[:LONGEST_NAME] or "–")
    remedy = N_("Whoever runs it states its public names in DASHBOARD_BASE_URL and DASHBOARD_PUBLIC_NAMES.")
    return answer_scope(scope, 421, problem, remedy, heading=N_("Another address leads here"))
