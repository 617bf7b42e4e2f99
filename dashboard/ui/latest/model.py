"""What the page Latest news shows: the entry that the link names, the choices, events to come, and the entries."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from dashboard import formats
from dashboard.i18n import Translator
from dashboard.measures.entry_words import name_alone, read_entries
from dashboard.measures.latest import KINDS, NEWS, Window, count_latest, find_entry, first_known, list_latest
from dashboard.measures.register import count
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import link
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.latest import entry_list, following, shown_kinds, shown_since
from dashboard.ui.latest.entry_list import EntryGroup
from dashboard.ui.latest.following import FollowModel
from dashboard.ui.latest.shown_kinds import KindsModel
from dashboard.ui.latest.shown_since import HAPPENED, KNOWN, Since, SinceModel
from dashboard.ui.pieces import empty_selection, paging
from dashboard.ui.pieces.empty_selection import EmptyModel
from dashboard.ui.pieces.paging import Page
from dashboard.web.feeds.feed import NEWS_TITLE

ENTRY = "entry"
PAGE_ROWS = 50
MOST_COMING = 10


@dataclass(frozen=True)
class Opened:
    """The entry that the link names; or why it is not there.

    Attributes:
        title: The heading.
        entries: The entry.
        page_title: What the browser calls the page with it; else empty.
        said: Why it is not there.
        everything: The way to it without filters, where these leave it out.
        close: The way to the page without it.
    """

    title: str
    entries: tuple[EntryGroup, ...]
    page_title: str
    said: str
    everything: PageLink | None
    close: PageLink


@dataclass(frozen=True)
class Coming:
    """The events that end on the page's day or later, the next one first.

    Attributes:
        title: The heading.
        entries: The next ones.
        more: How many more there are; else empty.
        calendar: The address of the calendar below the dashboard's own.
    """

    title: str
    entries: tuple[EntryGroup, ...]
    more: str
    calendar: str


@dataclass(frozen=True)
class Listed:
    """A page of the entries: all there are, the warning where the link names no page, the entries, which they are."""

    total: int
    page: Page
    warning: str
    groups: tuple[EntryGroup, ...]
    said: str


@dataclass(frozen=True)
class News:
    """What the page shows where there is something; None where there is no such part.

    Attributes:
        warnings: What the link asks for and is not known, as Markdown.
        opened: The entry that the link names.
        since: Since when the list goes.
        kinds: Which kinds of entries are shown.
        said: Since which day, how many there are, and what the day they became known on means.
        follow: How to follow what is new.
        coming: The events to come.
        listed: The entries.
        nothing: What is said where there is none.
    """

    warnings: tuple[str, ...]
    opened: Opened | None
    since: SinceModel
    kinds: KindsModel
    said: str
    follow: FollowModel
    coming: Coming | None
    listed: Listed | None
    nothing: str


@dataclass(frozen=True)
class LatestModel:
    """What the page shows: news, or what is said of a selection that has none."""

    news: News | None = None
    empty: EmptyModel | None = None


def make_model(
    snapshot: Snapshot, selection: Selection, t: Translator, parameters: Mapping[str, str], today: date
) -> LatestModel:
    """What the page shows.

    Args:
        snapshot: The data.
        selection: The filters in force.
        t: The reader's language.
        parameters: The page's own parameters of its link.
        today: Today, in UTC.
    """
    if not count(snapshot, selection) and not sum(count_latest(snapshot, selection).values()):
        return LatestModel(empty=empty_selection.make_model(snapshot, selection, t))
    since = shown_since.read(parameters, selection.day(snapshot), today, t)
    usual = NEWS if since.day is None else tuple(KINDS)
    kinds, warning = shown_kinds.read(parameters.get(shown_kinds.KIND), usual, t)
    # What happened has no events that are yet to come; what became known has.
    coming = False if since.by == HAPPENED else None
    window = Window(kinds=tuple(KINDS), since=since.day, by=since.by, coming=coming)
    counts = count_latest(snapshot, selection, window)
    total = sum(counts[kind] for kind in kinds)
    has_coming = since.day is None and since.by == HAPPENED and "event" in kinds
    stated = parameters.get(link.PAGE)
    listed = _list_entries(snapshot, selection, t, replace(window, kinds=kinds), total, stated) if total else None
    news = News(
        warnings=(*since.warnings, *([warning] if warning else [])),
        opened=_open_entry(snapshot, selection, t, parameters),
        since=shown_since.make_model(snapshot, selection, since, parameters, today, t),
        kinds=shown_kinds.make_model(kinds, usual, counts, t),
        said=_say_what_counts(snapshot, since, total, t),
        follow=following.make_model(selection, t, kinds),
        coming=_list_coming(snapshot, selection, t) if has_coming else None,
        listed=listed,
        nothing="" if total else t("No entries of these kinds in this period."),
    )
    return LatestModel(news=news)


def _open_entry(
    snapshot: Snapshot, selection: Selection, t: Translator, parameters: Mapping[str, str]
) -> Opened | None:
    entry_id = parameters.get(ENTRY)
    if entry_id is None:
        return None
    title = t("The entry of this link")
    others = [pair for pair in parameters.items() if pair[0] != ENTRY]
    close = PageLink(t("Close"), "latest", (*selection.query_pairs(), *others))
    found = find_entry(snapshot, selection, entry_id)
    if not found.empty:
        (entry,) = read_entries(found)
        shown = EntryGroup(title, entry_list.make_entries([entry], snapshot, selection, t), has_heading=False)
        return Opened(title, (shown,), f"{name_alone(entry, t)} · {t(NEWS_TITLE)}", "", None, close)
    bare = Selection(build=selection.build, lang=selection.lang)
    if find_entry(snapshot, bare, entry_id).empty:
        said = t("It is not in these figures: it was withdrawn, or the link is damaged.")
        return Opened(title, (), "", said, None, close)
    everything = PageLink(t("Show it without filters"), "latest", ((ENTRY, entry_id), *bare.query_pairs()))
    return Opened(title, (), "", t("The filters or the date exclude it."), everything, close)


def _say_what_counts(snapshot: Snapshot, since: Since, entries: int, t: Translator) -> str:
    """Since which day, how many there are, and what the day they became known on means."""
    n = formats.format_count(entries, t.language)
    if since.day is not None:
        day = formats.format_date(since.day, t.language)
        said = t.plural("{n} entry since {day}.", "{n} entries since {day}.", entries, n=n, day=day)
    else:
        said = t.plural("{n} entry.", "{n} entries.", entries, n=n)
    if since.by != KNOWN:
        return said
    first = first_known(snapshot)
    if first is None:
        return f"{said} {t('Publication dates are not recorded yet; the next publication records them.')}"
    day = formats.format_date(first.date(), t.language)
    return f"{said} {t('Everything in the first publication counts as published then: {day}.', day=day)}"


def _list_coming(snapshot: Snapshot, selection: Selection, t: Translator) -> Coming | None:
    """The events that end on the page's day or later, the next one first; None where there is none."""
    window = Window(kinds=("event",), coming=True)
    total = count_latest(snapshot, selection, window)["event"]
    if not total:
        return None
    title = t("Events from {day} on", day=formats.format_date(selection.day(snapshot), t.language))
    entries = read_entries(list_latest(snapshot, selection, window, limit=MOST_COMING))
    more, left = "", total - len(entries)
    if left:
        n = formats.format_count(left, t.language)
        more = t.plural("{n} more event is in the calendar.", "{n} more events are in the calendar.", left, n=n)
    shown = EntryGroup(title, entry_list.make_entries(entries, snapshot, selection, t), has_heading=False)
    return Coming(title, (shown,), more, following.make_model(selection, t).calendar)


def _list_entries(
    snapshot: Snapshot, selection: Selection, t: Translator, window: Window, total: int, stated: str | None
) -> Listed:
    """The page of the entries that the link names."""
    page, warning = paging.read(t, stated, PAGE_ROWS, total)
    entries = read_entries(list_latest(snapshot, selection, window, limit=page.size, offset=page.offset))
    if window.by == KNOWN:
        groups = entry_list.group_by_known(entries, first_known(snapshot), snapshot, selection, t)
    else:
        groups = entry_list.group_by_month(entries, snapshot, selection, t)
    said = t("Entries {first} to {last} of {total}.", **paging.name_range(t, page, len(entries), total))
    return Listed(total, page, warning, groups, said)
