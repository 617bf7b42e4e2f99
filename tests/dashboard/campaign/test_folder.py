"""The campaign file and the folder around it."""

from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from dashboard.campaign.blank import is_blank
from dashboard.campaign.folder import CampaignFolder, Publisher, read_publisher
from dashboard.campaign.licences import Licence, find_text
from dashboard.errors import CampaignError
from dashboard.paths import SHIPPED_CAMPAIGN

VALID = """\
start = 2031-01-01
submission_deadline = 2031-03-31
action_deadline = 2031-12-15
end = 2031-12-31

[title]
en = "Next campaign"
fr = "Prochaine campagne"
es = "Próxima campaña"
"""


def write(folder: Path, text: str) -> CampaignFolder:
    (folder / "campaign.toml").write_text(text, encoding="utf-8")
    return CampaignFolder(folder)


@pytest.mark.parametrize(("encoding", "line_end"), [("utf-8", "\n"), ("utf-8-sig", "\r\n")], ids=["plain", "notepad"])
def test_own_campaign_file_is_read(tmp_path, encoding, line_end):
    (tmp_path / "campaign.toml").write_text(VALID, encoding=encoding, newline=line_end)
    campaign = CampaignFolder(tmp_path).load()
    assert (campaign.title["en"], campaign.title["es"]) == ("Next campaign", "Próxima campaña")
    assert campaign.action_deadline == date(2031, 12, 15)
    assert campaign.default_language == "en"


def test_a_folder_falls_back_to_the_shipped_files_and_nothing_is_made_in_it(tmp_path):
    folder, shipped = CampaignFolder(tmp_path), SHIPPED_CAMPAIGN / "codelists"
    assert folder.load() == CampaignFolder(SHIPPED_CAMPAIGN).load()
    assert folder.codelist_file("themes") == shipped / "themes.csv"
    for name in ("inbox", "published", "private"):
        assert getattr(folder, name) == tmp_path.resolve() / name
    assert list(tmp_path.iterdir()) == []
    own = tmp_path / "codelists" / "themes.csv"
    own.parent.mkdir()
    own.touch()
    assert folder.codelist_file("themes") == own
    assert folder.codelist_file("regions") == shipped / "regions.csv"


def test_own_recipe_hides_the_shipped_one_of_its_name(tmp_path, monkeypatch):
    shipped, own = tmp_path / "shipped", tmp_path / "own"
    for root, names in ((shipped, ("a.toml", "b.toml")), (own, ("b.toml", "c.toml"))):
        (root / "recipes").mkdir(parents=True)
        for name in names:
            (root / "recipes" / name).write_text("", encoding="utf-8")
    monkeypatch.setattr("dashboard.campaign.folder.SHIPPED_CAMPAIGN", shipped)
    files = [(own, "b.toml"), (own, "c.toml"), (shipped, "a.toml")]
    assert CampaignFolder(own).recipe_files() == [root / "recipes" / name for root, name in files]


def test_a_missing_folder_and_what_is_no_toml_in_utf_8_are_refused(tmp_path):
    with pytest.raises(CampaignError) as refusal:
        CampaignFolder(tmp_path / "nowhere")
    assert refusal.value.what == f"The campaign folder {tmp_path / 'nowhere'} does not exist."
    assert "--campaign" in refusal.value.remedy
    with pytest.raises(CampaignError, match=r"is not valid TOML: .*line 1") as refusal:
        write(tmp_path, VALID.replace("2031-01-01", "1 January 2031", 1)).load()
    assert refusal.value.remedy == "Correct it there in a text editor."
    (tmp_path / "campaign.toml").write_bytes(VALID.encode("cp1252"))
    with pytest.raises(CampaignError, match=r"campaign\.toml is not written in UTF-8\. Save it as UTF-8\."):
        CampaignFolder(tmp_path).load()


NO_TITLE = "title is missing in en, the language in which the campaign is shown first."
OTHER_LANGUAGE = "default_language must be one of languages."


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("end = 2031-12-31\n", "", "end is missing."),
        ('en = "Next campaign"\n', "", NO_TITLE),
        ('"Next campaign"', '""', "title is missing in en"),
        ('"Prochaine campagne"', '""', "title.fr: the text is empty."),
        ("[title]", "[title]\nGerman = 'x'", "title.German"),
        ("[title]", 'subtitle = "x"\n[title]', "subtitle is not a setting of a campaign."),
        ("2031-03-31", '"soon"', "submission_deadline: this is no date (write it as 2021-07-01)."),
        ("2031-03-31", "2030-03-31", "submission_deadline must be between start and end."),
        ("2031-12-15", "2032-01-15", "action_deadline must be after start and not after end."),
        ("[title]", 'default_language = "de"\n[title]', OTHER_LANGUAGE),
        ("[title]", 'languages = ["French"]\n[title]', "title is missing in French"),
        ("[title]", 'languages = ["fr"]\ndefault_language = "en"\n[title]', OTHER_LANGUAGE),
    ],
)
def test_each_fault_is_one_plain_sentence(tmp_path, old, new, sentence):
    assert old in VALID
    with pytest.raises(CampaignError) as refusal:
        write(tmp_path, VALID.replace(old, new, 1)).load()
    assert refusal.value.what.startswith(f"{(tmp_path / 'campaign.toml').resolve()}: {sentence.rstrip('.')}")
    assert refusal.value.what.endswith(".")
    assert "\n" not in str(refusal.value)
    assert refusal.value.remedy == "Correct that line."


@pytest.mark.parametrize(("language", "shown"), [("es", "es"), ("pt", "en")])
def test_a_campaign_in_one_language_needs_its_title_in_that_one_only(tmp_path, language, shown):
    dates = VALID.split("[title]")[0]
    folder = write(tmp_path, f'{dates}languages = ["{language}"]\n[title]\n{language} = "Una sola"\n')
    campaign = folder.load()
    assert {campaign.titles[lang] for lang in (*campaign.offered, "fr")} == {"Una sola"}
    assert (campaign.default_language, campaign.interface_language) == (language, shown)


# Places for a campaign.

BLANK = ("private/audit/2026-01.jsonl", "inbox/.keep", "lost+found/a")
TAKEN = ("inbox/a.csv", "published/current.json", "campaign.toml", "codelists/themes.csv", "photos/a.png")


@pytest.mark.parametrize("place", BLANK + TAKEN)
def test_a_folder_is_blank_while_nothing_of_a_campaign_is_in_it(tmp_path, place):
    """A server's own files do not count, all others do."""
    assert is_blank(tmp_path / "none") and is_blank(tmp_path) and not is_blank(SHIPPED_CAMPAIGN)
    path = tmp_path / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x")
    assert is_blank(tmp_path) == (place in BLANK)


# The publisher.

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
