"""Sessions of people who have signed in, in `private/sessions.sqlite`.

A browser has only a random name of its session; the file has a hash of it. A session outlives a restart, and every
server of the campaign folder knows it. It ends when somebody ends it, when it has been idle for a while, and at the
latest some hours after it began. It does not hold what its person may do: `who_asks` reads that from `roles.toml` each
time.
"""

import hashlib
import json
import logging
import secrets
import sqlite3
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

from dashboard.access import passwords
from dashboard.access.passwords import Gate, gate
from dashboard.access.presence import presence
from dashboard.access.rights import COMMON_PASSWORD, LOCAL, STRANGER, Person, Role, SignInWay
from dashboard.access.roles_file import Identity, find_roles
from dashboard.ground.files.private_store import Store, change
from dashboard.settings import Settings

LOG = logging.getLogger(__name__)
TOKEN_BYTES = 32
TICKET_SECONDS = 600.0
"""How long a link that signs in may be used."""
SEEN_EVERY = 30.0
"""Seconds between two notes that a session is in use."""
REMEMBERED_FOR = 1.0
"""Seconds for which an answer of the file is taken for true: as long as another server's sign-out takes to be known."""
BELIEVED_FOR = 600.0
"""Seconds for which the last answer holds while the file cannot be read."""
MOST_REMEMBERED = 10_000


@dataclass(frozen=True, kw_only=True)
class Session:
    """A person who has signed in with one browser.

    Attributes:
        session_hash: The hash that names it here; useless to anybody who reads it.
        way: How they came in.
        identity: The identity from the provider; None for those who came in another way.
        secret: The seal of the password that they gave; empty for the others.
        began_at: Seconds since 1970, as `seen_at` and `ends_at`.
    """

    session_hash: str
    way: SignInWay
    identity: Identity
    secret: str
    began_at: float
    seen_at: float
    ends_at: float


class Sessions:
    """The sessions of a campaign."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.time) -> None:
        """Point at the campaign's private folder; the first sign-in makes the file."""
        self._store = Store(settings.campaign / "private", "sessions")
        self._idle, self._longest = settings.session_idle_minutes * 60.0, settings.session_hours * 3600.0
        self._clock = clock
        self._remembered: dict[str, tuple[float, Session | None]] = {}
        self._noted: dict[str, float] = {}

    def begin(self, way: SignInWay, identity: Identity | None = None, secret: str = "") -> str:
        """Begin a session; return its name, which only the browser keeps."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        now = self._clock()
        values = {"way": way.value, "vouched": json.dumps(asdict(identity or Identity())), "secret": secret}
        with self._store.open() as connection:
            change(connection, "sessions/tidy", now=now, idle_since=now - self._idle)
            ends_at = now + self._longest
            change(connection, "sessions/begin", session_hash=name_hash(token), now=now, ends_at=ends_at, **values)
        return token

    def find(self, session_hash: str) -> Session | None:
        """Find the session of a hash; None where there is none, or it has ended."""
        now = self._clock()
        asked_at, session = self._remembered.get(session_hash, (-REMEMBERED_FOR, None))
        if now - asked_at < REMEMBERED_FOR and now >= asked_at:
            return session
        try:
            rows = self._store.ask("find", session_hash=session_hash, now=now, idle_since=now - self._idle)
        except (sqlite3.Error, OSError):
            if session is None or not asked_at <= now < min(asked_at + BELIEVED_FOR, session.ends_at):
                raise
            return session
        session = _read(rows[0]) if rows else None
        if len(self._remembered) >= MOST_REMEMBERED:
            self._remembered.clear()
        self._remembered[session_hash] = (now, session)
        return session

    def is_remembered(self, session_hash: str) -> bool:
        """Whether `find` answers without reading the file."""
        now, (asked_at, _) = self._clock(), self._remembered.get(session_hash, (-REMEMBERED_FOR, None))
        return 0 <= now - asked_at < REMEMBERED_FOR

    def needs_note(self, session: Session) -> bool:
        """Whether it is time to note that the session is in use."""
        return self._clock() - max(session.seen_at, self._noted.get(session.session_hash, 0.0)) >= SEEN_EVERY

    def note(self, session: Session) -> None:
        """Note that a session is in use."""
        now = self._clock()
        if len(self._noted) >= MOST_REMEMBERED:
            self._noted.clear()
        self._noted[session.session_hash] = now
        try:
            self._store.change("see", session_hash=session.session_hash, now=now)
        except (sqlite3.Error, OSError):  # a full disk: the session ends earlier, and the request is answered
            LOG.exception("That a session is in use could not be noted.")

    def list_all(self) -> list[Session]:
        """List the sessions that have not ended, the one seen last first."""
        now = self._clock()
        return [_read(row) for row in self._store.ask("listed", now=now, idle_since=now - self._idle)]

    def give_ticket(self) -> str:
        """Make a ticket for a link that signs in once, within some minutes."""
        ticket, now = secrets.token_urlsafe(TOKEN_BYTES), self._clock()
        with self._store.open() as connection:
            change(connection, "sessions/drop_tickets", now=now)
            change(connection, "sessions/give_ticket", ticket_hash=name_hash(ticket), ends_at=now + TICKET_SECONDS)
        return ticket

    def take_ticket(self, ticket: str) -> bool:
        """Whether a ticket signs in; it does so once."""
        has_store = self._store.path.exists()
        return has_store and self._store.change("take_ticket", ticket_hash=name_hash(ticket), now=self._clock()) == 1

    def end(self, session_hash: str) -> bool:
        """End a session; False where there was none."""
        self._remembered[session_hash] = (self._clock(), None)
        return self._store.path.exists() and self._store.change("end", session_hash=session_hash) > 0


@lru_cache(8)
def sessions_of(settings: Settings) -> Sessions:
    """Return the sessions of the campaign of these settings, as this process knows them."""
    return Sessions(settings)


def name_hash(token: str) -> str:
    """Hash the name that a browser has of its session."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _read(row: sqlite3.Row) -> Session:
    values: dict[str, Any] = dict(row)
    identity = Identity.read(json.loads(values.pop("vouched")))
    return Session(way=SignInWay(values.pop("way")), identity=identity, **values)


def who_asks(session: Session | None, settings: Settings) -> Person:
    """Find the person of a session, or of a request without one."""
    if gate(settings) is Gate.OPEN:
        return LOCAL
    return STRANGER if session is None else person_of(session, settings)


def person_of(session: Session, settings: Settings) -> Person:
    """Find the person of a session with their present role; a stranger where the session gives none any more."""
    if session.way is SignInWay.PASSWORD:
        return COMMON_PASSWORD if passwords.is_sealed(session.secret, settings) else STRANGER
    if session.way is SignInWay.COMMAND:
        key = f"command:{session.session_hash[:8]}"
        return Person(role=Role.ADMINISTRATOR, way=SignInWay.COMMAND, key=key)
    if session.way is SignInWay.PROVIDER:
        return describe(session.identity, settings)
    return STRANGER


def describe(identity: Identity, settings: Settings) -> Person:
    """Describe whom a provider vouches for, with the role that `roles.toml` gives them."""
    role = find_roles(settings.campaign).roles.role_of(identity)
    if role is Role.STRANGER:
        return STRANGER
    name, address = identity.name or identity.address, identity.own_address
    return Person(role=role, way=SignInWay.PROVIDER, key=identity.key, name=name, address=address)


def is_closed(settings: Settings) -> bool:
    """Whether the campaign is closed to people who have not signed in."""
    return find_roles(settings.campaign).roles.closed


def sign_out(session_hash: str, settings: Settings) -> None:
    """End a session: in this process at once with its pages, in others at their next check."""
    sessions_of(settings).end(session_hash)
    presence().end(session_hash)
