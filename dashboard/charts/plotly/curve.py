"""Figures over time: areas of what is completed, a hatch up to the upper bound, the time elapsed, the deadline.

One curve, one a member as small multiples, both of two selections; and the answers before and after reminders.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import pandas as pd

from dashboard import theme
from dashboard.charts.catalogue import EXPECTED
from dashboard.charts.chart import Chart
from dashboard.charts.colours import PICTURE, Key
from dashboard.charts.encoding import (
    CURVE_ROLES,
    SIDE_ROLES,
    End,
    encode_ends,
    encode_expected,
    encode_lines,
    list_ticks,
    name_lines,
    name_words,
)
from dashboard.charts.plotly.parts import (
    LEGEND_LINE,
    TWO_LINES,
    Part,
    cut,
    escape_text,
    lay_out,
    percent_axis,
    put_key,
    rounded,
    time_axis,
    wrapped,
    write_key,
    write_note,
)
from dashboard.formats import format_count, format_counts, format_percent, format_rate_label
from dashboard.ground.codelist_codes import UNCLASSIFIED
from dashboard.measures.definitions import FEW
from dashboard.measures.surveys import Wave

LETTER = 7
END_GAP = 0.13
NOTE_DAYS = 120
WAVES = 26
NEAR_END = 0.9
"""Room below the months for the survey waves, in pixels."""
COLUMNS = 2
"""Small multiples side by side: as many as a phone has room for."""
PLOT, HEAD, FOOT = 130, 40, TWO_LINES
ACROSS = 0.06
NAME_LENGTH = 24
PANEL_END_ROOM, PANEL_END_GAP = 0.2, 0.15
LONGEST_NAME = 18
"""Letters of a side where its curve ends; the key has the whole."""
SHAPES = ("|", "-")
"""The hatches of two bands: upright, as of one, and level, so that both are seen where they lie on each other."""
NAME_GAP = 0.06
"""How much of the width lies at least between the names of two reminders."""


class Reminder(NamedTuple):
    """A day on which letters went out, the words of its mark, and the text at the pointer."""

    day: date
    name: str
    about: str


def draw_curve(chart: Chart) -> Part:
    """Draw the area of what is completed, a hatch up to the upper bound, the time elapsed, and the deadline."""
    frame, lang, total, spec = chart.frame, chart.lang, chart.total, chart.spec
    first, denominator, lines = frame["on_date"].iloc[0].date(), total.count(spec.denominator), encode_lines(chart)
    day_before = (first - chart.campaign["starts_on"]).days
    days = [min(max(day_before + number, 0), total.days_total) for number in range(1, len(frame) + 1)]
    possible = (frame[spec.part] + frame[spec.unknown]).tolist()
    texts = {
        "at_most": [format_percent(n, denominator, lang) for n in possible],
        "completed": [format_rate_label(n, denominator, lang) for n in frame[spec.part].tolist()],
        "elapsed": [
            format_count(denominator, lang) if spec.amount else format_percent(n, total.days_total, lang) for n in days
        ],
    }
    values = {"at_most": lines.upper, "completed": lines.lower, "elapsed": lines.elapsed}
    words = name_words(chart)
    looks = {"at_most": _bound_look(), "completed": _area_look(CURVE_ROLES["completed"], 3), "elapsed": _clock_look(2)}
    traces = [
        _daily(frame) | {"name": words[line]} | _say(chart, words[line], values[line], texts[line]) | looks[line]
        for line in values
    ]
    traces += _draw_expected(chart)
    last, notes = _find_days(chart)[1], _name_ends(chart)
    if (total.day - first).days >= NOTE_DAYS and total.count(spec.unknown) < denominator and lines.high == 1:
        notes.append(
            write_note(wrapped(words["possible"], 14), first, 0.62, theme.TEXT) | {"xshift": 8, "align": "left"}
        )
    has_room_inside = (last - chart.last_known(total)) > (last - first) * 0.4
    names = [end.name for end in encode_ends(chart)] if not has_room_inside else []
    onward = encode_expected(chart)
    if onward is not None:
        names += [onward.end.name, onward.end.value]
        notes.append(_write_end(onward.end, onward.end.share, PICTURE[onward.end.role]))
    room = max(map(len, names)) * LETTER + 16 if names else 12
    layout = _lay_out_days(chart, notes, room)
    if lines.high > 1:
        layout["yaxis"] |= percent_axis(chart, list_ticks(lines.high))
    return {"data": traces, "layout": layout}


def _draw_expected(chart: Chart) -> list[Part]:
    """Draw what is expected by the deadline: two dashed lines, with fine strokes between them."""
    onward = encode_expected(chart)
    if onward is None:
        return []
    line = {"type": "scatter", "mode": "lines", "x0": onward.first.isoformat(), "dx": 86_400_000}
    look: Part = {"line": {"color": PICTURE["completed"], "width": 1.6, "dash": "dash", "shape": "hv"}}
    lower = line | look | {"y": rounded(pd.Series(onward.low)), "name": chart.words[EXPECTED[0]], "hoverinfo": "skip"}
    upper = line | look | {"y": rounded(pd.Series(onward.high)), "name": chart.words["expected"]}
    upper |= {"fill": "tonexty", "fillcolor": "rgba(0,0,0,0)"} | _hatch("completed_few", "/")
    return [lower, upper | {"text": onward.tips, "hovertemplate": _hover(chart, chart.words["expected"])}]


def _daily(frame: pd.DataFrame) -> Part:
    """Draw a line with a point a day."""
    first = frame["on_date"].iloc[0].date()
    return {"type": "scatter", "mode": "lines", "x0": first.isoformat(), "dx": 86_400_000}


def _say(chart: Chart, name: str, values: "pd.Series[float]", texts: list[str]) -> Part:
    """Draw the points of a line, each with its text at the pointer."""
    return {"y": rounded(values), "text": texts, "hovertemplate": _hover(chart, name)}


def _hover(chart: Chart, name: str) -> str:
    return f"{chart.pair(escape_text(name), '%{text}')}<extra></extra>"


def _step(role: str, width: int) -> Part:
    """Return the look of a line that keeps a day's value until the next change."""
    return {"line": {"color": PICTURE[role], "width": width, "shape": "hv"}}


def _area_look(role: str, width: int) -> Part:
    return _step(role, width) | {"fill": "tozeroy", "fillcolor": PICTURE[role]}


def _bound_look() -> Part:
    """Return the look of the upper bound: fine strokes up to it; the area of what is completed is drawn over them."""
    fill = {"fill": "tozeroy", "fillcolor": "rgba(0,0,0,0)"}
    return _step(CURVE_ROLES["at_most"], 1) | fill | _hatch(CURVE_ROLES["possible"], SHAPES[0])


def _hatch(role: str, shape: str) -> Part:
    return {"fillpattern": {"shape": shape, "fgcolor": PICTURE[role], "size": 6, "solidity": 0.16}}


def _clock_look(width: float, role: str = CURVE_ROLES["elapsed"]) -> Part:
    return {"line": {"color": PICTURE[role], "width": width, "dash": "dash"}}


def _name_ends(chart: Chart) -> list[Part]:
    """Write the values where the lines end, moved apart."""
    ends = sorted(encode_ends(chart), key=lambda end: end.share)
    notes = []
    for end, place in zip(ends, _spread([end.share for end in ends], END_GAP), strict=True):
        short_end = end._replace(name=cut(end.name, LONGEST_NAME)) if chart.sides else end
        notes.append(_write_end(short_end, place, theme.TEXT if chart.sides else PICTURE[end.role]))
    return notes


def _write_end(end: End, place: float, colour: str) -> Part:
    note = write_note(f"{escape_text(end.name)}<br><b>{end.value}</b>", end.day, place, colour)
    return note | {"xshift": 6, "align": "left"}


def _find_days(chart: Chart) -> tuple[date, date]:
    """Find the days at the left and at the right of a curve: the whole campaign."""
    last = max(chart.campaign["ends_on"], *(total.day for total in chart.totals))
    return chart.frame["on_date"].min().date(), last


def _lay_out_days(chart: Chart, notes: list[Part], room: int) -> Part:
    """Lay out curves: the whole campaign from left to right, the deadline and the survey waves marked.

    `notes`: the words in the plot. `room`: their width right of the plot, in pixels.
    """
    first, last = _find_days(chart)
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
    """Draw a wave of the survey as a bar below the months."""
    place = {"yref": "paper", "ysizemode": "pixel", "yanchor": 0, "y0": -TWO_LINES - 7, "y1": -TWO_LINES - 3}
    days = {"x0": wave.first_on.isoformat(), "x1": wave.last_on.isoformat()}
    return {"type": "rect", **days, **place, "fillcolor": theme.MUTED, "line": {"width": 0}}


def _name_waves(chart: Chart, first: date, last: date) -> list[Part]:
    """Write the waves' names below their bars, inside the plot where a bar is at one of its ends."""
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


def _spread(places: list[float], gap: float) -> list[float]:
    """Move ascending places apart to at least `gap`, the highest one at most at 1."""
    moved: list[float] = []
    for place in places:
        moved.append(max(place, moved[-1] + gap) if moved else place)
    limit = 1.0
    for number in range(len(moved) - 1, -1, -1):
        moved[number] = min(moved[number], limit)
        limit = moved[number] - gap
    return moved


def draw_curves(chart: Chart) -> Part:
    """Draw for each of two selections a line of what is completed, and a hatch from it up to what could be."""
    traces: list[Part] = []
    frames = [frame for _, frame in chart.frame.groupby("side", sort=False)]
    for side, frame, (role, possible), shape in zip(chart.sides, frames, SIDE_ROLES, SHAPES, strict=True):
        side_line = _daily(frame) | {"name": escape_text(side.name)}
        actions, lang = side.total.actions, chart.lang
        most = (frame["completed"] + frame["unknown"]).tolist()
        texts = [
            f"{format_percent(n, actions, lang)} – {format_percent(up, actions, lang)}"
            for n, up in zip(frame["completed"].tolist(), most, strict=True)
        ]
        lower: Part = {"y": rounded(frame["completion_rate"])} | _step(role, 3)
        upper: Part = {"y": rounded(frame["upper_bound"])} | _step(f"{possible}_edge", 1)
        upper |= {"fill": "tonexty", "fillcolor": "rgba(0,0,0,0)", "hoverinfo": "skip"} | _hatch(possible, shape)
        traces += [side_line | lower | {"text": texts, "hovertemplate": _hover(chart, side.name)}, side_line | upper]
    longest, words = max(frames, key=len), chart.words["elapsed"]
    clock = _daily(longest) | {"y": rounded(longest["elapsed"]), "name": words} | _clock_look(1.5, "muted")
    clock["hovertemplate"] = f"{chart.pair(escape_text(words), '%{y:.0%}')}<extra></extra>"
    layout = _lay_out_days(chart, _name_ends(chart), LONGEST_NAME * LETTER)
    key = write_key([*name_lines(chart), Key(words, "muted")])
    put_key(layout, key)
    layout["height"] += len(key) * LEGEND_LINE
    return {"data": [*traces, clock], "layout": layout}


def draw_multiples(chart: Chart) -> Part:
    """Draw a panel a member: what is completed, a hatch up to the upper bound, the time elapsed, the deadline."""
    chart = chart.shortened
    rows = -(-len(chart.blocks) // COLUMNS)
    key = write_key(name_lines(chart))
    room = len(key) * LEGEND_LINE + 10
    height = rows * (HEAD + PLOT + FOOT)
    layout = lay_out(chart, height + room, annotations=[], shapes=[], hovermode="x unified", hoverdistance=-1)
    put_key(layout, key)
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
    """One member's panel: its place in the figure, and its drawing."""

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
        x = time_axis(self._first, self._last, self._chart.lang, most=3)
        plot = (self._right - self._left) * (1 - PANEL_END_ROOM)
        x |= {"domain": [self._left, self._left + plot], "anchor": f"y{self._axis}"}
        y = percent_axis(self._chart, (0, 0.5, 1))
        y |= {"domain": [self._bottom, self._top], "anchor": f"x{self._axis}", "range": [0, 1.02]}
        y |= {"showticklabels": self._is_left, "automargin": True, "ticklabelstandoff": 4}
        return {f"xaxis{self._axis}": x, f"yaxis{self._axis}": y}

    def head(self, total: dict[Any, Any]) -> Part:
        """Write the member's name and n/N."""
        completed, actions, lang = total["completed"], total["actions"], self._chart.lang
        words = format_counts(completed, actions, lang) if actions else self._chart.words["no_actions"]
        name = wrapped(cut(str(total["label"]), 2 * NAME_LENGTH), NAME_LENGTH)
        if total.get("is_peer") or total["code"] == UNCLASSIFIED:
            name = f'<span style="color:{theme.MUTED}">{name}</span>'
        text = f'<b>{name}</b><br><span style="color:{theme.MUTED}">{escape_text(words)}</span>'
        place = {"x": self._left, "y": self._top, "xref": "paper", "yref": "paper", "yshift": 2}
        place |= {"xanchor": "left", "yanchor": "bottom", "align": "left", "showarrow": False}
        return place | {"text": text, "font": {"size": theme.SMALL, "color": theme.TEXT}}

    def ends(self, total: dict[Any, Any]) -> list[Part]:
        """Write the completion rate and the upper bound at the end of their lines; for few actions neither."""
        actions, lang, day = total["actions"], self._chart.lang, self._chart.last_known(self._chart.total)
        if actions < FEW:
            return []
        rate, upper = total["completion_rate"], total["upper_bound"]
        notes = []
        if total["unknown"]:
            text = format_percent(total["completed"] + total["unknown"], actions, lang)
            notes.append(self._end(text, day, min(max(upper, rate + PANEL_END_GAP), 1), theme.MUTED))
            rate = min(rate, 1 - PANEL_END_GAP)
        text = f"<b>{format_percent(total['completed'], actions, lang)}</b>"
        return [*notes, self._end(text, day, rate, theme.COMPLETED)]

    def _end(self, text: str, day: date, height: float, colour: str) -> Part:
        axes = {"xref": f"x{self._axis}", "yref": f"y{self._axis}", "xshift": 3}
        return write_note(text, day, height, colour) | axes

    def deadline(self) -> Part:
        """Draw a dotted line at the deadline."""
        day = self._chart.campaign["action_deadline_on"].isoformat()
        line = {"color": theme.AXIS, "width": 1, "dash": "dot"}
        axes = {"xref": f"x{self._axis}", "yref": f"y{self._axis}"}
        return {"type": "line", "x0": day, "x1": day, "y0": 0, "y1": 1, "line": line} | axes

    def lines(self, days: pd.DataFrame, *, is_few: bool) -> list[Part]:
        """Draw the three lines, at the days on which one of them turns."""
        chart, lang = self._chart, self._chart.lang
        counts = days[["completed", "unknown"]]
        turns = (counts != counts.shift()).any(axis=1)
        turns.iloc[-1:] = True
        turning_days = days[turns]
        actions = turning_days["actions"].tolist()
        possible = (turning_days["completed"] + turning_days["unknown"]).tolist()
        axes = {"type": "scatter", "mode": "lines", "xaxis": f"x{self._axis}", "yaxis": f"y{self._axis}"}
        steps = axes | {"x": turning_days["on_date"].dt.strftime("%Y-%m-%d").tolist()}
        most = [format_percent(n, of, lang) for n, of in zip(possible, actions, strict=True)]
        rates = [
            format_rate_label(n, of, lang) for n, of in zip(turning_days["completed"].tolist(), actions, strict=True)
        ]
        upper = _say(chart, chart.words["at_most"], turning_days["upper_bound"], most) | _bound_look()
        role = f"{CURVE_ROLES['completed']}{'_few' if is_few else ''}"
        lower = _say(chart, chart.words["completed"], turning_days["completion_rate"], rates) | _area_look(role, 2)
        clock = days.iloc[[0, *(days["elapsed"] >= 1).to_numpy().nonzero()[0][:1], -1]]
        elapsed = axes | {"x": clock["on_date"].dt.strftime("%Y-%m-%d").tolist(), "y": rounded(clock["elapsed"])}
        elapsed |= {"hoverinfo": "skip"} | _clock_look(1.5)
        return [steps | upper, steps | lower, elapsed]


def draw_reminded(chart: Chart, reminders: Sequence[Reminder], name: str) -> Part:
    """Draw the reporting rate as an area, and an upright line on each day of reminders, named at its top.

    `chart`: a curve of the catalogue, whose frame has what is reported on each day. `reminders`: the days, the earliest
    first; those outside of the curve are left out.
    """
    frame, lang, total = chart.frame, chart.lang, chart.total
    first, last = _find_days(chart)
    day = chart.last_known(total)
    texts = [format_rate_label(n, total.actions, lang) for n in frame["reported"].tolist()]
    area: Part = {"name": name, "y": rounded(frame["reporting_rate"]), "text": texts}
    area |= {"fill": "tozeroy", "fillcolor": PICTURE["reported_few"]}
    area = _daily(frame) | area | _step("reported", 3) | {"hovertemplate": _hover(chart, name)}
    reminders_in_range = [one for one in reminders if first <= one.day <= day]
    rates = [frame["reporting_rate"].iloc[(one.day - first).days] for one in reminders_in_range]
    marks: Part = {"type": "scatter", "mode": "markers", "name": ""}
    marks |= {"x": [one.day.isoformat() for one in reminders_in_range], "y": [round(rate, 4) for rate in rates]}
    marks |= {"text": [escape_text(one.about) for one in reminders_in_range]}
    marks |= {"hovertemplate": "%{text}<extra></extra>"}
    marker = {"symbol": "diamond", "size": 11, "color": PICTURE["elapsed"], "line": {"color": theme.PAPER, "width": 1}}
    marks["marker"] = marker
    end = f"{escape_text(name)}<br><b>{texts[-1]}</b>"
    rate = float(frame["reporting_rate"].iloc[-1])
    notes = [write_note(end, day, rate, PICTURE["reported"]) | {"xshift": 6, "align": "left"}]
    needed = max(len(name), len(texts[-1])) * LETTER + 16
    has_room = (last - day) > (last - first) * 0.4
    layout = _lay_out_days(
        chart, [*notes, *_name_reminders(reminders_in_range, first, last)], 12 if has_room else needed
    )
    layout["shapes"] += [_draw_line(one) for one in reminders_in_range]
    layout["margin"]["t"] += 16
    return {"data": [area, marks], "layout": layout}


def _draw_line(reminder: Reminder) -> Part:
    day = reminder.day.isoformat()
    line = {"type": "line", "x0": day, "x1": day, "y0": 0, "y1": 1, "yref": "paper"}
    return line | {"line": {"color": PICTURE["elapsed"], "width": 1.5, "dash": "dash"}}


def _name_reminders(reminders: Sequence[Reminder], first: date, last: date) -> list[Part]:
    """Write the names above the lines, inside the plot; of reminders close to one another only the first is named."""
    notes: list[Part] = []
    before = -1.0
    for one in reminders:
        place = (one.day - first) / max(last - first, (last - first).resolution)
        if place - before < NAME_GAP and notes:
            continue
        before = place
        anchor = "right" if place > 0.9 else "left" if place < 0.1 else "center"
        note = write_note(escape_text(one.name), one.day, 1.0, PICTURE["elapsed"])
        notes.append(note | {"yref": "paper", "yanchor": "bottom", "xanchor": anchor, "yshift": 16})
    return notes
