"""The persons who asked for the newsletter: an address, a language, regions and themes, and whether they confirmed.

    asked ─▶ confirmed ─▶ left      by their own links; who has not confirmed after a week is forgotten

Of those who left, the day stays and nothing else.
"""

import json
import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from dashboard.campaign.private_store import Store, change
from dashboard.languages import is_language
from dashboard.mail.outbox import now
from dashboard.queries import query_text

UNANSWERED_KEPT = timedelta(days=7)
"""How long an address is kept that was not confirmed, and its link holds."""
KINDS = ("newsletter", "confirmation")
"""Mails that a subscriber gets."""


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

    @contextmanager
    def asking(self, address: str, wish: Wish) -> Iterator[tuple[Subscriber, sqlite3.Connection]]:
        """Note that somebody asks for the newsletter at an address in small letters; gives who it is now.

        It counts together with what the connection is given to write, such as the mail to them, or not at all.
        """
        values = {"subscriber_id": secrets.token_urlsafe(12), "address": address, **wish.sql_parameters()}
        with self.store.transaction() as connection:
            change(connection, "mail/ask", now=now(), day_before=now(-timedelta(days=1)), **values)
            by = {"subscriber_id": None, "address": address}
            yield _read(dict(connection.execute(query_text("mail/subscriber"), by).fetchone())), connection

    def ask(self, address: str, wish: Wish) -> Subscriber:
        """As `asking`, with nothing to write beside it."""
        with self.asking(address, wish) as (subscriber, _):
            return subscriber

    def find(self, subscriber_id: str | None = None, address: str | None = None) -> Subscriber | None:
        """The subscriber of an id or an address."""
        rows = self.store.ask("subscriber", subscriber_id=subscriber_id, address=address)
        return _read(dict(rows[0])) if rows else None

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
        with self.store.transaction() as connection:
            change(connection, "mail/leave", subscriber_id=subscriber_id, now=now())
            for kind in KINDS:
                change(connection, "mail/stop_mails", address=subscriber.address, kind=kind, now=now())
        self.store.wipe()
        return True

    def erase(self, address: str) -> int:
        """Erase a subscriber by an address in small letters; gives how many there were."""
        return self.store.change("erase_subscriber", address=address)

    def put(self, people: Iterable[tuple[str, Wish]]) -> int:
        """Take people in who need not confirm, for they are invented; gives how many are new."""
        added = 0
        for address, wish in people:
            added += self.confirm(self.ask(address, wish).subscriber_id)
        return added

    def readers(self) -> dict[Wish, list[Subscriber]]:
        """Those who get the newsletter, by what they want to read; without those whose mail came back."""
        groups: dict[Wish, list[Subscriber]] = {}
        for row in self.store.ask("readers"):
            reader = _read({"state": "confirmed", "asks": 0, "asked_at": "", **dict(row)})
            groups.setdefault(reader.wish, []).append(reader)
        return groups

    def counts(self) -> dict[tuple[str, str], int]:
        """How many there are, by state (asked, confirmed, left) and language."""
        return {(row["state"], row["lang"]): row["subscribers"] for row in self.store.ask("subscriber_counts")}

    def drop_unanswered(self) -> int:
        """Forget those who have not confirmed in time; gives how many."""
        return self.store.change("drop_unanswered", before=now(-UNANSWERED_KEPT)) if self.store.path.exists() else 0


def _read(row: dict[str, Any]) -> Subscriber:
    wish = Wish(row.pop("lang"), tuple(json.loads(row.pop("regions"))), tuple(json.loads(row.pop("themes"))))
    times = {"confirmed_at": None, "left_at": None}
    return Subscriber(**{**times, **row, "address": row["address"] or ""}, wish=wish)
