"""Text on slides: boxes of paragraphs, sizes that follow the length, page numbers, notes."""

from dataclasses import dataclass
from typing import Any
from unicodedata import bidirectional

from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Pt

from dashboard.briefings.slides.areas import POINT, Area

LETTER = 0.52
"""The mean width of a letter, as a share of its size; on the safe side, since typefaces differ."""
SPACING = 1.2
"""The height of a line, as a share of its size."""

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
    """A box of paragraphs without margins; gives the shape."""
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
    """A filled strip with a text in its middle."""
    shape = add_box(slide, area, Line(text, size, ink, is_bold=True), align=PP_ALIGN.CENTER, anchor=MSO_ANCHOR.MIDDLE)
    shape.fill.solid()
    shape.fill.fore_color.rgb = RGBColor.from_string(fill[1:])


def add_page_number(slide: Any, area: Area, size: float) -> None:
    """A number that PowerPoint counts, so that it stays right when slides are moved; the library has no such field."""
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
    """How many lines a text of a size in points takes in a width, by the mean width of letters."""
    letters = max(1, int(width / (size * LETTER * POINT)))
    return sum(max(1, -(-len(part) // letters)) for part in text.split("\n"))


def fitting_size(text: str, area: Area, largest: float, least: float) -> float:
    """The largest size in points at which a text fits into an area; not below `least`, whatever its length."""
    size = largest
    while size > least and lines_of(text, area.width, size) * size * SPACING * POINT > area.height:
        size -= 0.5
    return max(size, least)
