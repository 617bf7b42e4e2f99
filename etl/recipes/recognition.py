"""Recognise the recipe that reads a sheet, its header row, and the column of each field."""

from collections.abc import Collection, Iterable, Sequence
from collections.abc import Mapping as AnyMapping
from dataclasses import replace
from fnmatch import fnmatchcase
from itertools import chain
from pathlib import PurePosixPath

from dashboard.campaign.answers.answer import Answer, select_answers
from etl.readers.sheets import Sheet
from etl.recipes.fields import FIELDS, MAKERS, PERSONS, Kind, field_names, fits_field
from etl.recipes.header_row import HeaderRow, Names, Patterns, find_patterns, list_tails
from etl.recipes.recipe_file import Mapping, Recipe, RowPart
from etl.recipes.settled_plan import (
    NOTHING,
    ROUND,
    answer_plan,
    find_sheet_use,
    settle_plan,
)
from etl.recipes.shapes.shape import read_shape
from etl.recipes.sheet_plan import REPORTED, KeyColumn, LeftOut, Place, SheetPlan, as_reports, find_keys
from etl.texts.folding import Folding
from etl.texts.personal import may_name_person, select_listed

HEADER_ROWS_TRIED = 30
_FIELDS_OF_ACTIONS = frozenset(field_names(Kind.ACTIONS))


class KnownRecipes:
    """The recipes of a campaign, with every spelling folded once."""

    def __init__(
        self,
        recipes: Sequence[Recipe],
        fold: Folding,
        settlements: Sequence[Answer] = (),
        sheets: Sequence[Answer] = (),
        answers: Sequence[Answer] = (),
    ) -> None:
        """Fold every header that a recipe names, in one go; `settlements` to `answers` are what staff said."""
        self.recipes = recipes
        self.sheets = sheets
        self._answers = answers
        self.fold = fold
        self._settlements = settlements
        self._patterns = find_patterns(tuple(chain.from_iterable(recipe.spellings for recipe in recipes)), fold)
        self._separators = tuple(sorted({s for recipe in recipes for s in recipe.read.group_separators}))
        self._recognised = tuple(sorted({
            text for recipe in recipes for spellings in recipe.recognise.headers for text in spellings
        }))  # fmt: skip

    def is_left_out(self, file_name: str, sheet: Sheet) -> bool:
        """Whether staff said that a sheet is nothing."""
        return find_sheet_use(self.sheets, file_name, sheet.name) == NOTHING

    def plan(self, file: str, sheet: Sheet) -> SheetPlan | None:
        """Return the plan for a sheet of a file of the inbox, with the answers of staff about it; None for none."""
        name = PurePosixPath(file).name
        plan = self.recognise(name, sheet)
        if plan is None or not self._answers:
            return plan
        if (
            select_answers(self._answers, plan.recipe.id, file, sheet.name).get(("classes_as_register", ""))
            == "classes"
        ):
            plan = self.recognise(f"classification {name}", sheet) or plan
        return answer_plan(plan, select_answers(self._answers, plan.recipe.id, file, sheet.name))

    def answers_about(self, file: str, sheet: Sheet, recipe: str = "") -> dict[tuple[str, str], str]:
        """Return the answers of staff about a sheet of a file of the inbox, by kind of question and field."""
        return select_answers(self._answers, recipe, file, sheet.name) if self._answers else {}

    def plan_beside(
        self, file: str, sheet: Sheet, plan: SheetPlan | None, sheet_plans: Iterable[tuple[Sheet, SheetPlan | None]]
    ) -> SheetPlan | None:
        """Return a sheet's plan beside its register, where staff said that it has one; else the plan that it has.

        Another sheet of actions in the file is the register: of several, the one whose actions a round names most,
        else the first.
        """
        is_round = self._is_round(file, sheet)
        use = ROUND if is_round else self.answers_about(file, sheet).get(("further_sheet", ""))
        if use not in (ROUND, "rows") or (plan is not None and not is_round):
            return plan
        registers = [
            (other_plan, find_keys(sheet, one.preview[other_plan.first_row - 1 :], _list_columns(other_plan)))
            for one, other_plan in sheet_plans
            if other_plan is not None
            and one is not sheet
            and other_plan.recipe.holds is Kind.ACTIONS
            and not self._is_round(file, one)
        ]
        if not registers:
            return plan
        if use == ROUND:
            register, keys = max(registers, key=lambda pair: sum(key.cells for key in pair[1].values()))
            round_plan = self._plan_round(sheet, plan, register, keys)
        else:
            register = registers[0][0]
            is_as_wide = len(register.headers) <= sheet.width
            round_plan = replace(register, header_row=0, rows_after_header=0) if is_as_wide else None
        return round_plan and answer_plan(round_plan, self.answers_about(file, sheet, register.recipe.id))

    def _is_round(self, file: str, sheet: Sheet) -> bool:
        """Whether staff said of a sheet, whatever it holds, that it is a round of reports."""
        return find_sheet_use(self.sheets, file, sheet.name) == ROUND

    def _plan_round(
        self, sheet: Sheet, plan: SheetPlan | None, register: SheetPlan, keys: AnyMapping[str, KeyColumn]
    ) -> SheetPlan | None:
        """Return the plan that reads a sheet's rows as reports about a register's actions; None where it names none.

        Its headers above the first row that names an action apply. Without them, those of the register apply
        where it is as wide and names actions in the same columns; else its columns have none.
        """
        columns = _list_columns(register)
        if plan is None and not keys:
            return None
        number, below = (plan.header_row, plan.rows_after_header) if plan else (_find_row_above(sheet, keys), 0)
        row: Sequence[str | None] = (None,) * sheet.width
        if number:
            row = sheet.preview[number - 1]
        elif len(register.headers) <= sheet.width and all(columns[n] == (key.column,) for n, key in keys.items()):
            row = register.headers
        first_rows = (tuple(row), *sheet.preview[number : number + below])
        recipe = as_reports((plan or register).recipe)
        rows = _Rows(replace(sheet, preview=first_rows), self._separators, self.fold, self._patterns, ())
        header = rows.header(1, recipe.read.group_separators, with_options=bool(below))
        read = _map(1, row, header, recipe) or SheetPlan(recipe, 1, tuple(row), names=header.name_columns(row))
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
            replace(line, use=NOTHING) if line.use in _FIELDS_OF_ACTIONS - REPORTED | {ROUND} else line
            for line in self._settlements
        ]
        return settle_plan(_set_persons_apart(read, sheet), settlements, self.fold)

    def recognise(self, file_name: str, sheet: Sheet) -> SheetPlan | None:
        """Return the plan of the best recipe for the sheet, the campaign's recipes first; None where no recipe fits.

        What the program itself writes is read by its own recipe.
        """
        rows = _Rows(sheet, self._separators, self.fold, self._patterns, self._recognised)
        plans = [
            plan
            for recipe in self.recipes
            if _may_read(recipe, file_name, sheet) and (plan := _plan(recipe, rows)) is not None
        ]
        best = max(plans, key=lambda p: (p.recipe.is_by_link, p.recipe.is_own, p.score), default=None)
        return best and settle_plan(_set_persons_apart(best, sheet), self._settlements, self.fold)


class _Rows:
    """The first rows of a sheet, each taken apart once as the header row that it may be."""

    def __init__(
        self,
        sheet: Sheet,
        separators: tuple[str, ...],
        fold: Folding,
        patterns: Patterns,
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
        self._headers: dict[tuple[int, tuple[str, ...], bool], HeaderRow] = {}
        self._names: dict[int, Names] = {}
        self._with_known: dict[int, bool] = {}
        self._below: dict[int, int] = {}

    def header(self, number: int, separators: tuple[str, ...], *, with_options: bool = False) -> HeaderRow:
        """Row `number` (from 1) as headers, with the options below it if there are any."""
        key = (number, separators, with_options)
        if key not in self._headers:
            options = self.rows[number] if with_options and number < len(self.rows) else ()
            self._headers[key] = HeaderRow(self.rows[number - 1], separators, options, self._fold, self._patterns)
        return self._headers[key]

    def may_be_header(self, number: int, recipe: Recipe) -> bool:
        """Whether the row could be the recipe's, whatever its separators are: told for all recipes by its names."""
        if number not in self._names:
            cells = {cell for cell in self.rows[number - 1] if cell}
            tails = {tail for cell in cells for tail in self._tails.get(cell, ())}
            folded = self._fold.fold_all(cells | tails)
            names = {folded[cell] for cell in cells}
            self._names[number] = Names(names - {""}, {folded[tail] for tail in tails}, self._patterns)
            self._with_known[number] = self._names[number].has(self._recognised)
        # Most rows have no header of any recipe: one question for all, not recipe by recipe.
        if recipe.recognise.headers and not self._with_known[number]:
            return False
        return _is_header(recipe, self._names[number])

    def rows_after(self, number: int) -> int:
        """Return how many further header rows the tool writes below this one."""
        if number not in self._below:
            self._below[number] = read_shape(self.sheet, header_row=number).rows_after_header
        return self._below[number]


def _list_columns(plan: SheetPlan) -> dict[str, tuple[int, ...]]:
    """Return the columns (from 0) of each field."""
    return {name: place.columns for name, place in plan.places.items()}


def _find_row_above(sheet: Sheet, keys: AnyMapping[str, KeyColumn]) -> int:
    """Find the last row (from 1) with a cell above the first one that names an action; 0 for none."""
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
    """Return the recipe's plan for the first row that is one of its header rows."""
    header_row = recipe.read.header_row
    for number in [header_row] if header_row else range(1, len(rows.rows) + 1):
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


def _is_header(recipe: Recipe, names: Names) -> bool:
    return all(names.has(spellings) for spellings in recipe.recognise.headers)


def _rows_after_header(recipe: Recipe, rows: _Rows, number: int) -> int | None:
    """Count the rows below the header (1-based) that belong to it: by the recipe, else by its tool.

    None where the rows decide it and this is no header row of the recipe's tool.
    """
    below = recipe.read.rows_after_header
    if below != "found":
        return below
    if not _is_header(recipe, rows.header(number, recipe.read.group_separators).names):
        return None
    return rows.rows_after(number)


def _map(number: int, row: Sequence[str | None], header: HeaderRow, recipe: Recipe) -> SheetPlan | None:
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
    rounds = tuple((one, part_places) for one in recipe.rounds if (part_places := _map_part(one, header)))
    results = tuple((one, part_places) for one in recipe.results if (part_places := _map_part(one, header)))
    of_parts = [place for _, part_places in (*rounds, *results) for place in part_places.values()]
    used_columns = {c for place in (*places.values(), *of_parts) for c in place.all_columns}
    marked = _find_all(header, recipe.personal.headers)
    in_questions = {c for place in questions.values() for c in place.all_columns}
    personal_names = select_listed(header.full)
    guessed = {i for i, name in enumerate(header.full) if name in personal_names}
    personal = (marked | (guessed - in_questions)) - used_columns
    left_out = tuple(
        LeftOut(rule, columns, header.fold(filter(None, rule.values)))
        for rule in recipe.leave_out
        if (columns := header.find(rule.headers))
    )
    taken_columns = used_columns | personal | in_questions
    staff = _find_all(header, recipe.staff_only.headers) - taken_columns
    set_aside = _find_all(header, recipe.set_aside.headers) - taken_columns - staff
    plan = SheetPlan(
        recipe, number, tuple(row), places, questions, tuple(sorted(personal)), frozenset(marked), tuple(sorted(staff)),
        set_aside=tuple(sorted(set_aside)), left_out=left_out, rounds=rounds, results=results,
        names=header.name_columns(row),
    )  # fmt: skip
    return replace(plan, personal=tuple(sorted(plan.persons.union(plan.personal))))


def _map_part(part: RowPart, header: HeaderRow) -> dict[str, Place]:
    """Return the places of a round or a result; none where the sheet lacks all its columns, or a required one."""
    places = {}
    for name, mapping in part.fields.items():
        place = _place(mapping, header, with_repeats=False)
        if place is not None:
            places[name] = place
        elif mapping.required:
            return {}
    return places


def _find_all(header: HeaderRow, spellings: Iterable[str]) -> set[int]:
    return {column for spelling in spellings for column in header.find([spelling])}


def _set_persons_apart(plan: SheetPlan, sheet: Sheet) -> SheetPlan:
    """Set apart a shipped plan's columns that may be persons: staff are asked about a maker, all else is personal."""
    if plan.recipe.is_own or plan.recipe.is_by_link:
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
    rest = tuple(i for i in place.columns if i not in columns)
    groups = tuple(part for group in place.first_of if (part := tuple(i for i in group if i in rest)))
    return place if rest == place.columns else replace(place, columns=() if place.is_key else rest, first_of=groups)


def _place(mapping: Mapping, header: HeaderRow, *, with_repeats: bool = True) -> Place | None:
    if mapping.all_of:
        parts = [header.without_repeats(header.find(spellings))[:1] for spellings in mapping.all_of]
        return Place(tuple(column for part in parts for column in part), is_key=True) if all(parts) else None
    groups = tuple(
        header.without_repeats(matches, of_one_table=with_repeats)
        for spellings in mapping.first_of or (mapping.headers,)
        if (matches := header.find(spellings))
    )
    columns = tuple(dict.fromkeys(column for group in groups for column in group))
    choices = tuple(
        (value, header.without_repeats(matches, of_one_table=with_repeats))
        for value, spellings in mapping.choices.items()
        if (matches := header.find(spellings))
    )
    if not columns and not choices:
        return None
    return Place(columns, choices, groups if mapping.first_of else (), not_taken=mapping.not_taken)


def _globbed(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(name.casefold(), pattern.casefold()) for pattern in patterns)
