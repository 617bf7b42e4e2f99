"""The chart that readers put together: any measure by one or two dimensions, in the forms that these can have.

One table says which dimensions may be paired, one which forms there are. What says nothing is not offered: a dimension
with itself, places inside the places that hold them, a rate by the status it counts; of the wave that an action was
last heard in, whether it was heard; of the month of completion, how many were not completed.
"""

from dataclasses import dataclass
from typing import NamedTuple

from dashboard.charts.catalogue import CATALOGUE, SURVEY, ChartSpec, Kind
from dashboard.errors import SelectionError
from dashboard.i18n import N_
from dashboard.measures.times import COMPLETED, SUBMITTED, TIMES, WAVE

EXPLORE = "explore"
"""Its id, beside those of the catalogue."""

PARAMETERS = ("by", "and", "as")

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
    """A form in which it is shown: its kind, its label in English, and the dimensions that can be shown so."""

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
    """By what it is broken down, and in which form.

    Attributes:
        second: One of its second dimensions, or nothing.
        form: One of `offered_forms`.
    """

    by: str = "theme"
    second: str = "region"
    form: str = "grid"

    @property
    def spec(self) -> ChartSpec:
        """What the chart shows, its own measure being the completion rate; its title is composed from that."""
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
        """The link's parameters; those of what is shown without any are empty, as is the first form there is."""
        if self == Exploration():
            return tuple((name, "") for name in PARAMETERS)
        form = "" if self.form == next(iter(offered_forms(self.by, self.second))) else self.form
        return ("by", self.by), ("and", self.second), ("as", form)


def offered_seconds(by: str) -> tuple[str, ...]:
    """The second dimensions that a dimension may have, as their parameters in links."""
    return PAIRS[by]


def offered_forms(by: str, second: str) -> dict[str, str]:
    """The forms that one or two dimensions can have, the usual one first, with their labels in English."""
    return {
        name: form.label
        for name, form in FORMS.items()
        if by in form.dimensions and bool(second) == (form.kind == "grid")
    }


def explore(by: str = "", second: str = "", form: str = "") -> Exploration:
    """What is asked for; what is empty is left to the chart.

    Raises:
        SelectionError: a dimension is unknown, or may not be paired with the other, or cannot be shown in this form.
    """
    if not by and not second and form in ("", "grid"):
        return Exploration()
    by = by or (ALL if form == "curve" else Exploration.by)
    _check("by", by, tuple(PAIRS), "The chart cannot be broken down by {value!r}.")
    if second:
        _check(
            "and",
            second,
            offered_seconds(by) or ("no value",),
            f"{{value!r}} beside {by!r} says nothing, or is too much to show.",
        )
    offered = tuple(offered_forms(by, second))
    both = " and ".join(filter(None, (by, second)))
    _check("as", form or offered[0], offered, f"By {both} there is no {{value!r}}.")
    return Exploration(by, second, form or offered[0])


def find_spec(chart_id: str) -> ChartSpec:
    """The chart of an id as it is without any choice: one of the catalogue, or the one that readers put together.

    Raises:
        SelectionError: there is none.
    """
    if chart_id == EXPLORE:
        return Exploration().spec
    if chart_id == SURVEY.id:
        return SURVEY
    if chart_id not in CATALOGUE:
        raise SelectionError(f"There is no chart {chart_id!r}.", "chart", (*CATALOGUE, EXPLORE, SURVEY.id), chart_id)
    return CATALOGUE[chart_id]


def own_measures(spec: ChartSpec) -> tuple[str, ...]:
    """The measures of a chart for which nothing is chosen."""
    return find_spec(spec.id).measures


def _check(name: str, value: str, offered: tuple[str, ...], sentence: str) -> None:
    if value not in offered:
        raise SelectionError(sentence.format(value=value), name, offered, value)
