"""Figures on a dark ground: each colour of the light drawing has its dark one, the same as in pictures.

Pages recolour a figure here; the interactive chart page does the same in the browser, from the same two tables,
since only the browser knows the reader's colour scheme.
"""

import re
from functools import cache
from typing import Any

import plotly.graph_objects as go

from dashboard import theme
from dashboard.charts.catalogue import Kind
from dashboard.charts.colours import CHOSEN_DARK, CHOSEN_LIGHT, DARK, LIGHT, SHADES

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}\b")
_SHADED: tuple[Kind, ...] = ("grid", "tiles", "map")


@cache
def dark_colours(kind: Kind, has_choices: bool = True) -> dict[str, str]:
    """Return for each light colour of a kind of figure, as `#RRGGBB` in capitals, the dark one.

    `has_choices`: whether it may have the colours of readers' options.
    """
    roles = (role for role in LIGHT if role in DARK and not role.startswith(("on_", "shade_")))
    colours = {LIGHT[role]: DARK[role] for role in roles}
    if kind in _SHADED:
        colours |= {LIGHT[f"shade_{step}"]: DARK[f"shade_{step}"] for step in range(SHADES)}
    if has_choices:
        colours |= {CHOSEN_LIGHT[role]: CHOSEN_DARK[role] for role in CHOSEN_LIGHT if not role.startswith("on_")}
    return colours


@cache
def dark_inks() -> dict[str, str]:
    """Return for each dark fill of a status the colour of the text on it."""
    return {ink.fill: ink.text for ink in theme.DARK_STATUS_INKS.values()}


def darken(figure: go.Figure, kind: Kind) -> go.Figure:
    """Recolour a figure for a dark ground; the light one stays as it is."""
    parts = _recolour(figure.to_dict(), dark_colours(kind))
    for trace in parts["data"]:
        fill = trace.get("marker", {}).get("color")
        if "insidetextfont" in trace and isinstance(fill, str):
            font = trace["insidetextfont"]
            ink = dark_inks().get(fill, font["color"])
            if isinstance(font["color"], str):
                font["color"] = ink
            else:  # the pale ones have the page's text
                colours = zip(font["color"], trace["marker"]["opacity"], strict=True)
                font["color"] = [ink if opacity == 1 else colour for colour, opacity in colours]
    return go.Figure(parts, _validate=False)


def _recolour(value: Any, colours: dict[str, str]) -> Any:
    if isinstance(value, str):
        return _COLOUR.sub(lambda match: colours.get(match[0].upper(), match[0]), value) if "#" in value else value
    if isinstance(value, dict):
        return {name: _recolour(part, colours) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_recolour(part, colours) for part in value]
    return value
