"""One of several charts, as the reader chooses: only that one is computed and sent."""

from collections.abc import Sequence

import streamlit as st

from dashboard.charts.catalogue import CATALOGUE
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import chart_card


def show(view: View, selection: Selection, chart_ids: Sequence[str]) -> None:
    """Draw the choice and the chosen chart's card."""
    key = f"choice-{view.page_id}"
    st.session_state.setdefault(key, chart_ids[0])
    chosen = st.segmented_control(
        view.t("More charts"),
        chart_ids,
        format_func=lambda chart_id: view.t(CATALOGUE[chart_id].title),
        key=key,
        required=True,
    )
    chart_card.show(view, str(chosen), selection)
