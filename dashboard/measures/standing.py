"""Compare rates by their bounds, with the clock and with one another; rank who is ahead, behind or silent.

A rate whose actions are partly unknown has bounds. It is above another, or ahead of the time elapsed, only if its lower
bound is; below or behind only if its upper bound is. Members with few actions and *Not yet classified* have no rank.
"""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from dashboard.campaign.commitments.criteria import CRITERIA
from dashboard.formats import divide
from dashboard.ground.codelist_codes import UNCLASSIFIED
from dashboard.measures.counts import Headline, by_dimension, headline, listed_members
from dashboard.measures.definitions import COUNTED_BY, FEW, RATES
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection

UNKNOWN_IN: dict[str, tuple[str, ...]] = {
    "completion_rate": ("unknown",),
    "pace": ("unknown",),
    "on_time_rate": ("on_time_unknown",),
    "reporting_rate": (),
    "completion_rate_reporting": ("status_unclassified",),
    "milestone_rate": ("milestones_unknown",),
    "evidenced_rate": (),
    "reviewed_rate": (),
    "verified_rate": (),
    "targets_met_rate": ("results_unknown",),
    "reached_share": ("promised_unknown",),
    **{f"{criterion}_rate": () for criterion in CRITERIA},
}
"""The rates with bounds: the counts of actions that may or may not be part of them."""

Side = Literal["ahead", "behind", "level", "untold"]


class RateBounds(NamedTuple):
    """The bounds of a rate: it is at least `part` and at most `most` of the `denominator`.

    Attributes:
        code: The member of the rate.
        label: The same in words, where it has any.
        size: How many it counts, where the denominator is an amount.
    """

    code: str
    label: str
    part: float
    most: float
    denominator: float
    size: float | None = None

    @property
    def lower(self) -> Fraction:
        """The lower bound as a fraction of 1; 0 of nothing."""
        return divide(self.part, self.denominator or 1)

    @property
    def upper(self) -> Fraction:
        """The upper bound as a fraction of 1; 0 of nothing."""
        return divide(self.most, self.denominator or 1)

    def is_above(self, peer: "RateBounds") -> bool:
        """Return whether it is higher than the other, whatever the unknown turns out to be."""
        return self.lower > peer.upper


class Ranking(NamedTuple):
    """The comparable members of a dimension, by their distance from the time elapsed.

    Attributes:
        compared: All of them, the one with the highest lower bound first.
        ahead: Those whose lower bound is above the time elapsed, in the same order.
        behind: Those whose upper bound is below it, the lowest first.
        silent: Those that have actions without a report, with their number as `part`, the largest number first.
    """

    compared: tuple[RateBounds, ...]
    ahead: tuple[RateBounds, ...]
    behind: tuple[RateBounds, ...]
    silent: tuple[RateBounds, ...]


class Silence(NamedTuple):
    """The number of stakeholders in a selection, and of those without a report on any of their actions."""

    stakeholders: int
    silent: int


def counted_rate(rate: str) -> str:
    """Return the rate to count for another one: for pace, the completion rate against the clock."""
    return "completion_rate" if rate == "pace" else rate


def know_total(total: Headline, rate: str = "completion_rate") -> RateBounds:
    """Return the bounds of a selection's rate."""
    part, denominator = total.fraction(counted_rate(rate))
    size = total.count(COUNTED_BY[rate]) if rate in COUNTED_BY else None
    return RateBounds("", "", part, part + sum(total.count(column) for column in UNKNOWN_IN[rate]), denominator, size)


def know_members(frame: pd.DataFrame, rate: str = "completion_rate") -> list[RateBounds]:
    """Return the bounds of each row's rate.

    `frame`: a row a member or pair: `code`, the counts, and `label` where it has words; for a pair `column_code` and
    `column_label` too.
    """
    parts, denominator = RATES[counted_rate(rate)]
    codes = frame["code"].tolist()
    labels = frame["label"].tolist() if "label" in frame else codes
    if "column_code" in frame:
        pairs = zip(codes, frame["column_code"].tolist(), strict=True)
        codes = [UNCLASSIFIED if UNCLASSIFIED in pair else "/".join(pair) for pair in pairs]
        labels = [f"{row} · {column}" for row, column in zip(labels, frame["column_label"].tolist(), strict=True)]
    part = np.sum([frame[name].to_numpy() for name in parts], axis=0)
    most = np.sum([part, *(frame[name].to_numpy() for name in UNKNOWN_IN[rate])], axis=0)
    columns = [part.tolist(), most.tolist(), frame[denominator].tolist()]
    columns += [frame[COUNTED_BY[rate]].tolist()] if rate in COUNTED_BY else []
    return [RateBounds(*row) for row in zip(codes, labels, *columns, strict=True)]


def keep_ranked(members: Sequence[RateBounds]) -> list[RateBounds]:
    """Return the comparable members: classified, and with enough actions."""
    return [
        member
        for member in members
        if (member.denominator if member.size is None else member.size) >= FEW and member.code != UNCLASSIFIED
    ]


def stand(bounds: RateBounds, elapsed: Fraction) -> Side:
    """Compare a rate with the share of time elapsed; `untold` where this lies between its bounds."""
    elapsed_part = (
        bounds.denominator or 1
    ) * elapsed.numerator  # compared as whole numbers: there are hundreds of members
    if bounds.part * elapsed.denominator > elapsed_part:
        return "ahead"
    if bounds.most * elapsed.denominator < elapsed_part:
        return "behind"
    return "level" if bounds.part == bounds.most else "untold"


def rank(snapshot: Snapshot, selection: Selection, dimension: str) -> Ranking:
    """Rank the members of a dimension against the time elapsed on the selection's day."""
    total = headline(snapshot, selection)
    elapsed = Fraction(total.day_number, total.days_total)
    frame = by_dimension(snapshot, selection, dimension)
    ranked = sorted(keep_ranked(know_members(frame)), key=lambda member: (-member.lower, -member.upper, member.code))
    behind = [member for member in ranked if stand(member, elapsed) == "behind"]
    columns = (frame[name].tolist() for name in ("code", "code", "not_reported", "not_reported", "actions"))
    silent = keep_ranked([RateBounds(*row) for row in zip(*columns, strict=True) if row[2]])
    return Ranking(
        compared=tuple(ranked),
        ahead=tuple(member for member in ranked if stand(member, elapsed) == "ahead"),
        behind=tuple(sorted(behind, key=lambda member: (member.upper, member.lower, member.code))),
        silent=tuple(sorted(silent, key=lambda member: (-member.part, -member.lower, member.code))),
    )


def count_silence(snapshot: Snapshot, selection: Selection) -> Silence:
    """Count the silent stakeholders of a selection on its day."""
    row = snapshot.query("silence", selection.sql_parameters(snapshot)).iloc[0]
    return Silence(int(row["stakeholders"]), int(row["silent"]))


def list_without_actions(snapshot: Snapshot, selection: Selection, dimension: str) -> list[str]:
    """List the codes that the selection allows, in the codelist's order, without any action in it."""
    frame = by_dimension(snapshot, selection, dimension)
    present = {*frame["code"][frame["actions"] > 0], UNCLASSIFIED}
    return [code for code in listed_members(snapshot, selection, dimension) if code not in present]


Verdict = Literal["higher", "lower", "equal", "untold", "unranked"]


def tell_apart(first: RateBounds, second: RateBounds) -> Verdict:
    """Compare two rates: higher or lower, whatever the unknown turns out to be.

    Returns:
        `equal` where nothing is unknown and both are the same, `untold` where the bounds overlap, `unranked` where
        one of them has few actions or is not classified yet.
    """
    if len(keep_ranked([first, second])) < 2:
        return "unranked"
    if first.is_above(second) or second.is_above(first):
        return "higher" if first.is_above(second) else "lower"
    return "equal" if first.lower == first.upper == second.lower == second.upper else "untold"


def bound_difference(first: RateBounds, second: RateBounds) -> tuple[Fraction, Fraction]:
    """Return the least and most difference of a rate from another, as fractions of 1; negative where it is lower."""
    return first.lower - second.upper, first.upper - second.lower


def are_days(snapshot: Snapshot, first: Selection, second: Selection) -> bool:
    """Return whether two selections are the same actions on two days; a filter by status depends on the day."""
    is_fixed = not (first.statuses or first.evidence)
    return is_fixed and first.day(snapshot) != second.day(snapshot) and replace(first, as_of=second.as_of) == second
