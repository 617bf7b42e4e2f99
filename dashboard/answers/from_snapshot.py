"""The questions of a build, read from its snapshot: what staff are asked, in the order in which they should answer."""

from collections.abc import Iterable, Mapping
from typing import Any

from dashboard.answers.effect_words import read_effects
from dashboard.answers.question import Candidate, Question, Row, Subject
from dashboard.answers.question_kinds import BY_NAME, I_DO_NOT_KNOW, UNKNOWN, place_of
from dashboard.campaign.file_names import FileNames
from dashboard.errors import sentence


def make_questions(rows: Iterable[Mapping[str, Any]], names: FileNames) -> list[Question]:
    """The questions of a build, those first that change its headline most.

    Args:
        rows: The rows of the snapshot's table `questions`, by column.
        names: What its files and sheets are really called, for staff.
    """
    questions = [_make(row, names) for row in rows if row["kind"] in BY_NAME]
    return sorted(questions, key=lambda one: (place_of(one.kind), one.subject.file, one.subject.sheet))


def _make(row: Mapping[str, Any], names: FileNames) -> Question:
    kind = BY_NAME[row["kind"]]
    file, sheet = row["source_file"], row["sheet"]
    subject = Subject(
        row["recipe"] or "", names.file(file), (names.sheet(file, sheet) if sheet else "") or "", row["field"] or "",
        row["header"] or "",
    )  # fmt: skip
    facts = dict(row["facts"])
    candidates = [
        Candidate(
            one["value"],
            kind.say_answer(one["value"], facts),
            tuple(text or "" for text in one["rows"]),
            read_effects(one["effects"]),
        )
        for one in row["candidates"]
    ]
    return Question(
        kind,
        subject,
        kind.say_what(row["variant"], facts),
        (*candidates, Candidate(UNKNOWN, sentence(I_DO_NOT_KNOW))),
        tuple(Row(one["number"], one["words"] or "") for one in row["evidence"]),
        row["answer"] or "",
        row["decided_by"] or "",
        read_effects(row["effects"]),
    )
