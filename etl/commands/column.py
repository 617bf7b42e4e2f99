"""`python -m etl column`: the use of a column, kept in columns.csv."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from functools import partial
from pathlib import Path
from typing import Annotated, NamedTuple

import duckdb
import typer
from rich.table import Table

from dashboard.access.audit.events import Event
from dashboard.campaign.answers.answer import Answer
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.working_copy import find_overlay
from dashboard.command_line import JsonOption, print_json
from dashboard.errors import UserError
from dashboard.paths import SHIPPED_CAMPAIGN
from etl.commands.console import CampaignOption, NoteOption, SeenOption, open_console, read_list
from etl.commands.keep_answer import keep_list, keep_use
from etl.inputs.inbox import find_export, list_exports, list_inbox, open_inputs
from etl.inputs.uses_file import AnswerError, UsesFile, read_column_uses
from etl.pipeline.column_uses import CODED, ROWS_LOOKED_AT, ColumnUse, Use, list_stated_uses, read_plan_shape
from etl.readers.exports import ExportFile
from etl.readers.sheets import Sheet
from etl.recipes.fields import SEVERAL, Kind
from etl.recipes.recipe_file import Recipe, load_recipes
from etl.recipes.recognition import KnownRecipes
from etl.recipes.settled_plan import ROUND, STAFF
from etl.recipes.sheet_plan import SheetPlan
from etl.sqlfiles import ask
from etl.texts.contacts import without_contacts
from etl.texts.folding import Folding
from etl.texts.phones import EVERY_REGION

_EXAMPLES = 3
MOST_VALUES = 12
"""Different values of an open column that are shown, the most frequent ones."""


class FileColumn(NamedTuple):
    """One column of a file: its place, its present use, and its first cells.

    Attributes:
        is_of_round: Whether it is a field of one of several rounds, which does not stand for the others.
    """

    recipe: Recipe
    sheet: str | None
    header: str
    use: ColumnUse
    examples: tuple[str, ...]
    is_of_round: bool = False


class OpenColumn(NamedTuple):
    """One column without a use, or of codes, in all files that a recipe reads.

    Attributes:
        is_open: Whether it has no use; else a recipe reads it as a field of codes, and its cells may be another's.
        values: Its most frequent values with their rows, contacts taken out.
    """

    recipe: str
    header: str
    is_open: bool
    values: tuple[tuple[str, int], ...]
    kinds: int


def list_open_columns(folder: CampaignFolder, uploads: Path | None = None) -> list[OpenColumn]:
    """List the open columns of all files that recipes read and those of codes, with their values in the first rows.

    Where the inbox is empty, the samples are read. Files of the folder `uploads` go before those of the same name;
    those that cannot be read or recognised are passed over, as a preview leaves them out.

    Raises:
        UserError: a file of the inbox cannot be read or recognised.
    """
    recipes = load_recipes(folder)
    uploaded = {path.name: path for path in sorted(uploads.glob("*") if uploads else ())}
    files = dict(list_inbox(folder) if uploaded else list_exports(folder)[0]) | uploaded
    value_rows: dict[tuple[str, str, bool], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    with duckdb.connect() as connection:
        known_recipes = KnownRecipes(recipes, Folding(connection), read_column_uses(folder.columns_file, recipes))
        for name, path in sorted(files.items()):
            with (
                suppress(UserError) if name in uploaded else nullcontext(),
                open_inputs(name, path, known_recipes) as inputs,
            ):
                for source, export in inputs:
                    for sheet, plan in source.plans:
                        if plan is not None:
                            _count_open(connection, export, sheet, plan, value_rows)
    return [
        OpenColumn(recipe, header, is_open, _most_frequent(values), len(values))
        for (recipe, header, is_open), values in sorted(value_rows.items())
        if values
    ]


def _count_open(
    connection: duckdb.DuckDBPyConnection,
    export: ExportFile,
    sheet: Sheet,
    plan: SheetPlan,
    value_rows: dict[tuple[str, str, bool], dict[str, int]],
) -> None:
    """Count the values of a sheet's open columns and of its columns of codes."""
    uses = list_stated_uses(plan, read_plan_shape(plan, sheet))
    open_places = [i for i in range(len(plan.headers)) if i not in uses or uses[i].target in CODED]
    names = {i + 1: without_contacts(h) for i in open_places if (h := plan.names[i])}
    if not names:
        return
    connection.execute("drop table if exists raw_0")
    export.load(connection, sheet, "raw_0", plan.first_row)
    parameters = {"columns": list(names), "rows": ROWS_LOOKED_AT}
    for number, value, rows in ask(connection, "decisions/open_values", parameters):
        value_rows[(plan.recipe.id, names[number], number - 1 not in uses)][value] += rows


def _most_frequent(values: dict[str, int]) -> tuple[tuple[str, int], ...]:
    ordered = sorted(values.items(), key=lambda item: (-item[1], item[0]))[:MOST_VALUES]
    return tuple((without_contacts(value, EVERY_REGION), rows) for value, rows in ordered)


def list_columns(folder: CampaignFolder, file: str) -> list[FileColumn]:
    """List the columns of a file that recipes read, those without a header by their letters.

    `file` is its name in the inbox (or among the samples), or its path.

    Raises:
        UserError: there is no such file, or it cannot be read or recognised.
    """
    recipes = load_recipes(folder)
    columns = []
    with _recognised(folder, file, recipes) as plans:
        for sheet, plan in plans:
            uses = list_stated_uses(plan, read_plan_shape(plan, sheet))
            of_rounds = {i for _, places in plan.rounds for place in places.values() for i in place.all_columns}
            for i, header in enumerate(plan.names):
                cells = _examples(plan, sheet, i)
                if header and (cells or plan.headers[i]):
                    use, name = uses.get(i, ColumnUse(Use.OPEN)), without_contacts(header)
                    columns.append(FileColumn(plan.recipe, sheet.name, name, use, cells, i in of_rounds))
    return columns


def _find_answer(folder: CampaignFolder, file: str, header: str, note: str, use: str) -> tuple[Answer, str]:
    """Find the answer about a column of a file, with its name in words.

    Raises:
        UserError: the file or the column is not there, or another column is that already.
    """
    columns = list_columns(folder, file)
    column = _find(columns, file, header)
    if use:
        _refuse_second(columns, column, use, file)
    answer = Answer(0, "column", column.recipe.id, "", "", column.header, use, note)
    return answer, f"“{column.header}” of {column.recipe.id}"


def _refuse_second(columns: Sequence[FileColumn], column: FileColumn, use: str, file: str) -> None:
    """Refuse a second column of the sheet as a field that takes one column."""
    if use in SEVERAL:
        return
    for rival in columns:
        is_read = rival.use.use is Use.FIELD and rival.use.target == use and not rival.is_of_round
        if is_read and rival.sheet == column.sheet and rival.header.casefold() != column.header.casefold():
            raise AnswerError(
                f"“{rival.header}” of {file} is {use} already, and one column counts as {use}.",
                f"Where it counts, say of “{column.header}” that it is {_name_stage(column, use)} (an earlier or later "
                f"stage) or nothing. "
                f"Where “{column.header}” counts, say that of “{rival.header}” first: "
                f'python -m etl column "{file}" "{rival.header}" --is {_name_stage(rival, use)}',
            )


def _name_stage(column: FileColumn, use: str) -> str:
    """Name the use of a column that is an earlier or a later stage of a field."""
    return ROUND if use == "status" and column.recipe.holds is Kind.ACTIONS else STAFF


def _find(columns: Sequence[FileColumn], file: str, header: str) -> FileColumn:
    with duckdb.connect() as connection:
        fold = Folding(connection)
        matches = [column for column in columns if fold(column.header) == fold(header)]
    if not matches:
        headers = ", ".join(f"“{column.header}”" for column in columns[:40])
        raise UserError(f"{file} has no column “{header}”.", f"Its columns are {headers}.")
    if len({column.recipe.id for column in matches}) > 1:
        raise UserError(f"Several sheets of {file} have a column “{header}”.", "Say it in the recipes instead.")
    return matches[0]


@contextmanager
def _recognised(folder: CampaignFolder, file: str, recipes: list[Recipe]) -> Iterator[list[tuple[Sheet, SheetPlan]]]:
    """Read the sheets of a file that a recipe reads."""
    path = find_export(folder, file)
    with duckdb.connect() as connection:
        settlements = read_column_uses(folder.columns_file, recipes)
        known_recipes = KnownRecipes(recipes, Folding(connection), settlements)
        with open_inputs(path.name, path, known_recipes) as inputs:
            yield [(sheet, plan) for source, _ in inputs for sheet, plan in source.plans if plan is not None]


def _examples(plan: SheetPlan, sheet: Sheet, column: int) -> tuple[str, ...]:
    """List the first different cells of a column, contacts taken out; none of a column about persons."""
    if column in plan.personal:
        return ()
    cells = (row[column] for row in sheet.preview[plan.first_row - 1 :] if column < len(row))
    examples = list(dict.fromkeys(cell for cell in cells if cell))[:_EXAMPLES]
    return tuple(without_contacts(cell, EVERY_REGION) for cell in examples)


def column(
    file: Annotated[
        str | None, typer.Argument(metavar="[FILE]", help="An export of the inbox, or its path.", show_default=False)
    ] = None,
    header: Annotated[
        str | None, typer.Argument(metavar="[HEADER]", help="The column's header; without it all are listed.")
    ] = None,
    use: Annotated[
        str | None,
        typer.Option(
            "--is",
            metavar="USE",
            help="A field (status, countries, …), question, round (statuses of a day of their own), staff, personal "
            "or nothing.",
        ),
    ] = None,
    campaign: CampaignOption = SHIPPED_CAMPAIGN,
    note: NoteOption = "",
    undo: Annotated[bool, typer.Option("--undo", help="Take back what was said of the column.")] = False,
    is_open: Annotated[bool, typer.Option("--open", help="List the open columns of all files, with values.")] = False,
    answers: Annotated[
        Path | None,
        typer.Option(
            "--list",
            metavar="LIST",
            help="Say what many columns are: a CSV file with recipe,header,is (- for standard input); an empty “is” "
            "takes back.",
        ),
    ] = None,
    uploads: Annotated[
        Path | None, typer.Option("--uploads", help="With --open: a folder of files to look into as well.")
    ] = None,
    draft: Annotated[
        Path | None, typer.Option(metavar="DIR", help="With --open: the preview whose settings are read as well.")
    ] = None,
    version: SeenOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what a column is, for every file that the same recipe reads; or list the columns of a file."""
    folder = CampaignFolder(campaign)
    if is_open:
        folder.overlay = find_overlay(draft) if draft else None
        _print_open(folder, uploads, as_json)
        return
    if answers is not None:
        uses = UsesFile(folder.columns_file).read_list(read_list(answers))
        keep_list(folder, uses, version, as_json)
        return
    if file is None:
        raise typer.BadParameter("Name a file, or give --open or --list.")
    if header is None or (use is None and not undo):
        _print_columns(folder, file, header, as_json)
        return
    event = Event.ANSWER_UNDONE if undo else Event.COLUMN_CONFIRMED
    new_use = "" if undo else (use or "").casefold()
    keep_use(folder, event, f"{file}: {header}", new_use, partial(_find_answer, folder, file, header, note), as_json)


def _print_open(folder: CampaignFolder, uploads: Path | None, as_json: bool) -> None:
    columns = list_open_columns(folder, uploads)
    if as_json:
        print_json({"ok": True, "columns": [column._asdict() for column in columns]})
        return
    table = Table("Recipe", "Column", "Different values", "The most frequent values (rows)")
    for column in (one for one in columns if one.is_open):
        values = "; ".join(f"{value} ({rows})" for value, rows in column.values)
        table.add_row(column.recipe, column.header, str(column.kinds), values[:200])
    open_console().print(table)


def _print_columns(folder: CampaignFolder, file: str, header: str | None, as_json: bool) -> None:
    columns = [c for c in list_columns(folder, file) if header is None or c.header.casefold() == header.casefold()]
    if as_json:
        for c in columns:
            print_json({"sheet": c.sheet, "header": c.header, "use": c.use.use, "target": c.use.target})
        return
    table = Table("Sheet", "Column", "Used for", "Decided by", "First cells")
    for c in columns:
        use = c.use.target or str(c.use.use).replace("_", " ")
        table.add_row(c.sheet or "", c.header, use, c.use.decided_by or "", "; ".join(c.examples)[:80])
    open_console().print(table)
