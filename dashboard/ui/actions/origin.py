"""Where an action comes from: for readers in a line, for staff every file, sheet and row, and the rows themselves."""

from typing import Any

import pandas as pd
import streamlit as st

from dashboard.measures.register import ActionDetails
from dashboard.ui.frame import staff
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import html_tables, messages, original_row
from dashboard.ui.pieces.original_row import place


def show(view: View, action: ActionDetails) -> None:
    """Draw where the action and its classification stand in the files."""
    t = view.t
    heading = messages.part(t("Where it comes from"))
    if not staff.may_open():
        st.html(heading + messages.note(_say_shortly(view, action)))
        return
    st.html(heading)
    facts = action.facts
    rows = [[t("Submission"), _place(view, facts, "source"), ""]]
    if facts["classification_file"]:
        rows.append([t("Classification"), _place(view, facts, "classification"), ""])
    rows += [
        [t("Merged row"), _place(view, row, "source"), view.t(row["why"])] for row in action.merged.to_dict("records")
    ]
    html_tables.show(html_tables.words(t("Part"), t("Source"), t("Reason")), rows)
    _offer_original_rows(view, action)


def _say_shortly(view: View, action: ActionDetails) -> str:
    """The submission's place, and how many rows were merged into it."""
    said = view.t("From the submission in {place}.", place=_place(view, action.facts, "source"))
    merged = len(action.merged)
    if not merged:
        return said
    more = view.t.plural("{n} more row was merged into it.", "{n} more rows were merged into it.", merged)
    return f"{said} {more}"


def _place(view: View, row: dict[Any, Any], part: str) -> str:
    return place(view, row[f"{part}_file"], row[f"{part}_sheet"], row[f"{part}_row"])


def _offer_original_rows(view: View, action: ActionDetails) -> None:
    """Choose one of the rows that the action, its classification and its reports came from, and see it."""
    facts = action.facts
    rows = [
        (facts["source_file"], facts["source_sheet"], facts["source_row"]),
        (facts["classification_file"], facts["classification_sheet"], facts["classification_row"]),
    ]
    for frame in (action.merged, action.reports):
        rows += list(frame[["source_file", "source_sheet", "source_row"]].itertuples(index=False, name=None))
    places = list(
        dict.fromkeys((file, None if pd.isna(sheet) else sheet, int(row)) for file, sheet, row in rows if file)
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            view.t("Original row"),
            places,
            format_func=lambda where: place(view, *original_row.name_place(view, *where[:2]), where[2]),
            key="original",
            width=560,
        )
        original_row.show_button(view, *chosen, key="action")
