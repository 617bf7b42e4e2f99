"""Pictures of a table: the rows of the table below a page's bars, with as many columns as have room.

The least informative columns without room are left out, never the chart's own measure; the table beside the picture has
them all.
"""

from dashboard.charts.chart import Chart
from dashboard.charts.svg.canvas import BASELINE, Box, Canvas, Sizes
from dashboard.charts.svg.texts import LINE, widest, wrap

NAMES = 0.34
"""The most of the width that the members' names may take."""
GAP = 1.1
PITCH = 1.65
HEAD_LINES = 3
SHRINK = 0.95
MOST_SPARE = 3.0
"""By so many font sizes a column may be wider than its cells."""
_TELLING = ("completed", "actions", "unknown", "upper_bound", "reported", "reporting_rate")


def draw_table(canvas: Canvas, chart: Chart, box: Box, sizes: Sizes) -> tuple[float, int]:
    """Draw the table of a chart; return its lower end and how many members are drawn."""
    cells = chart.cells()
    headings, rows = cells.headings, cells.rows[: len(chart.drawn)]
    size = sizes.base
    while box.height is not None and size > sizes.least and (len(rows) * PITCH + 2 * LINE) * size > box.height:
        size *= SHRINK
    small = min(size, sizes.small)
    names = min(widest([row[0] for row in rows], size) + GAP * size, box.width * NAMES)
    columns = [list(column) for column in zip(*(row[1:] for row in rows), strict=True)]
    room = box.width - names
    heads = [_break(heading, small, room / len(columns)) for heading in headings[1:]]
    widths = [
        max(widest(column, size), widest(head, small)) + GAP * size for column, head in zip(columns, heads, strict=True)
    ]
    column_places = _choose(chart, headings[1:], widths, room)
    heads, widths = [heads[place] for place in column_places], [widths[place] for place in column_places]
    spare = min((room - sum(widths)) / len(widths), MOST_SPARE * size)
    ends = [names + sum(widths[: number + 1]) + spare * (number + 1) for number in range(len(widths))]
    head = max(len(lines) for lines in heads) * LINE * small
    for lines, end in zip(heads, ends, strict=True):
        for number, line in enumerate(lines):
            y = box.y + head - (len(lines) - number - 0.5) * LINE * small + BASELINE * small
            canvas.text(box.x + end, y, line, "f-muted", small, "end")
    top = box.y + head + 0.4 * size
    fits = len(rows) if box.height is None else min(len(rows), int((box.y + box.height - top) / (PITCH * size)))
    codes = chart.drawn["code"].tolist()
    actions = chart.drawn["actions" if "actions" in chart.drawn else "completed"].tolist()
    for number, row in enumerate(rows[:fits]):
        y = top + number * PITCH * size
        canvas.line(box.x, y, box.x + ends[-1], y, "s-grid" if number else "s-axis")
        with canvas.group(data_code=codes[number]), canvas.group(data_mark=chart.mark(actions[number], codes[number])):
            lines = wrap(row[0], names - GAP * size / 2, size, 1)
            canvas.lines(box.x, y + PITCH * size / 2, lines, "f-text", size, full_text=row[0])
            for place, end in zip(column_places, ends, strict=True):
                baseline = y + PITCH * size / 2 + BASELINE * size
                canvas.text(box.x + end, baseline, row[place + 1], "f-text", size, "end")
    return top + fits * PITCH * size, fits


def _choose(chart: Chart, headings: list[str], widths: list[float], room: float) -> list[int]:
    """Choose the columns that have room, the most informative ones; return their places."""
    main_measure = "pace_points" if chart.spec.is_pace else chart.spec.measures[0]
    telling = [chart.words[name] for name in (main_measure, *_TELLING)]
    places = sorted(range(len(headings)), key=lambda place: [*telling, headings[place]].index(headings[place]))
    chosen: list[int] = []
    for place in places:
        if not chosen or sum(widths[one] for one in (*chosen, place)) <= room:
            chosen.append(place)
    return sorted(chosen)


def _break(heading: str, size: float, room: float) -> list[str]:
    """Break a heading into lines, none narrower than its longest word."""
    longest = widest(heading.split(), size)
    return wrap(heading, max(longest, room) + 1, size, HEAD_LINES)
