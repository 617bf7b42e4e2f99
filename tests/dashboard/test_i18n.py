"""Every interface text is translated, completely, and translates without breaking its placeholders."""

import ast
import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import numpy as np
import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from dashboard import i18n
from dashboard.errors import N_
from dashboard.i18n import Message, Translator, name_entry, read_catalogue, translator
from dashboard.languages import CATALOGUE
from dashboard.lists.quality.wording import MERGED
from dashboard.locales.update import Place, find_places, read_messages, read_translations, write_catalogue
from dashboard.paths import LOCALES, PROJECT

TRANSLATED = ("fr", "es")


@cache
def catalogue(language: str) -> Catalog:
    with (LOCALES / language / "LC_MESSAGES" / "dashboard.po").open("rb") as handle:
        return read_po(handle, locale=language)


def placeholders(text: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in Formatter().parse(text) if name is not None}


@pytest.fixture(scope="module")
def messages():
    return {text: place.message for text, place in find_places().items()}


def test_the_source_has_messages_of_every_kind(messages):
    assert "Overview" in messages
    assert "Stakeholder group" in messages  # declared with N_
    assert any(isinstance(message, tuple) for message in messages.values())


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_is_translated_whole_and_nothing_is_obsolete(language, messages):
    translated = catalogue(language)
    stated = [message for message in translated if message.id]
    assert {name_entry(message) for message in stated} == set(messages)
    assert not translated.obsolete
    for message in stated:
        sources = [message.id] if isinstance(message.id, str) else list(message.id)
        targets = [message.string or ""] if isinstance(message.string, str) else list(message.string or ())
        assert not message.fuzzy, message.id
        assert len(targets) >= len(sources)
        for target in targets:
            assert target.strip(), message.id
            assert re.fullmatch(r"(.{12,}?)\1+", target) is None, f"said several times: {target}"
            assert placeholders(target) <= placeholders(sources[-1]) | placeholders(sources[0]), message.id
        assert placeholders(targets[0]) == placeholders(sources[0]), message.id
        assert placeholders(targets[-1]) == placeholders(sources[-1]) | placeholders(sources[0]), message.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_break_no_line_before_a_unit_say_nothing_twice_and_stand_beside_their_place(language):
    """If this fails, run `python -m dashboard.locales.update`; a file without a docstring needs one."""
    entries = [message for message in catalogue(language) if message.id]
    assert [entry.id for entry in entries if not (entry.locations and "".join(entry.auto_comments).strip())] == []
    files = {file for entry in entries for file, _line in entry.locations}
    assert [file for file in sorted(files) if not (PROJECT / file).is_file()] == []
    alone = {message.id for message in catalogue(language) if not message.context}
    assert AMBIGUOUS & alone <= {"Final"}, "a wave of the survey, which its recipe names"
    assert [words for words in said_in(language) if len(words) > 40 and words[:25] in words[25:]] == [], "said twice"
    units = re.compile(r"(?:\d|\}) (?:s|kB|ko|MB|Mo|GB|Go|%)(?!\w)")
    assert [text for text in said_in(language) if units.search(text)] == [], "a line may break before the unit"


AMBIGUOUS = {"Open", "Set", "Left", "Of", "By", "Final", "Share", "Same", "Kept", "Part", "Value", "Row", "State", "To"}


def said_in(language: str) -> Iterator[str]:
    """Yield every text of a catalogue, each form of a plural for itself."""
    for message in catalogue(language):
        if message.id:
            yield from [message.string] if isinstance(message.string, str) else message.string


COUNTED = ("n", "part", "reported", "completed", "reviewed", "verified", "evidenced", "answered", "reached", "missed")
"""Placeholders that may be one."""
SEVERAL_AT_LEAST = {
    "{n} tables", "Accept suggestions of all {n}", "Publish all {n} questions", "Show all {n} actions",
    "Choose these {n}", "Show all {n} stakeholders", "Only the first {n} rows fit into the sheet.", "Of {n} actions",
    "Show all {n} rows", "Keep all {n} for staff", "Leave all {n} open", "Day {n} of {total}",
    "Grey: fewer than {n} actions. Read the counts there, not the rates.",
    "{n} reports about this action wait; of those that you accept, the latest counts.",
}  # fmt: skip
"""Messages whose number is never one."""


@pytest.mark.parametrize("language", TRANSLATED)
def test_what_may_be_one_has_no_plural_behind_it_but_from_the_catalogues_plurals(language):
    """`1 jalons échus sont atteints`, `1 achevées`, `1 responden`: such sentences say the number elsewhere."""
    invariant = r"(?!(?:dans|des|sur|de|les?|más|los|las|plus|fois|moins|en)\b)"
    several = re.compile(rf"\{{(?:{'|'.join(COUNTED)})\}}[ \u00a0]{invariant}(?:sont|ont|son|han|\w+(?:s|x|ent|nt)\b)")
    single = [m for m in catalogue(language) if isinstance(m.id, str) and m.id not in SEVERAL_AT_LEAST]
    assert [message.id for message in single if several.search(message.string or "")] == []


def test_french_has_no_straight_apostrophe_and_no_line_begins_with_a_mark_of_the_word_before():
    lists = (PROJECT / "data" / "codelists").glob("*.csv")
    rows = [row for path in lists for row in csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines())]
    labels = [label for row in rows if (label := row.get("label_fr"))]
    assert "Côte d’Ivoire" in labels
    assert [text for text in [*said_in("fr"), *labels] if "'" in text] == []
    assert [text for text in said_in("fr") if re.search(r"\S [:;?!»%]|« |\u00a0[;?!]", text)] == []


def read_words(file: str) -> list[dict[str, str]]:
    """Read the words to use, or those to avoid, which stand beside the catalogues."""
    return list(csv.DictReader((LOCALES / file).read_text(encoding="utf-8").splitlines()))


@pytest.mark.parametrize(("language", "name"), [("fr", "French"), ("es", "Spanish")])
def test_the_catalogue_uses_the_terms_of_the_glossary_and_no_text_what_it_does_not_use(language, name):
    terms = {row["English"]: row[name] for row in read_words("glossary.csv")}
    translations = read_translations(LOCALES / language / "LC_MESSAGES" / "dashboard.po")
    assert len(terms) > 20
    assert {english: translations.get(english) for english in terms} == terms
    banned = [row["not"] for row in read_words("avoided.csv") if row["language"] == name]
    # A feminine stands for its masculine and plural: `abandonada` for `abandonado` and `abandonadas`.
    stems = [re.sub(r"(?<=ad)a$|(?<=n)ée$", r"(?:a|o|ée?)", word.lower()) + "s?" for word in banned]
    pattern = re.compile(rf"\b(?:{'|'.join(stems)})\b", re.IGNORECASE)
    assert pattern.search(banned[0])
    assert [text for text in said_in(language) if pattern.search(text)] == []


@pytest.mark.parametrize(("language", "plural"), [("fr", "plural=(n > 1)"), ("es", "plural=(n != 1)")])
def test_the_catalogue_says_how_its_language_counts(language, plural):
    header = (LOCALES / language / "LC_MESSAGES" / "dashboard.po").read_text(encoding="utf-8")
    assert "nplurals=2" in header
    assert plural in header


def test_a_translator_fills_placeholders_and_counts():
    french, spanish, english = translator("fr"), translator("es"), translator("en")
    one, many = "{n} action", "{n} actions"
    assert english.plural(one, many, 0) == "0 actions"
    assert english.plural(one, many, 1) == "1 action"
    assert french.plural(one, many, 0) == "0 action"  # zero is singular in French
    assert french.plural(one, many, 2) == "2 actions"
    assert spanish.plural(one, many, 0) == "0 acciones"
    assert spanish.plural(one, many, 10_000) == "10.000 acciones"
    values = {"n": 1_234, "total": np.int64(5_678), "text": "9012", "share": 0.5}
    assert english("{n} of {total}: {text}, {share}", **values) == "1,234 of 5,678: 9012, 0.5"
    assert french("Overview") == "Vue d’ensemble"
    assert english("a text that no catalogue has") == "a text that no catalogue has"


def test_what_a_catalogue_says_is_kept_and_read_again_once_it_says_something_else(tmp_path, monkeypatch):
    monkeypatch.setattr(i18n, "LOCALES", tmp_path)
    path = tmp_path / "fr" / CATALOGUE
    path.parent.mkdir(parents=True)
    path.write_bytes((LOCALES / "fr" / CATALOGUE).read_bytes())
    texts, find_form = read_catalogue(path)
    (kept,) = path.parent.glob("__pycache__/*")
    read, find_form_again = read_catalogue(path)
    assert (read, [find_form_again(n) for n in (0, 1, 2)]) == (texts, [find_form(n) for n in (0, 1, 2)])
    assert any(isinstance(text, tuple) for text in texts.values())
    kept.write_text("cut sho")
    assert read_catalogue(path)[0] == texts
    path.write_text(path.read_text(encoding="utf-8").replace('msgstr "Régions"', 'msgstr "Contrées"'), encoding="utf-8")
    assert read_catalogue(path)[0] != texts
    assert len(list(path.parent.glob("__pycache__/*"))) == 1


def test_messages_are_found_wherever_they_stand_in_the_code_which_installs_no_language():
    source = """
view.t("plain " "and joined")
f"<b>{escape(t('inside an f-string'))}</b>"
view.t.plural(N_("one"), N_("many"), n)
t(N_("marked"), day=t("nested"))
t(DEFINITIONS["a key"].name)
t(N_("Open", "a link that works"))
"""
    told = {"plain and joined", "inside an f-string", ("one", "many"), "marked", "nested"}
    assert set(read_messages(ast.parse(source))) == {*told, N_("Open", "a link that works")}
    forbidden = re.compile(r"gettext\.install|locale\.setlocale|set_language\(")
    for path in (PROJECT / "dashboard").rglob("*.py"):
        assert not forbidden.search(Path(path).read_text(encoding="utf-8")), path


def test_a_word_of_several_meanings_has_a_translation_for_each_and_is_plain_in_english(tmp_path):
    link, button = N_("Open", "a link that works"), N_("Open", "button")
    path = tmp_path / "fr" / CATALOGUE
    path.parent.mkdir(parents=True)
    places = {
        link: Place(link, ("dashboard/access/signed_links.py", "dashboard/ui/kept_links.py"), "The states of links."),
        button: Place(button, ("app.py",), "The first page."),
        "Open": Place("Open", ("app.py",), "The first page."),
    }
    messages = {one: place.message for one, place in places.items()}
    assert write_catalogue(path, messages, {link: "Valable", button: "Ouvrir", "Open": "Ouvert"}, places) == []
    written = path.read_text(encoding="utf-8")
    entry = (
        "#. The states of links.\n#: dashboard/access/signed_links.py dashboard/ui/kept_links.py\n"
        'msgctxt "a link that works"\nmsgid "Open"\nmsgstr "Valable"\n'
    )
    assert entry in written
    french = Translator("fr", read_catalogue(path)[0])
    assert [french(text) for text in (link, button, "Open")] == ["Valable", "Ouvrir", "Ouvert"]
    assert write_catalogue(path, messages, read_translations(path), places) == []
    assert path.read_text(encoding="utf-8") == written, "brought up to date twice, it stays the same"
    assert [translator("en")(text) for text in (link, button, "Open")] == ["Open"] * 3


def test_updating_keeps_translations_and_drops_what_is_obsolete(tmp_path):
    path = tmp_path / "fr" / "LC_MESSAGES" / "dashboard.po"
    path.parent.mkdir(parents=True)
    assert write_catalogue(path, {"old": "old", "kept": "kept"}, {"old": "ancien", "kept": "gardé"}) == []
    messages: dict[str, Message] = {"kept": "kept", "new": "new", "{n} day": ("{n} day", "{n} days")}
    assert write_catalogue(path, messages, read_translations(path)) == ["new", "{n} day"]
    assert read_translations(path) == {"kept": "gardé", "new": "", "{n} day": ("", "")}


def test_reasons_that_the_build_writes_are_known_to_the_translators():
    steps = "".join(path.read_text(encoding="utf-8") for path in (PROJECT / "etl" / "sql" / "steps").glob("*.sql"))
    written = set(re.findall(r"'([^'\n]* (?:(?:is|are) kept|replaces it|of the others))'", steps))
    assert written
    assert written == set(MERGED)


def test_what_is_counted_in_words_is_written_where_the_catalogues_find_it():
    by_name = {
        path.name
        for path in (PROJECT / "dashboard").rglob("*.py")
        if re.search(r"\bt\.plural\(\s*[a-z_]+\s*,", path.read_text(encoding="utf-8"))
    }
    assert by_name == {"decision_cards.py"}, "texts in variables are in no catalogue"
