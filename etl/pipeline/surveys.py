"""Survey answers: the closed questions of a progress survey that a recipe or staff made public.

The questions of a sheet are those that its recipe names and those that it asks besides. Their distinct answers are
counted sheet by sheet; when all sheets are read, SQL decides which questions are closed (`15_closed_questions`) and
what each answer means; then the rows of the closed ones that are public are taken from the raw tables. A closed
question that nobody has settled is proposed to staff, and nothing of it is published.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import duckdb

from dashboard.languages import list_languages, read_settings
from etl.pipeline.readings import note_choices
from etl.pipeline.staging import CHOICE_SEPARATOR, Statement, rows_kept
from etl.profiling import timed
from etl.readers.sheets import Sheet
from etl.recipes.fields import Kind
from etl.recipes.recipe_file import Question as NamedQuestion
from etl.recipes.shapes.model import Column, Role, Shape
from etl.recipes.shapes.shape import read_shape
from etl.recipes.sheet_plan import Place, SheetPlan
from etl.sqlfiles import insert_rows, run_step
from etl.texts.folding import Folding, matches
from etl.texts.plain import plain

_LONGEST_KEY = 60
_NUMBERED = re.compile(r"^(q|question|v|var|col|column|field)?_?\d+[a-z]?(_\d+)*$")
_XML_NAME = re.compile(r"^[\w./:-]+$")
# Signs without which two choices could look alike: under 5 years, over 5 years.
_SIGNS = (
    ("<=", "at most"), ("≤", "at most"), (">=", "at least"), ("≥", "at least"), ("<", "under"), (">", "over"),
    ("+", "plus"),
)  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """One choice of a question: its code, its label as the sheet writes it, and its columns, if any."""

    code: str
    label: str | None
    columns: tuple[int, ...] = ()
    is_other: bool = False


@dataclass(frozen=True)
class Question:
    """One question of one sheet.

    Attributes:
        key: Its name: the recipe's, else one made of its text.
        text: Its text as the sheet has it; None where the sheet only has a name for it.
        choices: The choices that are known before any row is read.
        separators: The possible signs between several choices in one cell.
        is_named: Whether the recipe names it, so that it is kept whatever its cells look like.
        is_public: Whether the recipe names it or staff made it public.
        is_split: Whether it has a column a choice.
        has_names: Whether its headers are names as form builders use them, which have no blanks: then neither do
            the names of its choices.
        cell_first: Whether the cell decides, and the choices' columns only speak where it is empty.
    """

    key: str
    text: str | None
    place: Place
    choices: tuple[Choice, ...] = ()
    separators: tuple[str, ...] = ()
    is_named: bool = False
    is_split: bool = False
    has_names: bool = False
    cell_first: bool = False
    is_public: bool = False

    @property
    def first_column(self) -> int:
        """Return the question's first column."""
        return min(self.place.all_columns)


def find_questions(plan: SheetPlan, shape: Shape, fold: Folding) -> list[Question]:
    """Find the questions of a sheet, in the order of their columns."""
    named_questions = [_named(plan, name, place, shape) for name, place in plan.questions.items()]
    free = free_columns(plan, shape) if plan.recipe.read.questions == "all" else []
    ignored = [fold.pattern(spelling) for spelling in plan.recipe.read.ignore_questions]
    open_columns = [
        column
        for column in free
        if not any(
            matches(pattern, fold(text)) for pattern in ignored for text in (column.header, column.question) if text
        )
    ]
    keys = {question.key for question in named_questions}
    unnamed: list[Question] = []
    for columns in _grouped(open_columns):
        question = _unnamed(plan, columns, shape, keys, fold)
        if question is not None:
            keys.add(question.key)
            unnamed.append(question)
    return sorted([*named_questions, *unnamed], key=lambda question: (question.first_column, question.key))


def free_columns(plan: SheetPlan, shape: Shape) -> list[Column]:
    """List the columns that may be questions: answers that the recipe maps to nothing."""
    used_columns = {
        c for place in [*(p for _, p in plan.field_places), *plan.questions.values()] for c in place.all_columns
    }
    used_columns |= {c for one in plan.left_out for c in one.columns} | {*plan.personal, *plan.staff, *plan.set_aside}
    # A recipe that names some choices of a question settles the whole question.
    groups = {shape.columns[c].group for c in used_columns if shape.columns[c].choice is not None}
    return [
        c
        for c in shape.columns
        if c.role is Role.ANSWER
        and c.question
        and c.index not in used_columns
        and (c.group is None or c.group not in groups)
    ]


def vote_language(texts: Iterable[str]) -> str | None:
    """Find the language of most of the common words of these texts; None where that is in doubt."""
    word_counts = Counter(word for text in texts for word in set(plain(text).split()))
    common = {lang: read_settings(lang).common_words for lang in list_languages()}
    votes = sorted(((sum(word_counts[word] for word in words), lang) for lang, words in common.items()), reverse=True)
    (most, lang), (second, _) = (*votes, (0, ""))[:2]
    return lang if most > 1 and most > second else None


def _named(plan: SheetPlan, name: str, place: Place, shape: Shape) -> Question:
    recipe = plan.recipe.questions[name]
    choices = [Choice(code, _label(shape.columns[columns[0]].choice), columns) for code, columns in place.choices]
    codes = {choice.code for choice in choices}
    choices += [Choice(code, None) for code in [*recipe.choices, *recipe.labels] if code not in codes]
    separators = plan.recipe.read.separators if recipe.separators is None else recipe.separators
    column = shape.columns[min(place.all_columns)]
    return Question(
        name, _text(column.question), place, tuple(dict.fromkeys(choices)), separators, is_named=True,
        is_split=bool(place.choices), is_public=True,
    )  # fmt: skip


def _unnamed(
    plan: SheetPlan, columns: Sequence[Column], shape: Shape, keys: set[str], fold: Folding
) -> Question | None:
    """Make the question of a column, or of the columns of one split question; None where they are no question."""
    cells = tuple(c.index for c in columns if c.choice is None)
    by_choice: dict[str, list[Column]] = {}
    for column in columns:
        if column.choice is not None:
            by_choice.setdefault(plain(column.choice) or column.choice, []).append(column)
    if not by_choice and all(c.is_other for c in columns):
        return None  # what people wrote under "Other, please specify"
    text = columns[0].question or ""
    key = _free_key(plan, text, columns[0], keys)
    choices = [
        Choice(key_of_choice(members[0].choice or "", fold), _label(members[0].choice), tuple(c.index for c in members),
               all(c.is_other for c in members))
        for members in by_choice.values()
    ]  # fmt: skip
    columns_of = tuple((choice.code, choice.columns) for choice in choices)
    place = Place(cells, columns_of, not_taken=plan.not_taken(key))
    header = columns[0].header or ""
    separators = tuple(dict.fromkeys([*shape.separators, *plan.recipe.read.separators]))
    return Question(
        key, _text(text), place, tuple(choices), separators,
        is_split=any(not c.is_other for c in choices),
        has_names=bool(_XML_NAME.match(header)),
        cell_first=bool(cells) and all(c.is_other for c in choices),
        is_public=not set(place.all_columns).isdisjoint(plan.public),
    )  # fmt: skip


def _grouped(columns: Iterable[Column]) -> list[list[Column]]:
    """Group the columns of one split question; every other column stands alone."""
    by_group: dict[int, list[Column]] = {}
    groups: list[list[Column]] = []
    for column in columns:
        if column.group is None or column.group not in by_group:
            groups.append([column])
            if column.group is not None:
                by_group[column.group] = groups[-1]
        else:
            by_group[column.group].append(column)
    return groups


def _label(words: str | None) -> str | None:
    """Return a choice's words for people; None for a name that only the form's builder knows."""
    return None if words is None or re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", words) else words


def _text(words: str | None) -> str | None:
    """Return words for people; None for a name that only the form's builder knows."""
    return None if words is None or (_XML_NAME.match(words) and re.search(r"[_./:\d]|^[a-z]+$", words)) else words


def _free_key(plan: SheetPlan, text: str, column: Column, keys: set[str]) -> str:
    key = make_key(text if _text(text) else column.name or text)
    if _NUMBERED.match(key):  # Q4 is another question in every survey
        key = f"{plan.recipe.id}_{key}"
    number = column.repeat
    result = key if number == 1 else f"{key}_{number}"
    while result in keys:
        number += 1
        result = f"{key}_{number}"
    return result


def make_key(text: str) -> str:
    """Make a question's key: its text in small letters with `_`; a long one is cut and ends in part of its hash."""
    key = plain(text).replace(" ", "_") or "question"
    if len(key) <= _LONGEST_KEY:
        return key
    return f"{key[:_LONGEST_KEY].rpartition('_')[0] or key[:_LONGEST_KEY]}_{sha256(key.encode()).hexdigest()[:4]}"


def known_spellings(question: NamedQuestion | None, choices: Sequence[Choice]) -> dict[str, str]:
    """List the spellings of each choice in cells: its code, labels, and words after the question in a header."""
    spellings: dict[str, str] = {}
    for choice in choices:
        texts: list[str] = [choice.code, choice.label or ""]
        if question is not None:
            texts += question.label(choice.code).values()
            for header in question.choices.get(choice.code, ()):
                texts += [part.strip(" *]") for part in re.split(r"/|\s-\s|\[", header)[-1:]]
        for text in texts:
            if text:
                spellings.setdefault(text, choice.code)
    return spellings


def key_of_choice(text: str, fold: Folding) -> str:
    """Make a choice's code: its text in small letters with `_`; the SQL macro `choice_code` does so for cells."""
    for sign, word in _SIGNS:
        text = text.replace(sign, f" {word} ")
    return fold(text).replace(" ", "_")


_MOST_MARKS = 100  # more distinct cells are no marks of choices
_MOST_CELLS = 20_000  # more distinct cells are no answers to a closed question, however many choices it has


class SurveyAnswers:
    """Collects the questions of sheet after sheet, then writes the answers to the closed ones that are public.

    Attributes:
        public: By sheet: the columns of closed questions whose answers are published, each with the question's key.
        proposed: The same of closed questions that nobody has settled.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, fold: Folding) -> None:
        """Begin without any."""
        self._connection = connection
        self._fold = fold
        self._asked: list[tuple[int, SheetPlan, Question]] = []
        self._rows: dict[str, list[tuple[object, ...]]] = defaultdict(list)  # by table
        self.public: dict[int, dict[int, str]] = defaultdict(dict)
        self.proposed: dict[int, dict[int, str]] = defaultdict(dict)

    @timed("questions of a sheet")
    def add(self, sheet_no: int, recipe_no: int, plan: SheetPlan, sheet: Sheet, shape: Shape) -> None:
        """Count the distinct answers of one sheet of this shape; `raw_<sheet_no>` holds its rows."""
        if plan.recipe.holds is not Kind.PROGRESS_REPORTS:
            return
        questions = self._find(sheet_no, plan, sheet, shape)
        if not questions:
            return
        language = plan.recipe.constants.get("language")
        if language is None:
            language = vote_language(question.text for question in questions if question.text)
        self._rows["header_languages"].append((sheet_no, recipe_no, language))
        for question in questions:
            self._note(sheet_no, plan, question)
            self._count(sheet_no, plan, question)
            self._asked.append((sheet_no, plan, question))

    @timed("questions settled")
    def settle(self) -> None:
        """Decide which questions are closed and stage their answers (`staged_answers`)."""
        for table, rows in self._rows.items():
            insert_rows(self._connection, table, rows)
        run_step(self._connection, "15_closed_questions")
        closed = {name for (name,) in self._connection.execute("select question from question_separators").fetchall()}
        for sheet_no, plan, question in self._asked:
            if question.key not in closed:
                continue
            uses = self.public if question.is_public else self.proposed
            uses[sheet_no] |= dict.fromkeys(question.place.all_columns, question.key)
            if question.is_public:
                note_choices(self._connection, plan, sheet_no, question.key, question.place, self._others(question))
                self._stage(sheet_no, plan, question)
        run_step(self._connection, "16_public_questions")

    @staticmethod
    def _others(question: Question) -> set[int]:
        """List the columns of the texts under "Other"."""
        return {column for choice in question.choices if choice.is_other for column in choice.columns}

    def _find(self, sheet_no: int, plan: SheetPlan, sheet: Sheet, shape: Shape) -> list[Question]:
        read = plan.recipe.read
        many: set[int] = set()
        if read.questions == "all" and free_columns(plan, shape):
            few, many = self._profile(sheet_no, [c.index for c in shape.columns if c.role is Role.ANSWER])
            header = (plan.header_row, plan.rows_after_header, read.group_separators)
            shape = read_shape(sheet, *header, {i: few.get(i) for i in range(sheet.width)})
        return [q for q in find_questions(plan, shape, self._fold) if q.is_named or not set(q.place.columns) & many]

    def _profile(self, sheet_no: int, columns: Sequence[int]) -> tuple[dict[int, frozenset[str]], set[int]]:
        """List the distinct cells of the columns that have few, and the columns that have too many for any choice."""
        estimates = ", ".join(f"approx_count_distinct(c{i + 1})" for i in columns)
        counts = self._ask(f"select {estimates} from raw_{sheet_no}")[0]  # noqa: S608  (column and table numbers)
        many = {i for i, count in zip(columns, counts, strict=True) if count > _MOST_CELLS}
        few = [i for i, count in zip(columns, counts, strict=True) if count <= 2 * _MOST_MARKS]  # near, not exact
        marks = dict.fromkeys(few, frozenset[str]())
        if few:  # as rows: a count of distinct cells by column would need memory for each
            cells = ", ".join(f"c{i + 1} as '{i}'" for i in few)
            cells = f"unpivot (select {cells} from raw_{sheet_no}) on * into name column_no value cell"  # noqa: S608
            lists = f"select column_no::integer, list(distinct cell) from ({cells}) group by all"  # noqa: S608
            marks |= {i: frozenset(texts) for i, texts in self._ask(lists)}
        return {i: texts for i, texts in marks.items() if len(texts) <= _MOST_MARKS}, many

    def _ask(self, statement: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(statement).fetchall()

    def _note(self, sheet_no: int, plan: SheetPlan, question: Question) -> None:
        """Note what is known of a question before its answers are read."""
        wording = plan.recipe.questions.get(question.key) if question.is_named else None
        key = question.key
        self._rows["questions_asked"].append((
            sheet_no, plan.recipe.id, key, plan.headers[question.first_column], question.text, question.first_column,
            question.is_named, question.is_split, question.has_names, list(question.separators), question.is_public,
        ))  # fmt: skip
        self._rows["choices_asked"] += [
            (sheet_no, key, place, choice.code, choice.label, question.is_named)
            for place, choice in enumerate(question.choices)
        ]
        spellings = known_spellings(wording, question.choices)
        self._rows["choice_spellings"] += [(key, text, code) for text, code in spellings.items()]
        if wording is not None:
            labels: list[tuple[str | None, dict[str, str]]] = [(None, wording.text), *wording.labels.items()]
            self._rows["told_texts"] += [
                (key, code, lang, text) for code, texts in labels for lang, text in texts.items()
            ]

    def _count(self, sheet_no: int, plan: SheetPlan, question: Question) -> None:
        """Count the distinct answers, each with its pieces where a recipe names their separators."""
        statement = Statement(plan.recipe)
        answers = self._answers(statement, question, sheet_no, rows_kept(plan, sheet_no))
        pieces = "written" if question.is_named else "null"
        for separator in question.separators if question.is_named else ():
            pieces = f"replace({pieces}, {statement.bind(separator)}, {statement.bind(CHOICE_SEPARATOR)})"
        self._connection.execute(
            f"insert into answer_texts select {statement.bind(sheet_no)}, {statement.bind(question.key)}, "  # noqa: S608
            f"written, {pieces}, count(*) from ({answers}) where written is not null group by all",
            statement.parameters,
        )

    def _stage(self, sheet_no: int, plan: SheetPlan, question: Question) -> None:
        """Put the codes of a closed question's answers beside the rows with these answers."""
        statement = Statement(plan.recipe)
        staged = f"staged_{plan.recipe.holds}"
        if plan.rounds:  # the last round alone repeats the answers
            staged = f"(from {staged} qualify row_no = min(row_no) over (partition by sheet_no, source_row))"
        self._connection.execute(
            "insert into staged_answers select s.row_no, a.question, a.codes "  # noqa: S608  (a kind, a table number)
            f"from ({self._answers(statement, question, sheet_no)}) as r inner join {staged} as s "
            f"on s.sheet_no = {statement.bind(sheet_no)} and r.source_row = s.source_row "
            f"inner join answer_codes as a on a.question = {statement.bind(question.key)} and a.written = r.written",
            statement.parameters,
        )

    @staticmethod
    def _answers(statement: Statement, question: Question, sheet_no: int, condition: str = "") -> str:
        """Write each row's answer: the taken choices, or the cell."""
        place = question.place
        if question.cell_first:
            cells = [statement.cell(column) for column in place.columns]
            choices = [statement.chosen(code, [c], place.not_taken) for code, columns in place.choices for c in columns]
            answer_sql = f"coalesce({', '.join([*cells, *choices])})"
        else:
            answer_sql = statement.place(place)
        return f"select source_row, {answer_sql} as written from raw_{sheet_no}{condition}"  # noqa: S608  (table numbers)
