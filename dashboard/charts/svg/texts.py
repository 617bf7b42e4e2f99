"""Text in pictures: its width, its line breaks, and which characters can be written at all.

Widths are those of Source Sans, enlarged by `SLACK`: a reader without that font sees another one, some of which
are wider. Text of the data may be of any length and in any script; nothing here fails on it.
"""

import re
import unicodedata
from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate

from dashboard.charts.svg.fonts import find_installed, find_widths
from dashboard.charts.svg.static_fonts import REGULAR, SEMIBOLD

SLACK = 1.1
"""How much wider than Source Sans a reader's font may be (Arial and Helvetica are, by a tenth)."""

LINE = 1.25
"""The distance of two lines, in font sizes."""

ELLIPSIS = "…"

# What XML cannot hold, and what would turn the text around it: controls, surrogates, bidi embeddings and isolates.
_UNWANTED = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]")
_LEFT_TO_RIGHT_MARK, _RIGHT_TO_LEFT_MARK = "\u200e", "\u200f"
_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"


@lru_cache(maxsize=8_192)
def clean(text: str) -> str:
    """Clean `text` to one line without control characters; gaps that a language sets (no-break, thin) stay."""
    composed = unicodedata.normalize("NFC", _UNWANTED.sub(" ", text))
    return re.sub(" +", " ", composed).strip(" ")


def isolate(text: str) -> str:
    """Prepare `text` for writing: right-to-left text keeps its own order and does not disturb its anchor."""
    has_turned = text.startswith(_RIGHT_TO_LEFT_MARK) or _RIGHT_TO_LEFT.search(text)
    return f"{_FIRST_STRONG_ISOLATE}{text}{_POP_ISOLATE}" if has_turned else text


def width(text: str, size: float = 1.0, bold: bool = False) -> float:
    """Measure a line in pixels at a font size in pixels, the slack included."""
    return _ends(text, bold)[-1] * size if text else 0.0


@lru_cache(maxsize=8_192)
def _ends(text: str, bold: bool) -> tuple[float, ...]:
    """Find where each letter of a line ends, in font sizes, the slack included."""
    widths = find_widths(SEMIBOLD if bold else REGULAR)
    codes = zip(text, map(widths.get, map(ord, text)), strict=True)
    advances = (_guess(letter) if advance is None else advance for letter, advance in codes)
    return tuple(accumulate(advance * SLACK / 1000 for advance in advances))


def _guess(character: str) -> int:
    """Guess the advance of a letter that the font lacks: from an installed font that has it; else by its kind.

    Marks take no room, East Asian letters and emoji a whole square.
    """
    if unicodedata.combining(character) or unicodedata.category(character) in ("Cf", "Mn", "Me"):
        return 0
    installed = find_installed(ord(character))
    if installed is not None:
        return installed.widths[ord(character)]
    return 1050 if unicodedata.east_asian_width(character) in "WF" else 640


def wrap(text: str, room: float, size: float, lines: int = 2, bold: bool = False) -> list[str]:
    """Break `text` into at most `lines` lines of at most `room` pixels; an ellipsis replaces the rest.

    Lines break at spaces, a word longer than a line inside it. At least one line is returned, maybe empty.
    """
    rest = clean(text)
    broken: list[str] = []
    while rest and len(broken) < lines - 1 and width(rest, size, bold) > room:
        end = _line_end(rest, room, size, bold)
        broken.append(rest[:end].rstrip(" "))
        rest = rest[end:].lstrip(" ")
    if rest or not broken:
        broken.append(shorten(rest, room, size, bold))
    return [_directed(line, text) for line in broken]


def _directed(line: str, full_text: str) -> str:
    """Mark a line so that it begins on the side where its whole text does, whatever its first letter."""
    if not _RIGHT_TO_LEFT.search(full_text) or _is_turned(line) == _is_turned(full_text):
        return line
    return (_RIGHT_TO_LEFT_MARK if _is_turned(full_text) else _LEFT_TO_RIGHT_MARK) + line


def _is_turned(text: str) -> bool:
    """Whether the first letter with a direction is read from right to left."""
    return next((kind != "L" for kind in map(unicodedata.bidirectional, text) if kind in ("L", "R", "AL")), False)


def _line_end(text: str, room: float, size: float, bold: bool) -> int:
    """Count the characters of `text` for one line: up to a space, else after a hyphen or slash, else all that fit."""
    fits = _fitting(text, room, size, bold)
    if fits < len(text) and text[fits] == " ":
        return fits
    if (space := text.rfind(" ", 0, fits)) > 0:
        return space
    breaks = [match.end() for match in re.finditer(r"(?<=\w)[-/](?=\w)", text[:fits])]
    return breaks[-1] if breaks else fits


def _fitting(text: str, room: float, size: float, bold: bool) -> int:
    """Count the characters from the start that fit, at least one; a mark stays with its letter."""
    fits = max(1, bisect_right(_ends(text, bold), room / size)) if text else 0
    while 1 < fits < len(text) and unicodedata.combining(text[fits]):
        fits -= 1
    return fits


def shorten(text: str, room: float, size: float, bold: bool = False) -> str:
    """Return `text` if it fits into `room` pixels, else its beginning with an ellipsis."""
    if width(text, size, bold) <= room:
        return text
    fits = _fitting(text, room - width(ELLIPSIS, size, bold), size, bold)
    return text[:fits].rstrip(" ,.;:-") + ELLIPSIS


def widest(texts: "list[str]", size: float, bold: bool = False) -> float:
    """Measure the widest of some lines; 0 without lines."""
    return max((width(text, size, bold) for text in texts), default=0.0)
