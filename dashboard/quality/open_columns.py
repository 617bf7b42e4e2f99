"""Columns without a use: what each may be, what it can be said to be, and the answers as a list for the command."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from dashboard.campaign.file_names import find_names
from dashboard.i18n import Translator
from dashboard.quality.queries import as_list, explain_column, name_use
from dashboard.snapshot.database import Snapshot

_CLASSES = ("stakeholder_group", "category", "themes", "countries", "regions", "language", "due_on")
_PROGRESS = (
    "status", "percent", "completed_on", "reported_on", "wave", "narrative", "evidence", "reviewed_by", "reviewed_on",
    "verified_by", "verified_on",
)  # fmt: skip
_KEYS = ("title", "stakeholder", "submission_id")
_POST = (
    "title", "on_date", "url", "language", "submission_id", "stakeholder", "summary", "body", "tags", "id",
    "translation_of", "translation_group", "links", "version", "updated_at",
)  # fmt: skip
FIELDS: dict[str, tuple[str, ...]] = {
    "actions": (*_PROGRESS, *_CLASSES, *_KEYS, "description", "impact", "communication", "partners", "url",
                "submitted_at"),
    "classification": (*_CLASSES, *_KEYS, "accept", "suggested_group", "suggested_category", "suggested_themes",
                       "suggested_places"),
    "progress_reports": (*_PROGRESS, *_KEYS, "report_id", "language", "submitted_at"),
    "milestones": ("label", "due_on", "reached_on", *_KEYS, "report_id"),
    "events": (*_POST, "ends_on", "starts_at", "ends_at", "place", "cancelled", "repeats"),
    "stories": _POST,
}  # fmt: skip
"""The fields that a column can be, by what its rows are, those that figures are counted by first."""

OTHER_USES = {"question": "question", "staff": "staff", "personal": "personal", "nothing": "set_aside"}
"""What a column can be besides a field, in the command's word, and the use that it then has."""


REFUSAL = "What these columns are must be said first"
"""How the build begins its refusal while a column that looks like a field has no use."""


class Key(NamedTuple):
    """What an answer is about: the columns of one recipe with these headers."""

    recipe: str
    headers: tuple[str, ...]


class OpenColumn(NamedTuple):
    """One column without a use (or read as what it does not hold), or those of one question with a column a choice.

    Attributes:
        kind: What the recipe's rows are.
        looks_like: The field that it may be (or a question of the recipe, as the command names it), and `understood`
            the share of its cells that would be understood as that.
        proposed: The key of the closed question that it may be.
        is_asked: Whether nothing is published before staff have said what it is.
        gone: The questions of the recipe, and choices of them, that have no column in its file.
    """

    key: Key
    kind: str
    header: str
    source_file: str
    sheet: str | None
    filled: int
    looks_like: str | None
    understood: float | None
    proposed: str | None
    is_asked: bool
    gone: tuple[str, ...] = ()

    @property
    def choices(self) -> list[str]:
        """What it can be said to be, in the command's words, the likeliest first."""
        others = [use for use in OTHER_USES if use != self.looks_like and (use != "question" or self.proposed)]
        fields = [field for field in FIELDS.get(self.kind, ()) if field != self.looks_like]
        gone = [f"question:{name}" for name in self.gone if len(self.key.headers) == 1]
        return [*([self.looks_like] if self.looks_like else []), *gone, *others, *fields]

    def explain(self, t: Translator) -> str | None:
        """What it may be, in words; None where nothing tells."""
        return explain_column(t, self._asdict())


def read_open(snapshot: Snapshot, file: str | None = None, files: Iterable[str] | None = None) -> list[OpenColumn]:
    """The columns without a use, those that hold publishing back first.

    Args:
        snapshot: The build, or a draft.
        file: Only those of this file, by its handle.
        files: Only those of the recipes that read these files (their handles), and those that hold publishing back.
    """
    given = {"file": file, "files": None if files is None else list(files)}
    frame = find_names(snapshot.path).show(snapshot.query("open_columns", given))
    return [_column(row) for row in frame.to_dict("records")]


def _column(row: Mapping[Any, Any]) -> OpenColumn:
    def text(name: str) -> str | None:
        return row[name] if isinstance(row[name], str) else None

    return OpenColumn(
        Key(row["recipe"], tuple(as_list(row["headers"]))),
        text("kind") or "",
        row["header"],
        row["source_file"],
        text("sheet"),
        int(row["filled"]),
        text("looks_like"),
        None if pd.isna(row["understood"]) else float(row["understood"]),
        text("proposed"),
        bool(row["is_asked"]),
        tuple(as_list(row["gone"])),
    )


def name_answer(t: Translator, use: str) -> str:
    """What a column is said to be, in the reader's words."""
    return name_use(t, OTHER_USES.get(use, "field"), use)


def write_answers(answers: Mapping[Key, str]) -> str:
    """Answers as the list that `python -m etl column --list` takes; an empty answer takes back."""
    lines = ((key.recipe, header, use) for key, use in answers.items() for header in key.headers)
    return write_list(("recipe", "header", "is"), lines)


def write_list(header: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """A list as commands take it: CSV with a header."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(lines)
    return text.getvalue()
