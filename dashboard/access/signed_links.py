"""Signed links open one selection in one format of a closed campaign without signing in.

A token is an id that cannot be guessed and its signature. `private/links.sqlite` holds what it opens, for whom and
until when, so that a link can end at once. The file has only a hash of the id: whoever reads it, or a backup of it, has
no token. `private/links_key.txt` signs; without it no earlier link opens anything.

A link gives no more than its maker has now. What the provider said of the maker is stored with the link, as sessions
store it, so that `roles.toml` is checked anew each time. Membership of a group stays as it was when the link was made:
a maker who leaves a group without being named otherwise keeps their links until somebody revokes them, or their last
day.
"""

import hashlib
import hmac
import json
import logging
import secrets
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from cachetools import TTLCache
from itsdangerous import BadSignature, Signer

from dashboard.access.passwords import Gate, gate
from dashboard.access.rights import Person, Role, SignInWay
from dashboard.access.roles_file import Identity
from dashboard.access.sessions import Session, person_of
from dashboard.errors import UserError
from dashboard.ground.files.private_store import Store, read_key
from dashboard.i18n import N_
from dashboard.settings import Settings

LOG = logging.getLogger(__name__)
KEY = "links_key.txt"
TOKEN = "token"  # noqa: S105  (the parameter's name)
"""The parameter of an address that carries a token."""
PREFIX = "dl_"
"""What every token begins with, so that programs that look for secrets in files can know it."""
LONGEST_LABEL = 80
KEPT = timedelta(days=365)
"""How long a link that has ended stays in the list."""
SECONDS_KNOWN = 2.0
"""How long what was read about a link is believed: after that a revoked link is refused."""
MOST_KNOWN = 1_000
SECONDS_COUNTED = 10.0
"""How often the uses of links are written down."""


class LinkState(StrEnum):
    """Whether a link opens what it was made for."""

    OPEN = "open"
    ENDED = "ended"
    REVOKED = "revoked"


LINK_STATES = {
    LinkState.OPEN: N_("Open", "a signed link that works"),
    LinkState.ENDED: N_("Expired"),
    LinkState.REVOKED: N_("Revoked"),
}


@dataclass(frozen=True, kw_only=True)
class SignedLink:
    """One link.

    Attributes:
        handle: Its name in lists and logs; opens nothing.
        label: Who or what it is for, in its maker's words.
        path: The path that it opens, as `/extracts/actions.xlsx`.
        query: The selection, as the address writes it, without the token.
        made_by: The key of the person who made it.
        made_as: How the maker had come in, from `write_maker`.
        ends_on: The last day on which it opens (UTC).
    """

    handle: str
    label: str
    path: str
    query: str
    made_by: str
    made_as: str
    made_name: str
    made_on: date
    ends_on: date
    uses: int = 0
    last_used_on: date | None = None
    revoked_on: date | None = None

    def state(self, today: date | None = None) -> LinkState:
        """Return its state on a day, by default today."""
        if self.revoked_on is not None:
            return LinkState.REVOKED
        return LinkState.OPEN if (today or find_today()) <= self.ends_on else LinkState.ENDED

    @property
    def person(self) -> Person:
        """Return the person who comes in by it: a reader, named by the link."""
        return Person(role=Role.READER, way=SignInWay.LINK, key=f"link:{self.handle}")


class TokenError(UserError):
    """A token that nobody in this campaign made."""


class EndedError(UserError):
    """A link that was revoked, whose day is over, or whose maker may no longer come in."""


class SignedLinks:
    """Makes, reads, lists and ends the links of one campaign."""

    def __init__(self, private: Path, clock: Callable[[], float] = time.monotonic) -> None:
        """Point at the campaign's private folder; the first link makes the files. `clock` gives seconds."""
        self.store = Store(private, "links")
        self._private = private
        self._clock = clock
        self._lock = threading.Lock()
        self._known = TTLCache[str, SignedLink](MOST_KNOWN, SECONDS_KNOWN, clock)
        self._uses: Counter[str] = Counter()
        self._counted_at = -SECONDS_COUNTED

    def make(
        self, person: Person, label: str, path: str, query: str, ends_on: date, most_days: int, made_as: str = ""
    ) -> tuple[SignedLink, str]:
        """Make a link; return it and its token, which is stored nowhere.

        `query`: the selection, without a token. `most_days`: the longest validity in days. `made_as`: how the person
        has come in, from `write_maker`.

        Raises:
            UserError: the label is empty, the last day is past or too far off, or the person may make none.
        """
        today = find_today()
        label_text = " ".join(label.split())[:LONGEST_LABEL]
        if person.role < Role.READER or person.way is SignInWay.LINK:
            raise UserError(
                N_("Only people who have signed in can create links."), N_("Sign in, then create the link.")
            )
        if not label_text:
            raise UserError(
                N_("The link has no label."), N_("Say who or what it is for, so that you recognise it later.")
            )
        if not today <= ends_on <= today + timedelta(days=most_days):
            raise UserError(N_("This last day is in the past, or too far in the future."), N_("Choose another day."))
        secret, handle = secrets.token_urlsafe(24), secrets.token_hex(6)
        link_values: dict[str, object] = {"handle": handle, "label": label_text, "path": path, "query": query}
        link_values |= {"made_by": person.key, "made_as": made_as, "made_name": person.name}
        self.store.change("tidy", before=(today - KEPT).isoformat())
        self.store.change(
            "add",
            secret_hash=_hash(secret),
            made_on=today.isoformat(),
            ends_on=ends_on.isoformat(),
            **link_values,
        )
        link = SignedLink(
            handle=handle, label=label_text, path=path, query=query, made_by=person.key, made_as=made_as,
            made_name=person.name, made_on=today, ends_on=ends_on,
        )  # fmt: skip
        return link, f"{PREFIX}{self._signer().sign(secret).decode()}"

    def find(self, token: str) -> SignedLink:
        """Find the link of a token, whatever its state; an answer holds for `SECONDS_KNOWN`.

        Raises:
            TokenError: nobody in this campaign made it.
        """
        if not token.startswith(PREFIX) or not self.store.path.exists():
            raise _refuse_token()
        try:  # compares in constant time
            secret = self._signer().unsign(token.removeprefix(PREFIX).encode("utf-8", "replace")).decode()
        except BadSignature:
            raise _refuse_token() from None
        key = _hash(secret)
        with self._lock:
            link = self._known.get(key)
        if link is not None:
            return link
        rows = self.store.ask("find", secret_hash=key)
        if not rows:
            raise _refuse_token()
        link = _read(rows[0])
        with self._lock:
            self._known[key] = link
        return link

    def list(self, made_by: str | None = None) -> list[SignedLink]:
        """List the links of a maker, by their key, or all; the newest first."""
        self.write_uses()
        return [_read(row) for row in self.store.ask("listed", made_by=made_by)]

    def revoke(self, handle: str, made_by: str | None = None) -> SignedLink | None:
        """End a link; return it, or None where no such link is open.

        `made_by`: the key of the person who must have made it; None for anybody.
        """
        if not self.store.path.exists():
            return None
        changed = self.store.change("revoke", handle=handle, made_by=made_by, today=find_today().isoformat())
        with self._lock:
            self._known.clear()
        return next((link for link in self.list() if link.handle == handle), None) if changed else None

    def note_use(self, link: SignedLink) -> None:
        """Count a use of a link; uses are written now and then, since a busy page would wait for the disk each time."""
        with self._lock:
            self._uses[link.handle] += 1
            is_due = self._clock() - self._counted_at >= SECONDS_COUNTED
        if is_due:
            self.write_uses()

    def write_uses(self) -> None:
        """Write the uses that were counted since the last time; where that fails, they wait."""
        with self._lock:
            uses, self._uses = self._uses, Counter()
            self._counted_at = self._clock()
        try:
            for handle, times in list(uses.items()):
                self.store.change("use", handle=handle, times=times, today=find_today().isoformat())
                del uses[handle]
        except (sqlite3.Error, OSError) as error:  # a full disk does not close what the link opens
            LOG.warning("The uses of signed links could not be written down: %s", type(error).__name__)
            with self._lock:
                self._uses.update(uses)

    def derive_key(self, link: SignedLink) -> str:
        """Derive a link's own key, which the server alone has: what is signed by it holds for this link."""
        return self._signer("answers").get_signature(link.handle).decode()

    def _signer(self, salt: str = "signed-links") -> Signer:
        return Signer(read_key(self._private, KEY).encode(), salt=salt, digest_method=hashlib.sha256)


@lru_cache(maxsize=4)
def open_links(private: Path) -> SignedLinks:
    """Return the links of a campaign in this process."""
    return SignedLinks(private)


def write_maker(session: Session | None) -> str:
    """Write as text how the maker of a link has come in: by a session, or None at their own computer."""
    if session is None:
        return json.dumps({"way": SignInWay.LOCAL.value})
    maker: dict[str, Any] = {"way": session.way.value, "secret": session.secret}
    if session.way is SignInWay.PROVIDER:
        maker["identity"] = asdict(session.identity)
    return json.dumps(maker)


def state_now(link: SignedLink, settings: Settings) -> LinkState:
    """Return a link's state: one whose maker may no longer come in has ended."""
    state = link.state()
    return LinkState.ENDED if state is LinkState.OPEN and role_now(link, settings) < Role.READER else state


def role_now(link: SignedLink, settings: Settings) -> Role:
    """Find the present role of a link's maker; none for a maker who was erased."""
    maker: dict[str, Any] = json.loads(link.made_as or "{}")
    way = SignInWay(maker.get("way", SignInWay.NONE))
    if way is SignInWay.LOCAL:
        return Role.ADMINISTRATOR if gate(settings) is Gate.OPEN else Role.STRANGER
    identity, secret = Identity.read(maker.get("identity", {})), str(maker.get("secret", ""))
    session = Session(
        session_hash=link.handle, way=way, identity=identity, secret=secret, began_at=0.0, seen_at=0.0, ends_at=0.0
    )
    return person_of(session, settings).role


def add_token(address: str, token: str) -> str:
    """Add a token to an address; leave it as it is where there is none."""
    return f"{address}{'&' if '?' in address else '?'}{TOKEN}={token}" if token else address


def find_today() -> date:
    """Return today as links count days, in UTC."""
    return datetime.now(UTC).date()


def _hash(secret: str) -> str:
    """Hash a secret; one of 24 random bytes needs no salt."""
    return hmac.new(b"signed-links", secret.encode(), hashlib.sha256).hexdigest()


def _refuse_token() -> TokenError:
    return TokenError(
        N_("This link is incomplete, or was not created here."), N_("Copy all of it, or ask who gave it to you.")
    )


def _read(row: sqlite3.Row) -> SignedLink:
    values = dict(row)
    for name in ("made_on", "ends_on", "last_used_on", "revoked_on"):
        values[name] = values[name] and date.fromisoformat(values[name])
    return SignedLink(**values)
