"""`python -m etl sheet`: the sheets of a workbook that count, kept in sheets.csv."""

from pathlib import Path
from typing import Annotated, NamedTuple

import duckdb
import typer
from rich.table import Table

from dashboard.audit.events import Event
from dashboard.audit.log import acting_here
from dashboard.campaign.folder import CampaignFolder
from dashboard.command_line import JsonOption, print_json
from dashboard.errors import UserError
from dashboard.paths import SHIPPED_CAMPAIGN
from etl.console import (
    BUILD_TO_APPLY,
    CampaignOption,
    NoteOption,
    SeenOption,
    open_console,
    print_kept,
    print_said,
    read_list,
    refusals,
)
from etl.inputs.inbox import find_export
from etl.inputs.uses_file import check_sheet_use, read_sheet_settlements, refuse_pattern, settle_sheets, sheets_csv
from etl.publish.holding import SHORT_WAIT, only_build
from etl.readers.exports import list_members, open_export
from etl.recipes.recipe_file import load_recipes
from etl.recipes.recognition import KnownRecipes
from etl.recipes.settled_plan import SheetSettlement, say_of_sheet
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
    settlements = read_sheet_settlements(folder.sheets_file)
    name = file if path != Path(file) else path.name
    sheets = []
    with duckdb.connect() as connection, list_members(path, name) as members:
        known_recipes = KnownRecipes(load_recipes(folder), Folding(connection))
        for member in members:
            with open_export(member.path, member.name) as export:
                for sheet in export.sheets:
                    if sheet.name is not None and any(map(any, sheet.preview)):
                        plan = known_recipes.recognise(Path(member.name).name, sheet)
                        word = say_of_sheet(settlements, member.name, sheet.name)
                        recipe = plan.recipe.id if plan else None
                        sheets.append(FileSheet(member.name, sheet.name, sheet.visible, recipe, word))
    return sheets


def settle_sheet(
    folder: CampaignFolder, file: str, sheet: str, use: str, note: str = ""
) -> tuple[SheetSettlement, bool]:
    """Keep the use of a sheet; return the line, and whether it is new. A later word replaces an earlier one.

    Raises:
        UserError: the file or the sheet is not there, or it cannot be that.
    """
    use = use.casefold()
    check_sheet_use(use, f"“{sheet}”")
    file_sheet = _find(folder, file, sheet)
    return sheets_csv(folder.sheets_file).say(SheetSettlement(0, file_sheet.file, file_sheet.sheet, use, note))


def take_sheet_back(folder: CampaignFolder, file: str, sheet: str) -> SheetSettlement:
    """Take the line about a sheet out; return it.

    Raises:
        UserError: the sheet has no line, or a line with `*` settles it.
    """
    file_sheet = _find(folder, file, sheet)
    settlement = SheetSettlement(0, file_sheet.file, file_sheet.sheet, "")
    removed = sheets_csv(folder.sheets_file).take_back(settlement)
    if removed is None:
        refuse_pattern(read_sheet_settlements(folder.sheets_file), settlement)
        raise UserError(f"sheets.csv says nothing of the sheet “{sheet}” of {file}.", "Look at the file.")
    return removed


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
    with refusals(as_json):
        folder = CampaignFolder(campaign)
        if answers is not None:
            _settle_list(folder, answers, version, as_json)
            return
        if file is None:
            raise typer.BadParameter("Name a file, or give --list.")
        if name is None or (use is None and not undo):
            _print_sheets(folder, file, as_json)
            return
        event = Event.ANSWER_UNDONE if undo else Event.SHEET_CONFIRMED
        with acting_here(folder.root, event, f"{file}: {name}", use=use) as act, only_build(folder, SHORT_WAIT):
            if undo:
                settlement, is_new = take_sheet_back(folder, file, name), True
                text = f"Taken out of sheets.csv: “{settlement.sheet}” is no longer {settlement.use}. {BUILD_TO_APPLY}"
            else:
                settlement, is_new = settle_sheet(folder, file, name, use or "", note)
                place = f"sheets.csv, row {settlement.line}: the sheet “{settlement.sheet}” of {settlement.file} is"
                text = f"{place} {settlement.use}. {BUILD_TO_APPLY if is_new else 'It was said already.'}"
            act.say(row=settlement.line, changed=is_new)
        print_said(text, as_json, changed=is_new, line=settlement.line)


def _settle_list(folder: CampaignFolder, answers: Path, version: str | None, as_json: bool) -> None:
    """Keep or withdraw the answers of a list; its files need not be in the inbox yet."""
    settlements = sheets_csv(folder.sheets_file).read_answers(read_list(answers))
    about = ", ".join(f"{answer.file}: {answer.sheet}" for answer in settlements)
    with acting_here(folder.root, Event.SHEET_CONFIRMED, about) as act, only_build(folder, SHORT_WAIT):
        act.say(answers=[f"{answer.file}: {answer.sheet} = {answer.use or '-'}" for answer in settlements])
        sheets_csv(folder.sheets_file).refuse_changed(settlements, version)
        counts = settle_sheets(folder.sheets_file, settlements)
    print_kept(folder.sheets_file.name, len(settlements), counts, as_json)


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
