"""Raw rows → fields: one statement a sheet, generated from the recipe's plan.

Identifiers come from closed lists (fields, column numbers); every value of a recipe is a bound parameter.
"""

from typing import Any

import duckdb

from etl.recipes.fields import FIELDS, Field, Role, columns
from etl.recipes.model import LeaveOut, Recipe
from etl.recipes.recognition import Place, SheetPlan
from etl.sqlfiles import run_step

CHOICE_SEPARATOR = "\x1f"
LEFT_OUT = "left out, as the recipe says: "
_KEYS = ("row_no", "sheet_no", "recipe_no", "source_row")


def create_staged_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """One staged table a kind, with the columns of its fields."""
    for kind, fields in FIELDS.items():
        wanted = [f"{name} {sql_type}" for field in fields for name, sql_type in columns(field)]
        keys = "row_no bigint, sheet_no integer, recipe_no integer, source_row bigint"
        connection.execute(f"create table staged_{kind} ({keys}, {', '.join(wanted)})")


def stage_sheet(
    connection: duckdb.DuckDBPyConnection, plan: SheetPlan, sheet_no: int, recipe_no: int, rows_before: int
) -> None:
    """Map the raw table of one sheet into its kind's staged table.

    Args:
        connection: The work database; `raw_<sheet_no>` holds the sheet's rows.
        plan: Where each field stands.
        sheet_no: The number of the sheet in this build.
        recipe_no: The number of its recipe.
        rows_before: The highest row number of the kind so far; a row's own is this plus its place in the sheet.
    """
    kind = plan.recipe.holds
    statement = Statement(plan.recipe)
    names, expressions = (
        list(_KEYS),
        [
            f"{statement.bind(rows_before)} + source_row",
            statement.bind(sheet_no),
            statement.bind(recipe_no),
            "source_row",
        ],
    )
    for field in FIELDS[kind]:
        written = statement.field(field, plan.places.get(field.name))
        if written is None:
            continue
        if field.role in (Role.DAY, Role.TIME):
            _note_dates(connection, plan, field, sheet_no)
        for (name, _), expression in zip(columns(field), _read(statement, field, written), strict=True):
            names.append(name)
            expressions.append(expression)
    if connection.execute("select 1 from dates_to_read limit 1").fetchall():
        run_step(connection, "05_read_dates")
    connection.execute(
        f"insert into staged_{kind} ({', '.join(names)}) "  # noqa: S608  (names from closed lists)
        f"select {', '.join(expressions)} from raw_{sheet_no}{''.join(statement.joins)}{statement.rows_kept(plan)}",
        statement.parameters,
    )
    _leave_out(connection, plan, sheet_no)


def stage_contacts(
    connection: duckdb.DuckDBPyConnection, plan: SheetPlan, source_file: str, sheet: str | None, sheet_no: int
) -> None:
    """Copy the personal columns of a sheet to where the private store is filled from at the end."""
    for column in plan.personal:
        connection.execute(
            "insert into contacts "  # noqa: S608  (a column and a table number)
            f"select $file, $sheet, source_row, $header, c{column + 1} "
            f"from raw_{sheet_no} where c{column + 1} is not null",
            {"file": source_file, "sheet": sheet, "header": plan.headers[column]},
        )


class Statement:
    """Builds the expressions of one insert and collects their parameters."""

    def __init__(self, recipe: Recipe) -> None:
        """For the sheets of one recipe."""
        self.recipe = recipe
        self.parameters: dict[str, Any] = {}
        self.joins: list[str] = []
        self._blank = [text.lower() for text in recipe.read.blank]

    def bind(self, value: object) -> str:
        """A parameter holding `value`."""
        name = f"p{len(self.parameters)}"
        self.parameters[name] = value
        return f"${name}"

    def join_dates(self, written: str, date_order: str) -> str:
        """Join what the text `written` says as a date, unless it is ISO; returns the joined table's name."""
        name = f"d{len(self.joins)}"
        self.joins.append(
            f" left join written_dates as {name} "
            f"on {name}.date_order = {self.bind(date_order)} and {name}.words = {written}"
        )
        return name

    def field(self, field: Field, place: Place | None) -> str | None:
        """The text of one field; None when the sheet has it neither as a column nor as a constant."""
        constant = self.recipe.constants.get(field.name)
        written = self.place(place, field.several) if place else None
        if constant is not None:
            bound = self.bind(constant)
            written = f"coalesce({written}, {bound})" if written else f"{bound}::varchar"
        return written

    def place(self, place: Place, several: bool = False) -> str:
        """The text at one place: the choices taken, else the first filled column (all of them for `several`)."""
        options = []
        if place.choices:
            taken = ", ".join(
                f"case when {' or '.join(f'is_chosen({self.cell(c)})' for c in found)} then {self.bind(value)} end"
                for value, found in place.choices
            )
            options.append(f"nullif(concat_ws({self.bind(CHOICE_SEPARATOR)}, {taken}), '')")
        cells = [self.cell(column) for column in place.columns]
        if several and len(cells) > 1:  # Country 1, Country 2, …
            cells = [f"nullif(concat_ws({self.bind(CHOICE_SEPARATOR)}, {', '.join(cells)}), '')"]
        options += cells
        return options[0] if len(options) == 1 else f"coalesce({', '.join(options)})"

    def is_left_out(self, rule: LeaveOut, columns: tuple[int, ...]) -> str:
        """Whether the recipe leaves a row out by this rule; never null."""
        values = [text for text in rule.values if text]
        cells = [f"c{column + 1}" for column in columns]
        tests = [f"list_contains(fold_all({self.bind(values)}::varchar[]), fold({cell}))" for cell in cells if values]
        if len(values) < len(rule.values):  # "": nothing is written there
            tests.append(f"coalesce({', '.join(cells)}) is null")
        return f"coalesce({' or '.join(tests)}, false)"

    def rows_kept(self, plan: SheetPlan) -> str:
        """The condition under which a row is staged; empty where the recipe leaves none out."""
        rules = [self.is_left_out(rule, columns) for rule, columns in plan.left_out]
        return f" where not ({' or '.join(rules)})" if rules else ""

    def cell(self, column: int) -> str:
        """The text of one column; nothing where it holds a word for "no answer"."""
        cell = f"c{column + 1}"
        if not self._blank:
            return cell
        return f"case when not list_contains({self.bind(self._blank)}, lower({cell})) then {cell} end"


def _leave_out(connection: duckdb.DuckDBPyConnection, plan: SheetPlan, sheet_no: int) -> None:
    """Reject the rows that the recipe leaves out, each by the first rule that fits, with the recipe's word for it."""
    for number, (rule, places) in enumerate(plan.left_out):
        statement = Statement(plan.recipe)
        earlier = [f"not {statement.is_left_out(*before)}" for before in plan.left_out[:number]]
        cells = f"coalesce({', '.join(f'c{column + 1}' for column in places)})"
        connection.execute(
            "insert into rejections select "  # noqa: S608  (column and table numbers)
            f"{statement.bind(str(plan.recipe.holds))}, {statement.bind(sheet_no)}, source_row, "
            f"{statement.bind(plan.headers[places[0]])}, {cells}, {statement.bind(LEFT_OUT + rule.reason)} "
            f"from raw_{sheet_no} where {' and '.join([statement.is_left_out(rule, places), *earlier])}",
            statement.parameters,
        )


def _note_dates(connection: duckdb.DuckDBPyConnection, plan: SheetPlan, field: Field, sheet_no: int) -> None:
    """Collect the texts of one field that have to be taken apart to be read as dates."""
    statement = Statement(plan.recipe)
    written = statement.field(field, plan.places.get(field.name))
    quick = "quick_day" if field.role is Role.DAY else "quick_time"
    connection.execute(
        "insert into dates_to_read select distinct words, "  # noqa: S608  (names from closed lists)
        f"{statement.bind(plan.recipe.date_order(field.name))} from (select {written} as words from raw_{sheet_no}) "
        f"where words is not null and {quick}(words) is null",
        statement.parameters,
    )


def _read(statement: Statement, field: Field, written: str) -> list[str]:
    if field.role is Role.PROSE:
        return [f"without_contacts({written})"]
    if field.role in (Role.DAY, Role.TIME):
        known = statement.join_dates(written, statement.recipe.date_order(field.name))
        day = f"coalesce(quick_day({written}), {known}.on_day)"
        unread = f"case when {day} is null then {written} end"
        moment = f"coalesce(quick_time({written}), {known}.at_moment)"
        return [day, unread] if field.role is Role.DAY else [moment, day, unread]
    if field.name == "report_id":
        return [f"read_id({written})"]
    if field.name == "submission_id":
        written = f"read_id({written})"
        mapping = statement.recipe.fields.get(field.name)
        prefix = mapping.prefix if mapping else ""
        return [f"{statement.bind(prefix)} || {written}" if prefix else written, written]
    return [written]
