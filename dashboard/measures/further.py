"""What is counted beside a selection's usual counts, because a measure that is shown needs it: milestones, evidence.

The usual counts are asked for by every page; these cost a statement more, and only what shows them pays for it.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from dashboard.measures import evidence, milestones
from dashboard.measures.counts import Headline
from dashboard.measures.times import TIMES
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection


class Further(NamedTuple):
    """How a group of counts is found: of a selection, by members, by times, by pairs of members."""

    counts: tuple[str, ...]
    rates: tuple[str, ...]
    total: Callable[[Snapshot, Selection], milestones.Milestones | evidence.Evidence]
    by_member: Callable[[Snapshot, Selection, str, list[str]], pd.DataFrame]
    by_time: Callable[[Snapshot, Selection, str, list[str]], pd.DataFrame]
    crossed: Callable[[Snapshot, Selection, str, str], pd.DataFrame]


_MILESTONES = Further(
    milestones.MILESTONES,
    milestones.RATES,
    milestones.count_milestones,
    milestones.milestones_by,
    milestones.milestones_by_time,
    milestones.cross_milestones,
)
_EVIDENCE = Further(
    evidence.EVIDENCE,
    evidence.RATES,
    evidence.count_evidence,
    evidence.evidence_by,
    evidence.evidence_by_time,
    evidence.cross_evidence,
)


def find_further(rate: str) -> Further | None:
    """What a rate needs beside the usual counts; nothing where these are enough."""
    return next((one for one in (_MILESTONES, _EVIDENCE) if rate in one.rates), None)


def count_further(snapshot: Snapshot, selection: Selection, total: Headline, rate: str) -> Headline:
    """The totals of a selection with what a rate needs beside them."""
    further_rate = find_further(rate)
    return total if further_rate is None else replace(total, further=further_rate.total(snapshot, selection)._asdict())


def add_further(
    snapshot: Snapshot, selection: Selection, frame: pd.DataFrame, rate: str, dimension: str
) -> pd.DataFrame:
    """A frame of members (`code`) with what a rate needs, and the rate, as further columns.

    Args:
        snapshot: Where they are counted.
        selection: The filters in force.
        frame: A row a member, as `by_dimension` or `by_time`.
        rate: The rate's id.
        dimension: The dimension, or the time, that the codes are of.
    """
    further_rate = find_further(rate)
    if further_rate is None:
        return frame
    count = further_rate.by_time if dimension in TIMES else further_rate.by_member
    columns = count(snapshot, selection, dimension, frame["code"].tolist())
    return pd.concat([frame, columns.set_axis(frame.index)], axis=1)


def cross_further(
    snapshot: Snapshot, selection: Selection, frame: pd.DataFrame, rate: str, dimensions: tuple[str, str]
) -> pd.DataFrame:
    """A frame of pairs (`row_code`, `column_code`) with what a rate needs; a pair without any has 0 of it."""
    further_rate = find_further(rate)
    if further_rate is None:
        return frame
    columns = further_rate.crossed(snapshot, selection, *dimensions)
    joined = frame.merge(columns, how="left", on=["row_code", "column_code"])
    for name in further_rate.counts:
        joined[name] = joined[name].fillna(0).astype(np.int64)
    return joined
