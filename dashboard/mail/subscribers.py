"""The subscribers of the newsletter, and their sign-up, notices, choices and signed links.

    asked ─▶ confirmed ─▶ left      by their links; unconfirmed after a week: forgotten

After leaving, only the day stays. The answer is the same for every typed address: nobody learns who gets the
newsletter. A subscribed address gets a mail that says so; one that was typed too often gets nothing. No link holds an
address; the first link makes the key that signs them, `private/newsletter_key.txt`, and without it no link of an
earlier mail works.
"""

import json
import logging
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parseaddr
from functools import cache, cached_property
from itertools import islice, product
from typing import Any
from urllib.parse import urlencode

from itsdangerous import BadData, SignatureExpired, URLSafeTimedSerializer

from dashboard.campaign.folder import read_publisher
from dashboard.errors import BusyError, UserError
from dashboard.faults import ComputerError, computer_faults
from dashboard.ground.budgets import Bucket
from dashboard.ground.codelist_codes import Code
from dashboard.ground.files.private_store import change, read_key
from dashboard.ground.query_files import read_sql_file
from dashboard.i18n import N_, translator
from dashboard.languages import Texts, is_language
from dashboard.mail.addresses import check_address
from dashboard.mail.forgetting import forget_person
from dashboard.mail.message import Mail, make_dressed, write_notice
from dashboard.mail.outbox import CONFIRMATION, NEWSLETTER, Outbox, now
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot

LOG = logging.getLogger(__name__)
MOST_ASKS = 3
"""The most mails a day to one address because somebody typed it."""
MOST_SIGN_UPS, SECONDS = 10, 3600.0
"""The most addresses that one client may sign up, and in how many seconds."""
SAMPLE_SUBSCRIBERS = 24

CHOICES = {"regions": N_("Regions"), "themes": N_("Themes")}
"""A reader's choice of subjects: codelists, which are attributes of a wish and of a selection as well."""
_UNCLASSIFIED = "unclassified"

CLOSED = (
    N_("The newsletter is not set up here."),
    N_("The operator of the dashboard can do that: see the settings DASHBOARD_NEWSLETTER and DASHBOARD_SMTP_HOST."),
)
ABOUT = N_(
    "A mail from time to time that says what is new: actions completed, milestones reached, events, stories and new "
    "actions, and where the actions stand. When nothing is new, none is sent."
)
LEAVING = N_("Each mail has a link to unsubscribe at once, and one to change what you get.")
PRIVACY = N_(
    "Your address, language and choice are kept apart from the figures, for sending the newsletter and nothing else, "
    "and are shown to nobody. They are deleted when you leave, and after seven days if you do not confirm."
)
ASKED = N_(
    "If this address can get the newsletter, a mail is on its way to it. Open the link in it to confirm; it holds for "
    "seven days."
)
EVERYTHING = N_("None chosen means all.")
UNANSWERED_KEPT = timedelta(days=7)
"""The time after which an unconfirmed address is forgotten, and its link expires."""
KINDS = (NEWSLETTER, CONFIRMATION)
"""The mails that a subscriber gets."""
KEY = "newsletter_key.txt"
PATH = "/newsletter"
CONFIRM, PREFERENCES, UNSUBSCRIBE = "confirm", "preferences", "unsubscribe"
_DAY = 24 * 60 * 60
LIFETIMES = {CONFIRM: int(UNANSWERED_KEPT.total_seconds()), PREFERENCES: 400 * _DAY, UNSUBSCRIBE: None}
"""The lifetime of each link in seconds; the oldest mail's link to leave still works."""


@dataclass(frozen=True)
class Wish:
    """A reader's wish: the language, and the regions and themes (codes; none for all)."""

    lang: str
    regions: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Take each code once and in one order, so that equal wishes are equal."""
        if not is_language(self.lang):
            raise ValueError(f"{self.lang!r} is no language.")
        for name in ("regions", "themes"):
            object.__setattr__(self, name, tuple(sorted(set(getattr(self, name)))))

    def sql_parameters(self) -> dict[str, str]:
        """The wish as stored."""
        return {"lang": self.lang, "regions": json.dumps(self.regions), "themes": json.dumps(self.themes)}


@dataclass(frozen=True)
class Subscriber:
    """One person; those who left have no address.

    Attributes:
        subscriber_id: An unguessable id, used in the person's links.
        asks: How often somebody typed the address into the sign-up on the day of `asked_at`.
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
        """Return all stored data about the person, for the person."""
        contact = {"address": self.address, "language": self.wish.lang}
        wishes = {"regions": list(self.wish.regions), "themes": list(self.wish.themes)}
        times = {"asked_at": self.asked_at, "confirmed_at": self.confirmed_at, "left_at": self.left_at}
        return {**contact, **wishes, "state": self.state, **times}


class LinkError(UserError):
    """A link that is not ours, or is too old."""


class UnwrittenError(UserError):
    """The server cannot store somebody's request, as on a full disk."""


class Desk:
    """The subscribers of a campaign, in `private/mail.sqlite`, and its outbox; the first request makes them."""

    def __init__(self, settings: Settings, snapshot: Snapshot | None) -> None:
        """Take the settings and the published snapshot, which gives the campaign its title; None for none."""
        self.settings = settings
        campaign, languages = (snapshot.campaign, snapshot.languages) if snapshot else ({}, ())
        self.titles = Texts({lang: str(campaign[f"title_{lang}"]) for lang in languages})
        self.outbox = Outbox(settings.campaign / "private")
        self._store = self.outbox.store

    def find_contact(self, *, is_fictional: bool) -> str:
        """Find the contact of the sender: the publisher's address, else the sender's."""
        email = read_publisher(self.settings.campaign, is_fictional=is_fictional).email
        return email or parseaddr(self.settings.smtp_from)[1]

    def find(self, subscriber_id: str | None = None, address: str | None = None) -> Subscriber | None:
        """Find the subscriber of an id or an address in small letters; one of the two is given."""
        rows = self._store.ask("find_subscribers", subscriber_id=subscriber_id, address=address)
        return _read(rows[0]) if rows else None

    def readers(self) -> dict[Wish, list[Subscriber]]:
        """Group the readers of the newsletter by their wishes; without those whose mail came back."""
        groups: dict[Wish, list[Subscriber]] = {}
        for reader in map(_read, self._store.ask("find_subscribers", subscriber_id=None, address=None)):
            groups.setdefault(reader.wish, []).append(reader)
        return groups

    def count_subscribers(self) -> dict[tuple[str, str], int]:
        """Count the subscribers by state (asked, confirmed, left) and language."""
        return {(row["state"], row["lang"]): row["subscribers"] for row in self._store.ask("subscriber_counts")}

    def drop_unanswered(self) -> None:
        """Forget the subscribers who have not confirmed in time."""
        if self._store.path.exists():
            self._store.change("drop_subscribers", address=None, before=now(-UNANSWERED_KEPT))

    def put_subscribers(self, people: Iterable[tuple[str, Wish]]) -> int:
        """Add invented subscribers, who need not confirm; return how many are new."""
        with self._store.transaction() as connection:
            ids = [_ask(connection, address, wish).subscriber_id for address, wish in people]
            return sum(change(connection, "mail/confirm", subscriber_id=one, now=now()) for one in ids)

    def sign_up(self, address: str, wish: Wish, *, is_allowed: bool = True) -> None:
        """Ask the owner of a typed address, by a mail in the outbox, whether they want the newsletter.

        Raises:
            UserError: the newsletter is not set up, or the text is no address.
            BusyError: this client has asked too often, and is not allowed to now.
        """
        if not self.settings.has_newsletter:
            raise UserError(*CLOSED)
        plain = check_address(address)
        if not is_allowed:
            raise BusyError(N_("Too many addresses were signed up from here."), N_("Try again in an hour."))
        self._sign(CONFIRM)  # make the key before any note that needs it
        self.drop_unanswered()
        with self._store.transaction() as connection:
            subscriber = _ask(connection, plain, wish)
            if subscriber.asks <= MOST_ASKS:
                self._put_notice(connection, subscriber, wish.lang)

    def _put_notice(self, connection: sqlite3.Connection, subscriber: Subscriber, lang: str) -> None:
        """Put the mail that asks, or that says that the address gets the newsletter already, into the outbox."""
        is_new = subscriber.state == "asked"
        reader_lang = lang if is_new else subscriber.wish.lang
        link = self.make_link(CONFIRM if is_new else PREFERENCES, subscriber.subscriber_id, lang)
        mail = write_sign_up(subscriber.address, reader_lang, self.titles[reader_lang], link, is_new=is_new)
        raw, key = make_dressed(mail, self.settings), f"{subscriber.subscriber_id}/{now()}"
        self.outbox.put(CONFIRMATION, f"confirmations-{now()[:10]}", mail.recipient, raw, key, connection=connection)

    def make_link(self, use: str, subscriber_id: str, lang: str) -> str:
        """Make the address that a subscriber opens for a use."""
        query = {"t": self._sign(use).dumps(subscriber_id), "lang": lang}
        return f"{self.settings.base_url}{PATH}/{use}?{urlencode(query)}"

    def read_link(self, use: str, token: str) -> str:
        """Read the subscriber's id from a link's token.

        Raises:
            LinkError: it is for another use, not ours, or too old.
        """
        try:
            return str(self._sign(use).loads(token, max_age=LIFETIMES[use]))
        except SignatureExpired:
            raise LinkError(N_("This link is too old."), N_("Sign up again to get a new one.")) from None
        except BadData:
            raise LinkError(
                N_("This link is not complete."), N_("Copy all of it from the mail, or open it there.")
            ) from None

    @cached_property
    def _key(self) -> str:
        return read_key(self.outbox.private, KEY)

    def _sign(self, use: str) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self._key, salt=f"newsletter/{use}")

    def see(self, use: str, token: str) -> Subscriber:
        """Find the subscriber of a link; change nothing.

        Raises:
            UserError: the link is not ours, or its subscriber is gone.
        """
        subscriber = self.find(self.read_link(use, token))
        if subscriber is None or not subscriber.address:
            raise UserError(
                N_("Whoever this link was for no longer gets the newsletter."),
                N_("Nothing is kept about them. Anybody can sign up again."),
            )
        return subscriber

    def confirm(self, token: str) -> Subscriber:
        """Confirm the subscriber of this link; a second time changes nothing; errors as in `see`."""
        self._store.change("confirm", subscriber_id=self.read_link(CONFIRM, token), now=now())
        return self.see(CONFIRM, token)

    def prefer(self, token: str, wish: Wish) -> Subscriber:
        """Change a reader's wish; errors as in `see`."""
        subscriber_id = self.see(PREFERENCES, token).subscriber_id
        self._store.change("prefer", subscriber_id=subscriber_id, **wish.sql_parameters())
        return self.see(PREFERENCES, token)

    def leave(self, use: str, token: str) -> None:
        """Unsubscribe the reader of this link, and drop every unsent mail; a second time changes nothing.

        Raises:
            UserError: the link is not ours.
        """
        subscriber = self.find(self.read_link(use, token))
        if subscriber is None or not subscriber.address:
            return
        mails = {"address": subscriber.address, "kinds": json.dumps(KINDS)}
        with self._store.transaction() as connection:
            change(connection, "mail/leave", subscriber_id=subscriber.subscriber_id, now=now())
            change(connection, "mail/forget_deliveries", now=now(), **mails)
        self._store.wipe()

    def erase(self, token: str) -> None:
        """Erase all data about the reader of this link; errors as in `see`."""
        forget_person(self.outbox.private, self.see(PREFERENCES, token).address)


def _ask(connection: sqlite3.Connection, address: str, wish: Wish) -> Subscriber:
    """Note a request for the newsletter at an address in small letters; return its subscriber."""
    values = {"subscriber_id": secrets.token_urlsafe(12), "address": address, **wish.sql_parameters()}
    change(connection, "mail/ask", now=now(), day_before=now(-timedelta(days=1)), **values)
    by = {"subscriber_id": None, "address": address}
    return _read(connection.execute(read_sql_file("mail/find_subscribers"), by).fetchone())


def _read(row: sqlite3.Row) -> Subscriber:
    facts = dict(row)
    wish = Wish(facts.pop("lang"), tuple(json.loads(facts.pop("regions"))), tuple(json.loads(facts.pop("themes"))))
    return Subscriber(**{**facts, "address": facts["address"] or ""}, wish=wish)


def write_sign_up(address: str, lang: str, campaign: str, link: str, *, is_new: bool) -> Mail:
    """Write the mail that follows a sign-up: please confirm, or, for a subscribed address, you get it already."""
    t = translator(lang)
    if is_new:
        subject = t(N_("Please confirm: newsletter of {campaign}"), campaign=campaign)
        heading = t(N_("Do you want this newsletter?"))
        message = N_("Somebody, hopefully you, has asked for the newsletter of {campaign} at this address.")
        before = t(message, campaign=campaign)
        button = t(N_("Yes, send me the newsletter"))
        remarks = [t(N_("Without this answer you get no further mail, and the address is deleted after seven days."))]
    else:
        subject = heading = t(N_("You get the newsletter of {campaign} already"), campaign=campaign)
        before = t(N_("Somebody, hopefully you, has asked for it at this address again. Nothing was changed."))
        button = t(N_("Language, regions and themes, or unsubscribing"))
        remarks = []
    remarks.append(t(N_("If you did not ask for it, you do not need to do anything.")))
    return write_notice(
        address, t, campaign, heading, [("", before)], subject=subject, button=button, way=link, remarks=remarks
    )


@contextmanager
def written_down() -> Iterator[None]:
    """Turn a fault of the computer into a message for the reader; the log has the details.

    Raises:
        UnwrittenError: the computer refuses to read or write in the body.
    """
    try:
        with computer_faults():
            yield
    except ComputerError as error:
        LOG.error("What a reader sent could not be written down: %s", error)
        raise UnwrittenError(
            N_("Your request could not be saved: the server is not accepting any at the moment."),
            N_("Try again in a few minutes."),
        ) from error


@cache
def sign_ups() -> Bucket:
    """The limits of sign-ups in this process, by clients and the networks around them."""
    return Bucket(MOST_SIGN_UPS / SECONDS, MOST_SIGN_UPS)


def list_choices(snapshot: Snapshot | None, name: str, lang: str) -> dict[str, str]:
    """List the codes of a codelist with their labels; leave out "not classified yet"."""
    codes = snapshot.codes.get(name, {}) if snapshot is not None else {}
    return {code: entry.labels[lang] for code, entry in codes.items() if code != _UNCLASSIFIED}


def make_subscribers(codes: Mapping[str, Mapping[str, Code]], languages: Sequence[str]) -> Iterator[tuple[str, Wish]]:
    """Make invented subscribers for the fictional sample, at addresses that nobody has.

    Half want all, the others one of the first regions or themes, in every language.
    """
    regions, themes = list(codes["regions"]), list(codes["themes"])
    wishes: list[dict[str, tuple[str, ...]]] = [{}, {"regions": tuple(regions[:1])}, {}, {"themes": tuple(themes[:1])}]
    every = islice(product(range(SAMPLE_SUBSCRIBERS), wishes, languages), SAMPLE_SUBSCRIBERS)
    for number, (_, wish, lang) in enumerate(every, start=1):
        yield f"sample.reader.{number:03}@example.org", Wish(lang, **wish)
