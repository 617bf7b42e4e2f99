"""E-mail addresses: valid ones, and those for examples, which reach nobody."""

import re
from contextlib import suppress
from email.headerregistry import Address
from email.utils import parseaddr

from dashboard.errors import UserError
from dashboard.i18n import N_

LONGEST = 254
"""Characters of an address, by RFC 5321."""
RESERVED = ("example", "invalid", "test", "localhost", "example.org", "example.com", "example.net")
"""Domains reserved for examples (RFC 2606, RFC 6761): nobody reads mail there."""

_PLAIN = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?",
    re.IGNORECASE,
)


def check_address(text: str) -> str:
    """Return a plain address in small letters, all ASCII: the form for sending and comparing.

    Its domain is in the form of mail servers: `name@café.example` has an `xn--` domain.

    Raises:
        UserError: the text is no address, or relays do not accept it as it is (spaces, quotes, other letters).
    """
    plain = text.strip()
    name, at, domain = plain.rpartition("@")
    if not domain.isascii():
        with suppress(UnicodeError):
            plain = f"{name}{at}{domain.encode('idna').decode('ascii')}"
    if len(plain) > LONGEST or not _PLAIN.fullmatch(plain) or len(plain.partition("@")[0]) > 64:
        raise UserError(N_("That is no e-mail address."), N_("Write it as name@example.org."))
    return plain.lower()


def read_sender(text: str) -> Address:
    """Read the sender of a setting: an address, or a name and the address in angle brackets.

    Raises:
        UserError: it is neither.
    """
    name, plain = parseaddr(text)
    if any(ord(char) < 32 for char in text) or not _PLAIN.fullmatch(plain):
        raise UserError(
            "DASHBOARD_SMTP_FROM is no sender of mails.", "Write it as: 2021 Actions <news@your-organisation.org>"
        )
    return Address(name, addr_spec=plain)


def is_reserved(address: str) -> bool:
    """Return whether an address is an example's, which reaches nobody."""
    domain = address.rpartition("@")[2].lower().rstrip(".")
    return any(domain == name or domain.endswith(f".{name}") for name in RESERVED)
