"""The page Explore: a chart, below the choice of its measure, dimensions and form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import streamlit as st

from dashboard.charts.options import (
    ALL,
    EXPLORE,
    PAIRS,
    Exploration,
    Options,
    explore,
    find_spec,
    offered_forms,
    offered_measures,
    offered_seconds,
    offered_sorts,
    own_measure,
    parse_options,
    place_options,
    settle,
)
from dashboard.errors import SelectionError
from dashboard.i18n import N_, Translator
from dashboard.measures.counts import list_unused, name_dimension
from dashboard.measures.results import list_measured
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import link
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import chart_card, chart_options, empty_selection, headline
from dashboard.ui.pieces.chart_card import CardModel
from dashboard.ui.pieces.chart_options import Menu
from dashboard.ui.pieces.empty_selection import EmptyModel
from dashboard.ui.pieces.headline import Line

LABELS = {
    "measure": N_("Measure"),
    "by": N_("By", "what a chart is broken down by"),
    "and": N_("And by"),
    "as": N_("Shown as"),
    "sort": N_("Sort by"),
}
"""The choices of a chart, by the parameters of the link."""
TARGETS_MET = "targets_met"
"""The measure that only campaigns with promised numbers are offered."""
ALONE = N_("nothing else")
TOGETHER = N_("all together")


@dataclass(frozen=True)
class ExploreModel:
    """The page: where there is no action, only `empty`; where there is nothing to divide by, no card.

    Attributes:
        empty: The explanation of a selection without actions, or of a dimension without values.
        warning: A warning of the link's choices that are not offered, as Markdown; else empty.
    """

    empty: EmptyModel | None = None
    line: Line | None = None
    warning: str = ""
    choices: tuple[Menu, ...] = ()
    card: CardModel | None = None


def make_model(snapshot: Snapshot, selection: Selection, t: Translator, parameters: Mapping[str, str]) -> ExploreModel:
    """Make the page."""
    line = headline.make_line(snapshot, selection, t)
    if line is None:
        return ExploreModel(empty=empty_selection.make_model(snapshot, selection, t))
    unused = list_unused(snapshot)
    options, warning = _read({}, unused), ""
    try:
        options = _read(parameters, unused)
    except SelectionError as error:
        warning = chart_options.say_refused(t, error)
    exploration = explore(options.by, options.second, options.form)
    has_results = bool(list_measured(snapshot)) or options.measure == TARGETS_MET
    choices = _list_choices(t, options, unused, has_results)
    if missing := [name for name in (exploration.by, exploration.second) if name in unused]:
        empty = empty_selection.make_unused(missing, t)
        return ExploreModel(empty=empty, line=line, warning=warning, choices=choices)
    # Peers stay beside the choice, as on all pages.
    card_options = settle(replace(options, peers=True), find_spec(EXPLORE))
    card = chart_card.make_model(selection, t, parameters, EXPLORE, options=card_options)
    return ExploreModel(line=line, warning=warning, choices=choices, card=card)


def choose(
    parameters: Mapping[str, str], name: str, value: str, unused: frozenset[str] = frozenset()
) -> dict[str, str | None]:
    """Write the link's parameters after one choice: that choice, and the others that it still allows."""
    try:
        options = _read(parameters, unused)
    except SelectionError:
        options = _read({}, unused)
    exploration = explore(options.by, options.second, options.form)
    link_values = {"by": exploration.by, "and": exploration.second, "as": options.form}
    link_values |= {"measure": options.measure, "sort": options.sort, name: value}
    by, second = link_values["by"], _keep(link_values["and"], offered_seconds(link_values["by"]))
    form = _keep(link_values["as"], tuple(offered_forms(by, second)))
    chosen = Options(by=by, second=second, form=form)
    spec = place_options(find_spec(EXPLORE), chosen)
    measure, sort = (
        _keep(link_values["measure"], offered_measures(spec)),
        _keep(link_values["sort"], offered_sorts(spec)),
    )
    pairs = dict(settle(replace(chosen, measure=measure, sort=sort), find_spec(EXPLORE)).query_pairs())
    return {parameter: pairs.get(parameter) for parameter in LABELS}


def _keep(value: str, offered: Mapping[str, str] | Sequence[str]) -> str:
    return value if value in offered else ""


def _read(parameters: Mapping[str, str], unused: frozenset[str]) -> Options:
    """Read the link's choices; a link without a dimension has the first that divides the actions, if the usual do not.

    Raises:
        SelectionError: the link chooses something that is not offered.
    """
    requested = {name: [parameters[name]] for name in LABELS if parameters.get(name)}
    if not requested.keys() & {"by", "and", "as"} and not unused.isdisjoint((Exploration.by, Exploration.second)):
        requested["by"] = [next(name for name in PAIRS if name not in unused)]
    return parse_options(requested, find_spec(EXPLORE))


def _list_choices(t: Translator, options: Options, unused: frozenset[str], has_results: bool) -> tuple[Menu, ...]:
    """List the choices, possible and present; without those that have one value, or divide nothing."""
    spec = place_options(find_spec(EXPLORE), options)
    exploration = explore(options.by, options.second, options.form)
    chosen = (exploration.by, exploration.second)
    offers = [name for name in PAIRS if name not in unused or name in chosen]
    dimensions = {name: TOGETHER if name == ALL else name_dimension(name) for name in offers}
    seconds = {name: dimensions[name] for name in offered_seconds(exploration.by) if name in dimensions}
    measures = {name: label for name, label in offered_measures(spec).items() if has_results or name != TARGETS_MET}
    offered: dict[str, tuple[Mapping[str, str], str]] = {
        "measure": (measures, options.measure or own_measure(spec)),
        "by": (dimensions, exploration.by),
        "and": ({"": ALONE, **seconds}, exploration.second),
        "as": (offered_forms(exploration.by, exploration.second), exploration.form),
        "sort": (offered_sorts(spec), options.sort or spec.order),
    }
    return tuple(
        Menu(name, t(LABELS[name]), {one: t(label) for one, label in labels.items()}, value)
        for name, (labels, value) in offered.items()
        if labels
    )


PARAMETERS = (*LABELS, chart_options.LARGE)


def show(view: View, selection: Selection) -> None:
    """Draw the page."""
    model = make_model(view.snapshot, selection, view.t, link.page_parameters())
    if model.empty is not None:
        empty_selection.draw(model.empty)
    if model.line is not None:
        headline.show_line(model.line)
    if model.warning:
        chart_options.show_warning(model.warning)
    if model.choices:
        with st.container(horizontal=True, key="explore-choices"):
            for choice in model.choices:
                _show_choice(choice, list_unused(view.snapshot))
    if model.card is not None:
        chart_card.draw_card(view, model.card)


def _show_choice(choice: Menu, unused: frozenset[str]) -> None:
    key = f"explore-{choice.name}"
    link.keep(key, choice.chosen)
    st.selectbox(
        choice.label,
        list(choice.offered),
        format_func=choice.offered.__getitem__,
        key=key,
        on_change=_take,
        args=(choice.name, unused),
    )


def _take(name: str, unused: frozenset[str]) -> None:
    """Put a choice into the link; a widget's callback."""
    value = str(st.session_state[f"explore-{name}"])
    link.change_page_parameters(**choose(link.page_parameters(), name, value, unused))
