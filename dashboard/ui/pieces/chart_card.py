"""A chart as a card: its title and choices, the picture, a table that says the same, and what a reader must know.

What stands at points is drawn as SVG, whose marks filter the page; curves over time are Plotly's.
One of several charts, as the reader chooses: only that one is computed and sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

import streamlit as st

from dashboard.briefings.order import Item
from dashboard.cache import Cache
from dashboard.charts.catalogue import CATALOGUE, TIMED
from dashboard.charts.chart import Chart, build_chart
from dashboard.charts.explore import find_spec
from dashboard.charts.marks import is_filtered
from dashboard.charts.options import Options, place_options
from dashboard.charts.plotly.draw import CONFIG, draw
from dashboard.charts.plotly.scheme import darken
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import header, link, staff
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import chart_marks, chart_options, chart_table, large_view, messages, page_paper
from dashboard.ui.pieces.chart_marks import Drawing

MOST_CARDS = 200


@dataclass(frozen=True)
class _Card:
    """What a card shows, ready to be sent: shared by all readers and never changed.

    Attributes:
        title: The chart's title, as HTML.
        finding: What the chart states, as HTML.
        drawing: The chart as SVG.
        figure: The figure of a curve, which the drawing gives way to; nothing for other kinds.
        foot: What a reader must know, and whose figures they are, with the way to the files, as HTML.
        sources: The same for staff, who see the names of the files.
    """

    kind: str
    title: str
    finding: str
    drawing: Drawing
    figure: Any
    alt: str
    table: str
    foot: str
    sources: str


_cards = Cache[tuple[str, str, Selection, Options, str, bool], _Card](MOST_CARDS)


def show(
    view: View, chart_id: str, selection: Selection, *, has_finding: bool = True, options: Options | None = None
) -> None:
    """Draw one chart's card; cards are kept, since many readers look at the same ones.

    Args:
        view: The page.
        chart_id: The chart.
        selection: The filters in force.
        has_finding: Whether the card says what the chart shows; a page whose words say it leaves it out.
        options: What is chosen of the chart where the page has its own choices; by default the card has menus of them.
    """
    with st.container(border=True, key=f"card-{chart_id}"):
        chosen = chart_options.read(view, chart_id) if options is None else options
        card = _find(view, chart_id, selection, chosen)
        taken = _take_along(chart_id, selection, chosen)
        page_paper.note(view, selection, Item(chart_id, options=taken))
        head = st.container(
            horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key=f"card-head-{chart_id}"
        )
        with head:
            st.html(card.title, width="content")
            tools = st.container(
                horizontal=True, width="content", gap="small", vertical_alignment="center", key=f"card-tools-{chart_id}"
            )
            with tools:
                if options is None:
                    chart_options.show(view, chart_id, chosen)
                chart_options.show_large(view, chart_id)
                _show_way_out(view, chart_id, selection, taken)
        if has_finding:
            st.html(card.finding)
        if card.figure is not None:
            _show_curve(card, chart_id)
        elif card.kind != "table":
            chart_marks.show(view, chart_id, card.drawing)
        if card.kind in ("rates", "pairs", "counts", "table"):
            st.html(card.table)
        else:
            st.expander(view.t("The same figures as a table")).html(card.table)
        st.html(card.sources if staff.may_open() else card.foot)
    if large_view.is_open(chart_id):
        large_view.show(view, lambda: build_chart(view.snapshot, chart_id, selection, chosen))


def _show_curve(card: _Card, chart_id: str) -> None:
    """Draw a curve: at once as SVG, in whose place Plotly comes where there is room for it (`style.css`)."""
    drawing, height = card.drawing, card.figure.layout.height
    with st.container(key=f"curve-{chart_id}"):
        st.markdown(
            f'<div class="still" style="--height:{height}px"><style>{drawing.style}</style>'
            f'<div class="wide">{drawing.wide}</div><div class="narrow">{drawing.narrow}</div></div>',
            unsafe_allow_html=True,
        )
        st.plotly_chart(card.figure, theme=None, config=CONFIG, alt=card.alt, key=f"chart-{chart_id}")


def _take_along(chart_id: str, selection: Selection, options: Options) -> Options:
    """What is chosen of a chart where it is taken elsewhere, with the peers only if any are shown."""
    has_peers = options.peers and is_filtered(place_options(find_spec(chart_id), options), selection)
    return replace(options, peers=has_peers)


def _show_way_out(view: View, chart_id: str, selection: Selection, options: Options) -> None:
    """The way to the chart's pictures, slide, paper and embed code, with what is chosen of it."""
    st.page_link(
        header.find("briefing").script,
        label=view.t("Use this chart"),
        icon=":material/ios_share:",
        help=view.t("Picture, slide, embed code and data of this chart"),
        query_params=link.as_query([("chart", chart_id), *options.query_pairs(), *selection.query_pairs()]),
    )


def _find(view: View, chart_id: str, selection: Selection, options: Options) -> _Card:
    # A selection without a day stands on the snapshot's last one, which the build decides.
    is_curve = place_options(find_spec(chart_id), options).kind == "curve"
    is_dark = is_curve and st.context.theme.type == "dark"
    stated = replace(selection, q=selection.q.strip())
    key = (view.snapshot.build_id, chart_id, stated, options, str(view.snapshot.path), is_dark)

    def make() -> _Card:
        return _make(view, build_chart(view.snapshot, chart_id, selection, options), selection, is_dark)

    return _cards.get(key, make)


def _make(view: View, chart: Chart, selection: Selection, is_dark: bool) -> _Card:
    notes = " ".join(escape(note) for note in chart.caption.notes)
    title, finding = escape(chart.title), escape(chart.caption.finding)
    figure = draw(chart) if chart.spec.kind in TIMED else None
    source = f"{notes} {escape(chart.caption.source_line)}"
    return _Card(
        kind=chart.spec.kind,
        title=f'<h2 class="card-title">{title}</h2>',
        finding=f'<p class="finding">{finding}</p>',
        drawing=chart_marks.draw(chart),
        figure=darken(figure, chart.spec.kind) if figure is not None and is_dark else figure,
        alt=chart.alt,
        table=chart_table.render(chart, view.snapshot, selection),
        foot=f'<p class="card-note">{source} · {_link_definitions(view, selection)}</p>',
        sources=f'<p class="card-note">{source} · {escape(chart.caption.files_line)}</p>',
    )


def _link_definitions(view: View, selection: Selection) -> str:
    """The way to the files behind the figures, and to what the measures mean, as HTML."""
    address = f"{header.find('definitions').page_id}?{selection.query_string()}"
    return f'<a href="{escape(address)}">{escape(view.t("Files and definitions"))}</a>'


def show_choice(view: View, selection: Selection, chart_ids: Sequence[str]) -> None:
    """Draw the choice, which the link keeps, and the chosen chart's card."""
    key = f"choice-{view.page_id}"
    stated = link.page_parameter(chart_options.CHART)
    if stated is not None and stated not in chart_ids:
        name = messages.plain(stated[:80])
        st.warning(view.t("The link asks for charts that are not here: {names}. Choose others below.", names=name))
    link.keep(key, stated if stated in chart_ids else chart_ids[0])
    chosen = st.segmented_control(
        view.t("More charts"),
        chart_ids,
        format_func={chart_id: view.t(CATALOGUE[chart_id].title) for chart_id in chart_ids}.__getitem__,
        key=key,
        required=True,
        on_change=_take_choice,
        args=(key, chart_ids[0]),
    )
    show(view, str(chosen), selection)


def _take_choice(key: str, first: str) -> None:
    """Put the chosen chart into the link; the first one is left out of it."""
    chosen = st.session_state[key]
    link.change_page_parameter(chart_options.CHART, chosen if chosen != first else None)
