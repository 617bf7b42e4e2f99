"""How cells are read that say different things in different columns: each column as a whole decides.

What is decided, by what and on how much evidence stands in `date_orders` and `percent_columns`, and in the snapshot as
`column_readings`; what nothing decides is asked (`etl/sql/checks`, severity `question`).
"""

from collections import defaultdict
from collections.abc import Sequence

import duckdb

from etl.build.staging import note_dates, note_real_dates
from etl.recipes.fields import FIELDS, Role
from etl.recipes.recognition import SheetPlan
from etl.sqlfiles import SQL, insert_rows, run_file, run_step

_DECIDED = (Role.DAY, Role.TIME, Role.NUMBER)


def read_dates(
    connection: duckdb.DuckDBPyConnection, planned: Sequence[tuple[int, SheetPlan]]
) -> dict[int, dict[str, str]]:
    """Read the dates of all sheets, column by column.

    Args:
        connection: The work database; `raw_<number>` holds each sheet's rows.
        planned: The number and plan of each sheet that a recipe reads.

    Returns:
        For each sheet the order of day and month (`dmy` or `mdy`) of each field in which it matters. The texts and what
        they say are in `written_dates`, by that order.
    """
    insert_rows(connection, "columns_to_decide", [row for planned_sheet in planned for row in _columns(*planned_sheet)])
    for number, plan in planned:
        note_dates(connection, plan, number)
    run_step(connection, "03_date_evidence")
    for number in _undecided(connection):
        run_file(connection, SQL / "steps" / "03_other_dates.sql", {"sheet_no": number}, raw=f"raw_{number}")
    too_sure = _too_sure(connection)
    for number, plan in planned:
        if names := too_sure.get(number):
            note_real_dates(connection, plan, number, names)
    run_step(connection, "04_date_orders")
    run_step(connection, "05_read_dates")  # once for all sheets: planning it takes longest
    orders: dict[int, dict[str, str]] = defaultdict(dict)
    known = "select sheet_no, field, date_order from date_orders where date_order is not null"
    for number, field, order in connection.execute(known).fetchall():
        orders[number][field] = order
    return orders


def _columns(number: int, plan: SheetPlan) -> list[tuple[object, ...]]:
    """Where the columns of a sheet stand that are read as a whole, and what the recipe says of them."""
    rows: list[tuple[object, ...]] = []
    for field in FIELDS[plan.recipe.holds]:
        if field.role in _DECIDED:
            places = [place for name, place in plan.field_places if name == field.name]
            headers = [plan.headers[i] for place in places for i in place.columns if i < len(plan.headers)]
            header = " / ".join(dict.fromkeys(text for text in headers if text)) or None
            rows.append((number, field.name, header, *plan.recipe.stated(field.name), plan.recipe.is_own))
    return rows


def _undecided(connection: duckdb.DuckDBPyConnection) -> list[int]:
    """The sheets of exports in which a column of dates does not tell by itself how it is written."""
    return [
        number
        for (number,) in connection.execute(
            "select s.sheet_no from sheets as s inner join files as f using (source_file) "
            "where s.recipe is not null and f.container in ("
            "select i.container from date_evidence as e inner join sheets as t using (sheet_no) "
            "inner join files as i using (source_file) "
            "where e.ambiguous > 0 and e.day_first = 0 and e.month_first = 0) order by 1"
        ).fetchall()
    ]


def _too_sure(connection: duckdb.DuckDBPyConnection) -> dict[int, list[str]]:
    """By sheet the columns in which every written date proves the same order: the others may have been turned."""
    fields: dict[int, list[str]] = defaultdict(list)
    for number, field in connection.execute(
        "select sheet_no, field from date_evidence where cells = greatest(day_first, month_first)"
    ).fetchall():
        fields[number].append(field)
    return fields
