"""The figure of two selections over time: both curves on the same axes, each with the band up to its upper bound."""

from datetime import date

from dashboard import theme
from dashboard.charts.chart import Chart
from dashboard.charts.plotly.parts import (
    LEGEND_LINE,
    TOP_LEFT,
    TWO_LINES,
    Part,
    escape_text,
    lay_out,
    percent_axis,
    rounded,
    time_axis,
    write_key,
)
from dashboard.charts.plotly.sided_bars import FILLS
from dashboard.formats import format_percent

HEIGHT = 400
SHAPES = ("|", "-")
"""The hatches of the sides' bands: upright and level, so that both are seen where they lie on each other."""


def draw_curves(chart: Chart) -> Part:
    """Of each selection a line of what is completed, and a hatch from it up to what could be."""
    traces: list[Part] = []
    frames = [frame for _, frame in chart.frame.groupby("side", sort=False)]
    for side, frame, fills, shape in zip(chart.sides, frames, FILLS, SHAPES, strict=True):
        known, _, possible, edge = fills
        first = frame["on_date"].iloc[0].date()
        axis: Part = {"type": "scatter", "mode": "lines", "x0": first.isoformat(), "dx": 86_400_000}
        axis |= {"name": escape_text(side.name)}
        actions = side.total.actions
        completed = frame["completed"].tolist()
        most = (frame["completed"] + frame["unknown"]).tolist()
        texts = [
            f"{format_percent(n, actions, chart.lang)} – {format_percent(up, actions, chart.lang)}"
            for n, up in zip(completed, most, strict=True)
        ]
        hover = f"{chart.pair(escape_text(side.name), '%{text}')}<extra></extra>"
        lower = {"y": rounded(frame["completion_rate"]), "line": {"color": known, "width": 3, "shape": "hv"}}
        upper = {"y": rounded(frame["upper_bound"]), "line": {"color": edge, "width": 1, "shape": "hv"}}
        upper |= {"fill": "tonexty", "fillcolor": "rgba(0,0,0,0)", "hoverinfo": "skip"}
        upper |= {"fillpattern": {"shape": shape, "fgcolor": possible, "size": 6, "solidity": 0.16}}
        traces += [axis | lower | {"text": texts, "hovertemplate": hover}, axis | upper]
    return {"data": [*traces, _clock(chart)], "layout": _lay_out(chart)}


def _clock(chart: Chart) -> Part:
    """The time elapsed, on each day of the longer curve."""
    frame = max((frame for _, frame in chart.frame.groupby("side", sort=False)), key=len)
    return {
        "type": "scatter",
        "mode": "lines",
        "x0": frame["on_date"].iloc[0].date().isoformat(),
        "dx": 86_400_000,
        "y": rounded(frame["elapsed"]),
        "name": chart.words["elapsed"],
        "line": {"color": theme.MUTED, "width": 1.5, "dash": "dash"},
        "hovertemplate": f"{chart.pair(escape_text(chart.words['elapsed']), '%{y:.0%}')}<extra></extra>",
    }


def _lay_out(chart: Chart) -> Part:
    keyed = [(escape_text(side.name), fills[0]) for side, fills in zip(chart.sides, FILLS, strict=True)]
    keyed += [(escape_text(chart.words["possible"]), theme.POSSIBLE), (chart.words["elapsed"], theme.MUTED)]
    key = write_key(keyed)
    first: date = chart.frame["on_date"].min().date()
    last = max(chart.campaign["ends_on"], *(total.day for total in chart.totals))
    layout = lay_out(chart, HEIGHT + len(key) * LEGEND_LINE, hovermode="x unified")
    layout["title"] = {"text": "<br>".join(key), "font": {"size": theme.SMALL}} | TOP_LEFT
    layout["margin"] = {"l": 10, "r": 12, "t": 26 + len(key) * LEGEND_LINE, "b": TWO_LINES}
    layout["xaxis"] = time_axis(first, last, chart.lang)
    layout["yaxis"] = percent_axis(chart, (0, 0.25, 0.5, 0.75, 1)) | {"range": [0, 1.02], "automargin": True}
    return layout
