"""Pictures of a curve: steps of the completion rate, a band up to the upper bound, the time elapsed, the deadline."""

from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import pandas as pd

from dashboard.charts.chart import Chart
from dashboard.charts.svg.canvas import BASELINE, Box, Canvas, Sizes, pair, share
from dashboard.charts.svg.plots import (
    Plot,
    Values,
    band_path,
    draw_month_axis,
    draw_share_axis,
    share_axis_width,
    slope_path,
    spread,
    step_path,
)
from dashboard.charts.svg.texts import ELLIPSIS, LINE, widest, width, wrap
from dashboard.formats import format_date, format_percent, format_rate

PROPORTION = 0.52
LEAST_HEIGHT = 290
MONTH_AXIS = 2.9
MOST_SPANS = 26
"""How many spans of days have values for whoever points at them."""


class End(NamedTuple):
    """What a line says at its end."""

    share: float
    value: str
    name: str
    role: str


def draw_curve(canvas: Canvas, chart: Chart, box: Box, sizes: Sizes) -> tuple[float, int]:
    """Draw the curve of a chart; returns its lower end in pixels and how many days it has."""
    size = sizes.base
    first = chart.frame["on_date"].iloc[0].date()
    last = max(chart.campaign["ends_on"], chart.total.day)
    ends = _ends(chart)
    left = share_axis_width(sizes.small, chart.lang)
    right = _room_right(ends, size, box.width - left, (last - chart.total.day) / max(last - first, timedelta(1)))
    top = box.y + 1.6 * sizes.small
    height = (box.height or max(box.width * PROPORTION, LEAST_HEIGHT)) - 1.6 * sizes.small - MONTH_AXIS * sizes.small
    plot = Plot(box.x + left, top, box.width - left - right, height, first, last)
    draw_share_axis(canvas, plot, sizes.small, chart.lang, (0, 25, 50, 75, 100))
    bottom = draw_month_axis(canvas, plot, sizes.small, chart.lang)
    draw_lines(canvas, chart, plot, size / 14)
    _mark_deadline(canvas, chart, plot, sizes.small)
    _explain_band(canvas, chart, plot, sizes.small)
    _name_ends(canvas, chart, plot, ends, size)
    _draw_spans(canvas, chart, plot)
    return bottom, len(chart.frame)


def draw_lines(canvas: Canvas, chart: Chart, plot: Plot, weight: float) -> None:
    """The band and the three lines of a curve, without a word; `weight` 1 is a line of three pixels."""
    frame = chart.frame
    lower, upper = _filled(frame["completion_rate"]), _filled(frame["upper_bound"])
    elapsed = frame["elapsed"].to_numpy()
    canvas.path(band_path(plot, lower, upper), "f-possible")
    canvas.path(step_path(plot, upper), "s-possible_edge", data_measure="upper_bound", data_value=float(upper[-1]))
    canvas.path(
        slope_path(plot, elapsed), "s-elapsed", stroke_width=1.6 * weight,
        stroke_dasharray=f"{5 * weight:.3g} {4 * weight:.3g}", data_measure="elapsed", data_value=float(elapsed[-1]),
    )  # fmt: skip
    canvas.path(
        step_path(plot, lower), "s-completed", stroke_width=3 * weight, stroke_linejoin="round",
        data_measure="completion_rate", data_value=float(lower[-1]),
    )  # fmt: skip


def _filled(values: "pd.Series[float]") -> Values:
    filled: Values = np.nan_to_num(values.to_numpy(dtype=np.float64))
    return filled


def _ends(chart: Chart) -> list[End]:
    """The lines' ends, the highest first."""
    total, words, lang = chart.total, chart.words, chart.lang
    ends = [
        End(total.elapsed, format_percent(total.day_number, total.days_total, lang), words["elapsed"], "elapsed"),
        End(share(total.completed, total.actions), format_percent(total.completed, total.actions, lang),
            words["completed"], "completed"),
    ]  # fmt: skip
    if total.not_reported:
        possible = total.completed + total.not_reported
        text = format_percent(possible, total.actions, lang)
        ends.append(End(share(possible, total.actions), text, words["at_most"], "muted"))
    return sorted(ends, key=lambda end: -end.share)


def _room_right(ends: list[End], size: float, room: float, ahead: float) -> float:
    """The margin that the ends' words need right of the plot; none where the days ahead leave them room in it."""
    words = max(widest([end.value for end in ends], size, bold=True), widest([end.name for end in ends], size))
    needed = words + 0.9 * size
    return max(0.8 * size, (needed - ahead * room) / (1 - ahead) if ahead < 1 else 0.0)


def _name_ends(canvas: Canvas, chart: Chart, plot: Plot, ends: list[End], size: float) -> None:
    """Each line's value and name where it ends, moved apart so that none covers another."""
    x = plot.at_day(chart.total.day)
    wished = [plot.at_share(end.share) for end in ends]
    is_over = chart.total.day >= min(chart.campaign["action_deadline_on"], plot.last)
    top = plot.y - 1.2 * size if is_over else plot.y  # before the deadline its label is in the way
    places = spread(wished, [2.2 * LINE * size] * len(ends), top, plot.bottom)
    for end, wish, place in zip(ends, wished, places, strict=True):
        canvas.circle(x, wish, 0.24 * size, f"f-{end.role}")
        text_x = x + 0.7 * size
        if abs(place - wish) > LINE * size:
            canvas.path(f"M{x + 0.3 * size:.1f} {wish:.1f}L{text_x - 0.1 * size:.1f} {place:.1f}", "s-axis")
        top = place - LINE * size / 2 + BASELINE * size
        canvas.text(text_x, top, end.value, f"f-{end.role} b halo s-paper", size)
        canvas.text(text_x, top + LINE * size, end.name, f"f-{end.role} halo s-paper", size)


def _mark_deadline(canvas: Canvas, chart: Chart, plot: Plot, size: float) -> None:
    deadline = chart.campaign["action_deadline_on"]
    if not plot.first <= deadline <= plot.last:
        return
    x = plot.at_day(deadline)
    canvas.line(x, plot.y - 0.3 * size, x, plot.bottom, "s-muted", stroke_dasharray="1.5 3")
    text = chart.words["deadline"]
    fits_left = x - plot.x > width(text, size)
    canvas.text(x, plot.y - 0.6 * size, text, "f-muted", size, "end" if fits_left else "start")


def _explain_band(canvas: Canvas, chart: Chart, plot: Plot, size: float) -> None:
    """Say inside the band what it is, if some place of it has room beside the line of the time elapsed."""
    wrapped = (wrap(chart.words["possible"], plot.width * share, size, 4) for share in (0.3, 0.4, 0.5))
    lines = next((lines for lines in wrapped if not lines[-1].endswith(ELLIPSIS)), None)
    if lines is None:
        return
    needed = widest(lines, size) + 1.2 * size
    high = len(lines) * LINE * size + 0.8 * size
    frame = chart.frame
    lower, upper, elapsed = (_filled(frame[name]) for name in ("completion_rate", "upper_bound", "elapsed"))
    per_day = plot.width / max((plot.last - plot.first).days, 1)
    span = int(np.ceil(needed / per_day))
    if span >= len(frame):
        return
    for start in range(0, len(frame) - span, 7):
        stop = start + span
        ceiling = plot.at_share(float(upper[start:stop].min()))
        floor = plot.at_share(float(max(lower[start:stop].max(), elapsed[start:stop].max())))
        if floor - ceiling >= high:
            x = plot.at_number(start) + 0.6 * size
            canvas.lines(x, min(ceiling + 0.4 * size + high / 2, (ceiling + floor) / 2), lines, "f-text", size)
            return


def _draw_spans(canvas: Canvas, chart: Chart, plot: Plot) -> None:
    """Invisible strips that tell the values of their last day to whoever points at them."""
    frame, total, lang, words = chart.frame, chart.total, chart.lang, chart.words
    length = -(-len(frame) // MOST_SPANS)
    ends = range((len(frame) - 1) % length, len(frame), length)
    before = (plot.first - chart.campaign["starts_on"]).days
    rows = frame.iloc[list(ends)]
    left = plot.x
    for number, completed, silent in zip(ends, rows["completed"].tolist(), rows["not_reported"].tolist(), strict=True):
        day: date = plot.first + timedelta(days=number)
        elapsed = min(max(before + number + 1, 0), total.days_total)
        tip = "\n".join(
            [
                format_date(day, lang),
                pair(chart, words["completed"], format_rate(completed, total.actions, lang)),
                pair(chart, words["at_most"], format_rate(completed + silent, total.actions, lang)),
                pair(chart, words["elapsed"], format_percent(elapsed, total.days_total, lang)),
            ]
        )
        right = plot.at_number(number)
        with canvas.group(tip, data_code=day.isoformat(), data_completed=completed, data_not_reported=silent):
            canvas.rect(left, plot.y, right - left, plot.height, "hit")
        left = right
