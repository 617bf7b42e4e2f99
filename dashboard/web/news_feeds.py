"""The news as files that other programs follow, for the selection of the query string.

They are Atom (`/latest.atom`, RFC 4287), JSON Feed 1.1 (`/latest.json`), and a calendar of events (`/latest.ics`, RFC
5545).
"""

import hashlib
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cached_property, partial
from html import escape
from typing import Any, NamedTuple
from urllib.parse import urlencode

from icalendar import Calendar, Event, vText
from lxml import etree
from starlette.requests import Request

from dashboard.access.rights import AccessClass
from dashboard.formats import clean
from dashboard.ground.base_urls import is_folder, is_whole
from dashboard.i18n import N_, Translator, translator
from dashboard.measures.annotations import Annotation
from dashboard.measures.latest import (
    KINDS,
    NEWS,
    ONE,
    POSTS,
    Entry,
    Window,
    find_address,
    find_moment,
    find_permalink,
    first_known,
    list_facts,
    list_latest,
    name_alone,
    name_entry,
    read_entries,
    read_kinds,
    say_when,
)
from dashboard.snapshot.attribution import Attribution, attribute
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection, parse
from dashboard.snapshot.selection_words import name_place
from dashboard.web import evidence_files
from dashboard.web.api_route import ApiRoute
from dashboard.web.handouts import Content, hand_out_content, open_context
from dashboard.web.http import FOREVER, FRESH, OPEN, name_attachment, write_json
from dashboard.web.operation import EITHER, SELECTION, Operation, Parameter, Reply, list_with_commas, refer

NEWS_TITLE = N_("Latest news")
MOST = 50
"""The number of entries in a feed: the latest ones."""
MOST_EVENTS = 1000
DAYS_PAST = 30
"""How long an event stays in the calendar."""


class Enclosure(NamedTuple):
    """A document or picture of an entry, and its address."""

    address: str
    file: Annotation

    @property
    def title(self) -> str:
        """What it is or shows, and whose rights in it are."""
        return clean(f"{self.file.words} ({self.file.rights})" if self.file.rights else self.file.words)


@dataclass(frozen=True)
class Feed:
    """The feed of one address.

    Attributes:
        base_url: The base of the dashboard, or of the folder that stands in for it, for its links.
        place: The base of the folder with the feed as a file; without it the dashboard answers it.
        files_base: The base of the folder with documents and pictures as files, as `place`.
    """

    snapshot: Snapshot
    selection: Selection
    kinds: tuple[str, ...]
    base_url: str
    place: str = ""
    files_base: str = ""

    @property
    def t(self) -> Translator:
        """The words of its language."""
        return translator(self.selection.lang)

    @property
    def query(self) -> str:
        """Its parameters, as an address has them."""
        kinds = [] if self.kinds == NEWS else [("kind", kind) for kind in self.kinds]
        return urlencode([*kinds, *self.selection.query_pairs()])

    @property
    def feed_id(self) -> str:
        """Its id: the same for the same question, whatever build answers it and wherever the dashboard is."""
        question = replace(self, selection=replace(self.selection, build="")).query
        digest = hashlib.sha256(f"{self.snapshot.campaign['starts_on']}|feed|{question}".encode()).digest()
        return uuid.UUID(bytes=digest[:16], version=5).urn

    @property
    def title(self) -> str:
        """The campaign's title, the word for news, and the filters' choice."""
        return self.name(NEWS_TITLE)

    def name(self, what: str) -> str:
        """Name it by the campaign's title, its kind (in English), and the filters' choice."""
        words = (self.t(what), name_place(self.snapshot, self.selection, has_day=True))
        return clean(f"{self.campaign}{self.t(': ')}{' · '.join(filter(None, words))}")

    @property
    def campaign(self) -> str:
        """The campaign's title."""
        return str(self.snapshot.campaign[f"title_{self.selection.lang}"])

    @property
    def attribution(self) -> Attribution:
        """Its publisher and licence."""
        return attribute(self.snapshot.campaign, self.selection.lang)

    @property
    def description(self) -> str:
        """The kinds of entries it has."""
        return ", ".join(self.t(KINDS[kind]) for kind in self.kinds)

    def address(self, ending: str) -> str:
        """Write its address in a form, or without an ending that of the page with the same filters."""
        place = self.place if ending else ""
        if place or is_folder(self.base_url):
            return f"{place or self.base_url}{f'latest.{ending}' if ending else 'index.html'}"
        return f"{self.base_url}/latest{ending and f'.{ending}'}?{self.query}"

    def list_enclosures(self, entry: Entry) -> list["Enclosure"]:
        """List the documents and pictures of an event or story that still stand."""
        return [
            Enclosure(
                evidence_files.write_address(self.files_base or self.base_url, file.file, self.selection.build),
                file,
            )
            for file in entry.files
            if file.file and not file.is_withdrawn
        ]

    @cached_property
    def entries(self) -> list[tuple[datetime, Entry]]:
        """Its entries, each with the moment from which readers of the feed know it; the last one first."""
        rows = list_latest(self.snapshot, self.selection, Window(kinds=self.kinds, by="known"), limit=MOST)
        first = first_known(self.snapshot)
        moments = [(find_moment(entry, first, self.built_at), entry) for entry in read_entries(rows)]
        return sorted(moments, key=lambda pair: pair[0], reverse=True)

    @property
    def events(self) -> list[Entry]:
        """The events that are coming, under way, or not long past, the earliest first; none without a day."""
        day = self.selection.day(self.snapshot)
        coming = Window(kinds=("event",), coming=True)
        past = Window(kinds=("event",), coming=False, since=day - timedelta(days=DAYS_PAST))
        frames = (list_latest(self.snapshot, self.selection, each, limit=MOST_EVENTS) for each in (coming, past))
        entries = [entry for rows in frames for entry in read_entries(rows) if entry.on_date is not None]
        return sorted(entries, key=lambda entry: (entry.on_date is None, entry.on_date, entry.entry_id))

    @property
    def updated(self) -> datetime:
        """The time of its latest entry; the moment of the build where it has none."""
        return max((moment for moment, _ in self.entries), default=self.built_at)

    @cached_property
    def built_at(self) -> datetime:
        """The time when the build was published."""
        return datetime.fromisoformat(self.snapshot.built_at).astimezone(UTC)


def read_feed(query: Mapping[str, Sequence[str]], snapshot: Snapshot, base_url: str) -> Feed:
    """Read the feed of an address.

    Raises:
        SelectionError: a parameter is unknown, or a value is none of the allowed ones.
    """
    selection = parse(query, snapshot, ("kind",)).in_order()
    return Feed(snapshot, selection, read_kinds(query.get("kind", ())), base_url)


def write_moment(moment: datetime) -> str:
    """Write a moment in the form of RFC 3339, in UTC."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


ATOM = "application/atom+xml"
_ATOM = "http://www.w3.org/2005/Atom"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def write_atom(feed: Feed) -> bytes:
    """Write the feed as XML."""
    root = etree.Element(f"{{{_ATOM}}}feed", {_LANG: feed.selection.lang}, nsmap={None: _ATOM})
    _add(root, "id", feed.feed_id)
    _add(root, "title", feed.title)
    _add(root, "subtitle", feed.description)
    _add(root, "updated", write_moment(feed.updated))
    author, attribution = etree.SubElement(root, f"{{{_ATOM}}}author"), feed.attribution
    _add(author, "name", attribution.author)
    if attribution.url:
        _add(author, "uri", attribution.url)
    _link(root, "self", feed.address("atom"), ATOM)
    _link(root, "alternate", feed.address(""), "text/html")
    if attribution.licence_url:
        etree.SubElement(root, f"{{{_ATOM}}}link", {"rel": "license", "href": attribution.licence_url})
    if attribution.licence:
        _add(root, "rights", attribution.licence)
    _add(root, "generator", "2021 Actions dashboard")
    for moment, entry in feed.entries:
        _add_entry(root, feed, moment, entry)
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True))


def _add_entry(root: etree._Element, feed: Feed, moment: datetime, entry: Entry) -> None:
    t, element = feed.t, etree.SubElement(root, f"{{{_ATOM}}}entry")
    build = feed.selection.build
    _add(element, "id", f"urn:uuid:{entry.entry_id}")
    title = _add(element, "title", name_alone(entry, t))
    if entry.language and entry.kind in POSTS:
        title.set(_LANG, entry.language)
    _add(element, "updated", write_moment(moment))
    _add(element, "published", write_moment(moment))
    if entry.stakeholder:
        _add(etree.SubElement(element, f"{{{_ATOM}}}author"), "name", entry.stakeholder)
    _link(element, "alternate", find_address(entry, feed.base_url, t.language, build), "text/html")
    permalink = find_permalink(entry, feed.base_url, t.language, build)
    _link(element, "related", permalink, "text/html")
    for enclosure in feed.list_enclosures(entry):
        _link(element, "enclosure", enclosure.address, str(enclosure.file.media_type))
        described = {"title": enclosure.title, "length": str(enclosure.file.size)}
        element[-1].attrib.update(described | ({_LANG: lang} if (lang := enclosure.file.language) else {}))
    etree.SubElement(element, f"{{{_ATOM}}}category", {"term": entry.kind, "label": t(ONE[entry.kind])})
    _add(element, "content", write_text(feed, entry)).set("type", "text")


def write_text(feed: Feed, entry: Entry) -> str:
    """Write an entry in lines: its day, its details, and of a story or event its summary."""
    facts = " · ".join((say_when(entry, feed.t), *list_facts(entry, feed.snapshot, feed.t)))
    return "\n".join(clean(line) for line in (facts, entry.summary) if line)


def _add(parent: etree._Element, name: str, text: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{_ATOM}}}{name}")
    element.text = "\n".join(map(clean, text.split("\n")))
    return element


def _link(parent: etree._Element, rel: str, address: str, media_type: str) -> None:
    if address:
        etree.SubElement(parent, f"{{{_ATOM}}}link", {"rel": rel, "type": media_type, "href": clean(address)})


JSON_FEED = "application/feed+json"
VERSION = "https://jsonfeed.org/version/1.1"


def write_json_feed(feed: Feed) -> bytes:
    """Write the feed as JSON."""
    attribution = feed.attribution
    addresses = {"home_page_url": feed.address(""), "feed_url": feed.address("json")}
    return write_json(
        {
            "version": VERSION,
            "title": feed.title,
            **{name: address for name, address in addresses.items() if is_whole(address)},
            "description": feed.description,
            "language": feed.selection.lang,
            "authors": [{"name": attribution.author, **({"url": attribution.url} if attribution.url else {})}],
            "items": [_describe_entry(feed, moment, entry) for moment, entry in feed.entries],
        }
    )


def _describe_entry(feed: Feed, moment: datetime, entry: Entry) -> dict[str, Any]:
    t, build = feed.t, feed.selection.build
    permalink = find_permalink(entry, feed.base_url, t.language, build)
    item: dict[str, Any] = {
        "id": f"urn:uuid:{entry.entry_id}",
        "url": find_address(entry, feed.base_url, t.language, build) or None,
        "title": clean(name_alone(entry, t)),
        "content_text": write_text(feed, entry),
        "summary": clean(entry.summary) if entry.summary else None,
        "date_published": write_moment(moment),
        "date_modified": write_moment(moment),
        "authors": [{"name": clean(entry.stakeholder)}] if entry.stakeholder else None,
        "tags": [t(ONE[entry.kind])],
        "language": entry.language if entry.kind in POSTS else None,
        # The dashboard's own fields stand under a name of its own, as JSON Feed asks.
        "_entry": {
            "kind": entry.kind,
            "on_date": entry.on_date.isoformat() if entry.on_date else None,
            "known_at": write_moment(entry.known_at) if entry.known_at else None,
            "action_id": entry.action_id,
            **({"address": permalink} if permalink else {}),
        },
    }
    if enclosures := feed.list_enclosures(entry):
        item["attachments"] = [
            {
                "url": enclosure.address,
                "mime_type": enclosure.file.media_type,
                "title": enclosure.title,
                "size_in_bytes": enclosure.file.size,
            }
            for enclosure in enclosures
        ]
        item["image"] = next((enclosure.address for enclosure in enclosures if enclosure.file.is_picture), None)
    if entry.kind in POSTS and entry.own_address:
        item |= {"url": permalink or None, "external_url": entry.own_address}
    return {name: value for name, value in item.items() if value is not None}


CALENDAR = "text/calendar"


def write_calendar(feed: Feed) -> bytes:
    """Write the events as a file that calendars subscribe to, without the time of the request."""
    calendar = Calendar()
    calendar.add("prodid", "-//2021 Actions dashboard//events//EN")
    calendar.add("version", "2.0")
    name = feed.name(KINDS["event"])
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", timedelta(hours=12), parameters={"VALUE": "DURATION"})
    for entry in feed.events:
        calendar.add_component(_describe_event(feed, entry))
    return bytes(calendar.to_ical())


def _describe_event(feed: Feed, entry: Entry) -> Event:
    t, event = feed.t, Event()
    event.add("uid", entry.entry_id)
    event.add("dtstamp", feed.built_at.replace(microsecond=0))
    if entry.starts_at is not None:
        event.add("dtstart", entry.starts_at)
        if entry.ends_at is not None and entry.ends_at > entry.starts_at:
            event.add("dtend", entry.ends_at)
    elif entry.on_date is not None:  # of whole days the end is the day after the last one
        event.add("dtstart", entry.on_date)
        event.add("dtend", max(entry.ends_on or entry.on_date, entry.on_date) + timedelta(days=1))
    title = vText(clean(name_entry(entry, t)))
    if entry.language:
        title.params["LANGUAGE"] = entry.language
    event.add("summary", title)
    lines = (entry.summary, *(fact for fact in list_facts(entry, feed.snapshot, t) if fact != entry.place))
    description = "\n".join(clean(line) for line in lines if line)
    if description:
        event.add("description", description)
    if entry.place:
        event.add("location", clean(entry.place))
    address = find_address(entry, feed.base_url, t.language, feed.selection.build)
    if address:
        event.add("url", address)
    event.add("transp", "TRANSPARENT")
    return event


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
