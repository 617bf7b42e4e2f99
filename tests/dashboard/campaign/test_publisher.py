"""Who publishes: under which licence and name, and who answers readers, as the campaign folder says now."""

import pytest
from pydantic import ValidationError

from dashboard.campaign.folder import CampaignFolder, Publisher, read_publisher
from dashboard.campaign.licences import Licence, find_text
from dashboard.errors import CampaignError
from dashboard.paths import SHIPPED_CAMPAIGN
from tests.dashboard.campaign.test_folder import VALID, write

BY = ("CC-BY-4.0", "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/")
IGO = ("CC-BY-NC-SA-3.0-IGO", "CC BY-NC-SA 3.0 IGO", "https://creativecommons.org/licenses/by-nc-sa/3.0/igo/")


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
    assert read_publisher(SHIPPED_CAMPAIGN, is_fictional=True).email
    for campaign in (tmp_path, SHIPPED_CAMPAIGN):  # which sends no letters about real figures
        assert read_publisher(campaign, is_fictional=False).email == ""


@pytest.mark.parametrize(
    "email", ["office", "a b@office.int", "a@office.int?bcc=b@office.int", "a@office.int,b@office.int"]
)
def test_what_is_no_address_is_refused_and_pages_go_on_without_it(tmp_path, email):
    write(tmp_path, f'{VALID}[publisher]\nemail = "{email}"\n')
    with pytest.raises(CampaignError, match="publisher.email"):
        CampaignFolder(tmp_path).load()
    assert read_publisher(tmp_path, is_fictional=True).email == ""


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("CC-BY-4.0", BY),
        ("cc by 4.0", BY),
        ("https://creativecommons.org/licenses/by/4.0/", BY),
        ({"name": "CC-BY-4.0"}, BY),
        ("CC-BY-NC-SA-3.0-IGO", IGO),
        ("odbl-1.0", ("ODbL-1.0", "ODbL 1.0", "https://opendatacommons.org/licenses/odbl/1-0/")),
        ("CC-BY-9.9", ("", "CC-BY-9.9", "")),
        ("Our terms of use", ("", "Our terms of use", "")),
        ({"name": "Our terms", "url": "https://example.org/terms"}, ("", "Our terms", "https://example.org/terms")),
        ({"name": "Ours", "url": BY[2]}, ("CC-BY-4.0", "Ours", BY[2])),
        ("https://example.org/terms", ("", "", "https://example.org/terms")),
        ("", ("", "", "")),
    ],
)
def test_a_licence_is_known_by_its_id_its_address_or_its_words(written: object, expected: tuple[str, str, str]) -> None:
    licence = Licence.model_validate(written)
    assert (licence.spdx, find_text(licence.name, "en"), licence.url) == expected
    assert Licence.model_validate_json(licence.model_dump_json()) == licence


@pytest.mark.parametrize("written", [{"url": "ftp://example.org"}, {"name": "A", "version": "1"}, 4, ["CC-BY-4.0"]])
def test_what_is_no_licence_is_refused(written: object) -> None:
    with pytest.raises(ValidationError):
        Licence.model_validate(written)


def test_a_text_is_found_in_the_language_asked_else_in_the_campaigns_else_in_any() -> None:
    texts = Publisher.model_validate({"name": {"en": " Office ", "fr": "Bureau\n du siège", "es": ""}}).name
    assert [find_text(texts, lang, "fr") for lang in ("en", "fr", "es")] == ["Office", *["Bureau du siège"] * 2]
    assert find_text(texts, "es", "pt") == "Office"
    assert find_text(Publisher.model_validate({"name": "Office"}).name, "es", "pt") == "Office"
    assert find_text({}, "en") == ""


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ('citation = { en = "{titel}" }', r"\{titel\} is not a placeholder; allowed: \{publisher\}, \{title\}"),
        ('citation = "{title!r}"', "is not a placeholder"),
        ('citation = "{title"', "unmatched brace"),
        ('name = { english = "Office" }', r"publisher\.name"),
        ('licence = { link = "https://example.org" }', r"publisher\.licence\.link"),
    ],
)
def test_what_cannot_be_filled_or_read_is_refused_in_a_sentence(tmp_path, lines: str, message: str) -> None:
    with pytest.raises(CampaignError, match=message):
        write(tmp_path, f"{VALID}[publisher]\n{lines}\n").load()
