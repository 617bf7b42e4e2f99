"""What the program holds of a stakeholder, as tables: its actions with what belongs to them, its reports, its links.

Each row has its line in a file of the secretariat and how it was matched. Personal data are not among them
(`dashboard.mail.personal_data`). Run as a module it is a worker's job (see `dashboard.ground.processes.runner`), which
writes the tables as a workbook.
"""

import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from dashboard.campaign.commitments.criteria import CRITERIA, REASONS
from dashboard.campaign.reporting.links import BY_REQUEST, BY_STAFF, PERSONAL, ReportLink
from dashboard.campaign.reporting.numbers import say_number
from dashboard.campaign.reporting.reports import REPORT_STATES, Report
from dashboard.formats import clean, format_share
from dashboard.ground.processes.child import answer
from dashboard.i18n import N_, Translator, translator
from dashboard.snapshot.database import Snapshot

PARTS = {
    "action": N_("Action"),
    "report": N_("Report"),
    "milestone": N_("Milestone"),
    "result": N_("Number", "that an action promises or has reached"),
    "evidence": N_("Evidence"),
    "event": N_("Event"),
    "story": N_("Story"),
    "reply": N_("Reply"),
    "document": N_("Document"),
    "picture": N_("Picture"),
    "merged": N_("Merged row"),
    "criterion": N_("Criterion"),
}
MATCHED = {
    "id": N_("by the action’s number"),
    "decision": N_("by a decision of the secretariat"),
    "parent": N_("by the row that it belongs to"),
    "address": N_("by the action’s address in its text"),
    "stakeholder": N_("by the stakeholder’s name"),
    "title": N_("by the action’s title"),
}
_ORIGINS = {
    BY_STAFF: N_("Created by staff"),
    BY_REQUEST: N_("Asked for by the stakeholder"),
    PERSONAL: N_("To personal data, by mail"),
}
_IN_LETTER = N_("In a letter")
WHO_SEES = (
    (
        N_("Everybody"),
        N_(
            "Actions with their classification, status, percentage, days, milestones and numbers; what was done and "
            "learned."
        ),
    ),
    (N_("Everybody"), N_("Events, stories, replies and files that the secretariat has accepted.")),
    (
        N_("The secretariat"),
        N_(
            "Reports that wait or were set aside, what is not right, files that are not public, the exports, and which "
            "criteria of a good commitment each action meets."
        ),
    ),
    (
        N_("The secretariat, and you by a link to the address on file"),
        N_("Names, e-mail addresses and telephone numbers in the exports."),
    ),
    (
        N_("Nobody"),
        N_("The file as you sent it: a picture is drawn anew, a document is cleaned, the original is deleted."),
    ),
)

CASE = N_("It tells of a case of abuse: its words are for the campaign’s contact alone.")


@dataclass(frozen=True)
class Table:
    """One table: its title, its headings, and its rows of texts and days; the first of each row says what it is about.

    Attributes:
        days: The places of the columns with days.
        widths: Those of the columns in a workbook.
    """

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str | date | None, ...], ...]
    widths: tuple[int, ...]
    days: tuple[int, ...] = ()


def list_held(
    snapshot: Snapshot, t: Translator, action_ids: Sequence[str], reports: Sequence[Report], links: Sequence[ReportLink]
) -> tuple[Table, ...]:
    """List what is held about some actions: what the build has, reports, links, and who sees what."""
    return (
        _list_built(snapshot, t, action_ids),
        _list_reports(snapshot, t, reports),
        _list_links(t, links),
        Table(
            t(N_("Who sees what")), (t(N_("Who")), t(N_("What"))), tuple((t(a), t(b)) for a, b in WHO_SEES), (40, 90)
        ),
    )


def _list_built(snapshot: Snapshot, t: Translator, action_ids: Sequence[str]) -> Table:
    frame = snapshot.query(
        "held_rows", {"action_ids": list(action_ids), "as_of": snapshot.last_date, "lang": t.language}
    )
    frame = frame.astype(object).where(frame.notna(), None)
    labels = {
        code: one.labels[t.language] for name in ("statuses", "evidence") for code, one in snapshot.codes[name].items()
    }
    labels |= {criterion: t(name) for criterion, name in CRITERIA.items()}
    labels |= {"reached": t(N_("Reached")), "promised": t(N_("Promised")), "unclassified": t(N_("status not stated"))}
    rows = tuple(
        (
            f"{one['action_id']} · {clean(one['title'] or t(N_('Untitled action')))}",
            t(PARTS[one["part"]]),
            one["on_date"] and _read_day(one["on_date"]),
            labels.get(one["state"], one["state"] or ""),
            "" if one["percent"] is None else format_share(one["percent"] / 100, t.language),
            _say_words(t, one["part"], one["words"]),
            t(MATCHED.get(one["matched_by"], one["matched_by"])) if one["matched_by"] else "",
            say_place(t, one["source_file"], one["source_sheet"], one["source_row"]),
        )
        for one in frame.to_dict("records")
    )
    headings = (
        N_("Action"), N_("What"), N_("Day"), N_("Status"), N_("Percent done"), N_("Text"), N_("How it was matched"),
        N_("Line of the export"),
    )  # fmt: skip
    title = t(N_("In the figures"))
    return Table(title, tuple(map(t, headings)), rows, (40, 14, 12, 18, 12, 70, 28, 34), (2,))


def _say_words(t: Translator, part: str, words: str | None) -> str:
    if part == "criterion":
        return t(REASONS[words or ""])
    return t(words or "") if part == "merged" else words or ""


def _read_day(value: Any) -> date:
    return value.date() if isinstance(value, datetime) else value


def say_place(t: Translator, file: str | None, sheet: str | None, row: int | None) -> str:
    """Write the place of a row by the handles of its file and sheet, by which staff find it."""
    if file is None:
        return ""
    if sheet is None:
        return t(N_("{file}, row {row}"), file=file, row=str(row))
    return t(N_("{file}, sheet {sheet}, row {row}"), file=file, sheet=sheet, row=str(row))


def _list_reports(snapshot: Snapshot, t: Translator, reports: Sequence[Report]) -> Table:
    statuses = snapshot.codes["statuses"]
    rows = []
    for one in reports:
        words = [one.title, one.narrative, one.evidence, one.correction, *(file.name for file in one.files)]
        words += [say_number(t, snapshot.codes, number) for number in one.results]
        if one.is_case:  # whoever has the link may not be who wrote it
            words = [t(CASE)]
        status = statuses[one.status].labels[t.language] if one.status in statuses else ""
        percent = "" if one.percent is None else format_share(one.percent / 100, t.language)
        rows.append(
            (
                one.report_no, one.action_id, one.received_at.date(), status, percent, "\n".join(filter(None, words)),
                t(REPORT_STATES[one.state]), one.decided_at and one.decided_at.date(),
            )
        )  # fmt: skip
    headings = (
        N_("Report"), N_("Action"), N_("Received"), N_("Status"), N_("Percent done"), N_("Text"), N_("Outcome"),
        N_("Decided on"),
    )  # fmt: skip
    title = t(N_("Sent by this link"))
    return Table(title, tuple(map(t, headings)), tuple(rows), (16, 16, 12, 18, 12, 70, 16, 12), (2, 7))


def name_origin(t: Translator, origin: str) -> str:
    """Name where a link comes from."""
    return t(_ORIGINS.get(PERSONAL if origin.startswith(PERSONAL) else origin, _IN_LETTER))


def _list_links(t: Translator, links: Sequence[ReportLink]) -> Table:
    rows = tuple(
        (name_origin(t, one.origin), one.made_on, one.ended_on or one.ends_on, ", ".join(one.action_ids))
        for one in links
    )
    headings = (N_("Link"), N_("Created on"), N_("Last day"), N_("Actions"))
    return Table(t(N_("Links to report")), tuple(map(t, headings)), rows, (30, 12, 12, 40), (1, 2))


def describe_tables(tables: Sequence[Table], lang: str) -> dict[str, Any]:
    """Describe tables as the arguments of the worker's job."""
    described = [
        asdict(one)
        | {"rows": [[cell.isoformat() if isinstance(cell, date) else cell for cell in row] for row in one.rows]}
        for one in tables
    ]
    return {"tables": described, "lang": lang}


def answer_job(arguments: dict[str, Any]) -> dict[str, Any]:
    """Do a worker's job: `arguments` are those of `describe_tables`, and `to`, the new file."""
    from dashboard.files.extracts.workbook import layout
    from dashboard.files.extracts.workbook.archive import save
    from dashboard.ground.files.row_workbooks import RowsWorkbook

    t, workbook, count = translator(arguments["lang"]), RowsWorkbook(), 0
    for number, one in enumerate(arguments["tables"]):
        columns = [
            layout.Column(f"c{place}", heading, width, "date" if place in one["days"] else "text")
            for place, (heading, width) in enumerate(zip(one["headings"], one["widths"], strict=True))
        ]
        rows = [
            [date.fromisoformat(cell) if cell and place in one["days"] else cell for place, cell in enumerate(row)]
            for row in one["rows"]
        ]
        layout.write_table(workbook, one["title"], f"held_{number}", columns, rows, len(rows), one["title"], t)
        count += len(rows)
    workbook.properties.title = t(N_("What the program holds of you"))
    save(workbook, Path(arguments["to"]), datetime.now(UTC))
    return {"rows": count}


if __name__ == "__main__":
    sys.exit(answer(answer_job))
