"""Hand mails of the outbox to the relay, one after the other; without a relay, write them as files.

Mails to reserved addresses never go to a relay elsewhere, so that a sample's readers get files too. No log or message
repeats an address, nor the relay's words, which hold it.
"""

import contextlib
import logging
import re
import smtplib
import sqlite3
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from dashboard import outbound
from dashboard.errors import UserError
from dashboard.ground.files.writing import PRIVATE, write_file
from dashboard.ground.logs import request_id
from dashboard.ground.query_files import read_sql_file
from dashboard.i18n import N_
from dashboard.mail.addresses import is_reserved, read_sender
from dashboard.mail.outbox import CONFIRMATION, Outbox, move, now
from dashboard.settings import Settings

LOG = logging.getLogger(__name__)
FOLDER = "mails"
PUT_OFF = tuple(timedelta(minutes=minutes) for minutes in (5, 30, 120, 480, 1440))
"""The waiting time of a mail after each delay; after the last, it has failed."""
SECONDS = 30.0
LOOPBACK = ("127.0.0.1", "::1", "localhost")
_ENHANCED = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")

Tell = Callable[[int, int], object]
"""Called after each mail: how many are done, of how many."""


class RelayError(UserError):
    """The relay cannot be used at all; no mail was handed over."""


def is_loopback(settings: Settings) -> bool:
    """Return whether the relay is on this computer."""
    return settings.smtp_host in LOOPBACK


class Relay:
    """The relay, over one connection for a portion of mails, at the pace that it allows; use it in a `with`."""

    def __init__(self, settings: Settings) -> None:
        """Keep the settings; open nothing yet."""
        self._settings = settings
        self._smtp: smtplib.SMTP | None = None
        self._handed = 0
        self._last = 0.0

    def __enter__(self) -> "Relay":
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connection."""
        self._close()

    def open(self) -> smtplib.SMTP:
        """Open the connection for the next mail, secured and signed in.

        Raises:
            RelayError: it cannot be reached, has no TLS, is not trusted, or refuses the user; or the sender is not set.
            UserError: the file of authorities cannot be used.
        """
        if self._handed >= self._settings.smtp_portion:
            self._close()
        if self._smtp is None:
            self._smtp, self._handed = self._connect(), 0
        if self._settings.smtp_per_minute:
            time.sleep(max(0.0, self._last + 60 / self._settings.smtp_per_minute - time.monotonic()))
            self._last = time.monotonic()
        self._handed += 1
        return self._smtp

    def _connect(self) -> smtplib.SMTP:
        settings = self._settings
        if not settings.smtp_from:
            raise RelayError(
                N_("DASHBOARD_SMTP_HOST is set, but not who the mails are from."),
                N_("Set DASHBOARD_SMTP_FROM, as: 2021 Actions <news@your-organisation.org>"),
            )
        read_sender(settings.smtp_from)
        place = settings.smtp_host, settings.smtp_port
        server = f"{place[0]}:{place[1]}"
        context = outbound.make_tls(settings.ca_file)
        try:
            if settings.smtp_security == "tls":
                smtp: smtplib.SMTP = smtplib.SMTP_SSL(*place, timeout=SECONDS, context=context)
            else:
                smtp = smtplib.SMTP(*place, timeout=SECONDS)
            if settings.smtp_security == "starttls":
                smtp.starttls(context=context)
            smtp.ehlo_or_helo_if_needed()
            if settings.smtp_user:
                smtp.login(settings.smtp_user, settings.smtp_password)
        except smtplib.SMTPAuthenticationError:
            raise RelayError(
                N_("The mail server does not accept the user and password."),
                N_("Correct DASHBOARD_SMTP_USER and DASHBOARD_SMTP_PASSWORD."),
            ) from None
        except ssl.SSLCertVerificationError as error:
            fault = outbound.explain(error, server)
            raise RelayError(fault.what, fault.remedy) from None
        except (smtplib.SMTPException, OSError) as error:
            raise RelayError(
                f"The mail server {server} cannot be used ({type(error).__name__}).",
                "Look at DASHBOARD_SMTP_HOST, DASHBOARD_SMTP_PORT and DASHBOARD_SMTP_SECURITY; what waits is kept.",
            ) from None
        return smtp

    def _close(self) -> None:
        """Close the connection politely, where the relay still listens."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                smtp.quit()
            smtp.close()

    def hand_over(self, smtp: smtplib.SMTP, recipient: str, message: bytes) -> tuple[str, str]:
        """Hand one mail over: return its new state in the outbox, and the relay's codes, as `550 5.1.1`.

        Only a break after the content's first byte is uncertain.
        """
        try:
            smtp.mail(read_sender(self._settings.smtp_from).addr_spec)
            code, reply = smtp.rcpt(recipient)
        except smtplib.SMTPResponseException as error:
            return self._refuse(smtp, error.smtp_code, error.smtp_error)
        except (smtplib.SMTPException, OSError):
            self._close()
            return "waiting", ""
        if code >= 400:
            return self._refuse(smtp, code, reply)
        try:
            code, reply = smtp.data(message)
        except smtplib.SMTPDataError as error:  # it refused the content before it was sent
            return self._refuse(smtp, error.smtp_code, error.smtp_error)
        except (smtplib.SMTPException, OSError):
            self._close()
            return "uncertain", ""
        return ("sent", _read_codes(code, reply)) if code < 400 else self._refuse(smtp, code, reply)

    def _refuse(self, smtp: smtplib.SMTP, code: int, reply: bytes | str) -> tuple[str, str]:
        is_open = False
        with contextlib.suppress(smtplib.SMTPException, OSError):
            is_open = code != 421 and smtp.rset()[0] < 400
        if not is_open:
            self._close()
        return "bounced" if code >= 500 else "waiting", _read_codes(code, reply)


def _read_codes(code: int, reply: bytes | str) -> str:
    text = reply.decode("ascii", "replace") if isinstance(reply, bytes) else str(reply)
    enhanced = _ENHANCED.search(text)
    return f"{code} {enhanced.group(1)}" if enhanced else str(code)


@dataclass
class Outcome:
    """The result of one run of the sender: mails by their new state, and the folder of those that became files.

    `stopped` is the reason for an early stop; empty for none.
    """

    counts: dict[str, int] = field(default_factory=dict)
    folder: Path | None = None
    stopped: str = ""

    @property
    def done(self) -> int:
        """The number of all finished mails."""
        return sum(self.counts.values())

    def describe(self) -> dict[str, object]:
        """Describe it as the report of a worker."""
        return {"counts": self.counts, "stopped": self.stopped, "folder": str(self.folder or "")}


def send(
    outbox: Outbox,
    settings: Settings,
    *,
    kind: str | None = None,
    batch_id: str | None = None,
    most: int | None = None,
    tell: Tell = lambda _done, _total: None,
) -> Outcome:
    """Send the mails that are due: all, or one kind or batch and confirmations, or so many at most.

    Raises:
        BusyError: another sender is at work.
        RelayError: the relay cannot be used; no mail was handed over.
    """
    chosen = {"kind": kind, "batch_id": batch_id, "urgent": CONFIRMATION}
    outcome = Outcome()
    with outbox.only_sender(), outbox.store.open() as store, Relay(settings) as relay:
        while not outcome.stopped and (most is None or outcome.done < most):
            row = store.execute(read_sql_file("mail/next"), {**chosen, "now": now()}).fetchone()
            if row is None:  # none is left, or somebody holds them back
                break
            total = outcome.done + row["due"]
            try:
                if not settings.smtp_host or (is_reserved(row["recipient"]) and not is_loopback(settings)):
                    outcome.folder = outbox.private / FOLDER
                    _write(row, outcome.folder / row["batch_id"])
                    _settle(store, outcome, row, "written", "")
                else:
                    smtp = relay.open()
                    if move(store, ("waiting",), "sending", delivery_no=row["delivery_no"]):
                        _settle(store, outcome, row, *relay.hand_over(smtp, row["recipient"], row["message"]))
            except RelayError as error:
                if not outcome.done:
                    raise
                outcome.stopped = str(error)  # waiting mails stay for the next run
            tell(outcome.done, total if most is None else min(most, total))
    LOG.info("Mails: %s", outcome.counts)
    return outcome


def _write(row: sqlite3.Row, folder: Path) -> None:
    """Write the mail as a file for mail programs; writing it again makes the same file."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        write_file(folder / f"{row['delivery_no']:06}.eml", row["message"], PRIVATE, is_durable=False)
    except OSError as error:
        raise UserError(f"Mails cannot be written to {folder}: {error.strerror}.", "Make room there.") from error


def _settle(store: sqlite3.Connection, outcome: Outcome, row: sqlite3.Row, state: str, codes: str) -> None:
    """Note the result for a mail: a delayed one waits, or has failed."""
    wait = timedelta()
    if state == "waiting":
        attempts = row["attempts"]
        state, wait = (state, PUT_OFF[attempts]) if attempts < len(PUT_OFF) else ("failed", wait)
    before = ("waiting", "sending")
    move(store, before, state, delivery_no=row["delivery_no"], codes=codes, next_at=now(wait))
    outcome.counts[state] = outcome.counts.get(state, 0) + 1
    if state == "uncertain":  # where lines break, each further mail might become uncertain too
        outcome.stopped = "The connection to the mail server broke while a mail was being sent."


_one_waits, _one_sends = threading.Lock(), threading.Lock()


def send_confirmations(settings: Settings) -> threading.Thread | None:
    """Send confirmations beside the server, by a thread that only waits for the mail server.

    Return the thread; None where one waits already, which takes these mails too.
    """
    if not _one_waits.acquire(blocking=False):
        return None
    thread = threading.Thread(
        target=_send_in_turn, args=(settings, request_id.current()), name="confirmations", daemon=True
    )
    thread.start()
    return thread


def _send_in_turn(settings: Settings, for_request: str) -> None:
    request_id.adopt(for_request)
    with _one_sends:
        _one_waits.release()
        try:
            send(Outbox(settings.campaign / "private"), settings, kind=CONFIRMATION)
        except UserError as error:  # another sender takes them, or the next one
            LOG.warning("Confirmations wait: %s", error)
        except Exception as error:  # its words might hold an address
            LOG.error("Confirmations could not be sent: %s", type(error).__name__)
