"""Bars of a pace: how they stand around the time elapsed, and where their axis begins and ends.

What is known is solid, what is not is pale: of a pace that is behind whatever the unknown actions turn out to be, only
that part is solid; of one that may be behind or ahead, nothing is.
"""

from math import ceil, floor
from typing import NamedTuple

from dashboard.charts.chart import Chart, read_rows

STEP = 0.25


class Pace(NamedTuple):
    """The parts of a bar as fractions of 1, those at the left of the time elapsed below zero.

    Attributes:
        behind: What is surely behind.
        ahead: What is surely ahead.
        below: What could be made up for by actions whose status is unknown, left of the time elapsed.
        above: What these could add, right of it.
    """

    behind: float
    ahead: float
    below: float
    above: float


def pace_parts(chart: Chart, completed: int, unknown: int, actions: int) -> Pace:
    """The parts of a member's bar, those behind and below stacked from zero to the left, the others to the right."""
    if not actions:
        return Pace(0.0, 0.0, 0.0, 0.0)
    pace, bound = (chart.value(n, actions) for n in (completed, completed + unknown))
    behind, ahead = min(bound, 0.0), max(pace, 0.0)
    return Pace(behind, ahead, min(pace, 0.0) - behind, max(bound, 0.0) - ahead)


def pace_range(chart: Chart) -> tuple[float, float]:
    """Where the axis of a chart of paces begins and ends: at quarters, with the time elapsed (0) between them."""
    rows = read_rows(chart.drawn, ("completed", "unknown", "actions"))
    values = [chart.value(n, of) for done, unknown, of in rows if of for n in (done, done + unknown)]
    low = floor(round(min([0.0, *values]) / STEP, 6)) * STEP
    high = ceil(round(max([0.0, *values]) / STEP, 6)) * STEP
    return (low, high) if high > low else (-STEP, STEP)
