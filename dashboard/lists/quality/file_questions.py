"""The open questions of a build's files, and those with other readings; and staff's answers."""

import csv
from pathlib import Path

from dashboard.answers.question import Key, Question, make_questions
from dashboard.answers.question_kinds import ANSWERS
from dashboard.campaign.file_names import find_names
from dashboard.ground.files.csv_editor import parse_rows
from dashboard.snapshot.database import Snapshot


def read_questions(snapshot: Snapshot) -> list[Question]:
    """Read the questions of a build that `answers.csv` answers, those first that change its headline most."""
    frame = snapshot.query("questions").astype(object)
    rows = frame.where(frame.notna(), None).to_dict("records")
    return make_questions([{str(name): cell for name, cell in row.items()} for row in rows], find_names(snapshot.path))


def read_kept(folder: Path) -> list[tuple[Key, str]]:
    """Read staff's answers from the `answers.csv` of a folder; none without such a file."""
    path = folder / ANSWERS
    if not path.is_file():
        return []
    try:
        rows = parse_rows(path.read_text(encoding="utf-8", errors="replace"))
    except (OSError, csv.Error):
        return []
    if not rows:
        return []
    header = [cell.strip().casefold() for cell in rows[0]]
    lines = [dict(zip(header, row, strict=False)) for row in rows[1:] if any(row)]
    return [
        (Key(*(line.get(name, "").strip() for name in Key._fields)), line.get("is", "").strip().casefold())
        for line in lines
    ]
