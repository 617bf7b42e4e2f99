"""`python -m etl sheet`: which sheets of a workbook count, kept in sheets.csv."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from dashboard.audit.events import Event
from dashboard.audit.log import acting_here
from dashboard.campaign.folder import CampaignFolder
from dashboard.paths import SHIPPED_CAMPAIGN
from etl.console import (
    BUILD_TO_APPLY,
    CampaignOption,
    JsonOption,
    SeenOption,
    open_console,
    print_json,
    print_kept,
    print_said,
    read_list,
    refusals,
)
from etl.deciding.settle_sheets import list_sheets, settle_sheet, take_sheet_back
from etl.inputs.sheets_file import settle_sheets, sheets_csv
from etl.publish.holding import SHORT_WAIT, only_build


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
    note: Annotated[str, typer.Option("--note", help="Why, for colleagues.")] = "",
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
    """Keep or take back what a list says; its files need not be in the inbox yet."""
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
