"""The texts of the queries, which are files: `dashboard/queries/<name>.sql`."""

from functools import cache

from dashboard.paths import QUERIES

MACROS = ("fold", "macros", "sheet")
"""Queries that define what the others use; run first, beside the snapshot's tables."""


@cache
def query_text(name: str) -> str:
    """The text of `dashboard/queries/<name>.sql`."""
    return (QUERIES / f"{name}.sql").read_text(encoding="utf-8")
