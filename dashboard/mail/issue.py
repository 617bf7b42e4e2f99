"""An issue: the digests of all readers, put into the outbox, each reader once; and test mails.

The outbox holds the mails of an issue until the last one is there; then one transaction notes the issue and releases
them. A program that dies before that leaves no issue, and the next one begins again.
"""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

from dashboard.errors import BusyError
from dashboard.ground.files import locking
from dashboard.ground.files.private_store import change
from dashboard.i18n import N_
from dashboard.mail.digest import Digest, Period, count_new, gather, with_links, write_html, write_text
from dashboard.mail.message import Mail, make_dressed
from dashboard.mail.outbox import NEWSLETTER, TEST, now
from dashboard.mail.sending import Tell
from dashboard.mail.subscribers import PATH, PREFERENCES, UNSUBSCRIBE, Desk, Subscriber, Wish
from dashboard.measures.latest import KINDS, Window, list_latest
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection

LOCK = "newsletter.lock"
MAKING, SENDING = N_("Mails are being made"), N_("Mails are being sent")
"""The progress messages while an issue is made, and then sent."""
FIRST_DAYS = 30
"""The period of the first issue: so many days before the day of the figures."""


class Group(NamedTuple):
    """Readers with the same digest, and the number of news for them."""

    wish: Wish
    readers: int
    new: int


class Issue(NamedTuple):
    """A finished issue: its batch in the outbox, and the most news for any reader.

    It covers entries known by `known_until`; the next one continues from there.
    """

    issue_id: str
    known_until: datetime
    entries: int


class IssueResult(NamedTuple):
    """The result of making an issue: its id (empty without news), mails, digests, and readers without one."""

    issue_id: str
    mails: int
    digests: int
    without_news: int


def list_issues(desk: Desk) -> list[Issue]:
    """List the issues, the last one first."""
    return [
        Issue(row["issue_id"], datetime.fromisoformat(row["known_until"]), row["entries"])
        for row in desk.outbox.store.ask("issues")
    ]


def find_period(desk: Desk, snapshot: Snapshot, since: date | None = None) -> Period:
    """Find the period of news now: since the last issue, or from a chosen day on.

    The first issue covers entries that happened on that day or later.
    """
    issues = list_issues(desk)
    # The next issue covers entries published during this one's making.
    newest = list_latest(snapshot, Selection(), Window(kinds=tuple(KINDS), by="known"), limit=1)["known_at"]
    until = newest.iloc[0].to_pydatetime() if newest.notna().any() else datetime.now(UTC)
    if since is not None:
        after = datetime(since.year, since.month, since.day, tzinfo=UTC) if issues else None
        return Period(after, until, since)
    if issues:
        return Period(issues[0].known_until, until, issues[0].known_until.date())
    return Period(None, until, snapshot.last_date - timedelta(days=FIRST_DAYS))


def list_groups(desk: Desk, snapshot: Snapshot, period: Period) -> list[Group]:
    """Group the readers by their digests, the largest group first."""
    groups = [Group(wish, len(readers), count_new(snapshot, wish, period)) for wish, readers in desk.readers().items()]
    return sorted(groups, key=lambda group: (-group.readers, group.wish.lang, group.wish.regions, group.wish.themes))


def make_issue(
    desk: Desk, snapshot: Snapshot, since: date | None = None, tell: Tell = lambda _d, _t: None
) -> IssueResult:
    """Make the mails of an issue of news (`find_period`), and put them into the outbox, which sends them.

    Raises:
        BusyError: another issue is being made.
    """
    with _alone(desk):
        period = find_period(desk, snapshot, since)
        groups = desk.readers()
        new = {wish: count_new(snapshot, wish, period) for wish in groups}
        total = sum(len(groups[wish]) for wish in groups if new[wish])
        without = sum(len(groups[wish]) for wish in groups if not new[wish])
        if not total:
            return IssueResult("", 0, 0, without)
        issue_id, mails = name_batch(), 0
        for wish in (wish for wish in groups if new[wish]):
            make = _write(desk, snapshot, wish, period)
            mails_of_wish = ((r.address, make(r, r.address), f"{issue_id}/{r.subscriber_id}") for r in groups[wish])
            desk.outbox.put_all(NEWSLETTER, issue_id, mails_of_wish, is_held=True)
            mails += len(groups[wish])
            tell(mails, total)
        _let_go(desk, issue_id, period, snapshot.build_id, max(new.values()))
        return IssueResult(issue_id, mails, sum(map(bool, new.values())), without)


def put_test(desk: Desk, snapshot: Snapshot, wish: Wish, address: str, since: date | None = None) -> str:
    """Put a test digest into the outbox, whoever reads the newsletter; return its batch.

    Raises:
        UserError: the text is no address.
    """
    batch_id = f"test-{name_batch()}"
    raw = _write(desk, snapshot, wish, find_period(desk, snapshot, since))(None, address)
    desk.outbox.put(TEST, batch_id, address.strip().lower(), raw, batch_id)
    return batch_id


def name_batch() -> str:
    """Name a batch of today."""
    return f"{datetime.now(UTC):%Y-%m-%d}-{secrets.token_hex(3)}"


def make_digest(desk: Desk, snapshot: Snapshot, wish: Wish, period: Period) -> Digest:
    """Make the digest of a wish, with the dashboard's address and a contact for its readers."""
    contact = desk.find_contact(is_fictional=snapshot.is_sample)
    return gather(snapshot, wish, period, desk.settings.base_url, contact)


def _write(desk: Desk, snapshot: Snapshot, wish: Wish, period: Period) -> Callable[[Subscriber | None, str], bytes]:
    """Write the digest of a wish; return a function that makes each reader's mail.

    Without a reader it is a test for an address, and its links lead to the page.
    """
    digest = make_digest(desk, snapshot, wish, period)
    text, html = write_text(digest), write_html(digest)
    base_url, lang = desk.settings.base_url, wish.lang
    pictures = {picture.name: picture.png for picture in digest.pictures}
    list_id = f"newsletter.{urlsplit(base_url).hostname or 'localhost'}"  # its name for mail programs (RFC 2919)

    def make(reader: Subscriber | None, address: str) -> bytes:
        if reader is None:
            preferences = unsubscribe = f"{base_url}{PATH}?lang={lang}"
            subject = digest.t(N_("Test: {subject}"), subject=digest.subject)
        else:
            preferences = desk.make_link(PREFERENCES, reader.subscriber_id, lang)
            unsubscribe = desk.make_link(UNSUBSCRIBE, reader.subscriber_id, lang)
            subject = digest.subject
        mail = Mail(
            recipient=address,
            subject=f"{subject} – {digest.campaign}",
            text=with_links(text, preferences, unsubscribe),
            html=with_links(html, preferences.replace("&", "&amp;"), unsubscribe.replace("&", "&amp;")),
            language=lang,
            pictures=pictures,
            list_id=list_id,
            unsubscribe=unsubscribe if reader else "",
            headers={"Precedence": "bulk"},
        )
        return make_dressed(mail, desk.settings)

    return make


@contextmanager
def _alone(desk: Desk) -> Iterator[None]:
    """Lock the newsletter for one issue; remove the rest of an unfinished one."""
    private = desk.outbox.private
    private.mkdir(mode=0o700, parents=True, exist_ok=True)
    refusal = BusyError(
        N_("Another issue of the newsletter is being made."), N_("Wait until it has finished, then try again.")
    )
    with locking.hold(private / LOCK, 0, refusal):
        finished = {issue.issue_id for issue in list_issues(desk)}
        for batch in desk.outbox.batches(NEWSLETTER):
            if batch.batch_id not in finished:
                desk.outbox.shift(NEWSLETTER, batch.batch_id, "give up")
        yield


def _let_go(desk: Desk, issue_id: str, period: Period, build_id: str, entries: int) -> None:
    known_until = period.known_until.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    values = {"issue_id": issue_id, "known_until": known_until, "build_id": build_id, "entries": entries}
    with desk.outbox.store.transaction() as connection:
        change(connection, "mail/add_issue", now=now(), **values)
        change(connection, "mail/shift", kind=NEWSLETTER, batch_id=issue_id, before="held", after="waiting", now=now())
