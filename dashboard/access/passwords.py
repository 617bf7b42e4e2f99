"""The password that staff share: how staff pages are opened, and how wrong passwords are slowed down.

Claims in a request's headers do not count: anybody can write them. Wrong passwords are counted by client and by the
networks around it, so that whoever guesses makes nobody else wait. Each check takes a share of the computer, so few run
together, and no network has more than half of the places.
"""

import hashlib
import hmac
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from enum import StrEnum
from functools import cache, lru_cache
from typing import NamedTuple

import argon2
from cachetools import TTLCache

from dashboard.access.providers import find_providers
from dashboard.cache import give_way
from dashboard.errors import BusyError, UserError
from dashboard.ground.budgets import Places, Share, widen
from dashboard.i18n import N_
from dashboard.settings import Settings

FREE_TRIES = 5
"""Wrong passwords of one client before it has to wait."""
LONGEST_WAIT = 120.0
FORGOTTEN_AFTER = 1800.0
MOST_CLIENTS = 10_000
"""Networks whose mistakes are remembered; the one that has made none for longest is forgotten first."""
AT_ONCE = 1
"""Passwords that are looked at together, by a thread that gives way; each takes 64 MB and some 50 ms of a core."""
MOST_WAITING = 7
"""Passwords that wait for their turn; each of them holds a thread that answers others."""
PATIENCE = 5.0
"""Seconds that a password waits for its turn."""
LONGEST = 1_000
"""Letters of a password that are looked at."""


class Gate(StrEnum):
    """How the staff pages are opened."""

    OPEN = "open"
    SIGN_IN = "sign-in"
    CLOSED = "closed"


class AccessError(UserError):
    """The password is wrong, or the next try comes too early."""

    def __init__(self, what: str, remedy: str, seconds: float = 0.0) -> None:
        """Take what is wrong, and how long to wait."""
        super().__init__(what, remedy)
        self.seconds = seconds


def has_password(settings: Settings) -> bool:
    """Whether staff have a password."""
    return bool(settings.staff_password or settings.staff_password_hash)


def gate(settings: Settings) -> Gate:
    """Find how these settings open the staff pages; a way to sign in rules over `DASHBOARD_STAFF=open`."""
    if has_password(settings) or find_providers(settings.campaign).has_file:
        return Gate.SIGN_IN
    return Gate.OPEN if settings.staff_is_open else Gate.CLOSED


class _Mistakes(NamedTuple):
    wrong: int = 0
    last: float = 0.0


class Door:
    """Checks passwords, ever slower after a client's wrong ones."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Start without tries; `clock` gives seconds."""
        self._clock = clock
        self._lock = threading.Lock()
        self._threads = ThreadPoolExecutor(AT_ONCE, "passwords", give_way)
        self._mistakes = TTLCache[str, _Mistakes](MOST_CLIENTS, FORGOTTEN_AFTER, clock)
        self._busy = Places()

    def check(self, password: str, settings: Settings, client: str) -> None:
        """Compare a password with that of the settings.

        Raises:
            AccessError: it is wrong, or the client's wait is not over.
            BusyError: too many are being checked.
        """
        with self._turn(client):
            looking = self._threads.submit(is_password, password, settings)
            try:
                is_right = looking.result(PATIENCE)
            except TimeoutError:
                looking.cancel()
                raise BusyError(*_TURN) from None
            with self._lock:
                self._count(client, is_right=is_right)
                if is_right:
                    return
                seconds = self.wait(client)
        raise AccessError(N_("Wrong password."), N_("Ask the operator of the dashboard for it."), seconds)

    @contextmanager
    def _turn(self, client: str) -> Iterator[None]:
        """Check a client's passwords one at a time, so that none escapes the count, and few of all clients together."""
        with self._lock:
            seconds = self.wait(client)
            if seconds > 0:
                remedy = N_("Wait two minutes, then try again.")
                raise AccessError(N_("Too many wrong passwords were entered."), remedy, seconds)
            room = AT_ONCE + MOST_WAITING
            if not self._busy.take(client, 1, room // 2, room):
                raise BusyError(*_TURN)
        try:
            yield
        finally:
            self._busy.give_back(client)

    def _count(self, client: str, *, is_right: bool) -> None:
        """Count a wrong password; a right one clears the client's earlier wrong ones."""
        shares = widen(client)
        before = self._find(shares[0].network).wrong
        for share in shares:
            wrong, last = self._find(share.network)
            wrong, last = (wrong - before, last) if is_right else (wrong + 1, self._clock())
            self._mistakes.pop(share.network, None)
            if wrong > 0:
                self._mistakes[share.network] = _Mistakes(wrong, last)

    def _find(self, network: str) -> _Mistakes:
        return self._mistakes.get(network, _Mistakes())

    def wait(self, client: str) -> float:
        """Return the seconds until a client may try again; 0 where it may now."""
        return max(self._wait_in(share) for share in widen(client))

    def _wait_in(self, share: Share) -> float:
        wrong, last = self._find(share.network)
        too_many = wrong - FREE_TRIES * share.budgets
        if too_many < 0:
            return 0.0
        return max(0.0, min(LONGEST_WAIT, 2.0 ** min(too_many + 1, 30)) - (self._clock() - last))


_TURN = (N_("Too many passwords are being checked."), N_("Try again in a minute."))


def is_password(password: str, settings: Settings) -> bool:
    """Whether it is the password for staff; takes as long for a wrong one as for the right one."""
    password_hash = settings.staff_password_hash or _hash(settings.staff_password)
    return has_password(settings) and _verify(password_hash, password[:LONGEST])


def hash_password(password: str) -> str:
    """Hash a password for `DASHBOARD_STAFF_PASSWORD_HASH`."""
    return _hasher().hash(password.encode("utf-8", "surrogatepass"))


def seal(settings: Settings) -> str:
    """Make the seal by which a session remembers its password, so that the session ends when the password changes."""
    if settings.staff_password_hash:
        return f"hash {hashlib.sha256(settings.staff_password_hash.encode()).hexdigest()}"
    return hash_password(settings.staff_password)


def is_sealed(sealed: str, settings: Settings) -> bool:
    """Whether a session's seal fits the present password; slow the first time for each seal."""
    if settings.staff_password_hash:
        return hmac.compare_digest(sealed, seal(settings))
    return has_password(settings) and _remember(sealed, settings.staff_password)


@lru_cache(4)
def _hash(password: str) -> str:
    """Hash the password of the settings, once."""
    return hash_password(password)


@lru_cache(256)
def _remember(sealed: str, password: str) -> bool:
    return _verify(sealed, password)


def _hasher() -> argon2.PasswordHasher:
    return argon2.PasswordHasher()


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _hasher().verify(password_hash, password.encode("utf-8", "surrogatepass"))
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
        return False


@cache
def default_door() -> Door:
    """Return the door of this process."""
    return Door()
