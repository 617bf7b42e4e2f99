"""Which recipe reads a sheet, where its header row is, and which column is which field."""

from collections.abc import Collection, Iterable, Sequence
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import lru_cache
from itertools import chain, count
from pathlib import PurePosixPath
from typing import NamedTuple

from dashboard.answers.answer import Answer, select_answers
from etl.readers.sheets import Sheet
from etl.recipes.doubtful_headers import MAKERS, fits_field
from etl.recipes.fields import FIELDS, PERSONS, Kind, field_names
from etl.recipes.recipe_file import Headings, LeaveOut, Mapping, Recipe, Round
from etl.recipes.round_sheets import REPORTED, KeyColumn, as_reports, find_keys
from etl.recipes.settlements import (
    NAMED_QUESTION,
    NOTHING,
    PERSONAL,
    QUESTION,
    ROUND,
    STAFF,
    Settlement,
    SheetSettlement,
    say_of_sheet,
)
from etl.shapes.shape import read_shape
from etl.texts.contacts import without_contacts
from etl.texts.folding import Folding, select_matching
from etl.texts.personal import may_name_person, select_listed

HEADER_ROWS_TRIED = 30
_FIELDS_OF_ACTIONS = frozenset(field_names(Kind.ACTIONS))
ALL_OTHERS = ("*",)
"""What means "no" in columns of choices where all words do but those that say yes."""


@dataclass(frozen=True)
class Place:
    """Where one field or question stands: its columns (0-based), or one group of columns a choice.

    Attributes:
        first_of: The columns in groups, of which in each row the first filled one counts; empty: they are one group.
        is_key: Whether the columns are the parts of one key.
        not_taken: What means "no" in the columns of choices by the recipe's word; None where it says nothing.
    """

    columns: tuple[int, ...] = ()
    choices: tuple[tuple[str, tuple[int, ...]], ...] = ()
    first_of: tuple[tuple[int, ...], ...] = ()
    is_key: bool = False
    not_taken: tuple[str, ...] | None = None

    @property
    def all_columns(self) -> tuple[int, ...]:
        """The columns of the cell itself, then those of its choices."""
        return (*self.columns, *(column for _, columns in self.choices for column in columns))


class LeftOut(NamedTuple):
    """A rule by which rows are left out: the columns (0-based) it looks at, and its values, folded."""

    rule: LeaveOut
    columns: tuple[int, ...]
    folded: tuple[str, ...]


@dataclass(frozen=True)
class SheetPlan:
    """How one sheet is read: the recipe, the header row (1-based) and the place of every field.

    A sheet without headers, which is read by those of another one, has the header row 0.

    Attributes:
        names: The headers, with a number behind one that an earlier column bears (`Status (2)`): staff call columns so.
        rounds: The rounds of which the sheet has columns, with the places of their fields.
        personal: Columns (0-based) that go to the private store only; `staff` goes there too, as what staff may read.
        named_personal: Those of them that the recipe names; the others' headers speak of persons.
        public: Columns that are questions although the recipe does not name them.
        set_aside: Columns that nothing is read from.
        settled: Columns that staff have spoken about.
        contested: Columns that nobody said whether they or another one is a field that takes one column, by that
            field: what the recipe reads where staff named another, and all where staff named several.
        awaited: Headers that staff said to be public questions, and which the sheet does not have.
        said: What staff answered about the sheet, by kind of question and field.
        is_round: Whether its rows are reports about the actions of a register on another sheet, as staff said.
    """

    recipe: Recipe
    header_row: int
    headers: tuple[str | None, ...]
    places: dict[str, Place] = field(default_factory=dict)
    questions: dict[str, Place] = field(default_factory=dict)
    personal: tuple[int, ...] = ()
    named_personal: frozenset[int] = frozenset()
    staff: tuple[int, ...] = ()
    public: tuple[int, ...] = ()
    set_aside: tuple[int, ...] = ()
    settled: tuple[int, ...] = ()
    contested: dict[int, str] = field(default_factory=dict)
    awaited: tuple[str, ...] = ()
    rows_after_header: int = 0
    left_out: tuple[LeftOut, ...] = ()
    rounds: tuple[tuple[Round, dict[str, Place]], ...] = ()
    names: tuple[str | None, ...] = ()

    said: AnyMapping[tuple[str, str], str] = field(default_factory=dict)
    is_round: bool = False

    def answer(self, kind: str, name: str = "") -> str | None:
        """What staff answered to a kind of question about this sheet, or about the field or question `name` of it."""
        return self.said.get((kind, name))

    def not_taken(self, name: str, stated: tuple[str, ...] | None = None) -> tuple[str, ...] | None:
        """What means "no" in the columns of choices of a field or question, as staff said, else as is `stated`."""
        return {"taken": (), "not_taken": ALL_OTHERS}.get(self.answer("choices", name) or "", stated)

    @property
    def field_places(self) -> tuple[tuple[str, Place], ...]:
        """Every field with each place it has, those of rounds as well."""
        return (*self.places.items(), *(item for _, places in self.rounds for item in places.items()))

    @property
    def persons(self) -> set[int]:
        """The columns of fields that name persons: they are personal, and only that somebody is named is kept."""
        return {column for name, place in self.field_places if name in PERSONS for column in place.all_columns}

    @property
    def first_row(self) -> int:
        """The first spreadsheet row that holds data."""
        return self.header_row + 1 + self.rows_after_header

    @property
    def score(self) -> int:
        """How much of the recipe was found: the fuller match reads the sheet."""
        recognise = self.recipe.recognise
        named = 2 * bool(recognise.file_names) + 2 * bool(recognise.sheets)
        return named + 3 * len(recognise.headers) + 2 * len(self.field_places) + len(self.questions)


class _Patterns:
    """The pattern of every spelling that a recipe names, and of several spellings together."""

    def __init__(self, spellings: Iterable[str], fold: Folding) -> None:
        self._of = fold.fold_patterns(spellings)
        self._groups: dict[tuple[str, ...], tuple[frozenset[str], tuple[str, ...]]] = {}

    def __getitem__(self, spelling: str) -> str:
        return self._of[spelling]

    def group(self, spellings: tuple[str, ...]) -> tuple[frozenset[str], tuple[str, ...]]:
        """The texts that several spellings mean, and their patterns with a `*`."""
        if spellings not in self._groups:
            patterns = {self._of[spelling] for spelling in spellings}
            parts = tuple(sorted(pattern for pattern in patterns if "*" in pattern))
            self._groups[spellings] = frozenset(patterns.difference(parts)), parts
        return self._groups[spellings]


_MOST_PATTERNS = 8  # sets of recipes
_known_patterns: dict[tuple[str, ...], _Patterns] = {}


def _find_patterns(spellings: tuple[str, ...], fold: Folding) -> _Patterns:
    """The patterns of spellings, which are the same whatever folds them: builds of one process share them."""
    if spellings not in _known_patterns:
        if len(_known_patterns) >= _MOST_PATTERNS:
            _known_patterns.clear()
        _known_patterns[spellings] = _Patterns(spellings, fold)
    return _known_patterns[spellings]


class _Names:
    """What the columns of a row are called, folded: their full names and, for grouped headers, their tails."""

    def __init__(self, names: Iterable[str], tails: Iterable[str], patterns: _Patterns) -> None:
        self._known = (frozenset(names), frozenset(tails))
        self._patterns = patterns

    def has(self, spellings: tuple[str, ...]) -> bool:
        """Whether one of the spellings names a column."""
        texts, parts = self._patterns.group(spellings)
        return not all(map(texts.isdisjoint, self._known)) or any(
            select_matching(parts, known) for known in self._known if parts
        )


class _Header:
    """One candidate header row, folded: which columns bear each full name and, for grouped headers, each tail.

    Where a second header row holds the options of a question (which then stands over its first option only), a column
    is also known by its option and by question and option together.
    """

    def __init__(
        self,
        row: Sequence[str | None],
        separators: Sequence[str],
        options: Sequence[str | None],
        fold: Folding,
        patterns: _Patterns,
    ) -> None:
        joined = _join_options(row, options)
        tails = [list_tails(cell, tuple(separators)) if cell else () for cell in row]
        texts = [cell for cell in row if cell] + [text for column in tails for text in column]
        folded = fold.fold_all(texts + [text for _, _, words in joined for text in words])
        self._patterns = patterns
        self._fold = fold
        self.full = [folded[cell] if cell else "" for cell in row]
        self._by_name: dict[str, list[int]] = {}
        self._by_tail: dict[str, list[int]] = {}
        self._further: dict[int, list[int]] = {}
        for column, name in enumerate(self.full):
            if name:
                self._by_name.setdefault(name, []).append(column)
            for tail in {folded[text] for text in tails[column]}:
                self._by_tail.setdefault(tail, []).append(column)
        for first, column, words in joined:
            for text in words:
                self._by_tail.setdefault(folded[text], []).append(column)
            if first is not None and column > first:
                self._further.setdefault(first, []).append(column)
        self._columns: dict[str, tuple[int, ...]] = {}
        self.names = _Names(self._by_name, self._by_tail, patterns)

    def find(self, spellings: Iterable[str]) -> tuple[int, ...]:
        """The columns (0-based) that one of the spellings names, best spelling first."""
        for spelling in spellings:
            pattern = self._patterns[spelling]
            columns = self._columns.get(pattern)
            if columns is None:
                columns = self._columns[pattern] = self._look_up(pattern)
            if columns:
                return columns
        return ()

    def fold(self, texts: Iterable[str]) -> tuple[str, ...]:
        """These texts as cells are compared with them."""
        return tuple(self._fold.fold_bare(texts).values())

    def without_repeats(self, columns: Iterable[int], *, of_one_table: bool = False) -> tuple[int, ...]:
        """The columns but those whose header an earlier one bears: which of the two is meant, only staff know.

        Of one table, only those go of which a column without a header tells that another table stands beside it.
        """
        first = {self.full[column]: column for column in reversed(tuple(columns)) if self.full[column]}
        apart = (lambda one, other: "" in self.full[one:other]) if of_one_table else (lambda one, other: one != other)
        return tuple(column for column in columns if not apart(first.get(self.full[column], column), column))

    def number_repeats(self, row: Sequence[str | None]) -> tuple[str | None, ...]:
        """The headers as they are written, with a number behind each that an earlier column bears."""
        taken, named = set(self.full), list(row)
        seen = set[str]()
        for column, name in enumerate(self.full):
            if name and name in seen:
                number = next(n for n in count(2) if f"{name} {n}" not in taken)
                taken.add(f"{name} {number}")
                named[column] = f"{row[column]} ({number})"
            seen.add(name)
        return tuple(named)

    def _look_up(self, pattern: str) -> tuple[int, ...]:
        whole = _select(pattern, self._by_name)
        if whole:
            return tuple(sorted(whole.union(*(self._further.get(column, ()) for column in whole))))
        return tuple(sorted(_select(pattern, self._by_tail)))


def _select(pattern: str, columns: dict[str, list[int]]) -> set[int]:
    """The columns under every text that a pattern means; one without a `*` is looked up."""
    texts = select_matching((pattern,), columns) if "*" in pattern else (pattern,)
    return {column for text in texts for column in columns.get(text, ())}


def _join_options(
    row: Sequence[str | None], options: Sequence[str | None]
) -> list[tuple[int | None, int, tuple[str, str]]]:
    """Each option of a second header row: its question's first column, its own, and the words it is known by."""
    joined = []
    question, first = None, None
    for column, option in enumerate(options[: len(row)]):
        if row[column]:
            question, first = row[column], column
        if option:
            joined.append((first, column, (option, f"{question or ''} {option}")))
    return joined


@lru_cache(maxsize=8192)
def list_tails(header: str, separators: tuple[str, ...]) -> tuple[str, ...]:
    """What stands behind each separator of a header; kept, since every recipe asks for the same headers."""
    tails: list[str] = []
    for separator in separators:
        if separator not in header:
            continue
        parts = header.split(separator)
        tails += [separator.join(parts[i:]) for i in range(1, len(parts))]
    return tuple(tails)


class KnownRecipes:
    """The recipes of a campaign, with every spelling folded once.

    Attributes:
        recipes: The recipes, the campaign's own first.
        sheets: What staff said of sheets.
    """

    def __init__(
        self,
        recipes: Sequence[Recipe],
        fold: Folding,
        settlements: Sequence[Settlement] = (),
        sheets: Sequence[SheetSettlement] = (),
        answers: Sequence[Answer] = (),
    ) -> None:
        """Fold every header that a recipe names, in one go; `settlements` to `answers` are what staff said."""
        self.recipes = recipes
        self.sheets = sheets
        self._answers = answers
        self.fold = fold
        self._settlements = settlements
        self._patterns = _find_patterns(tuple(chain.from_iterable(recipe.spellings for recipe in recipes)), fold)
        self._separators = tuple(sorted({s for recipe in recipes for s in recipe.read.group_separators}))
        self._recognised = tuple(sorted({
            text for recipe in recipes for spellings in recipe.recognise.headers for text in spellings
        }))  # fmt: skip

    def is_left_out(self, file_name: str, sheet: Sheet) -> bool:
        """Whether staff said that a sheet is nothing."""
        return say_of_sheet(self.sheets, file_name, sheet.name) == NOTHING

    def plan(self, file: str, sheet: Sheet) -> SheetPlan | None:
        """The plan that reads a sheet of a file of the inbox, with what staff answered about it; None for none."""
        name = PurePosixPath(file).name
        plan = self.recognise(name, sheet)
        if plan is None or not self._answers:
            return plan
        if (
            select_answers(self._answers, plan.recipe.id, file, sheet.name).get(("classes_as_register", ""))
            == "classes"
        ):
            plan = self.recognise(f"classification {name}", sheet) or plan
        return _answer(plan, select_answers(self._answers, plan.recipe.id, file, sheet.name))

    def answers_about(self, file: str, sheet: Sheet, recipe: str = "") -> dict[tuple[str, str], str]:
        """What staff answered about a sheet of a file of the inbox, by kind of question and field."""
        return select_answers(self._answers, recipe, file, sheet.name) if self._answers else {}

    def plan_beside(
        self, file: str, sheet: Sheet, plan: SheetPlan | None, others: Iterable[tuple[Sheet, SheetPlan | None]]
    ) -> SheetPlan | None:
        """The plan of a sheet as staff said that it belongs to a register beside it; else the one that it has.

        Args:
            file: The file, as the inbox calls it.
            sheet: The sheet.
            plan: Its plan; None where no recipe reads it.
            others: The sheets of the file with theirs: the first other one of actions is the register.
        """
        is_round = say_of_sheet(self.sheets, file, sheet.name) == ROUND
        use = ROUND if is_round else self.answers_about(file, sheet).get(("further_sheet", ""))
        if use not in (ROUND, "rows") or (plan is not None and not is_round):
            return plan
        registers = ((one, own) for one, own in others if own is not None and one is not sheet)
        beside, register = next((pair for pair in registers if pair[1].recipe.holds is Kind.ACTIONS), (sheet, None))
        if register is None:
            return plan
        if use == ROUND:
            found = self._plan_round(sheet, plan, beside, register)
        elif len(register.headers) <= sheet.width:
            found = replace(register, header_row=0, rows_after_header=0)
        else:
            return None
        return found and _answer(found, self.answers_about(file, sheet, register.recipe.id))

    def _plan_round(self, sheet: Sheet, plan: SheetPlan | None, beside: Sheet, register: SheetPlan) -> SheetPlan | None:
        """The plan by which the rows of a sheet are reports about the actions of a register; None where it names none.

        It is read by its own headers, which stand above the first row that names an action. Without, it is read by
        those of the register where it names actions in the same columns.
        """
        columns = {name: place.columns for name, place in register.places.items()}
        keys = find_keys(sheet, beside.preview[register.first_row - 1 :], columns)
        if plan is None and not keys:
            return None
        number, below = (plan.header_row, plan.rows_after_header) if plan else (_find_row_above(sheet, keys), 0)
        row: Sequence[str | None] = (None,) * sheet.width
        if number:
            row = sheet.preview[number - 1]
        elif all(columns[name] == (key.column,) for name, key in keys.items()):
            row = register.headers[: sheet.width]
        first_rows = (tuple(row), *sheet.preview[number : number + below])
        recipe = as_reports((plan or register).recipe)
        rows = _Rows(replace(sheet, preview=first_rows), self._separators, self.fold, self._patterns, ())
        header = rows.header(1, recipe.read.group_separators, with_options=bool(below))
        read = _map(1, row, header, recipe) or SheetPlan(recipe, 1, tuple(row))
        places = {name: Place((key.column,)) for name, key in keys.items()} | read.places
        of_actions: tuple[int, ...] = ()
        if "submitted_at" in places and "submitted_at" in columns:
            of_action = {register.headers[column] for column in columns["submitted_at"]}
            if of_action.issuperset(row[column] for column in places["submitted_at"].columns):
                of_actions = places.pop("submitted_at").columns  # when the action was submitted, and not the report
        read = replace(
            read, header_row=number, rows_after_header=below, places=places, set_aside=(*read.set_aside, *of_actions),
            is_round=True,
        )  # fmt: skip
        settlements = [
            replace(said, use=NOTHING) if said.use in _FIELDS_OF_ACTIONS - REPORTED else said
            for said in self._settlements
        ]
        return _settle(_set_persons_apart(read, sheet), settlements, self.fold)

    def recognise(self, file_name: str, sheet: Sheet) -> SheetPlan | None:
        """The plan of the recipe that fits the sheet best, the campaign's own first; None when no recipe knows it."""
        rows = _Rows(sheet, self._separators, self.fold, self._patterns, self._recognised)
        plans = [
            plan
            for recipe in self.recipes
            if _may_read(recipe, file_name, sheet) and (plan := _plan(recipe, rows)) is not None
        ]
        best = max(plans, key=lambda plan: (plan.recipe.is_own, plan.score), default=None)
        return best and _settle(_set_persons_apart(best, sheet), self._settlements, self.fold)


class _Rows:
    """The first rows of a sheet, each taken apart once as the header row that it may be."""

    def __init__(
        self,
        sheet: Sheet,
        separators: tuple[str, ...],
        fold: Folding,
        patterns: _Patterns,
        recognised: tuple[str, ...],
    ) -> None:
        self.sheet = sheet
        self._recognised = recognised
        self.rows = sheet.preview[:HEADER_ROWS_TRIED]
        cells = {cell for row in self.rows for cell in set(row) if cell}
        self._tails = {cell: tails for cell in cells if (tails := list_tails(cell, separators))}
        fold.learn(cells.union(*self._tails.values()))
        self._fold = fold
        self._patterns = patterns
        self._headers: dict[tuple[int, tuple[str, ...], bool], _Header] = {}
        self._names: dict[int, _Names] = {}
        self._with_known: dict[int, bool] = {}
        self._below: dict[int, int] = {}

    def header(self, number: int, separators: tuple[str, ...], *, with_options: bool = False) -> _Header:
        """Row `number` (from 1) as headers, with the options below it if there are any."""
        key = (number, separators, with_options)
        if key not in self._headers:
            options = self.rows[number] if with_options and number < len(self.rows) else ()
            self._headers[key] = _Header(self.rows[number - 1], separators, options, self._fold, self._patterns)
        return self._headers[key]

    def may_be_header(self, number: int, recipe: Recipe) -> bool:
        """Whether the row could be the recipe's, whatever its separators are: told for all recipes by its names."""
        if number not in self._names:
            cells = {cell for cell in self.rows[number - 1] if cell}
            tails = {tail for cell in cells for tail in self._tails.get(cell, ())}
            folded = self._fold.fold_all(cells | tails)
            names = {folded[cell] for cell in cells}
            self._names[number] = _Names(names - {""}, {folded[tail] for tail in tails}, self._patterns)
            self._with_known[number] = self._names[number].has(self._recognised)
        # Most rows have no header by which any recipe is recognised: it is asked once, and not recipe by recipe.
        if recipe.recognise.headers and not self._with_known[number]:
            return False
        return _is_header(recipe, self._names[number])

    def rows_after(self, number: int) -> int:
        """How many further header rows the tool writes below this one."""
        if number not in self._below:
            self._below[number] = read_shape(self.sheet, header_row=number).rows_after_header
        return self._below[number]


def _find_row_above(sheet: Sheet, keys: AnyMapping[str, KeyColumn]) -> int:
    """The last row (from 1) with a cell above the first one that names an action; 0 for none."""
    first = min(key.first_row for key in keys.values())
    return max((number for number, row in enumerate(sheet.preview[: first - 1], 1) if any(row)), default=0)


def is_ignored(sheet: Sheet, recipes: Iterable[Recipe]) -> bool:
    """Whether a recipe that reads another sheet of the same workbook says this one holds no data."""
    name = (sheet.name or "").casefold()
    return any(fnmatchcase(name, p.casefold()) for recipe in recipes for p in recipe.read.ignore_sheets)


def _may_read(recipe: Recipe, file_name: str, sheet: Sheet) -> bool:
    """Whether the recipe is meant for a file and a sheet of these names."""
    conditions = recipe.recognise
    if conditions.file_names and not _globbed(file_name, conditions.file_names):
        return False
    return not conditions.sheets or sheet.name is None or _globbed(sheet.name, conditions.sheets)


def _plan(recipe: Recipe, rows: _Rows) -> SheetPlan | None:
    """The recipe's plan for the first row that is a header row of its."""
    stated = recipe.read.header_row
    for number in [stated] if stated else range(1, len(rows.rows) + 1):
        if number > len(rows.rows) or not any(rows.rows[number - 1]):
            continue
        if recipe.read.rows_after_header in (0, "found") and not rows.may_be_header(number, recipe):
            continue
        below = _rows_after_header(recipe, rows, number)
        if below is None:
            continue
        header = rows.header(number, recipe.read.group_separators, with_options=bool(below))
        if not _is_header(recipe, header.names) or any(header.find([h]) for h in recipe.recognise.without):
            continue
        plan = _map(number, rows.rows[number - 1], header, recipe)
        if plan is not None:
            return replace(plan, rows_after_header=below)
    return None


def _is_header(recipe: Recipe, names: _Names) -> bool:
    return all(names.has(spellings) for spellings in recipe.recognise.headers)


def _rows_after_header(recipe: Recipe, rows: _Rows, number: int) -> int | None:
    """How many rows below the header (1-based) belong to it: as the recipe says, else as its tool writes them.

    None where it is to be found and this is no header row of the recipe's tool.
    """
    below = recipe.read.rows_after_header
    if below != "found":
        return below
    if not _is_header(recipe, rows.header(number, recipe.read.group_separators).names):
        return None
    return rows.rows_after(number)


def _map(number: int, row: Sequence[str | None], header: _Header, recipe: Recipe) -> SheetPlan | None:
    places = {}
    several = {field.name for field in FIELDS[recipe.holds] if field.several}
    for name, mapping in recipe.fields.items():
        place = _place(mapping, header, with_repeats=name in several)
        if place is not None:
            places[name] = place
        elif mapping.required or mapping.all_of:
            return None
    if not places:
        return None
    questions = {
        name: place
        for name, mapping in recipe.questions.items()
        if (place := _place(mapping, header, with_repeats=False)) is not None
    }
    rounds = tuple(found for one in recipe.rounds if (found := _map_round(one, header)))
    of_rounds = [place for _, own in rounds for place in own.values()]
    used = {c for place in (*places.values(), *of_rounds) for c in place.all_columns}
    named = _find_all(header, recipe.personal.headers)
    in_questions = {c for place in questions.values() for c in place.all_columns}
    listed = select_listed(header.full)
    guessed = {i for i, name in enumerate(header.full) if name in listed}
    personal = (named | (guessed - in_questions)) - used
    left_out = tuple(
        LeftOut(rule, columns, header.fold(filter(None, rule.values)))
        for rule in recipe.leave_out
        if (columns := header.find(rule.headers))
    )
    taken = used | personal | in_questions
    staff = _find_all(header, recipe.staff_only.headers) - taken
    set_aside = _find_all(header, recipe.set_aside.headers) - taken - staff
    plan = SheetPlan(
        recipe, number, tuple(row), places, questions, tuple(sorted(personal)), frozenset(named), tuple(sorted(staff)),
        set_aside=tuple(sorted(set_aside)), left_out=left_out, rounds=rounds, names=header.number_repeats(row),
    )  # fmt: skip
    return replace(plan, personal=tuple(sorted(plan.persons.union(plan.personal))))


def _map_round(stated: Round, header: _Header) -> tuple[Round, dict[str, Place]] | None:
    """A round with its places; None where the sheet has none of its columns, or not one that it requires."""
    places = {}
    for name, mapping in stated.fields.items():
        place = _place(mapping, header, with_repeats=False)
        if place is not None:
            places[name] = place
        elif mapping.required:
            return None
    return (stated, places) if places else None


def _find_all(header: _Header, spellings: Iterable[str]) -> set[int]:
    return {column for spelling in spellings for column in header.find([spelling])}


def _set_persons_apart(plan: SheetPlan, sheet: Sheet) -> SheetPlan:
    """A shipped recipe's plan without columns that may be persons: a maker is asked about, all else is personal."""
    if plan.recipe.is_own:
        return plan
    below = sheet.preview[plan.first_row - 1 :]
    doubtful = {
        column: name
        for name, place in plan.field_places
        if name not in PERSONS
        for column in place.columns
        if (header := plan.headers[column]) and may_name_person(header)
        if not fits_field(name, [cell for row in below if (cell := row[column])])
    }
    if not doubtful:
        return plan
    personal = {column for column, name in doubtful.items() if name not in MAKERS}
    places = {name: _without_columns(place, doubtful) for name, place in plan.places.items()}
    return replace(
        plan,
        places={name: place for name, place in places.items() if place.all_columns},
        personal=tuple(sorted(personal.union(plan.personal))),
    )


def _without_columns(place: Place, columns: Collection[int]) -> Place:
    own = tuple(i for i in place.columns if i not in columns)
    groups = tuple(left for group in place.first_of if (left := tuple(i for i in group if i in own)))
    return place if own == place.columns else replace(place, columns=() if place.is_key else own, first_of=groups)


def _settle(plan: SheetPlan, settlements: Sequence[Settlement], fold: Folding) -> SheetPlan:
    """The plan with what staff said of its columns, which goes before what the recipe says."""
    said = {fold(s.header): s for s in settlements if s.recipe == plan.recipe.id}
    if not said:
        return plan
    names = {i: fold(without_contacts(name)) for i, name in enumerate(plan.names) if name}
    headers = {i: fold(without_contacts(plan.headers[i] or "")) for i in names}
    of_all = {header for header, s in said.items() if s.use in (QUESTION, PERSONAL)}  # of every column that bears it
    columns = {
        i: said[key]
        for i, name in names.items()
        for key in ([name] if name in said else [headers[i]] if headers[i] in of_all else [])
    }
    seen = set(names.values())
    plan = replace(plan, awaited=tuple(s.header for n, s in said.items() if s.use == QUESTION and n not in seen))
    if not columns:
        return plan
    places = {name: _without(place, columns) for name, place in plan.places.items()}
    contested: dict[int, str] = {}
    for one in FIELDS[plan.recipe.holds]:
        stated = tuple(i for i, settlement in columns.items() if settlement.use == one.name)
        of_recipe = places.get(one.name, Place())
        if stated and one.several:
            places[one.name] = replace(of_recipe, columns=(*of_recipe.columns, *stated), first_of=())
        elif stated:
            places[one.name] = Place(stated)
            rivals = stated if len({names[i] for i in stated}) > 1 else ()
            contested |= dict.fromkeys((*of_recipe.all_columns, *rivals), one.name)
    rounds = [(one, {n: left for n, p in own.items() if (left := _without(p, columns)).all_columns})
              for one, own in plan.rounds]  # fmt: skip
    questions = {name: _without(place, columns, but=QUESTION) for name, place in plan.questions.items()}
    for name, mapping in plan.recipe.questions.items():
        questions[name] = _add_settled(name, mapping, questions.get(name, Place()), columns)
    uses = {
        use: tuple(sorted({*(i for i in known if i not in columns), *(i for i, s in columns.items() if s.use == use)}))
        for use, known in (
            (PERSONAL, plan.personal), (STAFF, plan.staff), (NOTHING, plan.set_aside), (QUESTION, plan.public)
        )
    }  # fmt: skip
    named = {i for place in questions.values() for i in place.all_columns}
    settled = replace(
        plan,
        places={name: place for name, place in places.items() if place.all_columns},
        questions={name: place for name, place in questions.items() if place.all_columns},
        personal=uses[PERSONAL],
        staff=uses[STAFF],
        set_aside=uses[NOTHING],
        public=tuple(i for i in uses[QUESTION] if i not in named),
        settled=tuple(columns),
        contested=contested,
        rounds=tuple((one, own) for one, own in rounds if own),
    )
    return replace(settled, personal=tuple(sorted(settled.persons.union(settled.personal))))


def _answer(plan: SheetPlan, said: AnyMapping[tuple[str, str], str]) -> SheetPlan:
    """The plan with what staff answered: which words in columns of choices mean no is part of their places."""
    plan = replace(plan, recipe=_with_headings(plan.recipe, said), said=said)

    def answered(places: dict[str, Place]) -> dict[str, Place]:
        return {name: replace(place, not_taken=plan.not_taken(name, place.not_taken)) for name, place in places.items()}

    return replace(plan, places=answered(plan.places), questions=answered(plan.questions))


def _with_headings(recipe: Recipe, said: AnyMapping[tuple[str, str], str]) -> Recipe:
    """The recipe with the fields of which staff said that headings among the rows are their values, or are not."""
    answered = {name: use == "below" for (kind, name), use in said.items() if kind == "headings"}
    stated = recipe.headings.fields if recipe.headings else ()
    fields = [name for name in dict.fromkeys((*stated, *answered)) if answered.get(name, name in stated)]
    if tuple(fields) == stated:
        return recipe
    return recipe.model_copy(update={"headings": Headings(fields=tuple(fields)) if fields else None})


def _without(place: Place, columns: dict[int, Settlement], but: str = "") -> Place:
    """A place without the columns that staff said to be something else."""
    own = [i for i in place.columns if i not in columns or columns[i].use == but]
    choices = [
        (value, tuple(i for i in places if i not in columns or columns[i].use == but))
        for value, places in place.choices
    ]
    if place.is_key and len(own) < len(place.columns):  # a part of a key is none
        own = []
    groups = tuple(left for group in place.first_of if (left := tuple(i for i in group if i in own)))
    return Place(
        tuple(own), tuple((value, places) for value, places in choices if places), groups, place.is_key, place.not_taken
    )


def _add_settled(name: str, mapping: Mapping, place: Place, columns: dict[int, Settlement]) -> Place:
    """The place of a question that the recipe names, with the columns that staff said to be it, or choices of it."""

    def find(of: str) -> tuple[int, ...]:
        use = f"{NAMED_QUESTION}{of}".casefold()
        return tuple(i for i, settlement in columns.items() if settlement.use == use)

    known = dict(place.choices)
    choices = tuple((code, found) for code in mapping.choices if (found := find(f"{name}/{code}") or known.get(code)))
    own = find(name)
    if not own and choices == place.choices:
        return place
    return replace(
        place, columns=own or place.columns, choices=choices, first_of=() if own else place.first_of,
        not_taken=mapping.not_taken,
    )  # fmt: skip


def _place(mapping: Mapping, header: _Header, *, with_repeats: bool = True) -> Place | None:
    if mapping.all_of:
        parts = [header.without_repeats(header.find(spellings))[:1] for spellings in mapping.all_of]
        return Place(tuple(column for part in parts for column in part), is_key=True) if all(parts) else None
    groups = tuple(
        header.without_repeats(found, of_one_table=with_repeats)
        for spellings in mapping.first_of or (mapping.headers,)
        if (found := header.find(spellings))
    )
    columns = tuple(dict.fromkeys(column for group in groups for column in group))
    choices = tuple(
        (value, header.without_repeats(found, of_one_table=with_repeats))
        for value, spellings in mapping.choices.items()
        if (found := header.find(spellings))
    )
    if not columns and not choices:
        return None
    return Place(columns, choices, groups if mapping.first_of else (), not_taken=mapping.not_taken)


def _globbed(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(name.casefold(), pattern.casefold()) for pattern in patterns)
