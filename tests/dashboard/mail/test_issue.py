"""An issue: the news, once, for each reader in their words; without news it is not sent; half an issue is none."""

import re
from collections import Counter
from datetime import UTC, date, datetime
from email import message_from_bytes
from email.policy import default
from functools import partial
from pathlib import Path

import pytest

from dashboard.campaign.brand import PLAIN
from dashboard.errors import BusyError
from dashboard.mail import issue as issues
from dashboard.mail.digest import Period, gather, show_pictures, write_html, write_text
from dashboard.mail.issue import find_period, list_groups, list_issues, make_issue, put_test
from dashboard.mail.sending import send
from dashboard.mail.subscribers import Desk, Wish
from dashboard.measures.latest import NEWS, Window, count_latest, list_latest
from dashboard.paths import SHIPPED_CAMPAIGN
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests.dashboard.mail.desks import BASE, LEAVE, html_of, make_desk, publish, text_of, waiting
from tests.dashboard.mail.relay import running

LONG_AGO, LATELY = datetime(2021, 12, 1, tzinfo=UTC), datetime(2022, 1, 5, tzinfo=UTC)
BEFORE = Period(datetime(2021, 12, 24, tzinfo=UTC), datetime(2022, 1, 10, tzinfo=UTC))
CONTACT = "office@example.org"
WISHES = (Wish("en"), Wish("fr", ("africa",)), Wish("fr", ("africa",)))


def readers_of(desk: Desk, *wishes: Wish) -> None:
    desk.put_subscribers((f"sample.reader.{place}@example.org", wish) for place, wish in enumerate(wishes))


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Snapshot]:
    """Publish the fixture with recent completions and all else old; tests only read it."""
    folder = tmp_path_factory.mktemp("newsletter")
    return folder, publish(folder, {"*": LONG_AGO, "completed": LATELY})


@pytest.fixture(autouse=True)
def _without_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Issues go without charts; those of a digest are looked at once, and in a trial."""
    monkeypatch.setattr(issues, "gather", partial(gather, has_pictures=False))


@pytest.fixture
def desk(tmp_path: Path, published: tuple[Path, Snapshot]) -> Desk:
    return make_desk(tmp_path, published[1])


def test_a_digest_tells_what_became_known_alike_in_html_and_text(published: tuple[Path, Snapshot]) -> None:
    snapshot = published[1]
    digest = gather(snapshot, Wish("fr", ("africa",)), BEFORE, BASE, CONTACT, has_pictures=False)
    window = Window(kinds=("completed",), coming=False)
    completed = count_latest(snapshot, Selection(regions=("africa",)), window)["completed"]
    assert digest.total == completed > 0
    assert [section.total for section in digest.sections] == [completed]
    assert f"{completed} action" in digest.subject
    assert digest.choice.startswith("Région\u00a0: ")
    rows = list_latest(snapshot, Selection(regions=("africa",), lang="fr"), window)
    entries = digest.sections[0].entries
    assert [entry.title for entry in entries] == rows["title"].tolist()[: len(entries)]
    for row, entry in zip(rows["action_id"], entries, strict=False):
        assert f"action={row}&lang=fr" in entry.link
    later = Period(LATELY, datetime(2022, 2, 1, tzinfo=UTC))
    assert gather(snapshot, Wish("fr"), later, BASE, CONTACT, has_pictures=False).total == 0
    since = date(2021, 6, 1)  # without days of publishing the days of events count
    digest = gather(snapshot, Wish("en"), Period(None, LATELY, since), BASE, CONTACT, has_pictures=False)
    counts = count_latest(snapshot, Selection(), Window(kinds=NEWS, since=since, coming=False))
    assert digest.total == sum(counts.values()) > 0
    assert {section.total for section in digest.sections} == {n for n in counts.values() if n}
    digest = gather(published[1], Wish("fr"), BEFORE, BASE, CONTACT)
    html, text = write_html(digest), write_text(digest)
    assert html.startswith('<!doctype html><html lang="fr">')
    headings = [int(level) for level in re.findall(r"<h(\d)", html)]
    assert headings[0] == 1 and headings.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(headings, headings[1:], strict=False))
    pictures = re.findall(r'<img src="cid:(\w+)" width="568" alt="([^"]+)">', html)
    assert [name for name, _ in pictures] == [picture.name for picture in digest.pictures] and len(pictures) == 2
    assert all(len(alt) > 20 for _, alt in pictures)
    assert "<script" not in html and "<link" not in html and "http://" not in html.replace("http://www.w3", "")
    for section in digest.sections:
        for entry in section.entries:
            assert entry.link in text and entry.title.split()[0] in text
    assert max(len(line) for line in text.splitlines() if "https://" not in line) <= 72
    assert digest.pictures[0].finding.split()[0] in text
    foot = html.partition('<div class="foot">')[2]
    assert f'{CONTACT}">{CONTACT}</a>' in foot and "Secrétariat d’essai" in foot
    assert text.rstrip().endswith(f"Envoyé par\u00a0: Secrétariat d’essai\nContact\u00a0: {CONTACT}")
    inline = show_pictures(digest, html, PLAIN)
    assert "cid:" not in inline and inline.count("data:image/png;base64,") == 2
    assert re.search(r'<h1 style="[^"]*font-size: ?24px', inline) and 'role="article"' in inline


def test_readers_reach_the_publisher_or_else_whoever_mails_are_from(tmp_path: Path, snapshot: Snapshot) -> None:
    shipped = (SHIPPED_CAMPAIGN / "campaign.toml").read_text(encoding="utf-8")
    stated = re.search(r'(?m)^email = "(.+)"$', shipped)[1]
    (tmp_path / "campaign.toml").write_text(shipped, encoding="utf-8")
    desk = make_desk(tmp_path, snapshot, DASHBOARD_SMTP_FROM="The office <news@agency.example.net>")
    assert desk.find_contact(is_fictional=True) == stated
    assert desk.find_contact(is_fictional=False) == "news@agency.example.net", "the sample's address leads nowhere"
    readers_of(desk, Wish("en"))
    make_issue(desk, snapshot)
    assert f"Contact: {desk.find_contact(is_fictional=snapshot.is_sample)}" in text_of(waiting(desk)[0])


def test_each_reader_gets_one_mail_with_their_own_links(desk: Desk, published: tuple[Path, Snapshot]) -> None:
    snapshot = published[1]
    readers_of(desk, *WISHES)
    made = make_issue(desk, snapshot)
    assert (made.mails, made.digests, made.without_news) == (3, 2, 0)
    mails = waiting(desk)
    assert Counter(mail["Content-Language"] for mail in mails) == {"en": 1, "fr": 2}
    one, other = (mail for mail in mails if mail["Content-Language"] == "fr")
    assert len({LEAVE.sub("", text_of(mail)).split("/newsletter/")[0] for mail in (one, other)}) == 1
    for mail in mails:
        (link,) = LEAVE.findall(text_of(mail))
        assert mail["List-Unsubscribe"] == f"<{link}>"
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert mail["List-Id"] == "<newsletter.actions.example.org>"
        assert link.replace("&", "&amp;") in html_of(mail)
        assert "mark.invalid" not in text_of(mail) + html_of(mail)
        assert desk.see("unsubscribe", re.search(r"t=([^&]+)", link)[1]).address == mail["To"]
    assert len({mail["List-Unsubscribe"] for mail in mails}) == 3


def test_the_next_issue_goes_on_where_the_last_one_ended(desk: Desk, published: tuple[Path, Snapshot]) -> None:
    snapshot = published[1]
    readers_of(desk, Wish("en"), Wish("es"))
    first = make_issue(desk, snapshot)
    with issues._alone(desk), pytest.raises(BusyError):  # two are not made at once
        make_issue(desk, snapshot)
    again = make_issue(desk, snapshot)
    assert (again.issue_id, again.mails, again.without_news) == ("", 0, 2)
    assert [issue.issue_id for issue in list_issues(desk)] == [first.issue_id]
    assert find_period(desk, snapshot).known_after == list_issues(desk)[0].known_until
    since = make_issue(desk, snapshot, date(2021, 12, 24))  # staff may tell it once more
    assert since.mails == 2
    (group, _) = list_groups(desk, snapshot, find_period(desk, snapshot, date(2021, 12, 24)))
    assert group.new == list_issues(desk)[0].entries > 0


@pytest.mark.nightly
def test_what_the_next_build_brings_is_told_once_also_when_it_comes_while_an_issue_is_made(
    published: tuple[Path, Snapshot], desk: Desk, tmp_path: Path
) -> None:
    before = published[1]
    readers_of(desk, Wish("en"))
    counts = count_latest(before, Selection(), Window(coming=False))
    after = publish(tmp_path, {"*": LONG_AGO, "completed": LATELY, "story": datetime(2022, 1, 6, tzinfo=UTC)})
    make_issue(desk, before)  # by the snapshot that was open when the next one was published
    make_issue(desk, after)
    make_issue(desk, after)
    assert [issue.entries for issue in reversed(list_issues(desk))][1:] == [counts["story"]]
    assert f"{counts['story']} stor" in waiting(desk)[-1]["Subject"]


@pytest.mark.nightly
def test_what_was_there_from_the_first_day_on_is_no_news_of_it(tmp_path: Path, snapshot: Snapshot) -> None:
    desk = make_desk(tmp_path, snapshot)  # without the days of first publication
    readers_of(desk, Wish("en"))
    make_issue(desk, snapshot)
    noted = publish(tmp_path, {"*": datetime.now(UTC)})
    assert make_issue(desk, noted).mails == 0


def test_an_issue_that_was_not_finished_is_never_sent(desk, published: tuple[Path, Snapshot], monkeypatch) -> None:
    readers_of(desk, *WISHES)
    with monkeypatch.context() as patch:
        patch.setattr(issues, "_let_go", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            make_issue(desk, published[1])
    assert desk.outbox.counts()["held"] == 3
    with running() as (relay, smtp):
        assert send(desk.outbox, smtp).done == 0
        assert make_issue(desk, published[1]).mails == 3
        send(desk.outbox, smtp)
    assert Counter(relay.recipients) == {f"sample.reader.{place}@example.org": 1 for place in range(3)}


@pytest.mark.nightly
def test_who_could_not_be_reached_waits_for_staff(desk: Desk, published: tuple[Path, Snapshot]) -> None:
    readers_of(desk, Wish("en"), Wish("es"))
    make_issue(desk, published[1])
    with running(lambda address, _: "550 5.1.1 nobody" if ".0@" in address else None) as (_, smtp):
        send(desk.outbox, smtp)
    assert [reader.address for group in desk.readers().values() for reader in group] == ["sample.reader.1@example.org"]
    desk.outbox.decide(desk.outbox.listed("bounced")[0].delivery_no, is_again=False)
    assert sum(map(len, desk.readers().values())) == 2


def test_a_trial_goes_to_one_and_is_no_issue(desk: Desk, published: tuple[Path, Snapshot], monkeypatch) -> None:
    monkeypatch.setattr(issues, "gather", gather)
    readers_of(desk, *WISHES)
    batch_id = put_test(desk, published[1], Wish("fr"), "Staff.Person@example.org")
    with running() as (relay, smtp):
        send(desk.outbox, smtp, kind="test", batch_id=batch_id)
    ((recipient, content),) = relay.mails
    assert recipient == "staff.person@example.org"
    assert b"List-Unsubscribe" not in content  # nobody is on a list by it
    mail = message_from_bytes(content, policy=default)
    pictures = [part for part in mail.walk() if part.get_content_type() == "image/png"]
    assert {part["Content-ID"].strip("<>") for part in pictures} == set(re.findall(r'"cid:([^"]+)"', html_of(mail)))
    assert len(pictures) == 2 and all(part.get_content().startswith(b"\x89PNG") for part in pictures)
    assert list_issues(desk) == []
