"""Words and tables on slides: paragraphs in the place that the layout has for them, shared out over slides."""

from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from typing import Any, NamedTuple

from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.util import Pt

from dashboard.files.briefings.blocks import Paragraph, Run
from dashboard.files.briefings.slides.draw import NO_STYLE, write_cell
from dashboard.files.briefings.slides.templates import body_of
from dashboard.files.briefings.slides.texts import POINT, SPACING, Area, lines_of
from dashboard.files.briefings.table_layout import LARGEST, OFFICE, lay_out

_SIZES = (20.0, 18.0, 16.0)
_LEAST = 10.0
_ABOVE = 0.6
"""The space above a paragraph, as a share of the size of its letters."""
_INDENT = 1.3
"""How far the points of a list stand in, as a share of the size of their letters."""
_SMALL = 0.7
"""The size of muted lines, as a share of the others'."""
_TABLE_SIZE = 12.0
_ROW = 1.75
"""The height of a row, as a share of the size of its letters."""
_MARKS = {
    "bullet": '<a:buFont typeface="Arial"/><a:buChar char="&#8226;"/>',
    "number": '<a:buAutoNum type="arabicPeriod"/>',
}


class Words(NamedTuple):
    """A paragraph on a slide; a muted one is small, and stands close above the next one."""

    paragraph: Paragraph
    is_muted: bool = False


class Portion(NamedTuple):
    """The words of one slide, and the size of their letters in points."""

    words: tuple[Words, ...]
    size: float


def share_out(words: Sequence[Words], area: Area) -> list[Portion]:
    """Share words out over slides with an area: as large as they fit onto one, else over several."""
    for size in _SIZES:
        if _height(words, area, size) <= area.height:
            return [Portion(tuple(words), size)]
    portions: list[Portion] = []
    part: list[Words] = []
    for one, following in zip(words, [*words[1:], None], strict=True):
        part.append(one)
        together = [*part, following] if one.is_muted and following else part  # a muted line is above its sentence
        if len(part) > 1 and _height(together, area, _SIZES[-1]) > area.height:
            portions.append(_fit(part[:-1], area))
            part = [one]
    return [*portions, _fit(part, area)]


def _fit(words: Sequence[Words], area: Area) -> Portion:
    size = _SIZES[-1]
    while size > _LEAST and _height(words, area, size) > area.height:
        size -= 1
    return Portion(tuple(words), size)


def _height(words: Iterable[Words], area: Area, size: float) -> float:
    """Compute the height of words at a size in points, in the unit of areas."""
    height = 0.0
    for paragraph, is_muted in words:
        letters = size * (_SMALL if is_muted else 1)
        width = area.width - round(size * _INDENT * POINT) * (paragraph.kind in _MARKS)
        height += lines_of(paragraph.text, width, letters) * letters * SPACING + size * _ABOVE
    return height * POINT


def write_words(slide: Any, area: Area, portion: Portion) -> Any:
    """Write words into the slide's place for them, moved into the area, or a box; return its frame."""
    box = body_of(slide) or slide.shapes.add_textbox(*area)
    box.left, box.top, box.width, box.height = area
    frame = box.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.vertical_anchor = MSO_ANCHOR.TOP
    for number, (paragraph, is_muted) in enumerate(portion.words):
        line = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        _mark(line, paragraph.kind, portion.size)
        is_below = number > 0 and portion.words[number - 1].is_muted
        line.space_before = Pt(0 if is_below else round(portion.size * _ABOVE))
        for run in paragraph.runs:
            _add_run(line, run, portion.size * (_SMALL if is_muted else 1), is_muted=is_muted)
    return frame


def _mark(line: Any, kind: str, size: float) -> None:
    """Give a paragraph its point or number, whatever the layout's own lists have."""
    properties = line._p.get_or_add_pPr()
    indent = round(size * _INDENT * POINT) if kind in _MARKS else 0
    properties.set("marL", str(indent))
    properties.set("indent", str(-indent))
    marks = _MARKS.get(kind, "<a:buNone/>")
    properties.extend(deepcopy(parse_xml(f"<a:pPr {nsdecls('a')}>{marks}</a:pPr>")))


def _add_run(line: Any, run: Run, size: float, *, is_muted: bool) -> None:
    one = line.add_run()
    one.text = run.text
    one.font.size = Pt(round(size))
    one.font.bold = run.is_strong or None
    one.font.italic = run.is_emphasised or None
    one.font.color.theme_color = MSO_THEME_COLOR.TEXT_2 if is_muted else MSO_THEME_COLOR.TEXT_1
    if run.link:
        one.hyperlink.address = run.link


class TablePortion(NamedTuple):
    """The rows of a table on one slide, with what they share with those on the others."""

    layout: dict[str, Any]
    rows: Sequence[Sequence[str]]
    size: float


def share_out_table(headings: Sequence[str], rows: Sequence[Sequence[str]], area: Area) -> Iterator[TablePortion]:
    """Share the rows of a table out over slides with an area."""
    scale = _TABLE_SIZE / LARGEST
    layout = lay_out(headings, rows, room=area.width / POINT / scale / OFFICE)
    size = layout["size"] * scale
    heights = [_row_height(layout, row, area, size) for row in layout["rows"]]
    room = area.height - _row_height(layout, layout["headings"], area, size)
    part: list[Sequence[str]] = []
    remaining_height = room
    for row, height in zip(layout["rows"], heights, strict=True):
        if part and height > remaining_height:
            yield TablePortion(layout, part, size)
            part, remaining_height = [], room
        part.append(row)
        remaining_height -= height
    yield TablePortion(layout, part, size)


def _row_height(layout: dict[str, Any], row: Sequence[str], area: Area, size: float) -> int:
    total_width = sum(layout["widths"])
    lines = max(
        lines_of(cell, round(area.width * share / total_width) - 8 * POINT, size)
        for cell, share in zip(row, layout["widths"], strict=True)
    )
    return round((lines * SPACING + _ROW - SPACING) * size * POINT)


def add_table(slide: Any, area: Area, portion: TablePortion) -> Any:
    """Put rows on a slide as PowerPoint's own table; return the graphic frame."""
    layout = portion.layout
    rows = [layout["headings"], *portion.rows]
    heights = [_row_height(layout, row, area, portion.size) for row in rows]
    frame = slide.shapes.add_table(len(rows), len(layout["widths"]), *area._replace(height=sum(heights)))
    table = frame.table
    table.horz_banding = False
    table.first_col = True
    frame._element.find(".//{*}tableStyleId").text = NO_STYLE
    for column, share in zip(table.columns, layout["widths"], strict=True):
        column.width = round(area.width * share / sum(layout["widths"]))
    for number, (row, height) in enumerate(zip(rows, heights, strict=True)):
        table.rows[number].height = height
        for place, text in enumerate(row):
            cell = table.cell(number, place)
            align = PP_ALIGN.LEFT if layout["are-words"][place] else PP_ALIGN.RIGHT
            run = write_cell(cell, text, portion.size, align, MSO_ANCHOR.BOTTOM if number == 0 else MSO_ANCHOR.MIDDLE)
            if run is not None and number == 0:
                run.font.bold = True
            cell._tc.get_or_add_tcPr().append(_line())
    return frame


def _line() -> Any:
    """Make the line below a row."""
    fill = '<a:solidFill><a:schemeClr val="bg2"/></a:solidFill>'
    return parse_xml(f'<a:lnB {nsdecls("a")} w="9525">{fill}</a:lnB>')
