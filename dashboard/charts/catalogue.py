"""The catalogue: what every chart shows, declared once, without data."""

from dataclasses import dataclass
from typing import Literal

from dashboard.i18n import N_

Kind = Literal[
    "rates", "statuses", "counts", "curve", "grid", "tiles", "map", "multiples", "table", "answers", "pairs", "curves"
]
Order = Literal["codelist", "rate", "pace", "reporting", "actions", "name"]

STATUS_COLUMNS = {
    "completed": "completed",
    "in_progress": "in_progress",
    "not_started": "not_started",
    "discontinued": "discontinued",
    "unclassified": "status_unclassified",
    "not_reported": "not_reported",
}
"""The count behind each status segment, in the order in which they are stacked."""

TIMED: tuple[Kind, ...] = ("curve", "curves")
"""The kinds that have days and no members."""

MOST_MARKS = 25
"""How many members a chart draws at most; its table has them all."""


@dataclass(frozen=True)
class ChartSpec:
    """What a chart shows, without data. Its id is public (links, files), so it is never used for another.

    Attributes:
        dimension: The members that are the marks (rows of a grid, panels of multiples); empty for a curve.
        second: The columns of a grid, the blocks of tiles, the regions of a map.
        measures: The measures shown, by their ids in `definitions`; the first one orders and colours.
        order: How members are sorted: as in the codelist, by the rate shown, by pace or reporting rate, by number of
            actions, or by name; `dashboard.charts.options` says which of these a reader may choose.
        question: Of a survey's question, its code; the first one if empty.
        wave: Of a survey's question, the wave (`dashboard.charts.survey_answers`); all if empty.
    """

    id: str
    title: str
    kind: Kind
    dimension: str
    measures: tuple[str, ...]
    second: str = ""
    order: Order = "rate"
    question: str = ""
    wave: str = ""

    @property
    def is_pace(self) -> bool:
        """Whether it shows how far the completion rate is ahead of the time elapsed, or behind it."""
        return self.measures[0] == "pace"

    @property
    def rate(self) -> str:
        """The rate whose counts stand beside a mark, by its id; pace is told by the completion rate."""
        is_counted = self.kind in ("statuses", "answers") or self.measures[0] == "completed"
        return "completion_rate" if self.is_pace or is_counted else self.measures[0]


_BOUNDED = ("completion_rate", "upper_bound")
_TIMED = ("completion_rate", "upper_bound", "elapsed")
_STATUSES = tuple(STATUS_COLUMNS.values())

_SPECS = (
    ChartSpec("completion-by-region", N_("Completion rate by region"), "rates", "region", _BOUNDED, order="codelist"),
    ChartSpec("completion-by-subregion", N_("Completion rate by subregion"), "rates", "subregion", _BOUNDED),
    ChartSpec("completion-by-country", N_("Completion rate by country"), "rates", "country", _BOUNDED, order="actions"),
    ChartSpec("completion-by-grouping", N_("Completion rate by grouping of countries"), "rates", "grouping", _BOUNDED),
    ChartSpec("completion-by-category", N_("Completion rate by category"), "rates", "category", _BOUNDED),
    ChartSpec("completion-by-theme", N_("Completion rate by theme"), "rates", "theme", _BOUNDED),
    ChartSpec("completion-by-group", N_("Completion rate by stakeholder group"), "rates", "group", _BOUNDED),
    ChartSpec("completion-over-time", N_("Completions against time elapsed"), "curve", "", _TIMED),
    ChartSpec(
        "reporting-by-region", N_("Reporting rate by region"), "rates", "region", ("reporting_rate",), order="codelist"
    ),
    ChartSpec(
        "region-by-theme",
        N_("Completion rate by theme and region"),
        "grid",
        "theme",
        ("completion_rate",),
        second="region",
        order="codelist",
    ),
    ChartSpec("status-overview", N_("Status of actions by region"), "statuses", "region", _STATUSES, order="codelist"),
    ChartSpec("status-by-category", N_("Status of actions by category"), "statuses", "category", _STATUSES),
    ChartSpec("status-by-group", N_("Status of actions by stakeholder group"), "statuses", "group", _STATUSES),
    ChartSpec("status-by-theme", N_("Status of actions by theme"), "statuses", "theme", _STATUSES),
    ChartSpec(
        "completion-map",
        N_("Completion rate by country, as a map"),
        "map",
        "country",
        _BOUNDED,
        second="region",
        order="name",
    ),
    ChartSpec(
        "completion-tiles",
        N_("Completion rate by country, as tiles"),
        "tiles",
        "country",
        _BOUNDED,
        second="region",
        order="name",
    ),
    ChartSpec(
        "over-time-by-region",
        N_("Completions against time elapsed, by region"),
        "multiples",
        "region",
        _TIMED,
        order="codelist",
    ),
)

SURVEY = ChartSpec("survey-answers", N_("Survey answers"), "answers", "", ("answer_share",))
"""The chart of a survey's question, which stands beside the catalogue: not every campaign has a survey."""

CATALOGUE: dict[str, ChartSpec] = {spec.id: spec for spec in _SPECS}
"""Every chart, by its public id."""
