"""The publisher of a build's figures, and its name: in source lines, citations, and for programs."""

import json
from datetime import date

import pytest

from dashboard.snapshot.attribution import FICTIONAL, attribute, cite, name_origin, say_source
from dashboard.snapshot.database import Snapshot
from tests.shipped import LANGUAGES

DAY = date(2021, 12, 30)
LINK = "https://dashboard.example.org/charts/x"


def stated(snapshot: Snapshot, publisher: object, **others: object) -> dict[str, object]:
    return {**snapshot.campaign, "publisher": publisher and json.dumps(publisher), **others}


@pytest.mark.parametrize(("lang", "expected"), [
    ("en", "Source: Sample Secretariat, Fixture campaign · data of 30 December 2021 · CC BY 4.0"),
    ("fr", "Source : Secrétariat d’essai, Campagne d’essai · données au 30 décembre 2021 · CC BY 4.0"),
    ("es", "Fuente: Sample Secretariat, Campaña de prueba · datos al 30 de diciembre de 2021 · CC BY 4.0"),
])  # fmt: skip
def test_the_source_line_is_the_campaigns_in_the_readers_language(snapshot: Snapshot, lang: str, expected: str) -> None:
    assert say_source(snapshot.campaign, lang, DAY).replace("\u00a0", " ") == expected


def test_the_campaign_stands_in_for_who_is_not_named_and_is_named_up_to_a_colon_and_once(snapshot: Snapshot) -> None:
    for campaign in (stated(snapshot, None), stated(snapshot, {})):
        assert say_source(campaign, "en", DAY) == "Source: Fixture campaign · data of 30 December 2021"
        assert cite(campaign, "en", "A chart", DAY, LINK) == (
            f"{FICTIONAL} A chart. Fixture campaign, data of 30 December 2021. Snapshot fixture. {LINK}"
        )
        assert name_origin(campaign, "en") == [("Campaign", "Fixture campaign")]
    title = {"title_en": "2021 Actions: International Year", "title_fr": "Actions pour 2021\u00a0: Année"}
    known = stated(snapshot, {"name": "Office"}, **title)
    assert attribute(known, "en").source == "Office, 2021 Actions"
    assert attribute(known, "fr").source == "Office, Actions pour 2021"
    assert attribute(stated(snapshot, {"name": "Secretariat of the 2021 Actions"}, **title), "en").source == (
        "Secretariat of the 2021 Actions"
    )
    assert attribute(stated(snapshot, None, **title), "en").source == title["title_en"]


def test_a_campaigns_own_citation_is_filled_and_others_have_one_in_each_language(snapshot: Snapshot) -> None:
    words = "{publisher} ({year}). {title} ({day}). {link}"
    own = {"name": "Office", "licence": "CC-BY-4.0", "citation": {"fr": words}}
    campaign = stated(snapshot, own, is_sample=False)
    assert cite(campaign, "fr", "Mon titre", DAY, LINK) == f"Office (2021). Mon titre (30 décembre 2021). {LINK}"
    said = {lang: cite(campaign, lang, "{title}", DAY, LINK) for lang in LANGUAGES if lang != "fr"}
    assert len(set(said.values())) == len(said)
    for words in said.values():
        for part in ("Office. {title}. ", "fixture. CC BY 4.0. ", LINK):
            assert part in words
