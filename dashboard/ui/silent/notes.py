"""What is private about the silent: their addresses, and when they were asked; for the sections of the page."""

from datetime import UTC, date, datetime

import pandas as pd

from dashboard.campaign.folder import CampaignFolder
from dashboard.letters.asked import USUAL_DAYS, Asked
from dashboard.letters.recipients import find_addresses
from dashboard.settings import Settings
from dashboard.ui.frame.page import View


def open_folder() -> CampaignFolder:
    """The campaign's folder."""
    return CampaignFolder(Settings.from_environment().campaign)


def open_notes(view: View) -> Asked:
    """Who was asked when."""
    return Asked(open_folder().private, is_sample=view.snapshot.is_sample)


def find_today() -> date:
    """The day on which letters go out unless staff say otherwise."""
    return datetime.now(UTC).date()


def add_notes(view: View, silent: pd.DataFrame) -> pd.DataFrame:
    """Silent actions with how often each was asked about (`asked`), when last (`asked_on`), and `has_address`."""
    times, addresses = open_notes(view).times(), find_addresses(view.snapshot.path)
    ids = silent["action_id"]
    last = ids.map({action_id: one.last_on for action_id, one in times.items()})
    return silent.assign(
        asked=ids.map({action_id: one.times for action_id, one in times.items()}).fillna(0).astype(int),
        asked_on=pd.to_datetime(last),
        has_address=ids.isin(list(addresses)),
    )


def prefer_reachable(view: View, silent: pd.DataFrame) -> pd.DataFrame:
    """Silent actions in the order in which one would ask: first whom a letter reaches and was not asked just now."""
    noted = add_notes(view, silent)
    days = (pd.Timestamp(find_today()) - noted["asked_on"]).dt.days
    noted = noted.assign(is_asked=days.notna() & (days < USUAL_DAYS), is_unreached=~noted["has_address"])
    order = noted.sort_values(["is_asked", "is_unreached"], kind="stable").index
    return noted.loc[order].reset_index(drop=True)
