"""A chart as a card: its title, the picture, a table that says the same, and what a reader must know.

What stands at points is drawn as SVG, whose marks filter the page; curves over time are Plotly's.
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
from dashboard.ui.pieces import chart_marks, chart_table
from dashboard.ui.pieces.chart_marks import Drawing

MOST_CARDS = 200


@dataclass(frozen=True)
class _Card:
    """What a card shows, ready to be sent: shared by all readers and never changed.

    Attributes:
        drawing: The chart as SVG; nothing where it is a figure of Plotly's.
    """

    kind: str
    head: str
    finding: str
    drawing: Drawing | None
    figure: Any
    alt: str
    table: str
    foot: str


_cards = Cache[tuple[str, str, Selection, str, bool], _Card](MOST_CARDS)


def show(view: View, chart_id: str, selection: Selection, *, has_finding: bool = True) -> None:
    """Draw one chart's card; cards are kept, since many readers look at the same ones.

    Args:
        view: The page.
        chart_id: The chart.
        selection: The filters in force.
        has_finding: Whether the card says what the chart shows; a page whose words say it leaves it out.
    """
    card = _find(view, chart_id, selection)
    with st.container(border=True, key=f"card-{chart_id}"):
        with st.container(horizontal=True, vertical_alignment="top", key=f"card-head-{chart_id}"):
            st.html(card.head + (card.finding if has_finding else ""))
            _show_way_out(view, chart_id, selection)
        if card.drawing is not None:
            chart_marks.show(view, chart_id, card.drawing)
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
    is_curve = CATALOGUE[chart_id].kind == "curve"
    is_dark = is_curve and st.context.theme.type == "dark"
    stated = replace(selection, q=selection.q.strip())
    key = (view.snapshot.build_id, chart_id, stated, str(view.snapshot.path), is_dark)
    return _cards.get(key, lambda: _make(view, build_chart(view.snapshot, chart_id, selection), selection, is_dark))


def _make(view: View, chart: Chart, selection: Selection, is_dark: bool) -> _Card:
    foot = (*chart.caption.notes, chart.caption.source_line)
    title, finding = escape(chart.title), escape(chart.caption.finding)
    is_curve = chart.spec.kind == "curve"
    figure = draw(chart) if is_curve else None
    return _Card(
        kind=chart.spec.kind,
        head=f'<h2 class="card-title">{title}</h2>',
        finding=f'<p class="finding">{finding}</p>',
        drawing=None if is_curve else chart_marks.draw(chart),
        figure=darken(figure, chart.spec.kind) if figure is not None and is_dark else figure,
        alt=chart.alt,
        table=chart_table.render(chart, view.snapshot, selection),
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
