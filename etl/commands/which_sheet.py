"""`python -m etl sheet`: the sheets of a workbook that count, kept in sheets.csv."""

from functools import partial
from pathlib import Path
from typing import Annotated, NamedTuple

import duckdb
import typer
from rich.table import Table

from dashboard.access.audit.events import Event
from dashboard.campaign.answers.answer import Answer
from dashboard.campaign.folder import CampaignFolder
from dashboard.command_line import JsonOption, print_json
from dashboard.errors import UserError
from dashboard.paths import SHIPPED_CAMPAIGN
from etl.commands.console import CampaignOption, NoteOption, SeenOption, open_console, read_list
from etl.commands.keep_answer import keep_list, keep_use
from etl.inputs.inbox import find_export
from etl.inputs.uses_file import UsesFile, read_sheet_uses
from etl.readers.exports import list_members, open_export
from etl.recipes.recipe_file import load_recipes
from etl.recipes.recognition import KnownRecipes
from etl.recipes.settled_plan import find_sheet_use
from etl.texts.folding import Folding


class FileSheet(NamedTuple):
    """One sheet of a file: whether a spreadsheet shows it, its recipe, and the answer of staff."""

    file: str
    sheet: str
    is_visible: bool
    recipe: str | None
    said: str | None


def list_sheets(folder: CampaignFolder, file: str) -> list[FileSheet]:
    """List the filled sheets of a workbook, or of the workbooks in an archive.

    `file` is its name in the inbox, or its path.

    Raises:
        UserError: there is no such file, or it cannot be read.
    """
    path = find_export(folder, file)
    settlements = read_sheet_uses(folder.sheets_file)
    name = file if path != Path(file) else path.name
    sheets = []
    with duckdb.connect() as connection, list_members(path, name) as members:
        known_recipes = KnownRecipes(load_recipes(folder), Folding(connection))
        for member in members:
            with open_export(member.path, member.name) as export:
                for sheet in export.sheets:
                    if sheet.name is not None and any(map(any, sheet.preview)):
                        plan = known_recipes.recognise(Path(member.name).name, sheet)
                        word = find_sheet_use(settlements, member.name, sheet.name)
                        recipe = plan.recipe.id if plan else None
                        sheets.append(FileSheet(member.name, sheet.name, sheet.visible, recipe, word))
    return sheets


def _find_answer(folder: CampaignFolder, file: str, sheet: str, note: str, use: str) -> tuple[Answer, str]:
    """Find the answer about a sheet of a file, with its name in words.

    Raises:
        UserError: the file or the sheet is not there.
    """
    one = _find(folder, file, sheet)
    return Answer(0, "sheet", "", one.file, one.sheet, "", use, note), f"the sheet “{one.sheet}” of {one.file}"


def _find(folder: CampaignFolder, file: str, sheet: str) -> FileSheet:
    sheets = list_sheets(folder, file)
    matches = [one for one in sheets if one.sheet.casefold() == sheet.casefold()]
    if len(matches) != 1:
        names = ", ".join(f"“{one.sheet}”" for one in sheets) or "none"
        fault = f"Several workbooks in {file} have a sheet" if matches else f"{file} has no sheet"
        raise UserError(f"{fault} “{sheet}”.", f"Its sheets are {names}.")
    return matches[0]


def sheet(
    file: Annotated[
        str | None, typer.Argument(metavar="[FILE]", help="A workbook of the inbox, or its path.", show_default=False)
    ] = None,
    name: Annotated[str | None, typer.Argument(metavar="[SHEET]", help="The sheet; without it all are listed.")] = None,
    use: Annotated[
        str | None,
        typer.Option("--is", metavar="USE", help="nothing: it is not read; data: it counts beside another one."),
    ] = None,
    campaign: CampaignOption = SHIPPED_CAMPAIGN,
    note: NoteOption = "",
    undo: Annotated[bool, typer.Option("--undo", help="Take back what was said of the sheet.")] = False,
    answers: Annotated[
        Path | None,
        typer.Option(
            "--list",
            metavar="LIST",
            help="Say what many sheets are: a CSV file with file,sheet,is (- for standard input); an empty “is” "
            "takes back.",
        ),
    ] = None,
    version: SeenOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say whether a sheet counts; or list the sheets of a file."""
    folder = CampaignFolder(campaign)
    if answers is not None:
        uses = UsesFile(folder.sheets_file).read_list(read_list(answers))
        keep_list(folder, uses, version, as_json)
        return
    if file is None:
        raise typer.BadParameter("Name a file, or give --list.")
    if name is None or (use is None and not undo):
        _print_sheets(folder, file, as_json)
        return
    event = Event.ANSWER_UNDONE if undo else Event.SHEET_CONFIRMED
    new_use = "" if undo else (use or "").casefold()
    keep_use(folder, event, f"{file}: {name}", new_use, partial(_find_answer, folder, file, name, note), as_json)


def _print_sheets(folder: CampaignFolder, file: str, as_json: bool) -> None:
    sheets = list_sheets(folder, file)
    if as_json:
        for one in sheets:
            print_json(one._asdict())
        return
    table = Table("File", "Sheet", "Recipe", "Shown", "Said by staff")
    for one in sheets:
        visibility = "yes" if one.is_visible else "hidden: not read"
        table.add_row(one.file, one.sheet, one.recipe or "", visibility, one.said or "")
    open_console().print(table)
