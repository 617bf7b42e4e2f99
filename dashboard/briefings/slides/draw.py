"""The native chart for each chart; a picture where PowerPoint has no such chart, a table of cells for a grid."""

import io
import re
from collections.abc import Callable
from copy import deepcopy
from functools import cache
from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Pt

from dashboard.briefings.content import Piece
from dashboard.briefings.series import Cell, grid_of, without_empty_sides
from dashboard.briefings.slides import chart_xml
from dashboard.briefings.slides.bars import add_bars
from dashboard.briefings.slides.curve import add_curve
from dashboard.briefings.slides.texts import POINT, Area
from dashboard.charts.chart import Chart
from dashboard.formats import clean

SMALLEST = 7.0
NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
"""PowerPoint's own table style without lines and fills."""


def add_grid(slide: Any, chart: Chart, area: Area) -> Any:
    """Put the table of a chart of kind `grid` on a slide; return the graphic frame."""
    grid = grid_of(chart.shortened)
    frame = slide.shapes.add_table(len(grid.rows) + 1, len(grid.columns) + 1, *area)
    table = frame.table
    table.horz_banding = False
    frame._element.find(".//{*}tableStyleId").text = NO_STYLE
    names = round(area.width * 0.26)
    table.columns[0].width = names
    for number in range(len(grid.columns)):
        table.columns[number + 1].width = (area.width - names) // len(grid.columns)
    head = 46 * POINT
    pitch = (area.height - head) / len(grid.rows) / POINT
    size = max(SMALLEST, min(12.0, round(pitch * 0.55 * 2) / 2))
    table.rows[0].height = head
    for number in range(len(grid.rows)):
        table.rows[number + 1].height = (area.height - head - 6 * POINT) // len(grid.rows)
    for number, name in enumerate(grid.columns, start=1):
        _write(table.cell(0, number), name, min(size, 10.5), PP_ALIGN.CENTER, MSO_ANCHOR.BOTTOM)
    for row, name in enumerate(grid.rows, start=1):
        _write(table.cell(row, 0), name, size, PP_ALIGN.RIGHT, MSO_ANCHOR.MIDDLE)
        for column, cell in enumerate(grid.cells[row - 1], start=1):
            _shade(table.cell(row, column), cell, size)
    return frame


@cache
def _edges() -> list[Any]:
    """Return the four edges of a cell in the colour of the slide, for copying, since reading XML is slow."""
    line = '<a:ln{0} w="19050"><a:solidFill><a:schemeClr val="bg1"/></a:solidFill></a:ln{0}>'
    return [chart_xml.parse(line.format(side)) for side in ("L", "R", "T", "B")]


def _write(cell: Any, text: str, size: float, align: Any, anchor: Any) -> Any:
    """Write a text into a cell; return its run, or None for an empty text."""
    cell.margin_left = cell.margin_right = 4 * POINT
    cell.margin_top = cell.margin_bottom = 0
    cell.vertical_anchor = anchor
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = align
    paragraph._p.get_or_add_endParaRPr().set("sz", str(round(size * 100)))  # else an empty cell is 18 points high
    if not text:
        return None
    run = paragraph.add_run()
    run.text = text
    run.font.size = Pt(size)
    run.font.color.theme_color = MSO_THEME_COLOR.TEXT_1
    return run


def _shade(cell: Any, grid_cell: Cell, size: float) -> None:
    run = _write(cell, grid_cell.text, size, PP_ALIGN.CENTER, MSO_ANCHOR.MIDDLE)
    if run is not None:
        run.font.color.rgb = RGBColor.from_string(grid_cell.ink[1:])
        cell.fill.solid()
        cell.fill.fore_color.rgb = RGBColor.from_string(grid_cell.fill[1:])
        for edge in _edges():  # a gap between the cells
            chart_xml.insert(cell._tc.tcPr, deepcopy(edge), before=("a:solidFill",))


NATIVE: dict[str, Callable[[Any, Chart, Area], Any]] = {
    "rates": add_bars,
    "statuses": add_bars,
    "outcomes": add_bars,
    "evidence": add_bars,
    "counts": add_bars,
    "curve": add_curve,
    "grid": add_grid,
    "pairs": add_bars,
}
"""The functions that draw each kind of chart so that it can be edited."""
_DENSITY = 2.0
"""Pixels of a picture for one of its size."""


def add_chart(slide: Any, piece: Piece, area: Area) -> Any:
    """Put a chart on a slide, with its alternative text; return the graphic frame or the picture."""
    chart = without_empty_sides(piece.chart)
    draw = NATIVE.get(chart.spec.kind)
    frame = _add_picture(slide, chart, area) if draw is None else draw(slide, chart, area)
    if frame.has_chart:
        chart_xml.number_axes(frame.chart)
    frame.name = clean(chart.title)
    chart_xml.describe(frame, clean(chart.alt))
    return frame


def _add_picture(slide: Any, chart: Chart, area: Area) -> Any:
    """Add the chart's picture for slides without its head and foot, since the slide has these words itself."""
    from dashboard.charts.svg.canvas import Canvas
    from dashboard.charts.svg.draw import draw_svg
    from dashboard.charts.svg.png import render_png
    from dashboard.charts.svg.surround import MEASURES, SIZES, draw_head, foot_height, foot_lines, read_head

    measures, (width, height, _) = MEASURES["slide"], SIZES["slide"]
    room = width - 2 * measures.margin
    top = draw_head(Canvas(measures.drawing.base), read_head(chart, measures, room, None), measures)
    foot = foot_height(foot_lines(chart, measures, room, len(chart.drawn), ""), measures)
    inside = (measures.margin - 4, top, room + 8, (height or 0) - top - foot)
    box = " ".join(f"{edge:.0f}" for edge in inside)
    svg = re.sub(
        r'width="\d+" height="\d+"(.*?)viewBox="[^"]+"',
        rf'width="{inside[2]:.0f}" height="{inside[3]:.0f}"\1viewBox="{box}"',
        draw_svg(chart, "slide"),
        count=1,
    )
    shape = slide.shapes.add_picture(io.BytesIO(render_png(svg, _DENSITY)), area.left, area.top)
    scale = min(area.width / shape.width, area.height / shape.height)
    shape.width, shape.height = round(shape.width * scale), round(shape.height * scale)
    return shape
