"""Which native chart a chart becomes; a picture where PowerPoint has no such chart."""

import io
import re
from collections.abc import Callable
from typing import Any

from dashboard.briefings.content import Piece
from dashboard.briefings.series import without_empty_sides
from dashboard.briefings.slides import chart_xml
from dashboard.briefings.slides.areas import Area
from dashboard.briefings.slides.bars import add_bars
from dashboard.briefings.slides.curve import add_curve
from dashboard.briefings.slides.grid import add_grid
from dashboard.charts.chart import Chart
from dashboard.formats import clean

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
"""What draws each kind of chart so that it can be edited."""
_DENSITY = 2.0
"""Pixels of a picture for one of its size."""


def add_chart(slide: Any, piece: Piece, area: Area) -> Any:
    """Put a chart on a slide, with its alternative text; gives the graphic frame or the picture."""
    chart = without_empty_sides(piece.chart)
    draw = NATIVE.get(chart.spec.kind)
    frame = _add_picture(slide, chart, area) if draw is None else draw(slide, chart, area)
    if frame.has_chart:
        chart_xml.number_axes(frame.chart)
    frame.name = clean(chart.title)
    chart_xml.describe(frame, clean(chart.alt))
    return frame


def _add_picture(slide: Any, chart: Chart, area: Area) -> Any:
    """The chart's picture for slides without its head and foot, since the slide has these words itself."""
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
