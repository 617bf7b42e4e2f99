"""The feeds: the rules of RFC 4287, JSON Feed 1.1 and RFC 5545 one by one, and those of HTTP."""

import json
import re
import uuid
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import duckdb
import feedparser
import httpx
import pytest
from icalendar import Calendar
from lxml import etree
from starlette.applications import Starlette

from dashboard.i18n import translator
from dashboard.measures.latest import KINDS, Window, list_latest
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.web.openapi.shapes import list_shapes
from tests.annotations import ALT, OF_EVENT, OF_STORY, RIGHTS, publish_annotated, withdraw
from tests.cases import some
from tests.charts_over_http import BASE, ask, make_app
from tests.schemas import jsonschema
from tests.snapshots import publish_fixture

ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
USUAL = tuple(KINDS)[:5]
FILTERS = {
    "": (Selection(lang="en"), USUAL),
    "lang=fr": (Selection(lang="fr"), USUAL),
    "region=africa&lang=es": (Selection(("africa",), lang="es"), USUAL),
    "kind=story&kind=event": (Selection(lang="en"), ("event", "story")),
    "kind=report,status": (Selection(lang="en"), ("status", "report")),
    "q=nothing+has+this": (Selection(lang="en", q="nothing has this"), USUAL),
}


def is_iri(text: str | None) -> bool:
    return text is not None and bool(urlsplit(text).scheme) and not re.search(r"\s", text)


def elements(parent: etree._Element, name: str) -> list[etree._Element]:
    return parent.findall(f"{ATOM}{name}")


def check_atom(body: bytes) -> list[etree._Element]:
    """Check a document against each MUST of RFC 4287, by section; return its entries."""
    feed = etree.fromstring(body)
    assert feed.tag == f"{ATOM}feed"  # 2
    entries = elements(feed, "entry")
    of_feed, of_entry = ("generator", "icon", "logo", "subtitle"), ("content", "published", "source", "summary")
    for parent in (feed, *entries):
        for name in ("id", "title", "updated"):  # 4.1.1, 4.1.2: exactly one
            assert len(elements(parent, name)) == 1, name
        for name in ("rights", *(of_feed if parent is feed else of_entry)):
            assert len(elements(parent, name)) <= 1, name
        assert is_iri(elements(parent, "id")[0].text)  # 4.2.6
        for moment in (*elements(parent, "updated"), *elements(parent, "published")):  # 3.3
            assert RFC_3339.fullmatch(moment.text)
            datetime.fromisoformat(moment.text)
        for person in elements(parent, "author"):  # 3.2
            (name,) = elements(person, "name")
            assert name.text.strip()
        for text in (element for name in ("title", "subtitle", "summary") for element in elements(parent, name)):  # 3.1
            kind = text.get("type", "text")
            assert kind in ("html", "xhtml") or (kind == "text" and not len(text))
        links = elements(parent, "link")
        assert all(is_iri(link.get("href")) and "/" in link.get("type", "text/html") for link in links)  # 4.2.7
        alternates = [(x.get("type"), x.get("hreflang")) for x in links if x.get("rel", "alternate") == "alternate"]
        assert len(alternates) == len(set(alternates))
        assert all(category.get("term") for category in elements(parent, "category"))  # 4.2.2
    assert elements(feed, "author") or all(elements(entry, "author") for entry in entries)  # 4.1.1
    assert [x.get("href") for x in elements(feed, "link") if x.get("rel") == "self"]  # 4.1.1, SHOULD
    for entry in entries:  # 4.1.2: without content there is an alternate link; 4.1.3: text has no elements
        (content,) = elements(entry, "content")
        assert (content.get("type"), len(content), bool(content.text.strip())) == ("text", 0, True)
    ids = [elements(entry, "id")[0].text for entry in entries]
    assert len(ids) == len(set(ids))
    order = list(feed)
    assert not entries or all(child.tag != f"{ATOM}entry" for child in order[: order.index(entries[0])])
    return entries


OF_FEED = {"version", "title", "home_page_url", "feed_url", "description", "language", "authors", "items"}
OF_ITEM = {
    "id", "url", "external_url", "title", "content_text", "summary", "date_published", "date_modified", "authors",
    "tags", "language", "image", "attachments",
}  # fmt: skip


def check_json_feed(body: bytes) -> list[dict]:
    """Check a document against JSON Feed 1.1, and against its description; return its items."""
    feed = json.loads(body)
    jsonschema.Draft202012Validator(list_shapes(translator("en"))["Feed"]).validate(feed)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert isinstance(feed["title"], str) and feed["title"]
    assert set(feed) <= OF_FEED
    assert is_iri(feed["home_page_url"]) and is_iri(feed["feed_url"])
    for item in feed["items"]:
        assert isinstance(item["id"], str) and item["id"]
        assert isinstance(item["content_text"], str)  # one of content_text and content_html
        assert {name for name in item if not name.startswith("_")} <= OF_ITEM
        assert None not in item.values()
        assert all(is_iri(item[name]) for name in ("url", "external_url") if name in item)
        assert all(RFC_3339.fullmatch(item[name]) for name in ("date_published", "date_modified"))
        assert all(isinstance(tag, str) for tag in item["tags"])
        assert all(set(author) & {"name", "url", "avatar"} for author in (*feed["authors"], *item.get("authors", ())))
    ids = [item["id"] for item in feed["items"]]
    assert len(ids) == len(set(ids))
    return feed["items"]


@pytest.mark.parametrize("query", some(FILTERS, 2))
def test_both_feeds_keep_the_rules_and_tell_the_same(query: str, app: Starlette, snapshot: Snapshot) -> None:
    atom, json_feed = (ask(app, f"/latest.{ending}?{query}") for ending in ("atom", "json"))
    assert (atom.status_code, json_feed.status_code) == (200, 200)
    assert atom.headers["content-type"] == "application/atom+xml; charset=utf-8"
    assert json_feed.headers["content-type"] == "application/feed+json; charset=utf-8"
    entries, items = check_atom(atom.content), check_json_feed(json_feed.content)
    assert [elements(entry, "id")[0].text for entry in entries] == [item["id"] for item in items]
    assert [elements(entry, "title")[0].text for entry in entries] == [item["title"] for item in items]
    assert [elements(entry, "updated")[0].text for entry in entries] == sorted(
        (item["date_modified"] for item in items), reverse=True
    )
    read = feedparser.parse(atom.content)
    assert not read.bozo
    assert len(read.entries) == len(items)
    asked, kinds = FILTERS[query]
    expected = list_latest(snapshot, asked, Window(kinds=kinds, by="known"))
    assert {item["id"].removeprefix("urn:uuid:") for item in items} == set(expected["entry_id"])
    assert bool(items) == ("nothing" not in query)


def test_an_entry_leads_on_and_speaks_the_readers_language(app: Starlette) -> None:
    (story,) = check_json_feed(ask(app, "/latest.json?kind=story&lang=fr").content)
    assert (story["title"], story["language"]) == ("Une école de plus (récit fictif)", "fr")
    entry_id = story["id"].removeprefix("urn:uuid:")
    assert story["url"] == f"{BASE}/latest?entry={entry_id}&lang=fr"
    assert "external_url" not in story
    (story,) = check_json_feed(ask(app, "/latest.json?kind=story&lang=EN").content)
    assert story["title"] == "One more school (a made-up story)"
    assert story["external_url"] == "https://example.org/school"
    (entry,) = check_atom(ask(app, "/latest.atom?kind=story&lang=en").content)
    assert elements(entry, "title")[0].get(LANG) == "en"
    for entry in check_atom(ask(app, "/latest.atom?kind=completed&lang=es").content):
        assert elements(entry, "link")[0].get("href").startswith(f"{BASE}/actions?action=")


@pytest.mark.parametrize("ending", ["atom", "json", "ics"])
def test_a_client_may_say_of_what_day_its_feed_is(ending: str, app: Starlette) -> None:
    path = f"/latest.{ending}?region=africa"
    first = ask(app, path)
    assert first.headers["cache-control"].startswith("public, max-age=60")
    built = first.headers["last-modified"]
    assert built == "Mon, 10 Jan 2022 09:00:00 GMT"
    for since, status in ((built, 304), ("Mon, 10 Jan 2022 08:59:59 GMT", 200), ("yesterday", 200)):
        again = ask(app, path, if_modified_since=since)
        assert (again.status_code, again.content == b"") == (status, status == 304), since
        assert again.headers["etag"] == first.headers["etag"]
    assert ask(app, path, accept_encoding="identity").headers["etag"] != first.headers["etag"]


def test_hostile_titles_and_addresses_are_made_harmless(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    title, address = "a\x0b]]>&amp;<script>\r\nATTENDEE:x", "javascript:alert(1)"
    with duckdb.connect(publish_fixture(tmp_path)) as connection:
        for table, kind in (("stories", "ST-1"), ("events", "EV-1")):
            connection.execute(f"update {table} set title = ?, url = ? where id = ?", [title, address, kind])  # noqa: S608
        connection.execute("update post_texts set title = ?, url = ?", [title, address])
    app = make_app(tmp_path, monkeypatch)
    for path in ("/latest.atom?kind=story&kind=event", "/latest.json?kind=story&kind=event"):
        answer = ask(app, path)
        (check_atom if "atom" in path else check_json_feed)(answer.content)
        assert "javascript" not in answer.text
        read = feedparser.parse(answer.content) if "atom" in path else None
        assert read is None or not read.bozo
    (event,) = read_calendar(ask(app, "/latest.ics?as_of=2021-06-12"))
    assert str(event["summary"]) == "a]]>&amp;<script> ATTENDEE:x"
    assert "attendee" not in event
    assert str(event["url"]).startswith(f"{BASE}/latest?entry=")


@pytest.mark.nightly
def test_pictures_of_stories_and_events_come_with_their_words_and_rights_and_without_a_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_annotated(tmp_path)
    app = make_app(tmp_path, monkeypatch)
    query, named = "kind=story,event&lang=fr&build=fixture", {"story": OF_STORY, "event": OF_EVENT}
    for item in check_json_feed(ask(app, f"/latest.json?{query}").content):
        if item["title"] == "No":
            assert not {"image", "attachments"} & set(item)
            continue
        name = named[item["_entry"]["kind"]]
        address = f"{BASE}/evidence/{name}?build=fixture"
        (attached,) = item["attachments"]
        assert (item["image"], attached["url"], attached["size_in_bytes"]) == (address, address, len(name) * 1_000)
        assert (attached["title"], attached["mime_type"][:6]) == (f"{ALT} ({RIGHTS})", "image/")
        assert ask(app, address.removeprefix(BASE)).status_code == 200
        assert "Sampletown" not in json.dumps(item)
    atom = ask(app, f"/latest.atom?{query}")
    links = [link for entry in check_atom(atom.content) for link in elements(entry, "link")]
    enclosures = [link for link in links if link.get("rel") == "enclosure"]
    addresses = {f"{BASE}/evidence/{name}?build=fixture" for name in named.values()}
    assert {link.get("href") for link in enclosures} == addresses
    assert {(link.get("title"), link.get(LANG)) for link in enclosures} == {(f"{ALT} ({RIGHTS})", "fr")}
    assert not feedparser.parse(atom.content).bozo and "<script>" not in atom.text
    withdraw(tmp_path, OF_STORY)
    assert not any(OF_STORY in ask(app, f"/latest.{ending}?{query}").text for ending in ("atom", "json"))
    early = ask(app, "/latest.json?kind=story,event&as_of=2021-10-01").text
    assert "/evidence/" not in early


def read_calendar(answer: httpx.Response) -> list:
    """Read the events of a calendar file, whose lines keep RFC 5545."""
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    lines = answer.content.split(b"\r\n")
    assert all(len(line) <= 75 and b"\n" not in line for line in lines)  # 3.1
    calendar = Calendar.from_ical(answer.content)
    assert calendar["version"] == "2.0"  # 3.6
    assert calendar["prodid"]
    return calendar.events


def test_events_to_come_and_not_long_past_are_a_calendar(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = publish_fixture(tmp_path)
    with duckdb.connect(path) as connection:
        connection.execute(
            "insert into events "
            "select 'EV-' || n, day, title, 'fr', null, null, 'events.csv', null, n, ends, null, null, null "
            "from (values (2, date '2021-07-01', 'Journées ouvertes, encore une fois, pour parler longuement de tout "
            "cela', date '2021-07-03'), (3, date '2021-07-02', 'Un jour', null), (4, null, 'Sans date', null), "
            "(5, date '2021-01-02', 'Passé', null)) v(n, day, title, ends)"
        )
        connection.execute(
            "insert into post_texts "
            "select 'event', id, language, title, null, null, null from events where id != 'EV-1'"
        )
    app = make_app(tmp_path, monkeypatch)
    answer = ask(app, "/latest.ics?as_of=2021-06-20&lang=fr")
    timed, several, one = read_calendar(answer)
    assert [f"{event.start.isoformat()} – {event.end.isoformat()}" for event in (timed, several, one)] == [
        "2021-06-12T09:00:00+00:00 – 2021-06-13T16:00:00+00:00", "2021-07-01 – 2021-07-04", "2021-07-02 – 2021-07-03",
    ]  # fmt: skip
    assert {str(event["dtstamp"].dt) for event in (timed, several, one)} == {"2022-01-10 09:00:00+00:00"}
    assert all(uuid.UUID(str(event["uid"])) for event in (timed, several, one))
    assert str(several["summary"]).startswith("Journées ouvertes")
    assert several["summary"].params["LANGUAGE"] == "fr"
    assert ask(app, "/latest.ics?as_of=2021-06-20&lang=fr").content == answer.content
    assert read_calendar(ask(app, "/latest.ics?as_of=2021-12-31")) == []


def test_every_page_leads_to_the_feeds_of_its_filters(site: Starlette) -> None:
    page = ask(site, "/regions?region=africa&theme=education&build=fixture&lang=fr").text
    links = re.findall(r'<link rel="alternate" type="([^"]+)" title="[^"]+" href="([^"]+)">', page)
    query = "region=africa&amp;theme=education&amp;lang=fr"
    assert links == [
        ("application/atom+xml", f"latest.atom?{query}"),
        ("application/feed+json", f"latest.json?{query}"),
    ]
    assert ask(site, f"/{links[0][1].replace('&amp;', '&')}").status_code == 200
