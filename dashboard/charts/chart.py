"""Charts: the values and words that one of the catalogue shows for a selection.

`build_chart` gives a `Chart`, the only thing that figures, tables, pictures and files are made from. Nothing
here draws, and nothing here knows a page.

Rows of small frames as tuples: column by column, since selecting columns of a frame costs more than drawing them.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pandas as pd

from dashboard.charts import captions
from dashboard.charts.captions import Caption
from dashboard.charts.catalogue import CATALOGUE, MOST_MARKS, STATUS_COLUMNS, ChartSpec, Kind
from dashboard.charts.marks import BLOCKED, FRAMES, block_frame
from dashboard.errors import SelectionError
from dashboard.formats import NOTHING, format_count, format_counts, format_date, format_percent
from dashboard.i18n import N_, Translator, translator
from dashboard.measures import counts as measures
from dashboard.measures.counts import DIMENSIONS, Headline
from dashboard.measures.definitions import DEFINITIONS, FEW, RATES
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection


class Cells(NamedTuple):
    """A table for readers: its headings, and its rows of texts."""

    headings: list[str]
    rows: list[tuple[str, ...]]


@dataclass(frozen=True)
class Chart:
    """One chart's values and words, in one language.

    Attributes:
        frame: The values. Kinds `rates` and `statuses`: a row a member (`code`, `label`, counts, rates, `is_few`);
            `curve`: a row a day, as `measures.over_time`; `grid`: a row a pair (`code`, `label`, `column_code`,
            `column_label`, counts, rates, `is_few`); `tiles`: a row a country, with `region` and `region_label`;
            `multiples`: a row a member and day.
        total: The totals of the selection.
        caption: Title, selection, sum, definitions, sources, day and notes, in words.
        alt: One or two sentences that say what the picture shows.
        words: The phrases that are written into the picture, by name.
        columns: The grid's columns, (code, label), in order; empty for other kinds.
        campaign: The table `campaign`'s row.
        blocks: Kinds `tiles` and `multiples`: the totals of each region (`code`, `label`, counts, rates, `is_few`).
    """

    spec: ChartSpec
    lang: str
    frame: pd.DataFrame
    total: Headline
    caption: Caption
    alt: str
    words: dict[str, str]
    columns: tuple[tuple[str, str], ...]
    campaign: dict[str, Any] = field(repr=False)
    blocks: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def title(self) -> str:
        """The chart's title in its language."""
        return self.caption.title

    @property
    def drawn(self) -> pd.DataFrame:
        """The rows that a picture shows; a very long list is cut, which the caption says."""
        return self.frame.head(MOST_MARKS) if self.spec.kind in ("rates", "statuses") else self.frame

    def data(self) -> pd.DataFrame:
        """The values for a machine: one row a mark, codes and labels, rates as fractions of 1."""
        if self.spec.kind == "curve":
            days = self.frame["on_date"].dt.date
            frame = self.frame.drop(columns="on_date")
            frame.insert(0, "code", [day.isoformat() for day in days])
            frame.insert(1, "label", [format_date(day, self.lang) for day in days])
        else:
            frame = self.frame.drop(columns="is_few").rename(columns={"region": "region_code"})
        if self.spec.kind == "multiples":
            frame["on_date"] = [day.isoformat() for day in frame["on_date"].dt.date]
        names = {"column_code": f"{self.spec.second}_code", "column_label": f"{self.spec.second}_label"}
        first = ["code", "label", *(c for c in names if c in frame), *_DATA_COLUMNS]
        return frame[[*first, *(c for c in frame if c not in first)]].rename(columns=names)

    def cells(self) -> Cells:
        """The values for a reader: headings and all cells in the chart's language, ready to show.

        A rate of fewer than 5 actions is shown as its counts; what cannot be computed as a dash.
        """
        columns = list(_COLUMNS[self.spec.kind](self))
        return Cells([heading for heading, _ in columns], list(zip(*(cells for _, cells in columns), strict=True)))

    def table(self) -> pd.DataFrame:
        """`cells` as a frame, which takes longer to make than to show."""
        headings, rows = self.cells()
        return pd.DataFrame(rows, columns=pd.Index(headings))


_DATA_COLUMNS = ("actions", "reported", "completed", "completion_rate", "reporting_rate", "upper_bound")


def build_chart(snapshot: Snapshot, chart_id: str, selection: Selection) -> Chart:
    """The values and words of one chart for a selection, in the selection's language.

    Raises:
        SelectionError: there is no chart of this id.
    """
    spec = CATALOGUE.get(chart_id)
    if spec is None:
        raise SelectionError(f"There is no chart {chart_id!r}.", "chart", tuple(CATALOGUE))
    t = translator(selection.lang)
    total = measures.headline(snapshot, selection)
    frame = FRAMES[spec.kind](snapshot, selection, spec)
    return Chart(
        spec=spec,
        lang=selection.lang,
        frame=frame,
        total=total,
        caption=captions.build_caption(snapshot, selection, spec, frame, total),
        alt=captions.describe_picture(spec, frame, total, t),
        words=_picture_words(snapshot, spec, frame, t),
        columns=_columns(snapshot, selection, spec, frame),
        campaign=snapshot.campaign,
        blocks=block_frame(snapshot, selection, spec, frame) if spec.kind in BLOCKED else pd.DataFrame(),
    )


def _columns(
    snapshot: Snapshot, selection: Selection, spec: ChartSpec, frame: pd.DataFrame
) -> tuple[tuple[str, str], ...]:
    if spec.kind != "grid":
        return ()
    labels = dict(zip(frame["column_code"], frame["column_label"], strict=True))
    listed = measures.listed_members(snapshot, selection, spec.second)
    return tuple((code, labels[code]) for code in listed if code in labels)


def _picture_words(snapshot: Snapshot, spec: ChartSpec, frame: pd.DataFrame, t: Translator) -> dict[str, str]:
    words = {
        "no_actions": t(N_("no actions")),
        "few": t(N_("fewer than {few} actions"), few=FEW),
        "none_selected": t(N_("No action is in this selection.")),
        "none_shown": t(N_("Not stated by any action in this selection.")),
        "completed": t(DEFINITIONS["completed"].name),
        "reported": t(DEFINITIONS["reported"].name),
        "possible": t(N_("No report yet: could be completed")),
        "elapsed": t(DEFINITIONS["elapsed"].name),
        "at_most": t(N_("At most")),
        "deadline": t(N_("Deadline: {day}"), day=format_date(snapshot.campaign["action_deadline_on"], t.language)),
        "pair": t(N_("{name}: {value}")),
        "actions": t(DEFINITIONS["actions"].name),
        "completion_rate": t(DEFINITIONS["completion_rate"].name),
        "upper_bound": t(DEFINITIONS["upper_bound"].name),
        "reporting_rate": t(DEFINITIONS["reporting_rate"].name),
    }
    if spec.kind == "statuses" and (sizes := frame["actions"][frame["actions"] > 0].tolist()):
        count = format_count(sizes[0], t.language)
        words["first_actions"] = t.plural(N_("{n} action"), N_("{n} actions"), sizes[0], n=count)
    statuses = snapshot.codes.get("statuses", {})
    for status, column in STATUS_COLUMNS.items():
        known = statuses.get(status)
        words[f"status_{status}"] = known.labels[t.language] if known else t(DEFINITIONS[column].name)
    return words


Columns = Iterator[tuple[str, list[str]]]
"""Columns of a table for readers: heading and cells."""


def _rate_cells(frame: pd.DataFrame, rate: str, lang: str) -> list[str]:
    counts = read_rows(frame, (RATES[rate].whole, *RATES[rate].parts))
    return [format_fraction(sum(parts), whole, lang) for whole, *parts in counts]


def format_fraction(numerator: int, denominator: int, lang: str) -> str:
    """A rate for reading: a percentage, its counts alone below 5 actions, a dash for 0 of 0."""
    if 0 < denominator < FEW:
        return format_counts(numerator, denominator, lang)
    return format_percent(numerator, denominator, lang)


def _count_cells(frame: pd.DataFrame, column: str, lang: str) -> list[str]:
    return [format_count(value, lang) for value in frame[column].tolist()]


def _rates_columns(chart: Chart) -> Columns:
    t = translator(chart.lang)
    frame = chart.frame
    yield t(DIMENSIONS[chart.spec.dimension].label), frame["label"].tolist()
    yield from _counts_and_rates(frame, chart)


def _statuses_columns(chart: Chart) -> Columns:
    t = translator(chart.lang)
    frame = chart.frame
    yield t(DIMENSIONS[chart.spec.dimension].label), frame["label"].tolist()
    yield t(DEFINITIONS["actions"].name), _count_cells(frame, "actions", chart.lang)
    for status, column in STATUS_COLUMNS.items():
        yield chart.words[f"status_{status}"], _count_cells(frame, column, chart.lang)
    yield t(DEFINITIONS["overdue"].name), _count_cells(frame, "overdue", chart.lang)
    yield t(DEFINITIONS["completion_rate"].name), _rate_cells(frame, "completion_rate", chart.lang)


def _curve_columns(chart: Chart) -> Columns:
    """The days on which a figure changed, and the last one."""
    counts = chart.frame[["reported", "completed"]]
    changed = (counts != counts.shift()).any(axis=1)
    changed.iloc[-1:] = True
    frame = chart.frame[changed]
    yield from _columns_on_days(frame, chart)


def _grid_columns(chart: Chart) -> Columns:
    """A row a member of the first dimension, a column a member of the second, completed/actions in the cells."""
    t = translator(chart.lang)
    columns = ("code", "column_code", "completed", "actions")
    written = {
        (row, column): format_counts(n, of, chart.lang) for row, column, n, of in read_rows(chart.frame, columns)
    }
    labels = dict(read_rows(chart.frame, ("code", "label")))
    yield t(DIMENSIONS[chart.spec.dimension].label), list(labels.values())
    for code, label in chart.columns:
        yield label, [written.get((row, code), NOTHING) for row in labels]


def _tiles_columns(chart: Chart) -> Columns:
    """As a chart of rates, with the region of each country."""
    t = translator(chart.lang)
    yield t(DIMENSIONS[chart.spec.second].label), chart.frame["region_label"].tolist()
    yield from _rates_columns(chart)


def _multiples_columns(chart: Chart) -> Columns:
    """Each member on the last day of every month, and on the last day."""
    t = translator(chart.lang)
    ends = chart.frame["on_date"].dt.is_month_end | (chart.frame["on_date"] == chart.frame["on_date"].max())
    frame = chart.frame[ends]
    yield t(DIMENSIONS[chart.spec.dimension].label), frame["label"].tolist()
    yield from _columns_on_days(frame, chart)


def _columns_on_days(frame: pd.DataFrame, chart: Chart) -> Columns:
    """The day, counts, rates and the time elapsed of rows that stand at a day."""
    t, lang = translator(chart.lang), chart.lang
    yield t(N_("Day")), [format_date(day, lang) for day in frame["on_date"].dt.date]
    yield from _counts_and_rates(frame, chart)
    elapsed = (frame["elapsed"] * chart.total.days_total).round().astype(int)
    yield t(DEFINITIONS["elapsed"].name), [format_percent(day, chart.total.days_total, lang) for day in elapsed]


def _counts_and_rates(frame: pd.DataFrame, chart: Chart) -> Columns:
    t = translator(chart.lang)
    for count in ("actions", "reported", "completed"):
        yield t(DEFINITIONS[count].name), _count_cells(frame, count, chart.lang)
    for rate in ("completion_rate", "upper_bound", "reporting_rate"):
        yield t(DEFINITIONS[rate].name), _rate_cells(frame, rate, chart.lang)


_COLUMNS: dict[Kind, Callable[[Chart], Columns]] = {
    "rates": _rates_columns,
    "statuses": _statuses_columns,
    "curve": _curve_columns,
    "grid": _grid_columns,
    "tiles": _tiles_columns,
    "multiples": _multiples_columns,
}


def read_rows(frame: pd.DataFrame, columns: Iterable[str] | None = None) -> Iterator[tuple[Any, ...]]:
    """The rows as Python's own values, in the order of `columns`; without them, of all columns."""
    chosen = (column for _, column in frame.items()) if columns is None else (frame[name] for name in columns)
    return zip(*(column.tolist() for column in chosen), strict=True)
