"""Read the audit log: the entries that filters choose, a page at a time, by DuckDB over the lines of the months."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pandas as pd

from dashboard.audit.events import Event, Outcome
from dashboard.audit.log import find_folder
from dashboard.queries import query_text


class Filters(NamedTuple):
    """Filters of entries; an empty one filters nothing.

    Attributes:
        since: The first day, in UTC.
        until: The last day.
        people: Who acted, as `find_people` writes them.
        words: A part of a name, of the subject, or of a request's id.
    """

    since: date | None = None
    until: date | None = None
    events: tuple[Event, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    people: tuple[str, ...] = ()
    words: str = ""


class EntryPage(NamedTuple):
    """Entries, the newest first, and how many there are in all.

    Attributes:
        entries: A row an act: act, moment (UTC), event, outcome, person_key, person_name, person_address, role, way,
            about, details (JSON as text), request.
    """

    entries: pd.DataFrame
    total: int


class People(NamedTuple):
    """Who acted.

    Attributes:
        names: Names, and keys of those without one.
        damaged: Lines that cannot be read: mostly one that a kill or a full disk cut short.
    """

    names: list[str]
    damaged: int


ALL = Filters()
MEMORY = "512MB"
"""What a question to the log may take, of what DuckDB counts."""
COLUMNS = (
    "act", "moment", "event", "outcome", "person_key", "person_name", "person_address", "role", "way", "about",
    "details", "request",
)  # fmt: skip


def find_entries(campaign: Path, filters: Filters = ALL, most: int = 1_000_000, first: int = 0) -> EntryPage:
    """Find the entries that filters choose.

    `first`: how many of the newest are left out.
    """
    files = _list_files(campaign, filters)
    if not files:
        return EntryPage(pd.DataFrame(columns=list(COLUMNS)), 0)
    parameters = {
        "since": filters.since and datetime.combine(filters.since, time.min),
        "until": filters.until and datetime.combine(filters.until + timedelta(days=1), time.min),
        "events": [event.value for event in filters.events] or None,
        "outcomes": [outcome.value for outcome in filters.outcomes] or None,
        "people": list(filters.people) or None,
        "words": filters.words.strip().lower() or None,
        "most": most,
        "first": first,
    }
    rows = _ask("entries", files, parameters)
    total = int(rows["entries_in_all"].iloc[0]) if len(rows) else 0
    return EntryPage(rows.drop(columns="entries_in_all"), total)


def find_people(campaign: Path, filters: Filters = ALL) -> People:
    """Find who acted in the months of a period, and how many lines of these months cannot be read."""
    files = _list_files(campaign, filters)
    if not files:
        return People([], 0)
    rows = _ask("people", files)
    has_person = rows["person"].notna()
    return People([str(name) for name in rows["person"][has_person]], int(rows["lines"][~has_person].sum()))


def find_publishers(campaign: Path, build_ids: list[str]) -> dict[str, str]:
    """Find who published each of some builds, as far as the log has it: the last one, by name or key."""
    files = _list_files(campaign, ALL)
    if not files:
        return {}
    rows = _ask("publishers", files, {"builds": build_ids})
    return dict(zip(rows["build"], rows["person"], strict=True))


def _list_files(campaign: Path, filters: Filters) -> list[str]:
    """List the files of the months that a period touches."""
    since, until = (day.isoformat()[:7] if day else "" for day in (filters.since, filters.until))
    paths = sorted(find_folder(campaign).glob("????-??.jsonl"))
    return [str(path) for path in paths if since <= path.stem and (not until or path.stem <= until)]


def _ask(query: str, files: list[str], parameters: Mapping[str, Any] | None = None) -> pd.DataFrame:
    """Query the files of the log with a statement of `queries/audit`."""
    with duckdb.connect(config={"memory_limit": MEMORY}) as connection:
        connection.execute(query_text("audit/lines"))
        return connection.execute(query_text(f"audit/{query}"), {"files": files, **(parameters or {})}).df()
