"""`python -m etl watch`: build whenever the inbox or a setting of the campaign changes."""

from dashboard.campaign.folder import CampaignFolder
from dashboard.paths import SHIPPED_CAMPAIGN
from etl.console import CampaignOption, QuietOption, open_console, refusals
from etl.publish import watch as watching


def watch(campaign: CampaignOption = SHIPPED_CAMPAIGN, quiet: QuietOption = False) -> None:
    """Build whenever the inbox, a recipe, a codelist, a decision or campaign.toml changes; Ctrl+C ends it."""
    console = open_console(quiet)
    with refusals():
        folder = CampaignFolder(campaign)
        console.print(f"Watching {folder.root}. Ctrl+C ends.", markup=False)
        watching.watch(folder, lambda sentence: console.print(sentence, markup=False, highlight=False, soft_wrap=True))
