"""The open questions of a build's files, and those with other readings; and staff's answers."""

import csv
from pathlib import Path

from dashboard.campaign.answers.question import Key, Question, make_questions
from dashboard.campaign.answers.question_kinds import ANSWERS
from dashboard.campaign.answers.staff_file import StaffFile
from dashboard.campaign.file_names import find_names
from dashboard.errors import UserError
from dashboard.snapshot.database import Snapshot


def read_questions(snapshot: Snapshot) -> list[Question]:
    """Read the questions of a build that `answers.csv` answers, those first that change its headline most."""
    frame = snapshot.query("questions").astype(object)
    rows = frame.where(frame.notna(), None).to_dict("records")
    return make_questions([{str(name): cell for name, cell in row.items()} for row in rows], find_names(snapshot.path))


def read_kept(folder: Path) -> list[tuple[Key, str]]:
    """Read staff's answers from the `answers.csv` of a folder; none where it cannot be read."""
    file = StaffFile(folder / ANSWERS, (*Key._fields, "is"), ("kind", "is"), UserError)
    try:
        lines = [line for _, line in file.rows()]
    except (UserError, csv.Error):
        return []
    return [(Key(*(line.get(name, "") for name in Key._fields)), line["is"].casefold()) for line in lines]
