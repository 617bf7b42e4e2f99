"""Pictures of bars: rates up to their upper bounds with n/N at the right, or statuses as segments of 100 %.

Where there is width, labels stand beside their bars; on a narrow picture above them, so that a long name has the
whole width. A picture of a fixed height has a font as large as its rows allow, and fewer rows than there are members
if even the smallest has no room for all.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from dashboard import theme
from dashboard.campaign.codelists import UNCLASSIFIED
from dashboard.charts.catalogue import STACKS, Segment
from dashboard.charts.chart import Chart, end_of_counts, read_rows
from dashboard.charts.paces import pace_parts, pace_range
from dashboard.charts.svg.canvas import (
    BASELINE,
    LEGIBLE,
    Anchor,
    Box,
    Canvas,
    Datum,
    Entry,
    Sizes,
    draw_key,
    key_height,
    share,
    short,
)
from dashboard.charts.svg.texts import LINE, shorten, widest, width, wrap
from dashboard.formats import (
    NOTHING,
    format_count,
    format_counts,
    format_percent,
    format_points,
    format_rate_label,
)

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
_LABELLED: dict[int, Anchor] = {0: "start", 50: "middle", 100: "end"}
_ROLES = {
    "completion_rate": ("completed", "completed_few"),
    "reporting_rate": ("reported", "reported_few"),
    "on_time_rate": ("completed", "completed_few"),
    "milestone_rate": ("completed", "completed_few"),
    "evidenced_rate": ("completed", "completed_few"),
    "reviewed_rate": ("completed", "completed_few"),
    "verified_rate": ("completed", "completed_few"),
}


class _Member(NamedTuple):
    """A bar of a rate: `part` of `whole`, and of how many more it is unknown; the usual counts beside it."""

    code: str
    label: str
    part: int
    whole: int
    possible: int
    actions: int
    reported: int
    completed: int
    unknown: int
    is_few: bool
    is_peer: bool = False

    @property
    def is_quiet(self) -> bool:
        """Whether its name stands back: it is not chosen, or not classified yet."""
        return self.is_peer or self.code == UNCLASSIFIED


_Segmented = dict[str, Any]
"""A member of a chart of stacked bars: its code, label, the whole, and the count of each segment."""


@dataclass(frozen=True)
class _Rows:
    """Where the rows of a bar chart stand, in pixels.

    Attributes:
        size: The font size.
        labels: The lines of each row's label.
        tops: The top of each row, and the bottom of the last.
        bars: The middle of each row's bar.
        label_middles: The middle of each row's label.
        bar_x: Where all bars begin.
        bar_width: How long a bar of 100 % is.
        bar_height: How thick a bar is.
        is_above: Whether labels stand above their bars.
        label_width: How wide a label's line may be.
        is_apart: Whether the last row is set apart from the others.
        low: The value at which bars begin, as a fraction of 1.
        high: The value at their other end.
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

    def at(self, share: float) -> float:
        """The x of a share of 1."""
        return self.bar_x + (share - self.low) / (self.high - self.low) * self.bar_width


def draw_rates(canvas: Canvas, chart: Chart, box: Box, sizes: Sizes) -> tuple[float, int]:
    """Draw the bars of a chart of rates.

    Returns:
        The lower end of the drawing in pixels, and how many members are drawn.
    """
    members = _read_members(chart)
    entries = list(_rate_key(chart, members))
    key = key_height(entries, box.width, sizes.small)
    draw_key(canvas, entries, box, sizes.small)
    texts = [_value_texts(chart, member) for member in members]

    def value_width(size: float) -> float:
        if _is_on_bars(chart, box.width / size):
            return widest([of for _, of in texts], size)
        columns = widest([rate for rate, _ in texts], size, bold=True), widest([of for _, of in texts if _], size)
        empty = widest([of for rate, of in texts if not rate], size)
        return max(columns[0] + 0.6 * size + columns[1], empty)

    key += LINE * sizes.small if chart.reference else 0
    below = Box(box.x, box.y + key, box.width, None if box.height is None else box.height - key)
    rows = _plan_rows(
        [member.label for member in members], value_width, below, sizes, _has_apart(members[-1].code, members)
    )
    if chart.whole is not None and len(rows.bars) < len(members):  # those that are chosen have room before others
        codes = chart.first(len(rows.bars))["code"].tolist()
        shown = [place for place, member in enumerate(members) if member.code in codes]
        members, texts = [members[place] for place in shown], [texts[place] for place in shown]
        rows = replace(rows, labels=[wrap(m.label, rows.label_width, rows.size, MOST_LINES) for m in members])
    if chart.spec.is_pace:
        low, high = pace_range(chart)
        rows = replace(rows, low=low, high=high)
        bottom = _draw_pace_axis(canvas, rows, chart)
    else:
        bottom = _draw_percent_axis(canvas, rows, chart.lang)
    labels = [
        _label_bar(chart, member, rows, texts[place][0]) for place, member in enumerate(members[: len(rows.bars)])
    ]
    for place, on_bar in enumerate(labels):
        _draw_member(canvas, chart, members[place], rows, place, box.right, texts, on_bar)
    if chart.reference and chart.reference_counts:
        _draw_reference(canvas, chart, rows, chart.value(*chart.reference_counts), labels)
    return bottom, len(rows.bars)


def _is_on_bars(chart: Chart, letters: float) -> bool:
    """Whether bars say their rates at their ends; not where a name stands above each, nor where they show a pace.

    Args:
        chart: The chart.
        letters: How wide the picture is, in font sizes.
    """
    return letters >= NARROW and not chart.spec.is_pace


class _OnBar(NamedTuple):
    """A text at the end of a bar: where it stands from left to right, and its colour."""

    text: str
    left: float
    right: float
    role: str


def _label_bar(chart: Chart, member: _Member, rows: _Rows, rate: str) -> list[_OnBar]:
    """The rate at the end of its part, inside where it has room, and behind the bar how far it could come."""
    if rows.is_above or chart.spec.is_pace or not member.whole:
        return []
    size, room, end = _count_size(rows), ON_BAR * rows.size, rows.at(1)
    value = rows.at(share(member.part, member.whole))
    is_quiet, wide = member.is_few or member.is_peer, width(rate, size, bold=True)
    if value - rows.bar_x >= wide + 2 * room:
        first = _OnBar(rate, value - room - wide, value - room, f"f-{'text' if is_quiet else 'paper b'}")
    else:
        first = _OnBar(rate, value + room, value + room + wide, f"f-text{'' if is_quiet else ' b'}")
    if not (chart.spec.bound and member.possible):
        return [first]
    most = chart.words["up_to"].format(rate=chart.write_value(member.part + member.possible, member.whole))
    bound, wide = rows.at(share(member.part + member.possible, member.whole)), width(most, size)
    left = max(bound, first.right) + room
    if left + wide <= end:
        return [first, _OnBar(most, left, left + wide, "f-muted")]
    if bound - room - wide >= max(value, first.right) + room:
        return [first, _OnBar(most, bound - room - wide, bound - room, "f-text")]
    return [first]


def _read_members(chart: Chart) -> list[_Member]:
    spec = chart.spec
    columns = ["code", "label", spec.part, spec.whole, spec.unknown, "actions", "reported", "completed", "unknown"]
    columns += ["is_few", *(["is_peer"] if chart.whole else [])]
    return [_Member(*row) for row in read_rows(chart.drawn, columns)]


def _draw_reference(canvas: Canvas, chart: Chart, rows: _Rows, value: float, labels: list[list[_OnBar]]) -> None:
    """A line through all bars, but for what stands at their ends, at the rate of all."""
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


def _rate_key(chart: Chart, members: list[_Member]) -> Iterator[Entry]:
    """What the colours of the bars mean; nothing where there is but one."""
    possible = Entry(chart.words["possible"], "possible", "possible_edge")
    if chart.spec.is_pace:
        paces = [pace_parts(chart, member.completed, member.unknown, member.actions) for member in members]
        yield from (Entry(chart.words[word], role) for word, role in _PACE_KEY if any(getattr(p, word) for p in paces))
        yield from [possible] if any(pace.below or pace.above for pace in paces) else []
    elif chart.spec.bound:
        yield Entry(chart.words[chart.spec.part], "completed")
        yield from [possible] if any(member.possible for member in members) else []


_PACE_KEY = (("behind", "elapsed"), ("ahead", "completed"))


def _draw_member(
    canvas: Canvas,
    chart: Chart,
    member: _Member,
    rows: _Rows,
    place: int,
    right: float,
    texts: list[tuple[str, str]],
    on_bar: list[_OnBar],
) -> None:
    rate = chart.spec.rate
    top, thick = rows.bars[place] - rows.bar_height / 2, rows.bar_height
    data: dict[str, Datum] = {"data_code": member.code, "data_actions": member.actions}
    with canvas.group(_tip(chart, member), "", data_mark=chart.mark(member.actions, member.code), **data):
        canvas.rect(rows.x, rows.tops[place], right - rows.x, rows.tops[place + 1] - rows.tops[place], "hit")
        _draw_label(canvas, rows, place, role="f-muted" if member.is_quiet else "f-text")
        if member.actions and chart.spec.is_pace:
            _draw_pace(canvas, chart, member, rows, place)
        elif member.whole:
            value = share(member.part, member.whole)
            if chart.spec.bound:
                bound = share(member.part + member.possible, member.whole)
                _draw_bound(canvas, rows, top, value, bound, "f-empty s-axis" if member.is_peer else _POSSIBLE)
            role = "peer" if member.is_peer else _ROLES[rate][member.is_few]
            data = {"data_measure": rate, "data_value": value, "data_n": member.part, "data_whole": rows.bar_width}
            canvas.rect(rows.bar_x, top, value * rows.bar_width, thick, f"f-{role}", **data)
        for one in on_bar:
            size = _count_size(rows)
            canvas.text(one.left, rows.bars[place] + BASELINE * size, one.text, one.role, size)
        _write_values(canvas, member, rows, place, right, texts, has_rate=not on_bar)


def _draw_pace(canvas: Canvas, chart: Chart, member: _Member, rows: _Rows, place: int) -> None:
    """The bar from the time elapsed to the pace, or as far as it is known; the part that is not known is pale."""
    top, thick = rows.bars[place] - rows.bar_height / 2, rows.bar_height
    parts = pace_parts(chart, member.completed, member.unknown, member.actions)
    value = chart.value(member.completed, member.actions)
    bound = chart.value(member.completed + member.unknown, member.actions)
    data: dict[str, Datum] = {"data_measure": "pace_upper_bound", "data_value": bound}
    left, right = rows.at(value), rows.at(bound)
    if parts.below or parts.above:
        role = "f-empty s-axis" if member.is_peer else _POSSIBLE
        canvas.rect(left + 0.5, top + 0.5, right - left - 1, thick - 1, role, **data)
    start, end = (rows.at(parts.behind), rows.at(0)) if parts.behind else (rows.at(0), rows.at(parts.ahead))
    role = ("behind_few" if member.is_few else "elapsed") if parts.behind else _ROLES["completion_rate"][member.is_few]
    role = "peer" if member.is_peer else role
    data = {"data_measure": "pace", "data_value": value, "data_n": member.completed}
    canvas.rect(start, top, end - start, thick, f"f-{role}", **data)


_POSSIBLE = "f-possible s-possible_edge"


def _draw_bound(canvas: Canvas, rows: _Rows, top: float, value: float, bound: float, role: str) -> None:
    """The part of a bar that could still be completed; of no length where the status of every action is known."""
    data: dict[str, Datum] = {"data_measure": "upper_bound", "data_value": bound}
    start, end = rows.at(value), rows.at(bound)
    if end - start > 1:
        canvas.rect(start, top + 0.5, end - start - 0.5, rows.bar_height - 1, role, **data)
    else:
        canvas.rect(start, top, end - start, rows.bar_height, "f-possible", **data)


def _write_values(
    canvas: Canvas,
    member: _Member,
    rows: _Rows,
    place: int,
    right: float,
    texts: list[tuple[str, str]],
    *,
    has_rate: bool,
) -> None:
    rate, of = texts[place]
    baseline = _value_baseline(rows, place)
    canvas.text(right, baseline, of, "f-muted", rows.size, "end")
    if not has_rate:
        return
    column = widest([of for rate, of in texts if rate], rows.size)
    canvas.text(
        right - column - 0.6 * rows.size,
        baseline,
        rate,
        "f-muted" if member.is_few or member.is_peer else "f-text b",
        rows.size,
        "end",
    )


def _value_texts(chart: Chart, member: _Member) -> tuple[str, str]:
    """The rate and n/N of a member; no rate and the words for it where there is nothing to divide by."""
    if not member.whole:
        return "", chart.words["no_actions" if not member.actions else "nothing_to_count"]
    return chart.write_value(member.part, member.whole), format_counts(member.part, member.whole, chart.lang)


def _tip(chart: Chart, member: _Member) -> str:
    if not member.actions:
        return f"{member.label}\n{chart.words['no_actions']}"
    possible = member.completed + member.unknown
    rates = {"completion_rate": member.completed, "upper_bound": possible, "reporting_rate": member.reported}
    own = [chart.say_value("pace", member.completed, member.actions)] if chart.spec.is_pace else []
    if chart.spec.rate not in rates:
        own.append(chart.say_rate(chart.spec.rate, member.part, member.whole))
    if chart.spec.bound and chart.spec.bound not in rates:
        own.append(chart.say_rate(chart.spec.bound, member.part + member.possible, member.whole))
    return "\n".join([member.label, *own, *(chart.say_rate(name, n, member.actions) for name, n in rates.items())])


WAVE_ROLES = ("reported_few", "reported", "completed_few", "completed")
"""The colours of survey waves side by side, the earliest first; of more of them they begin anew."""


def draw_answers(canvas: Canvas, chart: Chart, box: Box, sizes: Sizes) -> tuple[float, int]:
    """Draw the shares of a question's answers, of waves side by side a bar for each.

    Returns:
        The lower end of the drawing in pixels, and how many bars are drawn.
    """
    frame = chart.frame.assign(wave_label="") if "wave_label" not in chart.frame else chart.frame
    bars = list(read_rows(frame, ("code", "label", "wave_label", "reports", "answered", "is_few")))
    waves = list(dict.fromkeys(bar[2] for bar in bars))
    roles = {wave: WAVE_ROLES[place % len(WAVE_ROLES)] if wave else "reported" for place, wave in enumerate(waves)}
    entries = [Entry(wave, role) for wave, role in roles.items() if wave]
    key = key_height(entries, box.width, sizes.small)
    draw_key(canvas, entries, box, sizes.small)
    texts = [format_rate_label(part, of, chart.lang) if of else NOTHING for *_, part, of, _ in bars]
    below = Box(box.x, box.y + key, box.width, None if box.height is None else box.height - key)
    labels = [label if number % len(waves) == 0 else "" for number, (_, label, *_) in enumerate(bars)]
    rows = _plan_rows(labels, lambda size: widest(texts, size), below, sizes, False)
    bottom = _draw_percent_axis(canvas, rows, chart.lang)
    for place, (code, label, wave, part, of, is_few) in enumerate(bars[: len(rows.bars)]):
        value = share(part, of)
        name = f"{label}\n{chart.pair(wave, texts[place])}" if wave else f"{label}\n{texts[place]}"
        with canvas.group(name, data_code=code, data_wave=wave):
            canvas.rect(rows.x, rows.tops[place], box.width, rows.tops[place + 1] - rows.tops[place], "hit")
            _draw_label(canvas, rows, place)
            data: dict[str, Datum] = {"data_measure": "share", "data_value": value, "data_n": part}
            top = rows.bars[place] - rows.bar_height / 2
            canvas.rect(rows.bar_x, top, value * rows.bar_width, rows.bar_height, f"f-{roles[wave]}", **data)
            role = "f-muted" if is_few else "f-text"
            canvas.text(box.right, _value_baseline(rows, place), texts[place], role, rows.size, "end")
    return bottom, len(rows.bars)


def draw_counts(canvas: Canvas, chart: Chart, box: Box, sizes: Sizes) -> tuple[float, int]:
    """Draw bars as long as the counts they stand for; returns the lower end and how many members are drawn."""
    members = list(read_rows(chart.drawn, ("code", "label", "completed")))
    texts = [format_count(count, chart.lang) for *_, count in members]
    rows = _plan_rows([label for _, label, _ in members], lambda size: widest(texts, size), box, sizes, False)
    rows = replace(rows, high=end_of_counts(max(count for *_, count in members)))
    baseline = rows.bottom + (0.5 * AXIS + BASELINE) * rows.small
    for percent, anchor in _LABELLED.items():
        tick = rows.high * percent / 100
        if not rows.is_above:
            canvas.line(rows.at(tick), rows.tops[0], rows.at(tick), rows.bottom, "s-grid" if tick else "s-axis")
        canvas.text(rows.at(tick), baseline, format_count(int(tick), chart.lang), "f-muted", rows.small, anchor)
    for place, (code, label, count) in enumerate(members[: len(rows.bars)]):
        top = rows.bars[place] - rows.bar_height / 2
        with canvas.group(f"{label}\n{chart.pair(chart.words['completed'], texts[place])}", data_code=code):
            canvas.rect(rows.x, rows.tops[place], box.width, rows.tops[place + 1] - rows.tops[place], "hit")
            _draw_label(canvas, rows, place)
            data: dict[str, Datum] = {"data_measure": "completed", "data_value": count}
            canvas.rect(rows.bar_x, top, rows.at(count) - rows.bar_x, rows.bar_height, "f-completed", **data)
            canvas.text(box.right, _value_baseline(rows, place), texts[place], "f-text b", rows.size, "end")
    return rows.bottom + AXIS * rows.small, len(rows.bars)


def draw_stacks(canvas: Canvas, chart: Chart, box: Box, sizes: Sizes) -> tuple[float, int]:
    """Draw stacked bars, as of statuses; returns the lower end and how many members are drawn."""
    segments, whole, _ = STACKS[chart.spec.kind]
    columns = ["code", "label", "actions", whole, "is_few", *(one.column for one in segments)]
    columns += ["is_peer"] if chart.whole else []
    members: list[_Segmented] = [dict(zip(columns, row, strict=True)) for row in read_rows(chart.drawn, columns)]
    shown = [one for one in segments if any(m[one.column] for m in members)]
    entries = [Entry(chart.words[one.word], one.role) for one in shown]
    key = key_height(entries, box.width, sizes.small)
    draw_key(canvas, entries, box, sizes.small)
    texts = _totals(chart, members)
    below = Box(box.x, box.y + key, box.width, None if box.height is None else box.height - key)
    is_apart = not chart.sides and _has_apart(members[-1]["code"], members)
    together = max(len(chart.sides), 1)
    labels = [member["label"] for member in members]
    rows = _plan_rows(labels, lambda size: widest(texts, size), below, sizes, is_apart, together)
    if chart.whole is not None and len(rows.bars) < len(members):  # those that are chosen have room before others
        codes = chart.first(len(rows.bars))["code"].tolist()
        shown_places = [place for place, member in enumerate(members) if member["code"] in codes]
        members, texts = [members[place] for place in shown_places], [texts[place] for place in shown_places]
        rows = replace(rows, labels=[wrap(m["label"], rows.label_width, rows.size, MOST_LINES) for m in members])
    bottom = _draw_percent_axis(canvas, rows, chart.lang)
    for place in range(len(rows.bars)):
        member = members[place]
        with canvas.group(data_code=member["code"], data_actions=int(member["actions"])):
            is_quiet = member.get("is_peer") or member["code"] == UNCLASSIFIED
            with canvas.group(data_mark=chart.mark(member["actions"], member["code"])):
                _draw_label(canvas, rows, place, member["label"], "f-muted" if is_quiet else "f-text")
            with canvas.group(text_anchor="middle", font_size=short(_count_size(rows))):
                _draw_segments(canvas, chart, member, rows, place, shown)
            role = "f-muted" if member["is_few"] or member.get("is_peer") else "f-text"
            canvas.text(box.right, _value_baseline(rows, place), texts[place], role, rows.size, "end")
    return bottom, len(rows.bars) // together


def _totals(chart: Chart, members: list[_Segmented]) -> list[str]:
    """How many actions, or milestones, each member has; the first with the word for them."""
    whole = chart.spec.size
    texts = [format_count(m[whole], chart.lang) if m[whole] else chart.words["nothing_to_count"] for m in members]
    first = next((place for place, member in enumerate(members) if member[whole]), None)
    if first is not None and "first_actions" in chart.words:
        texts[first] = chart.words["first_actions"]
    return texts


def _draw_segments(
    canvas: Canvas, chart: Chart, member: _Segmented, rows: _Rows, place: int, shown: list[Segment]
) -> None:
    whole = int(member[chart.spec.size])
    top = rows.bars[place] - rows.bar_height / 2
    before = 0
    for role, column, word, filters in shown:
        count = int(member[column])
        if not count:
            continue
        start, end = rows.at(share(before, whole)), rows.at(share(before + count, whole))
        before += count
        is_last = before == whole
        tip = f"{member['label']}\n{chart.say_rate(word, count, whole)}"
        mark = chart.mark(count, member["code"], **dict(filters)) if filters else ""
        with canvas.group(tip, data_mark=mark):
            gap = 0 if is_last else min(1.0, (end - start) / 3)
            data: dict[str, Datum] = {"data_measure": column, "data_value": count}
            ink = f"f-on_{role}"
            if member.get("is_peer"):
                data["opacity"], ink = theme.PEER_OPACITY, "f-text"
            canvas.rect(start, top, end - start - gap, rows.bar_height, f"f-{role}", **data)
            _write_count(canvas, format_count(count, chart.lang), ink, (start, end), rows, place)


def _write_count(canvas: Canvas, text: str, ink: str, ends: tuple[float, float], rows: _Rows, place: int) -> None:
    """The count in the middle of its segment, if the segment is wide enough."""
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


def _draw_percent_axis(canvas: Canvas, rows: _Rows, lang: str) -> float:
    """Lines at the quarters and their labels below the rows; returns the axis' lower end.

    Where labels stand above their bars, a pale track behind each bar takes the place of the lines.
    """
    baseline = rows.bottom + (0.5 * AXIS + BASELINE) * rows.small
    for bar in rows.bars if rows.is_above else ():
        canvas.rect(rows.bar_x, bar - rows.bar_height / 2, rows.bar_width, rows.bar_height, "f-empty")
    for percent in () if rows.is_above else (0, 25, 50, 75, 100):
        x = rows.at(percent / 100)
        canvas.line(x, rows.tops[0], x, rows.bottom + 0.25 * rows.small, "s-axis" if percent == 0 else "s-grid")
    for percent, anchor in _LABELLED.items():
        canvas.text(rows.at(percent / 100), baseline, format_percent(percent, 100, lang), "f-muted", rows.small, anchor)
    return rows.bottom + AXIS * rows.small


def _draw_pace_axis(canvas: Canvas, rows: _Rows, chart: Chart) -> float:
    """Lines at every quarter, that of the time elapsed stronger, and percentage points below; gives the lower end."""
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


def _draw_label(canvas: Canvas, rows: _Rows, place: int, whole: str = "", role: str = "f-text") -> None:
    """Write the name of one row; the whole name is told where it had to be cut. A fine line sets one apart."""
    if rows.is_apart and place == len(rows.bars) - 1:
        y = rows.tops[place] - APART * rows.size / 2
        canvas.line(rows.x, y, rows.bar_x + rows.bar_width, y, "s-axis")
    canvas.lines(rows.x, rows.label_middles[place], rows.labels[place], role, rows.size, whole=whole)


def _has_apart(last: str, members: Sequence[object]) -> bool:
    """Whether the last of some members is set apart: those that are not classified yet, below others."""
    return last == UNCLASSIFIED and len(members) > 1


def _set_apart(tops: list[float], gap: float) -> list[float]:
    """The tops of rows with a gap above the last one."""
    return [*tops[:-2], *(top + gap for top in tops[-2:])]


def _value_baseline(rows: _Rows, place: int) -> float:
    """The baseline of one row's values: beside its bar, or in the first line of the label above it."""
    if not rows.is_above:
        return rows.bars[place] + BASELINE * rows.size
    return rows.tops[place] + (LINE / 2 + BASELINE) * rows.size
