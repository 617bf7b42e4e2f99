"""What a reader chooses of the charts of a page, kept in its link: each chart's sort and measure, and which is large.

The link names the chart that each choice is for: `sort=completion-by-region:name,status-overview:rate`.
"""

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from dashboard.charts import options
from dashboard.charts.catalogue import CATALOGUE, ChartSpec
from dashboard.charts.options import Options
from dashboard.errors import SelectionError
from dashboard.ui.frame import link
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import messages
from dashboard.web.charts.oembed import PAGE_PARAMETERS

CHART, *CHOICES, LARGE = PARAMETERS = PAGE_PARAMETERS
"""What a page of charts takes in its link beside the selection: which of *More charts*, the choices, the large view."""


def read(view: View, chart_id: str) -> Options:
    """What is chosen of a chart; where the link asks for what the chart does not offer, say so and show its own.

    On pages peers stay beside what is chosen: it was chosen among them, and can be changed for one of them.
    """
    spec = CATALOGUE[chart_id]
    query = {name: [_read(name)[chart_id]] for name in CHOICES if chart_id in _read(name)}
    try:
        chosen = options.parse_options(query, spec)
    except SelectionError as error:
        warn(view, error)
        chosen = Options()
    return options.settle(replace(chosen, peers=True), spec)


def warn(view: View, error: SelectionError) -> None:
    """Say that the link asks for what the chart does not offer, and what it offers."""
    asked = messages.plain(f"{error.parameter}={error.value}"[:80])
    st.warning(
        view.t("The link asks for a choice that this chart does not offer: {choice}.", choice=asked)
        + " "
        + view.t("Allowed here: {values}.", values=", ".join(error.allowed)),
        icon=":material/warning:",
    )


def show(view: View, chart_id: str, chosen: Options) -> None:
    """Draw the menus of what a chart offers."""
    t, spec = view.t, CATALOGUE[chart_id]
    _show_menu(view, spec, "sort", t("Sort by"), options.offered_sorts(spec), chosen.sort or spec.order)
    measure = chosen.measure or options.own_measure(spec)
    _show_menu(view, spec, "measure", t("Measure"), options.offered_measures(spec), measure)


def show_large(view: View, chart_id: str) -> None:
    """Draw the button of a chart's large view."""
    t = view.t
    st.button(
        t("Large view"),
        key=f"large-{chart_id}",
        icon=":material/open_in_full:",
        type="tertiary",
        help=t("The chart over the whole window, to point at, zoom and download"),
        on_click=link.change_page_parameter,
        args=(LARGE, chart_id),
    )


def _show_menu(view: View, spec: ChartSpec, name: str, label: str, offered: Mapping[str, str], chosen: str) -> None:
    if len(offered) < 2:
        return
    key = f"{name}-{spec.id}"
    st.menu_button(
        f"{label}{view.t(': ')}{view.t(offered[chosen])}",
        list(offered),
        key=key,
        type="tertiary",
        format_func={value: view.t(word) for value, word in offered.items()}.__getitem__,
        on_click=_take,
        args=(spec, name, key),
    )


def _take(spec: ChartSpec, name: str, key: str) -> None:
    """Put a choice into the link; the chart's own is left out of it."""
    value = st.session_state[key]
    if value is None:
        link.hold()
        return
    chosen = options.parse_options({name: [str(value)]}, spec)
    choices = _read(name) | {spec.id: dict(chosen.query_pairs()).get(name, "")}
    written = ",".join(f"{chart_id}:{choice}" for chart_id, choice in choices.items() if choice)
    link.change_page_parameter(name, written or None)


def _read(name: str) -> dict[str, str]:
    """One choice of all charts, by their ids."""
    pairs = (part.partition(":") for part in (link.page_parameter(name) or "").split(","))
    return {chart_id: value for chart_id, _, value in pairs if chart_id and value}
