"""The files of the inbox that reports by link become once staff accept them: a row a thing, for a recipe of one name.

    report ─┬▶ reports_by_link.csv, milestones_by_link.csv   progress
            ├▶ results_by_link.csv                           numbers that were reached, or that a promise states
            ├▶ stories_by_link.csv, events_by_link.csv       a story, an event
            ├▶ actions_by_link.csv                           a promise
            └▶ annotations_by_link.csv                       its files and its reply, each only as staff confirm it

Staff may open them like any file of the inbox: rows are added in the file's own way of writing, and a later word of a
stakeholder is a further row. `data/recipes/` reads these columns.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from dashboard.campaign.answers.staff_file import StaffFile
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.reporting.evidence import SentFile
from dashboard.campaign.reporting.published_files import name_file
from dashboard.campaign.reporting.reports import Report, ReportKind
from dashboard.errors import UserError

_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_LETTERS_OF_HASH = 12
POSTS = (ReportKind.STORY, ReportKind.EVENT)

Cells = Mapping[str, str]
Key = tuple[str, ...]


class ReportsFileError(UserError):
    """One of the files cannot be used as it is."""


class AcceptedReport(NamedTuple):
    """A report as it is written: the number of its story or event, and what of it staff confirmed."""

    report: Report
    post_no: str
    is_reply: bool = False
    hashes: Collection[str] = ()


class LinkFile(NamedTuple):
    """One of the files: its columns, which of them name what a row is about, and the rows of a report."""

    name: str
    columns: tuple[str, ...]
    keys: tuple[str, ...]
    write: Callable[[AcceptedReport], Iterable[Mapping[str, Any]]]

    def open(self, folder: CampaignFolder) -> StaffFile:
        """Point at it in a campaign's inbox."""
        return StaffFile(folder.inbox / self.name, self.columns, self.keys, ReportsFileError)

    def find_key(self, cells: Cells) -> Key:
        """Find what a row is about."""
        return tuple(cells[name] for name in self.keys)

    def write_rows(self, accepted: AcceptedReport) -> list[dict[str, str]]:
        """Write the rows of a report."""
        return [{name: _write_cell(row.get(name)) for name in self.columns} for row in self.write(accepted)]


def _write_progress(accepted: AcceptedReport) -> Iterator[Mapping[str, Any]]:
    report = accepted.report
    if report.states_progress:
        yield {
            **_name_report(accepted),
            "submitted_at": report.received_at,
            "status": report.status,
            "percent": report.percent,
            "completed_on": report.completed_on,
            "what_was_done": report.narrative,
            "evidence": report.evidence or "; ".join(file.description for file in _list_public_files(accepted)),
            "wave": report.wave,
        }


def _list_public_files(accepted: AcceptedReport) -> list[SentFile]:
    """List the files that staff confirmed and whose senders have stated what is needed."""
    return [file for file in accepted.report.files if file.sha256 in accepted.hashes and file.can_be_public]


def _write_milestones(accepted: AcceptedReport) -> Iterator[Mapping[str, Any]]:
    for milestone, day in accepted.report.milestones.items():
        sent_at = accepted.report.received_at
        yield {**_name_report(accepted), "submitted_at": sent_at, "milestone": milestone, "reached_on": day}


def _write_results(accepted: AcceptedReport) -> Iterator[Mapping[str, Any]]:
    report = accepted.report
    keys = {**_name_report(accepted), "submitted_at": report.received_at}
    if report.kind is ReportKind.PROMISE:
        keys |= {"report_no": accepted.post_no, "action_id": accepted.post_no}
    for number in report.results:
        yield {**asdict(number), **keys}


def _write_story(accepted: AcceptedReport) -> Iterator[Mapping[str, Any]]:
    report = accepted.report
    if report.kind is ReportKind.STORY:
        yield {**_name_post(accepted), "story": report.narrative}


def _write_event(accepted: AcceptedReport) -> Iterator[Mapping[str, Any]]:
    report = accepted.report
    if report.kind is ReportKind.EVENT:
        yield {**_name_post(accepted), "about": report.narrative, "place": report.place}


def _write_promise(accepted: AcceptedReport) -> Iterator[Mapping[str, Any]]:
    report = accepted.report
    if report.kind is ReportKind.PROMISE:
        numbers = {**_name_report(accepted), "report_no": accepted.post_no}
        yield {**report.promise, **numbers, "submitted_at": report.received_at}


def _write_annotations(accepted: AcceptedReport) -> Iterator[Mapping[str, Any]]:
    report = accepted.report
    is_promise = report.kind is ReportKind.PROMISE
    common = {
        **_name_report(accepted),
        "action_id": accepted.post_no if is_promise else report.action_id,
        "said_on": report.received_at.astimezone(UTC).date(),
    }
    if accepted.is_reply:
        yield {**common, "annotation_no": report.report_no, "kind": "reply", "words": report.correction}
    for file in _list_public_files(accepted):
        yield {
            **common,
            "annotation_no": number_file(report, file),
            "post_id": accepted.post_no if report.kind in POSTS else "",
            "kind": "picture" if file.is_picture else "document",
            "words": file.description,
            "file": name_file(file),
            "rights": file.rights,
        }


def number_file(report: Report, file: SentFile) -> str:
    """Make the number of the annotation that a file becomes."""
    return f"{report.report_no}-{file.sha256[:_LETTERS_OF_HASH]}"


def _name_report(accepted: AcceptedReport) -> dict[str, Any]:
    report = accepted.report
    return {"report_no": report.report_no, "action_id": report.action_id, "language": report.lang}


def _name_post(accepted: AcceptedReport) -> dict[str, Any]:
    report = accepted.report
    post = {"report_no": accepted.post_no, "on_day": report.on_day, "title": report.title, "address": report.evidence}
    return {**_name_report(accepted), **post}


REPORTS = LinkFile(
    "reports_by_link.csv",
    ("report_no", "action_id", "submitted_at", "status", "percent", "completed_on", "what_was_done", "evidence",
     "language", "wave"),
    ("report_no",),
    _write_progress,
)  # fmt: skip
MILESTONES = LinkFile(
    "milestones_by_link.csv",
    ("report_no", "action_id", "submitted_at", "milestone", "reached_on"),
    ("report_no", "milestone"),
    _write_milestones,
)
RESULTS = LinkFile(
    "results_by_link.csv",
    ("report_no", "submitted_at", "action_id", "indicator", "unit", "baseline", "baseline_on", "target", "target_on",
     "actual", "actual_on", "how_known"),
    ("report_no", "indicator", "unit"),
    _write_results,
)  # fmt: skip
STORIES = LinkFile(
    "stories_by_link.csv",
    ("report_no", "action_id", "on_day", "title", "story", "address", "language"),
    ("report_no",),
    _write_story,
)
EVENTS = LinkFile(
    "events_by_link.csv",
    ("report_no", "action_id", "on_day", "title", "about", "place", "address", "language"),
    ("report_no",),
    _write_event,
)
ACTIONS = LinkFile(
    "actions_by_link.csv",
    ("report_no", "submitted_at", "title", "stakeholder", "stakeholder_group", "category", "themes", "countries",
     "regions", "description", "partners", "due_on", "address", "language", "contact_name", "contact_email"),
    ("report_no",),
    _write_promise,
)  # fmt: skip
ANNOTATIONS = LinkFile(
    "annotations_by_link.csv",
    ("annotation_no", "action_id", "post_id", "kind", "said_on", "words", "language", "file", "rights",
     "withdrawn_on"),
    ("annotation_no",),
    _write_annotations,
)  # fmt: skip
VALUES = (REPORTS, MILESTONES, RESULTS)
"""The files in which the values of a report stand that may count by themselves."""
CONTENT = (*VALUES, STORIES, EVENTS, ACTIONS)
"""The files that a report has rows in by what it says; what else is written of it staff confirm one by one."""
LINK_FILES = (*CONTENT, ANNOTATIONS)


def _write_cell(value: Any) -> str:
    """Write a value; a text with line ends as spreadsheets have them, and without signs that no file of text holds."""
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        return f"{value:.15g}"
    if isinstance(value, str) or value is None:
        return _UNWRITABLE.sub("", (value or "").replace("\r\n", "\n").replace("\r", "\n")).strip()
    return ";".join(map(_write_cell, value))
