"""What an unmatched word would change, if it meant a code: asked of the snapshot in which it matches none.

Each word is looked at alone. Of a row that a classification row would take the place of, only what is gained is said.
"""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import duckdb

from dashboard.campaign.codelists import PLACE_LISTS
from dashboard.paths import quote_path
from dashboard.queries import query_text

FIELDS = {
    "categories": ("category",),
    "themes": ("themes",),
    "stakeholder_groups": ("stakeholder_group",),
    "statuses": ("status",),
    **dict.fromkeys(PLACE_LISTS, ("countries", "regions")),
}
"""The fields in which words of a codelist stand."""


def codelists_of(field: str) -> list[str]:
    """The codelists that the words of a field are looked up in, the widest places first."""
    return [codelist for codelist, fields in FIELDS.items() if field in fields]


class Meant(NamedTuple):
    """A code that a word would mean; of a status also its base status."""

    codelist: str
    code: str
    base_status: str | None = None


class Scope(NamedTuple):
    """Where a word would mean something: in the files of a recipe, in one file (by its handle), or in all files."""

    recipe: str | None = None
    source_file: str | None = None


class Effect(NamedTuple):
    """What a code gains: `after` actions that it is new to, or, where `before` is known, actions before and after."""

    codelist: str
    code: str
    before: int | None
    after: int


@lru_cache(maxsize=512)
def read_effects(
    snapshot: Path, build_id: str, word_key: str, scope: Scope, meanings: tuple[Meant, ...]
) -> Sequence[Effect]:
    """What changes on the snapshot's last day, by code; the snapshot is open only meanwhile.

    Args:
        snapshot: The file.
        build_id: The build that it holds; a draft's file is written anew under its name.
        word_key: The form in which the word is compared.
        scope: The files that are meant.
        meanings: The codes that it would mean.

    Raises:
        duckdb.Error: the file cannot be read.
    """
    effects: list[Effect] = []
    with duckdb.connect() as connection:
        connection.execute(f"attach {quote_path(snapshot)} as snapshot (read_only)")
        connection.execute("use snapshot")
        for codelist, code, base_status in meanings:
            values: dict[str, object] = {"word_key": word_key, "codelist": codelist, "code": code, **scope._asdict()}
            values |= {"fields": list(FIELDS.get(codelist, ())), "base_status": base_status}
            effects += [Effect(*row) for row in connection.execute(query_text("word_effects"), values).fetchall()]
    return tuple(dict.fromkeys(effects))
