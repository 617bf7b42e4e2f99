"""The reports by link that staff have decided about, as a list and as a workbook: what each was, when, by whom, why.

Those whose values count before staff have read them are among them, since staff may take them back.

Run as a module it is a worker's job (see `dashboard.ground.processes.runner`): the server never loads openpyxl.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from dashboard.access.audit.entries import name_person
from dashboard.access.rights import AccessClass
from dashboard.campaign.answers.staff_file import StaffFile
from dashboard.campaign.reporting.reports import REPORT_KINDS, REPORT_STATES, Report, ReportBox, ReportState
from dashboard.errors import UserError
from dashboard.ground.processes.child import answer
from dashboard.i18n import N_
from dashboard.lists.declaration import Column, List, ListRequest, Rows, Slice
from dashboard.lists.for_readers import ACTION, STAKEHOLDER
from dashboard.mail.letter import read_facts
from dashboard.measures.register import name_stakeholder
from dashboard.snapshot.database import open_build
from dashboard.snapshot.selection import Selection

AT_ONCE = "at_once"
_LATEST = "latest"
"""The order that begins with what was decided last."""
_BY_ITSELF = N_("By itself", "a report counts")
_INBOX_FILES = ("reports_by_link.csv", "milestones_by_link.csv", "results_by_link.csv")
_NUMBER = ("report_no",)
_COLUMNS = (
    ACTION,
    STAKEHOLDER,
    Column("kind", N_("Kind"), "words", letters=16, words=REPORT_KINDS, begins="ascending"),
    Column("received_at", N_("Received on", "a report"), "date", begins="descending"),
    Column("decided_at", N_("Decided on"), "date", begins="descending"),
    Column("state", N_("Decision"), "words", words={**REPORT_STATES, AT_ONCE: _BY_ITSELF}, begins="ascending"),
    Column("reason", N_("Reason")),
    Column("decided_by", N_("Decided by"), begins="ascending"),
    Column("report_no", N_("Report"), letters=14),
)
_MOST_ROWS = 1_000_000
_WIDTHS = {"title": 50.0, "stakeholder": 40.0, "reason": 50.0}


def find_counted(campaign: Path, reports: Iterable[Report]) -> frozenset[str]:
    """Find the waiting reports whose values count at once: those that have a row in the inbox."""
    numbers = {one.report_no for one in reports if one.published_at and one.state is ReportState.WAITING}
    if not numbers:
        return frozenset()
    try:
        files = (StaffFile(campaign / "inbox" / name, _NUMBER, _NUMBER, UserError) for name in _INBOX_FILES)
        return frozenset(cells["report_no"] for file in files for _, cells in file.rows()) & numbers
    except UserError:  # a build says what is wrong with it
        return frozenset()


def make_decided(campaign: Path) -> List:
    """Make the list of the reports of a campaign folder that staff have decided about, or that count by themselves."""
    box = ReportBox(campaign / "private")

    def read(request: ListRequest) -> Rows:
        reports = box.list()
        counted_nos = find_counted(campaign, reports)
        reports = [report for report in reports if report.decided_at is not None or report.report_no in counted_nos]
        action_ids = list(dict.fromkeys(report.action_id for report in reports))
        facts = read_facts(request.snapshot, action_ids, request.snapshot.last_date)
        frame = pd.DataFrame([_list_cells(request, report, facts.get(report.action_id)) for report in reports])
        if frame.empty:
            return Rows(frame, 0)
        sort, is_descending, limit, offset = request.slice
        if sort == _LATEST:
            sort, is_descending = "decided_at", not is_descending
        frame = frame.sort_values(sort, ascending=not is_descending, kind="stable", na_position="last")
        return Rows(frame.iloc[offset : offset + limit], len(frame))

    return List(
        "reports_decided", N_("Decided"), _COLUMNS, read, order=_LATEST, empty=N_("Nothing has been decided yet."),
        who=AccessClass.STAFF,
    )  # fmt: skip


def _list_cells(request: ListRequest, report: Report, fact: Mapping[str, Any] | None) -> dict[str, Any]:
    """List the cells of a report; of a case of abuse none has its words."""
    persons, lang = request.snapshot.person_names, request.t.language
    promise = {} if report.is_case else report.promise
    decided_at = report.decided_at or report.published_at
    title = str(promise.get("title", "")) or report.action_id or report.report_no
    return {
        "action_id": report.action_id if fact else None,
        "title": fact["title"] if fact else title,
        "language": fact["language"] if fact else report.lang if promise else None,
        "stakeholder": name_stakeholder(fact["stakeholder"], persons, lang) if fact else promise.get("stakeholder"),
        "stakeholder_id": fact and fact["stakeholder_id"],
        "kind": report.kind,
        "received_at": report.received_at.date(),
        "decided_at": decided_at and decided_at.date(),
        "state": report.state if report.decided_by else AT_ONCE,
        "reason": report.reason or None,
        "decided_by": name_person(request.t, report.decided_by) if report.decided_by else None,
        "report_no": report.report_no,
    }


def answer_job(arguments: dict[str, Any]) -> dict[str, Any]:
    """Do a worker's job: write all rows of the list to a new file.

    `arguments`: those of `name_build`, `campaign` (its folder), `lang`, and `to`, the file.
    """
    from dashboard.files.extracts.workbook import layout
    from dashboard.files.extracts.workbook.archive import save
    from dashboard.ground.files.row_workbooks import RowsWorkbook

    snapshot = open_build(arguments)
    spec = make_decided(Path(arguments["campaign"]))
    every = Slice(spec.order, limit=_MOST_ROWS)
    request = ListRequest(snapshot, Selection(lang=arguments["lang"]), slice=every)
    rows, t = spec.read(request).records, request.t

    def write_rows() -> Iterator[list[Any]]:
        for row in rows:
            yield [row[one.name] if one.kind == "date" else one.write(row, snapshot, t) or None for one in spec.columns]

    columns = [
        layout.Column(one.name, one.label, _WIDTHS.get(one.name, 16.0), "date" if one.kind == "date" else "text")
        for one in spec.columns
    ]
    workbook, title = RowsWorkbook(), t(N_("Decided reports"))
    layout.write_table(
        workbook, title, spec.list_id, columns, write_rows(), len(rows), title, t, is_sample=snapshot.is_sample
    )
    workbook.properties.title = title
    save(workbook, Path(arguments["to"]), datetime.now(UTC))
    return {"rows": len(rows)}


if __name__ == "__main__":
    sys.exit(answer(answer_job))
