"""The first HTML of every page, in front of Streamlit's own: language, title, previews, and what needs no Streamlit.

Streamlit sends the same empty shell for every address: where scripts are off or the websocket is blocked, a reader
would see grey bars for ever. This page has the language and title of what was asked for, and a sentence in every
language with a way to the charts, which need neither scripts nor a websocket. The sentence is hidden as soon as the
page is drawn.
"""

import asyncio
import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from functools import cache, cached_property, lru_cache
from html import escape
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.cache import Cache
from dashboard.campaign import builds
from dashboard.errors import BusyError, TooOftenError, UserError
from dashboard.formats import shorten
from dashboard.ground import page_addresses
from dashboard.ground.tracking import is_tracking
from dashboard.i18n import N_, translator
from dashboard.languages import SOURCE, name_reading, write_attributes
from dashboard.paths import find_package
from dashboard.settings import Settings
from dashboard.snapshot import database, kept_builds
from dashboard.snapshot.database import list_offered
from dashboard.snapshot.selection import PARAMETERS, parse_language
from dashboard.web import handouts, openings
from dashboard.web.guard.allowances import have_made
from dashboard.web.guard.security_headers import write_page_policy
from dashboard.web.head_tags import LONGEST_TITLE, write_tags
from dashboard.web.http import (
    NO_STORE,
    Layer,
    answer_body,
    answer_unmodified,
    choose_encoding,
    compress,
    encoding_headers,
    hash_body,
)
from dashboard.web.news_feeds import write_links
from dashboard.web.page_preview import PageLink, preview_page
from dashboard.web.site import Pages, find_base, path_of
from dashboard.web.static import ASSETS, name_part, styles
from dashboard.web.streamlit_words import write_script

LOG = logging.getLogger(__name__)
MOST_KEPT = MOST_HEADS = 512
MOST_SECONDS = 1.0
"""How long a page may wait for what other sites show of it; what is ready only then is there for the next one."""

ON_EVERY_PAGE = ("reading", "search_box", "figures", "tolerant_list", "day_choice", "chart_marks", "file_links")
STREAMLITS_OWN = ("Html", "StreamlitMarkdown", "BidiComponent", "Button", "MenuButton", "PageLink")
NOT_FOR_CRAWLERS = '<meta name="robots" content="noindex">'
LONGEST_QUERY, MOST_PARAMETERS = 2_000, 1_000
SENTENCE = N_("If this page stays empty, its scripts or its connection to the server are blocked.")
WAY = N_("The charts as plain pages")
LANG = '<html lang="en">'
STYLE = Path(__file__).with_suffix(".css").read_text(encoding="utf-8").replace("\n", "")
SCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
# Without this Streamlit asks for its own addresses below those of the page first, and waits for each "not found".
BASE = 'window.__streamlit={BACKEND_BASE_URL:new URL(".",location.href).href};'

AGENT_API, OWN_API = "./_stcore/agent/openapi.json", "openapi.json"
"""Streamlit names the description of an interface that is switched off; the dashboard its own in that place."""
_IMPORTED = re.compile(r"""(?:from|import)\s*["'`]\./([\w.-]+\.js)["'`]""")
_COMMENT = re.compile(r"<!--.*?-->\s*", re.DOTALL)


class Shell(NamedTuple):
    """Streamlit's HTML, cut at the places where this module inserts its own."""

    before_title: str
    before_scripts: str
    before_noscript: str
    end: str


class Head(NamedTuple):
    """What the HTML of a page is made from: its title and tags, its language, the filters of its links."""

    title: str
    tags: str
    lang: str
    query: str


class FirstPage(Layer):
    """ASGI middleware that answers for the pages with their first HTML and passes everything else on."""

    def __init__(self, app: ASGIApp, pages: Pages) -> None:
        """Wrap `app`."""
        super().__init__(app)
        self.pages = pages
        self._draw = lru_cache(MOST_KEPT)(self._make)
        self._heads = Cache[tuple[object, ...], Head](MOST_HEADS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request for a page."""
        answer = None
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD"):
            name, request = path_of(scope).removeprefix("/"), Request(scope)
            if name in page_addresses.PAGES and name != page_addresses.FRONT or not name:
                answer = await self._answer(request, name)
            else:
                answer = openings.lead_to(name, request)
        await (answer or self.app)(scope, receive, send)

    async def _answer(self, request: Request, name: str) -> Response:
        encoding = choose_encoding(request.headers.get("accept-encoding", ""))
        part, all_pairs = page_addresses.read(name, _read_pairs(request))
        page_id = part or page_addresses.PAGES[name].first
        pairs = tuple(pair for pair, end in zip(all_pairs, _measure(all_pairs), strict=True) if end <= LONGEST_QUERY)
        link = PageLink(page_id, self.pages.titles[page_id], pairs)
        head = await self._find_head(request, link, encoding) if len(pairs) == len(all_pairs) else _plain(link)
        headers, body = self._draw(head, encoding, list_offered(), name_reading())
        build_id = dict(link.query).get("build", "")
        if build_id and builds.find_snapshot(Settings.from_environment().campaign, build_id) is None:
            return answer_body(request, body, headers | NO_STORE, 410)  # the page itself says so, and leads on
        return answer_unmodified(request, headers) or answer_body(request, body, headers)

    async def _find_head(self, request: Request, link: PageLink, encoding: str) -> Head:
        """Find a page's head in memory, else make it in turn with charts; a plain head where that takes too long.

        A client that asks too often or waits too long gets a head without filters: there are few of these, so it costs
        nothing.
        """
        if link.page_id in self.pages.private:
            return _plain(link, NOT_FOR_CRAWLERS)
        settings = Settings.from_environment()
        settings = settings.model_copy(update={"base_url": find_base(request, settings)})
        live = database.opened(settings)
        key = (live and (live.build_id, live.built_at), settings.campaign, settings.base_url, link)

        def make() -> Head:
            head = _make_head(link, settings)
            self._draw(head, encoding, list_offered(), name_reading())
            return head

        def submit() -> "Future[Head]":
            return self._heads.submit(key, make, handouts.store().lanes["page"])

        head = self._heads.find(key)
        if head is not None:
            return head
        try:
            return await asyncio.wait_for(have_made(request.scope, "text", submit), MOST_SECONDS)
        except (TimeoutError, BusyError, TooOftenError):
            return _plain(link._replace(query=tuple(pair for pair in link.query if pair[0] == "lang")))
        except UserError:  # nothing published, or a link that is refused
            return _plain(link)
        except Exception:  # other sites show less of the page, and its readers shall not notice
            LOG.exception("A page's preview could not be made.")
            return _plain(link)

    def _make(
        self, head: Head, encoding: str, languages: tuple[str, ...], _reading: object
    ) -> tuple[dict[str, str], bytes]:
        html = self.draw(head, languages)
        body = html.encode()
        headers = {
            **encoding_headers(hash_body(body), encoding, "text/html; charset=utf-8"),
            "content-language": head.lang,
            "content-security-policy": write_page_policy(html),
            "cache-control": "no-cache",
        }
        return headers, compress(body, encoding)

    def draw(self, head: Head, languages: Sequence[str]) -> str:
        """Write the HTML of a page, which may be read in these languages."""
        shell, lang, query = self._shell, head.lang, head.query
        return (
            f"{shell.before_title.replace(LANG, f'<html {write_attributes(lang)}>', 1)}"
            f"<title>{escape(head.title)}</title>{head.tags}{write_links(lang, _unfrozen(query))}"
            f"{shell.before_scripts}"
            f"<script>{BASE}\n{SCRIPT}\n{write_script(languages)}</script><style>{STYLE}</style>{shell.before_noscript}"
            f"<noscript><style>#plain{{animation:none;visibility:visible;inset:0 0 auto}}</style></noscript>"
            f'<div id="root"></div><link rel="stylesheet" href="{ASSETS}{next(iter(styles().files))}">{_preload()}'
            f"{_write_way_out(lang, query, languages)}{shell.end}"
        )

    @cached_property
    def _shell(self) -> Shell:
        """Read Streamlit's own page.

        Raises:
            ValueError: this version of Streamlit writes the page in another way.
        """
        html = (find_package("streamlit") / "static" / "index.html").read_text(encoding="utf-8")
        before_title, rest = html.split("<title>Streamlit</title>", 1)
        place = rest.index("<script>")
        noscript, end = rest.index("<noscript>"), rest.index('<div id="root"></div>')
        if LANG not in before_title or not place < noscript < end:
            raise ValueError("Streamlit's index.html has another shape than this version puts its own words into.")
        before_scripts = _COMMENT.sub("", rest[:place]).replace(AGENT_API, OWN_API)
        return Shell(before_title, before_scripts, rest[place:noscript], rest[end + len('<div id="root"></div>') :])


@cache
def _preload() -> str:
    """Preload the scripts that nearly every page needs, so that they load with Streamlit's own and not after them.

    Streamlit's widgets are among them: Streamlit would fetch each one when it first appears, and draw a placeholder
    until then.
    """
    addresses = (*(f"{ASSETS}{name_part(stem)}" for stem in ON_EVERY_PAGE), *list_chunks(STREAMLITS_OWN))
    return "".join(f'<link rel="modulepreload" crossorigin href="{address}">' for address in addresses)


def list_chunks(names: Iterable[str]) -> list[str]:
    """List the addresses of Streamlit's scripts of these names, and of all that they import."""
    folder = find_package("streamlit") / "static" / "static" / "js"
    waiting = [file.name for name in names for file in folder.glob(f"{name}.*.js")]
    chunks: dict[str, None] = {}
    while waiting:
        name = waiting.pop(0)
        if name not in chunks:
            chunks[name] = None
            waiting += _IMPORTED.findall((folder / name).read_text(encoding="utf-8"))
    first = (folder.parents[1] / "index.html").read_text(encoding="utf-8")
    return [f"./static/js/{name}" for name in chunks if name not in first]


def _read_pairs(request: Request) -> list[tuple[str, str]]:
    """Read a link's parameters without what was appended on the way; none where there are far too many."""
    try:
        pairs = parse_qsl(str(request.url.query), keep_blank_values=True, max_num_fields=MOST_PARAMETERS)
    except ValueError:
        return []
    return [pair for pair in pairs if not is_tracking(pair[0])]


def _measure(pairs: Iterable[tuple[str, str]]) -> Iterator[int]:
    """Measure how long a link is up to the end of each of its parameters."""
    return accumulate(len(name) + len(value) + 2 for name, value in pairs)


def _make_head(link: PageLink, settings: Settings) -> Head:
    """Make the head of a page that anyone may open; raises what `preview_page` and `kept_builds.find` raise."""
    snapshot = kept_builds.find(settings, {"build": [value for name, value in link.query if name == "build"]})
    page_preview = preview_page(snapshot, link, settings)
    title = shorten(page_preview.preview.title, LONGEST_TITLE)
    return Head(title, write_tags(page_preview.preview), page_preview.preview.lang, page_preview.query)


def _plain(link: PageLink, tags: str = "") -> Head:
    """Make the head of a page with its title alone."""
    parameters = [(name, value) for name, value in link.query if name in PARAMETERS and value]
    lang = _choose_language(dict(parameters).get("lang", ""))
    query = urlencode([pair for pair in parameters if pair[0] != "lang"])
    return Head(translator(lang)(link.title), tags, lang, query)


def _unfrozen(query: str) -> str:
    """Drop the frozen build from a page's filters: readers who follow the news do not want to stay there."""
    return urlencode([pair for pair in parse_qsl(query) if pair[0] != "build"])


def _choose_language(link_lang: str) -> str:
    """Choose the language of a link; the campaign's where the link names none."""
    lang = parse_language(link_lang, list_offered())
    if lang is not None:
        return lang
    snapshot = database.opened(Settings.from_environment())
    return str(snapshot.campaign["default_language"]) if snapshot is not None else SOURCE


def _write_way_out(lang: str, query: str, languages: Sequence[str]) -> str:
    """The sentence and the link in every language, the reader's own first."""
    lines = []
    for code in sorted(languages, key=lambda code: code != lang):
        t = translator(code)
        address = f"charts?{query}{'&' if query else ''}lang={code}"
        way = f'<a href="{escape(address)}" hreflang="{code}">{escape(t(WAY))}</a>'
        lines.append(f"<p {write_attributes(code)}>{escape(t(SENTENCE))} {way}</p>")
    return f'<div id="plain" role="note">{"".join(lines)}</div>'
