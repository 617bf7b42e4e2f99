"""Excel's drawings beside a chart's values: stacked bars, lines, and a table of shaded cells."""

from collections.abc import Iterator, Sequence
from typing import Any

from openpyxl.cell import WriteOnlyCell
from openpyxl.chart import BarChart, LineChart, Reference, ScatterChart
from openpyxl.chart.data_source import AxDataSource, NumData, NumDataSource, NumRef, NumVal
from openpyxl.chart.error_bar import ErrorBars
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.marker import DataPoint, Marker
from openpyxl.chart.series import SeriesLabel, XYSeries
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, OneCellAnchor
from openpyxl.drawing.xdr import XDRPositiveSize2D
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname

from dashboard import theme
from dashboard.charts.chart import Chart, read_rows
from dashboard.charts.colours import PICTURE, SHADES
from dashboard.charts.encoding import Dot, encode_scatter
from dashboard.files.briefings.pieces import Piece
from dashboard.files.briefings.series import bars_of, curve_of, format_across, grid_of, size_marker
from dashboard.files.extracts.workbook.drawn_charts import ChartDescription, finish_chart
from dashboard.files.extracts.workbook.layout import WRAPPED, Column, header_cell
from dashboard.formats import POINTS_FORMAT, clean, excel_month_format, excel_percent_format
from dashboard.i18n import translator
from dashboard.measures.counts import name_dimension

REFERENCE = "reference"
"""The column of the rate at which bars have a line across them."""
LEVEL = "level"
"""The column of the level line of a curve of sums: all that was promised."""
_FIRST = 2
"""The row of a sheet below its headings."""
_EMU = 914_400
_WIDTH = 8.6
_HEAD, _AXIS, _LEGEND_LINE, _LETTER = 0.55, 0.35, 0.24, 0.09
"""Inches of a chart's title, of its axis' labels, of a line of its legend, of a letter there."""
FEW_ROWS = 26
"""The most rows with the chart below the values."""
_POINTS = 12_700


def add_bar_chart(sheet: Any, piece: Piece, columns: Sequence[str]) -> None:
    """Add bars of rates, counts or stacked ones, the first line of the sheet on top.

    Row 1 of the sheet holds the headings, the rows below the members in the chart's order; `columns` are the technical
    names.
    """
    chart = piece.chart
    bars = bars_of(chart)
    last = len(bars.categories) + _FIRST - 1
    drawn = BarChart()
    drawn.type = "bar"
    drawn.grouping = "percentStacked" if bars.is_counted else "stacked"
    drawn.overlap, drawn.gapWidth = 100, 40
    for one in bars.series:
        place = columns.index(one.column) + 1
        drawn.add_data(Reference(sheet, min_col=place, min_row=1, max_row=last), titles_from_data=True)
        series = drawn.series[-1]
        series.invertIfNegative = False if bars.span is not None else None
        series.graphicalProperties = GraphicalProperties(solidFill=one.fill[1:])
        if one.edge:
            series.graphicalProperties.line = LineProperties(solidFill=one.edge[1:])
        for number, fill in one.fills.items():
            flag = False if bars.span is not None else None  # as of the series
            point = DataPoint(idx=number, invertIfNegative=flag, spPr=GraphicalProperties(solidFill=fill[1:]))
            series.dPt.append(point)
    drawn.set_categories(Reference(sheet, min_col=1, min_row=2, max_row=last))
    drawn.x_axis.scaling.orientation = "maxMin"  # the first line on top
    drawn.x_axis.tickLblSkip = 1
    drawn.y_axis.crosses = "max"  # the percentages below the bars
    _finish(drawn, piece, excel_percent_format(chart.lang))
    if bars.high > 1 and bars.span is None:
        drawn.y_axis.scaling.max, drawn.y_axis.majorUnit = bars.high, bars.high - 1
    if bars.end:
        drawn.y_axis.scaling.max, drawn.y_axis.majorUnit, drawn.y_axis.number_format = bars.end, bars.end / 2, "#,##0"
    if bars.span is not None:
        drawn.y_axis.scaling.min, drawn.y_axis.scaling.max = bars.span
        drawn.y_axis.number_format, drawn.y_axis.majorUnit = POINTS_FORMAT, 25
        drawn.x_axis.tickLblPos = "low"  # left of all bars
    has_line = REFERENCE in columns and last > _FIRST
    if has_line:
        drawn += _draw_reference(sheet, chart, columns.index(REFERENCE) + 1, last, drawn.y_axis.scaling)
    if len(bars.series) == 1 and not has_line:
        drawn.legend = None
    height = max(3.6, 1.3 + 0.26 * len(bars.categories))
    below = _AXIS + _LEGEND_LINE * _count_legend_lines([one.name for one in bars.series], has_line=has_line)
    top, high = _HEAD / height, 1 - (_HEAD + below) / height
    drawn.layout = Layout(ManualLayout(layoutTarget="inner", xMode="edge", yMode="edge", x=0.3, y=top, w=0.66, h=high))
    _anchor(sheet, drawn, (len(columns), len(chart.frame)), height)


def _count_legend_lines(names: Sequence[str], *, has_line: bool) -> int:
    """Count the lines of the legend below the axis."""
    length = sum(len(name) * _LETTER + 0.4 for name in names) + (2 if has_line else 0)
    return 1 + int(length / (_WIDTH - 0.6))


def _draw_reference(sheet: Any, chart: Chart, column: int, last: int, scaling: Any) -> ScatterChart:
    """Draw a dashed line across all bars at the rate of all together, given in each row of a column of the sheet.

    Horizontal bars allow no lines beside them: it is a scatter of points above each other, on hidden axes of its own.
    """
    rows = last - _FIRST
    heights = [NumVal(idx=row, v=row / rows) for row in range(rows + 1)]
    cells = f"{quote_sheetname(sheet.title)}!${get_column_letter(column)}${_FIRST}:${get_column_letter(column)}${last}"
    line = LineProperties(solidFill=theme.MUTED[1:], w=round(1.5 * _POINTS), prstDash="dash")
    series = XYSeries(
        tx=SeriesLabel(v=clean(chart.reference)),
        xVal=AxDataSource(numRef=NumRef(f=cells)),
        yVal=NumDataSource(numLit=NumData(ptCount=rows + 1, pt=heights)),
        spPr=GraphicalProperties(ln=line),
        marker=Marker(symbol="none"),
        smooth=False,
    )
    drawn = ScatterChart(scatterStyle="lineMarker", ser=[series])
    across, along = drawn.x_axis, drawn.y_axis
    across.axId, along.axId = 500, 600
    across.crossAx, along.crossAx = along.axId, across.axId
    across.axPos, along.axPos, along.crosses = "t", "r", "max"
    across.delete = along.delete = True
    across.majorGridlines = along.majorGridlines = None
    across.scaling.min, across.scaling.max = scaling.min, scaling.max
    along.scaling.min, along.scaling.max = 0, 1
    return drawn


def add_line_chart(sheet: Any, piece: Piece, columns: Sequence[str]) -> None:
    """Add lines of the rate, its upper bound and the time elapsed, or what was promised; see `add_bar_chart`."""
    chart = piece.chart
    curve = curve_of(chart)
    last = len(chart.days) + 1
    drawn = LineChart()
    looks = (
        (chart.spec.rate, curve.completed, 3.0, None),
        (chart.spec.bound, curve.at_most, 1.25, None),
        (LEVEL if chart.spec.amount else "elapsed", curve.elapsed, 2.0, "dash"),
        *((one.column, one, 1.5, "dash") for one in curve.expected),
    )
    for name, one, width, dash in looks:
        place = columns.index(name) + 1
        drawn.add_data(Reference(sheet, min_col=place, min_row=1, max_row=last), titles_from_data=True)
        line = LineProperties(solidFill=one.fill[1:], w=round(width * _POINTS), prstDash=dash)
        drawn.series[-1].graphicalProperties = GraphicalProperties(ln=line)
        drawn.series[-1].marker = Marker(symbol="none")
        drawn.series[-1].smooth = False
    drawn.set_categories(Reference(sheet, min_col=1, min_row=2, max_row=last))
    months = last // 30
    drawn.x_axis.tickLblSkip = drawn.x_axis.tickMarkSkip = 61 if months > 7 else 30
    drawn.x_axis.number_format = excel_month_format(chart.lang)
    _finish(drawn, piece, excel_percent_format(chart.lang))
    if curve.high > 1:
        drawn.y_axis.scaling.max, drawn.y_axis.majorUnit = curve.high, curve.high - 1
    _anchor(sheet, drawn, (len(columns), len(chart.days)), 4.6)


def add_scatter_chart(sheet: Any, piece: Piece, columns: Sequence[str]) -> None:
    """Add a dot a country, with its upper bound as an error bar; arguments as in `add_bar_chart`."""
    chart = piece.chart
    scatter = encode_scatter(chart)

    def refer(column: str) -> NumRef:
        letter = get_column_letter(columns.index(column) + 1)
        return NumRef(f=f"{quote_sheetname(sheet.title)}!${letter}$2:${letter}${len(scatter.dots) + 1}")

    bars = ErrorBars(errDir="y", errBarType="plus", errValType="cust", noEndCap=True)
    bars.plus = NumDataSource(numRef=refer("possible"))
    bars.spPr = GraphicalProperties(ln=LineProperties(solidFill=PICTURE["possible_edge"][1:], w=_POINTS))
    series = XYSeries(
        tx=SeriesLabel(v=clean(chart.words["completion_rate"])),
        xVal=AxDataSource(numRef=refer(scatter.column)),
        yVal=NumDataSource(numRef=refer("completion_rate")),
        spPr=_no_line(),
        marker=_dot_marker(scatter.dots[0]),
        dPt=[DataPoint(idx=place, marker=_dot_marker(dot), spPr=_no_line()) for place, dot in enumerate(scatter.dots)],
        errBars=bars,
        smooth=False,
    )
    drawn = ScatterChart(scatterStyle="lineMarker", ser=[series])
    _finish(drawn, piece, excel_percent_format(chart.lang))
    drawn.legend = None
    across, along = drawn.x_axis, drawn.y_axis
    across.title, across.number_format, across.delete, across.majorGridlines = (
        clean(scatter.across),
        format_across(chart),
        False,
        None,
    )
    across.scaling.min, across.scaling.max, across.majorUnit = 0, scatter.ticks[-1], scatter.ticks[1]
    along.scaling.min, along.scaling.max, along.majorUnit = 0, 1, 0.25
    _anchor(sheet, drawn, (len(columns), len(chart.frame)), 4.6)


def _no_line() -> GraphicalProperties:
    return GraphicalProperties(ln=LineProperties(noFill=True))


def _dot_marker(dot: Dot) -> Marker:
    fill = GraphicalProperties(solidFill=PICTURE[dot.role][1:], ln=LineProperties(solidFill=theme.PAPER[1:]))
    return Marker(symbol="circle", size=size_marker(dot), spPr=fill)


class HeatTable:
    """The rates of a grid in cells that Excel shades by their value; few actions stay counts, in grey."""

    def __init__(self, sheet: Any, chart: Chart, first: int) -> None:
        """Take the columns from number `first` on, and the rows from 1 on."""
        self._sheet = sheet
        self._chart = chart
        self._first = first
        self._grid = grid_of(chart)
        self._name = translator(chart.lang)(name_dimension(chart.spec.dimension))

    @property
    def columns(self) -> list[Column]:
        """The widths: the names, then a column a member."""
        return [Column("", "", 30), *(Column("", "", 12) for _ in self._grid.columns)]

    def headings(self, is_sample: bool) -> list[Any]:
        """Return the cells of row 1."""
        return [header_cell(self._sheet, text, is_sample) for text in (self._name, *self._grid.columns)]

    def rows(self) -> Iterator[list[Any]]:
        """Yield the cells of the rows below."""
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
        scale, low, high = ("pace", -100, 100) if self._chart.spec.is_pace else ("shade", 0, 1)
        for step in reversed(range(SHADES)):  # a value between two steps has the colour of the upper one
            fill, ink = (PICTURE[f"{name}_{step}"][1:] for name in (scale, f"on_{scale}"))
            ends = [f"{low + (high - low) * place / SHADES:g}" for place in (step, step + 1)]
            rule = CellIsRule("between", ends, True, font=Font(color=ink), fill=PatternFill(bgColor=fill))
            self._sheet.conditional_formatting.add(area, rule)

    def _pairs(self) -> Iterator[tuple[str, str, float | str]]:
        frame, spec = self._chart.frame, self._chart.spec
        cells = read_rows(frame, ("code", "column_code", spec.part, spec.denominator, "is_few"))
        scale = 100 if self._chart.spec.is_pace else 1
        for code, column, part_count, actions, is_few in cells:
            yield code, column, f"{part_count}/{actions}" if is_few else scale * self._chart.value(part_count, actions)

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
            is_pace = self._chart.spec.is_pace
            cell.number_format = POINTS_FORMAT if is_pace else excel_percent_format(self._chart.lang)
        return cell


def _finish(drawn: Any, piece: Piece, number_format: str) -> None:
    finish_chart(drawn, piece.title, number_format, ChartDescription(piece.full_title, piece.chart.alt))


def _anchor(sheet: Any, drawn: Any, table: tuple[int, int], height: float) -> None:
    """Put the chart below a table of few rows, where it is seen and printed with them, else right of it.

    `table` is how many columns and rows the values have; `height` is the chart's, in inches.
    """
    columns, rows = table
    size = XDRPositiveSize2D(round(_WIDTH * _EMU), round(height * _EMU))
    place = AnchorMarker(col=0, row=rows + 2) if rows <= FEW_ROWS else AnchorMarker(col=columns + 1, row=1)
    drawn.anchor = OneCellAnchor(_from=place, ext=size)
    sheet.add_chart(drawn)
