"""Plotly figures of charts: themed, with direct labels; title, caption and page text stand around them.

A figure is made from plain lists and dictionaries and not validated again: Plotly's validators cost more than the
query. Heights follow the number of marks; the page sets widths.
"""

from collections.abc import Callable

import plotly.graph_objects as go

from dashboard import theme
from dashboard.charts.catalogue import Kind
from dashboard.charts.chart import Chart
from dashboard.charts.plotly.bars import draw_answers, draw_counts, draw_pairs, draw_rates, draw_stacks
from dashboard.charts.plotly.curve import draw_curve, draw_curves, draw_multiples
from dashboard.charts.plotly.grid import draw_grid
from dashboard.charts.plotly.map import draw_map
from dashboard.charts.plotly.parts import LINE, Part, escape_text, lay_out
from dashboard.charts.plotly.tiles import draw_tiles
from dashboard.i18n import N_, translator

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
}
