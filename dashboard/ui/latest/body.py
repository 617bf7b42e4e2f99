"""The page Latest news: the entry that the link names, choices, events to come, entries, ways to follow them."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from urllib.parse import urlencode

import streamlit as st

from dashboard import formats
from dashboard.i18n import Translator
from dashboard.lists.declaration import ListRequest, Rows
from dashboard.lists.for_readers import frame_entries, list_entries
from dashboard.measures.latest import (
    KINDS,
    NEWS,
    Window,
    count_latest,
    find_entry,
    first_known,
    name_alone,
    read_entries,
)
from dashboard.measures.register import count
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import link, page_link
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.frame.view import View
from dashboard.ui.latest import shown_since
from dashboard.ui.latest.shown_since import HAPPENED, KNOWN, Since, SinceModel
from dashboard.ui.pieces import empty_selection, list_cells, list_table, messages
from dashboard.ui.pieces.empty_selection import EmptyModel
from dashboard.ui.pieces.list_cells import Cell, Line
from dashboard.ui.pieces.list_table import ListModel
from dashboard.web.news_feeds import FORMS, NEWS_TITLE


@dataclass(frozen=True)
class FollowModel:
    """The addresses of the filters in force, below the dashboard's own, and the link to the newsletter."""

    feeds: tuple[tuple[str, str], ...]
    calendar: str
    newsletter: PageLink


def make_follow_model(selection: Selection, t: Translator, kinds: tuple[str, ...] = NEWS) -> FollowModel:
    """Make the links to the kinds of entries of a selection; they follow the data even if the page is frozen."""
    pairs = [pair for pair in selection.query_pairs() if pair[0] != "build"]
    kind_pairs = [] if kinds == NEWS else [("kind", ",".join(kinds))]
    feeds = ((t(FORMS[ending].name), _write_address(ending, [*kind_pairs, *pairs])) for ending in ("atom", "json"))
    newsletter = PageLink(t("By mail: the newsletter"), "newsletter", (("lang", t.language),), ":material/mail:")
    return FollowModel(tuple(feeds), _write_address("ics", pairs), newsletter)


def _write_address(ending: str, pairs: list[tuple[str, str]]) -> str:
    return f"/latest.{ending}?{urlencode(pairs, safe=',')}"


def draw_follow(view: View, model: FollowModel) -> None:
    """Draw the button that opens the addresses, each to be copied."""
    t, site = view.t, link.site_address(view.page_id)
    with st.popover(t("Follow"), icon=":material/rss_feed:", help=t("What is new, in a feed reader or a calendar")):
        st.caption(t("These addresses keep the filters, the kinds and the language. Paste one into a feed reader:"))
        for name, address in model.feeds:
            st.caption(name)
            st.code(f"{site}{address}", language=None, wrap_lines=True)
        page_link.show_signed(view, f"{site}{model.feeds[0][1]}", "feed")
        st.caption(t("Subscribe to the events with a calendar program:"))
        st.code(f"{site}{model.calendar}", language=None, wrap_lines=True)
        page_link.show(model.newsletter)


def draw_calendar(view: View, calendar: str) -> None:
    """Draw the links to the calendar of events: as a subscription, or as a file."""
    address = f"{link.site_address(view.page_id)}{calendar}"
    with st.container(horizontal=True, key="latest-calendar"):
        subscribed = f"webcal://{address.partition('://')[2]}"
        st.link_button(view.t("Subscribe in a calendar"), subscribed, icon=":material/event:")
        st.link_button(view.t("Calendar file (.ics)"), address, icon=":material/download:")


ENTRY = "entry"
MOST_COMING = 10


@dataclass(frozen=True)
class OpenEntry:
    """The entry that the link names; or the reason for its absence.

    Attributes:
        everything: The link to it without filters, where these leave it out.
    """

    title: str
    close: PageLink
    entry: ListModel | None = None
    summary: Cell = Cell("")
    page_title: str = ""
    sentence: str = ""
    everything: PageLink | None = None


@dataclass(frozen=True)
class Coming:
    """The events that end on the page's day or later, the next one first.

    Attributes:
        calendar: The address of the calendar below the dashboard's own.
    """

    list_model: ListModel
    more: str
    calendar: str


@dataclass(frozen=True)
class News:
    """The page where it has entries; None for a missing part.

    Attributes:
        summary: The number of entries since that day, and the meaning of the day they became known on.
        list_model: The entries, with chips for their kinds.
    """

    warnings: tuple[str, ...]
    linked_entry: OpenEntry | None
    since: SinceModel
    summary: str
    follow: FollowModel
    coming: Coming | None
    list_model: ListModel


def make_model(view: View, today: date) -> News | EmptyModel:
    """Make the page, or the reason why it has no news.

    `today`: today, in UTC.
    """
    snapshot, selection, t = view.snapshot, view.selection, view.t
    if not count(snapshot, selection) and not sum(count_latest(snapshot, selection).values()):
        return empty_selection.make_model(snapshot, selection, t)
    since = shown_since.read(view.parameters, selection.day(snapshot), today, t)
    # Past entries include no coming events; entries that became known do.
    coming = False if since.by == HAPPENED else None
    list_model = list_table.make_model(
        view, list_entries(Window(tuple(KINDS), since=since.day, by=since.by, coming=coming))
    )
    kinds = tuple(chip.name for chip in list_model.chips if chip.is_on)
    has_coming = since.day is None and since.by == HAPPENED and "event" in kinds
    return News(
        warnings=since.warnings,
        linked_entry=_open_entry(view, view.parameters[ENTRY]) if ENTRY in view.parameters else None,
        since=shown_since.make_model(view, since, today),
        summary=_say_what_counts(view, since, list_model.total),
        follow=make_follow_model(selection, t, kinds),
        coming=_list_coming(view) if has_coming else None,
        list_model=list_model,
    )


def _open_entry(view: View, entry_id: str) -> OpenEntry:
    snapshot, selection, t = view.snapshot, view.selection, view.t
    title, close = t("The entry of this link"), PageLink(t("Close"), "latest", view.page_pairs(**{ENTRY: None}))
    entries = read_entries(find_entry(snapshot, selection, entry_id))
    if entries:
        spec, request = list_entries(Window(tuple(KINDS))), ListRequest(snapshot, selection)
        alone = replace(
            spec, title=title, chips=None, summary="", read=lambda _: Rows(frame_entries(request, entries), 1)
        )
        summary = Cell(entries[0].summary or "", lang=entries[0].language or "")
        name = f"{name_alone(entries[0], t)} · {t(NEWS_TITLE)}"
        return OpenEntry(title, close, list_table.make_model(replace(view, parameters={}), alone), summary, name)
    bare = Selection(build=selection.build, lang=selection.lang)
    if find_entry(snapshot, bare, entry_id).empty:
        return OpenEntry(
            title, close, sentence=t("It is not in these figures: it was withdrawn, or the link is damaged.")
        )
    everything = PageLink(t("Show it without filters"), "latest", ((ENTRY, entry_id), *bare.query_pairs()))
    return OpenEntry(title, close, sentence=t("The filters or the date exclude it."), everything=everything)


def _say_what_counts(view: View, since: Since, entries: int) -> str:
    """Write the number of entries since the day, and the meaning of the day they became known on."""
    t, sentences = view.t, []
    if since.day is not None:
        day = formats.format_date(since.day, t.language)
        sentences.append(t.plural("{n} entry since {day}.", "{n} entries since {day}.", entries, day=day))
    if since.by == KNOWN:
        first = first_known(view.snapshot)
        day = formats.format_date(first.date(), t.language) if first else ""
        sentences.append(
            t("Everything in the first publication counts as published then: {day}.", day=day)
            if first
            else t("Publication dates are not recorded yet; the next publication records them.")
        )
    return " ".join(sentences)


def _list_coming(view: View) -> Coming | None:
    """List the events that end on the page's day or later, the next one first; None where there is none."""
    t, day = view.t, formats.format_date(view.selection.day(view.snapshot), view.lang)
    spec = replace(list_entries(Window(("event",), coming=True)), chips=None, page_rows=MOST_COMING)
    list_model = list_table.make_model(replace(view, parameters={}), spec)
    if not list_model.total:
        return None
    unlisted_events = list_model.total - len(list_model.lines)
    more = t.plural("{n} more event is in the calendar.", "{n} more events are in the calendar.", unlisted_events)
    list_model = replace(list_model, summary="", title=t("Events from {day} on", day=day))
    return Coming(list_model, more if unlisted_events else "", make_follow_model(view.selection, t).calendar)


KIND = "kind"
PARAMETERS = (KIND, shown_since.SINCE, shown_since.BY, ENTRY, *list_table.PARAMETERS)


def join_repeated() -> None:
    """Join kinds that the link repeats, as feeds do, into one parameter, as pages do; before the link is read."""
    kinds = st.query_params.get_all(KIND)
    if len(kinds) > 1:
        st.query_params[KIND] = ",".join(kinds)


def show(view: View, selection: Selection) -> None:
    """Draw the entry that the link names, the choices, events to come, and the entries, newest first."""
    model = make_model(view, datetime.now(UTC).date())
    if isinstance(model, EmptyModel):
        empty_selection.draw(model)
        return
    for warning in model.warnings:
        st.warning(warning)
    if model.linked_entry is not None:
        _show_opened(view, model.linked_entry)
    with st.container(horizontal=True, vertical_alignment="center", key="latest-choices"):
        shown_since.draw(view, model.since)
        draw_follow(view, model.follow)
    shown_since.draw_visit(model.since.visit, view.page_id)
    if model.coming is not None:
        _show_coming(view, model.coming)
    list_table.show_top(view, model.list_model)
    if model.summary:
        messages.show_note(model.summary)
    list_table.show_lines(view, model.list_model)


def _show_opened(view: View, model: OpenEntry) -> None:
    with st.container(border=True, key="latest-opened"):
        messages.show_card_title(model.title)
        if model.entry is not None:
            st.set_page_config(page_title=model.page_title)
            st.html(list_table.render(view, model.entry) + list_cells.draw_line(view, Line("text", (model.summary,))))
        if model.sentence:
            st.markdown(model.sentence)
        if model.everything is not None:
            st.html(f'<p class="about">{model.everything.render(view.page_id)}</p>')
        st.html(f'<p class="card-note">{model.close.render(view.page_id)}</p>')


def _show_coming(view: View, model: Coming) -> None:
    with st.container(border=True, key="latest-coming"):
        messages.show_card_title(model.list_model.title)
        st.html(list_table.render(view, model.list_model))
        if model.more:
            messages.show_note(model.more)
        draw_calendar(view, model.calendar)
