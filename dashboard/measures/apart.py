"""What tells two selections apart: their bounds; and two days of one selection: what became known in between."""

from dataclasses import replace
from fractions import Fraction
from typing import Literal

from dashboard.measures.standing import Known, keep_ranked
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection

Verdict = Literal["higher", "lower", "equal", "untold", "unranked"]


def tell_apart(one: Known, other: Known) -> Verdict:
    """Whether a rate is higher or lower than another, whatever the unknown turns out to be.

    Returns:
        `equal` where nothing is unknown and both are the same, `untold` where the bounds overlap, `unranked` where
        one of them has few actions or is not classified yet.
    """
    if len(keep_ranked([one, other])) < 2:
        return "unranked"
    if one.is_above(other) or other.is_above(one):
        return "higher" if one.is_above(other) else "lower"
    return "equal" if one.lower == one.upper == other.lower == other.upper else "untold"


def bound_difference(one: Known, other: Known) -> tuple[Fraction, Fraction]:
    """By how much a rate differs from another, at least and at most, as fractions of 1; negative where it is lower."""
    return one.lower - other.upper, one.upper - other.lower


def are_days(snapshot: Snapshot, one: Selection, other: Selection) -> bool:
    """Whether two selections are the same actions on two days; a filter by status chooses others on another day."""
    is_fixed = not (one.statuses or one.evidence)
    return is_fixed and one.day(snapshot) != other.day(snapshot) and replace(one, as_of=other.as_of) == other
