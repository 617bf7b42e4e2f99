"""The steps of a map's colours: about as many countries in each, with bounds in whole percent."""

from typing import NamedTuple

from dashboard.charts.chart import Chart, read_rows
from dashboard.formats import format_count, format_percent, round_half_up
from dashboard.measures.definitions import FEW, RATES

MOST = 5
"""How many steps there are at most: more shades of one colour are not told apart."""

SHADES = 10
"""How many shades the colour of a rate has."""


class Step(NamedTuple):
    """The lowest and the highest rate of a step, in percent as it is written, and its shade."""

    low: int
    high: int
    shade: int

    def write(self, lang: str) -> str:
        """Its bounds in a language."""
        high = format_percent(self.high, 100, lang)
        return high if self.low == self.high else f"{format_count(self.low, lang)}–{high}"


def divide(rates: list[int]) -> tuple[Step, ...]:
    """The steps of rates in percent. Equal rates are in one step: there may be fewer, and not as many in each."""
    ordered = sorted(rates)
    lows = sorted({ordered[len(ordered) * step // MOST] for step in range(MOST)}) if ordered else []
    highs = [max(rate for rate in ordered if rate < low) for low in lows[1:]] + ordered[-1:]
    shades = (int((place + 0.5) * SHADES / len(lows)) for place in range(len(lows)))
    return tuple(map(Step, lows, highs, shades))


def divide_chart(chart: Chart) -> tuple[Step, ...]:
    """The steps of a chart's rate, by the members that have enough actions to be compared."""
    counts = read_rows(chart.frame, (RATES[chart.spec.rate].parts[0], "actions"))
    return divide([round_half_up(part, actions, 100) for part, actions in counts if actions >= FEW])


def find_shade(steps: tuple[Step, ...], part: int, actions: int) -> int:
    """The shade of a rate; one below all steps has that of the first."""
    rate = round_half_up(part, actions, 100)
    return next((step.shade for step in reversed(steps) if rate >= step.low), steps[0].shade if steps else 0)
