"""Which sheets of a workbook count: said by staff, kept in sheets.csv, and taken back."""

from pathlib import Path
from typing import NamedTuple

import duckdb

from dashboard.campaign.folder import CampaignFolder
from dashboard.errors import UserError
from etl.inputs.inbox import find_export
from etl.inputs.sheets_file import check_sheet_use, read_sheet_settlements, refuse_pattern, sheets_csv
from etl.readers.exports import list_members, open_export
from etl.recipes.recipe_file import load_recipes
from etl.recipes.recognition import KnownRecipes
from etl.recipes.settlements import SheetSettlement, say_of_sheet
from etl.texts.folding import Folding


class FileSheet(NamedTuple):
    """One sheet of a file as it stands: whether a spreadsheet shows it, which recipe knows it, what staff said."""

    file: str
    sheet: str
    is_visible: bool
    recipe: str | None
    said: str | None


def list_sheets(folder: CampaignFolder, file: str) -> list[FileSheet]:
    """The sheets that hold cells of a workbook, or of the workbooks in an archive.

    Args:
        folder: The campaign.
        file: Its name in the inbox, or its path.

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
    """Keep what a sheet is; returns the line, and whether it is new. A later word replaces an earlier one.

    Raises:
        UserError: the file or the sheet is not there, or it cannot be that.
    """
    use = use.casefold()
    check_sheet_use(use, f"“{sheet}”")
    file_sheet = _find(folder, file, sheet)
    return sheets_csv(folder.sheets_file).say(SheetSettlement(0, file_sheet.file, file_sheet.sheet, use, note))


def take_sheet_back(folder: CampaignFolder, file: str, sheet: str) -> SheetSettlement:
    """Take the line about a sheet out; returns it.

    Raises:
        UserError: nothing was said of the sheet, or a line with `*` says it.
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
