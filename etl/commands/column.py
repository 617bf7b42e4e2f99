"""`python -m etl column`: what a column is used for, kept in columns.csv."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from dashboard.campaign.folder import CampaignFolder
from dashboard.errors import UserError
from dashboard.paths import SHIPPED_CAMPAIGN
from etl.console import CampaignOption, JsonOption, open_console, print_json, refusals
from etl.deciding.settle_columns import list_columns, list_open_columns, settle, take_back
from etl.inputs.columns_file import read_answers, settle_all
from etl.publish.publish import only_build
from etl.recipes.recipe_file import load_recipes

_BUILD = "Build to apply it: python -m etl build."


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
            "--is", metavar="USE", help="A field (status, countries, …), question, staff, personal or nothing."
        ),
    ] = None,
    campaign: CampaignOption = SHIPPED_CAMPAIGN,
    note: Annotated[str, typer.Option("--note", help="Why, for colleagues.")] = "",
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
    as_json: JsonOption = False,
) -> None:
    """Say what a column is, for every file that the same recipe reads; or list the columns of a file."""
    with refusals(as_json):
        folder = CampaignFolder(campaign)
        if is_open:
            _print_open(folder, uploads, as_json)
            return
        if answers is not None:
            _settle_list(folder, answers, as_json)
            return
        if file is None:
            raise typer.BadParameter("Name a file, or give --open or --list.")
        if header is None or (use is None and not undo):
            _print_columns(folder, file, header, as_json)
            return
        with only_build(folder):
            if undo:
                settlement, is_new = take_back(folder, file, header), True
                said = f"Taken out of columns.csv: “{settlement.header}” is no longer {settlement.use}. {_BUILD}"
            else:
                settlement, is_new = settle(folder, file, header, use or "", note)
                place = f"columns.csv, row {settlement.line}: “{settlement.header}” of {settlement.recipe} is"
                said = f"{place} {settlement.use}. {_BUILD if is_new else 'It was said already.'}"
        if as_json:
            print_json({"ok": True, "changed": is_new, "line": settlement.line, "did": said})
            return
    open_console().print(said, markup=False, highlight=False, soft_wrap=True)


def _settle_list(folder: CampaignFolder, answers: Path, as_json: bool) -> None:
    """Keep or take back what a list says."""
    try:
        text = sys.stdin.read() if str(answers) == "-" else answers.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{answers} cannot be read as text.", "Name a CSV file in UTF-8.") from error
    listed = read_answers(text)
    with only_build(folder):
        kept, taken_back = settle_all(folder.columns_file, load_recipes(folder), listed)
    said = f"columns.csv: {kept} kept, {taken_back} taken back, {len(listed) - kept - taken_back} as it was. {_BUILD}"
    if as_json:
        print_json({"ok": True, "kept": kept, "taken_back": taken_back, "did": said})
        return
    open_console().print(said, markup=False, highlight=False, soft_wrap=True)


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
        used = c.use.target or str(c.use.use).replace("_", " ")
        table.add_row(c.sheet or "", c.header, used, c.use.decided_by or "", "; ".join(c.examples)[:80])
    open_console().print(table)
