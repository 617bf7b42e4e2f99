"""What the letters of the page Missing reports come to, in words, in every language."""

from datetime import date

import pytest

from dashboard.campaign.folder import CampaignFolder
from dashboard.i18n import translator
from dashboard.letters.batch import find_sender
from dashboard.letters.recipients import Addressee
from dashboard.ui.silent.write_letters import Draft, list_gaps, say_letters, say_sending


def draft(*addresses: str) -> Draft:
    """Letters about two actions each."""
    ids = [(f"FIX-{number}1", f"FIX-{number}2") for number, _ in enumerate(addresses)]
    addressees = (
        Addressee(address, "en", one, ("", ""), frozenset(one)) for address, one in zip(addresses, ids, strict=True)
    )
    return Draft(tuple(addressees), (), {}, "final", date(2022, 1, 1), 14)


def test_letters_are_counted_with_their_actions_and_those_that_reach_nobody():
    assert say_letters(translator("en"), draft("a@example.org", "")) == (
        "2 letters about 4 actions. 1 of them has no known address."
    )
    assert say_letters(translator("en"), draft("a@example.org")) == "1 letter about 2 actions."
    assert [one.address for one in draft("a@example.org", "").reached] == ["a@example.org"]


@pytest.mark.parametrize("has_server", [True, False])
def test_nobody_to_write_to_and_what_sending_does_are_said(lang, has_server):
    t = translator(lang)
    assert say_letters(t, draft()) == t("There is nobody to write to.")
    one, several = (say_sending(t, n, has_server=has_server) for n in (1, 1200))
    assert one != several and ("private/mails" in several) != has_server


def test_what_the_settings_do_not_give_the_letters_is_said(campaign_folder, lang):
    campaign, t = CampaignFolder(campaign_folder).load(), translator(lang)
    gaps = list_gaps(t, campaign.model_copy(update={"survey": []}), "final")
    no_survey = "campaign.toml gives no survey address, so the letters ask for a reply. Add [[survey]] to it."
    no_sender = "campaign.toml does not say whom to write to, so the letters do not. Add [publisher] to it."
    assert gaps[0] == t(no_survey)
    assert (t(no_sender) in gaps) == (not find_sender(campaign).email)
