"""Columns without a use: their likely uses, the choices, and the answers as a list for the command."""

from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from dashboard.campaign.answers.answer import Answer
from dashboard.campaign.answers.question_kinds import I_DO_NOT_KNOW, UNKNOWN
from dashboard.campaign.file_names import find_names
from dashboard.i18n import N_, Translator
from dashboard.lists.quality.queries import as_list, explain_column, name_use
from dashboard.snapshot.database import Snapshot

_CLASSES = ("stakeholder_group", "category", "themes", "countries", "regions", "language", "due_on")
PROGRESS = (
    "status", "percent", "completed_on", "reported_on", "wave", "narrative", "evidence", "reviewed_by", "reviewed_on",
    "verified_by", "verified_on",
)  # fmt: skip
"""Fields that one row may hold in several stages."""
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
    "milestones": ("label", "due_on", "reached_on", *_KEYS, "report_id", "told_at"),
    "results": ("indicator", "unit", "target", "actual", "baseline", "target_on", "actual_on", "baseline_on",
                "how_known", *_KEYS, "report_id", "told_at"),
    "events": (*_POST, "ends_on", "starts_at", "ends_at", "place", "cancelled", "repeats"),
    "stories": _POST,
    "annotations": ("id", "submission_id", "post_id", "kind", "said_on", "words", "language", "file", "rights",
                    "withdrawn_on"),
}  # fmt: skip
"""The possible fields of a column, by the kind of its rows, those of the main figures first."""
_FIELDS = frozenset().union(*FIELDS.values())

SEVERAL = ("themes", "countries", "regions")
"""Fields that may have several columns, and several values in a cell."""

OTHER_USES = {"question": "question", "staff": "staff", "personal": "personal", "nothing": "set_aside"}
"""The uses of a column besides a field, in the command's words, and the recipe's word for them."""

AS_READ = "as_read"
"""The answer that a column stays as the recipe reads it: it is not written."""
MOST_KINDS = 60
"""The most values that count as few."""
_DIMENSIONS = ("category", "themes")
_NEARLY_ALWAYS = 0.98  # of the rows: a sheet may have rows outside its table
_STAGES = {
    "earlier": (N_("An earlier stage: for staff only"), "staff", "an earlier stage of {field}"),
    "later": (N_("A later stage: for staff only"), "staff", "a later stage of {field}"),
    "earlier round": (N_("An earlier stage, with its own day"), "round", "an earlier stage of {field}"),
    "later round": (N_("A later stage, with its own day"), "round", "a later stage of {field}"),
}
"""The stages of a field that a column can be: in words, and the use to write, with its note."""

REFUSAL = "What these columns are must be said first"
"""The beginning of the build's refusal while a column that looks like a field has no use."""


class Key(NamedTuple):
    """The subject of an answer: the columns of one recipe with these headers."""

    recipe: str
    headers: tuple[str, ...]


class OpenColumn(NamedTuple):
    """One column without a use (or with a use that does not fit), or those of one question with a column a choice.

    Attributes:
        kind: The kind of the recipe's rows.
        row_count: The rows of its sheet, where `filled` of its cells are filled.
        looks_like: The likely field (or a question of the recipe, by the command's name), with `understood` as the
            share of its cells that fit it.
        proposed: The key of the likely closed question.
        is_asked: Whether publishing waits for staff's answer about it.
        may_be_persons: Whether header or answers of a closed question may name persons.
        gone: The questions of the recipe, and choices of them, without a column in its file.
        read_as: The fields with columns in its sheet, with their headers and filled cells.
        counts_as: For one of several likely columns of a field, that field; the recipe reads it already where
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
        """Return whether it may be a dimension to count by: always filled, with few different values (`kinds`)."""
        is_filled = 0 < _NEARLY_ALWAYS * self.row_count <= self.filled
        return is_filled and 1 < kinds <= min(MOST_KINDS, self.row_count / 2)

    @property
    def counting(self) -> str | None:
        """The answer that makes it its likely use."""
        return AS_READ if self.is_read else self.counts_as or self.looks_like

    @property
    def buttons(self) -> list[str]:
        """The choices besides fields and questions of its recipe, and the likely one of these."""
        return [use for use in self.choices if use == self.counting or not self._is_listed(use)]

    @property
    def choices(self) -> list[str]:
        """The possible answers, in the command's words, the likeliest first."""
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
        """List the dimensions to count by that it may be, where no column of its sheet is one yet."""
        return [field for field in _DIMENSIONS if field in self.choices and field not in self.read_as]

    def _is_listed(self, use: str) -> bool:
        return use in FIELDS.get(self.kind, ()) or use.startswith("question:")

    def explain(self, t: Translator) -> str | None:
        """Describe its likely use in words; None without one."""
        return explain_column(t, self._asdict())


def list_at_once(columns: Iterable[OpenColumn]) -> dict[str, list[Key]]:
    """List the closed questions that one click answers, by the answer; possible names of persons are never public."""
    questions = [column for column in columns if column.proposed]
    return {
        "question": [column.key for column in questions if not column.may_be_persons],
        "staff": [column.key for column in questions],
    }


class Contest(NamedTuple):
    """Columns of one sheet that compete for a field; first those that a recipe or staff chose for it.

    Where a field takes several columns, more than one may count.
    """

    field: str
    columns: tuple[OpenColumn, ...]

    def is_unsettled(self, answers: Mapping[Key, str]) -> bool:
        """Return whether some of the columns have an answer, and not all, or more than one counts."""
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
    """Find the columns of a sheet that look like one field, or are answered so, with the columns read as that."""
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
    """Read the columns without a use, those that hold publishing back first.

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
            for one in (row["read_as"] if hasattr(row["read_as"], "__len__") else ())
        },
        row_count=0 if pd.isna(row["row_count"]) else int(row["row_count"]),
    )


def name_answer(t: Translator, use: str) -> str:
    """Name the answer about a column in the reader's words."""
    if use == AS_READ:
        return t("as it is read now")
    if use == UNKNOWN:
        return t(I_DO_NOT_KNOW)
    stage, _, field = use.partition(":")
    if stage in _STAGES and field:
        return t(_STAGES[stage][0])
    return name_use(t, OTHER_USES.get(use, "field"), use)


def list_column_answers(answers: Mapping[Key, str]) -> list[Answer]:
    """List answers about columns, one a header; an empty answer takes back."""
    answered = [(key, *_note_stage(use)) for key, use in answers.items() if use != AS_READ]
    return [
        Answer(0, "column", key.recipe, "", "", header, use, note)
        for key, use, note in answered
        for header in key.headers
    ]


def _note_stage(use: str) -> tuple[str, str]:
    """Return the use to write for a column, with its note; a column that nobody knows is not read."""
    if use == UNKNOWN:
        return "nothing", "nobody knows what it is"
    stage, _, field = use.partition(":")
    return (_STAGES[stage][1], _STAGES[stage][2].format(field=field)) if stage in _STAGES else (use, "")
