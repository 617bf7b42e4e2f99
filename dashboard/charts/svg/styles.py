"""The colours of pictures as classes: one constant style sheet a kind, so that a page can allow it by its hash.

A role (`completed`, `muted`) has a light and a dark colour; `f-<role>` fills with it, `s-<role>` strokes with it. A
mark whose fill hardly differs from the ground has an outline, unless it has a stroke of its own. Embeds follow the
reader's scheme, drawings on a page the page's. Pictures with a name are light, and have attributes in place of classes,
which office programs read as well.
"""

import base64
import hashlib
import re
from functools import cache
from typing import get_args

from dashboard import theme
from dashboard.charts.catalogue import Kind
from dashboard.charts.colours import CHOSEN_DARK, CHOSEN_LIGHT, DARK, PICTURE, SHADES

_STROKED = (
    "paper", "grid", "axis", "completed", "possible", "possible_edge", "elapsed", "muted", "other", "other_possible",
    "other_possible_edge",
)  # fmt: skip
_COMMON = ("paper", "text", "muted", "grid", "axis", "empty")
_RATES = ("completed", "completed_few", "possible", "possible_edge", "reported", "reported_few", "elapsed")
_SIDED = (
    *("completed", "completed_few", "possible", "possible_edge"),
    *("other", "other_few", "other_possible", "other_possible_edge"),
)
_STATUSES = tuple(role for status in theme.STATUS_INKS for role in (status, f"on_{status}"))
_SHADES = tuple(role for step in range(SHADES) for role in (f"shade_{step}", f"on_shade_{step}"))
_USED: dict[Kind, tuple[str, ...]] = {
    "rates": _RATES,
    "curve": _RATES,
    "multiples": _RATES,
    "statuses": _STATUSES,
    "outcomes": _STATUSES,
    "evidence": _STATUSES,
    "counts": ("completed",),
    "table": (),
    "answers": ("reported", "reported_few", "completed", "completed_few"),
    "grid": _SHADES,
    "tiles": (*_SHADES, "completed_few"),
    "map": (*_SHADES, "few", "silent"),
    "scatter": _RATES,
    "pairs": _SIDED,
    "curves": _SIDED,
}


LEAST_CONTRAST = 3.0
"""What WCAG asks of a mark, or of its outline, against its ground."""


def _find_edges(colours: dict[str, str]) -> dict[str, str]:
    """Find the outline of each mark by its role: its fill, or the colour of axes where the fill is too pale."""
    marks = (role for role in colours if role not in _COMMON and not role.startswith("on_"))
    dim = {role for role in marks if theme.contrast(colours[role], colours["paper"]) < LEAST_CONTRAST}
    return {role: colours["axis" if role in dim else role] for role in colours}


EDGES_LIGHT, EDGES_DARK = _find_edges(PICTURE), _find_edges(DARK | CHOSEN_DARK)
_OUTLINED = {
    role
    for colours, edges in ((PICTURE, EDGES_LIGHT), (DARK | CHOSEN_DARK, EDGES_DARK))
    for role in edges
    if edges[role] != colours[role]
}


def _rules(colours: dict[str, str], edges: dict[str, str], roles: tuple[str, ...]) -> str:
    outlines = {role: f";stroke:{edges[role]}" for role in roles if role in _OUTLINED}
    fills = "".join(f".pic .f-{role}{{fill:{colours[role]}{outlines.get(role, '')}}}" for role in roles)
    return fills + "".join(f".pic .s-{role}{{stroke:{colours[role]}}}" for role in roles if role in _STROKED)


_BASE = (
    f".pic{{font-family:{theme.FONT}}}.pic .b{{font-weight:600}}"
    ".pic :where(path:not(.hatched),line){fill:none}"
    ".pic .halo{paint-order:stroke;stroke-width:4px;stroke-linejoin:round}"
    ".pic .hit{fill:none;pointer-events:all}"
)


@cache
def style_sheet(kind: Kind, has_choices: bool = False) -> str:
    """Write the style sheet of a kind's embeds, which follow the reader's colour scheme.

    `has_choices`: whether the chart is also drawn in the colours of readers' options.
    """
    roles = (*_COMMON, *_USED[kind])
    if has_choices:
        roles += tuple(CHOSEN_LIGHT)
    light = _rules(PICTURE, EDGES_LIGHT, roles)
    dark = _rules(DARK | CHOSEN_DARK, EDGES_DARK, roles)
    return f"{_BASE}{light}@media (prefers-color-scheme:dark){{{dark}}}"


@cache
def page_style_sheet(*kinds: Kind) -> str:
    """Write the style sheet of drawings on a page that chooses light or dark itself, by its `color-scheme`.

    `kinds`: those that the page has; without them all, also in the colours of readers' options.
    """
    colours = _choose(PICTURE, DARK | CHOSEN_DARK)
    used = [role for kind in kinds or _USED for role in _USED[kind]]
    roles = dict.fromkeys((*_COMMON, "warning", "on_warning", *used, *(() if kinds else CHOSEN_LIGHT)))
    return f"{_BASE}{_rules(colours, _choose(EDGES_LIGHT, EDGES_DARK), tuple(roles))}"


def _choose(light: dict[str, str], dark: dict[str, str]) -> dict[str, str]:
    return {role: f"light-dark({light[role]},{dark[role]})" for role in light}


@cache
def style_hashes(kind: Kind | None = None) -> tuple[str, ...]:
    """Hash the style sheets of a kind, or of all, for `style-src` in a Content-Security-Policy.

    Each stands as `sha256-…`; the policy wants it in single quotes.
    """
    kinds = get_args(Kind) if kind is None else (kind,)
    sheets = (style_sheet(one, has_choices) for has_choices in (False, True) for one in kinds)
    digests = (hashlib.sha256(sheet.encode()).digest() for sheet in sheets)
    return tuple(dict.fromkeys(f"sha256-{base64.b64encode(digest).decode()}" for digest in digests))


def with_attributes(markup: str) -> str:
    """Turn the classes of elements into light colours, which programs without style sheets read as well."""
    return _CLASS.sub(lambda match: _attributes(match[1]), markup)


_CLASS = re.compile(r' class="([^"]*)"')
_PLAIN = {
    "b": ' font-weight="600"',
    "halo": ' stroke-width="4" stroke-linejoin="round"',
    "hit": ' fill="none" pointer-events="all"',
    "hatched": "",
}


@cache
def _attributes(classes: str) -> str:
    names = classes.split()
    attributes = []
    for name in names:
        kind, _, role = name.partition("-")
        attributes.append(f' {"fill" if kind == "f" else "stroke"}="{PICTURE[role]}"' if role else _PLAIN[name])
        if kind == "f" and EDGES_LIGHT[role] != PICTURE[role] and " s-" not in classes:
            attributes.append(f' stroke="{EDGES_LIGHT[role]}"')
    return "".join(attributes)
