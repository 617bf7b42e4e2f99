"""`python -m etl watch`: build whenever the inbox or a setting of the campaign changes; fetch what is due."""

from typing import Annotated

import typer

from dashboard.campaign.folder import CampaignFolder
from dashboard.paths import SHIPPED_CAMPAIGN
from etl.console import CampaignOption, JsonOption, QuietOption, open_console, print_json, refusals
from etl.publish import watch as watching
from etl.sources.fetcher import Fetcher


def watch(
    campaign: CampaignOption = SHIPPED_CAMPAIGN,
    quiet: QuietOption = False,
    fetch: Annotated[
        bool, typer.Option("--fetch/--no-fetch", help="Fetch the campaign's sources when they are due.")
    ] = True,
    as_json: JsonOption = False,
) -> None:
    """Build whenever the inbox, a recipe, a codelist, a decision or campaign.toml changes; Ctrl+C ends it."""
    console = open_console(quiet)

    def say(sentence: str) -> None:
        if as_json:
            print_json({"did": sentence})
        else:
            console.print(sentence, markup=False, highlight=False, soft_wrap=True)

    with refusals(as_json):
        folder = CampaignFolder(campaign)
        say(f"Watching {folder.root}. Ctrl+C ends.")
        fetcher = Fetcher(folder, say)
        if fetch:
            fetcher.start()
        try:
            watching.watch(folder, say)
        finally:
            fetcher.end()
