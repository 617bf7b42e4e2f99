"""Figures of a scatter: a dot a country, its bounds as a line above it."""

from dashboard import theme
from dashboard.charts.chart import Chart
from dashboard.charts.colours import PICTURE
from dashboard.charts.encoding import encode_scatter
from dashboard.charts.plotly.parts import Part, escape_text, lay_out, percent_axis, put_key, write_hover, write_key

HEIGHT = 460
LARGEST, LEAST = 20.0, 7.0
"""The width of the largest dot and of the least one, in pixels."""


def draw_scatter(chart: Chart) -> Part:
    """Draw a chart of kind `scatter`."""
    scatter = encode_scatter(chart)
    dots, ticks = scatter.dots, scatter.ticks
    trace: Part = {
        "type": "scatter",
        "mode": "markers+text",
        "x": [dot.value for dot in dots],
        "y": [round(dot.share, 4) for dot in dots],
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [round(dot.most - dot.share, 4) for dot in dots],
            "arrayminus": [0] * len(dots),
            "color": PICTURE["possible_edge"],
            "thickness": 1.5,
            "width": 0,
        },
        "marker": {
            "size": [round(max(LARGEST * dot.size, LEAST), 1) for dot in dots],
            "color": [PICTURE[dot.role] for dot in dots],
            "line": {"width": 1, "color": theme.PAPER},
            "opacity": 1,
        },
        "text": [dot.code for dot in dots],
        "textposition": "middle right",
        "textfont": {"size": theme.TINY, "color": theme.MUTED},
        "ids": [dot.code for dot in dots],
        "customdata": [write_hover(dot.tip) for dot in dots],
        "hovertemplate": "%{customdata}<extra></extra>",
        "cliponaxis": False,
    }
    layout = lay_out(chart, HEIGHT)
    quiet = {"font": {"color": theme.MUTED, "size": theme.SMALL}}
    layout["yaxis"] = percent_axis(chart, (0, 0.25, 0.5, 0.75, 1)) | {"automargin": True, "range": [-0.03, 1.03]}
    layout["yaxis"]["title"] = {"text": escape_text(chart.words["completion_rate"])} | quiet
    layout["xaxis"] = {
        "range": [-0.03 * ticks[-1], 1.06 * ticks[-1]],
        "tickvals": ticks,
        "ticktext": [chart.write_beside(tick) for tick in ticks],
        "tickfont": {"color": theme.MUTED, "size": theme.SMALL},
        "title": {"text": escape_text(scatter.across)} | quiet,
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        "automargin": True,
    }
    put_key(layout, write_key(scatter.key, "●●│"))
    return {"data": [trace], "layout": layout}
