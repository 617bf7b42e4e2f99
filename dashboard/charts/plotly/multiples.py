"""The figure of small multiples: a curve a member on the same axes, each with its name and where it stands."""

from datetime import date
from typing import Any

import pandas as pd

from dashboard import theme
from dashboard.campaign.codelists import UNCLASSIFIED
from dashboard.charts.chart import Chart
from dashboard.charts.plotly import parts
from dashboard.charts.plotly.curve import HATCH
from dashboard.charts.plotly.parts import Part
from dashboard.formats import format_counts, format_percent, format_rate_label
from dashboard.measures.definitions import FEW

COLUMNS = 2
"""Panels side by side: as many as a phone has room for."""

PLOT = 130
HEAD = 40
FOOT = parts.TWO_LINES
ACROSS = 0.06
NAME_LENGTH = 24
END_ROOM = 0.2
END_GAP = 0.15


def draw_multiples(chart: Chart) -> Part:
    """A panel a member: what is completed, a hatch up to the upper bound, the time elapsed, the deadline."""
    chart = chart.shortened
    rows = -(-len(chart.blocks) // COLUMNS)
    key = parts.write_key(
        [
            (parts.escape_text(chart.words["completed"]), theme.COMPLETED),
            (parts.escape_text(chart.words["possible"]), theme.POSSIBLE),
            (parts.escape_text(chart.words["elapsed"]), theme.ELAPSED),
        ]
    )
    room = len(key) * parts.LEGEND_LINE + 10
    height = rows * (HEAD + PLOT + FOOT)
    layout = parts.lay_out(chart, height + room, annotations=[], shapes=[], hovermode="x unified", hoverdistance=-1)
    layout["title"] = {"text": "<br>".join(key), "font": {"size": theme.SMALL}} | parts.TOP_LEFT
    layout["margin"] = {"l": 10, "r": 10, "t": room, "b": 0}
    traces: list[Part] = []
    days = dict(list(chart.frame.groupby("code", sort=False)))
    for number, total in enumerate(chart.blocks.to_dict("records")):
        panel = _Panel(chart, number, rows, height)
        layout |= panel.axes()
        layout["annotations"] += [panel.head(total), *panel.ends(total)]
        layout["shapes"].append(panel.deadline())
        traces += panel.lines(days[total["code"]], is_few=total["is_few"] or bool(total.get("is_peer")))
    return {"data": traces, "layout": layout}


class _Panel:
    """One member's panel: where it is in the figure, and what is drawn in it."""

    def __init__(self, chart: Chart, number: int, rows: int, height: int) -> None:
        self._chart = chart
        row, column = divmod(number, COLUMNS)
        self._is_left = column == 0
        self._axis = str(number + 1) if number else ""
        width = (1 - ACROSS * (COLUMNS - 1)) / COLUMNS
        self._left = column * (width + ACROSS)
        self._right = self._left + width
        self._top = 1 - (row * (HEAD + PLOT + FOOT) + HEAD) / height
        self._bottom = self._top - PLOT / height
        self._first = chart.frame["on_date"].iloc[0].date()
        self._last = max(chart.campaign["ends_on"], chart.total.day)

    def axes(self) -> Part:
        """The panel's two axes, by their names in a layout; the right one has room for the figures at the ends."""
        x = parts.time_axis(self._first, self._last, self._chart.lang, most=3)
        plot = (self._right - self._left) * (1 - END_ROOM)
        x |= {"domain": [self._left, self._left + plot], "anchor": f"y{self._axis}"}
        y = parts.percent_axis(self._chart, (0, 0.5, 1))
        y |= {"domain": [self._bottom, self._top], "anchor": f"x{self._axis}", "range": [0, 1.02]}
        y |= {"showticklabels": self._is_left, "automargin": True, "ticklabelstandoff": 4}
        return {f"xaxis{self._axis}": x, f"yaxis{self._axis}": y}

    def head(self, total: dict[Any, Any]) -> Part:
        """The member's name and n/N."""
        completed, actions, lang = total["completed"], total["actions"], self._chart.lang
        words = format_counts(completed, actions, lang) if actions else self._chart.words["no_actions"]
        name = parts.wrapped(parts.cut(str(total["label"]), 2 * NAME_LENGTH), NAME_LENGTH)
        if total.get("is_peer") or total["code"] == UNCLASSIFIED:
            name = f'<span style="color:{theme.MUTED}">{name}</span>'
        text = f'<b>{name}</b><br><span style="color:{theme.MUTED}">{parts.escape_text(words)}</span>'
        place = {"x": self._left, "y": self._top, "xref": "paper", "yref": "paper", "yshift": 2}
        place |= {"xanchor": "left", "yanchor": "bottom", "align": "left", "showarrow": False}
        return place | {"text": text, "font": {"size": theme.SMALL, "color": theme.TEXT}}

    def ends(self, total: dict[Any, Any]) -> list[Part]:
        """The completion rate and the upper bound at the end of their lines; of few actions neither."""
        actions, lang, day = total["actions"], self._chart.lang, self._chart.last_known(self._chart.total)
        if actions < FEW:
            return []
        rate, upper = total["completion_rate"], total["upper_bound"]
        notes = []
        if total["unknown"]:
            text = format_percent(total["completed"] + total["unknown"], actions, lang)
            notes.append(self._end(text, day, min(max(upper, rate + END_GAP), 1), theme.MUTED))
            rate = min(rate, 1 - END_GAP)
        text = f"<b>{format_percent(total['completed'], actions, lang)}</b>"
        return [*notes, self._end(text, day, rate, theme.COMPLETED)]

    def _end(self, text: str, day: date, height: float, colour: str) -> Part:
        axes = {"xref": f"x{self._axis}", "yref": f"y{self._axis}", "xshift": 3}
        return parts.write_note(text, day, height, colour) | axes

    def deadline(self) -> Part:
        """A dotted line at the deadline."""
        day = self._chart.campaign["action_deadline_on"].isoformat()
        line = {"color": theme.AXIS, "width": 1, "dash": "dot"}
        axes = {"xref": f"x{self._axis}", "yref": f"y{self._axis}"}
        return {"type": "line", "x0": day, "x1": day, "y0": 0, "y1": 1, "line": line} | axes

    def lines(self, days: pd.DataFrame, *, is_few: bool) -> list[Part]:
        """The three lines, at the days on which one of them turns."""
        chart, lang = self._chart, self._chart.lang
        counts = days[["completed", "unknown"]]
        turns = (counts != counts.shift()).any(axis=1)
        turns.iloc[-1:] = True
        turning_days = days[turns]
        actions = turning_days["actions"].tolist()
        possible = (turning_days["completed"] + turning_days["unknown"]).tolist()
        axes = {"type": "scatter", "mode": "lines", "xaxis": f"x{self._axis}", "yaxis": f"y{self._axis}"}
        steps = axes | {"x": turning_days["on_date"].dt.strftime("%Y-%m-%d").tolist()}
        upper = {
            "y": parts.rounded(turning_days["upper_bound"]),
            "text": [format_percent(n, of, lang) for n, of in zip(possible, actions, strict=True)],
            "hovertemplate": f"{chart.pair(parts.escape_text(chart.words['at_most']), '%{text}')}<extra></extra>",
            "line": {"color": theme.POSSIBLE_EDGE, "width": 1, "shape": "hv"},
            **HATCH,
        }
        lower = {
            "y": parts.rounded(turning_days["completion_rate"]),
            "text": [
                format_rate_label(n, of, lang)
                for n, of in zip(turning_days["completed"].tolist(), actions, strict=True)
            ],
            "hovertemplate": f"{chart.pair(parts.escape_text(chart.words['completed']), '%{text}')}<extra></extra>",
            "line": {"color": theme.COMPLETED_FEW if is_few else theme.COMPLETED, "width": 2, "shape": "hv"},
            "fill": "tozeroy",
            "fillcolor": theme.COMPLETED_FEW if is_few else theme.COMPLETED,
        }
        clock = days.iloc[[0, *(days["elapsed"] >= 1).to_numpy().nonzero()[0][:1], -1]]
        elapsed = axes | {
            "x": clock["on_date"].dt.strftime("%Y-%m-%d").tolist(),
            "y": parts.rounded(clock["elapsed"]),
            "hoverinfo": "skip",
            "line": {"color": theme.ELAPSED, "width": 1.5, "dash": "dash"},
        }
        return [steps | upper, steps | lower, elapsed]
