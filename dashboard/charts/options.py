"""What a reader chooses of a chart beside its selection: how it is sorted, what it measures, whether peers stay in it.

Each chart offers its own choices. What is not offered is refused; nothing chosen, or what is the chart's own anyway, is
the empty choice, so that equal charts are one address.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dashboard.charts.catalogue import ChartSpec, Order
from dashboard.errors import SelectionError
from dashboard.i18n import N_

PARAMETERS = ("sort",)

SORTS: dict[Order, str] = {
    "codelist": N_("Order of the list"),
    "rate": N_("Rate"),
    "pace": N_("Pace"),
    "reporting": N_("Reporting rate"),
    "actions": N_("Number of actions"),
    "name": N_("Name"),
}
"""The ways to sort the members of a chart, with their labels."""


@dataclass(frozen=True)
class Options:
    """What is chosen of a chart; what is empty is the chart's own.

    Attributes:
        sort: One of the chart's `offered_sorts`.
        measure: One of the chart's `offered_measures`.
        peers: Whether a chart that is filtered by its own dimension keeps the members that are not chosen.
    """

    sort: str = ""
    measure: str = ""
    peers: bool = False

    def query_pairs(self) -> list[tuple[str, str]]:
        """The link's parameters, in a fixed order; what is the chart's own is left out."""
        pairs = (("sort", self.sort), ("measure", self.measure), ("peers", "1" if self.peers else ""))
        return [(name, value) for name, value in pairs if value]


def offered_sorts(spec: ChartSpec) -> dict[str, str]:
    """The ways in which a chart can be sorted, its own among them (`spec.order`), with their labels in English."""
    if spec.kind == "curve":
        return {}
    return {name: label for name, label in SORTS.items() if spec.kind not in ("tiles", "map") or name != "codelist"}


def offered_measures(spec: ChartSpec) -> dict[str, str]:
    """The measures that a chart can show, its own among them, with their labels in English."""
    return {}


def parse_options(query: Mapping[str, Sequence[str]], spec: ChartSpec) -> Options:
    """Read a chart's options from a link's parameters (name → values); others are left alone.

    Raises:
        SelectionError: the chart does not offer what is asked for.
    """
    return settle(Options(sort=_last(query, "sort"), measure=_last(query, "measure")), spec)


def settle(options: Options, spec: ChartSpec) -> Options:
    """The options of a chart without what is its own anyway.

    Raises:
        SelectionError: the chart does not offer what is chosen.
    """
    _check("sort", options.sort, offered_sorts(spec), spec)
    _check("measure", options.measure, offered_measures(spec), spec)
    return replace(options, sort="" if options.sort == spec.order else options.sort)


def fit(options: Options, spec: ChartSpec) -> Options:
    """Those of some options that a chart offers: where one choice is made for several charts."""
    sort = options.sort if options.sort in offered_sorts(spec) else ""
    measure = options.measure if options.measure in offered_measures(spec) else ""
    return settle(replace(options, sort=sort, measure=measure), spec)


def apply_options(spec: ChartSpec, options: Options) -> ChartSpec:
    """What a chart shows with its options.

    Raises:
        SelectionError: the chart does not offer what is chosen.
    """
    settled = settle(options, spec)
    order = next((name for name in SORTS if name == settled.sort), spec.order)
    return replace(spec, order=order)


def _check(name: str, value: str, offered: Mapping[str, str], spec: ChartSpec) -> None:
    if not value or value in offered:
        return
    if not offered:
        raise SelectionError(f"The chart {spec.id!r} takes no {name}.", name, ("no value",), value)
    raise SelectionError(f"{name}={value!r} is not offered by the chart {spec.id!r}.", name, tuple(offered), value)


def _last(query: Mapping[str, Sequence[str]], name: str) -> str:
    values = query.get(name) or ("",)
    return values[-1].strip().lower()
