"""Nobody gets a mail twice, whatever happens to the sender; the uncertain mails are listed, and the returned ones."""

import logging
import os
import stat
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from dashboard.errors import BusyError, UserError
from dashboard.mail import outbox as outboxes
from dashboard.mail.forgetting import forget_person
from dashboard.mail.message import Mail, make_mail
from dashboard.mail.outbox import Outbox, note_bounces, read_report
from dashboard.mail.sending import PUT_OFF, RelayError, send
from dashboard.paths import PROJECT
from dashboard.settings import Settings
from tests.dashboard.mail.relay import environment, running, smtp

SENDER = "Sample Campaign <news@example.org>"


def address(number: int) -> str:
    return f"sample.person.{number:03}@example.org"


def fill(outbox: Outbox, mails: int, batch_id: str = "one") -> None:
    for number in range(mails):
        raw = make_mail(Mail(address(number), "News", f"For number {number}."), SENDER)
        assert outbox.put("newsletter", batch_id, address(number), raw, f"{batch_id}/{number}")


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    return Outbox(tmp_path / "private")


def test_each_gets_one_mail_and_a_key_is_taken_once(outbox: Outbox) -> None:
    fill(outbox, 5)
    assert not outbox.put("newsletter", "two", address(0), b"Subject: again\r\n\r\n", "one/0")
    told: list[tuple[int, int]] = []
    with running() as (relay, settings):
        outcome = send(outbox, settings, tell=lambda done, total: told.append((done, total)))
        assert send(outbox, settings).counts == {}
    assert relay.recipients == [address(number) for number in range(5)]
    assert relay.connections == 1
    assert outcome.counts == {"sent": 5}
    assert told == [(number, 5) for number in range(1, 6)]
    (batch,) = outbox.batches()
    assert batch.counts == {"sent": 5}
    assert b"For number" not in outbox.store.path.read_bytes()  # a delivered mail is deleted


def test_the_store_is_for_its_owner_only_opens_again_and_for_one_sender_at_a_time(outbox: Outbox) -> None:
    fill(outbox, 1)
    for _ in range(2):
        with outbox.store.open() as connection:
            assert connection.execute("pragma journal_mode").fetchone()[0] == "wal"
            modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in outbox.private.iterdir()}
        assert modes.keys() == {"mail.sqlite", "mail.sqlite-wal", "mail.sqlite-shm"}
        assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(outbox.private.stat().st_mode) == 0o700
    with outbox.only_sender(), pytest.raises(BusyError):
        send(outbox, Settings.from_environment({}))
    assert outbox.counts()["waiting"] == 1


def test_portions_take_a_connection_each_and_a_run_can_be_bounded(outbox: Outbox) -> None:
    fill(outbox, 5)
    with running() as (relay, settings):
        assert send(outbox, smtp(settings.smtp_port, DASHBOARD_SMTP_PORTION="2"), most=4).counts == {"sent": 4}
        assert relay.connections == 2
        assert outbox.counts()["waiting"] == 1
        assert send(outbox, settings, batch_id="other").done == 0


def test_what_is_refused_is_listed_and_what_is_put_off_comes_later(outbox: Outbox, monkeypatch, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    fill(outbox, 4)

    def reply(recipient: str, tries: int) -> str | None:
        if recipient == address(0):
            return f"550 5.1.1 <{recipient}> does not exist"
        if recipient == address(1):
            return "450 4.2.1 come back" if tries == 1 else None
        return f"421 4.3.2 <{recipient}> closing" if recipient == address(2) else None

    with running(reply) as (relay, settings):
        assert send(outbox, settings).counts == {"bounced": 1, "waiting": 2, "sent": 1}
        (bounced,) = outbox.listed("bounced")
        assert (bounced.recipient, bounced.codes) == (address(0), "550 5.1.1")
        assert send(outbox, settings).done == 0  # not yet
        for number, wait in enumerate(PUT_OFF):
            later = outboxes.now(sum(PUT_OFF[: number + 1], start=wait))
            with monkeypatch.context() as patch:
                patch.setattr("dashboard.mail.sending.now", lambda more=wait - wait, later=later: later)
                send(outbox, settings)
    assert outbox.counts()["failed"] == 1
    assert relay.tried.count(address(2)) == len(PUT_OFF) + 1
    assert Counter(relay.recipients) == {address(1): 1, address(3): 1}
    assert outbox.decide(bounced.delivery_no, is_again=True)
    assert not outbox.decide(bounced.delivery_no, is_again=True)
    assert outbox.decide(outbox.listed("failed")[0].delivery_no, is_again=False)
    own = [record.getMessage() for record in caplog.records if record.name != "mail.log"]  # that is the server's
    assert own
    assert not [line for line in own if "@" in line]


def test_without_a_relay_files_are_written_and_examples_never_leave_this_computer(outbox: Outbox) -> None:
    fill(outbox, 2)
    outcome = send(outbox, Settings.from_environment({}))
    assert outcome.counts == {"written": 2}
    files = sorted(outcome.folder.rglob("*.eml"))
    assert [file.relative_to(outcome.folder).as_posix() for file in files] == ["one/000001.eml", "one/000002.eml"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert b"For number 1." in files[1].read_bytes()
    fill(outbox, 1, "two")
    elsewhere = {**environment(25), "DASHBOARD_SMTP_HOST": "relay.example.org"}
    assert send(outbox, Settings.from_environment(elsewhere)).counts == {"written": 1}


def test_a_batch_can_be_held_go_on_and_be_given_up_and_without_its_relay_nothing_changes(outbox: Outbox) -> None:
    fill(outbox, 4)
    with running() as (relay, settings):
        outcome = send(outbox, settings, tell=lambda done, _: done == 2 and outbox.shift("newsletter", "one", "stop"))
        assert outcome.counts == {"sent": 2}
        assert outbox.counts()["held"] == 2
        steps = ("go on", "stop", "give up")
        assert [outbox.shift("newsletter", "one", step) for step in steps] == [2, 2, 2]
        assert send(outbox, settings).done == 0
    assert relay.recipients == [address(0), address(1)]
    fill(outbox, 2, "two")
    with pytest.raises(RelayError, match="cannot be used"):
        send(outbox, settings)
    with pytest.raises(RelayError, match="not who the mails are from"):
        send(outbox, smtp(settings.smtp_port, DASHBOARD_SMTP_FROM=""))
    assert outbox.counts()["waiting"] == 2


def test_a_person_is_forgotten_in_file_and_journal(outbox: Outbox) -> None:
    fill(outbox, 2)
    assert outbox.has_mails_to(address(1))
    assert forget_person(outbox.private, address(1)) == ["private/mail.sqlite: deliveries"]
    content = b"".join(file.read_bytes() for file in outbox.private.iterdir())
    assert address(0).encode() in content
    assert address(1).encode() not in content
    with running() as (relay, settings):
        send(outbox, settings)
    assert relay.recipients == [address(0)]


SENDING = (
    "import sys; from pathlib import Path; from dashboard.mail.outbox import Outbox; "
    "from dashboard.mail.sending import send; from dashboard.settings import Settings; "
    "send(Outbox(Path(sys.argv[1])), Settings.from_environment())"
)


@pytest.mark.nightly
@pytest.mark.kills
@pytest.mark.parametrize(("mails", "kills"), [(60, 2), pytest.param(500, 20, marks=pytest.mark.nightly)])
def test_a_sender_is_killed_again_and_again_and_nobody_gets_two(outbox: Outbox, mails: int, kills: int) -> None:
    """Between the first mail and the last."""
    fill(outbox, mails)
    with running(pause=0.002) as (relay, settings):
        known = {**os.environ, **environment(settings.smtp_port), "PYTHONPATH": str(PROJECT)}
        uncertain = 0
        for number in range(kills):
            goal = len(relay.mails) + max(1, (mails - len(relay.mails)) // (kills - number + 1))
            sender = subprocess.Popen([sys.executable, "-c", SENDING, str(outbox.private)], env=known)
            while len(relay.mails) < goal and sender.poll() is None:
                time.sleep(0.0007 * (number % 5))
            assert sender.poll() is None, "it had finished before it could be killed"
            sender.kill()
            sender.wait()
            with outbox.only_sender():
                pass  # the next sender lists the leftovers of the last one
            found = outbox.counts()
            assert found["sending"] == 0
            assert found["uncertain"] - uncertain in (0, 1)
            uncertain = found["uncertain"]
        send(outbox, settings)
        counts, got = outbox.counts(), Counter(relay.recipients)
    assert counts["waiting"] == 0
    assert counts["sent"] + counts["uncertain"] == mails
    assert max(got.values()) == 1, "somebody got two"
    unsure = {delivery.recipient for delivery in outbox.listed("uncertain")}
    assert len(unsure) == counts["uncertain"] <= kills
    assert {address(number) for number in range(mails)} - got.keys() <= unsure
    assert {address(number) for number in range(mails)} - unsure <= got.keys()


REPORT = """\
From: MAILER-DAEMON@relay.example.net
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I am sorry.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example.net

Final-Recipient: rfc822; sample.person.001@example.org
Action: {action}
Status: 5.1.1

--b
Content-Type: {kind}

Subject: News
Message-ID: {message_id}

--b--
"""


def write(**parts: str) -> bytes:
    return REPORT.format(
        **({"action": "failed", "kind": "text/rfc822-headers", "message_id": "<a@b>"} | parts)
    ).encode()


def test_the_mail_that_a_report_speaks_of_is_found_and_listed_as_bounced(outbox: Outbox, tmp_path: Path) -> None:
    assert read_report(write()) == read_report(write(kind="message/rfc822")) == ("<a@b>", "5.1.1")
    for other in (write(action="delayed"), b"Subject: I am on holiday\n\nBack on Monday", b"\xff\xfe\0garbage"):
        assert read_report(other) is None
    raw = make_mail(Mail(address(1), "News", "News"), SENDER)
    outbox.put("newsletter", "one", address(1), raw, "one")
    with running() as (_, settings):
        send(outbox, settings)
    message_id = raw.split(b"Message-ID: ")[1].split(b"\r\n")[0].decode()
    reports = tmp_path / "reports"
    reports.mkdir()
    (reports / "1.eml").write_bytes(write(message_id=message_id))
    (reports / "2.eml").write_bytes(write(message_id="<of-another-program@example.net>"))
    assert note_bounces(outbox, [reports]) == (2, 1, 1)
    (bounced,) = outbox.listed("bounced")
    assert (bounced.recipient, bounced.codes) == (address(1), "5.1.1")
    with pytest.raises(UserError, match="not there"):
        note_bounces(outbox, [tmp_path / "nothing"])
