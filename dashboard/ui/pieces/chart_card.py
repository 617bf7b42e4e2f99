"""A chart as a card: title and finding, the picture, its source; folded below it the same as a table, with notes.

Its SVG's marks filter the page; the large view has Plotly's drawing, which can be zoomed. Of several charts, only the
reader's choice is computed and sent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from html import escape
from typing import Any

import streamlit as st

from dashboard.charts.catalogue import CATALOGUE
from dashboard.charts.chart import Chart, build_chart
from dashboard.charts.marks import is_filtered
from dashboard.charts.options import Options, find_spec, place_options
from dashboard.charts.plotly.draw import draw, large_config, let_zoom
from dashboard.charts.plotly.scheme import darken
from dashboard.charts.sides import set_beside
from dashboard.files.briefings.order import Item
from dashboard.i18n import Translator
from dashboard.measures.expected import find_reason
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.snapshot.shared import shared
from dashboard.ui.frame import link, staff
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import chart_marks, chart_options, chart_share, messages, page_paper
from dashboard.ui.pieces.chart_marks import Drawing, Form
from dashboard.ui.pieces.chart_options import Menu
from dashboard.web.charts.requests import ChartRequest


def show_large(view: View, chart: Chart, request: ChartRequest) -> None:
    """Draw the large view of a chart; `request`: the request of its files."""
    figure = let_zoom(draw(chart))
    if st.context.theme.type == "dark":
        figure = darken(figure, chart.spec.kind)

    close = partial(link.change_page_parameter, chart_options.LARGE, None)

    @st.dialog(plain(chart.title), width="large", on_dismiss=close)
    def show_figure() -> None:
        messages.show_note(chart.caption.finding)
        config = large_config(chart)
        st.plotly_chart(figure, theme=None, config=config, alt=chart.alt, key=f"large-chart-{chart.spec.id}")
        messages.show_note(
            view.t("Point at a mark for its figures; draw a frame to zoom in, and double-click to see all again.")
        )
        messages.show_note(chart.caption.source_line)
        if staff.may_open():
            messages.show_note(chart.caption.files_line)
        chart_share.show_files(view, request, f"large-{chart.spec.id}-files")

    show_figure()


@dataclass(frozen=True)
class CardModel:
    """What a page decides about a card, before its chart is counted.

    Attributes:
        finding: The page's own sentence in place of the chart's finding; else empty.
        is_half: Whether it stands beside another one, on a page that writes the source of both.
        warning: A note that the link asks for what the chart does not offer, as Markdown; else empty.
        shared_options: The options of the chart in files, links and the briefing.
    """

    chart_id: str
    selection: Selection
    options: Options
    finding: str
    is_half: bool
    warning: str
    menus: tuple[Menu, ...]
    shared_options: Options
    is_large: bool

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Return the parameters of a link that takes the chart elsewhere, with its filters and options."""
        return (("chart", self.chart_id), *self.shared_options.query_pairs(), *self.selection.query_pairs())


@dataclass(frozen=True)
class ChoiceModel:
    """The choice of one of several charts."""

    label: str
    titles: dict[str, str]
    warning: str
    card: CardModel


def make_model(
    selection: Selection,
    t: Translator,
    parameters: Mapping[str, str],
    chart_id: str,
    *,
    finding: str = "",
    is_half: bool = False,
    options: Options | None = None,
    snapshot: Snapshot | None = None,
) -> CardModel:
    """Decide about a chart's card.

    `finding`: the page's own sentence in place of the chart's finding.
    `is_half`: whether it stands beside another one.
    `options`: the chart's options where the page has its own menus; by default the card has menus of them.
    `snapshot`: the one whose promised numbers the chart sums, or of which something may be expected.
    """
    warning, is_beside = "", bool(selection.versus)
    menus: tuple[Menu, ...] = ()
    if options is None:
        options, warning = chart_options.read(t, parameters, chart_id, is_beside=is_beside, snapshot=snapshot)
        spec = find_spec(chart_id)
        may_expect = snapshot is not None and not find_reason(snapshot, selection)
        menus = chart_options.make_menus(
            t, set_beside(spec) if is_beside else spec, options, snapshot=snapshot, may_expect=may_expect
        )
    has_peers = options.peers and is_filtered(place_options(find_spec(chart_id), options), selection)
    card_options = replace(options, peers=has_peers)
    return CardModel(
        chart_id=chart_id,
        selection=selection,
        options=options,
        finding=finding,
        is_half=is_half,
        warning=warning,
        menus=menus,
        shared_options=card_options,
        is_large=parameters.get(chart_options.LARGE) == chart_id,
    )


def make_choice(
    selection: Selection,
    t: Translator,
    parameters: Mapping[str, str],
    chart_ids: Sequence[str],
    elsewhere: Sequence[str] = (),
) -> ChoiceModel:
    """Find the chart that the link names among several; without a name the first.

    `chart_ids`: the charts to choose from.
    `elsewhere`: charts that can be chosen only while the link names them.
    """
    chosen, warning = parameters.get(chart_options.CHART, chart_ids[0]), ""
    if chosen in elsewhere:
        chart_ids = (*chart_ids, chosen)
    elif chosen not in chart_ids:
        name = plain(chosen[:80])
        warning = t("The link asks for charts that do not exist here: {names}. Choose others below.", names=name)
        chosen = chart_ids[0]
    titles = {chart_id: t(CATALOGUE[chart_id].title) for chart_id in chart_ids}
    return ChoiceModel(t("More charts"), titles, warning, make_model(selection, t, parameters, chosen))


find_chart = shared(build_chart)


@shared
def find_drawing(
    snapshot: Snapshot, chart_id: str, selection: Selection, options: Options, form: Form, *, is_half: bool
) -> Drawing:
    """Find the drawing of a chart; `is_half`: whether it stands beside another one."""
    return chart_marks.draw(find_chart(snapshot, chart_id, selection, options), form, is_half=is_half)


def find(snapshot: Snapshot, model: CardModel) -> Chart:
    """Find the chart of the card that a page has decided about."""
    return find_chart(snapshot, model.chart_id, model.selection, model.options)


def show(view: View, chart_id: str, selection: Selection, *, options: Options | None = None) -> None:
    """Draw one chart's card; arguments as of `make_model`."""
    draw_card(view, make_model(selection, view.t, view.parameters, chart_id, options=options, snapshot=view.snapshot))


def draw_card(view: View, model: CardModel) -> None:
    """Draw a card; its contents are kept, since many readers look at the same ones."""
    chart_id, t = model.chart_id, view.t
    row: dict[str, Any] = {"horizontal": True, "vertical_alignment": "center"}
    with st.container(key=f"card-{chart_id}"):
        if model.warning:
            chart_options.show_warning(model.warning)
        chart = find(view.snapshot, model)
        page_paper.note(view, model.selection, Item(chart_id, options=model.shared_options))
        with st.container(horizontal_alignment="distribute", key=f"card-head-{chart_id}", **row):
            st.html(f'<h2 class="card-title">{escape(chart.title)}</h2>', width="content")
            with st.container(width="content", gap="small", key=f"card-tools-{chart_id}", **row):
                if model.menus:
                    chart_options.show(t, chart_id, model.menus)
                chart_options.show_large(t, chart_id)
                chart_share.show(view, chart_id, model.selection, model.shared_options, model.pairs)
        messages.show_finding(model.finding or chart.caption.finding)
        if chart.spec.kind == "table":
            st.html(chart_marks.render(t, chart, view.snapshot, model.selection))
        else:
            what = view.snapshot, chart_id, model.selection, model.options
            forms = chart_marks.choose_forms(chart_id, is_half=model.is_half)
            drawings = [find_drawing(*what, form, is_half=model.is_half) for form in forms]
            chart_marks.show(t, chart_id, drawings, view.selection)
        if not model.is_half:
            messages.show_note(chart.caption.source_line)
            key = f"figures-{chart_id}"
            fold = st.expander(t("Figures and notes"), type="compact", key=key, width="stretch", on_change="rerun")
            if fold.open:
                with fold:
                    draw_figures(view, model)
    if model.is_large:
        show_large(view, chart, chart_share.find_request(view, chart_id, model.selection, model.shared_options))


def draw_figures(view: View, model: CardModel) -> None:
    """Draw the table of a card's figures, with the notes that a reader needs.

    Staff see the names of the files behind it, others links to them and to the definitions of measures.
    """
    chart, t = find(view.snapshot, model), view.t
    if chart.spec.kind != "table":
        st.html(chart_marks.render(t, chart, view.snapshot, model.selection))
    about = " ".join(map(escape, chart.caption.notes))
    address = escape(f"definitions?{model.selection.query_string()}")
    way = f'<a href="{address}">{escape(t("Files and definitions"))}</a>'
    files = escape(chart.caption.files_line) if staff.may_open() else way
    st.html(f'<p class="card-note">{about} {files}</p>')


def show_choice(view: View, selection: Selection, chart_ids: Sequence[str]) -> None:
    """Draw the choice, which the link keeps, and the chosen chart's card."""
    draw_choice(view, make_choice(selection, view.t, view.parameters, chart_ids))


def draw_choice(view: View, model: ChoiceModel) -> None:
    """Draw the choice of one of several charts, and its card."""
    key, chart_ids = f"choice-{view.page_id}", tuple(model.titles)
    if model.warning:
        st.warning(model.warning)
    bound = link.bind(key, chart_options.CHART, model.card.chart_id, chart_ids[0])
    st.segmented_control(model.label, chart_ids, format_func=model.titles.__getitem__, required=True, **bound)
    draw_card(view, model.card)
