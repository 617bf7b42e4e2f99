"""Pictures of a grid: a table of rates, shaded by rate, n/N in each cell."""

from dataclasses import dataclass
from typing import NamedTuple

from dashboard.charts import Chart
from dashboard.definitions import FEW
from dashboard.formats import format_percent
from dashboard.pictures.canvas import BASELINE, Box, Canvas, Sizes, short
from dashboard.pictures.marks import counts, pair, rate_of, share
from dashboard.pictures.styles import SHADES
from dashboard.pictures.texts import LINE, clean, widest, width, wrap

LABEL_SHARE = 0.3
NARROW = 34
CELL_GAP = 2
SHRINK = 0.94
MOST_STRETCH = 1.5
HEAD_LINES = 3
TURNED_LENGTH = 9


class _Cell(NamedTuple):
    code: str
    column_code: str
    label: str
    column_label: str
    completed: int
    actions: int


@dataclass(frozen=True)
class _Plan:
    """Where the table's parts stand, in pixels, at one font size."""

    size: float
    small: float
    x: float
    cell: float
    heads: list[list[str]]
    is_turned: bool
    head_height: float
    labels: list[list[str]]
    label_height: float
    row: float
    is_above: bool

    @property
    def pitch(self) -> float:
        """From one row to the next."""
        return self.label_height + self.row + CELL_GAP

    def height(self, rows: int) -> float:
        """The height of the head and of so many rows."""
        return self.head_height + rows * self.pitch


def draw_grid(canvas: Canvas, chart: Chart, box: Box, sizes: Sizes) -> tuple[float, int]:
    """Draw the table of a chart of two dimensions; returns its lower end and how many rows are drawn."""
    rows = dict.fromkeys(zip(chart.frame["code"], chart.frame["label"], strict=True))
    legend = 1.9 * sizes.small
    below = Box(box.x, box.y + legend, box.width, None if box.height is None else box.height - legend)
    plan, fits = _fit([label for _, label in rows], [label for _, label in chart.columns], below, sizes)
    _draw_legend(canvas, chart, box, sizes.small)
    _draw_heads(canvas, plan, below)
    places = {code: number for number, (code, _) in enumerate(list(rows)[:fits])}
    columns = {code: number for number, (code, _) in enumerate(chart.columns)}
    tops = [below.y + plan.head_height + number * plan.pitch for number in range(fits)]
    for top, lines in zip(tops, plan.labels, strict=False):
        canvas.lines(below.x, top + (plan.label_height or plan.row) / 2, lines, "f-text", plan.size)
    cells = [_Cell(*row) for row in chart.frame[list(_Cell._fields)].itertuples(index=False, name=None)]
    cells = [cell for cell in cells if cell.code in places]
    style = _cell_style(plan, cells, chart.lang)
    spots = [
        (plan.x + columns[cell.column_code] * (plan.cell + CELL_GAP), tops[places[cell.code]] + plan.label_height)
        for cell in cells
    ]
    _draw_empty(canvas, plan, tops, len(columns), set(spots))
    with canvas.group(text_anchor="middle", font_size=short(style[1])):
        for cell, spot in zip(cells, spots, strict=True):
            _draw_cell(canvas, chart, cell, spot, plan, style)
    return below.y + plan.height(fits), fits


def _fit(labels: list[str], columns: list[str], box: Box, sizes: Sizes) -> tuple[_Plan, int]:
    """The largest font at which the table has room, and how many rows it then shows."""
    size = sizes.base
    while True:
        plan = _plan(labels, columns, box, size, min(sizes.small, size), 1.0)
        if box.height is None:
            return plan, len(labels)
        spare = box.height - plan.height(len(labels))
        if spare >= 0:
            stretch = min(1 + spare / (len(labels) * plan.row), MOST_STRETCH)
            return _plan(labels, columns, box, size, plan.small, stretch), len(labels)
        if size * SHRINK < sizes.least:
            return plan, max(1, int((box.height - plan.head_height) / plan.pitch))
        size *= SHRINK


def _plan(labels: list[str], columns: list[str], box: Box, size: float, small: float, stretch: float) -> _Plan:
    is_above = box.width / size < NARROW
    room = box.width if is_above else min(widest(labels, size), box.width * LABEL_SHARE) + 1
    lines = [wrap(label, room, size, 1 if is_above else 2) for label in labels]
    left = 0.0 if is_above else max(widest(row, size) for row in lines) + 0.8 * size
    cell = (box.width - left - (len(columns) - 1) * CELL_GAP) / len(columns)
    longest = widest([word for column in columns for word in clean(column).split()], small)
    is_turned = longest > cell - 2
    if is_turned:
        heads = [wrap(column, TURNED_LENGTH * small, small, 2) for column in columns]
        head_height = max(widest(head, small) for head in heads) + 0.6 * small
    else:
        heads = [wrap(column, cell - 2, small, HEAD_LINES) for column in columns]
        head_height = max(len(head) for head in heads) * LINE * small + 0.5 * small
    row = (1.9 if is_above else max(2.0, max(len(row) for row in lines) * LINE)) * size + 0.4 * size
    above = 1.6 * size if is_above else 0.0
    return _Plan(size, small, box.x + left, cell, heads, is_turned, head_height, lines, above, row * stretch, is_above)


def _draw_heads(canvas: Canvas, plan: _Plan, box: Box) -> None:
    bottom = box.y + plan.head_height - 0.4 * plan.small
    for column, lines in enumerate(plan.heads):
        middle = plan.x + column * (plan.cell + CELL_GAP) + plan.cell / 2
        for number, line in enumerate(lines):
            if plan.is_turned:
                offset = (number - (len(lines) - 1) / 2) * LINE * plan.small + BASELINE * plan.small
                canvas.text(middle + offset, bottom, line, "f-muted", plan.small, turned=True)
            else:
                y = bottom - (len(lines) - 1 - number) * LINE * plan.small
                canvas.text(middle, y, line, "f-muted", plan.small, "middle")


def _cell_style(plan: _Plan, cells: list[_Cell], lang: str) -> tuple[bool, float]:
    """Whether cells have room for n/N below the rate, and the font size of n/N."""
    small = plan.small
    longest = widest([counts(cell.completed, cell.actions, lang) for cell in cells], small)
    return longest <= plan.cell - 4 and plan.row >= 2.3 * small, small


def _draw_empty(canvas: Canvas, plan: _Plan, tops: list[float], columns: int, taken: set[tuple[float, float]]) -> None:
    """The cells of pairs without an action, as one path."""
    xs = [plan.x + column * (plan.cell + CELL_GAP) for column in range(columns)]
    corners = [(x, top + plan.label_height) for top in tops for x in xs]
    cell = f"h{short(plan.cell)}v{short(plan.row)}h{short(-plan.cell)}z"
    if parts := [f"M{short(x)} {short(y)}{cell}" for x, y in corners if (x, y) not in taken]:
        canvas.path("".join(parts), "f-empty")


def _draw_cell(
    canvas: Canvas, chart: Chart, cell: _Cell, corner: tuple[float, float], plan: _Plan, style: tuple[bool, float]
) -> None:
    x, top = corner
    has_counts, small = style
    value = share(cell.completed, cell.actions)
    is_few = cell.actions < FEW
    role = "empty" if is_few else f"shade_{min(int(value * SHADES), SHADES - 1)}"
    ink = "f-muted" if is_few else f"f-on_{role}"
    of = counts(cell.completed, cell.actions, chart.lang)
    tip = f"{cell.label} · {cell.column_label}\n" + pair(
        chart, chart.words["completed"], rate_of(cell.completed, cell.actions, chart.lang)
    )
    data = {"data_code": cell.code, "data_column": cell.column_code, "data_n": cell.completed, "data_of": cell.actions}
    middle = x + plan.cell / 2
    centre = top + plan.row / 2
    with canvas.group(tip, **data):
        canvas.rect(x, top, plan.cell, plan.row, f"f-{role}")
        if is_few:
            canvas.bare_text(middle, centre + BASELINE * small, of, ink)
            return
        rate = format_percent(cell.completed, cell.actions, chart.lang)
        if not has_counts:
            canvas.bare_text(middle, centre + BASELINE * small, rate, ink)
            return
        canvas.bare_text(middle, centre - 0.14 * small, rate, f"{ink} b")
        canvas.bare_text(middle, centre + 0.98 * small, of, ink)


def _draw_legend(canvas: Canvas, chart: Chart, box: Box, size: float) -> None:
    """The shades from 0 to 100 %, with their measure's name, at the right."""
    lang = chart.lang
    low, high = format_percent(0, 1, lang), format_percent(1, 1, lang)
    baseline = box.y + (LINE / 2 + BASELINE) * size
    x = box.right - width(high, size)
    canvas.text(x, baseline, high, "f-muted", size)
    step = 1.1 * size
    x -= 0.5 * size + SHADES * step
    for shade in range(SHADES):
        canvas.rect(x + shade * step, box.y + 0.2 * size, step, 0.9 * size, f"f-shade_{shade}")
    canvas.text(x - 0.5 * size, baseline, low, "f-muted", size, "end")
    x -= size + width(low, size)
    name = wrap(chart.words["completion_rate"], max(x - box.x, size), size, 1)[0]
    canvas.text(x, baseline, name, "f-muted", size, "end")
