"""The catalogue: each chart declared once, without data."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from dashboard.i18n import N_
from dashboard.measures.definitions import COUNTED_BY, RATES
from dashboard.measures.facts import Amount
from dashboard.measures.times import SPOKEN

Kind = Literal[
    "rates",
    "statuses",
    "outcomes",
    "evidence",
    "counts",
    "curve",
    "grid",
    "tiles",
    "map",
    "multiples",
    "table",
    "answers",
    "pairs",
    "curves",
    "scatter",
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


class Segment(NamedTuple):
    """One part of stacked bars.

    Attributes:
        word: Its key among a chart's words.
        filters: The filters that choose its actions, beside the member's; empty where no filter does.
    """

    role: str
    column: str
    word: str
    filters: tuple[tuple[str, str], ...] = ()


class Stack(NamedTuple):
    """The parts of stacked bars, from the left, and the count that they add up to.

    Attributes:
        denominator: The count; where it is 0 there is no bar.
        rate: The rate by which bars are ordered and summarised.
    """

    segments: tuple[Segment, ...]
    denominator: str
    rate: str


STACKS: dict[Kind, Stack] = {
    "statuses": Stack(
        tuple(
            Segment(status, column, f"status_{status}", (("status", status),))
            for status, column in STATUS_COLUMNS.items()
        ),
        "actions",
        "completion_rate",
    ),
    "outcomes": Stack(
        tuple(
            Segment(role, column, column)
            for role, column in (
                ("completed", "milestones_reached"),
                ("discontinued", "milestones_missed"),
                ("unclassified", "milestones_unknown"),
                ("in_progress", "milestones_ahead"),
                ("not_started", "milestones_coming"),
                ("not_reported", "milestones_undated"),
            )
        ),
        "milestones",
        "milestone_rate",
    ),
    "evidence": Stack(
        (
            Segment("completed", "verified", "verified", (("status", "completed"), ("evidence", "verified"))),
            Segment("in_progress", "reviewed_only", "reviewed_only"),
            Segment("not_started", "evidenced_only", "evidenced_only"),
            Segment(
                "not_reported", "claimed_only", "claimed_only", (("status", "completed"), ("evidence", "claimed_only"))
            ),
        ),
        "completed",
        "evidenced_rate",
    ),
}
"""The kinds of stacked bars; their colours are those of statuses, which are told apart on paper too."""

TIMED: tuple[Kind, ...] = ("curve", "curves")
"""The kinds that have days and no members."""

EXPECTED = ("expected_low", "expected_high")
"""The measures of a curve that goes on to the deadline."""

MOST_MARKS = 25
"""How many members a chart draws at most; its table has them all."""


@dataclass(frozen=True)
class ChartSpec:
    """What a chart shows, without data. Its id is public (links, files), so it is never used for another chart.

    Attributes:
        dimension: The members that are the marks (rows of a grid, panels of multiples); empty for a curve.
        second: The columns of a grid, the blocks of tiles, the regions of a map.
        measures: The measures shown, by their ids in `definitions`; the first one orders and colours.
        order: How members are sorted: as in the codelist, by the rate shown, by pace or reporting rate, by number of
            actions, or by name; `dashboard.charts.options` says which of these a reader may choose.
        question: The code of a survey's question; the first one if empty.
        wave: The wave of a survey's question (`dashboard.charts.survey_answers`); all if empty.
        indicator: The code of what is summed; the one with most promised numbers if empty. Of `FIGURES` and the map it
            is the published figure beside completion; if empty, the first one, and of the map none.
        unit: The unit that it is summed in.
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
    indicator: str = ""
    unit: str = ""

    @property
    def amount(self) -> Amount | None:
        """Return what is summed: an indicator in one unit; None where something is counted."""
        return Amount(self.indicator, self.unit) if self.rate in _REACHED else None

    @property
    def is_pace(self) -> bool:
        """Whether it shows how far the completion rate is ahead of the time elapsed, or behind it."""
        return self.measures[0] == "pace"

    @property
    def is_expected(self) -> bool:
        """Whether a curve goes on to the deadline, by what is expected."""
        return EXPECTED[0] in self.measures

    @property
    def rate(self) -> str:
        """Return the id of the rate whose counts stand beside a mark; for pace, the completion rate."""
        if self.kind in STACKS:
            return STACKS[self.kind].rate
        is_counted = self.kind == "answers" or self.measures[0] == "completed"
        return "completion_rate" if self.is_pace or is_counted else self.measures[0]

    @property
    def part(self) -> str:
        """Return the count in the rate's numerator."""
        return RATES[self.rate].parts[0]

    @property
    def denominator(self) -> str:
        """Return the count in the rate's denominator: actions, milestones due, completed actions."""
        return RATES[self.rate].denominator

    @property
    def size(self) -> str:
        """Return the count by which a mark has many or few."""
        return STACKS[self.kind].denominator if self.kind in STACKS else COUNTED_BY.get(self.rate, self.denominator)

    @property
    def unknown(self) -> str:
        """Return the count of those that may or may not be part of the rate."""
        return _UNKNOWN.get(self.rate, "unknown")

    @property
    def bound(self) -> str:
        """Return the upper bound of the rate, where the chart shows it; else empty."""
        return next((name for name in UPPER_BOUNDS if name in self.measures), "")


UPPER_BOUNDS = ("upper_bound", "milestone_upper_bound", "targets_met_upper_bound", "reached_upper_bound")
_UNKNOWN = {
    "milestone_rate": "milestones_unknown",
    "on_time_rate": "on_time_unknown",
    "targets_met_rate": "results_unknown",
    "reached_share": "promised_unknown",
}
_BOUNDED = ("completion_rate", "upper_bound")
_REACHED = ("reached_share", "reached_upper_bound")
_TIMED = ("completion_rate", "upper_bound", "elapsed")
_STATUSES = tuple(STATUS_COLUMNS.values())
_OUTCOMES = tuple(segment.column for segment in STACKS["outcomes"].segments)
_STEPS = ("evidenced", "reviewed", "verified", "claimed_only")

_SPECS = (
    ChartSpec("completion-by-region", N_("Completion rate by region"), "rates", "region", _BOUNDED, order="codelist"),
    ChartSpec("completion-by-subregion", N_("Completion rate by subregion"), "rates", "subregion", _BOUNDED),
    ChartSpec("completion-by-country", N_("Completion rate by country"), "rates", "country", _BOUNDED),
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
    ChartSpec("milestones-by-region", N_("Milestones by region"), "outcomes", "region", _OUTCOMES, order="codelist"),
    ChartSpec("milestones-by-category", N_("Milestones by category"), "outcomes", "category", _OUTCOMES),
    ChartSpec("milestones-by-theme", N_("Milestones by theme"), "outcomes", "theme", _OUTCOMES),
    ChartSpec(
        "milestones-by-month",
        N_("Milestones by month due"),
        "outcomes",
        "due",
        _OUTCOMES,
        order="codelist",
    ),
    ChartSpec(
        "evidence-by-region",
        N_("Evidence of completed actions by region"),
        "evidence",
        "region",
        _STEPS,
        order="codelist",
    ),
    ChartSpec(
        "criteria-by-group",
        N_("Measurable commitments by stakeholder group"),
        "rates",
        "group",
        ("measurable_rate",),
        order="codelist",
    ),
    ChartSpec(
        "criteria-by-theme",
        N_("Measurable commitments by theme"),
        "rates",
        "theme",
        ("measurable_rate",),
        order="codelist",
    ),
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

RESULTS: dict[str, ChartSpec] = {
    spec.id: spec
    for spec in (
        ChartSpec(
            "results-by-region", N_("Reached of what was promised, by region"), "rates", "region", _REACHED,
            order="codelist",
        ),
        ChartSpec(
            "results-by-category", N_("Reached of what was promised, by category"), "rates", "category", _REACHED
        ),
        ChartSpec("results-by-theme", N_("Reached of what was promised, by theme"), "rates", "theme", _REACHED),
        ChartSpec(
            "results-by-group", N_("Reached of what was promised, by stakeholder group"), "rates", "group", _REACHED
        ),
        ChartSpec("results-over-time", N_("Reached of what was promised, over time"), "curve", "", _REACHED),
    )
}  # fmt: skip
"""The charts of one indicator in one unit; they stand beside the catalogue: not every campaign promises numbers."""

FIGURES = ChartSpec(
    "completion-and-context",
    N_("Completion rate by country, beside a published figure"),
    "scatter",
    "country",
    _BOUNDED,
)
"""The chart of completion beside a published figure; it stands beside the catalogue as well."""

CATALOGUE: dict[str, ChartSpec] = {spec.id: spec for spec in _SPECS}
"""Every chart that each campaign has, by its public id."""

SAID_AND_KNOWN = ChartSpec(
    "said-and-known", N_("What was said, and what is known now"), "pairs", SPOKEN, _BOUNDED, order="codelist"
)
"""The chart of the days that earlier publications have spoken of; it stands beside the catalogue, as there may be none.
"""

PLAIN = CATALOGUE | RESULTS | {spec.id: spec for spec in (FIGURES, SAID_AND_KNOWN)}
"""Every chart that needs no choice of the reader."""
