"""How high a chart's page is at a width, its table closed: the drawing and the lines of words around it.

Words are as wide as their letters together (`words_font`), sizes and gaps are those of `light_pages.css`; a test in a
browser compares.
"""

import math
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from dashboard.charts.chart import Chart
from dashboard.charts.svg.draw import draw_svg
from dashboard.charts.svg.texts import SLACK
from dashboard.charts.svg.texts import width as slack_width
from dashboard.web.charts.page_words import Line, list_above, list_below, name_citation, name_table

WIDE, NARROW = 680, 360
"""Widths that the picture is drawn for; the page shows the one that fits (light_pages.css)."""
BREAK = 520
"""From this width on a page shows the wide picture."""


class Look(NamedTuple):
    """A kind of words in CSS pixels: font size, distance of two lines, what it keeps at its sides, above and below."""

    size: float
    line: float
    is_bold: bool = False
    sides: float = 0
    padding: float = 0
    below: float = 6


LOOKS = {
    "sample": Look(14, 20, True, sides=20, padding=8, below=8),
    "title": Look(20, 25, True, below=2),
    "finding": Look(15, 21.75),
    "summary": Look(15, 21.75),
    "note": Look(13.6, 19.72),
    "folded": Look(15, 21.75, sides=20, below=8),
    "link": Look(14.4, 20.88, below=0),
}
MOST_WIDE = 860
SIDES, ENDS = {False: 20, True: 32}, {False: 20, True: 28}
"""The margins at both sides together, and those above and below, of a narrow page and of a wide one."""
FIGURE_ABOVE, FIGURE_BELOW = 10, 8
LINK_GAP, LINK_ROW_GAP = 18, 4
HAIR = 0.05
"""Pixels by which browsers may measure otherwise: a line with less room than this to spare counts as too long."""

_BREAKS = re.compile(r"(?<=[ \t\n])(?=[^ \t\n])|(?<=[^\W\d]-)(?=[^\W\d])|(?<=[–—])|(?<=[^\W\d]/)(?=[^\W\d])")


def reckon_height(chart: Chart, width: int, links: Sequence[str], title: str | None = None) -> int:
    """The height of a chart's page in CSS pixels.

    Args:
        chart: What it shows.
        width: How wide the page is, in CSS pixels.
        links: The words of the links at its end.
        title: A title of the presenter's own.
    """
    is_wide = width >= BREAK
    room = min(width, MOST_WIDE) - SIDES[is_wide]
    above = _sum_lines(list_above(chart, title), room) - LOOKS["finding"].below + FIGURE_ABOVE
    table = name_table(chart)
    folded = [Line("folded", words) for words in (table, name_citation(chart.lang)) if words]
    below = _sum_lines([*folded, *list_below(chart)], room)
    return math.ceil(ENDS[is_wide] + above + _draw_height(chart, width, room) + FIGURE_BELOW + below
                     + _link_height(links, room))  # fmt: skip


def _draw_height(chart: Chart, width: int, room: float) -> float:
    svg = draw_svg(chart, None, width=WIDE if width >= BREAK else NARROW)
    box = re.search(r'viewBox="0 0 ([0-9.]+) ([0-9.]+)"', svg)
    return room * float(box[2]) / float(box[1]) if box else room


def _sum_lines(lines: Iterable[Line], room: float) -> float:
    """How high lines of words are, one below the other, with the gap below each."""
    total = 0.0
    for kind, text in lines:
        look = LOOKS[kind]
        total += count_lines(text, room - look.sides, look) * look.line + look.padding + look.below
    return total


def _link_height(links: Sequence[str], room: float) -> float:
    """How high the links are, beside each other as far as they have room."""
    look = LOOKS["link"]
    rows, right = list[int](), math.inf
    for text in links:
        wide = min(measure(text, look), room)
        if right + LINK_GAP + wide + HAIR > room:
            rows.append(1)
            right = wide
        else:
            right += LINK_GAP + wide
        rows[-1] = max(rows[-1], count_lines(text, room, look))
    return sum(rows) * look.line + max(len(rows) - 1, 0) * LINK_ROW_GAP


def count_lines(text: str, room: float, look: Look) -> int:
    """How many lines a browser breaks words into that have `room` pixels: between them, a longer one inside it."""
    lines, used = 1, HAIR
    for piece in _BREAKS.split(re.sub(r"[ \t\n]+", " ", text).strip()):
        wide = measure(piece.rstrip(" "), look)
        if used > HAIR and used + wide > room:
            lines, used = lines + 1, HAIR
        if HAIR + wide > room:
            further, used = _break_inside(piece.rstrip(" "), room, look)
            lines += further
        else:
            used += measure(piece, look)
    return lines


def _break_inside(word: str, room: float, look: Look) -> tuple[int, float]:
    """How many lines more than one a word takes that is longer than a line, and how far it goes in the last."""
    lines, used = 0, HAIR
    for letter in word:
        advance = measure(letter, look)
        if used > HAIR and used + advance > room:
            lines, used = lines + 1, HAIR
        used += advance
    return lines, used + measure(" ", look)


def measure(text: str, look: Look) -> float:
    """How wide words are in one line, in CSS pixels."""
    return slack_width(text, look.size, look.is_bold) / SLACK
