"""A feed as JSON Feed 1.1."""

from datetime import datetime
from typing import Any

from dashboard.formats import clean
from dashboard.ground.base_urls import is_whole
from dashboard.measures.entry_words import ONE, POSTS, Entry, find_address, find_permalink, name_alone
from dashboard.web.feeds.atom import write_text
from dashboard.web.feeds.feed import Feed, write_moment
from dashboard.web.http import write_json

MEDIA_TYPE = "application/feed+json"
VERSION = "https://jsonfeed.org/version/1.1"


def write_json_feed(feed: Feed) -> bytes:
    """The feed as JSON."""
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
            "items": [_describe(feed, moment, entry) for moment, entry in feed.entries],
        }
    )


def _describe(feed: Feed, moment: datetime, entry: Entry) -> dict[str, Any]:
    t, build = feed.t, feed.selection.build
    permalink = find_permalink(entry, feed.base_url, t.language, build)
    item = {
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
        # What is the dashboard's own stands under a name of its own, as JSON Feed asks.
        "_entry": {
            "kind": entry.kind,
            "on_date": entry.on_date.isoformat() if entry.on_date else None,
            "known_at": write_moment(entry.known_at) if entry.known_at else None,
            "action_id": entry.action_id,
            **({"address": permalink} if permalink else {}),
        },
    }
    if entry.kind in POSTS and entry.own_address:
        item |= {"url": permalink or None, "external_url": entry.own_address}
    return {name: value for name, value in item.items() if value is not None}
