"""A mail fulfils RFC 5322, 2045, 2047, 2369 and 8058, checked on its bytes and by the library's parsers."""

import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default

import pytest

from dashboard.errors import UserError
from dashboard.mail.addresses import check_address, is_reserved, read_sender
from dashboard.mail.message import LONGEST_LINE, Mail, make_mail

SENDER = "Campagne « échantillon » <news@example.org>"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9
LEAVE = "https://actions.example.org/newsletter/unsubscribe?token=" + "A1b2C3d4" * 20
HTML = (
    '<html lang="fr"><head><style>p{color:#123456} @media (prefers-color-scheme: dark){p{color:#fff}}</style></head>'
    '<body><p>Échéance : « demain »</p><img src="cid:chart" alt="Deux sur trois"></body></html>'
)
MAIL = Mail(
    "sample.person.001@example.org",
    "Ce qui est nouveau : 12 actions achevées, 3 étapes franchies en Afrique — et ailleurs dans le monde",
    "Échéance : demain.\n.une ligne qui commence par un point\n" + "très long " * 200,
    HTML,
    "fr",
    {"chart": PNG},
    "newsletter.example.org",
    LEAVE,
)


def make(mail: Mail = MAIL) -> tuple[bytes, EmailMessage]:
    raw = make_mail(mail, SENDER, datetime(2021, 6, 1, 12, tzinfo=UTC))
    return raw, message_from_bytes(raw, policy=SMTP)  # type: ignore[return-value]


def test_lines_are_ascii_and_short_headers_are_there_once_and_leaving_takes_one_post() -> None:
    raw, message = make()
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"") and b"\r" not in raw.replace(b"\r\n", b"")
    lines = raw.split(b"\r\n")
    assert max(map(len, lines)) <= LONGEST_LINE
    assert {line.partition(b":")[0] for line in lines if len(line) > 78} <= {b"List-Unsubscribe"}
    assert b"\0" not in raw
    for name in ("From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "List-Id", "List-Unsubscribe"):
        assert len(message.get_all(name)) == 1, name
    assert not message.defects
    assert all(not part.defects and not any(v.defects for v in part.values()) for part in message.walk())
    assert message["Date"].datetime == datetime(2021, 6, 1, 12, tzinfo=UTC)
    assert re.fullmatch(r"<[^<>@\s]+@example\.org>", message["Message-ID"])
    assert message["From"].addresses[0].display_name == "Campagne « échantillon »"
    assert message["Subject"] == MAIL.subject
    assert message["Content-Language"] == "fr"
    assert message["Auto-Submitted"] == "auto-generated"
    assert make()[1]["Message-ID"] != message["Message-ID"], "two mails have two"
    other = message_from_bytes(raw, policy=default)
    assert [part.get_content_type() for part in other.walk()] == [part.get_content_type() for part in message.walk()]
    head = raw[: raw.index(b"\r\n\r\n")]
    assert all(len(word) <= 75 for word in re.findall(rb"=\?[^\s]+\?=", head))  # RFC 2047
    assert f"List-Unsubscribe: <{LEAVE}>\r\n".encode() in raw  # not folded, not encoded
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert LEAVE.startswith("https:")
    assert not any(name.startswith("List-") for name in make(Mail("a@example.org", "One", "text"))[1])


def test_text_html_and_picture_stand_where_readers_look() -> None:
    _, message = make()
    assert message.get_content_type() == "multipart/alternative"
    text, related = message.iter_parts()
    assert text.get_content_type() == "text/plain"
    assert text.get_content().replace("\r\n", "\n") == MAIL.text + "\n"
    assert related.get_content_type() == "multipart/related"
    html, picture = related.iter_parts()
    assert html.get_content_type() == "text/html"
    assert {part["Content-Transfer-Encoding"] for part in (text, html)} == {"quoted-printable"}
    content = html.get_content()
    assert 'style="color: #123456' in content.replace("color:#", "color: #")
    assert "prefers-color-scheme: dark" in content
    (shown,) = re.findall(r'src="cid:([^"]+)" alt="Deux sur trois"', content)
    assert picture["Content-ID"] == f"<{shown}>"
    assert picture.get_content() == PNG
    assert picture.get_content_disposition() == "inline"


@pytest.mark.parametrize("attack", ["One\r\nBcc: sample@example.org", "One\nBcc: x", "One\x00two", "One\u2028Bcc: x"])
def test_no_header_can_be_smuggled_in(attack: str) -> None:
    raw, message = make(Mail("sample@example.org", attack, "text", headers={"X-Note": attack}))
    assert message["Bcc"] is None
    assert message["Subject"].startswith("One ")
    assert b"\r\nBcc:" not in raw
    for recipient in ("a@example.org\r\nBcc: b@example.org", "a@example.org, b@example.org", "<a@example.org>"):
        with pytest.raises(UserError):
            make_mail(Mail(recipient, "One", "text"), SENDER)
    for link in ("https://example.org/\r\nBcc: x", "https://example.org/ x", "https://example.org/é"):
        with pytest.raises(ValueError, match="cannot hold"):
            make_mail(Mail("a@example.org", "One", "text", unsubscribe=link), SENDER)
    with pytest.raises(UserError):
        read_sender("Sample <a@example.org>\r\nBcc: b@example.org")


def test_what_is_no_plain_address_is_refused_and_others_are_compared_in_small_letters() -> None:
    for text in ("", "a", "a@", "@b", "a@b..c", "a b@example.org", '"a b"@example.org', "a@é..org", "é@example.org"):
        with pytest.raises(UserError, match="no e-mail address"):
            check_address(text)
    with pytest.raises(UserError, match="no e-mail address"):
        check_address("x" * 65 + "@a.org")
    assert check_address(" Sample.Person+news@Example.ORG ") == "sample.person+news@example.org"
    assert check_address("name@Café.example") == "name@xn--caf-dma.example"
    assert is_reserved("a@mail.example.org") and is_reserved("a@b.test") and not is_reserved("a@anexample.org")
