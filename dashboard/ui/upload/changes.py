"""What publishing adds, changes and removes: actions, fields with their values before and after, reports."""

from datetime import date
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import formats
from dashboard.measures.register import join_labels
from dashboard.quality.differences import Comparison
from dashboard.quality.draft_preview import Preview
from dashboard.quality.field_names import name_field
from dashboard.ui.frame.page import Frame
from dashboard.ui.pieces import tables

_CODELISTS = {
    "status": "statuses",
    "stakeholder_group": "stakeholder_groups",
    "category": "categories",
    "themes": "themes",
    "regions": "regions",
    "countries": "countries",
}
_DATES = ("reported_on", "submitted_on", "due_on")
_LONGEST = 300  # characters of a value that are shown


def show(view: Frame, preview: Preview | Comparison) -> None:
    """Draw the actions and reports that publishing adds, changes and removes."""
    t, changes = view.t, preview.changes
    st.html(f'<h3 class="card-title">{escape(t("Changes"))}</h3>')
    counted = (
        (t("Actions added"), changes.actions_added),
        (t("Actions changed"), changes.actions_changed),
        (t("of these with another status"), changes.statuses_changed),
        (t("Actions removed"), changes.actions_removed),
        (t("Progress reports added"), changes.reports_added),
        (t("Progress reports removed"), changes.reports_removed),
    )
    columns = (tables.Column(t("Change")), tables.Column(t("Number")))
    tables.show(columns, [[label, formats.format_count(number, view.lang)] for label, number in counted])
    _show_actions(view, t("Actions added"), changes.added, changes.actions_added)
    _show_changed(view, preview)
    _show_actions(view, t("Actions removed"), changes.removed, changes.actions_removed)


def _show_actions(view: Frame, title: str, actions: pd.DataFrame, count: int) -> None:
    t = view.t
    if actions.empty:
        return
    columns = (tables.Column(t("Title")), tables.Column(t("Stakeholder"), True), tables.Column(t("Action ID"), True))
    rows = [[_text(row["title"]), _text(row["stakeholder"]), row["action_id"]] for row in actions.to_dict("records")]
    with st.expander(name_list(view, title, count, len(rows))):
        st.html(tables.render(columns, rows, is_long=True))


def _show_changed(view: Frame, preview: Preview | Comparison) -> None:
    t, changed = view.t, preview.changes.changed
    if changed.empty:
        return
    columns = (
        tables.Column(t("Action")),
        tables.Column(t("Field"), True),
        tables.Column(t("Before"), True),
        tables.Column(t("After"), True),
    )
    rows = [
        [
            _text(row["title"]) or row["action_id"],
            t(name_field(row["field"])),
            _value(view, preview, row["field"], row["before"]),
            _value(view, preview, row["field"], row["after"]),
        ]
        for row in changed.to_dict("records")
    ]
    shown = int(changed["action_id"].nunique())
    with st.expander(name_list(view, t("Actions changed"), preview.changes.actions_changed, shown)):
        st.html(tables.render(columns, rows, is_long=True))


def _value(view: Frame, preview: Preview | Comparison, field: str, value: Any) -> str:
    """A field's value as a reader knows it: labels for codes, dates in words, a dash for none."""
    if pd.isna(value):
        return formats.NOTHING
    text = str(value)
    if field in _CODELISTS:
        return join_labels(text.split(", "), preview.codes.get(_CODELISTS[field], {}), view.lang)
    if field in _DATES:
        return formats.format_date(date.fromisoformat(text), view.lang)
    if field == "percent":
        return formats.format_share(float(text) / 100, view.lang)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …"


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)


def name_list(view: Frame, title: str, count: int, shown: int) -> str:
    """A list's title with its length, and how much of it is shown."""
    number = formats.format_count(count, view.lang)
    if shown < count:
        first = formats.format_count(shown, view.lang)
        return view.t("{title}: {count}, the first {shown} here", title=title, count=number, shown=first)
    return view.t("{title}: {count}", title=title, count=number)
