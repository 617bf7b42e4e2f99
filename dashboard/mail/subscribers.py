"""The persons who asked for the newsletter, and the signed links by which they confirm, choose and leave.

    asked ─▶ confirmed ─▶ left      by their own links; who has not confirmed after a week is forgotten

Of those who left, the day stays and nothing else. No link holds an address; the key that signs them,
`private/newsletter_key.txt`, is made when it is first needed, and without it no link of an earlier mail works.
"""

import json
import secrets
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from itsdangerous import BadData, SignatureExpired, URLSafeTimedSerializer

from dashboard.campaign.private_store import Store, change, read_key
from dashboard.errors import UserError
from dashboard.i18n import N_
from dashboard.languages import is_language
from dashboard.mail.outbox import CONFIRMATION, NEWSLETTER, now
from dashboard.queries import query_text

UNANSWERED_KEPT = timedelta(days=7)
"""How long an address is kept that was not confirmed, and its link holds."""
KINDS = (NEWSLETTER, CONFIRMATION)
"""Mails that a subscriber gets."""
KEY = "newsletter_key.txt"
PATH = "/newsletter"
CONFIRM, PREFERENCES, UNSUBSCRIBE = "confirm", "preferences", "unsubscribe"
_DAY = 24 * 60 * 60
LIFETIMES = {CONFIRM: int(UNANSWERED_KEPT.total_seconds()), PREFERENCES: 400 * _DAY, UNSUBSCRIBE: None}
"""Seconds for which each link holds; who wants to leave can do so by the oldest mail there is."""


@dataclass(frozen=True)
class Wish:
    """What somebody wants to read: in which language, about which regions and themes (codes; none for all)."""

    lang: str
    regions: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Each code once and in one order, so that equal wishes are equal."""
        if not is_language(self.lang):
            raise ValueError(f"{self.lang!r} is no language.")
        for name in ("regions", "themes"):
            object.__setattr__(self, name, tuple(sorted(set(getattr(self, name)))))

    def sql_parameters(self) -> dict[str, str]:
        """As it is stored."""
        return {"lang": self.lang, "regions": json.dumps(self.regions), "themes": json.dumps(self.themes)}


@dataclass(frozen=True)
class Subscriber:
    """One person; those who left have no address.

    Attributes:
        subscriber_id: Cannot be guessed; in the person's links.
        asks: How often the address was typed into the sign-up on the day of `asked_at`.
    """

    subscriber_id: str
    address: str
    wish: Wish
    state: str
    asks: int
    asked_at: str
    confirmed_at: str | None
    left_at: str | None

    def export(self) -> dict[str, Any]:
        """All that is kept about the person, for the person."""
        contact = {"address": self.address, "language": self.wish.lang}
        wishes = {"regions": list(self.wish.regions), "themes": list(self.wish.themes)}
        times = {"asked_at": self.asked_at, "confirmed_at": self.confirmed_at, "left_at": self.left_at}
        return {**contact, **wishes, "state": self.state, **times}


class Subscribers:
    """The subscribers in `private/mail.sqlite`."""

    def __init__(self, private: Path) -> None:
        """Point at the campaign's private folder; nothing is made before somebody asks."""
        self.store = Store(private, "mail")

    def ask(self, connection: sqlite3.Connection, address: str, wish: Wish) -> Subscriber:
        """Note that somebody asks for the newsletter at an address in small letters; gives who it is now.

        It counts with the transaction of the connection, as does the mail to them.
        """
        values = {"subscriber_id": secrets.token_urlsafe(12), "address": address, **wish.sql_parameters()}
        change(connection, "mail/ask", now=now(), day_before=now(-timedelta(days=1)), **values)
        by = {"subscriber_id": None, "address": address}
        return _read(connection.execute(query_text("mail/find_subscribers"), by).fetchone())

    def find(self, subscriber_id: str | None = None, address: str | None = None) -> Subscriber | None:
        """The subscriber of an id or an address; one of the two is given."""
        rows = self.store.ask("find_subscribers", subscriber_id=subscriber_id, address=address)
        return _read(rows[0]) if rows else None

    def confirm(self, subscriber_id: str) -> bool:
        """Take a subscriber in; False where they did not ask, or are in already."""
        return self.store.change("confirm", subscriber_id=subscriber_id, now=now()) == 1

    def prefer(self, subscriber_id: str, wish: Wish) -> bool:
        """Change what they read; False where they have left."""
        return self.store.change("prefer", subscriber_id=subscriber_id, **wish.sql_parameters()) == 1

    def leave(self, subscriber_id: str) -> bool:
        """Let a subscriber go, with every mail that was not sent yet; False where they have left before."""
        subscriber = self.find(subscriber_id)
        if subscriber is None or not subscriber.address:
            return False
        mails = {"address": subscriber.address, "kinds": json.dumps(KINDS)}
        with self.store.transaction() as connection:
            change(connection, "mail/leave", subscriber_id=subscriber_id, now=now())
            change(connection, "mail/forget_deliveries", now=now(), **mails)
        self.store.wipe()
        return True

    def drop_unanswered(self) -> int:
        """Forget those who have not confirmed in time; gives how many."""
        before = now(-UNANSWERED_KEPT)
        return self.store.change("drop_subscribers", address=None, before=before) if self.store.path.exists() else 0

    def put(self, people: Iterable[tuple[str, Wish]]) -> int:
        """Take people in who need not confirm, for they are invented; gives how many are new."""
        with self.store.transaction() as connection:
            ids = [self.ask(connection, address, wish).subscriber_id for address, wish in people]
        return sum(map(self.confirm, ids))

    def readers(self) -> dict[Wish, list[Subscriber]]:
        """Those who get the newsletter, by what they want to read; without those whose mail came back."""
        groups: dict[Wish, list[Subscriber]] = {}
        for reader in map(_read, self.store.ask("find_subscribers", subscriber_id=None, address=None)):
            groups.setdefault(reader.wish, []).append(reader)
        return groups

    def counts(self) -> dict[tuple[str, str], int]:
        """How many there are, by state (asked, confirmed, left) and language."""
        return {(row["state"], row["lang"]): row["subscribers"] for row in self.store.ask("subscriber_counts")}


def _read(row: sqlite3.Row) -> Subscriber:
    facts = dict(row)
    wish = Wish(facts.pop("lang"), tuple(json.loads(facts.pop("regions"))), tuple(json.loads(facts.pop("themes"))))
    return Subscriber(**{**facts, "address": facts["address"] or ""}, wish=wish)


class LinkError(UserError):
    """A link that nobody here has made, or that is too old."""


class Links:
    """Makes and reads the links of one campaign."""

    def __init__(self, private: Path, base_url: str) -> None:
        """Read the key, or make it."""
        self._key = read_key(private, KEY)
        self.base_url = base_url

    def address(self, use: str, subscriber_id: str, lang: str) -> str:
        """The address that a subscriber opens for a use."""
        query = {"t": self._serializer(use).dumps(subscriber_id), "lang": lang}
        return f"{self.base_url}{PATH}/{use}?{urlencode(query)}"

    def read(self, use: str, token: str) -> str:
        """The subscriber's id in a link's token.

        Raises:
            LinkError: it is not for this use, not from here, or too old.
        """
        try:
            return str(self._serializer(use).loads(token, max_age=LIFETIMES[use]))
        except SignatureExpired:
            raise LinkError(N_("This link is too old."), N_("Sign up again to get a new one.")) from None
        except BadData:
            raise LinkError(
                N_("This link is not complete."), N_("Copy all of it from the mail, or open it there.")
            ) from None

    def _serializer(self, use: str) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self._key, salt=f"newsletter/{use}")
