"""Parts that figures of several kinds share: layouts, axes, keys, notes, and texts at the pointer."""

from collections.abc import Iterable, Sequence
from datetime import date
from html import escape
from math import isnan
from textwrap import wrap
from typing import Any

from dashboard import theme
from dashboard.charts.chart import Chart
from dashboard.charts.colours import PICTURE, Key
from dashboard.formats import format_month, format_percent, plotly_date_format, plotly_separators

Part = dict[str, Any]
LABEL_WIDTH = 22
LINE = 16
LEGEND_LINE = 18
KEY_WIDTH = 58
TWO_LINES = 50
"""Room below a plot for months with their year, in whichever typeface the reader has."""
TOP_LEFT = {"x": 0, "xref": "container", "xanchor": "left", "y": 1, "yref": "container", "yanchor": "top"}
TOP_LEFT |= {"pad": {"l": 10, "t": 18}}


def lay_out(chart: Chart, height: int, **parts: Any) -> Part:
    """Make the common layout of every figure: fonts, colours, separators, margins; `parts` are added."""
    return {
        # Without one, Plotly adds its default template: 7 kB that nothing here uses.
        "template": {"layout": {"colorway": [theme.COMPLETED]}},
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


def percent_axis(chart: Chart, values: tuple[float, ...]) -> Part:
    """Make an axis from 0 to 100 % or more, labelled at some fractions of 1."""
    return {
        # A hair above the end: shares are rounded, and Plotly hides the text of a bar that leaves the range.
        "range": [0, max(1, *values) + 0.002],
        "tickvals": list(values),
        "ticktext": [format_percent(round(value * 100), 100, chart.lang) for value in values],
        "tickfont": {"color": theme.MUTED, "size": theme.SMALL},
        "ticks": "",
        "gridcolor": theme.GRID,
        "fixedrange": True,
        "zeroline": False,
    }


def time_axis(first: date, last: date, lang: str, most: int = 6) -> Part:
    """Make an axis of the whole campaign, labelled and ticked at the first of at most `most` months."""
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
        "hoverformat": plotly_date_format(lang),
    }


def write_key(entries: Sequence[Key], marks: str = "") -> list[str]:
    """Write a legend as lines of text, each entry with its own of the `marks`, else a square.

    Plotly's own legend starts at the bars, and takes half of a narrow screen.
    """
    lines: list[str] = []
    length = KEY_WIDTH
    for entry, mark in zip(entries, marks or "■" * len(entries), strict=True):
        name = escape_text(entry.name)
        style = f"color:{PICTURE[entry.role]};font-size:{theme.FONT_SIZE + 3}px"
        swatch = f'<span style="{style}">{mark}</span> {name}'
        length += len(name) + 4
        if length > KEY_WIDTH:
            lines.append(swatch)
            length = len(name) + 4
        else:
            lines[-1] += f"\u2003{swatch}"
    return lines


def put_key(layout: Part, key: list[str]) -> None:
    """Put a legend above a plot, which moves down for it."""
    layout["title"] = {"text": "<br>".join(key), "font": {"size": theme.SMALL}} | TOP_LEFT
    layout["margin"]["t"] += len(key) * LEGEND_LINE


def write_note(text: str, day: date, height: float, colour: str) -> Part:
    """Write words beside a day of a curve, `height` up the axis, starting at the day."""
    note = {"text": text, "x": day.isoformat(), "y": height, "showarrow": False, "xanchor": "left"}
    return note | {"font": {"color": colour, "size": theme.FONT_SIZE}}


def escape_text(text: str) -> str:
    """`text` for a figure: Plotly takes tags and entities in it for markup, quotes stay as they are."""
    return escape(text, quote=False)


def wrapped(label: str, width: int = LABEL_WIDTH) -> str:
    """Wrap a label in lines of at most `width` letters; a longer word stays whole."""
    return "<br>".join(escape_text(line) for line in wrap(label, width, break_long_words=False))


def cut(label: str, longest: int) -> str:
    """Cut a label of the data where only so many letters have room."""
    return label if len(label) <= longest else label[: longest - 1].rstrip() + "…"


def rounded(values: Iterable[float | None]) -> list[float | None]:
    """Round values for a figure; nothing where there is none."""
    return [None if value is None or isnan(value) else round(value, 4) for value in values]


def write_hover(tip: str) -> str:
    """Write a mark's text at the pointer, its first line bold."""
    first, *lines = map(escape_text, tip.split("\n"))
    return "<br>".join([f"<b>{first}</b>", *lines])
