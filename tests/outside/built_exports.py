"""The content id of a build of each real export, alone in a campaign, with the row account beside it."""

from pathlib import Path

from dashboard.campaign.folder import CampaignFolder
from dashboard.errors import UserError
from tests.acceptance.published import EXPORTS, account, open_published
from tests.acceptance.test_real_exports import RECIPES, REGISTERS, SURVEYS
from tests.etl.campaigns import make_campaign, publish_campaign
from tests.outside.entries import Entries, digest

REAL_EXPORTS = (*SURVEYS, *REGISTERS)


def describe_build(name: str, folder: CampaignFolder) -> Entries:
    """Describe the build of a campaign."""
    try:
        content_id = publish_campaign(folder)["content_id"]
    except UserError as refusal:
        return {(name, "refused"): digest(f"{refusal.what} {refusal.remedy}")}
    accounts = [rows for _, rows in sorted(account(open_published(folder.root)).items())]
    return {(name, "content_id"): content_id, (name, "account"): "; ".join(" ".join(map(str, one)) for one in accounts)}


def describe_exports(folder: Path) -> Entries:
    """Describe the build of each real export in a separate campaign."""
    entries: Entries = {}
    for number, path in enumerate(REAL_EXPORTS):
        export = EXPORTS / path
        campaign = make_campaign(folder / str(number), {export.name: export.read_bytes()}, RECIPES)
        entries |= describe_build(path, campaign)
    return entries
