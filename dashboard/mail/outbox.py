"""The outbox: every mail that is to be delivered, where it stands, and nobody twice.

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

import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from itertools import islice
from pathlib import Path

from dashboard.campaign.private_store import Store, change
from dashboard.errors import BusyError
from dashboard.ground.files import locking
from dashboard.i18n import N_
from dashboard.settings import Settings

STATES = ("waiting", "held", "sending", "sent", "written", "uncertain", "bounced", "failed", "left")
OPEN_STATES = ("uncertain", "bounced", "failed")
"""Those that staff decide about."""
URGENT = "confirmation"
"""The kind of mails that somebody sits and waits for: every sender takes them, and first."""
LOCK = "mail.lock"
PUT_AT_ONCE = 50
_BATCH_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,79}")


@dataclass(frozen=True)
class Delivery:
    """One mail to one recipient, as it stands; `recipient` is empty once it is no longer needed."""

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
    """What was put together, and how many of it stand where."""

    kind: str
    batch_id: str
    put_at: str
    changed_at: str
    counts: dict[str, int]

    @property
    def mails(self) -> int:
        """All of them."""
        return sum(self.counts.values())


class Outbox:
    """The deliveries in `private/mail.sqlite`."""

    def __init__(self, private: Path) -> None:
        """Point at the campaign's private folder; nothing is made before something is put."""
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
        is_held: bool = False,
        connection: sqlite3.Connection | None = None,
    ) -> bool:
        """Add a mail; gives False, and changes nothing, where its key is there already.

        Args:
            kind: What sort of mail, as `newsletter`; states and lists can be asked by it.
            batch_id: What it was put together with; letters, digits and hyphens, for it names a folder too.
            recipient: The plain address.
            message: As `message.make_mail` gives it.
            key: What nobody may get twice, such as a digest's id and a subscriber's; it should hold no address.
            is_held: Whether it waits for `go_on`, until its batch is complete.
            connection: Of a transaction in which it counts, where it does not count by itself.

        Raises:
            ValueError: the batch's id cannot name a folder.
        """
        return self.put_all(kind, batch_id, [(recipient, message, key)], is_held=is_held, connection=connection) == 1

    def put_all(
        self,
        kind: str,
        batch_id: str,
        mails: Iterable[tuple[str, bytes, str]],
        *,
        is_held: bool = False,
        connection: sqlite3.Connection | None = None,
    ) -> int:
        """Add many mails, each as recipient, message and key, as `put` does; gives how many of them are new.

        They are written a portion at a time, so that neither memory nor the disk is asked for more than it takes.

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
                    values = {"recipient": recipient, "message": message, "message_id": _find_id(message)}
                    added += change(transaction, "mail/put", key=f"{kind}/{key}", now=now(), **shared, **values)
        return added

    def batches(self, kind: str | None = None, batch_id: str | None = None) -> list[Batch]:
        """What was put, the oldest first, with counts by state."""
        batches: dict[tuple[str, str], Batch] = {}
        for row in self.store.ask("counts", kind=kind, batch_id=batch_id):
            name = (row["kind"], row["batch_id"])
            before = batches.get(name, Batch(*name, row["first_put_at"], row["last_changed_at"], {}))
            changed_at = max(before.changed_at, row["last_changed_at"])
            batches[name] = Batch(*name, before.put_at, changed_at, before.counts | {row["state"]: row["mails"]})
        return list(batches.values())

    def counts(self, kind: str | None = None, batch_id: str | None = None) -> dict[str, int]:
        """How many mails stand in each state."""
        counts = dict.fromkeys(STATES, 0)
        for batch in self.batches(kind, batch_id):
            for state, mails in batch.counts.items():
                counts[state] += mails
        return counts

    def listed(self, state: str, kind: str | None = None) -> list[Delivery]:
        """The mails in a state, in the order in which they were put."""
        rows = self.store.ask("listed", state=state, kind=kind)
        return [Delivery(**{**dict(row), "recipient": row["recipient"] or ""}) for row in rows]

    def send_again(self, delivery_no: int) -> bool:
        """Let a mail that is uncertain, bounced or failed wait again; False where it is not, or no longer there."""
        return self.store.change("decide", delivery_no=delivery_no, state="waiting", now=now()) == 1

    def leave(self, delivery_no: int) -> bool:
        """Let it rest: it is not sent, and its text is removed."""
        return self.store.change("decide", delivery_no=delivery_no, state="left", now=now()) == 1

    def hold(self, kind: str, batch_id: str) -> int:
        """Stop a batch: what waits is held; a sender at work stops after the mail it is at. Gives the mails."""
        return self._shift(kind, batch_id, "waiting", "held")

    def go_on(self, kind: str, batch_id: str) -> int:
        """Let what is held wait again; gives the mails."""
        return self._shift(kind, batch_id, "held", "waiting")

    def give_up(self, kind: str, batch_id: str) -> int:
        """Remove what is held: it is not sent. Gives the mails."""
        return self._shift(kind, batch_id, "held", "left")

    def _shift(self, kind: str, batch_id: str, before: str, after: str) -> int:
        return self.store.change("shift", kind=kind, batch_id=batch_id, before=before, after=after, now=now())

    def note_bounce(self, message_id: str, codes: str) -> bool:
        """Note that a mail came back later, by the id that it had; False where none is known by it."""
        return self.store.change("bounce", message_id=message_id, codes=codes, now=now()) > 0

    def count_to(self, address: str) -> int:
        """How many mails went, or are to go, to an address in small letters."""
        return sum(row["mails"] for row in self.store.ask("count_deliveries_to", address=address))

    def forget(self, address: str) -> int:
        """Remove address and text of a person's mails; what waits is not sent. Gives their number."""
        return self.store.change("forget_deliveries", address=address, now=now())

    @contextmanager
    def only_sender(self) -> Iterator[None]:
        """Hold the outbox for one sender; what a sender that is gone was at becomes uncertain.

        Raises:
            BusyError: another sender is at work.
        """
        self.private.mkdir(mode=0o700, parents=True, exist_ok=True)
        refusal = BusyError(N_("Mails are being sent already."), N_("Wait until that has finished, then try again."))
        with locking.hold(self.private / LOCK, 0, refusal):
            with self.store.open() as connection:
                change(connection, "mail/left_open", now=now())
                if days := Settings.from_environment().mail_days:
                    change(connection, "mail/tidy", before=now(-timedelta(days=days)))
            yield


def _find_id(message: bytes) -> str:
    return str(message_from_bytes(message[: message.find(b"\r\n\r\n")])["Message-ID"] or "")


def now(later: timedelta = timedelta()) -> str:
    """This moment, or one beside it, in UTC as it is stored: texts in the order of time."""
    return (datetime.now(UTC) + later).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
