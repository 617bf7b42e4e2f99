"""Pictures of two selections side by side: for each member a bar of either, up to its upper bound, and the difference.

Where there is width, labels stand left of their bars and differences in a column at the right; on a narrow picture
above and below them.
"""

from dataclasses import dataclass
from typing import NamedTuple

from dashboard.charts.chart import Chart
from dashboard.charts.encoding import Bar, Bars, encode_bars, say_side
from dashboard.charts.sides import join_difference
from dashboard.charts.svg.bars import AXIS, GAP, NARROW, SHRINK, draw_percents
from dashboard.charts.svg.canvas import BASELINE, Box, Canvas, Datum, Sizes, draw_key, key_height
from dashboard.charts.svg.texts import LINE, widest, width, wrap
from dashboard.ground.codelist_codes import UNCLASSIFIED

BAR, BETWEEN = 1.05, 0.15
"""In font sizes: a bar, and the gap between a pair's."""
ROW_GAP, TIGHT_GAP = 0.9, 0.4
"""The gap between pairs, and that of the smallest font."""
LABEL_SHARE, DIFFERENCE_SHARE = 0.28, 0.17
MOST_LINES = 3


class _Pair(NamedTuple):
    """A member: the places of its sides' bars, and the difference of the two."""

    code: str
    label: str
    places: tuple[int, int]
    difference: tuple[str, ...]

    @property
    def is_told(self) -> bool:
        """Whether there is a difference to write."""
        return len(self.difference) > 1


@dataclass(frozen=True)
class _Plan:
    """Where pairs stand at a font size: their columns from left to right, and the height of each."""

    size: float
    is_above: bool
    labels: list[list[str]]
    differences: list[list[str]]
    bar_x: float
    bar_width: float
    values_right: float
    heights: list[float]


def draw_pairs(canvas: Canvas, chart: Chart, box: Box, sizes: Sizes) -> tuple[float, int]:
    """Draw the pairs of a chart; return the lower end in pixels, and how many members are drawn."""
    encoded = encode_bars(chart)
    pairs = _read_pairs(chart, encoded)
    key = key_height(encoded.key, box.width, sizes.small)
    draw_key(canvas, encoded.key, box, sizes.small)
    plan, drawn = _fit(encoded, pairs, box.below(key), sizes)
    top = box.y + key
    bottom = top + sum(plan.heights)
    small, has_lines = min(sizes.small, plan.size), not plan.is_above
    draw_percents(
        canvas, lambda one: plan.bar_x + plan.bar_width * one, (top, bottom), small, chart.lang, has_lines=has_lines
    )
    for place in range(drawn):
        _draw_pair(canvas, chart, encoded, pairs[place], plan, place, Box(box.x, top, box.width))
        top += plan.heights[place]
    return bottom + AXIS * small, drawn


def _read_pairs(chart: Chart, encoded: Bars) -> list[_Pair]:
    """Read the members: the first bar of each pair has the name."""
    differences = chart.write_differences(chart.drawn)
    return [
        _Pair(bar.code, bar.label, (2 * place, 2 * place + 1), difference)
        for place, (bar, difference) in enumerate(zip(encoded.bars[::2], differences, strict=True))
    ]


def _fit(encoded: Bars, pairs: list[_Pair], box: Box, sizes: Sizes) -> tuple[_Plan, int]:
    """Find the largest font with room for all pairs; with the smallest, as many as have room."""
    size = sizes.base
    while True:
        plan = _plan(encoded, pairs, box, size, TIGHT_GAP if size <= sizes.least < sizes.base else ROW_GAP)
        room = None if box.height is None else box.height - AXIS * min(sizes.small, size)
        if room is None or sum(plan.heights) <= room:
            return plan, len(pairs)
        if size <= sizes.least:
            fits = max(1, sum(sum(plan.heights[: place + 1]) <= room for place in range(len(pairs))))
            return _plan(encoded, pairs[:fits], box, size, TIGHT_GAP), fits
        size = max(size * SHRINK, sizes.least)


def _plan(encoded: Bars, pairs: list[_Pair], box: Box, size: float, gap: float) -> _Plan:
    both = (2 * BAR + BETWEEN) * size
    values = widest([bar.text for bar in encoded.bars[: 2 * len(pairs)]], size) + GAP * size
    if box.width / size < NARROW:
        labels = [wrap(pair.label, box.width, size, MOST_LINES) for pair in pairs]
        differences = [wrap(join_difference(pair.difference), box.width, size, 2) for pair in pairs]
        above = [len(lines) * LINE * size + 0.1 * size for lines in labels]
        heights = [
            head + both + len(lines) * LINE * size + gap * size for head, lines in zip(above, differences, strict=True)
        ]
        return _Plan(size, True, labels, differences, box.x, box.width - values, box.right, heights)
    names = min(box.width * LABEL_SHARE, widest([pair.label for pair in pairs], size)) + 1
    words = widest([join_difference(pair.difference) for pair in pairs], size)
    column = min(max(words, 5 * size), box.width * DIFFERENCE_SHARE)
    labels = [wrap(pair.label, names, size, MOST_LINES) for pair in pairs]
    differences = [_break(pair.difference, column, size) for pair in pairs]
    heights = [
        max(both, max(len(label), len(lines)) * LINE * 0.96 * size) + gap * size
        for label, lines in zip(labels, differences, strict=True)
    ]
    bar_x = box.x + names + GAP * size
    values_right = box.right - column - 1.2 * GAP * size
    return _Plan(size, False, labels, differences, bar_x, values_right - values - bar_x, values_right, heights)


def _break(difference: tuple[str, ...], room: float, size: float) -> list[str]:
    """Break a difference into lines, one where it has room."""
    joined = join_difference(difference)
    if width(joined, size) <= room:
        return [joined]
    return [line for text in difference for line in wrap(text, room, size, 2)]


def _draw_pair(canvas: Canvas, chart: Chart, encoded: Bars, pair: _Pair, plan: _Plan, place: int, box: Box) -> None:
    size, height = plan.size, plan.heights[place]
    label, difference = plan.labels[place], plan.differences[place]
    both = (2 * BAR + BETWEEN) * size
    halves = [encoded.bars[half] for half in pair.places]
    actions = max(bar.actions for bar in halves)
    with canvas.group(
        _write_tip(chart, halves, pair), "", data_mark=chart.mark(actions, pair.code), data_code=pair.code
    ):
        canvas.rect(box.x, box.y, box.width, height, "hit")
        role = "f-muted" if pair.code == UNCLASSIFIED else "f-text"
        if plan.is_above:
            top = box.y + len(label) * LINE * size + 0.1 * size
            canvas.lines(box.x, box.y + len(label) * LINE * size / 2, label, role, size, full_text=pair.label)
            role = "f-text" if pair.is_told else "f-muted"
            canvas.lines(box.x, top + both + (len(difference) * LINE / 2 + 0.1) * size, difference, role, size)
        else:
            middle = box.y + height / 2
            top = middle - both / 2
            canvas.lines(box.x, middle, label, role, size, full_text=pair.label)
            role = "f-text" if pair.is_told else "f-muted"
            canvas.lines(plan.values_right + 1.2 * GAP * size, middle, difference, role, size)
        for side, half in enumerate(pair.places):
            y = top + side * (BAR + BETWEEN) * size
            _draw_half(canvas, encoded, half, plan, (y, BAR * size), side)


def _draw_half(canvas: Canvas, encoded: Bars, place: int, plan: _Plan, span: tuple[float, float], side: int) -> None:
    """Draw one side's bar, and its value at the right."""
    bar, (first_part, *bound_parts), (top, thick) = encoded.bars[place], encoded.parts, span
    value, bound = bar.share(bar.part), bar.share(bar.most)
    with canvas.group(data_side=side, data_actions=bar.actions):
        if plan.is_above:
            canvas.rect(plan.bar_x, top, plan.bar_width, thick, "f-empty")
        start, end = (plan.bar_x + plan.bar_width * one for one in (value, bound))
        for bound_part in bound_parts if end - start > 1 else ():
            data: dict[str, Datum] = {"data_measure": bound_part.measure, "data_value": bound}
            role = f"f-{bound_part.roles[place]} s-{bound_part.edges[place]}"
            canvas.rect(start, top + 0.5, end - start - 0.5, thick - 1, role, **data)
        data = {"data_measure": "rate", "data_value": value, "data_n": bar.part}
        canvas.rect(plan.bar_x, top, start - plan.bar_x, thick, f"f-{first_part.roles[place]}", **data)
        baseline = top + thick / 2 + BASELINE * plan.size
        canvas.text(plan.values_right, baseline, bar.text, "f-muted" if bar.is_muted else "f-text", plan.size, "end")


def _write_tip(chart: Chart, halves: list[Bar], pair: _Pair) -> str:
    lines = [chart.pair(side.name, say_side(chart, bar)) for side, bar in zip(chart.sides, halves, strict=True)]
    return "\n".join([pair.label, *lines, chart.pair(chart.words["difference"], join_difference(pair.difference))])
