"""Answers over time: the reporting rate from day to day, with the days on which letters went out marked on it."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from dashboard import formats
from dashboard.charts.chart import build_chart
from dashboard.charts.plotly.draw import CONFIG
from dashboard.charts.plotly.reminded import Reminder, draw_reminded
from dashboard.charts.plotly.scheme import darken
from dashboard.i18n import N_
from dashboard.measures.definitions import DEFINITIONS
from dashboard.measures.silent import answers_since
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import messages, record_tables
from dashboard.ui.pieces.record_tables import Cells
from dashboard.ui.silent import notes

CURVE = "completion-over-time"
"""The chart whose days, waves and deadline it has."""


def show(view: View, selection: Selection) -> None:
    """Draw the curve with its reminders, a sentence of each, and the same as a table."""
    t = view.t
    answers = answers_since(view.snapshot, selection, notes.open_notes(view).days())
    with st.container(border=True, key="card-reminders"):
        messages.show_card_title(t("Answers over time, and reminders"))
        if answers.empty:
            st.html(f'<p class="finding">{t("No letters about these actions had gone out by this date.")}</p>')
        _show_curve(view, selection, [_describe(view, row) for row in answers.to_dict("records")])
        for row in answers.to_dict("records"):
            messages.show_note(_describe(view, row).about)
        record_tables.show_list(
            view,
            t("The same figures as a table"),
            answers,
            (
                Cells(t("Asked on"), lambda row: formats.format_date(pd.Timestamp(row["asked_on"]).date(), view.lang)),
                record_tables.count(view, t("Actions asked about"), "actions"),
                record_tables.count(view, t("Answered since"), "answered"),
                Cells(
                    t(N_("Share", "part of a whole")),
                    lambda row: formats.format_percent(row["answered"], row["actions"], view.lang),
                    is_words=False,
                ),
            ),
        )
        messages.show_note(
            t(
                "Dashed lines mark the days of letters, with the number of actions asked about. Not every later "
                "answer is due to a reminder. An action asked about several times counts on each day."
            )
        )


def _describe(view: View, row: Mapping[Any, Any]) -> Reminder:
    """A reminder's mark, and its sentence: how many were asked, and how many have answered since."""
    day = pd.Timestamp(row["asked_on"]).date()
    actions, answered = int(row["actions"]), int(row["answered"])
    sentence = view.t.plural(
        "{day}: {n} action asked about; reports since: {answered} ({share}).",
        "{day}: {n} actions asked about; reports since: {answered} ({share}).",
        actions,
        answered=answered,
        share=formats.format_percent(answered, actions, view.lang),
        day=formats.format_date(day, view.lang),
    )
    return Reminder(day, formats.format_count(actions, view.lang), sentence)


def _show_curve(view: View, selection: Selection, reminders: list[Reminder]) -> None:
    chart = build_chart(view.snapshot, CURVE, selection)
    name = view.t(DEFINITIONS["reporting_rate"].name)
    figure = go.Figure(draw_reminded(chart, reminders, name), _validate=False)
    if st.context.theme.type == "dark":
        figure = darken(figure, "curve")
    sentences = " ".join(one.about for one in reminders)
    rate = formats.format_rate(chart.total.reported, chart.total.actions, view.lang)
    alt = f"{chart.pair(name, rate)}. {sentences}"
    st.plotly_chart(figure, theme=None, config=CONFIG, alt=alt, key="chart-reminders")
