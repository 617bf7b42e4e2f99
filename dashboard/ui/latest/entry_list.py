"""Entries as a list that one reads, under the months they happened in or the days they became known on."""

from collections.abc import Sequence
from datetime import datetime
from html import escape
from itertools import groupby

import streamlit as st

from dashboard import formats
from dashboard.measures.entry_words import ONE, POSTS, Entry, list_facts, name_entry, say_when
from dashboard.ui.frame import ways
from dashboard.ui.frame.page import View


def show_by_month(view: View, entries: Sequence[Entry]) -> None:
    """Draw entries under the months they happened in; those without a day come last."""
    t = view.t
    for month, those in groupby(entries, key=lambda entry: entry.on_date.replace(day=1) if entry.on_date else None):
        name = formats.format_month_of_year(month, view.lang) if month else t("Without a date")
        _show_group(view, name[:1].upper() + name[1:], list(those))


def show_by_known(view: View, entries: Sequence[Entry], first_known: datetime | None) -> None:
    """Draw entries under the days they became known on; of the first one it is said that it was the first."""
    t = view.t
    first = first_known.date() if first_known else None
    for day, those in groupby(entries, key=lambda entry: entry.known_on):
        if day is None:
            name = t("It is not noted when these became known")
        elif day == first:
            name = t("Known since the first publication, {day}", day=formats.format_date(day, view.lang))
        else:
            name = t("Known since {day}", day=formats.format_date(day, view.lang))
        _show_group(view, name, list(those))


def show(view: View, entries: Sequence[Entry], label: str) -> None:
    """Draw entries without a heading of their own; `label` names the list for those who do not see."""
    st.html(_render(view, entries, label))


def _show_group(view: View, name: str, entries: Sequence[Entry]) -> None:
    st.html(f'<h2 class="month">{escape(name)}</h2>{_render(view, entries, name)}')


def _render(view: View, entries: Sequence[Entry], label: str) -> str:
    items = "".join(_render_entry(view, entry) for entry in entries)
    return f'<ul class="entries" aria-label="{escape(label)}">{items}</ul>'


def _render_entry(view: View, entry: Entry) -> str:
    t = view.t
    permalink = ways.address(view.page_id, view.page_id, [("entry", entry.entry_id), *view.selection.query_pairs()])
    name = name_entry(entry, t)
    marked = f'<span lang="{escape(entry.language)}">{escape(name)}</span>' if entry.language else escape(name)
    own = f'aria-label="{escape(t("Address of “{title}”", title=name))}" class="permalink"'
    day = entry.on_date.isoformat() if entry.on_date else ""
    head = (
        f'<span class="kind kind-{entry.kind}">{escape(t(ONE[entry.kind]))}</span> '
        f'<time datetime="{day}">{escape(say_when(entry, t))}</time> {ways.render("#", permalink, own)}'
    )
    facts = " · ".join(_list_facts(view, entry))
    parts = [("entry-head", "", head), ("entry-title", "", _link_title(view, entry, marked)), ("facts", "", facts)]
    if entry.summary:
        parts.append(("summary", f' lang="{escape(entry.language)}"' if entry.language else "", escape(entry.summary)))
    lines = (f'<p class="{name}"{attribute}>{content}</p>' for name, attribute, content in parts if content)
    return f"<li>{''.join(lines)}</li>"


def _link_title(view: View, entry: Entry, title: str) -> str:
    """The title as a link: of a post to its own address, else to the action, if there is any."""
    if entry.kind in POSTS and entry.own_address:
        return f'<a href="{escape(entry.own_address)}" rel="noopener">{title} <span aria-hidden="true">↗</span></a>'
    return ways.wrap(title, _action_address(view, entry)) if entry.action_id else title


def _action_address(view: View, entry: Entry) -> str:
    pairs = [("action", entry.action_id or ""), *view.selection.query_pairs()]
    return ways.address(view.page_id, "actions", pairs)


def _list_facts(view: View, entry: Entry) -> list[str]:
    """What belongs to the entry, as HTML; the action of a milestone, event or story is a link."""
    facts = []
    for fact in list_facts(entry, view.snapshot, view.t):
        is_action = fact == entry.action_title and entry.kind in (*POSTS, "milestone")
        facts.append(ways.render(fact, _action_address(view, entry)) if is_action else escape(fact))
    return facts
