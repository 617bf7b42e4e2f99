"""An export of a website, a feed or a calendar in which a person is to be forgotten, written anew without the address.

What belongs to the person as a whole goes as a whole: a remark under a post, an entry among the authors, the line of a
calendar that names an organiser or a guest. Elsewhere a mark stands in place of the address.
"""

import re
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
    """Write a file of items anew, as UTF-8, without an address; return whether it was in it.

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
