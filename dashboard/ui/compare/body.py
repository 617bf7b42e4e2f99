"""The page Compare: both sides, what tells them apart, and the charts that put them side by side."""

from html import escape

import streamlit as st

from dashboard import formats
from dashboard.charts.catalogue import CATALOGUE
from dashboard.charts.sides import join_difference, name_sides, say_difference
from dashboard.i18n import N_
from dashboard.measures.apart import are_days
from dashboard.measures.counts import DIMENSIONS, Headline, headline
from dashboard.measures.definitions import DEFINITIONS, FEW
from dashboard.measures.standing import know_total
from dashboard.snapshot.selection import VERSUS, Selection
from dashboard.ui.compare import both_days, other_side
from dashboard.ui.frame import link
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import chart_card, chart_options, html_tables

PARAMETERS = (*VERSUS, *chart_options.PARAMETERS)
OVER_TIME = "completion-over-time"
BROKEN_DOWN = (
    "completion-by-theme", "completion-by-category", "completion-by-group", "completion-by-region",
    "completion-by-subregion", "completion-by-country", "completion-by-grouping", "reporting-by-region",
    "status-by-theme", "status-by-category", "status-by-group", "status-overview",
)  # fmt: skip
_COUNTS = ("actions", "reported", "completed", "unknown")
_RATES = ("completion_rate", "reporting_rate", "on_time_rate")
_REMEMBERED = "compare remembered"


def _restore(selection: Selection) -> Selection:
    """The selection; to one that is as it was when the reader left the page, its other side comes back."""
    remembered: Selection | None = st.session_state.get(_REMEMBERED)
    if link.is_arrival() and remembered is not None and not selection.versus and _is_same(selection, remembered.first):
        selection = link.put(selection.against(remembered.other))
    st.session_state[_REMEMBERED] = selection
    return selection


def _is_same(one: Selection, other: Selection) -> bool:
    """Whether two selections are the same, in whatever language they are read."""
    return [pair for pair in one.query_pairs() if pair[0] != "lang"] == [
        pair for pair in other.query_pairs() if pair[0] != "lang"
    ]


def show(view: View, selection: Selection) -> None:
    """Draw both sides; with another side, what tells them apart."""
    selection = _restore(selection)
    one, other = selection.first, selection.other
    names = name_sides(view.snapshot, one, other or Selection(as_of=one.as_of, build=one.build, lang=one.lang))
    with st.container(key="sides", horizontal=True, gap="medium"):
        other_side.show_first(view, selection, names[0])
        other_side.show(view, selection, names[1])
    if other is None:
        return
    totals = headline(view.snapshot, one), headline(view.snapshot, other)
    if not any(total.actions for total in totals):
        st.html(f'<div class="empty"><b>{escape(view.t("Neither side has any actions."))}</b></div>')
        return
    is_days = are_days(view.snapshot, one, other)
    _show_figures(view, names, totals, is_days=is_days)
    if is_days:
        both_days.show(view, one, other)
    chart_card.show(view, OVER_TIME, selection)
    chart_card.show_choice(view, selection, _order_charts(one, other))


def _order_charts(one: Selection, other: Selection) -> tuple[str, ...]:
    """The charts by a dimension; those by which a side is filtered come last, since they have few members."""
    filtered = {name for name, f in DIMENSIONS.items() if one.codes(f) or other.codes(f)}
    return tuple(sorted(BROKEN_DOWN, key=lambda chart_id: CATALOGUE[chart_id].dimension in filtered))


def _show_figures(view: View, names: tuple[str, str], totals: tuple[Headline, Headline], *, is_days: bool) -> None:
    """The headline figures of both, with what tells them apart; of two days the earlier first."""
    t, sides = view.t, list(zip(names, totals, strict=True))
    if is_days:
        sides.sort(key=lambda side: side[1].day)
    (first, one), (second, other) = sides
    rows = []
    for name in _COUNTS:
        counts = getattr(one, name), getattr(other, name)
        difference = counts[1] - counts[0] if is_days else counts[0] - counts[1]
        signed = f"{'+' if difference > 0 else ''}{formats.format_count(difference, view.lang)}"
        told = signed if is_days else ""
        rows.append([t(DEFINITIONS[name].name), *(formats.format_count(n, view.lang) for n in counts), told])
    for rate in _RATES:
        said = say_difference(know_total(one, rate), know_total(other, rate), is_days)
        told = join_difference([t.say(part) for part in said])
        rows.append([t(DEFINITIONS[rate].name), *(_write_rate(view, total, rate) for total in (one, other)), told])
    columns = html_tables.figures(t("Figure"), first, second, t("Difference"))
    html_tables.show(columns, rows)


def _write_rate(view: View, total: Headline, rate: str) -> str:
    """A rate with its counts, and the most that it can be."""
    known = know_total(total, rate)
    if known.whole < FEW:
        return formats.format_counts(known.part, known.whole, view.lang)
    text = formats.format_rate(known.part, known.whole, view.lang)
    if known.most == known.part:
        return text
    most = formats.format_percent(known.most, known.whole, view.lang)
    return view.t(N_("{rate}, up to {most}"), rate=text, most=most)
