"""Charts that Excel draws from cells: their common parts, and names and words for readers who cannot see them."""

from typing import Any, NamedTuple

from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties

from dashboard import theme
from dashboard.formats import clean

_LONGEST = 2_000
"""The longest alternative text; programs that read it out stop long before."""


class ChartDescription(NamedTuple):
    """A chart's name, which Excel lists among the parts of a sheet, and its alternative text."""

    name: str
    words: str


def finish_chart(drawn: Any, title: str, number_format: str, described: ChartDescription) -> None:
    """Give a chart of shares of 1 its title above the plot, axes, legend, name and alternative text."""
    drawn.title = clean(title)
    drawn.title.overlay = False
    drawn.title.tx.rich.p[0].r[0].rPr = CharacterProperties(sz=1400, b=True)
    drawn.x_axis.delete = drawn.y_axis.delete = False
    drawn.y_axis.scaling.min, drawn.y_axis.scaling.max = 0, 1
    drawn.y_axis.majorUnit = 0.25
    drawn.y_axis.number_format = number_format
    drawn.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill=theme.GRID[1:]))
    drawn.y_axis.title = drawn.x_axis.title = None
    drawn.x_axis.majorGridlines = None
    drawn.legend.position = "b"
    drawn.legend.overlay = False
    drawn.described = ChartDescription(clean(described.name)[:255], clean(described.words)[:_LONGEST])


def describe_frame(drawn: Any, frame: Any) -> None:
    """Write a chart's name and alternative text into the frame that openpyxl has made for it."""
    look, described = frame.nvGraphicFramePr.cNvPr, getattr(drawn, "described", None)
    if described is not None:
        look.name, look.descr = described
