"""The campaign's codelists, put where rows are looked up: the tables of the work database."""

from collections.abc import Iterable, Sequence

import duckdb

from dashboard.ground.codelist_codes import UNCLASSIFIED, Code
from dashboard.languages import as_map, list_shipped, name_territory
from etl.recipes.fields import FIELDS, Role
from etl.sqlfiles import insert_rows


def load_codelists(
    connection: duckdb.DuckDBPyConnection, codelists: dict[str, list[Code]], languages: Sequence[str]
) -> None:
    """Put the campaign's codelists into the work database, beside the languages' names.

    Countries without a label in one of `languages`, those that readers may choose, are called as CLDR calls them.
    """
    load_codes(connection, [code for entries in codelists.values() for code in entries], languages)
    extra_languages = [lang for lang in languages if lang not in list_shipped()]
    if extra_languages:
        insert_rows(connection, "codelist_aliases", list_language_names(extra_languages))
    countries = [c for c in codelists["countries"] if c.code != UNCLASSIFIED]
    insert_rows(
        connection,
        "codelist_countries",
        [(c.code, c.extra["iso2"] or None, c.parent, c.extra["region"] or None) for c in countries],
    )
    insert_rows(connection, "codelist_subregions", [(c.code, c.parent) for c in codelists["subregions"] if c.parent])
    groupings = [(c.code, country) for c in codelists["groupings"] for country in c.members]
    insert_rows(connection, "codelist_groupings", groupings)
    indicators = [
        (c.code, c.extra["unit"] or None, c.extra["direction"] or "up", c.extra["is_summable"] == "yes")
        for c in codelists["indicators"]
    ]
    insert_rows(connection, "codelist_indicators", indicators)
    lists = {(field.name, field.codelist) for fields in FIELDS.values() for field in fields if field.role is Role.CODES}
    insert_rows(connection, "cell_lists", sorted(lists))


def load_codes(connection: duckdb.DuckDBPyConnection, codes: Sequence[Code], languages: Sequence[str]) -> None:
    """Put codes of any lists, with their other spellings, beside those that are there."""
    insert_rows(
        connection,
        "codelist_codes",
        [(c.codelist, c.code, _name(c, languages), c.sort_order, c.parent, c.base_status) for c in codes],
    )
    insert_rows(
        connection,
        "codelist_aliases",
        [(c.codelist, c.code, alias) for c in codes for alias in c.aliases],
    )


def _name(code: Code, languages: Sequence[str]) -> dict[str, list[str]]:
    """Return the labels of a code by language; a country without labels gets the general ones."""
    iso2 = code.extra.get("iso2", "")
    missing = [lang for lang in languages if lang not in code.labels] if iso2 else []
    names = {lang: name for lang in missing if (name := name_territory(iso2, lang))}
    return as_map(code.labels | names)


def load_language_names(connection: duckdb.DuckDBPyConnection) -> None:
    """Put every two-letter language, named in the program's languages (CLDR), among the spellings."""
    insert_rows(connection, "codelist_aliases", list_language_names(list_shipped()))


def list_language_names(languages: Iterable[str]) -> list[tuple[str, str, str]]:
    """List every two-letter language by its code and its names in `languages`: the list, the code, a spelling of it."""
    from babel import Locale  # most builds copy a database that has the names, and so need no Babel

    names = [(code, name) for lang in languages for code, name in Locale(lang).languages.items() if len(code) == 2]
    return sorted({("languages", code, spelling) for code, name in names for spelling in (code, name)})
