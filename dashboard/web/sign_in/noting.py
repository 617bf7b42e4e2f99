"""Signing in and out in the audit log: who, and of wrong passwords how many from where, by a pseudonym and never all.

The first, second, fourth, eighth … mistake of a client are recorded, so that somebody who guesses fills no disk.
"""

import hashlib
import hmac
import logging
import threading
from collections import OrderedDict

from dashboard.access.rights import STRANGER, Person
from dashboard.audit.events import Event
from dashboard.audit.log import AuditError, record
from dashboard.campaign.private_keys import read_key
from dashboard.settings import Settings

LOG = logging.getLogger(__name__)
KEY_FILE = "audit_key.txt"
MOST_CLIENTS = 10_000
LETTERS = 12


class Mistakes:
    """How often each client was wrong since this process started, as far as it remembers."""

    def __init__(self) -> None:
        """Nobody was."""
        self._counts: OrderedDict[str, int] = OrderedDict()
        self._lock = threading.Lock()

    def count(self, client: str) -> int:
        """One more mistake; gives how many there are."""
        with self._lock:
            self._counts[client] = count = self._counts.pop(client, 0) + 1
            if len(self._counts) > MOST_CLIENTS:
                self._counts.popitem(last=False)
            return count


_mistakes = Mistakes()


def note_sign_in(settings: Settings, person: Person) -> None:
    """Record that somebody signs in; call it before their session begins.

    Raises:
        AuditError: it cannot be recorded.
    """
    record(settings.campaign, person, Event.SIGNED_IN)


def note_sign_out(settings: Settings, person: Person) -> None:
    """Record that somebody signed out; who wants to leave is never held back."""
    try:
        record(settings.campaign, person, Event.SIGNED_OUT)
    except AuditError as error:
        LOG.error("A sign-out is not recorded: %s", error)


def note_mistake(settings: Settings, client: str) -> None:
    """Record a wrong password, as long as that says something new; the answer to it does not wait on it."""
    tries = _mistakes.count(client)
    if tries & (tries - 1):
        return
    try:
        name = name_client(settings, client)
        record(settings.campaign, STRANGER, Event.SIGN_IN_FAILED, name, client=name, tries=tries)
    except (AuditError, OSError) as error:
        LOG.error("A failed sign-in is not recorded: %s", error)


def name_client(settings: Settings, client: str) -> str:
    """A name for where somebody asks from, always the same; without the key nobody finds the address from it."""
    key = read_key(settings.campaign / "private", KEY_FILE).encode("ascii")
    return hmac.new(key, client.encode("utf-8"), hashlib.sha256).hexdigest()[:LETTERS]
