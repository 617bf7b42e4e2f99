"""Links open their actions until their last day or until staff end them; nobody can guess or alter one."""

import secrets
from datetime import timedelta
from pathlib import Path

import pytest

from dashboard.campaign.reporting.links import (
    BY_STAFF,
    KEY,
    PREFIX,
    ReportLink,
    ReportLinkError,
    ReportLinks,
    find_today,
)


@pytest.fixture
def links(tmp_path: Path) -> ReportLinks:
    return ReportLinks(tmp_path)


def _make(links: ReportLinks, days: int = 30) -> ReportLink:
    return links.make(BY_STAFF, ["A-1", "A-2", "A-1"], find_today() + timedelta(days=days), "final")


def test_a_link_opens_its_actions_until_its_last_day(links: ReportLinks) -> None:
    link = _make(links, 0)
    assert links.open(links.write_token(link)) == link
    assert link.action_ids == ("A-1", "A-2")
    assert not link.is_open(find_today() + timedelta(days=1))
    with pytest.raises(ReportLinkError):
        links.open(links.write_token(_make(links, -1)))


def test_a_letter_written_anew_has_the_same_link(links: ReportLinks) -> None:
    first = links.ensure("letter:20210701-ab-00001", ["A-1"], find_today() + timedelta(days=9))
    again = links.ensure("letter:20210701-ab-00001", ["A-1"], find_today() + timedelta(days=20))
    other = links.ensure("letter:20210701-ab-00002", ["A-1"], find_today() + timedelta(days=9))
    assert links.write_token(first) == links.write_token(again) != links.write_token(other)
    assert [link.origin for link in links.list()] == [other.origin, first.origin]
    over = links.ensure("letter:20210701-ab-00003", ["A-1"], find_today() - timedelta(days=1))
    renewed = links.ensure(over.origin, ["A-1"], find_today() + timedelta(days=9))
    assert (renewed.is_open(), links.ensure(over.origin, ["A-1"], find_today())) == (True, renewed)
    links.end(first.handle)
    assert not links.ensure(first.origin, ["A-1"], find_today() + timedelta(days=9)).is_open()


def test_staff_end_one_link_or_all(links: ReportLinks) -> None:
    first, second, third = (_make(links) for _ in range(3))
    assert links.end(second.handle) == 1
    assert links.end(second.handle) == 0
    with pytest.raises(ReportLinkError):
        links.open(links.write_token(second))
    assert links.open(links.write_token(first)) == first
    assert links.end() == 2
    for link in (first, third):
        with pytest.raises(ReportLinkError):
            links.open(links.write_token(link))


def test_a_link_that_is_over_opens_again_and_one_that_was_ended_does_not(links: ReportLinks) -> None:
    over, longer, ended = _make(links, -1), _make(links, 60), _make(links)
    links.end(ended.handle)
    until = find_today() + timedelta(days=14)
    extended = [links.extend(link.handle, until) for link in (over, longer, ended)]
    assert [link and link.is_open(until) for link in extended] == [True, True, False]
    assert links.open(links.write_token(over)) == extended[0]
    assert (extended[1], links.extend("none", until)) == (longer, None)


def test_forged_guessed_and_cut_links_open_nothing_and_are_told_alike(links: ReportLinks, tmp_path: Path) -> None:
    link = _make(links)
    token = links.write_token(link)
    cut = [token[:length] for length in range(len(token))]
    changed = [
        token[:place] + ("0" if token[place] != "0" else "1") + token[place + 1 :] for place in range(len(token))
    ]
    guessed = [f"{PREFIX}{secrets.token_hex(8)}.{secrets.token_urlsafe(32)}" for _ in range(1000)]
    other = ReportLinks(tmp_path / "other")
    forged = [other.write_token(link), f"{PREFIX}{link.handle}", f"{token}x", token.replace(".", ""), "é", "\0"]
    messages = set()
    for attempt in (*cut, *changed, *guessed, *forged):
        with pytest.raises(ReportLinkError) as refusal:
            links.open(attempt)
        messages.add(str(refusal.value))
    assert len(messages) == 1
    assert links.open(token) == link


def test_the_stored_files_apart_open_nothing(links: ReportLinks, tmp_path: Path) -> None:
    token = links.write_token(_make(links))
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("report_links.sqlite*"))
    assert token.rpartition(".")[2].encode() not in stored
    (tmp_path / KEY).unlink()
    with pytest.raises(ReportLinkError):
        links.open(token)
