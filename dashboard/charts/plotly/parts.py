"""What the figures of several kinds are made of: lines, and what marks say."""

from math import isnan

import pandas as pd

from dashboard.charts.chart import Chart
from dashboard.charts.plotly.layouts import Part, escape_text
from dashboard.formats import format_rate


def line(word: str, chart: Chart, values: "pd.Series[float]", texts: list[str]) -> Part:
    """A line named by one of the chart's words, with what each of its points says."""
    hover = f"{pair(chart, chart.words[word], '%{text}')}<extra></extra>"
    return {"name": chart.words[word], "y": rounded(values), "text": texts, "hovertemplate": hover}


def pair(chart: Chart, name: str, value: str) -> str:
    """A name and its value, with the colon as the language sets it."""
    return chart.words["pair"].format(name=escape_text(name), value=value)


def cut(label: str, longest: int) -> str:
    """A label of the data where only so many letters have room."""
    return label if len(label) <= longest else label[: longest - 1].rstrip() + "…"


def rounded(values: "pd.Series[float]") -> list[float | None]:
    """Values for a figure: short, and nothing where there is none."""
    return [None if isnan(value) else round(value, 4) for value in values.tolist()]


def member_hover(chart: Chart, frame: pd.DataFrame) -> list[str]:
    """What each member's mark says when pointed at: its name and its rates with their counts."""
    words, lang = chart.words, chart.lang
    columns = ("label", "actions", "completed", "not_reported", "reported")
    rows = zip(*(frame[column].tolist() for column in columns), strict=True)
    return [
        f"<b>{escape_text(label)}</b><br>"
        f"{pair(chart, words['completion_rate'], format_rate(completed, actions, lang))}<br>"
        f"{pair(chart, words['upper_bound'], format_rate(completed + silent, actions, lang))}<br>"
        f"{pair(chart, words['reporting_rate'], format_rate(reported, actions, lang))}"
        if actions
        else f"<b>{escape_text(label)}</b><br>{escape_text(words['no_actions'])}"
        for label, actions, completed, silent, reported in rows
    ]
