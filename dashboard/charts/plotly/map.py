"""Figures of countries: a map, or equal tiles in blocks of regions, shaded by rate.

A map has the same shapes as in pictures, as filled lines on plain axes; of tiles, no border is drawn.

Plotly's own maps load the coasts from another server, and draw boundaries as others see them; here nothing is loaded.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from dashboard import theme
from dashboard.charts.chart import Chart, read_rows
from dashboard.charts.colours import PICTURE, Key
from dashboard.charts.encoding import list_peers, name_shades, say_members, shade_countries, shade_tile, size_rings
from dashboard.charts.geometry.world import UNCODED, WIDTH, Extent, Ring, read_world
from dashboard.charts.plotly.parts import LEGEND_LINE, Part, cut, escape_text, lay_out, put_key, write_hover, write_key
from dashboard.charts.svg.map import LARGEST_RING, SMALL, choose_extent, say_beside
from dashboard.charts.svg.texts import wrap
from dashboard.formats import format_counts
from dashboard.measures.definitions import FEW, RATES

COLUMNS = 10
"""Tiles side by side: so few that a phone shows the code in each."""

TILE = 42
GAP = 4
HEAD = 38
TILE_WIDTH = 0.93
TRACK = 4
LONGEST_NAME = 30
MOST_COUNTED = 100
"""From so many actions on, tiles say the percentage, since the counts would not fit."""


def draw_tiles(chart: Chart) -> Part:
    """Draw a tile a country, its code and n/N in it; few actions are a small bar in a grey tile, none an outline."""
    frame, heads, height = _place_tiles(chart)
    peers = list_peers(chart, frame)
    traces = [_draw_tiles(chart, frame, peers)]
    is_track = (frame["is_few"] & (frame["actions"] > 0) & (frame[chart.spec.rate] > 0)).tolist()
    if any(is_track):
        tracked = [is_peer for is_peer, has_track in zip(peers, is_track, strict=True) if has_track]
        traces.append(_draw_tracks(frame[is_track], chart.spec.rate, tracked))
    return {"data": traces, "layout": _lay_out_tiles(chart, heads, height)}


def _place_tiles(chart: Chart) -> tuple[pd.DataFrame, list[Part], int]:
    """Place the tiles with their column and top, the headings, and the height of all, in pixels."""
    frame = chart.frame.copy()
    number = frame.groupby("region", sort=False).cumcount()
    rows = (number // COLUMNS).groupby(frame["region"], sort=False).max() + 1
    tops = (rows * TILE + HEAD).cumsum().shift(fill_value=0)
    frame["column"] = number % COLUMNS
    frame["top"] = frame["region"].map(tops) + HEAD + number // COLUMNS * TILE
    totals = {total["code"]: total for total in chart.blocks.to_dict("records")}
    heads = [_head_region(chart, totals[region], int(top) + HEAD - 8) for region, top in tops.items()]
    return frame, heads, int(rows.sum() * TILE + len(rows) * HEAD)


def _head_region(chart: Chart, total: dict[Any, Any], bottom: int) -> Part:
    part_count, actions = int(total[RATES[chart.spec.rate].parts[0]]), int(total["actions"])
    words = chart.write_label(part_count, actions)
    if actions < FEW:
        words = format_counts(part_count, actions, chart.lang) if actions else chart.words["no_actions"]
    name = escape_text(cut(str(total["label"]), LONGEST_NAME))
    text = f'<b>{name}</b>  <span style="color:{theme.MUTED}">{words}</span>'
    return {
        "text": text,
        "showarrow": False,
        "x": 0,
        "xref": "paper",
        "xanchor": "left",
        "y": bottom,
        "yanchor": "bottom",
    }


def _draw_tiles(chart: Chart, frame: pd.DataFrame, peers: list[bool]) -> Part:
    counts = read_rows(frame, (RATES[chart.spec.rate].parts[0], "actions"))
    shades = [
        shade_tile(chart, part, actions, is_peer=is_peer)
        for (part, actions), is_peer in zip(counts, peers, strict=True)
    ]
    edges = [int(actions == 0) for actions in frame["actions"]]
    line = {"width": edges, "color": theme.GRID}
    return {
        "type": "bar",
        "x": frame["column"].tolist(),
        "base": frame["top"].tolist(),
        "y": [TILE - GAP] * len(frame),
        "width": TILE_WIDTH,
        "marker": {"color": [PICTURE[role] for role, _ in shades], "cornerradius": 3, "line": line},
        "text": _write_tiles(chart, frame),
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "insidetextfont": {"color": [PICTURE[ink] for _, ink in shades], "size": theme.TINY},
        "ids": frame["code"].tolist(),
        "customdata": [write_hover(tip) for tip in say_members(chart, frame)],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _draw_tracks(frame: pd.DataFrame, rate: str, peers: list[bool]) -> Part:
    """Draw the rates of few actions, as bars along the lower edges of their tiles."""
    widths = frame[rate] * TILE_WIDTH
    return {
        "type": "bar",
        "x": (frame["column"] - TILE_WIDTH / 2 + widths / 2).round(4).tolist(),
        "base": (frame["top"] + TILE - GAP - TRACK).tolist(),
        "y": [TRACK] * len(frame),
        "width": widths.round(4).tolist(),
        "marker": {"color": [PICTURE["peer" if one else "completed_few"] for one in peers], "line": {"width": 0}},
        "hoverinfo": "skip",
    }


def _write_tiles(chart: Chart, frame: pd.DataFrame) -> list[str]:
    lang = chart.lang
    has_room = int(chart.frame["actions"].max()) < MOST_COUNTED
    rows = zip(frame["code"], frame[RATES[chart.spec.rate].parts[0]].tolist(), frame["actions"].tolist(), strict=True)
    texts = []
    for code, part_count, actions in rows:
        has_counts = actions < FEW or (has_room and not chart.spec.is_pace)
        text = format_counts(part_count, actions, lang) if has_counts else chart.write_value(part_count, actions)
        texts.append(f"{code}<br>{text}" if actions else code)
    return texts


def _lay_out_tiles(chart: Chart, heads: list[Part], height: int) -> Part:
    """Lay out tiles: the upright axis counts pixels, so that headings and tiles keep heights, the other one tiles."""
    entries = [Key(name, role) for name, role in name_shades(chart)]
    entries += [Key(chart.words["few"], "completed_few"), Key(chart.words["no_actions"], "axis")]
    key = write_key(entries, f"{'■' * (len(entries) - 2)}▂□")
    room = len(key) * LEGEND_LINE + 10
    layout = lay_out(chart, height + room + 4, annotations=heads, barmode="overlay", bargap=0)
    put_key(layout, key)
    layout["margin"] = {"l": 4, "r": 4, "t": room, "b": 4}
    bare = {"fixedrange": True, "showgrid": False, "zeroline": False, "ticks": "", "showticklabels": False}
    layout["xaxis"] = bare | {"range": [-0.5, COLUMNS - 0.5]}
    layout["yaxis"] = bare | {"range": [height, 0]}
    layout["uniformtext"] = {"mode": "show", "minsize": 7}
    return layout


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
    traces += [_area(uncoded, theme.PAPER, theme.AXIS) | _hatch("\\"), *_dots(dots, units), _rings(chart, units)]
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


def _rings(chart: Chart, units: float) -> Part:
    """Draw the published figure beside completion, as in pictures."""
    spots, sizes = read_world().spots, size_rings(chart)
    placed = {code: size for code, size in sizes.items() if code in spots}
    marker: Part = {"symbol": "circle-open", "color": theme.MUTED, "line": {"width": 1.5}}
    marker["size"] = [round(2 * LARGEST_RING * PIXELS * size, 1) for size in placed.values()]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "rings",
        "x": [round(spots[code].x * units) for code in placed],
        "y": [round(spots[code].y * units) for code in placed],
        "marker": marker,
        "hoverinfo": "skip",
    }


def _lay_out(chart: Chart, extent: Extent, shape: float) -> Part:
    shades = [Key(name, role) for name, role in name_shades(chart)]
    special = {"few": "few", "no_actions": "axis", "uncoded": "axis"}
    entries = [*shades, *(Key(chart.words[word], role) for word, role in special.items())]
    entries += [Key(chart.beside.name, "muted")] if chart.beside else []
    key = write_key(entries, "■" * len(shades) + "■▨▧" + "○" * bool(chart.beside))
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
