"""The dashboard's address for the whole addresses in its answers, its pages and routes, and the way to sign in.

A setting holds the address. Where it names only this computer, a client on this computer gets the host and port at
which it asked, since no other one would lead back; a host that a stranger writes into a request is never repeated.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Generic, NamedTuple, TypeVar
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.routing import Match, Route
from starlette.types import Scope

from dashboard.access.rights import AccessClass
from dashboard.ground import page_addresses
from dashboard.ground.base_urls import is_local
from dashboard.settings import Settings

SIGN_IN, SIGN_OUT, TICKET = "/sign-in", "/sign-out", "/sign-in-link"
LONGEST_NEXT = 2_000


def read_next(next_path: str, settings: Settings) -> str:
    """Read where to go after the sign-in: an address of the dashboard itself, else its front page."""
    base = urlsplit(settings.base_url).path
    home = f"{base}/"
    is_own = next_path.startswith(home) and not next_path[len(base) :].startswith("//")
    is_plain = next_path.isprintable() and "\\" not in next_path and len(next_path) <= LONGEST_NEXT
    leads_round = next_path[len(base) :].startswith((SIGN_IN, SIGN_OUT))
    return next_path if is_own and is_plain and not leads_round else home


def write_way(settings: Settings, next_path: str = "", lang: str = "", way: str = SIGN_IN) -> str:
    """Write the address of the sign-in, which goes on to `next_path`, or of another way."""
    pairs = {name: value for name, value in (("next", next_path), ("lang", lang)) if value}
    return f"{urlsplit(settings.base_url).path}{way}{f'?{urlencode(pairs)}' if pairs else ''}"


RouteT = TypeVar("RouteT", bound=Route)
MOST_REMEMBERED, LONGEST_REMEMBERED = 2_048, 200
"""Paths whose route is remembered, and how long they are."""

_HOST = re.compile(r"(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+)(:[0-9]{1,5})?")


class Pages(NamedTuple):
    """The parts of the pages, which stand beside the routes.

    Attributes:
        titles: The titles in English, by the parts' ids; the first one is the front page.
        ways: The parts that anyone may be led to.
        private: The parts for staff.
        access: The class of each part; a part without one is for nobody.
    """

    titles: Mapping[str, str]
    ways: Collection[str]
    private: Collection[str]
    access: Mapping[str, AccessClass] = MappingProxyType({})

    @property
    def names(self) -> frozenset[str]:
        """Return the last parts of their addresses, present and former."""
        return frozenset(self.titles) | frozenset(map(page_addresses.find_page, self.titles))

    @property
    def public(self) -> tuple[str, ...]:
        """Return the parts that anyone may open, the front page first."""
        return tuple(page_id for page_id in self.titles if page_id not in self.private)


NO_PAGES = Pages({}, (), ())


class RouteTable(Generic[RouteT]):
    """Routes by the paths that they take."""

    def __init__(self, routes: Sequence[RouteT]) -> None:
        """Take routes; the first one that takes a path counts."""
        self.routes = tuple(routes)
        self._recall = lru_cache(MOST_REMEMBERED)(self._find)

    def find(self, path: str) -> RouteT | None:
        """Find the route that takes a path, whatever the method."""
        return self._recall(path) if len(path) <= LONGEST_REMEMBERED else self._find(path)

    def _find(self, path: str) -> RouteT | None:
        probe: Scope = {"type": "http", "method": "GET", "path": path, "headers": []}
        return next((route for route in self.routes if route.matches(probe)[0] is not Match.NONE), None)


def path_of(scope: Scope) -> str:
    """Return the requested path, below the dashboard's own address."""
    base, path = _read_base(Settings.from_environment().base_url), str(scope["path"])
    return path.removeprefix(base) if base and path.startswith(f"{base}/") else path


@lru_cache(8)
def _read_base(base_url: str) -> str:
    return urlsplit(base_url).path


def find_base(request: Request, settings: Settings) -> str:
    """Find the dashboard's address without a final slash: the setting's, or on this computer the one asked at."""
    base = urlsplit(settings.base_url)
    if not is_asked_locally(request) or not is_local(settings.base_url):
        return settings.base_url
    return f"{request.url.scheme}://{request.headers['host']}{base.path}"


def is_asked_locally(request: Request) -> bool:
    """Whether a request was made to a host name of this computer."""
    host = request.headers.get("host", "")
    return bool(_HOST.fullmatch(host)) and is_local(f"//{host}")


def is_unset(request: Request, settings: Settings) -> bool:
    """Whether a request came from elsewhere while the settings name only this computer, so that no link leads back."""
    return is_local(settings.base_url) and not is_asked_locally(request)


def is_same_place(address: str, base_url: str) -> bool:
    """Whether two addresses have one host and port; the names of this computer are one host.

    Raises:
        ValueError: one of them is no address.
    """
    one, two = urlsplit(address), urlsplit(base_url)
    if is_local(address) and is_local(base_url):
        return one.port == two.port
    return one.netloc == two.netloc
