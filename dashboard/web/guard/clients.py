"""Who asks: the client's address, also behind a proxy that the settings name; what others claim is not believed.

uvicorn itself believes `X-Forwarded-For` of whatever runs on this computer, so a tunnel without a mind of its own would
let strangers write their addresses themselves. Here that is undone unless this computer is named as a proxy.
"""

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

from starlette.types import Scope

from dashboard.ground.base_urls import is_local
from dashboard.settings import Network, Settings
from dashboard.web.http import read_header

KNOWN_CLIENT = "dashboard.client"
THIS_COMPUTER = "127.0.0.1"
UVICORN_BELIEVES = (THIS_COMPUTER, "::1")
FORWARDING = frozenset((b"forwarded", b"x-forwarded-for", b"x-forwarded-host", b"x-real-ip", b"via"))
"""Headers that a proxy sends."""

Address = IPv4Address | IPv6Address


def client_of(scope: Scope) -> str:
    """The client's address as text: the connection's, or what a trusted proxy says; looked up once a request."""
    client = scope.get(KNOWN_CLIENT)
    if client is None:
        client = scope[KNOWN_CLIENT] = _find_client(scope)
    return str(client)


def is_behind_trusted_proxy(scope: Scope) -> bool:
    """Whether the connection comes from a proxy that the settings name."""
    return is_trusted(peer_of(scope))


def is_direct_and_local(scope: Scope) -> bool:
    """Whether a program on this computer asks, by no proxy that says so, and by this computer's own name."""
    if any(name in FORWARDING for name, _ in scope["headers"]):
        return False
    host = read_header(scope, b"host")
    address = parse_address(peer_of(scope))
    return address is not None and address.is_loopback and is_local(f"//{host}") and bool(urlsplit(f"//{host}").netloc)


def peer_of(scope: Scope) -> str:
    """The address of the connection's other end, whatever uvicorn took from the headers; a socket file is local.

    What uvicorn took has port 0, which no connection has: nobody is this computer by naming their own address.
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
    """An address; one of IPv4 that is written as IPv6 is that of IPv4. None for what is no address."""
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
    """The addresses of `X-Forwarded-For`, in the order in which the request passed them, without ports."""
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
