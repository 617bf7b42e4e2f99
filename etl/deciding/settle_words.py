"""What words that match no code mean: said by staff, kept in spellings.csv, and taken back."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import NamedTuple

import duckdb

from dashboard.campaign.codelists import load_codelists
from dashboard.campaign.file_names import find_names
from dashboard.campaign.file_versions import find_version
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.word_effects import Effect, Scope, read_effects
from dashboard.errors import UserError
from dashboard.paths import QUERIES
from etl.inputs.spellings_file import (
    SettledWord,
    Vocabulary,
    add_own_status,
    append_word,
    find_codes,
    list_of,
    parse,
    read_words,
    remove_word,
)
from etl.inputs.staff_file import changed_at_once
from etl.publish import history
from etl.recipes.fields import FIELDS, STATUSES
from etl.recipes.recipe_file import load_recipes
from etl.sqlfiles import open_snapshot
from etl.texts.folding import Folding

_MOST = 1_000_000
_LIST_OF_FIELD = {field.name: field.codelist for fields in FIELDS.values() for field in fields if field.codelist}


class UnmatchedWord(NamedTuple):
    """A word that the published build could not match, and where it stands."""

    field: str
    key: str
    word: str
    rows: int
    nearest_code: str | None
    recipes: list[str]
    files: list[str]

    @property
    def looked_up_in(self) -> str:
        """The list in which it was looked up."""
        return _LIST_OF_FIELD[self.field]


class Wish(NamedTuple):
    """What is said of a word: as a line of the file, and without a codelist where only one list can be meant."""

    word: str
    means: str = ""
    based_on: str = ""
    codelist: str = ""
    recipe: str = ""
    file: str = ""
    note: str = ""


def list_words(folder: CampaignFolder) -> list[UnmatchedWord]:
    """The words that match no code in what is published, the most frequent first; none where nothing is.

    Raises:
        OtherSchemaError: another version of the program made what is published.
    """
    path = history.readable_snapshot(folder)
    if path is None:
        return []
    with open_snapshot(path) as connection:
        connection.execute("use snapshot")
        text = (QUERIES / "unmatched_words.sql").read_text(encoding="utf-8")
        words = connection.execute(text, {"files": None, "most": _MOST, "first": 0}).fetchall()
    names = find_names(path)
    found = (UnmatchedWord(*row[:-1]) for row in words)
    return [word._replace(files=[names.file(handle) for handle in word.files]) for word in found]


def settle(folder: CampaignFolder, wishes: Sequence[Wish], seen: str | None = None) -> list[tuple[SettledWord, bool]]:
    """Keep what words mean; returns each line, and whether it is new. A later word replaces an earlier one.

    Nothing is written unless all of them can be. `seen` is the version of the file that they rest on: where it is
    another now, nothing is replaced.

    Raises:
        UserError: something else was said of a word since; a recipe or code is not known, a word may be of several
            codelists, or a line of the file is wrong.
    """
    with _spellings(folder) as spellings:
        known = spellings.read()
        words = [spellings.understand(wish, known) for wish in wishes]
        if seen is not None and find_version(folder.spellings_file) != seen:
            _refuse_changed(words, known)
        with spellings.changed_at_once():
            return [spellings.keep(word) for word in words]


def take_back(folder: CampaignFolder, wish: Wish) -> SettledWord:
    """Take the line about a word out; returns it.

    Raises:
        UserError: nothing was said of the word, or another line means the status that it is.
    """
    with _spellings(folder) as spellings:
        known = spellings.read()
        lists = [list_of(wish.codelist)] if wish.codelist else sorted({word.looked_up_in for word in known})
        said = [
            word
            for word in known
            if word.looked_up_in in lists
            and word.key == spellings.vocabulary.key(word.looked_up_in, wish.word)
            and (word.recipe, word.file) == (wish.recipe, wish.file)
        ]
        if not said:
            narrower = [f"of the recipe {wish.recipe}"] * bool(wish.recipe) + [f"in {wish.file}"] * bool(wish.file)
            of = f" {' '.join(narrower) or 'for all files'}"
            raise UserError(f"spellings.csv says nothing of “{wish.word}”{of}.", "Look at the file.")
        if len(said) > 1:
            raise _several(wish, [word.codelist for word in said])
        spellings.remove(said[0], known)
        return said[0]


def find_effects(folder: CampaignFolder, word: SettledWord) -> Sequence[Effect] | None:
    """What a word changes in the published figures, as long as it matches no code there; None where nothing tells."""
    path, pointer = history.published_snapshot(folder), history.read_pointer(folder)
    if path is None or pointer is None:
        return None
    try:
        scope = Scope(word.recipe or None, find_names(path).handle(word.file) if word.file else None)
        return read_effects(path, str(pointer["build_id"]), word.key, scope, word.codes)
    except duckdb.Error:
        return None


class _Spellings:
    """The file of one campaign while it is read and written."""

    def __init__(self, folder: CampaignFolder, fold: Folding) -> None:
        self._folder = folder
        self._path = folder.spellings_file
        self._recipes = [recipe.id for recipe in load_recipes(folder)]
        self.vocabulary = Vocabulary(load_codelists(folder), fold)

    @contextmanager
    def changed_at_once(self) -> Iterator[None]:
        """Have all lines that are written inside take their place in one step, or none."""
        path = self._path
        with changed_at_once(path) as self._path:
            yield
        self._path = path

    def read(self) -> list[SettledWord]:
        """What the file says."""
        return read_words(self._path, self.vocabulary, self._recipes)

    def understand(self, wish: Wish, known: Sequence[SettledWord]) -> SettledWord:
        """The line that says this."""
        if wish.recipe and wish.recipe not in self._recipes:
            raise UserError(f"There is no recipe {wish.recipe}.", f"Name one of {', '.join(self._recipes)}.")
        means = wish.means or ("" if wish.based_on else "?")
        cells = {**wish._asdict(), "means": means, "codelist": wish.codelist or self._find_list(wish, known)}
        word = parse(self.vocabulary, cells)
        if word.based_on:
            add_own_status(self.vocabulary, word, [w for w in known if w.based_on and not _is_about(w, word)])
            return word
        return find_codes(self.vocabulary, word, means)

    def keep(self, word: SettledWord) -> tuple[SettledWord, bool]:
        """Write a line; another one about the same word goes."""
        known = self.read()
        for earlier in known:
            if _is_about(earlier, word):
                if earlier.codes == word.codes and bool(earlier.based_on) is bool(word.based_on):
                    return earlier, False
                self.remove(earlier, known, instead=word)
        append_word(self._path, replace(word, decided_on=date.today().isoformat()))
        return next(w for w in reversed(self.read()) if _is_about(w, word)), True

    def remove(self, word: SettledWord, known: Sequence[SettledWord], instead: SettledWord | None = None) -> None:
        """Take a line out, unless others mean the status that it makes."""
        gone = word.based_on and (instead is None or instead.codes != word.codes)
        others = [w for w in known if w is not word and w.codes == word.codes]
        if gone and others and not any(w.based_on for w in others):
            raise UserError(
                f"“{others[0].word}” (row {others[0].line}) means {word.means}, the status that “{word.word}” is.",
                "Take that line back first.",
            )
        remove_word(self._path, word)

    def _find_list(self, wish: Wish, known: Sequence[SettledWord]) -> str:
        """The codelist that a word must be of: of a status of its own the statuses, else where it matches none."""
        if wish.based_on:
            return STATUSES
        key = self.vocabulary.key
        lists = {w.looked_up_in: w.field for w in list_words(self._folder) if w.key == key(w.looked_up_in, wish.word)}
        lists |= {w.looked_up_in: w.codelist for w in known if w.key == key(w.looked_up_in, wish.word)}
        if len(lists) > 1:
            raise _several(wish, lists.values())
        if not lists:
            raise UserError(
                f"“{wish.word}” is none of the words that match no code in what is published.",
                "Say which codelist it is of: --list themes, for example.",
            )
        return next(iter(lists.values()))


@contextmanager
def _spellings(folder: CampaignFolder) -> Iterator[_Spellings]:
    with duckdb.connect() as connection:
        yield _Spellings(folder, Folding(connection))


def _refuse_changed(words: Sequence[SettledWord], known: Sequence[SettledWord]) -> None:
    """Make sure that no line would be replaced by another meaning.

    Raises:
        UserError: one would.
    """
    for word in words:
        for other in (one for one in known if _is_about(one, word)):
            if (other.codes, bool(other.based_on)) != (word.codes, bool(word.based_on)):
                raise UserError(
                    f"spellings.csv, row {other.line}: “{other.word}” was said to mean {other.means or other.based_on} "
                    "since you looked.",
                    "Nothing of yours was kept: look at it, and keep yours or leave it.",
                )


def _is_about(one: SettledWord, other: SettledWord) -> bool:
    return (one.looked_up_in, one.key, one.recipe, one.file) == (
        other.looked_up_in, other.key, other.recipe, other.file,
    )  # fmt: skip


def _several(wish: Wish, lists: Iterable[str]) -> UserError:
    return UserError(
        f"“{wish.word}” may be a word of {' or of '.join(lists)}.", "Say which: --list themes, for example."
    )
