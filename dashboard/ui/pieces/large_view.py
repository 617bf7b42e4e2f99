"""The large view of a chart: its Plotly figure over the whole window, loaded when it is opened, with its files."""

import streamlit as st

from dashboard.charts.chart import Chart
from dashboard.charts.plotly.draw import draw, large_config, let_zoom
from dashboard.charts.plotly.scheme import darken
from dashboard.ui.frame import link, staff
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import chart_options, chart_share, messages
from dashboard.web.charts.requests import ChartRequest


def show(view: View, chart: Chart, request: ChartRequest) -> None:
    """Draw the large view of a chart; `request`: what its files are asked for with."""
    figure = let_zoom(draw(chart))
    if st.context.theme.type == "dark":
        figure = darken(figure, chart.spec.kind)

    @st.dialog(messages.plain(chart.title), width="large", on_dismiss=_close)
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


def _close() -> None:
    link.change_page_parameter(chart_options.LARGE, None)
