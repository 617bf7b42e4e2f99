"""Reports by link: what a stakeholder has sent about one action, waiting until staff decide.

A report tells of progress, or it is a story, an event, or a new promise.

Each report is a JSON file in `private/reports/`, for the program's user alone. It is written whole or not at all, and
never changed but for staff's decision. Its number comes from its form and its content, so that a form that is sent
twice is one report.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python

from dashboard.campaign.reporting.evidence import SentFile
from dashboard.campaign.reporting.numbers import SentNumber
from dashboard.errors import UserError, sentence
from dashboard.faults import computer_faults
from dashboard.ground.files import locking
from dashboard.ground.files.json_notes import read_json, write_json
from dashboard.i18n import N_

FOLDER = "reports"
LONGEST_TEXT = 2_000
"""The most characters of what a stakeholder writes in one field."""
LONGEST_ADDRESS = 500
DAYS_AFTER = 366
"""How long after a campaign's last day builds take a report's day for the latest one of the figures."""
SECONDS = 10.0
"""How long a decision waits for another one."""
JUST_NOW = timedelta(days=1)
"""For how long an accepted report is one that another link's report meets."""
UNCONFIRMED_KEPT = timedelta(days=7)
"""After how long a promise goes whose address nobody has confirmed."""
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""What numbers are written with: no letter or digit that another is taken for."""
_DIGITS = 10


class ReportKind(StrEnum):
    """What a report is."""

    PROGRESS = "progress"
    STORY = "story"
    EVENT = "event"
    PROMISE = "promise"
    ERASURE = "erasure"


REPORT_KINDS = {
    ReportKind.PROGRESS: N_("Progress report"),
    ReportKind.STORY: N_("Story"),
    ReportKind.EVENT: N_("Event"),
    ReportKind.PROMISE: N_("New action"),
    ReportKind.ERASURE: N_("Request for erasure"),
}


class ReportState(StrEnum):
    """What has become of a report; a promise is unconfirmed until its address is, and then waits for staff."""

    UNCONFIRMED = "unconfirmed"
    WAITING = "waiting"
    ACCEPTED = "accepted"
    SET_ASIDE = "set_aside"


_UNDECIDED = (ReportState.UNCONFIRMED, ReportState.WAITING)
REPORT_STATES = {
    ReportState.UNCONFIRMED: N_("Not confirmed yet", "a report"),
    ReportState.WAITING: N_("Waiting", "a report that nobody has decided about"),
    ReportState.ACCEPTED: N_("Accepted", "a report"),
    ReportState.SET_ASIDE: N_("Set aside", "a report"),
}


@dataclass(frozen=True, kw_only=True)
class Report:
    """One thing that a stakeholder sent by link; empty texts and None for what it does not state.

    Attributes:
        report_no: Its number, for the stakeholder's receipt and in the inbox, as `R-7F3KQ-29MDH`.
        link: The handle of the link by which it came; of a promise the number under which it came first.
        action_id: The action; empty for a promise, and for a story or an event that tells of no single action.
        kind: What it is; a request for erasure has its address as the correction.
        wave: The wave of the survey that it belongs to; empty for none.
        build_id: The published build that the stakeholder saw.
        replaces: The number of the story or event that it changes; reports of progress replace by link and action.
        status: A code of the campaign's statuses; empty where it states none.
        milestones: The labels of milestones that were reached, each with its day.
        results: The numbers that were reached, or that a promise states.
        narrative: What was done and learned, or the text of a story or event; public once it is accepted.
        evidence: The address of a page that shows it; public once it is accepted.
        promise: The answers of a promise, by the fields of its form; several codes of one field are a list.
        correction: What the stakeholder says is wrong; for staff, and beside the action where both agree.
        may_publish: Whether the stakeholder agrees that the correction stands beside the action.
        is_case: Whether the stakeholder says that it tells of a case of abuse: then nothing of it is ever published.
        decided_by: Who decided, as the audit log names them; empty where it was accepted by itself.
        is_reply: Whether staff accepted the correction as a reply that stands beside the action.
        question: What staff asked back; empty where they did not.
        asked_by: Who asked, as the audit log names them.
        published_at: When its values first went into the figures, with or without staff (UTC); they do not go there by
            themselves again.
    """

    report_no: str
    link: str = ""
    action_id: str = ""
    received_at: datetime
    lang: str
    kind: ReportKind = ReportKind.PROGRESS
    wave: str = ""
    build_id: str = ""
    replaces: str = ""
    status: str = ""
    percent: float | None = None
    completed_on: date | None = None
    milestones: Mapping[str, date] = field(default_factory=dict)
    results: tuple[SentNumber, ...] = ()
    narrative: str = ""
    evidence: str = ""
    title: str = ""
    on_day: date | None = None
    place: str = ""
    promise: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    files: tuple[SentFile, ...] = ()
    correction: str = ""
    may_publish: bool = False
    is_case: bool = False
    state: ReportState = ReportState.WAITING
    decided_by: str = ""
    decided_at: datetime | None = None
    reason: str = ""
    is_reply: bool = False
    question: str = ""
    asked_by: str = ""
    asked_at: datetime | None = None
    published_at: datetime | None = None

    @property
    def is_empty(self) -> bool:
        """Whether it says nothing."""
        return not (self.has_progress or self.correction)

    @property
    def has_progress(self) -> bool:
        """Whether it states anything that a build reads: a correction alone is for staff."""
        values = (self.status, self.narrative, self.evidence, self.milestones, self.results, self.files, self.title)
        return any((*values, self.promise)) or self.percent is not None or self.completed_on is not None

    @property
    def states_progress(self) -> bool:
        """Whether it is a report of progress for the figures: milestones, numbers and files alone say nothing of it."""
        values = (self.status, self.narrative, self.evidence)
        is_stated = any(values) or self.percent is not None or self.completed_on is not None
        return self.kind is ReportKind.PROGRESS and is_stated

    @property
    def counts_by_itself(self) -> bool:
        """Whether it was accepted without staff, who may still set it aside."""
        return self.state is ReportState.ACCEPTED and not self.decided_by

    def keep_values(self) -> "Report":
        """Make the part of a report of progress that can count by itself: status, percent, day, milestones, numbers."""
        results = tuple(replace(one, how_known="") for one in self.results)
        return replace(self, results=results, narrative="", evidence="", files=(), correction="")


class ReportGoneError(UserError):
    """A report that is not there, or that somebody has decided about already."""


def is_after_figures(day: date, ends_on: date) -> bool:
    """Whether reports of a day come so long after a campaign that the figures of its latest day leave them out."""
    return day > ends_on + timedelta(days=DAYS_AFTER)


def number_report(form: str, action_id: str, answers: Mapping[str, str]) -> str:
    """Make the number of a report: the same for the same answers from the same form.

    `form`: the unguessable id that the page gave its form.
    `answers`: what the form says of it, as it was sent.
    """
    text = json.dumps([form, action_id, sorted(answers.items())], ensure_ascii=False)
    number, signs = int.from_bytes(hashlib.sha256(text.encode()).digest()), ""
    for _ in range(_DIGITS):
        number, place = divmod(number, len(_ALPHABET))
        signs += _ALPHABET[place]
    return f"R-{signs[:5]}-{signs[5:]}"


def find_replaced(waiting: Iterable[Report]) -> dict[str, str]:
    """Find the reports that a later one by the same link about the same action replaces.

    A story or an event is replaced by the one of its link that names its number. A case of abuse is never replaced,
    and replaces nothing: it goes to the campaign's contact.

    Returns:
        The number of each, and that of the latest one.
    """
    latest: dict[tuple[str, str], str] = {}
    replaced: dict[str, str] = {}
    reports = {report.report_no: report for report in waiting if not report.is_case}
    for report in sorted(reports.values(), key=lambda one: (one.received_at, one.report_no), reverse=True):
        number = report.report_no
        if report.kind is ReportKind.PROGRESS:
            number = latest.setdefault((report.link, report.action_id), number)
        elif (earlier := reports.get(report.replaces)) is not None and earlier.link == report.link:
            replaced.setdefault(report.replaces, replaced.get(number, number))
        if number != report.report_no:
            replaced[report.report_no] = number
    return replaced


def find_rivals(reports: Iterable[Report], link: str, action_id: str) -> dict[str, Report]:
    """Find the reports of progress by other links that one about the same action meets, the last one of each link.

    Those are the ones that wait, or were accepted just now. A case of abuse is told to nobody.
    """
    just_now = datetime.now(UTC) - JUST_NOW

    def is_met(report: Report) -> bool:
        is_new = report.state is ReportState.ACCEPTED and (report.decided_at or just_now) > just_now
        is_report = report.kind is ReportKind.PROGRESS and report.has_progress and not report.is_case
        return is_report and report.action_id == action_id and (report.state is ReportState.WAITING or is_new)

    return {report.link: report for report in reports if report.link != link and is_met(report)}


def describe_report(report: Report) -> dict[str, Any]:
    """Describe a report as JSON can hold it, without what it does not state."""
    described: dict[str, Any] = to_jsonable_python(report)
    return {name: value for name, value in described.items() if value not in ("", None, [], {}) and value is not False}


class ReportBox:
    """The reports of one campaign."""

    def __init__(self, private: Path) -> None:
        """Point at the campaign's private folder; the first report makes its own folder."""
        self._folder = private / FOLDER

    def put(self, report: Report) -> Report:
        """Keep a report; return it, or the one that was sent before from the same form with the same answers.

        Raises:
            ComputerError: the disk refuses; nothing is kept of it.
        """
        with computer_faults():
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._hold():  # else the second of two could undo what staff decide about the first meanwhile
            earlier = self.find(report.report_no)
            if earlier is None:
                self._write(report)
        return earlier or report

    def find(self, report_no: str) -> Report | None:
        """Find a report by its number; None where there is none."""
        return read_json(self._path(report_no), _parse) if _is_number(report_no) else None

    def list(self, state: ReportState | None = None, link: str | None = None) -> list[Report]:
        """List the reports of a state and of a link's handle, or of any, in the order in which they arrived."""
        reports = [report for path in self._folder.glob("R-*.json") if (report := read_json(path, _parse))]
        chosen_reports = (one for one in reports if state in (None, one.state) and link in (None, one.link))
        return sorted(chosen_reports, key=lambda one: (one.received_at, one.report_no))

    def find_open(self, report_no: str, state: ReportState) -> Report:
        """Find a report that nobody has decided about, or that was decided so before.

        One that was accepted by itself can still be set aside.

        Raises:
            ReportGoneError: there is none of this number, or somebody has decided otherwise.
        """
        report = self.find(report_no)
        if report is None:
            what = sentence(N_("Report {number} is not there."), number=report_no)
            raise ReportGoneError(what, N_("Look at the list again: it may have changed."))
        is_taken_back = report.counts_by_itself and state is ReportState.SET_ASIDE
        if report.state not in (*_UNDECIDED, state) and not is_taken_back:
            what = sentence(N_("Somebody has decided about report {number} already."), number=report_no)
            raise ReportGoneError(what, N_("Look at the list again."))
        return report

    def count_waiting(self) -> int | None:
        """Count the reports that wait, without those that a later one replaces; None where no report ever came."""
        try:
            return _count_waiting(self._folder, self._folder.stat().st_mtime_ns)
        except OSError:
            return None

    def decide(self, report_no: str, state: ReportState, decided_by: str, reason: str = "") -> Report:
        """Decide about a report, also an unconfirmed one; deciding the same again changes nothing.

        Without a name in `decided_by` it is accepted by itself, until staff decide.

        Raises:
            ReportGoneError: there is none of this number, or somebody has decided otherwise.
        """
        self.find_open(report_no, state)
        with self._hold():
            report = self.find_open(report_no, state)
            if report.state in _UNDECIDED or (report.counts_by_itself and decided_by):
                now = datetime.now(UTC)
                report = replace(report, state=state, decided_by=decided_by, decided_at=now, reason=reason.strip())
                self._write(report)
        return report

    def ask(self, report_no: str, question: str, asked_by: str) -> Report:
        """Note what staff ask back about a waiting report.

        Raises:
            ReportGoneError: there is none of this number, or somebody has decided.
        """
        with self._hold():
            report = self.find_open(report_no, ReportState.WAITING)
            report = replace(report, question=question.strip(), asked_by=asked_by, asked_at=datetime.now(UTC))
            self._write(report)
        return report

    def mark_case(self, report_no: str) -> Report:
        """Note that a waiting report tells of a case of abuse, so that nothing of it is ever published.

        Raises:
            ReportGoneError: there is none of this number, or somebody has decided.
        """
        with self._hold():
            report = replace(self.find_open(report_no, ReportState.WAITING), is_case=True)
            self._write(report)
        return report

    def confirm(self, report_no: str) -> Report | None:
        """Let an unconfirmed report wait for staff; a second time changes nothing; None where it is gone."""
        with self._hold():
            report = self.find(report_no)
            if report is not None and report.state is ReportState.UNCONFIRMED:
                report = replace(report, state=ReportState.WAITING)
                self._write(report)
        return report

    def change(self, report_no: str, change: Callable[[Report], Report]) -> Report | None:
        """Change a report as it stands at this moment; None where it is gone."""
        with self._hold():
            report = self.find(report_no)
            if report is not None and (changed := change(report)) != report:
                report = changed
                self._write(report)
        return report

    def name_files(self, report_no: str, files: Sequence[SentFile]) -> Report | None:
        """Name the files of a waiting report anew; one that waits no longer stays as it is; None where it is gone."""
        with self._hold():
            report = self.find(report_no)
            if report is not None and report.state is ReportState.WAITING:
                report = replace(report, files=tuple(files))
                self._write(report)
        return report

    def reopen(self, report_no: str) -> None:
        """Let an accepted report wait again, for staff alone."""
        with self._hold():
            report = self.find(report_no)
            if report is not None and report.state is ReportState.ACCEPTED:
                published_at = report.published_at or report.decided_at
                waiting = replace(report, state=ReportState.WAITING, decided_by="", decided_at=None)
                self._write(replace(waiting, published_at=published_at))

    def note_published(self, report_no: str) -> None:
        """Note that a waiting report's values went into the figures."""
        with self._hold():
            report = self.find(report_no)
            if report is not None and report.state is ReportState.WAITING and report.published_at is None:
                self._write(replace(report, published_at=datetime.now(UTC)))

    def note_public(self, report_no: str, hashes: Collection[str], *, is_reply: bool) -> None:
        """Note which files of a report are confirmed, and whether its correction stands beside the action."""

        def note(report: Report) -> Report:
            files = tuple(replace(file, is_confirmed=file.sha256 in hashes) for file in report.files)
            return replace(report, files=files, is_reply=is_reply)

        self.change(report_no, note)

    def list_decided(self, before: datetime) -> tuple[Path, ...]:
        """List the files of reports that were decided about before a moment.

        One with a file that is public stays: it is the proof of the consent, and the way to withdraw it.
        """
        decided = (one for one in self.list() if one.decided_at is not None and one.decided_at < before)
        decided = (one for one in decided if not any(file.is_public for file in one.files))
        return tuple(self._path(one.report_no) for one in decided)

    def list_unconfirmed(self, before: datetime) -> tuple[Path, ...]:
        """List the files of reports that arrived before a moment and that nobody has confirmed."""
        unconfirmed = (one for one in self.list(ReportState.UNCONFIRMED) if one.received_at < before)
        return tuple(self._path(one.report_no) for one in unconfirmed)

    @contextmanager
    def _hold(self) -> Iterator[None]:
        refusal = UserError(N_("Somebody else is deciding about reports."), N_("Try again in a moment."))
        with computer_faults(), locking.hold(self._folder / ".lock", SECONDS, refusal):
            yield

    def _write(self, report: Report) -> None:
        write_json(self._path(report.report_no), describe_report(report), indent=1, is_shared=True)

    def _path(self, report_no: str) -> Path:
        return self._folder / f"{report_no}.json"


@lru_cache(maxsize=4)
def _count_waiting(folder: Path, _changed_at: int) -> int:
    waiting = ReportBox(folder.parent).list(ReportState.WAITING)
    return len(waiting) - len(find_replaced(waiting))


def _is_number(report_no: str) -> bool:
    """Whether a text can be a report's number, and so a file's name."""
    head, *parts = report_no.split("-")
    return head == "R" and [len(part) for part in parts] == [5, 5] and set("".join(parts)) <= set(_ALPHABET)


def _parse(values: Any) -> Report:
    """Read a report."""
    known_names = {one.name for one in fields(Report)}
    return _READER.validate_python({name: value for name, value in values.items() if name in known_names})


_READER = TypeAdapter(Report)
