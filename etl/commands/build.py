"""`python -m etl build`: read everything, write and publish a snapshot."""

from dashboard.campaign import CampaignFolder
from dashboard.paths import SHIPPED_CAMPAIGN
from etl import build as builds
from etl.console import CampaignOption, QuietOption, SkipOption, open_console, progress_bar, refusals
from etl.publish import only_build, publish
from etl.report import print_account


def build(
    campaign: CampaignOption = SHIPPED_CAMPAIGN, quiet: QuietOption = False, skip_bad_files: SkipOption = False
) -> None:
    """Read everything in the inbox, write and publish a snapshot, print the account per file."""
    console = open_console(quiet)
    with refusals():
        folder = CampaignFolder(campaign)
        with (
            only_build(folder),
            progress_bar(quiet) as progress,
            builds.build(folder, folder.published, skip_bad_files=skip_bad_files, progress=progress) as built,
        ):
            print_account(console, built)
            target = publish(folder, built)
        if built.is_sample:
            console.print("The inbox is empty: this is the fictional sample data.")
        console.print(f"Published {target.name}.")
