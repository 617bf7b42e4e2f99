"""Reports of mails that came back, as mail servers write them."""

from pathlib import Path

import pytest

from dashboard.errors import UserError
from dashboard.mail.bounces import note_bounces, read_report
from dashboard.mail.message import Mail, make_mail
from dashboard.mail.outbox import Outbox
from dashboard.mail.sending import send
from tests.dashboard.mail.relay import running

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


def test_the_mail_that_a_report_speaks_of_is_found() -> None:
    assert read_report(write()) == ("<a@b>", "5.1.1")
    assert read_report(write(kind="message/rfc822")) == ("<a@b>", "5.1.1")
    assert read_report(write(action="delayed")) is None
    assert read_report(b"Subject: I am on holiday\n\nBack on Monday") is None
    assert read_report(b"\xff\xfe\0garbage") is None


def test_reported_mails_are_listed_as_bounced(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "private")
    raw = make_mail(Mail("sample.person.001@example.org", "News", "News"), "news@example.org")
    outbox.put("newsletter", "one", "sample.person.001@example.org", raw, "one")
    with running() as (_, smtp):
        send(outbox, smtp)
    message_id = raw.split(b"Message-ID: ")[1].split(b"\r\n")[0].decode()
    reports = tmp_path / "reports"
    reports.mkdir()
    (reports / "1.eml").write_bytes(write(message_id=message_id))
    (reports / "2.eml").write_bytes(write(message_id="<of-another-program@example.net>"))
    assert note_bounces(outbox, [reports]) == (2, 1, 1)
    (bounced,) = outbox.listed("bounced")
    assert (bounced.recipient, bounced.codes) == ("sample.person.001@example.org", "5.1.1")
    with pytest.raises(UserError, match="not there"):
        note_bounces(outbox, [tmp_path / "nothing"])
