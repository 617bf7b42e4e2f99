"""`columns.csv`: what staff said of columns, read and written. `docs/columns.md` teaches the file."""

import csv
import io
import shutil
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from dashboard.errors import UserError
from etl.inputs.staff_file import StaffFile
from etl.recipes.fields import field_names
from etl.recipes.recipe_file import Recipe
from etl.recipes.settlements import OTHER_USES, Settlement

HEADER = ("recipe", "header", "is", "note", "decided_on")


class ColumnError(UserError):
    """A line of columns.csv cannot be used: the line and the remedy are in the sentence."""


class Answer(NamedTuple):
    """What staff say of one column of a recipe; an empty `use` takes back what was said."""

    recipe: str
    header: str
    use: str
    note: str = ""


def _file(path: Path) -> StaffFile:
    return StaffFile(path, HEADER, HEADER[:3], ColumnError)


def read_settlements(path: Path, recipes: Sequence[Recipe]) -> list[Settlement]:
    """What staff said of columns, in the order of the file; none where there is no file.

    A line of a recipe that the campaign does not have is passed over: its files are not read either.

    Raises:
        ColumnError: the file cannot be read, or one of its lines says what cannot be.
    """
    known = {recipe.id: recipe for recipe in recipes}
    settlements: dict[tuple[str, str], Settlement] = {}
    for number, cells in _file(path).rows():
        settlement = _parse(cells, number)
        recipe = known.get(settlement.recipe)
        if recipe is None:
            continue
        check_use(recipe, settlement.use, f"columns.csv, row {number}")
        first = settlements.setdefault((settlement.recipe, settlement.header.casefold()), settlement)
        if first.use != settlement.use:
            raise ColumnError(
                f"columns.csv, row {number}: “{settlement.header}” is said to be {settlement.use}, "
                f"but row {first.line} says {first.use}.",
                "Take one of these rows out.",
            )
    return list(settlements.values())


def append_settlement(path: Path, settlement: Settlement) -> None:
    """Add one line at the end of the file.

    Raises:
        ColumnError: the file cannot be read.
    """
    _file(path).append(
        {
            "recipe": settlement.recipe,
            "header": settlement.header,
            "is": settlement.use,
            "note": settlement.note,
            "decided_on": settlement.decided_on,
        }
    )


def remove_settlement(path: Path, settlement: Settlement) -> None:
    """Take a line out of the file.

    Raises:
        ColumnError: the file cannot be read.
    """
    _file(path).remove(settlement.line)


def read_answers(text: str) -> list[Answer]:
    """The answers of a list written as columns.csv is: `recipe,header,is`, and `note` where there is one.

    Raises:
        ColumnError: it lacks a column.
    """
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    lacking = [name for name in ("recipe", "header", "is") if rows and name not in rows[0]]
    if lacking or not rows:
        raise ColumnError(
            "The list of columns is empty." if not rows else f"The list lacks the column {', '.join(lacking)}.",
            "Write recipe,header,is into its first row and a column below it.",
        )
    cells = [{name: (cell or "").strip() for name, cell in row.items() if isinstance(cell, str)} for row in rows]
    return [Answer(c["recipe"], c["header"], c.get("is", "").casefold(), c.get("note", "")) for c in cells]


def settle_all(file: Path, recipes: Sequence[Recipe], answers: Sequence[Answer]) -> tuple[int, int]:
    """Keep or take back what several columns are, all of them or none.

    Args:
        file: Where it is kept.
        recipes: The campaign's recipes.
        answers: What is said; later words replace earlier ones.

    Returns:
        How many are kept and how many are taken back; what was said already counts in neither.

    Raises:
        ColumnError: a recipe is not there, or a column cannot be that; nothing is changed.
    """
    known = {recipe.id: recipe for recipe in recipes}
    for answer in answers:
        if answer.recipe not in known:
            raise ColumnError(f"There is no recipe {answer.recipe}.", "Take that row out of the list.")
        if answer.use:
            check_use(known[answer.recipe], answer.use, f"“{answer.header}”")
    draft = file.with_name(f".{file.name}.new")
    try:
        if file.is_file():
            shutil.copyfile(file, draft)
            draft.chmod(file.stat().st_mode & 0o777)
        counted = _write_answers(draft, recipes, answers)
        if draft.is_file():
            draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    return counted


def _write_answers(file: Path, recipes: Sequence[Recipe], answers: Iterable[Answer]) -> tuple[int, int]:
    kept = taken_back = 0
    today = date.today().isoformat()
    for answer in answers:
        same = [
            known
            for known in read_settlements(file, recipes)
            if known.recipe == answer.recipe and known.header.casefold() == answer.header.casefold()
        ]
        if not answer.use:
            for known in reversed(same):
                remove_settlement(file, known)
            taken_back += bool(same)
        elif all(known.use != answer.use for known in same):
            for known in reversed(same):
                remove_settlement(file, known)
            append_settlement(file, Settlement(0, answer.recipe, answer.header, answer.use, answer.note, today))
            kept += 1
    return kept, taken_back


def check_use(recipe: Recipe, use: str, where: str) -> None:
    """Make sure that a column that a recipe reads can be this.

    Raises:
        ColumnError: it is no field of what the recipe holds, and no other use.
    """
    allowed = (*field_names(recipe.holds), *OTHER_USES)
    if use not in allowed:
        raise ColumnError(
            f"{where}: “{use}” is nothing that a column of {recipe.id} can be.", f"Write one of {', '.join(allowed)}."
        )


def _parse(cells: Mapping[str, str], number: int) -> Settlement:
    empty = [name for name in HEADER[:3] if not cells[name]]
    if empty:
        raise ColumnError(
            f'columns.csv, row {number}: the column "{empty[0]}" is empty.', "Fill it, or take the row out."
        )
    return Settlement(
        number, cells["recipe"], cells["header"], cells["is"].casefold(), cells.get("note", ""),
        cells.get("decided_on", ""),
    )  # fmt: skip
