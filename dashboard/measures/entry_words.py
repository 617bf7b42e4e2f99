"""The words of an entry of the journey, for pages, feeds and mails: what it is, when it was, and what belongs to it."""

from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time
from typing import Any
from urllib.parse import urlencode, urlsplit

import pandas as pd

from dashboard.formats import format_date
from dashboard.ground.base_urls import is_folder
from dashboard.i18n import N_, Translator
from dashboard.snapshot.database import Snapshot

ONE = {
    "completed": N_("Action completed"),
    "milestone": N_("Milestone reached"),
    "event": N_("Event"),
    "story": N_("Story"),
    "action": N_("New action"),
    "status": N_("Status change"),
    "report": N_("Report"),
}
"""What one entry of each kind is called."""
POSTS = ("event", "story")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry, as `list_latest` has it; what is unknown is None."""

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

    @property
    def own_address(self) -> str | None:
        """The address on the web that an event or story states itself, if it is one that can be followed safely."""
        parts = urlsplit(self.url or "")
        return self.url if parts.scheme in ("http", "https") and parts.hostname else None


def read_entries(frame: pd.DataFrame) -> list[Entry]:
    """The entries of a page of `list_latest`, to be shown."""
    names = [field.name for field in fields(Entry)]
    return [
        Entry(**{name: value for name in names if (value := _plain(name, row[name])) is not None})
        for row in frame[names].to_dict("records")
    ]


def name_entry(entry: Entry, t: Translator) -> str:
    """Its title, or what stands for one."""
    return entry.title or (t("Untitled action") if entry.action_id else t(ONE[entry.kind]))


def name_alone(entry: Entry, t: Translator) -> str:
    """Its title where nothing around it says what it is: stories and events speak for themselves."""
    name = name_entry(entry, t)
    return name if entry.kind in POSTS else f"{t(ONE[entry.kind])}{t(': ')}{name}"


def say_when(entry: Entry, t: Translator) -> str:
    """The day it happened on; of an event also its hours and its last day."""
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
    """What belongs to it beside its title and day, who, where, of which action, from which status to which."""
    facts = [entry.stakeholder, entry.place]
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
    """Where one reads on: the action's page; of an event or story its own address, else its place on Latest.

    Empty where the base is a folder of plain files, which has neither page.
    """
    parameters = [("build", build), ("lang", lang)] if build else [("lang", lang)]
    if entry.kind in POSTS:
        return entry.own_address or find_permalink(entry, base_url, lang, build)
    if is_folder(base_url):
        return ""
    return f"{base_url}/actions?{urlencode([('action', entry.action_id or ''), *parameters])}"


def find_permalink(entry: Entry, base_url: str, lang: str, build: str = "") -> str:
    """The address of the entry itself, on the page Latest; empty as in `find_address`."""
    if is_folder(base_url):
        return ""
    parameters = [("build", build), ("lang", lang)] if build else [("lang", lang)]
    return f"{base_url}/latest?{urlencode([('entry', entry.entry_id), *parameters])}"


def find_moment(entry: Entry, first_known: datetime | None, built_at: datetime) -> datetime:
    """The moment at which an entry is news in a feed: when it became known here.

    Entries of the first publication, and builds that keep no such moments, take the day on which it happened instead.
    An entry that is yet to come keeps the moment at which it became known.
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
    """A cell as plain Python; None where it is empty."""
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        moment = value.to_pydatetime()
        return moment if name.endswith("_at") else moment.date()
    return value
