"""A digest: what is new for one language and choice of regions and themes, gathered once for all who want the same."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import pandas as pd

from dashboard.charts.chart import Chart, build_chart
from dashboard.charts.svg.png import draw_bare_png
from dashboard.formats import clean, format_count, format_date
from dashboard.i18n import N_, Translator, translator
from dashboard.mail.subscribers import Wish
from dashboard.measures import entry_words
from dashboard.measures.entry_words import read_entries
from dashboard.measures.latest import KINDS, NEWS, Window, count_latest, first_known, list_latest
from dashboard.snapshot.attribution import attribute
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection

MOST_ENTRIES = 8
"""Entries of a kind that a mail tells; it says how many more there are, and leads to them."""
MOST_COMING = 5
SUMMARY_LETTERS = 280
CHART_WIDTH = 568
"""CSS pixels of a chart; drawn with twice as many."""


@dataclass(frozen=True)
class Period:
    """What counts as new: what became known here after a moment and by another one, or what happened since a day.

    Attributes:
        known_after: The end of the last issue; None for the first one.
        known_until: The end of this one.
        since: The day from which things count by when they happened, where days of publishing tell nothing.
    """

    known_after: datetime | None
    known_until: datetime
    since: date | None = None

    def window(self, snapshot: Snapshot, **more: Any) -> Window:
        """The entries of this period."""
        after, first = self.known_after, first_known(snapshot)
        if after is None or first is None or first > after:  # what was there from the first day on is no news of that
            return Window(kinds=NEWS, since=self.since, **more)
        return Window(kinds=NEWS, by="known", known_after=after, known_until=self.known_until, **more)


@dataclass(frozen=True)
class Entry:
    """One thing that is new.

    Attributes:
        language: Of the title, where it is another than the mail's; else empty.
        facts: The day, who, where, in the reader's language.
        summary: A sentence or two; empty for none.
        link: Where it can be read.
    """

    title: str
    language: str
    facts: tuple[str, ...]
    summary: str
    link: str


@dataclass(frozen=True)
class Section:
    """Entries of one kind: the first ones, and how many there are."""

    title: str
    entries: tuple[Entry, ...]
    total: int


@dataclass(frozen=True)
class Picture:
    """A chart: its name in the mail, its title, what it shows in a sentence, the drawing with its text, its address."""

    name: str
    title: str
    finding: str
    alt: str
    png: bytes
    link: str


@dataclass(frozen=True)
class Digest:
    """All that a mail of the newsletter says.

    Attributes:
        subject: What is new, in numbers.
        choice: What the reader chose to read about, in words; empty for everything.
        total: How many things are new; 0 is not sent.
        coming: Events that are still to come.
        standing: Where the actions stand, in a sentence.
        everything: Address of the page with all that is new.
        sender: Who sends it: the publisher, else the campaign.
        contact: The address at which they are reached; empty where none is known.
    """

    t: Translator
    wish: Wish
    campaign: str
    subject: str
    choice: str
    period: str
    total: int
    sections: tuple[Section, ...]
    coming: tuple[Entry, ...]
    standing: str
    pictures: tuple[Picture, ...]
    everything: str
    sender: str
    contact: str
    is_sample: bool


def select(snapshot: Snapshot, wish: Wish) -> Selection:
    """The selection of a wish; codes that the campaign no longer has are left out."""
    codelists = {name: snapshot.codes.get(name, {}) for name in ("regions", "themes")}
    codes = {name: tuple(code for code in getattr(wish, name) if code in codelists[name]) for name in codelists}
    return Selection(lang=wish.lang, regions=codes["regions"], themes=codes["themes"])


def count_new(snapshot: Snapshot, wish: Wish, period: Period) -> int:
    """How many things are new for a wish."""
    return sum(count_latest(snapshot, select(snapshot, wish), period.window(snapshot, coming=False)).values())


def gather(
    snapshot: Snapshot, wish: Wish, period: Period, base_url: str, contact: str, *, has_pictures: bool = True
) -> Digest:
    """The digest of a wish; it takes a second where it has pictures.

    Args:
        snapshot: What is published.
        wish: What its readers want.
        period: What counts as new.
        base_url: Where the dashboard is.
        contact: As in `Digest`.
        has_pictures: Whether it has its charts.
    """
    selection, t = select(snapshot, wish), translator(wish.lang)
    window = period.window(snapshot, coming=False)
    counts = count_latest(snapshot, selection, window)
    teller = _Teller(t, base_url, snapshot)
    sections = tuple(
        Section(t(KINDS[kind]), teller.tell_all(_list(snapshot, selection, window, kind)), counts[kind])
        for kind in NEWS
        if counts[kind]
    )
    coming = list_latest(snapshot, selection, Window(kinds=("event",), coming=True), limit=MOST_COMING)
    pictures = list(_draw(snapshot, selection, base_url)) if has_pictures else []
    chart = build_chart(snapshot, "status-overview", selection)
    filters = [t(N_("{name}: {value}"), name=name, value=value) for name, value in chart.caption.selection[:-1]]
    attribution = attribute(snapshot.campaign, wish.lang)
    return Digest(
        t=t,
        wish=wish,
        campaign=attribution.campaign,
        subject=_say_counts(t, counts, wish.lang),
        choice=" · ".join(filters),
        period=_say_period(t, period, window, wish.lang),
        total=sum(counts.values()),
        sections=sections,
        coming=teller.tell_all(coming),
        standing=clean(chart.caption.summary),
        pictures=tuple(pictures),
        everything=f"{base_url}/latest?{selection.query_string()}",
        sender=attribution.publisher or attribution.campaign,
        contact=contact,
        is_sample=snapshot.is_sample,
    )


def _list(snapshot: Snapshot, selection: Selection, window: Window, kind: str) -> pd.DataFrame:
    return list_latest(snapshot, selection, replace(window, kinds=(kind,)), limit=MOST_ENTRIES)


def _say_counts(t: Translator, counts: dict[str, int], lang: str) -> str:
    phrases = [_say_count(t, kind, counts[kind], format_count(counts[kind], lang)) for kind in NEWS if counts[kind]]
    return t(N_("New: {things}"), things=", ".join(phrases)) if phrases else t(N_("Nothing is new"))


def _say_count(t: Translator, kind: str, count: int, n: str) -> str:
    match kind:
        case "completed":
            return t.plural("{n} action completed", "{n} actions completed", count, n=n)
        case "milestone":
            return t.plural("{n} milestone reached", "{n} milestones reached", count, n=n)
        case "event":
            return t.plural("{n} event", "{n} events", count, n=n)
        case "story":
            return t.plural("{n} story", "{n} stories", count, n=n)
    return t.plural("{n} new action", "{n} new actions", count, n=n)


def _say_period(t: Translator, period: Period, window: Window, lang: str) -> str:
    if window.known_after is not None:
        return t(N_("What became known since {day}"), day=format_date(window.known_after.date(), lang))
    if period.since is not None:
        return t(N_("What happened since {day}"), day=format_date(period.since, lang))
    return t(N_("What happened so far"))


@dataclass(frozen=True)
class _Teller:
    """Puts entries into words, as pages and feeds do."""

    t: Translator
    base_url: str
    snapshot: Snapshot

    def tell_all(self, rows: pd.DataFrame) -> tuple[Entry, ...]:
        return tuple(map(self._tell, read_entries(rows)))

    def _tell(self, entry: entry_words.Entry) -> Entry:
        summary = clean(entry.summary or "").strip()
        short = summary if len(summary) <= SUMMARY_LETTERS else summary[:SUMMARY_LETTERS].rsplit(" ", 1)[0] + " …"
        facts = [entry_words.say_when(entry, self.t), *entry_words.list_facts(entry, self.snapshot, self.t)]
        return Entry(
            title=clean(entry_words.name_entry(entry, self.t)),
            language=entry.language if entry.language and entry.language != self.t.language else "",
            facts=tuple(map(clean, facts)),
            summary=short,
            link=entry_words.find_address(entry, self.base_url, self.t.language),
        )


def _draw(snapshot: Snapshot, selection: Selection, base_url: str) -> Iterator[Picture]:
    """Where the chosen actions stand, and how the parts of what was not chosen compare."""
    by = "region" if not selection.regions else "theme" if not selection.themes else "group"
    for name, chart_id in (("status", "status-overview"), ("completion", f"completion-by-{by}")):
        chart: Chart = build_chart(snapshot, chart_id, selection)
        if not chart.is_empty:
            yield Picture(
                name,
                clean(chart.title),
                clean(chart.caption.finding),
                clean(chart.alt),
                draw_bare_png(chart, CHART_WIDTH, 2),
                f"{base_url}/charts/{chart_id}?{selection.query_string()}",
            )
