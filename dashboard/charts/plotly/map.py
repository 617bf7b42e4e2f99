"""The figure of a map: the same shapes as in pictures, as filled lines on plain axes.

Plotly's own maps load the coasts from another server, and draw boundaries as others see them; here nothing is loaded.
"""

import re
from collections.abc import Iterable, Iterator

from dashboard import theme
from dashboard.charts.chart import Chart, read_rows
from dashboard.charts.colours import PICTURE, Key
from dashboard.charts.encoding import name_shades, say_members, shade_countries
from dashboard.charts.geometry.world import UNCODED, WIDTH, Extent, Ring, read_world
from dashboard.charts.plotly.parts import LEGEND_LINE, Part, escape_text, lay_out, put_key, write_hover, write_key
from dashboard.charts.svg.map import SMALL, choose_extent, say_beside
from dashboard.charts.svg.texts import wrap
from dashboard.measures.definitions import RATES

PIXELS = 760
"""How wide a figure is, about: it decides on the detail and on which countries are dots."""

DOT, SILENT_DOT = 7, 4.5
"""How large dots are, with actions and without, in pixels."""

LINE_WIDTH = 0.6
_NUMBER = re.compile(r"-?\d+")


def draw_map(chart: Chart) -> Part:
    """Draw the land around, each country's outline with its shade, lakes, hatched areas, and dots for the smallest."""
    world = read_world()
    frame = chart.frame[chart.frame["code"].isin(list(world.spots))]
    extent, shape = choose_extent(world, frame["code"].tolist(), PIXELS)
    factor = PIXELS / extent.width
    level = world.level(WIDTH * factor)
    units = level.width / WIDTH
    clip = extent.scaled(units)

    def cut(rings: Iterable[Ring]) -> list[Ring]:
        return [ring for ring in rings if ring.extent.touches(clip)]

    counts = read_rows(frame, (RATES[chart.spec.rate].parts[0], "actions"))
    shade = shade_countries(chart)
    colours = [PICTURE[shade(part, actions)] for part, actions in counts]
    hovers = map(write_hover, say_members(chart, frame))
    marks = list(zip(frame["code"].tolist(), hovers, colours, strict=True))
    dots = [mark for mark in marks if mark[0] not in level.areas or world.spots[mark[0]].size * factor < SMALL]
    chosen = {code for code, *_ in marks} | UNCODED
    land = [ring for code, rings in level.areas.items() if code not in chosen for ring in cut(rings)]
    traces = [_area(land, theme.GRID, theme.PAPER)]
    areas = [mark for mark in marks if mark not in dots]
    for code, hover, colour in areas:
        area = _area(cut(level.areas[code]), colour, theme.AXIS, hover, code)
        traces.append(area if colour != theme.PAPER else area | _hatch("/"))
    traces.append(_area(cut(level.lakes), theme.EMPTY_CELL, theme.GRID))
    uncoded = [ring for code in sorted(UNCODED) for ring in cut(level.areas.get(code, ()))]
    traces += [_area(uncoded, theme.PAPER, theme.AXIS) | _hatch("\\"), *_dots(dots, units)]
    return {"data": [trace for trace in traces if trace["x"]], "layout": _lay_out(chart, clip, shape)}


def _hatch(shape: str) -> Part:
    """Draw the hatch of what has no value."""
    lines = {"shape": shape, "size": 5, "solidity": 0.2, "fgcolor": theme.AXIS, "bgcolor": theme.PAPER}
    return {"fillpattern": lines}


def _area(rings: Iterable[Ring], fill: str, edge: str, hover: str = "", code: str = "") -> Part:
    """Fill rings with a colour; areas outside of the selection have no text at the pointer."""
    xs: list[int | None] = []
    ys: list[int | None] = []
    for ring in rings:
        for x, y in _points(ring):
            xs.append(x)
            ys.append(y)
        xs.append(None)
        ys.append(None)
    trace: Part = {"type": "scatter", "mode": "lines", "x": xs[:-1], "y": ys[:-1], "fill": "toself", "fillcolor": fill}
    trace["line"] = {"width": LINE_WIDTH, "color": edge}
    if not hover:
        return trace | {"hoverinfo": "skip"}
    return trace | {"name": code, "hoveron": "fills", "text": hover, "hoverinfo": "text"}


def _points(ring: Ring) -> Iterator[tuple[int, int]]:
    """List the points of a path, which is written as steps, back to its first one."""
    numbers = [int(number) for number in _NUMBER.findall(ring.path)]
    x, y = numbers[:2]
    yield x, y
    for dx, dy in zip(numbers[2::2], numbers[3::2], strict=True):
        x, y = x + dx, y + dy
        yield x, y
    yield numbers[0], numbers[1]


def _dots(marks: list[tuple[str, str, str]], units: float) -> Iterator[Part]:
    spots = read_world().spots
    yield {
        "type": "scatter",
        "mode": "markers",
        "name": "dots",
        "x": [round(spots[code].x * units) for code, *_ in marks],
        "y": [round(spots[code].y * units) for code, *_ in marks],
        "customdata": [hover for _, hover, _ in marks],
        "ids": [code for code, *_ in marks],
        "hovertemplate": "%{customdata}<extra></extra>",
        "marker": {
            "size": [DOT if colour != theme.PAPER else SILENT_DOT for *_, colour in marks],
            "color": [colour for *_, colour in marks],
        }
        | {"line": {"width": LINE_WIDTH, "color": theme.MUTED}},
    }


def _lay_out(chart: Chart, extent: Extent, shape: float) -> Part:
    shades = [Key(name, role) for name, role in name_shades(chart)]
    special = {"few": "few", "no_actions": "axis", "uncoded": "axis"}
    entries = [*shades, *(Key(chart.words[word], role) for word, role in special.items())]
    key = write_key(entries, "■" * len(shades) + "■▨▧")
    note_lines = [
        line for words in (say_beside(chart), chart.words["disclaimer"]) for line in wrap(words, 330, theme.TINY, 9)
    ]
    top, bottom = len(key) * LEGEND_LINE + 10, len(note_lines) * 15 + 10
    note: Part = {
        "text": "<br>".join(escape_text(line) for line in note_lines if line),
        "showarrow": False,
        "align": "left",
    }
    note |= {"x": 0, "xref": "paper", "xanchor": "left", "y": 0, "yref": "paper", "yanchor": "top", "yshift": -4}
    note["font"] = {"size": theme.TINY, "color": theme.MUTED}
    layout = lay_out(chart, round(PIXELS * shape) + top + bottom, annotations=[note])
    put_key(layout, key)
    layout["margin"] = {"l": 4, "r": 4, "t": top, "b": bottom}
    layout["plot_bgcolor"] = theme.EMPTY_CELL
    layout["hovermode"] = "closest"
    bare = {"fixedrange": True, "showgrid": False, "zeroline": False, "ticks": "", "showticklabels": False}
    layout["xaxis"] = bare | {"range": [round(extent.left), round(extent.right)], "constrain": "domain"}
    upright = {"range": [round(extent.bottom), round(extent.top)], "scaleanchor": "x", "constraintoward": "top"}
    layout["yaxis"] = bare | upright | {"constrain": "domain"}
    return layout
