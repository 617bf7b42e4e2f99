"""`python -m etl row`: one original row of a file, as it was when a build read it."""

from typing import Annotated

import typer
from rich.table import Table

from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.sources import NAMES, Tool
from dashboard.paths import SHIPPED_CAMPAIGN
from etl.console import CampaignOption, JsonOption, open_console, print_json, refusals
from etl.publish import lineage


def row(
    file: Annotated[str, typer.Argument(help="The file, by its name or its handle.", metavar="FILE")],
    number: Annotated[int, typer.Argument(help="The row, as a spreadsheet counts.", metavar="ROW", min=1)],
    sheet: Annotated[str | None, typer.Option("--sheet", help="The sheet, where the file has several.")] = None,
    build: Annotated[str | None, typer.Option("--build", help="The build; the published one by default.")] = None,
    campaign: CampaignOption = SHIPPED_CAMPAIGN,
    as_json: JsonOption = False,
) -> None:
    """Show an original row, without its personal columns, e-mail addresses and phone numbers."""
    with refusals(as_json):
        original = lineage.read_row(CampaignFolder(campaign), file, number, sheet=sheet, build=build)
    if as_json:
        print_json(original)
        return
    table = Table("Column", "Cell")
    for header, cell in zip(original["headers"], original["cells"], strict=True):
        table.add_row(header or "", cell or "")
    console = open_console()
    sheet_named = f", sheet {original['sheet']}" if original["sheet"] else ""
    console.print(f"{original['file']}{sheet_named}, row {number}", markup=False)
    came_from = original["came_from"]
    if came_from is not None:
        tool = next((NAMES[one] for one in Tool if one.value == came_from["tool"]), came_from["tool"])
        console.print(f"fetched from {tool}, {came_from['title']}, at {came_from['at']}", markup=False)
    console.print(table)
