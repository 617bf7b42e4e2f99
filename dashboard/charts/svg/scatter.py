"""Pictures of a scatter: a dot a country, its completion rate upwards, a published figure to the right.

A line above each dot reaches what the rate could be. No line is drawn through the dots.
"""

from typing import NamedTuple

from dashboard.charts.chart import Chart
from dashboard.charts.encoding import Dot, encode_scatter
from dashboard.charts.svg.canvas import BASELINE, Box, Canvas, Sizes, draw_key, key_height
from dashboard.charts.svg.curve import Plot, draw_share_axis, share_axis_width
from dashboard.charts.svg.texts import LINE, width, wrap

PROPORTION, NARROW_PROPORTION, NARROW = 0.56, 1.05, 520
LARGEST_DOT, LEAST_DOT = 0.62, 0.35
"""The radius of the country with the most actions, in font sizes; the least one, as a share of that."""
HIT = 9.0
"""The radius within which a dot is hit, in pixels."""
CAPTION_LINES = 2
_PERCENTS = (0, 25, 50, 75, 100)


def draw_scatter(canvas: Canvas, chart: Chart, box: Box, sizes: Sizes) -> tuple[float, int]:
    """Draw a chart of kind `scatter`; return its lower end and how many countries there are."""
    scatter, small = encode_scatter(chart), sizes.small
    key = key_height(scatter.key, box.width, small)
    draw_key(canvas, scatter.key, box, small)
    names = [chart.write_beside(tick) for tick in scatter.ticks]
    caption = wrap(scatter.across, box.width, small, CAPTION_LINES)
    radius = LARGEST_DOT * sizes.base
    left, right = share_axis_width(small, chart.lang) + radius, max(radius, width(names[-1], small) / 2)
    top, below = key + 2.4 * small, (1.9 + len(caption) * LINE) * small
    usual = box.width * (NARROW_PROPORTION if box.width < NARROW else PROPORTION) + key
    day = chart.total.day  # the axis below has figures, not days
    plot = Plot(box.x + left, box.y + top, box.width - left - right, (box.height or usual) - top - below, day, day)
    canvas.text(box.x, plot.y - 1.1 * small, chart.words["completion_rate"], "f-muted", small)
    wider = plot._replace(x=plot.x - radius, width=plot.width + radius + right)
    draw_share_axis(canvas, wider, small, chart.lang, _PERCENTS)
    places = [_place(dot, plot, scatter.ticks[-1], radius) for dot in scatter.dots]
    for tick, name in zip(scatter.ticks, names, strict=True):
        x = plot.x + plot.width * tick / scatter.ticks[-1]
        canvas.line(x, plot.bottom, x, plot.bottom + 0.4 * small, "s-axis")
        canvas.text(x, plot.bottom + 1.5 * small, name, "f-muted", small, "middle")
    for number, line in enumerate(caption):
        y = plot.bottom + (1.9 + (number + 0.5) * LINE + BASELINE) * small
        canvas.text(plot.x + plot.width / 2, y, line, "f-muted", small, "middle")
    for place in reversed(places):  # those of many actions lie above
        _draw_dot(canvas, chart, place, plot)
    occupied = [Box(one.x - one.radius, one.y - one.radius, 2 * one.radius, 2 * one.radius) for one in places]
    for place in places:
        _name_dot(canvas, place, small, box.right, occupied)
    return plot.bottom + below, len(places)


class _Place(NamedTuple):
    """Where a dot stands, in pixels."""

    dot: Dot
    x: float
    y: float
    radius: float


def _place(dot: Dot, plot: Plot, end: float, largest: float) -> _Place:
    radius = max(largest * dot.size, LEAST_DOT * largest)
    return _Place(dot, plot.x + plot.width * dot.value / end, plot.at_share(dot.share), radius)


def _draw_dot(canvas: Canvas, chart: Chart, place: _Place, plot: Plot) -> None:
    dot, x, y, radius = place
    mark = chart.mark(dot.actions, dot.code)
    with canvas.group(dot.tip, data_mark=mark, data_code=dot.code, data_actions=dot.actions):
        if dot.most > dot.share:
            canvas.line(x, y, x, plot.at_share(dot.most), "s-possible_edge", stroke_width=1.5)
        canvas.circle(x, y, radius, f"f-{dot.role} s-paper")
        canvas.circle(x, y, max(radius, HIT), "hit")


def _name_dot(canvas: Canvas, place: _Place, size: float, right: float, occupied: list[Box]) -> None:
    """Write a country's code beside its dot, where it covers no other dot or code."""
    room = Box(place.x + place.radius + 0.2 * size, place.y - size / 2, width(place.dot.code, size), size)
    if room.right > right or any(_do_touch(room, one) for one in occupied):
        return
    occupied.append(room)
    role = "f-text" if place.dot.role == "completed" else "f-muted"
    canvas.text(room.x, place.y + BASELINE * size, place.dot.code, f"{role} halo s-paper", size)


def _do_touch(room: Box, box: Box) -> bool:
    is_beside = room.right < box.x or box.right < room.x
    return not is_beside and room.y < box.y + (box.height or 0) and box.y < room.y + (room.height or 0)
