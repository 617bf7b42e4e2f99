"""A question that a build asks: what it is about, rows of the file, and what can be answered."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from dashboard.answers.question_kinds import COLUMNS, Kind
from dashboard.errors import Sentence


class Key(NamedTuple):
    """What an answer is about, by the cells of its line."""

    kind: str
    recipe: str
    file: str
    sheet: str
    field: str


@dataclass(frozen=True)
class Subject:
    """What a question is about; empty where that is not part of it.

    Attributes:
        recipe: The id of the recipe that reads the sheet.
        file: The file's handle, or its name where staff are shown it.
        sheet: The same of the sheet.
        field: The field, or the question of a survey.
        header: The header of the column.
    """

    recipe: str = ""
    file: str = ""
    sheet: str = ""
    field: str = ""
    header: str = ""


@dataclass(frozen=True)
class Row:
    """A row of the file that shows what is asked; `words` is its cell, empty where only the row is meant."""

    number: int
    words: str = ""


class Effect(NamedTuple):
    """What becomes of a figure of the whole build by an answer; `figure` is one of `FIGURES`."""

    figure: str
    before: int
    after: int


@dataclass(frozen=True)
class Candidate:
    """One answer.

    Attributes:
        value: What is written into the file of answers.
        words: The answer for people.
        rows: The question's rows, as they would be read by it.
        effects: What becomes of figures by it; empty where that cannot be counted without another build.
    """

    value: str
    words: Sentence
    rows: tuple[str, ...] = ()
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True)
class Question:
    """One question.

    Attributes:
        kind: Which kind of question it is.
        subject: What it is about.
        what: The question, as a sentence.
        candidates: What can be answered; the last one is that nobody knows.
        evidence: Up to three rows of the file.
        answer: What is answered; empty while it is open.
        decided_by: Who has: staff, the cells (values), the recipe, or the other columns of the file.
        effects: What becomes of figures by any other day, where any can be answered.
    """

    kind: Kind
    subject: Subject
    what: Sentence
    candidates: tuple[Candidate, ...] = ()
    evidence: tuple[Row, ...] = ()
    answer: str = ""
    decided_by: str = ""
    effects: tuple[Effect, ...] = ()

    @property
    def key(self) -> Key:
        """The cells by which a line of answers names what is asked; those that do not name it are empty."""
        subject, is_for_file = self.subject, self.kind.holds_for == "file"
        return Key(
            self.kind.name,
            subject.recipe if self.kind.holds_for == "recipe" else "",
            subject.file if is_for_file else "",
            subject.sheet if is_for_file else "",
            subject.header if self.kind.file == COLUMNS else subject.field,
        )

    @property
    def is_open(self) -> bool:
        """Whether publishing waits for an answer."""
        return not self.answer


def is_error_cell(field: str, word: str, questions: Iterable[Question]) -> bool:
    """Whether a word that matches no code is an error such as #N/A, about which another question asks."""
    return word.startswith("#") and any(
        question.kind.name == "error_cells" and question.subject.field == field for question in questions
    )
