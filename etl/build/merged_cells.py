"""Merged cells of a field: its value in every row where the recipe says so, and a remark on what is blank otherwise.

A spreadsheet keeps the value of merged cells in the first one only. Whether the others mean the same, or nothing, a
recipe says field by field (`fill_merged`).
"""

from collections.abc import Iterator

import duckdb

from etl.readers.sheets import ReadError, Sheet
from etl.recipes.recognition import SheetPlan
from etl.sqlfiles import insert_rows, run_step


def refuse_unknown_cells(name: str, sheet: Sheet, plan: SheetPlan) -> None:
    """Make sure that merged cells are known where the recipe fills them.

    Raises:
        ReadError: the kind of file does not tell which cells are merged.
    """
    filled = [field for field, mapping in plan.recipe.fields.items() if mapping.fill_merged]
    if sheet.merged is None and filled:
        raise ReadError(
            f"The recipe {plan.recipe.id} fills merged cells of {', '.join(filled)}, but “{name}” is of a kind that "
            "does not tell which cells are merged.",
            "Open it and save it as .xlsx.",
        )


def fill_merged_cells(connection: duckdb.DuckDBPyConnection, number: int, plan: SheetPlan, sheet: Sheet) -> None:
    """Fill the merged cells of fields in `raw_<number>` where the recipe says so; note how many are, or stay blank."""
    ranges = list(_ranges(number, plan, sheet))
    insert_rows(connection, "merged_cells", ranges)
    raw = f"raw_{number}"
    for column in sorted({column for _, _, column, *_ in ranges}):
        cell = f"c{column}"
        connection.execute(
            "create or replace table merged_parts as "  # noqa: S608  (column and table numbers)
            f"select m.field, m.is_filled, part.source_row, first.{cell} as words from merged_cells as m "
            f"inner join {raw} as first on m.first_row = first.source_row "
            f"inner join {raw} as part on part.source_row > m.first_row and part.source_row <= m.last_row "
            f"where m.sheet_no = {number} and m.column_no = {column} "
            f"and first.{cell} is not null and part.{cell} is null"
        )
        run_step(connection, "02_merged_cells", {"sheet_no": number})
        connection.execute(
            f"update {raw} set {cell} = p.words from merged_parts as p "  # noqa: S608  (column and table numbers)
            f"where p.is_filled and {raw}.source_row = p.source_row"
        )


def _ranges(number: int, plan: SheetPlan, sheet: Sheet) -> Iterator[tuple[int, str, int, int, int, bool]]:
    """The cells that are merged over several rows of data, of each field."""
    fields = {column + 1: name for name, place in plan.places.items() for column in place.all_columns}
    for merged in sheet.merged or ():
        field = fields.get(merged.first_column)
        if field and merged.last_row > merged.first_row >= plan.first_row:
            mapping = plan.recipe.fields.get(field)
            is_filled = mapping is not None and mapping.fill_merged
            yield number, field, merged.first_column, merged.first_row, merged.last_row, is_filled
