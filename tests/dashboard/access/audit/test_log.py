"""The audit log: lines stay, whoever writes and whatever breaks; persons are erased in it; old lines go."""

import json
import logging
import multiprocessing
import os
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from dashboard.access.audit import log
from dashboard.access.audit.entries import Filters, find_entries, find_people, find_publishers
from dashboard.access.audit.events import Event, Outcome
from dashboard.access.audit.forgetting import erase_person, forget_older_than
from dashboard.access.audit.log import AuditError, acting, acting_here, find_actor, record, write_actor
from dashboard.access.rights import COMMON_PASSWORD, Person, Role, SignInWay
from dashboard.errors import UserError
from dashboard.faults import ComputerError
from dashboard.ground.logs import request_id

ONE = Person(
    role=Role.STAFF, way=SignInWay.PROVIDER, key="oidc:001", name="Sample Person 001", address="one@example.org"
)
OTHER = replace(ONE, key="oidc:002", name="Sample Person 002", address="two@example.org")


def refuse():
    raise UserError("No.", "Ask nobody@example.org.")


def test_an_act_is_recorded_with_who_what_and_how_it_ended_in_words(tmp_path, caplog):
    caplog.set_level(logging.INFO, "dashboard.audit")
    record(tmp_path, COMMON_PASSWORD, Event.SIGNED_IN, request="r1")
    with acting(tmp_path, ONE, Event.PUBLISHED, how="upload") as act:
        act.say("b1", build="b1", files=["register of someone@example.org.csv"], many=range(3))
    with pytest.raises(UserError, match="No"), acting(tmp_path, OTHER, Event.DECIDED):
        refuse()
    with pytest.raises(ZeroDivisionError), acting(tmp_path, OTHER, Event.ERASED):
        _ = 1 / 0
    entries, total = find_entries(tmp_path)
    assert total == 4
    assert list(entries["outcome"]) == ["failed", "refused", "done", "done"]
    published = entries.iloc[2]
    assert (published["event"], published["person_name"], published["role"], published["way"], published["about"]) == (
        "published", "Sample Person 001", "staff", "provider", "b1",
    )  # fmt: skip
    assert json.loads(published["details"]) == {
        "how": "upload", "build": "b1", "files": ["register of […]"], "many": "range(0, 3)",
    }  # fmt: skip
    assert json.loads(entries.iloc[1]["details"])["why"] == "No. Ask […]."
    assert find_publishers(tmp_path, ["b1", "b2"]) == {"b1": "Sample Person 001"}
    assert find_people(tmp_path).names == ["password", "Sample Person 001", "Sample Person 002"]

    shipped = [line.audit for line in caplog.records if line.name == "dashboard.audit"]
    assert [entry["outcome"] for entry in shipped] == ["done", "begun", "done", "begun", "refused", "begun", "failed"]
    assert shipped[1]["person_key"] == "oidc:001"
    told = caplog.text + json.dumps(shipped)
    assert "Sample Person" not in told
    assert "example.org" not in told

    record(tmp_path, ONE, Event.ROLES_CHANGED, "staff added: address ann.sample@example.org")
    newest = find_entries(tmp_path).entries["about"].iloc[0]
    assert newest == "staff added: address a…@example.org", "who gets a role is recognised, and no address kept"
    (path,) = log.find_folder(tmp_path).glob("*.jsonl")
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert all(member.words for member in (*Event, *Outcome))


def test_filters_choose(tmp_path):
    for number in range(30):
        record(tmp_path, ONE if number % 2 else OTHER, Event.DECIDED if number % 3 else Event.PUBLISHED, f"n{number}")
    today, day = date.fromisoformat(str(find_entries(tmp_path).entries["moment"].iloc[0])[:10]), timedelta(days=1)
    for filters, total in (
        (Filters(since=today - day, until=today), 30),
        (Filters(since=today + 40 * day), 0),
        (Filters(until=today - day), 0),
        (Filters(events=(Event.PUBLISHED,), people=("Sample Person 001",)), 5),
        (Filters(outcomes=(Outcome.REFUSED,)), 0),
    ):
        assert find_entries(tmp_path, filters).total == total
    assert list(find_entries(tmp_path, Filters(words="N7")).entries["about"]) == ["n7"]
    page = find_entries(tmp_path, most=10, first=20)
    assert (page.total, list(page.entries["about"])) == (30, [f"n{number}" for number in range(9, -1, -1)])
    assert find_entries(tmp_path / "elsewhere").total == 0


def _write_many(campaign, name):
    person = replace(ONE, name=name)
    for number in range(25):
        record(campaign, person, Event.DECIDED, str(number), text="x" * 500)


def test_several_processes_write_at_once_and_no_line_is_lost(tmp_path):
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=_write_many, args=(tmp_path, f"Writer {number}")) for number in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    entries, total = find_entries(tmp_path)
    assert total == 100
    assert find_people(tmp_path).damaged == 0
    assert set(entries.groupby("person_name").size()) == {25}


def test_a_line_that_a_kill_cut_short_is_told_and_spoils_no_other(tmp_path):
    record(tmp_path, ONE, Event.PUBLISHED, "before")
    (path,) = log.find_folder(tmp_path).glob("*.jsonl")
    with path.open("a") as file:
        file.write('{"act": "half')
    assert find_entries(tmp_path).total == 1
    record(tmp_path, ONE, Event.PUBLISHED, "after")
    assert list(find_entries(tmp_path).entries["about"]) == ["after", "before"]
    assert find_people(tmp_path).damaged == 1


def test_what_cannot_be_recorded_is_not_done(tmp_path, monkeypatch):
    record(tmp_path, ONE, Event.PUBLISHED, "before")
    (path,) = log.find_folder(tmp_path).glob("*.jsonl")
    before = path.read_bytes()
    write, done = os.write, []

    def fill(handle, data):  # the disk takes half of the line and is full
        if len(data) > 40:
            return write(handle, data[:40])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", fill)
    with pytest.raises(AuditError, match="was not carried out"), acting(tmp_path, ONE, Event.ERASED):
        done.append("erased")
    assert not done
    assert path.read_bytes() == before


def test_where_the_end_cannot_be_recorded_the_beginning_stands(tmp_path, monkeypatch, caplog):
    with acting(tmp_path, ONE, Event.ERASED):
        monkeypatch.setattr(log, "_write_all", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
    monkeypatch.undo()
    assert list(find_entries(tmp_path).entries["outcome"]) == ["begun"]
    assert "is not recorded" in caplog.text


def test_what_the_computer_refuses_a_command_is_a_refusal_and_its_unrecorded_end_no_warning(
    tmp_path, monkeypatch, caplog
):
    def fill(*_):
        raise OSError(28, "full")

    for refuse in (fill, lambda: (monkeypatch.setattr(log, "_write_all", fill), fill())):
        with pytest.raises(ComputerError), acting_here(tmp_path, Event.ERASED):
            refuse()
    monkeypatch.undo()
    assert sorted(find_entries(tmp_path).entries["outcome"]) == ["begun", "refused"]
    assert caplog.records == []


def test_who_acts_is_told_in_the_environment_and_else_the_command_line():
    request_id.adopt("r7")
    told = write_actor(ONE)
    request_id.adopt("")
    assert find_actor(told) == (ONE, "r7")
    here = find_actor({})
    assert (here.person.way, here.person.role, bool(here.person.name)) == (SignInWay.COMMAND, Role.ADMINISTRATOR, True)
    assert find_actor({"DASHBOARD_ACTOR": '{"role": "KING"}'}).person.way is SignInWay.COMMAND


def test_a_person_is_erased_and_what_was_done_stays(tmp_path):
    record(tmp_path, ONE, Event.PUBLISHED, "file of Sample Person 001.csv", by="Sample Person 001")
    record(tmp_path, OTHER, Event.CLASSIFIED, "a1", by="sample person 001", note="not Sample Person 0012")
    (path,) = log.find_folder(tmp_path).glob("*.jsonl")
    with path.open("a") as file:
        file.write('{"act": "half", "person_address": "one@example.org\n')
    before = path.read_text()
    assert erase_person(tmp_path, "one@example.org", dry_run=True) == [f"private/audit/{path.name}"] * 3
    assert path.read_text() == before
    erase_person(tmp_path, "one@example.org")
    text = path.read_text()
    assert not re.search(r"one@example|oidc:001|Sample Person 001\b", text, re.IGNORECASE)
    entries, _ = find_entries(tmp_path)
    assert list(entries["person_name"]) == ["Sample Person 002", "erased"]
    assert list(entries["event"]) == ["classified", "published"]
    assert "Sample Person 0012" in text
    assert path.stat().st_mode & 0o777 == 0o600
    assert erase_person(tmp_path, "one@example.org") == []


def test_what_is_older_than_a_day_is_removed(tmp_path, monkeypatch):
    moments = iter(
        ["2026-01-31T23:00:00.0Z", "2026-03-01T00:00:00.0Z", "2026-03-02T00:00:00.0Z", "2026-04-01T00:00:00.0Z"]
    )
    monkeypatch.setattr(log, "_now", lambda: next(moments))
    for number in range(4):
        record(tmp_path, ONE, Event.DECIDED, str(number))
    assert forget_older_than(tmp_path, date(2026, 3, 2), dry_run=True) == 2
    assert forget_older_than(tmp_path, date(2026, 3, 2)) == 2
    assert [path.stem for path in sorted(log.find_folder(tmp_path).glob("*.jsonl"))] == ["2026-03", "2026-04"]
    assert list(find_entries(tmp_path).entries["about"]) == ["3", "2"]
