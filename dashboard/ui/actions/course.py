"""The course of an action: its milestones along the days, and the changes of each report against the one before."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd

from dashboard import formats
from dashboard.i18n import N_
from dashboard.measures.register import ActionDetails, plain_rows
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import list_cells
from dashboard.ui.pieces.account import place
from dashboard.ui.pieces.list_cells import Cell, Item, Line

OUTCOMES = {
    "reached": N_("Reached"),
    "missed": N_("Deadline missed"),
    "unknown": N_("Not known"),
    "coming": N_("Upcoming"),
    "undated": N_("Without a date"),
}
"""The outcome of a milestone, in words; `unknown` where no report mentions it since it was due."""
NOW = "now"
Row = dict[Any, Any]


def count_milestones(view: View, milestones: pd.DataFrame, day: date) -> str:
    """Count the milestones reached by the day, in words, or write that there are none."""
    if milestones.empty:
        return view.t("No milestones were submitted.")
    reached = int((milestones["outcome"] == "reached").sum())
    day_words = formats.format_date(day, view.lang)
    return view.t("{n} of {total} reached by {day}.", n=reached, total=len(milestones), day=day_words)


def list_moments(view: View, action: ActionDetails, day: date) -> Iterator[Item]:
    """List the milestones and the day shown, each in its place, by its outcome or `NOW`; empty without milestones."""
    rows = plain_rows(action.milestones)
    if not rows:
        return
    day_words = view.t("Date shown: {day}", day=formats.format_date(day, view.lang))
    now = Item((Line("when", (Cell(day_words),)),), NOW, is_now=True)
    later = next((n for n, row in enumerate(rows) if row["on_date"] is None or row["on_date"] > day), len(rows))
    for number, row in enumerate(rows):
        if number == later:
            yield now
        outcome = Cell(view.t(OUTCOMES[row["outcome"]]), style="outcome")
        label = Cell(row["label"], lang=action.facts["language"] or "")
        yield Item((Line("when", (outcome, *say_days(view, row, day))), Line("what", (label,))), row["outcome"])
    if later == len(rows):
        yield now


def say_days(view: View, row: Row, day: date) -> Iterator[Cell]:
    """Write the day of a milestone, reached or due, and how much earlier or later than planned it was."""
    t, lang, due, reached = view.t, view.lang, row["due_on"], row["reached_on"]
    if row["outcome"] == "reached":
        yield Cell(t("on {day}", day=formats.format_date(reached, lang)), day=reached)
        late = (reached - due).days if due else 0
        if late > 0:
            yield Cell(t.plural("{n} day late", "{n} days late", late))
    if due:
        yield Cell(t("due on {day}", day=formats.format_date(due, lang)), day=due)
    if row["outcome"] == "coming" and due:
        yield Cell(t.plural("in {n} day", "in {n} days", (due - day).days))
    if row["outcome"] in ("missed", "unknown") and due and due < day:
        yield Cell(t.plural("{n} day ago", "{n} days ago", (day - due).days))
    if row["outcome"] == "unknown":
        yield Cell(t("nothing has been reported since"))


def list_reports(view: View, action: ActionDetails, day: date, *, is_staff: bool) -> Iterator[Item]:
    """List the reports up to the day, the latest first, with the changes of each; for staff with their origin."""
    reports = action.reports[pd.to_datetime(action.reports["reported_on"]) <= pd.Timestamp(day)]
    for row in plain_rows(reports):
        day_words = formats.format_date(row["reported_on"], view.lang)
        source = place(view, row["source_file"], row["source_sheet"], row["source_row"])
        changes = (Line("change", (Cell(change),)) for change in _list_changes(view, row, action.milestones))
        lines = (
            Line("day", (Cell(day_words, day=row["reported_on"]),)),
            say_status(view, row),
            *changes,
            Line("text", (Cell(row["narrative"] or "", lang=row["language"] or ""),)),
        )
        where = (Line("card-note", (Cell(view.t("Source: {source}", source=source)),)),) if is_staff else ()
        yield Item((*lines, *where))


def say_status(view: View, report: Row) -> Line:
    """Write the status of a report, after the one before it; a row of `register.details` as plain Python."""
    now = list_cells.say_status(view, report["status"], report["status_code"])
    marks = [now]
    remark = ""
    if report["status_before"] is not None:
        was = list_cells.say_status(view, report["status_before"], report["status_code_before"])
        marks = [now] if was == now else [was, now]
        remark = view.t("(unchanged)") if was == now else ""
    then = Cell(view.t("then"))
    cells = [cell for mark in marks for cell in (then, Cell(mark.word, mark=mark))][1:]
    return Line("change", (*cells, *([Cell(remark)] if remark else [])), view.t("Status: {what}", what="").strip(), " ")


def _list_changes(view: View, report: Row, milestones: pd.DataFrame) -> Iterator[str]:
    """List a report's changes of the percentage and the milestones, against the report before it."""
    t = view.t
    if report["percent"] is not None:
        yield t("Percent done: {what}", what=_say_percent(view, report))
    if report["completed_on"] is not None:
        yield t("Completed on: {what}", what=formats.format_date(report["completed_on"], view.lang))
    labels = _find_reached(report, milestones)
    what = t("; ").join(labels)
    if labels and report["status_before"] is None:
        yield t.plural(
            "Milestone reached by then: {what}", "Milestones reached by then: {what}", len(labels), what=what
        )
    elif labels:
        yield t.plural("Milestone reached since: {what}", "Milestones reached since: {what}", len(labels), what=what)


def _say_percent(view: View, report: Row) -> str:
    share = formats.format_share(report["percent"] / 100, view.lang)
    if report["percent_before"] is None:
        return share
    moved = (report["percent"] - report["percent_before"]) / 100
    if not moved:
        return f"{share} {view.t('(unchanged)')}"
    return f"{share} {view.t('({points} points)', points=formats.format_points(moved, view.lang))}"


def _find_reached(report: Row, milestones: pd.DataFrame) -> list[str]:
    """Find the milestones reached after the report before, and by this one."""
    days = pd.to_datetime(milestones["reached_on"])
    is_new = days <= pd.Timestamp(report["reported_on"])
    if report["reported_before"] is not None:
        is_new &= days > pd.Timestamp(report["reported_before"])
    return [str(label) for label in milestones.loc[is_new, "label"]]
