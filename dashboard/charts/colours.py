"""The colours of marks by their roles, on a light and on a dark ground.

What draws a chart asks for a role (`completed`, `possible_edge`, `shade_7`), never for a colour of its own:
`dashboard.charts.encoding` says which mark has which role.
"""

from itertools import pairwise

from dashboard import theme
from dashboard.charts.colour_steps import SHADES


def _shades(stops: tuple[tuple[str, float], ...]) -> list[str]:
    """The colours of the steps of a scale, each at the middle of its step."""
    colours = []
    for step in range(SHADES):
        share = (step + 0.5) / SHADES
        (low, start), (high, end) = next(pair for pair in pairwise(stops) if share <= pair[1][1])
        colours.append(theme.blend(low, high, (share - start) / (end - start) if end > start else 0.0))
    return colours


def shade_step(value: float) -> int:
    """The step of a value from 0 to 1 in a scale: one for every ten percentage points; of a pace, for every 20."""
    return min(int(value * SHADES), SHADES - 1)


def pace_role(pace: float) -> str:
    """The role of a pace's colour, from -1 (as far behind the time elapsed as can be) to 1."""
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
    """The steps of a scale and the text on each, by their roles."""
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
