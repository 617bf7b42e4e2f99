"""`python -m etl watch`: build whenever the inbox or a setting of the campaign changes; fetch what is due."""

from typing import Annotated

import typer

from dashboard.campaign.folder import CampaignFolder
from dashboard.paths import SHIPPED_CAMPAIGN
from etl.console import CampaignOption, QuietOption, open_console, refusals
from etl.publish import watch as watching
from etl.sources.fetcher import Fetcher


def watch(
    campaign: CampaignOption = SHIPPED_CAMPAIGN,
    quiet: QuietOption = False,
    fetch: Annotated[bool, typer.Option(help="Fetch the campaign's sources when they are due.")] = True,
) -> None:
    """Build whenever the inbox, a recipe, a codelist, a decision or campaign.toml changes; Ctrl+C ends it."""
    console = open_console(quiet)

    def say(sentence: str) -> None:
        console.print(sentence, markup=False, highlight=False, soft_wrap=True)

    with refusals():
        folder = CampaignFolder(campaign)
        say(f"Watching {folder.root}. Ctrl+C ends.")
        fetcher = Fetcher(folder, say)
        if fetch:
            fetcher.start()
        try:
            watching.watch(folder, say)
        finally:
            fetcher.end()
