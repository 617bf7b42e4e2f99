"""A feed before it is written: what an address asks for, which entries it has, and what it is called."""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from urllib.parse import urlencode

from dashboard.formats import clean, format_date
from dashboard.ground.base_urls import is_folder
from dashboard.i18n import N_, Translator, translator
from dashboard.measures.entry_words import Entry, find_moment, read_entries
from dashboard.measures.latest import KINDS, NEWS, Window, first_known, list_latest, read_kinds
from dashboard.snapshot.attribution import Attribution, attribute
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection, describe, parse

NEWS_TITLE = N_("Latest news")
MOST = 50
"""Entries of a feed: those that became known last."""
MOST_EVENTS = 1000
DAYS_PAST = 30
"""For how long an event stays in the calendar."""


@dataclass(frozen=True)
class Feed:
    """What one address asks for.

    Attributes:
        kinds: The kinds of entries.
        base_url: The base of the dashboard, or of the folder that stands in for it, for its links.
        place: The base of the folder in which the feed is a file; without it the dashboard answers it.
    """

    snapshot: Snapshot
    selection: Selection
    kinds: tuple[str, ...]
    base_url: str
    place: str = ""

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
        """The campaign's title, that it is news, and what the filters choose."""
        return self.name(NEWS_TITLE)

    def name(self, what: str) -> str:
        """The campaign's title, what it is (in English), and what the filters choose."""
        return clean(f"{self.campaign}{self.t(': ')}{' · '.join((self.t(what), *self._chosen))}")

    @property
    def campaign(self) -> str:
        """The campaign's title."""
        return str(self.snapshot.campaign[f"title_{self.selection.lang}"])

    @property
    def attribution(self) -> Attribution:
        """Who publishes it, under which licence."""
        return attribute(self.snapshot.campaign, self.selection.lang)

    @property
    def description(self) -> str:
        """The kinds of entries it has."""
        return ", ".join(self.t(KINDS[kind]) for kind in self.kinds)

    @property
    def _chosen(self) -> list[str]:
        pairs = describe(self.selection, self.snapshot, self.t, lambda day: format_date(day, self.selection.lang))
        return [value for _, value in (pairs if self.selection.as_of else pairs[:-1])]

    def address(self, ending: str) -> str:
        """Its address in a form, or without an ending that of the page with the same filters."""
        place = self.place if ending else ""
        if place or is_folder(self.base_url):
            return f"{place or self.base_url}{f'latest.{ending}' if ending else 'index.html'}"
        return f"{self.base_url}/latest{ending and f'.{ending}'}?{self.query}"

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
        """When it last had something new; the moment of the build where it has nothing."""
        return max((moment for moment, _ in self.entries), default=self.built_at)

    @cached_property
    def built_at(self) -> datetime:
        """When the build was published."""
        return datetime.fromisoformat(self.snapshot.built_at).astimezone(UTC)


def read_feed(query: Mapping[str, Sequence[str]], snapshot: Snapshot, base_url: str) -> Feed:
    """What an address asks for.

    Raises:
        SelectionError: a parameter is unknown, or a value is none of the allowed ones.
    """
    selection = parse(query, snapshot, ("kind",)).in_order()
    return Feed(snapshot, selection, read_kinds(query.get("kind", ())), base_url)


def write_moment(moment: datetime) -> str:
    """A moment as RFC 3339 has it, in UTC."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
