"""The figure of a curve: the area of what is completed, a hatch up to the upper bound, time elapsed, deadline."""

from datetime import date

import pandas as pd

from dashboard import theme
from dashboard.charts.chart import Chart
from dashboard.charts.plotly.parts import (
    TWO_LINES,
    Part,
    escape_text,
    lay_out,
    percent_axis,
    rounded,
    time_axis,
    wrapped,
    write_note,
)
from dashboard.formats import format_percent, format_rate_label
from dashboard.measures.surveys import Wave

LETTER = 7
END_GAP = 0.13
NOTE_DAYS = 120
WAVES = 26
NEAR_END = 0.9
"""Room below the months for the survey waves, in pixels."""
HATCH: Part = {"fill": "tozeroy", "fillcolor": "rgba(0,0,0,0)"}
HATCH |= {"fillpattern": {"shape": "|", "fgcolor": theme.POSSIBLE, "size": 6, "solidity": 0.16}}
"""Fine strokes up to the upper bound; the area of what is completed is drawn over them."""


def draw_curve(chart: Chart) -> Part:
    """The area of what is completed, a hatch up to the upper bound, the time elapsed, and the deadline."""
    frame, lang = chart.frame, chart.lang
    first = frame["on_date"].iloc[0].date()
    total = chart.total
    axis = {"type": "scatter", "mode": "lines", "x0": first.isoformat(), "dx": 86_400_000}
    day_before = (first - chart.campaign["starts_on"]).days
    days = [min(max(day_before + number, 0), total.days_total) for number in range(1, len(frame) + 1)]
    completed = frame["completed"].tolist()
    possible = (frame["completed"] + frame["unknown"]).tolist()
    upper = _line("at_most", chart, frame["upper_bound"], [format_percent(n, total.actions, lang) for n in possible])
    upper["line"] = {"color": theme.POSSIBLE_EDGE, "width": 1, "shape": "hv"}
    upper |= HATCH
    lower = _line(
        "completed", chart, frame["completion_rate"], [format_rate_label(n, total.actions, lang) for n in completed]
    )
    lower |= {
        "line": {"color": theme.COMPLETED, "width": 3, "shape": "hv"},
        "fill": "tozeroy",
        "fillcolor": theme.COMPLETED,
    }
    elapsed = _line("elapsed", chart, frame["elapsed"], [format_percent(n, total.days_total, lang) for n in days])
    elapsed["line"] = {"color": theme.ELAPSED, "width": 2, "dash": "dash"}
    traces = [axis | trace for trace in (upper, lower, elapsed)]
    return {"data": traces, "layout": _lay_out(chart)}


def _line(word: str, chart: Chart, values: "pd.Series[float]", texts: list[str]) -> Part:
    """A line named by one of the chart's words, with what each of its points says."""
    hover = f"{chart.pair(escape_text(chart.words[word]), '%{text}')}<extra></extra>"
    return {"name": chart.words[word], "y": rounded(values), "text": texts, "hovertemplate": hover}


def _lay_out(chart: Chart) -> Part:
    """The layout, each line named where it ends, and the hatch in it."""
    first, last = find_days(chart)
    notes, room = _curve_ends(chart, first, last)
    if (chart.total.day - first).days >= NOTE_DAYS and chart.total.unknown < chart.total.actions:
        words = wrapped(chart.words["possible"], 14)
        notes.append(write_note(words, first, 0.62, theme.TEXT) | {"xshift": 8, "align": "left"})
    return lay_out_days(chart, notes, room)


def find_days(chart: Chart) -> tuple[date, date]:
    """The days at the left and at the right of a curve: the whole campaign."""
    last = max(chart.campaign["ends_on"], *(total.day for total in chart.totals))
    return chart.frame["on_date"].min().date(), last


def lay_out_days(chart: Chart, notes: list[Part], room: int) -> Part:
    """The layout of curves: the whole campaign from left to right, the deadline and the survey waves marked.

    Args:
        chart: A chart of values over time.
        notes: What is written into it.
        room: What these need right of the plot, in pixels.
    """
    first, last = find_days(chart)
    deadline = chart.campaign["action_deadline_on"]
    if first <= deadline <= last:
        words = escape_text(chart.words["deadline"])
        side = "right" if (deadline - first) * 2 > last - first else "left"
        notes.append(
            write_note(words, deadline, 1.0, theme.MUTED) | {"yref": "paper", "yanchor": "bottom", "xanchor": side}
        )
    layout = lay_out(chart, 380, annotations=notes, hovermode="x unified")
    layout["shapes"] = [
        {"type": "line", "x0": deadline.isoformat(), "x1": deadline.isoformat(), "y0": 0, "y1": 1, "yref": "paper"}
        | {"line": {"color": theme.AXIS, "width": 1, "dash": "dot"}}
    ]
    layout["shapes"] += [_draw_wave(wave) for wave in chart.waves]
    notes += _name_waves(chart, first, last)
    layout["margin"] = {"l": 10, "r": room, "t": 26, "b": TWO_LINES + (WAVES if chart.waves else 0)}
    layout["xaxis"] = time_axis(first, last, chart.lang)
    layout["yaxis"] = percent_axis(chart, (0, 0.25, 0.5, 0.75, 1)) | {"range": [0, 1.02], "automargin": True}
    return layout


def _draw_wave(wave: Wave) -> Part:
    """A wave of the survey as a bar below the months."""
    place = {"yref": "paper", "ysizemode": "pixel", "yanchor": 0, "y0": -TWO_LINES - 7, "y1": -TWO_LINES - 3}
    days = {"x0": wave.first_on.isoformat(), "x1": wave.last_on.isoformat()}
    return {"type": "rect", **days, **place, "fillcolor": theme.MUTED, "line": {"width": 0}}


def _name_waves(chart: Chart, first: date, last: date) -> list[Part]:
    """The waves' names below their bars, inside the plot where a bar is at one of its ends."""
    notes = []
    for wave in chart.waves:
        start, end = (max((day - first) / (last - first), 0) for day in wave[1:])
        day, anchor = wave.first_on + (wave.last_on - wave.first_on) / 2, "center"
        if end > NEAR_END:
            day, anchor = wave.last_on, "right"
        elif start < 1 - NEAR_END:
            day, anchor = max(wave.first_on, first), "left"
        note = write_note(escape_text(chart.words[f"wave_{wave.name}"]), day, 0, theme.MUTED)
        note |= {"font": {"color": theme.MUTED, "size": theme.SMALL}, "xanchor": anchor, "yref": "paper"}
        notes.append(note | {"yanchor": "top", "yshift": -TWO_LINES - 8})
    return notes


def _curve_ends(chart: Chart, first: date, last: date) -> tuple[list[Part], int]:
    """What each line says at its end, moved apart, and the room this needs right of the plot, in pixels."""
    total, words, day = chart.total, chart.words, chart.last_known(chart.total)
    ends = [
        (*chart.elapsed_known, words["elapsed"], theme.ELAPSED),
        (total.completed, total.actions, words["completed"], theme.COMPLETED),
    ]
    if total.unknown:
        ends.append((total.completed + total.unknown, total.actions, words["at_most"], theme.MUTED))
    ends.sort(key=lambda end: end[0] / end[1])
    places = spread_ends([n / of for n, of, _, _ in ends], gap=END_GAP)
    notes = [
        write_note(f"{escape_text(name)}<br><b>{format_percent(n, of, chart.lang)}</b>", day, place, colour)
        | {"xshift": 6, "align": "left"}
        for place, (n, of, name, colour) in zip(places, ends, strict=True)
    ]
    needed = round(max(len(name) for _, _, name, _ in ends) * LETTER) + 16
    has_room_inside = (last - day) > (last - first) * 0.4
    return notes, 12 if has_room_inside else needed


def spread_ends(places: list[float], gap: float) -> list[float]:
    """Ascending places moved apart to at least `gap`, the highest one at most at 1."""
    spread: list[float] = []
    for place in places:
        spread.append(max(place, spread[-1] + gap) if spread else place)
    limit = 1.0
    for number in range(len(spread) - 1, -1, -1):
        spread[number] = min(spread[number], limit)
        limit = spread[number] - gap
    return spread
