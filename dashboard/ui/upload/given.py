"""What a reader has answered in a draft, kept in its folder at once: a page loaded anew, or a colleague, goes on."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dashboard.answers.meaning import Meaning
from dashboard.answers.question import Key as QuestionKey
from dashboard.campaign.uploads import GIVEN
from dashboard.ground.files.writing import PRIVATE, write_file
from dashboard.quality.alike_sheets import SheetKey
from dashboard.quality.open_columns import Key
from dashboard.quality.word_meanings import WordKey


@dataclass
class Given:
    """Answers about columns, about sheets, to other questions, and what words mean; an empty one takes back."""

    columns: dict[Key, str] = field(default_factory=dict)
    sheets: dict[SheetKey, str] = field(default_factory=dict)
    questions: dict[QuestionKey, str] = field(default_factory=dict)
    words: dict[WordKey, Meaning] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.columns or self.sheets or self.questions or self.words)

    def without(self, others: "Given") -> "Given":
        """Those that are not among others."""
        return Given(
            {key: use for key, use in self.columns.items() if others.columns.get(key) != use},
            {} if others.sheets else self.sheets,
            {key: use for key, use in self.questions.items() if others.questions.get(key) != use},
            {key: meaning for key, meaning in self.words.items() if others.words.get(key) != meaning},
        )

    @property
    def meanings(self) -> list[Meaning]:
        """What words mean, but for those that become members of a list."""
        return [meaning for meaning in self.words.values() if not meaning.is_new_member]

    @property
    def new_members(self) -> dict[str, list[str]]:
        """The words that become members of a list, by the list."""
        members: dict[str, list[str]] = {}
        for meaning in self.words.values():
            if meaning.is_new_member:
                members.setdefault(meaning.codelist, []).append(meaning.word)
        return members


def read_given(draft: Path) -> tuple[Given, Given, dict[str, int]]:
    """What was answered in a draft so far, what of it the draft was made with, and the figures without it."""
    try:
        note = json.loads((draft / GIVEN).read_text(encoding="utf-8"))
        return _read(note["given"]), _read(note["tried"]), dict(note["unanswered"])
    except (OSError, ValueError, KeyError, TypeError):
        return Given(), Given(), {}


def read_forms(draft: Path) -> list[dict[str, Any]]:
    """What was said in a draft of the columns of files of a new kind, a form a sheet."""
    try:
        return list(json.loads((draft / GIVEN).read_text(encoding="utf-8"))["forms"])
    except (OSError, ValueError, KeyError, TypeError):
        return []


def write_given(
    draft: Path,
    given: Given,
    tried: Given,
    unanswered: Mapping[str, int],
    forms: Sequence[Mapping[str, Any]] = (),
) -> None:
    """Keep it in the draft's folder; where nothing is answered, nothing is kept.

    Args:
        draft: The folder.
        given: What was answered so far.
        tried: What of it the draft was made with.
        unanswered: The figures without it.
        forms: What was said of the columns of files of a new kind, as `read_forms` gives it.
    """
    if not given and not tried and not forms:
        (draft / GIVEN).unlink(missing_ok=True)
        return
    note = {"given": _state(given), "tried": _state(tried), "unanswered": dict(unanswered), "forms": list(forms)}
    text, path = json.dumps(note, ensure_ascii=False), draft / GIVEN
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        write_file(path, text, PRIVATE, is_durable=False)


def _state(given: Given) -> dict[str, list[Any]]:
    kinds: dict[str, Iterable[tuple[Any, Any]]] = {
        "columns": given.columns.items(), "sheets": given.sheets.items(), "questions": given.questions.items(),
        "words": given.words.items(),
    }  # fmt: skip
    return {name: [[list(key), use] for key, use in items] for name, items in kinds.items()}


def _read(answers: dict[str, list[Any]]) -> Given:
    return Given(
        {Key(recipe, tuple(headers)): use for (recipe, headers), use in answers["columns"]},
        {SheetKey(*key): use for key, use in answers["sheets"]},
        {QuestionKey(*key): use for key, use in answers["questions"]},
        {WordKey(*key): Meaning(*meaning) for key, meaning in answers["words"]},
    )
