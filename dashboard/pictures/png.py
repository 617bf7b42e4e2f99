"""The PNG of a chart: its SVG with a name, drawn by resvg with the installed font, without a browser."""

from typing import Any

import resvg_py

from dashboard.charts import Chart
from dashboard.pictures.fonts import FAMILY, fallback_files, font_file
from dashboard.pictures.svg import draw_svg

MOST_SCALE = 4


def draw_png(chart: Chart, size: str = "slide", *, scale: float = 1, title: str | None = None, link: str = "") -> bytes:
    """A chart as PNG.

    Args:
        chart: The chart.
        size: A name of `SIZES`.
        scale: Pixels of the picture for one of its size; 2 for dense screens and print, at most 4.
        title: The presenter's own title, in place of the chart's.
        link: An address written below the picture.

    Raises:
        SelectionError: there is no such size.
    """
    return render_png(draw_svg(chart, size, title=title, link=link), scale)


def render_png(svg: str, scale: float = 1) -> bytes:
    """An SVG of this package as PNG."""
    return bytes(resvg_py.svg_to_bytes(**resvg_arguments(svg, scale)))


def resvg_arguments(svg: str, scale: float = 1) -> dict[str, Any]:
    """What resvg is told, for this process or another one to paint."""
    files = [str(font_file()), *fallback_files({ord(letter) for letter in set(svg)})]
    return {
        "svg_string": svg,
        "zoom": min(max(scale, 0.1), MOST_SCALE),
        "skip_system_fonts": True,
        "font_files": files,
        "font_family": FAMILY,
        "sans_serif_family": FAMILY,
    }
