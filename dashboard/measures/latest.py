"""The campaign's journey as entries: what happened, what is new, and since when it is known here.

An entry is something that happened once: an action completed, a milestone reached, an event, a story, an action
submitted, a report, a change of status. Its id is the same in every build, so that it is told once, however often the
data is built again. It has two days: the one it happened on, and the one it was first public here, which publishing
keeps beside the builds (`published/first_published.parquet`).
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal
from uuid import UUID

import duckdb
import pandas as pd

from dashboard.campaign.builds import FIRST_PUBLISHED
from dashboard.errors import SelectionError
from dashboard.i18n import N_
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
"""Every kind of entry with its name, in the order in which those of one day stand (`queries/entries.sql`)."""
NEWS = ("completed", "milestone", "event", "story", "action")
"""What the journey tells; reports and changes of status are new as well, but no news to a reader of the list."""

By = Literal["happened", "known"]


@dataclass(frozen=True)
class Window:
    """Which entries are asked for, beside the selection; None lets all pass.

    Attributes:
        kinds: Of `KINDS`.
        since: They happened on this day or later (with `by` known: became known here on it or later, in UTC).
        until: They happened on this day or before it.
        by: Which of an entry's two days counts, and puts the entries in order.
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
    """A page of the entries of a selection, newest first, undated ones last.

    Events and stories belong to every action they are linked to; those of no action are there only without filters. A
    chosen day leaves out what happened after it, except events, which are announced before. Without one, stories
    count whenever they appeared.

    Returns:
        entry_id, kind, on_date, known_on, known_at (UTC; both null where publishing has kept no days), title (of a
        milestone its label; of an event or story in the selection's language where there is such a text), language (of
        the title), action_id (the first one linked), action_title, actions (how many are linked), stakeholder, url (of
        events and stories), detail (of a milestone the action's title, of an event its place, of a story its
        summary, of the others the code of the status), summary, ends_on, starts_at, ends_at, place (of events), before,
        status (codes).
    """
    window = window or Window()
    _make_entries(snapshot)
    parameters = window.sql_parameters(snapshot, selection) | {"by_known": window.by == "known"}
    if snapshot.is_large and not window.coming and window.entry_id is None:
        narrower, offset = _narrow(snapshot, parameters, limit, offset)
        parameters |= narrower
    return snapshot.query("latest", parameters | {"lang": selection.lang, "row_limit": limit, "row_offset": offset})


def _narrow(snapshot: Snapshot, parameters: dict[str, Any], limit: int, offset: int) -> tuple[dict[str, Any], int]:
    """The days that a page of very many entries is of, so that the others need not be put in order.

    Returns:
        The parameters that leave the others out, and how many of those that remain stand before the page's first.
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
    """How many entries of a selection there are of each kind of the window, also of those that have none."""
    window = window or Window()
    _make_entries(snapshot)
    rows = snapshot.columns("entry_counts/by_kind", window.sql_parameters(snapshot, selection))
    entries_by_kind = dict(zip(rows["kind"].tolist(), rows["entries"].tolist(), strict=True))
    return {kind: entries_by_kind.get(kind, 0) for kind in window.kinds}


def find_entry(snapshot: Snapshot, selection: Selection, entry_id: str) -> pd.DataFrame:
    """One entry by its id, whatever its kind, as `list_latest` has it; no row where the selection does not have it."""
    try:
        wanted_id = str(UUID(entry_id))
    except ValueError:  # what is no id is that of no entry
        wanted_id = str(UUID(int=0))
    return list_latest(snapshot, selection, Window(kinds=tuple(KINDS), entry_id=wanted_id), limit=1)


def first_known(snapshot: Snapshot) -> datetime | None:
    """When entries were public here for the first time; None where publishing has kept no days.

    What became known then may have happened long before: it is no news of that day.
    """
    _make_entries(snapshot)
    first = snapshot.query("first_known")["first_known"].iloc[0]
    return None if pd.isna(first) else first.to_pydatetime()


def read_kinds(texts: Sequence[str]) -> tuple[str, ...]:
    """The kinds of entries that a link names, repeated or separated by commas; `NEWS` where it names none.

    Raises:
        SelectionError: one is unknown.
    """
    link_kinds = {part.strip().casefold() for text in texts for part in text.split(",") if part.strip()}
    for kind in sorted(link_kinds):
        if kind not in KINDS:
            raise SelectionError(f"kind={kind!r} is no kind of entry.", "kind", tuple(KINDS), kind)
    return tuple(kind for kind in KINDS if kind in link_kinds) or NEWS


def _make_entries(snapshot: Snapshot) -> None:
    """Make the tables beside the snapshot that the queries read; once, when they are first needed."""
    snapshot.make_once("known_entries", lambda cursor: _make_tables(snapshot, cursor))


def _make_tables(snapshot: Snapshot, cursor: duckdb.DuckDBPyConnection) -> None:
    is_held = snapshot.is_large
    cursor.execute(query_text("derived/entries" if is_held else "entries"))
    file = {"file": str(snapshot.path.with_name(FIRST_PUBLISHED))}
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
