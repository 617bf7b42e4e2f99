"""A campaign of one's own with the fixture published in it, and who deals with its newsletter."""

import re
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import duckdb

from dashboard.mail.subscribers import Desk
from dashboard.measures.latest import KINDS, Window, list_latest
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests.snapshots import publish_fixture

BASE = "https://actions.example.org"
LEAVE = re.compile(r"https://actions\.example\.org/newsletter/unsubscribe\?\S+")


def settings_of(folder: Path, **more: str) -> Settings:
    """Return settings under which readers can sign up."""
    known = {"DASHBOARD_CAMPAIGN": str(folder), "DASHBOARD_BASE_URL": BASE, "DASHBOARD_NEWSLETTER": "on"}
    return Settings.from_environment(known | more)


def publish(folder: Path, known_at: dict[str, datetime]) -> Snapshot:
    """Publish the fixture, with entries of some kinds known since some moments; `*` for those not named."""
    path = publish_fixture(folder)
    with_days = Snapshot(path, "fixture", "2022-01-10T09:00:00Z", 8)
    entries = list_latest(with_days, Selection(), Window(kinds=tuple(KINDS)), limit=10_000)[["entry_id", "kind"]]
    entries["known_at"] = [known_at.get(kind, known_at["*"]) for kind in entries["kind"]]
    with duckdb.connect() as connection:
        rows = connection.from_df(entries)
        rows.project("entry_id::uuid as entry_id, known_at::timestamptz as known_at").write_parquet(
            str(folder / "published" / "first_published.parquet")
        )
    return Snapshot(path, "fixture", "2022-01-10T09:00:00Z", 8)


def make_desk(folder: Path, snapshot: Snapshot | None = None, **more: str) -> Desk:
    """Make the desk of a campaign."""
    return Desk(settings_of(folder, **more), snapshot)


def waiting(desk: Desk) -> list[EmailMessage]:
    """Return the mails that wait in the outbox, in order."""
    with desk.outbox.store.open() as connection:
        rows = connection.execute("select message from deliveries where state = 'waiting' order by delivery_no")
        return [message_from_bytes(row["message"], policy=default) for row in rows]  # type: ignore[misc]


def text_of(mail: EmailMessage) -> str:
    """Return its plain text."""
    return str(mail.get_body(("plain",)).get_content())


def html_of(mail: EmailMessage) -> str:
    """Return its HTML."""
    return str(mail.get_body(("html",)).get_content())
