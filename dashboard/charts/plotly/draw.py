"""Plotly figures of charts: themed, with direct labels; no title, caption or page text, which stand around them.

A figure is made from plain lists and dictionaries and is not validated again: Plotly's validators cost more
than the query. Heights follow the number of marks; widths are the page's.
"""

from collections.abc import Callable

import plotly.graph_objects as go

from dashboard import theme
from dashboard.charts.catalogue import STATUS_COLUMNS, Kind
from dashboard.charts.chart import Chart
from dashboard.charts.plotly.layouts import Part, escape_text, lay_out, lay_out_bars, lay_out_curve, lay_out_grid
from dashboard.charts.plotly.multiples import draw_multiples
from dashboard.charts.plotly.parts import line, member_hover, pair, rounded
from dashboard.charts.plotly.tiles import draw_tiles
from dashboard.formats import format_count, format_counts, format_percent, format_rate, format_rate_label
from dashboard.measures.definitions import FEW, RATES

CONFIG = {"displayModeBar": False, "responsive": True, "scrollZoom": False, "doubleClick": False}
"""Plotly's `config` for every chart: no tool bar, no zooming by accident."""


def draw(chart: Chart) -> go.Figure:
    """The figure of a chart; a sentence in its place when the selection holds no action."""
    parts = _draw_nothing(chart) if not chart.total.actions or chart.frame.empty else _DRAWINGS[chart.spec.kind](chart)
    return go.Figure(parts, _validate=False)


def _draw_nothing(chart: Chart) -> Part:
    words = chart.words["none_shown" if chart.total.actions else "none_selected"]
    note = {"text": escape_text(words), "showarrow": False, "x": 0.5, "y": 0.5}
    note |= {"xref": "paper", "yref": "paper", "font": {"size": theme.FONT_SIZE + 2, "color": theme.MUTED}}
    hidden = {"visible": False}
    return {"data": [], "layout": lay_out(chart, 120, annotations=[note], xaxis=hidden, yaxis=hidden)}


def _draw_rates(chart: Chart) -> Part:
    """Bars up to the rate, paler ones up to the upper bound, and n/N in a column at the right."""
    frame, lang = chart.drawn, chart.lang
    rate = chart.spec.measures[0]
    count = RATES[rate].parts[0]
    places = list(range(len(frame)))
    fill, few_fill = _RATE_FILLS[rate]
    few = frame["is_few"].tolist()
    hover = member_hover(chart, frame)
    values = rounded(frame[rate])
    traces = [
        _bars(chart.words[count], values, places, [few_fill if f else fill for f in few], hover),
    ]
    if "upper_bound" in chart.spec.measures:
        spread = [_part(n, of) for n, of in zip(frame["not_reported"], frame["actions"], strict=True)]
        possible = _bars(chart.words["possible"], spread, places, theme.POSSIBLE, hover)
        possible["base"] = values
        possible["marker"]["line"] = {"color": theme.POSSIBLE_EDGE, "width": 1}
        traces.append(possible)
    labels = [
        format_rate_label(n, of, lang) if of else chart.words["no_actions"]
        for n, of in zip(frame[count], frame["actions"], strict=True)
    ]
    layout = lay_out_bars(chart, labels, traces if len(traces) > 1 else [])
    return {"data": [*traces, _anchor()], "layout": layout | {"barmode": "overlay"}}


def _draw_statuses(chart: Chart) -> Part:
    """Bars of 100 %, a segment a status with its count where it fits, and N in a column at the right."""
    frame, lang = chart.drawn, chart.lang
    places = list(range(len(frame)))
    traces = []
    for status, column in STATUS_COLUMNS.items():
        counts = frame[column].tolist()
        if not any(counts):
            continue
        ink = theme.STATUS_INKS[status]
        name = chart.words[f"status_{status}"]
        shares = [_part(n, of) for n, of in zip(counts, frame["actions"], strict=True)]
        texts = [format_count(n, lang) if n else "" for n in counts]
        hover = [
            f"<b>{escape_text(label)}</b><br>{pair(chart, name, format_rate(int(n), int(of), lang))}"
            for label, n, of in zip(frame["label"], counts, frame["actions"], strict=True)
        ]
        bars = _bars(name, shares, places, ink.fill, hover)
        bars["marker"] |= {"line": {"color": theme.PAPER, "width": 1}}
        bars |= {"text": texts, "textposition": "inside", "insidetextanchor": "middle", "textangle": 0}
        bars["insidetextfont"] = {"color": ink.text, "size": theme.SMALL}
        traces.append(bars)
    labels = [format_count(int(n), lang) if n else chart.words["no_actions"] for n in frame["actions"]]
    if any(sizes := frame["actions"].tolist()):
        labels[next(place for place, size in enumerate(sizes) if size)] = chart.words["first_actions"]
    layout = lay_out_bars(chart, labels, traces)
    layout |= {"barmode": "stack", "uniformtext": {"mode": "hide", "minsize": theme.SMALL - 1}}
    return {"data": [*traces, _anchor()], "layout": layout}


def _draw_curve(chart: Chart) -> Part:
    """Steps of the completion rate, a band up to the upper bound, the time elapsed, and the deadline."""
    frame, lang = chart.frame, chart.lang
    first = frame["on_date"].iloc[0].date()
    total = chart.total
    axis = {"type": "scatter", "mode": "lines", "x0": first.isoformat(), "dx": 86_400_000}
    day_before = (first - chart.campaign["starts_on"]).days
    days = [min(max(day_before + number, 0), total.days_total) for number in range(1, len(frame) + 1)]
    completed = frame["completed"].tolist()
    possible = (frame["completed"] + frame["not_reported"]).tolist()
    upper = line("at_most", chart, frame["upper_bound"], [format_percent(n, total.actions, lang) for n in possible])
    upper["line"] = {"color": theme.POSSIBLE_EDGE, "width": 1, "shape": "hv"}
    lower = line(
        "completed", chart, frame["completion_rate"], [format_rate_label(n, total.actions, lang) for n in completed]
    )
    lower |= {
        "line": {"color": theme.COMPLETED, "width": 3, "shape": "hv"},
        "fill": "tonexty",
        "fillcolor": theme.POSSIBLE,
    }
    elapsed = line("elapsed", chart, frame["elapsed"], [format_percent(n, total.days_total, lang) for n in days])
    elapsed["line"] = {"color": theme.ELAPSED, "width": 2, "dash": "dash"}
    traces = [axis | trace for trace in (upper, lower, elapsed)]
    return {"data": traces, "layout": lay_out_curve(chart)}


def _draw_grid(chart: Chart) -> Part:
    """A cell a pair of members: shaded by rate where there are enough actions, n/N in it."""
    frame, lang = chart.frame, chart.lang
    rows = {code: number for number, code in enumerate(dict.fromkeys(frame["code"]))}
    columns = {code: number for number, (code, _) in enumerate(chart.columns)}
    has_room = int(frame["actions"].max()) < 100
    layers = {name: _Layer(len(rows), len(columns)) for name in _GRID_INKS}
    cells = zip(
        frame["code"],
        frame["column_code"],
        frame["label"],
        frame["column_label"],
        frame["completed"],
        frame["actions"],
        strict=True,
    )
    for code, column_code, label, column_label, completed, actions in cells:
        rate = completed / actions
        layer = layers["few" if actions < FEW else "dark" if theme.is_dark_shade(rate) else "pale"]
        row, column = rows[code], columns[column_code]
        layer.z[row][column] = round(rate, 4)
        write = format_counts if has_room or actions < FEW else format_percent
        layer.text[row][column] = write(completed, actions, lang)
        layer.hover[row][column] = (
            f"<b>{escape_text(label)} · {escape_text(column_label)}</b><br>"
            f"{pair(chart, chart.words['completed'], format_rate(completed, actions, lang))}"
        )
    traces = [_heat(layer, *_GRID_INKS[name]) for name, layer in layers.items() if layer.is_used]
    return {"data": traces, "layout": lay_out_grid(chart)}


class _Layer:
    """The cells of a grid that share a text colour; the others are empty."""

    def __init__(self, rows: int, columns: int) -> None:
        self.z: list[list[float | None]] = [[None] * columns for _ in range(rows)]
        self.text = [[""] * columns for _ in range(rows)]
        self.hover = [[""] * columns for _ in range(rows)]

    @property
    def is_used(self) -> bool:
        return any(value is not None for row in self.z for value in row)


_GRID_INKS = {
    "few": (((theme.EMPTY_CELL, 0.0), (theme.EMPTY_CELL, 1.0)), theme.MUTED),
    "pale": (theme.PALE_SHADES, theme.TEXT),
    "dark": (theme.DARK_SHADES, theme.PAPER),
}


def _heat(layer: _Layer, shades: tuple[tuple[str, float], ...], text_colour: str) -> Part:
    (low, zmin), (high, zmax) = shades
    return {
        "type": "heatmap",
        "z": layer.z,
        "zmin": zmin,
        "zmax": zmax,
        "colorscale": [[0, low], [1, high]],
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


_DRAWINGS: dict[Kind, Callable[[Chart], Part]] = {
    "rates": _draw_rates,
    "statuses": _draw_statuses,
    "curve": _draw_curve,
    "grid": _draw_grid,
    "tiles": draw_tiles,
    "multiples": draw_multiples,
}

_RATE_FILLS = {
    "completion_rate": (theme.COMPLETED, theme.COMPLETED_FEW),
    "reporting_rate": (theme.REPORTED, theme.REPORTED_FEW),
}


def _bars(name: str, values: list[float | None], places: list[int], colour: str | list[str], hover: list[str]) -> Part:
    return {
        "type": "bar",
        "orientation": "h",
        "name": escape_text(name),
        "x": values,
        "y": places,
        "marker": {"color": colour},
        "customdata": hover,
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _anchor() -> Part:
    """An empty trace: Plotly draws the right-hand axis, which holds the values' labels, only if it has one."""
    return {"type": "scatter", "x": [None], "y": [None], "yaxis": "y2", "hoverinfo": "skip"}


def _part(numerator: int, denominator: int) -> float | None:
    return round(numerator / denominator, 4) if denominator else None
