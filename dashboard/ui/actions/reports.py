"""What was reported about an action, the latest first, and what each report changed against the one before."""

from collections.abc import Iterator, Sequence
from datetime import date
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import formats
from dashboard.i18n import Translator
from dashboard.measures.register import ActionDetails
from dashboard.ui.frame import staff
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import messages, status_mark
from dashboard.ui.pieces.original_row import place


def show(view: View, action: ActionDetails, day: date) -> None:
    """Draw the reports that were known on the day shown."""
    t = view.t
    known = action.reports[pd.to_datetime(action.reports["reported_on"]) <= pd.Timestamp(day)]
    heading = messages.part(t("Progress reports"))
    if known.empty:
        st.html(heading + messages.note(t("No progress has been reported yet.")))
        return
    items = "".join(_item(view, report, action.milestones) for report in known.to_dict("records"))
    st.html(f'{heading}<ol class="reports" reversed>{items}</ol>')


def _item(view: View, report: dict[Any, Any], milestones: pd.DataFrame) -> str:
    reported = pd.Timestamp(report["reported_on"]).date()
    day = formats.format_date(reported, view.lang)
    changes = "".join(f"<li>{change}</li>" for change in _list_changes(view, report, milestones))
    html = f'<h4><time datetime="{reported.isoformat()}">{escape(day)}</time></h4><ul class="changes">{changes}</ul>'
    if isinstance(report["narrative"], str):
        spoken = f' lang="{escape(report["language"])}"' if isinstance(report["language"], str) else ""
        html += f'<p class="text"{spoken}>{escape(report["narrative"])}</p>'
    if staff.may_open():
        source = place(view, report["source_file"], report["source_sheet"], report["source_row"])
        html += f'<p class="card-note">{escape(view.t("Source: {source}", source=source))}</p>'
    return f'<li class="report">{html}</li>'


def _list_changes(view: View, report: dict[Any, Any], milestones: pd.DataFrame) -> Iterator[str]:
    """What a report says of the status, the percentage and the milestones, against the report before it; as HTML."""
    t = view.t
    now = status_mark.render(view, report["status"], report["status_code"])
    if isinstance(report["status_before"], str):
        was = status_mark.render(view, report["status_before"], report["status_code_before"])
        arrow = f'<span aria-hidden="true">→</span><span class="unseen">{escape(t("then"))}</span>'
        now = f"{was} {arrow} {now}" if was != now else f"{now} {escape(t('(unchanged)'))}"
    yield escape(t("Status: {what}", what="{what}")).replace("{what}", now)
    if not pd.isna(report["percent"]):
        yield escape(t("Percent done: {what}", what=_say_percent(t, report)))
    if not pd.isna(report["completed_on"]):
        completed = formats.format_date(pd.Timestamp(report["completed_on"]).date(), view.lang)
        yield escape(t("Completed on: {what}", what=completed))
    reached = _find_reached(report, milestones)
    if reached:
        yield escape(_say_reached(t, reached, is_first=not isinstance(report["status_before"], str)))


def _say_reached(t: Translator, labels: Sequence[str], *, is_first: bool) -> str:
    """The milestones that were reached since the report before; with the first one, by then."""
    n, what = len(labels), "; ".join(labels)
    if is_first:
        return t.plural("Milestone reached by then: {what}", "Milestones reached by then: {what}", n, what=what)
    return t.plural("Milestone reached since: {what}", "Milestones reached since: {what}", n, what=what)


def _say_percent(t: Translator, report: dict[Any, Any]) -> str:
    """The percentage, and by how many points it moved."""
    share = formats.format_share(report["percent"] / 100, t.language)
    if pd.isna(report["percent_before"]):
        return share
    moved = (report["percent"] - report["percent_before"]) / 100
    points = formats.format_points(moved, t.language)
    return f"{share} {t('({points} points)', points=points)}" if moved else f"{share} {t('(unchanged)')}"


def _find_reached(report: dict[Any, Any], milestones: pd.DataFrame) -> list[str]:
    """The milestones that were reached after the report before, and by this one."""
    days = pd.to_datetime(milestones["reached_on"])
    is_new = days <= pd.Timestamp(report["reported_on"])
    if not pd.isna(report["reported_before"]):
        is_new &= days > pd.Timestamp(report["reported_before"])
    return [str(label) for label in milestones.loc[is_new, "label"]]
