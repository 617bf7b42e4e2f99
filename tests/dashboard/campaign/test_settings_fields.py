"""The settings as fields: each is on a form under its name, is written as by hand, and is refused where it stands."""

import pytest
from pydantic import BaseModel

from dashboard.campaign.folder import Campaign
from dashboard.campaign.settings_fields import Kind, find_faults, find_setting, write
from dashboard.i18n import translator
from dashboard.ui.settings.campaign_forms import CARDS, WAVE
from tests.dashboard.campaign.test_folder import VALID


def list_settings(model: type[BaseModel], root: str = "") -> set[str]:
    """List the paths of all settings of a model."""
    tables = {"limits", "individuals", "publisher"}
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
    assert find_faults(fr, write(VALID, {"languages": []})) == {"languages": "Il en faut au moins 1."}
    untitled = find_faults(fr, write(VALID, {"title": {"en": "", "fr": "x"}}))
    assert untitled.keys() == {"title.en"} and "anglais" in untitled["title.en"]
    wave = find_faults(fr, write(f"{VALID}\n[[survey]]\n", {"answer_by": "soon"}, ("survey", 0)), ("survey", 0))
    assert wave.keys() == {"answer_by"}
