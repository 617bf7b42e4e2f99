"""`decisions.csv`, read and written. `docs/clean-your-data.md` teaches the file; this module is its definition."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from dashboard.campaign.codelists import CLAIMED, EVIDENCED, STEPS
from etl.inputs.decisions import ALONE, POSTS, Decision, DecisionError, Subject, Verb, refuse_contradictions
from etl.inputs.staff_file import StaffFile

HEADER = ("decision", "subject", "this", "that", "note", "decided_on", "on_date", "source")
NO_ACTION = "none"


def _file(path: Path) -> StaffFile:
    return StaffFile(path, HEADER, HEADER[:4], DecisionError)


def read_decisions(path: Path) -> list[Decision]:
    """The decisions of a campaign, in the order of the file; none where there is no file.

    Raises:
        DecisionError: the file cannot be read, or one of its lines cannot be used.
    """
    decisions = [parse_decision(cells, number) for number, cells in _file(path).rows()]
    refuse_contradictions(decisions, lambda decision, side: getattr(decision, side).casefold())
    return decisions


def append_decision(path: Path, decision: Decision) -> None:
    """Add one line at the end of the file.

    Raises:
        DecisionError: the file cannot be read.
    """
    _file(path).append(
        {
            "decision": decision.verb.value,
            "subject": decision.subject.value,
            "this": decision.this,
            "that": decision.that,
            "note": decision.note,
            "decided_on": decision.decided_on,
            "on_date": decision.on_date,
            "source": decision.source,
        }
    )


def remove_decision(path: Path, decision: Decision) -> None:
    """Take the line of a decision out of the file.

    Raises:
        DecisionError: the file cannot be read.
    """
    _file(path).remove(decision.line)


def parse_decision(cells: Mapping[str, str], line: int | None = None) -> Decision:
    """One decision, from its cells by column; `line` is its row in the file, none for one that is being made.

    Raises:
        DecisionError: a word of it is unknown or missing.
    """
    where = "This decision" if line is None else f"decisions.csv, row {line}"
    verb = _word(where, "decision", cells["decision"], tuple(Verb))
    subjects = _SUBJECTS.get(verb, (Subject.STAKEHOLDER, Subject.ACTION))
    default = "" if verb not in _SUBJECTS or verb in (Verb.SAME, Verb.DIFFERENT) else subjects[0]
    subject = _word(where, "subject", cells["subject"] or default, subjects)
    this, that = cells["this"], cells["that"]
    if verb == Verb.EVIDENCE:
        return _parse_evidence(where, cells, line)
    if verb == Verb.ASSIGN and that.casefold() == NO_ACTION:
        that = ""
    if verb in ALONE and that:
        raise DecisionError(f'{where}: "{verb}" is said of one action alone.', 'Leave "that" empty.')
    if not this or (not that and verb != Verb.ASSIGN and verb not in ALONE):
        raise DecisionError(
            f'{where}: the column "{"that" if this else "this"}" is empty.',
            "Fill it, or take the row out.",
        )
    if verb in (Verb.SAME, Verb.DIFFERENT) and this == that:
        raise DecisionError(f"{where}: {this} is compared with itself.", "Name two of them, or take the row out.")
    return Decision(
        line or 0, Verb(verb), Subject(subject), this, that, cells.get("note", ""), cells.get("decided_on", "")
    )


def _parse_evidence(where: str, cells: Mapping[str, str], line: int | None) -> Decision:
    """What stands behind a report's status: the step as `that`, with its day and source."""
    if not cells["this"]:
        raise DecisionError(f'{where}: the column "this" is empty.', "Write the report's key, or take the row out.")
    step, source = _word(where, "that", cells["that"], STEPS), cells.get("source", "")
    day_text = cells.get("on_date", "") if step != CLAIMED else ""
    if step == EVIDENCED and not source:
        raise DecisionError(
            f'{where}: the column "source" is empty.', "Write the address or the name of the document that shows it."
        )
    day = _read_day(where, day_text) if day_text else ""
    note, decided_on = cells.get("note", ""), cells.get("decided_on", "")
    return Decision(line or 0, Verb.EVIDENCE, Subject.REPORT, cells["this"], step, note, decided_on, day, source)


def _read_day(where: str, day_text: str) -> str:
    """A day as ISO 8601 has it, written so or as spreadsheets make of it, where that means one day only."""
    numbers = [int(part) for part in re.findall(r"\d+", day_text)]
    try:
        if re.fullmatch(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}( 00:00(:00)?)?", day_text):
            return date(*numbers[:3]).isoformat()
        if re.fullmatch(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{4}", day_text):
            first, second, year = numbers
            ways = [date(year, month, day) for day, month in ((first, second), (second, first)) if month <= 12]
            if "." in day_text or len(set(ways)) == 1:
                return ways[0].isoformat()
    except ValueError:
        pass
    raise DecisionError(f"{where}: “{day_text}” is no day that can be read in one way.", "Write it as 2021-12-31.")


_SUBJECTS: dict[str, tuple[Subject, ...]] = {
    Verb.ASSIGN: (Subject.REPORT, *POSTS),
    **dict.fromkeys((Verb.SAME, Verb.DIFFERENT), (Subject.STAKEHOLDER, Subject.ACTION, *POSTS)),
    Verb.EVIDENCE: (Subject.REPORT,),
    **{verb: (Subject.ACTION,) for verb in ALONE},
}
"""What decisions can be about, where that is not a stakeholder or an action; without a word the first is meant."""


def _word(where: str, column: str, text: str, allowed: Sequence[str]) -> str:
    word = text.casefold()
    singular = word if word in allowed else word.removesuffix("s")
    if singular not in allowed:
        raise DecisionError(f'{where}: "{text}" is no {column} here.', f"Write {' or '.join(allowed)}.")
    return singular
