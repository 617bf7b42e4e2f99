"""Settings as fields of forms, and their working copy: checked at each edit, undone one by one, rebased on others'."""

from pathlib import Path

import pytest
from pydantic import BaseModel

from dashboard.campaign import settings_fields, settings_words, working_copy
from dashboard.campaign.folder import DESIGN_FILES, Campaign
from dashboard.campaign.settings_fields import Kind, find_faults, find_setting, write
from dashboard.campaign.settings_history import list_changes, put_in_place
from dashboard.campaign.working_copy import CAMPAIGN, WorkingCopy
from dashboard.errors import UserError
from dashboard.i18n import translator
from dashboard.paths import SHIPPED_CAMPAIGN
from dashboard.ui.settings.body import CARDS, WAVE
from tests.dashboard.campaign.test_folder import VALID

SHIPPED = (SHIPPED_CAMPAIGN / CAMPAIGN).read_text(encoding="utf-8")
LIST = "code,label_en,aliases,sort_order\nfarms,Farms,,10\n"


@pytest.fixture
def basket(tmp_path: Path) -> WorkingCopy:
    """Return a working copy of a campaign with a settings file."""
    (tmp_path / CAMPAIGN).write_text(SHIPPED, encoding="utf-8")
    place = tmp_path / "private" / "drafts" / ("0" * 32)
    place.mkdir(parents=True)
    return WorkingCopy(tmp_path, place)


def edited(text: str, **values: str) -> str:
    """Return the text with titles of other words."""
    return settings_fields.edit(text, {("title", lang): words for lang, words in values.items()})


def test_what_is_changed_is_read_back_and_undone_and_the_campaign_stays(basket: WorkingCopy, tmp_path: Path) -> None:
    basket.change({CAMPAIGN: edited(SHIPPED, en="Another")})
    basket.change({"codelists/themes.csv": LIST})
    assert basket.folder.load().title["en"] == "Another"
    assert basket.list_names() == [CAMPAIGN, "codelists/themes.csv"]
    assert basket.read("codelists/themes.csv") == LIST
    assert (tmp_path / CAMPAIGN).read_text(encoding="utf-8") == SHIPPED
    for left in ([CAMPAIGN], []):
        basket.undo()
        assert basket.list_names() == left
    assert not basket.can_undo()
    basket.change({CAMPAIGN: SHIPPED})
    assert basket.list_names() == [] and not basket.can_undo(), "what is there already is no change"


def test_a_template_is_changed_told_undone_and_put_back_like_a_text(basket: WorkingCopy, tmp_path: Path) -> None:
    (tmp_path / "briefing.potx").write_bytes(b"PK\x00\xffold")
    basket.change({"briefing.pptx": b"PK\x00\xfffirst", "briefing.potx": ""})
    basket.change({"briefing.pptx": b"PK\x00\xffsecond", "logo.png": b"\x89PNG"})
    assert basket.folder.find_design("briefing.potx") is None

    def read() -> dict[str, bytes]:
        names = (name for name in DESIGN_FILES if basket.folder.find_design(name))
        return {name: basket.folder.find_design(name).read_bytes() for name in names}

    assert read() == {"briefing.pptx": b"PK\x00\xffsecond", "logo.png": b"\x89PNG"}
    t = translator("en")
    told = [
        settings_words.describe(t, name, basket.read_in_force(name), basket.read(name)) for name in basket.list_names()
    ]
    assert told == [["Template for PowerPoint: removed"], ["Template for PowerPoint: new"], ["Logo: new"]]
    basket.undo()
    assert read() == {"briefing.pptx": b"PK\x00\xfffirst"}
    place, kept = tmp_path / "private" / "drafts" / ("0" * 32), tmp_path / "private" / "settings" / "1"
    kept.mkdir(parents=True)
    put_in_place(tmp_path, place, kept, basket.list_names(), (None, None), lambda: None)
    assert not (tmp_path / "briefing.potx").exists() and (tmp_path / "briefing.pptx").is_file()
    (change,) = list_changes(tmp_path)
    assert change.is_last(tmp_path)
    assert change.list_back() == {"briefing.potx": b"PK\x00\xffold", "briefing.pptx": ""}


def test_what_does_not_hold_together_is_refused_and_changes_nothing(basket: WorkingCopy) -> None:
    basket.change({CAMPAIGN: edited(SHIPPED, en="Another")})
    faulty = SHIPPED.replace("end = 2021-12-31", "end = 2020-12-31")
    for files, said in (
        ({CAMPAIGN: faulty}, "campaign.toml: end must come after"),
        ({"codelists/themes.csv": LIST + "farms,Farms,,20\n"}, "codelists/themes.csv, line 3"),
        ({"decisions.csv": ""}, "not a settings file"),
    ):
        with pytest.raises(UserError) as refused:
            basket.change(files)
        assert said in refused.value.what and "/private/" not in refused.value.what
    assert basket.folder.load().title["en"] == "Another"
    assert basket.list_names() == [CAMPAIGN]


def test_changes_of_two_people_meet_where_they_do_not_touch_and_are_told_where_they_do(basket, tmp_path) -> None:
    basket.change({CAMPAIGN: edited(SHIPPED, en="Mine")})
    (tmp_path / CAMPAIGN).write_text(SHIPPED.replace("email = ", "url = 'https://theirs.example.org'\nemail = "))
    assert basket.list_overtaken() == [CAMPAIGN]
    assert basket.catch_up() == []
    campaign = basket.folder.load()
    assert (campaign.title["en"], campaign.publisher.url) == ("Mine", "https://theirs.example.org")
    assert basket.list_overtaken() == []
    theirs = edited(SHIPPED, en="Theirs")
    (tmp_path / CAMPAIGN).write_text(theirs, encoding="utf-8")
    assert basket.catch_up() == [CAMPAIGN]
    assert basket.folder.load().title["en"] == "Mine", "nothing of either is lost unseen"
    basket.give_up([CAMPAIGN])
    assert basket.list_names() == [] and basket.folder.load().title["en"] == "Theirs"


def test_a_setting_is_changed_as_by_hand_comments_order_and_line_ends_stay() -> None:
    wanted: dict[settings_fields.Path, settings_fields.Value | None] = {
        ("title", "fr"): "Autre",
        ("individuals", "shown_as", "fr"): "Personne",
        ("publisher", "licence"): "CC-BY-4.0",
        ("limits", "title"): 20,
    }
    after = settings_fields.edit(SHIPPED, wanted)
    written = [line for line in after.splitlines() if line not in SHIPPED.splitlines()]
    assert written == ['fr = "Autre"', 'shown_as = {fr = "Personne"}', 'licence = "CC-BY-4.0"']
    lines = after.splitlines()
    (replaced,) = [line for line in SHIPPED.splitlines() if line not in lines]
    assert replaced.startswith('fr = "Actions')
    assert lines[lines.index('shown_as = {fr = "Personne"}') - 1] == "agreed_to_be_named = false"
    crlf = "\ufeff" + SHIPPED.replace("\n", "\r\n")
    assert settings_fields.edit(crlf, wanted) == "\ufeff" + after.replace("\n", "\r\n")
    midyear: dict[settings_fields.Path, settings_fields.Value | None] = {
        ("survey", 0, "wave"): "midyear",
        ("survey", 0, "link", "en"): "https://example.org/a",
    }
    twice = settings_fields.edit(settings_fields.edit(after, midyear), {("survey", 1, "wave"): "final"})
    assert twice.endswith('\n\n[[survey]]\nwave = "final"\n')
    for _ in range(2):
        twice = settings_fields.take_from_list(twice, "survey", 0)
    assert twice == after
    listed = (
        f"{after}\n[[survey]]\nwave = 'a'\n[survey.link]\nen = 'https://example.org'\n# of b\n[[survey]]\nwave = 'b'\n"
    )
    assert settings_fields.take_from_list(listed, "survey", 0) == f"{after}\n# of b\n[[survey]]\nwave = 'b'\n"
    with pytest.raises(UserError, match="no table"):
        settings_fields.take_from_list("survey = [{wave = 'a'}]\n", "survey", 0)


def test_what_differs_is_said_in_the_language_of_the_reader() -> None:
    wanted = {("title", "fr"): "Autre", ("languages",): ["en", "fr"], ("publisher", "email"): None}
    after = settings_fields.edit(settings_fields.edit(SHIPPED, wanted), {("survey", 0, "wave"): "final"})
    told = settings_words.describe(translator("en"), CAMPAIGN, SHIPPED, after)
    assert told[0].startswith("Title (French): “Actions pour 2021") and told[0].endswith("→ “Autre”")
    assert told[1:] == [
        "Languages: English, French, Spanish → English, French",
        "Mail address: “secretariat@example.org” → nothing",
        "Progress survey final: nothing → yes",
    ]
    french = settings_words.describe(translator("fr"), CAMPAIGN, SHIPPED, after)
    assert french[0].startswith("Titre (français)\u00a0: «")
    remarks = settings_words.describe(translator("en"), CAMPAIGN, SHIPPED, SHIPPED + "# x\n")
    assert remarks == ["Remarks and spelling of campaign.toml"]


def test_only_working_copies_with_changes_are_kept(basket: WorkingCopy, tmp_path: Path) -> None:
    place = tmp_path / "private/drafts" / ("0" * 32)
    assert not working_copy.is_working_copy(place)
    basket.change({CAMPAIGN: edited(SHIPPED, en="Another")})
    assert working_copy.has_changes(place)
    basket.undo()
    assert working_copy.is_working_copy(place) and not working_copy.has_changes(place)


def list_settings(model: type[BaseModel], root: str = "") -> set[str]:
    """List the paths of all settings of a model."""
    tables = {"limits", "individuals", "brand", "publisher", "reports_by_link", "promises"}
    paths = {f"{root}{name}" for name in model.model_fields if name not in tables}
    for name in tables & model.model_fields.keys():
        paths |= list_settings(model.model_fields[name].annotation, f"{name}.")
    return paths


def test_each_setting_of_the_model_has_a_name_and_is_asked_for_in_one_form():
    asked = [setting for card in CARDS.values() for setting in card.settings]
    asked += [f"survey.{name}" for name in WAVE]
    assert sorted(asked) == sorted((list_settings(Campaign) - {"source", "survey"}) | {
        "publisher.licence.url", "survey.wave", "survey.answer_by", "survey.link",
    })  # fmt: skip
    assert [setting for setting in asked if find_setting(setting).label == setting.rpartition(".")[2]] == []
    kinds = {find_setting(setting).kind for setting in asked}
    assert kinds == set(Kind)


@pytest.mark.parametrize(
    ("table", "changed", "written"),
    [
        ("", {"publisher.email": "office@office.int"}, '[publisher]\nemail = "office@office.int"\n'),
        ('[publisher]\nname = "Office" # ours\n', {"publisher.name": {"en": "A", "fr": "A"}}, 'name = "A" # ours\n'),
        ('[publisher]\nname = "Office"\n', {"publisher.name": {"en": "A", "fr": ""}}, 'name = {en = "A"}\n'),
        ('[publisher]\nname = { en = "A" }\n', {"publisher.name": {"en": "", "fr": ""}}, "[publisher]\n"),
        ("[limits]\nimpact = 5\n", {"limits.impact": 0}, "impact = 0\n"),
    ],
)
def test_a_setting_is_written_as_it_stood_and_what_is_empty_is_taken_out(table, changed, written):
    assert write(f"{VALID}\n{table}", changed).endswith(written)


def test_what_cannot_be_is_said_of_each_setting_at_once_by_the_names_on_the_form():
    text = write(
        f"{VALID}\n[[survey]]\nwave = 'One'\n",
        {"publisher.email": "nobody", "limits.title": "many", "publisher.citation": {"fr": "{titre}"}, "start": None},
    )
    faults = find_faults(translator("en"), write(text, {"link": {"en": "ftp://here"}}, ("survey", 0)))
    assert faults == {
        "start": "It is missing.",
        "limits.title": "This is no whole number.",
        "publisher.email": "This is no mail address: nobody.",
        "publisher.citation": "{titre} is not a placeholder; allowed: " + faults["publisher.citation"][39:],
        "survey.0.link.en": "This must start with https:// and contain no spaces: ftp://here.",
    }
    fr = translator("fr")
    days = {"start": "2031-05-01", "end": "2031-04-30"}
    early = VALID.replace("2031-01-01", days["start"]).replace("2031-12-31", days["end"])
    assert find_faults(fr, early) == {"end": "«\u00a0Dernier jour\u00a0» doit venir après «\u00a0Premier jour\u00a0»."}
    turned = {"promises.first_day": "2031-03-02", "promises.last_day": "2031-03-01"}
    assert find_faults(fr, write(VALID, turned)).keys() == {"promises.last_day"}
    contact = find_faults(fr, write(VALID, {"reports_by_link.case_contact": "http://office.int"}))
    assert contact.keys() == {"reports_by_link.case_contact"}
    assert find_faults(fr, write(VALID, {"languages": []})) == {"languages": "Il en faut au moins 1."}
    untitled = find_faults(fr, write(VALID, {"title": {"en": "", "fr": "x"}}))
    assert untitled.keys() == {"title.en"} and "anglais" in untitled["title.en"]
    wave = find_faults(fr, write(f"{VALID}\n[[survey]]\n", {"answer_by": "soon"}, ("survey", 0)), ("survey", 0))
    assert wave.keys() == {"answer_by"}
