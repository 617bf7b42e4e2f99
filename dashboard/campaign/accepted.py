"""Read and write staff's classes of actions, accepted or changed: a classification sheet of the inbox.

The sheet is an input like any other: a build applies it, and removing a line undoes it. Beside each field it names the
person and the time; the recipe sets these aside, and no build reads them.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from dashboard.campaign.folder import CampaignFolder
from dashboard.errors import N_, UserError, sentence
from dashboard.ground.files.csv_editor import find_delimiter
from dashboard.ground.files.formula_guard import guard

ACCEPTED_FILE = "classification accepted by staff.csv"
_SEPARATOR = ";"
_KEYS = ("Action ID", "Stakeholder", "Title")


class ClassField(NamedTuple):
    """A field that classifies actions: its column in the sheet, its codelists, how many codes it takes."""

    header: str
    codelists: tuple[str, ...]
    takes_several: bool = False


FIELDS = {
    "stakeholder_group": ClassField("Stakeholder group", ("stakeholder_groups",)),
    "category": ClassField("Category", ("categories",)),
    "themes": ClassField("Themes", ("themes",), True),
    "countries": ClassField("Countries", ("countries",), True),
    "regions": ClassField("Regions", ("regions", "subregions"), True),
}
PLACES = ("countries", "regions")
"""Two fields that together are one, an action's place: an answer about one stands for both."""
_CODES = tuple(field.header for field in FIELDS.values())
_SOURCES = tuple(f"{header} {what}" for header in _CODES for what in ("by", "at"))
_COLUMNS = (*_KEYS, *_CODES, *_SOURCES)


class AcceptedError(UserError):
    """The sheet cannot be read."""


class FieldAnswer(NamedTuple):
    """Staff's answer about one field of an action: its codes, author and time (UTC, ISO 8601); empty if unknown."""

    codes: tuple[str, ...] = ()
    by: str = ""
    at: str = ""


@dataclass
class AcceptedRow:
    """One action: its answers by field, and its stakeholder and title, which find it again should its id change."""

    stakeholder: str = ""
    title: str = ""
    answers: dict[str, FieldAnswer] = field(default_factory=dict)

    def codes(self, name: str) -> tuple[str, ...]:
        """Return the codes of a field; none where it has no answer."""
        return self.answers.get(name, FieldAnswer()).codes

    def settles(self, name: str) -> bool:
        """Return whether staff have settled a field; their answer goes before any other."""
        return any(map(self.codes, PLACES if name in PLACES else (name,)))


def read_accepted(folder: CampaignFolder) -> dict[str, AcceptedRow]:
    """Read the sheet's rows by action id; none where there is no sheet. The caller may change them.

    Raises:
        AcceptedError: the sheet is no text or has lost a column.
    """
    path = folder.inbox / ACCEPTED_FILE
    try:
        state = path.stat()
    except OSError:
        return {}
    rows = _read(path, state.st_mtime_ns, state.st_size)
    return {action_id: AcceptedRow(row.stakeholder, row.title, dict(row.answers)) for action_id, row in rows.items()}


def write_accepted(rows: Mapping[str, AcceptedRow]) -> str:
    """Write the sheet as text, without actions that have no answer; empty where none is left."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, _COLUMNS, lineterminator="\r\n", restval="")
    writer.writeheader()
    spoken = [(action_id, row) for action_id, row in sorted(rows.items()) if any(map(row.codes, FIELDS))]
    for action_id, row in spoken:
        cells = {"Action ID": action_id, "Stakeholder": guard(row.stakeholder), "Title": guard(row.title)}
        for name, answer in row.answers.items():
            if answer.codes:
                header = FIELDS[name].header
                cells[header] = _SEPARATOR.join(answer.codes)
                cells |= {f"{header} by": guard(answer.by), f"{header} at": answer.at}
        writer.writerow(cells)
    return "\ufeff" + text.getvalue() if spoken else ""


@lru_cache(maxsize=4)
def _read(path: Path, _changed_at: int, _size: int) -> dict[str, AcceptedRow]:
    """Read one state of the file; a spreadsheet may have saved it with semicolons or in the Windows alphabet."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=find_delimiter(text), restval="")
    missing = [header for header in (*_KEYS, *_CODES) if header not in (reader.fieldnames or [])]
    if missing and text.strip():
        raise AcceptedError(
            sentence(N_("{file} in the inbox has lost its column {column}."), file=ACCEPTED_FILE, column=missing[0]),
            N_("Restore its column, or remove it."),
        )
    return {row["Action ID"]: _parse(row) for row in reader if row["Action ID"]}


def _parse(row: Mapping[str, str]) -> AcceptedRow:
    answers = {}
    for name, (header, _, _) in FIELDS.items():
        codes = tuple(code.strip() for code in row[header].split(_SEPARATOR) if code.strip())
        if codes:
            answers[name] = FieldAnswer(codes, row.get(f"{header} by", ""), row.get(f"{header} at", ""))
    return AcceptedRow(row["Stakeholder"], row["Title"], answers)
