"""The relay that takes mails, over one connection for many: what it says becomes taken, later, refused or unknown."""

import contextlib
import re
import smtplib
import ssl
from enum import StrEnum
from typing import NamedTuple

from dashboard import outbound
from dashboard.errors import UserError
from dashboard.i18n import N_
from dashboard.mail.addresses import read_sender
from dashboard.settings import Settings

SECONDS = 30.0
LOOPBACK = ("127.0.0.1", "::1", "localhost")
_ENHANCED = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")


class Fate(StrEnum):
    """What became of one mail at the relay."""

    TAKEN = "taken"
    LATER = "later"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class Answer(NamedTuple):
    """A mail's fate, and the relay's codes: `550 5.1.1`, never its words, which repeat the address.

    Attributes:
        is_open: Whether the connection still stands.
    """

    fate: Fate
    codes: str = ""
    is_open: bool = True


class RelayError(UserError):
    """The relay cannot be used at all; nothing was handed over."""


def is_loopback(settings: Settings) -> bool:
    """Whether the relay is on this computer."""
    return settings.smtp_host in LOOPBACK


class Connection:
    """An open connection to the relay; close it, or use it in a `with`."""

    def __init__(self, settings: Settings) -> None:
        """Connect, secure the connection and sign in.

        Raises:
            RelayError: it cannot be reached, has no TLS, is not believed, or does not know the user; or the sender is
                not set.
            UserError: the file of authorities cannot be used.
        """
        if not settings.smtp_from:
            raise RelayError(
                N_("DASHBOARD_SMTP_HOST is set, but not who the mails are from."),
                N_("Set DASHBOARD_SMTP_FROM, as: 2021 Actions <news@your-organisation.org>"),
            )
        self._sender = read_sender(settings.smtp_from).addr_spec
        place = settings.smtp_host, settings.smtp_port
        server = f"{place[0]}:{place[1]}"
        context = outbound.make_tls(settings.ca_file)
        try:
            if settings.smtp_security == "tls":
                self._smtp: smtplib.SMTP = smtplib.SMTP_SSL(*place, timeout=SECONDS, context=context)
            else:
                self._smtp = smtplib.SMTP(*place, timeout=SECONDS)
            if settings.smtp_security == "starttls":
                self._smtp.starttls(context=context)
            self._smtp.ehlo_or_helo_if_needed()
            if settings.smtp_user:
                self._smtp.login(settings.smtp_user, settings.smtp_password)
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

    def __enter__(self) -> "Connection":
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Say goodbye, where anybody still listens."""
        with contextlib.suppress(smtplib.SMTPException, OSError):
            self._smtp.quit()
        self._smtp.close()

    def hand_over(self, recipient: str, message: bytes) -> Answer:
        """Hand one mail over. Only what breaks off after its content began to be sent is of unknown fate."""
        try:
            self._smtp.mail(self._sender)
            code, reply = self._smtp.rcpt(recipient)
            if code >= 400:
                return self._refused(code, reply)
        except smtplib.SMTPResponseException as error:
            return self._refused(error.smtp_code, error.smtp_error)
        except (smtplib.SMTPException, OSError):
            return Answer(Fate.LATER, is_open=False)
        try:
            code, reply = self._smtp.data(message)
        except smtplib.SMTPDataError as error:  # it did not want the content to be sent
            return self._refused(error.smtp_code, error.smtp_error)
        except (smtplib.SMTPException, OSError):
            return Answer(Fate.UNKNOWN, is_open=False)
        return Answer(Fate.TAKEN, _read_codes(code, reply)) if code < 400 else self._refused(code, reply)

    def _refused(self, code: int, reply: bytes | str) -> Answer:
        is_open = code != 421
        with contextlib.suppress(smtplib.SMTPException, OSError):
            is_open = is_open and self._smtp.rset()[0] < 400
        return Answer(Fate.REFUSED if code >= 500 else Fate.LATER, _read_codes(code, reply), is_open)


def _read_codes(code: int, reply: bytes | str) -> str:
    text = reply.decode("ascii", "replace") if isinstance(reply, bytes) else str(reply)
    enhanced = _ENHANCED.search(text)
    return f"{code} {enhanced.group(1)}" if enhanced else str(code)
