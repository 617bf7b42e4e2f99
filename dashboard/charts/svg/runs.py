"""Lines whose letters come from several fonts, cut up so that resvg draws them right.

resvg shapes a line as a whole, with one font after the other, and mixes up their letters: it leaves boxes where no
single font has all of them, breaks ligatures where two fonts meet, and takes a syllable of Indian writing to be as wide
as its widest letter. So a line with letters that Source Sans lacks is cut into runs of one font and one direction (such
syllables each for themselves), in the order in which they are seen, and each is put in its place.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from lxml import etree
from PIL import ImageFont

from dashboard.charts.svg import bidi
from dashboard.charts.svg.fonts import font_files, metrics
from dashboard.charts.svg.installed_fonts import InstalledFont, find_installed
from dashboard.charts.svg.static_fonts import REGULAR

_SVG = "{http://www.w3.org/2000/svg}"
_FOREIGN = re.compile("[^\x00-\u024f\u2000-\u206f\u2190-\u2193\u2212]")
_ISOLATES = re.compile("[\u2066-\u2069]")
_MARKS = re.compile("[\u200e\u200f]")
"""What has done its part when a line is ordered."""
_KANA = re.compile("[\u3040-\u30ff]")
_SYLLABIC = re.compile("[\u0900-\u0eff\u1000-\u109f\u1780-\u17ff\ua980-\ua9df]")
_JOINING = 9
"""The combining class of the sign that joins two consonants (virama)."""
_MYANMAR_ASAT = "\u103a"  # of that class, and joins nothing
_MARKS_THAT_ARE_LETTERS = "\u0e33\u0eb3"  # the vowel am of Thai and Lao, half of which stands above the letter before
_JOINER = "\u200d"
_ALONG = ("Mn", "Mc", "Me", "Cf")
"""Categories of what belongs to the letter before: marks and invisible joiners."""
_MEASURED_AT = 1000
_STARTS = {"start": 0.0, "middle": 0.5, "end": 1.0}


class Run(NamedTuple):
    """Letters that are drawn by one font; `font` is none for Source Sans."""

    text: str
    font: InstalledFont | None


def with_runs(svg: str) -> tuple[str, tuple[str, ...]]:
    """A drawing whose foreign lines are cut into runs, and the files of the installed fonts that it needs.

    A drawing without letters that Source Sans lacks comes back as it is.
    """
    if not any(_is_foreign(letter) for letter in set(_FOREIGN.findall(svg))):
        return svg, ()
    root = etree.fromstring(svg.encode())
    files: dict[str, None] = {}
    for element in root.iter(f"{_SVG}text"):
        if not len(element) and any(map(_is_foreign, element.text or "")):
            files |= dict.fromkeys(_write_runs(element))
    return etree.tostring(root, encoding="unicode"), tuple(files)


def split(text: str) -> list[Run]:
    """The runs of a line, in the order in which they are seen from left to right; the text of each as it is written."""
    runs: list[Run] = []
    is_japanese = bool(_KANA.search(text))
    for stretch in bidi.order(_ISOLATES.sub("", text)):
        runs_in_font = list(_join(_by_font(_MARKS.sub("", stretch.text), is_japanese)))
        runs += _turn(runs_in_font) if stretch.is_turned else runs_in_font
    return [part for run in runs for part in _syllables(run)]


def _is_foreign(letter: str) -> bool:
    return bool(_FOREIGN.match(letter)) and ord(letter) not in metrics(REGULAR).widths


def _by_font(text: str, is_japanese: bool) -> list[Run]:
    """Letters of one font after the other, in the order of writing; marks go with their letter."""
    fonts: list[InstalledFont | None] = []
    for letter in text:
        if fonts and unicodedata.category(letter) in _ALONG:
            fonts.append(fonts[-1])
        else:
            fonts.append(find_installed(ord(letter), is_japanese=is_japanese) if _is_foreign(letter) else None)
    groups = groupby(zip(text, fonts, strict=True), key=lambda pair: _name(pair[1]))
    pairs = [list(group) for _, group in groups]
    return [Run("".join(letter for letter, _ in group), group[0][1]) for group in pairs]


def _join(runs: list[Run]) -> Iterator[Run]:
    """Spaces and signs between runs of one font that has them become part of one run."""
    place = 0
    while place < len(runs):
        text, font = runs[place]
        while font and place + 2 < len(runs) and _is_between(runs[place + 1 : place + 3], font):
            text += runs[place + 1].text + runs[place + 2].text
            place += 2
        yield Run(text, font)
        place += 1


def _is_between(following: list[Run], font: InstalledFont) -> bool:
    signs, after = following
    has_words = any(unicodedata.category(letter)[0] in "LN" for letter in signs.text)
    return _name(after.font) == font.file and not has_words and all(ord(sign) in font.widths for sign in signs.text)


def _turn(runs: list[Run]) -> list[Run]:
    """Right-to-left runs as they are seen; signs at the edges of a run would change sides, and so stand alone."""
    turned_runs = []
    for text, font in reversed(runs):
        strong = [place for place, letter in enumerate(text) if bidi.is_turned(letter)]
        first, last = (strong[0], strong[-1] + 1) if strong else (len(text), len(text))
        while last < len(text) and unicodedata.category(text[last]) in _ALONG:
            last += 1
        parts = (bidi.mirror(text[last:]), text[first:last], bidi.mirror(text[:first]))
        turned_runs += [Run(part, font) for part in parts if part]
    return turned_runs


def _syllables(run: Run) -> list[Run]:
    """Each syllable of a writing that puts letters around one another; other runs as they are."""
    if run.font is None or not _SYLLABIC.search(run.text):
        return [run]
    parts: list[str] = []
    for place, letter in enumerate(run.text):
        if place and _continues(run.text[:place], letter):
            parts[-1] += letter
        else:
            parts.append(letter)
    return [Run(part, run.font) for part in parts]


def _continues(before: str, letter: str) -> bool:
    """Whether a letter belongs to the syllable before it: a mark, or a consonant that is joined to another."""
    last = before.rstrip(_JOINER)[-1:]
    is_joined = unicodedata.combining(last or " ") == _JOINING and last != _MYANMAR_ASAT
    return is_joined or letter in _MARKS_THAT_ARE_LETTERS or unicodedata.category(letter) in _ALONG


def measure(run: Run, is_bold: bool) -> float:
    """How wide a run is drawn, in font sizes; without the library fribidi its letters are measured one by one."""
    if run.font is None:
        return _measure(str(font_files()[is_bold]), 0, run.text)
    return _measure(run.font.bold if is_bold else run.font.file, run.font.face, run.text)


@lru_cache(maxsize=8_192)
def _measure(file: str, face: int, text: str) -> float:
    return _open(file, face).getlength(text) / _MEASURED_AT


@lru_cache(maxsize=32)
def _open(file: str, face: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(file, _MEASURED_AT, index=face)


def _write_runs(element: etree._Element) -> Iterator[str]:
    """Put the runs of a line into its element; gives the files of their fonts."""
    ancestors = [element, *element.iterancestors()]
    size = float(_inherited(ancestors, "font-size", "16"))
    is_bold = _inherited(ancestors, "font-weight", "") == "600" or "b" in (element.get("class") or "").split()
    runs = [(run, measure(run, is_bold) * size) for run in split(element.text or "")]
    anchored = _STARTS[_inherited(ancestors, "text-anchor", "start")]
    x = float(element.get("x", "0")) - anchored * sum(width for _, width in runs)
    element.text = None
    element.set("text-anchor", "start")
    element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    for run, width in runs:
        part = etree.SubElement(element, f"{_SVG}tspan", x=f"{x:.3f}")
        part.text = run.text
        x += width
        if run.font:
            part.set("font-family", f"'{run.font.family}'")
            yield from (run.font.file, run.font.bold)


def _inherited(ancestors: list[etree._Element], name: str, usual: str) -> str:
    return next((str(value) for element in ancestors if (value := element.get(name))), usual)


def _name(font: InstalledFont | None) -> str:
    return font.file if font else ""
