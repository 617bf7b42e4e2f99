"""Layouts of Plotly figures: axes, margins, keys and notes, and the heights that follow from the marks."""

from datetime import date
from html import escape
from textwrap import wrap
from typing import Any

from dashboard import theme
from dashboard.charts.chart import Chart
from dashboard.formats import format_month, format_percent

Part = dict[str, Any]

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
TWO_LINES = 50
"""Room below a plot for months with their year, in whichever typeface the reader has."""

TOP_LEFT = {"x": 0, "xref": "container", "xanchor": "left", "y": 1, "yref": "container", "yanchor": "top"}
TOP_LEFT |= {"pad": {"l": 10, "t": 18}}


def lay_out_bars(chart: Chart, labels: list[str], keyed: list[Part]) -> Part:
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


def lay_out_curve(chart: Chart) -> Part:
    """The whole campaign from left to right, the deadline marked, each line named where it ends."""
    campaign = chart.campaign
    first = chart.frame["on_date"].iloc[0].date()
    last = max(campaign["ends_on"], chart.total.day)
    notes, room = _curve_ends(chart, first, last)
    deadline = campaign["action_deadline_on"]
    if first <= deadline <= last:
        words = escape_text(chart.words["deadline"])
        side = "right" if (deadline - first) * 2 > last - first else "left"
        notes.append(
            write_note(words, deadline, 1.0, theme.MUTED) | {"yref": "paper", "yanchor": "bottom", "xanchor": side}
        )
    if (chart.total.day - first).days >= NOTE_DAYS and chart.total.not_reported < chart.total.actions:
        words = wrapped(chart.words["possible"], 14)
        notes.append(write_note(words, first, 0.62, theme.TEXT) | {"xshift": 8, "align": "left"})
    layout = lay_out(chart, 380, annotations=notes, hovermode="x unified")
    layout["shapes"] = [
        {"type": "line", "x0": deadline.isoformat(), "x1": deadline.isoformat(), "y0": 0, "y1": 1, "yref": "paper"}
        | {"line": {"color": theme.AXIS, "width": 1, "dash": "dot"}}
    ]
    layout["margin"] = {"l": 10, "r": room, "t": 26, "b": TWO_LINES}
    layout["xaxis"] = time_axis(first, last, chart.lang)
    layout["yaxis"] = percent_axis(chart, (0, 0.25, 0.5, 0.75, 1)) | {"range": [0, 1.02], "automargin": True}
    return layout


def lay_out_grid(chart: Chart) -> Part:
    """Row names at the left, column names on top; Plotly turns these upright where they have no room."""
    labels = list(dict.fromkeys(zip(chart.frame["code"], chart.frame["label"], strict=True)))
    names = [wrapped(label, 16) for _, label in labels]
    row = max(name.count("<br>") + 1 for name in names) * LINE + CELL_GAP
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


def lay_out(chart: Chart, height: int, **parts: Any) -> Part:
    """What every figure's layout has: fonts, colours, separators, margins; `parts` are added."""
    return {
        # Without one, Plotly adds its default template: 7 kB that nothing here uses.
        "template": {"layout": {"colorway": [theme.COMPLETED]}},
        "height": height,
        "autosize": True,
        "separators": chart.separators,
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


def escape_text(text: str) -> str:
    """`text` for a figure: Plotly takes tags and entities in it for markup, quotes stay as they are."""
    return escape(text, quote=False)


def write_key(entries: list[tuple[str, Any]], marks: str = "") -> list[str]:
    """A legend of (name, colour) pairs as lines of text, each with its own of the `marks`, else a square.

    Plotly's own starts at the bars, and takes half of a narrow screen.
    """
    lines: list[str] = []
    length = KEY_WIDTH
    for (name, colour), mark in zip(entries, marks or "■" * len(entries), strict=True):
        fill = colour if isinstance(colour, str) else theme.COMPLETED
        swatch = f'<span style="color:{fill};font-size:{theme.FONT_SIZE + 3}px">{mark}</span> {name}'
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
        "ticks": "",
        "ticklabelstandoff": 6,
    }


def percent_axis(chart: Chart, values: tuple[float, ...]) -> Part:
    """An axis from 0 to 100 %, labelled at some fractions of 1."""
    return {
        # A hair above 1: shares are rounded, and Plotly hides the text of a bar that leaves the range.
        "range": [0, 1.002],
        "tickvals": list(values),
        "ticktext": [format_percent(round(value * 100), 100, chart.lang) for value in values],
        "tickfont": {"color": theme.MUTED, "size": theme.SMALL},
        "ticks": "",
        "gridcolor": theme.GRID,
        "fixedrange": True,
        "zeroline": False,
    }


def time_axis(first: date, last: date, lang: str, most: int = 6) -> Part:
    """The whole campaign, labelled and ticked at the first of at most `most` months."""
    months = [date(year, month, 1) for year in range(first.year, last.year + 1) for month in range(1, 13)]
    months = [month for month in months if first.replace(day=1) <= month <= last]
    step = next((step for step in (1, 2, 3, 6) if len(months) <= most * step), 12)
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
        write_note(f"{escape_text(name)}<br><b>{format_percent(n, of, chart.lang)}</b>", total.day, place, colour)
        | {"xshift": 6, "align": "left"}
        for place, (n, of, name, colour) in zip(places, ends, strict=True)
    ]
    needed = round(max(len(name) for _, _, name, _ in ends) * LETTER) + 16
    has_room_inside = (last - total.day) > (last - first) * 0.4
    return notes, 12 if has_room_inside else needed


def write_note(text: str, day: date, height: float, colour: str) -> Part:
    """Words beside a day of a curve, `height` up the axis, starting at the day."""
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


def wrapped(label: str, width: int = LABEL_WIDTH) -> str:
    """A label in lines of at most `width` letters, a longer word whole."""
    return "<br>".join(escape_text(line) for line in wrap(label, width, break_long_words=False))
