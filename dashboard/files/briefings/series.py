"""The series of charts that an office program draws itself, in PowerPoint and in Excel.

Plain data: names, values, colours and labels, in the order of the screen. Other modules draw them.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from math import isnan
from typing import NamedTuple

import pandas as pd

from dashboard import theme
from dashboard.campaign.context_files import PERCENT
from dashboard.charts.catalogue import EXPECTED, TIMED
from dashboard.charts.chart import Chart, read_rows
from dashboard.charts.colours import PICTURE
from dashboard.charts.encoding import (
    CURVE_ROLES,
    Dot,
    Part,
    encode_bars,
    encode_lines,
    list_peers,
    name_words,
    shade_cell,
)
from dashboard.charts.encoding import Bars as Encoded
from dashboard.charts.sides import name_pair
from dashboard.charts.svg.texts import shorten as cut
from dashboard.charts.svg.texts import width
from dashboard.formats import MINUS, clean, format_counts, shorten, whole_percent_format
from dashboard.measures.definitions import FEW

LONGEST_LABEL = 64
WIDEST_LABEL = 36.0
"""In font sizes: a name of wider letters than usual is cut before it takes so many lines that the plot is squeezed."""
NARROWEST_LABELLED = 0.022
"""The share of the axis that a digit needs: a narrower segment is not labelled."""

Values = list[float | None]


@dataclass(frozen=True)
class Series:
    """One series: its name, a value a category (None where there is none), fill `#RRGGBB`.

    Attributes:
        fills: Other fills, by place: those of few actions.
        edge: The colour of its outline; empty for none.
        text: The colour of the values written on it; empty for none.
        unlabelled: Places that are too narrow for their value.
        column: The technical name of the sheet's column of values.
    """

    name: str
    values: Values
    fill: str
    fills: dict[int, str] = field(default_factory=dict)
    edge: str = ""
    text: str = ""
    unlabelled: tuple[int, ...] = ()
    column: str = ""


@dataclass(frozen=True)
class Bars:
    """Stacked bars, the first category on top.

    Attributes:
        ends: The texts at the right of each bar.
        muted: Whether a category has few actions.
        is_counted: The values are counts that are stacked to 100 %; else they are shares of 1.
        span: The ends of a pace's axis, in percentage points, as are its values; else None.
        end: The end of the axis of counts that are not stacked; else 0.
        high: The end of the axis of shares.
    """

    categories: list[str]
    series: list[Series]
    ends: list[str]
    muted: list[bool]
    is_counted: bool
    span: tuple[float, float] | None = None
    end: int = 0
    high: float = 1


@dataclass(frozen=True)
class Curve:
    """Lines against the days of the campaign; `band` is the area between the first two.

    Attributes:
        high: The end of the axis of shares.
        deadline: The day that is marked; None where it is not in view.
        last: The last day of the axis.
        expected: The least and the most expected by the deadline, over `days` and the days to the deadline; or none.
    """

    days: list[date]
    completed: Series
    at_most: Series
    elapsed: Series
    band: Series
    deadline: date | None
    last: date
    high: float
    expected: tuple[Series, ...] = ()


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
    """Make the bars of a chart of kind `rates`, `pairs` or `counts`, or of stacked ones (`STACKS`)."""
    encoded = encode_bars(chart)
    is_pair, is_pace, is_counts = chart.spec.kind == "pairs", chart.spec.is_pace, chart.spec.kind == "counts"
    paces = name_pace_parts(chart) if is_pace else {}
    return Bars(
        categories=[_name(label) for label in (name_pairs(chart.drawn) if is_pair else chart.drawn["label"])],
        series=[
            _write_series(encoded, part, paces.get(part.measure, part.name), 100 if is_pace else 1)
            for part in encoded.parts
            if part.is_seen or not is_pace
        ],
        ends=[bar.text for bar in encoded.bars],
        muted=[bar.is_muted for bar in encoded.bars],
        is_counted=encoded.is_counted,
        span=(100 * encoded.low, 100 * encoded.high) if is_pace else None,
        end=int(encoded.high) if is_counts else 0,
        high=encoded.high,
    )


def _write_series(encoded: Encoded, part: Part, name: str, scale: int) -> Series:
    """Make a part of all bars into a series, its values times a scale."""
    fills = {place: PICTURE[role] for place, role in enumerate(part.roles) if role != part.role}
    lengths: Values = part.lengths if scale == 1 else [*_scale(part, scale)]
    column = "possible" if part.measure == "upper_bound" else part.measure
    if not encoded.is_counted:
        edge = PICTURE[f"{part.role}_edge"] if part.edges else ""
        return Series(name, lengths, PICTURE[part.role], fills, edge, column=column)
    narrow = tuple(
        place
        for place, (count, bar) in enumerate(zip(part.lengths, encoded.bars, strict=True))
        if not count or count / bar.denominator < NARROWEST_LABELLED * len(str(int(count)))
    )
    pale = theme.blend(theme.PAPER, PICTURE[part.role], theme.PEER_OPACITY)
    fills = {place: pale for place, bar in enumerate(encoded.bars) if bar.is_peer}
    ink = PICTURE[f"on_{part.role}"]
    return Series(name, lengths, PICTURE[part.role], fills, theme.PAPER, ink, narrow, column)


def curve_of(chart: Chart) -> Curve:
    """Make the lines of a chart of kind `curve`."""
    frame, words, lines = chart.frame, name_words(chart), encode_lines(chart)
    days = frame["on_date"].dt.date.tolist()
    deadline, last = chart.campaign["action_deadline_on"], max(chart.campaign["ends_on"], chart.total.day)
    spread = frame[chart.spec.unknown] / frame[chart.spec.denominator]
    colours = {line: PICTURE[role] for line, role in CURVE_ROLES.items()}
    return Curve(
        days=days,
        completed=Series(words["completed"], _values(lines.lower), colours["completed"]),
        at_most=Series(words["at_most"], _values(lines.upper), colours["at_most"], text=theme.MUTED),
        elapsed=Series(words["elapsed"], _values(lines.elapsed), colours["elapsed"]),
        band=Series(words["possible"], _values(spread), colours["possible"]),
        deadline=deadline if days[0] <= deadline <= last else None,
        last=last,
        high=lines.high,
        expected=name_expected(chart),
    )


def name_expected(chart: Chart) -> tuple[Series, ...]:
    """Make the two lines of what is expected, over a curve's days and those to the deadline; none where it has none."""
    if not set(EXPECTED) <= set(chart.days):
        return ()
    fill = PICTURE["completed"]
    return tuple(Series(chart.words[name], _values(chart.days[name]), fill, column=name) for name in EXPECTED)


def grid_of(chart: Chart) -> Grid:
    """Make the table of a chart of kind `grid`; a pair without actions is an empty cell."""
    frame, part, denominator = chart.frame, chart.spec.part, chart.spec.denominator
    rows = dict(zip(frame["code"], frame["label"], strict=True))
    is_narrow = chart.spec.is_pace or int(frame[denominator].max()) >= 100
    cells = {}
    pairs = read_rows(frame, ("code", "column_code", part, denominator))
    for (code, column, part_count, actions), is_peer in zip(pairs, list_peers(chart, frame), strict=True):
        role, ink = shade_cell(chart, part_count, actions, is_peer=is_peer)
        has_value = is_narrow and actions >= FEW
        text = chart.write_value(part_count, actions) if has_value else format_counts(part_count, actions, chart.lang)
        cells[code, column] = Cell(text, PICTURE[role], PICTURE[ink])
    empty = Cell("", theme.PAPER, theme.MUTED)
    return Grid(
        rows=[_name(label) for label in rows.values()],
        columns=[_name(label) for _, label in chart.columns],
        cells=[[cells.get((row, column), empty) for column, _ in chart.columns] for row in rows],
    )


LARGEST_MARKER, LEAST_MARKER = 16, 6
"""The sizes of the largest and of the least dot of a scatter, in points."""


def size_marker(dot: Dot) -> int:
    """Return the size of a dot in points."""
    return max(round(LARGEST_MARKER * dot.size), LEAST_MARKER)


def format_across(chart: Chart) -> str:
    """Return the Office number format of a scatter's published figures, which are in their own unit."""
    is_share = chart.beside is not None and chart.beside.unit == PERCENT
    return whole_percent_format(chart.lang) if is_share else "General"


def without_empty_sides(chart: Chart) -> Chart:
    """Return a chart of two selections; if they have no member in common, with the rows alone that count something."""
    if not chart.sides or chart.spec.kind in TIMED:
        return chart
    rows_with_counts = chart.frame[chart.frame[chart.spec.denominator] > 0]
    return (
        chart
        if rows_with_counts["code"].duplicated().any()
        else replace(chart, frame=rows_with_counts.reset_index(drop=True))
    )


def name_pairs(frame: pd.DataFrame) -> list[str]:
    """Name the rows of a chart of kind `pairs`: the member and the side."""
    return [name_pair(*names) for names in read_rows(frame, ("label", "side_label"))]


def _name(label: str) -> str:
    """Return a member's name as an axis or a table shows it."""
    name = shorten(clean(label), LONGEST_LABEL)
    return name if width(name, 1.0) <= WIDEST_LABEL else cut(name, WIDEST_LABEL, 1.0)


def name_pace_parts(chart: Chart) -> dict[str, str]:
    """Name the parts of a pace; the possible completions stand on both sides of the time elapsed."""
    possible = chart.words["possible"]
    sides = {"below": f"{possible} ({MINUS})", "above": f"{possible} (+)"}
    return {"behind": chart.words["behind"], "ahead": chart.words["ahead"], **sides}


def pace_columns(chart: Chart) -> dict[str, list[float]]:
    """Return the parts of the paces of the drawn members, in percentage points, by their names."""
    return {part.measure: _scale(part, 100) for part in encode_bars(chart).parts}


def _scale(part: Part, scale: int) -> list[float]:
    return [round(scale * (length or 0), 4) + 0.0 for length in part.lengths]  # no -0.0


def _values(values: "pd.Series[float]") -> Values:
    return [None if isnan(value) else float(value) for value in values.tolist()]
