"""Codelists: codes with labels in three languages and the spellings that mean the same."""

import csv
from dataclasses import dataclass, field
from pathlib import Path

from dashboard.campaign import CampaignFolder
from dashboard.errors import CampaignError

CODELISTS = ("regions", "subregions", "countries", "categories", "themes", "stakeholder_groups", "statuses")
BASE_STATUSES = ("not_started", "in_progress", "completed", "discontinued")
UNCLASSIFIED = "unclassified"
DERIVED_STATUSES = ("not_reported", "overdue")
REQUIRED_COLUMNS = ("code", "label_en", "label_fr", "label_es", "aliases", "sort_order")
EXTRA_COLUMNS = {
    "subregions": ("region",),
    "countries": ("iso2", "region", "subregion"),
    "statuses": ("base_status",),
}
ALIAS_SEPARATOR = "|"


@dataclass(frozen=True)
class Code:
    """One codelist entry.

    Attributes:
        parent: The region of a subregion, the subregion of a country, else None.
        base_status: The base status a status code maps to; None for derived statuses and other lists.
        extra: The codelist's further columns as text (`iso2`, `region` of a country, …).
    """

    codelist: str
    code: str
    labels: dict[str, str]
    aliases: tuple[str, ...]
    sort_order: int
    parent: str | None = None
    base_status: str | None = None
    extra: dict[str, str] = field(default_factory=dict)


def load_codelist(folder: CampaignFolder, name: str) -> list[Code]:
    """Read one codelist, ordered by `sort_order`, then code.

    Raises:
        CampaignError: a column is missing, a code is empty or repeated, an order is no number,
            or a status maps to no base status.
    """
    path = folder.codelist_file(name)
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle)
            missing = [
                c for c in (*REQUIRED_COLUMNS, *EXTRA_COLUMNS.get(name, ())) if c not in (reader.fieldnames or ())
            ]
            if missing:
                raise CampaignError(
                    f"{path} has no column {', '.join(missing)}.",
                    "Add it to the first line; docs/codelists.md lists them.",
                )
            codes = [_code(name, path, number, row) for number, row in enumerate(reader, start=2)]
    except (OSError, UnicodeDecodeError) as error:
        raise CampaignError(f"{path} cannot be read: {error}.", "Save it as CSV UTF-8.") from error
    seen: set[str] = set()
    for code in codes:
        if code.code in seen:
            raise CampaignError(f"{path}: the code {code.code} appears twice.", "Keep one of the lines.")
        seen.add(code.code)
    return sorted(codes, key=lambda c: (c.sort_order, c.code))


def load_codelists(folder: CampaignFolder) -> dict[str, list[Code]]:
    """Read every codelist of a campaign, by name."""
    return {name: load_codelist(folder, name) for name in CODELISTS}


def _code(name: str, path: Path, number: int, row: dict[str, str]) -> Code:
    code = (row["code"] or "").strip()
    if not code:
        raise CampaignError(f"{path}, line {number}: the code is empty.", "Give the line a code or remove it.")
    try:
        order = int(row["sort_order"])
    except (TypeError, ValueError):
        raise CampaignError(
            f"{path}, line {number}: sort_order is not a whole number.", "Write a number, 10 for example."
        ) from None
    base = (row.get("base_status") or "").strip() or None
    if name == "statuses" and base not in BASE_STATUSES and code not in (*DERIVED_STATUSES, UNCLASSIFIED):
        raise CampaignError(
            f"{path}, line {number}: the status {code} has no base status.", f"Use one of {', '.join(BASE_STATUSES)}."
        )
    parent = {"countries": row.get("subregion"), "subregions": row.get("region")}.get(name)
    return Code(
        codelist=name,
        code=code,
        labels={lang: (row[f"label_{lang}"] or "").strip() or code for lang in ("en", "fr", "es")},
        aliases=tuple(a.strip() for a in (row["aliases"] or "").split(ALIAS_SEPARATOR) if a.strip()),
        sort_order=order,
        parent=(parent or "").strip() or None,
        base_status=base,
        extra={column: (row.get(column) or "").strip() for column in EXTRA_COLUMNS.get(name, ())},
    )
