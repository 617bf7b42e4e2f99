"""The figure of answers over time: the share of actions with a report from day to day, and the days of reminders."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from dashboard import theme
from dashboard.charts.chart import Chart
from dashboard.charts.plotly.curve import find_days, lay_out_days
from dashboard.charts.plotly.parts import Part, escape_text, rounded, write_note
from dashboard.formats import format_rate_label

NAME_GAP = 0.06
"""How much of the width lies at least between the names of two reminders."""
_LETTER = 7


class Reminder(NamedTuple):
    """A day on which letters went out, what its mark says, and what is said of it where it is pointed at."""

    day: date
    name: str
    about: str


def draw_reminded(chart: Chart, reminders: Sequence[Reminder], name: str) -> Part:
    """The reporting rate as an area, and an upright line on each day of reminders, named at its top.

    Args:
        chart: A curve of the catalogue, whose frame has what is reported on each day.
        reminders: The days, the earliest first; those outside of the curve are left out.
        name: What the line is called at its end.
    """
    frame, lang, total = chart.frame, chart.lang, chart.total
    first, last = find_days(chart)
    day = chart.last_known(total)
    texts = [format_rate_label(n, total.actions, lang) for n in frame["reported"].tolist()]
    area: Part = {"type": "scatter", "mode": "lines", "x0": first.isoformat(), "dx": 86_400_000, "name": name}
    area |= {"y": rounded(frame["reporting_rate"]), "text": texts, "fill": "tozeroy", "fillcolor": theme.REPORTED_FEW}
    area |= {"line": {"color": theme.REPORTED, "width": 3, "shape": "hv"}}
    area |= {"hovertemplate": f"{chart.pair(escape_text(name), '%{text}')}<extra></extra>"}
    reminders_in_range = [one for one in reminders if first <= one.day <= day]
    rates = [frame["reporting_rate"].iloc[(one.day - first).days] for one in reminders_in_range]
    marks: Part = {
        "type": "scatter",
        "mode": "markers",
        "name": "",
        "x": [one.day.isoformat() for one in reminders_in_range],
    }
    marks |= {"y": [round(rate, 4) for rate in rates], "text": [escape_text(one.about) for one in reminders_in_range]}
    marks |= {"hovertemplate": "%{text}<extra></extra>"}
    marks |= {
        "marker": {"symbol": "diamond", "size": 11, "color": theme.ELAPSED, "line": {"color": theme.PAPER, "width": 1}}
    }
    end = f"{escape_text(name)}<br><b>{texts[-1]}</b>"
    rate = float(frame["reporting_rate"].iloc[-1])
    notes = [write_note(end, day, rate, theme.REPORTED) | {"xshift": 6, "align": "left"}]
    needed = max(len(name), len(texts[-1])) * _LETTER + 16
    has_room = (last - day) > (last - first) * 0.4
    layout = lay_out_days(
        chart, [*notes, *_name_reminders(reminders_in_range, first, last)], 12 if has_room else needed
    )
    layout["shapes"] += [_draw_line(one) for one in reminders_in_range]
    layout["margin"]["t"] += 16
    return {"data": [area, marks], "layout": layout}


def _draw_line(reminder: Reminder) -> Part:
    day = reminder.day.isoformat()
    line = {"type": "line", "x0": day, "x1": day, "y0": 0, "y1": 1, "yref": "paper"}
    return line | {"line": {"color": theme.ELAPSED, "width": 1.5, "dash": "dash"}}


def _name_reminders(reminders: Sequence[Reminder], first: date, last: date) -> list[Part]:
    """The names above the lines, inside the plot; of reminders close to one another only the first is named."""
    notes: list[Part] = []
    before = -1.0
    for one in reminders:
        place = (one.day - first) / max(last - first, (last - first).resolution)
        if place - before < NAME_GAP and notes:
            continue
        before = place
        anchor = "right" if place > 0.9 else "left" if place < 0.1 else "center"
        note = write_note(escape_text(one.name), one.day, 1.0, theme.ELAPSED)
        notes.append(note | {"yref": "paper", "yanchor": "bottom", "xanchor": anchor, "yshift": 16})
    return notes
