"""What a reader chooses of the charts of a page, kept in its link: each chart's sort and measure, and which is large.

The link names the chart that each choice is for: `sort=completion-by-region:name,status-overview:rate`.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

import streamlit as st

from dashboard.charts import options
from dashboard.charts.catalogue import CATALOGUE, ChartSpec
from dashboard.charts.options import Options
from dashboard.charts.sides import set_beside
from dashboard.errors import SelectionError
from dashboard.i18n import N_
from dashboard.ui.frame import link
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import messages
from dashboard.web.charts.oembed import PAGE_PARAMETERS

CHART, *CHOICES, LARGE = PARAMETERS = PAGE_PARAMETERS
"""What a page of charts takes in its link beside the selection: which of *More charts*, the choices, the large view."""

PEERS = {"1": N_("in grey, for comparison"), "0": N_("left out")}
"""What becomes of the members that a filter by the chart's own dimension does not choose."""


def read(view: View, chart_id: str) -> Options:
    """What is chosen of a chart; where the link asks for what the chart does not offer, say so and show its own.

    On pages peers stay beside what is chosen: it was chosen among them, and can be changed for one of them.
    """
    spec = CATALOGUE[chart_id]
    try:
        chosen = options.parse_options(_read().get(chart_id, {}), spec)
        if view.selection.versus:
            set_beside(options.apply_options(spec, chosen))
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
    """Draw the menus of what a chart offers, which write into the page's link."""
    spec = CATALOGUE[chart_id]
    shown = set_beside(spec) if view.selection.versus else spec
    show_menus(view, chart_id, shown, chosen, partial(_take, spec))


def show_menus(
    view: View, key: str, spec: ChartSpec, chosen: Options, take: Callable[[str, str], None], *, has_peers: bool = False
) -> None:
    """Draw the menus of what a chart offers.

    Args:
        view: The page.
        key: What the menus' keys end with.
        spec: The chart, put together as it is chosen.
        chosen: What is chosen of it.
        take: A widget's callback, called with a parameter and the value that is chosen.
        has_peers: Whether members that are not chosen may be shown.
    """
    for name, (label, offered, value) in list_menus(spec, chosen, has_peers=has_peers).items():
        menu_key = f"{name}-{key}"
        st.menu_button(
            f"{view.t(label)}{view.t(': ')}{view.t(offered[value])}",
            list(offered),
            key=menu_key,
            type="tertiary",
            format_func={one: view.t(word) for one, word in offered.items()}.__getitem__,
            on_click=_call,
            args=(menu_key, name, take),
        )


def list_menus(
    spec: ChartSpec, chosen: Options, *, has_peers: bool = False
) -> dict[str, tuple[str, Mapping[str, str], str]]:
    """What can be chosen of a chart, by parameter: its label, the values with theirs, and the one in force."""
    menus = {
        "sort": (N_("Sort by"), options.offered_sorts(spec), chosen.sort or spec.order),
        "measure": (N_("Measure"), options.offered_measures(spec), chosen.measure or options.own_measure(spec)),
        "peers": (N_("Others"), PEERS if has_peers else {}, str(int(chosen.peers))),
    }
    return {name: menu for name, menu in menus.items() if len(menu[1]) > 1}


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


def _call(key: str, name: str, take: Callable[[str, str], None]) -> None:
    value = st.session_state[key]
    if value is None:
        link.hold()
    else:
        take(name, str(value))


def _take(spec: ChartSpec, name: str, value: str) -> None:
    """Put a choice into the link; the chart's own is left out of it."""
    chosen = options.parse_options({name: [value]}, spec)
    choices = {one: {key: values[0] for key, values in stated.items()} for one, stated in _read().items()}
    choices.setdefault(spec.id, {})[name] = dict(chosen.query_pairs()).get(name, "")
    pairs = {one: [(key, text) for key, text in stated.items() if text] for one, stated in choices.items()}
    link.change_page_parameter(name, options.write_choices(pairs).get(name))


def _read() -> dict[str, dict[str, list[str]]]:
    """What the link chooses of charts, by their names."""
    return options.read_choices({name: [link.page_parameter(name) or ""] for name in CHOICES})
