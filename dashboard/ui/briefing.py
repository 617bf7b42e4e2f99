"""The Briefing page: a chart to take away, several of them as a briefing, and the catalogue to choose from."""

from html import escape

import streamlit as st

from dashboard.catalogue import CATALOGUE
from dashboard.i18n import N_
from dashboard.measures import headline
from dashboard.selection import Selection
from dashboard.ui import briefing_chart, briefing_choice, briefing_pack, briefing_previews, empty_state
from dashboard.ui.markdown import plain
from dashboard.ui.page import View

LEAD = N_(
    "Take a chart with you: “Use this chart” gives its picture, PowerPoint slide, embed code and figures; "
    "“Add” collects several in one file."
)


def show(view: View, selection: Selection) -> None:
    """Draw the page for a selection; where it has no action, say so instead."""
    _show_unknown(view)
    if headline(view.snapshot, selection).actions == 0:
        empty_state.show(view, selection)
        briefing_choice.remember()
        return
    chart_id = briefing_choice.used_chart()
    if chart_id is None:
        st.html(f'<p class="lead">{escape(view.t(LEAD))}</p>')
    else:
        briefing_chart.show(view, selection, chart_id)
    briefing_pack.show(view, selection)
    _show_catalogue(view, selection)
    briefing_choice.remember()


def _show_unknown(view: View) -> None:
    if missing := briefing_choice.unknown():
        names = plain(", ".join(missing)[:200])
        st.warning(view.t("The link asks for charts that are not here: {names}. Choose others below.", names=names))


def _show_catalogue(view: View, selection: Selection) -> None:
    t = view.t
    st.html(
        f'<h2 class="card-title">{escape(t("The charts"))}</h2>'
        f'<p class="card-note">{escape(t("All of them show the actions that the filters choose."))}</p>'
    )
    chosen = {item.chart_id for item in briefing_choice.items()}
    with st.container(key="catalogue"):
        for chart_id in CATALOGUE:
            _show_card(view, selection, chart_id, is_chosen=chart_id in chosen)


def _show_card(view: View, selection: Selection, chart_id: str, *, is_chosen: bool) -> None:
    t = view.t
    preview = briefing_previews.find(view.snapshot, chart_id, selection)
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
                on_click=briefing_choice.use,
                args=(chart_id,),
                help=t("Picture, slide, embed code and data of this chart"),
            )
            if is_chosen:
                st.button(
                    t("Added"),
                    key=f"drop-{chart_id}",
                    icon=":material/check:",
                    type="tertiary",
                    on_click=briefing_choice.remove,
                    args=(chart_id,),
                    help=t("Take it out of the briefing"),
                )
            else:
                st.button(
                    t("Add"),
                    key=f"add-{chart_id}",
                    icon=":material/add:",
                    type="tertiary",
                    on_click=briefing_choice.add,
                    args=(chart_id,),
                    help=t("Add to the briefing"),
                )
