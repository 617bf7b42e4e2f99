"""Country tiles as HTML: as many side by side as there is room for, blocks of regions in one or two columns.

The colours are classes of `dashboard.ui.frame.style`, which follow the page's light or dark theme.
"""

from collections.abc import Iterator
from html import escape
from typing import Any, NamedTuple

from dashboard.charts.chart import Chart
from dashboard.charts.plotly.parts import member_hover
from dashboard.charts.svg.styles import SHADES
from dashboard.formats import format_counts, format_percent, format_rate_label
from dashboard.measures.definitions import FEW

_MOST_COUNTED = 100
"""From so many actions on, tiles say the percentage, since the counts would not fit."""
_WITHOUT_TAGS = {"<b>": "", "</b>": "", "<br>": "\n", '"': "&quot;"}


class _Tile(NamedTuple):
    """One country: its code, its region, what it did, and what it says when pointed at."""

    code: str
    region: str
    actions: int
    completed: int
    hover: str


def render(chart: Chart) -> str:
    """The tiles of a chart: an image with the chart's alternative text, to be drawn with its table beside it."""
    frame = chart.frame
    columns = (frame[name].tolist() for name in ("code", "region", "actions", "completed"))
    tiles = [_Tile(*row) for row in zip(*columns, member_hover(chart, frame), strict=True)]
    write = format_counts if int(frame["actions"].max()) < _MOST_COUNTED else format_percent
    drawn: dict[str, list[str]] = {}
    for tile in tiles:
        say = format_counts if tile.actions < FEW else write
        says = say(tile.completed, tile.actions, chart.lang) if tile.actions else ""
        drawn.setdefault(tile.region, []).append(_draw(tile, says))
    totals = {str(total["code"]): total for total in chart.blocks.to_dict("records")}
    blocks = "".join(
        f'<div class="ct-block"><p class="ct-head">{_head(chart, totals[region])}</p>'
        f'<div class="ct-tiles">{"".join(marks)}</div></div>'
        for region, marks in drawn.items()
    )
    key = "".join(f'<span class="ct-key {kind}"></span>{escape(words)}' for kind, words in _key(chart))
    return (
        f'<div class="ct" role="img" aria-label="{escape(chart.alt)}"><p class="ct-keys">{key}</p>'
        f'<div class="ct-blocks">{blocks}</div></div>'
    )


def _kind(actions: int, completed: int) -> str:
    if not actions:
        return "none"
    return "few" if actions < FEW else f"s{min(completed * SHADES // actions, SHADES - 1)}"


def _draw(tile: _Tile, says: str) -> str:
    hover = tile.hover
    for tag, text in _WITHOUT_TAGS.items():
        hover = hover.replace(tag, text)
    kind = _kind(tile.actions, tile.completed)
    # Rates of few actions are no shade but a bar along the lower edge.
    bar = f' style="--done:{100 * tile.completed / tile.actions:.0f}%"' if kind == "few" else ""
    return f'<span class="{kind}" data-tip="{hover}"{bar}><b>{escape(tile.code)}</b><small>{says}</small></span>'


def _head(chart: Chart, total: dict[Any, Any]) -> str:
    completed, actions = int(total["completed"]), int(total["actions"])
    words = format_rate_label(completed, actions, chart.lang)
    if actions < FEW:
        words = format_counts(completed, actions, chart.lang) if actions else chart.words["no_actions"]
    return f"<b>{escape(str(total['label']))}</b> {escape(words)}"


def _key(chart: Chart) -> Iterator[tuple[str, str]]:
    for step, percent in ((0, 0), (SHADES // 2, 50), (SHADES - 1, 100)):
        yield f"s{step}", format_percent(percent, 100, chart.lang)
    yield "few", chart.words["few"]
    yield "none", chart.words["no_actions"]
