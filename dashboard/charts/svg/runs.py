"""Cut up lines whose letters come from several fonts so that resvg draws them right.

resvg shapes a line as a whole, with one font after the other, and mixes up their letters: it leaves boxes where no
single font has all of them, breaks ligatures where two fonts meet, and takes a syllable of Indian writing to be as wide
as its widest letter. So a line with letters that Source Sans lacks is cut into runs of one font and one direction (each
such syllable into its own), in the order in which they are seen, and each run is put in its place.

That order is the Unicode Bidirectional Algorithm's (UAX #9): no installed library gives it, since one turns text around
and the other draws it. Embeddings and isolates are not read; the drawings' texts have none inside (`texts.clean`).
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from lxml import etree
from PIL import ImageFont

from dashboard.charts.svg.fonts import InstalledFont, find_installed, find_widths, font_files
from dashboard.charts.svg.static_fonts import REGULAR

_CLASSES = {
    "L": "L", "R": "R", "AL": "A", "EN": "E", "AN": "N", "ES": "+", "ET": "$", "CS": ",", "NSM": "M", "BN": "M",
}  # fmt: skip
"""One letter for each class; all others are neutral, `O`."""
_NUMBERS = str.maketrans("EN", "RR")
_OPENING = {"(": ")", "[": "]", "{": "}", "（": "）", "「": "」", "【": "】"}
_PAIRED = {**_OPENING, "«": "»", "‹": "›", "<": ">"}
_MIRRORED = _PAIRED | {closing: opening for opening, closing in _PAIRED.items()}


class Stretch(NamedTuple):
    """Letters that are read in one direction, in the order of writing."""

    text: str
    is_turned: bool


def is_turned(letter: str) -> bool:
    """Whether a letter is read from right to left."""
    return unicodedata.bidirectional(letter) in ("R", "AL")


def mirror(text: str) -> str:
    """Mirror signs between right-to-left letters as they are seen: in reverse, brackets turned."""
    return "".join(_MIRRORED.get(letter, letter) for letter in reversed(text))


def order(text: str) -> list[Stretch]:
    """Order the stretches of a line from left to right as seen; the first strong letter decides where it begins."""
    if not any(unicodedata.bidirectional(letter) in ("R", "AL", "AN") for letter in text):
        return [Stretch(text, False)] if text else []
    levels = _levels(text)
    runs = [list(group) for _, group in groupby(range(len(text)), key=lambda n: levels[n])]
    depth = [levels[run[0]] for run in runs]
    for level in range(max(depth), 0, -1):
        runs, depth = _turn_level(runs, depth, level)
    return [Stretch(text[run[0] : run[-1] + 1], level % 2 == 1) for run, level in zip(runs, depth, strict=True)]


def _turn_level(runs: list[list[int]], depth: list[int], level: int) -> tuple[list[list[int]], list[int]]:
    """Reverse every sequence of runs at a level or above (rule L2)."""
    turned: list[tuple[list[int], int]] = []
    for is_deep, group in groupby(zip(runs, depth, strict=True), key=lambda pair: pair[1] >= level):
        group_runs = list(group)
        turned += group_runs[::-1] if is_deep else group_runs
    return [run for run, _ in turned], [at for _, at in turned]


def _levels(text: str) -> list[int]:
    """Find the embedding level of each letter, by the rules W, N and I."""
    classes = "".join(_CLASSES.get(unicodedata.bidirectional(letter), "O") for letter in text)
    strong = re.search("[LRA]", classes)
    base = "L" if strong is None or strong[0] == "L" else "R"
    directions = _resolve_neutrals(text, _resolve_weak(base + classes)[1:], base)
    if base == "L":
        return [{"L": 0, "R": 1}.get(kind, 2) for kind in directions]
    return [1 if kind == "R" else 2 for kind in directions]


def _resolve_weak(classes: str) -> str:
    """Resolve marks and numbers by their neighbours (rules W1 to W7)."""
    classes = re.sub("(.)(M+)", lambda m: m[1] * len(m[0]), classes)
    classes = re.sub("A[^LRA]*", lambda m: m[0].replace("E", "N"), classes).replace("A", "R")
    classes = re.sub("(?<=E)[+,](?=E)", "E", classes)
    classes = re.sub("(?<=N),(?=N)", "N", classes)
    classes = re.sub(r"\$*E[E$]*", lambda m: "E" * len(m[0]), classes)
    classes = re.sub("[+,$]", "O", classes)
    return re.sub("L[^LR]*", lambda m: m[0].replace("E", "L"), classes)


def _resolve_neutrals(text: str, classes: str, base: str) -> str:
    """Resolve brackets and other neutral signs by what is inside and around them (rules N0 to N2)."""
    directions = list(classes)
    for opening, closing in _pairs(text, classes):
        inside = {kind.translate(_NUMBERS) for kind in directions[opening + 1 : closing]} & {"L", "R"}
        if not inside:
            continue
        before = next(
            (kind for kind in reversed("".join(directions[:opening]).translate(_NUMBERS)) if kind in "LR"), base
        )
        directions[opening] = directions[closing] = base if base in inside else before
    framed = base + "".join(directions) + base

    def between(match: re.Match[str]) -> str:
        left, right = (framed[n].translate(_NUMBERS) for n in (match.start() - 1, match.end()))
        return (left if left == right else base) * len(match[0])

    return re.sub("O+", between, framed)[1:-1]


def _pairs(text: str, classes: str) -> list[tuple[int, int]]:
    """Pair brackets, in the order of opening."""
    waiting: list[tuple[str, int]] = []
    pairs = []
    for place, letter in enumerate(text):
        if classes[place] != "O":
            continue
        if letter in _OPENING:
            waiting.append((_OPENING[letter], place))
        elif at := next((n for n in range(len(waiting), 0, -1) if waiting[n - 1][0] == letter), 0):
            pairs.append((waiting[at - 1][1], place))
            del waiting[at - 1 :]
    return sorted(pairs)


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
    """Letters that one font draws; `font` is None for Source Sans."""

    text: str
    font: InstalledFont | None


def with_runs(svg: str) -> tuple[str, tuple[str, ...]]:
    """Cut the foreign lines of a drawing into runs; return it with the files of the installed fonts that it needs.

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
    """Split a line into runs, in their order from left to right; each keeps its text as written."""
    runs: list[Run] = []
    is_japanese = bool(_KANA.search(text))
    for stretch in order(_ISOLATES.sub("", text)):
        runs_in_font = list(_join(_by_font(_MARKS.sub("", stretch.text), is_japanese)))
        runs += _turn(runs_in_font) if stretch.is_turned else runs_in_font
    return [part for run in runs for part in _syllables(run)]


def _is_foreign(letter: str) -> bool:
    return bool(_FOREIGN.match(letter)) and ord(letter) not in find_widths(REGULAR)


def _by_font(text: str, is_japanese: bool) -> list[Run]:
    """Split letters by font, in the order of writing; marks go with their letter."""
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
    """Join spaces and signs between runs of one font that has them to one run."""
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
    """Order right-to-left runs as seen; signs at a run's edges would change sides, so they stand alone."""
    turned_runs = []
    for text, font in reversed(runs):
        strong = [place for place, letter in enumerate(text) if is_turned(letter)]
        first, last = (strong[0], strong[-1] + 1) if strong else (len(text), len(text))
        while last < len(text) and unicodedata.category(text[last]) in _ALONG:
            last += 1
        parts = (mirror(text[last:]), text[first:last], mirror(text[:first]))
        turned_runs += [Run(part, font) for part in parts if part]
    return turned_runs


def _syllables(run: Run) -> list[Run]:
    """Split writing that puts letters around one another into syllables; other runs stay as they are."""
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
    """Measure a run in font sizes; without the library fribidi letter by letter."""
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
    """Write the runs of a line into its element; return the files of their fonts."""
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
