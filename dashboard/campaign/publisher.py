"""Who answers readers about the figures, as the campaign folder says now, for every build."""

from functools import lru_cache
from pathlib import Path

from dashboard.campaign.folder import CampaignFolder, Publisher
from dashboard.errors import CampaignError

_NOBODYS = ("example.com", "example.net", "example.org", "example", "invalid", "test")
"""Domains that lead nowhere (RFC 2606), as the shipped campaign has one."""


def read_publisher(root: Path, *, is_fictional: bool) -> Publisher:
    """The publisher of a campaign folder, without an address where that would lead nowhere.

    Args:
        root: The campaign folder.
        is_fictional: Whether its figures are the fictional sample's, so that a fictional address may be shown, too.

    Returns:
        An empty one where nobody is named, or where the campaign's settings cannot be read.
    """
    try:
        file = CampaignFolder(root).campaign_file
        publisher = _read(root, file, file.stat().st_mtime_ns)
    except (CampaignError, OSError):
        return Publisher()
    is_nobodys = any(f".{publisher.email.rpartition('@')[2].lower()}".endswith(f".{name}") for name in _NOBODYS)
    return publisher.model_copy(update={"email": ""}) if is_nobodys and not is_fictional else publisher


@lru_cache(8)
def _read(root: Path, _file: Path, _changed_at: int) -> Publisher:
    return CampaignFolder(root).load().publisher
