"""Draw a chart as SVG: the bare drawing for a page that has its own words, or a picture that stands alone."""

from collections.abc import Callable

from dashboard import theme
from dashboard.campaign.brand import PLAIN
from dashboard.charts.catalogue import TIMED, Kind
from dashboard.charts.chart import Chart
from dashboard.charts.svg.bars import draw_answers, draw_counts, draw_rates, draw_stacks
from dashboard.charts.svg.canvas import BASELINE, Box, Canvas, Sizes, quote, short
from dashboard.charts.svg.curve import draw_curve
from dashboard.charts.svg.grid import draw_grid
from dashboard.charts.svg.map import draw_map
from dashboard.charts.svg.multiples import draw_multiples
from dashboard.charts.svg.scatter import draw_scatter
from dashboard.charts.svg.sided_bars import draw_pairs
from dashboard.charts.svg.styles import style_sheet, with_attributes
from dashboard.charts.svg.surround import (
    MEASURES,
    SIZES,
    draw_foot,
    draw_head,
    draw_look,
    foot_height,
    foot_lines,
    read_head,
)
from dashboard.charts.svg.texts import LINE, widest, wrap
from dashboard.charts.svg.tiles import draw_tiles
from dashboard.errors import SelectionError
from dashboard.languages import is_rtl

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


Drawing = Callable[[Canvas, Chart, Box, Sizes], tuple[float, int]]

DRAWINGS: dict[Kind, Drawing] = {
    "rates": draw_rates,
    "statuses": draw_stacks,
    "outcomes": draw_stacks,
    "evidence": draw_stacks,
    "counts": draw_counts,
    "curve": draw_curve,
    "grid": draw_grid,
    "tiles": draw_tiles,
    "map": draw_map,
    "multiples": draw_multiples,
    "table": draw_table,
    "answers": draw_answers,
    "pairs": draw_pairs,
    "curves": draw_curve,
    "scatter": draw_scatter,
}
"""How each kind is drawn: onto a canvas, into a box; what it returns is its lower end and how many members it has."""

NARROW = 520
PADDING = 4
EMPTY_HEIGHT = 120


def draw_svg(
    chart: Chart,
    size: str | None = None,
    *,
    title: str | None = None,
    link: str = "",
    width: int = 680,
    height: int | None = None,
) -> str:
    """Draw a chart as SVG.

    `size`: a name of `SIZES`; none gives the bare drawing for an embed, which follows the reader's colour scheme.
    `title`: the presenter's own title, in place of the chart's; only with a size.
    `link`: an address written below the picture; only with a size.
    `width`: the bare drawing's width in CSS pixels; 680 for a text column, 320 for a telephone.
    `height`: the bare drawing's height in CSS pixels; none is that of the kind.

    Raises:
        SelectionError: there is no such size.
    """
    if size is None:
        return _draw_bare(chart, width, height=height)
    if size not in SIZES:
        raise SelectionError(f"There is no picture size {size!r}.", "size", tuple(SIZES), size)
    return _draw_named(chart, size, title, link)


def draw_on_page(chart: Chart, width: int, shapes: str = "", height: int | None = None) -> str:
    """Draw a chart bare for a page that brings its style sheet (`styles.page_style_sheet`).

    `width`: in CSS pixels.
    `shapes`: the address at which the page has the files of shapes, such as the countries of maps.
    `height`: in CSS pixels; none is that of the kind.
    """
    return _draw_bare(chart, width, has_style=False, shapes=shapes, height=height)


def draw_screen(chart: Chart) -> str:
    """Draw a chart as on a slide, for a page that brings its style sheet (`styles.page_style_sheet`)."""
    return _draw_named(chart, "slide", None, "", is_screen=True)


def _draw_bare(chart: Chart, width: int, has_style: bool = True, shapes: str = "", height: int | None = None) -> str:
    sizes = Sizes(13, 13, 12) if width < NARROW else Sizes(14, 14, 12.5)
    canvas = Canvas(sizes.base, shapes, is_page=not has_style, name=str(width))
    bottom, _ = _draw(canvas, chart, Box(PADDING, PADDING, width - 2 * PADDING, height), sizes)
    return _assemble(canvas, chart, (width, bottom + PADDING), is_bare=True, has_style=has_style)


def _draw_named(chart: Chart, name: str, title: str | None, link: str, *, is_screen: bool = False) -> str:
    size, measures = SIZES[name], MEASURES[name]
    room = size.width - 2 * measures.margin
    canvas = Canvas(measures.drawing.base)
    look = PLAIN if is_screen else chart.look
    beside = draw_look(canvas, look, size.width, measures)
    top = draw_head(canvas, read_head(chart, measures, room, title, beside), measures, look.colour)
    has_rows = chart.spec.kind == "grid" or (chart.sides and chart.spec.kind not in TIMED)
    everything = chart.drawn["code"].nunique() if has_rows else len(chart.drawn)
    foot = foot_lines(chart, measures, room, everything, link)
    height = None if size.height is None else size.height - top - foot_height(foot, measures)
    bottom, drawn = _draw(canvas, chart, Box(measures.margin, top, room, height), measures.drawing)
    if drawn < everything:
        foot = foot_lines(chart, measures, room, drawn, link)
    foot_top = bottom + measures.caption if size.height is None else size.height - foot_height(foot, measures)
    draw_foot(canvas, foot, measures, Box(measures.margin, foot_top, room), link)
    picture_height = size.height or foot_top + foot_height(foot, measures)
    return _assemble(canvas, chart, (size.width, picture_height), is_bare=is_screen, has_style=False, title=title)


def _draw(canvas: Canvas, chart: Chart, box: Box, sizes: Sizes) -> tuple[float, int]:
    """Draw a chart, or a sentence in its place."""
    if not chart.is_empty:
        return DRAWINGS[chart.spec.kind](canvas, chart, box, sizes)
    words = chart.nothing
    height = box.height or EMPTY_HEIGHT
    lines = wrap(words, box.width, sizes.base * 1.15, 3)
    for number, line in enumerate(lines):
        offset = (number - (len(lines) - 1) / 2) * LINE + BASELINE
        y = box.y + height / 2 + offset * sizes.base * 1.15
        canvas.text(box.x + box.width / 2, y, line, "f-muted", sizes.base * 1.15, "middle")
    return box.y + height, 0


# In a page that is written from right to left a label would begin where it ends, and be cut.
LEFT_TO_RIGHT = ' direction="ltr"'


def _assemble(
    canvas: Canvas,
    chart: Chart,
    extent: tuple[float, float],
    is_bare: bool,
    has_style: bool = True,
    title: str | None = None,
) -> str:
    """Assemble the whole file: size, language, title, description, colours, ground, marks."""
    width, height = round(extent[0]), round(extent[1] + 0.499)
    chosen = (value for name, value in chart.options.query_pairs() if name != "peers" or chart.wider_total is not None)
    svg_id = "-".join(("pic", chart.spec.id, *chosen, str(width)))  # several on a page all differ
    marks = f'<rect width="{width}" height="{height}" class="f-paper"/>{canvas.raw()}'
    if is_bare:
        extents = 'class="pic" width="100%"'
        marks = f"<style>{style_sheet(chart.spec.kind, chart.has_choices)}</style>{marks}" if has_style else marks
    else:
        extents = f'width="{width}" height="{height}" font-family="{quote(theme.FONT)}"'
        marks = with_attributes(marks)
    name, description = quote(chart.caption.entitle(title)), quote(chart.alt)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {extents} viewBox="0 0 {width} {height}" role="img"'
        f' lang="{chart.lang}"{LEFT_TO_RIGHT * is_rtl(chart.lang)}'
        f' aria-labelledby="{svg_id}-title" aria-describedby="{svg_id}-desc"'
        f' font-size="{short(canvas.font_size)}">'
        f'<title id="{svg_id}-title">{name}</title><desc id="{svg_id}-desc">{description}</desc>'
        f"{marks}</svg>"
    )
