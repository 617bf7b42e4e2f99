"""`columns.csv`: what staff said of columns. `docs/clean-your-data.md` teaches the file."""

from collections.abc import Sequence
from pathlib import Path

from dashboard.errors import UserError, suggest
from etl.inputs.uses_file import UsesFile
from etl.recipes.fields import Kind, field_names
from etl.recipes.recipe_file import Recipe
from etl.recipes.settlements import NAMED_QUESTION, OTHER_USES, ROUND, Settlement


class ColumnError(UserError):
    """A line of columns.csv cannot be used: the line and the remedy are in the sentence."""


def columns_csv(path: Path) -> UsesFile[Settlement]:
    """The file, to be read and written line by line."""
    return UsesFile(path, Settlement, ("recipe", "header"), ColumnError)


def read_settlements(path: Path, recipes: Sequence[Recipe]) -> list[Settlement]:
    """What staff said of columns, in the order of the file; none where there is no file.

    A line of a recipe that the campaign does not have is passed over: its files are not read either.

    Raises:
        ColumnError: the file cannot be read, or one of its lines says what cannot be.
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
    """Keep or take back what several columns are, all of them or none; an empty use takes back.

    Args:
        path: Where it is kept.
        recipes: The campaign's recipes.
        answers: What is said; later words replace earlier ones.

    Returns:
        How many are kept and how many are taken back; what was said already counts in neither.

    Raises:
        ColumnError: a recipe is not there, or a column cannot be that; nothing is changed.
    """
    recipes_by_id = {recipe.id: recipe for recipe in recipes}
    for answer in answers:
        if answer.recipe not in recipes_by_id:
            raise ColumnError(f"There is no recipe {answer.recipe}.", "Take that row out of the list.")
        if answer.use:
            check_use(recipes_by_id[answer.recipe], answer.use, f"“{answer.header}”")
    return columns_csv(path).say_all(answers)


def check_use(recipe: Recipe, use: str, where: str) -> None:
    """Make sure that a column that a recipe reads can be this.

    Raises:
        ColumnError: it is no field of what the recipe holds, no question that it names, and no other use.
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
