"""Signing up, confirming, changing, leaving, and being erased.

Whatever address is typed, the answer is the same: nobody learns who gets the newsletter. An address that gets it
already is sent a mail that says so; one that was typed too often is sent nothing.
"""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parseaddr

from dashboard.campaign.publisher import read_publisher
from dashboard.errors import BusyError, UserError
from dashboard.faults import ComputerError, computer_faults
from dashboard.i18n import N_, translator
from dashboard.languages import Texts
from dashboard.mail.addresses import check_address
from dashboard.mail.forgetting import forget_person
from dashboard.mail.message import Mail, make_mail
from dashboard.mail.outbox import Outbox, now
from dashboard.mail.subscribers import Subscriber, Subscribers, Wish
from dashboard.newsletter.links import CONFIRM, PREFERENCES, UNSUBSCRIBE, Links
from dashboard.newsletter.notices import Notice, write_notice
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot

CONFIRMATIONS = "confirmation"
MOST_ASKS = 3
"""Mails that one address is sent in a day because somebody typed it."""

CLOSED = (
    N_("The newsletter is not set up here."),
    N_("The operator of the dashboard can do that: see the settings DASHBOARD_NEWSLETTER and DASHBOARD_SMTP_HOST."),
)


LOG = logging.getLogger(__name__)


class UnwrittenError(UserError):
    """The server cannot write down what somebody wants, as on a full disk."""


@contextmanager
def written_down() -> Iterator[None]:
    """Tell those who ask what they are to know of a fault of the computer; the log has the rest.

    Raises:
        UnwrittenError: the computer refuses to read or write what the body asks of it.
    """
    try:
        with computer_faults():
            yield
    except ComputerError as error:
        LOG.error("What somebody wants of the newsletter could not be written down: %s", error)
        raise UnwrittenError(
            N_("Your request could not be saved: the server is not accepting any at the moment."),
            N_("Try again in a few minutes."),
        ) from error


@dataclass(frozen=True)
class Desk:
    """Where subscribers are dealt with: the campaign's stores, and its title in each language."""

    settings: Settings
    titles: Texts

    @property
    def subscribers(self) -> Subscribers:
        """The subscribers of the campaign."""
        return Subscribers(self.settings.campaign / "private")

    @property
    def outbox(self) -> Outbox:
        """Its outbox."""
        return Outbox(self.settings.campaign / "private")

    @property
    def links(self) -> Links:
        """Its signed links."""
        return Links(self.settings.campaign / "private", self.settings.base_url)

    def find_contact(self, *, is_fictional: bool) -> str:
        """Where readers reach whoever sends the mails: the publisher's address, else the one that mails are from.

        Args:
            is_fictional: Whether the published figures are the fictional sample's, as in `read_publisher`.
        """
        email = read_publisher(self.settings.campaign, is_fictional=is_fictional).email
        return email or parseaddr(self.settings.smtp_from)[1]

    def sign_up(self, address: str, wish: Wish, *, is_allowed: bool = True) -> None:
        """Ask the owner of an address whether they want the newsletter, by a mail that waits in the outbox.

        Args:
            address: As it was typed.
            wish: What they want to read.
            is_allowed: Whether this client may still ask.

        Raises:
            UserError: the newsletter is not set up, or the text is no address.
            BusyError: this client has asked too often.
        """
        if not self.settings.has_newsletter:
            raise UserError(*CLOSED)
        plain = check_address(address)
        if not is_allowed:
            raise BusyError(N_("Too many addresses were signed up from here."), N_("Try again in an hour."))
        links = self.links
        self.subscribers.drop_unanswered()
        with self.subscribers.asking(plain, wish) as (subscriber, connection):
            if subscriber.asks <= MOST_ASKS:
                self._write(subscriber, wish.lang, links, connection)

    def confirm(self, token: str) -> Subscriber:
        """Take in who opened this link; a second time it changes nothing.

        Raises:
            UserError: the link is not one of ours, or whoever it is for is gone.
        """
        subscriber_id = self.links.read(CONFIRM, token)
        self.subscribers.confirm(subscriber_id)
        return self._find(subscriber_id)

    def see(self, use: str, token: str) -> Subscriber:
        """Who a link is for; changes nothing.

        Raises:
            UserError: the link is not one of ours, or whoever it is for is gone.
        """
        return self._find(self.links.read(use, token))

    def leave(self, token: str) -> None:
        """Let go who opened this link; a second time it changes nothing.

        Raises:
            UserError: the link is not one of ours.
        """
        self.subscribers.leave(self.links.read(UNSUBSCRIBE, token))

    def prefer(self, token: str, wish: Wish) -> Subscriber:
        """Change what somebody reads.

        Raises:
            UserError: the link is not one of ours, or whoever it is for is gone.
        """
        subscriber = self.see(PREFERENCES, token)
        self.subscribers.prefer(subscriber.subscriber_id, wish)
        return self._find(subscriber.subscriber_id)

    def erase(self, token: str) -> None:
        """Erase all that is kept about who opened this link.

        Raises:
            UserError: the link is not one of ours, or they are gone already.
        """
        forget_person(self.outbox.private, self.see(PREFERENCES, token).address)

    def _find(self, subscriber_id: str) -> Subscriber:
        subscriber = self.subscribers.find(subscriber_id)
        if subscriber is None or not subscriber.address:
            raise UserError(
                N_("Whoever this link was for no longer gets the newsletter."),
                N_("Nothing is kept about them. Anybody can sign up again."),
            )
        return subscriber

    def _write(self, subscriber: Subscriber, lang: str, links: Links, connection: sqlite3.Connection) -> None:
        """Put the mail that asks, or that says that the address gets the newsletter already, into the outbox."""
        is_new = subscriber.state == "asked"
        use = CONFIRM if is_new else PREFERENCES
        notice = Notice(
            t=translator(lang if is_new else subscriber.wish.lang),
            campaign=self.titles[lang if is_new else subscriber.wish.lang],
            link=links.address(use, subscriber.subscriber_id, lang),
            is_new=is_new,
        )
        subject, text, html = write_notice(notice)
        mail = Mail(subscriber.address, subject, text, html, notice.t.language)
        raw = make_mail(mail, self.settings.mail_sender)
        key = f"{subscriber.subscriber_id}/{now()}"
        batch_id = f"confirmations-{now()[:10]}"
        self.outbox.put(CONFIRMATIONS, batch_id, subscriber.address, raw, key, connection=connection)


def open_desk(settings: Settings, snapshot: Snapshot | None) -> Desk:
    """The desk of a campaign; its title is empty where nothing is published."""
    titles = {} if snapshot is None else {lang: str(snapshot.campaign[f"title_{lang}"]) for lang in snapshot.languages}
    return Desk(settings, Texts(titles))
