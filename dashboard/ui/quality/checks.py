"""The checks: which were made, how much each found, and the rows of the one that is chosen."""

from html import escape

import streamlit as st

from dashboard import formats
from dashboard.quality.checks import check_text
from dashboard.quality.lists import LISTS
from dashboard.quality.queries import SEVERITIES
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import tables
from dashboard.ui.quality import rows as quality_rows


def show(view: View, file: str | None) -> None:
    """Draw the checks that found something, and their findings."""
    t = view.t
    made = view.snapshot.query("quality_check_totals", {"file": file})
    found = made[made["rows_found"] > 0]
    if found.empty:
        st.success(t(LISTS["checks"].empty), icon=":material/check_circle:")
        return
    columns = (
        tables.Column(t("What was found")),
        tables.Column(t("Severity"), True),
        tables.Column(t("Rows")),
        tables.Column(t("What to do"), True),
    )
    rows = [
        [
            t(check_text(row["check_id"]).title),
            t(SEVERITIES.get(row["severity"], row["severity"])),
            formats.format_count(row["rows_found"], view.lang),
            t(check_text(row["check_id"]).remedy),
        ]
        for row in found.to_dict("records")
    ]
    tables.show(columns, rows)
    well = len(made) - len(found)
    st.caption(
        t.plural("{n} further check found nothing.", "{n} further checks found nothing.", well)
        + f" {t('A warning is likely a mistake; a note may be right.')}"
    )
    st.html(f'<h3 class="card-title">{escape(t("Rows"))}</h3>')
    titles = {check: t(check_text(check).title) for check in found["check_id"]}
    chosen = st.selectbox(
        t("Check"),
        list(titles),
        format_func=titles.__getitem__,
        index=None,
        placeholder=t("All checks"),
        key="quality-check",
        width=420,
    )
    quality_rows.show(view, LISTS["checks"], file, check_id=chosen)
