"""The available languages: each is a folder, of the program or of a campaign; CLDR gives the rest.

`locales/<code>/LC_MESSAGES/dashboard.po` holds a language's texts, `locales/<code>/locale.toml` its other needs, if
any. A campaign folder may have `locales/` of its own, for further languages or other words; it is searched as
soon as the campaign or a snapshot of it is opened (`look_in`), as gettext binds a folder. The later folder wins.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from locale import windows_locale
from pathlib import Path
from typing import Annotated, Literal

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dashboard.errors import N_, CampaignError, sentence
from dashboard.file_faults import explain_value, name_setting, read_toml
from dashboard.paths import LOCALES

SOURCE = "en"
"""The language of the program's texts in the code; an untranslated text appears in it."""
CATALOGUE = Path("LC_MESSAGES", "dashboard.po")
SETTINGS_FILE = "locale.toml"
PATTERN = r"^[a-z]{2,3}$"
LanguageCode = Annotated[str, Field(pattern=PATTERN)]
Direction = Literal["ltr", "rtl"]

Seen = tuple[tuple[Path, int], ...]
_places: dict[Path, Seen] = {LOCALES: ()}
"""The folders to search for languages, in the order in which they were named, with their files as last seen."""


class Texts(dict[str, str]):
    """One text by language; a missing language gets the English text, else the first there is."""

    def __missing__(self, lang: str) -> str:
        """Return the text for a language that has none of its own."""
        source_text: str | None = self.get(SOURCE)
        return source_text if source_text is not None else next(iter(self.values()), "")


def as_map(texts: Mapping[str, str]) -> dict[str, list[str]]:
    """Return texts by language as a map of DuckDB; a plain dictionary would be a struct."""
    return {"key": list(texts), "value": list(texts.values())}


class LanguageSettings(BaseModel):
    """The needs of a language beside its texts where CLDR does not cover them, from its `locale.toml`.

    Attributes:
        territory: The country whose habits browsers and Office programs follow; CLDR's likeliest by default.
        long_date: A date in a sentence, as a CLDR pattern.
        short_date: A date in a table, as a CLDR pattern without words of its own.
        first_of_month: A long date on the first of a month, where that is written differently.
        first_of_short_month: The same of a short date.
        common_words: Frequent words, without accents, that reveal the language of a survey's questions.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    territory: str = Field(default="", pattern=r"^([A-Z]{2})?$")
    long_date: str = ""
    short_date: str = ""
    first_of_month: str = ""
    first_of_short_month: str = ""
    common_words: frozenset[str] = frozenset()


def look_in(place: Path) -> None:
    """Look for languages in a folder too, and read it anew; its settings precede those of other folders."""
    if place == LOCALES:
        return
    languages = _look(place)
    if languages != _places.get(place, ()) or (languages and place != list(_places)[-1]):
        _places.pop(place, None)
        _places.update({place: languages} if languages else {})
        read_settings.cache_clear()


def name_reading() -> tuple[Seen, ...]:
    """Return a key for values derived from the files: it differs as soon as one of them changes."""
    return tuple(_places.values())


def list_languages() -> tuple[str, ...]:
    """List the languages that have a catalogue: the source first, then the others by their English names."""
    langs = {path.parent.parent.name for place in _places for path in place.glob(f"*/{CATALOGUE.as_posix()}")}
    other_langs = sorted((lang for lang in langs - {SOURCE} if is_language(lang)), key=_name_in_source)
    return (SOURCE, *other_langs)


def list_shipped() -> tuple[str, ...]:
    """List the languages that come with the program, by their codes."""
    return tuple(sorted(path.name for path in LOCALES.iterdir() if (path / CATALOGUE).is_file() or path.name == SOURCE))


def find_catalogues(lang: str) -> list[Path]:
    """List the files that hold a language's texts; a later one overrides an earlier one."""
    return [path for place in _places if (path := place / lang / CATALOGUE).is_file()]


def is_language(code: str) -> bool:
    """Check whether CLDR has a language of this code."""
    return re.fullmatch(PATTERN, code) is not None and _find_locale(code) is not None


def check_place(place: Path) -> None:
    """Make sure that a campaign's folder of languages can be used; there need be none.

    Raises:
        CampaignError: a folder is not called by the code of a language, or its settings cannot be read.
    """
    for folder in sorted(path for path in place.glob("*") if path.is_dir()):
        if not is_language(folder.name):
            raise CampaignError(
                sentence(N_("{folder} is not named by a language."), folder=str(folder)),
                N_("Call the folder by the language's code of two or three small letters, such as pt or ar."),
            )
        _read_settings(folder / SETTINGS_FILE)


@cache
def name_language(lang: str) -> str:
    """Name a language as its readers call it: `Français`."""
    name = str(Locale(lang).get_display_name(lang) or lang)
    return name[:1].upper() + name[1:]


@cache
def find_direction(lang: str) -> Direction:
    """Return the direction of a language: `rtl` where it is written from right to left."""
    return "rtl" if Locale(lang).text_direction == "rtl" else "ltr"


def is_rtl(lang: str) -> bool:
    """Return whether a language is written from right to left."""
    return find_direction(lang) == "rtl"


def write_attributes(lang: str) -> str:
    """Write the attributes of an HTML element in a language; the direction only where it is not the usual."""
    return f'lang="{lang}" dir="rtl"' if is_rtl(lang) else f'lang="{lang}"'


@cache
def find_network_locale(lang: str) -> str:
    """Return a language as Open Graph writes it, always with a country: `fr_FR`, `pt_BR`."""
    return f"{lang}_{_find_likely_territory(lang)}"


def find_tag(lang: str) -> str:
    """Return a language's tag for a browser's formats of numbers and dates; a country only if the settings name one."""
    territory = read_settings(lang).territory
    return f"{lang}-{territory}" if territory else lang


def find_office_tag(lang: str) -> str:
    """Return a language's tag for the texts of Office programs, always with a country: `fr-FR`."""
    return f"{lang}-{read_settings(lang).territory or _find_likely_territory(lang)}"


def find_office_language(lang: str) -> str:
    """Return the number of a language in Office programs, in hexadecimal digits: `40C`; empty where they have none."""
    tag = f"{lang}_{read_settings(lang).territory or _find_likely_territory(lang)}"
    numbers = [number for number, name in windows_locale.items() if name == tag]
    return f"{max(numbers):X}" if numbers else ""


def name_territory(iso2: str, lang: str) -> str:
    """Return a country's name in a language from CLDR; empty where it has none."""
    return str(Locale(lang).territories.get(iso2, ""))


@cache
def read_settings(lang: str) -> LanguageSettings:
    """Read the needs of a language beside its texts; a campaign's file overrides the program's."""
    files = [path for place in _places if (path := place / lang / SETTINGS_FILE).is_file()]
    try:
        return _read_settings(files[-1]) if files else LanguageSettings()
    except CampaignError:  # it broke since the build that checked it
        return LanguageSettings()


def fill(texts: Mapping[str, str], languages: Iterable[str]) -> Texts:
    """Return the texts by language, with one for each of `languages`."""
    known_texts = Texts(texts)
    return Texts({lang: known_texts[lang] for lang in dict.fromkeys((*languages, *known_texts))})


def _look(place: Path) -> Seen:
    files = [*place.glob(f"*/{CATALOGUE.as_posix()}"), *place.glob(f"*/{SETTINGS_FILE}")]
    return tuple((path, path.stat().st_mtime_ns) for path in sorted(files))


def _read_settings(path: Path) -> LanguageSettings:
    if not path.is_file():
        return LanguageSettings()
    try:
        return LanguageSettings.model_validate(read_toml(path))
    except ValidationError as error:
        first = error.errors()[0]
        setting, fault = name_setting(first), explain_value(first)
        what = sentence(N_("{path}: {setting}: {fault}."), path=str(path), setting=setting, fault=fault)
        raise CampaignError(what, N_("docs/settings.md lists what it may say.")) from error


@cache
def _find_locale(code: str) -> Locale | None:
    try:
        return Locale.parse(code)
    except (UnknownLocaleError, ValueError):
        return None


def _name_in_source(lang: str) -> str:
    return str(Locale(lang).get_display_name(SOURCE) or lang)


@cache
def _find_likely_territory(lang: str) -> str:
    likely: str = get_global("likely_subtags").get(lang, f"{lang}_{lang.upper()}")
    return likely.rsplit("_", 1)[-1]
