"""Replacements for Streamlit's parts: its words in every language, and the small font with the icons of pages."""

import json
import re

import pytest
from fontTools.ttLib import TTFont

from dashboard.i18n import translator
from dashboard.paths import find_package
from dashboard.web import icons
from dashboard.web.static import streamlit_copies
from dashboard.web.streamlit_words import PLACES, write_script
from tests.browser.streamlit_english import read_scripts
from tests.shipped import LANGUAGES

PLACEHOLDER = re.compile(r"{\w+}")
PUT_TOGETHER = ("Press ", "Error:")
"""Beginnings of words that the scripts do not have in one piece."""


def test_streamlit_still_writes_each_of_the_words() -> None:
    words = [own for place in PLACES for own, _ in place.words]
    in_one = {own for own in words if not PLACEHOLDER.search(own) and not own.startswith(PUT_TOGETHER)}
    assert not in_one - read_scripts().whole


@pytest.mark.parametrize("lang", [lang for lang in LANGUAGES if lang != "en"])
def test_the_script_has_the_words_of_every_language(lang: str) -> None:
    data = json.loads(write_script(LANGUAGES).rpartition("})(")[2].removesuffix(");"))
    rows = dict(zip(data["places"], data["words"][lang], strict=True))
    t = translator(lang)
    for place in PLACES:
        assert rows[place.where] == {own: t(message) for own, message in place.words}
        for own, message in place.words:
            assert set(PLACEHOLDER.findall(t(message))) <= set(PLACEHOLDER.findall(own))
    spoken = {own: said for row in rows.values() for own, said in row.items()}
    march = {
        "fr": ("03 – mars", "Date choisie\u00a0: {d} mars {y}"),
        "es": ("03 – marzo", "Fecha elegida: {d} de marzo de {y}"),
    }
    if lang in march:
        assert (spoken["03 – March"], spoken["Selected Date: March {d}, {y}"]) == march[lang]


AGAIN = "make it anew: python -m dashboard.web.icons"


def test_every_icon_is_in_the_font_that_is_sent() -> None:
    streamlit = find_package("streamlit")
    media = streamlit / "static" / "static" / "media"
    [whole] = media.glob(icons.NAMES)
    small = icons.find_small(media).get(whole.name)
    assert small is not None, AGAIN
    known, sent = (icons.read_icons(TTFont(file)) for file in (whole, small))
    assert icons.list_used(streamlit) & known.keys() <= sent.keys(), AGAIN
    copy = streamlit_copies().make(f"/static/media/{whole.name}", "br")
    assert len(copy.body) < 30_000 < whole.stat().st_size
    assert copy.headers["cache-control"] == "no-cache"  # its name is that of the whole font, whatever is in it
