"""The results of the letters on the page Missing reports, in words, in every language."""

from datetime import date

from dashboard.campaign.folder import CampaignFolder, ReportsByLink, Survey
from dashboard.i18n import translator
from dashboard.mail.asked import Addressee, Plan
from dashboard.measures.silent import list_silent
from dashboard.measures.surveys import list_waves
from dashboard.snapshot.selection import Selection
from dashboard.ui.silent import noted
from dashboard.ui.silent.write_letters import (
    Draft,
    find_waves,
    list_gaps,
    list_recipients,
    make_draft,
    name_addressee,
    say_letters,
    say_sending,
)
from tests.snapshots import copy_published
from tests.views import make_view


def draft(*addresses: str) -> Draft:
    """Letters about two actions each."""
    ids = [(f"FIX-{number}1", f"FIX-{number}2") for number, _ in enumerate(addresses)]
    addressees = (
        Addressee(address, "en", one, ("", ""), frozenset(one)) for address, one in zip(addresses, ids, strict=True)
    )
    return Draft(tuple(addressees), (), {}, "final", date(2022, 1, 1), 14)


def test_letters_are_counted_and_what_sending_them_does_is_said(lang):
    t, english = translator(lang), translator("en")
    one, two = draft("a@example.org"), draft("a@example.org", "")
    assert say_letters(english, two) == "2 letters about 4 actions. 1 of them has no known address."
    assert say_letters(english, one) == "1 letter about 2 actions."
    assert [addressee.address for addressee in two.reached] == ["a@example.org"]
    assert say_letters(t, draft()) == t("There is nobody to write to.")
    sentences = [say_sending(t, n, has_server=has_server) for has_server in (True, False) for n in (1, 1200)]
    assert ["private/mails" in sentence for sentence in sentences] == [False, False, True, True]
    assert len(set(sentences)) == 4


def test_what_letters_lack_is_listed_with_its_section_of_settings(campaign_folder, lang):
    campaign, t = CampaignFolder(campaign_folder).load(), translator(lang)
    base, without = "https://actions.example.org", campaign.model_copy(update={"survey": []})
    gaps = list_gaps(t, without, "final", base)
    assert t("Progress survey") in gaps[0], "the section of Settings that takes it"
    assert any(t("Publisher") in gap for gap in gaps) == (not campaign.publisher.email)
    is_open = without.model_copy(update={"reports_by_link": ReportsByLink(open=True)})
    assert not any(t("Progress survey") in gap for gap in list_gaps(t, is_open, "final", base))
    assert "DASHBOARD_BASE_URL" in list_gaps(t, is_open, "final", "http://127.0.0.1:8501")[0]


def test_every_silent_action_is_in_one_letter_whose_recipient_is_named_in_the_readers_language(snapshot, lang):
    silent = list_silent(snapshot, Selection(lang=lang))
    addressees, names = list_recipients(make_view(snapshot, "silent", lang=lang), silent)
    asked = [action_id for one in addressees for action_id in one.action_ids]
    assert sorted(asked) == sorted(silent["action_id"]) == sorted(names)
    nameless = silent.loc[silent["stakeholder"].isna(), "action_id"]
    assert {names[action_id] for action_id in nameless} <= {translator(lang)("Stakeholder not stated")}
    assert name_addressee(addressees[0], names) == f"{names[asked[0]]} · {asked[0]}"


def test_who_was_asked_too_short_a_time_ago_gets_no_letter(campaign_folder, tmp_path, monkeypatch, snapshot):
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(copy_published(campaign_folder, tmp_path / "campaign")))
    view = make_view(snapshot, "silent")
    addressees, names = list_recipients(view, list_silent(snapshot, Selection()))
    noted.open_notes(view).note(addressees[:1], Plan(date(2022, 1, 1), 14, "final", "files", {}))
    day = date(2022, 1, 8)
    near, far = (make_draft(view, addressees, names, "final", day, days) for days in (14, 7))
    assert ([one.addressee for one in near.skipped], list(near.addressees)) == (addressees[:1], addressees[1:])
    assert (far.skipped, list(far.addressees)) == ((), addressees)


def test_letters_may_ask_for_waves_to_come_and_those_that_began_the_latest_first(campaign_folder, snapshot):
    campaign = CampaignFolder(campaign_folder).load()
    begun = [wave.name for wave in list_waves(snapshot, snapshot.last_date)]
    without = campaign.model_copy(update={"survey": []})
    assert find_waves(snapshot, without) == begun[::-1] and len(begun) > 1
    surveys = [
        Survey(wave=begun[-1], link={"en": "https://example.org/a"}),
        Survey(wave="spring", link={"en": "https://example.org/b"}),
    ]
    assert find_waves(snapshot, campaign.model_copy(update={"survey": surveys})) == ["spring", *begun[::-1]]
