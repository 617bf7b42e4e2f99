"""Encode the marks of a chart: their parts, lengths, colour roles and texts.

This is decided here once. Code that draws (SVG, Plotly, PowerPoint, Excel) places the marks and asks
`dashboard.charts.colours` for the colour of a role.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from math import ceil, floor, log10, sqrt
from typing import NamedTuple

import pandas as pd

from dashboard.charts.catalogue import STACKS
from dashboard.charts.chart import Chart, end_of_counts, read_rows
from dashboard.charts.colours import SHADES, Key, divide_chart, find_shade, pace_role, shade_step
from dashboard.charts.sides import SIDES
from dashboard.formats import NOTHING, format_count, format_counts, format_percent, format_rate, format_rate_label
from dashboard.ground.codelist_codes import UNCLASSIFIED
from dashboard.measures.definitions import FEW

WAVE_ROLES = ("reported_few", "reported", "completed_few", "completed")
"""Of survey waves side by side, the earliest first; of more of them they begin anew."""
SIDE_ROLES = (("completed", "possible"), ("other", "other_possible"))
"""Of two selections: what is known, and up to the upper bound."""
PACE_PARTS = {
    "behind": ("elapsed", "behind_few"),
    "ahead": ("completed", "completed_few"),
    "below": ("possible", ""),
    "above": ("possible", ""),
}
"""The parts of a pace in the order in which they are stacked, each with its role; of what is known also that of few.

Those at the left of the time elapsed are below zero. What is known is solid: `behind` and `ahead`. What is not is pale:
actions whose status is unknown could make up for `below`, and add `above`. Of a pace that is behind whatever they turn
out to be, only that part is solid; of one that may be behind or ahead, nothing is.
"""
PACE_STEP = 0.25
CURVE_ROLES = {"completed": "completed", "at_most": "possible_edge", "elapsed": "elapsed", "possible": "possible"}
"""Of the lines of a curve, and of what lies between the first two."""


class Bar(NamedTuple):
    """A bar: its member, its counts and its texts.

    Attributes:
        label: Its name; empty where it shares that of the bar above.
        actions: How many actions it has.
        part: The rate's numerator.
        denominator: The count that the rate is a part of; 0 where there is nothing to show.
        possible: How many of these are unknown.
        value: What the bar shows, `40%`; empty where there is nothing to show.
        counts: The counts behind it, `34/85`; or words where there are none.
        tip: The text at the pointer: its name, then a line a measure.
        is_peer: Whether it is shown for comparison only.
        is_quiet: Whether its name is grey: a peer's, or of what is not classified yet.
        is_muted: Whether its values are grey: a peer's, or of few actions.
    """

    code: str
    label: str
    actions: int
    part: int
    denominator: int
    possible: int
    value: str
    counts: str
    tip: str
    is_peer: bool
    is_quiet: bool
    is_muted: bool

    @property
    def most(self) -> int:
        """The rate's numerator, if all that is unknown counted."""
        return self.part + self.possible

    def share(self, count: float) -> float:
        """Return a count as a fraction of 1 of its denominator; 0 of 0 is 0, for drawing only."""
        return count / self.denominator if self.denominator else 0.0

    @property
    def text(self) -> str:
        """Return the value and its counts as one text."""
        return " · ".join(filter(None, (self.value, self.counts)))


class Part(NamedTuple):
    """The same part of every bar.

    Attributes:
        role: Its usual colour role.
        lengths: Its length, bar by bar: a share of 1, or a count; None where there is nothing to show.
        roles: Its colour role, bar by bar.
        edges: The colour role of its outline, bar by bar; empty where it has none.
        measure: The column or the measure that it shows.
        filters: The filters that choose its actions, beside the bar's member.
    """

    name: str
    role: str
    lengths: list[float | None]
    roles: list[str]
    edges: Sequence[str] = ()
    measure: str = ""
    filters: tuple[tuple[str, str], ...] = ()

    @property
    def is_seen(self) -> bool:
        """Whether any bar has it."""
        return any(self.lengths)


@dataclass(frozen=True)
class Bars:
    """A chart of bars.

    Attributes:
        key: The meaning of the colours; empty where they need no words.
        low: The value at which the axis begins.
        high: The value at which it ends; more than 1 where more was reached than promised.
        is_counted: Whether values are counts that are stacked to 100 %.
    """

    bars: list[Bar]
    parts: list[Part]
    key: list[Key] = field(default_factory=list)
    low: float = 0
    high: float = 1
    is_counted: bool = False


@lru_cache(maxsize=4)
def encode_bars(chart: Chart) -> Bars:
    """Encode a chart of kind `rates`, `pairs`, `counts` or `answers`, or of stacked bars (`STACKS`).

    The last ones are kept, since a page has drawings of two widths.
    """
    kind = chart.spec.kind
    if kind in STACKS:
        return _encode_stacks(chart)
    return {"counts": _encode_counts, "answers": _encode_answers}.get(kind, _encode_rates)(chart)


def _encode_rates(chart: Chart) -> Bars:
    bars = list(_read_bars(chart))
    if chart.spec.is_pace:
        return _encode_paces(chart, bars)
    main_role, possible = (
        SIDE_ROLES[0]
        if chart.sides
        else ("reported" if chart.spec.rate == "reporting_rate" else "completed", "possible")
    )
    roles, pale = [], []
    for place, bar in enumerate(bars):
        first, second = SIDE_ROLES[1] if chart.sides and place % 2 else (main_role, possible)
        is_few = bar.is_muted and not bar.is_peer
        roles.append("peer" if bar.is_peer else f"{first}_few" if is_few else first)
        pale.append("empty" if bar.is_peer else second)
    shares = [bar.share(bar.part) if bar.denominator else None for bar in bars]
    parts = [Part(chart.words[chart.spec.part], main_role, shares, roles, measure=chart.spec.rate)]
    key = [Key(parts[0].name, main_role)]
    if chart.spec.bound:
        spread = [bar.share(bar.possible) if bar.denominator else None for bar in bars]
        edges = [_name_edge(role) for role in pale]
        parts.append(Part(chart.words["possible"], possible, spread, pale, edges, "upper_bound"))
        key += [Key(parts[1].name, possible, f"{possible}_edge")] if any(spread) else []
    if chart.sides:
        key = [*(Key(side.name, look[0]) for side, look in zip(chart.sides, SIDE_ROLES, strict=True)), *key[1:]]
    ends = [bar.share(bar.most) for bar in bars] if chart.spec.amount else []
    return Bars(bars, parts, key if chart.spec.bound or chart.sides else [], high=end_of_shares(ends))


def end_of_shares(shares: Iterable[float]) -> float:
    """Find where an axis of shares ends: at 1, or at the half above the highest."""
    return max(1.0, ceil(round(2 * max(shares, default=0.0), 6)) / 2)


def list_ticks(high: float) -> tuple[float, ...]:
    """List the labelled shares of an axis: 0, 0.5, 1; beyond 1, also where it ends."""
    return (0, 0.5, 1) if high == 1 else (0, 1, high)


def _name_edge(role: str) -> str:
    return "axis" if role == "empty" else f"{role}_edge"


def _read_bars(chart: Chart) -> Iterator[Bar]:
    """Read the bars of a chart of rates."""
    spec, words = chart.spec, chart.words
    columns = ["code", "label", "actions", spec.part, spec.denominator, spec.unknown, "is_few"]
    tips = say_members(chart, chart.drawn)
    for row, tip, is_peer in zip(read_rows(chart.drawn, columns), tips, list_peers(chart, chart.drawn), strict=True):
        code, label, actions, part, denominator, possible, is_few = row
        value = chart.write_value(part, denominator) if denominator else ""
        nothing = words["nothing_to_count" if actions else "no_actions"]
        counts = format_counts(part, denominator, chart.lang) if denominator else nothing
        quiet = is_peer, is_peer or code == UNCLASSIFIED, bool(is_few or is_peer)
        yield Bar(code, label, actions, part, denominator, possible, value, counts, tip, *quiet)


def list_peers(chart: Chart, frame: pd.DataFrame) -> list[bool]:
    """Whether each row of a frame is a peer's."""
    return frame["is_peer"].tolist() if chart.wider_total is not None else [False] * len(frame)


def say_most(chart: Chart, bar: Bar) -> str:
    """Write how far a bar could come, `up to 61%`; empty where everything is known."""
    if not (chart.spec.bound and bar.denominator and bar.possible):
        return ""
    return chart.words["up_to"].format(rate=chart.write_value(bar.most, bar.denominator))


def say_side(chart: Chart, bar: Bar) -> str:
    """Write what one side of a pair shows, and how far it could come."""
    if not (chart.spec.bound and bar.possible):
        return bar.text
    most = format_percent(bar.most, bar.denominator, chart.lang)
    return f"{bar.text}; {chart.pair(chart.words['at_most'], most)}"


def _encode_paces(chart: Chart, bars: list[Bar]) -> Bars:
    """Encode bars from the time elapsed to the left or to the right, on an axis that ends at quarters."""
    lengths = list(zip(*(_measure_pace(chart, bar) for bar in bars), strict=True))
    parts, key = [], []
    for values, (name, (role, few)) in zip(lengths, PACE_PARTS.items(), strict=True):
        pale = "peer" if few else "empty"
        roles = [pale if bar.is_peer else few or role if bar.is_muted else role for bar in bars]
        edges = () if few else [_name_edge(one) for one in roles]
        word = chart.words[name if few else "possible"]
        parts.append(Part(word, role, list(values), roles, edges, name))
        key += [Key(word, role, "" if few else "possible_edge")] if any(values) else []
    ends = [chart.value(n, bar.denominator) for bar in bars if bar.denominator for n in (bar.part, bar.most)]
    low = floor(round(min([0.0, *ends]) / PACE_STEP, 6)) * PACE_STEP
    high = ceil(round(max([0.0, *ends]) / PACE_STEP, 6)) * PACE_STEP
    low, high = (low, high) if high > low else (-PACE_STEP, PACE_STEP)
    return Bars(bars, parts, list(dict.fromkeys(key)), low, high)


def _measure_pace(chart: Chart, bar: Bar) -> tuple[float, float, float, float]:
    """Measure the parts of a pace, as fractions of 1."""
    if not bar.denominator:
        return 0.0, 0.0, 0.0, 0.0
    pace, bound = (chart.value(n, bar.denominator) for n in (bar.part, bar.most))
    behind, ahead = min(bound, 0.0), max(pace, 0.0)
    return behind, ahead, min(pace, 0.0) - behind, max(bound, 0.0) - ahead


def _encode_stacks(chart: Chart) -> Bars:
    """Encode bars of 100 %: a part for each status or outcome that any of them has."""
    frame, (segments, denominator, _) = chart.drawn, STACKS[chart.spec.kind]
    rows = read_rows(frame, ("code", "label", "actions", denominator, "is_few"))
    bars = []
    is_first = "first_actions" in chart.words
    for (code, label, actions, size, is_few), is_peer in zip(rows, list_peers(chart, frame), strict=True):
        counts = format_count(size, chart.lang) if size else chart.words["nothing_to_count"]
        if size and is_first:
            counts, is_first = chart.words["first_actions"], False
        quiet = is_peer, is_peer or code == UNCLASSIFIED, bool(is_few or is_peer)
        bars.append(Bar(code, label, actions, size, size, 0, "", counts, label, *quiet))
    parts = [
        Part(chart.words[word], role, frame[column].tolist(), [role] * len(bars), measure=column, filters=filters)
        for role, column, word, filters in segments
        if frame[column].any()
    ]
    return Bars(bars, parts, [Key(part.name, part.role) for part in parts], is_counted=True)


def _encode_counts(chart: Chart) -> Bars:
    """Encode bars as long as their counts."""
    name, bars, counts = chart.words["completed"], [], chart.drawn["completed"].tolist()
    for (code, label), count in zip(read_rows(chart.drawn, ("code", "label")), counts, strict=True):
        text = format_count(count, chart.lang)
        tip = f"{label}\n{chart.pair(name, text)}"
        bars.append(Bar(code, label, count, count, count, 0, text, "", tip, False, False, False))
    part = Part(name, "completed", counts, ["completed"] * len(bars), measure="completed")
    return Bars(bars, [part], high=end_of_counts(max(counts)))


def _encode_answers(chart: Chart) -> Bars:
    """Encode the shares of a question's answers; for waves side by side, a bar for each."""
    frame = chart.frame.assign(wave_label="") if "wave_label" not in chart.frame else chart.frame
    waves = list(dict.fromkeys(frame["wave_label"]))
    roles = {wave: WAVE_ROLES[place % len(WAVE_ROLES)] if wave else "reported" for place, wave in enumerate(waves)}
    bars, bar_roles = [], []
    rows = read_rows(frame, ("code", "label", "wave_label", "reports", "answered", "is_few"))
    for number, (code, label, wave, part, of, is_few) in enumerate(rows):
        text = format_rate_label(part, of, chart.lang) if of else NOTHING
        tip = f"{label}\n{chart.pair(wave, text)}" if wave else f"{label}\n{text}"
        name = label if number % len(waves) == 0 else ""
        bars.append(Bar(code, name, of, part, of, 0, "", text, tip, False, False, bool(is_few)))
        bar_roles.append(roles[wave])
    shares = [bar.share(bar.part) if bar.denominator else None for bar in bars]
    part_ = Part(chart.words["share"], "reported", shares, bar_roles, measure="share")
    return Bars(bars, [part_], [Key(wave, role) for wave, role in roles.items() if wave])


class End(NamedTuple):
    """The words where a line of a curve ends.

    Attributes:
        line: One of `CURVE_ROLES`; of two selections, the one of `SIDES`.
        share: Its height, as a fraction of 1.
        value: The height in words; of two selections both bounds.
        role: The colour role of these words.
    """

    line: str
    day: date
    share: float
    value: str
    name: str
    role: str


def encode_ends(chart: Chart) -> list[End]:
    """Encode the ends of a curve's lines; for two selections those of what is completed, where they have actions."""
    ends = []
    for side, code, (role, _) in zip(chart.sides, SIDES, SIDE_ROLES, strict=bool(chart.sides)):
        total = side.total
        if total.actions:
            value = format_percent(total.completed, total.actions, chart.lang)
            if total.unknown:
                most = format_percent(total.completed + total.unknown, total.actions, chart.lang)
                value = chart.words["range"].format(least=value, most=most)
            share = total.completed / total.actions
            ends.append(End(code, chart.last_known(total), share, value, side.name, role))
    if chart.sides:
        return ends
    total, day, words = chart.total, chart.last_known(chart.total), name_words(chart)
    part, denominator = total.fraction(chart.spec.rate)
    unknown = total.count(chart.spec.unknown)
    counts = [("elapsed", *chart.elapsed_known, "elapsed"), ("completed", part, denominator, "completed")]
    if unknown:
        counts.append(("at_most", part + unknown, denominator, "muted"))
    ends = [
        End(line, day, count / of, format_percent(count, of, chart.lang), words[line], role)
        for line, count, of, role in counts
    ]
    if chart.spec.amount:
        ends[0] = ends[0]._replace(share=1.0, value=format_count(denominator, chart.lang))
    return ends


def name_words(chart: Chart) -> dict[str, str]:
    """Name each of `CURVE_ROLES`; of sums, the level line is what was promised."""
    level = "promised" if chart.spec.amount else "elapsed"
    lines = {"completed": chart.spec.part, "at_most": "at_most", "elapsed": level, "possible": "possible"}
    return {line: chart.words[word] for line, word in lines.items()}


class Lines(NamedTuple):
    """The lines of a curve, a share of 1 a day: what is known, up to where it could be, and the time elapsed.

    Of sums, the last one is level: what was promised. `high` is where the axis ends.
    """

    lower: "pd.Series[float]"
    upper: "pd.Series[float]"
    elapsed: "pd.Series[float]"
    high: float = 1.0


def encode_lines(chart: Chart) -> Lines:
    """Encode the lines of a curve."""
    frame, spec = chart.frame, chart.spec
    lower, upper = frame[spec.rate], frame[spec.bound]
    if not spec.amount:
        return Lines(lower, upper, frame["elapsed"])
    level = pd.Series(1.0, index=frame.index)
    return Lines(lower, upper, level, end_of_shares(upper.dropna().tolist()))


class Onward(NamedTuple):
    """The band of what is expected, from the curve's last day to the deadline.

    Attributes:
        low, high: Its ends, as shares of 1, day by day.
        tips: Both on each day, in words.
        end: The words where it ends.
    """

    first: date
    low: list[float]
    high: list[float]
    tips: list[str]
    end: End


def encode_expected(chart: Chart) -> Onward | None:
    """Encode what is expected by the deadline; None where nothing is."""
    if chart.expected is None or chart.expected.reason:
        return None
    days, actions, lang = chart.expected.days, chart.total.actions, chart.lang
    low, high = days["expected_low"].tolist(), days["expected_high"].tolist()
    first, last = days["on_date"].iloc[0].date(), days["on_date"].iloc[-1].date()
    tips = [
        chart.words["range"].format(least=format_rate(least, actions, lang), most=format_rate(most, actions, lang))
        for least, most in zip(low, high, strict=True)
    ]
    value = chart.words["range"].format(
        least=format_percent(low[-1], actions, lang), most=format_percent(high[-1], actions, lang)
    )
    end = End("expected", last, (low[-1] + high[-1]) / 2 / actions, value, chart.words["expected"], "completed")
    return Onward(first, [n / actions for n in low], [n / actions for n in high], tips, end)


def name_lines(chart: Chart) -> list[Key]:
    """Name the lines of curves: each of two selections, else each line; and what could be completed."""
    if chart.sides:
        lines = [Key(side.name, role) for side, (role, _) in zip(chart.sides, SIDE_ROLES, strict=True)]
        return [*lines, Key(chart.words["possible"], "possible", "possible_edge")]
    words = name_words(chart)
    return [
        Key(words[word], CURVE_ROLES[word], "possible_edge" if word == "possible" else "")
        for word in ("completed", "possible", "elapsed")
    ]


def say_members(chart: Chart, frame: pd.DataFrame) -> list[str]:
    """Write the text at the pointer of each member's mark: its name, then a line a measure with its counts.

    Below them stand the published figures of a country.
    """
    spec = chart.spec
    counts = ("actions", "completed", "unknown", "reported", spec.part, spec.unknown, spec.denominator)
    tips = []
    for code, label, *numbers in read_rows(frame, ("code", "label", *counts)):
        actions, completed, unknown, reported, part, possible, denominator = numbers
        rates = {"completion_rate": completed, "upper_bound": completed + unknown, "reporting_rate": reported}
        if spec.amount:
            rates, actions = {}, denominator
        lines = [chart.say_value("pace", completed, actions)] if spec.is_pace else []
        ends = {spec.rate: part, spec.bound: part + possible}
        lines += [chart.say_rate(name, n, denominator) for name, n in ends.items() if name and name not in rates]
        lines += [*(chart.say_rate(name, n, actions) for name, n in rates.items()), *chart.figures.get(code, ())]
        nothing = chart.words["nothing_to_count" if spec.amount else "no_actions"]
        tips.append("\n".join([label, *(lines if actions else [nothing])]))
    return tips


class Dot(NamedTuple):
    """A country of a scatter.

    Attributes:
        value: The published figure.
        share: The completion rate, as a fraction of 1.
        most: The completion rate with what is unknown.
        size: The dot's radius as a share of the largest one's: its area stands for the number of actions.
        role: The colour role: few actions are muted.
        tip: The text at the pointer.
    """

    code: str
    label: str
    actions: int
    value: float
    share: float
    most: float
    size: float
    role: str
    tip: str


@dataclass(frozen=True)
class Scatter:
    """The dots of a scatter, those of few actions last, and the values that its lower axis names; it ends at the last.

    Attributes:
        across: The name of the lower axis, and `column` that of its values.
        key: The meaning of the colours.
    """

    dots: list[Dot]
    ticks: list[float]
    across: str
    column: str
    key: list[Key]


def encode_scatter(chart: Chart) -> Scatter:
    """Encode a chart of kind `scatter` that has a country."""
    beside, frame, roles = chart.beside, chart.frame, {False: "completed", True: "completed_few"}
    if beside is None:
        raise ValueError("a scatter without a figure has no dots")
    largest, dots = int(frame["actions"].max()), []
    rows = read_rows(frame, ("code", "label", "actions", "completed", "unknown", "is_few", beside.column))
    for (code, label, actions, part, unknown, is_few, value), tip in zip(rows, say_members(chart, frame), strict=True):
        shares = part / actions, (part + unknown) / actions
        dots.append(Dot(code, label, actions, value, *shares, sqrt(actions / largest), roles[is_few], tip))
    key = [Key(chart.words["completed"], "completed"), Key(chart.words["few"], "completed_few")]
    key += [Key(chart.words["possible"], "possible", "possible_edge")]
    return Scatter(dots, _divide_axis(float(frame[beside.column].max())), beside.name, beside.column, key)


def size_rings(chart: Chart) -> dict[str, float]:
    """Size the rings of a map by the published figure beside completion: radii by country, the largest is 1."""
    if chart.beside is None or chart.frame.empty:
        return {}
    values = chart.frame.set_index("code")[chart.beside.column].dropna()
    return {str(code): sqrt(max(value, 0) / values.max()) for code, value in values.items() if values.max() > 0}


def _divide_axis(most: float) -> list[float]:
    """Divide an axis from zero into a few round steps, up to a value or beyond."""
    size = 10 ** floor(log10(most or 1))
    step = next(step * size for step in (0.2, 0.25, 0.5, 1, 2, 2.5) if 5 * step * size >= most)
    return [round(number * step, 6) for number in range(max(ceil(round(most / step, 6)), 1) + 1)]


def shade_role(chart: Chart, numerator: int, denominator: int, *, is_peer: bool = False) -> str:
    """Find the colour role for the height of a rate, or for a pace ahead or behind; peers are grey."""
    value = chart.value(numerator, denominator)
    if is_peer:
        return f"peer_{shade_step((value + 1) / 2 if chart.spec.is_pace else value)}"
    return pace_role(value) if chart.spec.is_pace else f"shade_{shade_step(value)}"


class Shade(NamedTuple):
    """The look of a cell or a tile: the roles of its ground and of the text on it."""

    role: str
    ink: str


def shade_cell(chart: Chart, numerator: int, actions: int, *, is_peer: bool = False) -> Shade:
    """Choose the look of the cell of a pair of members; few actions are grey, since they say little."""
    if actions < FEW:
        return Shade("empty", "muted")
    role = shade_role(chart, numerator, actions, is_peer=is_peer)
    return Shade(role, f"on_{role}")


def shade_tile(chart: Chart, numerator: int, actions: int, *, is_peer: bool = False) -> Shade:
    """Choose the look of the tile of a country; without actions it is an outline."""
    if not actions:
        return Shade("paper", "muted")
    return Shade("empty", "text") if actions < FEW else shade_cell(chart, numerator, actions, is_peer=is_peer)


def name_shades(chart: Chart) -> list[tuple[str, str]]:
    """Name the steps of a chart's scale for its key, each with its role; for a map all of them."""
    if chart.spec.is_pace:
        return [(chart.words[word], f"pace_{shade}") for word, shade in _KEY_PACES]
    if chart.spec.kind == "map":
        return [(step.write(chart.lang), f"shade_{step.shade}") for step in divide_chart(chart)]
    return [(format_percent(percent, 100, chart.lang), f"shade_{shade}") for percent, shade in _KEY_SHADES]


def shade_countries(chart: Chart) -> Callable[[int, int], str]:
    """Return a function from the counts of a country of a map to its role."""
    steps = () if chart.spec.is_pace else divide_chart(chart)

    def shade(part: int, actions: int) -> str:
        if actions < FEW:
            return "few" if actions else "silent"
        return shade_role(chart, part, actions) if chart.spec.is_pace else f"shade_{find_shade(steps, part, actions)}"

    return shade


_KEY_PACES = (("behind", 1), ("ahead", SHADES - 2))
_KEY_SHADES = ((0, 0), (50, SHADES // 2), (100, SHADES - 1))


def pick_bars(encoded: Bars, places: Sequence[int]) -> Bars:
    """Pick the bars at some places, with their parts."""
    parts = [
        part._replace(
            lengths=[part.lengths[place] for place in places],
            roles=[part.roles[place] for place in places],
            edges=[part.edges[place] for place in places] if part.edges else (),
        )
        for part in encoded.parts
    ]
    bars = [encoded.bars[place] for place in places]
    return Bars(bars, parts, encoded.key, encoded.low, encoded.high, encoded.is_counted)
