"""Stacked bars as a native chart: rates with their bounds, statuses."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.enum.dml import MSO_LINE_DASH_STYLE, MSO_THEME_COLOR
from pptx.enum.shapes import MSO_CONNECTOR
from pptx.oxml.ns import qn
from pptx.util import Pt

from dashboard import theme
from dashboard.charts.chart import Chart
from dashboard.files.briefings.series import Bars, Series, Values, bars_of
from dashboard.files.briefings.slides import chart_xml
from dashboard.files.briefings.slides.chart_xml import Labels
from dashboard.files.briefings.slides.data_sheet import DataSheet
from dashboard.files.briefings.slides.texts import LETTER, POINT, SPACING, Area, Line, add_box, lines_of
from dashboard.formats import POINTS_FORMAT, excel_percent_format
from dashboard.i18n import N_, translator
from dashboard.theme import contrast

COUNT_FORMAT = "#,##0"
NAMELESS = "\u00a0"
"""The name of the series that only carries texts: it leaves no trace in the legend, in whatever order that is."""
LARGEST, LARGE, SMALLEST = 14.0, 12.0, 7.0
MANY = 10
"""The number of bars from which their letters are smaller."""
REFERENCE, LABEL_SIZE = 18, 11
"""The points that a reference line's words take above the bars, and their size."""
SHARES = {
    "actions": N_("Share of the actions"),
    "milestones": N_("Share of the milestones"),
    "milestones_due": N_("Share of the milestones due"),
    "completed": N_("Share of the completed actions"),
    "results": N_("Share of the numbers promised"),
    "promised": N_("Share of what was promised"),
}
"""The title of the axis of shares, by their denominator."""
_LAST_SHARE = "100"
"""The space right of the axis' end without a text: half of its last number, and some more."""
_ROOM = 1.15
"""The least length of a bar with a text in it, over the text's length."""
MOST_HALVES = 3
"""The end of an axis of shares up to which every half has a line."""
WIDEST_NAMES = 0.36
"""The largest share of the chart for the names."""


def add_bars(slide: Any, chart: Chart, area: Area) -> Any:
    """Put the bars of a chart (`dashboard.files.briefings.series.bars_of`) on a slide; return the graphic frame.

    The texts in the screen's right column stand at the bars, taken from cells of the chart's workbook: a rate
    at the end of the completed part, in it or behind it, whatever else could be completed. Bars without that other part
    have a series of zeros without a fill that carries the texts.
    """
    t = translator(chart.lang)
    bars = bars_of(chart)
    has_bound = len(bars.series) == 2 and not bars.is_counted and bars.span is None
    shares = COUNT_FORMAT if bars.end else excel_percent_format(chart.lang) if bars.span is None else POINTS_FORMAT
    nothing: Values = [0.0] * len(bars.categories)
    if has_bound:  # a point without a value has no text either
        completed, possible = bars.series
        series = [completed, replace(possible, values=[value or 0.0 for value in possible.values])]
    else:
        series = [*bars.series, Series(NAMELESS, nothing, theme.PAPER)]
    number_format = COUNT_FORMAT if bars.is_counted else shares
    data = DataSheet(bars.categories, series, ["@", *[number_format] * len(series)])
    reference = data.add_texts(t(N_("Label")), bars.ends)
    kind = XL_CHART_TYPE.BAR_STACKED_100 if bars.is_counted else XL_CHART_TYPE.BAR_STACKED
    frame = slide.shapes.add_chart(kind, *area, data)
    drawn = frame.chart
    drawn.has_title = False  # else a chart of one series is given that one's name
    size = _font_size(bars, area)
    drawn.font.size = Pt(size)
    drawn.font.color.theme_color = MSO_THEME_COLOR.TEXT_1
    plot = drawn.plots[0]
    plot.gap_width, plot.overlap = 45, 100
    _paint(plot, bars)
    _write_values(plot, bars, size)
    denominator = chart.spec.denominator if chart.spec.amount else chart.spec.size
    title = t(SHARES.get(denominator, SHARES["actions"])) if bars.span is None else chart.words["pace_points"]
    _draw_axes(drawn, chart.words["completed"] if bars.end else title, shares, size)
    if bars.span is not None:
        _span_axis(drawn, bars.span)
    if bars.end:
        drawn.value_axis.maximum_scale, drawn.value_axis.major_unit = bars.end, bars.end / 2
    if bars.high > 1 and not bars.end and bars.span is None:
        widen_axis(drawn.value_axis, bars.high)
    top = _draw_legend(drawn, bars, area) if len(bars.series) > 1 else 0.0
    top += REFERENCE * POINT / area.height if chart.reference and not bars.is_counted else 0.0
    texts = [_LAST_SHARE] if has_bound else bars.ends
    plot_area = _lay_out(drawn, bars, area, size, top, max(map(len, texts)))
    colours = ["tx2" if muted else "tx1" for muted in bars.muted]
    carrier = plot.series[len(series) - 1]
    labels = Labels(reference, bars.ends, size)
    if has_bound:
        widths = [len(text) * size * LETTER * POINT / plot_area.width for text in bars.ends]
        _label_rates(plot, bars, labels, widths, colours)
    else:
        carrier.format.fill.background()
        chart_xml.label_from_cells(carrier._element, labels, dict(enumerate(colours)))
    if chart.reference and chart.reference_counts and not bars.is_counted:
        low, high = (end / 100 for end in bars.span or (0, 100 * bars.high))
        share = (chart.value(*chart.reference_counts) - low) / (high - low)
        _mark_reference(slide, plot_area, share, chart.reference)
    return frame


def _label_rates(plot: Any, bars: Bars, labels: Labels, widths: list[float], colours: list[str]) -> None:
    """Write each rate in its completed part where it fits, else behind it, where the other part begins.

    `widths` of the texts are shares of the axis.
    """
    completed, possible = bars.series
    shares = [value or 0.0 for value in completed.values]
    fills = [completed.fills.get(place, completed.fill) for place in range(len(shares))]
    inside = {
        place: max((theme.PAPER, theme.TEXT), key=lambda ink: contrast(ink, fill))
        for place, (share, wide, fill) in enumerate(zip(shares, widths, fills, strict=True))
        if share > wide * _ROOM
    }
    behind = {
        place: theme.TEXT if (share or 0.0) > wide else colour  # the pale part is as light on dark slides
        for place, (share, wide, colour) in enumerate(zip(possible.values, widths, colours, strict=True))
        if place not in inside
    }
    chart_xml.label_from_cells(plot.series[0]._element, labels, inside, "inEnd")
    chart_xml.label_from_cells(plot.series[1]._element, labels, behind)


def _mark_reference(slide: Any, plot: Area, share: float, text: str) -> None:
    """Draw a dashed line across the bars at a share of the axis, with its words above; the chart has no such line."""
    x = plot.left + round(plot.width * share)
    line = slide.shapes.add_connector(MSO_CONNECTOR.STRAIGHT, x, plot.top, x, plot.bottom)
    line.line.color.theme_color, line.line.width = MSO_THEME_COLOR.TEXT_2, Pt(1.5)
    line.line.dash_style = MSO_LINE_DASH_STYLE.DASH
    wide = round(min(len(text) * LABEL_SIZE * LETTER * 1.15 * POINT, plot.width))
    left = min(max(x - wide // 2, plot.left), plot.right - wide)
    add_box(
        slide, Area(left, plot.top - REFERENCE * POINT, wide, REFERENCE * POINT), Line(text, LABEL_SIZE, is_muted=True)
    )


def _paint(plot: Any, bars: Bars) -> None:
    for number, one in enumerate(bars.series):
        drawn = plot.series[number]
        if bars.span is not None:
            drawn.invert_if_negative = False  # else some programs invert bars below zero, or leave them white
        _fill(drawn, one.fill)
        if one.edge:
            drawn.format.line.color.rgb = _rgb(one.edge)
            drawn.format.line.width = Pt(0.75)
        for place, fill in one.fills.items():
            _fill(drawn.points[place], fill)
            if bars.span is not None:
                chart_xml.keep_fill_below_zero(drawn._element, place)


def _write_values(plot: Any, bars: Bars, size: float) -> None:
    """Write the values of statuses in their segments; rates have theirs at the end of the bars."""
    for number, one in enumerate(bars.series):
        if not one.text:
            continue
        drawn = plot.series[number]
        labels = drawn.data_labels
        labels.show_value = True
        labels.number_format, labels.number_format_is_linked = COUNT_FORMAT, False
        labels.position = XL_LABEL_POSITION.CENTER
        labels.font.size = Pt(size)
        labels.font.color.rgb = _rgb(one.text)
        chart_xml.hide_labels(drawn._element, one.unlabelled)
        if one.fills:  # those of peers are pale
            chart_xml.colour_labels(drawn._element, list(one.fills), size, theme.TEXT, COUNT_FORMAT)


def _draw_axes(drawn: Any, title: str, number_format: str, size: float) -> None:
    names = drawn.category_axis
    names.reverse_order = True  # the first one on top
    names.format.line.fill.background()
    names.major_tick_mark = XL_TICK_MARK.NONE
    names.has_major_gridlines = False
    names.tick_labels.font.size = Pt(size)
    level = names._element.find(f"{qn('c:txPr')}/{qn('a:bodyPr')}")
    level.set("rot", "0")  # LibreOffice else turns the names, and leaves out every second one
    level.set("vert", "horz")
    every = chart_xml.parse('<c:tickLblSkip val="1"/>')
    chart_xml.insert(names._element, every, before=("c:tickMarkSkip", "c:noMultiLvlLbl", "c:extLst"))
    values = drawn.value_axis
    draw_percent_axis(values, title, number_format, size)
    values.major_unit = 0.25
    values._element.find(qn("c:crosses")).set("val", "max")  # the percentages below the bars


def _span_axis(drawn: Any, span: tuple[float, float]) -> None:
    """Give an axis percentage points around zero; the names stand left of all bars."""
    values = drawn.value_axis
    values.minimum_scale, values.maximum_scale = span
    values.major_unit = 25
    drawn.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW


def draw_percent_axis(values: Any, title: str, number_format: str, size: float) -> None:
    """Draw a quiet axis from 0 to 100 % with its title."""
    values.minimum_scale, values.maximum_scale = 0, 1
    write_axis(values, title, number_format, size)
    values.major_tick_mark = XL_TICK_MARK.NONE
    values.format.line.fill.background()
    values.has_major_gridlines = True
    values.major_gridlines.format.line.color.theme_color = MSO_THEME_COLOR.TEXT_1
    values.major_gridlines.format.line.width = Pt(0.75)
    for colour in values.major_gridlines._xAx.iter(qn("a:schemeClr")):
        if colour.getparent().getparent().tag == qn("a:ln"):
            colour.append(chart_xml.parse('<a:alpha val="14000"/>'))  # faint on light and on dark grounds


def write_axis(axis: Any, title: str, number_format: str, size: float) -> None:
    """Write the numbers of an axis and its title, both muted."""
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = number_format, False
    axis.tick_labels.font.size = Pt(size)
    axis.tick_labels.font.color.theme_color = MSO_THEME_COLOR.TEXT_2
    axis.has_title = True
    axis.axis_title.text_frame.text = title
    run = axis.axis_title.text_frame.paragraphs[0].runs[0]
    run.font.size, run.font.bold = Pt(size), False
    run.font.color.theme_color = MSO_THEME_COLOR.TEXT_2


def widen_axis(values: Any, high: float) -> None:
    """Let an axis of shares end beyond 100 %."""
    values.maximum_scale, values.major_unit = high, 0.5 if high <= MOST_HALVES else high - 1


def _draw_legend(drawn: Any, bars: Bars, area: Area) -> float:
    """Draw the key above the bars; return its share of the chart."""
    drawn.has_legend = True
    drawn.legend.position = XL_LEGEND_POSITION.TOP
    drawn.legend.include_in_layout = False
    drawn.legend.font.size = Pt(12)
    drawn.legend.font.color.theme_color = MSO_THEME_COLOR.TEXT_1
    letters = sum(len(one.name) + 5 for one in bars.series)
    lines = 1 + int(letters * 12 * LETTER * POINT > area.width * 0.98)
    height = lines * 22 * POINT / area.height
    chart_xml.place_legend(drawn, 0.0, 0.0, min(1.0, letters * 12 * 0.56 * POINT / area.width / lines), height)
    return height + 4 * POINT / area.height


def _lay_out(drawn: Any, bars: Bars, area: Area, size: float, top: float, letters: int) -> Area:
    """Place the plot between the names and the texts at the right, both as wide as needed; return its place."""
    letter = size * LETTER * POINT / area.width
    names = min(max(len(name) for name in bars.categories) * letter, WIDEST_NAMES)
    texts = letters * letter * 1.06 + 0.01
    below = (size * 1.7 + size * 2.1) * POINT / area.height
    left, width, height = names + 0.015, max(0.3, 1 - names - texts - 0.02), 1 - top - below
    chart_xml.place_plot(drawn, left, top, width, height)
    corner = area.left + round(left * area.width), area.top + round(top * area.height)
    return Area(*corner, round(width * area.width), round(height * area.height))


def _font_size(bars: Bars, area: Area) -> float:
    """Find the size in points: as large as the rows allow, so that long names of two lines do not touch the next."""
    pitch = area.height * 0.84 / POINT / len(bars.categories)
    width = round(area.width * WIDEST_NAMES)
    size = LARGEST if len(bars.categories) < MANY else LARGE
    while size > SMALLEST:
        lines = [lines_of(name, width, size) for name in bars.categories]
        nearest = max(map(sum, pairwise(lines)), default=2 * lines[0]) / 2
        if nearest * size * SPACING <= pitch:
            break
        size -= 0.5
    return size


def _fill(part: Any, colour: str) -> None:
    part.format.fill.solid()
    part.format.fill.fore_color.rgb = _rgb(colour)


def _rgb(colour: str) -> Any:
    return RGBColor.from_string(colour[1:])
