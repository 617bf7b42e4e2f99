"""What answers where nothing is: a page for people, in their language, with the ways on; JSON for programs.

Streamlit would send its own shell there, with 200, and say in English that there is no such page. Below a route it
would do so as well: `/charts/x/y`, `/newsletter/xyz`.
"""

import difflib
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.ground import page_addresses
from dashboard.i18n import N_, Translator
from dashboard.settings import Settings
from dashboard.web.http import OPEN, read_header
from dashboard.web.refusals import answer_words, read_language
from dashboard.web.site import Pages, path_of

MOST_REMEMBERED, LONGEST_REMEMBERED = 2_048, 200

STREAMLITS_OWN = {
    "_stcore",
    "app",
    "auth",
    "component",
    "favicon.png",
    "media",
    "oauth2callback",
    "static",
}
"""The first parts of the paths that Streamlit itself answers."""


def answer_nothing(request: Request) -> Response:
    """404 for an address that is there for others, or not at all; the same words as for any other."""
    t = read_language(request)
    sentence = t(N_("There is nothing at the address {address}."), address=request.url.path[:80])
    return answer_words(request, 404, t(N_("There is no such page")), (sentence,))


class UnknownAddress:
    """ASGI middleware that answers for addresses that do not exist, and passes everything else on."""

    def __init__(self, app: ASGIApp, pages: Pages, routes: Sequence[BaseRoute]) -> None:
        """Wrap `app`.

        Args:
            app: What answers all that is known.
            pages: The parts of the pages.
            routes: What answers beside the pages.
        """
        self.app = app
        self.pages = pages
        self.names = pages.names
        self.routes = tuple(routes)
        self._recall = lru_cache(MOST_REMEMBERED)(self._find_known)
        self.rooms = {route.path.split("/")[1] for route in routes if isinstance(route, Route)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request for an unknown address: a browser's anywhere, any other below a route."""
        if scope["type"] == "http":
            name = path_of(scope).strip("/")
            is_read = scope["method"] in ("GET", "HEAD") and "text/html" in read_header(scope, b"accept")
            if (is_read or name.partition("/")[0] in self.rooms) and not self._is_known(name):
                base = urlsplit(Settings.from_environment().base_url).path.rstrip("/")
                await self._answer(Request(scope), name, base)(scope, receive, send)
                return
        await self.app(scope, receive, send)

    def _is_known(self, name: str) -> bool:
        return self._recall(name) if len(name) <= LONGEST_REMEMBERED else self._find_known(name)

    def _find_known(self, name: str) -> bool:
        """Whether a page, Streamlit itself or a route answers a path below the dashboard's own."""
        if not name or name in self.names or name.partition("/")[0] in STREAMLITS_OWN:
            return True
        probe = {"type": "http", "method": "GET", "path": f"/{name}", "headers": []}
        return any(route.matches(probe)[0] is not Match.NONE for route in self.routes)

    def _answer(self, request: Request, name: str, base: str) -> Response:
        t = read_language(request)
        sentence = t(N_("There is nothing at the address {address}."), address=f"{base}/{name}"[:80])
        if "text/html" not in request.headers.get("accept", ""):
            room = f"/{name.partition('/')[0]}"
            paths = [route.path for route in self.routes if isinstance(route, Route) and route.path.startswith(room)]
            return answer_words(request, 404, "", (sentence,), OPEN, allowed=paths)
        advice = t(N_("It may be mistyped, or the page may have another name now. These are here:"))
        ways = self._find_ways(t, name, base)
        return answer_words(request, 404, t(N_("There is no such page")), (sentence, advice), OPEN, ways=ways)

    def _find_ways(self, t: Translator, name: str, base: str) -> list[tuple[str, str]]:
        """The pages and the charts, by their titles; first those that are written much like what was asked for."""
        titles = {part: t(self.pages.titles[part]) for part in self.pages.ways} | {"charts": t(N_("Charts"))}
        near = difflib.get_close_matches(name.rpartition("/")[2].lower(), titles, n=3)
        parameters = [("lang", t.language)]
        return [
            (titles[part], page_addresses.write(base, part, parameters)) for part in dict.fromkeys([*near, *titles])
        ]
