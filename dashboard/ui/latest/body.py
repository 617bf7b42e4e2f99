"""What the page Latest news shows first, and the order of the rest."""

from dataclasses import replace
from html import escape

import streamlit as st

from dashboard import formats
from dashboard.measures.entry_words import name_alone, read_entries
from dashboard.measures.latest import KINDS, NEWS, Window, count_latest, find_entry, first_known, list_latest
from dashboard.measures.register import count
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import link, ways
from dashboard.ui.frame.page import View
from dashboard.ui.latest import entry_list, following, shown_kinds, shown_since
from dashboard.ui.latest.shown_since import HAPPENED, KNOWN, Since
from dashboard.ui.pieces import empty_selection, messages, paging
from dashboard.web.feeds.feed import NEWS_TITLE

ENTRY = "entry"
PARAMETERS = (shown_kinds.KIND, shown_since.SINCE, shown_since.BY, ENTRY, link.PAGE)
PAGE_ROWS = 50
MOST_COMING = 10


def show(view: View, selection: Selection) -> None:
    """Draw the entry that the link names, the choices, events to come, and the entries, newest first."""
    if not count(view.snapshot, selection) and not sum(count_latest(view.snapshot, selection).values()):
        empty_selection.show(view, selection)
        return
    since = shown_since.read(view, selection)
    usual = NEWS if since.day is None else tuple(KINDS)
    kinds = shown_kinds.read(view, usual)
    _show_opened(view, selection)
    shown_since.show(view, selection, since)
    # What happened has no events that are yet to come; what became known has.
    window = Window(kinds=tuple(KINDS), since=since.day, by=since.by, coming=False if since.by == HAPPENED else None)
    counts = count_latest(view.snapshot, selection, window)
    shown_kinds.show(view, kinds, usual, counts)
    with st.container(horizontal=True, vertical_alignment="center", key="latest-said"):
        _say_what_counts(view, since, sum(counts[kind] for kind in kinds))
        following.show(view, selection, kinds)
    if since.day is None and since.by == HAPPENED and "event" in kinds:
        _show_coming(view, selection)
    _show_entries(view, selection, replace(window, kinds=kinds), sum(counts[kind] for kind in kinds))


def _show_opened(view: View, selection: Selection) -> None:
    """The entry that the link names, above the others; or why it is not there."""
    entry_id = link.page_parameter(ENTRY)
    if entry_id is None:
        return
    found = find_entry(view.snapshot, selection, entry_id)
    with st.container(border=True, key="latest-opened"):
        messages.show_card_title(view.t("The entry of this link"))
        if not found.empty:
            (entry,) = read_entries(found)
            st.set_page_config(page_title=f"{name_alone(entry, view.t)} · {view.t(NEWS_TITLE)}")
            entry_list.show(view, [entry], view.t("The entry of this link"))
        elif find_entry(view.snapshot, Selection(build=selection.build, lang=view.lang), entry_id).empty:
            st.markdown(view.t("It is not in these figures: it was taken back, or the link is damaged."))
        else:
            st.markdown(view.t("The filters or the day leave it out."))
            everything = [(ENTRY, entry_id), *Selection(build=selection.build, lang=view.lang).query_pairs()]
            way = ways.render(view.t("Show it without filters"), ways.address(view.page_id, view.page_id, everything))
            st.html(f'<p class="about">{way}</p>')
        rest = ways.address(view.page_id, view.page_id, link.own_pairs(**{ENTRY: None}))
        st.html(f'<p class="card-note">{ways.render(view.t("Close"), rest)}</p>')


def _say_what_counts(view: View, since: Since, entries: int) -> None:
    """Since which day, how many there are, and what the day they became known on means."""
    t, first = view.t, first_known(view.snapshot)
    n = formats.format_count(entries, view.lang)
    if since.day is not None:
        day = formats.format_date(since.day, view.lang)
        said = t.plural("{n} entry since {day}.", "{n} entries since {day}.", entries, n=n, day=day)
    else:
        said = t.plural("{n} entry.", "{n} entries.", entries, n=n)
    if since.by == KNOWN and first is None:
        said += " " + t("When entries became known here is not noted yet; the next publication notes it.")
    elif since.by == KNOWN and first is not None:
        day = formats.format_date(first.date(), view.lang)
        said += " " + t("What the first publication had counts as known since then: {day}.", day=day)
    st.html(f'<p class="headline">{escape(said)}</p>')


def _show_coming(view: View, selection: Selection) -> None:
    """The events that end on the page's day or later, the next one first."""
    window = Window(kinds=("event",), coming=True)
    total = count_latest(view.snapshot, selection, window)["event"]
    if not total:
        return
    t, day = view.t, formats.format_date(selection.day(view.snapshot), view.lang)
    entries = read_entries(list_latest(view.snapshot, selection, window, limit=MOST_COMING))
    with st.container(border=True, key="latest-coming"):
        messages.show_card_title(t("Events from {day} on", day=day))
        entry_list.show(view, entries, t("Events from {day} on", day=day))
        if total > len(entries):
            n = formats.format_count(total - len(entries), view.lang)
            messages.show_note(
                t.plural(
                    "{n} more event is in the calendar.",
                    "{n} more events are in the calendar.",
                    total - len(entries),
                    n=n,
                )
            )
        following.show_calendar(view, selection)


def _show_entries(view: View, selection: Selection, window: Window, total: int) -> None:
    t = view.t
    if not total:
        st.html(f'<div class="empty"><b>{escape(t("There is no entry of these kinds in this time."))}</b></div>')
        return
    page = paging.find_in_link(view, "latest-page", PAGE_ROWS, total)
    rows = list_latest(view.snapshot, selection, window, limit=page.size, offset=page.offset)
    entries = read_entries(rows)
    if window.by == KNOWN:
        entry_list.show_by_known(view, entries, first_known(view.snapshot))
    else:
        entry_list.show_by_month(view, entries)
    st.caption(t("Entries {first} to {last} of {total}.", **paging.name_range(view, page, len(entries), total)))
    paging.show_links(view, page, total)
