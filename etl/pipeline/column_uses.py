"""The account of columns: the use of each column of each sheet, and the open ones among them that staff must settle.

Every column has a use that a recipe or staff stated, is the tool's own, or is about a person; else it is *open*, and
nothing of it is counted or published. An open column that looks like a field holds publishing back until staff state
its use, because a figure without it may be wrong.

A question of the recipe without a column in the sheet may be an open column: by its header, nearly the question's; else
by its cells, the question's answers; else, where one question and one column without a header are left, these belong
together. A question that fits no column is listed as gone.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any, NamedTuple

import duckdb

from dashboard.campaign.file_names import FileNames
from dashboard.errors import Sentence, UserError, join, sentence
from dashboard.i18n import N_
from etl.pipeline.surveys import Choice, SurveyAnswers, known_spellings
from etl.profiling import timed
from etl.readers.sheets import Sheet, in_portions, list_columns
from etl.readers.sizes import letter_column
from etl.recipes.fields import FIELDS, MAKERS, PERSONS, SEVERAL
from etl.recipes.near_headers import find_near_targets, list_lacking
from etl.recipes.recipe_file import Question
from etl.recipes.settled_plan import NAMED_QUESTION, QUESTION
from etl.recipes.shapes.model import Role, Shape
from etl.recipes.shapes.shape import read_shape
from etl.recipes.sheet_plan import SheetPlan
from etl.sqlfiles import ask, insert_rows
from etl.texts.folding import Folding
from etl.texts.personal import are_names, may_name_person

_MOST_ANSWERS = 40  # different ones, to a closed question


def find_targets(
    connection: duckdb.DuckDBPyConnection,
    sheet_no: int,
    plan: SheetPlan,
    shape: Shape,
    open_columns: Mapping[int, int],
    fold: Folding,
) -> dict[int, str]:
    """Find the missing fields that open columns may be, by their headers, and the questions, also by their cells.

    `connection`: the work database; `open_values` holds the values of open columns, `answer_texts` the answers of all
    sheets. Questions that fit none of the columns go into `questions_gone`.
    `open_columns`: its columns without a use (from 0), with their filled cells.
    `fold`: folds headers as recognition does.
    """
    lacking = list_lacking(plan, fold)
    headers = {i: header for i in open_columns if i < len(plan.headers) and (header := plan.headers[i])}
    targets = find_near_targets(plan, headers, lacking, fold)
    gone = [one for one in lacking if one.target not in targets.values()]
    if not gone or not (plan.recipe.is_own or plan.questions):  # of a shipped recipe's questions a survey may ask none
        return targets
    names = [one.target.removeprefix(NAMED_QUESTION) for one in gone if not one.is_choice]
    remaining = [i for i in open_columns if i not in targets]
    if names and remaining:
        by_answers = _find_by_answers(connection, sheet_no, plan, remaining, names)
        if not by_answers and len(names) == 1:
            without = {i: open_columns[i] for i in remaining if i not in headers and shape.columns[i].question is None}
            nameless = _find_nameless(connection, sheet_no, without)
            by_answers = {} if nameless is None else {nameless: names[0]}
        targets |= {column: NAMED_QUESTION + name for column, name in by_answers.items()}
    left_over = {one.target: one.spellings[0] for one in gone if one.target not in targets.values()}
    rows = [
        (sheet_no, target.removeprefix(NAMED_QUESTION), header)
        for target, header in left_over.items()
        if "/" not in target or target.partition("/")[0] not in left_over  # the whole question is gone
    ]
    insert_rows(connection, "questions_gone", rows)
    return targets


def _find_by_answers(
    connection: duckdb.DuckDBPyConnection, sheet_no: int, plan: SheetPlan, columns: Sequence[int], names: Sequence[str]
) -> dict[int, str]:
    """Find the columns that alone hold the answers to a question; several leave open which is meant."""
    words = [(name, word) for name in names for word in ("", *_list_words(plan.recipe.questions[name]))]
    parameters = {
        "sheet_no": sheet_no,
        "columns": [column + 1 for column in columns],
        "questions": [name for name, _ in words],
        "words": [word for _, word in words],
    }
    pairs = ask(connection, "readings/open_answers", parameters)
    of_question, of_column = Counter(name for _, name in pairs), Counter(number for number, _ in pairs)
    return {number - 1: name for number, name in pairs if of_question[name] == of_column[number] == 1}


def _list_words(question: Question) -> Iterable[str]:
    """List the recipe's words for the choices of a question."""
    return known_spellings(question, [Choice(code, None) for code in {**question.choices, **question.labels}])


def _find_nameless(connection: duckdb.DuckDBPyConnection, sheet_no: int, columns: Mapping[int, int]) -> int | None:
    """Find the only one of these columns (with their filled cells) that holds few different answers in most rows."""
    rows = connection.execute("select rows_read from sheets where sheet_no = $1", [sheet_no]).fetchall()[0][0]
    few = connection.execute(
        "select column_no - 1 from open_values where sheet_no = $1 group by column_no having count(*) <= $2",
        [sheet_no, _MOST_ANSWERS],
    ).fetchall()
    likely = [column for (column,) in few if columns.get(column, 0) * 2 >= max(rows, 1)]
    return likely[0] if len(likely) == 1 else None


ROWS_LOOKED_AT = 5_000
"""Rows at the beginning of a sheet that show what an open column may be; fewer where it has hundreds of those."""
CODED = frozenset(
    {"percent", *(field.name for fields in FIELDS.values() for field in fields if field.codelist is not None)}
)
"""Fields whose cells tell whether a column holds another one."""
_MOST_CELLS = 500_000  # of a sheet to look at
_FEWEST_ROWS = 40
_NAMED = 3  # columns that one refusal names


class Use(StrEnum):
    """The use of a column."""

    FIELD = "field"
    QUESTION = "question"
    STAFF = "staff"
    PERSONAL = "personal"
    SET_ASIDE = "set_aside"
    OPEN = "open"


PUBLIC = (Use.FIELD, Use.QUESTION)
"""The uses of columns whose headers are public."""


class ColumnUse(NamedTuple):
    """The use of one column: its field or question, and who decided so."""

    use: Use
    target: str | None = None
    decided_by: str | None = None


class HiddenHeaders:
    """Handles for headers that are not public, and for their questions: the handles do not reveal them."""

    def __init__(self) -> None:
        """Begin without any."""
        self._handles: dict[tuple[str, str], str] = {}

    def hide(self, header: str, kind: str = "column") -> str:
        """Return the handle of a header, or of a question (`kind`): the same for the same words."""
        return self._handles.setdefault((kind, header), f"[{kind} {len(self._handles) + 1}]")

    def rows(self) -> list[tuple[str, str]]:
        """List each handle with its header."""
        return [(handle, header) for (_, header), handle in self._handles.items()]


class OpenColumnError(UserError):
    """A column that looks like a field has no use yet: staff must settle it before anything is published."""


def read_plan_shape(plan: SheetPlan, sheet: Sheet) -> Shape:
    """Read the shape of a sheet whose header rows the plan knows."""
    if not plan.header_row:  # its headers stand on another sheet
        sheet, plan = replace(sheet, preview=(plan.headers, *sheet.preview)), replace(plan, header_row=1)
    return read_shape(sheet, plan.header_row, plan.rows_after_header, plan.recipe.read.group_separators)


@timed("columns of a sheet")
def note_columns(
    connection: duckdb.DuckDBPyConnection,
    sheet_no: int,
    plan: SheetPlan | None,
    shape: Shape | None,
    width: int,
    answers: SurveyAnswers,
    fold: Folding,
    hidden: HiddenHeaders,
) -> None:
    """Put the columns of one sheet into `column_uses`, and the cells that show what they may be into `open_values`.

    Those are the cells of open columns and of columns that hold codes. A column without header and without a cell is
    none. `width` counts columns; a sheet that is not read has neither plan nor shape. Headers that are not public
    get a handle in `hidden`.
    """
    if not width:
        return
    counts = ", ".join(f"count({column})" for column in list_columns(width))
    filled = connection.execute(f"select {counts} from raw_{sheet_no}").fetchall()[0]  # noqa: S608
    uses = list_stated_uses(plan, shape, answers.public[sheet_no]) if plan and shape else _unread(width)
    open_columns = {i: count for i, count in enumerate(filled) if count and i not in uses}
    coded = (i for i, use in uses.items() if filled[i] and use.target in CODED)
    if cells := [f"c{i + 1}" for i in sorted({*open_columns, *coded})]:
        _note_values(connection, sheet_no, cells)
    near = find_targets(connection, sheet_no, plan, shape, open_columns, fold) if plan and shape else {}
    near = {i: target for i, target in near.items() if not _is_of_person(plan, i) or _may_be_of_persons(target)}
    near |= plan.contested if plan else {}
    proposed = {i: key for i, key in answers.proposed[sheet_no].items() if i not in uses and filled[i]}
    persons = _find_persons(connection, sheet_no, proposed, plan, shape)
    rows = []
    for i, count in enumerate(filled):
        header = plan.names[i] if plan and i < len(plan.names) else None
        if not count and (header is None or (plan and plan.headers[i] is None)):
            continue
        use = uses.get(i) or (ColumnUse(Use.OPEN) if count else ColumnUse(Use.SET_ASIDE, decided_by="empty"))
        public_header = header and (header if use.use in PUBLIC else hidden.hide(header))
        question = proposed.get(i)
        question = question and hidden.hide(question, "question")
        use_cells = (str(use.use), use.target, use.decided_by, question)
        rows.append((sheet_no, i + 1, header, public_header, *use_cells, count, near.get(i), i in persons))
    insert_rows(connection, "column_uses", rows)


def _is_of_person(plan: SheetPlan | None, column: int) -> bool:
    header = plan.headers[column] if plan and column < len(plan.headers) else None
    return header is not None and may_name_person(header)


def _may_be_of_persons(target: str) -> bool:
    """Return whether a column of persons may be what its header nearly says: a maker, or a question."""
    return target in MAKERS or target.startswith(QUESTION)


def _find_persons(
    connection: duckdb.DuckDBPyConnection,
    sheet_no: int,
    proposed: Mapping[int, str],
    plan: SheetPlan | None,
    shape: Shape | None,
) -> set[int]:
    """Find the columns (from 0) of proposed questions that may be of persons, by their headers, choices or answers."""
    texts: dict[str, set[str]] = {key: set() for key in proposed.values()}
    for column in shape.columns if shape else ():
        if column.index in proposed and column.choice:
            texts[proposed[column.index]].add(column.choice)
    split = {key for key, choices in texts.items() if choices}
    rows = (
        connection.execute("select column_no - 1, value from open_values where sheet_no = $1", [sheet_no]).fetchall()
        if proposed
        else []
    )
    for column, value in rows:
        if column in proposed and proposed[column] not in split:
            texts[proposed[column]].add(value)
    person_keys = {key for i, key in proposed.items() if _is_of_person(plan, i)}
    person_keys |= {key for key, column_texts in texts.items() if are_names(column_texts)}
    return {i for i, key in proposed.items() if key in person_keys}


def _note_values(connection: duckdb.DuckDBPyConnection, sheet_no: int, columns: Sequence[str]) -> None:
    """Count the values of columns in the first rows of a sheet."""
    most = max(_FEWEST_ROWS, min(ROWS_LOOKED_AT, _MOST_CELLS // len(columns)))
    ((last,),) = connection.execute(
        f"select max(source_row) from (from raw_{sheet_no} select source_row order by source_row limit $most)",  # noqa: S608
        {"most": most},
    ).fetchall()
    for portion in in_portions(columns, lambda _: most):
        connection.execute(
            "insert into open_values select $sheet_no, column_name[2:]::integer, value, count(*) "  # noqa: S608
            f"from (unpivot (select {', '.join(portion)} from raw_{sheet_no} where source_row <= $last) "
            "on columns(*) into name column_name value value) group by all",
            {"sheet_no": sheet_no, "last": last},
        )


@timed("columns of fields")
def note_fields(connection: duckdb.DuckDBPyConnection) -> None:
    """Put the fields of every kind into `kind_fields`, with the lists that their codes come from."""
    insert_rows(
        connection,
        "kind_fields",
        [(str(kind), field.name, field.codelist) for kind, fields in FIELDS.items() for field in fields],
    )


def refuse_open_columns(connection: duckdb.DuckDBPyConnection, names: FileNames) -> None:
    """Hold publishing back while a column that looks like a field has no use; `snapshot` is to be published.

    Files and columns are called by their own names.

    Raises:
        OpenColumnError: there is one; the first few are named, with the remedy.
    """
    asked_columns = ask(connection, "report/asked_columns")
    if not asked_columns:
        return
    places = [_say_column(row, names) for row in asked_columns[:_NAMED]]
    if len(asked_columns) > _NAMED:
        places.append(sentence(N_("and {n} more"), n=len(asked_columns) - _NAMED))
    remedy = [sentence(N_("Nothing was published."))]
    headed_columns = [row for row in asked_columns if row[2]]
    remedy += {_find_other(row, names) is None: _say_remedy(row, names) for row in reversed(headed_columns)}.values()
    if len(headed_columns) < len(asked_columns):
        remedy.append(sentence(N_("Write a header above each column that has none, or delete its cells.")))
    what = N_("What these columns are must be said first, else figures could be wrong. {columns}.")
    raise OpenColumnError(sentence(what, columns=join(places, "; ")), join(remedy))


def _say_remedy(row: tuple[Any, ...], names: FileNames) -> Sentence:
    """Name the remedy for one column that staff must settle."""
    file, _, header, field, *_ = row
    stage = "round" if row[-2] else "staff"
    words = {"file": names.file(file), "header": names.header(header), "field": field, "stage": stage}
    other_header = _find_other(row, names)
    if other_header is None:
        each = N_('Say what each is: python -m etl column "{file}" "{header}" --is {field} (or --is nothing).')
        return sentence(each, **words)
    if field in SEVERAL:
        beside = N_(
            'Where it counts beside “{other}”: python -m etl column "{file}" "{header}" --is {field}; where “{other}” '
            "alone counts: --is staff or --is nothing."
        )
        return sentence(beside, **words, other=other_header)
    counts = N_(
        'Where “{other}” counts: python -m etl column "{file}" "{header}" --is {stage} (for an earlier or later stage) '
        "or --is nothing; where “{header}” counts, say that of “{other}”, and then --is {field} of “{header}”."
    )
    return sentence(counts, **words, other=other_header)


def _find_other(row: tuple[Any, ...], names: FileNames) -> str | None:
    """Find the other column that is read as this column's likely field."""
    return row[-1] and names.header(row[-1])


def _say_column(row: tuple[Any, ...], names: FileNames) -> Sentence:
    """Describe a column that staff must settle: its place, and its likely field."""
    file, sheet, header, field, share, number, *_ = row
    place = names.file(file)
    if sheet:
        place = sentence(N_("{file}, sheet {sheet}"), file=place, sheet=names.sheet(file, sheet) or sheet)
    column = sentence(N_("column {letter}, which has no header,"), letter=letter_column(number))
    if header and (name := names.header(header)) != letter_column(number):
        column = sentence(N_("the column “{header}”"), header=name)
    if other_header := _find_other(row, names):
        text = N_("{place}: {column} {looks}, which “{other}” is already")
        return sentence(text, place=place, column=column, looks=_say_looks(field), other=other_header)
    if not share:
        return sentence(N_("{place}: {column} {looks}"), place=place, column=column, looks=_say_looks(field))
    return sentence(
        N_("{place}: {column} {looks} ({percent}% of its cells would be understood)"),
        place=place,
        column=column,
        looks=_say_looks(field),
        percent=round(100 * share),
    )


def _say_looks(target: str) -> Sentence:
    """Name in words the field that a column looks like."""
    name, _, choice = target.removeprefix(NAMED_QUESTION).partition("/")
    if target == QUESTION:
        return sentence(N_("nearly is a question that you made public"))
    if name == target:
        return sentence(N_("looks like {field}"), field=target)
    if choice:
        return sentence(N_("nearly is the choice {choice} of the question {question}"), choice=choice, question=name)
    return sentence(N_("nearly is the question {question}"), question=name)


def list_stated_uses(plan: SheetPlan, shape: Shape, public: Mapping[int, str] | None = None) -> dict[int, ColumnUse]:
    """List the uses of the columns (from 0) that have one.

    `public`: the columns of closed questions whose answers are published, with the questions' keys.
    """
    uses: dict[int, ColumnUse] = {}
    for i, use in _stated(plan, public or {}):
        uses.setdefault(i, use._replace(decided_by="staff") if i in plan.decided else use)
    columns = shape.columns
    for column in columns:
        if column.role in (Role.ID, Role.TIME, Role.META, Role.PARENT) and column.header is not None:
            uses.setdefault(column.index, ColumnUse(Use.SET_ASIDE, decided_by="tool"))
    # A tool writes the choices of a question once more in one cell, beside their columns.
    split = {c.question: uses[c.index] for c in columns if c.choice is not None and c.question and c.index in uses}
    for column in columns:
        if column.choice is None and column.question in split:
            uses.setdefault(column.index, split[column.question])
    return uses


def _stated(plan: SheetPlan, public: Mapping[int, str]) -> Iterator[tuple[int, ColumnUse]]:
    """List the uses that recipe and staff state, and the columns about persons."""
    for name, place in plan.field_places:
        use = Use.PERSONAL if name in PERSONS else Use.FIELD
        for i in place.all_columns:
            yield i, ColumnUse(use, name, "recipe")
    for i, key in public.items():
        yield i, ColumnUse(Use.QUESTION, key, "recipe")
    for i in plan.personal:
        yield i, ColumnUse(Use.PERSONAL, decided_by="recipe" if i in plan.named_personal else "header")
    for i in plan.staff:
        yield i, ColumnUse(Use.STAFF, decided_by="recipe")
    for i in (*plan.set_aside, *(i for one in plan.left_out for i in one.columns)):
        yield i, ColumnUse(Use.SET_ASIDE, decided_by="recipe")
    for name, place in plan.questions.items():  # without an answer, or not closed
        for i in place.all_columns:
            yield i, ColumnUse(Use.QUESTION, name, "recipe")


def _unread(width: int) -> dict[int, ColumnUse]:
    return dict.fromkeys(range(width), ColumnUse(Use.SET_ASIDE, decided_by="unread"))
