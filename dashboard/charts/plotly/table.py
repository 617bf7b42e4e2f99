"""The figure of a table: the rows that readers of bars have below them."""

from dashboard import theme
from dashboard.charts.chart import Chart
from dashboard.charts.plotly.parts import LINE, Part, escape_text, lay_out

ROW = 28


def draw_table(chart: Chart) -> Part:
    """The cells of a chart, names at the left and figures at the right of their columns."""
    headings, rows = chart.cells()
    columns = [[escape_text(cell) for cell in column] for column in zip(*rows, strict=True)]
    sides = ["left", *["right"] * (len(headings) - 1)]
    line = {"color": theme.GRID, "width": 1}
    look = {"align": sides, "fill": {"color": theme.PAPER}, "line": line}
    header = {"values": [escape_text(heading) for heading in headings], "height": 3 * LINE}
    header |= look | {"font": {"color": theme.MUTED, "size": theme.SMALL}}
    cells = {"values": columns, "height": ROW} | look | {"font": {"color": theme.TEXT, "size": theme.FONT_SIZE}}
    # As wide as the longest word of their heading and their longest cell: Plotly cuts what is longer.
    widths = [2 + max(map(len, [*heading.split(), *column])) for heading, column in zip(headings, columns, strict=True)]
    trace = {"type": "table", "header": header, "cells": cells, "columnwidth": widths}
    return {"data": [trace], "layout": lay_out(chart, len(rows) * ROW + 3 * LINE + 48)}
