"""`columns.csv`: what staff said of columns, read and written. `docs/columns.md` teaches the file."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from dashboard.errors import UserError
from etl.inputs.staff_file import StaffFile
from etl.recipes.fields import field_names
from etl.recipes.recipe_file import Recipe
from etl.recipes.settlements import OTHER_USES, Settlement

HEADER = ("recipe", "header", "is", "note", "decided_on")


class ColumnError(UserError):
    """A line of columns.csv cannot be used: the line and the remedy are in the sentence."""


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
