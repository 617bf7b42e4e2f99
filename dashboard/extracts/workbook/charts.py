"""Charts of a workbook, drawn by Excel from its cells."""

from typing import Any

from openpyxl.chart import BarChart, Reference
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor

_GRID = "D9D9D9"
_DONE = "1F4E79"
_POSSIBLE = "B7CCE3"
_NAMES, _RATE, _BOUND = 1, 6, 7
_COLUMNS = 9, 17


def add_completion_chart(
    sheet: Any, title: str, lines: tuple[int, int], covered: tuple[int, int], number_format: str
) -> None:
    """Bars of the completion rate and its upper bound, one pair a line, in the lines' order from the top.

    Args:
        sheet: The sheet that holds the lines; their names stand in column A, the rates in F and G.
        title: The chart's title.
        lines: The first and the last line; the row above the first holds the names of the measures.
        covered: The first and the last row that the chart covers, to the right of the table.
        number_format: How the axis writes percentages.
    """
    first, last = lines
    chart = BarChart()
    chart.type = "bar"
    chart.grouping = "clustered"
    chart.title = title
    chart.gapWidth = 40
    chart.overlap = 0
    for column, color in ((_RATE, _DONE), (_BOUND, _POSSIBLE)):
        chart.add_data(Reference(sheet, min_col=column, min_row=first - 1, max_row=last), titles_from_data=True)
        chart.series[-1].graphicalProperties = GraphicalProperties(solidFill=color)
    chart.set_categories(Reference(sheet, min_col=_NAMES, min_row=first, max_row=last))
    chart.x_axis.scaling.orientation = "maxMin"  # the first line on top
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.y_axis.scaling.min, chart.y_axis.scaling.max = 0, 1
    chart.y_axis.majorUnit = 0.25
    chart.y_axis.number_format = number_format
    chart.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill=_GRID))
    chart.y_axis.crosses = "max"  # the percentages below the bars
    chart.y_axis.title = chart.x_axis.title = None
    chart.legend.position = "b"
    chart.layout = Layout(ManualLayout(xMode="edge", yMode="edge", x=0.36, y=0.12, w=0.6, h=0.7))
    # Tied to cells at both ends: rows are not as high in every program.
    start, end = (AnchorMarker(col=column, row=row) for column, row in zip(_COLUMNS, covered, strict=True))
    chart.anchor = TwoCellAnchor(_from=start, to=end)
    sheet.add_chart(chart)
