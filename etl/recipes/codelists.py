"""The campaign's codelists, put where rows are looked up: the tables of the work database."""

import duckdb

from dashboard.campaign.codelists import UNCLASSIFIED, Code
from dashboard.campaign.folder import LANGUAGES
from etl.recipes.fields import FIELDS, Role
from etl.sqlfiles import insert_rows


def load_codelists(connection: duckdb.DuckDBPyConnection, codelists: dict[str, list[Code]]) -> None:
    """Put the campaign's codelists into the work database, beside the languages' names."""
    codes = [code for entries in codelists.values() for code in entries]
    insert_rows(
        connection,
        "codelist_codes",
        [(c.codelist, c.code, *(c.labels[n] for n in LANGUAGES), c.sort_order, c.parent, c.base_status) for c in codes],
    )
    insert_rows(
        connection,
        "codelist_aliases",
        [(c.codelist, c.code, alias) for c in codes for alias in c.aliases],
    )
    countries = [c for c in codelists["countries"] if c.code != UNCLASSIFIED]
    insert_rows(
        connection,
        "codelist_countries",
        [(c.code, c.extra["iso2"] or None, c.parent, c.extra["region"] or None) for c in countries],
    )
    insert_rows(connection, "codelist_subregions", [(c.code, c.parent) for c in codelists["subregions"] if c.parent])
    groupings = [(c.code, country) for c in codelists["groupings"] for country in c.members]
    insert_rows(connection, "codelist_groupings", groupings)
    lists = {(field.name, field.codelist) for fields in FIELDS.values() for field in fields if field.role is Role.CODES}
    insert_rows(connection, "cell_lists", sorted(lists))


def load_language_names(connection: duckdb.DuckDBPyConnection) -> None:
    """Put every two-letter language, named in the campaign's languages (CLDR), among the spellings."""
    insert_rows(connection, "codelist_aliases", list_language_names())


def list_language_names() -> list[tuple[str, str, str]]:
    """Every two-letter language by its code and names: the list, the code, a spelling of it."""
    from babel import Locale  # most builds copy a database that has the names, and so need no Babel

    named = [(code, name) for lang in LANGUAGES for code, name in Locale(lang).languages.items() if len(code) == 2]
    return sorted({("languages", code, spelling) for code, name in named for spelling in (code, name)})
