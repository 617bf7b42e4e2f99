"""Pictures of rates: bars up to the rate, paler ones up to the upper bound, the rate and n/N at the right."""

from typing import NamedTuple

from dashboard.charts.chart import Chart, read_rows
from dashboard.charts.svg.canvas import Box, Canvas, Datum, Entry, Sizes, draw_key, key_height, pair, share
from dashboard.charts.svg.rows import Rows, draw_label, draw_percent_axis, plan_rows, value_baseline
from dashboard.charts.svg.texts import widest
from dashboard.formats import format_counts, format_percent, format_rate
from dashboard.measures.definitions import RATES

_ROLES = {"completion_rate": ("completed", "completed_few"), "reporting_rate": ("reported", "reported_few")}


class _Member(NamedTuple):
    code: str
    label: str
    actions: int
    reported: int
    completed: int
    not_reported: int
    is_few: bool


def draw_rates(canvas: Canvas, chart: Chart, box: Box, sizes: Sizes) -> tuple[float, int]:
    """Draw the bars of a chart of rates.

    Returns:
        The lower end of the drawing in pixels, and how many members are drawn.
    """
    members = [_Member(*row) for row in read_rows(chart.drawn, _Member._fields)]
    is_bounded = "upper_bound" in chart.spec.measures
    entries = [Entry(chart.words["completed"], "completed")] if is_bounded else []
    if is_bounded and any(member.not_reported for member in members):
        entries.append(Entry(chart.words["possible"], "possible", "possible_edge"))
    key = key_height(entries, box.width, sizes.small)
    draw_key(canvas, entries, box, sizes.small)
    count = RATES[chart.spec.measures[0]].parts[0]
    texts = [_value_texts(chart, member, count) for member in members]

    def value_width(size: float) -> float:
        columns = widest([rate for rate, _ in texts], size, bold=True), widest([of for _, of in texts if _], size)
        empty = widest([of for rate, of in texts if not rate], size)
        return max(columns[0] + 0.6 * size + columns[1], empty)

    below = Box(box.x, box.y + key, box.width, None if box.height is None else box.height - key)
    rows = plan_rows([member.label for member in members], value_width, below, sizes)
    bottom = draw_percent_axis(canvas, rows, chart.lang)
    for place in range(len(rows.bars)):
        _draw_member(canvas, chart, members[place], rows, place, box.right, texts)
    return bottom, len(rows.bars)


def _draw_member(
    canvas: Canvas, chart: Chart, member: _Member, rows: Rows, place: int, right: float, texts: list[tuple[str, str]]
) -> None:
    rate = chart.spec.measures[0]
    numerator = getattr(member, RATES[rate].parts[0])
    top, thick = rows.bars[place] - rows.bar_height / 2, rows.bar_height
    with canvas.group(_tip(chart, member), data_code=member.code, data_actions=member.actions):
        canvas.rect(rows.x, rows.tops[place], right - rows.x, rows.tops[place + 1] - rows.tops[place], "hit")
        draw_label(canvas, rows, place)
        if member.actions:
            value = share(numerator, member.actions)
            if "upper_bound" in chart.spec.measures:
                bound = share(member.completed + member.not_reported, member.actions)
                _draw_bound(canvas, rows, top, value, bound)
            role = _ROLES[rate][member.is_few]
            data: dict[str, Datum] = {"data_measure": rate, "data_value": value, "data_n": numerator}
            canvas.rect(rows.bar_x, top, value * rows.bar_width, thick, f"f-{role}", **data)
        _write_values(canvas, member, rows, place, right, texts)


def _draw_bound(canvas: Canvas, rows: Rows, top: float, value: float, bound: float) -> None:
    """The part of a bar that could still be completed; of no length where every action has reported."""
    data: dict[str, Datum] = {"data_measure": "upper_bound", "data_value": bound}
    start, end = rows.at(value), rows.at(bound)
    if end - start > 1:
        canvas.rect(start, top + 0.5, end - start - 0.5, rows.bar_height - 1, "f-possible s-possible_edge", **data)
    else:
        canvas.rect(start, top, end - start, rows.bar_height, "f-possible", **data)


def _write_values(
    canvas: Canvas, member: _Member, rows: Rows, place: int, right: float, texts: list[tuple[str, str]]
) -> None:
    rate, of = texts[place]
    baseline = value_baseline(rows, place)
    canvas.text(right, baseline, of, "f-muted", rows.size, "end")
    column = widest([of for rate, of in texts if rate], rows.size)
    canvas.text(
        right - column - 0.6 * rows.size, baseline, rate, "f-muted" if member.is_few else "f-text b", rows.size, "end"
    )


def _value_texts(chart: Chart, member: _Member, count: str) -> tuple[str, str]:
    """The rate and n/N of a member; no rate and the words for it where there is no action."""
    if not member.actions:
        return "", chart.words["no_actions"]
    numerator = getattr(member, count)
    return (
        format_percent(numerator, member.actions, chart.lang),
        format_counts(numerator, member.actions, chart.lang),
    )


def _tip(chart: Chart, member: _Member) -> str:
    words, lang = chart.words, chart.lang
    if not member.actions:
        return f"{member.label}\n{words['no_actions']}"
    possible = member.completed + member.not_reported
    return "\n".join(
        [
            member.label,
            pair(chart, words["completion_rate"], format_rate(member.completed, member.actions, lang)),
            pair(chart, words["upper_bound"], format_rate(possible, member.actions, lang)),
            pair(chart, words["reporting_rate"], format_rate(member.reported, member.actions, lang)),
        ]
    )
