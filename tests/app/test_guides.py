"""The page Help has the guides in the reader's language, with descriptions of their pictures; staff's for staff."""

from dashboard.ui.help import find_guide_file, read_guide_title
from tests.app.conftest import bodies, elements
from tests.browser.guides.guide_files import read_guide


def test_a_guide_is_shown_with_its_pictures_in_the_readers_language(open_page):
    app = open_page("help", guide="presenters", lang="fr")
    guide = read_guide("presenters", "fr")
    assert read_guide_title(find_guide_file("presenters", "fr")) in bodies(app)
    shown = [image.proto.imgs[0] for image in elements(app, "image")]
    assert [one.alt for one in shown] == list(guide.pictures.values())
    words = "\n".join(part.value for part in app.markdown if "<style>" not in part.value)
    assert set(guide.bold) == {word for word in guide.bold if f"**{word}**" in words}
    assert "![" not in words and "\n## " not in words, "headings stand below the guide's"
    assert 'class="help-guides"' not in bodies(app)


def test_the_guide_for_staff_is_for_staff(open_page, monkeypatch):
    for gate in ("closed", "open"):
        monkeypatch.setenv("DASHBOARD_STAFF", gate)
        offered = bodies(open_page("help"))
        guide = elements(open_page("help", guide="staff"), "image")
        assert bool(guide) == ("guide=staff" in offered) == (gate == "open")
        assert "guide=partners" in offered and "guide=presenters" in offered


def test_a_language_without_guides_has_the_english_ones():
    assert find_guide_file("staff", "pt").name == "staff.en.md"
    assert find_guide_file("staff", "es").name == "staff.es.md"
