"""The possible meanings of words that match no code: the choices of each, and their effects on the figures."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from dashboard import formats
from dashboard.campaign.answers.answer import AND, NEW_MEMBER, NOTHING, OWN_STATUS, Meaning
from dashboard.campaign.code_uses import Effect, Scope, WordMeaning, codelists_of, read_effects
from dashboard.campaign.file_names import find_names
from dashboard.ground.codelist_codes import BASE_STATUSES, DERIVED_STATUSES, UNCLASSIFIED, Code
from dashboard.i18n import N_, Translator
from dashboard.lists.quality.wording import name_field
from dashboard.measures.register import SEPARATOR

SEVERAL = ("themes", "countries", "regions")
"""Fields that take several values."""
EVERYWHERE = ("", "")
"""The scope of a word's meaning, as a choice: in all files; else `recipe` or `file` with its name."""
_FILES = 3  # the most files to name for a word
_OWN_LISTS = {"themes": N_("New: it becomes a theme"), "categories": N_("New: it becomes a category")}

Codes = Mapping[str, Mapping[str, Code]]
Row = Mapping[Any, Any]
"""A word: a row of the query `unmatched_words`; `own_list` is the campaign's list that it may be new in."""
Place = tuple[str, str]


class WordKey(NamedTuple):
    """The key of a word."""

    field: str
    word_key: str


@dataclass(frozen=True)
class Scene:
    """The place of questions about words.

    Attributes:
        snapshot: The snapshot in which they match no code.
        titles: The titles of recipes by their ids.
        key: The prefix of its widgets' keys.
    """

    snapshot: Path
    build_id: str
    codes: Codes
    titles: Mapping[str, str]
    key: str
    is_disabled: bool = False


def key_of(row: Row) -> WordKey:
    """Return the key of a word."""
    return WordKey(row["field"], row["word_key"])


def is_place(field: str) -> bool:
    """Return whether the lists of all places look up the words of a field."""
    return codelists_of(field) == codelists_of("countries")


def group_words(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Group the words by their field, those of all places together."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault("countries" if is_place(row["field"]) else row["field"], []).append(row)
    return groups


def sum_up_words(t: Translator, field: str, rows: Sequence[Row]) -> str:
    """Write a field with the number of its unknown words, and of their rows."""
    count = t.plural("{n} word", "{n} words", len(rows))
    return f"{t(name_field(field))} · {count} · {count_rows(t, sum(int(row['row_count']) for row in rows))}"


def list_options(row: Row, codes: Codes, lang: str) -> list[str]:
    """List the possible meanings of a word: a new member, the codes of its field, the suggested first, or nothing."""
    field, options = row["field"], []
    for codelist in codelists_of(field):
        members = [
            code for code in codes.get(codelist, {}).values() if code.code not in (UNCLASSIFIED, *DERIVED_STATUSES)
        ]
        if codelist == "countries":
            members.sort(key=lambda code: code.labels[lang])
        options += [f"{codelist}:{code.code}" for code in members]
    if field == "language":
        options += [f"languages:{code}" for code in formats.list_languages(lang)]
    options.sort(key=lambda option: not _is_suggested(row, option))
    new = [NEW_MEMBER] if isinstance(row.get("own_list"), str) else []
    bases = [f"{OWN_STATUS}{base}" for base in BASE_STATUSES] if field == "status" else []
    return [*new, *options, NOTHING, *bases]


def name_option(t: Translator, row: Row, option: str, codes: Codes) -> str:
    """Write a choice in words."""
    if option == NOTHING:
        return t("Nothing: the field stays empty")
    if option == NEW_MEMBER:
        return t(_OWN_LISTS[row["own_list"]])
    if option.startswith(OWN_STATUS):
        status = codes["statuses"][option.removeprefix(OWN_STATUS)].labels[t.language]
        return t("A status of its own, counted as: {status}", status=status)
    codelist, code = option.split(":", 1)
    return _label(codes, codelist, code, t.language)


def name_suggested(t: Translator, row: Row, codes: Codes) -> str:
    """Name the suggested meaning of a likely misspelling; else nothing."""
    options = [option for option in list_options(row, codes, t.language) if _is_suggested(row, option)][:1]
    return "".join(name_option(t, row, option, codes) for option in options)


def list_places(scene: Scene, row: Row, *, recipe_first: bool) -> list[Place]:
    """List the possible scopes of a word's meaning: all files, those of a recipe, or one of this name."""
    recipes = [("recipe", recipe) for recipe in row["recipes"] if isinstance(recipe, str)]
    files = [("file", name) for name in files_of(scene, row)]
    return [*recipes, EVERYWHERE, *files] if recipe_first else [EVERYWHERE, *recipes, *files]


def name_where(t: Translator, scene: Scene, place: Place) -> str:
    """Write the scope of a word's meaning in words."""
    kind, name = place
    if kind == "recipe":
        return t("Only files of this kind: {recipe}", recipe=scene.titles.get(name, name))
    return t("Only this file: {file}", file=name) if kind else t("All files")


def where_of(meaning: Meaning) -> Place:
    """Return the scope of a meaning, as a choice."""
    return ("recipe", meaning.recipe) if meaning.recipe else ("file", meaning.file) if meaning.file else EVERYWHERE


def make_meaning(row: Row, options: Sequence[str], place: Place) -> Meaning | None:
    """Make the meaning of a word from a choice; None without one."""
    if not options:
        return None
    kind, name = place
    meaning = Meaning(row["word"], **({kind: name} if kind else {}))
    first = options[0]
    if first.startswith(OWN_STATUS):
        return meaning._replace(codelist="statuses", based_on=first.removeprefix(OWN_STATUS))
    if first == NEW_MEMBER:
        return Meaning(row["word"], row["own_list"], NEW_MEMBER)
    lists = codelists_of(row["field"])
    if first == NOTHING:
        return meaning._replace(codelist=lists[-1] if lists else "languages", means=NOTHING)
    pairs = [option.split(":", 1) for option in options]
    return meaning._replace(codelist=pairs[0][0], means=AND.join(code for _, code in pairs))


def read_options(meaning: Meaning | None, codes: Codes) -> list[str]:
    """Read the choices of a word's meaning."""
    if meaning is None:
        return []
    if meaning.based_on:
        return [f"{OWN_STATUS}{meaning.based_on}"]
    if meaning.means in (NOTHING, NEW_MEMBER):
        return [meaning.means]
    return [f"{_list_of(codes, meaning.codelist, code)}:{code}" for code in meaning.means.split(AND)]


def files_of(scene: Scene, row: Row) -> list[str]:
    """List the files of a word by their real names."""
    names = find_names(scene.snapshot)
    return [names.file(str(handle)) for handle in row["files"]]


def describe(t: Translator, scene: Scene, row: Row) -> str:
    """Describe the field of a word, its rows and files, and its suggested meaning."""
    files = files_of(scene, row)
    file_names = ", ".join(files[:_FILES]) + (" …" if len(files) > _FILES else "")
    suggested = name_suggested(t, row, scene.codes)
    looks = t("looks like {field}", field=suggested) if suggested else ""
    return " · ".join(filter(None, (t(name_field(row["field"])), count_rows(t, row["row_count"]), file_names, looks)))


def count_rows(t: Translator, count: int) -> str:
    """Write a number of rows in words."""
    return t.plural("{n} row", "{n} rows", count)


def say_meaning(t: Translator, scene: Scene, meaning: Meaning) -> str:
    """Write the meaning of a word in the reader's words."""
    codes, lang, word = scene.codes, t.language, meaning.word
    if meaning.based_on:
        base = codes["statuses"][meaning.based_on].labels[lang]
        words = t("“{word}” is a status of its own, counted as: {status}", word=word, status=base)
    elif meaning.means == NOTHING:
        words = t("“{word}” means nothing", word=word)
    elif meaning.is_new_member:
        words = f"“{word}”: {t(_OWN_LISTS[meaning.codelist])}"
    else:
        labels = [_label(codes, meaning.codelist, code, lang) for code in meaning.means.split(AND)]
        words = t("“{word}” means {labels}", word=word, labels=SEPARATOR.join(labels))
    place = where_of(meaning)
    return words if place == EVERYWHERE else f"{words} ({name_where(t, scene, place)})"


def say_effect(t: Translator, scene: Scene, row: Row, meaning: Meaning) -> str:
    """Write the change of the figures by a word's meaning; empty where that cannot be computed."""
    codes = scene.codes
    status = meaning.based_on or (meaning.means if meaning.codelist == "statuses" else "")
    base = codes["statuses"][status].base_status if status in codes["statuses"] else None
    meant_codes = [] if meaning.means == NOTHING else (meaning.means or meaning.based_on).split(AND)
    looked_up = tuple(WordMeaning(_list_of(codes, meaning.codelist, code), code, base) for code in meant_codes)
    scope = Scope(meaning.recipe or None, find_names(scene.snapshot).handle(meaning.file) if meaning.file else None)
    try:
        effects = read_effects(scene.snapshot, scene.build_id, row["word_key"], scope, looked_up)
    except duckdb.Error:
        return ""
    if not effects:
        return t("This changes no figures.")
    return "; ".join(_say_one(t, codes, effect, meaning) for effect in effects)


def read_line(scene: Scene, row: Row) -> Meaning:
    """Read a line of spellings.csv: a row of the query `settled_words`."""
    cells = (row[name] if isinstance(row[name], str) else "" for name in ("based_on", "recipe", "source_file"))
    based_on, recipe, handle = cells
    means = "" if based_on else AND.join(row["codes"]) or NOTHING
    return Meaning(row["word"], row["codelist"], means, based_on, recipe, find_names(scene.snapshot).file(handle))


def _is_suggested(row: Row, option: str) -> bool:
    """Return whether a word looks like a misspelling of an option."""
    codelist, _, code = option.partition(":")
    return code != "" and code == row["nearest_code"] and f"{codelist}:" != OWN_STATUS


def _list_of(codes: Codes, codelist: str, code: str) -> str:
    """Return the codelist of a code: the three lists of places are looked up together."""
    lists = codelists_of("countries") if codelist in codelists_of("countries") else [codelist]
    return next((name for name in lists if code in codes.get(name, {})), codelist)


def _label(codes: Codes, codelist: str, code: str, lang: str) -> str:
    if codelist == "languages":
        return formats.list_languages(lang).get(code, code)
    entry = codes.get(_list_of(codes, codelist, code), {}).get(code)
    return entry.labels[lang] if entry is not None else code


def _say_one(t: Translator, codes: Codes, effect: Effect, meaning: Meaning) -> str:
    name = meaning.word if meaning.is_new_member else _label(codes, effect.codelist, effect.code, t.language)
    if effect.before is not None:
        return t("{status}: {before} → {after} actions", status=name, before=effect.before, after=effect.after)
    return t.plural("{n} action moves to {member}", "{n} actions move to {member}", effect.after, member=name)
