"""The figure of two selections over time: both curves on the same axes, each with the band up to its upper bound."""

from dashboard import theme
from dashboard.charts.chart import Chart
from dashboard.charts.colours import PICTURE
from dashboard.charts.encoding import SIDE_ROLES
from dashboard.charts.marks import Side
from dashboard.charts.plotly.curve import END_GAP, LETTER, lay_out_days, spread_ends
from dashboard.charts.plotly.parts import (
    LEGEND_LINE,
    TOP_LEFT,
    Part,
    cut,
    escape_text,
    rounded,
    write_key,
    write_note,
)
from dashboard.formats import format_percent
from dashboard.measures.counts import Headline

LONGEST_NAME = 18
"""Letters of a side where its curve ends; the key has the whole."""
SHAPES = ("|", "-")
"""The hatches of the sides' bands: upright and level, so that both are seen where they lie on each other."""


def draw_curves(chart: Chart) -> Part:
    """Of each selection a line of what is completed, and a hatch from it up to what could be."""
    traces: list[Part] = []
    frames = [frame for _, frame in chart.frame.groupby("side", sort=False)]
    for side, frame, roles, shape in zip(chart.sides, frames, SIDE_ROLES, SHAPES, strict=True):
        line_colour, possible, edge = (PICTURE[role] for role in (*roles, f"{roles[1]}_edge"))
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
        lower = {"y": rounded(frame["completion_rate"]), "line": {"color": line_colour, "width": 3, "shape": "hv"}}
        upper = {
            "y": rounded(frame["upper_bound"]),
            "line": {"color": edge, "width": 1, "shape": "hv"},
        }
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
    """As of one curve, with the key above and each side's bounds and name where its curve ends."""
    keyed = [(escape_text(side.name), PICTURE[role]) for side, (role, _) in zip(chart.sides, SIDE_ROLES, strict=True)]
    keyed += [(escape_text(chart.words["possible"]), theme.POSSIBLE), (chart.words["elapsed"], theme.MUTED)]
    key = write_key(keyed)
    rated_sides = [(side.total.completed / side.total.actions, side) for side in chart.sides if side.total.actions]
    rated_sides.sort(key=lambda one: one[0])
    places = spread_ends([rate for rate, _ in rated_sides], END_GAP)
    notes = [_name_end(chart, side, place) for place, (_, side) in zip(places, rated_sides, strict=True)]
    layout = lay_out_days(chart, notes, LONGEST_NAME * LETTER)
    layout["title"] = {"text": "<br>".join(key), "font": {"size": theme.SMALL}} | TOP_LEFT
    layout["margin"]["t"] += len(key) * LEGEND_LINE
    layout["height"] += len(key) * LEGEND_LINE
    return layout


def _name_end(chart: Chart, side: Side, place: float) -> Part:
    name = escape_text(cut(side.name, LONGEST_NAME))
    note = write_note(f"{name}<br><b>{_bounds(chart, side.total)}</b>", chart.last_known(side.total), place, theme.TEXT)
    return note | {"xshift": 6, "align": "left"}


def _bounds(chart: Chart, total: Headline) -> str:
    least = format_percent(total.completed, total.actions, chart.lang)
    most = format_percent(total.completed + total.unknown, total.actions, chart.lang)
    return chart.words["range"].format(least=least, most=most) if total.unknown else least
