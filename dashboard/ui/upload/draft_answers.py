"""A reader's answers in a draft, kept in its folder at once: a page loaded anew, or a colleague, goes on."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from pydantic import TypeAdapter

from dashboard.campaign.answers.answer import Meaning
from dashboard.campaign.answers.question import Key as QuestionKey
from dashboard.campaign.answers.question_kinds import ANSWERS, COLUMNS, SHEETS, SPELLINGS
from dashboard.campaign.uploads import GIVEN
from dashboard.ground.files.json_notes import read_json
from dashboard.ground.files.writing import PRIVATE, write_file
from dashboard.lists.quality.alike_sheets import SheetKey
from dashboard.lists.quality.open_columns import Key
from dashboard.lists.quality.word_meanings import WordKey


@dataclass
class Answers:
    """Answers about columns, about sheets, to other questions, and about words; an empty one takes back."""

    columns: dict[Key, str] = field(default_factory=dict)
    sheets: dict[SheetKey, str] = field(default_factory=dict)
    questions: dict[QuestionKey, str] = field(default_factory=dict)
    words: dict[WordKey, Meaning] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Return whether there is any."""
        return any(vars(self).values())

    def without(self, excluded: "Answers") -> "Answers":
        """Return the answers without the excluded ones; of the sheets, which are answered together, all or none."""
        return Answers(
            **{
                kind: {key: answer for key, answer in answers.items() if vars(excluded)[kind].get(key) != answer}
                for kind, answers in (vars(self) | {"sheets": {} if excluded.sheets else self.sheets}).items()
            }
        )

    @property
    def by_file(self) -> dict[str, Mapping[Any, Any]]:
        """The answers by their file; words that become members of a list are in none."""
        words = {key: meaning for key, meaning in self.words.items() if not meaning.is_new_member}
        return {COLUMNS: self.columns, SHEETS: self.sheets, ANSWERS: self.questions, SPELLINGS: words}

    @property
    def new_members(self) -> dict[str, list[str]]:
        """The words that become members of a list, by the list."""
        members: dict[str, list[str]] = {}
        for meaning in self.words.values():
            if meaning.is_new_member:
                members.setdefault(meaning.codelist, []).append(meaning.word)
        return members


class Answered(NamedTuple):
    """The answers in a draft's folder.

    Attributes:
        tried: The answers that the draft was made with.
        forms: The answers about the columns of files of a new kind, a form a sheet.
    """

    answers: Answers
    tried: Answers
    unanswered: dict[str, int]
    forms: list[dict[str, Any]]


_PAIRS: Mapping[str, TypeAdapter[Any]] = MappingProxyType(
    {
        "columns": TypeAdapter(list[tuple[Key, str]]),
        "sheets": TypeAdapter(list[tuple[SheetKey, str]]),
        "questions": TypeAdapter(list[tuple[QuestionKey, str]]),
        "words": TypeAdapter(list[tuple[WordKey, Meaning]]),
    }
)
"""The file's form of each kind of answer: its subject, and the answer."""


def read(draft: Path) -> Answered:
    """Read the answers in a draft so far."""

    def parse(note: dict[str, Any]) -> Answered:
        answers, tried = _read(note["given"]), _read(note["tried"])
        return Answered(answers, tried, dict(note["unanswered"]), list(note["forms"]))

    return read_json(draft / GIVEN, parse) or Answered(Answers(), Answers(), {}, [])


def write(draft: Path, answered: Answered) -> None:
    """Write the answers to the draft's folder; without answers, remove the file."""
    if not answered.answers and not answered.tried and not answered.forms:
        (draft / GIVEN).unlink(missing_ok=True)
        return
    note = {
        "given": _state(answered.answers), "tried": _state(answered.tried), "unanswered": answered.unanswered,
        "forms": answered.forms,
    }  # fmt: skip
    text, path = json.dumps(note, ensure_ascii=False), draft / GIVEN
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        write_file(path, text, PRIVATE, is_durable=False)


def _state(answers: Answers) -> dict[str, list[Any]]:
    return {kind: list(pairs.items()) for kind, pairs in vars(answers).items()}


def _read(answers: dict[str, Any]) -> Answers:
    return Answers(**{kind: dict(pairs.validate_python(answers[kind])) for kind, pairs in _PAIRS.items()})
