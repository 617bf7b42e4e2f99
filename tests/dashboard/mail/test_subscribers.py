"""Signing up, confirming, changing, leaving, being erased: by signed links, with the same answer to every address."""

import re
import stat
from pathlib import Path

import pytest
from itsdangerous import URLSafeTimedSerializer

from dashboard.errors import UserError
from dashboard.mail.subscribers import CONFIRM, KEY, MOST_ASKS, PREFERENCES, UNSUBSCRIBE, Desk, LinkError, Wish
from tests.dashboard.mail.desks import html_of, make_desk, text_of, waiting

ADDRESS = "sample.person.001@example.org"
WISH = Wish("fr", ("africa",), ("education",))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return make_desk(tmp_path)


def token_in(text: str, use: str) -> str:
    return re.search(rf"/newsletter/{use}\?t=([^&\s\"]+)", text)[1]


def join(desk: Desk, address: str = ADDRESS, wish: Wish = WISH) -> str:
    """Sign up and confirm; gives the subscriber's id."""
    desk.sign_up(address, wish)
    return desk.confirm(token_in(text_of(waiting(desk)[-1]), CONFIRM)).subscriber_id


def test_nobody_is_a_reader_before_they_have_confirmed(desk: Desk) -> None:
    desk.sign_up(f" {ADDRESS.upper()} ", WISH)
    (mail,) = waiting(desk)
    assert mail["To"] == ADDRESS
    assert mail["Content-Language"] == "fr"
    assert "confirmer" in mail["Subject"]
    assert "lettre d’information\u00a0:" in text_of(mail)
    assert token_in(text_of(mail), CONFIRM) == token_in(html_of(mail), CONFIRM)
    assert mail["List-Unsubscribe"] is None  # they are on no list yet
    assert desk.readers() == {}
    token = token_in(text_of(mail), CONFIRM)
    desk.see(CONFIRM, token)
    assert desk.readers() == {}  # looking is no answer
    subscriber = desk.confirm(token)
    assert desk.confirm(token) == subscriber  # nor does a second answer change anything
    ((wish, (reader,)),) = desk.readers().items()
    assert (wish, reader.address) == (WISH, ADDRESS)


def test_every_address_gets_the_same_answer_and_none_many_mails(desk: Desk) -> None:
    join(desk)
    for address in (ADDRESS, "sample.person.002@example.org"):  # none is refused
        desk.sign_up(address, Wish("en"))
    _, again, new = waiting(desk)
    assert "déjà" in again["Subject"]  # in the language that they read, whoever typed it in
    assert "confirm" in new["Subject"]
    assert desk.find(address=ADDRESS).wish == WISH  # who types an address changes nothing
    for _ in range(2 * MOST_ASKS):
        desk.sign_up("sample.person.002@example.org", Wish("en"))
    assert [mail["To"] for mail in waiting(desk)].count("sample.person.002@example.org") == MOST_ASKS


def test_without_the_setting_no_address_is_taken_but_who_is_there_can_leave(tmp_path: Path, desk: Desk) -> None:
    subscriber_id = join(desk)
    closed = make_desk(tmp_path, DASHBOARD_NEWSLETTER="off")
    with pytest.raises(UserError, match="not set up"):
        closed.sign_up(ADDRESS, WISH)
    closed.leave(UNSUBSCRIBE, token_in(closed.make_link(UNSUBSCRIBE, subscriber_id, "fr"), UNSUBSCRIBE))
    assert desk.readers() == {}


def test_who_leaves_is_deleted_with_what_was_not_sent_yet(desk: Desk) -> None:
    subscriber_id = join(desk)
    desk.outbox.put("newsletter", "issue", ADDRESS, b"Subject: News\r\n\r\nNews", "news")
    desk.outbox.put("letters", "other", ADDRESS, b"Subject: Other\r\n\r\nOther", "other")
    token = token_in(desk.make_link(UNSUBSCRIBE, subscriber_id, "fr"), UNSUBSCRIBE)
    desk.leave(UNSUBSCRIBE, token)
    desk.leave(UNSUBSCRIBE, token)
    assert [mail["Subject"] for mail in waiting(desk)] == ["Other"]
    assert desk.count_subscribers() == {("left", "fr"): 1}
    with pytest.raises(UserError, match="no longer gets"):
        desk.see(PREFERENCES, token_in(desk.make_link(PREFERENCES, subscriber_id, "fr"), PREFERENCES))
    assert join(desk) != subscriber_id  # and may come back


def test_links_cannot_be_made_changed_swapped_or_used_too_late(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    token = token_in(desk.make_link(CONFIRM, "somebody", "en"), CONFIRM)
    assert desk.read_link(CONFIRM, token) == "somebody"
    forged = URLSafeTimedSerializer("guessed", salt=f"newsletter/{CONFIRM}").dumps("somebody")
    for use, wrong in ((CONFIRM, token[:-1]), (CONFIRM, ""), (UNSUBSCRIBE, token), (CONFIRM, forged)):
        with pytest.raises(LinkError, match="not complete"):
            desk.read_link(use, wrong)
    year = 366 * 24 * 60 * 60
    leave = token_in(desk.make_link(UNSUBSCRIBE, "somebody", "en"), UNSUBSCRIBE)
    now = __import__("time").time
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: now() + 3 * year)
    with pytest.raises(LinkError, match="too old"):
        desk.read_link(CONFIRM, token)
    assert desk.read_link(UNSUBSCRIBE, leave) == "somebody"
    assert stat.S_IMODE((desk.outbox.private / KEY).stat().st_mode) == 0o600
