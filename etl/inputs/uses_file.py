"""`columns.csv`, `sheets.csv`, `answers.csv`: a line gives the use of the thing that its first cells name.

The uses that staff gave to columns, the sheets of workbooks that count, and the answers of staff to builds' questions.
`docs/clean-your-data.md` teaches the files.
"""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Generic, TypeVar

from dashboard.answers.answer import Answer
from dashboard.answers.question_kinds import ANSWERS, BY_NAME, ROWS
from dashboard.campaign.working_copy import find_version
from dashboard.errors import UserError, suggest
from etl.inputs.staff_file import StaffFile
from etl.recipes.fields import Kind, field_names
from etl.recipes.recipe_file import Recipe
from etl.recipes.settled_plan import NAMED_QUESTION, OTHER_USES, ROUND, SHEET_USES, Settlement, SheetSettlement

S = TypeVar("S", Settlement, SheetSettlement, Answer)


@dataclass(frozen=True)
class UsesFile(Generic[S]):
    """One such file.

    Attributes:
        names: The columns of the cells that name a thing; capitals make no difference in them.
        error: The error for a file that cannot be used.
        needed: Those of these columns that must be filled; None for all.
    """

    path: Path
    line: Callable[..., S]
    names: tuple[str, ...]
    error: type[UserError]
    needed: tuple[str, ...] | None = None

    def read(self) -> list[S]:
        """Read every line, in the order of the file; none where there is no file.

        Raises:
            UserError: the file cannot be read, or a line lacks a cell.
        """
        file, lines = self._file(), []
        for number, cells in file.rows():
            empty = next((name for name in file.needed if not cells[name]), None)
            if empty is not None:
                raise self.error(
                    f'{self.path.name}, row {number}: the column "{empty}" is empty.', "Fill it, or take the row out."
                )
            lines.append(self._make(cells, number))
        return lines

    def find(self, answer: S) -> list[S]:
        """Find the lines about the same thing, the one that counts last."""
        return [line for line in self.read() if _name(line) == _name(answer)]

    def say(self, answer: S) -> tuple[S, bool]:
        """Write a thing's use; return the line, and whether it is new. A later word replaces an earlier one."""
        is_new = any(self.say_all([answer]))
        return self.find(answer)[-1], is_new

    def take_back(self, answer: S) -> S | None:
        """Take out the lines about a thing; returns the line that counted, None where there was none."""
        settlements = self.find(answer)
        self.say_all([replace(answer, use="")])
        return settlements[-1] if settlements else None

    def say_all(self, answers: Sequence[S]) -> tuple[int, int]:
        """Write or take back the uses of several things, all of them or none; an empty use takes back.

        Returns:
            How many are written and how many are taken back; a use already in force counts in neither.

        Raises:
            UserError: the file cannot be read; it stays as it is.
        """
        present: dict[tuple[str, ...], list[S]] = {}
        for line in self.read():
            present.setdefault(_name(line), []).append(line)
        added: dict[tuple[str, ...], S] = {}
        removed: list[S] = []
        kept_count = taken_back = 0
        today = date.today().isoformat()
        for answer in answers:
            name = _name(answer)
            lines = [added[name]] if name in added else present.get(name, [])
            if answer.use == (lines[-1].use if lines else ""):
                continue
            removed += present.pop(name, [])
            added.pop(name, None)
            if answer.use:
                added[name] = replace(answer, decided_on=today)
                kept_count += 1
            else:
                taken_back += 1
        file = self._file()
        cells = [dict(zip(file.header, astuple(line)[1:], strict=True)) for line in added.values()]
        file.change(cells, [line.line for line in removed])
        return kept_count, taken_back

    def refuse_changed(self, answers: Sequence[S], version: str | None) -> None:
        """Refuse answers that would overwrite newer ones than the caller has seen, unless nobody has looked (None).

        `version` is that of the file on which the answers rest (`campaign.working_copy`).

        Raises:
            UserError: the file has changed, and says something else about one of these things.
        """
        if version is None or find_version(self.path) == version:
            return
        for answer in answers:
            lines = self.find(answer)
            if lines and lines[-1].use != answer.use:
                names = ", ".join(filter(None, _cells(answer)))
                raise self.error(
                    f"{self.path.name}, row {lines[-1].line}: {names} was said to be {lines[-1].use} since you looked.",
                    "Nothing of yours was kept: look at it, and keep yours or leave it.",
                )

    def read_answers(self, text: str) -> list[S]:
        """Parse the lines of a list in the form of the file; a note may be missing, and an empty use takes back.

        Raises:
            UserError: it is empty or lacks a column.
        """
        rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
        needed = self._file().needed
        lacking = [name for name in needed if rows and name not in rows[0]]
        if lacking or not rows:
            raise self.error(
                f"The list lacks the column {', '.join(lacking)}." if rows else "The list is empty.",
                f"Write {','.join(needed)} into its first row and one of them below it a row.",
            )
        cells = [{name: (cell or "").strip() for name, cell in row.items() if isinstance(cell, str)} for row in rows]
        return [self._make(row) for row in cells]

    def _file(self) -> StaffFile:
        header = (*self.names, "is", "note", "decided_on")
        return StaffFile(self.path, header, (*(self.names if self.needed is None else self.needed), "is"), self.error)

    def _make(self, cells: Mapping[str, str], number: int = 0) -> S:
        named_cells = (cells.get(name, "") for name in self.names)
        answer_cells = (cells.get("is", "").casefold(), cells.get("note", ""), cells.get("decided_on", ""))
        return self.line(number, *named_cells, *answer_cells)


def _cells(line: Settlement | SheetSettlement | Answer) -> tuple[str, ...]:
    """Return the cells that name a thing: those between the line's number and its use."""
    cells: tuple[str, ...] = tuple(vars(line).values())[1:-3]
    return cells


def _name(line: Settlement | SheetSettlement | Answer) -> tuple[str, ...]:
    """Return the cells that name a thing, in the form for comparisons."""
    return tuple(cell.casefold() for cell in _cells(line))


NAMES = ("kind", "recipe", "file", "sheet", "field")
_OWN = {name: kind for name, kind in BY_NAME.items() if kind.file == ANSWERS}


class AnswerError(UserError):
    """A line of answers.csv cannot be used: the line and the remedy are in the sentence."""


def answers_csv(path: Path) -> UsesFile[Answer]:
    """Return the file, for reading and writing line by line."""
    return UsesFile(path, Answer, NAMES, AnswerError, needed=NAMES[:1])


def read_answers(path: Path) -> list[Answer]:
    """Read the answers of staff, in the order of the file; none where there is no file.

    Raises:
        AnswerError: the file cannot be read, or one of its lines is impossible.
    """
    answers = answers_csv(path).read()
    for answer in answers:
        check_answer(answer, f"{ANSWERS}, row {answer.line}")
    return answers


def settle_answers(path: Path, answers: Sequence[Answer]) -> tuple[int, int]:
    """Keep or take back several answers, all of them or none; an empty one takes back.

    Gives two numbers as `UsesFile.say_all` does.

    Raises:
        AnswerError: there is no such question, or that is no answer to it; nothing is changed.
    """
    for answer in answers:
        check_answer(answer, f"“{answer.kind}”")
    return answers_csv(path).say_all(answers)


def check_answer(answer: Answer, where: str) -> None:
    """Make sure that a line answers a question; an empty answer takes back.

    Raises:
        AnswerError: it does not.
    """
    kind = _OWN.get(answer.kind)
    if kind is None:
        raise AnswerError(
            f"{where}: there is no question {answer.kind}.",
            f"{suggest(answer.kind, _OWN)}Write one of {', '.join(_OWN)}.",
        )
    is_of_all = kind.takes_day and answer.use == ROWS  # said of all files of a kind, whatever they say
    if kind.is_of_field != bool(answer.field) and not is_of_all:
        remedy = "Write the field" if kind.is_of_field else "Leave the field empty"
        raise AnswerError(
            f"{where}: {answer.kind} is asked of a {'field' if kind.is_of_field else 'sheet'}.", f"{remedy}."
        )
    if answer.use and not kind.is_answer(answer.use):
        raise AnswerError(
            f"{where}: “{answer.use}” is no answer to {answer.kind}.", f"Write one of {', '.join(kind.values)}."
        )


class ColumnError(UserError):
    """A line of columns.csv cannot be used: the line and the remedy are in the sentence."""


def columns_csv(path: Path) -> UsesFile[Settlement]:
    """Return the file, for reading and writing line by line."""
    return UsesFile(path, Settlement, ("recipe", "header"), ColumnError)


def read_settlements(path: Path, recipes: Sequence[Recipe]) -> list[Settlement]:
    """Read the uses that staff gave to columns, in the order of the file; none where there is no file.

    Skip a line of a recipe that the campaign does not have: its files are not read either.

    Raises:
        ColumnError: the file cannot be read, or one of its lines is impossible.
    """
    recipes_by_id = {recipe.id: recipe for recipe in recipes}
    settlements: dict[tuple[str, str], Settlement] = {}
    for settlement in columns_csv(path).read():
        recipe = recipes_by_id.get(settlement.recipe)
        if recipe is None:
            continue
        check_use(recipe, settlement.use, f"columns.csv, row {settlement.line}")
        first = settlements.setdefault((settlement.recipe, settlement.header.casefold()), settlement)
        if first.use != settlement.use:
            raise ColumnError(
                f"columns.csv, row {settlement.line}: “{settlement.header}” is said to be {settlement.use}, "
                f"but row {first.line} says {first.use}.",
                "Take one of these rows out.",
            )
    return list(settlements.values())


def settle_columns(path: Path, recipes: Sequence[Recipe], answers: Sequence[Settlement]) -> tuple[int, int]:
    """Write or take back the uses of several columns, all of them or none; an empty use takes back.

    Later words replace earlier ones. Return two numbers as `UsesFile.say_all` does.

    Raises:
        ColumnError: a recipe does not exist, or a column cannot have that use; nothing is changed.
    """
    recipes_by_id = {recipe.id: recipe for recipe in recipes}
    for answer in answers:
        if answer.recipe not in recipes_by_id:
            raise ColumnError(f"There is no recipe {answer.recipe}.", "Take that row out of the list.")
        if answer.use:
            check_use(recipes_by_id[answer.recipe], answer.use, f"“{answer.header}”")
    return columns_csv(path).say_all(answers)


def check_use(recipe: Recipe, use: str, where: str) -> None:
    """Refuse a use that a column of a recipe cannot have.

    Raises:
        ColumnError: it is no field of the recipe's kind, no question that it names, and no other use.
    """
    questions = [f"{NAMED_QUESTION}{name}" for name in recipe.questions]
    choices = {f"{NAMED_QUESTION}{name}/{code}" for name, one in recipe.questions.items() for code in one.choices}
    rounds = (ROUND,) if recipe.holds is Kind.ACTIONS else ()
    allowed = (*field_names(recipe.holds), *rounds, *OTHER_USES, *questions)
    if use not in allowed and use not in {choice.casefold() for choice in choices}:
        raise ColumnError(
            f"{where}: “{use}” is nothing that a column of {recipe.id} can be.",
            f"{suggest(use, allowed)}Write one of {', '.join(allowed)}.",
        )


class SheetError(UserError):
    """A line of sheets.csv cannot be used: the line and the remedy are in the sentence."""


def sheets_csv(path: Path) -> UsesFile[SheetSettlement]:
    """Return the file, for reading and writing line by line."""
    return UsesFile(path, SheetSettlement, ("file", "sheet"), SheetError)


def read_sheet_settlements(path: Path) -> list[SheetSettlement]:
    """Read the uses that staff gave to sheets, in the order of the file; none where there is no file.

    Raises:
        SheetError: the file cannot be read, or one of its lines is impossible.
    """
    settlements = sheets_csv(path).read()
    for settlement in settlements:
        check_sheet_use(settlement.use, f"sheets.csv, row {settlement.line}")
    return settlements


def settle_sheets(path: Path, answers: Sequence[SheetSettlement]) -> tuple[int, int]:
    """Write or take back the uses of several sheets, all of them or none; an empty use takes back.

    Return two numbers as `UsesFile.say_all` does.

    Raises:
        SheetError: a sheet cannot have that use, or a line with `*` gives the use to take back; nothing is changed.
    """
    settlements = read_sheet_settlements(path)
    for answer in answers:
        if answer.use:
            check_sheet_use(answer.use, f"“{answer.sheet}”")
        elif not sheets_csv(path).find(answer):
            refuse_pattern(settlements, answer)
    return sheets_csv(path).say_all(answers)


def refuse_pattern(settlements: Sequence[SheetSettlement], sheet: SheetSettlement) -> None:
    """Refuse to take back a sheet's use that only a line for several files or sheets gives.

    Raises:
        SheetError: one does: a request about one of them does not take it back for all.
    """
    about = [line for line in settlements if line.is_about(sheet.file, sheet.sheet)]
    if about:
        raise SheetError(
            f"sheets.csv, row {about[-1].line} says it of all sheets called “{about[-1].sheet}” in {about[-1].file}.",
            "Take that row out of the file, if it is not meant so.",
        )


def check_sheet_use(use: str, where: str) -> None:
    """Make sure that a sheet can be this.

    Raises:
        SheetError: it cannot.
    """
    if use not in SHEET_USES:
        raise SheetError(f"{where}: “{use}” is nothing that a sheet can be.", f"Write {' or '.join(SHEET_USES)}.")
