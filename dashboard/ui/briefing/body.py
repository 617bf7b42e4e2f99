"""The page Briefing: a chart to take away, several of them as a briefing, and the catalogue to choose from."""

from html import escape

import streamlit as st

from dashboard.charts.catalogue import CATALOGUE
from dashboard.i18n import N_
from dashboard.measures.counts import headline
from dashboard.snapshot.selection import Selection
from dashboard.ui.briefing import choice, one_chart, previews, several_charts
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import empty_selection
from dashboard.ui.pieces.messages import plain

LEAD = N_(
    "Take a chart with you: “Use this chart” gives its picture, PowerPoint slide, embed code and figures; "
    "“Add” collects several in one file."
)


def show(view: View, selection: Selection) -> None:
    """Draw the page for a selection; where it has no action, say so instead."""
    _show_unknown(view)
    if headline(view.snapshot, selection).actions == 0:
        empty_selection.show(view, selection)
        choice.remember()
        return
    chart_id = choice.used_chart()
    if chart_id is None:
        st.html(f'<p class="lead">{escape(view.t(LEAD))}</p>')
    else:
        one_chart.show(view, selection, chart_id)
    several_charts.show(view, selection)
    _show_catalogue(view, selection)
    choice.remember()


def _show_unknown(view: View) -> None:
    if missing := choice.unknown():
        names = plain(", ".join(missing)[:200])
        st.warning(view.t("The link asks for charts that are not here: {names}. Choose others below.", names=names))


def _show_catalogue(view: View, selection: Selection) -> None:
    t = view.t
    st.html(
        f'<h2 class="card-title">{escape(t("The charts"))}</h2>'
        f'<p class="card-note">{escape(t("All of them show the actions that the filters choose."))}</p>'
    )
    chosen = {item.chart_id for item in choice.items()}
    with st.container(key="catalogue"):
        for chart_id in CATALOGUE:
            _show_card(view, selection, chart_id, is_chosen=chart_id in chosen)


def _show_card(view: View, selection: Selection, chart_id: str, *, is_chosen: bool) -> None:
    t = view.t
    preview = previews.find(view.snapshot, chart_id, selection)
    with st.container(border=True, key=f"preview-{chart_id}"):
        st.html(
            f'<div class="preview"><img src="{preview.picture}" alt="{escape(preview.alt)}"></div>'
            f'<h3 class="card-title">{escape(preview.title)}</h3>'
            f'<p class="card-note">{escape(preview.highlight)}</p>'
        )
        with st.container(horizontal=True, gap="small", key=f"preview-buttons-{chart_id}"):
            st.button(
                t("Use this chart"),
                key=f"use-{chart_id}",
                on_click=choice.use,
                args=(chart_id,),
                help=t("Picture, slide, embed code and data of this chart"),
            )
            if is_chosen:
                key, label, icon, words = "drop", t("Added"), ":material/check:", t("Take it out of the briefing")
            else:
                key, label, icon, words = "add", t("Add"), ":material/add:", t("Add to the briefing")
            st.button(
                label,
                key=f"{key}-{chart_id}",
                icon=icon,
                type="tertiary",
                on_click=choice.remove if is_chosen else choice.add,
                args=(chart_id,),
                help=words,
            )
