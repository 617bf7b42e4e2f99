"""The outbox: every mail for delivery and its state, and nobody twice.

    waiting ─▶ sending ─▶ sent        the relay has taken it
                      ├─▶ waiting     not now (4xx): again later
                      ├─▶ bounced     refused for good (5xx), or reported back
                      ├─▶ failed      put off too often
                      └─▶ uncertain   the sender died or the line broke: nobody knows
    waiting ─▶ written                as a file, where there is no relay
    waiting ◀▶ held                   a batch that staff stopped, or that is not complete yet
    uncertain, bounced, failed ─▶ waiting | left      as staff decide

`sending` is on the disk before the relay hears of the mail, so a mail that may have arrived is never sent by itself
again. A sender works on one mail at a time: a crash leaves at most one of unknown fate.
"""

import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from itertools import islice
from pathlib import Path
from typing import Literal, NamedTuple

from dashboard.errors import BusyError, UserError
from dashboard.ground.files import locking
from dashboard.ground.files.private_store import Store, change
from dashboard.ground.query_files import read_sql_file
from dashboard.i18n import N_
from dashboard.settings import Settings

STATES = ("waiting", "held", "sending", "sent", "written", "uncertain", "bounced", "failed", "left")
OPEN_STATES = ("uncertain", "bounced", "failed")
"""The states that wait for staff's decision."""
STEPS = {"stop": ("waiting", "held"), "go on": ("held", "waiting"), "give up": ("held", "left")}
"""The steps for a whole batch: the state of its mails before, and after."""
Step = Literal["stop", "go on", "give up"]
CONFIRMATION, LETTERS, NEWSLETTER, TEST = "confirmation", "letters", "newsletter", "test"
"""The kinds of mails. Somebody sits and waits for a confirmation: every sender takes those, and first."""
LOCK = "mail.lock"
PUT_AT_ONCE = 50
LARGEST_REPORT = 20_000_000
_BATCH_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,79}")
_CODE = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")


@dataclass(frozen=True)
class Delivery:
    """One mail to one recipient with its state; `recipient` is empty once it is no longer needed."""

    delivery_no: int
    kind: str
    batch_id: str
    recipient: str
    state: str
    codes: str
    attempts: int
    put_at: str
    changed_at: str


@dataclass(frozen=True)
class Batch:
    """A batch of mails, and how many of them are in each state."""

    kind: str
    batch_id: str
    put_at: str
    counts: dict[str, int]


class Outbox:
    """The deliveries in `private/mail.sqlite`."""

    def __init__(self, private: Path) -> None:
        """Point at the campaign's private folder; make nothing before the first mail."""
        self.store = Store(private, "mail")
        self.private = private

    def put(
        self,
        kind: str,
        batch_id: str,
        recipient: str,
        message: bytes,
        key: str,
        *,
        connection: sqlite3.Connection | None = None,
    ) -> bool:
        """Add a mail, as `put_all`; return False, and change nothing, where its key is there already."""
        return self.put_all(kind, batch_id, [(recipient, message, key)], connection=connection) == 1

    def put_limited(
        self,
        kind: str,
        batch_id: str,
        recipient: str,
        key: str,
        write: Callable[[], bytes],
        *,
        most: int | None = None,
        days: int = 1,
    ) -> bool:
        """Add a mail unless its key is there, or so many were put for its recipient in so many days for the same use.

        The use is what the key begins with, before a stroke. The mail is written only where it is added; whoever counts
        at the same time waits. Return whether it was added.
        """
        use = {"key": f"{kind}/{key}", **_bound(kind, key.partition("/")[0])}
        with self.store.transaction() as connection:
            since = {"address": recipient, "since": now(-timedelta(days=days))}
            row = connection.execute(read_sql_file("mail/count_put"), {**use, **since}).fetchone()
            if row["is_put"] or (most is not None and row["mails"] >= most):
                return False
            return self.put(kind, batch_id, recipient, write(), key, connection=connection)

    def put_all(
        self,
        kind: str,
        batch_id: str,
        mails: Iterable[tuple[str, bytes, str]],
        *,
        is_held: bool = False,
        connection: sqlite3.Connection | None = None,
    ) -> int:
        """Add mails, a portion at a time, to spare memory and disk.

        Args:
            kind: The sort of mail, as `newsletter`, a filter of states and lists.
            batch_id: Their batch; letters, digits and hyphens, for it names a folder too.
            mails: Of each the plain address, the message of `make_mail`, and the key that nobody may get twice, such as
                a digest's id and a subscriber's; it should hold no address.
            is_held: Whether they wait for the step "go on", until the batch is complete.
            connection: That of the caller's transaction, if any.

        Returns:
            How many of them are new; those with a key that is there already stay as they are.

        Raises:
            ValueError: the batch's id cannot name a folder.
        """
        if not _BATCH_ID.fullmatch(batch_id):
            raise ValueError(f"{batch_id!r} cannot name a batch.")
        shared = {"kind": kind, "batch_id": batch_id, "state": "held" if is_held else "waiting"}
        rest, added = iter(mails), 0
        while portion := list(islice(rest, PUT_AT_ONCE)):
            with self.store.transaction() if connection is None else nullcontext(connection) as transaction:
                for recipient, message, key in portion:
                    message_id = str(message_from_bytes(message[: message.find(b"\r\n\r\n")])["Message-ID"] or "")
                    values = {"recipient": recipient, "message": message, "message_id": message_id}
                    added += change(transaction, "mail/put", key=f"{kind}/{key}", now=now(), **shared, **values)
        return added

    def batches(self, kind: str | None = None, batch_id: str | None = None) -> list[Batch]:
        """List the batches, the oldest first, with counts by state."""
        batches: dict[tuple[str, str], Batch] = {}
        for row in self.store.ask("counts", kind=kind, batch_id=batch_id):
            name = (row["kind"], row["batch_id"])
            batches.setdefault(name, Batch(*name, row["first_put_at"], {})).counts[row["state"]] = row["mails"]
        return list(batches.values())

    def counts(self, kind: str | None = None, batch_id: str | None = None) -> dict[str, int]:
        """Count the mails in each state."""
        batches = self.batches(kind, batch_id)
        return {state: sum(batch.counts.get(state, 0) for batch in batches) for state in STATES}

    def listed(self, state: str, kind: str | None = None) -> list[Delivery]:
        """List the mails in a state, in the order of their adding."""
        rows = self.store.ask("listed", state=state, kind=kind)
        return [Delivery(**{**dict(row), "recipient": row["recipient"] or ""}) for row in rows]

    def decide(self, delivery_no: int, *, is_again: bool) -> bool:
        """Let a mail that is uncertain, bounced or failed wait again, or leave it and remove its text.

        Return False where it is in no such state, or its text is gone.
        """
        with self.store.open() as connection:
            after = "waiting" if is_again else "left"
            return move(connection, OPEN_STATES, after, delivery_no=delivery_no, next_at=now())

    def shift(self, kind: str, batch_id: str, step: Step) -> int:
        """Stop a batch, let it go on, or give up held mails; return the number of mails.

        A sender at work stops after its present mail.
        """
        before, after = STEPS[step]
        return self.store.change("shift", kind=kind, batch_id=batch_id, before=before, after=after, now=now())

    def list_recipients(self, kind: str, use: str) -> set[str]:
        """List the addresses, in small letters, to which mails for a use went or will go, while they are kept."""
        return {row["recipient"] for row in self.store.ask("recipients_of", **_bound(kind, use))}

    def has_mails_to(self, address: str) -> bool:
        """Return whether mails went, or will go, to an address in small letters."""
        return bool(self.store.ask("deliveries_to", address=address))

    @contextmanager
    def only_sender(self) -> Iterator[None]:
        """Lock the outbox for one sender; mails that a dead sender was sending become uncertain.

        Raises:
            BusyError: another sender is at work.
        """
        self.private.mkdir(mode=0o700, parents=True, exist_ok=True)
        refusal = BusyError(N_("Mails are being sent already."), N_("Wait until that has finished, then try again."))
        with locking.hold(self.private / LOCK, 0, refusal):
            with self.store.open() as connection:
                interrupted = {"kind": None, "batch_id": None, "before": "sending", "after": "uncertain"}
                change(connection, "mail/shift", now=now(), **interrupted)
                if days := Settings.from_environment().mail_days:
                    change(connection, "mail/tidy", before=now(-timedelta(days=days)))
            yield


def _bound(kind: str, use: str) -> dict[str, str]:
    """Name the bounds between which the keys of a use stand."""
    return {"prefix": f"{kind}/{use}/", "behind": f"{kind}/{use}0"}  # 0 comes after / in ASCII


def move(
    connection: sqlite3.Connection,
    before: Sequence[str],
    after: str,
    *,
    delivery_no: int | None = None,
    message_id: str | None = None,
    codes: str | None = None,
    next_at: str | None = None,
) -> bool:
    """Move one mail, by its number or its Message-ID, between states; return False where it is in none of the old ones.

    Remove the text of a mail that needs it no longer.
    """
    mail = {"delivery_no": delivery_no, "message_id": message_id, "codes": codes, "next_at": next_at}
    return change(connection, "mail/move", before=json.dumps(before), after=after, now=now(), **mail) > 0


def now(later: timedelta = timedelta()) -> str:
    """Return this moment, or one beside it, in UTC as stored: texts in the order of time."""
    return (datetime.now(UTC) + later).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class BounceCounts(NamedTuple):
    """The numbers of reports read, of mails noted as bounced, and of reports of unknown mails."""

    reports: int
    noted: int
    unknown: int


def note_bounces(outbox: Outbox, places: Iterable[Path]) -> BounceCounts:
    """Note the mails that reports of mail servers (RFC 3464) name as undeliverable for good.

    The places are saved mails, or folders of them; other mails are ignored.

    Raises:
        UserError: a file is missing or unreadable.
    """
    reports = bounced = 0
    for path in _list_files(places):
        try:
            raw = path.read_bytes() if path.stat().st_size <= LARGEST_REPORT else b""
        except OSError as error:
            raise UserError(f"{path} cannot be read: {error.strerror}.") from error
        if report := read_report(raw):
            message_id, codes = report
            with outbox.store.open() as connection:
                before = ("sent", "uncertain", "failed")
                bounced += move(connection, before, "bounced", message_id=message_id, codes=codes)
            reports += 1
    return BounceCounts(reports, bounced, reports - bounced)


def _list_files(places: Iterable[Path]) -> Iterator[Path]:
    for place in places:
        if place.is_dir():
            yield from sorted(path for path in place.rglob("*") if path.is_file())
        elif place.is_file():
            yield place
        else:
            raise UserError(f"{place} is not there.", "Name saved mails, or folders of them.")


def read_report(raw: bytes) -> tuple[str, str] | None:
    """Read a report's Message-ID and code; None for a delay, and for a mail that is no report."""
    parts = list(message_from_bytes(raw, policy=default).walk())
    states = [part.get_payload() for part in parts if part.get_content_type() == "message/delivery-status"]
    blocks = [block for state in states if isinstance(state, list) for block in state if isinstance(block, Message)]
    failed = [block for block in blocks if str(block.get("Action", "")).strip().lower() == "failed"]
    message_id = next(filter(None, map(_find_id, parts)), "")
    if not failed or not message_id:
        return None
    code = _CODE.search(str(failed[0].get("Status", "")))
    return message_id, code.group() if code else ""


def _find_id(part: Message) -> str:
    """Find the id of the mail that a part holds whole, or its headers alone."""
    kind, inner = part.get_content_type(), None
    if kind == "message/rfc822":
        payload = part.get_payload()
        inner = payload[0] if isinstance(payload, list) and payload else None
    elif kind == "text/rfc822-headers" and isinstance(part, EmailMessage):
        inner = message_from_bytes(str(part.get_content()).encode())
    return str(inner["Message-ID"] or "").strip() if isinstance(inner, Message) else ""
