"""Draw the letters of a picture as outlines, for programs without its font, which show other letters, too wide for it.

Only browsers take a font out of an SVG; LibreOffice, Word and drawing programs replace it by one of their own. Each
line also stays as a text that is not painted, so that it can be searched, copied and verified. Lines with letters that
Source Sans lacks stay as they are, since they need the reader's fonts.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from html import escape, unescape
from itertools import pairwise
from threading import Lock
from typing import Any, NamedTuple

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

from dashboard.charts.svg.canvas import short
from dashboard.charts.svg.fonts import font_files

LETTERS = "letters"
"""The id of the element in which the outlines stand."""
_TAG = re.compile(r"<(/?)(svg|g)\b([^>]*)>|<text\b([^>]*)>([^<]*)</text>")
_ATTRIBUTE = re.compile(r' ([\w-]+)="([^"]*)"')
_HIDDEN = "aria-hidden"
_LINKS = ' xmlns:xlink="http://www.w3.org/1999/xlink"'
"""By which programs that do not know SVG 2 find what is used."""
_STARTS = {"start": 0.0, "middle": 0.5, "end": 1.0}
_UNITS = 1000
"""Units of an outline in a font size."""
_PAIRS, _EXTENSION = 2, 9
"""Kinds of lookups of a font: adjusted pairs, and one that holds another."""


_FONT = Lock()
"""Held by the thread that reads the font's file, which takes one reader at a time."""


class Letter(NamedTuple):
    """A letter of a weight: its name in the picture and the font, its outline, and its advance."""

    name: str
    glyph: str
    outline: str
    advance: int


class Line(NamedTuple):
    """A line of text: its letters, the elements that place each, and its width, in units of an outline."""

    letters: frozenset[Letter]
    uses: str
    width: int


def with_outlines(svg: str) -> str:
    """Draw the letters of a picture of a named size as outlines."""
    letters_in_use: dict[str, Letter] = {}
    inherited: list[dict[str, str]] = [{"font-weight": "400", "text-anchor": "start", "fill": "#000000"}]

    def draw(tag: re.Match[str]) -> str:
        is_end, name, of_group, of_text, text = tag.groups()
        if is_end:
            inherited.pop()
        elif name:
            inherited.append(inherited[-1] | dict(_ATTRIBUTE.findall(of_group)))
        else:
            attributes = dict(_ATTRIBUTE.findall(of_text))
            return _draw_line(attributes, inherited[-1] | attributes, unescape(text), letters_in_use) or tag[0]
        return tag[0]

    root, end, marks = svg.partition("</desc>")
    with _FONT:
        drawn = _TAG.sub(draw, root + end + marks).removeprefix(root + end)
    letters = "".join(
        f'<path id="{one.name}" d="{one.outline}"/>' for _, one in sorted(letters_in_use.items()) if one.outline
    )
    picture = f'{root}{end}<defs><g id="{LETTERS}">{letters}</g></defs>{drawn}'
    return picture.replace("<svg", f"<svg{_LINKS}", 1).replace("<use href=", "<use xlink:href=")


def _draw_line(
    attributes: dict[str, str], inherited: dict[str, str], text: str, letters_in_use: dict[str, Letter]
) -> str:
    """Draw a line of text as outlines, and the text itself unpainted; nothing where the font lacks a letter.

    `inherited`: those, and what the groups around it state.
    `letters_in_use`: takes the letters that the picture needs.
    """
    line = _outline(text, inherited["font-weight"] == "600")
    if line is None:
        return ""
    letters_in_use.update((letter.name, letter) for letter in line.letters)
    size = float(inherited["font-size"])
    x = float(attributes.get("x", 0)) - _STARTS[inherited["text-anchor"]] * line.width * size / _UNITS
    moved = f"translate({short(x)} {short(float(attributes.get('y', 0)))}) scale({size / _UNITS:.5g})"
    group = {"transform": f"{attributes.get('transform', '')} {moved}".strip(), "fill": inherited["fill"]}
    if "stroke" in attributes:
        stroke = float(attributes.get("stroke-width", 1)) * _UNITS / size
        group |= {"stroke": attributes["stroke"], "stroke-width": f"{stroke:.4g}", "stroke-linejoin": "round"}
    outlined = f"<g{_write(group)}>{line.uses}</g>"
    if _HIDDEN in attributes:  # the ground of a line, whose text stands in that line
        return outlined
    return f"{outlined}<text{_write({**attributes, 'fill': 'none'})}>{escape(text, quote=False)}</text>"


def _write(attributes: dict[str, str]) -> str:
    return "".join(f' {name}="{value}"' for name, value in attributes.items())


@lru_cache(1_024)
def _outline(text: str, is_bold: bool) -> Line | None:
    """Outline a line of text; None if the font lacks one of its letters."""
    letters = [letter for each in text if (letter := _find_letter(each, is_bold)) is not None]
    if len(letters) < len(text):
        return None
    uses, at = [], 0
    pairs = pairwise([letter.glyph for letter in letters])
    for letter, kern in zip(letters, (*(_kern(is_bold, *pair) for pair in pairs), 0), strict=True):
        if letter.outline:
            uses.append(f'<use xlink:href="#{letter.name}" x="{at}"/>')
        at += letter.advance + kern
    return Line(frozenset(letters), "".join(uses), at)


@lru_cache(4_096)
def _find_letter(letter: str, is_bold: bool) -> Letter | None:
    """Find a letter in the font; None if it lacks it."""
    font = _open(is_bold)
    glyph = font.getBestCmap().get(ord(letter))
    if glyph is None:
        return None
    glyphs, scale = font.getGlyphSet(), _UNITS / font["head"].unitsPerEm
    pen = SVGPathPen(glyphs, ntos=lambda number: f"{number:.0f}")
    glyphs[glyph].draw(TransformPen(pen, (scale, 0, 0, -scale, 0, 0)))
    return Letter(
        f"{'b' if is_bold else 'r'}{ord(letter):x}", glyph, pen.getCommands(), round(glyphs[glyph].width * scale)
    )


@cache
def _open(is_bold: bool) -> TTFont:
    return TTFont(font_files()[is_bold], lazy=True)


@lru_cache(16_384)
def _kern(is_bold: bool, left: str, right: str) -> int:
    """Find how much nearer two letters stand than their widths say, in units of an outline: below zero."""
    for pairs in _list_pairs(is_bold):
        if left not in pairs.Coverage.glyphs:
            continue
        if pairs.Format == 1:
            records = pairs.PairSet[pairs.Coverage.glyphs.index(left)].PairValueRecord
            value = next((record.Value1 for record in records if record.SecondGlyph == right), None)
            if value is None:
                continue
        else:
            first, second = pairs.ClassDef1.classDefs.get(left, 0), pairs.ClassDef2.classDefs.get(right, 0)
            value = pairs.Class1Record[first].Class2Record[second].Value1
        return int(getattr(value, "XAdvance", 0) * _UNITS / _open(is_bold)["head"].unitsPerEm)
    return 0


@cache
def _list_pairs(is_bold: bool) -> list[Any]:
    return list(_iterate_pairs(_open(is_bold)))


def _iterate_pairs(font: TTFont) -> Iterator[Any]:
    for lookup in font["GPOS"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            inner = table.ExtSubTable if table.LookupType == _EXTENSION else table
            if inner.LookupType == _PAIRS:
                yield inner
