"""A reader's options of a page's charts, kept in its link: each chart's order and measure, and which is large.

The link names the chart of each option: `sort=completion-by-region:name,status-overview:rate`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import streamlit as st

from dashboard.campaign.reporting.numbers import name_number
from dashboard.charts import options
from dashboard.charts.catalogue import ChartSpec
from dashboard.charts.options import Options
from dashboard.charts.sides import set_beside
from dashboard.errors import SelectionError
from dashboard.i18n import N_, Translator
from dashboard.measures.context import choose_figure, list_indicators
from dashboard.measures.results import choose_amount, list_amounts
from dashboard.snapshot.database import Snapshot
from dashboard.ui.frame import link
from dashboard.ui.frame.markdown import plain
from dashboard.web.charts.oembed import PAGE_PARAMETERS

CHART, *CHOICES, LARGE = PARAMETERS = PAGE_PARAMETERS
"""What a page of charts takes in its link beside the selection: which of *More charts*, the choices, the large view."""

PEERS = {"1": N_("in grey, for comparison"), "0": N_("left out")}
"""What becomes of the members that a filter by the chart's own dimension does not choose."""

EXPECTED = {"no": N_("not shown"), "yes": N_("shown")}
"""Whether a curve goes on to the deadline."""


INDICATOR, SEPARATOR = "indicator", "/"
"""The menu of what is summed, an indicator in one unit, or of the figure beside completion, which has no unit; and what
stands between the two in its values."""


@dataclass(frozen=True)
class Menu:
    """The menu of one option: its parameter, its label, the values with theirs, and the one in force."""

    name: str
    label: str
    offered: dict[str, str]
    chosen: str


def read(
    t: Translator, parameters: Mapping[str, str], chart_id: str, *, is_beside: bool, snapshot: Snapshot | None = None
) -> tuple[Options, str]:
    """Read a chart's options from a page's link, and the warning where the chart does not offer them.

    On pages peers stay beside chosen members: the reader chose among them, and may change to one of them.

    `is_beside`: whether the page shows two selections side by side.
    `snapshot`: the one whose promised numbers the chart sums, if it does.
    """
    spec = options.find_spec(chart_id)
    chosen, warning = Options(), ""
    try:
        options_of_link = options.parse_options(_read(parameters).get(chart_id, {}), spec)
        if is_beside:
            set_beside(options.apply_options(spec, options_of_link))
        if spec.amount and snapshot is not None:
            choose_amount(snapshot, options_of_link.indicator, options_of_link.unit)
        if chart_id in options.BESIDE_COMPLETION and snapshot is not None:
            choose_figure(snapshot, options_of_link.indicator, t.language)
        chosen = options_of_link
    except SelectionError as error:
        warning = say_refused(t, error)
    return options.settle(replace(chosen, peers=True), spec), warning


def say_refused(t: Translator, error: SelectionError) -> str:
    """Write that the link asks for what the chart does not offer, and what it offers; as Markdown."""
    pair = plain(f"{error.parameter}={error.value}"[:80])
    refused = t("The link asks for an option this chart does not have: {choice}.", choice=pair)
    return f"{refused} {t('Allowed here: {values}.', values=', '.join(error.allowed))}"


def show_warning(warning: str) -> None:
    """Draw the warning about an option that is not offered."""
    st.warning(warning, icon=":material/warning:")


def show(t: Translator, chart_id: str, menus: Iterable[Menu]) -> None:
    """Draw the menus of a chart, which write into the page's link."""
    draw_menus(t, chart_id, menus, partial(_take, options.find_spec(chart_id)))


def make_menus(
    t: Translator,
    spec: ChartSpec,
    chosen: Options,
    *,
    has_peers: bool = False,
    snapshot: Snapshot | None = None,
    may_expect: bool = False,
) -> tuple[Menu, ...]:
    """Make the menus of a chart's options.

    `has_peers`: whether members that are not chosen may be shown.
    `snapshot`: the one whose promised numbers the chart sums, if it does.
    `may_expect`: whether anything may be expected by the deadline.
    """
    amounts, amount = {}, ""
    if spec.amount and snapshot is not None:
        amounts = {SEPARATOR.join(one): name_number(t, snapshot.codes, *one) for one in list_amounts(snapshot)}
        amount = SEPARATOR.join(choose_amount(snapshot, chosen.indicator, chosen.unit))
    figures, figure = _offer_figures(t, spec, chosen, snapshot)
    is_onward = chosen.expected or (may_expect and options.may_go_on(spec))
    menus = (
        (INDICATOR, N_("Indicator"), amounts, amount),
        (INDICATOR, N_("Beside it"), figures, figure),
        ("sort", N_("Sort by"), options.offered_sorts(spec), chosen.sort or spec.order),
        ("measure", N_("Measure"), options.offered_measures(spec), chosen.measure or options.own_measure(spec)),
        ("peers", N_("Others"), PEERS if has_peers else {}, str(int(chosen.peers))),
        ("expected", N_("Expected by the deadline"), EXPECTED if is_onward else {}, "yes" if chosen.expected else "no"),
    )
    return tuple(
        Menu(name, t(label), {value: t(word) for value, word in offered.items()}, in_force)
        for name, label, offered, in_force in menus
        if len(offered) > 1
    )


def _offer_figures(
    t: Translator, spec: ChartSpec, chosen: Options, snapshot: Snapshot | None
) -> tuple[dict[str, str], str]:
    """Return the published figures that may stand beside completion, as values of a menu, and the one in force."""
    if spec.id not in options.BESIDE_COMPLETION or snapshot is None:
        return {}, ""
    offered = {one.code: one.name for one in list_indicators(snapshot, t.language) if one.is_measured}
    if spec.kind != "scatter" and offered:
        offered = {"": t("nothing"), **offered}
    in_force = chosen.indicator or next(iter(offered), "")
    return {f"{code}{SEPARATOR}": name for code, name in offered.items()}, f"{in_force}{SEPARATOR}"


def draw_menus(t: Translator, key: str, menus: Iterable[Menu], take: Callable[[str, str], None]) -> None:
    """Draw menus.

    `key`: the end of the menus' keys.
    `take`: A widget's callback, called with a parameter and the chosen value.
    """
    for menu in menus:
        menu_key = f"{menu.name}-{key}"
        st.menu_button(
            f"{menu.label}{t(': ')}{menu.offered[menu.chosen]}",
            list(menu.offered),
            key=menu_key,
            type="tertiary",
            format_func=menu.offered.__getitem__,
            on_click=take_from_menu,
            args=(menu_key, menu.name, take),
        )


def show_large(t: Translator, chart_id: str) -> None:
    """Draw the button of a chart's large view."""
    st.button(
        t("Large view"),
        key=f"large-{chart_id}",
        icon=":material/open_in_full:",
        type="tertiary",
        help=t("The chart over the whole window, to point at, zoom and download"),
        on_click=link.change_page_parameter,
        args=(LARGE, chart_id),
    )


def take_from_menu(key: str, target: Any, take: Callable[[Any, str], None]) -> None:
    """Take what a menu has chosen for a target; where that is nothing, the link stays."""
    value = st.session_state[key]
    if value is None:
        link.hold()
    else:
        take(target, str(value))


def _take(spec: ChartSpec, name: str, value: str) -> None:
    parameters = link.page_parameters()
    values = dict(zip(options.MEASURED, value.split(SEPARATOR), strict=True)) if name == INDICATOR else {name: value}
    link.change_page_parameters(**{one: state_choice(parameters, spec, one, text) for one, text in values.items()})


def state_choice(parameters: Mapping[str, str], spec: ChartSpec, name: str, value: str) -> str | None:
    """Write a chart's option for a page's link, beside those of its other charts; leave out the chart's own.

    `name`: the parameter that is chosen.
    """
    chosen = options.parse_options({name: [value]}, spec)
    choices = {
        one: {key: values[0] for key, values in parameters_of_chart.items()}
        for one, parameters_of_chart in _read(parameters).items()
    }
    choices.setdefault(spec.id, {})[name] = dict(chosen.query_pairs()).get(name, "")
    pairs = {
        one: [(key, text) for key, text in parameters_of_chart.items() if text]
        for one, parameters_of_chart in choices.items()
    }
    return options.write_choices(pairs).get(name)


def _read(parameters: Mapping[str, str]) -> dict[str, dict[str, list[str]]]:
    """Read the options of all charts from a page's link, by their names."""
    return options.read_choices({name: [parameters.get(name, "")] for name in CHOICES})
