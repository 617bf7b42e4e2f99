"""Figures of two selections side by side: two bars a member, each up to its upper bound, and the difference."""

from dashboard import theme
from dashboard.charts.chart import Chart
from dashboard.charts.colours import PICTURE
from dashboard.charts.encoding import Bars, encode_bars, pick_bars, say_side
from dashboard.charts.plotly.bars import draw_part, member_axis, mute
from dashboard.charts.plotly.parts import (
    LEGEND_LINE,
    LINE,
    TOP_LEFT,
    Part,
    escape_text,
    lay_out,
    percent_axis,
    rounded,
    wrapped,
    write_hover,
    write_key,
)
from dashboard.charts.sides import join_difference

ROW, THICK, AXIS_SPACE = 60, 0.36, 40


def draw_pairs(chart: Chart) -> Part:
    """Two bars a member, the first selection's on top, and in a column at the right what tells them apart."""
    encoded = encode_bars(chart)
    traces = []
    for number, side in enumerate(chart.sides):
        half = pick_bars(encoded, range(number, len(encoded.bars), 2))
        hover = [write_hover(f"{bar.label}\n{chart.pair(side.name, say_side(chart, bar))}") for bar in half.bars]
        placed = {"offset": (number - 1) * THICK, "width": THICK - 0.04, "customdata": hover}
        first_part, *bound_parts = half.parts
        traces.append(draw_part(first_part, half.bars) | placed | {"name": escape_text(side.name)})
        traces += [draw_part(part, half.bars) | placed | {"base": rounded(first_part.lengths)} for part in bound_parts]
    anchor = {"type": "scatter", "x": [None], "y": [None], "yaxis": "y2", "hoverinfo": "skip"}
    return {"data": [*traces, anchor], "layout": _lay_out(chart, encoded)}


def _lay_out(chart: Chart, encoded: Bars) -> Part:
    names = [mute(wrapped(bar.label), bar.is_quiet) for bar in encoded.bars[::2]]
    values = [escape_text(bar.text) for bar in encoded.bars]
    ends = [
        "<br>".join([*both, mute(escape_text(join_difference(texts)), len(texts) < 2)])
        for *both, texts in zip(values[::2], values[1::2], chart.write_differences(chart.drawn), strict=True)
    ]
    key = write_key([(escape_text(name), PICTURE[role]) for name, role, _ in encoded.key])
    row = max(ROW, max(name.count("<br>") + 1 for name in names) * LINE + 12)
    layout = lay_out(chart, len(names) * row + len(key) * LEGEND_LINE + AXIS_SPACE, barmode="overlay")
    layout["title"] = {"text": "<br>".join(key), "font": {"size": theme.SMALL}} | TOP_LEFT
    layout["margin"]["t"] += len(key) * LEGEND_LINE
    layout["xaxis"] = percent_axis(chart, (0, 0.5, 1))
    layout["yaxis"] = member_axis(names)
    layout["yaxis2"] = member_axis(ends) | {"overlaying": "y", "side": "right"}
    return layout
