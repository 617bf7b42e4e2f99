"""Draw the page Explore: a chart, below the choice of its measure, dimensions and form."""

import streamlit as st

from dashboard.measures.counts import list_unused
from dashboard.snapshot.selection import Selection
from dashboard.ui.explore.model import LABELS, choose, make_model
from dashboard.ui.frame import link
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import chart_card, chart_options, empty_selection, headline
from dashboard.ui.pieces.chart_options import Menu

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
