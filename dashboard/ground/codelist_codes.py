"""Codes of the codelists, which both programs use: what a code is, and those that every campaign has."""

from collections.abc import Collection
from dataclasses import dataclass, field

from dashboard.languages import Texts

CODELISTS = (
    "regions", "subregions", "countries", "groupings", "categories", "themes", "stakeholder_groups", "statuses",
    "units", "indicators", "context_indicators",
)  # fmt: skip
PLACE_LISTS = ("regions", "subregions", "countries", "groupings")
"""The lists that look up a place, the widest places first."""
BASE_STATUSES = ("not_started", "in_progress", "completed", "discontinued")
UNCLASSIFIED = "unclassified"
DERIVED_STATUSES = ("not_reported", "overdue")
CLAIMED, EVIDENCED, REVIEWED, VERIFIED = EVIDENCE_STEPS = ("claimed", "evidenced", "reviewed", "verified")
"""The steps behind a status: the stakeholder's claim; a document or address; the secretariat's review; verification by
somebody independent."""
CLAIMED_ONLY = "claimed_only"
"""A filter's word for a status with only the claim behind it."""
SEPARATOR = "|"


@dataclass(frozen=True)
class Code:
    """One codelist entry.

    Attributes:
        labels: Its names by language; in a language without one, the English name applies.
        parent: The region of a subregion, the subregion of a country, else None.
        base_status: The base status of a status code; None for derived statuses and other lists.
        extra: The codelist's further columns as text (`iso2`, `region` of a country, …).
    """

    codelist: str
    code: str
    labels: Texts
    aliases: tuple[str, ...]
    sort_order: int
    parent: str | None = None
    base_status: str | None = None
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def members(self) -> tuple[str, ...]:
        """The countries of a grouping, by their codes."""
        countries = self.extra.get("countries", "").split(SEPARATOR)
        return tuple(dict.fromkeys(country.strip().upper() for country in countries if country.strip()))

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every text that means it: its code, its labels and its aliases."""
        return (self.code, *self.labels.values(), *self.aliases)


def furthest_steps(chosen: Collection[str]) -> list[str]:
    """List the furthest steps that a filter finds: a step and all after it; for `claimed_only`, the claim alone."""
    matched_steps = {
        step for code in chosen if code != CLAIMED_ONLY for step in EVIDENCE_STEPS[EVIDENCE_STEPS.index(code) :]
    }
    if CLAIMED_ONLY in chosen:
        matched_steps.add(CLAIMED)
    return [step for step in EVIDENCE_STEPS if step in matched_steps]
