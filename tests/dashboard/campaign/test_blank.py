"""Where a campaign can be made: what a server leaves of itself does not count, all else does."""

import pytest

from dashboard.campaign.blank import is_blank
from dashboard.paths import SHIPPED_CAMPAIGN


@pytest.mark.parametrize(
    ("place", "blank"),
    [
        ("", True),
        ("private/audit/2026-01.jsonl", True),
        ("inbox/.keep", True),
        ("lost+found/a", True),
        ("inbox/a.csv", False),
        ("published/current.json", False),
        ("campaign.toml", False),
        ("codelists/themes.csv", False),
        ("photos/a.png", False),
    ],
)
def test_a_folder_is_blank_while_nothing_of_a_campaign_is_in_it(tmp_path, place, blank):
    assert is_blank(tmp_path / "none")
    path = tmp_path / place
    if place:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    assert is_blank(tmp_path) == blank


def test_the_shipped_campaign_never_is():
    assert not is_blank(SHIPPED_CAMPAIGN)
