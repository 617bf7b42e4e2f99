"""Text on slides: boxes of paragraphs and their areas, sizes that follow the length, page numbers, notes.

LibreOffice writes colour, size and typeface of a placeholder to the sample words in it (*Click to edit …*), not to its
style; a title typed on a slide would be black, also on a dark bar. So titles take the look of sample words.
"""

from copy import deepcopy
from dataclasses import dataclass
from typing import Any, NamedTuple
from unicodedata import bidirectional

from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Pt

from dashboard.charts.svg.texts import width

INCH = 914_400
POINT = 12_700


class Area(NamedTuple):
    """A rectangle: its left and upper edge, width and height."""

    left: int
    top: int
    width: int
    height: int

    @property
    def bottom(self) -> int:
        """The lower edge."""
        return self.top + self.height

    @property
    def right(self) -> int:
        """The right edge."""
        return self.left + self.width

    def split_left(self, width: int, gap: int) -> tuple["Area", "Area"]:
        """Split off a column of `width` at the left, and the rest right of it after a gap."""
        rest = self.width - width - gap
        return self._replace(width=width), self._replace(left=self.left + width + gap, width=rest)

    def split_top(self, height: int, gap: int = 0) -> tuple["Area", "Area"]:
        """Split off a strip of `height` at the top, and the rest below it after a gap."""
        rest = self.height - height - gap
        return self._replace(height=height), self._replace(top=self.top + height + gap, height=rest)


_COLOUR = f".//{qn('a:defRPr')}/{qn('a:solidFill')}"
_TAKEN = ("a:solidFill", "a:latin")
_USUAL = ("tx1", "tx2")
"""The theme's colours of text, which a sample's own overrides."""


def find_look(box: Any, layout: Any) -> Any:
    """Find the properties of the sample text in a layout's or master's placeholder; None where styles set its look."""
    kind = box.placeholder_format.type
    for place in (layout, layout.slide_master):
        for one in place.placeholders:
            if one.placeholder_format.type != kind:
                continue
            styles = one._element.find(f".//{qn('a:lstStyle')}")
            if styles is not None and styles.find(_COLOUR) is not None:
                return None
            for name in ("a:rPr", "a:endParaRPr"):
                look = one._element.find(f".//{qn(name)}")
                if look is not None and look.find(qn("a:solidFill")) is not None:
                    return look
    return None


def adopt(look: Any, frame: Any) -> None:
    """Give all words of a text frame that are in the theme's usual colours a sample's colour, typeface and weight."""
    if look is None:
        return
    for paragraph in frame.paragraphs:
        for run in paragraph.runs:
            properties = run._r.get_or_add_rPr()
            fill = properties.find(qn("a:solidFill"))
            if fill is not None:
                if fill[0].get("val") not in _USUAL:
                    continue
                properties.remove(fill)
            if look.get("b") and properties.get("b") is None:
                properties.set("b", look.get("b"))
            for place, element in enumerate(look.find(qn(tag)) for tag in _TAKEN):
                if element is not None:
                    properties.insert(place, deepcopy(element))


LETTER = 0.52
"""The mean width of a letter, as a share of its size; on the safe side, since typefaces differ."""
SPACING = 1.2
"""The height of a line, as a share of its size."""
_WIDER = 1.25
"""How much wider a reader's bold letters may be than those that are measured."""

_A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'


@dataclass(frozen=True)
class Line:
    """A paragraph: its text, size in points, colour (`#RRGGBB`, or empty for the slide's), and the space above."""

    text: str
    size: float
    colour: str = ""
    is_bold: bool = False
    is_muted: bool = False
    above: float = 0
    link: str = ""


def add_box(slide: Any, area: Area, *lines: Line, align: Any = PP_ALIGN.LEFT, anchor: Any = MSO_ANCHOR.TOP) -> Any:
    """Add a box of paragraphs without margins; return the shape."""
    shape = slide.shapes.add_textbox(*area)
    write(shape.text_frame, *lines, align=align, anchor=anchor)
    return shape


def write(frame: Any, *lines: Line, align: Any = PP_ALIGN.LEFT, anchor: Any = MSO_ANCHOR.TOP) -> None:
    """Fill a text frame with paragraphs."""
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.vertical_anchor = anchor
    for number, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.alignment = align
        paragraph.space_before = Pt(line.above)
        run = paragraph.add_run()
        run.text = line.text
        run.font.size = Pt(line.size)
        run.font.bold = line.is_bold
        if line.colour:
            run.font.color.rgb = RGBColor.from_string(line.colour[1:])
        else:
            run.font.color.theme_color = MSO_THEME_COLOR.TEXT_2 if line.is_muted else MSO_THEME_COLOR.TEXT_1
        if line.link:
            run.hyperlink.address = line.link


def without_bullets(frame: Any) -> None:
    """Take the bullets off all paragraphs, which a placeholder without styles inherits from lists."""
    for paragraph in frame.paragraphs:
        properties = paragraph._p.get_or_add_pPr()
        properties.set("marL", "0")
        properties.set("indent", "0")
        if properties.find(qn("a:buNone")) is None:
            properties.append(parse_xml(f"<a:buNone {_A}/>"))


def add_tag(slide: Any, area: Area, text: str, size: float, fill: str, ink: str) -> None:
    """Add a filled strip with a text in its middle."""
    shape = add_box(slide, area, Line(text, size, ink, is_bold=True), align=PP_ALIGN.CENTER, anchor=MSO_ANCHOR.MIDDLE)
    shape.fill.solid()
    shape.fill.fore_color.rgb = RGBColor.from_string(fill[1:])


def add_page_number(slide: Any, area: Area, size: float) -> None:
    """Add a number that PowerPoint counts, so that it stays right when slides move; the library has no such field."""
    shape = add_box(slide, area, align=PP_ALIGN.RIGHT)
    paragraph = shape.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT
    number = slide.part.package.presentation_part.presentation.slides.index(slide) + 1
    field = (
        f'<a:fld {_A} id="{{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}}" type="slidenum">'
        f'<a:rPr sz="{round(size * 100)}"><a:solidFill><a:schemeClr val="tx2"/></a:solidFill></a:rPr>'
        f"<a:t>{number}</a:t></a:fld>"
    )
    paragraph._p.append(parse_xml(field))


def turn(slide: Any) -> None:
    """Have every paragraph of a slide, and its tables, begin on the right where their words are written from there."""
    tables = slide.element.iter(qn("a:tbl"))
    for table in tables:
        table.get_or_add_tblPr().set("rtl", "1")
    for paragraph in slide.element.iter(qn("a:p")):
        letters = (letter for run in paragraph.iter(qn("a:t")) for letter in run.text or "")
        strong = next((kind for kind in map(bidirectional, letters) if kind in ("L", "R", "AL")), "L")
        if strong != "L":
            properties = paragraph.get_or_add_pPr()
            properties.set("rtl", "1")
            if properties.get("algn") in (None, "l"):
                properties.set("algn", "r")


def lines_of(text: str, width: int, size: float) -> int:
    """Count the lines of a text of a size in points in a width, by the mean width of letters."""
    letters = max(1, int(width / (size * LETTER * POINT)))
    return sum(max(1, -(-len(part) // letters)) for part in text.split("\n"))


def fitting_size(text: str, area: Area, largest: float, least: float) -> float:
    """Find the largest size in points at which a text fits into an area; not below `least`, whatever its length."""
    size = largest
    while size > least and lines_of(text, area.width, size) * size * SPACING * POINT > area.height:
        size -= 0.5
    return max(size, least)


def width_of(text: str, size: float) -> int:
    """Measure a bold line of a size in points, in whatever typeface; it breaks in no area that is as wide."""
    return round(width(text, size, bold=True) * _WIDER * POINT)


def size_in_line(text: str, room: int, largest: float) -> float:
    """Find the size in points, not above `largest`, at which a bold text stays in one line."""
    return min(largest, int(2 * largest * room / width_of(text, largest)) / 2)
