"""What is private about the silent: their addresses, and when they were asked; for the sections of the page."""

from datetime import UTC, date, datetime

import pandas as pd

from dashboard.campaign.folder import CampaignFolder
from dashboard.letters import preference
from dashboard.letters.asked import Asked as LetterNotes
from dashboard.letters.recipients import find_addresses
from dashboard.lists.declaration import Asked
from dashboard.settings import Settings
from dashboard.ui.frame.page import View


def open_folder() -> CampaignFolder:
    """The campaign's folder."""
    return CampaignFolder(Settings.from_environment().campaign)


def open_notes(view: View | Asked) -> LetterNotes:
    """Who was asked when."""
    return LetterNotes(open_folder().private, is_sample=view.snapshot.is_sample)


def find_today() -> date:
    """The day on which letters go out unless staff say otherwise."""
    return datetime.now(UTC).date()


def add_notes(view: View | Asked, silent: pd.DataFrame) -> pd.DataFrame:
    """Silent actions with how often each was asked about (`asked`), when last (`asked_on`), and `has_address`."""
    return preference.add_notes(silent, open_notes(view).times(), find_addresses(view.snapshot.path))


def prefer(view: View, silent: pd.DataFrame) -> pd.DataFrame:
    """Silent actions, with their notes, in the order in which one would ask."""
    return preference.prefer(add_notes(view, silent), find_today())
