"""The newsletter signed up for, confirmed, changed and left, and being erased: what is offered, promised and answered.

Whatever address is typed, the answer is the same: nobody learns who gets the newsletter. An address that gets it
already is sent a mail that says so; one that was typed too often is sent nothing.
"""

import logging
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from email.utils import parseaddr
from functools import cache
from html import escape
from itertools import islice, product

from dashboard.access.budgets import WIDTHS, Bucket
from dashboard.campaign.codelists import Code
from dashboard.campaign.folder import read_publisher
from dashboard.errors import BusyError, UserError
from dashboard.faults import ComputerError, computer_faults
from dashboard.i18n import N_, translator
from dashboard.languages import Texts
from dashboard.mail.addresses import check_address
from dashboard.mail.forgetting import forget_person
from dashboard.mail.message import Mail, draw_page, make_mail
from dashboard.mail.outbox import CONFIRMATION, Outbox, now
from dashboard.mail.subscribers import CONFIRM, PREFERENCES, Links, Subscriber, Subscribers, Wish
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot

LOG = logging.getLogger(__name__)
MOST_ASKS = 3
"""Mails that one address is sent in a day because somebody typed it."""
MOST_SIGN_UPS, SECONDS = 10, 3600.0
"""How many addresses one client may sign up, and in how many seconds."""
SAMPLE_SUBSCRIBERS = 24

CHOICES = {"regions": N_("Regions"), "themes": N_("Themes")}
"""What a reader can choose to read about: codelists, which are attributes of a wish and of a selection as well."""
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


class UnwrittenError(UserError):
    """The server cannot write down what somebody wants, as on a full disk."""


class Desk:
    """Where subscribers are dealt with: the campaign's stores, and its title in each language."""

    def __init__(self, settings: Settings, snapshot: Snapshot | None) -> None:
        """Take the settings and what is published, which gives the campaign its title; None for nothing."""
        self.settings = settings
        campaign, languages = (snapshot.campaign, snapshot.languages) if snapshot else ({}, ())
        self.titles = Texts({lang: str(campaign[f"title_{lang}"]) for lang in languages})
        self.subscribers = Subscribers(settings.campaign / "private")
        self.outbox = Outbox(settings.campaign / "private")

    @property
    def links(self) -> Links:
        """The signed links of its subscribers."""
        return Links(self.outbox.private, self.settings.base_url)

    def find_contact(self, *, is_fictional: bool) -> str:
        """Where readers reach whoever sends the mails: the publisher's address, else the one that mails are from."""
        email = read_publisher(self.settings.campaign, is_fictional=is_fictional).email
        return email or parseaddr(self.settings.smtp_from)[1]

    def sign_up(self, address: str, wish: Wish, *, is_allowed: bool = True) -> None:
        """Ask the owner of an address, as it was typed, whether they want the newsletter, by a mail in the outbox.

        Raises:
            UserError: the newsletter is not set up, or the text is no address.
            BusyError: this client has asked too often, and is not allowed to now.
        """
        if not self.settings.has_newsletter:
            raise UserError(*CLOSED)
        plain = check_address(address)
        if not is_allowed:
            raise BusyError(N_("Too many addresses were signed up from here."), N_("Try again in an hour."))
        links = self.links
        self.subscribers.drop_unanswered()
        with self.subscribers.store.transaction() as connection:
            subscriber = self.subscribers.ask(connection, plain, wish)
            if subscriber.asks <= MOST_ASKS:
                self._put_notice(connection, subscriber, wish.lang, links)

    def confirm(self, token: str) -> Subscriber:
        """Take in who opened this link; a second time it changes nothing.

        Raises:
            UserError: the link is not one of ours, or whoever it is for is gone.
        """
        self.subscribers.confirm(self.links.read(CONFIRM, token))
        return self.see(CONFIRM, token)

    def see(self, use: str, token: str) -> Subscriber:
        """Who a link is for; changes nothing.

        Raises:
            UserError: the link is not one of ours, or whoever it is for is gone.
        """
        subscriber = self.subscribers.find(self.links.read(use, token))
        if subscriber is None or not subscriber.address:
            raise UserError(
                N_("Whoever this link was for no longer gets the newsletter."),
                N_("Nothing is kept about them. Anybody can sign up again."),
            )
        return subscriber

    def leave(self, use: str, token: str) -> None:
        """Let go who opened this link; a second time it changes nothing.

        Raises:
            UserError: the link is not one of ours.
        """
        self.subscribers.leave(self.links.read(use, token))

    def prefer(self, token: str, wish: Wish) -> Subscriber:
        """Change what somebody reads.

        Raises:
            UserError: the link is not one of ours, or whoever it is for is gone.
        """
        self.subscribers.prefer(self.see(PREFERENCES, token).subscriber_id, wish)
        return self.see(PREFERENCES, token)

    def erase(self, token: str) -> None:
        """Erase all that is kept about who opened this link.

        Raises:
            UserError: the link is not one of ours, or they are gone already.
        """
        forget_person(self.outbox.private, self.see(PREFERENCES, token).address)

    def _put_notice(self, connection: sqlite3.Connection, subscriber: Subscriber, lang: str, links: Links) -> None:
        """Put the mail that asks, or that says that the address gets the newsletter already, into the outbox."""
        is_new = subscriber.state == "asked"
        reader_lang = lang if is_new else subscriber.wish.lang
        link = links.address(CONFIRM if is_new else PREFERENCES, subscriber.subscriber_id, lang)
        mail = write_notice(subscriber.address, reader_lang, self.titles[reader_lang], link, is_new=is_new)
        raw, key = make_mail(mail, self.settings.mail_sender), f"{subscriber.subscriber_id}/{now()}"
        self.outbox.put(CONFIRMATION, f"confirmations-{now()[:10]}", mail.recipient, raw, key, connection=connection)


def write_notice(address: str, lang: str, campaign: str, link: str, *, is_new: bool) -> Mail:
    """The mail that follows a sign-up: please confirm, or, where somebody who is not new asked, you get it already."""
    t = translator(lang)
    if is_new:
        subject = t(N_("Please confirm: newsletter of {campaign}"), campaign=campaign)
        heading = t(N_("Do you want this newsletter?"))
        message = N_("Somebody, hopefully you, has asked for the newsletter of {campaign} at this address.")
        before = t(message, campaign=campaign)
        button = t(N_("Yes, send me the newsletter"))
        after = [t(N_("Without this answer you get no further mail, and the address is deleted after seven days."))]
    else:
        subject = heading = t(N_("You get the newsletter of {campaign} already"), campaign=campaign)
        before = t(N_("Somebody, hopefully you, has asked for it at this address again. Nothing was changed."))
        button = t(N_("Language, regions and themes, or unsubscribing"))
        after = []
    after.append(t(N_("If you did not ask for it, you do not need to do anything.")))
    way = f"{t(N_('{name}: {value}'), name=button, value='').rstrip()}\n{link}"
    text = "\n\n".join([heading, before, way, *after, campaign]) + "\n"
    body = f"<p>{escape(before)}</p>"
    body += f'<p><a class="button" href="{escape(link)}">{escape(button)}</a></p>'
    body += "".join(f'<p class="small">{escape(line)}</p>' for line in after)
    return Mail(address, subject, text, draw_page(t, campaign, heading, body), lang)


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


@cache
def sign_ups() -> Bucket:
    """What may be signed up in this process, by clients and the networks around them."""
    return Bucket(MOST_SIGN_UPS / SECONDS, MOST_SIGN_UPS)


def may_sign_up(client: str) -> bool:
    """Count one more sign-up; whether it is within what its client, as the server names it, may have.

    This computer (empty) has as much as the widest network: a proxy that no setting names may stand before it, and so
    any number of readers.
    """
    return not sign_ups().take(client, 1 if client else 1 / max(WIDTHS.values()))


def list_choices(snapshot: Snapshot | None, name: str, lang: str) -> dict[str, str]:
    """The codes of a codelist with their labels; nobody asks for what is not classified yet."""
    codes = snapshot.codes.get(name, {}) if snapshot is not None else {}
    return {code: entry.labels[lang] for code, entry in codes.items() if code != _UNCLASSIFIED}


def make_subscribers(codes: Mapping[str, Mapping[str, Code]], languages: Sequence[str]) -> Iterator[tuple[str, Wish]]:
    """Invented subscribers for the fictional sample, at addresses that nobody has.

    Half want all, the others one of the first regions or themes, in every language.
    """
    regions, themes = list(codes["regions"]), list(codes["themes"])
    wishes: list[dict[str, tuple[str, ...]]] = [{}, {"regions": tuple(regions[:1])}, {}, {"themes": tuple(themes[:1])}]
    every = islice(product(range(SAMPLE_SUBSCRIBERS), wishes, languages), SAMPLE_SUBSCRIBERS)
    for number, (_, wish, lang) in enumerate(every, start=1):
        yield f"sample.reader.{number:03}@example.org", Wish(lang, **wish)
