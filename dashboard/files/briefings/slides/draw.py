"""The native chart for each chart; a picture where PowerPoint has no such chart, a table of cells for a grid."""

import io
import re
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from functools import cache
from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_MARKER_STYLE, XL_TICK_MARK
from pptx.enum.dml import MSO_LINE_DASH_STYLE, MSO_THEME_COLOR
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Pt

from dashboard import theme
from dashboard.charts.chart import Chart
from dashboard.charts.colours import DARK, LIGHT, PICTURE
from dashboard.charts.encoding import encode_ends, encode_expected, encode_scatter, name_words
from dashboard.files.briefings.pieces import Piece
from dashboard.files.briefings.series import (
    Cell,
    Curve,
    Series,
    curve_of,
    format_across,
    grid_of,
    size_marker,
    without_empty_sides,
)
from dashboard.files.briefings.slides import chart_xml
from dashboard.files.briefings.slides.bars import SHARES, add_bars, draw_percent_axis, widen_axis, write_axis
from dashboard.files.briefings.slides.chart_xml import PointLabel
from dashboard.files.briefings.slides.data_sheet import DataSheet, DotSheet
from dashboard.files.briefings.slides.templates import is_dark
from dashboard.files.briefings.slides.texts import LETTER, POINT, Area
from dashboard.formats import clean, excel_date_format, excel_month_format, excel_percent_format
from dashboard.i18n import translator

SIZE = 13.0
CLOSE = 0.11
"""The distance between ends of lines below which their texts would overlap."""
RAISED = 0.075
"""How far the text of an end that is near another one is moved away from it."""
MONTH_LETTERS = 11
"""The room that a month with its year needs on the axis, in letters."""
BAND_LABELLED = 0.22
"""The least height of the band with its name in it."""
_EXCEL_DAY_ZERO = date(1899, 12, 30)


def add_curve(slide: Any, chart: Chart, area: Area) -> Any:
    """Put the lines of a chart of kind `curve` on a slide; return the graphic frame."""
    curve = curve_of(chart)
    t = translator(chart.lang)
    shares = excel_percent_format(chart.lang)
    series = [curve.completed, curve.at_most, curve.elapsed, _deadline(chart, curve), *curve.expected, curve.band]
    formats = [excel_date_format(chart.lang)] + [shares] * len(series)
    data = DataSheet(_days(curve), [_padded(one, curve) for one in series], formats)
    frame = slide.shapes.add_chart(XL_CHART_TYPE.LINE, *area, data)
    drawn = frame.chart
    drawn.has_legend = drawn.has_title = False
    drawn.font.size = Pt(SIZE)
    drawn.font.color.theme_color = MSO_THEME_COLOR.TEXT_1
    completed, at_most, elapsed, deadline, *expected, band = list(drawn.plots[0].series)
    _draw_line(completed, curve.completed.fill, 3)
    _draw_line(at_most, curve.at_most.fill, 1)
    _draw_line(elapsed, curve.elapsed.fill, 2, MSO_LINE_DASH_STYLE.DASH)
    _draw_line(deadline, theme.AXIS, 1)
    deadline.format.line.fill.background()
    inks = DARK if is_dark(slide) else LIGHT
    for line in expected:
        _draw_line(line, curve.completed.fill, 1.5, MSO_LINE_DASH_STYLE.DASH)
    if (onward := encode_expected(chart)) is not None:
        end = onward.end
        label = PointLabel(f"{end.name}\n{end.value}", "r", SIZE, inks[end.role])
        chart_xml.label_at(expected[-1]._element, (end.day - curve.days[0]).days, label)
    if curve.deadline is not None:
        chart_xml.mark_day(deadline._element, theme.AXIS)
        place = (curve.deadline - curve.days[0]).days
        is_late = place * 2 > (curve.last - curve.days[0]).days
        label = PointLabel(chart.words["deadline"], "l" if is_late else "r", SIZE - 1, inks["muted"], raised=0.045)
        chart_xml.label_at(deadline._element, place, label)
    fills = curve.completed.fill, curve.band.fill
    moved = chart_xml.add_band(drawn, completed._element, band._element, len(series), fills)
    _name_band(moved, curve)
    _name_ends(chart, curve, inks, {"completed": completed, "at_most": at_most, "elapsed": elapsed})
    width = _lay_out(drawn, chart, curve, area)
    _draw_axes(drawn, chart, curve, t(SHARES[chart.spec.denominator]), width)
    return frame


def _deadline(chart: Chart, curve: Curve) -> Series:
    """Make a series of one point at the top on the day of the deadline."""
    day = curve.deadline
    return Series(chart.words["deadline"], [curve.high if one == day else None for one in _days(curve)], theme.AXIS)


def _days(curve: Curve) -> list[date]:
    """Return the days of the data, and those up to the deadline, which has a point of its own."""
    last = curve.days[-1]
    end = max(last, curve.deadline or last)
    return [*curve.days, *(date.fromordinal(day) for day in range(last.toordinal() + 1, end.toordinal() + 1))]


def _padded(series: Series, curve: Curve) -> Series:
    """Pad the series with None on the days without data."""
    missing = len(_days(curve)) - len(series.values)
    return Series(series.name, [*series.values, *[None] * missing], series.fill)


def _draw_line(drawn: Any, colour: str, width: float, dash: Any = None) -> None:
    drawn.smooth = False
    drawn.marker.style = None
    drawn._element.get_or_add_marker().append(chart_xml.parse('<c:symbol val="none"/>'))
    drawn.format.line.color.rgb = RGBColor.from_string(colour[1:])
    drawn.format.line.width = Pt(width)
    if dash is not None:
        drawn.format.line.dash_style = dash


def _name_band(band: Any, curve: Curve) -> None:
    """Write the band's name in it, where it is high enough; else the texts of the slide explain it."""
    heights = [height or 0.0 for height in curve.band.values]
    inside = range(len(heights) // 6, len(heights) * 2 // 3)
    if len(heights) < 120 or not inside:
        return
    place = max(inside, key=lambda n: min(heights[max(0, n - 20) : n + 20]))
    if heights[place] >= BAND_LABELLED:
        chart_xml.label_at(band, place, PointLabel(curve.band.name, "", SIZE - 1, theme.TEXT))


def _name_ends(chart: Chart, curve: Curve, inks: dict[str, str], drawn: dict[str, Any]) -> None:
    """Write each line's name and value at its end, higher or lower where two ends are near each other."""
    ends = sorted(encode_ends(chart), key=lambda end: end.share)
    for number, end in enumerate(ends):
        below = number > 0 and end.share - ends[number - 1].share < CLOSE
        above = number + 1 < len(ends) and ends[number + 1].share - end.share < CLOSE
        raised = (below - above) * RAISED
        label = PointLabel(f"{end.name}\n{end.value}", "r", SIZE, inks[end.role], raised)
        chart_xml.label_at(drawn[end.line]._element, len(curve.days) - 1, label)


def _draw_axes(drawn: Any, chart: Chart, curve: Curve, title: str, width: float) -> None:
    """Draw percentages at the left, months below; as many months as fit in `width` points."""
    values = drawn.value_axis
    draw_percent_axis(values, title, excel_percent_format(chart.lang), SIZE)
    values.major_unit = 0.25
    if curve.high > 1:
        widen_axis(values, curve.high)
    days = drawn.category_axis
    days.major_tick_mark = XL_TICK_MARK.OUTSIDE
    days.format.line.color.rgb = RGBColor.from_string(theme.AXIS[1:])
    days.has_major_gridlines = False
    days.tick_labels.font.size = Pt(SIZE)
    days.tick_labels.font.color.theme_color = MSO_THEME_COLOR.TEXT_2
    days.tick_labels.number_format = excel_month_format(chart.lang)
    days.tick_labels.number_format_is_linked = False
    days.minimum_scale = (curve.days[0] - _EXCEL_DAY_ZERO).days
    days.maximum_scale = (curve.last - _EXCEL_DAY_ZERO).days
    months = (curve.last - curve.days[0]).days / 30.4
    room = width / (MONTH_LETTERS * SIZE * LETTER)
    step = next((step for step in (1, 2, 3, 6) if months <= room * step), 12)
    for tag, value in (("majorUnit", step), ("majorTimeUnit", "months")):
        unit = chart_xml.parse(f'<c:{tag} val="{value}"/>')
        chart_xml.insert(days._element, unit, before=("c:minorUnit", "c:minorTimeUnit", "c:extLst"))


def _lay_out(drawn: Any, chart: Chart, curve: Curve, area: Area) -> float:
    """Place the plot between the percentages and the texts at the ends of the lines; return its width in points."""
    words = name_words(chart)
    letters = max(len(words[line]) for line in ("completed", "at_most", "elapsed"))
    is_early = (curve.last - chart.last_known(chart.total)).days > (curve.last - curve.days[0]).days * 0.4
    has_room = is_early and not curve.expected
    right = 0.02 if has_room else letters * SIZE * (LETTER + 0.05) * POINT / area.width + 0.03
    left = 5 * SIZE * POINT / area.width
    below = SIZE * 2.2 * POINT / area.height
    chart_xml.place_plot(drawn, left, 0.09, 1 - left - right, 1 - 0.09 - below)
    return (1 - left - right) * area.width / POINT


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
        write_cell(table.cell(0, number), name, min(size, 10.5), PP_ALIGN.CENTER, MSO_ANCHOR.BOTTOM)
    for row, name in enumerate(grid.rows, start=1):
        write_cell(table.cell(row, 0), name, size, PP_ALIGN.RIGHT, MSO_ANCHOR.MIDDLE)
        for column, cell in enumerate(grid.cells[row - 1], start=1):
            _shade(table.cell(row, column), cell, size)
    return frame


@cache
def _edges() -> list[Any]:
    """Return the four edges of a cell in the colour of the slide, for copying, since reading XML is slow."""
    line = '<a:ln{0} w="19050"><a:solidFill><a:schemeClr val="bg1"/></a:solidFill></a:ln{0}>'
    return [chart_xml.parse(line.format(side)) for side in ("L", "R", "T", "B")]


def write_cell(cell: Any, text: str, size: float, align: Any, anchor: Any) -> Any:
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
    run = write_cell(cell, grid_cell.text, size, PP_ALIGN.CENTER, MSO_ANCHOR.MIDDLE)
    if run is not None:
        run.font.color.rgb = RGBColor.from_string(grid_cell.ink[1:])
        cell.fill.solid()
        cell.fill.fore_color.rgb = RGBColor.from_string(grid_cell.fill[1:])
        for edge in _edges():  # a gap between the cells
            chart_xml.insert(cell._tc.tcPr, deepcopy(edge), before=("a:solidFill",))


def add_scatter(slide: Any, chart: Chart, area: Area) -> Any:
    """Put the dots of a chart of kind `scatter` on a slide, each with its bounds; return the graphic frame."""
    scatter, shares = encode_scatter(chart), excel_percent_format(chart.lang)
    data = DotSheet(scatter, chart.words["completion_rate"], shares)
    frame = slide.shapes.add_chart(XL_CHART_TYPE.XY_SCATTER, *area, data)
    drawn = frame.chart
    drawn.has_title = drawn.has_legend = False
    drawn.font.size = Pt(SIZE)
    drawn.font.color.theme_color = MSO_THEME_COLOR.TEXT_1
    series = drawn.plots[0].series[0]
    series.format.line.fill.background()
    for number, dot in enumerate(scatter.dots):
        point = series.points[number]
        point.format.line.fill.background()
        marker = point.marker
        marker.style, marker.size = XL_MARKER_STYLE.CIRCLE, size_marker(dot)
        marker.format.fill.solid()
        marker.format.fill.fore_color.rgb = RGBColor.from_string(PICTURE[dot.role][1:])
        marker.format.line.color.rgb = RGBColor.from_string(theme.PAPER[1:])
    labels = chart_xml.Labels(data.names, [dot.code for dot in scatter.dots], SIZE - 3)
    inks = {number: "tx1" if dot.role == "completed" else "tx2" for number, dot in enumerate(scatter.dots)}
    chart_xml.label_from_cells(series._element, labels, inks, "r")
    chart_xml.add_bounds(series._element, [dot.most - dot.share for dot in scatter.dots], PICTURE["possible_edge"])
    draw_percent_axis(drawn.value_axis, chart.words["completion_rate"], shares, SIZE)
    drawn.value_axis.major_unit = 0.25
    across = drawn.category_axis
    across.minimum_scale, across.maximum_scale = 0, scatter.ticks[-1]
    across.major_unit = scatter.ticks[1]
    across.has_major_gridlines = False
    write_axis(across, scatter.across, format_across(chart), SIZE)
    return frame


NATIVE: dict[str, Callable[[Any, Chart, Area], Any]] = {
    "rates": add_bars,
    "statuses": add_bars,
    "outcomes": add_bars,
    "evidence": add_bars,
    "counts": add_bars,
    "curve": add_curve,
    "grid": add_grid,
    "pairs": add_bars,
    "scatter": add_scatter,
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
    frame.name = piece.full_title
    chart_xml.describe(frame, piece.full_title, clean(chart.alt))
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
