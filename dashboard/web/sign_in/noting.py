"""Record signing in and out in the audit log; of wrong passwords a few, each with its number and a pseudonym.

Recorded are the first, second, fourth, eighth … mistake of a client, and of a network around it once it has made some,
so that somebody who guesses fills no disk.
"""

import hashlib
import hmac
import logging
import threading

from cachetools import LRUCache

from dashboard.access.audit.events import Event
from dashboard.access.audit.log import AuditError, record
from dashboard.access.rights import STRANGER, Person
from dashboard.ground.budgets import widen
from dashboard.ground.files.private_store import read_key
from dashboard.settings import Settings

LOG = logging.getLogger(__name__)
KEY_FILE = "audit_key.txt"
MOST_CLIENTS = 10_000
LETTERS = 12
RECORDED = 4
"""Mistakes of a network that are recorded each, for each budget that it has."""


class Mistakes:
    """Counts the mistakes of each client since this process started, and of each network around it."""

    def __init__(self) -> None:
        """Start without mistakes."""
        self._counts = LRUCache[str, int](MOST_CLIENTS)
        self._lock = threading.Lock()

    def count(self, client: str) -> tuple[int, bool]:
        """Count one more mistake; return how many the client has made, and whether this one is worth recording."""
        narrowest, *wider = widen(client)
        with self._lock:
            tries = self._add(narrowest.network)
            counts = [(self._add(share.network), RECORDED * share.budgets) for share in wider]
        return tries, _is_power(tries) and all(count <= most or _is_power(count) for count, most in counts)

    def _add(self, network: str) -> int:
        self._counts[network] = count = self._counts.get(network, 0) + 1
        return count


def _is_power(count: int) -> bool:
    """Whether a count is 1, 2, 4, 8 and so on."""
    return not count & (count - 1)


_mistakes = Mistakes()


def note_sign_out(settings: Settings, person: Person) -> None:
    """Record that somebody signed out; a fault of the log does not keep them from leaving."""
    try:
        record(settings.campaign, person, Event.SIGNED_OUT)
    except AuditError as error:
        LOG.error("A sign-out is not recorded: %s", error)


def note_mistake(settings: Settings, client: str) -> None:
    """Record a wrong password if it adds something new; the answer to it does not wait for that."""
    tries, is_news = _mistakes.count(client)
    if not is_news:
        return
    try:
        # Without the key nobody can find the address from its pseudonym.
        key = read_key(settings.campaign / "private", KEY_FILE).encode("ascii")
        name = hmac.new(key, client.encode("utf-8"), hashlib.sha256).hexdigest()[:LETTERS]
        record(settings.campaign, STRANGER, Event.SIGN_IN_FAILED, name, client=name, tries=tries)
    except (AuditError, OSError) as error:
        LOG.error("A failed sign-in is not recorded: %s", error)
