"""The figure of country tiles: equal tiles in blocks of regions, shaded by rate; no border is drawn.

The plot's upright axis counts pixels, so that headings and tiles keep their heights; the other one counts tiles.
"""

from typing import Any

import pandas as pd

from dashboard import theme
from dashboard.charts.chart import Chart, read_rows
from dashboard.charts.colours import PICTURE, Key
from dashboard.charts.encoding import list_peers, name_shades, say_members, shade_tile
from dashboard.charts.plotly.parts import LEGEND_LINE, Part, cut, escape_text, lay_out, put_key, write_hover, write_key
from dashboard.formats import format_counts
from dashboard.measures.definitions import FEW, RATES

COLUMNS = 10
"""Tiles side by side: so few that a phone shows the code in each."""

TILE = 42
GAP = 4
HEAD = 38
WIDTH = 0.93
TRACK = 4
LONGEST_NAME = 30
MOST_COUNTED = 100
"""From so many actions on, tiles say the percentage, since the counts would not fit."""


def draw_tiles(chart: Chart) -> Part:
    """Draw a tile a country, its code and n/N in it; few actions are a small bar in a grey tile, none an outline."""
    frame, heads, height = _place(chart)
    peers = list_peers(chart, frame)
    traces = [_draw_tiles(chart, frame, peers)]
    is_track = (frame["is_few"] & (frame["actions"] > 0) & (frame[chart.spec.rate] > 0)).tolist()
    if any(is_track):
        tracked = [is_peer for is_peer, has_track in zip(peers, is_track, strict=True) if has_track]
        traces.append(_draw_tracks(frame[is_track], chart.spec.rate, tracked))
    return {"data": traces, "layout": _lay_out(chart, heads, height)}


def _place(chart: Chart) -> tuple[pd.DataFrame, list[Part], int]:
    """Place the tiles with their column and top, the headings, and the height of all, in pixels."""
    frame = chart.frame.copy()
    number = frame.groupby("region", sort=False).cumcount()
    rows = (number // COLUMNS).groupby(frame["region"], sort=False).max() + 1
    tops = (rows * TILE + HEAD).cumsum().shift(fill_value=0)
    frame["column"] = number % COLUMNS
    frame["top"] = frame["region"].map(tops) + HEAD + number // COLUMNS * TILE
    totals = {total["code"]: total for total in chart.blocks.to_dict("records")}
    heads = [_head(chart, totals[region], int(top) + HEAD - 8) for region, top in tops.items()]
    return frame, heads, int(rows.sum() * TILE + len(rows) * HEAD)


def _head(chart: Chart, total: dict[Any, Any], bottom: int) -> Part:
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
        "width": WIDTH,
        "marker": {"color": [PICTURE[role] for role, _ in shades], "cornerradius": 3, "line": line},
        "text": _texts(chart, frame),
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
    widths = frame[rate] * WIDTH
    return {
        "type": "bar",
        "x": (frame["column"] - WIDTH / 2 + widths / 2).round(4).tolist(),
        "base": (frame["top"] + TILE - GAP - TRACK).tolist(),
        "y": [TRACK] * len(frame),
        "width": widths.round(4).tolist(),
        "marker": {"color": [PICTURE["peer" if one else "completed_few"] for one in peers], "line": {"width": 0}},
        "hoverinfo": "skip",
    }


def _texts(chart: Chart, frame: pd.DataFrame) -> list[str]:
    lang = chart.lang
    has_room = int(chart.frame["actions"].max()) < MOST_COUNTED
    rows = zip(frame["code"], frame[RATES[chart.spec.rate].parts[0]].tolist(), frame["actions"].tolist(), strict=True)
    texts = []
    for code, part_count, actions in rows:
        has_counts = actions < FEW or (has_room and not chart.spec.is_pace)
        text = format_counts(part_count, actions, lang) if has_counts else chart.write_value(part_count, actions)
        texts.append(f"{code}<br>{text}" if actions else code)
    return texts


def _lay_out(chart: Chart, heads: list[Part], height: int) -> Part:
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
