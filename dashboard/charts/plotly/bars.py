"""Figures of bars: rates up to their upper bounds with n/N at the right, or statuses as segments of 100 %."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd

from dashboard import theme
from dashboard.campaign.codelists import UNCLASSIFIED
from dashboard.charts.catalogue import STACKS
from dashboard.charts.chart import Chart, end_of_counts
from dashboard.charts.paces import pace_parts, pace_range
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
from dashboard.charts.svg.bars import WAVE_ROLES
from dashboard.charts.svg.styles import LIGHT
from dashboard.formats import format_count, format_counts, format_points, format_rate_label

BAR_GAP = 14
AXIS_SPACE = 40
LEAST_POSSIBLE, MOST_POSSIBLE = 0.06, 0.84
"""Of how long a part that could be completed, and up to which end, there is room for the words behind it."""
RATE_ROOM, MOST_ROOM, TEXT_HEIGHT = 0.05, 0.1, 0.2
"""About how long a rate and the words behind a bar are on a desk's screen, and half of how high, in bars."""
_RATE_FILLS = {
    "reporting_rate": (theme.REPORTED, theme.REPORTED_FEW),
}
_USUAL_FILLS = (theme.COMPLETED, theme.COMPLETED_FEW)


def draw_rates(chart: Chart) -> Part:
    """Bars up to the rate, paler ones up to the upper bound, and n/N in a column at the right; or bars of paces."""
    frame = chart.drawn
    spec, rate = chart.spec, chart.spec.rate
    counts = list(zip(frame[spec.part].tolist(), frame[spec.whole].tolist(), strict=True))
    if chart.spec.is_pace:
        return _draw_paces(chart, [_write(chart, chart.write_label, n, of) for n, of in counts])
    beside = partial(format_counts, lang=chart.lang)  # a bar of no length has no end where its rate could stand
    labels = [_write(chart, beside if n else chart.write_label, n, of) for n, of in counts]
    places = list(range(len(frame)))
    fill, few_fill = _RATE_FILLS.get(rate, _USUAL_FILLS)
    few, peers = frame["is_few"].tolist(), peer_flags(chart, frame)
    hover = member_hover(chart, frame)
    values = rounded(frame[rate])
    traces = [
        level_bars(chart.words[spec.part], values, places, _fills(fill, few_fill, few, peers), hover),
    ]
    traces[0] |= _at_ends([chart.write_value(n, of) if of else "" for n, of in counts], "auto")
    quiet = [is_few or is_peer for is_few, is_peer in zip(few, peers, strict=True)]
    inside = [theme.TEXT if is_quiet else theme.PAPER for is_quiet in quiet]
    traces[0]["insidetextfont"] = {"color": inside, "size": theme.SMALL}
    traces[0]["outsidetextfont"] = {"color": theme.TEXT, "size": theme.SMALL}
    if spec.bound:
        spread = [_part(n, of) for n, of in zip(frame[spec.unknown], frame[spec.whole], strict=True)]
        possible = level_bars(chart.words["possible"], spread, places, theme.POSSIBLE, hover)
        possible["base"] = values
        possible["marker"] |= _pale(peers)
        rows = zip(counts, frame[spec.unknown].tolist(), strict=True)
        possible |= _at_ends([_say_most(chart, *row) for row in rows], "outside")
        possible["outsidetextfont"] = {"color": theme.MUTED, "size": theme.SMALL}
        traces.append(possible)
    keyed = [(trace["name"], colour) for trace, colour in zip(traces, (fill, theme.POSSIBLE), strict=False)]
    layout = _lay_out(chart, labels, keyed if len(traces) > 1 else [])
    _mark_reference(layout, chart)
    return {"data": [*traces, _anchor()], "layout": layout | {"barmode": "overlay"}}


def _write(chart: Chart, write: Callable[[int, int], str], part: int, whole: int) -> str:
    return write(part, whole) if whole else chart.words["nothing_to_count"]


def _at_ends(texts: list[str], place: str) -> Part:
    """Texts at the ends of bars, as large as they are and level."""
    return {"text": texts, "textposition": place, "insidetextanchor": "end", "textangle": 0, "constraintext": "none"}


def _say_most(chart: Chart, counts: tuple[int, int], unknown: int) -> str:
    """How far a bar could come, where there is room behind it and before it for the rate."""
    part, whole = counts
    if not whole or unknown / whole < LEAST_POSSIBLE or (part + unknown) / whole > MOST_POSSIBLE:
        return ""
    return escape_text(chart.words["up_to"].format(rate=chart.write_value(part + unknown, whole)))


def peer_flags(chart: Chart, frame: pd.DataFrame) -> list[bool]:
    """Of each row of a frame, whether it is a peer's."""
    return frame["is_peer"].tolist() if chart.whole is not None else [False] * len(frame)


def _fills(fill: str, few_fill: str, few: list[bool], peers: list[bool]) -> list[str]:
    return [theme.PEER if is_peer else few_fill if is_few else fill for is_few, is_peer in zip(few, peers, strict=True)]


def _pale(peers: list[bool]) -> Part:
    """The marker of what could be completed."""
    if not any(peers):
        return {"line": {"color": theme.POSSIBLE_EDGE, "width": 1}}
    edges = [theme.AXIS if is_peer else theme.POSSIBLE_EDGE for is_peer in peers]
    fills = [theme.EMPTY_CELL if is_peer else theme.POSSIBLE for is_peer in peers]
    return {"color": fills, "line": {"color": edges, "width": 1}}


def _mark_reference(layout: Part, chart: Chart) -> None:
    """A dashed line at the rate of all, with its words; broken where a text at the end of a bar is in its way."""
    if not chart.reference or chart.reference_counts is None:
        return
    value = round(chart.value(*chart.reference_counts), 4)
    line = {"color": theme.MUTED, "width": 1.5, "dash": "4px,3px"}
    ends = [-0.5, *_break_at_texts(chart, value), len(chart.drawn) - 0.5]
    layout["shapes"] = [
        {"type": "line", "x0": value, "x1": value, "y0": start, "y1": end, "line": line}
        for start, end in zip(ends[::2], ends[1::2], strict=True)
    ]
    low, high = layout["xaxis"]["range"]
    side = "left" if value < (low + high) / 2 else "right"
    note = {"text": escape_text(chart.reference), "x": value, "y": 1, "yref": "paper", "showarrow": False}
    note |= {"xanchor": side, "yanchor": "bottom", "font": {"color": theme.MUTED, "size": theme.SMALL}}
    layout["annotations"] = [note]
    layout["margin"]["t"] += LEGEND_LINE
    layout["height"] += LEGEND_LINE


def _break_at_texts(chart: Chart, value: float) -> list[float]:
    """Where a line at a value is broken, from top to bottom, so that the texts at the ends of bars can be read."""
    spec = chart.spec
    if spec.is_pace:
        return []
    breaks: list[float] = []
    counts = (chart.drawn[name].tolist() for name in (spec.part, spec.unknown or spec.part, spec.whole))
    for place, (part, more, whole) in enumerate(zip(*counts, strict=True)):
        known = part / whole if whole else 0.0
        bound = (part + more) / whole if whole and spec.bound else known
        if known - RATE_ROOM < value < known or bound < value < bound + MOST_ROOM:
            breaks += [place - TEXT_HEIGHT, place + TEXT_HEIGHT]
    return breaks


def _draw_paces(chart: Chart, labels: list[str]) -> Part:
    """Bars from the time elapsed to the left or right, pale where their actions are unknown."""
    frame = chart.drawn
    places, hover = list(range(len(frame))), member_hover(chart, frame)
    counts = zip(*(frame[column].tolist() for column in ("completed", "unknown", "actions")), strict=True)
    paces = [pace_parts(chart, *row) for row in counts]
    few, peers = frame["is_few"].tolist(), peer_flags(chart, frame)
    solid = {"behind": (theme.ELAPSED, theme.BEHIND_FEW), "ahead": (theme.COMPLETED, theme.COMPLETED_FEW)}
    traces = []
    for part, (fill, few_fill) in solid.items():
        values = [round(getattr(pace, part), 4) for pace in paces]
        if any(values):
            fills = _fills(fill, few_fill, few, peers)
            traces.append(level_bars(chart.words[part], values, places, fills, hover))
    keyed = [(chart.words[part], solid[part][0]) for part in solid if any(getattr(pace, part) for pace in paces)]
    for part in ("below", "above"):
        values = [round(getattr(pace, part), 4) for pace in paces]
        if any(values):
            traces.append(level_bars(chart.words["possible"], values, places, theme.POSSIBLE, hover))
            traces[-1]["marker"] |= _pale(peers)
            keyed = [*(pair for pair in keyed if pair[1] != theme.POSSIBLE), (chart.words["possible"], theme.POSSIBLE)]
    layout = _lay_out(chart, labels, [(escape_text(name), colour) for name, colour in keyed])
    low, high = pace_range(chart)
    layout["xaxis"] |= {"range": [low, high], "zeroline": True, "zerolinecolor": theme.AXIS}
    layout["xaxis"] |= {"tickvals": [low, 0, high] if low < 0 < high else [low, high]}
    layout["xaxis"] |= {"ticktext": [format_points(value, chart.lang) for value in layout["xaxis"]["tickvals"]]}
    _mark_reference(layout, chart)
    return {"data": [*traces, _anchor()], "layout": layout | {"barmode": "relative"}}


def draw_answers(chart: Chart) -> Part:
    """The shares of a question's answers, of waves side by side a bar for each, with n/N at the right."""
    frame = chart.frame.assign(wave_label="") if "wave_label" not in chart.frame else chart.frame
    waves = list(dict.fromkeys(frame["wave_label"]))
    colours = {wave: LIGHT[WAVE_ROLES[place % len(WAVE_ROLES)]] for place, wave in enumerate(waves) if wave}
    labels = [format_rate_label(n, of, chart.lang) for n, of in zip(frame["reports"], frame["answered"], strict=True)]
    hover = [
        "<br>".join([f"<b>{escape_text(name)}</b>", *([escape_text(wave)] if wave else []), escape_text(label)])
        for name, wave, label in zip(frame["label"], frame["wave_label"], labels, strict=True)
    ]
    names = [label if number % len(waves) == 0 else "" for number, label in enumerate(frame["label"])]
    named = replace(chart, frame=frame.assign(label=names))
    fills = [colours.get(wave, theme.REPORTED) for wave in frame["wave_label"]]
    bars = level_bars(chart.words["share"], rounded(frame["share"]), list(range(len(frame))), fills, hover)
    return {"data": [bars, _anchor()], "layout": _lay_out(named, labels, list(colours.items()))}


def draw_counts(chart: Chart) -> Part:
    """Bars as long as the counts they stand for, with the counts at the right."""
    counts = chart.drawn["completed"].tolist()
    labels = [format_count(count, chart.lang) for count in counts]
    word = chart.words["completed"]
    hover = [
        f"<b>{escape_text(name)}</b><br>{escape_text(chart.pair(word, label))}"
        for name, label in zip(chart.drawn["label"], labels, strict=True)
    ]
    layout = _lay_out(chart, labels, [])
    end = end_of_counts(max(counts))
    ticks = [0, end // 2, end]
    layout["xaxis"] |= {"range": [0, end * 1.002], "tickvals": ticks}
    layout["xaxis"] |= {"ticktext": [format_count(tick, chart.lang) for tick in ticks]}
    return {
        "data": [level_bars(word, counts, list(range(len(counts))), theme.COMPLETED, hover), _anchor()],
        "layout": layout,
    }


def draw_stacks(chart: Chart) -> Part:
    """Bars of 100 %, a segment a status or outcome with its count where it fits, and N in a column at the right."""
    frame, lang, (segments, whole, _) = chart.drawn, chart.lang, STACKS[chart.spec.kind]
    places = list(range(len(frame)))
    traces = []
    for role, column, word, _ in segments:
        counts = frame[column].tolist()
        if not any(counts):
            continue
        ink = theme.STATUS_INKS[role]
        name = chart.words[word]
        shares = [_part(n, of) for n, of in zip(counts, frame[whole], strict=True)]
        texts = [format_count(n, lang) if n else "" for n in counts]
        hover = [
            f"<b>{escape_text(label)}</b><br>{escape_text(chart.say_rate(word, int(n), int(of)))}"
            for label, n, of in zip(frame["label"], counts, frame[whole], strict=True)
        ]
        bars = level_bars(name, shares, places, ink.fill, hover)
        bars["marker"] |= {"line": {"color": theme.PAPER, "width": 1}}
        bars |= {"text": texts, "textposition": "inside", "insidetextanchor": "middle", "textangle": 0}
        bars["insidetextfont"] = {"color": ink.text, "size": theme.SMALL}
        if any(peers := peer_flags(chart, frame)):
            bars["marker"]["opacity"] = [theme.PEER_OPACITY if is_peer else 1 for is_peer in peers]
            bars["insidetextfont"]["color"] = [theme.TEXT if is_peer else ink.text for is_peer in peers]
        traces.append(bars)
    labels = [format_count(int(n), lang) if n else chart.words["nothing_to_count"] for n in frame[whole]]
    if any(sizes := frame[whole].tolist()):
        labels[next(place for place, size in enumerate(sizes) if size)] = chart.words["first_actions"]
    layout = _lay_out(chart, labels, _keyed(traces))
    layout |= {"barmode": "stack", "uniformtext": {"mode": "hide", "minsize": theme.SMALL - 1}}
    return {"data": [*traces, _anchor()], "layout": layout}


def level_bars(
    name: str, values: list[float | None], places: list[int], colour: str | list[str], hover: list[str]
) -> Part:
    """Level bars, with what each says when it is pointed at."""
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


def _keyed(traces: list[Part]) -> list[tuple[str, Any]]:
    """What a key says of traces: their names and colours."""
    return [(trace["name"], trace["marker"]["color"]) for trace in traces]


def _lay_out(chart: Chart, labels: list[str], keyed: list[tuple[str, Any]]) -> Part:
    """Names at the left, values at the right, both as axes, so that the margins follow their lengths."""
    frame = chart.drawn
    peers = peer_flags(chart, frame)
    names = [
        mute(wrapped(label), is_peer or code == UNCLASSIFIED)
        for code, label, is_peer in zip(frame["code"], frame["label"], peers, strict=True)
    ]
    values = [mute(label, few or is_peer) for label, few, is_peer in zip(labels, frame["is_few"], peers, strict=True)]
    row = max(name.count("<br>") + 1 for name in names) * LINE + BAR_GAP
    key = write_key(keyed)
    height = len(names) * row + len(key) * LEGEND_LINE + AXIS_SPACE
    layout = lay_out(chart, height, bargap=0.34)
    if key:
        layout["title"] = {"text": "<br>".join(key), "font": {"size": theme.SMALL}} | TOP_LEFT
        layout["margin"]["t"] += len(key) * LEGEND_LINE
    layout["xaxis"] = percent_axis(chart, (0, 0.5, 1))
    layout["yaxis"] = member_axis(names)
    layout["yaxis2"] = member_axis(values) | {"overlaying": "y", "side": "right"}
    return layout


def mute(text: str, is_quiet: bool) -> str:
    """A text, in grey if it stands back."""
    return f'<span style="color:{theme.MUTED}">{text}</span>' if is_quiet else text


def member_axis(names: list[str]) -> Part:
    """Names from top to bottom in place of numbers."""
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
