"""A question that a build asks: what it is about, rows of the file, what can be answered, what that changes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

from dashboard.answers.question_kinds import BY_NAME, COLUMNS, I_DO_NOT_KNOW, KINDS, UNKNOWN, Kind
from dashboard.campaign.file_names import FileNames
from dashboard.errors import Sentence, join, sentence
from dashboard.i18n import N_


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
        file: The file's handle, or its name where staff are shown it.
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


FIGURES: Mapping[str, str] = MappingProxyType(
    {
        "actions": N_("Actions"),
        "reported": N_("Reported"),
        "completed": N_("Completed"),
        "unknown": N_("Unknown"),
        "unmatched_reports": N_("Reports without action"),
        "without_category": N_("Actions without category"),
        "without_theme": N_("Actions without theme"),
        "without_place": N_("Actions without place"),
        "questions": N_("Public questions"),
        "dates": N_("Dates that are read"),
        "percentages": N_("Percentages that are read"),
        "rejected": N_("Rejected rows"),
    }
)
"""Their names, in the order in which they are told."""


def read_effects(effects: Iterable[Mapping[str, Any]]) -> tuple[Effect, ...]:
    """Effects as a snapshot has them, in the order in which figures are told."""
    return tuple(sorted((Effect(**one) for one in effects), key=lambda effect: list(FIGURES).index(effect.figure)))


def say_effects(effects: tuple[Effect, ...]) -> Sentence | None:
    """What becomes of figures, in words; None where nothing is counted."""
    parts = [
        sentence(
            N_("{figure}: {before} → {after}") if one.before != one.after else N_("{figure}: {after} as now"),
            figure=sentence(FIGURES[one.figure]),
            before=one.before,
            after=one.after,
        )
        for one in effects
    ]
    return join(parts, " · ") if parts else None


def make_questions(rows: Iterable[Mapping[str, Any]], names: FileNames) -> list[Question]:
    """The questions of a build, those first that change its headline most.

    `rows` are those of the snapshot's table `questions`, by column.
    """
    questions = [_make(row, names) for row in rows if row["kind"] in BY_NAME]
    return sorted(questions, key=lambda one: (KINDS.index(one.kind), one.subject.file, one.subject.sheet))


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
