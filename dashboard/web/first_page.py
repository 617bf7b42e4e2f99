"""The first HTML of every page, in front of Streamlit's own: language, title, and what stands there without Streamlit.

Streamlit's HTML is the same for every address, and an empty shell: where scripts are off or the websocket is blocked a
reader would see grey bars for ever. Here it gets the page's language and title, and a sentence in every language with a
way to the charts that need neither. It is hidden as soon as the page is drawn.
"""

from collections.abc import Mapping
from functools import cached_property, lru_cache
from html import escape
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.campaign import builds
from dashboard.campaign.folder import LANGUAGES
from dashboard.i18n import N_, translator
from dashboard.settings import Settings
from dashboard.snapshot import database
from dashboard.snapshot.selection import PARAMETERS
from dashboard.web import openings
from dashboard.web.feeds.answering import write_links
from dashboard.web.http import (
    IDENTITY,
    NO_STORE,
    answer_body,
    answer_unmodified,
    choose_encoding,
    compress,
    hash_body,
)
from dashboard.web.static import find_package

MOST_KEPT = 256
LONGEST_QUERY = 2_000
SENTENCE = N_("If this page stays empty, its connection to the server or its scripts are blocked.")
WAY = N_("The charts as plain pages")
LANG = '<html lang="en">'
STYLE = Path(__file__).with_suffix(".css").read_text(encoding="utf-8").replace("\n", "")
SCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
# Without this Streamlit asks for its own addresses below those of the page first, and waits for each "not found".
BASE = 'window.__streamlit={BACKEND_BASE_URL:new URL(".",location.href).href};'


class Shell(NamedTuple):
    """Streamlit's HTML, cut where something else is put in."""

    before_title: str
    before_scripts: str
    before_noscript: str
    end: str


class FirstPage:
    """ASGI middleware that answers for the pages with their first HTML and passes everything else on."""

    def __init__(self, app: ASGIApp, pages: Mapping[str, str]) -> None:
        """Wrap `app`.

        Args:
            app: What answers everything else.
            pages: The pages' titles in English, by the last part of their addresses; the first one is the front page.
        """
        self.app = app
        self.pages = pages
        self._draw = lru_cache(MOST_KEPT)(self._make)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request for a page."""
        answer = None
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD"):
            name, request = _find_name(scope), Request(scope)
            page_id = name or next(iter(self.pages))
            answer = self._answer(request, page_id) if page_id in self.pages else openings.lead_to(name, request)
        await (answer or self.app)(scope, receive, send)

    def _answer(self, request: Request, page_id: str) -> Response:
        encoding = choose_encoding(request.headers.get("accept-encoding", ""))
        query = str(request.url.query)[:LONGEST_QUERY]
        stated = parse_qsl(query)
        parameters = [pair for pair in stated if pair[0] in PARAMETERS]
        lang = _choose_language(dict(parameters).get("lang", ""))
        kept = urlencode([pair for pair in parameters if pair[0] != "lang"])
        title = openings.name_opened(page_id, stated, lang) or translator(lang)(self.pages[page_id])
        headers, body = self._draw(title, lang, kept, encoding)
        build_id = dict(parameters).get("build", "")
        if build_id and builds.find_snapshot(Settings.from_environment().campaign, build_id) is None:
            return answer_body(request, body, headers | NO_STORE, 410)  # the page itself says so, and leads on
        return answer_unmodified(request, headers) or answer_body(request, body, headers)

    def _make(self, title: str, lang: str, query: str, encoding: str) -> tuple[dict[str, str], bytes]:
        body = self.draw(title, lang, query).encode()
        headers = {
            "content-type": "text/html; charset=utf-8",
            "content-language": lang,
            "cache-control": "no-cache",
            "etag": f'"{hash_body(body)}-{encoding}"',
            "vary": "Accept-Encoding",
        }
        return headers | ({"content-encoding": encoding} if encoding != IDENTITY else {}), compress(body, encoding)

    def draw(self, title: str, lang: str, query: str) -> str:
        """The HTML of a page.

        Args:
            title: Its title, or that of what its link opens.
            lang: Its language.
            query: Its filters, without the language, for the link to the plain pages.
        """
        shell = self._shell
        return (
            f"{shell.before_title.replace(LANG, LANG.replace('en', lang), 1)}"
            f"<title>{escape(title)}</title>{write_links(lang, _unfrozen(query))}"
            f"{shell.before_scripts}"
            f"<script>{BASE}\n{SCRIPT}</script><style>{STYLE}</style>{shell.before_noscript}"
            f"<noscript><style>#plain{{animation:none;visibility:visible;inset:0 0 auto}}</style></noscript>"
            f'<div id="root"></div>{_write_way_out(lang, query)}{shell.end}'
        )

    @cached_property
    def _shell(self) -> Shell:
        """Streamlit's own page.

        Raises:
            ValueError: this version of Streamlit writes it in another way.
        """
        html = (find_package("streamlit") / "static" / "index.html").read_text(encoding="utf-8")
        before_title, rest = html.split("<title>Streamlit</title>", 1)
        place = rest.index("<script>")
        noscript, end = rest.index("<noscript>"), rest.index('<div id="root"></div>')
        if LANG not in before_title or not place < noscript < end:
            raise ValueError("Streamlit's index.html has another shape than this version puts its own words into.")
        return Shell(before_title, rest[:place], rest[place:noscript], rest[end + len('<div id="root"></div>') :])


def _unfrozen(query: str) -> str:
    """A page's filters without the build it is frozen at: whoever follows what is new does not want to stay there."""
    return urlencode([pair for pair in parse_qsl(query) if pair[0] != "build"])


def _find_name(scope: Scope) -> str:
    """What a path asks for, also below the path of the dashboard's address; empty for the front page."""
    base = urlsplit(Settings.from_environment().base_url).path
    path = str(scope["path"])
    path = path.removeprefix(base) if base and path.startswith(f"{base}/") else path
    return path.removeprefix("/")


def _choose_language(stated: str) -> str:
    """The language of a link; the campaign's where it says none."""
    code = stated.lower()[:2]
    if code in LANGUAGES:
        return code
    snapshot = database.opened(Settings.from_environment())
    return str(snapshot.campaign["default_language"]) if snapshot is not None else LANGUAGES[0]


def _write_way_out(lang: str, query: str) -> str:
    """The sentence and the link in every language, the reader's own first."""
    lines = []
    for code in sorted(LANGUAGES, key=lambda code: code != lang):
        t = translator(code)
        address = f"charts?{query}{'&' if query else ''}lang={code}"
        way = f'<a href="{escape(address)}" hreflang="{code}">{escape(t(WAY))}</a>'
        lines.append(f'<p lang="{code}">{escape(t(SENTENCE))} {way}</p>')
    return f'<div id="plain" role="note">{"".join(lines)}</div>'
