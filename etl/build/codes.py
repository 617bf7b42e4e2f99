"""Cells → codes: each distinct cell is split and looked up once; rows are joined to the answers in SQL."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import duckdb

from dashboard.campaign.codelists import UNCLASSIFIED
from etl.build.staging import CHOICE_SEPARATOR
from etl.recipes.fields import FIELDS, PLACES, STATUSES
from etl.recipes.known_headers import RecipeError
from etl.recipes.recipe_file import Recipe
from etl.sqlfiles import insert_rows
from etl.texts.folding import Folding
from etl.texts.negation import is_question

_LONGEST_JOIN = 4  # pieces that are tried together: an option may contain the separator
_MAKER_OF_COUNTRY = re.compile(r"\s+[-–—]\s+")
ALPHA2 = "alpha-2"  # ISO 3166 codes of two letters: known in capitals only, and not where they are answers as well
_ALSO_ANSWERS = ("NA", "NO")


class Meaning(NamedTuple):
    """What one spelling stands for."""

    codelist: str
    code: str


def resolve_cells(connection: duckdb.DuckDBPyConnection, recipes: Sequence[Recipe], fold: Folding) -> None:
    """Fill the table `resolved` from the table `cells`: one row a cell and piece, with its code or null.

    Raises:
        RecipeError: a recipe's value map names a code that is in no codelist.
    """
    meanings = {(row[0], row[1]): Meaning(row[2], row[3]) for row in connection.execute("from spellings").fetchall()}
    alpha2 = connection.execute("select iso2, code from codelist_countries where iso2 is not null").fetchall()
    meanings |= {(ALPHA2, iso2): Meaning("countries", code) for iso2, code in alpha2 if iso2 not in _ALSO_ANSWERS}
    known = _known_codes(connection)
    fold.learn([spelling for recipe in recipes for spellings in recipe.values.values() for spelling in spellings])
    maps = [_value_map(recipe, known, fold) for recipe in recipes]
    cells = connection.execute("select recipe_no, field, list, cell from cells order by all").fetchall()
    places = {(number, field) for number, field, _, _ in cells}
    separators = {(number, field): _separators(recipes[number], field) for number, field in places}
    folded = fold.fold_all(
        [text for number, field, _, cell in cells for text in _candidates(cell, separators[number, field])]
    )
    rows: list[tuple[int, str, str, int, str, str | None, str | None]] = []
    for number, field, codelist, cell in cells:
        words = _Words(field, codelist, maps[number], meanings, folded)
        pieces = _resolve(cell, separators[number, field], words)
        rows += [
            (number, field, cell, i, piece, meaning.codelist if meaning else None, meaning.code if meaning else None)
            for i, (piece, meaning) in enumerate(pieces)
        ]
    insert_rows(connection, "resolved", rows)


class _Words(NamedTuple):
    """What the words of one field may mean.

    Attributes:
        field: The field.
        codelist: The list its codes come from.
        own: The recipe's value map, by field and folded spelling.
        meanings: The codelists' spellings, by list and folded spelling.
        folded: Every text that may be looked up, folded.
    """

    field: str
    codelist: str
    own: dict[tuple[str, str], list[Meaning]]
    meanings: dict[tuple[str, str], Meaning]
    folded: dict[str, str]

    def look_up(self, text: str) -> list[Meaning]:
        """What one text means; nothing where it is not known, or a status asks instead of stating."""
        if self.codelist == STATUSES and is_question(text):
            return self.own.get((self.field, text.strip()), [])
        mapped = self.own.get((self.field, self.folded[text]))
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
    several = any(f.several for f in FIELDS[recipe.holds] if f.name == field)
    return recipe.separators(field) if several else (";",)


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
