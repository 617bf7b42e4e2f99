"""What Excel draws beside a chart's values: stacked bars, lines, and a table of shaded cells."""

from collections.abc import Iterator, Sequence
from typing import Any

from openpyxl.cell import WriteOnlyCell
from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.marker import DataPoint, Marker
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, OneCellAnchor
from openpyxl.drawing.text import CharacterProperties
from openpyxl.drawing.xdr import XDRPositiveSize2D
from openpyxl.formatting.rule import CellIsRule, ColorScaleRule
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from dashboard import theme
from dashboard.briefings.content import Piece
from dashboard.briefings.series import bars_of, curve_of, grid_of
from dashboard.charts.catalogue import STATUS_COLUMNS
from dashboard.charts.chart import Chart
from dashboard.extracts.workbook.layout import WRAPPED, Column, header_cell
from dashboard.formats import clean, excel_month_format, excel_percent_format
from dashboard.i18n import translator
from dashboard.measures.counts import DIMENSIONS

_EMU = 914_400
_WIDTH = 8.6
_POINTS = 12_700


def add_bar_chart(sheet: Any, piece: Piece, columns: Sequence[str]) -> None:
    """Stacked bars of rates or statuses, the first line of the sheet on top.

    Args:
        sheet: The sheet; row 1 holds the headings, the rows below the members in the chart's order.
        piece: The chart and its title.
        columns: The technical names of the sheet's columns.
    """
    chart = piece.chart
    bars = bars_of(chart)
    last = len(bars.categories) + 1
    drawn = BarChart()
    drawn.type = "bar"
    drawn.grouping = "percentStacked" if bars.is_counted else "stacked"
    drawn.overlap, drawn.gapWidth = 100, 40
    names = _status_names(chart) if bars.is_counted else [chart.spec.measures[0], "possible"]
    for one, name in zip(bars.series, names, strict=False):
        place = columns.index(name) + 1
        drawn.add_data(Reference(sheet, min_col=place, min_row=1, max_row=last), titles_from_data=True)
        series = drawn.series[-1]
        series.graphicalProperties = GraphicalProperties(solidFill=one.fill[1:])
        if one.edge:
            series.graphicalProperties.line = LineProperties(solidFill=one.edge[1:])
        for number, fill in one.fills.items():
            point = DataPoint(idx=number, spPr=GraphicalProperties(solidFill=fill[1:]))
            series.dPt.append(point)
    drawn.set_categories(Reference(sheet, min_col=1, min_row=2, max_row=last))
    drawn.x_axis.scaling.orientation = "maxMin"  # the first line on top
    drawn.x_axis.tickLblSkip = 1
    drawn.y_axis.crosses = "max"  # the percentages below the bars
    _finish(drawn, piece, excel_percent_format(chart.lang))
    drawn.y_axis.majorUnit = 0.25
    if len(bars.series) == 1:
        drawn.legend = None
    drawn.layout = Layout(ManualLayout(layoutTarget="inner", xMode="edge", yMode="edge", x=0.3, y=0.16, w=0.66, h=0.7))
    _anchor(sheet, drawn, len(columns), max(3.6, 1.3 + 0.26 * len(bars.categories)))


def add_line_chart(sheet: Any, piece: Piece, columns: Sequence[str]) -> None:
    """Lines of the completion rate, its upper bound and the time elapsed; arguments as in `add_bar_chart`."""
    chart = piece.chart
    curve = curve_of(chart)
    last = len(curve.days) + 1
    drawn = LineChart()
    looks = (
        ("completion_rate", curve.completed, 3.0, None),
        ("upper_bound", curve.at_most, 1.25, None),
        ("elapsed", curve.elapsed, 2.0, "dash"),
    )
    for name, one, width, dash in looks:
        place = columns.index(name) + 1
        drawn.add_data(Reference(sheet, min_col=place, min_row=1, max_row=last), titles_from_data=True)
        line = LineProperties(solidFill=one.fill[1:], w=round(width * _POINTS), prstDash=dash)
        drawn.series[-1].graphicalProperties = GraphicalProperties(ln=line)
        drawn.series[-1].marker = Marker(symbol="none")
        drawn.series[-1].smooth = False
    drawn.set_categories(Reference(sheet, min_col=1, min_row=2, max_row=last))
    months = (curve.days[-1] - curve.days[0]).days // 30 + 1
    drawn.x_axis.tickLblSkip = drawn.x_axis.tickMarkSkip = 61 if months > 7 else 30
    drawn.x_axis.number_format = excel_month_format(chart.lang)
    _finish(drawn, piece, excel_percent_format(chart.lang))
    drawn.y_axis.majorUnit = 0.25
    _anchor(sheet, drawn, len(columns), 4.6)


class HeatTable:
    """The rates of a grid in cells that Excel shades by their value; few actions stay counts, in grey."""

    def __init__(self, sheet: Any, chart: Chart, first: int) -> None:
        """Stand in the columns from number `first` on, in the rows from 1 on."""
        self._sheet = sheet
        self._chart = chart
        self._first = first
        self._grid = grid_of(chart)
        self._name = translator(chart.lang)(DIMENSIONS[chart.spec.dimension].label)

    @property
    def columns(self) -> list[Column]:
        """The widths: the names, then a column a member."""
        return [Column("", "", 30), *(Column("", "", 12) for _ in self._grid.columns)]

    def headings(self, is_sample: bool) -> list[Any]:
        """The cells of row 1."""
        return [header_cell(self._sheet, text, is_sample) for text in (self._name, *self._grid.columns)]

    def rows(self) -> Iterator[list[Any]]:
        """The cells of the rows below."""
        frame = self._chart.frame
        pairs = {(code, column): rate for code, column, rate in self._pairs()}
        codes = list(dict.fromkeys(frame["code"]))
        for code, name in zip(codes, self._grid.rows, strict=True):
            label = WriteOnlyCell(self._sheet, name)
            label.data_type = "s"
            label.alignment = WRAPPED
            yield [label, *(self._cell(pairs.get((code, column))) for column, _ in self._chart.columns)]

    def colour(self) -> None:
        """Let Excel shade the cells that hold rates."""
        letters = get_column_letter(self._first + 1), get_column_letter(self._first + len(self._grid.columns))
        area = f"{letters[0]}2:{letters[1]}{len(self._grid.rows) + 1}"
        (low, _), (middle, edge) = theme.PALE_SHADES
        white = Font(color=theme.PAPER[1:])
        rules = self._sheet.conditional_formatting
        rules.add(area, CellIsRule(operator="between", formula=[str(edge + 0.0001), "1"], font=white))
        rules.add(
            area,
            ColorScaleRule("num", 0, low[1:], "num", edge, middle[1:], "num", 1, theme.DARK_SHADES[1][0][1:]),
        )

    def _pairs(self) -> Iterator[tuple[str, str, float | str]]:
        frame = self._chart.frame
        cells = zip(
            frame["code"], frame["column_code"], frame["completed"], frame["actions"], frame["is_few"], strict=True
        )
        for code, column, completed, actions, is_few in cells:
            yield code, column, f"{completed}/{actions}" if is_few else completed / actions

    def _cell(self, value: float | str | None) -> Any:
        if value is None:
            return None
        cell = WriteOnlyCell(self._sheet, value)
        cell.alignment = Alignment(horizontal="center", vertical="top")
        if isinstance(value, str):
            cell.data_type = "s"
            cell.font = Font(name="Calibri", family=2, color=theme.MUTED[1:])
            cell.fill = PatternFill("solid", fgColor=theme.EMPTY_CELL[1:])
        else:
            cell.number_format = excel_percent_format(self._chart.lang)
        return cell


def _status_names(chart: Chart) -> list[str]:
    """The columns of the statuses that are drawn: those that any action has."""
    return [column for column in STATUS_COLUMNS.values() if chart.drawn[column].any()]


def _finish(drawn: Any, piece: Piece, number_format: str) -> None:
    drawn.title = clean(piece.title)
    drawn.title.overlay = False
    drawn.title.tx.rich.p[0].r[0].rPr = CharacterProperties(sz=1400, b=True)
    drawn.x_axis.delete = drawn.y_axis.delete = False
    drawn.y_axis.scaling.min, drawn.y_axis.scaling.max = 0, 1
    drawn.y_axis.number_format = number_format
    drawn.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill=theme.GRID[1:]))
    drawn.y_axis.title = drawn.x_axis.title = None
    drawn.x_axis.majorGridlines = None
    drawn.legend.position = "b"


def _anchor(sheet: Any, drawn: Any, columns: int, height: float) -> None:
    """Put the chart right of the values, `height` inches high."""
    size = XDRPositiveSize2D(round(_WIDTH * _EMU), round(height * _EMU))
    drawn.anchor = OneCellAnchor(_from=AnchorMarker(col=columns + 1, row=1), ext=size)
    sheet.add_chart(drawn)
