"""Pictures of a grid: a table of rates, shaded by rate, n/N in each cell."""

from contextlib import nullcontext
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from dashboard.charts.chart import Chart, read_rows
from dashboard.charts.colours import SHADES
from dashboard.charts.encoding import shade_cell
from dashboard.charts.svg.canvas import BASELINE, Box, Canvas, Datum, Sizes, short
from dashboard.charts.svg.texts import ELLIPSIS, LINE, clean, widest, width, wrap
from dashboard.formats import format_counts, format_percent, format_points
from dashboard.ground.codelist_codes import UNCLASSIFIED
from dashboard.measures.definitions import FEW

LABEL_SHARE = 0.3
NARROW = 34
CELL_GAP = 2
HEAD_SIZES = (1.0, 0.92, 0.85)
SHRINK = 0.94
MOST_STRETCH = 1.5
HEAD_LINES = 3
TURNED_LENGTH = 9


class _Cell(NamedTuple):
    code: str
    column_code: str
    label: str
    column_label: str
    part: int
    actions: int
    is_peer: bool = False


class _Head(NamedTuple):
    """The columns' names: their font size, their lines, their common height, whether they stand upright."""

    size: float
    lines: list[list[str]]
    height: float
    is_turned: bool


@dataclass(frozen=True)
class _Plan:
    """Where the table's parts stand, in pixels, at one font size."""

    size: float
    small: float
    x: float
    cell: float
    head: _Head
    labels: list[list[str]]
    label_height: float
    row: float
    is_above: bool

    @property
    def baseline(self) -> float:
        """Return the distance from a cell's upper edge to the first of two baselines."""
        return self.row / 2 - 0.14 * self.small

    @property
    def pitch(self) -> float:
        """Return the distance from one row to the next."""
        return self.label_height + self.row + CELL_GAP

    def height(self, rows: int) -> float:
        """Return the height of the head and of so many rows."""
        return self.head.height + rows * self.pitch


def draw_grid(canvas: Canvas, chart: Chart, box: Box, sizes: Sizes) -> tuple[float, int]:
    """Draw the table of a chart of two dimensions; return its lower end and how many rows are drawn."""
    chart = chart.shortened
    rows = dict.fromkeys(zip(chart.frame["code"], chart.frame["label"], strict=True))
    legend = 1.9 * sizes.small
    below = box.below(legend)
    plan, fits = _fit([label for _, label in rows], [label for _, label in chart.columns], below, sizes)
    _draw_legend(canvas, chart, box, sizes.small)
    _draw_heads(canvas, plan, below, [label for _, label in chart.columns])
    places = {code: number for number, (code, _) in enumerate(list(rows)[:fits])}
    columns = {code: number for number, (code, _) in enumerate(chart.columns)}
    tops = [below.y + plan.head.height + number * plan.pitch for number in range(fits)]
    quiet = _quiet_rows(chart)
    for top, lines, (code, label) in zip(tops, plan.labels, rows, strict=False):
        if code == UNCLASSIFIED and top > tops[0]:  # never ranked, and so set apart by a fine line
            canvas.line(below.x, top - CELL_GAP / 2, below.right, top - CELL_GAP / 2, "s-axis")
        role = "f-muted" if code in quiet else "f-text"
        canvas.lines(below.x, top + (plan.label_height or plan.row) / 2, lines, role, plan.size, full_text=label)
    counts = (chart.spec.part, chart.spec.denominator)
    flags = ["is_peer"] if chart.wider_total is not None else []
    cells = [_Cell(*row) for row in read_rows(chart.frame, (*_Cell._fields[:4], *counts, *flags))]
    cells = [cell for cell in cells if cell.code in places]
    style = _cell_style(plan, cells, chart.lang)
    spots = [
        (plan.x + columns[cell.column_code] * (plan.cell + CELL_GAP), tops[places[cell.code]] + plan.label_height)
        for cell in cells
    ]
    _draw_empty(canvas, plan, tops, len(columns), set(spots))
    # The cells of a row share these; their coordinates begin at the upper line's baseline.
    name = canvas.define_rect(Box(0, -plan.baseline, plan.cell, plan.row))
    with canvas.group(text_anchor="middle", font_size=short(style[1])):
        for code, row in groupby(cells, key=lambda cell: cell.code):
            top = tops[places[code]] + plan.label_height
            with canvas.moved(plan.x, top + plan.baseline, data_code=code):
                for cell in row:
                    _draw_cell(canvas, chart, cell, (name, columns[cell.column_code]), plan, style)
    return below.y + plan.height(fits), fits


def _fit(labels: list[str], columns: list[str], box: Box, sizes: Sizes) -> tuple[_Plan, int]:
    """Find the largest font at which the table has room, and how many rows it then shows."""
    size = sizes.base
    while True:
        is_tight = box.height is not None and size <= sizes.least
        plan = _plan(labels, columns, box, size, min(sizes.small, size), 1.0, is_tight)
        if box.height is None:
            return plan, len(labels)
        spare = box.height - plan.height(len(labels))
        if spare >= 0:
            stretch = min(1 + spare / (len(labels) * plan.row), MOST_STRETCH)
            return _plan(labels, columns, box, size, plan.small, stretch, is_tight), len(labels)
        if size <= sizes.least:
            return plan, max(1, int((box.height - plan.head.height) / plan.pitch))
        size = max(size * SHRINK, sizes.least)


def _plan(
    labels: list[str], columns: list[str], box: Box, size: float, small: float, stretch: float, is_tight: bool = False
) -> _Plan:
    """Place the parts; a tight table has one line a row, and no n/N below its rates."""
    is_above = box.width / size < NARROW
    room = box.width if is_above else min(widest(labels, size), box.width * LABEL_SHARE) + 1
    lines = [wrap(label, room, size, 1 if is_above or is_tight else 2) for label in labels]
    left = 0.0 if is_above else max(widest(row, size) for row in lines) + 0.8 * size
    cell = (box.width - left - (len(columns) - 1) * CELL_GAP) / len(columns)
    head = _plan_head(columns, cell, small)
    least_row = 1.0 if is_tight else 1.9 if is_above else max(2.0, max(len(row) for row in lines) * LINE)
    row = (least_row + 0.4) * size * stretch
    above = 1.6 * size if is_above else 0.0
    return _Plan(size, small, box.x + left, cell, head, lines, above, row, is_above)


def _plan_head(columns: list[str], cell: float, size: float) -> _Head:
    """Plan the columns' names: level, a little smaller if need be; upright where a word is wider than its column."""
    words = [word for column in columns for word in clean(column).split()]
    for scale in HEAD_SIZES:
        small = size * scale
        if widest(words, small) <= cell - 2:
            lines = [wrap(column, cell - 2, small, HEAD_LINES) for column in columns]
            return _Head(small, lines, max(len(head) for head in lines) * LINE * small + 0.5 * small, False)
    lines = [wrap(column, TURNED_LENGTH * size, size, 2) for column in columns]
    return _Head(size, lines, max(widest(head, size) for head in lines) + 0.6 * size, True)


def _draw_heads(canvas: Canvas, plan: _Plan, box: Box, names: list[str]) -> None:
    head = plan.head
    bottom = box.y + head.height - 0.4 * head.size
    for column, lines in enumerate(head.lines):
        middle = plan.x + column * (plan.cell + CELL_GAP) + plan.cell / 2
        is_cut = lines[-1].endswith(ELLIPSIS)
        with canvas.group(names[column]) if is_cut else nullcontext():
            for number, line in enumerate(lines):
                if head.is_turned:
                    offset = ((number - (len(lines) - 1) / 2) * LINE + BASELINE) * head.size
                    canvas.text(middle + offset, bottom, line, "f-muted", head.size, turned=True)
                else:
                    y = bottom - (len(lines) - 1 - number) * LINE * head.size
                    canvas.text(middle, y, line, "f-muted", head.size, "middle")


def _cell_style(plan: _Plan, cells: list[_Cell], lang: str) -> tuple[bool, float]:
    """Choose whether cells have room for n/N below the rate, and the font size of n/N."""
    small = plan.small
    longest = widest([format_counts(cell.part, cell.actions, lang) for cell in cells], small)
    return longest <= plan.cell - 4 and plan.row >= 2.3 * small, small


def _draw_empty(
    canvas: Canvas, plan: _Plan, tops: list[float], columns: int, filled_corners: set[tuple[float, float]]
) -> None:
    """Draw the cells of pairs without an action, as one path."""
    xs = [plan.x + column * (plan.cell + CELL_GAP) for column in range(columns)]
    corners = [(x, top + plan.label_height) for top in tops for x in xs]
    cell = f"h{short(plan.cell)}v{short(plan.row)}h{short(-plan.cell)}z"
    if parts := [f"M{short(x)} {short(y)}{cell}" for x, y in corners if (x, y) not in filled_corners]:
        canvas.path("".join(parts), "f-empty")


def _draw_cell(
    canvas: Canvas, chart: Chart, cell: _Cell, spot: tuple[str, int], plan: _Plan, style: tuple[bool, float]
) -> None:
    """Draw a cell into its row: `spot` holds the name of its rectangle and the column's number."""
    name, column = spot
    has_counts, small = style
    is_few = cell.actions < FEW
    role, ink = shade_cell(chart, cell.part, cell.actions, is_peer=cell.is_peer)
    of = format_counts(cell.part, cell.actions, chart.lang)
    tip = f"{cell.label} · {cell.column_label}\n{chart.say_value(chart.spec.part, cell.part, cell.actions)}"
    mark = chart.mark(cell.actions, cell.code, **{chart.spec.second: cell.column_code})
    data: dict[str, Datum] = {"data_column": cell.column_code, "data_n": cell.part, "data_of": cell.actions}
    x = column * (plan.cell + CELL_GAP)
    middle, centre = x + plan.cell / 2, plan.row / 2 - plan.baseline
    with canvas.group(tip, f"f-{ink}", data_mark=mark, **data):
        canvas.use(name, x, f"f-{role}")
        rate = chart.write_value(cell.part, cell.actions)
        if is_few or not has_counts:
            canvas.bare_text(middle, centre + BASELINE * small, of if is_few else rate)
            return
        canvas.bare_text(middle, 0, rate, "b")
        canvas.bare_text(middle, centre + 0.98 * small, of)


def _quiet_rows(chart: Chart) -> set[str]:
    """List the rows whose names are grey: not classified yet, or of peers alone."""
    if chart.wider_total is None:
        return {UNCLASSIFIED}
    chosen = set(chart.frame.loc[~chart.frame["is_peer"], "code"])
    return {UNCLASSIFIED} | (set(chart.frame["code"]) - chosen)


def _draw_legend(canvas: Canvas, chart: Chart, box: Box, size: float) -> None:
    """Draw the shades from 0 to 100 % at the right, with their measure's name; narrower where that needs room."""
    lang, is_pace = chart.lang, chart.spec.is_pace
    low, high = format_percent(0, 1, lang), format_percent(1, 1, lang)
    if is_pace:
        low, high = format_points(-1, lang), format_points(1, lang)
    baseline = box.y + (LINE / 2 + BASELINE) * size
    x = box.right - width(high, size)
    canvas.text(x, baseline, high, "f-muted", size)
    measure = chart.words["pace_points" if is_pace else chart.spec.rate]
    room = x - box.x - 2 * size - width(low, size) - width(measure, size) - 1
    step = max(min(1.1 * size, room / SHADES), 0.4 * size)
    x -= 0.5 * size + SHADES * step
    for shade in range(SHADES):
        canvas.rect(
            x + shade * step, box.y + 0.2 * size, step, 0.9 * size, f"f-{'pace' if is_pace else 'shade'}_{shade}"
        )
    canvas.text(x - 0.5 * size, baseline, low, "f-muted", size, "end")
    x -= size + width(low, size)
    name = wrap(measure, max(x - box.x, size), size, 1)[0]
    canvas.text(x, baseline, name, "f-muted", size, "end")
