"""HTML → the text that a reader sees: scripts, styles and frames are gone, and no mark-up is left. And its language."""

import html
import re

import nh3

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
# What plugins of WordPress are called by: [gallery ids="1,2"], [/caption], [embed]…[/embed].
_SHORTCODE = re.compile(r"\[/[a-zA-Z][\w-]*\]|\[[a-zA-Z][\w-]*(?:\s+[\w-]+=(?:\"[^\"]*\"|'[^']*'|[^\s\]]+))+\s*/?\]")
_REGIONAL = re.compile(r"^([A-Za-z]{2,3})[-_][A-Za-z0-9_-]+$")
_OPENING = re.compile(r"\[([a-zA-Z][\w-]*)\](?=[^\[]*\[/\1\])")


def read_html(markup: str) -> str:
    """The text of HTML, or of plain text: a line a paragraph, one blank line at most; nothing of scripts and frames."""
    if not _MARKUP.search(markup):
        return _tidy(_without_shortcodes(markup))
    cleaned = nh3.clean(
        _without_shortcodes(markup), tags=set(_BREAKS), attributes={}, clean_content_tags=_GONE, link_rel=None
    )
    return _tidy(html.unescape(_TAG.sub("\n", cleaned)))


def read_line(markup: str) -> str:
    """As `read_html`, on one line: a title."""
    return " ".join(read_html(markup).split())


def list_links(markup: str) -> list[str]:
    """The web addresses that HTML leads to or shows pictures of, each once."""
    targets = (html.unescape(first or second).strip() for first, second in _TARGET.findall(markup))
    links = dict.fromkeys(link for link in targets if link.lower().startswith(("http://", "https://")))
    return list(links)[:MOST_LINKS]


def main_language(language: str) -> str:
    """The language of `fr-CA` or `pt_BR`, without the region; anything else as it is."""
    return _REGIONAL.sub(r"\1", language.strip())


def _without_shortcodes(markup: str) -> str:
    return _SHORTCODE.sub(" ", _OPENING.sub(" ", markup)) if "[" in markup else markup


def _tidy(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
