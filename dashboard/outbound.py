"""Connections to the network: the authorities to trust, the proxy, and faults in words.

Nothing connects by itself. An operator sets up connections (docs/security.md lists them); all pass through here:

    async with outbound.open_client(settings) as client:          # HTTPS_PROXY and NO_PROXY of the environment hold
        answer = await client.get("https://login.example.org/.well-known/openid-configuration")
    OAuth().register("staff", client_kwargs=outbound.client_options(settings))  # clients that a library opens
    smtplib.SMTP_SSL(host, port, context=outbound.make_tls(settings.ca_file))   # what is no HTTP
    except OSError as error: raise outbound.explain(error, "smtp.example.org:465")
"""

import logging
import os
import ssl
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from dashboard.errors import UserError, sentence
from dashboard.i18n import N_
from dashboard.settings import Settings

if TYPE_CHECKING:
    import httpx

for _library in ("httpx", "httpcore"):  # they log addresses and headers, which may hold secrets
    logging.getLogger(_library).setLevel(logging.WARNING)

SECONDS = 10.0
"""How long a connection, and each wait for an answer, may take."""
SCHEMES = ("http", "https")
CERTIFICATE = "-----BEGIN CERTIFICATE-----"


class OutboundError(UserError):
    """A server outside could not be asked, or its certificate is not trusted."""


def make_tls(ca_file: str = "") -> ssl.SSLContext:
    """Make TLS that checks certificates and names, by the system's authorities and those of a file.

    `ca_file`: PEM certificates of further authorities (`Settings.ca_file`); empty for none. `SSL_CERT_FILE` and
    `SSL_CERT_DIR` of the environment take the place of the system's, as with other programs.

    Raises:
        UserError: a named file is not there, or holds no certificate.
    """
    _check_file("SSL_CERT_FILE", os.environ.get("SSL_CERT_FILE", ""))
    _check_file("DASHBOARD_CA_FILE", ca_file)
    context = ssl.create_default_context()
    places = ssl.get_default_verify_paths()
    if not (places.cafile or places.capath):  # a slim system without any: those that the HTTP client brings along
        import certifi

        context.load_verify_locations(certifi.where())
    if ca_file:
        try:
            context.load_verify_locations(ca_file)
        except ssl.SSLError as error:
            raise UserError(
                f"DASHBOARD_CA_FILE names {ca_file}, which holds a damaged certificate.", _NEEDED
            ) from error
    return context


def client_options(settings: Settings, seconds: float = SECONDS) -> dict[str, Any]:
    """Return the options of an httpx client, also of a library's: `httpx.AsyncClient(**client_options(…))`.

    Raises:
        UserError: the authorities' file or a proxy's address cannot be used.
    """
    _check_proxies(os.environ)
    return {"verify": make_tls(settings.ca_file), "trust_env": True, "timeout": seconds, "follow_redirects": False}


def open_client(settings: Settings, seconds: float = SECONDS) -> "httpx.AsyncClient":
    """Open a client with the operator's authorities and proxy; use it in `async with`.

    Raises:
        UserError: the authorities' file or a proxy's address cannot be used.
    """
    import httpx

    return httpx.AsyncClient(**client_options(settings, seconds))


def has_proxy() -> bool:
    """Return whether the environment names a proxy for HTTPS."""
    return "https" in urllib.request.getproxies()


def list_direct() -> list[str]:
    """List the hosts that the environment exempts from the proxy (`NO_PROXY`)."""
    return [name.strip() for name in urllib.request.getproxies().get("no", "").split(",") if name.strip()]


def explain(error: Exception, address: str) -> OutboundError:
    """Describe a failure in two sentences, without what may hold secrets: query, path, user.

    `error`: the error of httpx, `ssl`, `smtplib` or a socket.
    `address`: the address asked: of the web, or host and port.
    """
    who = urlsplit(address).netloc.rpartition("@")[2] or address
    chain = list(_follow(error))
    if any(isinstance(link, ssl.SSLCertVerificationError) for link in chain):
        return _tell(N_("The certificate of {host} is not one that this computer believes."), who, _BELIEVE)
    if any(isinstance(link, ssl.SSLError) for link in chain):
        return _tell(N_("{host} does not speak TLS as it should."), who, _LOOK)
    kinds = {type(link).__name__ for link in chain}
    if "ProxyError" in kinds or "Tunnel connection failed" in str(error):
        return _tell(N_("The proxy of HTTPS_PROXY does not lead to {host}."), who, _PROXY)
    if any("Timeout" in kind for kind in kinds):
        return _tell(N_("{host} did not answer in time."), who, _LOOK)
    return _tell(N_("{host} cannot be reached."), who, _LOOK)


def _tell(what: str, who: str, remedy: str) -> OutboundError:
    return OutboundError(sentence(what, host=who), remedy)


_NEEDED = "Give the file of your authority's certificates in PEM form, which begins with -----BEGIN CERTIFICATE-----."
_BELIEVE = N_(
    "If your organisation has an authority of its own, set DASHBOARD_CA_FILE to the file of its certificates."
)
_LOOK = N_("Check the address, the network and, where there is a proxy, HTTPS_PROXY and NO_PROXY.")
_PROXY = N_("Check HTTPS_PROXY, ask who runs the proxy to allow this address, or name it in NO_PROXY.")
_WRITE_PROXY = "Write it as http://proxy.example.org:8080."


def _follow(error: BaseException | None) -> Iterator[BaseException]:
    followed = set[int]()
    while error is not None and id(error) not in followed:
        followed.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _check_file(variable: str, name: str) -> None:
    """Check that a file of authorities can be used: OpenSSL passes over a missing one and then trusts nobody.

    Raises:
        UserError: it cannot.
    """
    if not name:
        return
    try:
        text = Path(name).read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise UserError(f"{variable} names {name}, which cannot be read.", _NEEDED) from error
    if CERTIFICATE not in text and "BEGIN TRUSTED CERTIFICATE" not in text:
        raise UserError(f"{variable} names {name}, which holds no certificate in PEM form.", _NEEDED)


def _check_proxies(environment: Mapping[str, str]) -> None:
    """Check that the proxies' addresses can be used; a client would fail with a traceback at its first request.

    Raises:
        UserError: one cannot; the message leaves out its value, which may hold a password.
    """
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"):
        text = environment.get(name.lower()) or environment.get(name) or ""
        try:
            parts = urlsplit(text if "://" in text else f"http://{text}")
            is_usable = parts.scheme in SCHEMES and bool(parts.hostname) and (parts.port or 1) > 0
        except ValueError:
            is_usable = False
        if text and not is_usable:
            raise UserError(f"{name} is no address of a proxy.", _WRITE_PROXY)
