"""The figure of country tiles: equal tiles in blocks of regions, shaded by rate; no border is drawn.

The plot's upright axis counts pixels, so that headings and tiles keep their heights; the other one counts tiles.
"""

from typing import Any

import pandas as pd

from dashboard import theme
from dashboard.charts.chart import Chart
from dashboard.charts.plotly.parts import (
    LEGEND_LINE,
    PACE_INKS,
    TOP_LEFT,
    Part,
    cut,
    escape_text,
    lay_out,
    member_hover,
    write_key,
)
from dashboard.charts.svg.styles import pace_role
from dashboard.formats import format_counts, format_percent
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

_INKS = {
    "none": theme.Ink(theme.PAPER, theme.MUTED),
    "few": theme.Ink(theme.EMPTY_CELL, theme.TEXT),
    "pale": theme.Ink("", theme.TEXT),
    "dark": theme.Ink("", theme.PAPER),
    "peer": theme.Ink(theme.PEER_SHADES[1][0], theme.TEXT),
}
_SHADES = {"pale": theme.PALE_SHADES, "dark": theme.DARK_SHADES}


def draw_tiles(chart: Chart) -> Part:
    """A tile a country, its code and n/N in it; few actions are a small bar in a grey tile, none an outline."""
    frame, heads, height = _place(chart)
    rate = frame[chart.spec.rate]
    frame["ink"] = "pale"
    frame.loc[rate > theme.DARK_SHADES[0][1], "ink"] = "dark"
    if chart.spec.is_pace:
        frame["ink"] = [pace_role(pace) for pace in frame["pace"].fillna(0)]
    if chart.whole is not None:
        frame.loc[frame["is_peer"], "ink"] = "peer"
    frame.loc[frame["is_few"], "ink"] = "few"
    frame.loc[frame["actions"] == 0, "ink"] = "none"
    inks = _INKS | PACE_INKS if chart.spec.is_pace else _INKS
    shown = {ink: frame[frame["ink"] == ink] for ink in inks}
    traces = [_tiles(chart, tiles, ink, inks[ink]) for ink, tiles in shown.items() if len(tiles)]
    tracks = frame[(frame["ink"] == "few") & (rate > 0)]
    if not tracks.empty:
        traces.append(_tracks(tracks, chart.spec.rate))
        if chart.whole is not None:
            fills = [theme.PEER if is_peer else theme.COMPLETED_FEW for is_peer in tracks["is_peer"]]
            traces[-1]["marker"]["color"] = fills
    return {"data": traces, "layout": _lay_out(chart, heads, height)}


def _place(chart: Chart) -> tuple[pd.DataFrame, list[Part], int]:
    """The tiles with their column and top, the headings, and the height of all, in pixels."""
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
    counted, actions = int(total[RATES[chart.spec.rate].parts[0]]), int(total["actions"])
    words = chart.write_label(counted, actions)
    if actions < FEW:
        words = format_counts(counted, actions, chart.lang) if actions else chart.words["no_actions"]
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


def _tiles(chart: Chart, frame: pd.DataFrame, name: str, ink: theme.Ink) -> Part:
    marker: Part = {"color": ink.fill, "cornerradius": 3, "line": {"width": 0}}
    if name in _SHADES:
        (low, low_at), (high, high_at) = _SHADES[name]
        marker |= {"color": frame[chart.spec.rate].round(4).tolist(), "cmin": low_at, "cmax": high_at}
        marker["colorscale"] = [[0, low], [1, high]]
    if name == "none":
        marker["line"] = {"width": 1, "color": theme.GRID}
    return {
        "type": "bar",
        "name": name,
        "x": frame["column"].tolist(),
        "base": frame["top"].tolist(),
        "y": [TILE - GAP] * len(frame),
        "width": WIDTH,
        "marker": marker,
        "text": _texts(chart, frame),
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "insidetextfont": {"color": ink.text, "size": theme.TINY},
        "customdata": member_hover(chart, frame),
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _tracks(frame: pd.DataFrame, rate: str) -> Part:
    """The rates of few actions, as bars along the lower edges of their tiles."""
    widths = frame[rate] * WIDTH
    return {
        "type": "bar",
        "x": (frame["column"] - WIDTH / 2 + widths / 2).round(4).tolist(),
        "base": (frame["top"] + TILE - GAP - TRACK).tolist(),
        "y": [TRACK] * len(frame),
        "width": widths.round(4).tolist(),
        "marker": {"color": theme.COMPLETED_FEW, "line": {"width": 0}},
        "hoverinfo": "skip",
    }


def _texts(chart: Chart, frame: pd.DataFrame) -> list[str]:
    lang = chart.lang
    has_room = int(chart.frame["actions"].max()) < MOST_COUNTED
    rows = zip(frame["code"], frame[RATES[chart.spec.rate].parts[0]].tolist(), frame["actions"].tolist(), strict=True)
    texts = []
    for code, counted, actions in rows:
        has_counts = actions < FEW or (has_room and not chart.spec.is_pace)
        text = format_counts(counted, actions, lang) if has_counts else chart.write_value(counted, actions)
        texts.append(f"{code}<br>{text}" if actions else code)
    return texts


def _lay_out(chart: Chart, heads: list[Part], height: int) -> Part:
    entries = [(format_percent(percent, 100, chart.lang), theme.shade(percent / 100)) for percent in (0, 50, 100)]
    if chart.spec.is_pace:
        entries = [(chart.words["behind"], PACE_INKS["pace_1"].fill), (chart.words["ahead"], PACE_INKS["pace_8"].fill)]
    entries += [(chart.words["few"], theme.COMPLETED_FEW), (chart.words["no_actions"], theme.AXIS)]
    key = write_key([(escape_text(name), colour) for name, colour in entries], f"{'■' * (len(entries) - 2)}▂□")
    room = len(key) * LEGEND_LINE + 10
    layout = lay_out(chart, height + room + 4, annotations=heads, barmode="overlay", bargap=0)
    layout["title"] = {"text": "<br>".join(key), "font": {"size": theme.SMALL}} | TOP_LEFT
    layout["margin"] = {"l": 4, "r": 4, "t": room, "b": 4}
    bare = {"fixedrange": True, "showgrid": False, "zeroline": False, "ticks": "", "showticklabels": False}
    layout["xaxis"] = bare | {"range": [-0.5, COLUMNS - 0.5]}
    layout["yaxis"] = bare | {"range": [height, 0]}
    layout["uniformtext"] = {"mode": "show", "minsize": 7}
    return layout
