"""One mail as the bytes that are sent: RFC 5322 and 2045, text and HTML, pictures inside, headers of a list.

Lines stay below 78 characters but where an address of the web is longer; everything is ASCII, whatever the language.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

import css_inline

from dashboard.mail.addresses import check_address, read_sender

LONGEST_LINE = 998
"""Octets of a line, by RFC 5322."""


@dataclass(frozen=True)
class Picture:
    """A picture inside a mail: the HTML shows it by `src="cid:<name>"`, with an `alt` that says the same.

    Attributes:
        name: A plain word; the file's name without its ending.
        png: The picture.
    """

    name: str
    png: bytes


@dataclass(frozen=True)
class Mail:
    """What a mail says, to one reader.

    Attributes:
        recipient: A plain address.
        subject: One line.
        text: The whole in plain text.
        html: The same as HTML, with a `<style>` that is moved into its elements; empty for a mail of text alone.
        language: Of the text, as `fr`.
        pictures: Those that the HTML shows.
        list_id: The list's name in List-Id, as `newsletter.example.org`; empty for a mail to one person.
        unsubscribe: Address at which one POST leaves the list (RFC 8058); empty for none.
        reply_to: Where answers go, where not to the sender.
        headers: Further headers.
    """

    recipient: str
    subject: str
    text: str
    html: str = ""
    language: str = "en"
    pictures: Sequence[Picture] = ()
    list_id: str = ""
    unsubscribe: str = ""
    reply_to: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


def make_mail(mail: Mail, from_whom: str, at: datetime | None = None) -> bytes:
    """The mail as it is sent, with an id of its own, which it keeps however often it is tried.

    Args:
        mail: What it says.
        from_whom: The sender, as `Settings.mail_sender` has it.
        at: Its date; now by default.

    Raises:
        UserError: the address of the recipient or of the sender is none.
        ValueError: a header or an address would break the message: a mistake of the caller.
    """
    sender = read_sender(from_whom)
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = Address(addr_spec=check_address(mail.recipient))
    message["Subject"] = one_line(mail.subject)
    message["Date"] = format_datetime((at or datetime.now(UTC)).astimezone(UTC))
    message["Message-ID"] = f"<{secrets.token_hex(12)}@{sender.domain}>"  # short: a longer one would be folded
    message["Auto-Submitted"] = "auto-generated"
    if mail.reply_to:
        message["Reply-To"] = Address(addr_spec=check_address(mail.reply_to))
    for name, value in mail.headers.items():
        message[name] = one_line(value)
    message.set_content(_end_lines(mail.text), subtype="plain", charset="utf-8", cte="quoted-printable")
    if mail.html:
        _add_html(message, mail, sender.domain)
    message["Content-Language"] = mail.language  # with the content, for setting that removes its headers
    raw = b"".join(_list_headers(mail)) + message.as_bytes()
    if max(map(len, raw.split(b"\r\n"))) > LONGEST_LINE:
        raise ValueError("A line of a mail is longer than 998 octets.")
    return raw


def one_line(text: str) -> str:
    """A header's text: line breaks and other control characters become spaces, so that it ends where it should."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def inline_styles(html: str) -> str:
    """HTML whose styles stand in its elements, where mail programs look; rules for dark and narrow screens stay."""
    inliner = css_inline.CSSInliner(
        load_remote_stylesheets=False, keep_style_tags=False, keep_at_rules=True, apply_width_attributes=True
    )
    return inliner.inline(html)


def _add_html(message: EmailMessage, mail: Mail, domain: str) -> None:
    names = {picture.name: f"{picture.name}.{secrets.token_hex(6)}@{domain}" for picture in mail.pictures}
    html = inline_styles(mail.html)
    for name, content_id in names.items():
        html = html.replace(f'"cid:{name}"', f'"cid:{content_id}"')
    message.add_alternative(_end_lines(html), subtype="html", charset="utf-8", cte="quoted-printable")
    *_, part = message.iter_parts()
    assert isinstance(part, EmailMessage)  # noqa: S101  (for the types)
    for picture in mail.pictures:
        cid = f"<{names[picture.name]}>"
        part.add_related(picture.png, "image", "png", cid=cid, disposition="inline", filename=f"{picture.name}.png")


def _list_headers(mail: Mail) -> list[bytes]:
    """The headers of a list. The library would encode a long address, which readers then do not understand.

    Raises:
        ValueError: an address is none that a header can hold.
    """
    lines = {}
    if mail.list_id:
        lines["List-Id"] = f"<{mail.list_id}>"
    if mail.unsubscribe:
        lines["List-Unsubscribe"] = f"<{mail.unsubscribe}>"
        lines["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    for name, value in lines.items():
        if not value.isascii() or not value.isprintable() or " " in value or value.count(">") > 1:
            raise ValueError(f"{name} cannot hold this address.")
    return [f"{name}: {value}\r\n".encode("ascii") for name, value in lines.items()]


def _end_lines(text: str) -> str:
    return text if text.endswith("\n") else text + "\n"
