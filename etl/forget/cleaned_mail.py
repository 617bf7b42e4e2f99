"""A mail in which somebody is to be forgotten: its texts lie encoded, and an address may be broken over two lines."""

from collections.abc import Iterator
from email import message_from_bytes
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import SMTP

from etl.inputs.forgotten import holds, without

_HEAD = 32_000  # bytes in which a mail's headers stand


def is_mail(content: bytes) -> bool:
    """Whether bytes are a mail as it is sent."""
    return b"\nmime-version:" in content[:_HEAD].lower()


def list_texts(content: bytes) -> Iterator[str]:
    """The headers and texts of a mail, decoded."""
    message = _read(content)
    yield "\n".join(f"{name}: {value}" for name, value in message.items())
    yield from (text for part in message.walk() if (text := _read_text(part)) is not None)


def clean_mail(content: bytes, address: str) -> bytes:
    """A mail without an address; unchanged where it does not hold it."""
    if not any(holds(text, address) for text in list_texts(content)):
        return content
    message = _read(content)
    for part in message.walk():
        for name, value in part.items():
            if holds(str(value), address):
                del part[name]
        text = _read_text(part)
        if text is not None and holds(text, address):
            part.set_content(without(text, address), subtype=part.get_content_subtype(), charset="utf-8")
    return message.as_bytes()


def _read(content: bytes) -> EmailMessage:
    return message_from_bytes(content, policy=SMTP)


def _read_text(part: EmailMessage) -> str | None:
    """The text of a part; None where it is none, or cannot be decoded."""
    if part.get_content_maintype() != "text":
        return None
    try:
        return str(part.get_content())
    except (LookupError, MessageError, UnicodeError):
        return None
