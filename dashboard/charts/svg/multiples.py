"""Pictures of small multiples: the curve of every member on the same axes, each named, with n/N and its ends."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import date
from typing import NamedTuple

import pandas as pd

from dashboard.charts.chart import Chart, read_rows
from dashboard.charts.encoding import name_lines
from dashboard.charts.svg.canvas import BASELINE, Box, Canvas, Datum, Sizes, draw_key, key_height
from dashboard.charts.svg.curve import (
    Plot,
    draw_lines,
    draw_month_axis,
    draw_share_axis,
    mark_unknown_days,
    share_axis_width,
    spread,
)
from dashboard.charts.svg.texts import LINE, shorten, width, wrap
from dashboard.formats import format_counts, format_date, format_percent
from dashboard.ground.codelist_codes import UNCLASSIFIED
from dashboard.measures.definitions import FEW

NARROW = 520
PROPORTION = 0.62
MONTH_AXIS = 2.9
HEAD = 1.9
GAP = 1.1
SHAPE = 1.5
"""How much wider than high a panel is at best."""

LEAST_PROPORTION, LEAST_PLOT = 0.38, 4.5
SHRINK = 0.95
LEVELS = (0, 50, 100)
WEIGHT = 2 / 3
FADED = 0.5


class _Member(NamedTuple):
    """The member of a panel: its words and its totals on the last day."""

    code: str
    label: str
    actions: int
    completed: int
    unknown: int
    is_peer: bool = False

    @property
    def is_faded(self) -> bool:
        """Whether its curve is pale: a member with few actions, or not chosen."""
        return self.actions < FEW or self.is_peer


class _Grid(NamedTuple):
    """Where the panels stand: how many side by side, their size with their words, the room left of all, in pixels."""

    columns: int
    width: float
    height: float
    head: float
    left: float
    right: float
    size: float
    small: float


def draw_multiples(canvas: Canvas, chart: Chart, box: Box, sizes: Sizes) -> tuple[float, int]:
    """Draw a panel a member; return the lower end of all and how many there are."""
    chart = chart.shortened
    members = [
        _Member(*row) for row in read_rows(chart.blocks, _Member._fields if chart.wider_total else _Member._fields[:-1])
    ]
    entries = name_lines(chart)
    above = key_height(entries, box.width, sizes.small) + 0.3 * sizes.small
    draw_key(canvas, entries, box, sizes.small)
    below = box.below(above)
    grid = _place(chart, members, below, sizes)
    days = dict(list(chart.frame.groupby("code", sort=False)))
    for number, member in enumerate(members):
        row, column = divmod(number, grid.columns)
        x = below.x + grid.left + column * (grid.width + GAP * grid.size)
        panel = Box(x, below.y + row * (grid.height + GAP * grid.size), grid.width, grid.height)
        _draw_panel(canvas, chart, member, days[member.code], (panel, column == 0), grid)
    rows = -(-len(members) // grid.columns)
    return below.y + rows * (grid.height + GAP * grid.size) - GAP * grid.size, len(members)


def _place(chart: Chart, members: list[_Member], box: Box, sizes: Sizes) -> _Grid:
    """Find the grid with the largest font at which its plots are high enough, never beyond a fixed height."""
    if box.height is None:
        columns = min(2 if box.width < NARROW else 3, len(members))
        return _grid(chart, members, box, columns, (sizes.base - 1, sizes.small))
    columns = max(range(1, len(members) + 1), key=lambda c: _panel_size(c, len(members), box))
    size = sizes.base
    while True:
        grid = _grid(chart, members, box, columns, (size, min(sizes.small, size)))
        plot = grid.height - grid.head - MONTH_AXIS * grid.small
        if plot >= max(grid.width * LEAST_PROPORTION, LEAST_PLOT * size) or size * SHRINK < sizes.least:
            return grid
        size *= SHRINK


def _grid(chart: Chart, members: list[_Member], box: Box, columns: int, fonts: tuple[float, float]) -> _Grid:
    size, small = fonts
    gap = GAP * size
    left = share_axis_width(small, chart.lang)
    wide = (box.width - left - (columns - 1) * gap) / columns
    head = max(len(wrap(member.label, wide, size, 2, bold=True)) for member in members) * LINE * size + HEAD * small
    right = width(format_percent(1, 1, chart.lang), size, bold=True) + 0.3 * size
    plot = max((wide - right) * PROPORTION, 5 * size)
    if box.height is not None:
        rows = -(-len(members) // columns)
        plot = max((box.height - (rows - 1) * gap) / rows - head - MONTH_AXIS * small, 1)
    return _Grid(columns, wide, head + plot + MONTH_AXIS * small, head, left, right, size, small)


def _panel_size(columns: int, members: int, box: Box) -> float:
    """Find the width of a panel of the best shape, with so many side by side."""
    rows = -(-members // columns)
    return min(box.width / columns, (box.height or 0.0) / rows * SHAPE)


def _draw_panel(
    canvas: Canvas, chart: Chart, member: _Member, days: pd.DataFrame, place: tuple[Box, bool], grid: _Grid
) -> None:
    """Draw one panel in its box; the first of a row has the percentages of the row at its left."""
    panel, is_first = place
    first, last = days["on_date"].iloc[0].date(), max(chart.campaign["ends_on"], chart.total.day)
    height = grid.height - grid.head - MONTH_AXIS * grid.small
    plot = Plot(panel.x, panel.y + grid.head, panel.width - grid.right, height, first, last)
    data: dict[str, Datum] = {
        "data_code": member.code,
        "data_actions": member.actions,
        "data_completed": member.completed,
    }
    data |= {"data_mark": chart.mark(member.actions, member.code), "data_unknown": member.unknown}
    with canvas.group(_tip(chart, member), "", **data):
        _draw_head(canvas, chart, member, panel, grid)
        draw_share_axis(canvas, plot, grid.small, chart.lang, LEVELS, has_labels=is_first)
        draw_month_axis(canvas, plot, grid.small, chart.lang)
        _mark_deadline(canvas, plot, chart.campaign["action_deadline_on"])
        if member.actions:
            with canvas.group(opacity=FADED) if member.is_faded else nullcontext():
                mark_unknown_days(canvas, chart, plot, grid.small)
                draw_lines(canvas, replace(chart, frame=days), plot, WEIGHT * grid.size / 14)
            _write_ends(canvas, chart, member, plot, grid.size)
        canvas.rect(panel.x, panel.y, panel.width, grid.height, "hit")


def _draw_head(canvas: Canvas, chart: Chart, member: _Member, panel: Box, grid: _Grid) -> None:
    """Write the member's name and n/N, standing on the plot."""
    lines = wrap(member.label, panel.width, grid.size, 2, bold=True)
    bottom = panel.y + grid.head - HEAD * grid.small
    for number, line in enumerate(lines):
        y = bottom - (len(lines) - number - 0.5) * LINE * grid.size + BASELINE * grid.size
        is_quiet = member.is_peer or member.code == UNCLASSIFIED
        canvas.text(panel.x, y, line, "f-muted b" if is_quiet else "f-text b", grid.size)
    of = format_counts(member.completed, member.actions, chart.lang) if member.actions else chart.words["no_actions"]
    canvas.text(
        panel.x, bottom + (0.5 + BASELINE) * grid.small, shorten(of, panel.width, grid.small), "f-muted", grid.small
    )


def _mark_deadline(canvas: Canvas, plot: Plot, deadline: date) -> None:
    if plot.first <= deadline <= plot.last:
        x = plot.at_day(deadline)
        canvas.line(x, plot.y, x, plot.bottom, "s-muted", stroke_dasharray="1.5 3")


def _write_ends(canvas: Canvas, chart: Chart, member: _Member, plot: Plot, size: float) -> None:
    """Write the completion rate and the upper bound where their lines end; for few actions neither."""
    if member.actions < FEW:
        return
    possible = member.completed + member.unknown
    ends = [(possible, "f-muted")] if member.unknown else []
    ends.append((member.completed, "f-muted b" if member.is_peer else "f-completed b"))
    wished = [plot.at_share(n / member.actions) for n, _ in ends]
    places = spread(wished, [1.1 * size] * len(ends), plot.y - 0.6 * size, plot.bottom + 0.4 * size)
    x = plot.at_day(chart.last_known(chart.total)) + 0.3 * size
    for (n, role), y in zip(ends, places, strict=True):
        text = format_percent(n, member.actions, chart.lang)
        canvas.text(x, y + BASELINE * size, text, f"{role} halo s-paper", size)


def _tip(chart: Chart, member: _Member) -> str:
    if not member.actions:
        return chart.pair(member.label, chart.words["no_actions"])
    possible = member.completed + member.unknown
    elapsed = format_percent(chart.total.day_number, chart.total.days_total, chart.lang)
    return "\n".join(
        [
            f"{member.label} · {format_date(chart.total.day, chart.lang)}",
            chart.say_rate("completed", member.completed, member.actions),
            chart.say_rate("at_most", possible, member.actions),
            chart.pair(chart.words["elapsed"], elapsed),
        ]
    )
