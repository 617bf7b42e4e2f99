"""What one chart should say, as the oracle reckons it, and its table as readers should see it."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pandas as pd

from dashboard.charts.catalogue import ChartSpec
from tests.acceptance.chart_oracle import (
    FEW,
    MOST_DRAWN,
    OUTCOMES,
    RATES,
    STATUSES,
    STEPS,
    WHOLES,
    WORDS,
    ChartOracle,
    day_words,
    percent,
    rate_cell,
)
from tests.acceptance.extract_oracle import Filters

COLUMN_OF = {status: status for status in STATUSES} | {"unclassified": "status_unclassified"}
"""The column of the program's data that holds the count of a status."""


@dataclass
class Expected:
    """A chart of the catalogue with some filters, in one language."""

    oracle: ChartOracle
    spec: ChartSpec
    filters: Filters
    lang: str

    @cached_property
    def marks(self) -> pd.DataFrame:
        """As `ChartOracle.marks`."""
        return self.oracle.marks(self.spec, self.filters, self.lang)

    @property
    def drawn(self) -> pd.DataFrame:
        """The marks that a picture has."""
        return self.marks.head(MOST_DRAWN) if self.spec.kind in ("rates", *WHOLES) else self.marks

    @cached_property
    def blocks(self) -> pd.DataFrame:
        """The regions' totals."""
        return self.oracle.blocks(self.filters, self.lang)

    @cached_property
    def total(self) -> "pd.Series[int]":
        """The counts of all actions."""
        return self.oracle.total(self.filters)

    @property
    def day(self) -> date:
        """The day that the figures stand at."""
        return self.oracle.day(self.filters)

    @property
    def elapsed(self) -> tuple[int, int]:
        """Days of the campaign that have passed, and all of them."""
        whole = (self.oracle.last - self.oracle.first).days + 1
        return min((self.day - self.oracle.first).days + 1, whole), whole

    @property
    def words(self) -> dict[str, str]:
        """The names of measures."""
        return WORDS[self.lang]

    @cached_property
    def statuses(self) -> dict[str, str]:
        """The names of statuses, by their columns."""
        codes = self.oracle.raw["codes"]
        own = codes[codes["codelist"] == "statuses"].set_index("code")[f"label_{self.lang}"]
        return {status: own.get(status, self.words.get(status)) for status in STATUSES}

    @property
    def is_stacked(self) -> bool:
        """Whether its bars are stacked to 100 %."""
        return self.spec.kind in WHOLES

    @property
    def segments(self) -> dict[str, str]:
        """The names of what stacked bars are made of, by their columns."""
        own = {"outcomes": OUTCOMES, "evidence": STEPS}.get(self.spec.kind, ())
        return {name: self.words[name] for name in own} or self.statuses

    @property
    def whole(self) -> str:
        """The column that the segments add up to."""
        return WHOLES[self.spec.kind]

    @property
    def headline(self) -> tuple[int, int]:
        """Numerator and denominator of the number that stands out."""
        reports = self.spec.measures[0] == "reporting_rate"
        usual = "reported" if reports else "completed", "actions"
        own = {"outcomes": ("milestones_reached", "milestones_due"), "evidence": ("evidenced", "completed")}
        part, whole = own.get(self.spec.kind, usual)
        return int(self.total[part]), int(self.total[whole])

    @property
    def columns(self) -> list[tuple[str, str]]:
        """The columns of a grid: code and label."""
        own = self.marks.sort_values("column_place").drop_duplicates("column_code")
        return list(zip(own["column_code"], own["column_label"], strict=True))

    @property
    def rows(self) -> list[tuple[str, str]]:
        """The rows of a grid: code and label."""
        own = self.marks.drop_duplicates("code")
        return list(zip(own["code"], own["label"], strict=True))

    def cells(self) -> dict[tuple[str, str], tuple[int, int]]:
        """Completed and actions of each pair of a grid."""
        frame = self.marks
        keys = zip(frame["code"], frame["column_code"], strict=True)
        return dict(zip(keys, zip(frame["completed"].tolist(), frame["actions"].tolist(), strict=True), strict=True))

    def rate_parts(self, frame: pd.DataFrame) -> list[tuple[int, int]]:
        """Numerator and denominator of the chart's first measure, for each row."""
        part = "reported" if self.spec.measures[0] == "reporting_rate" else "completed"
        return list(zip(frame[part].tolist(), frame["actions"].tolist(), strict=True))

    def rate_label(self, part: int, whole: int) -> str:
        """What stands at the end of a bar."""
        return f"{percent(part, whole, self.lang)} · {part}/{whole}" if whole else self.words["nothing"]

    def in_brackets(self, part: int, whole: int) -> str:
        """A rate with its counts in a sentence."""
        return f"{percent(part, whole, self.lang)} ({part}/{whole})"

    # The table for readers

    def table(self) -> list[list[str]]:
        """The rows of the table, its headings first."""
        kind = self.spec.kind
        if self.is_stacked:
            return self._stacked_table()
        if kind == "grid":
            return self._grid_table()
        if kind in ("curve", "multiples"):
            return self._days_table()
        body = [[row["label"], *self._numbers(row)] for _, row in self.marks.iterrows()]
        heads = ["", *(self.words[name] for name in _NUMBERS)]
        if kind in ("tiles", "map"):
            body = [[region, *row] for region, row in zip(self.marks["region_label"], body, strict=True)]
            heads.insert(0, "")
        return [heads, *body]

    def _numbers(self, row: "pd.Series") -> list[str]:
        n, said, done, unknown = (int(row[name]) for name in ("actions", "reported", "completed", "unknown"))
        least, most, response = (rate_cell(part, n, self.lang) for part in (done, done + unknown, said))
        return [str(n), str(said), str(done), least, str(unknown), most, response]

    def _stacked_table(self) -> list[list[str]]:
        others = ["overdue"] if self.spec.kind == "statuses" else []
        rates = RATES.get(self.spec.kind, {"completion_rate": ["completed"]})
        of = {"outcomes": "milestones_due"}.get(self.spec.kind, self.whole)
        heads = ["", self.words[self.whole], *self.segments.values(), *(self.words[name] for name in (*others, *rates))]
        body = [
            [row["label"], *(str(row[name]) for name in (self.whole, *self.segments, *others))]
            + [rate_cell(sum(row[part] for part in parts), row[of], self.lang) for parts in rates.values()]
            for _, row in self.marks.iterrows()
        ]
        return [heads, *body]

    def _grid_table(self) -> list[list[str]]:
        cells = {key: f"{n}/{of}" for key, (n, of) in self.cells().items()}
        body = [[label, *(cells.get((row, column), "—") for column, _ in self.columns)] for row, label in self.rows]
        return [["", *(label for _, label in self.columns)], *body]

    def _days_table(self) -> list[list[str]]:
        frame, whole = self.marks, self.elapsed[1]
        if self.spec.kind == "curve":
            counts = frame[["reported", "completed", "unknown"]]
            shown = (counts != counts.shift()).any(axis=1)
            shown.iloc[-1] = True
        else:
            shown = frame["on_date"].dt.is_month_end | (frame["on_date"].dt.date == self.day)
        heads = [self.words[name] for name in ("day", *_NUMBERS, "elapsed")]
        body = [
            [day_words(row["on_date"].date(), self.lang), *self._numbers(row)]
            + [percent(round(row["elapsed"] * whole), whole, self.lang)]
            for _, row in frame[shown].iterrows()
        ]
        if self.spec.kind == "multiples":
            body = [[label, *row] for label, row in zip(frame.loc[shown, "label"], body, strict=True)]
            heads.insert(0, "")
        return [heads, *body]


_NUMBERS = ("actions", "reported", "completed", "completion_rate", "unknown", "upper_bound", "reporting_rate")

__all__ = ["COLUMN_OF", "FEW", "Expected"]
