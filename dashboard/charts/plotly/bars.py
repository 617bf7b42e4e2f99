"""Figures of bars: rates up to their upper bounds, also of two selections, with n/N at the right; segments of 100 %."""

from dashboard import theme
from dashboard.charts.chart import Chart
from dashboard.charts.colours import PICTURE
from dashboard.charts.encoding import Bar, Bars, encode_bars, list_ticks, pick_bars, say_most, say_side
from dashboard.charts.encoding import Part as BarPart
from dashboard.charts.plotly.parts import (
    LEGEND_LINE,
    LINE,
    Part,
    escape_text,
    lay_out,
    percent_axis,
    put_key,
    rounded,
    wrapped,
    write_hover,
    write_key,
)
from dashboard.charts.sides import join_difference
from dashboard.formats import format_count, format_points, format_rate

BAR_GAP = 14
AXIS_SPACE = 40
PAIR_ROW, PAIR_THICK = 60, 0.36
"""How high a pair of bars is at least, in pixels, and each of them, in pairs."""
LEAST_POSSIBLE, MOST_POSSIBLE = 0.06, 0.84
"""Of how long a part that could be completed, and up to which end, there is room for the words behind it."""
RATE_ROOM, MOST_ROOM, TEXT_HEIGHT = 0.05, 0.1, 0.2
"""About how long a rate and the words behind a bar are on a desk's screen, and half of how high, in bars."""


def draw_rates(chart: Chart) -> Part:
    """Bars up to the rate, paler ones up to the upper bound, and n/N in a column at the right; or bars of paces."""
    encoded = encode_bars(chart)
    bars = encoded.bars
    if chart.spec.is_pace:
        return _draw_paces(chart, encoded)
    first_part, *bound_parts = encoded.parts
    traces = [_draw_part(first_part, bars) | _at_ends([bar.value for bar in bars], "auto")]
    inside = [theme.TEXT if bar.is_muted else theme.PAPER for bar in bars]
    traces[0]["insidetextfont"] = {"color": inside, "size": theme.SMALL}
    traces[0]["outsidetextfont"] = {"color": theme.TEXT, "size": theme.SMALL}
    for part in bound_parts:
        possible = _draw_part(part, bars) | {"base": rounded(first_part.lengths)}
        possible |= _at_ends([_say_most(chart, bar, encoded.high) for bar in bars], "outside")
        possible["outsidetextfont"] = {"color": theme.MUTED, "size": theme.SMALL}
        traces.append(possible)
    # A bar of no length has no end where its rate could stand.
    layout = _lay_out(chart, encoded, [bar.counts if bar.part else bar.text for bar in bars])
    _mark_reference(layout, chart, bars)
    return {"data": [*traces, _anchor()], "layout": layout | {"barmode": "overlay"}}


def _draw_part(part: BarPart, bars: list[Bar]) -> Part:
    """Draw the same part of every bar as a trace."""
    fills = [PICTURE[role] for role in part.roles]
    hover = [write_hover(bar.tip) for bar in bars]
    trace = _level_bars(part.name, rounded(part.lengths), list(range(len(bars))), fills, hover)
    if part.edges:
        trace["marker"]["line"] = {"color": [PICTURE[role] for role in part.edges], "width": 1}
    return trace


def _at_ends(texts: list[str], place: str) -> Part:
    """Texts at the ends of bars, as large as they are and level."""
    return {"text": texts, "textposition": place, "insidetextanchor": "end", "textangle": 0, "constraintext": "none"}


def _say_most(chart: Chart, bar: Bar, high: float) -> str:
    """Draw how far a bar could come, where there is room behind it and before it for the rate."""
    if bar.share(bar.possible) < LEAST_POSSIBLE * high or bar.share(bar.most) > MOST_POSSIBLE * high:
        return ""
    return escape_text(say_most(chart, bar))


def _mark_reference(layout: Part, chart: Chart, bars: list[Bar]) -> None:
    """Mark the rate of all by a dashed line with its words, broken where a text at the end of a bar is in its way."""
    if not chart.reference or chart.reference_counts is None:
        return
    value = round(chart.value(*chart.reference_counts), 4)
    line = {"color": theme.MUTED, "width": 1.5, "dash": "4px,3px"}
    ends = [-0.5, *_break_at_texts(chart, bars, value), len(bars) - 0.5]
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


def _break_at_texts(chart: Chart, bars: list[Bar], value: float) -> list[float]:
    """Find the pieces of a line at a value, from top to bottom, that leave the texts at the ends of bars readable."""
    breaks: list[float] = []
    for place, bar in enumerate([] if chart.spec.is_pace else bars):
        rate = bar.share(bar.part)
        bound = bar.share(bar.most) if chart.spec.bound else rate
        if rate - RATE_ROOM < value < rate or bound < value < bound + MOST_ROOM:
            breaks += [place - TEXT_HEIGHT, place + TEXT_HEIGHT]
    return breaks


def _draw_paces(chart: Chart, encoded: Bars) -> Part:
    """Draw bars from the time elapsed to the left or right, pale where their actions are unknown."""
    bars = encoded.bars
    traces = [_draw_part(part, bars) for part in encoded.parts if part.is_seen]
    layout = _lay_out(chart, encoded, [bar.text for bar in bars])
    low, high = encoded.low, encoded.high
    layout["xaxis"] |= {"range": [low, high], "zeroline": True, "zerolinecolor": theme.AXIS}
    layout["xaxis"] |= {"tickvals": [low, 0, high] if low < 0 < high else [low, high]}
    layout["xaxis"] |= {"ticktext": [format_points(value, chart.lang) for value in layout["xaxis"]["tickvals"]]}
    _mark_reference(layout, chart, bars)
    return {"data": [*traces, _anchor()], "layout": layout | {"barmode": "relative"}}


def draw_answers(chart: Chart) -> Part:
    """Draw the shares of a question's answers, for waves side by side a bar for each, with n/N at the right."""
    encoded = encode_bars(chart)
    labels = [bar.counts for bar in encoded.bars]
    traces = [_draw_part(part, encoded.bars) for part in encoded.parts]
    return {"data": [*traces, _anchor()], "layout": _lay_out(chart, encoded, labels)}


def draw_counts(chart: Chart) -> Part:
    """Draw bars as long as their counts, with the counts at the right."""
    encoded = encode_bars(chart)
    layout = _lay_out(chart, encoded, [bar.value for bar in encoded.bars])
    end = int(encoded.high)
    ticks = [0, end // 2, end]
    layout["xaxis"] |= {"range": [0, end * 1.002], "tickvals": ticks}
    layout["xaxis"] |= {"ticktext": [format_count(tick, chart.lang) for tick in ticks]}
    return {"data": [_draw_part(encoded.parts[0], encoded.bars), _anchor()], "layout": layout}


def draw_stacks(chart: Chart) -> Part:
    """Draw bars of 100 %, a segment a status or outcome with its count where it fits, and N at the right."""
    encoded = encode_bars(chart)
    bars, traces = encoded.bars, []
    has_peers = any(bar.is_peer for bar in bars)
    for part in encoded.parts:
        counts = [int(value or 0) for value in part.lengths]
        rows = list(zip(bars, counts, strict=True))
        shares = [bar.share(count) if bar.denominator else None for bar, count in rows]
        rates = [chart.pair(part.name, format_rate(count, bar.denominator, chart.lang)) for bar, count in rows]
        hover = [write_hover(f"{bar.label}\n{rate}") for bar, rate in zip(bars, rates, strict=True)]
        trace = _level_bars(part.name, rounded(shares), list(range(len(bars))), PICTURE[part.role], hover)
        trace["marker"] |= {"line": {"color": theme.PAPER, "width": 1}}
        trace["text"] = [format_count(count, chart.lang) if count else "" for count in counts]
        trace |= {"textposition": "inside", "insidetextanchor": "middle", "textangle": 0}
        ink = PICTURE[f"on_{part.role}"]
        trace["insidetextfont"] = {"color": ink, "size": theme.SMALL}
        if has_peers:
            trace["marker"]["opacity"] = [theme.PEER_OPACITY if bar.is_peer else 1 for bar in bars]
            trace["insidetextfont"]["color"] = [theme.TEXT if bar.is_peer else ink for bar in bars]
        traces.append(trace)
    layout = _lay_out(chart, encoded, [bar.counts for bar in bars])
    layout |= {"barmode": "stack", "uniformtext": {"mode": "hide", "minsize": theme.SMALL - 1}}
    return {"data": [*traces, _anchor()], "layout": layout}


def draw_pairs(chart: Chart) -> Part:
    """Draw two bars a member, the first selection's on top, and in a column at the right the difference."""
    encoded = encode_bars(chart)
    traces = []
    for number, side in enumerate(chart.sides):
        half = pick_bars(encoded, range(number, len(encoded.bars), 2))
        hover = [write_hover(f"{bar.label}\n{chart.pair(side.name, say_side(chart, bar))}") for bar in half.bars]
        placed = {"offset": (number - 1) * PAIR_THICK, "width": PAIR_THICK - 0.04, "customdata": hover}
        first_part, *bound_parts = half.parts
        traces.append(_draw_part(first_part, half.bars) | placed | {"name": escape_text(side.name)})
        traces += [_draw_part(part, half.bars) | placed | {"base": rounded(first_part.lengths)} for part in bound_parts]
    return {"data": [*traces, _anchor()], "layout": _lay_out_pairs(chart, encoded)}


def _lay_out_pairs(chart: Chart, encoded: Bars) -> Part:
    names = [_mute(wrapped(bar.label), bar.is_quiet) for bar in encoded.bars[::2]]
    values = [escape_text(bar.text) for bar in encoded.bars]
    ends = [
        "<br>".join([*both, _mute(escape_text(join_difference(texts)), len(texts) < 2)])
        for *both, texts in zip(values[::2], values[1::2], chart.write_differences(chart.drawn), strict=True)
    ]
    key = write_key(encoded.key)
    row = max(PAIR_ROW, max(name.count("<br>") + 1 for name in names) * LINE + 12)
    layout = lay_out(chart, len(names) * row + len(key) * LEGEND_LINE + AXIS_SPACE, barmode="overlay")
    put_key(layout, key)
    layout["xaxis"] = percent_axis(chart, (0, 0.5, 1))
    layout["yaxis"] = _member_axis(names)
    layout["yaxis2"] = _member_axis(ends) | {"overlaying": "y", "side": "right"}
    return layout


def _level_bars(
    name: str, values: list[float | None], places: list[int], colour: str | list[str], hover: list[str]
) -> Part:
    """Draw level bars, with the text of each at the pointer."""
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


def _lay_out(chart: Chart, encoded: Bars, texts: list[str]) -> Part:
    """Lay out names at the left, texts at the right, both as axes, so that the margins follow their lengths."""
    bars = encoded.bars
    names = [_mute(wrapped(bar.label), bar.is_quiet) for bar in bars]
    values = [_mute(text, bar.is_muted) for bar, text in zip(bars, texts, strict=True)]
    row = max(name.count("<br>") + 1 for name in names) * LINE + BAR_GAP
    key = write_key(encoded.key)
    height = len(names) * row + len(key) * LEGEND_LINE + AXIS_SPACE
    layout = lay_out(chart, height, bargap=0.34)
    if key:
        put_key(layout, key)
    layout["xaxis"] = percent_axis(chart, (0, 0.5, 1) if encoded.is_counted else list_ticks(encoded.high))
    layout["yaxis"] = _member_axis(names)
    layout["yaxis2"] = _member_axis(values) | {"overlaying": "y", "side": "right"}
    return layout


def _mute(text: str, is_quiet: bool) -> str:
    """Write a text, in grey if it is muted."""
    return f'<span style="color:{theme.MUTED}">{text}</span>' if is_quiet else text


def _member_axis(names: list[str]) -> Part:
    """Make an axis of names from top to bottom in place of numbers."""
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
