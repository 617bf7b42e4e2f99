"""Licences as campaigns name them, and texts by language."""

import pytest
from pydantic import ValidationError

from dashboard.campaign.folder import CampaignFolder, Publisher
from dashboard.campaign.licences import Licence, find_text
from dashboard.errors import CampaignError
from tests.dashboard.campaign.test_folder import VALID, write

BY = ("CC-BY-4.0", "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/")
IGO = ("CC-BY-NC-SA-3.0-IGO", "CC BY-NC-SA 3.0 IGO", "https://creativecommons.org/licenses/by-nc-sa/3.0/igo/")


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
    assert [find_text(texts, lang, "fr") for lang in ("en", "fr", "es")] == [
        "Office",
        "Bureau du siège",
        "Bureau du siège",
    ]
    assert find_text(texts, "es", "pt") == "Office"
    assert find_text(Publisher.model_validate({"name": "Office"}).name, "es", "pt") == "Office"
    assert find_text({}, "en") == ""


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ('citation = { en = "{titel}" }', r"\{titel\} is no placeholder; there are \{publisher\}, \{title\}"),
        ('citation = "{title!r}"', "is no placeholder"),
        ('citation = "{title"', "a brace has no counterpart"),
        ('name = { english = "Office" }', r"publisher\.name"),
        ('licence = { link = "https://example.org" }', r"publisher\.licence\.link"),
    ],
)
def test_what_cannot_be_filled_or_read_is_refused_in_a_sentence(tmp_path, lines: str, message: str) -> None:
    with pytest.raises(CampaignError, match=message):
        write(tmp_path, f"{VALID}[publisher]\n{lines}\n").load()
    assert isinstance(CampaignFolder(tmp_path), CampaignFolder)
