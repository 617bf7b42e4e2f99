"""Mails of the outbox handed to the relay, one after the other; without a relay they become files.

Addresses that are kept for examples are never handed to a relay elsewhere, so that a sample's readers get files too.
No address is logged or told.
"""

import logging
import sqlite3
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from dashboard.campaign.private_store import change
from dashboard.errors import UserError
from dashboard.ground.files.writing import PRIVATE, write_file
from dashboard.mail.addresses import is_reserved
from dashboard.mail.outbox import URGENT, Outbox, now
from dashboard.mail.relay import Answer, Connection, Fate, RelayError, is_loopback
from dashboard.queries import query_text
from dashboard.settings import Settings

LOG = logging.getLogger(__name__)
FOLDER = "mails"
PUT_OFF = tuple(timedelta(minutes=minutes) for minutes in (5, 30, 120, 480, 1440))
"""How long a mail waits after each time it was put off; after the last it has failed."""

Tell = Callable[[int, int], object]
"""Told after each mail: how many are done, of how many."""


@dataclass
class Outcome:
    """What one run of the sender did.

    Attributes:
        counts: Mails by what became of them: sent, written, waiting (put off), bounced, failed, uncertain.
        folder: Where files were written; None where none was.
        stopped: Why it stopped before all were done, in a sentence; empty where it did not.
    """

    counts: dict[str, int] = field(default_factory=dict)
    folder: Path | None = None
    stopped: str = ""

    @property
    def done(self) -> int:
        """All that were worked on."""
        return sum(self.counts.values())


def send(
    outbox: Outbox,
    settings: Settings,
    *,
    kind: str | None = None,
    batch_id: str | None = None,
    most: int | None = None,
    tell: Tell = lambda _done, _total: None,
) -> Outcome:
    """Send what waits and whose time has come.

    Args:
        outbox: Where they are.
        settings: The relay, portions and pace.
        kind: Only mails of this kind; confirmations, for which somebody waits, go with any.
        batch_id: Only those of this batch.
        most: No more than these in this run.
        tell: Told after each mail.

    Raises:
        BusyError: another sender is at work.
        RelayError: the relay cannot be used; nothing was handed over.
    """
    chosen = {"kind": kind, "batch_id": batch_id, "urgent": URGENT}
    with outbox.only_sender(), outbox.store.open() as connection, ExitStack() as stack:
        sender = _Sender(outbox, settings, connection, stack)
        while not sender.outcome.stopped and (most is None or sender.outcome.done < most):
            row = connection.execute(query_text("mail/next"), {**chosen, "now": now()}).fetchone()
            if row is None:  # none is left, or somebody holds them back
                break
            try:
                sender.send(row)
            except RelayError as error:
                if not sender.outcome.done:
                    raise
                sender.outcome.stopped = str(error)  # what waits is kept, and is sent by the next run
            due = connection.execute(query_text("mail/due"), {**chosen, "now": now()}).fetchone()["mails"]
            total = sender.outcome.done + due
            tell(sender.outcome.done, total if most is None else min(most, total))
        LOG.info("Mails: %s", sender.outcome.counts)
        return sender.outcome


class _Sender:
    """One run: the connection that is open, and what was done."""

    def __init__(self, outbox: Outbox, settings: Settings, connection: sqlite3.Connection, stack: ExitStack) -> None:
        self.outcome = Outcome()
        self._outbox, self._settings, self._store, self._stack = outbox, settings, connection, stack
        self._relay: Connection | None = None
        self._handed = 0
        self._last = 0.0

    def send(self, row: sqlite3.Row) -> None:
        if not self._settings.smtp_host or (is_reserved(row["recipient"]) and not is_loopback(self._settings)):
            self._write(row)
            return
        relay = self._connect()
        if change(self._store, "mail/begin", delivery_no=row["delivery_no"], now=now()):
            self._note(row, relay.hand_over(row["recipient"], row["message"]))

    def _connect(self) -> Connection:
        """The open connection, anew after each portion; at the pace that the relay allows."""
        if self._relay is not None and self._handed >= self._settings.smtp_portion:
            self._close()
        if self._relay is None:
            self._relay = self._stack.enter_context(Connection(self._settings))
            self._handed = 0
        if self._settings.smtp_per_minute:
            time.sleep(max(0.0, self._last + 60 / self._settings.smtp_per_minute - time.monotonic()))
            self._last = time.monotonic()
        self._handed += 1
        return self._relay

    def _close(self) -> None:
        self._stack.close()
        self._relay = None

    def _note(self, row: sqlite3.Row, answer: Answer) -> None:
        state, wait = _decide(answer, row["attempts"])
        self._settle(row, state, answer.codes, wait)
        if not answer.is_open:
            self._close()
        if answer.fate is Fate.UNKNOWN:  # where lines break, each further mail might become uncertain too
            self.outcome.stopped = "The connection to the mail server broke while a mail was being sent."

    def _write(self, row: sqlite3.Row) -> None:
        """Write the mail as a file that mail programs open; written again it is the same file."""
        folder = self._outbox.private / FOLDER / row["batch_id"]
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            write_file(folder / f"{row['delivery_no']:06}.eml", row["message"], PRIVATE, is_durable=False)
        except OSError as error:
            raise UserError(f"Mails cannot be written to {folder}: {error.strerror}.", "Make room there.") from error
        self._settle(row, "written", "")
        self.outcome.folder = self._outbox.private / FOLDER

    def _settle(self, row: sqlite3.Row, state: str, codes: str, wait: timedelta = timedelta()) -> None:
        values = {"state": state, "codes": codes, "next_at": now(wait), "now": now()}
        change(self._store, "mail/settle", delivery_no=row["delivery_no"], **values)
        self.outcome.counts[state] = self.outcome.counts.get(state, 0) + 1


def _decide(answer: Answer, attempts: int) -> tuple[str, timedelta]:
    """The state that a mail takes after an answer, and how long it waits."""
    if answer.fate is Fate.LATER:
        return ("waiting", PUT_OFF[attempts]) if attempts < len(PUT_OFF) else ("failed", timedelta())
    states = {Fate.TAKEN: "sent", Fate.REFUSED: "bounced", Fate.UNKNOWN: "uncertain"}
    return states[answer.fate], timedelta()
