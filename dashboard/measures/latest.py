"""The campaign's journey as entries: the events, the news, the day each became known here, and its words.

An entry is something that happened once: an action completed, a milestone reached, an event, a story, an action
submitted, a report, a change of status. Its id is the same in every build, so that it is news once, however often the
data is built again. It has two days: the one it happened on, and the one it was first public here; publishing keeps the
second beside the builds (`published/first_published.parquet`). Pages, feeds and mails use the same words.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time
from typing import Any, Literal
from urllib.parse import urlencode, urlsplit
from uuid import UUID

import duckdb
import pandas as pd

from dashboard.errors import SelectionError
from dashboard.formats import format_date
from dashboard.ground.base_urls import is_folder
from dashboard.i18n import N_, Translator
from dashboard.measures.annotations import Annotation, list_annotations
from dashboard.snapshot.database import Snapshot, query_text
from dashboard.snapshot.selection import FILTERS, Selection

KINDS = {
    "completed": N_("Completed"),
    "milestone": N_("Milestones reached"),
    "event": N_("Events"),
    "story": N_("Stories"),
    "action": N_("New actions"),
    "status": N_("Status changes"),
    "report": N_("Reports"),
}
"""Every kind of entry with its name, in the order of those on one day (`queries/entries.sql`)."""
NEWS = ("completed", "milestone", "event", "story", "action")
"""The kinds in the journey; reports and changes of status are new as well, but no news to a reader of the list."""

By = Literal["happened", "known"]


@dataclass(frozen=True)
class Window:
    """The entries to list, beside the selection; None lets all pass.

    Attributes:
        kinds: Of `KINDS`.
        since: They happened on this day or later (with `by` known: became known here on it or later, in UTC).
        until: They happened on this day or before it.
        by: The one of an entry's two days that counts and sorts.
        coming: True for events that end on the selection's day or later alone, the next one first; False for all but
            those.
        known_after: They became known here after this moment, as that of a build.
        known_until: They became known here at this moment or before it.
        entry_id: This entry alone.
    """

    kinds: tuple[str, ...] = NEWS
    since: date | None = None
    until: date | None = None
    by: By = "happened"
    coming: bool | None = None
    known_after: datetime | None = None
    known_until: datetime | None = None
    entry_id: str | None = None

    def sql_parameters(self, snapshot: Snapshot, selection: Selection) -> dict[str, Any]:
        """The parameters of the queries."""
        day = selection.day(snapshot)
        parameters = selection.sql_parameters(snapshot)
        filters = [parameters[f.attribute] for f in FILTERS] + [parameters["q"]]
        known_after = self.known_after
        places = [place for place, kind in enumerate(KINDS, 1) if kind in self.kinds]
        if self.by == "known" and self.since:  # everything that became known on the day itself counts
            before_day = datetime(self.since.year, self.since.month, self.since.day, tzinfo=UTC) - _INSTANT
            known_after = max(known_after, before_day) if known_after else before_day
        return parameters | {
            "everything": not any(filters),
            "posts_until": selection.as_of,
            "this_day": day,
            "kinds": list(self.kinds),
            "first_kind": min(places, default=0),
            "last_kind": max(places, default=0),
            "coming": self.coming,
            "since": self.since if self.by == "happened" else None,
            "until": self.until,
            "known_after": known_after,
            "known_until": self.known_until,
            "entry_id": self.entry_id,
        }


_INSTANT = pd.Timedelta(microseconds=1).to_pytimedelta()


def list_latest(
    snapshot: Snapshot, selection: Selection, window: Window | None = None, *, limit: int = 50, offset: int = 0
) -> pd.DataFrame:
    """List a page of the entries of a selection, newest first, undated ones last.

    Events and stories belong to every action they are linked to; those without an action appear only without filters. A
    chosen day leaves out later entries, except events, which are announced before. Without one, stories count whenever
    they appeared.

    Returns:
        entry_id, kind, on_date, known_on, known_at (UTC; both null where publishing has kept no days), title (of a
        milestone its label; of an event or story in the selection's language where there is such a text), language (of
        the title), action_id (the first one linked), action_title, actions (how many are linked), stakeholder, url (of
        events and stories), detail (of a milestone the action's title, of an event its place, of a story its
        summary, of the others the code of the status), summary, ends_on, starts_at, ends_at, place (of events), item_id
        (of events and stories), before, status (codes), files (the annotations of an event or story).
    """
    window = window or Window()
    _make_entries(snapshot)
    parameters = window.sql_parameters(snapshot, selection) | {"by_known": window.by == "known"}
    if snapshot.is_large and not window.coming and window.entry_id is None:
        narrower, offset = _narrow(snapshot, parameters, limit, offset)
        parameters |= narrower
    rows = snapshot.query("latest", parameters | {"lang": selection.lang, "row_limit": limit, "row_offset": offset})
    files = _list_files(snapshot, rows["item_id"].dropna().tolist(), selection.as_of)
    return rows.assign(files=rows["item_id"].map(lambda item_id: tuple(files.get(item_id, ()))))


def _list_files(snapshot: Snapshot, item_ids: list[str], until: date | None) -> dict[str | None, list[Annotation]]:
    """List the documents and pictures of events and stories, by their ids."""
    files: dict[str | None, list[Annotation]] = {}
    for one in list_annotations(snapshot, post_ids=item_ids, until=until) if item_ids else ():
        if not one.is_reply:
            files.setdefault(one.post_id, []).append(one)
    return files


def _narrow(snapshot: Snapshot, parameters: dict[str, Any], limit: int, offset: int) -> tuple[dict[str, Any], int]:
    """Find the days of a page among very many entries, so that the others need no order.

    Returns:
        The parameters that leave the others out, and how many of the remaining ones come before the page's first.
    """
    days = snapshot.query("entry_counts/by_day", parameters)
    until_then = days["entries"].cumsum()
    page_days = days[(until_then > offset) & (until_then - days["entries"] < offset + limit)]
    if page_days.empty:
        return {}, offset
    known_first, happened = page_days["known_first"], page_days["on_date"]
    narrower: dict[str, Any] = {}
    if known_first.notna().all():
        narrower |= {
            "known_after": known_first.min().to_pydatetime() - _INSTANT,
            "known_until": known_first.max().to_pydatetime(),
        }
    before = days["known_first"] > known_first.max()
    is_one_moment = known_first.isna().all() or known_first.min() == known_first.max()
    if is_one_moment and happened.notna().all():
        narrower |= {"since": happened.min().date(), "until": happened.max().date()}
        before |= days.index < page_days.index[0]
    return narrower, offset - int(days.loc[before, "entries"].sum())


def count_latest(snapshot: Snapshot, selection: Selection, window: Window | None = None) -> dict[str, int]:
    """Count the entries of a selection of each kind of the window, also of empty ones."""
    window = window or Window()
    _make_entries(snapshot)
    rows = snapshot.columns("entry_counts/by_kind", window.sql_parameters(snapshot, selection))
    entries_by_kind = dict(zip(rows["kind"].tolist(), rows["entries"].tolist(), strict=True))
    return {kind: entries_by_kind.get(kind, 0) for kind in window.kinds}


def find_entry(snapshot: Snapshot, selection: Selection, entry_id: str) -> pd.DataFrame:
    """Find one entry by its id, whatever its kind, as in `list_latest`; no row where the selection lacks it."""
    try:
        wanted_id = str(UUID(entry_id))
    except ValueError:  # an invalid id has no entry
        wanted_id = str(UUID(int=0))
    return list_latest(snapshot, selection, Window(kinds=tuple(KINDS), entry_id=wanted_id), limit=1)


def first_known(snapshot: Snapshot) -> datetime | None:
    """Find the moment of the first publication; None where publishing has kept no days.

    Entries that became known then may have happened long before: they are no news of that day.
    """
    _make_entries(snapshot)
    first = snapshot.query("first_known")["first_known"].iloc[0]
    return None if pd.isna(first) else first.to_pydatetime()


def read_kinds(texts: Sequence[str]) -> tuple[str, ...]:
    """Read the kinds of entries in a link, repeated or separated by commas; `NEWS` where it names none.

    Raises:
        SelectionError: one is unknown.
    """
    link_kinds = {part.strip().casefold() for text in texts for part in text.split(",") if part.strip()}
    for kind in sorted(link_kinds):
        if kind not in KINDS:
            raise SelectionError(f"kind={kind!r} is no kind of entry.", "kind", tuple(KINDS), kind)
    return tuple(kind for kind in KINDS if kind in link_kinds) or NEWS


def _make_entries(snapshot: Snapshot) -> None:
    """Make the tables beside the snapshot that the queries read; once, at their first use."""
    snapshot.make_once("known_entries", lambda cursor: _make_tables(snapshot, cursor))


def _make_tables(snapshot: Snapshot, cursor: duckdb.DuckDBPyConnection) -> None:
    is_held = snapshot.is_large
    cursor.execute(query_text("derived/entries" if is_held else "entries"))
    file = {"file": str(snapshot.first_published_file)}
    entries = cursor.execute(query_text("derived/journey_size")).fetchone() if is_held else None
    try:
        moment = {"built_at": snapshot.built_at, "entries": entries[0] if entries else None}
        cursor.execute(query_text("first_moment"), file | moment)
        cursor.execute(query_text("first_published"), file)
    except duckdb.Error:  # missing or damaged: the next build makes it again
        cursor.execute(query_text("first_moment_lost"))
        cursor.execute(query_text("first_published_lost"))
    cursor.execute(query_text("dated_entries"))
    cursor.execute(query_text("derived/known_entries" if is_held else "known_entries"))
    cursor.execute(query_text("entries_among"))
    if not is_held:
        with suppress(duckdb.TransactionException):  # another table is being made: it compresses both
            cursor.execute("checkpoint kept")


ONE = {
    "completed": N_("Action completed"),
    "milestone": N_("Milestone reached"),
    "event": N_("Event"),
    "story": N_("Story"),
    "action": N_("New action"),
    "status": N_("Status change"),
    "report": N_("Report"),
}
"""The name of one entry of each kind."""
POSTS = ("event", "story")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry of `list_latest`; None for unknown values."""

    entry_id: str
    kind: str
    on_date: date | None = None
    known_on: date | None = None
    known_at: datetime | None = None
    title: str | None = None
    language: str | None = None
    action_id: str | None = None
    action_title: str | None = None
    actions: int = 0
    stakeholder: str | None = None
    url: str | None = None
    summary: str | None = None
    ends_on: date | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    place: str | None = None
    before: str | None = None
    status: str | None = None
    files: tuple[Annotation, ...] = ()

    @property
    def shown_place(self) -> str | None:
        """Its place; none beside a picture, whose people would be found by it."""
        return None if any(file.is_picture for file in self.files) else self.place

    @property
    def own_address(self) -> str | None:
        """Its address on the web, for an event or story that states one that is safe to follow."""
        parts = urlsplit(self.url or "")
        return self.url if parts.scheme in ("http", "https") and parts.hostname else None


def read_entries(frame: pd.DataFrame) -> list[Entry]:
    """Read the entries of a page of `list_latest`, for display."""
    names = [field.name for field in fields(Entry)]
    return [
        Entry(**{name: value for name in names if (value := _plain(name, row[name])) is not None})
        for row in frame[names].to_dict("records")
    ]


def name_entry(entry: Entry, t: Translator) -> str:
    """Return its title, or a replacement."""
    return entry.title or (t("Untitled action") if entry.action_id else t(ONE[entry.kind]))


def name_alone(entry: Entry, t: Translator) -> str:
    """Return its title where nothing around it names its kind: stories and events speak for themselves."""
    name = name_entry(entry, t)
    return name if entry.kind in POSTS else f"{t(ONE[entry.kind])}{t(': ')}{name}"


def say_when(entry: Entry, t: Translator) -> str:
    """Write the day it happened on; for an event also its hours and its last day."""
    if entry.on_date is None:
        return t("Without a date")
    day = format_date(entry.on_date, t.language)
    if entry.ends_on is not None and entry.ends_on > entry.on_date:
        return t("{first} to {last}", first=day, last=format_date(entry.ends_on, t.language))
    if entry.starts_at is None:
        return day
    hours = "–".join(f"{moment.astimezone(UTC):%H:%M}" for moment in (entry.starts_at, entry.ends_at) if moment)
    return f"{day}, {hours} UTC"


def list_facts(entry: Entry, snapshot: Snapshot, t: Translator) -> list[str]:
    """List the facts beside its title and day: who, where, its action, the old and the new status."""
    facts = [entry.stakeholder, entry.shown_place]
    if entry.kind not in ("completed", "action", "report", "status"):
        facts.append(entry.action_title)
    if entry.kind == "report":
        facts.append(_name_status(entry.status, snapshot, t))
    if entry.kind == "status":
        facts.append(" → ".join(_name_status(code, snapshot, t) for code in (entry.before, entry.status)))
    if entry.kind in POSTS and entry.actions > 1:
        more = entry.actions - 1
        facts.append(t.plural("and {n} more action", "and {n} more actions", more))
    return [fact for fact in facts if fact]


def find_address(entry: Entry, base_url: str, lang: str, build: str = "") -> str:
    """Find the address to read on: the action's page; for an event or story its address, else its place on Latest.

    Empty where the base is a folder of plain files, without these pages.
    """
    parameters = [("build", build), ("lang", lang)] if build else [("lang", lang)]
    if entry.kind in POSTS:
        return entry.own_address or find_permalink(entry, base_url, lang, build)
    if is_folder(base_url):
        return ""
    return f"{base_url}/actions?{urlencode([('action', entry.action_id or ''), *parameters])}"


def find_permalink(entry: Entry, base_url: str, lang: str, build: str = "") -> str:
    """Return the address of the entry itself, on the page Latest; empty as in `find_address`."""
    if is_folder(base_url):
        return ""
    parameters = [("build", build), ("lang", lang)] if build else [("lang", lang)]
    return f"{base_url}/latest?{urlencode([('entry', entry.entry_id), *parameters])}"


def find_moment(entry: Entry, first_known: datetime | None, built_at: datetime) -> datetime:
    """Find the moment at which an entry is news in a feed: when it became known here.

    Entries of the first publication, and builds without such moments, use the day on which it happened instead. A
    coming entry keeps the moment at which it became known.
    """
    known_at = entry.known_at or built_at
    is_news = entry.known_at is not None and first_known is not None and entry.known_at > first_known
    if is_news or entry.on_date is None:
        return known_at
    return min(known_at, datetime.combine(entry.on_date, time(), UTC))


def _name_status(code: str | None, snapshot: Snapshot, t: Translator) -> str:
    statuses = snapshot.codes.get("statuses", {})
    return statuses[code].labels[t.language] if code in statuses else t("Status not stated")


def _plain(name: str, value: Any) -> Any:
    """Return a cell as plain Python; None where it is empty."""
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        moment = value.to_pydatetime()
        return moment if name.endswith("_at") else moment.date()
    return value
