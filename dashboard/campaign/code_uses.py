"""Find the uses of codes, and count the changes if a word meant a code.

Nobody can rename or remove a code that is published or named in other settings: the program would refuse links,
extracts and charts with it, and rows with it would lose their value.
"""

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from dashboard.campaign.codelists import KEYWORDS, read_lines
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.snapshot_schema import OtherSchemaError, refuse_other_schema
from dashboard.errors import Sentence, SnapshotError, UserError, sentence
from dashboard.ground.codelist_codes import PLACE_LISTS, UNCLASSIFIED, Code
from dashboard.ground.query_files import read_sql_file
from dashboard.i18n import N_
from dashboard.paths import SHIPPED_CAMPAIGN, quote_path

FIELDS = {
    "categories": ("category",),
    "themes": ("themes",),
    "stakeholder_groups": ("stakeholder_group",),
    "statuses": ("status",),
    "indicators": ("indicator",),
    "units": ("unit",),
    **dict.fromkeys(PLACE_LISTS, ("countries", "regions")),
}
"""The fields with words of a codelist."""


def codelists_of(field: str) -> list[str]:
    """List the codelists that look up the words of a field, the widest places first."""
    return [codelist for codelist, fields in FIELDS.items() if field in fields]


class WordMeaning(NamedTuple):
    """The code that a word would mean; for a status also its base status."""

    codelist: str
    code: str
    base_status: str | None = None


class Scope(NamedTuple):
    """The files in which a word would have its meaning: those of a recipe, one file (by its handle), or all."""

    recipe: str | None = None
    source_file: str | None = None


class Effect(NamedTuple):
    """The gain of a code: `after` counts its new actions; with a `before`, both count all its actions."""

    codelist: str
    code: str
    before: int | None
    after: int


@lru_cache(maxsize=512)
def read_effects(
    snapshot: Path, build_id: str, word_key: str, scope: Scope, meanings: tuple[WordMeaning, ...]
) -> Sequence[Effect]:
    """Count the changes on the snapshot's last day, by code; the snapshot is open only meanwhile.

    `word_key` is the word's folded form. A draft's file is written anew under its name: `build_id` identifies its
    state.

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
            effects += [Effect(*row) for row in connection.execute(read_sql_file("word_effects"), values).fetchall()]
    return tuple(dict.fromkeys(effects))


KINDS = {
    "actions": (N_("one action"), N_("{several} actions")),
    "reports": (N_("one progress report"), N_("{several} progress reports")),
    "words": (N_("one word of spellings.csv"), N_("{several} words of spellings.csv")),
    "subregions": (N_("one subregion"), N_("{several} subregions")),
    "countries": (N_("one country"), N_("{several} countries")),
    "groupings": (N_("one grouping"), N_("{several} groupings")),
    "keywords": (N_("one keyword"), N_("{several} keywords")),
    "recipes": (N_("one recipe"), N_("{several} recipes")),
    "individuals": (N_("the persons who are not named"), N_("the persons who are not named")),
}
"""The kinds of users of codes, in singular and plural."""

Uses = Mapping[tuple[str, str], Mapping[str, int]]
"""By codelist and code: how many users of each kind it has."""


def read_published(snapshot: Path) -> Uses:
    """Read the uses of codes in a published snapshot.

    Raises:
        SnapshotError: it cannot be read, or another version of the program made it.
    """
    try:
        with duckdb.connect() as connection:
            connection.execute(f"attach {quote_path(snapshot)} as snapshot (read_only)")
            refuse_other_schema(connection, snapshot)
            connection.execute("use snapshot")
            rows = connection.execute(read_sql_file("code_uses")).fetchall()
    except (duckdb.Error, OtherSchemaError) as error:
        raise SnapshotError(
            N_("It is not known which codes the published data uses."), N_("Build again: python -m etl build.")
        ) from error
    return gather(rows)


def gather(rows: Sequence[tuple[str, str, str, int]]) -> Uses:
    """Gather rows of the query `code_uses` by codelist and code."""
    uses: dict[tuple[str, str], dict[str, int]] = {}
    for codelist, code, kind, count in rows:
        uses.setdefault((codelist, code), {})[kind] = int(count)
    return uses


def list_named(folder: CampaignFolder, codelists: Mapping[str, Sequence[Code]]) -> Uses:
    """List the uses of codes in settings: lists, keywords and recipes of the campaign, campaign.toml.

    Shipped lists beside a campaign's lists count for nothing: the program ignores their codes that the campaign lacks.

    Raises:
        CampaignError: one of them cannot be read.
    """
    counts: Counter[tuple[str, str, str]] = Counter()
    for codelist, code, kind in (*_in_lists(folder, codelists), *_in_files(folder, codelists)):
        counts[codelist, code, kind] += 1
    return gather([(*key, count) for key, count in counts.items()])


def join(*parts: Uses) -> Uses:
    """Add several kinds of uses together."""
    codes = dict.fromkeys(key for part in parts for key in part)
    return {key: {kind: n for part in parts for kind, n in part.get(key, {}).items()} for key in codes}


def say(uses: Mapping[str, int]) -> Sentence:
    """Write how many users a code has: 23 actions, 2 keywords."""
    parts = [sentence(KINDS[kind][uses[kind] != 1], several=uses[kind]) for kind in KINDS if uses.get(kind)]
    phrase = parts[0]
    for part in parts[1:]:
        phrase = sentence("{one}, {other}", one=phrase, other=part)
    return phrase


def refuse_used(name: str, code: str, uses: Mapping[str, int]) -> None:
    """Refuse to remove a code in use.

    Raises:
        UserError: it is in use; the message counts its users.
    """
    if any(uses.values()):
        raise UserError(
            sentence(
                N_("The code {code} of {name} is used: {uses}. It can be neither renamed nor removed."),
                code=code,
                name=f"{name}.csv",
                uses=say(uses),
            ),
            N_("Change its labels instead; other people’s links and files use the code."),
        )


def _in_lists(folder: CampaignFolder, codelists: Mapping[str, Sequence[Code]]) -> Iterator[tuple[str, str, str]]:
    """List the codes in other lists: a subregion's region, a country's subregion or region, a grouping's countries."""
    campaign_codelists = {name: codes for name, codes in codelists.items() if folder.has_own_codelist(name)}
    for name in ("subregions", "countries"):
        for code in campaign_codelists.get(name, ()):
            if subregion := code.extra.get("subregion", ""):
                yield "subregions", subregion, name
            elif region := code.extra.get("region", ""):
                yield "regions", region, name
    for code in campaign_codelists.get("groupings", ()):
        for country in code.members:
            yield "countries", country, "groupings"


def _in_files(folder: CampaignFolder, codelists: Mapping[str, Sequence[Code]]) -> Iterator[tuple[str, str, str]]:
    for group in folder.load().individuals.groups:
        yield "stakeholder_groups", group, "individuals"
    if folder.root == SHIPPED_CAMPAIGN:
        return  # its keywords and recipes serve campaigns with other lists, too: skip codes that these lack
    if folder.has_own_codelist(KEYWORDS):
        for _, row in read_lines(folder.codelist_file(KEYWORDS), ("codelist", "code", "keyword")):
            if row["code"]:
                yield row["codelist"], row["code"], "keywords"
    for path in folder.recipe_files():
        if path.is_relative_to(folder.root):
            yield from ((*key, "recipes") for key in _in_recipe(path, codelists))


def _in_recipe(path: Path, codelists: Mapping[str, Sequence[Code]]) -> set[tuple[str, str]]:
    """List the codes in a recipe's words; the build reports faults in the rest of the recipe."""
    try:
        values: Any = tomllib.loads(path.read_text(encoding="utf-8-sig")).get("values", {})
        pairs = [
            (field, code)
            for field, words in values.items()
            for word_codes in words.values()
            for code in (word_codes if isinstance(word_codes, list) else [word_codes])
        ]
    except (OSError, ValueError, AttributeError):
        return set()
    member_keys = {(name, code.code) for name in codelists for code in codelists[name] if code.code != UNCLASSIFIED}
    return {(name, code) for field, code in pairs for name in codelists_of(field) if (name, code) in member_keys}
