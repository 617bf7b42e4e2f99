"""The page Help has the guides in the reader's language, with what their pictures show in words; staff's for staff."""

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.ui.help.guides import find_file, read_title
from tests.app.conftest import OpenPage, elements
from tests.browser.guides.guide_files import read_guide


def read_ways(app: AppTest) -> list[str]:
    """The titles of the guides that are offered."""
    return [element.proto.body for element in elements(app, "html") if 'class="help-guides"' in element.proto.body]


def test_a_guide_is_shown_with_its_pictures_in_the_readers_language(open_page: OpenPage) -> None:
    app = open_page("help", guide="presenters", lang="fr")
    guide = read_guide("presenters", "fr")
    assert not app.exception
    assert any(read_title(find_file("presenters", "fr")) in html.proto.body for html in elements(app, "html"))
    shown = [image.proto.imgs[0] for image in elements(app, "image")]
    assert [one.alt for one in shown] == list(guide.pictures.values())
    words = "\n".join(part.value for part in app.markdown if "<style>" not in part.value)
    assert set(guide.bold) == {word for word in guide.bold if f"**{word}**" in words}
    assert "![" not in words and "\n## " not in words, "headings stand below the guide's"
    assert read_ways(app) == []


@pytest.mark.parametrize("is_staff", [False, True])
def test_the_guide_for_staff_is_for_staff(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, is_staff: bool) -> None:
    if is_staff:
        monkeypatch.setenv("DASHBOARD_STAFF", "open")
    app = open_page("help", guide="staff")
    assert bool(elements(app, "image")) is is_staff
    app = open_page("help")
    [ways] = read_ways(app)
    assert ("guide=staff" in ways) is is_staff
    assert "guide=partners" in ways and "guide=presenters" in ways


def test_a_language_without_guides_has_the_english_ones() -> None:
    assert find_file("staff", "pt").name == "staff.en.md"
    assert find_file("staff", "es").name == "staff.es.md"
