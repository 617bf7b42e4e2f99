"""Colours, fonts and sizes of every chart, as plain data.

The colours stay apart for readers who see no red and green, and by lightness in print; each has the text
colour that reaches WCAG's 4.5:1 on it (tested).
"""

from typing import NamedTuple

FONT = '"Source Sans", "Source Sans Pro", "Helvetica Neue", Arial, sans-serif'
FONT_SIZE = 13
SMALL = 12
TINY = 11

PAPER = "#FFFFFF"
TEXT = "#1F2933"
MUTED = "#5F6B76"
GRID = "#E3E7EB"
AXIS = "#8895A3"


class Ink(NamedTuple):
    """A fill and the colour of text on it."""

    fill: str
    text: str


COMPLETED = "#14597F"
COMPLETED_FEW = "#8DB0C4"
POSSIBLE = "#C6DBE8"
POSSIBLE_EDGE = "#6A9AB4"
REPORTED = "#3D6B35"
REPORTED_FEW = "#A9C2A4"
ELAPSED = "#B3541E"
WARNING, ON_WARNING = "#B3261E", "#FFFFFF"
OTHER = "#B9790F"
OTHER_FEW = "#DDC08A"
OTHER_POSSIBLE = "#F3E4C4"
OTHER_POSSIBLE_EDGE = "#C9A561"
"""The other of two selections: apart from `COMPLETED` by lightness, and by hue without red and green."""
BEHIND_FEW = "#DDB8A2"
PEER = "#AEB7BF"
EMPTY_CELL = "#F1F3F5"
FEW_ACTIONS = "#C3C9CF"

STATUS_INKS = {
    "completed": Ink(COMPLETED, "#FFFFFF"),
    "in_progress": Ink("#52A6D5", TEXT),
    "not_started": Ink("#EFB11E", TEXT),
    "discontinued": Ink("#B4473A", "#FFFFFF"),
    "unclassified": Ink("#7B848A", "#10161B"),
    "not_reported": Ink("#D9DEE2", TEXT),
}
"""Status segments, in the order in which they are stacked; any two of them differ on paper without colours, too."""

PALE_SHADES = (("#EAF2F7", 0.0), ("#74A9C8", 0.6))
DARK_SHADES = (("#3A7CA3", 0.6), (COMPLETED, 1.0))
"""The shades of a completion rate in a grid: pale ones carry dark text, dark ones white text."""

PACE_SHADES = (
    ("#9A3F0A", 0.0),
    ("#B5561E", 0.2),
    ("#DDA07A", 0.2),
    ("#F7EDE6", 0.5),
    ("#E6F0F6", 0.5),
    ("#86B4CD", 0.8),
    ("#36759B", 0.8),
    (COMPLETED, 1.0),
)
"""The shades of a pace: from as far as can be behind the time elapsed (0) to as far as can be ahead of it (1)."""

DARK = {
    "paper": "#14191F",
    "text": "#E9EDF1",
    "muted": "#A7B2BD",
    "grid": "#2C343D",
    "axis": "#66727E",
    "completed": "#5AA9D6",
    "completed_few": "#3C5F75",
    "possible": "#26404F",
    "possible_edge": "#47708A",
    "reported": "#7FB574",
    "reported_few": "#466340",
    "elapsed": "#EE9A5F",
    "other": "#E3B456",
    "other_few": "#6B5734",
    "other_possible": "#40361F",
    "other_possible_edge": "#8A713C",
    "empty": "#222930",
    "few": "#4B555F",
    "silent": "#14191F",
}
"""The same roles on a dark ground, for pictures that follow the reader's colour scheme."""

DARK_BEHIND_FEW = "#6D4A33"
DARK_PEER = "#55606A"
DARK_STATUS_INKS = {
    "completed": Ink("#5AA9D6", "#10161B"),
    "in_progress": Ink("#30749C", "#FFFFFF"),
    "not_started": Ink("#DFC278", "#10161B"),
    "discontinued": Ink("#8F3F31", "#FFFFFF"),
    "unclassified": Ink("#7D8793", "#10161B"),
    "not_reported": Ink("#39434D", "#E9EDF1"),
}

DARK_SCHEME_SHADES = (("#1D2A34", 0.0), ("#2F6788", 0.6), ("#5AA3CE", 0.6), ("#8CCEF2", 1.0))
"""The shades of a completion rate in a grid on a dark ground: the higher, the brighter."""


PEER_SHADES = (("#F4F5F7", 0.0), ("#BBC3CA", 1.0))
DARK_PEER_SHADES = (("#1C2228", 0.0), ("#4A545D", 1.0))
"""The shades of a rate of members outside the choice: grey, so light that text is read on each."""

PEER_OPACITY = 0.4
"""The shades of the statuses of members outside the choice."""

DARK_PACE_SHADES = (
    ("#F6B283", 0.0),
    ("#E8A06B", 0.2),
    ("#7A4E33", 0.2),
    ("#33271F", 0.5),
    ("#1E2C36", 0.5),
    ("#2F6788", 0.8),
    ("#7FC0E6", 0.8),
    ("#9AD6F7", 1.0),
)
"""The shades of a pace on a dark ground: the further from the clock, the brighter."""


def blend(low: str, high: str, share: float) -> str:
    """Mix two `#RRGGBB` colours, at a share of the way."""
    pairs = ((int(low[i : i + 2], 16), int(high[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)


def contrast(ink: str, ground: str) -> float:
    """Compute the WCAG contrast ratio of two `#RRGGBB` colours, from 1 to 21."""
    light, dark = sorted((_luminance(ink), _luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
