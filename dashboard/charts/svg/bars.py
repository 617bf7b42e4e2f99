"""Pictures of bars: rates up to their upper bounds with n/N at the right, or statuses as segments of 100 %.

Where there is width, labels stand beside their bars; on a narrow picture above them, so that a long name has the
whole width. A picture of a fixed height has a font as large as its rows allow, and fewer rows than there are members
if even the smallest has no room for all.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

from dashboard import theme
from dashboard.charts.chart import Chart
from dashboard.charts.encoding import Bar, Bars, encode_bars, list_ticks, pick_bars, say_most
from dashboard.charts.svg.canvas import (
    BASELINE,
    LEGIBLE,
    Anchor,
    Box,
    Canvas,
    Datum,
    Sizes,
    draw_key,
    key_height,
    short,
)
from dashboard.charts.svg.texts import LINE, shorten, widest, width, wrap
from dashboard.formats import format_count, format_percent, format_points, format_rate
from dashboard.ground.codelist_codes import UNCLASSIFIED

NARROW = 34
"""Below this width, in font sizes, labels stand above their bars."""
BAR = 1.3
TIGHT_BAR = 1.1
ROW_GAP = 0.65
TIGHT_GAP = 0.35
GAP = 0.8
ON_BAR = 0.35
"""The room around a text at the end of a bar, in font sizes."""
APART = 0.7
"""The gap above those that are not classified yet, in font sizes: they are never ranked."""
AXIS = 1.9
MOST_LINES = 2
LABEL_SHARE = 0.36
MOST_STRETCH = 1.7
SHRINK = 0.95
LABELLED: dict[int, Anchor] = {0: "start", 50: "middle", 100: "end"}


@dataclass(frozen=True)
class _Rows:
    """Where the rows of a bar chart stand, in pixels.

    Attributes:
        labels: The lines of each row's label.
        tops: The top of each row, and the bottom of the last.
        bars: The middle of each row's bar.
        label_middles: The middle of each row's label.
        bar_width: How long a bar of 100 % is.
        low: The value at which bars begin, as a fraction of 1.
    """

    size: float
    small: float
    labels: list[list[str]]
    tops: list[float]
    bars: list[float]
    label_middles: list[float]
    x: float
    bar_x: float
    bar_width: float
    bar_height: float
    is_above: bool
    label_width: float
    is_apart: bool = False
    low: float = 0.0
    high: float = 1.0

    @property
    def bottom(self) -> float:
        """The lower end of the rows, above the axis' labels."""
        return self.tops[-1]

    @property
    def unit(self) -> float:
        """How long a share of 1 is."""
        return self.bar_width / (self.high - self.low)

    def at(self, share: float) -> float:
        """The x of a share of 1."""
        return self.bar_x + (share - self.low) / (self.high - self.low) * self.bar_width


def draw_rates(canvas: Canvas, chart: Chart, box: Box, sizes: Sizes) -> tuple[float, int]:
    """Draw the bars of a chart of rates.

    Returns:
        The lower end of the drawing in pixels, and how many members are drawn.
    """
    encoded = encode_bars(chart)

    def value_width(size: float) -> float:
        counts = widest([bar.counts for bar in encoded.bars], size)
        if box.width / size >= NARROW and not chart.spec.is_pace:  # bars say their rates at their ends
            return counts
        rates = widest([bar.value for bar in encoded.bars], size, bold=True)
        with_rate = widest([bar.counts for bar in encoded.bars if bar.value], size)
        return max(rates + 0.6 * size + with_rate, widest([bar.counts for bar in encoded.bars if not bar.value], size))

    below = _draw_key(canvas, encoded, box, sizes, LINE * sizes.small if chart.reference else 0)
    encoded, rows = _plan_bars(chart, encoded, value_width, below, sizes)
    bottom = (_draw_pace_axis if chart.spec.is_pace else _draw_percent_axis)(canvas, rows, chart)
    labels = [_label_bar(chart, encoded, rows, place) for place in range(len(rows.bars))]
    for place, on_bar in enumerate(labels):
        _draw_member(canvas, chart, encoded, rows, place, box.right, on_bar)
    if chart.reference and chart.reference_counts:
        _draw_reference(canvas, chart, rows, chart.value(*chart.reference_counts), labels)
    return bottom, len(rows.bars)


def _draw_key(canvas: Canvas, encoded: Bars, box: Box, sizes: Sizes, more: float = 0.0) -> Box:
    """Draw the key on top of a box; return what remains of the box, and its lower end moved as far."""
    draw_key(canvas, encoded.key, box, sizes.small)
    return box.below(key_height(encoded.key, box.width, sizes.small) + more)


def _plan_bars(
    chart: Chart, encoded: Bars, value_width: Callable[[float], float], box: Box, sizes: Sizes, together: int = 1
) -> tuple[Bars, "_Rows"]:
    """Place the bars in a box; return those that have room, and their rows.

    Where peers are shown, chosen members get room before them.
    """
    last = encoded.bars[-1].code
    is_apart = last == UNCLASSIFIED and len(encoded.bars) > 1 and not chart.sides
    rows = _plan_rows([bar.label for bar in encoded.bars], value_width, box, sizes, is_apart, together)
    rows = replace(rows, low=encoded.low, high=encoded.high)
    if chart.wider_total is None or len(rows.bars) == len(encoded.bars):
        return encoded, rows
    codes = chart.first(len(rows.bars))["code"].tolist()
    encoded = pick_bars(encoded, [place for place, bar in enumerate(encoded.bars) if bar.code in codes])
    labels = [wrap(bar.label, rows.label_width, rows.size, MOST_LINES) for bar in encoded.bars]
    return encoded, replace(rows, labels=labels)


class _OnBar(NamedTuple):
    """A text at the end of a bar: its left and right, and its colour."""

    text: str
    left: float
    right: float
    role: str


def _label_bar(chart: Chart, encoded: Bars, rows: _Rows, place: int) -> list[_OnBar]:
    """Write the rate at the end of its part, inside where it has room, and how far it could come behind the bar."""
    bar = encoded.bars[place]
    if rows.is_above or chart.spec.is_pace or not bar.denominator:
        return []
    size, room, end = _count_size(rows), ON_BAR * rows.size, rows.at(rows.high)
    value = rows.at(bar.share(bar.part))
    wide = width(bar.value, size, bold=True)
    if value - rows.bar_x >= wide + 2 * room:
        first = _OnBar(bar.value, value - room - wide, value - room, f"f-{'text' if bar.is_muted else 'paper b'}")
    else:
        first = _OnBar(bar.value, value + room, value + room + wide, f"f-text{'' if bar.is_muted else ' b'}")
    most = say_most(chart, bar)
    if not most:
        return [first]
    bound, wide = rows.at(bar.share(bar.most)), width(most, size)
    left = max(bound, first.right) + room
    if left + wide <= end:
        return [first, _OnBar(most, left, left + wide, "f-muted")]
    if bound - room - wide >= max(value, first.right) + room:
        return [first, _OnBar(most, bound - room - wide, bound - room, "f-text")]
    return [first]


def _draw_reference(canvas: Canvas, chart: Chart, rows: _Rows, value: float, labels: list[list[_OnBar]]) -> None:
    """Draw a line at the rate of all through the bars, but not through the texts at their ends."""
    x, small = rows.at(value), rows.small
    look: dict[str, Datum] = {"stroke_dasharray": "4 3", "stroke_width": 1.5}
    data: dict[str, Datum] = {"data_measure": "reference", "data_value": value}
    spans = [(rows.tops[0] - 0.2 * small, rows.bottom)]
    if rows.is_above:  # not through the labels
        half = rows.bar_height / 2 + 2
        spans = [(bar - half, bar + half) for bar in rows.bars]
    for place, on_bar in enumerate(labels):
        if any(one.left - 3 < x < one.right + 3 for one in on_bar):
            (top, bottom), middle, half = spans.pop(), rows.bars[place], 0.5 * LINE * _count_size(rows)
            spans += [(top, middle - half), (middle + half, bottom)]
    for top, bottom in spans:
        canvas.line(x, top, x, bottom, "s-muted", **look, **data)
    wide = width(chart.reference, small)
    left = min(max(x - wide / 2, rows.x), rows.bar_x + rows.bar_width - wide)
    canvas.text(max(left, rows.x), rows.tops[0] - 0.45 * small, chart.reference, "f-muted", small)


def _draw_member(
    canvas: Canvas, chart: Chart, encoded: Bars, rows: _Rows, place: int, right: float, on_bar: list[_OnBar]
) -> None:
    bar = encoded.bars[place]
    top, thick = rows.bars[place] - rows.bar_height / 2, rows.bar_height
    data: dict[str, Datum] = {"data_code": bar.code, "data_actions": bar.actions}
    with canvas.group(bar.tip, "", data_mark=chart.mark(bar.actions, bar.code), **data):
        canvas.rect(rows.x, rows.tops[place], right - rows.x, rows.tops[place + 1] - rows.tops[place], "hit")
        _draw_label(canvas, rows, place, role="f-muted" if bar.is_quiet else "f-text")
        if bar.actions and chart.spec.is_pace:
            _draw_pace(canvas, chart, encoded, rows, place)
        elif bar.denominator:
            first_part, *bound_parts = encoded.parts
            value = max(bar.share(bar.part), 0.0)
            for bound_part in bound_parts:
                bound = bar.share(bar.most)
                role = f"f-{bound_part.roles[place]} s-{bound_part.edges[place]}"
                _draw_bound(canvas, rows, top, value, bound, role)
            data = {"data_measure": first_part.measure, "data_value": value, "data_n": bar.part}
            data["data_whole"] = rows.unit
            canvas.rect(rows.bar_x, top, value * rows.unit, thick, f"f-{first_part.roles[place]}", **data)
        for one in on_bar:
            size = _count_size(rows)
            canvas.text(one.left, rows.bars[place] + BASELINE * size, one.text, one.role, size)
        _write_values(canvas, encoded.bars, rows, place, right, has_rate=not on_bar)


def _draw_pace(canvas: Canvas, chart: Chart, encoded: Bars, rows: _Rows, place: int) -> None:
    """Draw the bar from the time elapsed to the pace, or as far as it is known; the unknown part is pale."""
    bar = encoded.bars[place]
    top, thick = rows.bars[place] - rows.bar_height / 2, rows.bar_height
    value, bound = chart.value(bar.part, bar.denominator), chart.value(bar.most, bar.denominator)
    behind, ahead, *pale = encoded.parts
    for part in pale:
        if part.lengths[place]:
            data: dict[str, Datum] = {"data_measure": "pace_upper_bound", "data_value": bound}
            role = f"f-{part.roles[place]} s-{part.edges[place]}"
            left, right = rows.at(value), rows.at(bound)
            canvas.rect(left + 0.5, top + 0.5, right - left - 1, thick - 1, role, **data)
            break  # what lies on both sides of the time elapsed is one
    drawn_part = behind if behind.lengths[place] else ahead
    start, end = sorted((rows.at(0), rows.at(drawn_part.lengths[place] or 0.0)))
    role = drawn_part.roles[place]
    data = {"data_measure": "pace", "data_value": value, "data_n": bar.part}
    canvas.rect(start, top, end - start, thick, f"f-{role}", **data)


def _draw_bound(canvas: Canvas, rows: _Rows, top: float, value: float, bound: float, role: str) -> None:
    """Draw the part of a bar that could still be completed; of no length where the status of every action is known."""
    data: dict[str, Datum] = {"data_measure": "upper_bound", "data_value": bound}
    start, end = rows.at(value), rows.at(bound)
    if end - start > 1:
        canvas.rect(start, top + 0.5, end - start - 0.5, rows.bar_height - 1, role, **data)
    else:
        canvas.rect(start, top, end - start, rows.bar_height, "f-possible", **data)


def _write_values(canvas: Canvas, bars: list[Bar], rows: _Rows, place: int, right: float, *, has_rate: bool) -> None:
    bar, baseline = bars[place], _value_baseline(rows, place)
    canvas.text(right, baseline, bar.counts, "f-muted", rows.size, "end")
    if has_rate:
        left = right - widest([bar.counts for bar in bars if bar.value], rows.size) - 0.6 * rows.size
        canvas.text(left, baseline, bar.value, "f-muted" if bar.is_muted else "f-text b", rows.size, "end")


def draw_answers(canvas: Canvas, chart: Chart, box: Box, sizes: Sizes) -> tuple[float, int]:
    """Draw the shares of a question's answers, for waves side by side a bar for each.

    Returns:
        The lower end of the drawing in pixels, and how many bars are drawn.
    """
    encoded = encode_bars(chart)
    texts, part = [bar.counts for bar in encoded.bars], encoded.parts[0]
    below = _draw_key(canvas, encoded, box, sizes)
    rows = _plan_rows([bar.label for bar in encoded.bars], lambda size: widest(texts, size), below, sizes, False)
    waves = chart.frame["wave_label"].tolist() if "wave_label" in chart.frame else [""] * len(texts)
    bottom = _draw_percent_axis(canvas, rows, chart)
    for place, bar in enumerate(encoded.bars[: len(rows.bars)]):
        value = bar.share(bar.part)
        with canvas.group(bar.tip, data_code=bar.code, data_wave=waves[place]):
            canvas.rect(rows.x, rows.tops[place], box.width, rows.tops[place + 1] - rows.tops[place], "hit")
            _draw_label(canvas, rows, place)
            data: dict[str, Datum] = {"data_measure": part.measure, "data_value": value, "data_n": bar.part}
            top = rows.bars[place] - rows.bar_height / 2
            canvas.rect(rows.bar_x, top, value * rows.bar_width, rows.bar_height, f"f-{part.roles[place]}", **data)
            role = "f-muted" if bar.is_muted else "f-text"
            canvas.text(box.right, _value_baseline(rows, place), bar.counts, role, rows.size, "end")
    return bottom, len(rows.bars)


def draw_counts(canvas: Canvas, chart: Chart, box: Box, sizes: Sizes) -> tuple[float, int]:
    """Draw bars as long as their counts; return the lower end and how many members are drawn."""
    encoded = encode_bars(chart)
    part, texts = encoded.parts[0], [bar.value for bar in encoded.bars]
    rows = _plan_rows([bar.label for bar in encoded.bars], lambda size: widest(texts, size), box, sizes, False)
    rows = replace(rows, high=encoded.high)
    baseline = rows.bottom + (0.5 * AXIS + BASELINE) * rows.small
    for percent, anchor in LABELLED.items():
        tick = rows.high * percent / 100
        if not rows.is_above:
            canvas.line(rows.at(tick), rows.tops[0], rows.at(tick), rows.bottom, "s-grid" if tick else "s-axis")
        canvas.text(rows.at(tick), baseline, format_count(int(tick), chart.lang), "f-muted", rows.small, anchor)
    for place, bar in enumerate(encoded.bars[: len(rows.bars)]):
        top = rows.bars[place] - rows.bar_height / 2
        with canvas.group(bar.tip, data_code=bar.code):
            canvas.rect(rows.x, rows.tops[place], box.width, rows.tops[place + 1] - rows.tops[place], "hit")
            _draw_label(canvas, rows, place)
            data: dict[str, Datum] = {"data_measure": part.measure, "data_value": bar.part}
            role = f"f-{part.roles[place]}"
            canvas.rect(rows.bar_x, top, rows.at(bar.part) - rows.bar_x, rows.bar_height, role, **data)
            canvas.text(box.right, _value_baseline(rows, place), bar.value, "f-text b", rows.size, "end")
    return rows.bottom + AXIS * rows.small, len(rows.bars)


def draw_stacks(canvas: Canvas, chart: Chart, box: Box, sizes: Sizes) -> tuple[float, int]:
    """Draw stacked bars, as of statuses; return the lower end and how many members are drawn."""
    encoded = encode_bars(chart)
    texts = [bar.counts for bar in encoded.bars]
    below = _draw_key(canvas, encoded, box, sizes)
    together = max(len(chart.sides), 1)
    encoded, rows = _plan_bars(chart, encoded, lambda size: widest(texts, size), below, sizes, together)
    bottom = _draw_percent_axis(canvas, rows, chart)
    for place, bar in enumerate(encoded.bars[: len(rows.bars)]):
        with canvas.group(data_code=bar.code, data_actions=bar.actions):
            with canvas.group(data_mark=chart.mark(bar.actions, bar.code)):
                _draw_label(canvas, rows, place, bar.label, "f-muted" if bar.is_quiet else "f-text")
            with canvas.group(text_anchor="middle", font_size=short(_count_size(rows))):
                _draw_segments(canvas, chart, encoded, rows, place)
            role = "f-muted" if bar.is_muted else "f-text"
            canvas.text(box.right, _value_baseline(rows, place), bar.counts, role, rows.size, "end")
    return bottom, len(rows.bars) // together


def _draw_segments(canvas: Canvas, chart: Chart, encoded: Bars, rows: _Rows, place: int) -> None:
    bar, before = encoded.bars[place], 0
    for part in encoded.parts:
        count = int(part.lengths[place] or 0)
        if not count:
            continue
        start, end = rows.at(bar.share(before)), rows.at(bar.share(before + count))
        before += count
        tip = f"{bar.label}\n{chart.pair(part.name, format_rate(count, bar.denominator, chart.lang))}"
        mark = chart.mark(count, bar.code, **dict(part.filters)) if part.filters else ""
        with canvas.group(tip, data_mark=mark):
            gap = 0 if before == bar.denominator else min(1.0, (end - start) / 3)
            data: dict[str, Datum] = {"data_measure": part.measure, "data_value": count}
            ink = f"f-on_{part.role}"
            if bar.is_peer:
                data["opacity"], ink = theme.PEER_OPACITY, "f-text"
            top = rows.bars[place] - rows.bar_height / 2
            canvas.rect(start, top, end - start - gap, rows.bar_height, f"f-{part.role}", **data)
            _write_count(canvas, format_count(count, chart.lang), ink, (start, end), rows, place)


def _write_count(canvas: Canvas, text: str, ink: str, ends: tuple[float, float], rows: _Rows, place: int) -> None:
    """Write the count in the middle of its segment, if the segment is wide enough."""
    start, end = ends
    size = _count_size(rows)
    if width(text, size) + 4 <= end - start:
        baseline = rows.bars[place] + BASELINE * size
        canvas.bare_text((start + end) / 2, baseline, text, ink)


def _count_size(rows: _Rows) -> float:
    return min(rows.small, max(rows.bar_height * 0.82, LEGIBLE))


def _plan_rows(
    labels: list[str],
    value_width: Callable[[float], float],
    box: Box,
    sizes: Sizes,
    is_apart: bool,
    together: int = 1,
) -> _Rows:
    """Place the rows of these labels in a box.

    Args:
        labels: The members' names, in order.
        value_width: How much room the values at the right need at a font size, in pixels.
        box: Where to draw; with a height, the axis' labels have room in it as well.
        sizes: The font sizes to choose from.
        is_apart: Whether the last row is set apart.
        together: How many rows belong to one member: of a member all rows are placed or none.
    """
    if box.height is None:
        return _place(labels, value_width, box, sizes.base, sizes.small, 1.0, is_apart=is_apart)
    size = sizes.base
    while True:
        gap = ROW_GAP if size > sizes.least else TIGHT_GAP
        small = min(sizes.small, size)
        rows = _place(labels, value_width, box, size, small, 1.0, gap, is_apart)
        needed = rows.bottom - box.y
        room = box.height - AXIS * small
        if needed <= room:
            return _place(labels, value_width, box, size, small, min(room / needed, MOST_STRETCH), gap, is_apart)
        if size <= sizes.least:
            fits = sum(bottom - box.y <= room for bottom in rows.tops[1:])
            return _place(labels[: max(together, fits - fits % together)], value_width, box, size, small, 1.0, gap)
        size = max(size * SHRINK, sizes.least)


def _place(
    labels: list[str],
    value_width: Callable[[float], float],
    box: Box,
    size: float,
    small: float,
    stretch: float,
    gap: float = ROW_GAP,
    is_apart: bool = False,
) -> _Rows:
    values = value_width(size)
    if box.width / size < NARROW:
        room = box.width - values - GAP * size
        lines = [wrap(label, room, size, MOST_LINES) for label in labels]
        return _above(lines, box, size, small, stretch, room, is_apart)
    most = min(box.width * LABEL_SHARE, widest(labels, size)) + 1
    lines = [wrap(label, most, size, MOST_LINES) for label in labels]
    name_width = max(widest(row, size) for row in lines)
    bar_x = box.x + name_width + GAP * size
    bar_width = box.width - name_width - values - 2 * GAP * size
    heights = [(max(BAR, len(row) * LINE * 0.94) + gap) * size * stretch for row in lines]
    tops = _set_apart(_add_up(box.y, heights), APART * size * is_apart)
    middles = [top + height / 2 for top, height in zip(tops, heights, strict=False)]
    thick = (TIGHT_BAR if gap < ROW_GAP else BAR) * size * stretch
    places = (lines, tops, middles, middles, box.x, bar_x, bar_width, thick)
    return _Rows(size, small, *places, is_above=False, label_width=most, is_apart=is_apart)


def _above(
    lines: list[list[str]], box: Box, size: float, small: float, stretch: float, room: float, is_apart: bool
) -> _Rows:
    thick = 0.95 * size * stretch
    names = [len(row) * LINE * size for row in lines]
    heights = [name + (0.25 * size + 0.75 * size) * stretch + thick for name in names]
    tops = _set_apart(_add_up(box.y, heights), APART * size * is_apart)
    label_middles = [top + name / 2 for top, name in zip(tops, names, strict=False)]
    bars = [top + name + 0.25 * size * stretch + thick / 2 for top, name in zip(tops, names, strict=False)]
    places = (lines, tops, bars, label_middles, box.x, box.x, box.width, thick)
    return _Rows(size, small, *places, is_above=True, label_width=room, is_apart=is_apart)


def _add_up(start: float, heights: list[float]) -> list[float]:
    tops = [start]
    for height in heights:
        tops.append(tops[-1] + height)
    return tops


def _draw_percent_axis(canvas: Canvas, rows: _Rows, chart: Chart) -> float:
    """Draw lines at the quarters and their labels below the rows; return the axis' lower end.

    Where labels stand above their bars, a pale track behind each bar takes the place of the lines.
    """
    for bar in rows.bars if rows.is_above else ():
        canvas.rect(rows.bar_x, bar - rows.bar_height / 2, rows.bar_width, rows.bar_height, "f-empty")
    span = rows.tops[0], rows.bottom
    draw_percents(canvas, rows.at, span, rows.small, chart.lang, has_lines=not rows.is_above, high=rows.high)
    return rows.bottom + AXIS * rows.small


def draw_percents(
    canvas: Canvas,
    find_x: Callable[[float], float],
    span: tuple[float, float],
    small: float,
    lang: str,
    *,
    has_lines: bool,
    high: float = 1.0,
) -> None:
    """Draw the percentages below bars, which `find_x` places, and where there is width lines through all of them."""
    top, bottom = span
    ticks = list_ticks(high)
    for tick in ((0, 0.25, 0.5, 0.75, 1) if high == 1 else ticks) if has_lines else ():
        x = find_x(tick)
        canvas.line(x, top, x, bottom + 0.25 * small, "s-grid" if tick else "s-axis")
    baseline = bottom + (0.5 * AXIS + BASELINE) * small
    for tick, anchor in zip(ticks, LABELLED.values(), strict=True):
        canvas.text(find_x(tick), baseline, format_percent(round(100 * tick), 100, lang), "f-muted", small, anchor)


def _draw_pace_axis(canvas: Canvas, rows: _Rows, chart: Chart) -> float:
    """Draw lines at quarters, a stronger one at the time elapsed, percentage points below; return the lower end."""
    small = rows.small
    baseline = rows.bottom + (0.5 * AXIS + BASELINE) * small
    step = 0.25 if rows.high - rows.low <= 1 and not rows.is_above else 0.5
    ticks = [tick * step for tick in range(round(rows.low / step), round(rows.high / step) + 1)]
    ticks = [tick for tick in ticks if rows.low - 0.001 <= tick <= rows.high + 0.001]
    for tick in ticks:
        x = rows.at(tick)
        canvas.line(x, rows.tops[0], x, rows.bottom + 0.25 * small, "s-grid" if tick else "s-axis")
        anchor: Anchor = "start" if tick == rows.low else "end" if tick == rows.high else "middle"
        canvas.text(x, baseline, format_points(tick, chart.lang), "f-muted", small, anchor)
    canvas.text(
        rows.bar_x,
        baseline + LINE * small,
        shorten(chart.words["pace_points"], rows.bar_width, small),
        "f-muted",
        small,
    )
    return rows.bottom + (AXIS + LINE) * small


def _draw_label(canvas: Canvas, rows: _Rows, place: int, full_label: str = "", role: str = "f-text") -> None:
    """Write the name of one row; a name that was cut has the full one as its tip. A fine line sets one row apart."""
    if rows.is_apart and place == len(rows.bars) - 1:
        y = rows.tops[place] - APART * rows.size / 2
        canvas.line(rows.x, y, rows.bar_x + rows.bar_width, y, "s-axis")
    canvas.lines(rows.x, rows.label_middles[place], rows.labels[place], role, rows.size, full_text=full_label)


def _set_apart(tops: list[float], gap: float) -> list[float]:
    """Move the last row apart: return the tops of rows with a gap above it."""
    return [*tops[:-2], *(top + gap for top in tops[-2:])]


def _value_baseline(rows: _Rows, place: int) -> float:
    """Find the baseline of one row's values: beside its bar, or in the first line of the label above it."""
    if not rows.is_above:
        return rows.bars[place] + BASELINE * rows.size
    return rows.tops[place] + (LINE / 2 + BASELINE) * rows.size
