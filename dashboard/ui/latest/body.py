"""The page Latest news: the entry that the link names, choices, events to come, entries, ways to follow them.

The list has everything, or what is new since Monday, a day or the last visit, which only the reader's browser knows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import cast
from urllib.parse import urlencode

import streamlit as st

from dashboard import formats
from dashboard.i18n import Translator
from dashboard.languages import find_tag
from dashboard.lists.declaration import ListRequest, Rows
from dashboard.lists.for_readers import frame_entries, list_entries
from dashboard.measures.latest import (
    KINDS,
    NEWS,
    By,
    Window,
    count_latest,
    find_entry,
    first_known,
    name_alone,
    read_entries,
)
from dashboard.measures.register import count
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import browser_part, link, page_link
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import empty_selection, list_cells, list_table, messages, paging
from dashboard.ui.pieces.empty_selection import EmptyModel
from dashboard.ui.pieces.list_cells import Cell, Line
from dashboard.ui.pieces.list_table import Chip, ListModel
from dashboard.web.news_feeds import FORMS, NEWS_TITLE

SINCE, BY = "since", "by"
MONDAY, DAY = "monday", "day"
HAPPENED, KNOWN = "happened", "known"
_MOUNT_VISIT = browser_part.register(
    "last_visit", Path(__file__).with_name("last_visit"), "<p><a hidden></a> <span></span></p>"
)


@dataclass(frozen=True)
class VisitModel:
    """The browser's data: its link's parameters, the first day of the list, and its words."""

    query: str
    lang: str
    since: str
    words: dict[str, str]


def make_visit(selection: Selection, parameters: Mapping[str, str], since: date | None, t: Translator) -> VisitModel:
    """Make the link to the news since the last visit.

    `since`: the first day of the list, if it goes by the days on which entries became known.
    """
    pairs = [pair for pair in parameters.items() if pair[0] not in ("since", "by", "entry", link.PAGE)]
    return VisitModel(
        query=urlencode([*selection.query_pairs(), *pairs]),
        lang=find_tag(t.language),
        since=since.isoformat() if since else "",
        words={
            "since": t("New since my last visit, {day}", day="{day}"),
            "first": t("This browser had not opened this page before today."),
            "note": t("The date of your visit is kept in this browser only."),
        },
    )


def draw_visit(model: VisitModel, page_id: str) -> None:
    """Draw the link, or a note that this is the first visit."""
    site = link.site_path(page_id)
    places = {"path": f"{site}/{page_id}", "store": f"dashboard-visit:{site}"}
    data = {"query": model.query, "lang": model.lang, "shown": model.since, "words": model.words}
    _MOUNT_VISIT(key="last-visit", data=places | data)


@dataclass(frozen=True)
class Since:
    """The link's choice.

    Attributes:
        day: The first day; None for everything.
        by: The one of an entry's two days that counts.
        link_value: Its value in the link: a word, a day, or nothing.
        now: The present day: that of the figures, or, by the days on which entries became known here, today.
        warnings: The link's unknown values, as Markdown.
    """

    day: date | None
    by: By
    link_value: str | None
    now: date
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class DayChoice:
    """The choice of a day: the day, in words, the first and the last one possible."""

    label: str
    day: date
    sentence: str
    first: date
    last: date


@dataclass(frozen=True)
class SinceModel:
    """The choices."""

    choices: tuple[Chip, ...]
    day: DayChoice | None
    by: tuple[Chip, ...]
    visit: VisitModel


def find_monday(day: date) -> date:
    """Find the Monday of the week of a day."""
    return day - timedelta(days=day.weekday())


def read_since(parameters: Mapping[str, str], day: date, today: date, t: Translator) -> Since:
    """Read the link; report and skip unreadable values.

    Monday is that of the week of the figures; by the day that entries became known, that of this week.

    `day`: the day of the figures.
    `today`: today.
    """
    warnings, by, requested = [], parameters.get(BY, HAPPENED), parameters.get(SINCE)
    if by not in (HAPPENED, KNOWN):
        warnings.append(paging.say_unknown(t, BY, by))
        by = HAPPENED
    now = today if by == KNOWN else day
    since = None
    if requested == MONDAY:
        since = find_monday(now)
    elif requested is not None:
        try:
            since = date.fromisoformat(requested)
        except ValueError:
            warnings.append(paging.say_unknown(t, SINCE, requested))
    return Since(since, cast(By, by), requested if since else None, now, tuple(warnings))


def make_since_model(view: View, since: Since, today: date) -> SinceModel:
    """Make the choices; the link to the news since the last visit is the browser's, which alone knows of it.

    The choice of a day begins with the first of the month.
    """
    t = view.t
    chosen = "" if since.day is None else MONDAY if since.link_value == MONDAY else DAY
    day = None
    month_start = since.now.replace(day=1).isoformat()
    if since.day is not None and chosen == DAY:
        first, last = min(view.snapshot.campaign["first_date"], since.day), max(today, since.day)
        day = DayChoice(t("Since a date"), since.day, formats.format_date(since.day, t.language), first, last)
        month_start = since.day.isoformat()
    days = (("", None, t("Everything")), (MONDAY, MONDAY, t("Since Monday")), (DAY, month_start, t("Since a date")))
    which = ((HAPPENED, None, t("Date of the event")), (KNOWN, KNOWN, t("Date published here")))
    return SinceModel(
        tuple(_make_chip(view, SINCE, value, words, is_on=name == chosen) for name, value, words in days),
        day,
        tuple(_make_chip(view, BY, value, words, is_on=name == since.by) for name, value, words in which),
        make_visit(view.selection, view.parameters, since.day if since.by == KNOWN else None, t),
    )


def _make_chip(view: View, parameter: str, value: str | None, words: str, *, is_on: bool) -> Chip:
    way = PageLink(words, view.page_id, view.page_pairs(**{parameter: value, link.PAGE: None}))
    return Chip(f"{parameter}-{value}", way, "", is_on, is_lifted=False)


def draw_since(view: View, model: SinceModel) -> None:
    """Draw the choices."""
    t = view.t
    since = list_table.draw_chips(view, t("What is new"), model.choices)
    by = list_table.draw_chips(view, t("Which date counts"), model.by)
    st.html(f'<div class="list-top">{since}{by}</div>')
    if (choice := model.day) is not None:
        st.date_input(
            choice.label,
            min_value=choice.first,
            max_value=choice.last,
            format="DD/MM/YYYY",
            width=180,
            help=choice.sentence,
            label_visibility="collapsed",
            **link.bind("latest-day", SINCE, choice.day, None, date.isoformat, instead={link.PAGE: None}),
        )


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
        documents: What was handed in with it, beside the pictures of its line.
        everything: The link to it without filters, where these leave it out.
    """

    title: str
    close: PageLink
    entry: ListModel | None = None
    summary: Cell = Cell("")
    documents: tuple[Cell, ...] = ()
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
    since = read_since(view.parameters, selection.day(snapshot), today, t)
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
        since=make_since_model(view, since, today),
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
        documents = tuple(list_cells.list_documents(view, entries[0].files))
        list_model = list_table.make_model(replace(view, parameters={}), alone)
        return OpenEntry(title, close, list_model, summary, documents, name)
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
PARAMETERS = (KIND, SINCE, BY, ENTRY, *list_table.PARAMETERS)


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
        draw_since(view, model.since)
        draw_follow(view, model.follow)
    draw_visit(model.since.visit, view.page_id)
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
            lines = (Line("text", (model.summary,)), *(Line("file", (document,)) for document in model.documents))
            texts = "".join(list_cells.draw_line(view, line) for line in lines)
            st.html(list_table.render(view, model.entry) + texts)
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
