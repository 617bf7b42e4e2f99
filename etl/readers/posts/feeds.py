"""A feed of a website saved as a file: RSS or Atom, of any version."""

import io
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import feedparser

from etl.readers.files import describe_size
from etl.readers.posts.settled_text import iterate_markup, list_links, main_language, parse_markup, read_html, read_line
from etl.readers.sheets import ReadError

COLUMNS = (
    "entry id", "entry title", "entry link", "published", "updated", "summary", "content", "entry links",
    "entry language", "category", "author",
)  # fmt: skip
MOST_BYTES = 64 << 20
Cells = dict[str, str]
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")


class _Nothing:
    """Takes the elements of a file and does nothing: it has been read, and nothing in it is dangerous."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take no notice."""

    def end(self, tag: str) -> None:
        """Take no notice."""

    def data(self, text: str) -> None:
        """Take no notice."""


def read(path: Path, name: str, keep: Callable[[str, Cells], None]) -> None:
    """Read a feed, as `PostFile` says.

    Raises:
        ReadError: It is broken, hostile or larger than feeds are.
    """
    if path.stat().st_size > MOST_BYTES:
        raise ReadError(
            f"“{name}” is a feed of more than {describe_size(MOST_BYTES)}, too much to read.",
            "Save a shorter one: the latest entries.",
        )
    parse_markup(path, name, _Nothing())
    content = _DECLARATION.sub("", "".join(iterate_markup(path)), count=1)
    feed = feedparser.parse(
        io.BytesIO(content.encode("utf-8")), response_headers={"content-type": "application/xml; charset=utf-8"}
    )
    for entry in feed.entries:
        keep("entry", {column: text for column, text in _read_entry(entry, feed.feed).items() if text})


def _read_entry(entry: Any, channel: Any) -> Cells:
    content = "\n".join(str(part.get("value", "")) for part in entry.get("content", ()))
    summary = str(entry.get("summary", ""))
    link = str(entry.get("link", ""))
    return {
        "entry id": str(entry.get("id", "")) or link,
        "entry title": read_line(str(entry.get("title", ""))),
        "entry link": link,
        "published": _read_date(entry, "published") or _read_date(entry, "updated"),
        "updated": _read_date(entry, "updated"),
        "summary": read_html(summary),
        "content": read_html(content) if content != summary else "",
        "entry links": "\n".join(list_links(f"{summary}\n{content}")),
        "entry language": main_language(
            str((entry.get("title_detail") or {}).get("language") or channel.get("language") or "")
        ),
        "category": "; ".join(dict.fromkeys(str(tag.get("term") or "") for tag in entry.get("tags", ()))),
        "author": str(entry.get("author", "")),
    }


def _read_date(entry: Any, name: str) -> str:
    """Return a date as written, so that its day is that of the place; else in UTC; else unchanged."""
    if not dict.__contains__(entry, name):  # the library would take another date for it
        return ""
    text = str(entry.get(name, ""))
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            return read(text).isoformat(sep=" ")
        except (ValueError, TypeError):
            continue
    parsed: time.struct_time | None = entry.get(f"{name}_parsed")
    return datetime(*parsed[:6], tzinfo=UTC).isoformat(sep=" ") if parsed else text
