"""Signing in and out in the audit log: who, and of wrong passwords how many from where, by a pseudonym and never all.

The first, second, fourth, eighth … mistake of a client are recorded, and of a network around it, once it has made some,
these alone, so that somebody who guesses fills no disk.
"""

import hashlib
import hmac
import logging
import threading

from cachetools import LRUCache

from dashboard.access.budgets import widen
from dashboard.access.rights import STRANGER, Person
from dashboard.audit.events import Event
from dashboard.audit.log import AuditError, record
from dashboard.campaign.private_store import read_key
from dashboard.settings import Settings

LOG = logging.getLogger(__name__)
KEY_FILE = "audit_key.txt"
MOST_CLIENTS = 10_000
LETTERS = 12
RECORDED = 4
"""Mistakes of a network that are recorded each, for each budget that it has."""


class Mistakes:
    """How often each client was wrong since this process started, and all in each network around it."""

    def __init__(self) -> None:
        """Nobody was."""
        self._counts = LRUCache[str, int](MOST_CLIENTS)
        self._lock = threading.Lock()

    def count(self, client: str) -> tuple[int, bool]:
        """One more mistake; gives how many the client has made, and whether that is worth recording."""
        narrowest, *wider = widen(client)
        with self._lock:
            tries = self._add(narrowest.network)
            counts = [(self._add(share.network), RECORDED * share.budgets) for share in wider]
        return tries, _is_power(tries) and all(count <= most or _is_power(count) for count, most in counts)

    def _add(self, network: str) -> int:
        self._counts[network] = count = self._counts.get(network, 0) + 1
        return count


def _is_power(count: int) -> bool:
    """Whether it is 1, 2, 4, 8 and so on."""
    return not count & (count - 1)


_mistakes = Mistakes()


def note_sign_out(settings: Settings, person: Person) -> None:
    """Record that somebody signed out; who wants to leave is never held back."""
    try:
        record(settings.campaign, person, Event.SIGNED_OUT)
    except AuditError as error:
        LOG.error("A sign-out is not recorded: %s", error)


def note_mistake(settings: Settings, client: str) -> None:
    """Record a wrong password, as long as that says something new; the answer to it does not wait on it."""
    tries, is_news = _mistakes.count(client)
    if not is_news:
        return
    try:
        name = write_pseudonym(settings, client)
        record(settings.campaign, STRANGER, Event.SIGN_IN_FAILED, name, client=name, tries=tries)
    except (AuditError, OSError) as error:
        LOG.error("A failed sign-in is not recorded: %s", error)


def write_pseudonym(settings: Settings, client: str) -> str:
    """A name for where somebody asks from, always the same; without the key nobody finds the address from it."""
    key = read_key(settings.campaign / "private", KEY_FILE).encode("ascii")
    return hmac.new(key, client.encode("utf-8"), hashlib.sha256).hexdigest()[:LETTERS]
