"""What tells two selections apart: their bounds; and two days of one selection: what became known in between."""

from dataclasses import replace
from fractions import Fraction
from typing import Literal

from dashboard.measures.standing import Known, keep_ranked
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection

Verdict = Literal["higher", "lower", "equal", "untold", "unranked"]


def tell_apart(first: Known, second: Known) -> Verdict:
    """Whether a rate is higher or lower than another, whatever the unknown turns out to be.

    Returns:
        `equal` where nothing is unknown and both are the same, `untold` where the bounds overlap, `unranked` where
        one of them has few actions or is not classified yet.
    """
    if len(keep_ranked([first, second])) < 2:
        return "unranked"
    if first.is_above(second) or second.is_above(first):
        return "higher" if first.is_above(second) else "lower"
    return "equal" if first.lower == first.upper == second.lower == second.upper else "untold"


def bound_difference(first: Known, second: Known) -> tuple[Fraction, Fraction]:
    """By how much a rate differs from another, at least and at most, as fractions of 1; negative where it is lower."""
    return first.lower - second.upper, first.upper - second.lower


def are_days(snapshot: Snapshot, first: Selection, second: Selection) -> bool:
    """Whether two selections are the same actions on two days; a filter by status chooses others on another day."""
    is_fixed = not (first.statuses or first.evidence)
    return is_fixed and first.day(snapshot) != second.day(snapshot) and replace(first, as_of=second.as_of) == second
