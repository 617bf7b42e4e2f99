"""Two selections side by side in one chart: which charts can show them, the values of both, and the sides' names."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from dashboard.charts.catalogue import CATALOGUE, TIMED, ChartSpec, Kind
from dashboard.charts.marks import Marks, Side, gather_marks
from dashboard.charts.options import EXPLORE
from dashboard.errors import SelectionError
from dashboard.formats import round_half_up
from dashboard.ground.codelist_codes import UNCLASSIFIED
from dashboard.i18n import N_, Phrase, phrase, plural
from dashboard.measures.counts import DIMENSIONS, headline, listed_members
from dashboard.measures.definitions import FEW
from dashboard.measures.facts import find_fact
from dashboard.measures.standing import RateBounds, Verdict, are_days, bound_difference, know_members, tell_apart
from dashboard.measures.times import TIMES
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.snapshot.selection_words import name_sides

BESIDE: dict[Kind, Kind] = {"rates": "pairs", "curve": "curves", "statuses": "statuses"}
"""The kinds of chart that can put two selections side by side, each with the kind that it then is."""

COMPARED = tuple(spec.id for spec in CATALOGUE.values() if spec.kind in BESIDE and not find_fact(spec.rate))
"""The charts of the catalogue that can; of the one that readers put together its bars can."""

SIDES = ("this", "vs")
"""How data calls the sides: that of a link's plain parameters, and that of those with `vs.`."""


def set_beside(spec: ChartSpec) -> ChartSpec:
    """Return what a chart shows of two selections.

    Raises:
        SelectionError: it cannot put them side by side.
    """
    if spec.kind not in BESIDE:
        what = f"The chart {spec.id!r} does not put two selections side by side, so it takes no vs."
        raise SelectionError(what, "vs.", (*COMPARED, EXPLORE), spec.id)
    if spec.dimension in TIMES:
        what = "Two selections are not put side by side by when: each has times of its own."
        raise SelectionError(what, "by", tuple(DIMENSIONS), spec.dimension)
    if spec.is_pace:
        what = "Two selections are not compared by their pace, but by their completion rates."
        raise SelectionError(what, "measure", ("completion", "reporting", "on_time"), "pace")
    if spec.is_expected:
        what = "Two selections are not compared by what is expected of them."
        raise SelectionError(what, "expected", ("no",), "yes")
    if find_fact(spec.rate) is not None:
        what = "Two selections are compared by their actions, not by their milestones or evidence."
        raise SelectionError(what, "measure", ("completion", "reporting", "on_time"), spec.rate)
    return replace(spec, kind=BESIDE[spec.kind])


def gather_sides(snapshot: Snapshot, selection: Selection, spec: ChartSpec) -> Marks:
    """Gather the values of both selections.

    For pairs, a row a member and side: with `side` and `side_label` behind the labels, and at the end `verdict`,
    `difference_low` and `difference_high`, of this row's side against the other. For statuses, also a row a member and
    side, whose `label` names both, and `member` the member. For curves, a row a side and day.
    """
    first, second = selection.first, selection.other or selection.first
    names = name_sides(snapshot, first, second)
    sides = tuple(Side(name, headline(snapshot, side)) for name, side in zip(names, (first, second), strict=True))
    plain = replace(spec, kind=next(kind for kind, beside in BESIDE.items() if beside == spec.kind))
    marks = [gather_marks(snapshot, side, plain, of.total) for side, of in zip((first, second), sides, strict=True)]
    frames, is_days = [mark.frame for mark in marks], are_days(snapshot, first, second)
    if spec.kind not in TIMED:
        frames = _align(snapshot, first, spec, frames)
    if spec.kind == "pairs":
        _tell_apart(frames, spec.rate, is_days=is_days)
    for frame, code, name in zip(frames, SIDES, names, strict=True):
        frame.insert(1, "side", code)
        frame.insert(2, "side_label", name)
        if spec.kind == "statuses":
            frame["member"] = frame["label"]
            frame["label"] = [name_pair(label, name) for label in frame["label"]]
    joined = pd.concat(frames, ignore_index=spec.kind in TIMED)
    if spec.kind not in TIMED:  # each member's sides one below the other
        joined = joined.take(np.arange(len(joined)).reshape(2, -1).T.ravel()).reset_index(drop=True)
    waves = max((mark.waves for mark in marks), key=len)
    return Marks(joined, sides=sides, waves=waves, is_days=is_days)


def name_pair(member: str, side: str) -> str:
    """Name a member's row of one side; where the side is the member itself, once."""
    return member if member == side else f"{member} – {side}"


def _align(snapshot: Snapshot, one: Selection, spec: ChartSpec, frames: list[pd.DataFrame]) -> list[pd.DataFrame]:
    """Align the members of both sides in one order; where a side lacks a member, its counts are 0."""
    labels = dict(pair for frame in frames for pair in zip(frame["code"], frame["label"], strict=True))
    order = list(labels)
    if spec.order == "codelist":
        codelist_order = listed_members(snapshot, Selection(lang=one.lang), spec.dimension)
        order.sort(key=codelist_order.index)
    order.sort(key=UNCLASSIFIED.__eq__)
    columns = {"code": pd.Series(order, dtype="str"), "label": pd.Series([labels[code] for code in order], dtype="str")}
    aligned = []
    for frame in frames:
        places = pd.Index(frame["code"]).get_indexer(pd.Index(order))
        numbers = {str(name): frame[name].to_numpy() for name in frame if name not in (*columns, "is_few")}
        # The last one of each column stands for a missing member.
        counts = {
            name: np.append(one, 0 if one.dtype.kind in "iu" else np.nan)[places] for name, one in numbers.items()
        }
        aligned.append(pd.DataFrame({**columns, **counts, "is_few": counts["actions"] < FEW}))
    return aligned


def _tell_apart(frames: list[pd.DataFrame], rate: str, *, is_days: bool) -> None:
    """Add the difference of each row from the same member on the other side; none for two days of the same actions."""
    member_bounds = [know_members(frame, rate) for frame in frames]
    for frame, mine, facing_members in zip(frames, member_bounds, reversed(member_bounds), strict=True):
        pairs = list(zip(mine, facing_members, strict=True))
        frame["verdict"] = [None if is_days else tell_apart(*pair) for pair in pairs]
        has_bounds = [not is_days and all(side.denominator for side in pair) for pair in pairs]
        bounds = [
            bound_difference(*pair) if is_told else (None, None)
            for pair, is_told in zip(pairs, has_bounds, strict=True)
        ]
        frame["difference_low"], frame["difference_high"] = (
            pd.Series([None if bound is None else float(bound) for bound in column], dtype="float64")
            for column in (zip(*bounds, strict=True) if bounds else ((), ()))
        )


def say_difference(first: RateBounds, second: RateBounds, is_days: bool) -> tuple[Phrase, ...]:
    """Compose the difference of two rates: its name, and how large it is for certain.

    `first`: the rate that the sentence is about; for two days of the same actions the earlier. `is_days`: whether these
    are the same actions on two days: then what became known, and what remains unknown.
    """
    if is_days:
        unknown_counts = [(first.most - first.part, second.most - second.part)]
        unknown = [
            phrase(N_("unknown {before} → {after}"), before=was, after=now) for was, now in unknown_counts if was or now
        ]
        return phrase("{before} → {after}", before=first.part, after=second.part), *unknown
    verdict = tell_apart(first, second)
    name = phrase(VERDICTS[verdict])
    if verdict not in ("higher", "lower"):
        return (name,)
    ends = sorted(map(abs, bound_difference(first, second)))
    least, most = (round_half_up(end.numerator, end.denominator, 100) for end in ends)
    points = phrase("{least}", least=least) if least == most else phrase(RANGE, least=least, most=most)
    return name, plural(N_("by {points} point"), N_("by {points} points"), most, points=points)


def join_difference(lines: Sequence[str]) -> str:
    """Join the lines of a difference."""
    return (" " if not any("→" in text for text in lines) else "; ").join(lines)


VERDICTS: dict[Verdict, str] = {
    "higher": N_("higher"),
    "lower": N_("lower"),
    "equal": N_("no difference"),
    "untold": N_("cannot be told apart"),
    "unranked": N_("not compared"),
}
RANGE = N_("{least} to {most}")
