"""Plotly figures of charts: themed, with direct labels; no title, caption or page text, which stand around them.

A figure is made from plain lists and dictionaries and is not validated again: Plotly's validators cost more
than the query. Heights follow the number of marks; widths are the page's.
"""

from collections.abc import Callable
from datetime import date
from html import escape
from math import isnan
from textwrap import wrap
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard import theme
from dashboard.catalogue import STATUS_COLUMNS, Kind
from dashboard.charts import Chart
from dashboard.definitions import FEW, RATES
from dashboard.formats import format_count, format_date, format_month, format_percent, plotly_separators

CONFIG = {"displayModeBar": False, "responsive": True, "scrollZoom": False, "doubleClick": False}
"""Plotly's `config` for every chart: no tool bar, no zooming by accident."""

LABEL_WIDTH = 22
LINE = 16
BAR_GAP = 14
CELL_GAP = 6
LEGEND_LINE = 18
KEY_WIDTH = 58
AXIS_SPACE = 40
LETTER = 7
END_GAP = 0.13
NOTE_DAYS = 120

Part = dict[str, Any]


def draw(chart: Chart) -> go.Figure:
    """The figure of a chart; a sentence in its place when the selection holds no action."""
    parts = _draw_nothing(chart) if not chart.total.actions or chart.frame.empty else _DRAWINGS[chart.spec.kind](chart)
    return go.Figure(parts, _validate=False)


def _draw_nothing(chart: Chart) -> Part:
    note = {"text": escape(chart.words["none_selected"]), "showarrow": False, "x": 0.5, "y": 0.5}
    note |= {"xref": "paper", "yref": "paper", "font": {"size": theme.FONT_SIZE + 2, "color": theme.MUTED}}
    hidden = {"visible": False}
    return {"data": [], "layout": _layout(chart, 120, annotations=[note], xaxis=hidden, yaxis=hidden)}


def _draw_rates(chart: Chart) -> Part:
    """Bars up to the rate, paler ones up to the upper bound, and n/N in a column at the right."""
    frame, lang = chart.drawn, chart.lang
    rate = chart.spec.measures[0]
    count = RATES[rate].parts[0]
    places = list(range(len(frame)))
    fill, few_fill = _RATE_FILLS[rate]
    few = frame["is_few"].tolist()
    hover = _member_hover(chart)
    values = _rounded(frame[rate])
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
        _rate_label(n, of, lang) if of else chart.words["no_actions"]
        for n, of in zip(frame[count], frame["actions"], strict=True)
    ]
    layout = _bar_layout(chart, labels, traces if len(traces) > 1 else [])
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
            f"<b>{escape(label)}</b><br>{escape(name)}: {_hover_rate(int(n), int(of), lang)}"
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
    layout = _bar_layout(chart, labels, traces)
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
    upper = _line("at_most", chart, frame["upper_bound"], [format_percent(n, total.actions, lang) for n in possible])
    upper["line"] = {"color": theme.POSSIBLE_EDGE, "width": 1, "shape": "hv"}
    lower = _line("completed", chart, frame["completion_rate"], [_rate_label(n, total.actions, lang) for n in completed])
    lower |= {"line": {"color": theme.COMPLETED, "width": 3, "shape": "hv"}, "fill": "tonexty", "fillcolor": theme.POSSIBLE}
    elapsed = _line("elapsed", chart, frame["elapsed"], [format_percent(n, total.days_total, lang) for n in days])
    elapsed["line"] = {"color": theme.ELAPSED, "width": 2, "dash": "dash"}
    traces = [axis | trace for trace in (upper, lower, elapsed)]
    return {"data": traces, "layout": _curve_layout(chart)}


def _draw_grid(chart: Chart) -> Part:
    """A cell a pair of members: shaded by rate where there are enough actions, n/N in it."""
    frame, lang = chart.frame, chart.lang
    rows = {code: number for number, code in enumerate(dict.fromkeys(frame["code"]))}
    columns = {code: number for number, (code, _) in enumerate(chart.columns)}
    has_room = int(frame["actions"].max()) < 100
    layers = {name: _Layer(len(rows), len(columns)) for name in _GRID_INKS}
    cells = zip(
        frame["code"], frame["column_code"], frame["label"], frame["column_label"], frame["completed"], frame["actions"],
        strict=True,
    )
    for code, column_code, label, column_label, completed, actions in cells:
        rate = completed / actions
        layer = layers["few" if actions < FEW else "dark" if rate > theme.DARK_SHADES[0][1] else "pale"]
        row, column = rows[code], columns[column_code]
        layer.z[row][column] = round(rate, 4)
        layer.text[row][column] = f"{completed}/{actions}" if has_room else format_percent(completed, actions, lang)
        layer.hover[row][column] = (
            f"<b>{escape(label)} · {escape(column_label)}</b><br>"
            f"{escape(chart.words['completed'])}: {_hover_rate(completed, actions, lang)}"
        )
    traces = [_heat(layer, *_GRID_INKS[name]) for name, layer in layers.items() if layer.is_used]
    return {"data": traces, "layout": _grid_layout(chart, rows)}


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
}

_TOP_LEFT = {"x": 0, "xref": "container", "xanchor": "left", "y": 1, "yref": "container", "yanchor": "top"}
_TOP_LEFT |= {"pad": {"l": 10, "t": 18}}

_RATE_FILLS = {
    "completion_rate": (theme.COMPLETED, theme.COMPLETED_FEW),
    "reporting_rate": (theme.REPORTED, theme.REPORTED_FEW),
}


def _bars(name: str, values: list[float | None], places: list[int], colour: str | list[str], hover: list[str]) -> Part:
    return {
        "type": "bar",
        "orientation": "h",
        "name": escape(name),
        "x": values,
        "y": places,
        "marker": {"color": colour},
        "customdata": hover,
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _anchor() -> Part:
    """An empty trace: Plotly draws the right-hand axis, which holds the values' labels, only if it has one."""
    return {"type": "scatter", "x": [None], "y": [None], "yaxis": "y2", "hoverinfo": "skip"}


def _line(word: str, chart: Chart, values: "pd.Series[float]", texts: list[str]) -> Part:
    name = escape(chart.words[word])
    return {"name": name, "y": _rounded(values), "text": texts, "hovertemplate": f"{name}: %{{text}}<extra></extra>"}


def _rate_label(numerator: int, denominator: int, lang: str) -> str:
    counts = f"{format_count(numerator, lang)}/{format_count(denominator, lang)}"
    return f"{format_percent(numerator, denominator, lang)} · {counts}"


def _hover_rate(numerator: int, denominator: int, lang: str) -> str:
    counts = f"{format_count(numerator, lang)}/{format_count(denominator, lang)}"
    return f"{format_percent(numerator, denominator, lang)} ({counts})"


def _member_hover(chart: Chart) -> list[str]:
    """What each bar says when pointed at: the rates with their counts."""
    frame, lang, words = chart.drawn, chart.lang, chart.words
    rows = zip(
        frame["label"], frame["actions"], frame["completed"], frame["not_reported"], frame["reported"], strict=True
    )
    return [
        f"<b>{escape(label)}</b><br>"
        f"{escape(words['completion_rate'])}: {_hover_rate(completed, actions, lang)}<br>"
        f"{escape(words['upper_bound'])}: {_hover_rate(completed + silent, actions, lang)}<br>"
        f"{escape(words['reporting_rate'])}: {_hover_rate(reported, actions, lang)}"
        if actions
        else f"<b>{escape(label)}</b><br>{escape(words['no_actions'])}"
        for label, actions, completed, silent, reported in rows
    ]


def _wrapped(label: str, width: int = LABEL_WIDTH) -> str:
    return "<br>".join(escape(line, quote=False) for line in wrap(label, width, break_long_words=False))


def _rounded(values: "pd.Series[float]") -> list[float | None]:
    return [None if isnan(value) else round(value, 4) for value in values.tolist()]


def _part(numerator: int, denominator: int) -> float | None:
    return round(numerator / denominator, 4) if denominator else None


def _bar_layout(chart: Chart, labels: list[str], keyed: list[Part]) -> Part:
    """Names at the left, values at the right, both as axes, so that the margins follow their lengths."""
    frame = chart.drawn
    names = [_wrapped(label) for label in frame["label"]]
    values = [
        f'<span style="color:{theme.MUTED}">{label}</span>' if few else label
        for label, few in zip(labels, frame["is_few"], strict=True)
    ]
    row = max(name.count("<br>") + 1 for name in names) * LINE + BAR_GAP
    key = _write_key([(trace["name"], trace["marker"]["color"]) for trace in keyed])
    height = len(names) * row + len(key) * LEGEND_LINE + AXIS_SPACE
    layout = _layout(chart, height, bargap=0.34)
    if key:
        layout["title"] = {"text": "<br>".join(key), "font": {"size": theme.SMALL}} | _TOP_LEFT
        layout["margin"]["t"] += len(key) * LEGEND_LINE
    layout["xaxis"] = _percent_axis(chart, (0, 0.5, 1))
    layout["yaxis"] = _member_axis(names)
    layout["yaxis2"] = _member_axis(values) | {"overlaying": "y", "side": "right"}
    return layout


def _write_key(entries: list[tuple[str, Any]]) -> list[str]:
    """The legend as lines of text: Plotly's own starts at the bars, and takes half of a narrow screen."""
    lines: list[str] = []
    length = KEY_WIDTH
    for name, colour in entries:
        fill = colour if isinstance(colour, str) else theme.COMPLETED
        swatch = f'<span style="color:{fill};font-size:{theme.FONT_SIZE + 3}px">■</span> {name}'
        length += len(name) + 4
        if length > KEY_WIDTH:
            lines.append(swatch)
            length = len(name) + 4
        else:
            lines[-1] += f"\u2003{swatch}"
    return lines


def _member_axis(names: list[str]) -> Part:
    return {
        "tickvals": list(range(len(names))),
        "ticktext": names,
        "range": [len(names) - 0.5, -0.5],
        "automargin": True,
        "fixedrange": True,
        "showgrid": False,
        "zeroline": False,
        "ticklabelstandoff": 6,
    }


def _percent_axis(chart: Chart, values: tuple[float, ...]) -> Part:
    return {
        # A hair above 1: shares are rounded, and Plotly hides the text of a bar that leaves the range.
        "range": [0, 1.002],
        "tickvals": list(values),
        "ticktext": [format_percent(round(value * 100), 100, chart.lang) for value in values],
        "tickfont": {"color": theme.MUTED, "size": theme.SMALL},
        "gridcolor": theme.GRID,
        "fixedrange": True,
        "zeroline": False,
    }


def _curve_layout(chart: Chart) -> Part:
    campaign = chart.campaign
    first = chart.frame["on_date"].iloc[0].date()
    last = max(campaign["ends_on"], chart.total.day)
    notes, room = _curve_ends(chart, first, last)
    deadline = campaign["action_deadline_on"]
    if first <= deadline <= last:
        words = f"{escape(chart.words['deadline'])}: {format_date(deadline, chart.lang)}"
        side = "right" if (deadline - first) * 2 > last - first else "left"
        notes.append(_note(words, deadline, 1.0, theme.MUTED) | {"yref": "paper", "yanchor": "bottom", "xanchor": side})
    if (chart.total.day - first).days >= NOTE_DAYS and chart.total.not_reported < chart.total.actions:
        words = _wrapped(chart.words["possible"], 14)
        notes.append(_note(words, first, 0.62, theme.MUTED) | {"xshift": 8, "align": "left"})
    layout = _layout(chart, 380, annotations=notes, hovermode="x unified")
    layout["shapes"] = [
        {"type": "line", "x0": deadline.isoformat(), "x1": deadline.isoformat(), "y0": 0, "y1": 1, "yref": "paper"}
        | {"line": {"color": theme.AXIS, "width": 1, "dash": "dot"}}
    ]
    layout["margin"] = {"l": 10, "r": room, "t": 26, "b": 40}
    layout["xaxis"] = _time_axis(first, last, chart.lang)
    layout["yaxis"] = _percent_axis(chart, (0, 0.25, 0.5, 0.75, 1)) | {"range": [0, 1.02], "automargin": True}
    return layout


def _curve_ends(chart: Chart, first: date, last: date) -> tuple[list[Part], int]:
    """What each line says at its end, moved apart, and the room this needs right of the plot, in pixels."""
    total, words = chart.total, chart.words
    ends = [
        (total.day_number, total.days_total, words["elapsed"], theme.ELAPSED),
        (total.completed, total.actions, words["completed"], theme.COMPLETED),
    ]
    if total.not_reported:
        ends.append((total.completed + total.not_reported, total.actions, words["at_most"], theme.MUTED))
    ends.sort(key=lambda end: end[0] / end[1])
    places = _spread([n / of for n, of, _, _ in ends], gap=END_GAP)
    notes = [
        _note(f"{escape(name)}<br><b>{format_percent(n, of, chart.lang)}</b>", total.day, place, colour)
        | {"xshift": 6, "align": "left"}
        for place, (n, of, name, colour) in zip(places, ends, strict=True)
    ]
    needed = round(max(len(name) for _, _, name, _ in ends) * LETTER) + 16
    has_room_inside = (last - total.day) > (last - first) * 0.4
    return notes, 12 if has_room_inside else needed


def _note(text: str, day: date, height: float, colour: str) -> Part:
    note = {"text": text, "x": day.isoformat(), "y": height, "showarrow": False, "xanchor": "left"}
    return note | {"font": {"color": colour, "size": theme.FONT_SIZE}}


def _spread(places: list[float], gap: float) -> list[float]:
    """Ascending places moved apart to at least `gap`, the highest one at most at 1."""
    spread: list[float] = []
    for place in places:
        spread.append(max(place, spread[-1] + gap) if spread else place)
    limit = 1.0
    for number in range(len(spread) - 1, -1, -1):
        spread[number] = min(spread[number], limit)
        limit = spread[number] - gap
    return spread


def _time_axis(first: date, last: date, lang: str) -> Part:
    """The whole campaign, labelled at the first of at most six months, a small tick at every month."""
    months = [date(year, month, 1) for year in range(first.year, last.year + 1) for month in range(1, 13)]
    months = [month for month in months if first.replace(day=1) <= month <= last]
    step = next((step for step in (1, 2, 3, 6) if len(months) <= 6 * step), 12)
    labelled = [month for month in months if (month.month - 1) % step == 0]
    names = [
        format_month(month, lang) + (f"<br>{month.year}" if number == 0 or month.month == 1 else "")
        for number, month in enumerate(labelled)
    ]
    return {
        "type": "date",
        "range": [first.isoformat(), last.isoformat()],
        "tickvals": [month.isoformat() for month in labelled],
        "ticktext": names,
        "tickfont": {"color": theme.MUTED, "size": theme.SMALL},
        "ticks": "outside",
        "tickcolor": theme.AXIS,
        "linecolor": theme.AXIS,
        "showgrid": False,
        "fixedrange": True,
        "hoverformat": "%d/%m/%Y" if lang != "en" else "%-d %B %Y",
    }


def _grid_layout(chart: Chart, rows: dict[str, int]) -> Part:
    labels = list(dict.fromkeys(zip(chart.frame["code"], chart.frame["label"], strict=True)))
    names = [_wrapped(label, 16) for _, label in labels]
    row = max(name.count("<br>") + 1 for name in names) * LINE + CELL_GAP
    layout = _layout(chart, len(names) * row + 110)
    layout["margin"] = {"l": 10, "r": 10, "t": 10, "b": 10}
    layout["yaxis"] = {"tickvals": list(range(len(names))), "ticktext": names, "autorange": "reversed", "automargin": True}
    layout["yaxis"] |= {"fixedrange": True, "showgrid": False, "zeroline": False, "ticklabelstandoff": 6}
    heads = [_wrapped(label, 14) for _, label in chart.columns]
    layout["xaxis"] = {"tickvals": list(range(len(heads))), "ticktext": heads, "side": "top", "automargin": True}
    layout["xaxis"] |= {"fixedrange": True, "showgrid": False, "zeroline": False, "autotickangles": [0, -90]}
    return layout


def _layout(chart: Chart, height: int, **parts: Any) -> Part:
    return {
        "height": height,
        "autosize": True,
        "separators": plotly_separators(chart.lang),
        "font": {"family": theme.FONT, "size": theme.FONT_SIZE, "color": theme.TEXT},
        "paper_bgcolor": theme.PAPER,
        "plot_bgcolor": theme.PAPER,
        "margin": {"l": 10, "r": 10, "t": 10, "b": 28},
        "dragmode": False,
        "hoverlabel": {"bgcolor": theme.PAPER, "bordercolor": theme.AXIS, "align": "left"}
        | {"font": {"family": theme.FONT, "size": theme.FONT_SIZE, "color": theme.TEXT}},
        "showlegend": False,
        **parts,
    }
