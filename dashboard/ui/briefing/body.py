"""How the page Briefing is drawn: a chart to take away, several of them as a briefing, and the catalogue."""

from html import escape

import streamlit as st

from dashboard.briefings import bookmarks
from dashboard.briefings.order import Item, find_template
from dashboard.i18n import Translator
from dashboard.settings import Settings
from dashboard.snapshot.selection import VERSUS, Selection
from dashboard.ui.briefing import one_chart, several_charts, state
from dashboard.ui.briefing.choice import Chosen
from dashboard.ui.briefing.model import CatalogueCard, CatalogueModel, make_model
from dashboard.ui.frame import link, page_link
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import chart_options, empty_selection

PARAMETERS = (*bookmarks.PARAMETERS, *VERSUS)


def show(view: View, selection: Selection) -> None:
    """Draw the page."""
    settings = Settings.from_environment().model_copy(update={"base_url": link.site_address(view.page_id)})
    template = find_template(settings.campaign)
    model = make_model(
        view.snapshot,
        selection,
        view.t,
        link.page_parameters(),
        settings,
        template=template.name if template.is_file() else "",
    )
    if model.unknown:
        st.warning(model.unknown)
    for warning in model.refused:
        chart_options.show_warning(warning)
    if model.empty is not None:
        empty_selection.draw(model.empty)
    if model.lead:
        st.html(f'<p class="lead">{escape(model.lead)}</p>')
    if model.in_use is not None:
        one_chart.show(view, model.in_use, settings)
    if model.pack is not None:
        several_charts.show(view, selection, model.pack)
    if model.catalogue is not None:
        _show_catalogue(view.t, model.catalogue)
    state.remember(model.chosen)


def _show_catalogue(t: Translator, catalogue: CatalogueModel) -> None:
    st.html(f'<h2 class="card-title">{escape(catalogue.title)}</h2><p class="card-note">{escape(catalogue.note)}</p>')
    with st.container(key="catalogue"):
        for card in catalogue.cards:
            _show_card(t, card)
        with st.container(border=True, key="preview-explore"):
            title, note = escape(catalogue.own_title), escape(catalogue.own_note)
            st.html(f'<h3 class="card-title">{title}</h3><p class="card-note">{note}</p>')
            page_link.show(catalogue.explore)


def _show_card(t: Translator, card: CatalogueCard) -> None:
    """Draw one chart of the list."""
    preview, chart_id = card.preview, card.chart_id
    with st.container(border=True, key=f"preview-{chart_id}"):
        st.html(
            f'<div class="preview"><div role="img" aria-label="{escape(preview.alt)}" style="background-image:'
            f"url('{preview.picture}')\"></div></div>"
            f'<h3 class="card-title">{escape(preview.title)}</h3>'
            f'<p class="card-note">{escape(preview.highlight)}</p>'
        )
        with st.container(horizontal=True, gap="small", key=f"preview-buttons-{chart_id}"):
            st.button(
                t("Use this chart"),
                key=f"use-{chart_id}",
                on_click=state.change,
                args=(Chosen.use, chart_id),
                help=t("Picture, slide, embed code and data of this chart"),
            )
            if card.name is not None:
                key, label, icon, words = "drop", t("Added"), ":material/check:", t("Remove from the briefing")
            else:
                key, label, icon, words = "add", t("Add"), ":material/add:", t("Add to the briefing")
            st.button(
                label,
                key=f"{key}-{chart_id}",
                icon=icon,
                type="tertiary",
                on_click=state.change,
                args=(Chosen.add, Item(chart_id)) if card.name is None else (Chosen.remove, card.name),
                help=words,
            )
