"""Rejected rows: why, how many and what to do; then the rows themselves."""

import streamlit as st

from dashboard import formats, reasons
from dashboard.quality import name_reason
from dashboard.quality_lists import LISTS
from dashboard.ui import quality_rows, tables
from dashboard.ui.page import View


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
                t(reasons.remedy(row["reason"])),
            ]
            for row in found.to_dict("records")
        ]
        st.html(tables.render(columns, rows, is_long=True))
    quality_rows.show(view, LISTS["rejected"], file)
