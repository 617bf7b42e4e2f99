"""Cells → codes: each distinct cell is split and looked up once; rows are joined to the answers in SQL."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

import duckdb

from dashboard.campaign.codelists import UNCLASSIFIED
from etl.build.staging import CHOICE_SEPARATOR
from etl.inputs.spellings_file import SettledWord
from etl.recipes.fields import FIELDS, PLACES, STATUSES
from etl.recipes.known_headers import RecipeError
from etl.recipes.recipe_file import Recipe
from etl.sqlfiles import insert_rows
from etl.texts.folding import Folding
from etl.texts.negation import is_question

_OTHER_SEPARATORS = (";", "|", "\n", "/", ",")
_FEWEST_CELLS = 2  # that a separator which no recipe names must explain
_MOSTLY = 0.9
_LONGEST_JOIN = 4  # pieces that are tried together: an option may contain the separator
_MAKER_OF_COUNTRY = re.compile(r"\s+[-–—]\s+")
ALPHA2 = "alpha-2"  # ISO 3166 codes of two letters: known in capitals only, and not where they are answers as well
_ALSO_ANSWERS = ("NA", "NO")


class Meaning(NamedTuple):
    """What one spelling stands for, and the line of `spellings.csv` that says so, if one does."""

    codelist: str
    code: str
    line: int | None = None


class Reader(NamedTuple):
    """By which words cells are read: those of a recipe; with a file, those that hold for that file alone besides."""

    recipe: Recipe
    file: str = ""


_Said = dict[tuple[str, str], list[Meaning]]
"""What staff said of words, by the list in which they are looked up and the form in which they are compared."""


def load_words(connection: duckdb.DuckDBPyConnection, words: Sequence[SettledWord]) -> None:
    """Put what staff said of words into `staff_words`."""
    rows = [
        (w.line, w.codelist, w.looked_up_in, w.word, w.key, meaning.codelist, meaning.code, *said)
        for w in words
        for said in [(w.based_on or None, w.recipe or None, w.file or None, w.note or None)]
        for meaning in _meanings(w)
    ]
    insert_rows(connection, "staff_words", rows)


def resolve_cells(
    connection: duckdb.DuckDBPyConnection, readers: Sequence[Reader], fold: Folding, words: Sequence[SettledWord] = ()
) -> None:
    """Fill the table `resolved` from the table `cells`: one row a cell and piece, with its code or null.

    What staff said of a word goes before the recipe's value map, what they said of fewer files before the rest.
    `readers` say by which words cells are read, by their numbers.

    Raises:
        RecipeError: a recipe's value map names a code that is in no codelist.
    """
    meanings = {(row[0], row[1]): Meaning(row[2], row[3]) for row in connection.execute("from spellings").fetchall()}
    alpha2 = connection.execute("select iso2, code from codelist_countries where iso2 is not null").fetchall()
    meanings |= {(ALPHA2, iso2): Meaning("countries", code) for iso2, code in alpha2 if iso2 not in _ALSO_ANSWERS}
    known = _known_codes(connection)
    recipes = [reader.recipe for reader in readers if not reader.file]
    fold.learn([spelling for recipe in recipes for spellings in recipe.values.values() for spelling in spellings])
    maps = {recipe.id: _value_map(recipe, known, fold) for recipe in recipes}
    cells = connection.execute("select words_no, field, list, cell from cells order by all").fetchall()
    places = {(number, field) for number, field, _, _ in cells}
    separators = {(number, field): _separators(readers[number].recipe, field) for number, field in places}
    folded = fold.fold_all(
        [text for number, field, _, cell in cells for text in _candidates(cell, separators[number, field])]
    )
    said = [_said_of(words, reader) for reader in readers]
    rows: list[tuple[int, str, str, int, str, str | None, str | None, int | None]] = []
    marks: list[tuple[int, str, str, str, str, bool]] = []
    for (recipe, field, codelist), in_column in _group_columns(cells, readers):
        stated = separators[in_column[0].words_no, field]
        words_of = {
            number: _Words(field, codelist, said[number], maps[recipe.id], meanings, folded)
            for number in {cell.words_no for cell in in_column}
        }
        resolved = {cell: _resolve(cell.text, stated, words_of[cell.words_no]) for cell in in_column}
        several = _takes_several(recipe, field)
        found = _split_otherwise(resolved, stated, words_of, fold) if several else {}
        for cell, pieces in (resolved | {cell: pieces for cell, (_, pieces) in found.items()}).items():
            rows += [
                (cell.words_no, field, cell.text, i, piece, *(meaning or (None, None, None)))
                for i, (piece, meaning) in enumerate(pieces)
            ]
        if several:
            marks += _list_marks(field, resolved, found, stated)
    insert_rows(connection, "resolved", rows)
    insert_rows(connection, "cell_separators", marks)


class _Cell(NamedTuple):
    """A distinct cell of a column, with the number of the words by which it is read."""

    words_no: int
    text: str


def _group_columns(
    cells: Iterable[tuple[int, str, str, str]], readers: Sequence[Reader]
) -> Iterable[tuple[tuple[Recipe, str, str], list[_Cell]]]:
    """The cells of each recipe's field and list, by whatever words they are read."""

    def column(row: tuple[int, str, str, str]) -> tuple[str, str, str]:
        return readers[row[0]].recipe.id, row[1], row[2]

    for (_, field, codelist), rows in groupby(sorted(cells, key=column), key=column):
        in_column = [_Cell(number, cell) for number, _, _, cell in rows]
        yield (readers[in_column[0].words_no].recipe, field, codelist), in_column


def _meanings(word: SettledWord) -> list[Meaning]:
    """What staff said that a word means; a word that means nothing leaves its rows unclassified."""
    meanings = [Meaning(meant.codelist, meant.code, word.line) for meant in word.codes]
    return meanings or [Meaning(word.codelist, UNCLASSIFIED, word.line)]


def _said_of(words: Sequence[SettledWord], reader: Reader) -> _Said:
    """What staff said of the words that a reader meets, the narrowest last."""
    holding = [word for word in words if word.recipe in ("", reader.recipe.id) and word.file in ("", reader.file)]
    holding.sort(key=lambda word: word.scope)
    return {(word.looked_up_in, word.key): _meanings(word) for word in holding}


class _Words(NamedTuple):
    """What the words of one field may mean.

    Attributes:
        field: The field.
        codelist: The list its codes come from.
        said: What staff said of words.
        own: The recipe's value map, by field and folded spelling.
        meanings: The codelists' spellings, by list and folded spelling.
        folded: Every text that may be looked up, folded.
    """

    field: str
    codelist: str
    said: _Said
    own: dict[tuple[str, str], list[Meaning]]
    meanings: dict[tuple[str, str], Meaning]
    folded: dict[str, str]

    def look_up(self, text: str) -> list[Meaning]:
        """What one text means; nothing where it is not known, or a status asks instead of stating."""
        asks = self.codelist == STATUSES and is_question(text)
        key = text.strip() if asks else self.folded[text]
        mapped = self.said.get((self.codelist, key)) or self.own.get((self.field, key))
        if asks:
            return mapped or []
        if mapped is not None:
            return mapped
        meaning = self.meanings.get((self.codelist, self.folded[text]))
        if meaning is None and self.codelist == PLACES:
            meaning = self.meanings.get((ALPHA2, text.strip()))
        return [meaning] if meaning else []


def _resolve(cell: str, separators: tuple[str, ...], words: _Words) -> list[tuple[str, Meaning | None]]:
    """The pieces of one cell, each with its meaning; pieces that are one option together are joined."""
    if words.field == "stakeholder":
        countries = words.look_up(_MAKER_OF_COUNTRY.split(cell)[0])
        return [(cell, meaning) for meaning in countries if meaning.codelist == "countries"]
    whole = words.look_up(cell)
    if whole:
        return [(cell, meaning) for meaning in whole]
    pieces = _split(cell, separators)
    resolved: list[tuple[str, Meaning | None]] = []
    start = 0
    while start < len(pieces):
        for length in range(min(_LONGEST_JOIN, len(pieces) - start), 0, -1):
            text = " ".join(pieces[start : start + length])
            answers = words.look_up(text)
            if answers or length == 1:
                break
        if not answers and words.codelist == PLACES:
            answers = words.look_up(_MAKER_OF_COUNTRY.split(text)[0])
        resolved += [(text, meaning) for meaning in answers] or [(text, None)]
        start += length
    return resolved


_Pieces = list[tuple[str, Meaning | None]]


def _split_otherwise(
    resolved: Mapping[_Cell, _Pieces], stated: tuple[str, ...], words_of: Mapping[int, _Words], fold: Folding
) -> dict[_Cell, tuple[str, _Pieces]]:
    """The cells that a separator explains which the recipe does not name, with it and their pieces.

    All cells of a column decide together, by whatever words they are read: it must explain nine in ten of those that
    hold it and are not understood, and at least two.
    """
    unknown = [cell for cell, pieces in resolved.items() if any(meaning is None for _, meaning in pieces)]
    best: dict[_Cell, tuple[str, _Pieces]] = {}
    for mark in _OTHER_SEPARATORS:
        holding = [cell for cell in unknown if mark in cell.text and mark not in stated]
        texts = {cell.text for cell in holding}
        if len(texts) < _FEWEST_CELLS:
            continue
        tried = (*stated, mark)
        folded = fold.fold_all([text for cell in texts for text in _candidates(cell, tried)])
        for words in words_of.values():
            words.folded.update(folded)
        explained = {}
        for cell in holding:
            pieces = _resolve(cell.text, tried, words_of[cell.words_no])
            if len(pieces) > 1 and all(meaning is not None for _, meaning in pieces):
                explained[cell] = (mark, pieces)
        if _count(explained) >= max(_FEWEST_CELLS, _MOSTLY * len(texts), _count(best) + 1):
            best = explained
    return best


def _count(cells: Iterable[_Cell]) -> int:
    return len({cell.text for cell in cells})


def _list_marks(
    field: str, resolved: Mapping[_Cell, _Pieces], found: Mapping[_Cell, tuple[str, _Pieces]], stated: tuple[str, ...]
) -> Iterable[tuple[int, str, str, str, str, bool]]:
    """What stands between the values of cells with several: the mark, what decided it, whether all is understood."""
    for cell, pieces in resolved.items():
        if cell in found:
            yield cell.words_no, field, cell.text, found[cell][0], "values", True
        elif any(piece != cell.text for piece, _ in pieces):
            is_understood = all(meaning is not None for _, meaning in pieces)
            for mark in stated:
                if mark in cell.text:
                    yield cell.words_no, field, cell.text, mark, "recipe", is_understood


def _split(cell: str, separators: tuple[str, ...]) -> list[str]:
    text = cell
    for separator in separators:
        text = text.replace(separator, CHOICE_SEPARATOR)
    return [piece.strip() for piece in text.split(CHOICE_SEPARATOR) if piece.strip()]


def _candidates(cell: str, separators: tuple[str, ...]) -> Iterable[str]:
    yield cell
    yield _MAKER_OF_COUNTRY.split(cell)[0]
    pieces = _split(cell, separators)
    for start in range(len(pieces)):
        for length in range(1, min(_LONGEST_JOIN, len(pieces) - start) + 1):
            text = " ".join(pieces[start : start + length])
            yield text
            yield _MAKER_OF_COUNTRY.split(text)[0]


def _separators(recipe: Recipe, field: str) -> tuple[str, ...]:
    return recipe.separators(field) if _takes_several(recipe, field) else (";",)


def _takes_several(recipe: Recipe, field: str) -> bool:
    return any(f.several for f in FIELDS[recipe.holds] if f.name == field)


def _known_codes(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str | None, str], str]:
    """By the list that a field looks in and the code: the codelist that the code is of."""
    known: dict[tuple[str | None, str], str] = {}
    for codelist, code in connection.execute("select codelist, code from codelist_codes").fetchall():
        known[codelist, code] = codelist
        if codelist in ("countries", "subregions", "regions"):
            known.setdefault((PLACES, code), codelist)
    languages = connection.execute("select distinct code from codelist_aliases where codelist = 'languages'").fetchall()
    return known | {("languages", code): "languages" for (code,) in languages}


def _value_map(
    recipe: Recipe, known: dict[tuple[str | None, str], str], fold: Folding
) -> dict[tuple[str, str], list[Meaning]]:
    """What the recipe says of spellings: by field and folded spelling, the codes that are meant."""
    lists = {f.name: f.codelist for f in FIELDS[recipe.holds]}
    folded = fold.fold_all([spelling for spellings in recipe.values.values() for spelling in spellings])
    result = {}
    for field, spellings in recipe.values.items():
        for spelling, codes in spellings.items():
            lacking = [code for code in codes if (lists[field], code) not in known]
            if lacking and not recipe.is_own:
                continue  # a shipped recipe beside a campaign's own codelist: the spelling means nothing here
            if lacking:
                raise RecipeError(
                    f"The recipe {recipe.id}: values.{field} maps {spelling!r} to {lacking[0]!r}, "
                    f"which is no code of {lists[field]}.",
                    "Use a code of the campaign's codelist, or add it there.",
                )
            meanings = [Meaning(known[lists[field], code], code) for code in codes]
            key = spelling.strip() if lists[field] == STATUSES and is_question(spelling) else folded[spelling]
            result[field, key] = meanings or [Meaning(lists[field] or "", UNCLASSIFIED)]  # [] says nothing
    return result
