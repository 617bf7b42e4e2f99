"""An issue: the digests of all readers, put into the outbox, each reader once; and the mails that try one out.

The mails of an issue are held until the last one is there; then the issue is noted and they are let go, in one
transaction. A program that dies before that leaves no issue, and the next one begins again.
"""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

from dashboard.campaign.private_store import change
from dashboard.errors import BusyError
from dashboard.ground.files import locking
from dashboard.i18n import N_
from dashboard.mail.message import Mail, Picture, make_mail
from dashboard.mail.outbox import now
from dashboard.mail.subscribers import Subscriber, Wish
from dashboard.measures.latest import KINDS, Window, list_latest
from dashboard.newsletter.digest import Digest, Period, count_new, gather
from dashboard.newsletter.joining import Desk
from dashboard.newsletter.links import PATH, PREFERENCES, UNSUBSCRIBE
from dashboard.newsletter.written import with_links, write_html, write_text
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection

NEWSLETTER = "newsletter"
TEST = "test"
LOCK = "newsletter.lock"
MAKING, SENDING = N_("Mails are being made"), N_("Mails are being sent")
"""What is said while an issue is made, and then sent."""
FIRST_DAYS = 30
"""What the first issue tells: what happened in so many days before the day the figures stand at."""

Tell = Callable[[int, int], object]


@dataclass(frozen=True)
class Group:
    """Readers who get the same digest, and how much is new for them."""

    wish: Wish
    readers: int
    new: int


@dataclass(frozen=True)
class Issue:
    """One issue that was made.

    Attributes:
        issue_id: The id of its batch in the outbox.
        entries: How much was new, for those for whom most was.
        known_until: The moment up to which things were known that it tells; the next one goes on from there.
    """

    issue_id: str
    made_at: datetime
    known_until: datetime
    build_id: str
    entries: int


@dataclass(frozen=True)
class Made:
    """What came of making an issue: its id (empty where nothing is new), mails, digests, and how many get none."""

    issue_id: str
    mails: int
    digests: int
    without_news: int


def list_issues(desk: Desk) -> list[Issue]:
    """The issues that were made, the last one first."""
    return [
        Issue(row["issue_id"], _moment(row["made_at"]), _moment(row["known_until"]), row["build_id"], row["entries"])
        for row in desk.outbox.store.ask("issues")
    ]


def find_period(desk: Desk, snapshot: Snapshot, since: date | None = None) -> Period:
    """What counts as new now: since the last issue, or since a chosen day.

    Args:
        desk: Where the issues are.
        snapshot: What is published.
        since: The day; things that became known on it or later, and for the first issue that happened then.
    """
    issues = list_issues(desk)
    until = _last_known(snapshot)
    if since is not None:
        after = datetime(since.year, since.month, since.day, tzinfo=UTC) if issues else None
        return Period(after, until, since)
    if issues:
        return Period(issues[0].known_until, until, issues[0].known_until.date())
    return Period(None, until, snapshot.last_date - timedelta(days=FIRST_DAYS))


def _last_known(snapshot: Snapshot) -> datetime:
    """When the newest entry of a snapshot became known: what is published while an issue is made is the next one's."""
    newest = list_latest(snapshot, Selection(), Window(kinds=tuple(KINDS), by="known"), limit=1)["known_at"]
    return newest.iloc[0].to_pydatetime() if newest.notna().any() else datetime.now(UTC)


def list_groups(desk: Desk, snapshot: Snapshot, period: Period) -> list[Group]:
    """The readers by what they get, those who are most first."""
    groups = [
        Group(wish, len(readers), count_new(snapshot, wish, period))
        for wish, readers in desk.subscribers.readers().items()
    ]
    return sorted(groups, key=lambda group: (-group.readers, group.wish.lang, group.wish.regions, group.wish.themes))


def make_issue(desk: Desk, snapshot: Snapshot, since: date | None = None, tell: Tell = lambda _d, _t: None) -> Made:
    """Make the mails of an issue and put them into the outbox, from where they are sent.

    Args:
        desk: Where readers and outbox are.
        snapshot: What is published.
        since: As `find_period` takes it.
        tell: Told how many mails are made, of how many.

    Raises:
        BusyError: another issue is being made.
    """
    with _alone(desk):
        period = find_period(desk, snapshot, since)
        groups = desk.subscribers.readers()
        contact = desk.find_contact(is_fictional=snapshot.is_sample)
        new = {wish: count_new(snapshot, wish, period) for wish in groups}
        total = sum(len(groups[wish]) for wish in groups if new[wish])
        without = sum(len(groups[wish]) for wish in groups if not new[wish])
        if not total:
            return Made("", 0, 0, without)
        issue_id = f"{datetime.now(UTC):%Y-%m-%d}-{secrets.token_hex(3)}"
        mails = 0
        for wish in (wish for wish in groups if new[wish]):
            letter = _Letter(desk, gather(snapshot, wish, period, desk.settings.base_url, contact))
            mails_of_wish = ((r.address, letter.make(r), f"{issue_id}/{r.subscriber_id}") for r in groups[wish])
            desk.outbox.put_all(NEWSLETTER, issue_id, mails_of_wish, is_held=True)
            mails += len(groups[wish])
            tell(mails, total)
        _let_go(desk, issue_id, period, snapshot.build_id, max(new.values()))
        return Made(issue_id, mails, sum(map(bool, new.values())), without)


def put_test(desk: Desk, snapshot: Snapshot, wish: Wish, address: str, since: date | None = None) -> str:
    """Put a digest for one's own eyes into the outbox, whoever reads the newsletter; gives its batch.

    Raises:
        UserError: the text is no address.
    """
    contact = desk.find_contact(is_fictional=snapshot.is_sample)
    digest = gather(snapshot, wish, find_period(desk, snapshot, since), desk.settings.base_url, contact)
    batch_id = f"test-{datetime.now(UTC):%Y-%m-%d}-{secrets.token_hex(3)}"
    raw = _Letter(desk, digest).make(None, address)
    desk.outbox.put(TEST, batch_id, address.strip().lower(), raw, batch_id)
    return batch_id


def name_list(base_url: str) -> str:
    """The newsletter's name for mail programs (RFC 2919), below the dashboard's own name."""
    return f"newsletter.{urlsplit(base_url).hostname or 'localhost'}"


class _Letter:
    """One digest, made into a mail for reader after reader."""

    def __init__(self, desk: Desk, digest: Digest) -> None:
        self._desk, self._digest, self._links = desk, digest, desk.links
        self._text, self._html = write_text(digest), write_html(digest)
        self._pictures = tuple(Picture(picture.name, picture.png) for picture in digest.pictures)

    def make(self, reader: Subscriber | None, address: str = "") -> bytes:
        """The mail for a reader; without one a trial at an address, whose links lead to the page."""
        lang, base_url = self._digest.wish.lang, self._desk.settings.base_url
        if reader is None:
            preferences = unsubscribe = f"{base_url}{PATH}?lang={lang}"
            subject = self._digest.t(N_("Test: {subject}"), subject=self._digest.subject)
        else:
            preferences = self._links.address(PREFERENCES, reader.subscriber_id, lang)
            unsubscribe = self._links.address(UNSUBSCRIBE, reader.subscriber_id, lang)
            subject = self._digest.subject
        mail = Mail(
            recipient=reader.address if reader else address,
            subject=f"{subject} – {self._digest.campaign}",
            text=with_links(self._text, preferences, unsubscribe),
            html=with_links(self._html, preferences.replace("&", "&amp;"), unsubscribe.replace("&", "&amp;")),
            language=lang,
            pictures=self._pictures,
            list_id=name_list(base_url),
            unsubscribe=unsubscribe if reader else "",
            headers={"Precedence": "bulk"},
        )
        return make_mail(mail, self._desk.settings.mail_sender)


@contextmanager
def _alone(desk: Desk) -> Iterator[None]:
    """Hold the newsletter for one issue; what an issue that was never finished has left goes."""
    private = desk.outbox.private
    private.mkdir(mode=0o700, parents=True, exist_ok=True)
    refusal = BusyError(
        N_("Another issue of the newsletter is being made."), N_("Wait until it has finished, then try again.")
    )
    with locking.hold(private / LOCK, 0, refusal):
        finished = {issue.issue_id for issue in list_issues(desk)}
        for batch in desk.outbox.batches(NEWSLETTER):
            if batch.batch_id not in finished:
                desk.outbox.give_up(NEWSLETTER, batch.batch_id)
        yield


def _let_go(desk: Desk, issue_id: str, period: Period, build_id: str, entries: int) -> None:
    known_until = period.known_until.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    values = {"issue_id": issue_id, "known_until": known_until, "build_id": build_id, "entries": entries}
    with desk.outbox.store.transaction() as connection:
        change(connection, "mail/add_issue", now=now(), **values)
        change(connection, "mail/shift", kind=NEWSLETTER, batch_id=issue_id, before="held", after="waiting", now=now())


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
