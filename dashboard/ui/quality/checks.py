"""What is wrong in the rows: what the checks found, and why rows were rejected; how many, what to do, the rows."""

from collections.abc import Mapping

import streamlit as st

from dashboard import formats
from dashboard.quality import wording
from dashboard.quality.lists import LISTS
from dashboard.quality.queries import SEVERITIES, name_reason
from dashboard.quality.wording import check_text
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import html_tables, messages
from dashboard.ui.quality import listing


def show(view: View, file: str | None, _numbers: Mapping[str, int]) -> None:
    """Draw the checks that found something, and their findings."""
    t = view.t
    checks = view.snapshot.query("quality_check_totals", {"file": file})
    failed = checks[checks["rows_found"] > 0]
    if failed.empty:
        st.success(t(LISTS["checks"].empty), icon=":material/check_circle:")
        return
    columns = (
        *html_tables.words(t("What was found"), t("Severity")),
        *html_tables.figures(t("Rows")),
        *html_tables.words(t("What to do")),
    )
    rows = [
        [
            t(check_text(check["check_id"]).title),
            t(SEVERITIES.get(check["severity"], check["severity"])),
            formats.format_count(check["rows_found"], view.lang),
            t(check_text(check["check_id"]).remedy),
        ]
        for check in failed.to_dict("records")
    ]
    html_tables.show(columns, rows)
    passed = len(checks) - len(failed)
    st.caption(
        t.plural("{n} further check found nothing.", "{n} further checks found nothing.", passed)
        + f" {t('A warning is probably an error; a note may be fine.')}"
    )
    messages.show_card_title(t("Rows"))
    titles = {check: t(check_text(check).title) for check in failed["check_id"]}
    check_id = listing.choose(t("Check"), titles, t("All checks"), key="quality-check", width=420)
    listing.show(view, LISTS["checks"], file, check_id=check_id)


def show_rejected(view: View, file: str | None, _numbers: Mapping[str, int]) -> None:
    """Draw the reasons with their remedies, and the rows."""
    t = view.t
    reasons = view.snapshot.query("quality_reasons", {"file": file})
    if not reasons.empty:
        columns = (
            *html_tables.words(t("What is wrong")),
            *html_tables.figures(t("Rows")),
            *html_tables.words(t("What to do")),
        )
        rows = []
        for reason, count in zip(reasons["reason"], reasons["row_count"], strict=True):
            rows.append([name_reason(t, reason), formats.format_count(count, view.lang), t(wording.remedy(reason))])
        st.html(html_tables.render(columns, rows, is_long=True))
    listing.show(view, LISTS["rejected"], file)
