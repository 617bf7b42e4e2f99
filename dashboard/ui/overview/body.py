"""How the page Overview is drawn."""

from html import escape

import streamlit as st

from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import page_link, staff
from dashboard.ui.frame.view import View
from dashboard.ui.overview import replay, speed, whats_new
from dashboard.ui.overview.model import Figures, RankEntry, RankList, Ranks, Standing, Without, make_model
from dashboard.ui.pieces import chart_card, chart_options, empty_selection, headline, journey, messages
from dashboard.web.charts.oembed import SINCE

PARAMETERS = (*chart_options.PARAMETERS, SINCE)


def show(view: View, selection: Selection) -> None:
    """Draw the sentence of state, the curve beside who is ahead, behind and silent, and what belongs to them."""
    model = make_model(view.snapshot, selection, view.t, view.own, is_staff=staff.may_open())
    if model.empty is not None:
        empty_selection.draw(model.empty)
    if model.figures is not None:
        _draw(view, selection, model.figures)


def _draw(view: View, selection: Selection, model: Figures) -> None:
    _show_standing(model.standing)
    replay.draw(model.replay, view.page_id)
    with st.container(key="now"):  # gives way to the charts of another day (`pages.css`)
        if model.ranks is None:
            _show_figures(view, model)
        else:
            left, right = st.columns([5, 3], gap="small")
            with left:
                _show_figures(view, model)
            with right, st.container(border=True, gap=None, key="ranks"):
                _show_ranks(view, model.ranks)
    with st.container(key="now-too"):
        with st.container(border=True, key="whats-new"):
            whats_new.draw(model.whats_new, view.page_id)
        journey.draw(model.journey)
        speed.draw(view, selection, model.speed)
        _show_without(model.without)
        chart_card.draw_card(view, model.statuses)


def _show_standing(model: Standing) -> None:
    sentences = escape(" ".join(model.sentences))
    st.html(
        f'<p class="headline"><b>{escape(model.day)}</b> · {escape(model.clock)}</p><p class="state">{sentences}</p>'
    )


def _show_figures(view: View, model: Figures) -> None:
    chart_card.draw_card(view, model.curve)
    headline.show_tiles(model.tiles)


def _show_ranks(view: View, model: Ranks) -> None:
    st.html(f'<div class="ranks">{"".join(_write_list(view, one) for one in model.lists)}</div>')
    if model.ask is not None:
        page_link.show(model.ask)
    messages.show_note(model.note)


def _write_list(view: View, model: RankList) -> str:
    groups = (
        f"{messages.note(group.heading)}<ul>{''.join(_write_entry(view, entry) for entry in group.entries)}</ul>"
        for group in model.groups
    )
    nobody = messages.note(model.nobody) if model.nobody else ""
    return f'<h2 class="card-title">{escape(model.title)}</h2>{nobody}{"".join(groups)}'


def _write_entry(view: View, entry: RankEntry) -> str:
    words = f"{escape(entry.link.label)}{escape(view.t(': '))}<strong>{escape(entry.said)}</strong>"
    return f"<li>{entry.link.wrap(words, view.page_id)}</li>"


def _show_without(model: Without | None) -> None:
    """The countries that no action of the selection names, folded."""
    if model is not None:
        with st.expander(model.title):
            st.html(f'<p class="without">{escape(", ".join(model.names))}</p>')
