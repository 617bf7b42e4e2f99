"""A reader's options of a chart beside its selection: its order, its measure, peers, what is expected of a curve.

Each chart offers its own options and refuses others. No option, or one that is the chart's own anyway, is the empty
option, so that equal charts have one address.

A link of several charts names the chart that each choice is for: `sort=completion-by-region:name,explore.2:rate`. A
chart's name is its id, and where an id stands there again `id.2`, `id.3`.

The chart that readers put together shows any measure by one or two dimensions, in the forms that these can have. One
table says which dimensions may be paired, one which forms there are. What says nothing is not offered: a dimension
with itself, places inside the places that hold them, a rate by the status it counts; of the wave that an action was
last heard in, whether it was heard; of the month of completion, how many were not completed.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from dashboard.campaign.commitments.criteria import CRITERIA
from dashboard.charts.catalogue import (
    CATALOGUE,
    EXPECTED,
    FIGURES,
    PLAIN,
    RESULTS,
    SURVEY,
    TIMED,
    UPPER_BOUNDS,
    ChartSpec,
    Kind,
    Order,
)
from dashboard.errors import SelectionError
from dashboard.i18n import N_
from dashboard.measures.definitions import DEFINITIONS
from dashboard.measures.times import COMPLETED, DUE, SPOKEN, SUBMITTED, TIMES, WAVE

EXPLORE = "explore"
"""The id of the chart that readers put together, beside those of the catalogue."""

EXPLORED = ("by", "and", "as")

ALL = "all"
"""Not broken down at all."""

PAIRS: dict[str, tuple[str, ...]] = {
    "region": ("category", "theme", "group", WAVE),
    "subregion": ("category", "theme", "group", WAVE),
    "grouping": ("region", "category", "theme", "group", WAVE),
    "country": ("category", "theme", "group", WAVE),
    "category": ("region", "theme", "group", WAVE),
    "theme": ("region", "category", "group", WAVE),
    "group": ("region", "category", "theme", WAVE),
    WAVE: ("region", "category", "theme", "group"),
    SUBMITTED: ("region", "category", "theme", "group"),
    COMPLETED: (),
    ALL: (),
}
"""By what it can be broken down, each with the second dimensions that it may have; those are few enough for columns."""


class Form(NamedTuple):
    """A form of a chart: its kind, its label in English, and the dimensions that it can show."""

    kind: Kind
    label: str
    dimensions: tuple[str, ...]


_MEMBERS = tuple(name for name in PAIRS if name != ALL)
_CURVED = ("region", "subregion", "grouping", "category", "theme", "group")

FORMS = {
    "bars": Form("rates", N_("Bars"), _MEMBERS),
    "grid": Form("grid", N_("Grid"), tuple(name for name, seconds in PAIRS.items() if seconds)),
    "curve": Form("curve", N_("Curve"), (ALL,)),
    "multiples": Form("multiples", N_("Curves"), _CURVED),
    "map": Form("map", N_("Map"), ("country",)),
    "tiles": Form("tiles", N_("Tiles"), ("country",)),
    "table": Form("table", N_("Table"), _MEMBERS),
}
"""Every form by its value in links; a grid has two dimensions, the others one."""

_MEASURES: dict[Kind, tuple[str, ...]] = {
    "grid": ("completion_rate",),
    "curve": ("completion_rate", "upper_bound", "elapsed"),
    "multiples": ("completion_rate", "upper_bound", "elapsed"),
}
_PLACED = ("map", "tiles")


@dataclass(frozen=True)
class Exploration:
    """The dimensions and the form of the chart that readers put together.

    Attributes:
        second: One of its second dimensions, or nothing.
        form: One of `offered_forms`.
    """

    by: str = "theme"
    second: str = "region"
    form: str = "grid"

    @property
    def spec(self) -> ChartSpec:
        """Return what the chart shows where no measure is chosen; its title is composed from that."""
        kind = FORMS[self.form].kind
        if self.by == COMPLETED:
            return ChartSpec(
                EXPLORE, "", "counts" if kind == "rates" else kind, self.by, ("completed",), order="codelist"
            )
        second = "region" if kind in _PLACED else self.second
        is_listed = kind in ("grid", "multiples") or self.by in ("region", *TIMES)
        return ChartSpec(
            EXPLORE,
            N_("Completions against time elapsed") if self.by == ALL else "",
            kind,
            self.by if self.by != ALL else "",
            _MEASURES.get(kind, ("completion_rate", "upper_bound")),
            second=second,
            order="name" if kind in _PLACED else "codelist" if is_listed else "rate",
        )

    def query_pairs(self) -> tuple[tuple[str, str], ...]:
        """Return the link's parameters; all empty for the default chart, the form where it is the first."""
        if self == Exploration():
            return tuple((name, "") for name in EXPLORED)
        form = "" if self.form == next(iter(offered_forms(self.by, self.second))) else self.form
        return ("by", self.by), ("and", self.second), ("as", form)


def offered_seconds(by: str) -> tuple[str, ...]:
    """List the second dimensions that a dimension may have, as their parameters in links."""
    return PAIRS[by]


def offered_forms(by: str, second: str) -> dict[str, str]:
    """List the forms for one or two dimensions, the usual one first, with their labels in English."""
    return {
        name: form.label
        for name, form in FORMS.items()
        if by in form.dimensions and bool(second) == (form.kind == "grid")
    }


def explore(by: str = "", second: str = "", form: str = "") -> Exploration:
    """Read an exploration; what is empty is left to the chart.

    Raises:
        SelectionError: a dimension is unknown, or may not be paired with the other, or cannot be shown in this form.
    """
    if not by and not second and form in ("", "grid"):
        return Exploration()
    by = by or (ALL if form == "curve" else Exploration.by)
    _check_part("by", by, tuple(PAIRS), "The chart cannot be broken down by {value!r}.")
    if second:
        _check_part(
            "and",
            second,
            offered_seconds(by) or ("no value",),
            f"{{value!r}} beside {by!r} says nothing, or is too much to show.",
        )
    offered = tuple(offered_forms(by, second))
    both = " and ".join(filter(None, (by, second)))
    _check_part("as", form or offered[0], offered, f"By {both} there is no {{value!r}}.")
    return Exploration(by, second, form or offered[0])


def find_spec(chart_id: str) -> ChartSpec:
    """Find the chart of an id without any options: one of the catalogue, or the one that readers put together.

    Raises:
        SelectionError: there is none.
    """
    if chart_id == EXPLORE:
        return Exploration().spec
    if chart_id == SURVEY.id:
        return SURVEY
    if chart_id not in PLAIN:
        raise SelectionError(f"There is no chart {chart_id!r}.", "chart", (*PLAIN, EXPLORE, SURVEY.id), chart_id)
    return PLAIN[chart_id]


def own_measures(spec: ChartSpec) -> tuple[str, ...]:
    """List the measures of a chart without options."""
    return find_spec(spec.id).measures


def _check_part(name: str, value: str, offered: tuple[str, ...], sentence: str) -> None:
    if value not in offered:
        raise SelectionError(sentence.format(value=value), name, offered, value)


PARAMETERS = ("sort", "measure", "peers")

PEERS = ("1", "0")

ONWARD = ("expected",)
"""What a curve takes beside that: whether it goes on to the deadline."""

ONWARD_VALUES = ("yes", "no")

SORTS: dict[Order, str] = {
    "codelist": N_("Order of the list"),
    "rate": N_("Rate"),
    "pace": N_("Pace"),
    "reporting": N_("Reporting rate"),
    "actions": N_("Number of actions"),
    "name": N_("Name"),
}
"""The ways to sort the members of a chart, with their labels."""

_SHOWN = {
    "completion": ("completion_rate", "upper_bound"),
    "reporting": ("reporting_rate",),
    "on_time": ("on_time_rate",),
    "pace": ("pace", "completion_rate", "upper_bound", "elapsed"),
    "milestones": ("milestone_rate", "milestone_upper_bound"),
    "evidenced": ("evidenced_rate",),
    "reviewed": ("reviewed_rate",),
    "verified": ("verified_rate",),
    "targets_met": ("targets_met_rate", "targets_met_upper_bound"),
    **{criterion: (f"{criterion}_rate",) for criterion in CRITERIA},
}
"""What a chart shows for each measure, by the ids of `definitions`; the first one orders and colours."""

_COUNTED = {"completions": ("completed",)}
"""The same where actions are counted."""

_FURTHER = ("milestones", "evidenced", "reviewed", "verified", "targets_met", *CRITERIA)
"""Measures that are shares of something else than actions."""

_FURTHER_KINDS: tuple[Kind, ...] = ("rates", "grid", "table")
"""The kinds of chart that can show these; by survey wave and month of submission as bars and tables alone."""

_MEASURED: tuple[Kind, ...] = ("rates", "grid", "tiles", "map", "table", "pairs")
"""The kinds of chart that can show another measure than their own."""

ALONE: tuple[Kind, ...] = ("curve", "map", "counts", "answers", "pairs", "curves", "scatter")
"""The kinds without peers: curves have no members, a map shows all as land, months are not chosen, pairs are two."""


@dataclass(frozen=True)
class Options:
    """The options of a chart; an empty one is the chart's own.

    Attributes:
        sort: One of the chart's `offered_sorts`.
        measure: One of the chart's `offered_measures`.
        peers: Whether a chart that is filtered by its own dimension keeps the members that are not chosen.
        expected: Whether a curve goes on to the deadline, by what is expected.
        by: The dimension of the chart that readers put together.
        second: The second dimension of that chart, the parameter `and`.
        form: The form of that chart, the parameter `as`.
        question: The code of a survey's question, for the chart of one.
        wave: The survey wave, or `each` for one beside the others.
        indicator: The code of what a chart of promised numbers sums, or of the published figure beside completion.
        unit: The unit that it is summed in.
    """

    sort: str = ""
    measure: str = ""
    peers: bool = False
    expected: bool = False
    by: str = ""
    second: str = ""
    form: str = ""
    question: str = ""
    wave: str = ""
    indicator: str = ""
    unit: str = ""

    def query_pairs(self) -> list[tuple[str, str]]:
        """Return the link's parameters, in a fixed order, without the chart's own."""
        peers = "1" if self.peers else ""
        expected = "yes" if self.expected else ""
        subject = (self.question, self.wave, self.indicator, self.unit)
        values = (*subject, self.by, self.second, self.form, self.sort, self.measure, peers, expected)
        return [(name, value) for name, value in zip(ALL_PARAMETERS, values, strict=True) if value]


ASKED = ("question", "wave")
MEASURED = ("indicator", "unit")
BESIDE_COMPLETION = ("completion-map", FIGURES.id)
"""The charts that show a published figure beside completion."""
ALL_PARAMETERS = (*ASKED, *MEASURED, *EXPLORED, *PARAMETERS, *ONWARD)
"""Those of every chart, in the order in which links have them."""


def name_charts(chart_ids: Iterable[str]) -> list[str]:
    """Name several charts in a link, in their order."""
    occurrences: Counter[str] = Counter()
    names = []
    for chart_id in chart_ids:
        occurrences[chart_id] += 1
        names.append(chart_id if occurrences[chart_id] == 1 else f"{chart_id}.{occurrences[chart_id]}")
    return names


def find_id(name: str) -> str:
    """Find the id of the chart that has this name in a link of several."""
    chart_id, _, number = name.partition(".")
    return chart_id if number.isdigit() else name


def read_choices(query: Mapping[str, Sequence[str]]) -> dict[str, dict[str, list[str]]]:
    """Read the options of each chart in a link of several: by name the parameters, as `parse_options` takes them.

    An option without a chart's name stands under the empty one.
    """
    choices: dict[str, dict[str, list[str]]] = {}
    for parameter in ALL_PARAMETERS:
        for part in filter(None, _last(query, parameter).split(",")):
            name, _, value = part.rpartition(":")
            choices.setdefault(name.strip(), {})[parameter] = [value]
    return choices


def write_choices(choices: Mapping[str, Iterable[tuple[str, str]]]) -> dict[str, str]:
    """Write the parameters of a link of several charts, from those of each by its name."""
    parts: dict[str, list[str]] = {}
    for name, pairs in choices.items():
        for parameter, value in pairs:
            parts.setdefault(parameter, []).append(f"{name}:{value}" if name else value)
    return {parameter: ",".join(parts[parameter]) for parameter in ALL_PARAMETERS if parameter in parts}


def list_parameters(chart_id: str) -> tuple[str, ...]:
    """List the parameters that a chart takes beside the selection's."""
    own_parameters = {EXPLORE: EXPLORED, SURVEY.id: ASKED}.get(chart_id, (*MEASURED, *ONWARD))
    return (*PARAMETERS, *own_parameters)  # each chart refuses what it does not offer


def may_go_on(spec: ChartSpec) -> bool:
    """Return whether a chart may go on to the deadline, by what is expected: a curve of completions."""
    return spec.kind == "curve" and spec.id in CATALOGUE and not spec.amount


def offered_sorts(spec: ChartSpec) -> dict[str, str]:
    """List the orders that a chart offers, its own (`spec.order`) among them, with their labels in English."""
    if spec.kind in (*TIMED, "answers", "scatter") or spec.dimension in (COMPLETED, SPOKEN):
        return {}
    if spec.dimension == DUE:  # months stand in their order
        return {"codelist": SORTS["codelist"]}
    left_out = ["codelist"] if spec.kind in ("tiles", "map") else ["name"] if spec.dimension in TIMES else []
    left_out += ["reporting"] if WAVE in (spec.dimension, spec.second) else []
    left_out += ["pace", "reporting"] if spec.amount else []
    return {name: label for name, label in SORTS.items() if name not in left_out}


def offered_measures(spec: ChartSpec) -> dict[str, str]:
    """List the measures that a chart offers, its own (`own_measure`) among them, with their labels in English."""
    if spec.dimension == COMPLETED:
        return {name: DEFINITIONS[measures[0]].name for name, measures in _COUNTED.items()}
    if spec.id == EXPLORE and spec.kind not in _MEASURED:
        return {"completion": DEFINITIONS["completion_rate"].name}
    if spec.kind not in _MEASURED or spec.amount or spec.dimension == SPOKEN:
        return {}
    if find_spec(spec.id).denominator == "judged":
        return {name: DEFINITIONS[f"{name}_rate"].name for name in CRITERIA}
    left_out = ["pace"] if spec.kind == "pairs" else []
    left_out += CRITERIA if spec.id != EXPLORE else ()
    left_out += ["reporting"] if WAVE in (spec.dimension, spec.second) else []  # each of its actions has a report
    is_crossed_by_time = spec.kind == "grid" and bool(TIMES.keys() & {spec.dimension, spec.second})
    if spec.kind not in _FURTHER_KINDS or is_crossed_by_time:
        left_out += _FURTHER
    left_out += ["targets_met"] if spec.id != EXPLORE else []  # not every campaign promises numbers
    return {name: DEFINITIONS[measures[0]].name for name, measures in _SHOWN.items() if name not in left_out}


def own_measure(spec: ChartSpec) -> str:
    """Return the measure that a chart shows without options; empty where it offers none."""
    measures = _SHOWN | _COUNTED
    return next((name for name in offered_measures(spec) if measures[name][0] == spec.measures[0]), "")


def parse_options(query: Mapping[str, Sequence[str]], spec: ChartSpec) -> Options:
    """Read a chart's options from a link's parameters (name → values); ignore others.

    Raises:
        SelectionError: the chart does not offer an option.
    """
    peers = _last(query, "peers")
    if peers not in ("", *PEERS):
        raise SelectionError(f"peers={peers!r} is neither 1 nor 0.", "peers", PEERS, peers)
    expected = _last(query, "expected")
    if expected not in ("", *ONWARD_VALUES):
        raise SelectionError(f"expected={expected!r} is neither yes nor no.", "expected", ONWARD_VALUES, expected)
    explored = [_last(query, name) for name in EXPLORED] if spec.id == EXPLORE else []
    subjects = {name: _last(query, name) for name in list_parameters(spec.id) if name in (*ASKED, *MEASURED)}
    sort, measure = _last(query, "sort"), _last(query, "measure")
    return settle(Options(sort, measure, peers == "1", expected == "yes", *explored, **subjects), spec)


def place_options(spec: ChartSpec, options: Options) -> ChartSpec:
    """Return the chart with its dimensions, its question, its indicator and unit, or the figure beside it.

    Raises:
        SelectionError: these options cannot be combined.
    """
    if spec.id == SURVEY.id:
        return replace(spec, question=options.question, wave=options.wave)
    if spec.id in (*RESULTS, *BESIDE_COMPLETION):
        return replace(spec, indicator=options.indicator, unit=options.unit)
    return explore(options.by, options.second, options.form).spec if spec.id == EXPLORE else spec


def settle(options: Options, spec: ChartSpec) -> Options:
    """Remove the options of a chart that are its own anyway.

    Raises:
        SelectionError: the chart does not offer an option.
    """
    by, second, form = "", "", ""
    if spec.id == EXPLORE:
        exploration = explore(options.by, options.second, options.form)
        spec = exploration.spec
        by, second, form = (value for _, value in exploration.query_pairs())
    _check("sort", options.sort, offered_sorts(spec), spec)
    _check("measure", options.measure, offered_measures(spec), spec)
    _check("expected", "yes" if options.expected else "", {"yes": ""} if may_go_on(spec) else {}, spec)
    for name, value in zip(MEASURED, (options.indicator, options.unit), strict=True):
        is_taken = spec.amount or (name == MEASURED[0] and spec.id in BESIDE_COMPLETION)
        _check(name, "" if is_taken else value, {}, spec)
    return replace(
        options,
        sort="" if options.sort == spec.order else options.sort,
        peers=options.peers and spec.kind not in ALONE,
        measure="" if options.measure == own_measure(spec) else options.measure,
        by=by,
        second=second,
        form=form,
    )


def apply_options(spec: ChartSpec, options: Options) -> ChartSpec:
    """Return what a chart shows with its options.

    Raises:
        SelectionError: the chart does not offer an option.
    """
    chart_options, spec = settle(options, spec), place_options(spec, options)
    order = next((name for name in SORTS if name == chart_options.sort), spec.order)
    measures = _SHOWN.get(chart_options.measure, spec.measures)
    if spec.kind == "grid":  # its cells have no room for a bound
        measures = tuple(measure for measure in measures if measure not in UPPER_BOUNDS)
    return replace(spec, order=order, measures=(*measures, *(EXPECTED if chart_options.expected else ())))


def _check(name: str, value: str, offered: Mapping[str, str], spec: ChartSpec) -> None:
    if not value or value in offered:
        return
    if not offered:
        raise SelectionError(f"The chart {spec.id!r} takes no {name} here.", name, ("no value",), value)
    raise SelectionError(f"{name}={value!r} is not offered by the chart {spec.id!r}.", name, tuple(offered), value)


def _last(query: Mapping[str, Sequence[str]], name: str) -> str:
    values = query.get(name) or ("",)
    return values[-1].strip().lower()
