"""The values and words that a chart of the catalogue shows for a selection.

`build_chart` makes a `Chart`, the only source of figures, tables, pictures and files. Its words are in their language
already. Nothing in this module draws or knows a page.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from dashboard.campaign.brand import Look, read_look
from dashboard.campaign.commitments.criteria import CRITERIA
from dashboard.charts.captions import Caption, compose_title, say_words
from dashboard.charts.catalogue import (
    EXPECTED,
    FIGURES,
    MOST_MARKS,
    RESULTS,
    SAID_AND_KNOWN,
    STACKS,
    TIMED,
    ChartSpec,
    Kind,
)
from dashboard.charts.marks import Marks, gather_marks
from dashboard.charts.options import Options, apply_options, find_spec, settle
from dashboard.charts.sides import gather_sides, join_difference, say_difference, set_beside
from dashboard.formats import (
    NOTHING,
    format_change,
    format_count,
    format_counts,
    format_date,
    format_exact_points,
    format_percent,
    format_rate,
)
from dashboard.i18n import translator
from dashboard.languages import SOURCE
from dashboard.measures import counts as measures
from dashboard.measures.context import Indicator, list_indicators
from dashboard.measures.counts import Headline, count_further
from dashboard.measures.definitions import COUNTED_BY, FEW, RATES
from dashboard.measures.facts import find_fact
from dashboard.measures.results import choose_amount, list_amounts
from dashboard.measures.spoken_days import CAUSES, is_kept, list_spoken_days
from dashboard.measures.standing import know_members
from dashboard.measures.times import COMPLETED, SPOKEN, TIMES
from dashboard.paths import SHIPPED_CAMPAIGN
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection


class Cells(NamedTuple):
    """A table for readers: its headings, and its rows of texts."""

    headings: list[str]
    rows: list[tuple[str, ...]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Chart(Marks):
    """One chart's values and words, in one language.

    Attributes:
        spec: What it shows, with the reader's options.
        total: The totals of the selection; for two selections, the first one's.
        caption: Title, selection, sum, definitions, sources, day and notes, in words.
        words: The words of pictures and tables, by name: measures, statuses, dimensions, phrases; the name of each
            survey wave as `wave_…`.
        campaign: The row of the table `campaign`.
        place: The campaign folder.
    """

    spec: ChartSpec
    lang: str
    total: Headline
    caption: Caption
    words: dict[str, str]
    campaign: dict[str, Any] = field(repr=False)
    place: Path = field(default=SHIPPED_CAMPAIGN, repr=False)
    options: Options = Options()

    @property
    def look(self) -> Look:
        """The publisher's look, as it is now."""
        return read_look(self.place)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw: no action, or no mark for any action."""
        return not any(total.actions for total in self.totals) or self.frame.empty or not self.has_whole

    @property
    def has_whole(self) -> bool:
        """Whether there is any of what the bars count: completed actions, milestones."""
        size = self.spec.size
        return size == "actions" or size not in self.frame or bool(self.frame[size].any())

    @property
    def nothing(self) -> str:
        """Return the sentence in place of a chart that has nothing to draw."""
        if not self.total.actions:
            return self.words["none_selected"]
        if self.spec.kind == "scatter":
            return self.words["none_beside"]
        return self.words["none_shown" if self.has_whole else "none_counted"]

    @property
    def totals(self) -> tuple[Headline, ...]:
        """Return the totals of the selection, or of both."""
        return tuple(side.total for side in self.sides) or (self.total,)

    def last_known(self, total: Headline) -> date:
        """Return the day on which a curve ends: that of its totals, or the last day with any data."""
        first: date = self.frame["on_date"].min().date()
        last_date: date = self.campaign["last_date"]
        return min(total.day, max(last_date, first))

    @property
    def elapsed_known(self) -> tuple[int, int]:
        """Return how many of the campaign's days have passed where the one curve ends, and how many it has."""
        days = self.total.days_total
        return round(float(self.frame["elapsed"].iloc[-1]) * days), days

    @property
    def title(self) -> str:
        """Return the chart's title in its language."""
        return self.caption.title

    @property
    def alt(self) -> str:
        """Return the description of the picture for those who do not see it."""
        return self.caption.alt

    @property
    def has_choices(self) -> bool:
        """Whether it needs the colours of readers' options."""
        return self.spec.is_pace or self.wider_total is not None

    @cached_property
    def drawn(self) -> pd.DataFrame:
        """Return the rows that a picture shows; a very long list is cut, which the caption says."""
        if self.sides and self.spec.kind not in TIMED:
            return self.frame.head(MOST_MARKS * len(self.sides))
        is_listed = self.spec.kind in ("rates", *STACKS, "counts", "table")
        return self.first(MOST_MARKS) if is_listed else self.frame

    def first(self, most: int) -> pd.DataFrame:
        """Return the first members in order, at most so many; peers are dropped before chosen members."""
        return _take_first(self.frame, most, has_peers=self.wider_total is not None)

    @cached_property
    def shortened(self) -> "Chart":
        """Shorten the chart to the room of a picture: the first rows and columns of a grid, the first panels."""
        if self.spec.kind not in ("grid", "multiples") or self.frame.empty:
            return self
        members = self.blocks if self.spec.kind == "multiples" else self.frame
        if self.spec.kind == "grid" and self.wider_total is not None:  # a row is a peer's where all its cells are
            members = members.sort_values("is_peer", kind="stable").drop_duplicates("code").sort_index()
        members = _take_first(members.drop_duplicates("code"), MOST_MARKS, has_peers=self.wider_total is not None)
        columns = self.columns if self.spec.second in TIMES else self.columns[:MOST_MARKS]
        frame = self.frame[self.frame["code"].isin(members["code"])]
        if self.spec.kind == "multiples":
            return replace(self, frame=frame, blocks=members)
        frame = frame[frame["column_code"].isin([code for code, _ in columns])]
        return replace(self, frame=frame.reset_index(drop=True), columns=columns)

    def write_beside(self, value: float) -> str:
        """Write a value of the published figure beside completion; empty without one."""
        return self.beside.write(value, self.lang) if self.beside else ""

    @cached_property
    def figures(self) -> dict[str, list[str]]:
        """Write the published figures of each country by its code, a line each with name, value and year."""
        lines: dict[str, list[str]] = {}
        for indicator in self.indicators:
            for code, text in zip(self.frame["code"], write_figures(self, indicator, self.frame), strict=True):
                if text != NOTHING:
                    lines.setdefault(code, []).append(self.pair(indicator.name, text))
        return lines

    @property
    def reference(self) -> str:
        """Return the rate of all in words, `all 44%`, at which bars of several members have a line, or their target.

        Its value is that of `reference_counts`.
        """
        counts = self.reference_counts
        return self.words["all_at"].format(rate=self.write_value(*counts)) if counts and counts[1] else ""

    @property
    def reference_counts(self) -> tuple[int, int] | None:
        """Return the counts of that rate: the selection's, or with peers those without the chart's own filters."""
        if self.spec.kind != "rates" or self.sides or (len(self.frame) < 2 and not self.spec.amount):
            return None
        if self.spec.amount:  # the target
            return 1, 1
        return (self.wider_total or self.total).fraction(self.spec.rate)

    def mark(self, actions: int, code: str, **more: str) -> str:
        """Return what a mark stands for: `dimension:code`, and a status or the grid's column; empty without actions."""
        parts = {self.spec.dimension: code, **more}
        is_filter = not TIMES.keys() & parts.keys()
        return " ".join(f"{name}:{value}" for name, value in parts.items()) if actions and is_filter else ""

    def pair(self, name: str, value: str) -> str:
        """Write a name and its value, with the colon as the language sets it."""
        return self.words["pair"].format(name=name, value=value)

    def say_rate(self, word: str, numerator: int, denominator: int) -> str:
        """Write a rate with its counts behind one of the `words`: `Completed: 13% (12/96)`."""
        return self.pair(self.words[word], format_rate(numerator, denominator, self.lang))

    def value(self, numerator: float, denominator: float) -> float:
        """Return what a mark shows, as a fraction of 1: its rate, or its pace; 0 of 0 is 0, for drawing only."""
        if not denominator:
            return 0.0
        return numerator / denominator - (self.total.elapsed if self.spec.is_pace else 0.0)

    def write_value(self, numerator: float, denominator: float) -> str:
        """Write what a mark shows: `13%`; the percentage points of a pace, `−12`; a dash for 0 of 0."""
        if not self.spec.is_pace or not denominator:
            return format_percent(numerator, denominator, self.lang)
        day, days = self.total.day_number, self.total.days_total
        return format_exact_points(int(numerator) * days - day * int(denominator), int(denominator) * days, self.lang)

    def write_label(self, numerator: int, denominator: int) -> str:
        """Write what a mark shows, with its counts: `13% · 12/96`, `−12 · 12/96`."""
        return f"{self.write_value(numerator, denominator)} · {format_counts(numerator, denominator, self.lang)}"

    def say_value(self, word: str, numerator: int, denominator: int) -> str:
        """Write what a mark shows, in words: `Completed: 13% (12/96)`, `Pace: −12 percentage points (12/96)`."""
        if not self.spec.is_pace:
            return self.say_rate(word, numerator, denominator)
        points = self.words["points"].format(points=self.write_value(numerator, denominator))
        return self.pair(self.words["pace"], f"{points} ({format_counts(numerator, denominator, self.lang)})")

    def write_differences(self, frame: pd.DataFrame) -> list[tuple[str, ...]]:
        """Write the difference in each pair of rows, in one or two lines.

        For two days of the same actions, write what became known and what remains unknown, the earlier day first.
        """
        is_later = self.is_days and self.sides[0].total.day > self.sides[1].total.day
        places = (1, 0) if is_later else (0, 1)
        pairs = zip(*(know_members(frame.iloc[place::2], self.spec.rate) for place in places), strict=True)
        say = translator(self.lang).say
        return [tuple(map(say, say_difference(first, second, self.is_days))) for first, second in pairs]

    def data(self) -> pd.DataFrame:
        """Return the values for a machine: one row a mark, codes and labels, rates as fractions of 1."""
        if self.spec.kind in TIMED:
            days = self.days["on_date"].dt.date
            frame = self.days.drop(columns="on_date")
            frame.insert(0, "code", [day.isoformat() for day in days])
            frame.insert(1, "label", [format_date(day, self.lang) for day in days])
        else:
            frame = self.frame.drop(columns="is_few").rename(columns={"region": "region_code"})
        if "member" in frame:
            frame = frame.assign(label=frame["member"]).drop(columns="member")
        if self.spec.kind == "multiples":
            frame["on_date"] = [day.isoformat() for day in frame["on_date"].dt.date]
        names = {"column_code": f"{self.spec.second}_code", "column_label": f"{self.spec.second}_label"}
        first = [c for c in ("code", "label", "side", "side_label", *names, *_DATA_COLUMNS) if c in frame]
        return frame[[*first, *(c for c in frame if c not in first)]].rename(columns=names)

    @property
    def days(self) -> pd.DataFrame:
        """Return a curve's rows; with what is expected also those of the days to the deadline, which have no counts."""
        if self.expected is None or self.expected.reason:
            return self.frame
        columns = {column: self.expected.days[column] / self.total.actions for column in EXPECTED}
        frame = self.frame.merge(self.expected.days[["on_date"]].assign(**columns), on="on_date", how="outer")
        counts = {name: "Int64" for name, column in self.frame.items() if column.dtype.kind == "i"}
        return frame.astype(counts).sort_values("on_date", ignore_index=True)

    def cells(self) -> Cells:
        """Return the values for a reader: headings and all cells in the chart's language, ready to show.

        A rate of fewer than 5 actions is shown as its counts; what cannot be computed as a dash.
        """
        columns = list(_COLUMNS[self.spec.kind](self))
        return Cells([heading for heading, _ in columns], list(zip(*(cells for _, cells in columns), strict=True)))

    def table(self) -> pd.DataFrame:
        """Return `cells` as a frame, which takes longer to make than to show."""
        headings, rows = self.cells()
        return pd.DataFrame(rows, columns=pd.Index(headings))


def _take_first(members: pd.DataFrame, most: int, *, has_peers: bool) -> pd.DataFrame:
    if len(members) <= most or not has_peers:
        return members.head(most)
    places = np.lexsort((np.arange(len(members)), members["is_peer"].to_numpy()))[:most]
    return members.take(np.sort(places))


_AS_IT_IS = Options()
_DATA_COLUMNS = ("actions", "reported", "completed", "completion_rate", "reporting_rate", "upper_bound")


def build_chart(snapshot: Snapshot, chart_id: str, selection: Selection, options: Options = _AS_IT_IS) -> Chart:
    """Build the values and words of a chart for a selection, in the selection's language.

    Raises:
        SelectionError: there is no chart of this id, it does not offer one of the options, it cannot compare two
            selections, or it would add up what may not be added up.
    """
    plain = find_spec(chart_id)
    chart_options, spec = settle(options, plain), apply_options(plain, options)
    if spec.amount:
        spec = replace(spec, **choose_amount(snapshot, *spec.amount)._asdict())
    total = count_further(snapshot, selection, measures.headline(snapshot, selection), spec.rate, spec.amount)
    if selection.versus:
        spec = set_beside(spec)
        marks = gather_sides(snapshot, selection, spec)
    else:
        marks = gather_marks(snapshot, selection, spec, total, has_peers=chart_options.peers)
    caption, words = say_words(snapshot, selection, spec, marks, total)
    return Chart(
        **vars(marks),
        spec=spec,
        lang=selection.lang,
        total=total,
        caption=caption,
        words=words,
        campaign=snapshot.campaign,
        place=snapshot.path.parent.parent,
        options=chart_options,
    )


def list_further(snapshot: Snapshot) -> tuple[str, ...]:
    """List the charts beside those of the catalogue: of promised numbers, of published figures, where there are any."""
    has_figures = any(one.is_measured for one in list_indicators(snapshot, SOURCE))
    return (*(RESULTS if list_amounts(snapshot) else ()), *((FIGURES.id,) if has_figures else ()))


def list_beside(snapshot: Snapshot, selection: Selection) -> tuple[str, ...]:
    """List the charts beside those of the catalogue that have something to show of a selection."""
    is_spoken_of = is_kept(selection) and any(not one.is_own for one in list_spoken_days(snapshot, selection))
    return (*list_further(snapshot), *((SAID_AND_KNOWN.id,) if is_spoken_of else ()))


def name_chart(chart_id: str, lang: str, options: Options = _AS_IT_IS) -> str:
    """Return the title of a chart in a language, without its values. Raises what `build_chart` does."""
    return translator(lang).say(compose_title(apply_options(find_spec(chart_id), options)))


Columns = Iterator[tuple[str, list[str]]]
"""Columns of a table for readers: heading and cells."""


def _rate_cells(frame: pd.DataFrame, rate: str, lang: str) -> list[str]:
    parts, denominator = RATES[rate]
    counts = read_rows(frame, (COUNTED_BY.get(rate, denominator), denominator, *parts))
    return [format_fraction(sum(numbers), of, lang, size) for size, of, *numbers in counts]


def format_fraction(numerator: float, denominator: float, lang: str, size: float | None = None) -> str:
    """Format a rate for reading: a percentage, its counts alone below 5 actions, a dash for 0 of 0.

    `size`: how many the rate is of, where its denominator is an amount.
    """
    if denominator and (denominator if size is None else size) < FEW:
        return format_counts(numerator, denominator, lang)
    return format_percent(numerator, denominator, lang)


def _count_cells(frame: pd.DataFrame, column: str, lang: str) -> list[str]:
    return [format_count(value, lang) for value in frame[column].tolist()]


def _rates_columns(chart: Chart) -> Columns:
    frame = chart.frame
    yield chart.words["dimension"], name_members(chart, frame)
    yield from _counts_and_rates(frame, chart)
    for indicator in sorted(chart.indicators, key=lambda one: one != chart.beside):
        yield indicator.name, write_figures(chart, indicator, frame)


def name_members(chart: Chart, frame: pd.DataFrame) -> list[str]:
    """Name the members of rows; peers are marked as such in words, for those who do not see their grey."""
    if chart.wider_total is None:
        return list(frame["label"])
    names = read_rows(frame, ("label", "is_peer"))
    return [chart.words["peer"].format(name=label) if is_peer else label for label, is_peer in names]


def write_figures(chart: Chart, indicator: Indicator, frame: pd.DataFrame) -> list[str]:
    """Write the published figures of countries, each with the year that it is of."""
    rows = read_rows(frame, (indicator.column, f"{indicator.column}_year"))
    return [indicator.write_dated(value, year, chart.lang) for value, year in rows]


def _stack_columns(chart: Chart) -> Columns:
    frame, (segments, whole_column, rate) = chart.frame, STACKS[chart.spec.kind]
    yield chart.words["dimension"], name_members(chart, frame)
    yield chart.words[whole_column], _count_cells(frame, whole_column, chart.lang)
    for _, column, word, _ in segments:
        yield chart.words[word], _count_cells(frame, column, chart.lang)
    if chart.spec.kind == "statuses":
        yield chart.words["overdue"], _count_cells(frame, "overdue", chart.lang)
    fact = find_fact(rate)
    rates = fact.rates if fact is not None and rate == fact.rates[0] else (rate,)
    for name in rates:
        yield chart.words[name], _rate_cells(frame, name, chart.lang)


def _curve_columns(chart: Chart) -> Columns:
    """Yield columns with a row for each day on which a figure changed, and for the last one."""
    counts = chart.frame[[one for one in ("reported", chart.spec.part, chart.spec.unknown) if one in chart.frame]]
    changed = (counts != counts.shift()).any(axis=1)
    changed.iloc[-1:] = True
    frame = chart.frame[changed]
    if chart.expected is None or chart.expected.reason:
        yield from _columns_on_days(frame, chart)
        return
    expected = _choose_expected(chart.expected.days)
    dates = [format_date(day, chart.lang) for day in expected["on_date"].dt.date]
    for number, (heading, cells) in enumerate(_columns_on_days(frame, chart)):
        yield heading, [*cells, *(dates if number == 0 else [NOTHING] * len(dates))]
    for name in EXPECTED:
        cells = [format_rate(count, chart.total.actions, chart.lang) for count in expected[name].tolist()]
        yield chart.words[name], [*[NOTHING] * len(frame), *cells]


def _choose_expected(days: pd.DataFrame) -> pd.DataFrame:
    """Choose of the days after the first the last one of each month, and the deadline."""
    is_end = days["on_date"].dt.is_month_end
    is_end.iloc[-1] = True
    is_end.iloc[0] = False
    chosen: pd.DataFrame = days[is_end]
    return chosen


def _counts_columns(chart: Chart) -> Columns:
    yield chart.words["dimension"], list(chart.frame["label"])
    yield chart.words["completed"], _count_cells(chart.frame, "completed", chart.lang)


def _answers_columns(chart: Chart) -> Columns:
    """Yield columns with a row for each answer; for waves side by side, a column each with share and counts."""
    frame = chart.frame
    columns = ("code", "label", "reports", "answered", *(["wave", "wave_label"] if "wave" in frame else []))
    rows = list(read_rows(frame, columns))
    yield chart.words["answer"], list(dict((row[0], row[1]) for row in rows).values())
    if "wave" not in frame:
        yield chart.words["reports"], [format_counts(row[2], row[3], chart.lang) for row in rows]
        yield chart.words["share"], [format_percent(row[2], row[3], chart.lang) for row in rows]
        return
    for wave, label in dict((row[4], row[5]) for row in rows).items():
        yield label, [format_rate(row[2], row[3], chart.lang) for row in rows if row[4] == wave]


def _table_columns(chart: Chart) -> Columns:
    """Yield the columns of bars of the same dimension."""
    yield from _counts_columns(chart) if chart.spec.dimension == COMPLETED else _rates_columns(chart)


def _grid_columns(chart: Chart) -> Columns:
    """Yield a row a member of the first dimension, a column a member of the second; completed/actions in cells."""
    columns = ("code", "column_code", chart.spec.part, chart.spec.denominator)
    cells = {(row, column): _write_cell(chart, n, of) for row, column, n, of in read_rows(chart.frame, columns)}
    labels = dict(read_rows(chart.frame, ("code", "label")))
    yield chart.words["dimension"], list(labels.values())
    for code, label in chart.columns:
        yield label, [cells.get((row, code), NOTHING) for row in labels]


def _write_cell(chart: Chart, numerator: int, denominator: int) -> str:
    counts = format_counts(numerator, denominator, chart.lang)
    has_points = chart.spec.is_pace and denominator >= FEW
    return f"{chart.write_value(numerator, denominator)} ({counts})" if has_points else counts


def _tiles_columns(chart: Chart) -> Columns:
    """Yield the columns of a chart of rates, with the region of each country."""
    yield chart.words["second"], chart.frame["region_label"].tolist()
    yield from _rates_columns(chart)


def _multiples_columns(chart: Chart) -> Columns:
    """Yield columns with a row for each member on the last day of every month, and on the last day."""
    ends = chart.frame["on_date"].dt.is_month_end | (chart.frame["on_date"] == chart.frame["on_date"].max())
    frame = chart.frame[ends]
    yield chart.words["dimension"], frame["label"].tolist()
    yield from _columns_on_days(frame, chart)


def _pairs_columns(chart: Chart) -> Columns:
    """Yield columns with a row for each member: on each side the rate, counts and upper bound; then the difference."""
    frame, spec, lang = chart.frame, chart.spec, chart.lang
    yield chart.words["dimension"], frame["label"].tolist()[:: len(chart.sides)]
    for number, side in enumerate(chart.sides):
        rows = frame.iloc[number :: len(chart.sides)]
        part = RATES[spec.rate].parts[0]
        counts = list(read_rows(rows, (part, "unknown", "actions")))
        yield side.name, [format_rate(n, of, lang) if of >= FEW else format_counts(n, of, lang) for n, _, of in counts]
        if "upper_bound" in spec.measures:
            yield chart.words["at_most"], [format_fraction(n + unknown, of, lang) for n, unknown, of in counts]
    yield chart.words["difference"], [join_difference(texts) for texts in chart.write_differences(frame)]
    for column, heading in name_causes(chart):
        yield heading, [format_change(change, lang) for change in frame[column].tolist()[1::2]]


def name_causes(chart: Chart) -> list[tuple[str, str]]:
    """Name the columns of what changed the completed actions of days spoken of, by cause, those that any has."""
    causes = CAUSES if chart.spec.dimension == SPOKEN else ()
    columns = [(f"completed_{cause}", chart.words[cause]) for cause in causes]
    return [
        (column, chart.pair(chart.words["completed"], name)) for column, name in columns if chart.frame[column].any()
    ]


def _curves_columns(chart: Chart) -> Columns:
    """Yield columns for both sides on the last day of every month, and on their last days."""
    days = chart.frame["on_date"]
    frame = chart.frame[days.dt.is_month_end | (chart.frame["side"] != chart.frame["side"].shift(-1))]
    yield chart.words["side"], frame["side_label"].tolist()
    yield from _columns_on_days(frame, chart)


def _columns_on_days(frame: pd.DataFrame, chart: Chart) -> Columns:
    """Yield the day, counts, rates and the time elapsed of rows that stand at a day."""
    lang = chart.lang
    yield chart.words["day"], [format_date(day, lang) for day in frame["on_date"].dt.date]
    yield from _counts_and_rates(frame, chart)
    elapsed = (frame["elapsed"] * chart.total.days_total).round().astype(int)
    yield chart.words["elapsed"], [format_percent(day, chart.total.days_total, lang) for day in elapsed]


def _counts_and_rates(frame: pd.DataFrame, chart: Chart) -> Columns:
    """Yield the counts, and the bounds with the unknown between them. A phone shows the first columns, then scrolls."""
    for name in _FURTHER_COLUMNS.get(chart.spec.rate, ()):
        write = _rate_cells if name in RATES else _count_cells
        yield chart.words[name], write(frame, name, chart.lang)
    usual = ("actions", "reported", "completed", "completion_rate", "unknown", "upper_bound", "reporting_rate")
    for name in (one for one in usual if one in frame):
        write = _rate_cells if name in RATES else _count_cells
        yield chart.words[name], write(frame, name, chart.lang)
        if name == "completion_rate" and chart.spec.is_pace:
            yield chart.words["pace_points"], _pace_cells(frame, chart)
        if name == "completion_rate" and chart.spec.rate == "on_time_rate":
            yield chart.words["on_time"], _count_cells(frame, "on_time", chart.lang)
            yield chart.words["on_time_rate"], _rate_cells(frame, "on_time_rate", chart.lang)


_FURTHER_COLUMNS = {
    "milestone_rate": (
        "milestones_due",
        "milestones_reached",
        "milestone_rate",
        "milestones_unknown",
        "milestone_upper_bound",
    ),
    "evidenced_rate": ("evidenced", "evidenced_rate"),
    "reviewed_rate": ("reviewed", "reviewed_rate"),
    "verified_rate": ("verified", "verified_rate"),
    "targets_met_rate": (
        "results",
        "results_met",
        "targets_met_rate",
        "results_unknown",
        "targets_met_upper_bound",
    ),
    "reached_share": ("promised", "reached", "reached_share", "promised_unknown", "reached_upper_bound", "results"),
    **{f"{criterion}_rate": ("judged", criterion, f"{criterion}_rate") for criterion in CRITERIA},
}
"""What stands before the usual counts where another measure is shown that needs its own."""


def _pace_cells(frame: pd.DataFrame, chart: Chart) -> list[str]:
    """Write the pace in percentage points; a dash for few actions or none."""
    counts = read_rows(frame, ("completed", "actions"))
    return [chart.write_value(n, of) if of >= FEW else NOTHING for n, of in counts]


_COLUMNS: dict[Kind, Callable[[Chart], Columns]] = {
    "rates": _rates_columns,
    "statuses": _stack_columns,
    "outcomes": _stack_columns,
    "evidence": _stack_columns,
    "counts": _counts_columns,
    "curve": _curve_columns,
    "grid": _grid_columns,
    "tiles": _tiles_columns,
    "map": _tiles_columns,
    "multiples": _multiples_columns,
    "table": _table_columns,
    "answers": _answers_columns,
    "pairs": _pairs_columns,
    "curves": _curves_columns,
    "scatter": _rates_columns,
}


def end_of_counts(most: int) -> int:
    """Find where an axis of counts ends, so that its middle is whole: 2, 4, 6, 8, 10, 20, 40 and so on."""
    size = int(10 ** (len(str(most)) - 1))
    return next(step * size for step in (1, 2, 4, 6, 8, 10) if step * size >= most and step * size % 2 == 0)


def read_rows(frame: pd.DataFrame, columns: Iterable[str] | None = None) -> Iterator[tuple[Any, ...]]:
    """Read rows as Python's own values, in the order of `columns`; without `columns`, all of them.

    They are read column by column: selecting columns of a small frame costs more than drawing them.
    """
    chosen = (column for _, column in frame.items()) if columns is None else (frame[name] for name in columns)
    return zip(*(column.tolist() for column in chosen), strict=True)
