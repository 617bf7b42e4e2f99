"""`spellings.csv` while it is changed: what words mean becomes lines; a later line goes before an earlier one."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb

from dashboard.answers.answer import Meaning
from dashboard.campaign.codelists import load_codelists
from dashboard.campaign.folder import CampaignFolder
from dashboard.errors import UserError
from etl.inputs.spellings_file import (
    SettledWord,
    Vocabulary,
    add_own_status,
    append_words,
    find_codes,
    parse,
    read_words,
    remove_word,
)
from etl.inputs.staff_file import changed_at_once
from etl.recipes.fields import STATUSES
from etl.recipes.recipe_file import load_recipes
from etl.texts.folding import Folding

About = tuple[str, str, str, str]
"""What a line is about."""


class Spellings:
    """The file of one campaign while it is read and written."""

    def __init__(self, folder: CampaignFolder, fold: Folding, path: Path | None = None) -> None:
        """Change the file of a campaign, or another one at `path` that stands in its place."""
        self._path = path or folder.spellings_file
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

    def understand(self, meaning: Meaning, words: Sequence[SettledWord]) -> SettledWord:
        """The line that says this; of a status of its own the codelist may be empty.

        Raises:
            UserError: the recipe, the codelist or a code is not known.
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

    def keep_all(self, words: Sequence[SettledWord]) -> list[tuple[SettledWord, bool]]:
        """Write lines, each in the place of one about the same word; returns each, and whether it is new."""
        present, added = {about(word): word for word in self.read()}, dict[About, SettledWord]()
        for word in words:
            earlier = present.get(about(word))
            if earlier is not None:
                if earlier.codes == word.codes and bool(earlier.based_on) is bool(word.based_on):
                    continue
                lines = self.read()
                self.remove(next(one for one in lines if about(one) == about(word)), lines, instead=word)
                del present[about(word)]
            added[about(word)] = replace(word, decided_on=date.today().isoformat())
        if added:
            append_words(self._path, added.values())
        words_by_key = {about(word): word for word in self.read()}
        return [(words_by_key[about(word)], about(word) in added) for word in words]

    def remove(self, word: SettledWord, words: Sequence[SettledWord], instead: SettledWord | None = None) -> None:
        """Take a line out, unless others mean the status that it makes."""
        gone = word.based_on and (instead is None or instead.codes != word.codes)
        rest = [w for w in words if w is not word and w.codes == word.codes]
        if gone and rest and not any(w.based_on for w in rest):
            raise UserError(
                f"“{rest[0].word}” (row {rest[0].line}) means {word.means}, the status that “{word.word}” is.",
                "Take that line back first.",
            )
        remove_word(self._path, word)


@contextmanager
def open_spellings(folder: CampaignFolder, path: Path | None = None) -> Iterator[Spellings]:
    """The file of a campaign, or another one at `path` that stands in its place, to be read and changed."""
    with duckdb.connect() as connection:
        yield Spellings(folder, Folding(connection), path)


def keep_meanings(folder: CampaignFolder, path: Path, meanings: Sequence[Meaning]) -> None:
    """Write what words mean into a file that stands in the place of the campaign's: all of it, or nothing.

    Raises:
        UserError: a recipe, codelist or code is not known, or a line of the file is wrong.
    """
    with open_spellings(folder, path) as spellings:
        lines = spellings.read()
        words = [spellings.understand(meaning, lines) for meaning in meanings]
        with spellings.changed_at_once():
            spellings.keep_all(words)


def is_about(first: SettledWord, second: SettledWord) -> bool:
    """Whether two lines are about the same word in the same files."""
    return about(first) == about(second)


def about(word: SettledWord) -> About:
    """What a line is about: its list, its word, and in which files."""
    return word.looked_up_in, word.key, word.recipe, word.file
