"""Remove an address from a mail, or from an export of a website, a feed or a calendar.

The texts of a mail are encoded, and an address may be broken over two lines. An export loses the person's own parts as
a whole: a remark under a post, an entry among the authors, the line of a calendar that names an organiser or a guest.
Elsewhere a mark replaces the address.
"""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from dashboard.scratch import Scratch
from etl.inputs.forgotten import holds, without
from etl.readers.files import INBOX
from etl.readers.posts.settled_text import settle

_OWNED = re.compile(r"<wp:(author|comment)>.*?</wp:\1>\s*", re.DOTALL)
_LOGIN = re.compile(r"<wp:author_login>(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?</wp:author_login>", re.DOTALL)
_ENCODING = re.compile(r"""(<\?xml[^>]*?\sencoding\s*=\s*)(?:"[^"]*"|'[^']*')""")
_FOLD = re.compile(r"\r?\n[ \t]")
_PERSON = re.compile(r"^(?:ORGANIZER|ATTENDEE|CONTACT)[;:]", re.IGNORECASE)


def clean_posts(path: Path, name: str, address: str, target: Path) -> bool:
    """Rewrite a file of items, as UTF-8, without an address; return whether the address was in it.

    Raises:
        ReadError: the file holds no text.
    """
    with Scratch("export") as directory:
        text_file = Path(directory) / "text"
        settle(path, name, INBOX, text_file)
        text = text_file.read_bytes().decode("utf-8-sig")
    is_calendar = path.suffix.lower() == ".ics" or Path(name).suffix.lower() == ".ics"
    text = _FOLD.sub("", text) if is_calendar else text
    if not holds(text, address):
        return False
    cleaned = _clean_calendar(text, address) if is_calendar else _clean_markup(text, address)
    target.write_bytes(cleaned.encode("utf-8"))
    return True


def _clean_calendar(text: str, address: str) -> str:
    lines = [line for line in text.splitlines() if not (_PERSON.match(line) and holds(line, address))]
    return "".join(f"{without(line, address)}\r\n" for line in lines)


def _clean_markup(text: str, address: str) -> str:
    logins: set[str] = set()

    def keep(match: re.Match[str]) -> str:
        part = match[0]
        if not holds(part, address):
            return part
        logins.update(name_match[1].strip() for name_match in _LOGIN.finditer(part) if match[1] == "author")
        return ""

    cleaned = without(_OWNED.sub(keep, text), address)
    for login in sorted(logins - {""}):
        login_pattern = f"(?:<!\\[CDATA\\[)?\\s*{re.escape(login)}\\s*(?:\\]\\]>)?"
        cleaned = re.sub(f"(<dc:creator>){login_pattern}(</dc:creator>)", r"\1\2", cleaned)
    return _ENCODING.sub(r'\1"UTF-8"', cleaned, count=1)


_HEAD = 32_000  # bytes with a mail's headers


def is_mail(content: bytes) -> bool:
    """Return whether bytes are a mail as sent."""
    return b"\nmime-version:" in content[:_HEAD].lower()


def list_texts(content: bytes) -> Iterator[str]:
    """List the headers and texts of a mail, decoded."""
    message = _read(content)
    yield "\n".join(f"{name}: {value}" for name, value in message.items())
    yield from (text for part in message.walk() if (text := _read_text(part)) is not None)


def clean_mail(content: bytes, address: str) -> bytes:
    """Return a mail without an address; unchanged where it does not hold it."""
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
    """Return the text of a part; None where it is none, or cannot be decoded."""
    if part.get_content_maintype() != "text":
        return None
    try:
        return str(part.get_content())
    except (LookupError, MessageError, UnicodeError):
        return None
