"""Columns without a use: what each may be, what it can be said to be, and the answers as a list for the command."""

import csv
import io
from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from dashboard.answers.question_kinds import I_DO_NOT_KNOW, UNKNOWN
from dashboard.campaign.file_names import find_names
from dashboard.i18n import N_, Translator
from dashboard.quality.queries import as_list, explain_column, name_use
from dashboard.snapshot.database import Snapshot

_CLASSES = ("stakeholder_group", "category", "themes", "countries", "regions", "language", "due_on")
PROGRESS = (
    "status", "percent", "completed_on", "reported_on", "wave", "narrative", "evidence", "reviewed_by", "reviewed_on",
    "verified_by", "verified_on",
)  # fmt: skip
"""Fields of which a row may tell several stages."""
_KEYS = ("title", "stakeholder", "submission_id")
_POST = (
    "title", "on_date", "url", "language", "submission_id", "stakeholder", "summary", "body", "tags", "id",
    "translation_of", "translation_group", "links", "version", "updated_at",
)  # fmt: skip
FIELDS: dict[str, tuple[str, ...]] = {
    "actions": (*PROGRESS, *_CLASSES, *_KEYS, "description", "impact", "communication", "partners", "url",
                "submitted_at"),
    "classification": (*_CLASSES, *_KEYS, "accept", "suggested_group", "suggested_category", "suggested_themes",
                       "suggested_places"),
    "progress_reports": (*PROGRESS, *_KEYS, "report_id", "language", "submitted_at"),
    "milestones": ("label", "due_on", "reached_on", *_KEYS, "report_id"),
    "events": (*_POST, "ends_on", "starts_at", "ends_at", "place", "cancelled", "repeats"),
    "stories": _POST,
}  # fmt: skip
"""The fields that a column can be, by what its rows are, those that figures are counted by first."""
_FIELDS = frozenset().union(*FIELDS.values())

SEVERAL = ("themes", "countries", "regions")
"""Fields that several columns may be, and of which a cell may hold several values."""

OTHER_USES = {"question": "question", "staff": "staff", "personal": "personal", "nothing": "set_aside"}
"""What a column can be besides a field, in the command's word, and the use that it then has."""

AS_READ = "as_read"
"""What a column is said to be that goes on being what the recipe reads it as: nothing is written of it."""
MOST_KINDS = 60
"""So many different values are few."""
_DIMENSIONS = ("category", "themes")
_NEARLY_ALWAYS = 0.98  # of the rows: a sheet may have some that are no rows of its table
_STAGES = {
    "earlier": (N_("An earlier stage: for staff only"), "staff", "an earlier stage of {field}"),
    "later": (N_("A later stage: for staff only"), "staff", "a later stage of {field}"),
    "earlier round": (N_("An earlier stage, with its own day"), "round", "an earlier stage of {field}"),
    "later round": (N_("A later stage, with its own day"), "round", "a later stage of {field}"),
}
"""What a column is that is another stage of a field: in words, and what is written of it, with its note."""

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
        row_count: The rows of its sheet, where `filled` of its cells are filled.
        looks_like: The field that it may be (or a question of the recipe, as the command names it), and `understood`
            the share of its cells that would be understood as that.
        proposed: The key of the closed question that it may be.
        is_asked: Whether nothing is published before staff have said what it is.
        may_be_persons: Whether header or answers of a closed question may name persons.
        gone: The questions of the recipe, and choices of them, that have no column in its file.
        read_as: The fields that have columns in its sheet, with their headers and filled cells.
        counts_as: Of a column among several that may be one field, that field; the recipe reads it already where
            `is_read`.
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
    may_be_persons: bool = False
    gone: tuple[str, ...] = ()
    read_as: Mapping[str, tuple[tuple[str, int], ...]] = {}
    counts_as: str | None = None
    is_read: bool = False
    row_count: int = 0

    def is_dimension(self, kinds: int) -> bool:
        """Whether it may be something to count by: always filled, with few different values (`kinds`)."""
        is_filled = 0 < _NEARLY_ALWAYS * self.row_count <= self.filled
        return is_filled and 1 < kinds <= min(MOST_KINDS, self.row_count / 2)

    @property
    def counting(self) -> str | None:
        """What it is said to be where it counts as what it may be."""
        return AS_READ if self.is_read else self.counts_as or self.looks_like

    @property
    def buttons(self) -> list[str]:
        """Those of its choices that are no fields or questions of its recipe, but for the one that it may be."""
        return [use for use in self.choices if use == self.counting or not self._is_listed(use)]

    @property
    def choices(self) -> list[str]:
        """What it can be said to be, in the command's words, the likeliest first."""
        first = self.counts_as or self.looks_like
        is_round = self.kind == "actions" and self.counts_as == "status"
        stages = [
            f"{stage}:{self.counts_as}"
            for stage, (_, use, _) in _STAGES.items()
            if self.counts_as in PROGRESS and (use == "round") == is_round
        ]
        other_uses = [use for use in OTHER_USES if use != first and (use != "question" or self.proposed)]
        if self.counts_as:
            other_uses.sort(key=lambda use: use != "nothing")
        fields = [field for field in FIELDS.get(self.kind, ()) if field != first]
        gone = [f"question:{name}" for name in self.gone if len(self.key.headers) == 1]
        return [*([self.counting] if self.counting else []), *stages, *gone, *other_uses, UNKNOWN, *fields]

    def list_dimensions(self) -> list[str]:
        """What it may be to count by, where no column of its sheet is that yet."""
        return [field for field in _DIMENSIONS if field in self.choices and field not in self.read_as]

    def _is_listed(self, use: str) -> bool:
        return use in FIELDS.get(self.kind, ()) or use.startswith("question:")

    def explain(self, t: Translator) -> str | None:
        """What it may be, in words; None where nothing tells."""
        return explain_column(t, self._asdict())


def list_at_once(columns: Iterable[OpenColumn]) -> dict[str, list[Key]]:
    """The closed questions that one click answers, by the answer: what may be of persons is never among the public."""
    questions = [column for column in columns if column.proposed]
    return {
        "question": [column.key for column in questions if not column.may_be_persons],
        "staff": [column.key for column in questions],
    }


class Contest(NamedTuple):
    """Columns of one sheet that compete for a field; first those that a recipe or staff chose for it.

    Of a field that takes several columns more than one may count.
    """

    field: str
    columns: tuple[OpenColumn, ...]

    def is_unsettled(self, answers: Mapping[Key, str]) -> bool:
        """Whether some of the columns are answered, and not all, or more than one counts."""
        column_answers = [answers[column.key] for column in self.columns if column.key in answers]
        counting = sum(answers.get(column.key) == column.counting for column in self.columns)
        return bool(column_answers) and (
            len(column_answers) < len(self.columns) or (counting > 1 and self.field not in SEVERAL)
        )

    def say(self, column: OpenColumn, use: str, answers: MutableMapping[Key, str]) -> None:
        """Answer for one of the columns; where only one may count and this one does, the others no longer count."""
        for rival in self.columns:
            is_other = rival.key != column.key and self.field not in SEVERAL
            if use == column.counting and is_other and answers.get(rival.key) == rival.counting:
                del answers[rival.key]
        say_all(answers, [column.key], use)


def find_contests(columns: Sequence[OpenColumn], answers: Mapping[Key, str]) -> list[Contest]:
    """The columns of a sheet that look like one field, or are said to be it, with the columns that are read as that."""
    groups: dict[tuple[str, str, str | None, str], dict[Key, OpenColumn]] = {}
    for column in columns:
        answer = answers.get(column.key)
        field = answer if answer in _FIELDS else column.looks_like if column.is_asked else None
        if field in _FIELDS:
            group = groups.setdefault((column.key.recipe, column.source_file, column.sheet, field), {})
            group[column.key] = column._replace(counts_as=field)
    contests = []
    for (recipe, _, _, field), group in groups.items():
        any_of = next(iter(group.values()))
        read = [one for one in any_of.read_as.get(field, ()) if Key(recipe, (one[0],)) not in group]
        if read:
            key = Key(recipe, tuple(header for header, _ in read))
            filled, title = max(filled for _, filled in read), " · ".join(key.headers)
            as_read = any_of._replace(
                key=key, header=title, filled=filled, looks_like=None, understood=None, proposed=None, gone=(),
                counts_as=field, is_read=True,
            )  # fmt: skip
            group = {key: as_read} | group
        if len(group) > 1:
            contests.append(Contest(field, tuple(group.values())))
    return contests


def select_settled(columns: Sequence[OpenColumn], answers: Mapping[Key, str]) -> dict[Key, str]:
    """Select the answers, without those of columns that still compete for a field."""
    contests = (contest for contest in find_contests(columns, answers) if contest.is_unsettled(answers))
    unsettled = {column.key for contest in contests for column in contest.columns}
    return {key: use for key, use in answers.items() if key not in unsettled}


def say_all(answers: MutableMapping[Key, str], keys: Iterable[Key], use: str) -> None:
    """Answer for several columns at once; an empty use leaves them open."""
    for key in keys:
        if use:
            answers[key] = use
        else:
            answers.pop(key, None)


def read_open(snapshot: Snapshot, file: str | None = None, files: Iterable[str] | None = None) -> list[OpenColumn]:
    """The columns without a use, those that hold publishing back first.

    Args:
        snapshot: The build, or a draft.
        file: Only those of this file, by its handle.
        files: Only those of the recipes that read these files (their handles), and those that hold publishing back.
    """
    parameters = {"file": file, "files": None if files is None else list(files)}
    frame = find_names(snapshot.path).show(snapshot.query("open_columns", parameters))
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
        bool(row["may_be_persons"]),
        tuple(as_list(row["gone"])),
        {
            one["field"]: tuple((c["header"], int(c["filled"])) for c in one["columns"])
            for one in _structs(row["read_as"])
        },
        row_count=0 if pd.isna(row["row_count"]) else int(row["row_count"]),
    )


def _structs(value: Any) -> list[dict[str, Any]]:
    return list(value) if hasattr(value, "__len__") else []


def name_answer(t: Translator, use: str) -> str:
    """What a column is said to be, in the reader's words."""
    if use == AS_READ:
        return t("as it is read now")
    if use == UNKNOWN:
        return t(I_DO_NOT_KNOW)
    stage, _, field = use.partition(":")
    if stage in _STAGES and field:
        return t(_STAGES[stage][0])
    return name_use(t, OTHER_USES.get(use, "field"), use)


def write_answers(answers: Mapping[Key, str]) -> str:
    """Answers as the list that `python -m etl column --list` takes; an empty answer takes back."""
    answered = [(key, *_note_stage(use)) for key, use in answers.items() if use != AS_READ]
    lines = ((key.recipe, header, use, note) for key, use, note in answered for header in key.headers)
    return write_list(("recipe", "header", "is", "note"), lines)


def _note_stage(use: str) -> tuple[str, str]:
    """What is written of a column, with its note: of what nobody knows nothing is read."""
    if use == UNKNOWN:
        return "nothing", "nobody knows what it is"
    stage, _, field = use.partition(":")
    return (_STAGES[stage][1], _STAGES[stage][2].format(field=field)) if stage in _STAGES else (use, "")


def write_list(header: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """A list as commands take it: CSV with a header."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(lines)
    return text.getvalue()
