"""Answers to search engines: `/robots.txt` says what they may read, `/sitemap.xml` lists it.

The sitemap has each page in every language, with its other languages beside it. One file of it holds some ten thousand
addresses; where there are more, `/sitemap.xml` is the index of several files.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from html import escape
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from dashboard.access.rights import AccessClass
from dashboard.access.sessions import is_closed
from dashboard.charts.catalogue import CATALOGUE
from dashboard.errors import SelectionError
from dashboard.ground import page_addresses
from dashboard.i18n import N_
from dashboard.measures.counts import headline
from dashboard.settings import Settings
from dashboard.snapshot import database
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.web.api_route import ApiRoute
from dashboard.web.handouts import Handout, deliver, hand_out, hold_text
from dashboard.web.http import NO_STORE, answer_body
from dashboard.web.operation import EITHER, Operation, Parameter, Reply
from dashboard.web.refusals import explained
from dashboard.web.site import Pages, find_base

MOST_LISTED = 10_000
"""Addresses of actions in one file of the sitemap; a file may have 50,000. Each action has one in every language."""

CLOSED = (
    "sign-in",
    "sign-out",
    "files/",
    "evidence/",
    "newsletter/",
    "report/",
    "promise",
    "latest-build",
    "healthz",
    "readyz",
    "metrics",
    "_stcore/",
)
"""What is nobody's to find: files of one reader, files whose consent may be taken back, links of one's own, what
operators and open pages ask for."""

SHUT = b"User-agent: *\nDisallow: /\n"
"""What they are told of a campaign that is closed."""

XML = "application/xml; charset=utf-8"
LONGEST_NUMBER = 6
"""Digits of the number of a part."""

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMES = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


FOR_CRAWLERS = N_("For search engines")
ROBOTS = Operation(
    "/robots.txt",
    "robots",
    "site",
    FOR_CRAWLERS,
    N_("What search engines may read"),
    (Reply("text/plain"),),
)
SITEMAP = Operation(
    "/sitemap.xml",
    "sitemap",
    "site",
    FOR_CRAWLERS,
    N_("Every page in every language, or the list of the parts of that list"),
    (Reply("application/xml"),),
    refusals={503: EITHER},
)
_NUMBER = Parameter(
    "number",
    N_("The number of the part, from 1 on."),
    {"type": "string", "pattern": f"^[0-9]{{1,{LONGEST_NUMBER}}}$"},
    example="1",
    place="path",
    depends_on=("data",),
)
SITEMAP_PART = Operation(
    "/sitemap/{number}.xml",
    "sitemap_part",
    "site",
    FOR_CRAWLERS,
    N_("One part of a large sitemap"),
    (Reply("application/xml"),),
    (_NUMBER,),
    {404: EITHER, 503: EITHER},
)


def routes(pages: Pages) -> list[ApiRoute]:
    """The routes for `st.App`."""
    public = pages.public
    public_pages = set(map(page_addresses.find_page, public))
    private = tuple(
        dict.fromkeys(page for page in map(page_addresses.find_page, pages.private) if page not in public_pages)
    )

    @explained
    async def answer_robots(request: Request) -> Response:
        """Answer with what search engines may read, and where the sitemap is."""
        settings = Settings.from_environment()
        if is_closed(settings):
            return answer_body(request, SHUT, NO_STORE | {"content-type": "text/plain; charset=utf-8"})
        base = find_base(request, settings)
        robots = hold_text("text/plain", ("robots", base, *private), lambda: write_robots(base, private))
        return await deliver(request, robots)

    sitemap = hand_out(partial(_read_part, public), explained)
    return [
        ApiRoute("/robots.txt", answer_robots, (ROBOTS,), AccessClass.EVERYBODY),
        ApiRoute("/sitemap.xml", sitemap, (SITEMAP,), AccessClass.PUBLIC),
        ApiRoute("/sitemap/{number}.xml", sitemap, (SITEMAP_PART,), AccessClass.PUBLIC),
    ]


def write_robots(base: str, private: Sequence[str]) -> str:
    """Write `robots.txt`."""
    below = urlsplit(base).path
    closed = [f"Disallow: {below}/{name}" for name in (*private, *CLOSED)]
    return "\n".join(["User-agent: *", f"Allow: {below}/", *closed, "", f"Sitemap: {base}/sitemap.xml", ""])


def write_sitemap(snapshot: Snapshot, base: str, public: Sequence[str], number: int) -> str:
    """Write one file of the sitemap: 0 is `/sitemap.xml` itself, 1 and above are the parts that its index names.

    Raises:
        SelectionError: there is no such part.
    """
    parts = max(1, -(-headline(snapshot, Selection()).actions // _count_listed(snapshot)))
    day = snapshot.built_at[:10]
    if number == 0 and parts > 1:
        names = "".join(
            f"<sitemap><loc>{escape(f'{base}/sitemap/{n}.xml')}</loc><lastmod>{day}</lastmod></sitemap>\n"
            for n in range(1, parts + 1)
        )
        return f"{_HEAD}<sitemapindex {_NAMES}>\n{names}</sitemapindex>\n"
    if number > parts:
        raise SelectionError(f"There is no part {number} of the sitemap.", "extract", ("sitemap.xml",), str(number))
    first = max(number, 1)
    langs, per_part = list(snapshot.languages), _count_listed(snapshot)
    lines = list(_list_pages(base, public, day, langs)) if first == 1 else []
    parameters: dict[str, Any] = {"page": escape(f"{base}/actions"), "langs": langs, "day": day}
    parameters |= {"skipped": (first - 1) * per_part, "listed": per_part}
    actions = snapshot.columns("sitemap_actions", parameters)["lines"][0]
    lines += [str(actions)] if isinstance(actions, str) else []
    body = "\n".join(lines)
    return f'{_HEAD}<urlset {_NAMES} xmlns:xhtml="http://www.w3.org/1999/xhtml">\n{body}\n</urlset>\n'


def _read_number(text: str) -> int:
    """Read the number of a part."""
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER):
        raise SelectionError(f"There is no part {text!r} of the sitemap.", "extract", ("sitemap.xml",), text)
    return int(text)


def _count_listed(snapshot: Snapshot) -> int:
    return max(1, MOST_LISTED // len(snapshot.languages))


def _list_pages(base: str, public: Sequence[str], day: str, langs: Sequence[str]) -> Iterator[str]:
    """List a line for each page and chart in each language."""
    places = [*public, "charts", *(f"charts/{chart_id}" for chart_id in CATALOGUE)]
    for address in dict.fromkeys(escape(page_addresses.write(base, place)) for place in places):
        more = "&amp;" if "?" in address else "?"
        pairs = [("x-default", address), *((lang, f"{address}{more}lang={lang}") for lang in langs)]
        alternates = "".join(f'<xhtml:link rel="alternate" hreflang="{lang}" href="{href}"/>' for lang, href in pairs)
        for _, href in pairs[1:]:
            yield f"<url><loc>{href}</loc><lastmod>{day}</lastmod>{alternates}</url>"


def _read_part(public: Sequence[str], request: Request) -> Handout:
    """Read a request for the sitemap, for the index of its parts, or for one part of a large one."""
    settings, number = Settings.from_environment(), _read_number(request.path_params.get("number", "0"))
    snapshot, base = database.current(settings), find_base(request, settings)
    parts = (snapshot.build_id, snapshot.built_at, base, *public, number)
    return hold_text(XML, parts, lambda: write_sitemap(snapshot, base, public, number))
