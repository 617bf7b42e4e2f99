"""`decisions.csv`, read and written. `docs/decisions.md` teaches the file; this module is its definition."""

import csv
import io
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from etl.inputs.decisions import Decision, DecisionError, Subject, Verb, refuse_contradictions

HEADER = ("decision", "subject", "this", "that", "note", "decided_on")
_NEEDED = HEADER[:4]
NO_ACTION = "none"
_FORMULA = ("=", "+", "-", "@")
_DELIMITERS = (";", ",", "\t")


def read_decisions(path: Path) -> list[Decision]:
    """The decisions of a campaign, in the order of the file; none where there is no file.

    Raises:
        DecisionError: the file cannot be read, or one of its lines cannot be used.
    """
    if not path.is_file():
        return []
    rows = list(csv.reader(io.StringIO(_text(path)[0], newline=""), delimiter=_delimiter(_text(path)[0])))
    if not any(map(any, rows)):
        return []
    columns = _columns(rows[0])
    decisions = [
        parse_decision({name: _cell(row, i) for name, i in columns.items()}, number)
        for number, row in enumerate(rows[1:], 2)
        if any(cell.strip() for cell in row)
    ]
    refuse_contradictions(decisions, lambda decision, side: getattr(decision, side).casefold())
    return decisions


def append_decision(path: Path, decision: Decision) -> None:
    """Add one line at the end of the file, in the file's own way of writing; the file is replaced in one step.

    Raises:
        DecisionError: the file cannot be read.
    """
    text, mark = _text(path) if path.is_file() else (",".join(HEADER) + "\n", "\ufeff")
    if not text.strip():
        text = ",".join(HEADER) + "\n"
    delimiter = _delimiter(text)
    end = "\r\n" if "\r\n" in text else "\n"
    written = {
        "decision": decision.verb.value,
        "subject": decision.subject.value,
        "this": decision.this,
        "that": decision.that,
        "note": decision.note,
        "decided_on": decision.decided_on,
    }
    columns = _columns(next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)))
    cells = [""] * (max(columns.values()) + 1)
    for name, place in columns.items():
        cells[place] = _guard(written[name])
    line = io.StringIO(newline="")
    csv.writer(line, delimiter=delimiter, lineterminator=end).writerow(cells)
    if not text.endswith(("\n", "\r")):
        text += end
    _replace(path, mark + text + line.getvalue())


def remove_decision(path: Path, decision: Decision) -> None:
    """Take the line of a decision out of the file; every other line stays as it is written.

    Raises:
        DecisionError: the file cannot be read.
    """
    text, mark = _text(path)
    lines = text.splitlines(keepends=True)
    reader = csv.reader(lines, delimiter=_delimiter(text))
    start = 0
    for number, _ in enumerate(reader, 1):
        if number == decision.line:
            _replace(path, mark + "".join(lines[:start] + lines[reader.line_num :]))
            return
        start = reader.line_num


def parse_decision(cells: Mapping[str, str], line: int | None = None) -> Decision:
    """One decision, from its cells by column; `line` is its row in the file, none for one that is being made.

    Raises:
        DecisionError: a word of it is unknown or missing.
    """
    where = "This decision" if line is None else f"decisions.csv, row {line}"
    verb = _word(where, "decision", cells["decision"], tuple(Verb))
    subjects = (Subject.REPORT,) if verb == Verb.ASSIGN else (Subject.STAKEHOLDER, Subject.ACTION)
    default = Subject.REPORT if verb == Verb.ASSIGN else ""
    subject = _word(where, "subject", cells["subject"] or default, subjects)
    this, that = cells["this"], cells["that"]
    if verb == Verb.ASSIGN and that.casefold() == NO_ACTION:
        that = ""
    if not this or (not that and verb != Verb.ASSIGN):
        raise DecisionError(
            f'{where}: the column "{"that" if this else "this"}" is empty.',
            "Fill it, or take the row out.",
        )
    if verb in (Verb.SAME, Verb.DIFFERENT) and this == that:
        raise DecisionError(f"{where}: {this} is compared with itself.", "Name two of them, or take the row out.")
    return Decision(
        line or 0, Verb(verb), Subject(subject), this, that, cells.get("note", ""), cells.get("decided_on", "")
    )


def _word(where: str, column: str, written: str, allowed: Sequence[str]) -> str:
    word = written.casefold()
    singular = word if word in allowed else word.removesuffix("s")
    if singular not in allowed:
        raise DecisionError(f'{where}: "{written}" is no {column} here.', f"Write {' or '.join(allowed)}.")
    return singular


def _cell(row: Sequence[str], place: int) -> str:
    text = row[place].strip() if place < len(row) else ""
    return text[1:] if text.startswith("'") and text[1:2] in _FORMULA else text


def _guard(text: str) -> str:
    """A text that a spreadsheet would take for a formula, behind an apostrophe."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _columns(header: Sequence[str]) -> dict[str, int]:
    places = {cell.strip().casefold().replace(" ", "_"): i for i, cell in enumerate(header)}
    missing = [name for name in _NEEDED if name not in places]
    if missing:
        raise DecisionError(
            f"decisions.csv: its first row lacks the column {', '.join(missing)}.",
            f"Write {','.join(HEADER)} into the first row.",
        )
    return {name: places[name] for name in HEADER if name in places}


def _text(path: Path) -> tuple[str, str]:
    """The file's text without its byte order mark, and the mark to write again.

    A spreadsheet that saves "CSV" without UTF-8 writes the Windows alphabet: read as such, written back as UTF-8.

    Raises:
        DecisionError: the file cannot be read or is no text.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DecisionError(f"{path} cannot be read: {error.strerror}.", "Close it elsewhere and try again.") from error
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        has_mark = text.startswith("\ufeff") or encoding != "utf-8"
        return text.removeprefix("\ufeff"), "\ufeff" if has_mark else ""
    raise DecisionError(f"{path.name} is no CSV text.", 'Save it from the spreadsheet as "CSV UTF-8".')


def _delimiter(text: str) -> str:
    first = text.lstrip().split("\n", 1)[0]
    return max(_DELIMITERS, key=lambda delimiter: (first.count(delimiter), delimiter == ","))


def _replace(path: Path, text: str) -> None:
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", newline="", dir=path.parent, prefix=".decisions-", delete=False
    ) as draft:
        try:
            draft.write(text)
            draft.flush()
            os.fsync(draft.fileno())
            Path(draft.name).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
            Path(draft.name).replace(path)
        except BaseException:
            Path(draft.name).unlink(missing_ok=True)
            raise
