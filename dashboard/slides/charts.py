"""Which native chart a chart becomes; a picture where PowerPoint has no such chart."""

import io
from collections.abc import Callable
from typing import Any

from dashboard.briefing_content import Piece
from dashboard.charts import Chart
from dashboard.plain_text import clean
from dashboard.slides import chart_xml
from dashboard.slides.areas import Area
from dashboard.slides.bars import add_bars
from dashboard.slides.curves import add_curve
from dashboard.slides.grids import add_grid

NATIVE: dict[str, Callable[[Any, Chart, Area], Any]] = {
    "rates": add_bars,
    "statuses": add_bars,
    "curve": add_curve,
    "grid": add_grid,
}
"""What draws each kind of chart so that it can be edited."""


def add_chart(slide: Any, piece: Piece, area: Area) -> Any:
    """Put a chart on a slide, with its alternative text; gives the graphic frame or the picture."""
    chart = piece.chart
    draw = NATIVE.get(chart.spec.kind)
    frame = _add_picture(slide, chart, area) if draw is None else draw(slide, chart, area)
    frame.name = clean(chart.title)
    chart_xml.describe(frame, clean(chart.alt))
    return frame


def _add_picture(slide: Any, chart: Chart, area: Area) -> Any:
    """The chart's picture, as large as fits into the area."""
    from dashboard.pictures import draw_png

    shape = slide.shapes.add_picture(io.BytesIO(draw_png(chart, "slide", scale=2)), area.left, area.top)
    scale = min(area.width / shape.width, area.height / shape.height)
    shape.width, shape.height = round(shape.width * scale), round(shape.height * scale)
    shape.left = area.left + (area.width - shape.width) // 2
    return shape
