"""Plotly figures of charts: themed, with direct labels; title, caption and page text stand around them.

A figure is made from plain lists and dictionaries and not validated again: Plotly's validators cost more than the
query. Heights follow the number of marks; the page sets widths.
"""

from collections.abc import Callable

import plotly.graph_objects as go

from dashboard import theme
from dashboard.charts.catalogue import Kind
from dashboard.charts.chart import Chart, read_rows
from dashboard.charts.colours import PICTURE, SHADES
from dashboard.charts.encoding import list_peers, shade_cell
from dashboard.charts.plotly.bars import draw_answers, draw_counts, draw_pairs, draw_rates, draw_stacks
from dashboard.charts.plotly.curve import draw_curve, draw_curves, draw_multiples
from dashboard.charts.plotly.map import draw_map, draw_tiles
from dashboard.charts.plotly.parts import LINE, Part, escape_text, lay_out, wrapped, write_hover
from dashboard.charts.plotly.scatter import draw_scatter
from dashboard.formats import format_counts
from dashboard.i18n import N_, translator
from dashboard.measures.definitions import FEW

CELL_GAP = 6


def draw_grid(chart: Chart) -> Part:
    """A cell a pair of members: shaded by rate where there are enough actions, the rate above n/N in it."""
    chart = chart.shortened
    frame, lang = chart.frame, chart.lang
    rows = {code: number for number, code in enumerate(dict.fromkeys(frame["code"]))}
    columns = {code: number for number, (code, _) in enumerate(chart.columns)}
    part, denominator = chart.spec.part, chart.spec.denominator
    has_room = int(frame[denominator].max()) < 100 and not chart.spec.is_pace
    layers: dict[tuple[str, str], _Layer] = {}
    cells = read_rows(frame, ("code", "column_code", "label", "column_label", part, denominator))
    for (code, column_code, label, column_label, part_count, actions), is_peer in zip(
        cells, list_peers(chart, frame), strict=True
    ):
        role, ink = shade_cell(chart, part_count, actions, is_peer=is_peer)
        layer = layers.setdefault((role.rstrip("_0123456789"), PICTURE[ink]), _Layer(len(rows), len(columns)))
        row, column = rows[code], columns[column_code]
        layer.z[row][column] = round(chart.value(part_count, actions), 4)
        of, value = format_counts(part_count, actions, lang), chart.write_value(part_count, actions)
        layer.text[row][column] = of if actions < FEW else f"{value}<br>{of}" if has_room else value
        hover = chart.say_value(part, part_count, actions)
        layer.hover[row][column] = write_hover(f"{label} · {column_label}\n{hover}")
    traces = [_heat(layer, scale, ink, -1 if chart.spec.is_pace else 0) for (scale, ink), layer in layers.items()]
    return {"data": traces, "layout": _lay_out(chart)}


def step_scale(scale: str) -> list[tuple[float, str]]:
    """The colours of a scale (`shade`, `pace`, `peer`) as Plotly's `colorscale`, each over its step; or one colour."""
    if scale in PICTURE:
        return [(0, PICTURE[scale]), (1, PICTURE[scale])]
    return [(end / SHADES, PICTURE[f"{scale}_{step}"]) for step in range(SHADES) for end in (step, step + 1)]


class _Layer:
    """The cells of a grid that share a scale and a text colour; the others are empty."""

    def __init__(self, rows: int, columns: int) -> None:
        self.z: list[list[float | None]] = [[None] * columns for _ in range(rows)]
        self.text = [[""] * columns for _ in range(rows)]
        self.hover = [[""] * columns for _ in range(rows)]


def _heat(layer: _Layer, scale: str, text_colour: str, low: int) -> Part:
    return {
        "type": "heatmap",
        "z": layer.z,
        "zmin": low,
        "zmax": 1,
        "colorscale": step_scale(scale),
        "showscale": False,
        "text": layer.text,
        "texttemplate": "%{text}",
        "textfont": {"color": text_colour, "size": theme.TINY},
        "customdata": layer.hover,
        "hovertemplate": "%{customdata}<extra></extra>",
        "hoverongaps": False,
        "xgap": 2,
        "ygap": 2,
    }


def _lay_out(chart: Chart) -> Part:
    """Lay out row names at the left, column names on top; Plotly turns these upright where they have no room."""
    labels = list(dict.fromkeys(zip(chart.frame["code"], chart.frame["label"], strict=True)))
    names = [wrapped(label, 16) for _, label in labels]
    row = max([2, *(name.count("<br>") + 1 for name in names)]) * LINE + CELL_GAP
    layout = lay_out(chart, len(names) * row + 110)
    layout["margin"] = {"l": 10, "r": 10, "t": 10, "b": 10}
    layout["yaxis"] = {
        "tickvals": list(range(len(names))),
        "ticktext": names,
        "autorange": "reversed",
        "automargin": True,
    }
    bare = {"fixedrange": True, "showgrid": False, "zeroline": False, "ticks": ""}
    layout["yaxis"] |= bare | {"ticklabelstandoff": 6}
    heads = [wrapped(label, 14) for _, label in chart.columns]
    layout["xaxis"] = {"tickvals": list(range(len(heads))), "ticktext": heads, "side": "top", "automargin": True}
    layout["xaxis"] |= bare | {"autotickangles": [0, -90]}
    return layout


CONFIG = {"displayModeBar": False, "responsive": True, "scrollZoom": False, "doubleClick": False}
"""Plotly's `config` for every chart: no tool bar, no zooming by accident."""
LARGE_CONFIG: Part = {"displayModeBar": True, "displaylogo": False, "responsive": True, "scrollZoom": True}
TOOL_WORDS = (
    N_("Download plot as a PNG"),
    N_("Preparing image - this may take a few seconds"),
    N_("Image download succeeded"),
    N_("Sorry, there was a problem downloading your image!"),
    N_("Zoom"),
    N_("Pan"),
    N_("Box Select"),
    N_("Lasso Select"),
    N_("Zoom in"),
    N_("Zoom out"),
    N_("Autoscale"),
    N_("Reset axes"),
    N_("Double-click to zoom back out"),
)
"""What Plotly's own tools say, as it writes them: it has them in English alone."""
LARGE_HEIGHT = 560
TABLE_ROW, TOOLS_HEIGHT = 28, 32
"""The height of a table's row, and the room below a chart for Plotly's tools."""


def draw(chart: Chart) -> go.Figure:
    """Draw a chart; a sentence in its place when the selection holds no action."""
    parts = _draw_nothing(chart) if chart.is_empty else _DRAWINGS[chart.spec.kind](chart)
    return go.Figure(parts, _validate=False)


def large_config(chart: Chart) -> Part:
    """Return Plotly's `config` for the large view of a chart, in the chart's language."""
    t = translator(chart.lang)
    words = {word: t(word) for word in TOOL_WORDS}
    picture = {"format": "png", "scale": 2, "filename": chart.spec.id}
    spoken = {"locale": chart.lang, "locales": {chart.lang: {"dictionary": words}}}
    return {**LARGE_CONFIG, **spoken, "toImageButtonOptions": picture}


def let_zoom(figure: go.Figure) -> go.Figure:
    """Let the axes of a figure be zoomed and moved, and make it at least as high as a window has room for."""
    parts = figure.to_dict()
    layout = parts["layout"]
    axes = {name: {**axis, "fixedrange": False} for name, axis in layout.items() if name[1:5] == "axis"}
    margin = layout["margin"] | {"b": layout["margin"]["b"] + TOOLS_HEIGHT}
    height = max(layout["height"] + TOOLS_HEIGHT, LARGE_HEIGHT)
    layout = {**layout, **axes, "dragmode": "zoom", "margin": margin, "height": height}
    return go.Figure({**parts, "layout": layout}, _validate=False)


def _draw_table(chart: Chart) -> Part:
    """Draw the cells of a chart, names at the left and figures at the right of their columns."""
    headings, rows = chart.cells()
    columns = [[escape_text(cell) for cell in column] for column in zip(*rows, strict=True)]
    sides = ["left", *["right"] * (len(headings) - 1)]
    line = {"color": theme.GRID, "width": 1}
    look = {"align": sides, "fill": {"color": theme.PAPER}, "line": line}
    header = {"values": [escape_text(heading) for heading in headings], "height": 3 * LINE}
    header |= look | {"font": {"color": theme.MUTED, "size": theme.SMALL}}
    cells = {"values": columns, "height": TABLE_ROW} | look | {"font": {"color": theme.TEXT, "size": theme.FONT_SIZE}}
    # As wide as the longest word of their heading and their longest cell: Plotly cuts what is longer.
    widths = [2 + max(map(len, [*heading.split(), *column])) for heading, column in zip(headings, columns, strict=True)]
    trace = {"type": "table", "header": header, "cells": cells, "columnwidth": widths}
    return {"data": [trace], "layout": lay_out(chart, len(rows) * TABLE_ROW + 3 * LINE + 48)}


def _draw_nothing(chart: Chart) -> Part:
    words = chart.nothing
    note = {"text": escape_text(words), "showarrow": False, "x": 0.5, "y": 0.5}
    note |= {"xref": "paper", "yref": "paper", "font": {"size": theme.FONT_SIZE + 2, "color": theme.MUTED}}
    hidden = {"visible": False}
    return {"data": [], "layout": lay_out(chart, 120, annotations=[note], xaxis=hidden, yaxis=hidden)}


_DRAWINGS: dict[Kind, Callable[[Chart], Part]] = {
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
    "table": _draw_table,
    "answers": draw_answers,
    "pairs": draw_pairs,
    "curves": draw_curves,
    "scatter": draw_scatter,
}
