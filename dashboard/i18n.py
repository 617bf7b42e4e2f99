"""Interface texts in the reader's language: gettext catalogues read with Babel, passed as an argument.

English source strings stand in the code as `t("…")`; `N_("…")` marks one that is declared in one
place and translated when drawn. Text of the data (category, theme, status) is in the codelists.

A `Phrase` holds words without a language: its author needs neither language nor formats.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cache
from gettext import c2py
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from dashboard.errors import CONTEXT, CampaignError, Sentence, sentence
from dashboard.errors import N_ as N_
from dashboard.formats import format_count, format_date, format_percent, join_list
from dashboard.ground.files.writing import write_file
from dashboard.languages import SOURCE, find_catalogues, name_reading
from dashboard.paths import LOCALES

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog
    from babel.messages.catalog import Message as Entry

Message = str | tuple[str, str]
"""A text in the code: one, or a singular and a plural."""
Text = str | tuple[str, ...]
"""A translation: one, or as many forms as the language has."""
FindForm = Callable[[int], int]
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def _find_english_form(n: int) -> int:
    return int(n != 1)


class Part(NamedTuple):
    """A part of a whole, written as a percentage."""

    numerator: float
    denominator: float


@dataclass(frozen=True)
class Phrase:
    """Words for `Translator.say`, which puts them into a language.

    Attributes:
        message: The English message; the singular where there are two forms.
        values: The values of its placeholders: texts, which stay as they are, whole numbers, days, a `Part`, a phrase,
            or several ones, which are listed.
        many: The plural form, if there is one.
        count: The number that decides between the two forms.
        is_inside: Whether it stands inside a sentence, in small letters.
        follows_colon: Whether a colon stands before it, after which other languages than English begin small.
    """

    message: str
    values: Mapping[str, Any]
    many: str = ""
    count: int = 0
    is_inside: bool = False
    follows_colon: bool = False


def phrase(message: str, /, **values: object) -> Phrase:
    """Return a phrase of one message."""
    return Phrase(message, values)


def plural(one: str, many: str, n: int, /, **values: object) -> Phrase:
    """Return a phrase of one or many; the count `n` fills `{n}` unless given."""
    return Phrase(one, {"n": n, **values}, many, n)


class Translator:
    """A translator into one language; calling it translates a message and fills its `{named}` placeholders."""

    def __init__(self, language: str, messages: Mapping[str, Text], find_form: FindForm = _find_english_form) -> None:
        """Keep the catalogue of one language, and which of its plural forms a count takes; English needs none."""
        self.language = language
        self._messages = messages
        self._find_form = find_form

    def __call__(self, message: str, **values: object) -> str:
        """Return the message in this language, with its placeholders filled; a sentence brings its own values.

        Numbers are written as the language writes them.
        """
        if isinstance(message, Sentence):
            return self(message.template, **message.values)
        text = self._messages.get(message) or message.rpartition(CONTEXT)[2]
        return self._fill(str(text), values) if values else str(text)

    def _fill(self, text: str, values: Mapping[str, object]) -> str:
        return text.format(**{name: self._say_value(value) for name, value in values.items()})

    def _say_value(self, value: object) -> object:
        if isinstance(value, Sentence):
            return self(value)
        if isinstance(value, Real):
            return format_count(float(value), self.language)
        return value

    def plural(self, one: str, many: str, n: int, /, **values: object) -> str:
        """Return the singular or plural message for the count `n`, which fills `{n}` unless given."""
        return self._fill(self._form(one, many, n), {"n": n, **values})

    def say(self, phrase: Phrase) -> str:
        """Return a phrase in this language, with its numbers and days as the language writes them."""
        form = self._form(phrase.message, phrase.many, phrase.count) if phrase.many else self(phrase.message)
        if phrase.follows_colon and self.language != SOURCE:
            form = form[:1].lower() + form[1:]
        words = {name: self._write(value) for name, value in phrase.values.items()}
        text = form.format(**words) if words else form
        return text.lower() if phrase.is_inside else text

    def _form(self, one: str, many: str, n: int) -> str:
        forms = self._messages.get(one)
        if not forms or isinstance(forms, str):
            return one if n == 1 else many
        return forms[self._find_form(abs(n))]

    def say_all(self, phrases: Any) -> Any:
        """Translate the phrases in tuples and dictionaries; a text stays as it is."""
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
            case int() | float():
                return format_count(value, self.language)
            case tuple() | list():
                return join_list(map(self._write, value), self.language)
        raise TypeError(f"{type(value).__name__} is no value of a phrase.")


def translator(language: str) -> Translator:
    """Return the translator of one language, by its catalogues as last read; without any it speaks English."""
    return _make_translator(language, name_reading())


@cache
def _make_translator(language: str, _reading: object) -> Translator:
    messages: dict[str, Text] = {}
    find_form: FindForm = _find_english_form
    for path in find_catalogues(language):
        try:
            texts, find_form = read_catalogue(path)
        except CampaignError:
            continue  # it broke since the build that checked it
        messages |= texts
    return Translator(language, messages, find_form)


def open_catalogue(path: Path) -> "Catalog":
    """Open a `.po` file unchecked; pass over a mark before the text (as Notepad writes).

    Raises:
        CampaignError: it cannot be read, is no such file, or does not say how the language counts.
    """
    from babel.messages.pofile import PoFileError, read_po  # not for catalogues that were read before

    try:
        with path.open(encoding="utf-8-sig") as handle:
            catalogue = read_po(handle, locale=path.parent.parent.name, abort_invalid=True)
        c2py(catalogue.plural_expr)
    except (PoFileError, UnicodeDecodeError, ValueError, OSError) as error:
        raise CampaignError(
            sentence(N_("{path} is not a catalogue of translations that can be read."), path=str(path)),
            N_("Save it again with a program such as Poedit."),
        ) from error
    return catalogue


def read_catalogue(path: Path) -> tuple[dict[str, Text], FindForm]:
    """Read the usable translations of one `.po` file by English text, and the rule for the plural form of a count.

    Leave out a translation that is marked fuzzy, lacks a form, or has other `{placeholders}` than the English.

    Raises:
        CampaignError: it is no such file, or does not say how the language counts.
    """
    cache_file = _name_kept(path)
    if cache_file is not None:
        with suppress(OSError, ValueError, TypeError):
            counts, read = json.loads(cache_file.read_text(encoding="utf-8"))
            return {one: text if isinstance(text, str) else tuple(text) for one, text in read.items()}, c2py(counts)
    counts, texts = _read_texts(path)
    if cache_file is not None:
        with suppress(OSError):
            _keep(cache_file, json.dumps([counts, texts], ensure_ascii=False))
    return texts, c2py(counts)


def _name_kept(path: Path) -> Path | None:
    """Return the cache file of a catalogue of the program, beside its bytecode: it is read ten times as fast."""
    if not path.is_relative_to(LOCALES):
        return None
    with suppress(OSError):
        version = hashlib.sha256(Path(__file__).read_bytes() + path.read_bytes()).hexdigest()[:16]
        return path.parent / "__pycache__" / f"{version}.json"
    return None


def _keep(path: Path, text: str) -> None:
    """Write a file in one step, in place of others."""
    path.parent.mkdir(exist_ok=True)
    write_file(path, text, is_shared=True, is_durable=False)
    for earlier_file in path.parent.glob("*.json"):
        if earlier_file != path:
            earlier_file.unlink(missing_ok=True)


def _read_texts(path: Path) -> tuple[str, dict[str, Text]]:
    catalogue = open_catalogue(path)
    texts: dict[str, Text] = {}
    for entry in catalogue:
        text: Text = entry.string if isinstance(entry.string, str) else tuple(entry.string or ())
        message: Message = entry.id if isinstance(entry.id, str) else (entry.id[0], entry.id[1])
        if entry.id and not entry.fuzzy and is_usable(message, text, catalogue.num_plurals):
            texts[name_entry(entry)] = text
    return catalogue.plural_expr, texts


def name_entry(entry: "Entry") -> str:
    """Return the key of an entry for a translator: its (singular) English text, behind its context where it has one."""
    one = entry.id if isinstance(entry.id, str) else entry.id[0]
    return f"{entry.context}{CONTEXT}{one}" if entry.context else one


def is_usable(message: Message, text: Text, forms: int) -> bool:
    """Check whether a translation can stand for a message: whole, and with placeholders that are filled.

    A plural form may leave out a placeholder of the English, since a word may say the number; a single text may not.
    """
    if isinstance(message, str) or isinstance(text, str):
        return isinstance(message, str) and isinstance(text, str) and bool(text) and _names(text) == _names(message)
    placeholders = _names(" ".join(message))
    return len(text) == forms and all(form and _names(form) <= placeholders for form in text)


def _names(text: str) -> frozenset[str]:
    return frozenset(_PLACEHOLDER.findall(text))
