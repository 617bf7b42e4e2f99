"""Rejected rows: why, how many and what to do; then the rows themselves."""

import streamlit as st

from dashboard import formats
from dashboard.quality import wording
from dashboard.quality.lists import LISTS
from dashboard.quality.queries import name_reason
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import tables
from dashboard.ui.quality import rows as quality_rows


def show(view: View, file: str | None) -> None:
    """Draw the reasons with their remedies, and the rows."""
    t = view.t
    found = view.snapshot.query("quality_reasons", {"file": file})
    if not found.empty:
        columns = (
            tables.Column(t("What is wrong")),
            tables.Column(t("Rows")),
            tables.Column(t("What to do"), True),
        )
        rows = [
            [
                name_reason(t, row["reason"]),
                formats.format_count(row["row_count"], view.lang),
                t(wording.remedy(row["reason"])),
            ]
            for row in found.to_dict("records")
        ]
        st.html(tables.render(columns, rows, is_long=True))
    quality_rows.show(view, LISTS["rejected"], file)
