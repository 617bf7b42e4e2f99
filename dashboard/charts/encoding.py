"""What the marks of a chart look like: their parts, how long each is, its role of colour, what stands at it.

It is decided here once. What draws (SVG, Plotly, PowerPoint, Excel) places the marks and asks
`dashboard.charts.colours` for the colour of a role.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import pandas as pd

from dashboard.campaign.codelists import UNCLASSIFIED
from dashboard.charts.catalogue import STACKS
from dashboard.charts.chart import Chart, end_of_counts, read_rows
from dashboard.charts.colour_steps import SHADES
from dashboard.charts.colours import pace_role, shade_step
from dashboard.charts.paces import pace_parts, pace_range
from dashboard.charts.sides import SIDES
from dashboard.formats import NOTHING, format_count, format_counts, format_percent, format_rate_label
from dashboard.measures.definitions import FEW

WAVE_ROLES = ("reported_few", "reported", "completed_few", "completed")
"""Of survey waves side by side, the earliest first; of more of them they begin anew."""
SIDE_ROLES = (("completed", "possible"), ("other", "other_possible"))
"""Of two selections: what is known, and up to the upper bound."""
PACE_PARTS = ("behind", "ahead", "below", "above")
"""The parts of a pace in the order in which they are stacked, as `dashboard.charts.paces.Pace` names them."""


class Key(NamedTuple):
    """A line of a chart's key: what a colour means, its role, and that of its edge."""

    name: str
    role: str
    edge: str = ""


class Bar(NamedTuple):
    """A bar: its member, its counts and its texts.

    Attributes:
        code: The member.
        label: Its name; empty where the bar above has it.
        actions: How many actions it has.
        part: What of `whole` the rate counts.
        whole: What the rate is a share of; 0 where there is nothing to show.
        possible: Of how many of these it is not known.
        value: What the bar shows, `40%`; empty where there is nothing to show.
        counts: The counts behind it, `34/85`; or the words for nothing.
        tip: What it says when it is pointed at: its name, then a line a measure.
        is_peer: Whether it is there for comparison alone.
        is_quiet: Whether its name stands back: a peer's, or of what is not classified yet.
        is_muted: Whether its values stand back: a peer's, or of few actions.
    """

    code: str
    label: str
    actions: int
    part: int
    whole: int
    possible: int
    value: str
    counts: str
    tip: str
    is_peer: bool
    is_quiet: bool
    is_muted: bool

    @property
    def text(self) -> str:
        """The value and its counts in one."""
        return " · ".join(filter(None, (self.value, self.counts)))


class Part(NamedTuple):
    """The same part of every bar.

    Attributes:
        name: What it is called.
        role: Of its colour, where nothing is special.
        lengths: How long it is, bar by bar: a share of 1, or a count; None where there is nothing to show.
        roles: Of its colour, bar by bar.
        edges: Of its outline, bar by bar; empty where it has none.
        measure: The column or the measure that it shows.
        filters: What chooses the actions that it counts, beside the bar's member.
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
        bars: The bars, the first on top.
        parts: What they are made of, from their start.
        key: What the colours mean; empty where they need no words.
        low: The value at which the axis begins.
        high: The value at its other end.
        is_counted: Whether values are counts that are stacked to 100 %.
    """

    bars: list[Bar]
    parts: list[Part]
    key: list[Key] = field(default_factory=list)
    low: float = 0
    high: float = 1
    is_counted: bool = False


def encode_bars(chart: Chart) -> Bars:
    """The bars of a chart of kind `rates`, `pairs`, `counts` or `answers`, or of stacked ones (`STACKS`)."""
    kind = chart.spec.kind
    if kind in STACKS:
        return _encode_stacks(chart)
    return {"counts": _encode_counts, "answers": _encode_answers}.get(kind, _encode_rates)(chart)


def _encode_rates(chart: Chart) -> Bars:
    bars = list(_read_bars(chart))
    if chart.spec.is_pace:
        return _encode_paces(chart, bars)
    main_role, possible = SIDE_ROLES[0] if chart.sides else (_name_role(chart.spec.rate), "possible")
    sides = chart.drawn["side"].tolist() if chart.sides else [SIDES[0]] * len(bars)
    roles, pale = [], []
    for bar, side in zip(bars, sides, strict=True):
        first, second = SIDE_ROLES[1] if side == SIDES[1] else (main_role, possible)
        is_few = bar.is_muted and not bar.is_peer
        roles.append("peer" if bar.is_peer else f"{first}_few" if is_few else first)
        pale.append("empty" if bar.is_peer else second)
    shares = [bar.part / bar.whole if bar.whole else None for bar in bars]
    parts = [Part(chart.words[chart.spec.part], main_role, shares, roles, measure=chart.spec.rate)]
    key = [Key(parts[0].name, main_role)]
    if chart.spec.bound:
        spread = [bar.possible / bar.whole if bar.whole else None for bar in bars]
        edges = [_name_edge(role) for role in pale]
        parts.append(Part(chart.words["possible"], possible, spread, pale, edges, "upper_bound"))
        key += [Key(parts[1].name, possible, f"{possible}_edge")] if any(spread) else []
    if chart.sides:
        key = [*(Key(side.name, look[0]) for side, look in zip(chart.sides, SIDE_ROLES, strict=True)), *key[1:]]
    return Bars(bars, parts, key if chart.spec.bound or chart.sides else [])


def _name_role(rate: str) -> str:
    return "reported" if rate == "reporting_rate" else "completed"


def _name_edge(role: str) -> str:
    return "axis" if role == "empty" else f"{role}_edge"


def _read_bars(chart: Chart) -> Iterator[Bar]:
    """What the bars of a chart of rates are of."""
    spec, words = chart.spec, chart.words
    columns = ["code", "label", "actions", spec.part, spec.whole, spec.unknown, "is_few"]
    tips = say_members(chart, chart.drawn)
    for row, tip, is_peer in zip(read_rows(chart.drawn, columns), tips, list_peers(chart, chart.drawn), strict=True):
        code, label, actions, part, whole, possible, is_few = row
        value = chart.write_value(part, whole) if whole else ""
        nothing = words["nothing_to_count" if actions else "no_actions"]
        counts = format_counts(part, whole, chart.lang) if whole else nothing
        quiet = is_peer, is_peer or code == UNCLASSIFIED, bool(is_few or is_peer)
        yield Bar(code, label, actions, part, whole, possible, value, counts, tip, *quiet)


def list_peers(chart: Chart, frame: pd.DataFrame) -> list[bool]:
    """Of each row of a frame, whether it is a peer's."""
    return frame["is_peer"].tolist() if chart.whole is not None else [False] * len(frame)


def say_most(chart: Chart, bar: Bar) -> str:
    """How far a bar could come, `up to 61%`; empty where everything is known."""
    if not (chart.spec.bound and bar.whole and bar.possible):
        return ""
    return chart.words["up_to"].format(rate=chart.write_value(bar.part + bar.possible, bar.whole))


def say_side(chart: Chart, bar: Bar) -> str:
    """What one side of a pair shows, and how far it could come."""
    if not (chart.spec.bound and bar.possible):
        return bar.text
    most = format_percent(bar.part + bar.possible, bar.whole, chart.lang)
    return f"{bar.text}; {chart.pair(chart.words['at_most'], most)}"


def _encode_paces(chart: Chart, bars: list[Bar]) -> Bars:
    """Bars from the time elapsed to the left or to the right; what is not known is pale."""
    counts = read_rows(chart.drawn, ("completed", "unknown", "actions"))
    paces = [pace_parts(chart, *row) for row in counts]
    usual = {"behind": "elapsed", "ahead": "completed", "below": "possible", "above": "possible"}
    few = {"behind": "behind_few", "ahead": "completed_few"}
    parts, key = [], []
    for name in PACE_PARTS:
        role, is_known = usual[name], name in few
        pale = "peer" if is_known else "empty"
        roles = [pale if bar.is_peer else few.get(name, role) if bar.is_muted else role for bar in bars]
        edges = () if is_known else [_name_edge(one) for one in roles]
        word = chart.words[name if is_known else "possible"]
        values: list[float | None] = [getattr(pace, name) for pace in paces]
        parts.append(Part(word, role, values, roles, edges, name))
        key += [Key(word, role, "" if is_known else "possible_edge")] if any(values) else []
    low, high = pace_range(chart)
    return Bars(bars, parts, list(dict.fromkeys(key)), low, high)


def _encode_stacks(chart: Chart) -> Bars:
    """Bars of 100 %: a part a status, or an outcome, that any of them has."""
    frame, (segments, whole, _) = chart.drawn, STACKS[chart.spec.kind]
    rows = read_rows(frame, ("code", "label", "actions", whole, "is_few"))
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
    """Bars as long as the counts that they stand for."""
    name, bars, counts = chart.words["completed"], [], chart.drawn["completed"].tolist()
    for (code, label), count in zip(read_rows(chart.drawn, ("code", "label")), counts, strict=True):
        text = format_count(count, chart.lang)
        tip = f"{label}\n{chart.pair(name, text)}"
        bars.append(Bar(code, label, count, count, count, 0, text, "", tip, False, False, False))
    part = Part(name, "completed", counts, ["completed"] * len(bars), measure="completed")
    return Bars(bars, [part], high=end_of_counts(max(counts)))


def _encode_answers(chart: Chart) -> Bars:
    """The shares of a question's answers, of waves side by side a bar for each."""
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
    shares = [bar.part / bar.whole if bar.whole else None for bar in bars]
    part_ = Part(chart.words["share"], "reported", shares, bar_roles, measure="share")
    return Bars(bars, [part_], [Key(wave, role) for wave, role in roles.items() if wave])


def say_members(chart: Chart, frame: pd.DataFrame) -> list[str]:
    """What each member's mark says when it is pointed at: its name, then a line a measure with its counts."""
    spec = chart.spec
    columns = ("label", "actions", "completed", "unknown", "reported", spec.part, spec.unknown, spec.whole)
    tips = []
    for label, actions, completed, unknown, reported, part, possible, whole in read_rows(frame, columns):
        rates = {"completion_rate": completed, "upper_bound": completed + unknown, "reporting_rate": reported}
        lines = [chart.say_value("pace", completed, actions)] if spec.is_pace else []
        lines += [chart.say_rate(spec.rate, part, whole)] if spec.rate not in rates else []
        lines += [chart.say_rate(spec.bound, part + possible, whole)] if spec.bound and spec.bound not in rates else []
        lines += [chart.say_rate(name, n, actions) for name, n in rates.items()]
        tips.append("\n".join([label, *(lines if actions else [chart.words["no_actions"]])]))
    return tips


def shade_role(chart: Chart, numerator: int, denominator: int, *, is_peer: bool = False) -> str:
    """The role of the colour that says how high a rate is, or how far a pace is ahead or behind; peers are grey."""
    value = chart.value(numerator, denominator)
    if is_peer:
        return f"peer_{shade_step((value + 1) / 2 if chart.spec.is_pace else value)}"
    return pace_role(value) if chart.spec.is_pace else f"shade_{shade_step(value)}"


class Shade(NamedTuple):
    """How a cell or a tile looks: the roles of its ground and of the text on it."""

    role: str
    ink: str


def shade_cell(chart: Chart, numerator: int, actions: int, *, is_peer: bool = False) -> Shade:
    """How the cell of a pair of members looks; of few actions it is grey, since they say little."""
    if actions < FEW:
        return Shade("empty", "muted")
    role = shade_role(chart, numerator, actions, is_peer=is_peer)
    return Shade(role, f"on_{role}")


def shade_tile(chart: Chart, numerator: int, actions: int, *, is_peer: bool = False) -> Shade:
    """How the tile of a country looks; without actions it is an outline."""
    if not actions:
        return Shade("paper", "muted")
    return Shade("empty", "text") if actions < FEW else shade_cell(chart, numerator, actions, is_peer=is_peer)


def name_shades(chart: Chart) -> list[tuple[str, str]]:
    """The steps of a chart's scale that its key shows: what each means, and its role."""
    if chart.spec.is_pace:
        return [(chart.words[word], f"pace_{shade}") for word, shade in _KEY_PACES]
    return [(format_percent(percent, 100, chart.lang), f"shade_{shade}") for percent, shade in _KEY_SHADES]


_KEY_PACES = (("behind", 1), ("ahead", SHADES - 2))
_KEY_SHADES = ((0, 0), (50, SHADES // 2), (100, SHADES - 1))


def pick_bars(encoded: Bars, places: Sequence[int]) -> Bars:
    """The bars at some places, with their parts."""
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
