"""Who answers readers: as the campaign folder says now, and nobody where an address leads nowhere."""

import pytest

from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.publisher import read_publisher
from dashboard.errors import CampaignError
from dashboard.paths import SHIPPED_CAMPAIGN
from tests.dashboard.campaign.test_folder import VALID, write


def test_the_address_is_read_again_when_the_file_has_changed(tmp_path):
    write(tmp_path, VALID)
    assert read_publisher(tmp_path, is_fictional=False).email == ""
    write(tmp_path, f'{VALID}[publisher]\nname = "Office"\nemail = "actions@office.int"\n')
    found = read_publisher(tmp_path, is_fictional=False)
    assert (found.name, found.email, found.url) == ({"": "Office"}, "actions@office.int", "")


@pytest.mark.parametrize("address", ["office@example.org", "office@mail.Example.com", "office@fictional.test"])
def test_a_fictional_address_is_shown_with_fictional_figures_only(tmp_path, address):
    write(tmp_path, f'{VALID}[publisher]\nemail = "{address}"\n')
    assert read_publisher(tmp_path, is_fictional=True).email == address
    assert read_publisher(tmp_path, is_fictional=False).email == ""


def test_the_shipped_campaign_sends_no_letters_about_real_figures():
    assert read_publisher(SHIPPED_CAMPAIGN, is_fictional=True).email
    assert not read_publisher(SHIPPED_CAMPAIGN, is_fictional=False).email


@pytest.mark.parametrize(
    "email", ["office", "a b@office.int", "a@office.int?bcc=b@office.int", "a@office.int,b@office.int"]
)
def test_what_is_no_address_is_refused_and_pages_go_on_without_it(tmp_path, email):
    write(tmp_path, f'{VALID}[publisher]\nemail = "{email}"\n')
    with pytest.raises(CampaignError, match="publisher.email"):
        CampaignFolder(tmp_path).load()
    assert read_publisher(tmp_path, is_fictional=True).email == ""
