"""The page Briefing: a chart to take away, several of them as a briefing, and the catalogue to choose from."""

from html import escape

import streamlit as st

from dashboard.briefings.order import Item
from dashboard.charts.explore import EXPLORE
from dashboard.i18n import N_
from dashboard.measures.counts import headline
from dashboard.snapshot.selection import Selection
from dashboard.ui.briefing import choice, one_chart, previews, several_charts
from dashboard.ui.frame import header, link
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import chart_options, empty_selection
from dashboard.ui.pieces.messages import plain

LEAD = N_(
    "Take a chart with you: “Use this chart” gives its picture, PowerPoint slide, embed code and figures; "
    "“Add” collects several in one file."
)


_ALL = N_("All of them show the actions that the filters choose.")
_BESIDE = N_("Those that put two selections side by side; to have the others, lift the comparison above.")


def show(view: View, selection: Selection) -> None:
    """Draw the page for a selection; where it has no action, say so instead."""
    _show_unknown(view)
    sides = [side for side in (selection.first, selection.other) if side is not None]
    if not any(headline(view.snapshot, side).actions for side in sides):
        empty_selection.show(view, selection)
        choice.remember()
        return
    used = choice.used()
    if used is None:
        st.html(f'<p class="lead">{escape(view.t(LEAD))}</p>')
    else:
        one_chart.show(view, selection, used)
    several_charts.show(view, selection)
    _show_catalogue(view, selection)
    choice.remember()


def _show_unknown(view: View) -> None:
    stated = choice.read()
    if stated.unknown:
        names = plain(", ".join(stated.unknown)[:200])
        st.warning(view.t("The link asks for charts that are not here: {names}. Choose others below.", names=names))
    for error in stated.refused:
        chart_options.warn(view, error)


def _show_catalogue(view: View, selection: Selection) -> None:
    t = view.t
    st.html(
        f'<h2 class="card-title">{escape(t("The charts"))}</h2>'
        f'<p class="card-note">{escape(t(_BESIDE if selection.versus else _ALL))}</p>'
    )
    chosen = choice.find_plain()
    with st.container(key="catalogue"):
        for chart_id in choice.offered():
            _show_card(view, selection, chart_id, chosen.get(chart_id))
        _show_explore(view, selection)


def _show_card(view: View, selection: Selection, chart_id: str, name: str | None) -> None:
    """Draw one chart of the list; `name` is its name in the briefing, if it is there as it is here."""
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
            if name is not None:
                key, label, icon, words = "drop", t("Added"), ":material/check:", t("Take it out of the briefing")
            else:
                key, label, icon, words = "add", t("Add"), ":material/add:", t("Add to the briefing")
            st.button(
                label,
                key=f"{key}-{chart_id}",
                icon=icon,
                type="tertiary",
                on_click=choice.add if name is None else choice.remove,
                args=(Item(chart_id) if name is None else name,),
                help=words,
            )


def _show_explore(view: View, selection: Selection) -> None:
    """Draw the way to the chart that readers put together, which comes back by its *Use this chart*."""
    t = view.t
    words = t("Any measure by one or two dimensions: put the chart together there; “Use this chart” brings it here.")
    with st.container(border=True, key="preview-explore"):
        st.html(
            f'<h3 class="card-title">{escape(t("A chart of your own"))}</h3><p class="card-note">{escape(words)}</p>'
        )
        st.page_link(
            header.find(EXPLORE).script,
            label=t("Explore"),
            icon=":material/tune:",
            query_params=link.as_query(selection.first.query_pairs()),
        )
