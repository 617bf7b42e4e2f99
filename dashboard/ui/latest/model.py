"""Make the page Latest news: the entry that the link names, the choices, events to come, and the entries."""

from dataclasses import dataclass, replace
from datetime import date

from dashboard import formats
from dashboard.lists.declaration import ListRequest, Rows
from dashboard.lists.for_readers import frame_entries, list_entries
from dashboard.measures.latest import KINDS, Window, count_latest, find_entry, first_known, name_alone, read_entries
from dashboard.measures.register import count
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.frame.view import View
from dashboard.ui.latest import following, shown_since
from dashboard.ui.latest.following import FollowModel
from dashboard.ui.latest.shown_since import HAPPENED, KNOWN, Since, SinceModel
from dashboard.ui.pieces import empty_selection, list_table
from dashboard.ui.pieces.empty_selection import EmptyModel
from dashboard.ui.pieces.list_cells import Cell
from dashboard.ui.pieces.list_table import ListModel
from dashboard.web.news_feeds import NEWS_TITLE

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
        follow=following.make_model(selection, t, kinds),
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
    return Coming(list_model, more if unlisted_events else "", following.make_model(view.selection, t).calendar)
