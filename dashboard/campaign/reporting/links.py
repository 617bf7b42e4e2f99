"""The links by which stakeholders report: made by letters, by staff, or by a stakeholder who has lost theirs.

`private/report_links.sqlite` holds what each link opens and until when. It holds no token: a token is the link's handle
and its signature by `private/report_links_key.txt`, so that the file, or a backup without the key, opens nothing, and
a letter that is written anew has the same link. Opening a link changes nothing.
"""

import hashlib
import json
import secrets
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from itsdangerous import BadSignature, Signer

from dashboard.errors import UserError
from dashboard.ground.files.private_store import Store, change, read_key
from dashboard.ground.query_files import read_sql_file
from dashboard.i18n import N_

KEY = "report_links_key.txt"
PATH = "/report"
FORM, LOST, HELD, PERSONAL_DATA = "form", "lost", "held", "personal"
"""The pages below `PATH`: the form behind a link, where a lost one is asked for, what is held of whoever has it."""
PREFIX = "rl_"
"""What every token begins with, so that programs that look for secrets in files can know it."""
BY_STAFF, BY_REQUEST, OF_LETTER = "staff", "request", "letter:"
PERSONAL = "personal:"
"""The origins of links; that of a letter goes on with the letter's id, that of personal data with a keyed hash."""


class ReportLinkError(UserError):
    """A link that opens nothing: incomplete, not ours, ended or too old; the reader learns no difference."""

    what = N_("This link does not open a report.")
    remedy = N_("Copy all of it from the mail. If that does not help, ask for a new link below.")

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(self.what, self.remedy)


@dataclass(frozen=True, kw_only=True)
class ReportLink:
    """One link.

    Attributes:
        handle: Its name in lists, reports and logs; opens nothing.
        origin: Who has it made: `letter:<letter id>`, `staff` or `request`.
        action_ids: The actions that it was made for. It also opens later ones of their stakeholders.
        wave: The wave of the survey that its reports belong to; empty for none.
        ends_on: The last day on which it opens (UTC).
        ended_on: The day on which staff ended it; None for a link that they did not end.
    """

    handle: str
    origin: str
    action_ids: tuple[str, ...]
    wave: str
    made_on: date
    ends_on: date
    ended_on: date | None = None

    def is_open(self, today: date | None = None) -> bool:
        """Return whether it opens on a day, by default today."""
        return self.ended_on is None and (today or find_today()) <= self.ends_on


class ReportLinks:
    """Makes, finds, lists and ends the links of one campaign."""

    def __init__(self, private: Path) -> None:
        """Point at the campaign's private folder; the first link makes the files."""
        self._private = private
        self._store = Store(private, "report_links")

    def ensure(self, origin: str, action_ids: Sequence[str], ends_on: date, wave: str = "") -> ReportLink:
        """Return the link of an origin that names one letter; make it where there is none yet, or its last day is over.

        One that staff have ended stays ended.
        """
        with self._store.transaction() as connection:
            rows = connection.execute(
                read_sql_file("report_links/listed"), {"origin": origin, "handle": None}
            ).fetchall()
            link = _read(rows[0]) if rows else None
            if link is None or (link.ended_on is None and not link.is_open()):
                link = _add(connection, origin, action_ids, ends_on, wave)
            return link

    def make(self, origin: str, action_ids: Sequence[str], ends_on: date, wave: str = "") -> ReportLink:
        """Make a new link."""
        with self._store.transaction() as connection:
            return _add(connection, origin, action_ids, ends_on, wave)

    def write_token(self, link: ReportLink) -> str:
        """Write the token that opens a link; the same each time."""
        return PREFIX + self._signer().sign(link.handle).decode()

    def write_address(self, base_url: str, link: ReportLink, lang: str) -> str:
        """Write the address that a stakeholder opens, in a language."""
        return write_address(base_url, self.write_token(link), lang)

    def open(self, token: str) -> ReportLink:
        """Find the open link of a token.

        Raises:
            ReportLinkError: it opens nothing, for whatever reason.
        """
        if not token.startswith(PREFIX) or not token.isascii() or not self._store.path.exists():
            raise ReportLinkError
        try:  # compares in constant time
            handle = self._signer().unsign(token.removeprefix(PREFIX)).decode()
        except BadSignature:
            raise ReportLinkError from None
        link = self.find(handle)
        if link is None or not link.is_open() or self.write_token(link) != token:  # a signature has several spellings
            raise ReportLinkError
        return link

    def find(self, handle: str) -> ReportLink | None:
        """Find a link by its handle, whatever its state."""
        rows = self._store.ask("listed", origin=None, handle=handle)
        return _read(rows[0]) if rows else None

    def list(self) -> list[ReportLink]:
        """List all links, the newest first."""
        return [_read(row) for row in self._store.ask("listed", origin=None, handle=None)]

    def extend(self, handle: str, until: date) -> ReportLink | None:
        """Let a link open until a day at least; one that staff have ended stays ended. None where it is not there."""
        if self._store.path.exists():
            self._store.change("extend", handle=handle, until=until.isoformat())
        return self.find(handle)

    def end(self, handle: str | None = None) -> int:
        """End a link, or all open ones; return how many were ended."""
        if not self._store.path.exists():
            return 0
        return self._store.change("end", handle=handle, today=find_today().isoformat())

    def _signer(self) -> Signer:
        return Signer(read_key(self._private, KEY), salt="report-links", digest_method=hashlib.sha256)


def write_address(base_url: str, token: str, lang: str) -> str:
    """Write the address that a token opens; in place of the token may stand what hides it."""
    return f"{base_url}{PATH}/{FORM}?t={token}&lang={lang}"


def find_today() -> date:
    """Return today as links count days, in UTC."""
    return datetime.now(UTC).date()


def _add(
    connection: sqlite3.Connection, origin: str, action_ids: Sequence[str], ends_on: date, wave: str
) -> ReportLink:
    link = ReportLink(
        handle=secrets.token_hex(8), origin=origin, action_ids=tuple(dict.fromkeys(action_ids)), wave=wave,
        made_on=find_today(), ends_on=ends_on,
    )  # fmt: skip
    days = {"made_on": link.made_on.isoformat(), "ends_on": ends_on.isoformat()}
    names = {"handle": link.handle, "origin": origin, "wave": wave, "action_ids": json.dumps(link.action_ids)}
    change(connection, "report_links/add", **names, **days)
    return link


def _read(row: sqlite3.Row) -> ReportLink:
    values = dict(row)
    for name in ("made_on", "ends_on", "ended_on"):
        values[name] = values[name] and date.fromisoformat(values[name])
    return ReportLink(**{**values, "action_ids": tuple(json.loads(values["action_ids"]))})
