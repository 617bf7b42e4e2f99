"""Figures of bars: rates up to their upper bounds with n/N at the right, or statuses as segments of 100 %."""

from dashboard import theme
from dashboard.charts.catalogue import STATUS_COLUMNS
from dashboard.charts.chart import Chart
from dashboard.charts.plotly.parts import (
    LEGEND_LINE,
    LINE,
    TOP_LEFT,
    Part,
    escape_text,
    lay_out,
    member_hover,
    percent_axis,
    rounded,
    wrapped,
    write_key,
)
from dashboard.formats import format_count, format_rate_label
from dashboard.measures.definitions import RATES

BAR_GAP = 14
AXIS_SPACE = 40
_RATE_FILLS = {
    "completion_rate": (theme.COMPLETED, theme.COMPLETED_FEW),
    "reporting_rate": (theme.REPORTED, theme.REPORTED_FEW),
}


def draw_rates(chart: Chart) -> Part:
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
        spread = [_part(n, of) for n, of in zip(frame["unknown"], frame["actions"], strict=True)]
        possible = _bars(chart.words["possible"], spread, places, theme.POSSIBLE, hover)
        possible["base"] = values
        possible["marker"]["line"] = {"color": theme.POSSIBLE_EDGE, "width": 1}
        traces.append(possible)
    labels = [
        format_rate_label(n, of, lang) if of else chart.words["no_actions"]
        for n, of in zip(frame[count], frame["actions"], strict=True)
    ]
    layout = _lay_out(chart, labels, traces if len(traces) > 1 else [])
    return {"data": [*traces, _anchor()], "layout": layout | {"barmode": "overlay"}}


def draw_statuses(chart: Chart) -> Part:
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
            f"<b>{escape_text(label)}</b><br>{escape_text(chart.say_rate(f'status_{status}', int(n), int(of)))}"
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
    layout = _lay_out(chart, labels, traces)
    layout |= {"barmode": "stack", "uniformtext": {"mode": "hide", "minsize": theme.SMALL - 1}}
    return {"data": [*traces, _anchor()], "layout": layout}


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


def _lay_out(chart: Chart, labels: list[str], keyed: list[Part]) -> Part:
    """Names at the left, values at the right, both as axes, so that the margins follow their lengths."""
    frame = chart.drawn
    names = [wrapped(label) for label in frame["label"]]
    values = [
        f'<span style="color:{theme.MUTED}">{label}</span>' if few else label
        for label, few in zip(labels, frame["is_few"], strict=True)
    ]
    row = max(name.count("<br>") + 1 for name in names) * LINE + BAR_GAP
    key = write_key([(trace["name"], trace["marker"]["color"]) for trace in keyed])
    height = len(names) * row + len(key) * LEGEND_LINE + AXIS_SPACE
    layout = lay_out(chart, height, bargap=0.34)
    if key:
        layout["title"] = {"text": "<br>".join(key), "font": {"size": theme.SMALL}} | TOP_LEFT
        layout["margin"]["t"] += len(key) * LEGEND_LINE
    layout["xaxis"] = percent_axis(chart, (0, 0.5, 1))
    layout["yaxis"] = _member_axis(names)
    layout["yaxis2"] = _member_axis(values) | {"overlaying": "y", "side": "right"}
    return layout


def _member_axis(names: list[str]) -> Part:
    return {
        "tickvals": list(range(len(names))),
        "ticktext": names,
        "range": [len(names) - 0.5, -0.5],
        "automargin": True,
        "fixedrange": True,
        "showgrid": False,
        "zeroline": False,
        "ticks": "",
        "ticklabelstandoff": 6,
    }
