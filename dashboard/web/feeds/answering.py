"""The addresses of the feeds: `/latest.atom`, `/latest.json`, `/latest.ics`, for the selection of the query string."""

from collections.abc import Callable
from email.utils import format_datetime
from functools import partial
from html import escape
from typing import NamedTuple

from starlette.requests import Request

from dashboard.access.rights import AccessClass
from dashboard.i18n import N_, translator
from dashboard.measures.latest import KINDS
from dashboard.resources.operation import EITHER, SELECTION, Operation, Parameter, Reply, list_with_commas, refer
from dashboard.web.api_route import ApiRoute
from dashboard.web.delivery import Content, hand_out_content, open_context
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
from dashboard.web.http import FOREVER, FRESH, OPEN, name_attachment


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
        ApiRoute(
            f"/latest.{ending}", hand_out_content(partial(_write, ending)), (_describe(ending),), AccessClass.PUBLIC
        )
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


def write_links(lang: str, query: str) -> str:
    """Write the feeds of a page's filters as HTML for its head."""
    t = translator(lang)
    return "".join(
        f'<link rel="alternate" type="{FORMS[ending].media_type}" title="{escape(t(FORMS[ending].name))}" '
        f'href="latest.{ending}?{escape(f"{query}&" if query else "")}lang={lang}">'
        for ending in ("atom", "json")
    )


def _write(ending: str, request: Request) -> Content:
    settings, query, snapshot = open_context(request)
    feed, form = read_feed(query, snapshot, settings.base_url), FORMS[ending]
    headers = {
        "last-modified": format_datetime(feed.built_at, usegmt=True),
        "cache-control": FOREVER if feed.selection.build else FRESH,
        "content-language": feed.selection.lang,
        **OPEN,
    }
    if ending == "ics":
        headers["content-disposition"] = name_attachment("events.ics").replace("attachment", "inline", 1)
    return Content(f"latest.{ending}", form.write(feed), headers, f"{form.media_type}; charset=utf-8")
