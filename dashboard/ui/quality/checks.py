"""What is wrong in the rows: what the checks found, and why rows were rejected; how many, what to do, the rows."""

from collections.abc import Mapping

import streamlit as st

from dashboard.quality import wording
from dashboard.quality.lists import CHECK, LISTS
from dashboard.quality.queries import SEVERITIES, name_reason
from dashboard.quality.wording import check_text
from dashboard.ui.frame import link
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import messages, record_tables
from dashboard.ui.pieces.record_tables import Cells
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
        Cells(t("What was found"), lambda check: t(check_text(check["check_id"]).title)),
        Cells(t("Severity"), lambda check: t(SEVERITIES.get(check["severity"], check["severity"]))),
        record_tables.count(view, t("Rows"), "rows_found"),
        Cells(t("What to do"), lambda check: t(check_text(check["check_id"]).remedy)),
    )
    record_tables.show(failed, columns)
    passed = len(checks) - len(failed)
    st.caption(
        t.plural("{n} further check found nothing.", "{n} further checks found nothing.", passed)
        + f" {t('A warning is probably an error; a note may be fine.')}"
    )
    messages.show_card_title(t("Rows"))
    titles = {check: t(check_text(check).title) for check in failed["check_id"]}
    requested = view.parameters.get(CHECK)
    check_id = requested if requested in titles else None
    bound = link.bind("quality-check", CHECK, check_id, None, instead=listing.OTHER_LIST)
    listing.choose(t("Check"), titles, t("All checks"), width=420, **bound)
    listing.show(view, LISTS["checks"], file, check_id)


def show_rejected(view: View, file: str | None, _numbers: Mapping[str, int]) -> None:
    """Draw the reasons with their remedies, and the rows."""
    t = view.t
    reasons = view.snapshot.query("quality_reasons", {"file": file})
    if not reasons.empty:
        columns = (
            Cells(t("What is wrong"), lambda row: name_reason(t, row["reason"])),
            record_tables.count(view, t("Rows"), "row_count"),
            Cells(t("What to do"), lambda row: t(wording.remedy(row["reason"]))),
        )
        record_tables.show(reasons, columns, is_long=True)
    listing.show(view, LISTS["rejected"], file)
