"""Pictures of statuses: bars of 100 %, a segment a status with its count where it fits, the actions at the right."""

from collections.abc import Hashable
from typing import Any

from dashboard.charts.catalogue import STATUS_COLUMNS
from dashboard.charts.chart import Chart, read_rows
from dashboard.charts.svg.canvas import (
    BASELINE,
    Box,
    Canvas,
    Datum,
    Entry,
    Sizes,
    draw_key,
    key_height,
    pair,
    share,
    short,
)
from dashboard.charts.svg.rows import Rows, draw_label, draw_percent_axis, plan_rows, value_baseline
from dashboard.charts.svg.texts import widest, width
from dashboard.formats import format_count, format_rate

Member = dict[Hashable, Any]


def draw_statuses(canvas: Canvas, chart: Chart, box: Box, sizes: Sizes) -> tuple[float, int]:
    """Draw the stacked bars of a chart of statuses; returns its lower end and how many members are drawn."""
    columns = ["code", "label", "actions", "is_few", *STATUS_COLUMNS.values()]
    members: list[Member] = [dict(zip(columns, row, strict=True)) for row in read_rows(chart.drawn, columns)]
    shown = {status: column for status, column in STATUS_COLUMNS.items() if any(m[column] for m in members)}
    entries = [Entry(chart.words[f"status_{status}"], status) for status in shown]
    key = key_height(entries, box.width, sizes.small)
    draw_key(canvas, entries, box, sizes.small)
    texts = _totals(chart, members)
    below = Box(box.x, box.y + key, box.width, None if box.height is None else box.height - key)
    rows = plan_rows([m["label"] for m in members], lambda size: widest(texts, size), below, sizes)
    bottom = draw_percent_axis(canvas, rows, chart.lang)
    for place in range(len(rows.bars)):
        member = members[place]
        with canvas.group(data_code=member["code"], data_actions=int(member["actions"])):
            draw_label(canvas, rows, place, member["label"])
            with canvas.group(text_anchor="middle", font_size=short(_count_size(rows))):
                _draw_segments(canvas, chart, member, rows, place, shown)
            role = "f-muted" if member["is_few"] else "f-text"
            canvas.text(box.right, value_baseline(rows, place), texts[place], role, rows.size, "end")
    return bottom, len(rows.bars)


def _totals(chart: Chart, members: list[Member]) -> list[str]:
    """How many actions each member has; the first with the word for them."""
    texts = [format_count(m["actions"], chart.lang) if m["actions"] else chart.words["no_actions"] for m in members]
    first = next((place for place, member in enumerate(members) if member["actions"]), None)
    if first is not None and "first_actions" in chart.words:
        texts[first] = chart.words["first_actions"]
    return texts


def _draw_segments(canvas: Canvas, chart: Chart, member: Member, rows: Rows, place: int, shown: dict[str, str]) -> None:
    actions = int(member["actions"])
    top = rows.bars[place] - rows.bar_height / 2
    before = 0
    for status, column in shown.items():
        count = int(member[column])
        if not count:
            continue
        start, end = rows.at(share(before, actions)), rows.at(share(before + count, actions))
        before += count
        is_last = before == actions
        rate = format_rate(count, actions, chart.lang)
        tip = f"{member['label']}\n{pair(chart, chart.words[f'status_{status}'], rate)}"
        with canvas.group(tip):
            gap = 0 if is_last else min(1.0, (end - start) / 3)
            data: dict[str, Datum] = {"data_measure": column, "data_value": count}
            canvas.rect(start, top, end - start - gap, rows.bar_height, f"f-{status}", **data)
            _write_count(canvas, format_count(count, chart.lang), status, (start, end), rows, place)


def _write_count(canvas: Canvas, text: str, status: str, ends: tuple[float, float], rows: Rows, place: int) -> None:
    """The count in the middle of its segment, if the segment is wide enough."""
    start, end = ends
    size = _count_size(rows)
    if width(text, size) + 4 <= end - start:
        baseline = rows.bars[place] + BASELINE * size
        canvas.bare_text((start + end) / 2, baseline, text, f"f-on_{status}")


def _count_size(rows: Rows) -> float:
    return min(rows.small, rows.bar_height * 0.82)
