"""Read the audit log: the entries that filters choose, by DuckDB over the lines of the months; and their words."""

import json
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pandas as pd

from dashboard.access.audit.events import Event, Outcome
from dashboard.access.audit.forgetting import ERASED
from dashboard.access.audit.log import find_folder
from dashboard.access.rights import COMMAND_LINE, COMMON_PASSWORD, LOCAL, ROLE_NAMES, STRANGER, Role, SignInWay
from dashboard.ground.query_files import read_sql_file
from dashboard.i18n import N_, Translator


class Filters(NamedTuple):
    """Filters of entries; an empty one filters nothing.

    Attributes:
        since: The first day, in UTC.
        people: Who acted, as `find_people` writes them.
        words: A part of a name, of the subject, or of a request's id.
    """

    since: date | None = None
    until: date | None = None
    events: tuple[Event, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    people: tuple[str, ...] = ()
    words: str = ""

    def write(self) -> dict[str, Any]:
        """Write them as plain values, for another process."""
        days = {name: day and day.isoformat() for name, day in (("since", self.since), ("until", self.until))}
        return self._asdict() | days

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> "Filters":
        """Read what `write` has written."""
        since, until = (day and date.fromisoformat(day) for day in (values["since"], values["until"]))
        events, outcomes = map(Event, values["events"]), map(Outcome, values["outcomes"])
        return cls(since, until, tuple(events), tuple(outcomes), tuple(values["people"]), values["words"])


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
MOST_ROWS = 50_000
"""Rows of a workbook, the newest; the command `audit` writes any number."""
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
    since, until = (day.isoformat()[:7] if day else "" for day in (filters.since, filters.until))
    paths = sorted(find_folder(campaign).glob("????-??.jsonl"))
    return [str(path) for path in paths if since <= path.stem and (not until or path.stem <= until)]


def _ask(query: str, files: list[str], parameters: Mapping[str, Any] | None = None) -> pd.DataFrame:
    """Query the files of the log with a statement of `queries/audit`."""
    with duckdb.connect(config={"memory_limit": MEMORY}) as connection:
        connection.execute(read_sql_file("audit/lines"))
        return connection.execute(read_sql_file(f"audit/{query}"), {"files": files, **(parameters or {})}).df()


_NAMELESS = {
    COMMON_PASSWORD.key: N_("Common password"),
    LOCAL.key: N_("Whoever uses this computer"),
    COMMAND_LINE.key: N_("Command line"),
    STRANGER.key: N_("Somebody not signed in"),
    ERASED: N_("An erased person"),
}
"""What those are called who have no name of their own."""
WAYS = {
    SignInWay.NONE: N_("without signing in"),
    SignInWay.LOCAL: N_("on this computer"),
    SignInWay.PASSWORD: N_("with the common password"),
    SignInWay.PROVIDER: N_("with their own account"),
    SignInWay.LINK: N_("by a link"),
    SignInWay.COMMAND: N_("on the command line"),
}
DETAILS = {
    "files": N_("Files"),
    "without": N_("Without the files"),
    "refused": N_("Refused files"),
    "build": N_("Build"),
    "base": N_("Based on the build"),
    "draft": N_("Preview"),
    "how": N_("How", "how somebody signed in"),
    "why": N_("Why"),
    "by": N_("Name entered"),
    "row": N_("Row of the file"),
    "use": N_("Column use"),
    "recipe": N_("Recipe"),
    "answers": N_("Answers"),
    "actions": N_("Actions"),
    "action_ids": N_("Action IDs"),
    "conflicts": N_("Not kept, because a colleague had changed it"),
    "changed": N_("Changed"),
    "letters": N_("Letters"),
    "mails": N_("Mails"),
    "client": N_("Client", "address of a computer"),
    "tries": N_("Tries"),
    "put_back": N_("Back in the inbox"),
    "taken_out": N_("Out of the inbox"),
    "places": N_("Places"),
}
"""What is said of an act, by its name in the log; another name is shown as it is."""


def name_event(t: Translator, event: str) -> str:
    """Name an event."""
    return t(Event(event).words) if event in set(Event) else event


def name_outcome(t: Translator, outcome: str) -> str:
    """Name an outcome."""
    return t(Outcome(outcome).words) if outcome in set(Outcome) else outcome


def name_person(t: Translator, name: str) -> str:
    """Name a person, as `find_people` writes them: a name, or the key of somebody without one."""
    return t(_NAMELESS[name]) if name in _NAMELESS else name


def name_actor(t: Translator, entry: Mapping[Any, Any]) -> str:
    """Name who acted in an entry; on the command line with the system's user."""
    name = name_person(t, entry["person_name"] or entry["person_key"])
    return f"{t(_NAMELESS[COMMAND_LINE.key])} · {name}" if entry["way"] == SignInWay.COMMAND else name


def describe(t: Translator, entry: Mapping[Any, Any]) -> list[tuple[str, str]]:
    """Describe an entry as pairs of a label and words."""
    role, way = entry["role"] or "", entry["way"]
    pairs = [
        (t("When (UTC)"), f"{entry['moment']:%Y-%m-%d %H:%M:%S}"),
        (t("Operation"), name_event(t, entry["event"])),
        (t("Outcome"), name_outcome(t, entry["outcome"])),
        (t("Who"), name_actor(t, entry)),
        (t("Address"), entry["person_address"] or ""),
        (t("Role"), t(ROLE_NAMES[Role[role.upper()]]) if role.upper() in Role.__members__ else role),
        (t("Signed in"), t(WAYS[SignInWay(way)]) if way in set(SignInWay) else way or ""),
        (t("About"), entry["about"] or ""),
        *(
            (t(DETAILS.get(name, name)), _write_detail(t, value))
            for name, value in _read_details(entry["details"]).items()
        ),
        (t("Request"), entry["request"] or ""),
        (t("Operation number"), entry["act"]),
    ]
    return [(label, words) for label, words in pairs if words]


def _read_details(details: str | None) -> dict[str, Any]:
    try:
        read = json.loads(details or "{}")
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


def _write_detail(t: Translator, value: Any) -> str:
    if isinstance(value, bool):
        return t("Yes") if value else t("No")
    if isinstance(value, list):
        return "; ".join(_write_detail(t, one) for one in value)
    if isinstance(value, dict):
        return " · ".join(_write_detail(t, one) for one in value.values())
    return "" if value is None else str(value)
