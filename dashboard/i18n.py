"""Interface texts in the reader's language: gettext catalogues read with Babel, passed as an argument.

English source strings stand in the code as `t("…")`; `N_("…")` marks one that is declared in one
place and translated when drawn. Text of the data (category, theme, status) is in the codelists.

A `Phrase` holds words that are not in a language yet: what says something need know neither language nor formats.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from babel.messages.pofile import read_po

from dashboard.formats import format_count, format_date, format_percent
from dashboard.paths import LOCALES

LANGUAGE_NAMES = {"en": "English", "fr": "Français", "es": "Español"}
"""Each language as its readers call it."""


def N_(message: str) -> str:  # noqa: N802  (the name gettext's tools look for)
    """Mark a message for translation where it is declared; returns it unchanged."""
    return message


class Part(NamedTuple):
    """A part of a whole, said as a percentage."""

    numerator: int
    denominator: int


@dataclass(frozen=True)
class Phrase:
    """Words for `Translator.say`, which puts them into a language.

    Attributes:
        message: The English message; the singular where there are two forms.
        values: What fills its placeholders: texts, which stay as they are, whole numbers, days, a `Part`, a phrase,
            or several ones, which are listed.
        many: The plural form, if there is one.
        count: The number that decides between the two forms.
        is_inside: Whether it stands inside a sentence, in small letters.
    """

    message: str
    values: Mapping[str, Any]
    many: str = ""
    count: int = 0
    is_inside: bool = False


def phrase(message: str, **values: object) -> Phrase:
    """A phrase of one message."""
    return Phrase(message, values)


def plural(one: str, many: str, n: int, /, **values: object) -> Phrase:
    """A phrase of one or many; the count `n` fills `{n}` unless given."""
    return Phrase(one, {"n": n, **values}, many, n)


class Translator:
    """Translates messages into one language; calling it fills `{named}` placeholders."""

    def __init__(self, language: str, messages: dict[str, Any]) -> None:
        """Keep the catalogue of one language; English needs none."""
        self.language = language
        self._messages = messages

    def __call__(self, message: str, **values: object) -> str:
        """The message in this language, with its placeholders filled."""
        text = self._messages.get(message) or message
        return str(text).format(**values) if values else str(text)

    def plural(self, one: str, many: str, n: int, /, **values: object) -> str:
        """The singular or plural message for the count `n`, which fills `{n}` unless given."""
        return self._form(one, many, n).format(**{"n": n, **values})

    def say(self, phrase: Phrase) -> str:
        """A phrase in this language, with its numbers and days as the language writes them."""
        form = self._form(phrase.message, phrase.many, phrase.count) if phrase.many else self(phrase.message)
        words = {name: self._write(value) for name, value in phrase.values.items()}
        text = form.format(**words) if words else form
        return text.lower() if phrase.is_inside else text

    def _form(self, one: str, many: str, n: int) -> str:
        forms = self._messages.get(one) or (one, many)
        is_one = n < 2 if self.language == "fr" else n == 1
        return str(forms[0 if is_one else -1])

    def say_all(self, phrases: Any) -> Any:
        """Phrases in tuples and dictionaries, all said; what is a text already stays."""
        if isinstance(phrases, dict):
            return {name: self.say_all(phrase) for name, phrase in phrases.items()}
        if isinstance(phrases, tuple):
            return tuple(self.say_all(phrase) for phrase in phrases)
        return self.say(phrases) if isinstance(phrases, Phrase) else phrases

    def _write(self, value: object) -> str:
        match value:
            case str():
                return value
            case Phrase():
                return self.say(value)
            case Part(numerator, denominator):
                return format_percent(numerator, denominator, self.language)
            case date():
                return format_date(value, self.language)
            case int():
                return format_count(value, self.language)
            case tuple() | list():
                return ", ".join(map(self._write, value))
        raise TypeError(f"{type(value).__name__} is no value of a phrase.")


@cache
def translator(language: str) -> Translator:
    """The translator of one language; the catalogue is read once."""
    if language == "en":
        return Translator("en", {})
    path = LOCALES / language / "LC_MESSAGES" / "dashboard.po"
    with path.open("rb") as handle:
        catalogue = read_po(handle, locale=language)
    messages: dict[str, Any] = {
        str(m.id[0] if isinstance(m.id, tuple) else m.id): m.string
        for m in catalogue
        if m.id and m.string and not m.fuzzy
    }
    return Translator(language, messages)
