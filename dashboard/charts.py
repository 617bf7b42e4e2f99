"""Charts: the values and words that one of the catalogue shows for a selection.

`build_chart` gives a `Chart`, the only thing that figures, tables, pictures and files are made from. Nothing
here draws, and nothing here knows a page.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from dashboard import captions, measures
from dashboard.captions import Caption
from dashboard.catalogue import CATALOGUE, MOST_MARKS, STATUS_COLUMNS, ChartSpec, Kind
from dashboard.chart_frames import BLOCKED, FRAMES, block_frame
from dashboard.definitions import DEFINITIONS, FEW, RATES
from dashboard.errors import SelectionError
from dashboard.formats import NOTHING, format_count, format_counts, format_date, format_percent
from dashboard.frame_rows import read_rows
from dashboard.i18n import N_, Translator, translator
from dashboard.measures import DIMENSIONS, Headline
from dashboard.selection import Selection
from dashboard.snapshot import Snapshot


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

    def table(self) -> pd.DataFrame:
        """The values for a reader: the columns' headings and all cells in the chart's language, ready to show.

        A rate of fewer than 5 actions is shown as its counts; what cannot be computed as a dash.
        """
        return _TABLES[self.spec.kind](self)


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


def _rates_table(chart: Chart) -> pd.DataFrame:
    t = translator(chart.lang)
    frame = chart.frame
    columns = {t(DIMENSIONS[chart.spec.dimension].label): list(frame["label"])}
    for count in ("actions", "reported", "completed"):
        columns[t(DEFINITIONS[count].name)] = _count_cells(frame, count, chart.lang)
    for rate in ("completion_rate", "upper_bound", "reporting_rate"):
        columns[t(DEFINITIONS[rate].name)] = _rate_cells(frame, rate, chart.lang)
    return pd.DataFrame(columns)


def _statuses_table(chart: Chart) -> pd.DataFrame:
    t = translator(chart.lang)
    frame = chart.frame
    columns = {
        t(DIMENSIONS[chart.spec.dimension].label): list(frame["label"]),
        t(DEFINITIONS["actions"].name): _count_cells(frame, "actions", chart.lang),
    }
    for status, column in STATUS_COLUMNS.items():
        columns[chart.words[f"status_{status}"]] = _count_cells(frame, column, chart.lang)
    columns[t(DEFINITIONS["overdue"].name)] = _count_cells(frame, "overdue", chart.lang)
    columns[t(DEFINITIONS["completion_rate"].name)] = _rate_cells(frame, "completion_rate", chart.lang)
    return pd.DataFrame(columns)


def _curve_table(chart: Chart) -> pd.DataFrame:
    """The days on which a figure changed, and the last one."""
    t = translator(chart.lang)
    counts = chart.frame[["reported", "completed"]]
    changed = (counts != counts.shift()).any(axis=1)
    changed.iloc[-1:] = True
    frame = chart.frame[changed]
    columns = {t(N_("Day")): [format_date(day, chart.lang) for day in frame["on_date"].dt.date]}
    return pd.DataFrame(columns | _measured_columns(frame, chart))


def _grid_table(chart: Chart) -> pd.DataFrame:
    """A row a member of the first dimension, a column a member of the second, completed/actions in the cells."""
    t = translator(chart.lang)
    frame = chart.frame
    pairs = zip(frame["completed"], frame["actions"], strict=True)
    cells = [format_counts(n, of, chart.lang) for n, of in pairs]
    long = pd.DataFrame({"row": frame["code"], "column": frame["column_code"], "cell": cells})
    labels = dict(zip(frame["code"], frame["label"], strict=True))
    wide = long.pivot_table(index="row", columns="column", values="cell", aggfunc="first")
    wide = wide.reindex(index=list(labels), columns=[code for code, _ in chart.columns]).fillna(NOTHING)
    wide.columns = pd.Index([label for _, label in chart.columns])
    wide.insert(0, t(DIMENSIONS[chart.spec.dimension].label), list(labels.values()))
    return wide.reset_index(drop=True)


def _tiles_table(chart: Chart) -> pd.DataFrame:
    """As a chart of rates, with the region of each country."""
    t = translator(chart.lang)
    columns = _rates_table(chart)
    columns.insert(0, t(DIMENSIONS[chart.spec.second].label), list(chart.frame["region_label"]))
    return columns


def _multiples_table(chart: Chart) -> pd.DataFrame:
    """Each member on the last day of every month, and on the last day."""
    t = translator(chart.lang)
    ends = chart.frame["on_date"].dt.is_month_end | (chart.frame["on_date"] == chart.frame["on_date"].max())
    frame = chart.frame[ends]
    columns = {
        t(DIMENSIONS[chart.spec.dimension].label): list(frame["label"]),
        t(N_("Day")): [format_date(day, chart.lang) for day in frame["on_date"].dt.date],
    }
    return pd.DataFrame(columns | _measured_columns(frame, chart))


def _measured_columns(frame: pd.DataFrame, chart: Chart) -> dict[str, list[str]]:
    """Counts, rates and the time elapsed of rows that stand at a day."""
    t, lang = translator(chart.lang), chart.lang
    columns = {t(DEFINITIONS[count].name): _count_cells(frame, count, lang) for count in _SHOWN_COUNTS}
    columns |= {t(DEFINITIONS[rate].name): _rate_cells(frame, rate, lang) for rate in _SHOWN_RATES}
    elapsed = (frame["elapsed"] * chart.total.days_total).round().astype(int)
    return columns | {
        t(DEFINITIONS["elapsed"].name): [format_percent(day, chart.total.days_total, lang) for day in elapsed]
    }


_SHOWN_COUNTS = ("actions", "reported", "completed")
_SHOWN_RATES = ("completion_rate", "upper_bound", "reporting_rate")

_TABLES: dict[Kind, Callable[[Chart], pd.DataFrame]] = {
    "rates": _rates_table,
    "statuses": _statuses_table,
    "curve": _curve_table,
    "grid": _grid_table,
    "tiles": _tiles_table,
    "multiples": _multiples_table,
}
