"""A chart as a card: its title, the picture, a table that says the same, and what a reader must know.

One of several charts, as the reader chooses: only that one is computed and sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

import streamlit as st

from dashboard.cache import Cache
from dashboard.charts.catalogue import CATALOGUE
from dashboard.charts.chart import Chart, build_chart
from dashboard.charts.plotly.draw import CONFIG, draw
from dashboard.charts.plotly.scheme import darken
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import header, link
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import country_tiles, html_tables

MOST_CARDS = 200
LONG_TABLE = 18


@dataclass(frozen=True)
class _Card:
    """What a card shows, ready to be sent: shared by all readers and never changed."""

    kind: str
    head: str
    figure: Any
    drawing: str
    alt: str
    table: str
    foot: str


_cards = Cache[tuple[str, str, Selection, str, bool], _Card](MOST_CARDS)


def show(view: View, chart_id: str, selection: Selection) -> None:
    """Draw one chart's card; cards are kept, since many readers look at the same ones."""
    card = _find(view, chart_id, selection)
    with st.container(border=True, key=f"card-{chart_id}"):
        with st.container(horizontal=True, vertical_alignment="top", key=f"card-head-{chart_id}"):
            st.html(card.head)
            _show_way_out(view, chart_id, selection)
        if card.drawing:
            with st.container(key=f"chart-{chart_id}"):
                st.html(card.drawing)
        else:
            st.plotly_chart(card.figure, theme=None, config=CONFIG, alt=card.alt, key=f"chart-{chart_id}")
        if card.kind == "rates":
            st.html(card.table)
        else:
            st.expander(view.t("The same figures as a table")).html(card.table)
        if card.foot:
            st.html(card.foot)


def _show_way_out(view: View, chart_id: str, selection: Selection) -> None:
    """The way to the chart's pictures, slide and embed code."""
    query = link.as_query([("chart", chart_id), *selection.query_pairs()])
    st.page_link(
        header.find("briefing").script,
        label=view.t("Use this chart"),
        icon=":material/ios_share:",
        help=view.t("Picture, slide, embed code and data of this chart"),
        query_params=query,
    )


def _find(view: View, chart_id: str, selection: Selection) -> _Card:
    # A selection without a day stands on the snapshot's last one, which the build decides.
    is_dark = st.context.theme.type == "dark"
    stated = replace(selection, q=selection.q.strip())
    key = (view.snapshot.build_id, chart_id, stated, str(view.snapshot.path), is_dark)
    return _cards.get(key, lambda: _make(build_chart(view.snapshot, chart_id, selection), is_dark=is_dark))


def _make(chart: Chart, *, is_dark: bool) -> _Card:
    headings, rows = chart.cells()
    columns = [html_tables.Column(name) for name in headings]
    foot = (*chart.caption.notes, chart.caption.source_line)
    is_html = chart.spec.kind == "tiles" and not chart.frame.empty
    figure = None if is_html else draw(chart)
    title, finding = escape(chart.title), escape(chart.caption.finding)
    return _Card(
        kind=chart.spec.kind,
        head=f'<h2 class="card-title">{title}</h2><p class="finding">{finding}</p>',
        figure=darken(figure, chart.spec.kind) if figure is not None and is_dark else figure,
        drawing=country_tiles.render(chart) if is_html else "",
        alt=chart.alt,
        table=html_tables.render(columns, rows, is_long=len(rows) > LONG_TABLE),
        foot=f'<p class="card-note">{" ".join(escape(part) for part in foot if part)}</p>',
    )


def show_choice(view: View, selection: Selection, chart_ids: Sequence[str]) -> None:
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
    show(view, str(chosen), selection)
