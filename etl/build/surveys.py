"""Survey answers: every closed question of a progress survey, whether a recipe names it or not.

First the distinct answers of each sheet are counted; when all sheets are read, SQL decides which questions are closed
(`15_closed_questions`) and what each answer means; then the rows of the closed ones are taken from the raw tables.
"""

from collections.abc import Sequence
from typing import Any

import duckdb

from dashboard.campaign.folder import LANGUAGES
from etl.build.questions import Question, find_questions, free_columns, known_spellings, vote_language
from etl.build.staging import CHOICE_SEPARATOR, Statement
from etl.readers.sheets import Sheet
from etl.recipes.fields import Kind
from etl.recipes.model import Language
from etl.recipes.recognition import SheetPlan
from etl.shapes.model import Role
from etl.shapes.shape import read_shape
from etl.sqlfiles import SQL, run_file, run_step
from etl.texts.folding import Folding

_MOST_MARKS = 100  # more distinct cells are no marks of choices
_MOST_CELLS = 20_000  # more distinct cells are no answers to a closed question, however many choices it has


class SurveyAnswers:
    """Collects the questions of sheet after sheet, then writes the answers to the closed ones."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, fold: Folding) -> None:
        """Create the tables."""
        self._connection = connection
        self._fold = fold
        self._asked: list[tuple[int, SheetPlan, Question]] = []
        run_file(connection, SQL / "questions.sql")

    def add(self, sheet_no: int, recipe_no: int, plan: SheetPlan, sheet: Sheet) -> None:
        """Count the distinct answers of one sheet; `raw_<sheet_no>` holds its rows."""
        if plan.recipe.holds is not Kind.PROGRESS_REPORTS:
            return
        questions = self._find(sheet_no, plan, sheet)
        if not questions:
            return
        language = plan.recipe.constants.get("language")
        if language not in LANGUAGES:
            language = vote_language(question.text for question in questions if question.text)
        self._connection.execute(
            "insert into header_languages values ($sheet_no, $recipe_no, $language)",
            {"sheet_no": sheet_no, "recipe_no": recipe_no, "language": language},
        )
        for question in questions:
            self._note(sheet_no, plan, question)
            self._count(sheet_no, plan, question)
            self._asked.append((sheet_no, plan, question))

    def settle(self) -> None:
        """Decide which questions are closed and stage their answers (`staged_answers`)."""
        run_step(self._connection, "15_closed_questions")
        closed = {name for (name,) in self._connection.execute("select question from question_separators").fetchall()}
        for sheet_no, plan, question in self._asked:
            if question.key in closed:
                self._stage(sheet_no, plan, question)

    def _find(self, sheet_no: int, plan: SheetPlan, sheet: Sheet) -> list[Question]:
        read = plan.recipe.read
        header = (plan.header_row, plan.rows_after_header, read.group_separators)
        shape = read_shape(sheet, *header)
        many: set[int] = set()
        if read.questions == "all" and free_columns(plan, shape):
            few, many = self._profile(sheet_no, [c.index for c in shape.columns if c.role is Role.ANSWER])
            shape = read_shape(sheet, *header, {i: few.get(i) for i in range(sheet.width)})
        return [q for q in find_questions(plan, shape, self._fold) if q.is_named or not set(q.place.columns) & many]

    def _profile(self, sheet_no: int, columns: Sequence[int]) -> tuple[dict[int, frozenset[str]], set[int]]:
        """The distinct cells of the columns that have few, and the columns that have too many for any choice."""
        wanted = ", ".join(f"approx_count_distinct(c{i + 1})" for i in columns)
        counts = self._ask(f"select {wanted} from raw_{sheet_no}")[0]  # noqa: S608  (column and table numbers)
        many = {i for i, count in zip(columns, counts, strict=True) if count > _MOST_CELLS}
        few = {}
        for i, count in zip(columns, counts, strict=True):
            if count <= 2 * _MOST_MARKS:  # the count is near, not exact
                cell = f"c{i + 1}"
                found = self._ask(f"select distinct {cell} from raw_{sheet_no} where {cell} is not null")  # noqa: S608
                few[i] = frozenset(text for (text,) in found)
        return {i: cells for i, cells in few.items() if len(cells) <= _MOST_MARKS}, many

    def _ask(self, statement: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(statement).fetchall()

    def _note(self, sheet_no: int, plan: SheetPlan, question: Question) -> None:
        """What is known of a question before its answers are read."""
        named = plan.recipe.questions.get(question.key) if question.is_named else None
        header = plan.headers[question.first_column]
        self._connection.execute(
            "insert into questions_asked values ($sheet_no, $recipe, $question, $header, $words, $first_column, "
            "$is_named, $is_split, $has_names, $separators)",
            {
                "sheet_no": sheet_no,
                "recipe": plan.recipe.id,
                "question": question.key,
                "header": header,
                "words": question.text,
                "first_column": question.first_column,
                "is_named": question.is_named,
                "is_split": question.is_split,
                "has_names": question.has_names,
                "separators": list(question.separators),
            },
        )
        choices = [(c.code, c.label) for c in question.choices]
        self._insert(
            "choices_asked", [(sheet_no, question.key, i, *c, question.is_named) for i, c in enumerate(choices)]
        )
        spellings = known_spellings(named, question.choices)
        self._insert("choice_spellings", [(question.key, text, code) for text, code in spellings.items()])
        if named is not None:
            told: list[tuple[str | None, dict[Language, str]]] = [(None, named.text), *named.labels.items()]
            rows = [(question.key, code, lang, text) for code, texts in told for lang, text in texts.items()]
            self._insert("told_texts", rows)

    def _insert(self, table: str, rows: Sequence[tuple[object, ...]]) -> None:
        """Insert a few rows; `table` is one of the work database's own names."""
        if rows:
            marks = ", ".join("?" for _ in rows[0])
            self._connection.executemany(f"insert into {table} values ({marks})", rows)  # noqa: S608  (own tables)

    def _count(self, sheet_no: int, plan: SheetPlan, question: Question) -> None:
        statement = Statement(plan.recipe)
        written = self._written(statement, question)
        pieces = "written" if question.is_named else "null"
        for separator in question.separators if question.is_named else ():
            pieces = f"replace({pieces}, {statement.bind(separator)}, {statement.bind(CHOICE_SEPARATOR)})"
        self._connection.execute(
            f"insert into answer_texts select {statement.bind(sheet_no)}, {statement.bind(question.key)}, "  # noqa: S608
            f"written, {pieces}, count(*) from (select {written} as written from raw_{sheet_no}"
            f"{statement.rows_kept(plan)}) where written is not null group by all",
            statement.parameters,
        )

    def _stage(self, sheet_no: int, plan: SheetPlan, question: Question) -> None:
        statement = Statement(plan.recipe)
        self._connection.execute(
            "insert into staged_answers select s.row_no, a.question, a.codes "  # noqa: S608  (a kind, a table number)
            f"from raw_{sheet_no} as r inner join staged_{plan.recipe.holds} as s "
            f"on s.sheet_no = {statement.bind(sheet_no)} and r.source_row = s.source_row "
            f"inner join answer_codes as a on a.question = {statement.bind(question.key)} "
            f"and a.written = {self._written(statement, question)}",
            statement.parameters,
        )

    @staticmethod
    def _written(statement: Statement, question: Question) -> str:
        """The expression for what one row answers: the choices taken, or the cell, without contacts."""
        if not question.cell_first:
            return f"without_contacts({statement.place(question.place)})"
        cells = [statement.cell(column) for column in question.place.columns]
        choices = [
            f"case when is_chosen({statement.cell(c)}) then {statement.bind(code)} end"
            for code, columns in question.place.choices
            for c in columns
        ]
        return f"without_contacts(coalesce({', '.join([*cells, *choices])}))"
