"""Who may open the staff pages: everyone on one's own computer, those who know the password, or nobody.

What a request's headers claim is never asked: anybody can write them. Wrong passwords are counted once for the
whole process, since whoever guesses can open as many sessions as they like.
"""

import hashlib
import hmac
import threading
import time
from collections.abc import Callable
from enum import StrEnum
from functools import cache

from dashboard.errors import UserError
from dashboard.i18n import N_
from dashboard.settings import Settings

FREE_TRIES = 5
LONGEST_WAIT = 120.0
FORGOTTEN_AFTER = 1800.0


class Gate(StrEnum):
    """How the staff pages are opened."""

    OPEN = "open"
    PASSWORD = "password"  # noqa: S105  (the kind of gate)
    CLOSED = "closed"


class AccessError(UserError):
    """The password is wrong, or it is too early for another try."""


def gate(settings: Settings) -> Gate:
    """How the staff pages are opened under these settings; a password rules over `DASHBOARD_STAFF=open`."""
    if settings.staff_password:
        return Gate.PASSWORD
    return Gate.OPEN if settings.staff_is_open else Gate.CLOSED


class Door:
    """Looks at passwords, slower and slower after wrong ones."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Nobody has tried yet; `clock` gives seconds."""
        self._clock = clock
        self._lock = threading.Lock()
        self._wrong = 0
        self._last_wrong = 0.0

    def wait(self) -> float:
        """Seconds until a password is looked at again; 0 where one is looked at now."""
        with self._lock:
            return self._wait()

    def check(self, given: str, password: str) -> None:
        """Compare a password with the one that is set, in constant time.

        Raises:
            AccessError: it is wrong, or comes before the wait is over.
        """
        with self._lock:  # one at a time, so that many at once are no way around the count
            if self._wait() > 0:
                raise AccessError(N_("Too many wrong passwords were given."), N_("Wait two minutes, then try again."))
            if password and hmac.compare_digest(_digest(given), _digest(password)):
                self._wrong = 0
                return
            self._wrong += 1
            self._last_wrong = self._clock()
        raise AccessError(N_("This is not the password."), N_("Ask the operator of the dashboard for it."))

    def _wait(self) -> float:
        since = self._clock() - self._last_wrong
        if since > FORGOTTEN_AFTER:
            self._wrong = 0
        if self._wrong < FREE_TRIES:
            return 0.0
        return max(0.0, min(LONGEST_WAIT, 2.0 ** min(self._wrong - FREE_TRIES + 1, 30)) - since)


class _Admitted:
    """The sessions that may hand files to the server: those that have opened a staff page."""

    def __init__(self, most: int = 1000) -> None:
        self._most = most
        self._sessions: dict[str, None] = {}
        self._lock = threading.Lock()

    def add(self, session_id: str) -> None:
        with self._lock:
            self._sessions.pop(session_id, None)
            self._sessions[session_id] = None
            while len(self._sessions) > self._most:  # the one that has not been seen for longest
                del self._sessions[next(iter(self._sessions))]

    def remove(self, session_id: str) -> None:
        with self._lock:
            self._sessions.pop(session_id, None)

    def __contains__(self, session_id: str) -> bool:
        return session_id in self._sessions


_admitted = _Admitted()


def admit(session_id: str) -> None:
    """Let a session hand files to the server; called where it has opened a staff page."""
    _admitted.add(session_id)


def dismiss(session_id: str) -> None:
    """Take that back."""
    _admitted.remove(session_id)


def is_admitted(session_id: str) -> bool:
    """Whether a session may hand files to the server."""
    return session_id in _admitted


@cache
def default_door() -> Door:
    """The door of this process."""
    return Door()


def _digest(text: str) -> bytes:
    """Of one length, whatever the text's, so that comparing tells nothing about it."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
