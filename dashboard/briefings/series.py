"""The series of charts that an office program draws itself, in PowerPoint and in Excel.

Plain data: names, values, colours and labels, in the order of the screen. What draws them is elsewhere.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from math import isnan
from typing import NamedTuple

import pandas as pd

from dashboard import theme
from dashboard.charts.catalogue import STACKS, TIMED
from dashboard.charts.chart import Chart, end_of_counts, read_rows
from dashboard.charts.paces import pace_parts, pace_range
from dashboard.charts.sides import SIDES, name_pair
from dashboard.charts.svg.styles import CHOSEN_LIGHT, pace_role
from dashboard.charts.svg.texts import shorten as cut
from dashboard.charts.svg.texts import width
from dashboard.formats import MINUS, clean, format_count, format_counts, shorten

LONGEST_LABEL = 64
WIDEST_LABEL = 36.0
"""In font sizes: a name of wider letters than usual is cut before it takes so many lines that the plot is squeezed."""
NARROWEST_LABELLED = 0.022
"""The share of the axis that a digit needs: a narrower segment is not labelled."""

_RATE_FILLS = {
    "reporting_rate": (theme.REPORTED, theme.REPORTED_FEW),
}
_USUAL_FILLS = (theme.COMPLETED, theme.COMPLETED_FEW)
_SIDE_FILLS = ((theme.COMPLETED, theme.COMPLETED_FEW), (theme.OTHER, theme.OTHER_FEW))
PACE_PARTS = ("behind", "ahead", "below", "above")
"""The series of a pace in the order in which they are stacked, as `dashboard.charts.paces.Pace` names them."""

Values = list[float | None]


@dataclass(frozen=True)
class Series:
    """One series: its name, a value a category (None where there is none), fill `#RRGGBB`.

    Attributes:
        fills: Other fills, by place: those of few actions.
        edge: The colour of its outline; empty for none.
        text: The colour of the values written on it; empty for none.
        unlabelled: Places that are too narrow for their value.
    """

    name: str
    values: Values
    fill: str
    fills: dict[int, str] = field(default_factory=dict)
    edge: str = ""
    text: str = ""
    unlabelled: tuple[int, ...] = ()


@dataclass(frozen=True)
class Bars:
    """Stacked bars, the first category on top.

    Attributes:
        ends: What stands at the right of each bar.
        muted: Whether a category has few actions.
        is_counted: The values are counts that are stacked to 100 %; else they are shares of 1.
        span: Where the axis of a pace begins and ends, in percentage points, as are its values; else nothing.
        end: Where the axis of counts that are not stacked ends; else 0.
    """

    categories: list[str]
    series: list[Series]
    ends: list[str]
    muted: list[bool]
    is_counted: bool
    span: tuple[float, float] | None = None
    end: int = 0


@dataclass(frozen=True)
class Curve:
    """Lines against the days of the campaign; `band` is what lies between the two completion rates.

    Attributes:
        deadline: The day that is marked; None where it is not in view.
        last: The last day of the axis.
    """

    days: list[date]
    completed: Series
    at_most: Series
    elapsed: Series
    band: Series
    deadline: date | None
    last: date


class Cell(NamedTuple):
    """One cell of a heat table: its text, fill and text colour."""

    text: str
    fill: str
    ink: str


@dataclass(frozen=True)
class Grid:
    """A heat table: names of rows and columns, and a cell for each pair, row by row."""

    rows: list[str]
    columns: list[str]
    cells: list[list[Cell]]


def bars_of(chart: Chart) -> Bars:
    """The bars of a chart of kind `rates`, `pairs` or `counts`, or of stacked ones (`STACKS`)."""
    frame = chart.drawn
    if chart.spec.kind == "counts":
        counts = [int(count) for count in frame["completed"]]
        return Bars(
            categories=[_name(label) for label in frame["label"]],
            series=[Series(chart.words["completed"], list(counts), theme.COMPLETED)],
            ends=[format_count(count, chart.lang) for count in counts],
            muted=[False] * len(frame),
            is_counted=False,
            end=end_of_counts(max(counts)),
        )
    peers = _peers(chart)
    is_counted, is_pace = chart.spec.kind in STACKS, chart.spec.is_pace
    series = _stack_series if is_counted else _pace_series if is_pace else _rate_series
    low, high = pace_range(chart) if is_pace else (0, 1)
    return Bars(
        categories=[_name(label) for label in (name_pairs(frame) if chart.spec.kind == "pairs" else frame["label"])],
        series=series(chart),
        ends=_sizes(chart) if is_counted else _rate_labels(chart),
        muted=[bool(is_few) or place in peers for place, is_few in enumerate(frame["is_few"])],
        is_counted=is_counted,
        span=(100 * low, 100 * high) if is_pace else None,
    )


def curve_of(chart: Chart) -> Curve:
    """The lines of a chart of kind `curve`."""
    frame, words = chart.frame, chart.words
    days = frame["on_date"].dt.date.tolist()
    deadline, last = chart.campaign["action_deadline_on"], max(chart.campaign["ends_on"], chart.total.day)
    spread = frame["unknown"] / frame["actions"]
    return Curve(
        days=days,
        completed=Series(words["completed"], _values(frame["completion_rate"]), theme.COMPLETED),
        at_most=Series(words["at_most"], _values(frame["upper_bound"]), theme.POSSIBLE_EDGE, text=theme.MUTED),
        elapsed=Series(words["elapsed"], _values(frame["elapsed"]), theme.ELAPSED),
        band=Series(words["possible"], _values(spread), theme.POSSIBLE),
        deadline=deadline if days[0] <= deadline <= last else None,
        last=last,
    )


def grid_of(chart: Chart) -> Grid:
    """The table of a chart of kind `grid`; a pair without actions is an empty cell."""
    frame, part, whole = chart.frame, chart.spec.part, chart.spec.whole
    rows = dict(zip(frame["code"], frame["label"], strict=True))
    has_room = int(frame[whole].max()) < 100
    flags = frame["is_peer"] if chart.whole is not None else [False] * len(frame)
    cells = {
        (code, column): _cell(chart, n, of, is_few, is_peer, has_room)
        for code, column, n, of, is_few, is_peer in zip(
            frame["code"], frame["column_code"], frame[part], frame[whole], frame["is_few"], flags, strict=True
        )
    }
    empty = Cell("", theme.PAPER, theme.MUTED)
    return Grid(
        rows=[_name(label) for label in rows.values()],
        columns=[_name(label) for _, label in chart.columns],
        cells=[[cells.get((row, column), empty) for column, _ in chart.columns] for row in rows],
    )


def without_empty_sides(chart: Chart) -> Chart:
    """A chart of two selections; of two that have no member in common, the rows alone that count something."""
    if not chart.sides or chart.spec.kind in TIMED:
        return chart
    counted = chart.frame[chart.frame[chart.spec.whole] > 0]
    return chart if counted["code"].duplicated().any() else replace(chart, frame=counted.reset_index(drop=True))


def name_pairs(frame: pd.DataFrame) -> list[str]:
    """The names of the rows of a chart of kind `pairs`: the member and the side."""
    return [name_pair(*names) for names in read_rows(frame, ("label", "side_label"))]


def _name(label: str) -> str:
    """A member's name as an axis or a table shows it."""
    name = shorten(clean(label), LONGEST_LABEL)
    return name if width(name, 1.0) <= WIDEST_LABEL else cut(name, WIDEST_LABEL, 1.0)


def _rate_series(chart: Chart) -> list[Series]:
    frame = chart.drawn
    rate = chart.spec.rate
    fill, few_fill = _SIDE_FILLS[0] if chart.sides else _RATE_FILLS.get(rate, _USUAL_FILLS)
    fills = {place: few_fill for place, few in enumerate(frame["is_few"]) if few}
    fills |= dict.fromkeys(_peers(chart), theme.PEER)
    others = [place for place, side in enumerate(frame["side"]) if side == SIDES[1]] if chart.sides else []
    fills |= {place: _SIDE_FILLS[1][int(frame["is_few"].iloc[place])] for place in others}
    spec = chart.spec
    series = [Series(chart.words[spec.part], _values(frame[rate]), fill, fills)]
    if spec.bound:
        spread = _values(frame[spec.unknown] / frame[spec.whole].where(frame[spec.whole] > 0))
        pale = dict.fromkeys(_peers(chart), theme.EMPTY_CELL) | dict.fromkeys(others, theme.OTHER_POSSIBLE)
        series.append(Series(chart.words["possible"], spread, theme.POSSIBLE, pale, edge=theme.POSSIBLE_EDGE))
    return series


def _pace_series(chart: Chart) -> list[Series]:
    """The parts of paces in percentage points; those that no member has are left out."""
    columns = list(zip(*pace_columns(chart), strict=True))
    names = name_pace_parts(chart)
    few = [place for place, is_few in enumerate(chart.drawn["is_few"]) if is_few]
    grey, pale = (dict.fromkeys(_peers(chart), fill) for fill in (theme.PEER, theme.EMPTY_CELL))
    looks = {
        "behind": (theme.ELAPSED, dict.fromkeys(few, theme.BEHIND_FEW) | grey, ""),
        "ahead": (theme.COMPLETED, dict.fromkeys(few, theme.COMPLETED_FEW) | grey, ""),
        "below": (theme.POSSIBLE, pale, theme.POSSIBLE_EDGE),
        "above": (theme.POSSIBLE, pale, theme.POSSIBLE_EDGE),
    }
    series = []
    for part, values in zip(PACE_PARTS, columns, strict=True):
        fill, fills, edge = looks[part]
        if any(values):
            series.append(Series(names[part], list(values), fill, fills, edge=edge))
    return series


def name_pace_parts(chart: Chart) -> dict[str, str]:
    """The parts of a pace in words; what could be completed stands on both sides of the time elapsed."""
    possible = chart.words["possible"]
    sides = {"below": f"{possible} ({MINUS})", "above": f"{possible} (+)"}
    return {"behind": chart.words["behind"], "ahead": chart.words["ahead"], **sides}


def pace_columns(chart: Chart) -> list[tuple[float, ...]]:
    """For each member that is drawn the parts of its pace, as `PACE_PARTS` names them, in percentage points."""
    rows = read_rows(chart.drawn, ("completed", "unknown", "actions"))
    return [tuple(round(100 * part, 4) + 0.0 for part in pace_parts(chart, *row)) for row in rows]  # no -0.0


def _peers(chart: Chart) -> list[int]:
    """The places of those who are not chosen."""
    if chart.whole is None:
        return []
    return [place for place, is_peer in enumerate(chart.drawn["is_peer"]) if is_peer]


def _stack_series(chart: Chart) -> list[Series]:
    frame, (segments, whole, _) = chart.drawn, STACKS[chart.spec.kind]
    series = []
    for role, column, word, _ in segments:
        counts = [int(count) for count in frame[column]]
        if any(counts):
            narrow = tuple(
                place
                for place, (count, size) in enumerate(zip(counts, frame[whole], strict=True))
                if not count or count / size < NARROWEST_LABELLED * len(str(count))
            )
            ink = theme.STATUS_INKS[role]
            pale = theme.blend(theme.PAPER, ink.fill, theme.PEER_OPACITY)
            series.append(
                Series(
                    chart.words[word],
                    list(counts),
                    ink.fill,
                    dict.fromkeys(_peers(chart), pale),
                    theme.PAPER,
                    ink.text,
                    narrow,
                )
            )
    return series


def _rate_labels(chart: Chart) -> list[str]:
    frame = chart.drawn
    return [
        chart.write_label(int(n), int(of)) if of else chart.words["nothing_to_count"]
        for n, of in zip(frame[chart.spec.part], frame[chart.spec.whole], strict=True)
    ]


def _sizes(chart: Chart) -> list[str]:
    """How many actions, or milestones, each bar stands for; the first one says of what."""
    sizes = [int(size) for size in chart.drawn[chart.spec.size]]
    first = next((place for place, size in enumerate(sizes) if size), None)
    return [
        chart.words["first_actions"]
        if place == first
        else format_count(size, chart.lang)
        if size
        else chart.words["nothing_to_count"]
        for place, size in enumerate(sizes)
    ]


def _cell(chart: Chart, counted: int, actions: int, is_few: bool, is_peer: bool, has_room: bool) -> Cell:
    counts = format_counts(counted, actions, chart.lang)
    if is_few:
        return Cell(counts, theme.EMPTY_CELL, theme.MUTED)
    rate = chart.value(counted, actions)
    if is_peer:
        (low, _), (high, _) = theme.PEER_SHADES
        text = chart.write_value(counted, actions) if chart.spec.is_pace or not has_room else counts
        share = (rate + 1) / 2 if chart.spec.is_pace else rate
        return Cell(text, theme.blend(low, high, share), theme.TEXT)
    if chart.spec.is_pace:
        role = pace_role(rate)
        return Cell(chart.write_value(counted, actions), CHOSEN_LIGHT[role], CHOSEN_LIGHT[f"on_{role}"])
    text = counts if has_room else chart.write_value(counted, actions)
    return Cell(text, theme.shade(rate), theme.PAPER if theme.is_dark_shade(rate) else theme.TEXT)


def _values(values: "pd.Series[float]") -> Values:
    return [None if isnan(value) else float(value) for value in values.tolist()]
