"""The network for sources: public addresses alone, unless an administrator lists others; secrets to one host.

This module looks a name up, judges its addresses, and connects to the judged one: a name that changes its address in
between leads nowhere else. The same holds for every redirect.

Secrets come from the environment or from files of their owner alone. `DASHBOARD_SOURCE_<NAME>_HOST` names their
host; an administrator sets it beside them. So an address that somebody types on a page, or writes into `campaign.toml`,
cannot have a secret sent elsewhere.
"""

import os
import socket
import stat
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path
from typing import Any

import httpx

from dashboard import outbound
from dashboard.campaign.sources import NEEDED, SECRETS, Source
from dashboard.errors import UserError, map_text, sentence
from dashboard.i18n import N_
from dashboard.settings import Settings

SHORTEST_HIDDEN = 4
"""Letters of a secret to search texts for; shorter ones would make words unreadable."""


class SecretError(UserError):
    """A secret is missing, may be read by others, or is for another host."""


@dataclass(frozen=True)
class Credentials:
    """The secrets of one source, and the one host that may get them; nothing prints them."""

    host: str = ""
    values: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __getitem__(self, kind: str) -> str:
        """Return one of them; empty where it is not set."""
        return self.values.get(kind, "")

    def hide(self, text: str) -> str:
        """Return a text without them, for every message, file and log; a sentence stays one."""
        return map_text(text, self._hide)

    def clean(self, error: UserError) -> UserError:
        """Return an error without them."""
        return UserError(self.hide(error.what), self.hide(error.remedy))

    def _hide(self, text: str) -> str:
        for value in sorted(self.values.values(), key=len, reverse=True):
            if len(value) >= SHORTEST_HIDDEN:
                text = text.replace(value, "…")
        return text


def read_credentials(source: Source, environment: Mapping[str, str] | None = None) -> Credentials:
    """Read the secrets of a source, by default from the program's environment.

    Raises:
        SecretError: one that the tool needs is missing, a file of one may be read by others, or they are for another
            host than the source's.
    """
    variables = os.environ if environment is None else environment
    values = {kind: value for kind in SECRETS[source.tool] if (value := _read(source, kind, variables))}
    missing = [source.variables + kind for kind in NEEDED.get(source.tool, ()) if kind not in values]
    if missing:
        what = N_("{variable} is not set.") if len(missing) == 1 else N_("{variable} and {other} are not set.")
        raise SecretError(
            sentence(what, variable=missing[0], other=missing[-1]),
            sentence(
                N_(
                    "Set what is missing for this program, or {variable}_FILE to a file that only its user can read "
                    "(docs/sources.md says how to get one with the least rights)."
                ),
                variable=missing[0],
            ),
        )
    if not values and source.tool not in NEEDED:
        return Credentials()
    host = variables.get(f"{source.variables}HOST", "").strip().lower()
    if not host:
        raise SecretError(
            N_("The secret of this source is bound to no host."),
            sentence(
                N_("Set {variable}={host}, so that it is never sent anywhere else."),
                variable=f"{source.variables}HOST",
                host=source.host,
            ),
        )
    if host != source.host:
        raise SecretError(
            sentence(
                N_("The secret of this source is for {host}, and its address names {other}."),
                host=host,
                other=source.host,
            ),
            sentence(
                N_("Correct the address, or have an administrator set {variable}."), variable=f"{source.variables}HOST"
            ),
        )
    return Credentials(host, values)


def _read(source: Source, kind: str, variables: Mapping[str, str]) -> str:
    """Read one secret, from its variable or the file in another variable, which others must not read."""
    variable = source.variables + kind
    if variables.get(variable, "").strip():
        return variables[variable].strip()
    name = variables.get(f"{variable}_FILE", "")
    if not name:
        return ""
    path = Path(name)
    try:
        status = path.stat()
        text = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        what = sentence(N_("The file of {variable} cannot be read."), variable=f"{variable}_FILE")
        raise SecretError(what, N_("Correct its path or its rights.")) from error
    if os.name != "nt" and stat.S_IMODE(status.st_mode) & 0o077:
        raise SecretError(
            sentence(N_("Others can read the file of {variable}."), variable=f"{variable}_FILE"),
            sentence(N_("Take their rights away: chmod 600 {path}"), path=str(path)),
        )
    if not text:
        what = sentence(N_("The file of {variable} is empty."), variable=f"{variable}_FILE")
        raise SecretError(what, N_("Write the secret into it."))
    return text


Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], list[str]]
MOST_REDIRECTS = 5
SECONDS = 60.0
"""The longest time for a connection, and for each wait for more of an answer."""


class RefusedError(UserError):
    """An address that must not be asked, or not with a secret."""


class Reach:
    """The permitted addresses: every public one, and those that an administrator lists."""

    def __init__(self, allowed: str = "", resolve: Resolve | None = None) -> None:
        """Read the list of hosts and networks, in the form of `DASHBOARD_SOURCE_NETWORKS`; `resolve` looks a name up.

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
        """Return whether an administrator lists this very host."""
        return host.lower() in self._names or self._is_in_network(host)

    def find(self, host: str, port: int) -> str:
        """Find the address of a host.

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
    """Sends each request, also after a redirect, to permitted addresses; secrets go to their host and nowhere else."""

    def __init__(self, reach: Reach, secrets: Credentials, options: Mapping[str, Any]) -> None:
        """Prepare for a client; `options`: those of `outbound.client_options`."""
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
        """Send a request to a permitted address."""
        host, scheme = request.url.host, request.url.scheme
        self._check(request)
        proxy = None if urllib.request.proxy_bypass(host) else self._proxies.get(scheme)
        if proxy is not None:
            # A proxy looks a name up itself; one that only it knows passes.
            with suppress(OSError):
                self._reach.find(request.url.host, request.url.port or 443)
            return proxy.handle_request(request)
        request.headers["Host"] = request.url.netloc.decode("ascii")
        request.extensions = {**request.extensions, "sni_hostname": host}
        address = self._reach.find(host, request.url.port or (443 if scheme == "https" else 80))
        request.url = request.url.copy_with(host=address)
        try:
            return self._direct.handle_request(request)
        finally:
            request.url = request.url.copy_with(host=host)  # the base of a redirect, and the host in errors

    def close(self) -> None:
        """Close what is open."""
        for transport in (self._direct, *self._proxies.values()):
            transport.close()

    def _check(self, request: httpx.Request) -> None:
        """Refuse a request that must not go out in this form."""
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


@contextmanager
def open_client(settings: Settings, secrets: Credentials, reach: Reach | None = None) -> Iterator[httpx.Client]:
    """Open a client for one source; each address is judged first.

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
    """Return whether an address is one of the public network, also one of IPv4 inside IPv6."""
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
"""All of IPv6 that the world routes (IANA); the rest leads into a network of one's own or nowhere."""
_WITH_IPV4 = tuple(map(ip_network, ("64:ff9b::/96", "::/96", "::ffff:0:0:0/96")))
"""Networks whose last four bytes are the meant IPv4 address: RFC 6052 (NAT64), RFC 4291, RFC 2765 (SIIT)."""
