"""Which recipe reads a sheet, where its header row is, and which column is which field."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase

from etl.readers.sheets import Sheet
from etl.recipes.model import LeaveOut, Mapping, Recipe
from etl.shapes.shape import read_shape
from etl.texts.folding import Folding, matches
from etl.texts.personal import PERSONAL_HEADERS

HEADER_ROWS_TRIED = 30


@dataclass(frozen=True)
class Place:
    """Where one field or question stands: its columns (0-based), or one group of columns a choice."""

    columns: tuple[int, ...] = ()
    choices: tuple[tuple[str, tuple[int, ...]], ...] = ()


@dataclass(frozen=True)
class SheetPlan:
    """How one sheet is read: the recipe, the header row (1-based) and the place of every field."""

    recipe: Recipe
    header_row: int
    headers: tuple[str | None, ...]
    places: dict[str, Place] = field(default_factory=dict)
    questions: dict[str, Place] = field(default_factory=dict)
    personal: tuple[int, ...] = ()
    rows_after_header: int = 0
    left_out: tuple[tuple[LeaveOut, tuple[int, ...]], ...] = ()

    @property
    def first_row(self) -> int:
        """The first spreadsheet row that holds data."""
        return self.header_row + 1 + self.rows_after_header

    @property
    def score(self) -> int:
        """How much of the recipe was found: the fuller match reads the sheet."""
        recognise = self.recipe.recognise
        named = 2 * bool(recognise.file_names) + 2 * bool(recognise.sheets)
        return named + 3 * len(recognise.headers) + 2 * len(self.places) + len(self.questions)


class _Header:
    """One candidate header row, folded: full names and, for grouped headers, their tails.

    Where a second header row holds the options of a question (which then stands over its first option only), a column
    is also known by its option and by question and option together.
    """

    def __init__(
        self,
        row: Sequence[str | None],
        separators: Sequence[str],
        fold: Folding,
        options: Sequence[str | None] = (),
    ) -> None:
        self.full = [fold(cell) if cell else "" for cell in row]
        self.tails = [{fold(tail) for tail in _tails(cell, separators)} if cell else set() for cell in row]
        question, first, named = None, 0, []
        self.further: dict[int, list[int]] = {}
        for column, option in enumerate(options[: len(row)]):
            if row[column]:
                question, first = row[column], column
            if option:
                named.append((column, option, f"{question or ''} {option}"))
                if question and column > first:
                    self.further.setdefault(first, []).append(column)
        fold.learn(text for _, _, text in named)
        for column, option, text in named:
            self.tails[column] |= {fold(option), fold(text)}

    def find(self, spellings: Iterable[str], fold: Folding) -> tuple[int, ...]:
        """The columns (0-based) that one of the spellings names, best spelling first."""
        for spelling in spellings:
            pattern = fold.pattern(spelling)
            whole = [i for i, name in enumerate(self.full) if name and matches(pattern, name)]
            found = tuple(sorted({*whole, *(c for i in whole for c in self.further.get(i, ()))}))
            found = found or tuple(i for i, tails in enumerate(self.tails) if any(matches(pattern, t) for t in tails))
            if found:
                return found
        return ()


def _tails(header: str, separators: Sequence[str]) -> list[str]:
    tails = []
    for separator in separators:
        parts = header.split(separator)
        tails += [separator.join(parts[i:]) for i in range(1, len(parts))]
    return tails


def recognise(file_name: str, sheet: Sheet, recipes: Sequence[Recipe], fold: Folding) -> SheetPlan | None:
    """The plan of the recipe that fits the sheet best, the campaign's own first; None when no recipe knows it."""
    cells = {cell for row in sheet.preview[:HEADER_ROWS_TRIED] for cell in row if cell}
    separators = sorted({s for recipe in recipes for s in recipe.read.group_separators})
    fold.learn(cells | {tail for cell in cells for tail in _tails(cell, separators)})
    plans = [plan for recipe in recipes if (plan := _plan(file_name, sheet, recipe, fold)) is not None]
    return max(plans, key=lambda plan: (plan.recipe.is_own, plan.score), default=None)


def learn_spellings(recipes: Iterable[Recipe], fold: Folding) -> None:
    """Fold every header that a recipe names, in one go."""
    mappings = [m for recipe in recipes for part in (recipe.fields, recipe.questions) for m in part.values()]
    spellings = [h for m in mappings for headers in (m.headers, *m.choices.values()) for h in headers]
    for recipe in recipes:
        spellings += [h for headers in recipe.recognise.headers for h in headers]
        spellings += [*recipe.recognise.without, *recipe.personal.headers]
        spellings += [h for rule in recipe.leave_out for h in rule.headers]
    fold.learn_patterns([*spellings, *PERSONAL_HEADERS])


def is_ignored(sheet: Sheet, recipes: Iterable[Recipe]) -> bool:
    """Whether a recipe that reads another sheet of the same workbook says this one holds no data."""
    name = (sheet.name or "").casefold()
    return any(fnmatchcase(name, p.casefold()) for recipe in recipes for p in recipe.read.ignore_sheets)


def _plan(file_name: str, sheet: Sheet, recipe: Recipe, fold: Folding) -> SheetPlan | None:
    wanted = recipe.recognise
    if wanted.file_names and not _globbed(file_name, wanted.file_names):
        return None
    if wanted.sheets and sheet.name is not None and not _globbed(sheet.name, wanted.sheets):
        return None
    rows = sheet.preview[:HEADER_ROWS_TRIED]
    numbers = [recipe.read.header_row] if recipe.read.header_row else range(1, len(rows) + 1)
    for number in numbers:
        if number > len(rows) or not any(rows[number - 1]):
            continue
        below = _rows_after_header(recipe, sheet, number, fold)
        if below is None:
            continue
        options = rows[number] if below and number < len(rows) else ()
        header = _Header(rows[number - 1], recipe.read.group_separators, fold, options)
        if any(header.find([h], fold) for h in wanted.without):
            continue
        if all(header.find(spellings, fold) for spellings in wanted.headers):
            plan = _map(number, rows[number - 1], header, recipe, fold)
            if plan is not None:
                return replace(plan, rows_after_header=below)
    return None


def _rows_after_header(recipe: Recipe, sheet: Sheet, number: int, fold: Folding) -> int | None:
    """How many rows below the header (1-based) belong to it: as the recipe says, else as its tool writes them.

    None where it is to be found and this is no header row of the recipe's tool.
    """
    below = recipe.read.rows_after_header
    if below != "found":
        return below
    header = _Header(sheet.preview[number - 1], recipe.read.group_separators, fold)
    if not all(header.find(spellings, fold) for spellings in recipe.recognise.headers):
        return None
    return read_shape(sheet, header_row=number).rows_after_header


def _map(number: int, row: Sequence[str | None], header: _Header, recipe: Recipe, fold: Folding) -> SheetPlan | None:
    places = {}
    for name, mapping in recipe.fields.items():
        place = _place(mapping, header, fold)
        if place is not None:
            places[name] = place
        elif mapping.required:
            return None
    if not places:
        return None
    questions = {q: place for q, m in recipe.questions.items() if (place := _place(m, header, fold)) is not None}
    used = {c for place in places.values() for c in _columns(place)}
    named = {c for spelling in recipe.personal.headers for c in header.find([spelling], fold)}
    asked = {c for place in questions.values() for c in _columns(place)}
    guessed = {i for i, name in enumerate(header.full) if any(matches(p, name) for p in PERSONAL_HEADERS)}
    personal = tuple(sorted((named | (guessed - asked)) - used))
    left_out = tuple((rule, found) for rule in recipe.leave_out if (found := header.find(rule.headers, fold)))
    return SheetPlan(recipe, number, tuple(row), places, questions, personal, left_out=left_out)


def _place(mapping: Mapping, header: _Header, fold: Folding) -> Place | None:
    columns = header.find(mapping.headers, fold)
    choices = tuple(
        (value, found) for value, spellings in mapping.choices.items() if (found := header.find(spellings, fold))
    )
    return Place(columns, choices) if columns or choices else None


def _columns(place: Place) -> set[int]:
    return {*place.columns, *(c for _, columns in place.choices for c in columns)}


def _globbed(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(name.casefold(), pattern.casefold()) for pattern in patterns)
