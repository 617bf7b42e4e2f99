"""Cells → codes: each distinct cell is split and looked up once; rows are joined to the answers in SQL."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import duckdb

from dashboard.campaign.codelists import UNCLASSIFIED
from etl.build.staging import CHOICE_SEPARATOR
from etl.recipes.fields import FIELDS, PLACES
from etl.recipes.known_headers import RecipeError
from etl.recipes.model import Recipe
from etl.sqlfiles import insert_rows
from etl.texts.folding import Folding

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
    maps = [_value_map(recipe, connection, fold) for recipe in recipes]
    columns = connection.execute("select recipe_no, field, list, cell from cells order by all").fetchall()
    fold.learn(
        text for number, field, _, cell in columns for text in _candidates(cell, _separators(recipes[number], field))
    )
    rows: list[tuple[int, str, str, int, str, str | None, str | None]] = []
    for number, field, codelist, cell in columns:
        found = _resolve(cell, _separators(recipes[number], field), field, codelist, meanings, maps[number], fold)
        rows += [
            (number, field, cell, i, piece, meaning.codelist if meaning else None, meaning.code if meaning else None)
            for i, (piece, meaning) in enumerate(found)
        ]
    insert_rows(connection, "resolved", rows)


def _resolve(
    cell: str,
    separators: tuple[str, ...],
    field: str,
    codelist: str,
    meanings: dict[tuple[str, str], Meaning],
    own: dict[tuple[str, str], list[Meaning]],
    fold: Folding,
) -> list[tuple[str, Meaning | None]]:
    """The pieces of one cell, each with its meaning; pieces that are one option together are joined."""

    def look_up(text: str) -> list[Meaning]:
        folded = fold(text)
        mapped = own.get((field, folded))
        if mapped is not None:
            return mapped
        meaning = meanings.get((codelist, folded))
        if meaning is None and codelist == PLACES:
            meaning = meanings.get((ALPHA2, text.strip()))
        return [meaning] if meaning else []

    if field == "stakeholder":
        return [
            (cell, meaning) for meaning in look_up(_MAKER_OF_COUNTRY.split(cell)[0]) if meaning.codelist == "countries"
        ]
    whole = look_up(cell)
    if whole:
        return [(cell, meaning) for meaning in whole]
    pieces = _split(cell, separators)
    found: list[tuple[str, Meaning | None]] = []
    start = 0
    while start < len(pieces):
        for length in range(min(_LONGEST_JOIN, len(pieces) - start), 0, -1):
            text = " ".join(pieces[start : start + length])
            answers = look_up(text)
            if answers or length == 1:
                break
        if not answers and codelist == PLACES:
            answers = look_up(_MAKER_OF_COUNTRY.split(text)[0])
        found += [(text, meaning) for meaning in answers] or [(text, None)]
        start += length
    return found


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


def _value_map(
    recipe: Recipe, connection: duckdb.DuckDBPyConnection, fold: Folding
) -> dict[tuple[str, str], list[Meaning]]:
    lists = {f.name: f.codelist for f in FIELDS[recipe.holds]}
    known: dict[tuple[str, str], str] = {}
    for codelist, code in connection.execute("select codelist, code from codelist_codes").fetchall():
        known[codelist, code] = codelist
        if codelist in ("countries", "subregions", "regions"):
            known.setdefault((PLACES, code), codelist)
    for (code,) in connection.execute(
        "select distinct code from codelist_aliases where codelist = 'languages'"
    ).fetchall():
        known["languages", code] = "languages"
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
            meanings = [Meaning(known[lists[field] or "", code], code) for code in codes]
            result[field, fold(spelling)] = meanings or [Meaning(lists[field] or "", UNCLASSIFIED)]  # [] says nothing
    return result
