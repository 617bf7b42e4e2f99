"""The text of a file of items as plain UTF-8, whatever its encoding, and XML and HTML read without their dangers.

A document type definition can make a small file grow without end or fetch other files: it is refused. Characters that
XML forbids, which exports of websites often have, are left out, as is any text before the declaration. HTML becomes
the text that a reader sees: scripts, styles and frames are gone, and no mark-up is left.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import nh3
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from etl.readers import text
from etl.readers.files import Limits
from etl.readers.sheets import ReadError

MOST_LINKS = 200  # of one text
_BREAKS = frozenset({
    "address", "article", "aside", "blockquote", "br", "div", "dd", "dl", "dt", "figcaption", "figure", "footer", "h1",
    "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p", "pre", "section", "table", "td", "th", "tr",
    "ul",
})  # fmt: skip
_GONE = {"script", "style", "iframe", "noscript", "template", "object", "embed", "applet", "svg", "math", "form"}
_MARKUP = re.compile(r"<[a-zA-Z/!][^<>]*>|<!--|&(?:#\d+|#x[\da-fA-F]+|[a-zA-Z]+);")
_TAG = re.compile(r"<[^<>]*>")
_TARGET = re.compile(r"""\b(?:href|src)\s*=\s*(?:"([^"<>]+)"|'([^'<>]+)')""", re.IGNORECASE)
# Calls of WordPress plugins: [gallery ids="1,2"], [/caption], [embed]…[/embed].
_SHORTCODE = re.compile(r"\[/[a-zA-Z][\w-]*\]|\[[a-zA-Z][\w-]*(?:\s+[\w-]+=(?:\"[^\"]*\"|'[^']*'|[^\s\]]+))+\s*/?\]")
_REGIONAL = re.compile(r"^([A-Za-z]{2,3})[-_][A-Za-z0-9_-]+$")
_OPENING = re.compile(r"\[([a-zA-Z][\w-]*)\](?=[^\[]*\[/\1\])")


def read_html(markup: str) -> str:
    """Return the text of HTML, or of plain text: a line a paragraph, one blank line at most; no scripts and frames."""
    if not _MARKUP.search(markup):
        return _tidy(_without_shortcodes(markup))
    cleaned = nh3.clean(
        _without_shortcodes(markup), tags=set(_BREAKS), attributes={}, clean_content_tags=_GONE, link_rel=None
    )
    return _tidy(html.unescape(_TAG.sub("\n", cleaned)))


def read_line(markup: str) -> str:
    """Return the text as `read_html` does, on one line: a title."""
    return " ".join(read_html(markup).split())


def list_links(markup: str) -> list[str]:
    """List the web addresses that HTML links to or shows pictures from, each once."""
    targets = (html.unescape(first or second).strip() for first, second in _TARGET.findall(markup))
    links = dict.fromkeys(link for link in targets if link.lower().startswith(("http://", "https://")))
    return list(links)[:MOST_LINKS]


def main_language(language: str) -> str:
    """Return the language of `fr-CA` or `pt_BR`, without the region; anything else unchanged."""
    return _REGIONAL.sub(r"\1", language.strip())


def _without_shortcodes(markup: str) -> str:
    return _SHORTCODE.sub(" ", _OPENING.sub(" ", markup)) if "[" in markup else markup


def _tidy(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


CHUNK = 1 << 20
HEAD = 1 << 16  # bytes that reveal a file's kind
_DEPTH = 200  # elements inside elements
_DECLARED = re.compile(rb"""\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([A-Za-z][\w.:-]*)["']""")
_KNOWN_ENCODING = re.compile(
    r"(iso-?8859-?\d+|windows-?125\d|cp125\d|us-ascii|ascii|latin-?\d|koi8-[ru]|gb2312|gbk|gb18030|big5|shift_jis"
    r"|euc-(jp|kr)|macintosh)",
    re.IGNORECASE,
)
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def settle(path: Path, name: str, limits: Limits, target: Path) -> None:
    """Write a text file anew as plain UTF-8.

    Raises:
        ReadError: It holds no text, or breaks the rules of its encoding.
    """
    shape = text.scan_text(path, name, replace(limits, line_bytes=limits.file_bytes))
    encoding = text.detect_encoding(path, name, shape)
    if encoding in ("utf-8", "western", "mixed"):
        with path.open("rb") as stream:
            declared = _DECLARED.match(stream.read(HEAD))
        charset = declared[1].decode("ascii").lower() if declared else "utf-8"
        if charset not in ("utf-8", "utf8") and not charset.startswith("utf-16"):
            if not _KNOWN_ENCODING.fullmatch(charset):
                raise ReadError(
                    f"“{name}” says that it is written in “{charset}”, which is not read.", "Export it again as UTF-8."
                )
            encoding = charset
    text.transcode(path, name, encoding, target)


def parse_markup(path: Path, name: str, target: Any) -> None:
    """Give the elements of a settled XML file to `target` (`start`, `end`, `data`), some at a time.

    Raises:
        ReadError: It is broken, has a document type definition, or is nested without end.
    """
    parser = DefusedXMLParser(target=_Guard(target, name), encoding="utf-8", forbid_dtd=True)
    try:
        for chunk in iterate_markup(path):
            parser.feed(chunk.encode("utf-8", "replace"))
        parser.close()
    except DefusedXmlException as error:
        raise ReadError(
            f"“{name}” has a document type definition or entities of its own, which may lead anywhere and grow without "
            "end: it is not read.",
            "Export it again; what WordPress and feeds write has none.",
        ) from error
    except ParseError as error:
        line, column = error.position
        is_cut = "no element found" in str(error) or "unclosed" in str(error)
        raise ReadError(
            f"“{name}” is " + ("cut short" if is_cut else "broken") + f" at line {line:,}, column {column + 1:,}.",
            "Export or download it again, and let it finish.",
        ) from error


def iterate_markup(path: Path) -> Iterator[str]:
    """Yield the text of a settled file without characters that XML forbids."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        is_first = True
        while chunk := stream.read(CHUNK):
            cleaned = _NO_XML.sub("", chunk)
            yield cleaned.lstrip() if is_first else cleaned
            is_first = is_first and not cleaned.strip()


class _Guard:
    """Passes elements on, unless they are nested too deeply."""

    def __init__(self, target: Any, name: str) -> None:
        self._target = target
        self._name = name
        self._depth = 0
        self.data = target.data

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Pass the beginning of an element on."""
        self._depth += 1
        if self._depth > _DEPTH:
            raise ReadError(
                f"“{self._name}” has elements inside elements more than {_DEPTH} deep, as no export has.",
                "Export it again.",
            )
        self._target.start(tag, attributes)

    def end(self, tag: str) -> None:
        """Pass the end of an element on."""
        self._depth -= 1
        self._target.end(tag)

    def close(self) -> None:
        """Return nothing."""
