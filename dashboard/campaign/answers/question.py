"""A question of a build: its subject, rows of the file, the possible answers and their effects."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

from dashboard.campaign.answers.question_kinds import BY_NAME, COLUMNS, I_DO_NOT_KNOW, KINDS, UNKNOWN, Kind
from dashboard.campaign.file_names import FileNames
from dashboard.errors import Sentence, join, sentence
from dashboard.i18n import N_


class Key(NamedTuple):
    """The subject of an answer, by the cells of its line."""

    kind: str
    recipe: str
    file: str
    sheet: str
    field: str


@dataclass(frozen=True)
class Subject:
    """The subject of a question; parts that do not apply are empty.

    Attributes:
        file: The file's handle, or its name for staff.
    """

    recipe: str = ""
    file: str = ""
    sheet: str = ""
    field: str = ""
    header: str = ""


@dataclass(frozen=True)
class Row:
    """A row of the file as evidence; `words` is its cell, empty where the row alone matters."""

    number: int
    words: str = ""


class Effect(NamedTuple):
    """The effect of an answer on a figure of the whole build; `figure` is one of `FIGURES`."""

    figure: str
    before: int
    after: int


@dataclass(frozen=True)
class Candidate:
    """One possible answer.

    Attributes:
        effects: Its effects on figures; empty where only another build can count them.
    """

    value: str
    words: Sentence
    rows: tuple[str, ...] = ()
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True)
class Question:
    """One question.

    Attributes:
        candidates: The possible answers; the last one is that nobody knows.
        evidence: Up to three rows of the file.
        answer: The answer; empty while the question is open.
        decided_by: The origin of the answer: staff, the cells (values), the recipe, or the other columns of the file.
        effects: The effects of any other day, where any is a possible answer.
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
        """Return the cells by which a line of answers identifies the question; the others are empty."""
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
        """Return whether publishing waits for an answer."""
        return not self.answer


def is_error_cell(field: str, word: str, questions: Iterable[Question]) -> bool:
    """Return whether a word that matches no code is an error such as #N/A, which another question is about."""
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
"""Their names, in order."""


def read_effects(effects: Iterable[Mapping[str, Any]]) -> tuple[Effect, ...]:
    """Read the effects of a snapshot, in the order of figures."""
    return tuple(sorted((Effect(**one) for one in effects), key=lambda effect: list(FIGURES).index(effect.figure)))


def say_effects(effects: tuple[Effect, ...]) -> Sentence | None:
    """Describe the effects on figures in words; None where nothing is counted."""
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
    """Make the questions of a build, those first that change its headline most.

    `rows` are the columns of the snapshot's table `questions`.
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
