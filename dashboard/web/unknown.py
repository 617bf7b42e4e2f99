"""What answers where nothing is: a page for people, in their language, with the ways on.

Streamlit would send its own shell there, with 200, and say in English that there is no such page.
"""

import difflib
from collections.abc import Collection, Mapping
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.i18n import N_, Translator
from dashboard.settings import Settings
from dashboard.web.http import NO_STORE, answer_body
from dashboard.web.refusals import SAME_SITE, draw_page, read_language, write_policy

STREAMLITS_OWN = {
    "_stcore",
    "app",
    "auth",
    "component",
    "favicon.png",
    "index.html",
    "media",
    "oauth2callback",
    "static",
}
"""The first parts of the paths that Streamlit itself answers."""


class UnknownAddress:
    """ASGI middleware that answers people who ask for what is not here, and passes everything else on."""

    def __init__(self, app: ASGIApp, pages: Mapping[str, str], ways: Collection[str], known: Collection[str]) -> None:
        """Wrap `app`.

        Args:
            app: What answers all that is known.
            pages: The pages' titles in English, by the last part of their addresses.
            ways: Those that anyone may be shown the way to.
            known: The first parts of the paths of the routes.
        """
        self.app = app
        self.pages = pages
        self.ways = ways
        self.known = {*known, *STREAMLITS_OWN}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a browser's request for an unknown address."""
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD"):
            request = Request(scope)
            base = urlsplit(Settings.from_environment().base_url).path.rstrip("/")
            name = request.url.path.strip("/").removeprefix(f"{base}/".lstrip("/"))
            is_known = name in ("", *self.pages) or name.partition("/")[0] in self.known
            if not is_known and "text/html" in request.headers.get("accept", ""):
                await self._answer(request, name, base)(scope, receive, send)
                return
        await self.app(scope, receive, send)

    def _answer(self, request: Request, name: str, base: str) -> Response:
        t = read_language(request)
        headers = NO_STORE | {
            "content-type": "text/html; charset=utf-8",
            "content-language": t.language,
            "content-security-policy": f"{write_policy()}{SAME_SITE}",
        }
        said = t(N_("Nothing stands at the address {address}."), address=f"{base}/{name}"[:80])
        asked = t(N_("It may be mistyped, or the page may have another name now. These are here:"))
        page = draw_page(t, t(N_("There is no such page")), [said, asked], ways=self._find_ways(t, name, base))
        return answer_body(request, page.encode(), headers, 404)

    def _find_ways(self, t: Translator, name: str, base: str) -> list[tuple[str, str]]:
        """The pages and the charts, by their titles; first those that are written much like what was asked for."""
        titles = {page_id: t(self.pages[page_id]) for page_id in self.ways} | {"charts": t(N_("Charts"))}
        near = difflib.get_close_matches(name.rpartition("/")[2].lower(), titles, n=3)
        query = urlencode({"lang": t.language})
        return [(titles[page_id], f"{base}/{page_id}?{query}") for page_id in dict.fromkeys([*near, *titles])]
