"""Draw the page Overview."""

from collections.abc import Callable
from functools import partial
from html import escape

import streamlit as st

from dashboard.briefings.order import Item
from dashboard.campaign.colleagues import list_drafts
from dashboard.charts.catalogue import CATALOGUE
from dashboard.measures.counts import headline
from dashboard.settings import Settings
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import page, page_link, staff
from dashboard.ui.frame.view import View
from dashboard.ui.overview import folds, replay, speed
from dashboard.ui.overview.model import BarCard, make_model, render_bars
from dashboard.ui.pieces import (
    chart_card,
    chart_options,
    chart_share,
    empty_selection,
    filter_bar,
    journey,
    messages,
    page_paper,
)
from dashboard.ui.pieces import headline as tiles
from dashboard.ui.pieces.chart_card import CardModel
from dashboard.ui.pieces.empty_selection import EmptyModel
from dashboard.web.charts.oembed import SINCE

PARAMETERS = (*chart_options.PARAMETERS, SINCE)


def show(view: View, selection: Selection) -> None:
    """Draw the sentence, the line of the year, the bars beside the curve, and their folds."""
    model = make_model(view.snapshot, selection, view.t, view.parameters)
    if isinstance(model, EmptyModel):
        page.show_title(view)
        filter_bar.show_day(view)
        empty_selection.draw(model)
        return
    t, selection = view.t, selection.first
    with st.container(key="sentence"):
        page.show_title(view, content=model.sentence.render(view.page_id))
    with st.container(horizontal=True, key="time-line"):
        replay.draw(model.replay, view.page_id)
        filter_bar.show_day(view)
    with st.container(key="now"):  # gives way to the charts of another day (`pages.css`)
        with st.container(key="cards"):
            first, *more_bars = model.bars or (None,)
            if first is not None:
                _show_bars(view, first)
            chart_card.draw_card(view, model.curve)
            for one in more_bars:
                _show_bars(view, one)
        key = " ".join(f'<span><i class="{part}"></i>{escape(word)}</span>' for part, word in model.key.items())
        st.html(f'<p class="card-note bars-key">{escape(model.source)} {key}</p>')
    with st.container(key="now-too", gap="small"):
        show_figures = partial(_show_figures, model.curve)
        _fold(view, selection, "figures", t("More figures, milestones and evidence"), show_figures)
        _fold(view, selection, "ranks", t("Who is ahead, behind and silent"), folds.show_ranks)
        speed.draw(view, selection, model.speed)
        _fold(view, selection, "new", folds.name_news(view.snapshot, selection, t), folds.show_news)
        if staff.may_open():
            _fold(view, selection, "next", t("What staff can do next"), _show_next)
        with st.container(horizontal=True, vertical_alignment="center", key="ways"):
            filter_bar.show_ways(view)


def _show_bars(view: View, model: BarCard) -> None:
    card = model.card
    page_paper.note(view, card.selection, Item(card.chart_id, options=card.shared_options))
    with st.container(key=f"card-{card.chart_id}"):
        with st.container(
            horizontal=True,
            horizontal_alignment="distribute",
            vertical_alignment="center",
            key=f"card-head-{card.chart_id}",
        ):
            st.html(f'<h2 class="card-title">{escape(model.bars.title)}</h2>', width="content")
            with st.container(width="content", key=f"card-tools-{card.chart_id}"):
                chart_share.show(view, card.chart_id, card.selection, card.shared_options, card.pairs)
        if model.bars.finding:
            messages.show_finding(model.bars.finding)
        st.html(render_bars(model.bars, view.page_id))


def _fold(
    view: View, selection: Selection, key: str, title: str, show_content: Callable[[View, Selection], None]
) -> None:
    """Draw a fold; its content is counted when it is opened."""
    fold = st.expander(title, key=f"fold-{key}", on_change="rerun")
    if fold.open:
        with fold:
            show_content(view, selection)


def _show_figures(curve: CardModel, view: View, selection: Selection) -> None:
    total = headline(view.snapshot, selection)
    st.html(f'<p class="about">{escape(tiles.write_clock(total, view.snapshot.campaign, view.t))}</p>')
    tiles.show_tiles(tiles.make_tiles(total, view.t))
    journey.show(view, selection)
    messages.show_heading(view.t(CATALOGUE[curve.chart_id].title))
    chart_card.draw_figures(view, curve)


def _show_next(view: View, selection: Selection) -> None:
    campaign = Settings.from_environment().campaign
    uploads, settings = (len(list_drafts(campaign, "", is_of_settings=one)) for one in (False, True))
    for one in folds.list_steps(view.snapshot, selection, view.t, uploads, settings):
        page_link.show(one)
