"""The guides say the same in each language, in words of the interface, and their pictures show the pages of today."""

import csv
import re
from difflib import ndiff
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from playwright.sync_api import Browser

from dashboard.paths import LOCALES, SHIPPED_CAMPAIGN
from tests.browser.guides.camera import read_words
from tests.browser.guides.guide_files import GUIDES, read_guide
from tests.browser.guides.pictures import IMAGES, list_cuts, name_picture, read_manifest
from tests.shipped import LANGUAGES

LARGEST, LARGEST_IN_ALL = 80_000, 3_000_000
"""Bytes of a picture, and of all."""
FEWEST_LETTERS = 6
"""A text with places for numbers names a button only if so many letters of it stand fast."""
REMEDY = "run `make guides`, look at the pictures, and read whether the guide still says what is so"


@pytest.mark.parametrize("name", GUIDES)
def test_all_languages_have_the_same_steps_and_pictures(name: str) -> None:
    guides = {lang: read_guide(name, lang) for lang in LANGUAGES}
    assert len(guides["en"].pictures) >= 5 and guides["en"].shape.count("#") == 1
    for lang, guide in guides.items():
        assert guide.shape == guides["en"].shape, lang
        own = [file.replace(f"/{lang}/", "/en/") for file in guide.pictures]
        assert own == list(guides["en"].pictures), lang
        assert all(f"/{lang}/" in file for file in guide.pictures)
        assert all(len(alt) > 20 for alt in guide.pictures.values())
    alternatives = [alt for guide in guides.values() for alt in guide.pictures.values()]
    assert len(set(alternatives)) == len(alternatives)


def test_the_pictures_are_there_and_none_is_left_over() -> None:
    shown = {file for name in GUIDES for lang in LANGUAGES for file in read_guide(name, lang).pictures}
    there = {file.relative_to(IMAGES).as_posix(): file.stat().st_size for file in IMAGES.rglob("*.png")}
    assert shown == set(there) == set(read_manifest())
    assert max(there.values()) <= LARGEST and sum(there.values()) <= LARGEST_IN_ALL


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_stands_bold_is_a_word_of_the_interface(lang: str) -> None:
    exact, counted = read_interface(lang)
    bold = {word for name in GUIDES for word in read_guide(name, lang).bold}
    assert len(bold) > 60
    assert {word for word in bold if word not in exact and not any(text.fullmatch(word) for text in counted)} == set()


def test_a_word_that_no_page_has_is_noticed() -> None:
    exact, counted = read_interface("fr")
    assert "Publier" in exact and any(text.fullmatch("Aperçu de 1 fichier") for text in counted)
    assert "Publish" not in exact and not any(text.fullmatch("Aperçu de cela") for text in counted)


def test_french_spaces() -> None:
    for name in GUIDES:
        text = read_guide(name, "fr").text
        assert re.findall(r"\S* [:»%](?:\s|$)|\S* [;?!](?:\s|$)|« \S*|\w'\w+", text) == [], name


@cache
def read_interface(lang: str) -> tuple[frozenset[str], tuple[re.Pattern[str], ...]]:
    """Read the texts of pages in a language: as they are, and patterns for those with a number in them."""
    with (LOCALES / ("fr" if lang == "en" else lang) / "LC_MESSAGES" / "dashboard.po").open("rb") as file:
        catalogue = read_po(file)
    texts: set[str] = set()
    for message in catalogue:
        said = message.id if lang == "en" else message.string
        texts.update([said] if isinstance(said, str) else said)
    for path in (SHIPPED_CAMPAIGN / "codelists").glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as rows:
            texts.update(row[f"label_{lang}"] for row in csv.DictReader(rows) if f"label_{lang}" in row)
    fixed = (text for text in texts if text.count("{") == text.count("{n}") == 1 and len(text) > FEWEST_LETTERS)
    counted = tuple(re.compile(r"\d+".join(re.escape(part) for part in text.split("{n}"))) for text in fixed)
    return frozenset(texts), counted


@pytest.mark.browser
@pytest.mark.nightly
def test_every_picture_shows_the_page_of_today(browser: Browser, tmp_path: Path) -> None:
    taken = {name_picture(desk, cut): read_words(cut) for desk, cut in list_cuts(browser, tmp_path)}
    words = read_manifest()
    assert set(taken) == set(words)
    changed = {name: list(ndiff(words[name], said)) for name, said in taken.items() if said != words[name]}
    assert not changed, f"{REMEDY}: {changed}"
