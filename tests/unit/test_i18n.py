"""Every interface text is translated, completely, and translates without breaking its placeholders."""

import re
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from dashboard.i18n import translator
from dashboard.paths import LOCALES, PROJECT

KEYWORDS = {"t": None, "N_": None, "plural": (1, 2)}
TRANSLATED = ("fr", "es")


def source_messages() -> dict[str, str | tuple[str, ...]]:
    """Every message of the source, by its (singular) English text."""
    files = [
        PROJECT / "app.py",
        *sorted((PROJECT / "pages").glob("*.py")),
        *sorted((PROJECT / "dashboard").rglob("*.py")),
    ]
    found: dict[str, str | tuple[str, ...]] = {}
    for path in files:
        for _line, message, _comments, _context in extract_from_file("python", path, keywords=KEYWORDS):
            found[message if isinstance(message, str) else message[0]] = message
    return found


def catalogue(language: str) -> Catalog:
    with (LOCALES / language / "LC_MESSAGES" / "dashboard.po").open("rb") as handle:
        return read_po(handle, locale=language)


def placeholders(text: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in Formatter().parse(text) if name is not None}


@pytest.fixture(scope="module")
def messages():
    return source_messages()


def test_the_source_has_messages_of_every_kind(messages):
    assert "Overview" in messages
    assert "Stakeholder group" in messages  # declared with N_
    assert any(isinstance(message, tuple) for message in messages.values())


@pytest.mark.parametrize("language", TRANSLATED)
def test_nothing_is_missing_and_nothing_is_obsolete(language, messages):
    translated = catalogue(language)
    known = {m.id[0] if isinstance(m.id, tuple) else m.id for m in translated if m.id}
    assert known == set(messages)
    assert not translated.obsolete


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_is_translated_whole(language):
    for message in catalogue(language):
        if not message.id:
            continue
        sources = [message.id] if isinstance(message.id, str) else list(message.id)
        targets = [message.string or ""] if isinstance(message.string, str) else list(message.string or ())
        assert not message.fuzzy, message.id
        assert len(targets) >= len(sources)
        for target in targets:
            assert target.strip(), message.id
            assert placeholders(target) == placeholders(sources[-1]) | placeholders(sources[0]), message.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_catalogue_says_how_its_language_counts(language):
    header = (LOCALES / language / "LC_MESSAGES" / "dashboard.po").read_text(encoding="utf-8")
    expected = {"fr": "plural=(n > 1)", "es": "plural=(n != 1)"}[language]
    assert re.search(r"nplurals=2", header)
    assert expected in header


def test_a_translator_fills_placeholders_and_counts():
    french, spanish, english = translator("fr"), translator("es"), translator("en")
    one, many = "{n} day to the deadline of {day}", "{n} days to the deadline of {day}"
    assert english.plural(one, many, 0, day="x").startswith("0 days")
    assert french.plural(one, many, 0, day="x").startswith("0 jour ")  # zero is singular in French
    assert french.plural(one, many, 2, day="x").startswith("2 jours ")
    assert spanish.plural(one, many, 1, day="x") == french.plural(one, many, 1, day="x").replace(
        "jour avant l’échéance du", "día hasta la fecha límite del"
    )
    assert french("Overview") != "Overview"
    assert english("a text that no catalogue has") == "a text that no catalogue has"


def test_no_language_is_installed_for_the_whole_process():
    forbidden = re.compile(r"gettext\.install|locale\.setlocale|set_language\(")
    for path in (PROJECT / "dashboard").rglob("*.py"):
        assert not forbidden.search(Path(path).read_text(encoding="utf-8")), path
