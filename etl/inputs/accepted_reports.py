"""What staff have accepted of reports by link: its rows, what follows for reports and files, what is withdrawn.

The files of the inbox (`reports_file`) say what is accepted: `settle_reports` brings reports and public copies of files
in line with them. One acceptance writes several files, so its command notes it (`etl/publish/begun.py`) before the
first; wherever it is killed, the next command of the campaign writes the rest.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Self

from dashboard.access.audit.log import find_actor
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.reporting.published_files import list_published_files
from dashboard.campaign.reporting.reports import Report, ReportBox, ReportKind, ReportState, find_replaced
from dashboard.campaign.reporting.withdrawal import make_public_copy, remove_public_copies
from dashboard.errors import UserError
from etl.inputs.reports_file import (
    ANNOTATIONS,
    CONTENT,
    LINK_FILES,
    POSTS,
    VALUES,
    AcceptedReport,
    Cells,
    Key,
    LinkFile,
    number_file,
)
from etl.steps import Step, reached


@dataclass(frozen=True)
class Acceptance:
    """What staff accept, as they confirmed it.

    Attributes:
        decided_by: Who accepts, as the audit log names them.
        replies: Those whose correction stands beside the action.
        hashes: The files that may be public.
    """

    numbers: tuple[str, ...]
    decided_by: str
    replies: tuple[str, ...] = ()
    hashes: tuple[str, ...] = ()

    def write(self) -> str:
        """Write it as the note of an unfinished step."""
        return json.dumps(vars(self))

    @classmethod
    def read(cls, text: str) -> Self:
        """Read such a note."""
        values = json.loads(text)
        return cls(decided_by=values.pop("decided_by"), **{name: tuple(value) for name, value in values.items()})


class _Rows:
    """The rows of all the files as they are, by what they are about."""

    def __init__(self, folder: CampaignFolder) -> None:
        """Read the files.

        Raises:
            ReportsFileError: one of them cannot be read.
        """
        self._rows: dict[tuple[str, Key], list[Cells]] = {}
        for file in LINK_FILES:
            for _, cells in file.open(folder).rows():
                self._rows.setdefault((file.name, file.find_key(cells)), []).append(cells)

    def find(self, file: LinkFile, key: Key) -> list[Cells]:
        """Find the rows about one thing, in their order."""
        return self._rows.get((file.name, key), [])

    def list_annotations(self, *, is_public: bool) -> list[Cells]:
        """List the annotations that are public, or that were withdrawn, as their last rows state them."""
        latest = [rows[-1] for (name, _), rows in self._rows.items() if name == ANNOTATIONS.name]
        return [cells for cells in latest if is_public != bool(cells.get("withdrawn_on"))]

    def list_files(self, *, is_public: bool) -> set[str]:
        """List the names of the files of such annotations."""
        return {name for cells in self.list_annotations(is_public=is_public) if (name := cells.get("file"))}

    def has(self, file: LinkFile, row: Cells, report: Report, place: int) -> bool:
        """Return whether the row of a report is there; `place` is that of the report among those of one post.

        Of a waiting report a row counts only where it states all that the report does: its figures may have been
        published at once, and the rest waits.
        """
        rows = self.find(file, file.find_key(row))
        if report.state is not ReportState.ACCEPTED:
            rows = [cells for cells in rows if all(cells.get(name) for name, value in row.items() if value)]
        return place < len(rows)

    def is_public(self, number: str) -> bool:
        """Return whether an annotation is there, and was not withdrawn."""
        rows = self.find(ANNOTATIONS, (number,))
        return bool(rows) and not rows[-1].get("withdrawn_on")

    def list_missing(self, file: LinkFile, accepted: AcceptedReport, place: int) -> list[dict[str, str]]:
        """List the rows of a report that a file lacks."""
        rows = file.write_rows(accepted)
        if file is ANNOTATIONS:
            return [row for row in rows if not self.is_public(row["annotation_no"])]
        return [row for row in rows if not self.has(file, row, accepted.report, place)]


def _place_reports(reports: Iterable[Report]) -> dict[str, tuple[str, int]]:
    """Place each report among those of one post, in the order in which they came.

    A story, event or promise that changes an earlier one by the same link has its number and is a further row about it.

    Returns:
        By the number of each report: that of its post, and how many of the post's reports come before it that staff
        have not set aside.
    """
    posts: dict[tuple[str, str, ReportKind], str] = {}
    before: Counter[str] = Counter()
    places = {}
    for report in sorted(reports, key=lambda one: (one.received_at, one.report_no)):
        post_no = report.report_no
        if report.kind in (*POSTS, ReportKind.PROMISE):
            post_no = posts.get((report.replaces, report.link, report.kind), post_no)
        posts[report.report_no, report.link, report.kind] = post_no
        places[report.report_no] = (post_no, before[post_no])
        before[post_no] += report.state in (ReportState.WAITING, ReportState.ACCEPTED)
    return places


def accept_reports(folder: CampaignFolder, acceptance: Acceptance) -> dict[str, int]:
    """Give reports their rows, and note the decision; what is done already is not done again.

    Public copies come first, so that no row speaks of a file that is not there; a file whose sender has withdrawn it
    meanwhile is left out. Call under the lock, with the acceptance noted as begun.

    Returns:
        How many rows are new, by the name of each file that has any.

    Raises:
        UserError: a report is decided about otherwise, or a file cannot be read or written.
    """
    box, rows = ReportBox(folder.private), _Rows(folder)
    chosen = [box.find_open(number, ReportState.ACCEPTED) for number in acceptance.numbers]
    for report in chosen:
        for file in report.files:
            if file.sha256 in acceptance.hashes and file.can_be_public:
                reached(Step.PUBLISH_FILE)
                make_public_copy(folder.root, file)
    set_aside_replaced(box, acceptance.numbers, acceptance.decided_by)
    places, counts = _place_reports(box.list()), {}
    for link_file in LINK_FILES:
        new_rows = []
        for report in chosen:
            post_no, place = places[report.report_no]
            accepted = AcceptedReport(report, post_no, report.report_no in acceptance.replies, acceptance.hashes)
            new_rows += rows.list_missing(link_file, accepted, place)
        if new_rows:
            reached(Step.SAY)
            link_file.open(folder).change(new_rows)
            counts[link_file.name] = len(new_rows)
    for report in chosen:
        reached(Step.DECIDE)
        box.decide(report.report_no, ReportState.ACCEPTED, acceptance.decided_by)
    settle_reports(folder)
    return counts


def list_replaced(box: ReportBox, numbers: Collection[str]) -> dict[str, str]:
    """List the waiting reports that later ones among these replace, each with the number of that."""
    replaced = find_replaced(box.list(ReportState.WAITING))
    return {earlier: later for earlier, later in replaced.items() if later in numbers and earlier not in numbers}


def set_aside_replaced(box: ReportBox, numbers: Collection[str], decided_by: str) -> None:
    """Note that the reports are set aside that later ones among these replace."""
    for earlier, later in list_replaced(box, numbers).items():
        box.decide(earlier, ReportState.SET_ASIDE, decided_by, f"Replaced by {later}")


def append_values(folder: CampaignFolder, reports: Sequence[Report]) -> int:
    """Add the rows of waiting reports of progress with their figures alone: status, percent, day, milestones, numbers.

    One that states nothing else is accepted with them; any other goes on to wait. Nothing is added of a case of abuse.
    Returns how many rows are new.

    Raises:
        UserError: a file cannot be read or written.
    """
    rows, row_count = _Rows(folder), 0
    reports = [one for one in reports if one.kind is ReportKind.PROGRESS and not one.is_case]
    for link_file in VALUES:
        new_rows = []
        for report in reports:
            values = report.keep_values()
            new_rows += rows.list_missing(link_file, AcceptedReport(values, values.report_no), 0)
        if new_rows:
            reached(Step.SAY)
            link_file.open(folder).change(new_rows)
        row_count += len(new_rows)
    box = ReportBox(folder.private)
    for report in reports:
        if report == report.keep_values():
            reached(Step.DECIDE)
            box.decide(report.report_no, ReportState.ACCEPTED, "")
    settle_reports(folder)
    return row_count


def remove_values(folder: CampaignFolder, report_no: str) -> int:
    """Take the figures of a report out of the inbox that counted by themselves; return how many rows that were.

    Raises:
        UserError: a file cannot be read or written.
    """
    row_count = 0
    for link_file in VALUES:
        file = link_file.open(folder)
        lines = [line for line, cells in file.rows() if cells["report_no"] == report_no]
        if lines:
            reached(Step.SAY)
            file.change(removed=lines)
        row_count += len(lines)
    return row_count


def withdraw_annotations(folder: CampaignFolder, numbers: Iterable[str], day: date) -> None:
    """Add the rows that take public annotations out of the figures.

    Raises:
        UserError: the file cannot be read or written.
    """
    rows = _Rows(folder)
    withdrawn = [
        {**dict.fromkeys(ANNOTATIONS.columns, ""), **cells, "withdrawn_on": day.isoformat()}
        for number in dict.fromkeys(numbers)
        if rows.is_public(number)
        for cells in rows.find(ANNOTATIONS, (number,))[-1:]
    ]
    if withdrawn:
        reached(Step.SAY)
        ANNOTATIONS.open(folder).change(withdrawn)


def list_public(folder: CampaignFolder, names: Iterable[str]) -> dict[str, list[str]]:
    """List the public annotations of each hash of a file, or number of a report whose reply is public.

    Raises:
        ReportsFileError: a file of the inbox cannot be read.
    """
    public = _Rows(folder).list_annotations(is_public=True)
    return {
        name: [
            cells["annotation_no"]
            for cells in public
            if name in (cells["annotation_no"], cells.get("file", "").partition(".")[0])
        ]
        for name in names
    }


def list_public_files(folder: CampaignFolder) -> set[str]:
    """List the names of the files that the inbox makes public.

    Raises:
        ReportsFileError: a file of the inbox cannot be read.
    """
    return _Rows(folder).list_files(is_public=True)


def list_withdrawn(folder: CampaignFolder) -> dict[str, date]:
    """List the annotations whose senders have withdrawn them while a row still makes them public, each with the day.

    Raises:
        ReportsFileError: a file of the inbox cannot be read.
    """
    withdrawn = {
        number_file(report, file): file.withdrawn_on
        for report in ReportBox(folder.private).list()
        for file in report.files
        if file.withdrawn_on is not None
    }
    rows = _Rows(folder) if withdrawn else None
    return {number: day for number, day in withdrawn.items() if rows is not None and rows.is_public(number)}


def settle_reports(folder: CampaignFolder) -> None:
    """Let reports be accepted or wait, and files be public or not, as the inbox says; write what was withdrawn.

    Going back takes rows out of the inbox and puts them in again; a file is withdrawn without a command of the
    campaign.

    Raises:
        UserError: a file cannot be read or written.
    """
    for number, day in list_withdrawn(folder).items():
        withdraw_annotations(folder, [number], day)
    box = ReportBox(folder.private)
    reports = box.list()
    for report in reports:
        if report.is_case:  # its figures may have counted at once, also where noting that was stopped
            remove_values(folder, report.report_no)
    rows, places = _Rows(folder), _place_reports(reports)
    for report in reports:
        if not report.is_case and report.state in (ReportState.WAITING, ReportState.ACCEPTED):
            _settle_report(box, rows, report, *places[report.report_no])
    _settle_copies(folder, rows, reports)


def _settle_report(box: ReportBox, rows: _Rows, report: Report, post_no: str, place: int) -> None:
    accepted = AcceptedReport(report, post_no)
    content = [(file, row) for file in CONTENT for row in file.write_rows(accepted)]
    confirmed = {file.sha256 for file in report.files if rows.find(ANNOTATIONS, (number_file(report, file),))}
    reply_rows = rows.find(ANNOTATIONS, (report.report_no,))
    is_confirmed = bool(confirmed or reply_rows)
    has_rows = all(rows.has(file, row, report, place) for file, row in content) if content else is_confirmed
    was_confirmed = report.is_reply or any(file.is_confirmed for file in report.files)
    if report.state is ReportState.WAITING and has_rows:
        box.decide(report.report_no, ReportState.ACCEPTED, find_actor().person.key)
    elif report.state is ReportState.ACCEPTED and not has_rows and (content or was_confirmed):
        box.reopen(report.report_no)
    is_reply = rows.is_public(report.report_no)
    files = {file.sha256 for file in report.files if file.is_confirmed}
    if (report.is_reply, files) != (is_reply, confirmed):
        box.note_public(report.report_no, confirmed, is_reply=is_reply)


def _settle_copies(folder: CampaignFolder, rows: _Rows, reports: Iterable[Report]) -> None:
    """Make the copies that public rows speak of, where their senders have stated what is needed; remove withdrawn."""
    withdrawn = rows.list_files(is_public=False) - rows.list_files(is_public=True)
    for name in withdrawn & set(list_published_files(folder.published)):
        remove_public_copies(folder.root, name.partition(".")[0])
    for report in reports:
        for file in report.files:
            if file.can_be_public and rows.is_public(number_file(report, file)):
                with suppress(UserError):  # the kept file is gone: pages leave it out
                    make_public_copy(folder.root, file)
