"""Pictures of a curve: the area of what is completed, strokes up to the upper bound, time elapsed, deadline, waves.

Of two selections both curves stand on the same axes, as lines with strokes.

A `Plot` of shares against days has the scales, axes and paths of a curve, or of one of many small ones.
"""

import re
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.charts.catalogue import EXPECTED
from dashboard.charts.chart import Chart, read_rows
from dashboard.charts.encoding import (
    CURVE_ROLES,
    SIDE_ROLES,
    End,
    Onward,
    encode_ends,
    encode_expected,
    encode_lines,
    list_ticks,
    name_lines,
    name_words,
)
from dashboard.charts.sides import SIDES
from dashboard.charts.svg.canvas import BASELINE, Anchor, Box, Canvas, Sizes, draw_key, key_height, short
from dashboard.charts.svg.texts import ELLIPSIS, LINE, shorten, widest, width, wrap
from dashboard.formats import format_date, format_month, format_percent, format_rate

PROPORTION = 0.52
LEAST_HEIGHT = 290
MONTH_AXIS = 2.9
WAVES = 1.5
STROKES = 6.0
"""How far apart the strokes up to the upper bound are, in pixels of a curve of weight 1."""
MOST_SPANS, SPANS_OF_BOTH = 26, 18
"""How many spans of days have values for whoever points at them, of one curve and of two."""
LONGEST_NAME = 9.0
"""Of a side, where its curve ends, in font sizes; the key has the whole."""
Values = npt.NDArray[np.float64]


class Plot(NamedTuple):
    """The rectangle of the marks, in pixels, the days at its left and right edge, and 0 to 100 % in its height.

    Where more was reached than promised, its upper edge is at more than 100 %: `high`, as a share of 1.
    """

    x: float
    y: float
    width: float
    height: float
    first: date
    last: date
    high: float = 1.0

    @property
    def bottom(self) -> float:
        """Return the y of 0 %."""
        return self.y + self.height

    def at_day(self, day: date) -> float:
        """Return the x of a day."""
        return self.at_number((day - self.first).days)

    def at_number(self, number: float) -> float:
        """Return the x of the day so many days after the first."""
        return self.x + self.width * number / max((self.last - self.first).days, 1)

    def at_share(self, share: float) -> float:
        """Return the y of a share of 1."""
        return self.bottom - self.height * share / self.high


def draw_curve(canvas: Canvas, chart: Chart, box: Box, sizes: Sizes) -> tuple[float, int]:
    """Draw the curve of a chart, or both of two selections; return the lower end in pixels and how many rows it has."""
    size, small, has_sides = sizes.base, sizes.small, bool(chart.sides)
    key = 0.0
    if has_sides:
        key = key_height(name_lines(chart), box.width, small)
        draw_key(canvas, name_lines(chart), box, small)
    first, day = chart.frame["on_date"].min().date(), max(map(chart.last_known, chart.totals))
    last = max(chart.campaign["ends_on"], *(total.day for total in chart.totals))
    ends = sorted(encode_ends(chart), key=lambda end: -end.share)
    if has_sides:
        ends = [end._replace(name=shorten(end.name, LONGEST_NAME * size, size)) for end in ends]
    left = share_axis_width(small, chart.lang)
    length = max(last - first, timedelta(1))
    right = _leave_room(ends, size, box.width - left, (last - day) / length)
    onward = encode_expected(chart)
    if onward is not None:
        right = max(right, _leave_room([onward.end], size, box.width - left, (last - onward.end.day) / length))
    top = box.y + key + 1.6 * small
    below = (MONTH_AXIS + (WAVES if chart.waves else 0)) * small
    height = (box.height or max(box.width * PROPORTION, LEAST_HEIGHT) + key) - key - 1.6 * small - below
    if has_sides:
        height = max(height, 4 * size)
    high = 1.0 if has_sides else encode_lines(chart).high
    plot = Plot(box.x + left, top, box.width - left - right, height, first, last, high)
    is_low = height < LEAST_HEIGHT / 2 and not has_sides
    percents = tuple(round(100 * tick) for tick in list_ticks(high))
    draw_share_axis(canvas, plot, small, chart.lang, percents if is_low or high > 1 else (0, 25, 50, 75, 100))
    bottom = draw_month_axis(canvas, plot, small, chart.lang, 3 if is_low else 1)
    if chart.waves:
        bottom = _draw_waves(canvas, chart, plot, bottom, small)
    mark_unknown_days(canvas, chart, plot, small)
    if onward is not None:
        _draw_expected(canvas, chart, plot, onward, size / 14)
    (_draw_both if has_sides else draw_lines)(canvas, chart, plot, size / 14)
    _mark_deadline(canvas, chart, plot, small, is_dated=not is_low)
    if has_sides:
        _name_ends(canvas, chart, plot, ends, size)
        _draw_spans_of_both(canvas, chart, plot)
        return bottom, len(chart.frame)
    if not is_low:
        _explain_band(canvas, chart, plot, small)
    with canvas.group(data_part="ends"):
        _name_ends(canvas, chart, plot, ends, size)
        if onward is not None:
            _name_ends(canvas, chart, plot, [onward.end], size)
    edges = " ".join(map(short, (plot.x, plot.y, plot.width, plot.height)))
    with canvas.group(data_part="spans", data_plot=edges, data_days=(plot.last - plot.first).days):
        _draw_spans(canvas, chart, plot)
    return bottom, len(chart.frame)


def draw_lines(canvas: Canvas, chart: Chart, plot: Plot, weight: float) -> None:
    """Draw the area, the strokes and the three lines of a curve; `weight` 1 is a line of three pixels."""
    roles, spec = CURVE_ROLES, chart.spec
    lines = encode_lines(chart)
    lower, upper, elapsed = map(filled, lines[:3])
    canvas.path(stroke_path(plot, lower, upper, STROKES * weight), f"s-{roles['possible']}")
    canvas.path(band_path(plot, lower * 0, lower), f"f-{roles['completed']}")
    canvas.path(step_path(plot, upper), f"s-{roles['at_most']}", data_measure=spec.bound, data_value=float(upper[-1]))
    level = "promised" if spec.amount else "elapsed"
    canvas.path(
        slope_path(plot, elapsed), f"s-{roles['elapsed']}", stroke_width=1.6 * weight,
        stroke_dasharray=f"{5 * weight:.3g} {4 * weight:.3g}", data_measure=level, data_value=float(elapsed[-1]),
    )  # fmt: skip
    canvas.path(
        step_path(plot, lower), f"s-{roles['completed']}", stroke_width=3 * weight, stroke_linejoin="round",
        data_measure=spec.rate, data_value=float(lower[-1]),
    )  # fmt: skip


def _draw_expected(canvas: Canvas, chart: Chart, plot: Plot, onward: Onward, weight: float) -> None:
    """Draw a pale area between two dashed lines, from the curve's last day to the deadline."""
    lower, upper = np.array(onward.low), np.array(onward.high)
    ahead = plot._replace(x=plot.at_day(onward.first))
    tip = "\n".join([format_date(onward.end.day, chart.lang), chart.pair(onward.end.name, onward.tips[-1])])
    with canvas.group(tip, data_part="expected"):
        canvas.path(band_path(ahead, lower, upper), "f-completed", fill_opacity=0.14)
        for name, values in zip(EXPECTED, (lower, upper), strict=True):
            canvas.path(
                step_path(ahead, values), "s-completed", stroke_width=1.6 * weight,
                stroke_dasharray=f"{5 * weight:.3g} {4 * weight:.3g}", data_measure=name, data_value=float(values[-1]),
            )  # fmt: skip


def _draw_both(canvas: Canvas, chart: Chart, plot: Plot, weight: float) -> None:
    """Draw the strokes of both below the lines of both; the strokes of one stand between those of the other."""
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


def filled(values: "pd.Series[float]") -> Values:
    """Return the values of a column, 0 where there is none."""
    filled: Values = np.nan_to_num(values.to_numpy(dtype=np.float64))
    return filled


def _leave_room(ends: list[End], size: float, room: float, ahead: float) -> float:
    """Return the margin right of the plot for the ends' words; 0 where the days ahead leave room in the plot."""
    words = max(widest([end.value for end in ends], size, bold=True), widest([end.name for end in ends], size))
    needed = words + 0.9 * size
    return max(0.8 * size, (needed - ahead * room) / (1 - ahead) if ahead < 1 else 0.0)


def _name_ends(canvas: Canvas, chart: Chart, plot: Plot, ends: list[End], size: float) -> None:
    """Draw a dot where each line ends, its value and name right of it, moved apart so that none covers another."""
    has_sides, last = bool(chart.sides), max((end.day for end in ends), default=plot.last)
    is_over = last >= min(chart.campaign["action_deadline_on"], plot.last)
    top = plot.y - 1.2 * size if is_over and not has_sides else plot.y  # before the deadline its label is in the way
    dots = [plot.at_share(end.share) for end in ends]
    # What ends before the last day has the other curve at its right.
    wished = [dot - (1.5 * LINE * size if end.day < last else 0) for end, dot in zip(ends, dots, strict=True)]
    places = spread(wished, [2.2 * LINE * size] * len(ends), top, plot.bottom)
    for end, dot, wish, place in zip(ends, dots, wished, places, strict=True):
        x = plot.at_day(end.day)
        canvas.circle(x, dot, (0.26 if has_sides else 0.24) * size, f"f-{end.role}")
        text_x, ink = x + 0.7 * size, "text" if has_sides else end.role
        if abs(place - wish) > LINE * size:
            canvas.path(f"M{x + 0.3 * size:.1f} {wish:.1f}L{text_x - 0.1 * size:.1f} {place:.1f}", "s-axis")
        baseline = place - LINE * size / 2 + BASELINE * size
        words = [(end.value, "b halo"), (end.name, "halo")]
        for number, (text, look) in enumerate(words[::-1] if end.line == "at_most" else words):  # "Up to 61%"
            canvas.text(text_x, baseline + number * LINE * size, text, f"f-{ink} {look} s-paper", size)


def _draw_waves(canvas: Canvas, chart: Chart, plot: Plot, top: float, size: float) -> float:
    """Draw the waves of the survey below the axis, a bar each over its days, with as many names as have room."""
    middle = top + WAVES * size / 2
    canvas_bottom = top + WAVES * size
    bars = [(plot.at_day(max(wave.first_on, plot.first)), plot.at_day(wave.last_on)) for wave in chart.waves]
    name_spans: list[tuple[float, float]] = []
    for (start, end), wave in zip(bars, chart.waves, strict=True):
        canvas.rect(start, middle - 0.18 * size, max(end - start, 0.3 * size), 0.36 * size, "f-muted")
        name = chart.words[f"wave_{wave.name}"]
        gap, wide = 0.4 * size, width(name, size)
        for left, anchor in ((end + gap, _START), (start - gap - wide, _END)):
            span = (left, left + wide)
            if plot.x <= left and span[1] <= plot.x + plot.width + size and _is_free(span, [*bars, *name_spans]):
                x = left if anchor == _START else start - gap
                canvas.text(x, middle + BASELINE * size, name, "f-muted", size, anchor)
                name_spans.append(span)
                break
    title = chart.words["waves"]
    if _is_free((plot.x, plot.x + width(title, size) + 0.4 * size), [*bars, *name_spans]):
        canvas.text(plot.x, middle + BASELINE * size, title, "f-muted", size)
    return canvas_bottom


_START: Anchor = "start"
_END: Anchor = "end"


def _is_free(span: tuple[float, float], spans: list[tuple[float, float]]) -> bool:
    return all(span[1] < start or end < span[0] for start, end in spans)


def _mark_deadline(canvas: Canvas, chart: Chart, plot: Plot, size: float, *, is_dated: bool = True) -> None:
    """Draw a dotted line at the deadline, if it is in view, with its words above; `is_dated`: its day among them."""
    deadline = chart.campaign["action_deadline_on"]
    if not plot.first <= deadline <= plot.last:
        return
    x = plot.at_day(deadline)
    canvas.line(x, plot.y - 0.3 * size, x, plot.bottom, "s-muted", stroke_dasharray="1.5 3")
    text = chart.words["deadline" if is_dated else "deadline_name"]
    fits_left = x - plot.x > width(text, size)
    canvas.text(x, plot.y - 0.6 * size, text, "f-muted", size, "end" if fits_left else "start")


def mark_unknown_days(canvas: Canvas, chart: Chart, plot: Plot, size: float) -> None:
    """Shade the days of the selection that have no data yet, and label them where there is room."""
    last_known, day = (
        max(total) for total in zip(*((chart.last_known(one), one.day) for one in chart.totals), strict=True)
    )
    if day <= last_known:
        return
    start, end = plot.at_day(last_known), plot.at_day(day)
    canvas.rect(start, plot.y, end - start, plot.height, "f-empty")
    lines = wrap(chart.words["not_yet_known"], end - start - size, size, 4)
    if widest(lines, size) <= end - start - size and not lines[-1].endswith(ELLIPSIS):
        top = plot.bottom - (len(lines) * LINE + 0.4) * size
        for number, line in enumerate(lines):
            canvas.text(
                (start + end) / 2, top + (number + BASELINE + 0.5) * LINE * size, line, "f-muted", size, "middle"
            )


def _explain_band(canvas: Canvas, chart: Chart, plot: Plot, size: float) -> None:
    """Label the band inside it, where it has room beside the line of the time elapsed."""
    wrapped = (wrap(chart.words["possible"], plot.width * share, size, 4) for share in (0.3, 0.4, 0.5))
    lines = next((lines for lines in wrapped if " ".join(lines) == chart.words["possible"]), None)  # no word is cut
    if lines is None:
        return
    needed = widest(lines, size) + 1.2 * size
    high = len(lines) * LINE * size + 0.8 * size
    frame = chart.frame
    lower, upper, elapsed = map(filled, encode_lines(chart)[:3])
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
            canvas.lines(
                x, min(ceiling + 0.4 * size + high / 2, (ceiling + floor) / 2), lines, "f-text halo s-paper", size
            )
            return


def _draw_spans(canvas: Canvas, chart: Chart, plot: Plot) -> None:
    """Draw invisible strips with the values of their last day as text at the pointer."""
    frame, total, spec, words = chart.frame, chart.total, chart.spec, name_words(chart)
    denominator = total.count(spec.denominator)
    length = -(-len(frame) // MOST_SPANS)
    ends = range((len(frame) - 1) % length, len(frame), length)
    before = (plot.first - chart.campaign["starts_on"]).days
    rows = frame.iloc[list(ends)]
    left = plot.x
    for number, completed, unknown in zip(ends, rows[spec.part].tolist(), rows[spec.unknown].tolist(), strict=True):
        day: date = plot.first + timedelta(days=number)
        elapsed = min(max(before + number + 1, 0), total.days_total)
        tip = "\n".join(
            [
                format_date(day, chart.lang),
                chart.pair(words["completed"], format_rate(completed, denominator, chart.lang)),
                chart.say_rate("at_most", completed + unknown, denominator),
                chart.pair(chart.words["elapsed"], format_percent(elapsed, total.days_total, chart.lang)),
            ]
        )
        right = plot.at_number(number)
        with canvas.group(tip, data_code=day.isoformat(), data_completed=completed, data_unknown=unknown):
            canvas.rect(left, plot.y, right - left, plot.height, "hit")
        left = right


def _draw_spans_of_both(canvas: Canvas, chart: Chart, plot: Plot) -> None:
    """Draw invisible strips with the values of both on their last day as text at the pointer."""
    days = (plot.last - plot.first).days
    counts = chart.frame.assign(day=chart.frame["on_date"].dt.date)[["day", "side", "completed", "unknown", "actions"]]
    counts_by_side = {(day, side): tuple(row) for day, side, *row in read_rows(counts)}
    step = -(-(days + 1) // SPANS_OF_BOTH)
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


def step_path(plot: Plot, values: Values) -> str:
    """Write a line that keeps each day's value until the next change; `values` has one share of 1 a day."""
    changes = np.flatnonzero(np.diff(values)) + 1
    steps = [(plot.at_number(int(day)), plot.at_share(values[day])) for day in changes]
    start = (plot.x, plot.at_share(values[0]))
    return f"M{short(start[0])} {short(start[1])}{_steps(start, steps)}H{short(plot.at_number(len(values) - 1))}"


def band_path(plot: Plot, lower: Values, upper: Values) -> str:
    """Write the area between two stepped lines of the same days."""
    changes = np.flatnonzero(np.diff(lower)) + 1
    end = plot.at_number(len(lower) - 1)
    back = [(plot.at_number(int(day)), plot.at_share(lower[day - 1])) for day in changes[::-1]]
    start = (end, plot.at_share(lower[-1]))
    return f"{step_path(plot, upper)}V{short(start[1])}{_steps(start, back)}H{short(plot.x)}Z"


def stroke_path(plot: Plot, lower: Values, upper: Values, gap: float) -> str:
    """Write upright strokes from one stepped line to another of the same days, `gap` pixels apart."""
    end = plot.at_number(len(lower) - 1)
    parts = []
    for x in np.arange(plot.x + gap / 2, end, gap).tolist():
        day = min(int((x - plot.x) / plot.width * max((plot.last - plot.first).days, 1)), len(lower) - 1)
        low, high = plot.at_share(float(lower[day])), plot.at_share(float(upper[day]))
        if low - high > 1:
            parts.append(f"M{short(x)} {short(low)}V{short(high)}")
    return "".join(parts)


def _steps(start: tuple[float, float], corners: list[tuple[float, float]]) -> str:
    """Write steps from corner to corner, each relative to the one before: half as long as in whole coordinates.

    They are counted in tenths of a pixel, so that nothing adds up.
    """
    x, y = (round(10 * number) for number in start)
    parts = []
    for corner in corners:
        right, down = (round(10 * number) for number in corner)
        parts.append(f"h{short((right - x) / 10)}v{short((down - y) / 10)}")
        x, y = right, down
    return re.sub(r"(?<!\d)0\.", ".", "".join(parts))


def slope_path(plot: Plot, values: Values) -> str:
    """Write a straight line through values that grow evenly, bent only where their growth changes."""
    growth = np.diff(values)
    bends = np.flatnonzero(np.abs(np.diff(growth)) > 1e-9) + 1 if len(values) > 2 else np.array([], dtype=np.intp)
    days = [0, *bends.tolist(), len(values) - 1]
    points = [f"{short(plot.at_number(day))} {short(plot.at_share(values[day]))}" for day in days]
    return "M" + "L".join(points)


def draw_share_axis(
    canvas: Canvas, plot: Plot, size: float, lang: str, percents: tuple[int, ...], *, has_labels: bool = True
) -> None:
    """Draw level lines, and their percentages at the left of the plot."""
    for percent in percents:
        y = plot.at_share(percent / 100)
        canvas.line(plot.x, y, plot.x + plot.width, y, "s-axis" if percent == 0 else "s-grid")
        if has_labels:
            label = format_percent(percent, 100, lang)
            canvas.text(plot.x - 0.5 * size, y + BASELINE * size, label, "f-muted", size, "end")


def share_axis_width(size: float, lang: str) -> float:
    """Measure the percentages of `draw_share_axis` at the left of a plot."""
    return width(format_percent(1, 1, lang), size) + 0.5 * size


def draw_month_axis(canvas: Canvas, plot: Plot, size: float, lang: str, least: int = 1) -> float:
    """Draw a tick at every month, as many names as have room, the year under the first; return the lower end.

    Between two names are at least `least` months.
    """
    months = _months(plot.first, plot.last)
    names = [format_month(month, lang) for month in months]
    room = plot.width / max(len(months), 1)
    needed = max((width(name, size) for name in names), default=0) + 0.6 * size
    step = next((step for step in (1, 2, 3, 6) if step >= least and room * step >= needed), 12)
    for month, name in zip(months, names, strict=True):
        x = plot.at_day(month)
        is_named = (month.month - 1) % step == 0
        canvas.line(x, plot.bottom, x, plot.bottom + (0.4 if is_named else 0.25) * size, "s-axis")
        if not is_named or x + width(name, size) > plot.x + plot.width + 1.5 * size:
            continue
        canvas.text(x, plot.bottom + 1.35 * size, name, "f-muted", size)
        if month.month == 1 or month == months[0]:
            canvas.text(x, plot.bottom + 2.55 * size, str(month.year), "f-muted", size)
    return plot.bottom + 2.9 * size


def _months(first: date, last: date) -> list[date]:
    months = [date(year, month, 1) for year in range(first.year, last.year + 1) for month in range(1, 13)]
    return [month for month in months if first <= month <= last]


def spread(places: list[float], heights: list[float], top: float, bottom: float) -> list[float]:
    """Move the middles of boxes of these heights apart as little as needed, in order from the top.

    Args:
        places: The wished middles in pixels, ascending.
        heights: How high each box is.
        top: The highest y that a box may touch.
        bottom: The lowest.
    """
    moved: list[float] = []
    edge = top
    for place, height in zip(places, heights, strict=True):
        moved.append(max(place, edge + height / 2))
        edge = moved[-1] + height / 2
    edge = bottom
    for number in range(len(moved) - 1, -1, -1):
        moved[number] = min(moved[number], edge - heights[number] / 2)
        edge = moved[number] - heights[number] / 2
    return moved
