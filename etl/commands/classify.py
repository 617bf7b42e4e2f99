"""`python -m etl classify`: keep what staff accepted of the suggestions, or write a sheet to fill in."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from dashboard.campaign.folder import LANGUAGES, CampaignFolder, Language
from dashboard.errors import UserError
from dashboard.paths import SHIPPED_CAMPAIGN
from etl.console import CampaignOption, JsonOption, open_console, print_json, refusals
from etl.deciding.classify import accept
from etl.deciding.classify_sheet import write_sheet
from etl.inputs.inbox import ACCEPTED_FILE
from etl.publish.publish import only_build


def classify(
    campaign: CampaignOption = SHIPPED_CAMPAIGN,
    sheet: Annotated[
        Path | None, typer.Option("--sheet", help="Write the unclassified actions to this Excel file instead.")
    ] = None,
    lang: Annotated[str, typer.Option("--lang", help="Language of the sheet: en, fr or es.")] = "en",
    as_json: JsonOption = False,
) -> None:
    """Accept classes: JSON lines on standard input, kept in the inbox; or write a sheet to fill in."""
    with refusals(as_json):
        folder = CampaignFolder(campaign)
        if sheet is not None:
            listed = write_sheet(folder, sheet, _language(lang))
            said = f"{sheet} lists {listed:,} actions. Fill it in and drop it into {folder.inbox}."
        else:
            with only_build(folder):
                listed = accept(folder, sys.stdin)
            said = f"{listed:,} actions classified in {ACCEPTED_FILE}. Build to apply it: python -m etl build."
        if as_json:
            print_json({"ok": True, "actions": listed})
            return
    open_console().print(said, markup=False, highlight=False)


def _language(lang: str) -> Language:
    for language in LANGUAGES:
        if language == lang:
            return language
    raise UserError(f"There is no language {lang}.", f"Use {', '.join(LANGUAGES)}.")
