"""`inbox/reports_by_link.csv`: the reports by link that staff accepted, a row each, for the recipe of the same name.

Staff may open it like any file of the inbox: rows are added in its own way of writing, and a later word of a
stakeholder is a further row. `data/recipes/reports_by_link.toml` reads these columns.
"""

import re
from collections.abc import Sequence
from datetime import UTC

from dashboard.access.audit.log import find_actor
from dashboard.campaign.answers.staff_file import StaffFile
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.reporting.reports import Report, ReportBox, ReportState
from dashboard.errors import UserError
from etl.steps import Step, reached

NAME = "reports_by_link.csv"
COLUMNS = (
    "report_no", "action_id", "submitted_at", "status", "percent", "completed_on", "what_was_done", "evidence",
    "language", "wave",
)  # fmt: skip
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class ReportsFileError(UserError):
    """The file cannot be used as it is."""


def settle_reports(folder: CampaignFolder) -> None:
    """Let reports be accepted or wait as the file says: going back takes rows out, and a stopped command leaves rows.

    Raises:
        UserError: the file cannot be read.
    """
    box, numbers = ReportBox(folder.private), _list_numbers(folder)
    for report in box.list():
        has_row = report.report_no in numbers
        if report.state is ReportState.WAITING and has_row:
            box.decide(report.report_no, ReportState.ACCEPTED, find_actor().person.key)
        elif report.state is ReportState.ACCEPTED and report.has_progress and not has_row:
            box.reopen(report.report_no)


def append_reports(folder: CampaignFolder, reports: Sequence[Report]) -> int:
    """Add a row for each report that has none yet, all in one step; return how many were added.

    Raises:
        UserError: the file cannot be read or written; it is as it was.
    """
    numbers = _list_numbers(folder)
    rows = [_write_row(report) for report in reports if report.report_no not in numbers]
    reached(Step.SAY)
    _open(folder).change(rows)
    return len(rows)


def _list_numbers(folder: CampaignFolder) -> set[str]:
    return {cells["report_no"] for _, cells in _open(folder).rows()}


def _open(folder: CampaignFolder) -> StaffFile:
    return StaffFile(folder.inbox / NAME, COLUMNS, COLUMNS[:3], ReportsFileError)


def _write_row(report: Report) -> dict[str, str]:
    return {
        "report_no": report.report_no,
        "action_id": report.action_id,
        "submitted_at": f"{report.received_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}",
        "status": report.status,
        "percent": "" if report.percent is None else f"{report.percent:g}",
        "completed_on": report.completed_on.isoformat() if report.completed_on else "",
        "what_was_done": _write_text(report.narrative),
        "evidence": _write_text(report.evidence),
        "language": report.lang,
        "wave": report.wave,
    }


def _write_text(text: str) -> str:
    """Write a text with line ends as spreadsheets have them in a cell, and without signs that no file of text holds."""
    return _UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
