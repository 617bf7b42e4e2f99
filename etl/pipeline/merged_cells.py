"""Cells that stand for those below: merged ones, and those whose repeats people leave blank.

A spreadsheet keeps the value of merged cells in the first one only. A recipe states for each field whether the others
mean the same or nothing (`fill_merged`); else staff are asked, and a check lists cells that stay blank. A recipe also
states whether a blank cell repeats the one above it (`fill_down`); where a column looks so, staff are asked. No file
explains the colours of its rows: staff are asked (the check `rows_coloured`), and nothing is read from the colours.
"""

from collections import Counter
from collections.abc import Iterator
from collections.abc import Mapping as AnyMapping

import duckdb

from etl.pipeline.column_uses import ROWS_LOOKED_AT
from etl.profiling import timed
from etl.readers.sheets import ReadError, Sheet
from etl.recipes.fields import Kind
from etl.recipes.recipe_file import Mapping
from etl.recipes.sheet_plan import Place, SheetPlan
from etl.sqlfiles import ask, insert_rows, run_step

_PROGRESS = ("status", "percent", "completed_on")
_MOST = 6  # colours, those without any among them
_FEWEST_ROWS = 2  # of a colour
_STRIPED = 0.8  # of the rows differ from the one above


def count_colours(plan: SheetPlan, sheet: Sheet) -> int:
    """Count the colours that may show how far actions have come; 0 where none do. Stripes are only decoration."""
    last = max((row for row, _ in sheet.colours), default=0)
    if plan.recipe.holds is not Kind.ACTIONS or plan.rounds or any(name in plan.places for name in _PROGRESS):
        return 0
    colours = dict(sheet.colours)
    rows = [colours.get(row) for row in range(plan.first_row, last + 1)]
    row_counts = Counter(rows)
    changes = sum(one != next_colour for one, next_colour in zip(rows, rows[1:], strict=False))
    if changes >= _STRIPED * max(len(rows) - 1, 1) or not 2 <= len(row_counts) <= _MOST:
        return 0
    return len(row_counts) if min(row_counts.values()) >= _FEWEST_ROWS else 0


def refuse_unknown_cells(name: str, sheet: Sheet, plan: SheetPlan) -> None:
    """Make sure that merged cells are known where the recipe fills them.

    Raises:
        ReadError: the kind of file does not tell which cells are merged.
    """
    mappings = (*plan.recipe.fields.items(), *plan.recipe.questions.items())
    filled = [name for name, mapping in mappings if mapping.fill_merged]
    if sheet.merged is None and filled:
        raise ReadError(
            f"The recipe {plan.recipe.id} fills merged cells of {', '.join(filled)}, but “{name}” is of a kind that "
            "does not tell which cells are merged.",
            "Open it and save it as .xlsx.",
        )


@timed("merged cells")
def fill_merged_cells(connection: duckdb.DuckDBPyConnection, number: int, plan: SheetPlan, sheet: Sheet) -> None:
    """Fill the merged cells of fields in `raw_<number>` where the recipe says so; count filled and blank ones."""
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


def fills_down(plan: SheetPlan, name: str) -> bool | None:
    """Return whether a blank cell of a field or question repeats the one above it; None where nobody has said."""
    mapping = plan.recipe.fields.get(name) or plan.recipe.questions.get(name)
    answer = {"above": True, "blank": False}.get(plan.answer("repeats_blank", name) or "")
    return answer if answer is not None or mapping is None else mapping.fill_down


@timed("filled down")
def fill_down(connection: duckdb.DuckDBPyConnection, number: int, plan: SheetPlan) -> None:
    """Fill the blank cells of fields and questions in `raw_<number>` from above, where the recipe says so."""
    for name, _, place in _list_stated(plan):
        for column in place.all_columns if fills_down(plan, name) else ():
            raw, cell = f"raw_{number}", f"c{column + 1}"
            connection.execute(
                f"update {raw} set {cell} = f.words from (select source_row, last_value({cell} ignore nulls) "  # noqa: S608
                f"over (order by source_row) as words from {raw}) as f "
                f"where {raw}.source_row = f.source_row and {cell} is null"
            )


@timed("blank repeats")
def note_blank_repeats(connection: duckdb.DuckDBPyConnection, plans: AnyMapping[int, SheetPlan]) -> None:
    """Put the columns of codes into `blank_repeats` whose blank cells seem to repeat those above them.

    Each of their values stands there once, the first in the first row, and each has at least two blank cells below; of
    five and more as many on average. In what came by link a blank cell states nothing.

    `connection`: the work database; `open_values` holds the values of the columns, `raw_<number>` the sheets' rows.
    """
    for number, column, field in ask(connection, "odd_rows/lone_values", {"rows": ROWS_LOOKED_AT}):
        recipe = plans[number].recipe
        if recipe.is_by_link:
            continue
        mapping = recipe.fields.get(field) or recipe.questions.get(field)
        if mapping is None or (fills_down(plans[number], field) is None and not mapping.fill_merged):
            connection.execute(
                f"insert into blank_repeats with cells as (select row_number() over (order by source_row) as place, "  # noqa: S608
                f"source_row, c{column} as words from raw_{number}), filled as (select place, "
                "lead(place, 1, (select count(*) + 1 from cells)) over (order by place) - place as run "
                "from cells where words is not null) "
                "select $number, $column, $field, count(*), (select list(show_row(source_row, coalesce(words, '')) "
                "order by place) from cells where place <= 3) from filled "
                "having min(place) = 1 and (min(run) > 2 or (count(*) >= 5 and avg(run) >= 3))",
                {"number": number, "column": column, "field": field},
            )


def _ranges(number: int, plan: SheetPlan, sheet: Sheet) -> Iterator[tuple[int, str, int, int, int, bool, bool]]:
    """List the cells merged over several rows of data, of each field and question."""
    columns = {
        column + 1: (name, mapping) for name, mapping, place in _list_stated(plan) for column in place.all_columns
    }
    for merged in sheet.merged or ():
        if merged.first_column in columns and merged.last_row > merged.first_row >= plan.first_row:
            name, mapping = columns[merged.first_column]
            answer = plan.answer("merged_cells", name)
            rule = mapping and mapping.fill_merged
            is_filled = answer == "all" if answer else bool(rule)
            yield number, name, merged.first_column, merged.first_row, merged.last_row, is_filled, rule is not None


def _list_stated(plan: SheetPlan) -> Iterator[tuple[str, Mapping | None, Place]]:
    """List every field and question with its part of the recipe (None: only staff named it) and its place."""
    for mappings, places in ((plan.recipe.questions, plan.questions), (plan.recipe.fields, plan.places)):
        yield from ((name, mappings.get(name), place) for name, place in places.items())
