"""The events as a calendar file (RFC 5545): those to come, and those of the last days."""

from datetime import timedelta

from icalendar import Calendar, Event, vText

from dashboard.formats import clean
from dashboard.measures.entry_words import Entry, find_address, list_facts, name_entry
from dashboard.measures.latest import KINDS
from dashboard.web.feeds.feed import Feed

MEDIA_TYPE = "text/calendar"


def write_calendar(feed: Feed) -> bytes:
    """The events as a file that calendars subscribe to; it says nothing of when it was asked for."""
    calendar = Calendar()
    calendar.add("prodid", "-//2021 Actions dashboard//events//EN")
    calendar.add("version", "2.0")
    name = feed.name(KINDS["event"])
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", timedelta(hours=12), parameters={"VALUE": "DURATION"})
    for entry in feed.events:
        calendar.add_component(_describe(feed, entry))
    return bytes(calendar.to_ical())


def _describe(feed: Feed, entry: Entry) -> Event:
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
