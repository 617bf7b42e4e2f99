"""Entries as a list that one reads, under the months they happened in or the days they became known on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from itertools import groupby

import streamlit as st

from dashboard import formats
from dashboard.i18n import Translator
from dashboard.measures.entry_words import ONE, POSTS, Entry, list_facts, name_entry, say_when
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import ways
from dashboard.ui.frame.page_link import PageLink


@dataclass(frozen=True)
class Fact:
    """What belongs to an entry, and where it leads, if anywhere."""

    text: str
    link: PageLink | None = None


@dataclass(frozen=True)
class EntryModel:
    """One entry.

    Attributes:
        kind: Of `KINDS`.
        kind_name: What it is called.
        day: The day it happened on, as ISO writes it; empty without one.
        when: It in words.
        title: Its title, or what stands for one.
        language: The language of title and summary; empty where it is the page's.
        address: Of a post its own address on the web.
        action: The way to its action, where it leads nowhere else.
        facts: What belongs to it.
        summary: Its summary, if it has one.
        permalink: The way to the entry itself.
        permalink_name: What this is called for those who do not see.
    """

    kind: str
    kind_name: str
    day: str
    when: str
    title: str
    language: str
    address: str
    action: PageLink | None
    facts: tuple[Fact, ...]
    summary: str
    permalink: PageLink
    permalink_name: str


@dataclass(frozen=True)
class EntryGroup:
    """Entries of a month or a day: what it is called, for a list without a heading for those who do not see."""

    name: str
    entries: tuple[EntryModel, ...]
    has_heading: bool = True


def group_by_month(
    entries: Sequence[Entry], snapshot: Snapshot, selection: Selection, t: Translator
) -> tuple[EntryGroup, ...]:
    """Entries under the months they happened in; those without a day come last."""
    groups = []
    for month, those in groupby(entries, key=lambda entry: entry.on_date.replace(day=1) if entry.on_date else None):
        name = formats.format_month_of_year(month, t.language) if month else t("Without a date")
        groups.append(EntryGroup(name[:1].upper() + name[1:], make_entries(those, snapshot, selection, t)))
    return tuple(groups)


def group_by_known(
    entries: Sequence[Entry], first_known: datetime | None, snapshot: Snapshot, selection: Selection, t: Translator
) -> tuple[EntryGroup, ...]:
    """Entries under the days they became known on; of the first one it is said that it was the first."""
    first = first_known.date() if first_known else None
    return tuple(
        EntryGroup(_name_known(day, first, t), make_entries(those, snapshot, selection, t))
        for day, those in groupby(entries, key=lambda entry: entry.known_on)
    )


def _name_known(day: date | None, first: date | None, t: Translator) -> str:
    if day is None:
        return t("Publication date not recorded")
    said = formats.format_date(day, t.language)
    return t("Published first, {day}", day=said) if day == first else t("Published {day}", day=said)


def make_entries(
    entries: Iterable[Entry], snapshot: Snapshot, selection: Selection, t: Translator
) -> tuple[EntryModel, ...]:
    """Entries as they are shown."""
    return tuple(_make_entry(entry, snapshot, selection, t) for entry in entries)


def _make_entry(entry: Entry, snapshot: Snapshot, selection: Selection, t: Translator) -> EntryModel:
    pairs, name = tuple(selection.query_pairs()), name_entry(entry, t)
    action = PageLink(name, "actions", (("action", entry.action_id or ""), *pairs))
    address = (entry.own_address or "") if entry.kind in POSTS else ""
    return EntryModel(
        kind=entry.kind,
        kind_name=t(ONE[entry.kind]),
        day=entry.on_date.isoformat() if entry.on_date else "",
        when=say_when(entry, t),
        title=name,
        language=entry.language or "",
        address=address,
        action=action if entry.action_id and not address else None,
        facts=tuple(_list_facts(entry, snapshot, t, action)),
        summary=entry.summary or "",
        permalink=PageLink("#", "latest", (("entry", entry.entry_id), *pairs)),
        permalink_name=t("Address of “{title}”", title=name),
    )


def _list_facts(entry: Entry, snapshot: Snapshot, t: Translator, action: PageLink) -> Iterable[Fact]:
    """What belongs to the entry; the action of a milestone, event or story is a link."""
    for text in list_facts(entry, snapshot, t):
        is_action = text == entry.action_title and entry.kind in (*POSTS, "milestone")
        yield Fact(text, PageLink(text, action.page_id, action.pairs) if is_action else None)


def draw(groups: Iterable[EntryGroup], page_id: str) -> None:
    """Draw the lists on a page, each under its heading where it has one."""
    for group in groups:
        items = "".join(_render(entry, page_id) for entry in group.entries)
        heading = f'<h2 class="month">{escape(group.name)}</h2>' if group.has_heading else ""
        st.html(f'{heading}<ul class="entries" aria-label="{escape(group.name)}">{items}</ul>')


def _render(entry: EntryModel, page_id: str) -> str:
    spoken = f' lang="{escape(entry.language)}"' if entry.language else ""
    own = f'aria-label="{escape(entry.permalink_name)}" class="permalink"'
    head = (
        f'<span class="kind kind-{entry.kind}">{escape(entry.kind_name)}</span> '
        f'<time datetime="{entry.day}">{escape(entry.when)}</time> {entry.permalink.render(page_id, own)}'
    )
    facts = " · ".join(fact.link.render(page_id) if fact.link else escape(fact.text) for fact in entry.facts)
    parts = [("entry-head", "", head), ("entry-title", "", _render_title(entry, spoken, page_id)), ("facts", "", facts)]
    if entry.summary:
        parts.append(("summary", spoken, escape(entry.summary)))
    lines = (f'<p class="{name}"{attribute}>{content}</p>' for name, attribute, content in parts if content)
    return f"<li>{''.join(lines)}</li>"


def _render_title(entry: EntryModel, spoken: str, page_id: str) -> str:
    """The title as a link: of a post to its own address, else to the action, if there is any."""
    title = f"<span{spoken}>{escape(entry.title)}</span>" if spoken else escape(entry.title)
    if entry.address:
        return f'<a href="{escape(entry.address)}" rel="noopener">{title} <span aria-hidden="true">↗</span></a>'
    return ways.wrap(title, entry.action.address(page_id)) if entry.action else title
