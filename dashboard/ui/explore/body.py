"""The page Explore: what a chart measures, by what and in which form, chosen above it and kept in the link."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from dashboard.charts.explore import ALL, EXPLORE, PAIRS, explore, find_spec, offered_forms, offered_seconds
from dashboard.charts.options import (
    Options,
    offered_measures,
    offered_sorts,
    own_measure,
    parse_options,
    place_options,
    settle,
)
from dashboard.errors import SelectionError
from dashboard.i18n import N_
from dashboard.measures.times import name_dimension
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import link
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import chart_card, chart_options

CHOICES = ("measure", "by", "and", "as", "sort")
PARAMETERS = (*CHOICES, chart_options.LARGE)

LABELS = {
    "measure": N_("Measure"),
    "by": N_("By"),
    "and": N_("And by"),
    "as": N_("Shown as"),
    "sort": N_("Sort by"),
}
ALONE = N_("nothing else")
TOGETHER = N_("all together")


def show(view: View, selection: Selection) -> None:
    """Draw the choices and the chart's card; peers stay beside what is chosen, as on all pages."""
    try:
        options = _read()
    except SelectionError as error:
        chart_options.warn(view, error)
        options = Options()
    _show_choices(view, options)
    options = settle(replace(options, peers=True), find_spec(EXPLORE))
    chart_card.show(view, EXPLORE, selection, options=options)


def _read() -> Options:
    stated = {name: link.page_parameter(name) for name in CHOICES}
    return parse_options({name: [value] for name, value in stated.items() if value}, find_spec(EXPLORE))


def _show_choices(view: View, options: Options) -> None:
    t = view.t
    spec = place_options(find_spec(EXPLORE), options)
    exploration = explore(options.by, options.second, options.form)
    dimensions = {name: TOGETHER if name == ALL else name_dimension(name) for name in PAIRS}
    seconds = {name: dimensions[name] for name in offered_seconds(exploration.by)}
    offered: dict[str, tuple[Mapping[str, str], str]] = {
        "measure": (offered_measures(spec), options.measure or own_measure(spec)),
        "by": (dimensions, exploration.by),
        "and": ({"": ALONE, **seconds}, exploration.second),
        "as": (offered_forms(exploration.by, exploration.second), exploration.form),
        "sort": (offered_sorts(spec), options.sort or spec.order),
    }
    with st.container(horizontal=True, key="explore-choices"):
        for name, (labels, chosen) in offered.items():
            if labels:
                _show_choice(name, t(LABELS[name]), {value: t(label) for value, label in labels.items()}, chosen)


def _show_choice(name: str, label: str, labels: Mapping[str, str], chosen: str) -> None:
    key = f"explore-{name}"
    link.keep(key, chosen)
    st.selectbox(label, list(labels), format_func=labels.__getitem__, key=key, on_change=_take, args=(name,))


def _take(name: str) -> None:
    """Put a choice into the link, and with it those of the others that it still allows."""
    try:
        options = _read()
    except SelectionError:
        options = Options()
    exploration = explore(options.by, options.second, options.form)
    stated = {"by": exploration.by, "and": exploration.second, "as": options.form}
    stated |= {"measure": options.measure, "sort": options.sort, name: str(st.session_state[f"explore-{name}"])}
    by, second = stated["by"], _keep(stated["and"], offered_seconds(stated["by"]))
    form = _keep(stated["as"], tuple(offered_forms(by, second)))
    chosen = Options(by=by, second=second, form=form)
    spec = place_options(find_spec(EXPLORE), chosen)
    measure, sort = _keep(stated["measure"], offered_measures(spec)), _keep(stated["sort"], offered_sorts(spec))
    pairs = dict(settle(replace(chosen, measure=measure, sort=sort), find_spec(EXPLORE)).query_pairs())
    for parameter in CHOICES:
        link.change_page_parameter(parameter, pairs.get(parameter))


def _keep(value: str, offered: Mapping[str, str] | Sequence[str]) -> str:
    return value if value in offered else ""
