"""The addresses of the feeds: `/latest.atom`, `/latest.json`, `/latest.ics`, for the selection of the query string."""

from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import cache
from html import escape
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from dashboard.access.rights import AccessClass
from dashboard.i18n import N_, translator
from dashboard.measures.latest import KINDS
from dashboard.settings import Settings
from dashboard.snapshot import kept_builds
from dashboard.web.charts import routes as charts
from dashboard.web.feeds.feed import (
    ATOM,
    CALENDAR,
    JSON_FEED,
    Feed,
    read_feed,
    write_atom,
    write_calendar,
    write_json_feed,
)
from dashboard.web.http import (
    FOREVER,
    FRESH,
    OPEN,
    answer_body,
    answer_unmodified,
    choose_encoding,
    compress,
    encoding_headers,
    hash_body,
    name_attachment,
    read_query,
    say_unmodified,
)
from dashboard.web.openapi.api_route import ApiRoute
from dashboard.web.openapi.operation import EITHER, SELECTION, Operation, Parameter, Reply, list_with_commas, refer
from dashboard.web.refusals import explained_to_all


class Form(NamedTuple):
    """A form of the feed: its media type, its writer, and its name for readers."""

    media_type: str
    write: Callable[[Feed], bytes]
    name: str


FORMS = {
    "atom": Form(ATOM, write_atom, N_("News feed (Atom)")),
    "json": Form(JSON_FEED, write_json_feed, N_("News feed (JSON Feed)")),
    "ics": Form(CALENDAR, write_calendar, N_("Calendar of events")),
}
"""Each form by its ending."""

FAMILY = N_("What is new")
"""The name of all forms together."""

_HEADERS = ("ETag", "Cache-Control", "Content-Language", "Access-Control-Allow-Origin")
_KIND = Parameter(
    "kind",
    N_("Entries of these kinds alone; without it all that is news."),
    list_with_commas(tuple(KINDS), any_case=True),
    example="story",
    is_repeated=True,
)


def routes() -> list[ApiRoute]:
    """Return the routes of the feeds for `st.App`."""
    return [
        ApiRoute(f"/latest.{ending}", _route(ending), (_describe(ending),), AccessClass.PUBLIC, name=f"latest.{ending}")
        for ending in FORMS
    ]


def _describe(ending: str) -> Operation:
    form = FORMS[ending]
    return Operation(
        f"/latest.{ending}",
        f"latest_{ending}",
        "news",
        FAMILY,
        form.name,
        (Reply(form.media_type, refer("Feed") if ending == "json" else None, _HEADERS),),
        (_KIND, *SELECTION),
        {400: EITHER, 410: EITHER, 503: EITHER},
        tried=("lang",),
        is_open=True,
        takes_link=True,
    )


@cache
def counts() -> Counter[tuple[str, str]]:
    """Count the requests of each form in this process by outcome: `sent` or `unmodified`."""
    return Counter()


def write_links(lang: str, query: str) -> str:
    """Write the feeds of a page's filters as HTML for its head."""
    t = translator(lang)
    return "".join(
        f'<link rel="alternate" type="{FORMS[ending].media_type}" title="{escape(t(FORMS[ending].name))}" '
        f'href="latest.{ending}?{escape(f"{query}&" if query else "")}lang={lang}">'
        for ending in ("atom", "json")
    )


def _route(ending: str) -> Callable[[Request], Awaitable[Response]]:
    @explained_to_all
    async def answer(request: Request) -> Response:
        """Answer the feed; 304 when the client has it, 400 for a parameter, 410 for a lost build, 503 without data."""
        return await charts.work_on_text(request, lambda: _answer(request, ending))

    return answer


def _answer(request: Request, ending: str) -> Response:
    settings = Settings.from_environment()
    query = read_query(request)
    feed = read_feed(query, kept_builds.find(settings, query), settings.base_url)
    body = FORMS[ending].write(feed)
    encoding = choose_encoding(request.headers.get("accept-encoding", ""))
    headers = {
        **encoding_headers(hash_body(body), encoding, f"{FORMS[ending].media_type}; charset=utf-8"),
        "last-modified": format_datetime(feed.built_at, usegmt=True),
        "cache-control": FOREVER if feed.selection.build else FRESH,
        "content-language": feed.selection.lang,
        **OPEN,
    }
    if ending == "ics":
        headers["content-disposition"] = name_attachment("events.ics").replace("attachment", "inline", 1)
    unmodified = answer_unmodified(request, headers)
    if unmodified is None and _has_build(request, feed.built_at):
        unmodified = say_unmodified(headers)
    counts()[ending, "unmodified" if unmodified else "sent"] += 1
    return unmodified or answer_body(request, compress(body, encoding), headers)


def _has_build(request: Request, built_at: datetime) -> bool:
    """Return whether a client that goes by days, and not by ETags, has the last publication."""
    since = request.headers.get("if-modified-since")
    if since is None or "if-none-match" in request.headers:
        return False
    try:
        return parsedate_to_datetime(since) >= built_at.replace(microsecond=0)
    except (ValueError, TypeError):  # no day, or one without a zone
        return False
