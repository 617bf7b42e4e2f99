"""Draw a chart as PNG: its SVG with a name, painted by resvg with the installed font, without a browser."""

import re
import struct

from dashboard.charts.chart import Chart
from dashboard.charts.svg.draw import draw_svg
from dashboard.charts.svg.fonts import font_files
from dashboard.charts.svg.painting import paint
from dashboard.charts.svg.runs import with_runs
from dashboard.charts.svg.surround import PRINT, PRINT_DOTS
from dashboard.snapshot.receipts.carried import insert_chunk

_WHOLE_WIDTH = re.compile(r'(?<=class="pic" )width="100%" (?=viewBox="0 0 (\d+) (\d+)")')
"""The size of a bare drawing, which is as wide as its place."""

SCREEN_DOTS = 96
"""Dots an inch of a picture of its size: what CSS and office programs take a pixel for."""

LEAST_SCALE = 0.1
MOST_SCALE = 4
_LENGTH = re.compile(r'(?<= )(width|height)="([\d.]+)"')
"""The size of the picture in its root element; `viewBox` keeps the drawing's own."""


def draw_bare_png(chart: Chart, width: int, scale: float = 1) -> bytes:
    """Draw a chart bare as PNG, for texts that state title and finding themselves.

    `width`: of the drawing, in CSS pixels.
    `scale`: pixels of the picture for one of its size, at most 4.
    """
    svg = draw_svg(chart, None, width=width)
    return render_png(_WHOLE_WIDTH.sub(r'width="\1" height="\2" ', svg, count=1), scale)


def with_density(png: bytes, scale: str) -> bytes:
    """Write into a PNG how many dots an inch it has, so that programs insert it in the right size."""
    dots = PRINT_DOTS if scale == PRINT else SCREEN_DOTS * float(scale)
    a_metre = round(dots / 0.0254)
    return insert_chunk(png, b"pHYs", struct.pack(">IIB", a_metre, a_metre, 1))


def render_png(svg: str, scale: float = 1) -> bytes:
    """Paint an SVG of this package as PNG."""
    return paint(*prepare(svg, scale))


def prepare(svg: str, scale: float = 1) -> tuple[str, list[str]]:
    """Return the arguments of `paint`, in any process: the SVG in the wanted size, and its fonts' files."""
    svg, installed = with_runs(svg)
    files = [*map(str, font_files()), *installed]
    zoom = min(max(scale, LEAST_SCALE), MOST_SCALE)
    root, end, rest = svg.partition(">")
    return _LENGTH.sub(lambda match: f'{match[1]}="{float(match[2]) * zoom:g}"', root) + end + rest, files
