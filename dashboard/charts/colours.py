"""The colours of marks by their roles, on a light and on a dark ground.

Code that draws a chart asks for a role (`completed`, `possible_edge`, `shade_7`), never for a colour:
`dashboard.charts.encoding` gives each mark its role. The steps of a map's colours have about as many countries in each,
with bounds in whole percent.
"""

from itertools import pairwise
from typing import NamedTuple

from dashboard import theme
from dashboard.charts.chart import Chart, read_rows
from dashboard.formats import format_count, format_percent, round_half_up
from dashboard.measures.definitions import FEW, RATES

MOST = 5
"""How many steps there are at most: more shades of one colour are not told apart."""

SHADES = 10
"""How many shades the colour of a rate has."""


class Key(NamedTuple):
    """A line of a chart's key: a colour's meaning, its role, its edge's role, and the angle of its lines, if any."""

    name: str
    role: str
    edge: str = ""
    hatched: int | None = None


class Step(NamedTuple):
    """A step of rates: its lowest and its highest rate in percent as written, and its shade."""

    low: int
    high: int
    shade: int

    def write(self, lang: str) -> str:
        """Write the bounds of the step in a language."""
        high = format_percent(self.high, 100, lang)
        return high if self.low == self.high else f"{format_count(self.low, lang)}–{high}"


def divide(rates: list[int]) -> tuple[Step, ...]:
    """Divide rates in percent into steps. Equal rates share a step, so steps may be fewer and of unequal sizes."""
    ordered = sorted(rates)
    lows = sorted({ordered[len(ordered) * step // MOST] for step in range(MOST)}) if ordered else []
    highs = [max(rate for rate in ordered if rate < low) for low in lows[1:]] + ordered[-1:]
    shades = (int((place + 0.5) * SHADES / len(lows)) for place in range(len(lows)))
    return tuple(map(Step, lows, highs, shades))


def divide_chart(chart: Chart) -> tuple[Step, ...]:
    """Divide a chart's rates into steps, by the members that have enough actions to be compared."""
    counts = read_rows(chart.frame, (RATES[chart.spec.rate].parts[0], "actions"))
    return divide([round_half_up(part, actions, 100) for part, actions in counts if actions >= FEW])


def find_shade(steps: tuple[Step, ...], part: int, actions: int) -> int:
    """Find the shade of a rate; one below all steps gets that of the first."""
    rate = round_half_up(part, actions, 100)
    return next((step.shade for step in reversed(steps) if rate >= step.low), steps[0].shade if steps else 0)


def _shades(stops: tuple[tuple[str, float], ...]) -> list[str]:
    """List the colours of the steps of a scale, each at the middle of its step."""
    colours = []
    for step in range(SHADES):
        share = (step + 0.5) / SHADES
        (low, start), (high, end) = next(pair for pair in pairwise(stops) if share <= pair[1][1])
        colours.append(theme.blend(low, high, (share - start) / (end - start) if end > start else 0.0))
    return colours


def shade_step(value: float) -> int:
    """Find the step of a value from 0 to 1 in a scale: one for every ten percentage points; for pace, every 20."""
    return min(int(value * SHADES), SHADES - 1)


def pace_role(pace: float) -> str:
    """Find the role of a pace's colour, from -1 (as far behind the time elapsed as possible) to 1."""
    return f"pace_{shade_step((pace + 1) / 2)}"


def _light() -> dict[str, str]:
    roles = {
        "paper": theme.PAPER,
        "text": theme.TEXT,
        "muted": theme.MUTED,
        "grid": theme.GRID,
        "axis": theme.AXIS,
        "completed": theme.COMPLETED,
        "completed_few": theme.COMPLETED_FEW,
        "possible": theme.POSSIBLE,
        "possible_edge": theme.POSSIBLE_EDGE,
        "reported": theme.REPORTED,
        "reported_few": theme.REPORTED_FEW,
        "elapsed": theme.ELAPSED,
        "other": theme.OTHER,
        "other_few": theme.OTHER_FEW,
        "other_possible": theme.OTHER_POSSIBLE,
        "other_possible_edge": theme.OTHER_POSSIBLE_EDGE,
        "empty": theme.EMPTY_CELL,
        "few": theme.FEW_ACTIONS,
        "silent": theme.PAPER,
        "warning": theme.WARNING,
        "on_warning": theme.ON_WARNING,
    }
    for status, ink in theme.STATUS_INKS.items():
        roles[status] = ink.fill
        roles[f"on_{status}"] = ink.text
    for step, colour in enumerate(_shades(theme.PALE_SHADES + theme.DARK_SHADES)):
        roles[f"shade_{step}"] = colour
        roles[f"on_shade_{step}"] = max((theme.TEXT, theme.PAPER), key=lambda ink: theme.contrast(ink, colour))
    return roles


def _dark() -> dict[str, str]:
    roles = theme.DARK | {"warning": theme.WARNING, "on_warning": theme.ON_WARNING}
    for status, ink in theme.DARK_STATUS_INKS.items():
        roles[status] = ink.fill
        roles[f"on_{status}"] = ink.text
    for step, colour in enumerate(_shades(theme.DARK_SCHEME_SHADES)):
        roles[f"shade_{step}"] = colour
        inks = (theme.DARK["text"], theme.DARK["paper"])
        roles[f"on_shade_{step}"] = max(inks, key=lambda ink: theme.contrast(ink, colour))
    return roles


def _shade_roles(name: str, stops: tuple[tuple[str, float], ...], inks: tuple[str, ...]) -> dict[str, str]:
    """List the steps of a scale and the text on each, by their roles."""
    roles = {}
    for step, colour in enumerate(_shades(stops)):
        roles[f"{name}_{step}"] = colour
        roles[f"on_{name}_{step}"] = max(inks, key=lambda ink: theme.contrast(ink, colour))
    return roles


LIGHT = _light()
DARK = _dark()
"""The colour of every role on a light and on a dark ground."""

CHOSEN_LIGHT = {"behind_few": theme.BEHIND_FEW, "peer": theme.PEER}
CHOSEN_LIGHT |= _shade_roles("peer", theme.PEER_SHADES, (theme.TEXT,))
CHOSEN_LIGHT |= _shade_roles("pace", theme.PACE_SHADES, (theme.TEXT, theme.PAPER))
CHOSEN_DARK = {"behind_few": theme.DARK_BEHIND_FEW, "peer": theme.DARK_PEER}
CHOSEN_DARK |= _shade_roles("peer", theme.DARK_PEER_SHADES, (theme.DARK["text"],))
CHOSEN_DARK |= _shade_roles("pace", theme.DARK_PACE_SHADES, (theme.DARK["text"], theme.DARK["paper"]))
"""Further roles, of what a reader chooses of a chart (`dashboard.charts.options`); other embeds go without them."""

PICTURE = LIGHT | CHOSEN_LIGHT
"""The colour of every role where nothing follows a reader's scheme: pictures, figures, slides, workbooks."""
