"""No picture of a guide shows an old version: what its page says today is what it said when the picture was taken."""

from collections.abc import Iterator
from difflib import ndiff
from itertools import islice
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.guides.camera import Desk, read_words
from tests.browser.guides.flows import show_partners
from tests.browser.guides.pictures import list_cuts, name_picture, read_manifest

pytestmark = pytest.mark.browser
REMEDY = "run `make guides`, look at the pictures, and read whether the guide still says what is so"


@pytest.fixture
def desk(browser: Browser, sample_server: str) -> Iterator[Desk]:
    opened = Desk(browser, sample_server, "fr")
    yield opened
    opened.close()


def test_the_first_pictures_of_a_guide_show_the_page_of_today(desk: Desk) -> None:
    shown = {name_picture(desk, cut): read_words(cut) for cut in islice(show_partners(desk), 2)}
    assert shown == {name: read_manifest()[name] for name in shown}, REMEDY


@pytest.mark.nightly
def test_every_picture_shows_the_page_of_today(browser: Browser, tmp_path: Path) -> None:
    taken = {name_picture(desk, cut): read_words(cut) for desk, cut in list_cuts(browser, tmp_path)}
    words = read_manifest()
    assert set(taken) == set(words)
    changed = {name: list(ndiff(words[name], said)) for name, said in taken.items() if said != words[name]}
    assert not changed, f"{REMEDY}: {changed}"
