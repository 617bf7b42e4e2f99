"""Rows of bars: where each label, bar and value stands, at the largest font that has room.

Where there is width, labels stand beside their bars; on a narrow picture above them, so that a long name has the
whole width. A picture of a fixed height has a font as large as its rows allow, and fewer rows than there are members
if even the smallest has no room for all.
"""

from collections.abc import Callable
from dataclasses import dataclass

from dashboard.charts.svg.canvas import BASELINE, Anchor, Box, Canvas, Sizes
from dashboard.charts.svg.texts import LINE, widest, wrap
from dashboard.formats import format_percent

NARROW = 34
"""Below this width, in font sizes, labels stand above their bars."""

BAR = 1.3
TIGHT_BAR = 1.1
ROW_GAP = 0.65
TIGHT_GAP = 0.35
GAP = 0.8
AXIS = 1.9
MOST_LINES = 2
LABEL_SHARE = 0.36
MOST_STRETCH = 1.7
SHRINK = 0.95


_LABELLED: dict[int, Anchor] = {0: "start", 50: "middle", 100: "end"}


@dataclass(frozen=True)
class Rows:
    """Where the rows of a bar chart stand, in pixels.

    Attributes:
        size: The font size.
        labels: The lines of each row's label.
        tops: The top of each row, and the bottom of the last.
        bars: The middle of each row's bar.
        label_middles: The middle of each row's label.
        bar_x: Where all bars begin.
        bar_width: How long a bar of 100 % is.
        bar_height: How thick a bar is.
        is_above: Whether labels stand above their bars.
    """

    size: float
    small: float
    labels: list[list[str]]
    tops: list[float]
    bars: list[float]
    label_middles: list[float]
    x: float
    bar_x: float
    bar_width: float
    bar_height: float
    is_above: bool

    @property
    def bottom(self) -> float:
        """The lower end of the rows, above the axis' labels."""
        return self.tops[-1]

    def at(self, share: float) -> float:
        """The x of a share of 1."""
        return self.bar_x + share * self.bar_width


def plan_rows(labels: list[str], value_width: Callable[[float], float], box: Box, sizes: Sizes) -> Rows:
    """Place the rows of these labels in a box.

    Args:
        labels: The members' names, in order.
        value_width: How much room the values at the right need at a font size, in pixels.
        box: Where to draw; with a height, the axis' labels have room in it as well.
        sizes: The font sizes to choose from.
    """
    if box.height is None:
        return _place(labels, value_width, box, sizes.base, sizes.small, 1.0)
    size = sizes.base
    while True:
        gap = ROW_GAP if size > sizes.least else TIGHT_GAP
        small = min(sizes.small, size)
        rows = _place(labels, value_width, box, size, small, 1.0, gap)
        needed = rows.bottom - box.y
        room = box.height - AXIS * small
        if needed <= room:
            return _place(labels, value_width, box, size, small, min(room / needed, MOST_STRETCH), gap)
        if size <= sizes.least:
            fits = max(1, sum(bottom - box.y <= room for bottom in rows.tops[1:]))
            return _place(labels[:fits], value_width, box, size, small, 1.0, gap)
        size = max(size * SHRINK, sizes.least)


def _place(
    labels: list[str],
    value_width: Callable[[float], float],
    box: Box,
    size: float,
    small: float,
    stretch: float,
    gap: float = ROW_GAP,
) -> Rows:
    values = value_width(size)
    if box.width / size < NARROW:
        room = box.width - values - GAP * size
        lines = [wrap(label, room, size, MOST_LINES) for label in labels]
        return _above(lines, box, size, small, stretch)
    most = min(box.width * LABEL_SHARE, widest(labels, size)) + 1
    lines = [wrap(label, most, size, MOST_LINES) for label in labels]
    name_width = max(widest(row, size) for row in lines)
    bar_x = box.x + name_width + GAP * size
    bar_width = box.width - name_width - values - 2 * GAP * size
    heights = [(max(BAR, len(row) * LINE * 0.94) + gap) * size * stretch for row in lines]
    tops = _add_up(box.y, heights)
    middles = [top + height / 2 for top, height in zip(tops, heights, strict=False)]
    thick = (TIGHT_BAR if gap < ROW_GAP else BAR) * size * stretch
    return Rows(size, small, lines, tops, middles, middles, box.x, bar_x, bar_width, thick, is_above=False)


def _above(lines: list[list[str]], box: Box, size: float, small: float, stretch: float) -> Rows:
    thick = 0.95 * size * stretch
    names = [len(row) * LINE * size for row in lines]
    heights = [name + (0.25 * size + 0.75 * size) * stretch + thick for name in names]
    tops = _add_up(box.y, heights)
    label_middles = [top + name / 2 for top, name in zip(tops, names, strict=False)]
    bars = [top + name + 0.25 * size * stretch + thick / 2 for top, name in zip(tops, names, strict=False)]
    return Rows(size, small, lines, tops, bars, label_middles, box.x, box.x, box.width, thick, is_above=True)


def _add_up(start: float, heights: list[float]) -> list[float]:
    tops = [start]
    for height in heights:
        tops.append(tops[-1] + height)
    return tops


def draw_percent_axis(canvas: Canvas, rows: Rows, lang: str) -> float:
    """Lines at the quarters and their labels below the rows; returns the axis' lower end.

    Where labels stand above their bars, a pale track behind each bar takes the place of the lines.
    """
    baseline = rows.bottom + (0.5 * AXIS + BASELINE) * rows.small
    for bar in rows.bars if rows.is_above else ():
        canvas.rect(rows.bar_x, bar - rows.bar_height / 2, rows.bar_width, rows.bar_height, "f-empty")
    for percent in () if rows.is_above else (0, 25, 50, 75, 100):
        x = rows.at(percent / 100)
        canvas.line(x, rows.tops[0], x, rows.bottom + 0.25 * rows.small, "s-axis" if percent == 0 else "s-grid")
    for percent, anchor in _LABELLED.items():
        canvas.text(rows.at(percent / 100), baseline, format_percent(percent, 100, lang), "f-muted", rows.small, anchor)
    return rows.bottom + AXIS * rows.small


def draw_label(canvas: Canvas, rows: Rows, place: int, whole: str = "") -> None:
    """Write the name of one row; the whole name is told where it had to be cut."""
    canvas.lines(rows.x, rows.label_middles[place], rows.labels[place], "f-text", rows.size, whole=whole)


def value_baseline(rows: Rows, place: int) -> float:
    """The baseline of one row's values: beside its bar, or in the first line of the label above it."""
    if not rows.is_above:
        return rows.bars[place] + BASELINE * rows.size
    return rows.tops[place] + (LINE / 2 + BASELINE) * rows.size
