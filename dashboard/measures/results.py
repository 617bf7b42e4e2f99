"""Promised and reached numbers: what may be summed, and the sums on every day.

A sum is of one indicator in one unit. An indicator with a share or with people who may be counted twice has none, and
units are never mixed.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from dashboard.errors import SelectionError
from dashboard.measures.counts import headline
from dashboard.measures.facts import AMOUNTS, Amount, Columns, compute_rates, count_in_all, write_whole
from dashboard.measures.over_time import list_days
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection


class Measured(NamedTuple):
    """An indicator in one unit of which numbers are promised, and whether they may be summed."""

    amount: Amount
    results: int
    is_summable: bool


def list_measured(snapshot: Snapshot) -> list[Measured]:
    """List the promised indicators, each in each of its units, the one with most promised numbers first."""
    rows = snapshot.columns("measured")
    names = ("indicator", "unit", "results", "is_summable")
    return [
        Measured(Amount(indicator, unit), results, is_summable)
        for indicator, unit, results, is_summable in zip(*(rows[name].tolist() for name in names), strict=True)
    ]


def list_amounts(snapshot: Snapshot) -> list[Amount]:
    """List what may be summed, the one with most promised numbers first."""
    return [one.amount for one in list_measured(snapshot) if one.is_summable]


def choose_amount(snapshot: Snapshot, indicator: str = "", unit: str = "") -> Amount:
    """Choose what is summed: the indicator and unit of a link, else the one with most promised numbers.

    Without any promised number the amount has no indicator, and its sums are 0.

    Raises:
        SelectionError: nothing is promised of this indicator or in this unit, its numbers may not be summed, or they
            have several units and none is chosen.
    """
    measured, amounts = list_measured(snapshot), list_amounts(snapshot)
    if not measured and not indicator and not unit:
        return Amount("", "")
    indicators = tuple(dict.fromkeys(one.indicator for one in amounts))
    if indicator and indicator not in indicators:
        is_promised = any(one.amount.indicator == indicator for one in measured)
        why = "may not be added up" if is_promised else "are not promised"
        raise SelectionError(f"Numbers of the indicator {indicator!r} {why}.", "indicator", indicators, indicator)
    candidates = [one for one in amounts if not indicator or one.indicator == indicator]
    units = tuple(dict.fromkeys(one.unit for one in candidates))
    if unit and unit not in units:
        of = f" of the indicator {indicator!r}" if indicator else ""
        raise SelectionError(f"Numbers{of} have no unit {unit!r}.", "unit", units, unit)
    if indicator and not unit and len(units) > 1:
        several = f"several units ({', '.join(units)})"
        what = f"Numbers of the indicator {indicator!r} have {several}, which are never added up: choose one."
        raise SelectionError(what, "unit", units, unit)
    return next((one for one in candidates if not unit or one.unit == unit), Amount("", ""))


def reached_over_time(snapshot: Snapshot, selection: Selection, amount: Amount) -> pd.DataFrame:
    """Sum what was reached on every day from the campaign's first to the as-of day, against what is promised.

    Each day's row has the sums of that day for the actions in the selection on the as-of day.

    Returns:
        One row a day: `on_date`, `promised`, `reached`, `promised_unknown`, `results`, `reached_share`,
        `reached_upper_bound`, `elapsed`.
    """
    total = headline(snapshot, selection)
    promised, results = (count_in_all(snapshot, selection, AMOUNTS._replace(parameters=amount._asdict()))[name]
                         for name in ("promised", "results"))  # fmt: skip
    line = list_days(snapshot.campaign["starts_on"], total.day, total.days_total)
    changes = snapshot.columns("reached_changes", selection.sql_parameters(snapshot) | amount._asdict())
    places = np.maximum((changes["on_date"].astype("datetime64[D]") - line.days[0]).astype(np.intp), 0)
    sums = {name: np.bincount(places, changes[name], len(line.days)).cumsum() for name in ("known", "reached")}
    counts: Columns = {
        "promised": np.full(len(line.days), promised),
        "reached": write_whole(sums["reached"]),
        "promised_unknown": write_whole(promised - sums["known"]),
        "results": np.full(len(line.days), results),
    }
    return pd.DataFrame(
        {
            "on_date": line.days.astype("datetime64[s]"),
            **counts,
            **compute_rates(counts, AMOUNTS.rates),
            "elapsed": line.elapsed,
        }
    )
