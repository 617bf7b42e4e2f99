"""Figures of two selections side by side: two bars a member, each up to its upper bound, and the difference."""

from typing import Any

from dashboard import theme
from dashboard.campaign.codelists import UNCLASSIFIED
from dashboard.charts.chart import Chart, read_rows
from dashboard.charts.plotly.bars import level_bars, member_axis, mute
from dashboard.charts.plotly.parts import (
    LEGEND_LINE,
    LINE,
    TOP_LEFT,
    Part,
    escape_text,
    lay_out,
    percent_axis,
    wrapped,
    write_key,
)
from dashboard.charts.sides import join_difference
from dashboard.formats import format_percent
from dashboard.measures.definitions import RATES

ROW, THICK, AXIS_SPACE = 60, 0.36, 40
FILLS = (
    (theme.COMPLETED, theme.COMPLETED_FEW, theme.POSSIBLE, theme.POSSIBLE_EDGE),
    (theme.OTHER, theme.OTHER_FEW, theme.OTHER_POSSIBLE, theme.OTHER_POSSIBLE_EDGE),
)
"""The colours of each side: what is known, of few actions, up to the upper bound, and its edge."""


def draw_pairs(chart: Chart) -> Part:
    """Two bars a member, the first selection's on top, and in a column at the right what tells them apart."""
    frame = chart.drawn
    has_bounds = "upper_bound" in chart.spec.measures
    part = RATES[chart.spec.rate].parts[0]
    columns = ("label", part, "unknown", "actions", "is_few")
    rows = list(read_rows(frame, columns))
    traces = []
    for number, (side, (known, few, possible, edge)) in enumerate(zip(chart.sides, FILLS, strict=True)):
        mine = rows[number::2]
        hover = [
            _say(chart, side.name, label, (n, unknown if has_bounds else 0, of)) for label, n, unknown, of, _ in mine
        ]
        values = [n / of if of else None for _, n, _, of, _ in mine]
        places = list(range(len(mine)))
        placed = {"offset": (number - 1) * THICK, "width": THICK - 0.04}
        traces.append(
            level_bars(side.name, values, places, [few if is_few else known for *_, is_few in mine], hover) | placed
        )
        if has_bounds:
            spread = [unknown / of if of else None for _, _, unknown, of, _ in mine]
            pale = level_bars(chart.words["possible"], spread, places, possible, hover) | placed | {"base": values}
            pale["marker"] |= {"line": {"color": edge, "width": 1}}
            traces.append(pale)
    anchor = {"type": "scatter", "x": [None], "y": [None], "yaxis": "y2", "hoverinfo": "skip"}
    return {"data": [*traces, anchor], "layout": _lay_out(chart)}


def _say(chart: Chart, side: str, label: str, counts: tuple[int, int, int]) -> str:
    n, unknown, of = counts
    lines = [label, chart.pair(side, chart.write_label(n, of) if of else chart.words["no_actions"])]
    lines += [chart.pair(chart.words["at_most"], format_percent(n + unknown, of, chart.lang))] if unknown else []
    first, *others = map(escape_text, lines)
    return "<br>".join([f"<b>{first}</b>", *others])


def _lay_out(chart: Chart) -> Part:
    frame = chart.drawn.iloc[::2]
    names = [mute(wrapped(label), code == UNCLASSIFIED) for code, label in read_rows(frame, ("code", "label"))]
    told = chart.write_differences(chart.drawn)
    part = RATES[chart.spec.rate].parts[0]
    values = [
        chart.write_label(n, of) if of else chart.words["no_actions"]
        for n, of in read_rows(chart.drawn, (part, "actions"))
    ]
    ends = [
        "<br>".join([*map(escape_text, both), mute(escape_text(join_difference(texts)), len(texts) < 2)])
        for *both, texts in zip(values[::2], values[1::2], told, strict=True)
    ]
    keyed: list[tuple[str, Any]] = [
        (escape_text(side.name), fills[0]) for side, fills in zip(chart.sides, FILLS, strict=True)
    ]
    key = write_key([*keyed, (escape_text(chart.words["possible"]), theme.POSSIBLE)])
    row = max(ROW, max(name.count("<br>") + 1 for name in names) * LINE + 12)
    layout = lay_out(chart, len(names) * row + len(key) * LEGEND_LINE + AXIS_SPACE, barmode="overlay")
    layout["title"] = {"text": "<br>".join(key), "font": {"size": theme.SMALL}} | TOP_LEFT
    layout["margin"]["t"] += len(key) * LEGEND_LINE
    layout["xaxis"] = percent_axis(chart, (0, 0.5, 1))
    layout["yaxis"] = member_axis(names)
    layout["yaxis2"] = member_axis(ends) | {"overlaying": "y", "side": "right"}
    return layout
