"""A feed as Atom (RFC 4287)."""

from datetime import datetime

from lxml import etree

from dashboard.formats import clean
from dashboard.measures.entry_words import (
    ONE,
    POSTS,
    Entry,
    find_address,
    find_permalink,
    list_facts,
    name_alone,
    say_when,
)
from dashboard.web.feeds.feed import Feed, write_moment

MEDIA_TYPE = "application/atom+xml"
_ATOM = "http://www.w3.org/2005/Atom"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def write_atom(feed: Feed) -> bytes:
    """The feed as XML."""
    root = etree.Element(f"{{{_ATOM}}}feed", {_LANG: feed.selection.lang}, nsmap={None: _ATOM})
    _add(root, "id", feed.feed_id)
    _add(root, "title", feed.title)
    _add(root, "subtitle", feed.description)
    _add(root, "updated", write_moment(feed.updated))
    author, attribution = etree.SubElement(root, f"{{{_ATOM}}}author"), feed.attribution
    _add(author, "name", attribution.author)
    if attribution.url:
        _add(author, "uri", attribution.url)
    _link(root, "self", feed.address("atom"), MEDIA_TYPE)
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
    etree.SubElement(element, f"{{{_ATOM}}}category", {"term": entry.kind, "label": t(ONE[entry.kind])})
    _add(element, "content", write_text(feed, entry)).set("type", "text")


def write_text(feed: Feed, entry: Entry) -> str:
    """What an entry says, in lines: its day, what belongs to it, and of a story or event its summary."""
    facts = " · ".join((say_when(entry, feed.t), *list_facts(entry, feed.snapshot, feed.t)))
    return "\n".join(clean(line) for line in (facts, entry.summary) if line)


def _add(parent: etree._Element, name: str, text: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{_ATOM}}}{name}")
    element.text = "\n".join(map(clean, text.split("\n")))
    return element


def _link(parent: etree._Element, rel: str, address: str, media_type: str) -> None:
    if address:
        etree.SubElement(parent, f"{{{_ATOM}}}link", {"rel": rel, "type": media_type, "href": clean(address)})
