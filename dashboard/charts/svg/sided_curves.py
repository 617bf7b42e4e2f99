"""Pictures of two selections over time: both curves on the same axes, each with strokes up to its upper bound."""

from datetime import date, timedelta
from typing import NamedTuple

from dashboard.charts.chart import Chart, read_rows
from dashboard.charts.encoding import SIDE_ROLES
from dashboard.charts.sides import SIDES
from dashboard.charts.svg.canvas import BASELINE, Box, Canvas, Entry, Sizes, draw_key, key_height, share
from dashboard.charts.svg.curve import (
    LEAST_HEIGHT,
    MONTH_AXIS,
    PROPORTION,
    STROKES,
    WAVES,
    End,
    Plot,
    draw_month_axis,
    draw_share_axis,
    draw_waves,
    filled,
    mark_deadline,
    mark_unknown_days,
    room_right,
    share_axis_width,
    slope_path,
    spread,
    step_path,
    stroke_path,
)
from dashboard.charts.svg.texts import LINE, shorten
from dashboard.formats import format_date, format_percent, format_rate

LONGEST_NAME = 9.0
"""Of a side, where its curve ends, in font sizes; the key has the whole."""
SPANS = 18
"""How many spans of days have values for whoever points at them."""


def draw_curves(canvas: Canvas, chart: Chart, box: Box, sizes: Sizes) -> tuple[float, int]:
    """Draw both curves of a chart; returns the lower end in pixels and how many rows there are."""
    size, small = sizes.base, sizes.small
    entries = [Entry(side.name, look[0]) for side, look in zip(chart.sides, SIDE_ROLES, strict=True)]
    entries.append(Entry(chart.words["possible"], "possible", "possible_edge"))
    key = key_height(entries, box.width, small)
    draw_key(canvas, entries, box, small)
    first, day = chart.frame["on_date"].min().date(), max(map(chart.last_known, chart.totals))
    last = max(chart.campaign["ends_on"], *(total.day for total in chart.totals))
    ends = _ends(chart, size)
    left = share_axis_width(small, chart.lang)
    right = room_right([end for _, end in ends], size, box.width - left, (last - day) / max(last - first, timedelta(1)))
    top = box.y + key + 1.6 * small
    below = (MONTH_AXIS + (WAVES if chart.waves else 0)) * small
    height = max((box.height or max(box.width * PROPORTION, LEAST_HEIGHT) + key) - key - 1.6 * small - below, 4 * size)
    plot = Plot(box.x + left, top, box.width - left - right, height, first, last)
    draw_share_axis(canvas, plot, small, chart.lang, (0, 25, 50, 75, 100))
    bottom = draw_month_axis(canvas, plot, small, chart.lang)
    if chart.waves:
        bottom = draw_waves(canvas, chart, plot, bottom, small)
    mark_unknown_days(canvas, chart, plot, small)
    _draw_lines(canvas, chart, plot, size / 14)
    mark_deadline(canvas, chart, plot, small)
    _name_ends(canvas, plot, ends, size)
    _draw_spans(canvas, chart, plot)
    return bottom, len(chart.frame)


def _draw_lines(canvas: Canvas, chart: Chart, plot: Plot, weight: float) -> None:
    """The strokes of both below the lines of both; the strokes of one stand between those of the other."""
    frames = [frame for _, frame in chart.frame.groupby("side", sort=False)]
    longest = max(frames, key=len)
    canvas.path(
        slope_path(plot, longest["elapsed"].to_numpy()), "s-muted", stroke_width=1.4 * weight,
        stroke_dasharray=f"{5 * weight:.3g} {4 * weight:.3g}", data_measure="elapsed",
    )  # fmt: skip
    bounds = [(filled(frame["completion_rate"]), filled(frame["upper_bound"])) for frame in frames]
    for number, ((lower, upper), (_, possible)) in enumerate(zip(bounds, SIDE_ROLES, strict=True)):
        moved = plot._replace(x=plot.x + number * STROKES * weight / 2)
        canvas.path(stroke_path(moved, lower, upper, STROKES * weight), f"s-{possible}", stroke_width=1.2 * weight)
    for (lower, upper), (line_role, possible) in reversed(list(zip(bounds, SIDE_ROLES, strict=True))):
        canvas.path(
            step_path(plot, upper), f"s-{possible}_edge", data_measure="upper_bound", data_value=float(upper[-1])
        )
        canvas.path(
            step_path(plot, lower), f"s-{line_role}", stroke_width=3 * weight, stroke_linejoin="round",
            data_measure="completion_rate", data_value=float(lower[-1]),
        )  # fmt: skip


class _End(NamedTuple):
    """Where a curve ends, and what it says there."""

    day: date
    end: End


def _ends(chart: Chart, size: float) -> list[_End]:
    """The ends of the curves, the highest first; a side without actions has none."""
    ends = []
    for side, (role, _) in zip(chart.sides, SIDE_ROLES, strict=True):
        total = side.total
        if not total.actions:
            continue
        text = format_percent(total.completed, total.actions, chart.lang)
        if total.unknown:
            most = format_percent(total.completed + total.unknown, total.actions, chart.lang)
            text = chart.words["range"].format(least=text, most=most)
        name = shorten(side.name, LONGEST_NAME * size, size)
        ends.append(_End(chart.last_known(total), End(share(total.completed, total.actions), text, name, role)))
    return sorted(ends, key=lambda one: -one.end.share)


def _name_ends(canvas: Canvas, plot: Plot, ends: list[_End], size: float) -> None:
    """A dot where each curve ends; right of it its bounds and its name, moved apart."""
    last = max((day for day, _ in ends), default=plot.last)
    dots = [plot.at_share(end.share) for _, end in ends]
    # What ends before the last day has the other curve at its right.
    wished = [dot - (1.5 * LINE * size if day < last else 0) for (day, _), dot in zip(ends, dots, strict=True)]
    places = spread(wished, [2.2 * LINE * size] * len(ends), plot.y, plot.bottom)
    for (day, end), dot, wish, place in zip(ends, dots, wished, places, strict=True):
        x = plot.at_day(day)
        canvas.circle(x, dot, 0.26 * size, f"f-{end.role}")
        text_x, top = x + 0.7 * size, place - LINE * size / 2 + BASELINE * size
        if abs(place - wish) > LINE * size:
            canvas.path(f"M{x + 0.3 * size:.1f} {wish:.1f}L{text_x - 0.1 * size:.1f} {place:.1f}", "s-axis")
        canvas.text(text_x, top, end.value, "f-text b halo s-paper", size)
        canvas.text(text_x, top + LINE * size, end.name, "f-text halo s-paper", size)


def _draw_spans(canvas: Canvas, chart: Chart, plot: Plot) -> None:
    """Invisible strips that tell the values of both on their last day to whoever points at them."""
    days = (plot.last - plot.first).days
    counts = chart.frame.assign(day=chart.frame["on_date"].dt.date)[["day", "side", "completed", "unknown", "actions"]]
    counts_by_side = {(day, side): tuple(row) for day, side, *row in read_rows(counts)}
    step = -(-(days + 1) // SPANS)
    left = plot.x
    for number in range(step - 1, days + step, step):
        day = plot.first + timedelta(days=min(number, days))
        tip = [format_date(day, chart.lang)]
        for side, code in zip(chart.sides, SIDES, strict=True):
            completed, unknown, actions = counts_by_side.get((day, code), (0, 0, 0))
            if actions:
                most = format_percent(completed + unknown, actions, chart.lang)
                text = f"{format_rate(completed, actions, chart.lang)}; {chart.pair(chart.words['at_most'], most)}"
                tip.append(chart.pair(side.name, text))
        right = plot.at_day(day)
        if len(tip) > 1:
            with canvas.group("\n".join(tip), data_code=day.isoformat()):
                canvas.rect(left, plot.y, right - left, plot.height, "hit")
        left = right
