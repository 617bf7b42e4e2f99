"""A plot of shares against days: its scales, the axes, stepped lines and bands; a curve or one of many small ones."""

import re
from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dashboard.charts.svg.canvas import BASELINE, Canvas, short
from dashboard.charts.svg.texts import width
from dashboard.formats import format_month, format_percent

Values = npt.NDArray[np.float64]


class Plot(NamedTuple):
    """The rectangle of the marks, in pixels, and the days at its left and right edge; from 0 to 100 % in height."""

    x: float
    y: float
    width: float
    height: float
    first: date
    last: date

    @property
    def bottom(self) -> float:
        """The line of 0 %."""
        return self.y + self.height

    def at_day(self, day: date) -> float:
        """The x of a day."""
        return self.at_number((day - self.first).days)

    def at_number(self, number: float) -> float:
        """The x of the day so many days after the first."""
        return self.x + self.width * number / max((self.last - self.first).days, 1)

    def at_share(self, share: float) -> float:
        """The y of a share of 1."""
        return self.bottom - self.height * share


def step_path(plot: Plot, values: Values) -> str:
    """A line that keeps each day's value until the next change; `values` has one share of 1 a day."""
    changes = np.flatnonzero(np.diff(values)) + 1
    steps = [(plot.at_number(int(day)), plot.at_share(values[day])) for day in changes]
    begun = (plot.x, plot.at_share(values[0]))
    return f"M{short(begun[0])} {short(begun[1])}{_steps(begun, steps)}H{short(plot.at_number(len(values) - 1))}"


def band_path(plot: Plot, lower: Values, upper: Values) -> str:
    """The area between two stepped lines of the same days."""
    changes = np.flatnonzero(np.diff(lower)) + 1
    end = plot.at_number(len(lower) - 1)
    back = [(plot.at_number(int(day)), plot.at_share(lower[day - 1])) for day in changes[::-1]]
    begun = (end, plot.at_share(lower[-1]))
    return f"{step_path(plot, upper)}V{short(begun[1])}{_steps(begun, back)}H{short(plot.x)}Z"


def _steps(begun: tuple[float, float], corners: list[tuple[float, float]]) -> str:
    """Steps from corner to corner, each told from the one before: half as long as in whole coordinates.

    They are counted in tenths of a pixel, so that nothing adds up.
    """
    x, y = (round(10 * number) for number in begun)
    parts = []
    for corner in corners:
        right, down = (round(10 * number) for number in corner)
        parts.append(f"h{short((right - x) / 10)}v{short((down - y) / 10)}")
        x, y = right, down
    return re.sub(r"(?<!\d)0\.", ".", "".join(parts))


def slope_path(plot: Plot, values: Values) -> str:
    """A straight line through values that grow evenly, bent only where their growth changes."""
    growth = np.diff(values)
    bends = np.flatnonzero(np.abs(np.diff(growth)) > 1e-9) + 1 if len(values) > 2 else np.array([], dtype=np.intp)
    days = [0, *bends.tolist(), len(values) - 1]
    points = [f"{short(plot.at_number(day))} {short(plot.at_share(values[day]))}" for day in days]
    return "M" + "L".join(points)


def draw_share_axis(canvas: Canvas, plot: Plot, size: float, lang: str, percents: tuple[int, ...]) -> None:
    """Level lines, and their percentages at the left of the plot."""
    for percent in percents:
        y = plot.at_share(percent / 100)
        canvas.line(plot.x, y, plot.x + plot.width, y, "s-axis" if percent == 0 else "s-grid")
        label = format_percent(percent, 100, lang)
        canvas.text(plot.x - 0.5 * size, y + BASELINE * size, label, "f-muted", size, "end")


def share_axis_width(size: float, lang: str) -> float:
    """How much room the percentages of `draw_share_axis` take at the left of a plot."""
    return width(format_percent(1, 1, lang), size) + 0.5 * size


def draw_month_axis(canvas: Canvas, plot: Plot, size: float, lang: str) -> float:
    """A tick at every month, as many names as have room, the year under the first; returns the lower end."""
    months = _months(plot.first, plot.last)
    names = [format_month(month, lang) for month in months]
    room = plot.width / max(len(months), 1)
    needed = max((width(name, size) for name in names), default=0) + 0.6 * size
    step = next((step for step in (1, 2, 3, 6) if room * step >= needed), 12)
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
    """The middles of boxes of these heights, moved apart as little as needed, in order from the top.

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
