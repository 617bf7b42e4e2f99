"""The help of every page, opened beside its title; the page Help, which has the guides in the reader's language."""

import re
from pathlib import Path

from lxml import html

from dashboard.ground.page_addresses import write
from dashboard.i18n import read_catalogue, translator
from dashboard.languages import CATALOGUE
from dashboard.measures.definitions import DEFINITIONS
from dashboard.paths import LOCALES
from dashboard.ui.frame.header import BEGINNING, DETAIL_PAGES, OWN_PAGES, PAGES, REPORTS, STAFF_PAGES, find
from dashboard.ui.frame.page_help import PAGE_HELP
from dashboard.ui.help import KEYS, READING, find_guide_file, read_guide_title
from dashboard.ui.navigation import list_pages
from tests.app.conftest import bodies, elements, find_help, press, switch, text_of
from tests.browser.guides.guide_files import read_guide
from tests.shipped import LANGUAGES

QUOTED = re.compile("“(.+?)”")


def test_every_page_has_its_help_and_no_other():
    assert set(list_pages().titles) == set(PAGE_HELP)


def test_help_says_what_a_page_shows_three_things_to_do_and_what_its_figures_are():
    for page_id, told in PAGE_HELP.items():
        texts = [told.shows, *told.ways]
        assert len(set(texts)) == 4, page_id
        assert set(told.figures) <= set(DEFINITIONS) and len(set(told.figures)) == len(told.figures), page_id
        for lang in LANGUAGES:
            said = [translator(lang)(text) for text in texts]
            assert all(text.endswith(".") for text in said), page_id
            assert lang == "en" or not set(said) & set(texts), page_id


def test_help_calls_what_is_on_the_pages_as_the_pages_do(lang):
    """Quoted words stand on a page; a quotation that ends in dots goes on there with a name or a day."""
    t, (known, _) = translator(lang), read_catalogue(LOCALES / "fr" / CATALOGUE)
    texts = [text for told in PAGE_HELP.values() for text in (told.shows, *told.ways)] + [said for _, said in READING]
    quoted = {name for text in texts for name in QUOTED.findall(text)} - {"Up to"}  # within a sentence
    assert {"Share this chart", "Figures and notes"} < quoted
    for name in quoted:
        begun = name.removesuffix(" …")
        labels = [label for label in known if label == name or label.startswith(f"{begun} {{")]
        assert labels, name
        starts = [t(label).partition("{")[0].strip() for label in labels]
        for text in (text for text in texts if f"“{name}”" in text):
            assert any(start in t(text) for start in starts), text


def test_help_is_made_when_it_is_opened_and_speaks_the_readers_language(open_page):
    t, told = translator("fr"), PAGE_HELP["milestones"]
    app = open_page("milestones", lang="fr", region="africa")
    assert t(told.shows) not in text_of(app)
    press(app, "help-milestones")
    [body] = [part.proto.body for part in app.get("html") if 'class="page-help"' in part.proto.body]
    words = html.fromstring(body)
    assert [item.text_content() for item in words.xpath(".//li")] == [t(way) for way in told.ways]
    assert words.xpath("string(.//p)") == t(told.shows)
    definitions = [DEFINITIONS[name] for name in told.figures]
    assert [item.text_content() for item in words.xpath(".//dt")] == [t(one.name) for one in definitions]
    said = [item.text_content() for item in words.xpath(".//dd")]
    assert said == [t(one.sentence) + t(one.formula or "") for one in definitions]
    pairs = [("region", "africa"), ("lang", "fr")]
    assert set(words.xpath(".//a/@href")) == {write("", page, pairs) for page in ("definitions", "help")}


def test_the_page_lists_what_its_reader_may_open(open_page, monkeypatch):
    t = translator("fr")
    public = {spec.page_id for spec in (*PAGES, *DETAIL_PAGES)} - {"help"}
    for gate in ("closed", "open"):
        monkeypatch.setenv("DASHBOARD_STAFF", gate)
        app = open_page("help", lang="fr")
        text, guide = text_of(app), elements(open_page("help", guide="staff"), "image")
        assert bool(guide) == ("guide=staff" in bodies(app)) == (gate == "open")
        assert "guide=partners" in bodies(app) and "guide=presenters" in bodies(app)
        assert all(t(PAGE_HELP[page_id].shows) in text for page_id in public)
        assert all(
            (t(PAGE_HELP[spec.page_id].shows) in text) == (gate == "open")
            for spec in {*STAFF_PAGES} - {*BEGINNING, find(REPORTS)}
        )
        assert not any(t(PAGE_HELP[spec.page_id].shows) in text for spec in (*BEGINNING, *OWN_PAGES, find(REPORTS)))
        assert all(t(keys) in text and t(said) in text for keys, said in KEYS)
        assert "secretariat@example.org" in text


def test_help_is_there_before_anything_is_published(tmp_path: Path, monkeypatch, open_page):
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(tmp_path))
    monkeypatch.setenv("DASHBOARD_STAFF", "open")
    app = open_page("help", lang="fr")
    assert translator("fr")(PAGE_HELP["upload"].shows) in text_of(app)
    assert translator("fr")("Ask whoever sent you the link; the campaign gives no address here.") in text_of(app)
    switch(app, "upload")
    assert find_help(app) == {"upload": "Aide"}


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


def test_a_language_without_guides_has_the_english_ones():
    assert find_guide_file("staff", "pt").name == "staff.en.md"
    assert find_guide_file("staff", "es").name == "staff.es.md"
