"""`python -m etl column`: what a column is used for, kept in columns.csv."""

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
from etl.deciding.settle_columns import list_columns, list_open_columns, settle, take_back
from etl.inputs.columns_file import columns_csv, settle_columns
from etl.publish.holding import SHORT_WAIT, only_build
from etl.publish.settings_files import find_overlay
from etl.recipes.recipe_file import load_recipes


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
    draft: Annotated[
        Path | None, typer.Option(metavar="DIR", help="With --open: the preview whose settings are read as well.")
    ] = None,
    version: SeenOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what a column is, for every file that the same recipe reads; or list the columns of a file."""
    with refusals(as_json):
        folder = CampaignFolder(campaign)
        if is_open:
            folder.overlay = find_overlay(draft) if draft else None
            _print_open(folder, uploads, as_json)
            return
        if answers is not None:
            _settle_list(folder, answers, version, as_json)
            return
        if file is None:
            raise typer.BadParameter("Name a file, or give --open or --list.")
        if header is None or (use is None and not undo):
            _print_columns(folder, file, header, as_json)
            return
        event = Event.ANSWER_UNDONE if undo else Event.COLUMN_CONFIRMED
        with acting_here(folder.root, event, f"{file}: {header}", use=use) as act, only_build(folder, SHORT_WAIT):
            if undo:
                settlement, is_new = take_back(folder, file, header), True
                sentence = (
                    f"Taken out of columns.csv: “{settlement.header}” is no longer {settlement.use}. {BUILD_TO_APPLY}"
                )
            else:
                settlement, is_new = settle(folder, file, header, use or "", note)
                place = f"columns.csv, row {settlement.line}: “{settlement.header}” of {settlement.recipe} is"
                sentence = f"{place} {settlement.use}. {BUILD_TO_APPLY if is_new else 'It was said already.'}"
            act.say(recipe=settlement.recipe, row=settlement.line, changed=is_new)
        print_said(sentence, as_json, changed=is_new, line=settlement.line)


def _settle_list(folder: CampaignFolder, answers: Path, version: str | None, as_json: bool) -> None:
    """Keep or take back what a list says."""
    settlements = columns_csv(folder.columns_file).read_answers(read_list(answers))
    about = ", ".join(answer.header for answer in settlements)
    with acting_here(folder.root, Event.COLUMN_CONFIRMED, about) as act, only_build(folder, SHORT_WAIT):
        act.say(answers=[f"{answer.recipe}: {answer.header} = {answer.use or '-'}" for answer in settlements])
        columns_csv(folder.columns_file).refuse_changed(settlements, version)
        counts = settle_columns(folder.columns_file, load_recipes(folder), settlements)
    print_kept(folder.columns_file.name, len(settlements), counts, as_json)


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
