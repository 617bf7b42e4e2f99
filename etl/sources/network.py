"""The network as sources may use it: public addresses alone, unless an administrator lists others; secrets to one host.

A name is looked up here, the addresses that it has are judged, and the connection is made to the one that was judged: a
name that changes its address in between leads nowhere else. The same holds for every redirect.
"""

import socket
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

import httpx

from dashboard import outbound
from dashboard.errors import UserError, sentence
from dashboard.i18n import N_
from dashboard.settings import Settings
from etl.sources.credentials import Credentials

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], list[str]]
MOST_REDIRECTS = 5
SECONDS = 60.0
"""How long a connection, and each wait for more of an answer, may take."""


class RefusedError(UserError):
    """An address that must not be asked, or not with a secret."""


class Reach:
    """What may be asked: every public address, and what an administrator lists."""

    def __init__(self, allowed: str = "", resolve: Resolve | None = None) -> None:
        """Read the list of hosts and networks, as `DASHBOARD_SOURCE_NETWORKS` has them; `resolve` looks a name up.

        Raises:
            UserError: an entry is neither a name nor a network.
        """
        self._names, self._networks = set[str](), []
        self._resolve = resolve or _look_up
        for entry in allowed.replace(",", " ").split():
            try:
                self._networks.append(ip_network(entry, strict=False))
            except ValueError:
                if "/" in entry or not entry.replace("-", "").replace(".", "").isalnum():
                    raise UserError(
                        sentence(
                            N_("DASHBOARD_SOURCE_NETWORKS: {entry} is neither a host nor a network."), entry=entry
                        ),
                        N_(
                            "Write hosts and networks with spaces between them, as kobo.intern.example.org 10.1.0.0/16."
                        ),
                    ) from None
                self._names.add(entry.lower())

    def has_listed(self, host: str) -> bool:
        """Whether an administrator lists this very host."""
        return host.lower() in self._names or self._is_in_network(host)

    def find(self, host: str, port: int) -> str:
        """The address that a host is asked at.

        Raises:
            RefusedError: it leads into a network that is not public, and nobody listed it.
            OSError: its name cannot be looked up.
        """
        addresses = self._resolve(host, port)
        if host.lower() not in self._names:
            for address in addresses:
                if not (_is_public(ip_address(address)) or self._is_in_network(address)):
                    raise RefusedError(
                        sentence(N_("{host} is inside a network that is not public."), host=host),
                        N_("If it is meant, have an administrator list it in DASHBOARD_SOURCE_NETWORKS."),
                    )
        if not addresses:
            raise OSError(f"no address for {host}")
        return addresses[0]

    def _is_in_network(self, text: str) -> bool:
        try:
            address = ip_address(text)
        except ValueError:
            return False
        return any(address in network for network in self._networks if network.version == address.version)


class GuardedTransport(httpx.BaseTransport):
    """Sends each request, also one after a redirect, where it may go; secrets go to their host and nowhere else."""

    def __init__(self, reach: Reach, secrets: Credentials, options: Mapping[str, Any]) -> None:
        """Prepare for a client; `options` are those of `outbound.client_options`."""
        # A connection is used once: it was made for one name, and an address may have several.
        limits = httpx.Limits(max_keepalive_connections=0)
        self._reach, self._secrets = reach, secrets
        self._direct = httpx.HTTPTransport(verify=options["verify"], limits=limits, trust_env=False)
        self._proxies = {
            scheme: httpx.HTTPTransport(verify=options["verify"], limits=limits, proxy=proxy, trust_env=False)
            for scheme, proxy in urllib.request.getproxies().items()
            if scheme in outbound.SCHEMES
        }

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request where it may go.

        Raises:
            RefusedError: it may not.
        """
        host, scheme = request.url.host, request.url.scheme
        self._check(request)
        proxy = None if urllib.request.proxy_bypass(host) else self._proxies.get(scheme)
        if proxy is not None:
            self._check_name(request.url)
            return proxy.handle_request(request)
        request.headers["Host"] = request.url.netloc.decode("ascii")
        request.extensions = {**request.extensions, "sni_hostname": host}
        address = self._reach.find(host, request.url.port or (443 if scheme == "https" else 80))
        request.url = request.url.copy_with(host=address)
        try:
            return self._direct.handle_request(request)
        finally:
            request.url = request.url.copy_with(host=host)  # what a redirect is relative to, and what errors name

    def close(self) -> None:
        """Close what is open."""
        for transport in (self._direct, *self._proxies.values()):
            transport.close()

    def _check(self, request: httpx.Request) -> None:
        """Refuse a request that must not go out as it is."""
        host, scheme = request.url.netloc.decode("ascii").lower(), request.url.scheme
        if scheme not in outbound.SCHEMES:
            what = sentence(N_("{host} redirects to an address that is not on the web."), host=host)
            raise RefusedError(what, _CORRECT)
        if scheme == "http" and not self._reach.has_listed(request.url.host):
            raise RefusedError(
                sentence(N_("{host} is asked without encryption (http)."), host=host),
                N_("Use its https address; inside your own network list it in DASHBOARD_SOURCE_NETWORKS."),
            )
        text = str(request.url) + "".join(map(str, request.headers.values()))
        if host != self._secrets.host and ("Authorization" in request.headers or self._secrets.hide(text) != text):
            raise RefusedError(
                sentence(N_("The secret of {host} must not go to {other}."), host=self._secrets.host, other=host),
                _CORRECT,
            )

    def _check_name(self, url: httpx.URL) -> None:
        """Judge a name before a proxy asks it, which looks it up itself; one that only the proxy knows passes."""
        with suppress(OSError):
            self._reach.find(url.host, url.port or 443)


@contextmanager
def open_client(settings: Settings, secrets: Credentials, reach: Reach | None = None) -> Iterator[httpx.Client]:
    """A client for one source; whoever it asks is judged first.

    Raises:
        UserError: the authorities' file, a proxy's address or the list of networks cannot be used.
    """
    options = outbound.client_options(settings, SECONDS)
    guarded = GuardedTransport(reach or Reach(settings.source_networks), secrets, options)
    with httpx.Client(
        transport=guarded,
        timeout=options["timeout"],
        follow_redirects=False,
        max_redirects=MOST_REDIRECTS,
        headers={"User-Agent": "dashboard-sources", "Accept-Encoding": "gzip"},
    ) as client:
        yield client


def _look_up(host: str, port: int) -> list[str]:
    try:
        return [str(ip_address(host))]
    except ValueError:
        return list(
            dict.fromkeys(str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        )


def _is_public(address: Address) -> bool:
    """Whether an address is one of the public network, also one of IPv4 inside IPv6."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if inner is not None:
            return _is_public(inner)
        if any(address in network for network in _WITH_IPV4):
            return _is_public(IPv4Address(int(address) & 0xFFFFFFFF))
        if address not in _GLOBAL_UNICAST:
            return False
    return address.is_global and not address.is_multicast


_CORRECT = N_("Correct the address.")
_GLOBAL_UNICAST = ip_network("2000::/3")
"""All of IPv6 that the world routes (IANA); what else there is leads into a network of one's own or nowhere."""
_WITH_IPV4 = tuple(map(ip_network, ("64:ff9b::/96", "::/96", "::ffff:0:0:0/96")))
"""Whose last four bytes are the IPv4 address that is meant: RFC 6052 (NAT64), RFC 4291, RFC 2765 (SIIT)."""
