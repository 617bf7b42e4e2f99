"""`spellings.csv`: the meanings that staff gave to words without a code. `docs/clean-your-data.md` teaches the file.

A word is one spelling of a cell: *Zambbia* means Zambia, *n/a yet* means nothing, *Suspended* is a separate status.
While the file is changed, a later line goes before an earlier one.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import duckdb

from dashboard.campaign.answers.answer import NOTHING, Meaning
from dashboard.campaign.answers.staff_file import StaffFile
from dashboard.campaign.code_uses import WordMeaning
from dashboard.campaign.codelists import is_code, load_codelists
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.working_copy import find_version
from dashboard.errors import UserError, suggest
from dashboard.ground.codelist_codes import (
    BASE_STATUSES,
    CODELISTS,
    DERIVED_STATUSES,
    PLACE_LISTS,
    SEPARATOR,
    UNCLASSIFIED,
    Code,
)
from dashboard.languages import SOURCE, Texts, list_shipped
from etl.recipes.codelists import list_language_names
from etl.recipes.fields import FIELDS, LANGUAGES, PLACES, STATUSES
from etl.recipes.recipe_file import load_recipes
from etl.steps import Step, reached
from etl.texts.folding import Folding
from etl.texts.plain import is_question

HEADER = ("codelist", "word", "means", "based_on", "recipe", "file", "note", "decided_on")
_LISTS = (*(name for name in CODELISTS if name != "groupings"), LANGUAGES)  # no file states a grouping
LIST_OF_FIELD = {field.name: field.codelist for fields in FIELDS.values() for field in fields if field.codelist}


class SpellingError(UserError):
    """A line of spellings.csv cannot be used: the line and the remedy are in the sentence."""


@dataclass(frozen=True)
class SettledWord:
    """One line of `spellings.csv`.

    Attributes:
        line: The row in a spreadsheet; the header is row 1, and 0 is one that is not written yet.
        codelist: Its codelist; for the word of a place any of the three lists of places.
        key: The word in the form for comparisons.
        codes: Its meaning; empty where it means nothing.
        based_on: The base status, where the word is a separate status; `codes` then holds that status.
        recipe: The recipe whose files it applies to; empty for all files.
        file: The one file that it applies to, by its name in the inbox; empty for all files.
    """

    line: int
    codelist: str
    word: str
    key: str
    codes: tuple[WordMeaning, ...]
    based_on: str = ""
    recipe: str = ""
    file: str = ""
    note: str = ""
    decided_on: str = ""

    @property
    def scope(self) -> tuple[bool, bool]:
        """Return its narrowness: an answer for fewer files goes before one for more."""
        return bool(self.file), bool(self.recipe)

    @property
    def looked_up_in(self) -> str:
        """Return the list to look cells up in: the three lists of places are one."""
        return list_of(self.codelist)

    @property
    def means(self) -> str:
        """Return its meaning, as in the file."""
        return SEPARATOR.join(meaning.code for meaning in self.codes) or NOTHING


class Vocabulary:
    """The possible meanings: the codes and spellings of every list, and the statuses that staff have added."""

    def __init__(self, codelists: Mapping[str, Sequence[Code]], fold: Folding) -> None:
        """Know the campaign's codelists; nothing is folded before a word is looked up."""
        self.fold = fold
        self._codelists = codelists
        self._known: dict[str, dict[str, WordMeaning]] = {}

    def key(self, codelist: str, word: str) -> str:
        """Return a list's word in the form for comparisons; a status that asks stays as written."""
        if codelist == STATUSES and is_question(word):
            return word.strip()
        return self.fold(word)

    def find(self, codelist: str, text: str) -> WordMeaning | None:
        """Find the code that a text means: the code itself, or one of its spellings."""
        meanings = self._spellings(list_of(codelist))
        return meanings.get(text) or meanings.get(self.fold(text))

    def suggest(self, codelist: str, text: str) -> str:
        """Ask whether a text means the code nearest to it; empty where none is near."""
        return suggest(text, {meaning.code for meaning in self._spellings(list_of(codelist)).values()})

    def listed_statuses(self) -> dict[str, str | None]:
        """Return the statuses of the codelist, each with its base status; a derived one has none."""
        return {code.code: code.base_status for code in self._codelists[STATUSES]}

    def add_status(self, word: "SettledWord") -> None:
        """Know a status of staff's own from now on, by its code and its word."""
        meanings = self._spellings(STATUSES)
        meanings[word.codes[0].code] = meanings[word.key] = word.codes[0]

    def _spellings(self, name: str) -> dict[str, WordMeaning]:
        if name not in self._known:
            self._known[name] = self._gather(name)
        return self._known[name]

    def _gather(self, name: str) -> dict[str, WordMeaning]:
        """Map codes and folded spellings; of places the wider one has a shared spelling, as in the build."""
        if name == LANGUAGES:
            texts = [
                (WordMeaning(LANGUAGES, code), spelling) for _, code, spelling in list_language_names(list_shipped())
            ]
        else:
            lists = reversed(PLACE_LISTS) if name == PLACES else (name,)
            codes = [
                code
                for one in lists
                for code in self._codelists[one]
                if code.code not in (UNCLASSIFIED, *DERIVED_STATUSES)
            ]
            texts = [
                (WordMeaning(c.codelist, c.code, c.base_status), text)
                for c in codes
                for text in (*c.labels.values(), *c.aliases)
            ]
        folded = self.fold.fold_all([text for _, text in texts])
        meanings = {folded[text]: meaning for meaning, text in texts}
        return meanings | {meaning.code: meaning for meaning, _ in texts}


def list_of(codelist: str) -> str:
    """Return the list in which to look up cells of a codelist."""
    return PLACES if codelist in PLACE_LISTS else codelist


def read_words(path: Path, vocabulary: Vocabulary, recipes: Iterable[str]) -> list[SettledWord]:
    """Read the meanings that staff gave to words, in the order of the file; none where there is no file.

    Skip a line of a recipe that the campaign does not have: its files are not read either.

    Add the statuses of staff to the vocabulary.

    Raises:
        SpellingError: the file cannot be read, or one of its lines is impossible.
    """
    rows = list(_file(path).rows())
    if not rows:
        return []
    recipe_ids = set(recipes)
    parsed = [(parse(vocabulary, cells, number), cells["means"]) for number, cells in rows]
    parsed = [(word, means) for word, means in parsed if not word.recipe or word.recipe in recipe_ids]
    status_words: list[SettledWord] = []
    for word, _ in parsed:
        if word.based_on:
            add_own_status(vocabulary, word, status_words)
            status_words.append(word)
    words = [word if word.based_on else find_codes(vocabulary, word, means) for word, means in parsed]
    _refuse_contradictions(words)
    return words


def parse(vocabulary: Vocabulary, cells: Mapping[str, str], line: int = 0) -> SettledWord:
    """Parse a line by its cells; look up no codes yet, except for a separate status.

    Raises:
        SpellingError: a cell is empty or impossible.
    """
    where = _where(line, cells["word"])
    based_on = cells.get("based_on", "")
    empty = [name for name in HEADER[:3] if not cells[name] and not (name == "means" and based_on)]
    if empty:
        raise SpellingError(f'{where}: the column "{empty[0]}" is empty.', "Fill it, or take the row out.")
    list_name = cells["codelist"].casefold().replace(" ", "_")
    codelist = list_name if list_name in _LISTS else LIST_OF_FIELD.get(list_name, list_name)
    codelist = "countries" if codelist == PLACES else codelist
    if codelist not in _LISTS:
        raise SpellingError(f"{where}: “{cells['codelist']}” is no codelist.", f"Write one of {', '.join(_LISTS)}.")
    word = SettledWord(
        line, codelist, cells["word"], vocabulary.key(codelist, cells["word"]), (), "", cells.get("recipe", ""),
        cells.get("file", ""), cells.get("note", ""), cells.get("decided_on", ""),
    )  # fmt: skip
    return _own_status(vocabulary, word, cells["means"], based_on) if based_on else word


def find_codes(vocabulary: Vocabulary, word: SettledWord, means: str) -> SettledWord:
    """Return the word with the codes that it means: codes or spellings of codes, several between vertical bars.

    Raises:
        SpellingError: one of them is no code.
    """
    if means.casefold() == NOTHING:
        return word
    codes = []
    for text in filter(None, map(str.strip, means.split(SEPARATOR))):
        meaning = vocabulary.find(word.codelist, text)
        if meaning is None:
            raise SpellingError(
                f"{_where(word.line, word.word)}: “{text}” is no code of {word.codelist}.",
                f"{vocabulary.suggest(word.codelist, text)}"
                f"Write one of its codes (docs/settings.md says where they stand), or {NOTHING}.",
            )
        codes.append(meaning)
    if len(codes) > 1 and word.looked_up_in not in (PLACES, "themes"):
        raise SpellingError(
            f"{_where(word.line, word.word)}: it can mean only one code of {word.codelist}.", "Write one code."
        )
    return replace(word, codes=tuple(dict.fromkeys(codes)))


def add_own_status(vocabulary: Vocabulary, word: SettledWord, words: Sequence[SettledWord]) -> None:
    """Add a status of staff to the possible meanings, beside those of other lines (`words`).

    Raises:
        SpellingError: the codelist or another line bases the status on another one.
    """
    where, code = _where(word.line, word.word), word.codes[0].code
    statuses = vocabulary.listed_statuses()
    if statuses.get(code, word.based_on) != word.based_on:
        raise SpellingError(
            f"{where}: the codelist has a status {code} that is not based on {word.based_on}.",
            "Write another code into means, or leave based_on empty.",
        )
    other_word = next((w for w in words if w.codes[0].code == code and w.based_on != word.based_on), None)
    if other_word is not None:
        raise SpellingError(
            f"{where}: the status {code} is based on {word.based_on}, "
            f"but row {other_word.line} bases it on {other_word.based_on}.",
            "Take one of these rows out, or write another code into means.",
        )
    vocabulary.add_status(word)


def own_statuses(words: Iterable[SettledWord], codelists: Mapping[str, Sequence[Code]]) -> list[Code]:
    """List the statuses of staff that the codelist lacks, each labelled as written, after the codelist's."""
    status_codes = {code.code for code in codelists[STATUSES]}
    last = max((c.sort_order for c in codelists[STATUSES] if c.base_status), default=0)
    new: dict[str, Code] = {}
    for word in words:
        if word.based_on and word.codes[0].code not in status_codes:
            code = word.codes[0].code
            labels = Texts({SOURCE: word.word})
            new.setdefault(code, Code(STATUSES, code, labels, (), last + len(new) + 1, base_status=word.based_on))
    return list(new.values())


def _file(path: Path) -> StaffFile:
    return StaffFile(path, HEADER, HEADER[:3], SpellingError)


def _where(line: int, word: str) -> str:
    return f"spellings.csv, row {line}" if line else f"“{word}”"


def _own_status(vocabulary: Vocabulary, word: SettledWord, means: str, based_on: str) -> SettledWord:
    """Return a word that is a separate status; make the code from the word where the line has none."""
    where = _where(word.line, word.word)
    if word.codelist != STATUSES:
        raise SpellingError(f"{where}: only a status can be based on another.", "Leave based_on empty.")
    base = vocabulary.find(STATUSES, based_on)
    if base is None or base.code not in BASE_STATUSES:
        raise SpellingError(
            f"{where}: “{based_on}” is no base status.", f"Write one of {', '.join(BASE_STATUSES)} into based_on."
        )
    code = means if means and means.casefold() != NOTHING else _make_code(vocabulary, word, base.code)
    if not is_code(code):
        raise SpellingError(
            f"{where}: {code} cannot be a code.",
            "Use small letters a to z, digits and underscores, or leave means empty.",
        )
    return replace(word, codes=(WordMeaning(STATUSES, code, base.code),), based_on=base.code)


def _make_code(vocabulary: Vocabulary, word: SettledWord, base: str) -> str:
    """Make the code of a status named like the word: its letters and digits, else a number."""
    letters = "".join(c if c.isascii() and c.isalnum() else "_" for c in vocabulary.fold(word.word).lower())
    code = "_".join(filter(None, letters.split("_")))
    if not is_code(code):
        return f"status_{hashlib.sha256(word.key.encode()).hexdigest()[:8]}"
    return code if vocabulary.listed_statuses().get(code, base) == base else f"{code}_{base}"


def _refuse_contradictions(words: Iterable[SettledWord]) -> None:
    words_by_key: dict[tuple[str, str, str, str], SettledWord] = {}
    for word in words:
        first = words_by_key.setdefault((word.looked_up_in, word.key, word.recipe, word.file), word)
        if set(first.codes) != set(word.codes):
            raise SpellingError(
                f"spellings.csv, row {word.line}: “{word.word}” is said to mean {word.means}, "
                f"but row {first.line} says {first.means}.",
                "Take one of these rows out.",
            )


About = tuple[str, str, str, str]
"""The subject of a line."""


class Spellings:
    """The file of one campaign while it is read and written."""

    def __init__(self, folder: CampaignFolder, fold: Folding, path: Path | None = None) -> None:
        """Change the file of a campaign, or another one at `path` that stands in its place."""
        self._path = path or folder.spellings_file
        self._recipes = [recipe.id for recipe in load_recipes(folder)]
        self.vocabulary = Vocabulary(load_codelists(folder), fold)

    def read(self) -> list[SettledWord]:
        """Read the lines of the file."""
        return read_words(self._path, self.vocabulary, self._recipes)

    def understand(self, meaning: Meaning, words: Sequence[SettledWord]) -> SettledWord:
        """Return the line for a meaning; for a separate status the codelist may be empty.

        Raises:
            UserError: the recipe, the codelist or a code does not exist.
        """
        if meaning.recipe and meaning.recipe not in self._recipes:
            raise UserError(f"There is no recipe {meaning.recipe}.", f"Name one of {', '.join(self._recipes)}.")
        means = meaning.means or ("" if meaning.based_on else "?")
        cells = {**meaning._asdict(), "means": means, "codelist": meaning.codelist or STATUSES}
        word = parse(self.vocabulary, cells)
        if word.based_on:
            add_own_status(self.vocabulary, word, [w for w in words if w.based_on and not is_about(w, word)])
            return word
        return find_codes(self.vocabulary, word, means)

    def keep(self, words: Sequence[SettledWord]) -> list[tuple[SettledWord, bool]]:
        """Write lines, each in the place of those about the same word; returns each, and whether it is new.

        Raises:
            UserError: another line means a status that a replaced line makes; nothing is written.
        """
        lines = self.read()
        present, added = {about(line): line for line in lines}, dict[About, SettledWord]()
        for word in words:
            earlier = present.get(about(word))
            if earlier is None:
                added[about(word)] = replace(word, decided_on=date.today().isoformat())
            elif earlier.codes != word.codes or bool(earlier.based_on) is not bool(word.based_on):
                remaining = [line for line in lines if about(line) in present]
                self._refuse_needed(earlier, [*remaining, *added.values()], instead=word)
                added[about(word)] = replace(word, decided_on=date.today().isoformat())
                del present[about(word)]
        cells = [{name: str(getattr(word, name)) for name in HEADER} for word in added.values()]
        reached(Step.SAY)
        _file(self._path).change(cells, [line.line for line in lines if about(line) not in present])
        words_by_key = {about(word): word for word in self.read()}
        return [(words_by_key[about(word)], about(word) in added) for word in words]

    def remove(self, word: SettledWord, words: Sequence[SettledWord]) -> None:
        """Take a line out, unless others (`words`) mean the status that it makes."""
        self._refuse_needed(word, words)
        reached(Step.SAY)
        _file(self._path).change(removed=[word.line])

    def _refuse_needed(
        self, word: SettledWord, words: Sequence[SettledWord], instead: SettledWord | None = None
    ) -> None:
        """Refuse to take a line out, or put another in its place, while others mean the status that it makes."""
        gone = word.based_on and (instead is None or instead.codes != word.codes)
        rest = [w for w in words if w is not word and w.codes == word.codes]
        if gone and rest and not any(w.based_on for w in rest):
            raise UserError(
                f"“{rest[0].word}” (row {rest[0].line}) means {word.means}, the status that “{word.word}” is.",
                "Take that line back first.",
            )


@contextmanager
def open_spellings(folder: CampaignFolder, path: Path | None = None) -> Iterator[Spellings]:
    """Open the file of a campaign, or another one at `path` that stands in its place, to read and change it."""
    with duckdb.connect() as connection:
        yield Spellings(folder, Folding(connection), path)


def keep_meanings(
    folder: CampaignFolder, path: Path, meanings: Sequence[Meaning], version: str | None = None
) -> list[tuple[SettledWord, bool]]:
    """Keep the meanings of words in a file, all of them or none; return each line, and whether it is new.

    A later word replaces an earlier one. `path`: the campaign's file, or a draft's that stands in its place.
    `version`: the version of the file that they rest on: where it is another now, nothing is replaced.

    Raises:
        UserError: a word has another meaning since; a recipe, codelist or code does not exist, or a line of the file is
            wrong.
    """
    with open_spellings(folder, path) as spellings:
        lines = spellings.read()
        words: list[SettledWord] = []
        for meaning in meanings:
            words.append(spellings.understand(meaning, [*lines, *words]))
        if version is not None and find_version(path) != version:
            _refuse_changed(words, lines)
        return spellings.keep(words)


def withdraw_meaning(folder: CampaignFolder, meaning: Meaning) -> SettledWord:
    """Take the line about a word out of the campaign's file; return it.

    Raises:
        UserError: the word has no line, or another line means the status that it is.
    """
    with open_spellings(folder) as spellings:
        words = spellings.read()
        lists = [list_of(meaning.codelist)] if meaning.codelist else sorted({word.looked_up_in for word in words})
        matches = [
            word
            for word in words
            if word.looked_up_in in lists
            and word.key == spellings.vocabulary.key(word.looked_up_in, meaning.word)
            and (word.recipe, word.file) == (meaning.recipe, meaning.file)
        ]
        if not matches:
            narrower = [f"of the recipe {meaning.recipe}"] * bool(meaning.recipe)
            narrower += [f"in {meaning.file}"] * bool(meaning.file)
            of = f" {' '.join(narrower) or 'for all files'}"
            raise UserError(f"spellings.csv says nothing of “{meaning.word}”{of}.", "Look at the file.")
        if len(matches) > 1:
            raise refuse_several(meaning.word, [word.codelist for word in matches])
        spellings.remove(matches[0], words)
        return matches[0]


def _refuse_changed(words: Sequence[SettledWord], lines: Sequence[SettledWord]) -> None:
    """Refuse to replace a line by another meaning."""
    for word in words:
        for earlier in (one for one in lines if is_about(one, word)):
            if (earlier.codes, bool(earlier.based_on)) != (word.codes, bool(word.based_on)):
                raise UserError(
                    f"spellings.csv, row {earlier.line}: “{earlier.word}” was said to mean "
                    f"{earlier.means or earlier.based_on} since you looked.",
                    "Nothing of yours was kept: look at it, and keep yours or leave it.",
                )


def refuse_several(word: str, lists: Iterable[str]) -> UserError:
    """Make the refusal of a word that may be of several lists."""
    return UserError(f"“{word}” may be a word of {' or of '.join(lists)}.", "Say which: --list themes, for example.")


def is_about(first: SettledWord, second: SettledWord) -> bool:
    """Whether two lines are about the same word in the same files."""
    return about(first) == about(second)


def about(word: SettledWord) -> About:
    """Return the subject of a line: its list, its word, and its files."""
    return word.looked_up_in, word.key, word.recipe, word.file
