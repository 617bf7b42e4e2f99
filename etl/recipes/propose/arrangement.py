"""What the layout of a sheet adds to its proposed recipe: headings that are values, and merged cells to fill."""

import re
import tomllib
from pathlib import Path

import duckdb

from etl.readers.sheets import Sheet
from etl.recipes.fields import field_names
from etl.recipes.known_headers import FILE, read_set_files
from etl.recipes.other_rows import PlannedSheet, list_understood_headings, reject_other_rows
from etl.recipes.propose.write import CHECK
from etl.recipes.recipe_file import parse_recipe
from etl.recipes.recognition import KnownRecipes
from etl.recipes.sheet_plan import SheetPlan
from etl.texts.folding import Folding

_FEW = 2  # merged cells of a field that are proposed to be filled


def add_layout(
    connection: duckdb.DuckDBPyConnection,
    number: int,
    sheet: Sheet,
    file_name: str,
    text: str,
    recipes: Path,
    fold: Folding,
) -> tuple[str, int]:
    """The proposed recipe with `[headings]` and `fill_merged` where the sheet is built so, and how many were added.

    Args:
        connection: The work database; `raw_<number>` holds the sheet's rows below its headers.
        number: The sheet's number there.
        sheet: The sheet.
        file_name: The name of its file.
        text: The recipe as it is proposed.
        recipes: The folder that it would stand in.
        fold: The folding of texts.
    """
    content = tomllib.loads(text)
    recipe = parse_recipe(recipes / f"{content['id']}.toml", content, read_set_files(recipes / FILE))
    plan = KnownRecipes([recipe], fold).recognise(file_name, sheet)
    if plan is None:
        return text, 0
    reject_other_rows(connection, [PlannedSheet(number, plan, sheet)], fold)
    headings = list_understood_headings(connection, number)
    field_headings = [one for one in headings if one[0] in field_names(recipe.holds)]
    filled = _merged_fields(plan, sheet)
    for field, count in filled.items():
        remark = (
            f"fill_merged = true # {CHECK} {count} cells are merged over several rows: do they hold for all of them?"
        )
        text = re.sub(rf"(?m)^(\[fields\.{field}\].*)$", lambda match: f"{match[1]}\n{remark}", text, count=1)  # noqa: B023
    if field_headings:
        examples = "; ".join(
            f"{count} name {field}, such as {' '.join(', '.join(words).split())}"
            for field, count, words in field_headings
        )
        fields = ", ".join(f'"{field}"' for field, *_ in field_headings)
        part = (
            f"[headings] # {CHECK} do these headings among the rows hold for those below? {examples}\n"
            f"fields = [{fields}]\n"
        )
        text = re.sub(r"(?m)^\[fields\.", lambda match: f"{part}\n{match[0]}", text, count=1)
    return text, len(filled) + bool(field_headings)


def _merged_fields(plan: SheetPlan, sheet: Sheet) -> dict[str, int]:
    """The fields with cells that are merged over rows of data, and how many."""
    counts = {}
    for field, place in plan.places.items():
        columns = {column + 1 for column in place.all_columns}
        merged = [
            m for m in sheet.merged or () if m.first_column in columns and plan.first_row <= m.first_row < m.last_row
        ]
        if len(merged) >= _FEW and place.columns:
            counts[field] = len(merged)
    return counts
