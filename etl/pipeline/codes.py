"""Cells → codes: each distinct cell of a column is split and looked up once; rows are joined to the answers in SQL."""

from collections.abc import Callable, Collection, Sequence, Set
from functools import cache
from itertools import chain, groupby
from typing import NamedTuple

import duckdb

from dashboard.ground.codelist_codes import PLACE_LISTS, UNCLASSIFIED
from etl.inputs.spellings_file import SettledWord
from etl.pipeline.cell_values import ALPHA2, Meaning, Words, learn_cells, list_starts, read_cells, read_column
from etl.profiling import timed
from etl.recipes.fields import FIELDS, PLACES, STATUSES
from etl.recipes.known_headers import RecipeError
from etl.recipes.recipe_file import Recipe
from etl.sqlfiles import ask, insert_rows
from etl.texts.folding import Folding
from etl.texts.plain import is_question

_ALSO_ANSWERS = ("NA", "NO")  # codes of countries that are answers as well
_ONE_CODE = (";",)  # between the codes in a cell of a field that takes one


class Reader(NamedTuple):
    """The words that read cells: a recipe's; with a file, also the words for that file alone."""

    recipe: Recipe
    file: str = ""


_Said = dict[tuple[str, str], list[Meaning]]
"""The settled words of staff, by the list of the look-up and the form for comparisons."""


def load_words(connection: duckdb.DuckDBPyConnection, words: Sequence[SettledWord]) -> None:
    """Load the settled words of staff into `staff_words`."""
    rows = [
        (w.line, w.codelist, w.looked_up_in, w.word, w.key, meaning.codelist, meaning.code, *details)
        for w in words
        for details in [(w.based_on or None, w.recipe or None, w.file or None, w.note or None)]
        for meaning in _meanings(w)
    ]
    insert_rows(connection, "staff_words", rows)


@timed("cells resolved")
def resolve_cells(
    connection: duckdb.DuckDBPyConnection,
    readers: Sequence[Reader],
    fold: Folding,
    words: Sequence[SettledWord] = (),
    lists: Collection[str] | None = None,
) -> None:
    """Fill the table `resolved` from the table `cells`: one row a cell of a column and value, with its code or null.

    The words of staff go before the recipe's value map, those for fewer files before the rest.
    `readers`: the words that read cells, by reader number.
    `lists`: the lists of the cells, where others are resolved already.

    Raises:
        RecipeError: a recipe's value map names a code that is in no codelist.
    """
    chosen = {"lists": None if lists is None else sorted(lists)}
    looked_up, cells = ask(connection, "cells/spellings", chosen), ask(connection, "cells/unresolved", chosen)
    meanings = {(row[0], row[1]): Meaning(row[2], row[3]) for row in looked_up}
    alpha2 = connection.execute("select iso2, code from codelist_countries where iso2 is not null").fetchall()
    meanings |= {(ALPHA2, iso2): Meaning("countries", code) for iso2, code in alpha2 if iso2 not in _ALSO_ANSWERS}
    recipes = [reader.recipe for reader in readers if not reader.file]
    codelist_of_code = _known_codes(connection) if any(recipe.values for recipe in recipes) else {}
    fold.learn([spelling for recipe in recipes for spellings in recipe.values.values() for spelling in spellings])
    maps = {recipe.id: _value_map(recipe, codelist_of_code, fold) for recipe in recipes}
    separators = {(number, field): _separators(readers[number].recipe, field) for _, number, field, *_ in cells}
    learn_cells(((cell, separators[number, field]) for _, number, field, _, cell in cells), fold)
    settled_meanings = [_said_of(words, reader) for reader in readers]

    @cache
    def list_code_starts(codelist: str) -> Set[str]:
        return list_starts(key for name, key in meanings if name == codelist)

    rows: list[tuple[int, str, str, int, str, str | None, str | None, int | None]] = []
    marks: list[tuple[object, ...]] = []
    for (sheet_no, number, field, codelist), in_column in groupby(cells, key=lambda row: row[:4]):
        recipe = readers[number].recipe
        words_ = _add_starts(
            Words(field, codelist, settled_meanings[number], maps[recipe.id], meanings, fold), list_code_starts
        )
        column = [cell for *_, cell in in_column]
        field_separators = separators[number, field]
        if _takes_several(recipe, field):
            read, cell_marks = read_column(column, field_separators, words_)
            marks += [(sheet_no, field, *mark) for mark in cell_marks]
        else:
            read = read_cells(column, field_separators, words_)
        rows += [
            (sheet_no, field, cell, nth, value.text, *(meaning or (None, None, None)))
            for cell, values in read.items()
            for nth, (value, meaning) in enumerate((v, m) for v in values for m in v.meanings or (None,))
        ]
    insert_rows(connection, "resolved", rows)
    insert_rows(connection, "cell_marks", marks)


def _add_starts(words: Words, list_code_starts: Callable[[str], Set[str]]) -> Words:
    """Add the beginnings of longer spellings to these words; a status that asks is looked up as written."""
    if words.codelist == STATUSES:
        return words

    @cache
    def list_all_starts() -> Set[str]:
        word_keys = (key for codelist, key in words.settled_meanings if codelist == words.codelist)
        recipe_keys = (key for field, key in words.recipe_meanings if field == words.field)
        return list_code_starts(words.codelist) | list_starts(chain(word_keys, recipe_keys))

    return words._replace(starts=list_all_starts)


def _meanings(word: SettledWord) -> list[Meaning]:
    """Make the meanings of a word that staff settled; a word without meaning leaves its rows unclassified."""
    meanings = [Meaning(code.codelist, code.code, word.line) for code in word.codes]
    return meanings or [Meaning(word.codelist, UNCLASSIFIED, word.line)]


def _said_of(words: Sequence[SettledWord], reader: Reader) -> _Said:
    """Collect the staff's meanings of the words that a reader meets, the narrowest last."""
    holding = [word for word in words if word.recipe in ("", reader.recipe.id) and word.file in ("", reader.file)]
    holding.sort(key=lambda word: word.scope)
    return {(word.looked_up_in, word.key): _meanings(word) for word in holding}


def _separators(recipe: Recipe, field: str) -> tuple[str, ...]:
    return recipe.separators(field) if _takes_several(recipe, field) else _ONE_CODE


def _takes_several(recipe: Recipe, field: str) -> bool:
    return any(f.several for f in FIELDS[recipe.holds] if f.name == field)


def _known_codes(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str | None, str], str]:
    """Find the codelist of each code, by the list in which a field looks and the code."""
    codelist_of_code: dict[tuple[str | None, str], str] = {}
    for codelist, code in connection.execute("select codelist, code from codelist_codes").fetchall():
        codelist_of_code[codelist, code] = codelist
        if codelist in PLACE_LISTS:
            codelist_of_code.setdefault((PLACES, code), codelist)
    languages = connection.execute("select distinct code from codelist_aliases where codelist = 'languages'").fetchall()
    return codelist_of_code | {("languages", code): "languages" for (code,) in languages}


def _value_map(
    recipe: Recipe, codelist_of_code: dict[tuple[str | None, str], str], fold: Folding
) -> dict[tuple[str, str], list[Meaning]]:
    """Make the recipe's value map: by field and folded spelling, the meant codes."""
    lists = {field.name: field.codelist for field in recipe.coded_fields}
    folded = fold.fold_all([spelling for spellings in recipe.values.values() for spelling in spellings])
    result = {}
    for field, spellings in recipe.values.items():
        for spelling, codes in spellings.items():
            lacking = [code for code in codes if (lists[field], code) not in codelist_of_code]
            if lacking and not recipe.is_own:
                continue  # a shipped recipe beside a campaign's own codelist: the spelling means nothing here
            if lacking:
                raise RecipeError(
                    f"The recipe {recipe.id}: values.{field} maps {spelling!r} to {lacking[0]!r}, "
                    f"which is no code of {lists[field]}.",
                    "Use a code of the campaign's codelist, or add it there.",
                )
            meanings = [Meaning(codelist_of_code[lists[field], code], code) for code in codes]
            key = spelling.strip() if lists[field] == STATUSES and is_question(spelling) else folded[spelling]
            result[field, key] = meanings or [Meaning(lists[field] or "", UNCLASSIFIED)]  # [] has no meaning
    return result
