"""A digest: the news for one language and choice of regions and themes, gathered once for all readers with that choice.

It has the forms text and HTML. The reader's links are marks in both, until the mail is made for one.
"""

import textwrap
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from html import escape
from typing import Any, NamedTuple

from dashboard.campaign.brand import Look
from dashboard.charts.chart import build_chart
from dashboard.charts.svg.png import draw_bare_png
from dashboard.formats import clean, format_count, format_date
from dashboard.i18n import N_, Translator, plural, translator
from dashboard.mail.message import LOGO, draw_page, dress, inline_styles
from dashboard.mail.subscribers import Wish
from dashboard.measures import latest
from dashboard.measures.latest import KINDS, NEWS, Window, count_latest, first_known, list_latest
from dashboard.snapshot.attribution import attribute
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection

MOST_ENTRIES = 8
"""The most entries of a kind in a mail; it counts the others, and links to them."""
MOST_COMING = 5
SUMMARY_LETTERS = 280
CHART_WIDTH = 568
"""The width of a chart in CSS pixels; the drawing has twice as many."""
LINE_WIDTH = 72
PREFERENCES_MARK, UNSUBSCRIBE_MARK = "https://mark.invalid/preferences", "https://mark.invalid/unsubscribe"
ALL = N_("All that is new")
COMING = N_("Coming events")
STANDING = N_("Where the actions stand")
WHY = N_("You get this mail because you asked for it and confirmed that.")
PREFERENCES = N_("Change language, regions and themes, see or delete what is kept about you")
LEAVE = N_("Unsubscribe from the newsletter")
SENDER, CONTACT = N_("Sent by"), N_("Contact")


@dataclass(frozen=True)
class Period:
    """The period of news: by the moments at which entries became known here, or by a first day on which they happened.

    Attributes:
        known_after: The end of the last issue; None for the first one.
        known_until: The end of this one.
        since: The first day of events that count, where days of publishing do not help.
    """

    known_after: datetime | None
    known_until: datetime
    since: date | None = None

    def window(self, snapshot: Snapshot, **more: Any) -> Window:
        """The entries of this period."""
        after, first = self.known_after, first_known(snapshot)
        if (
            after is None or first is None or first > after
        ):  # entries that were there from the first day on are no news of that day
            return Window(kinds=NEWS, since=self.since, **more)
        return Window(kinds=NEWS, by="known", known_after=after, known_until=self.known_until, **more)


class Entry(NamedTuple):
    """A new entry; `language` is that of its title where the mail's differs, `facts` the day, people and place."""

    title: str
    language: str
    facts: tuple[str, ...]
    summary: str
    link: str


class Section(NamedTuple):
    """Entries of one kind: the first ones, and a sentence about the others; empty for none."""

    title: str
    entries: tuple[Entry, ...]
    total: int
    more: str = ""


class Picture(NamedTuple):
    """A chart: its name in the mail, its title, its sentence, the drawing with its text, its address."""

    name: str
    title: str
    finding: str
    alt: str
    png: bytes
    link: str


@dataclass(frozen=True)
class Digest:
    """The whole content of a newsletter mail.

    Attributes:
        subject: The numbers of news.
        choice: The reader's choice of subjects, in words; empty for everything.
        total: The number of new entries; 0 is not sent.
        coming: Coming events: one section, or none.
        standing: The state of the actions, in a sentence.
        everything: Address of the page with all news.
        sender: The sender: the publisher, else the campaign.
        contact: Their address; empty where unknown.
    """

    t: Translator
    wish: Wish
    campaign: str
    subject: str
    choice: str
    period: str
    total: int
    sections: tuple[Section, ...]
    coming: tuple[Section, ...]
    standing: str
    pictures: tuple[Picture, ...]
    everything: str
    sender: str
    contact: str
    is_sample: bool


def select(snapshot: Snapshot, wish: Wish) -> Selection:
    """Return the selection of a wish, without codes that the campaign no longer has."""
    codes = {
        name: tuple(code for code in getattr(wish, name) if code in snapshot.codes.get(name, {}))
        for name in ("regions", "themes")
    }
    return Selection(lang=wish.lang, regions=codes["regions"], themes=codes["themes"])


def count_new(snapshot: Snapshot, wish: Wish, period: Period) -> int:
    """Count the news for a wish."""
    return sum(count_latest(snapshot, select(snapshot, wish), period.window(snapshot, coming=False)).values())


def gather(
    snapshot: Snapshot, wish: Wish, period: Period, base_url: str, contact: str, *, has_pictures: bool = True
) -> Digest:
    """Gather the digest of a wish, with links to the dashboard at `base_url`; pictures take a second."""
    selection, t = select(snapshot, wish), translator(wish.lang)
    window = period.window(snapshot, coming=False)
    counts = {kind: n for kind, n in count_latest(snapshot, selection, window).items() if n}

    def make_section(title: str, entries: Window, most: int, total: int | None = None) -> Section:
        rows = latest.read_entries(list_latest(snapshot, selection, entries, limit=most))
        rest = 0 if total is None else total - len(rows)
        more = t(N_("and {n} more"), n=format_count(rest, wish.lang)) if rest > 0 else ""
        texts = tuple(_tell(entry, t, base_url, snapshot) for entry in rows)
        return Section(t(title), texts, len(rows) if total is None else total, more)

    coming = make_section(COMING, Window(kinds=("event",), coming=True), MOST_COMING)
    chart = build_chart(snapshot, "status-overview", selection)
    attribution = attribute(snapshot.campaign, wish.lang)
    return Digest(
        t=t,
        wish=wish,
        campaign=attribution.campaign,
        subject=_say_counts(t, counts),
        choice=" · ".join(_pair(t, name, value) for name, value in chart.caption.selection[:-1]),
        period=_say_period(t, period, window),
        total=sum(counts.values()),
        sections=tuple(
            make_section(KINDS[kind], replace(window, kinds=(kind,)), MOST_ENTRIES, counts[kind])
            for kind in NEWS
            if kind in counts
        ),
        coming=(coming,) if coming.entries else (),
        standing=clean(chart.caption.summary),
        pictures=tuple(_draw(snapshot, selection, base_url)) if has_pictures else (),
        everything=f"{base_url}/latest?{selection.query_string()}",
        sender=attribution.publisher or attribution.campaign,
        contact=contact,
        is_sample=snapshot.is_sample,
    )


def _say_counts(t: Translator, counts: dict[str, int]) -> str:
    phrases = {
        "completed": plural("{n} action completed", "{n} actions completed", counts.get("completed", 0)),
        "milestone": plural("{n} milestone reached", "{n} milestones reached", counts.get("milestone", 0)),
        "event": plural("{n} event", "{n} events", counts.get("event", 0)),
        "story": plural("{n} story", "{n} stories", counts.get("story", 0)),
        "action": plural("{n} new action", "{n} new actions", counts.get("action", 0)),
    }
    things = ", ".join(t.say(phrase) for kind, phrase in phrases.items() if kind in counts)
    return t(N_("New: {things}"), things=things) if things else t(N_("Nothing is new"))


def _say_period(t: Translator, period: Period, window: Window) -> str:
    if window.known_after is not None:
        return t(N_("What became known since {day}"), day=format_date(window.known_after.date(), t.language))
    if period.since is not None:
        return t(N_("What happened since {day}"), day=format_date(period.since, t.language))
    return t(N_("What happened so far"))


def _tell(entry: latest.Entry, t: Translator, base_url: str, snapshot: Snapshot) -> Entry:
    """Write an entry in words, as on pages and in feeds."""
    summary = clean(entry.summary or "").strip()
    short = summary if len(summary) <= SUMMARY_LETTERS else summary[:SUMMARY_LETTERS].rsplit(" ", 1)[0] + " …"
    facts = [latest.say_when(entry, t), *latest.list_facts(entry, snapshot, t)]
    return Entry(
        title=clean(latest.name_entry(entry, t)),
        language=entry.language if entry.language and entry.language != t.language else "",
        facts=tuple(map(clean, facts)),
        summary=short,
        link=latest.find_address(entry, base_url, t.language),
    )


def _draw(snapshot: Snapshot, selection: Selection, base_url: str) -> Iterator[Picture]:
    """Draw the state of the chosen actions, and compare the parts that the wish leaves open."""
    by = "region" if not selection.regions else "theme" if not selection.themes else "group"
    for name, chart_id in (("status", "status-overview"), ("completion", f"completion-by-{by}")):
        chart = build_chart(snapshot, chart_id, selection)
        if not chart.is_empty:
            words = (clean(chart.caption.full_title), clean(chart.caption.finding), clean(chart.alt))
            link = f"{base_url}/charts/{chart_id}?{selection.query_string()}"
            yield Picture(name, *words, draw_bare_png(chart, CHART_WIDTH, 2), link)


def with_links(text: str, preferences: str, unsubscribe: str) -> str:
    """Put a reader's links into a text; in HTML they are escaped already, for they hold letters and `&amp;` only."""
    return text.replace(PREFERENCES_MARK, preferences).replace(UNSUBSCRIBE_MARK, unsubscribe)


def show_pictures(digest: Digest, html: str, look: Look) -> str:
    """Return the HTML with the pictures inside, for a preview in a browser, with inline styles as in mail programs."""
    html = dress(html, look, digest.t.language)
    for name, png in ((LOGO, look.logo), *((picture.name, picture.png) for picture in digest.pictures)):
        html = html.replace(f'"cid:{name}"', f'"data:image/png;base64,{b64encode(png).decode("ascii")}"')
    return inline_styles(html)


def write_html(digest: Digest) -> str:
    """Write the digest as HTML, with its pictures by `cid:`."""
    t, everything = digest.t, escape(digest.everything)
    body = "".join(f'<p class="meta">{escape(line)}</p>' for line in (digest.period, digest.choice) if line)
    for section in (*digest.sections, *digest.coming):
        body += f"<h2>{escape(section.title)}</h2><ul>{''.join(map(_render_entry, section.entries))}</ul>"
        body += f'<p><a href="{everything}">{escape(section.more)}</a></p>' if section.more else ""
    body += f'<p><a class="button" href="{everything}">{escape(t(ALL))}</a></p>'
    body += f"<h2>{escape(t(STANDING))}</h2><p>{escape(digest.standing)}</p>"
    for picture in digest.pictures:
        body += (
            f'<h3><a href="{escape(picture.link)}">{escape(picture.title)}</a></h3><p>{escape(picture.finding)}</p>'
            f'<img src="cid:{picture.name}" width="568" alt="{escape(picture.alt)}">'
        )
    sender, contact = escape(_pair(t, t(SENDER), digest.sender)), escape(digest.contact)
    if contact:
        sender += f'<br>{escape(_lead(t, CONTACT))} <a href="mailto:{contact}">{contact}</a>'
    foot = (
        f"<p>{escape(t(WHY))}</p>"
        f'<p><a href="{PREFERENCES_MARK}">{escape(t(PREFERENCES))}</a></p>'
        f'<p><a href="{UNSUBSCRIBE_MARK}">{escape(t(LEAVE))}</a></p>'
        f"<p>{sender}</p>"
    )
    return draw_page(t, digest.campaign, digest.subject, body, foot=foot, is_sample=digest.is_sample)


def _render_entry(entry: Entry) -> str:
    lang = f' lang="{escape(entry.language)}"' if entry.language else ""
    summary = f"<p{lang}>{escape(entry.summary)}</p>" if entry.summary else ""
    return (
        f'<li><h3><a href="{escape(entry.link)}"{lang}>{escape(entry.title)}</a></h3>'
        f'<p class="meta">{escape(" · ".join(entry.facts))}</p>{summary}</li>'
    )


def write_text(digest: Digest) -> str:
    """Write the digest as plain text: short lines, addresses on separate lines."""
    return "\n".join(_write_lines(digest)) + "\n"


def _write_lines(digest: Digest) -> Iterator[str]:
    t = digest.t
    if digest.is_sample:
        yield from (*_wrap(t(N_("Fictional data: these actions and stakeholders are invented."))), "")
    yield from (*_wrap(digest.campaign), *_head(digest.subject, "="), *_wrap(digest.period), *_wrap(digest.choice))
    for section in (*digest.sections, *digest.coming):
        yield from ("", *_head(section.title, "-"))
        for entry in section.entries:
            yield from _wrap(entry.title, first="* ", rest="  ")
            yield from _wrap(" · ".join(entry.facts), first="  ", rest="  ")
            yield from (*_wrap(entry.summary, first="  ", rest="  "), f"  {entry.link}", "")
        yield from (section.more, digest.everything) if section.more else ()
    yield from ("", _lead(t, ALL), digest.everything, "", *_head(t(STANDING), "-"), *_wrap(digest.standing))
    for picture in digest.pictures:
        yield from ("", *_wrap(picture.title), *_wrap(picture.finding), picture.link)
    yield from ("", "-- ", *_wrap(t(WHY)), "", *_wrap(_lead(t, PREFERENCES)), PREFERENCES_MARK)
    yield from ("", _lead(t, LEAVE), UNSUBSCRIBE_MARK, "", *_wrap(_pair(t, t(SENDER), digest.sender)))
    yield from _wrap(_pair(t, t(CONTACT), digest.contact)) if digest.contact else ()


def _pair(t: Translator, name: str, value: str) -> str:
    return t(N_("{name}: {value}"), name=name, value=value)


def _lead(t: Translator, words: str) -> str:
    """Return words before an address, with the colon of the language."""
    return _pair(t, t(words), "").rstrip()


def _head(text: str, line: str) -> Iterator[str]:
    lines = _wrap(text)
    yield from lines
    yield line * max(map(len, lines), default=0)


def _wrap(text: str, first: str = "", rest: str = "") -> list[str]:
    return textwrap.wrap(
        text, LINE_WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )
