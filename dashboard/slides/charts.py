"""Which native chart a chart becomes; a picture where PowerPoint has no such chart."""

import io
import re
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


_WIDTHS = (800, 950, 1_100, 1_300, 1_500)
"""The widths tried for a picture, in its pixels: the narrower, the larger its texts, and the higher it is."""
_DENSITY = 2.5


def add_chart(slide: Any, piece: Piece, area: Area) -> Any:
    """Put a chart on a slide, with its alternative text; gives the graphic frame or the picture."""
    chart = piece.chart
    draw = NATIVE.get(chart.spec.kind)
    frame = _add_picture(slide, chart, area) if draw is None else draw(slide, chart, area)
    frame.name = clean(chart.title)
    chart_xml.describe(frame, clean(chart.alt))
    return frame


def _add_picture(slide: Any, chart: Chart, area: Area) -> Any:
    """The bare picture of a chart, since the slide has its words, as large as fits into the area."""
    from dashboard.pictures import draw_svg
    from dashboard.pictures.png import render_png

    svg = ""
    for width in _WIDTHS:
        svg = draw_svg(chart, None, width=width)
        height = int(re.search(r'viewBox="0 0 \d+ (\d+)"', svg)[1])  # type: ignore[index]  # as every picture begins
        if width / height >= area.width / area.height:
            break
    shape = slide.shapes.add_picture(io.BytesIO(render_png(svg, _DENSITY)), area.left, area.top)
    scale = min(area.width / shape.width, area.height / shape.height)
    shape.width, shape.height = round(shape.width * scale), round(shape.height * scale)
    shape.left = area.left + (area.width - shape.width) // 2
    return shape
