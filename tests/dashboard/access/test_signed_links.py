"""Signed links on the disk: the file opens nothing, ended links end at once, and the owners are recorded."""

import json
import sqlite3
from datetime import date, timedelta
from pathlib import Path

import pytest

from dashboard.access import signed_links
from dashboard.access.rights import LOCAL, STRANGER, Person, Role, SignInWay
from dashboard.access.signed_links import KEY, LinkState, SignedLink, SignedLinks, TokenError, find_today
from dashboard.errors import UserError
from dashboard.mail.forgetting import forget_person

READER = Person(role=Role.READER, way=SignInWay.PROVIDER, key="idp:1", name="Sample Person 001")
PATH, QUERY = "/extracts/actions.csv", "region=africa&lang=en"


def make(links: SignedLinks, person: Person = READER, days: int = 90) -> tuple[SignedLink, str]:
    return links.make(person, " Ministry,  monthly ", PATH, QUERY, find_today() + timedelta(days=days), 730)


def test_a_link_is_made_found_listed_and_revoked_and_the_disk_gives_no_token(tmp_path: Path) -> None:
    links = SignedLinks(tmp_path)
    link, token = make(links)
    assert links.find(token) == link
    assert (link.label, link.state(), link.person.role) == ("Ministry, monthly", LinkState.OPEN, Role.READER)
    assert isinstance(link.ends_on, date)
    assert link.ends_on - link.made_on == timedelta(days=90)
    links.note_use(link)
    links.note_use(link)
    assert [(one.uses, one.last_used_on) for one in links.list()] == [(2, find_today())]
    assert links.revoke(link.handle, "somebody else") is None
    revoked = links.revoke(link.handle, READER.key)
    assert revoked is not None
    assert revoked.state() is links.find(token).state() is LinkState.REVOKED
    assert links.revoke(link.handle) is None  # once
    make(links, LOCAL)
    assert [one.made_by for one in links.list()] == ["local", "idp:1"]
    assert [one.made_by for one in links.list(READER.key)] == ["idp:1"]
    _, token = make(SignedLinks(tmp_path))
    secret, _, signature = token.removeprefix("dl_").partition(".")
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert not [part for part in (secret, signature) if part.encode() in kept]
    assert all(path.stat().st_mode & 0o077 == 0 for path in tmp_path.iterdir())


def test_a_use_that_cannot_be_written_waits_and_another_process_knows_of_a_revoked_link(tmp_path, monkeypatch) -> None:
    links = SignedLinks(tmp_path)
    link, _ = make(links)
    with monkeypatch.context() as full:
        full.setattr(links.store, "change", lambda *_, **__: (_ for _ in ()).throw(sqlite3.OperationalError("full")))
        links.note_use(link)
    assert [one.uses for one in links.list()] == [1]
    now = [0.0]
    serving, other = SignedLinks(tmp_path, lambda: now[0]), SignedLinks(tmp_path)
    link, token = make(other)
    assert serving.find(token).state() is LinkState.OPEN
    other.revoke(link.handle)
    now[0] += signed_links.SECONDS_KNOWN
    assert serving.find(token).state() is LinkState.REVOKED


def test_nobody_else_makes_a_token(tmp_path: Path) -> None:
    links = SignedLinks(tmp_path / "one")
    _, token = make(links)
    _, foreign = make(SignedLinks(tmp_path / "other"))
    changed = token[:5] + ("A" if token[5] != "A" else "B") + token[6:]
    cut = (token[:-1], token[3:], changed, f"{token}x", token.upper())
    for wrong in (*cut, foreign, "", "dl_", "nonsense", "dl_é.\ud800"):
        with pytest.raises(TokenError):
            links.find(wrong)
    (tmp_path / "one" / KEY).write_text("another key\n")
    with pytest.raises(TokenError):
        links.find(token)


def test_a_link_ends_by_its_day_and_leaves_the_list_a_year_later(tmp_path: Path, monkeypatch) -> None:
    links = SignedLinks(tmp_path)
    link, token = make(links, days=1)
    monkeypatch.setattr(signed_links, "find_today", lambda: link.ends_on)
    assert links.find(token).state() is LinkState.OPEN
    monkeypatch.setattr(signed_links, "find_today", lambda: link.ends_on + timedelta(days=1))
    assert links.find(token).state() is LinkState.ENDED
    later = link.ends_on + timedelta(days=366)
    monkeypatch.setattr(signed_links, "find_today", lambda: later)
    links.make(READER, "new", PATH, QUERY, later, 730)
    assert [one.label for one in links.list()] == ["new"]


@pytest.mark.parametrize(
    ("person", "label", "days"),
    [(STRANGER, "x", 1), (READER, " ", 1), (READER, "x", -1), (READER, "x", 731), (None, "x", 1)],
)
def test_what_cannot_be_made_is_refused(tmp_path: Path, person: Person | None, label: str, days: int) -> None:
    links = SignedLinks(tmp_path)
    by_link = make(links)[0].person  # who came by one makes no further ones
    with pytest.raises(UserError):
        links.make(person or by_link, label, PATH, QUERY, find_today() + timedelta(days=days), 730)


def test_a_person_who_is_erased_leaves_no_name_and_no_open_link(tmp_path: Path) -> None:
    links, address = SignedLinks(tmp_path), "sample.person@example.org"
    assert forget_person(tmp_path, address) == []
    make(links)
    made_as = json.dumps({"way": "provider", "identity": {"address": "Sample.Person@example.org"}})
    links.make(READER, "x", PATH, QUERY, find_today(), 730, made_as)
    places = [forget_person(tmp_path, address, dry_run=dry_run) for dry_run in (True, False, True)]
    assert places == [["private/links.sqlite: links"], ["private/links.sqlite: links"], []]
    assert [(one.made_name, one.made_by, one.state().value) for one in links.list()] == [
        ("", "", "revoked"),
        ("Sample Person 001", "idp:1", "open"),
    ]
    assert b"Person@example" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())
