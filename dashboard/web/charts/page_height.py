"""The words around the drawing on a chart's page, and the page's height at a width, its table closed.

The page writes the words line by line; the kind of a line decides its look (`light_pages.css`). Words are
as wide as their letters together (`words_font`); a test in a browser compares the heights.
"""

import math
import re
from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise
from typing import NamedTuple

from dashboard.campaign.brand import LOGO_BELOW, LOGO_HEIGHT
from dashboard.charts.chart import Chart
from dashboard.charts.svg.draw import draw_svg
from dashboard.charts.svg.texts import SLACK
from dashboard.charts.svg.texts import width as slack_width
from dashboard.formats import clean
from dashboard.i18n import N_, translator


class Line(NamedTuple):
    """A line of words, wrapped where its page is narrow; its kind is one of `TAGS`."""

    kind: str
    text: str

    @property
    def html(self) -> str:
        """Write the line in the page."""
        tag, attributes = TAGS[self.kind]
        return f"<{tag}{attributes}>{_SLASH.sub('<wbr>', escape(self.text))}</{tag}>"


_SLASH = re.compile(r"(?<=[^\W\d]/)(?=[^\W\d])")
"""Where a line may break inside `completed/actions`: some browsers do so by themselves, others do not."""

TAGS = {
    "sample": ("p", ' class="sample"'),
    "title": ("h1", ' dir="auto"'),
    "finding": ("p", ' class="finding"'),
    "summary": ("p", ' class="summary"'),
    "note": ("p", ' class="note"'),
}


def list_above(chart: Chart, title: str | None = None) -> Iterator[Line]:
    """Yield the lines above the drawing: a note on fictional data, title with selection, finding and sum."""
    if chart.campaign["is_sample"]:
        yield Line("sample", chart.caption.notes[0])
    yield Line("title", chart.caption.entitle(title))
    finding, *summaries = chart.caption.sentences
    yield Line("finding", finding)
    for sentence in summaries:
        yield Line("summary", sentence)


def list_below(chart: Chart) -> Iterator[Line]:
    """Yield the lines below the drawing: the selection, the notes, the definitions of the measures, the source."""
    t, caption = translator(chart.lang), chart.caption
    notes = caption.notes[1:] if chart.campaign["is_sample"] else caption.notes  # the first one stands above
    words = " · ".join(t(N_("{name}: {value}"), name=label, value=values) for label, values in caption.selection)
    means = " ".join(t(N_("{name}: {value}"), name=name, value=sentence) for name, sentence in caption.definitions)
    for text in (words, " ".join(notes), means, clean(caption.source_line)):
        if text:
            yield Line("note", text)


def name_citation(lang: str) -> str:
    """Return the words that open the chart's citation."""
    return translator(lang)(N_("How to cite"))


def name_table(chart: Chart) -> str:
    """Return the words that open the table; empty where the chart has no row."""
    return translator(chart.lang)("The same figures as a table") if chart.cells()[1] else ""


WIDE, NARROW = 680, 320
"""Widths of the picture; the page shows the one that fits (light_pages.css)."""
BREAK = 520
"""From this width on a page shows the wide picture."""


class Look(NamedTuple):
    """A kind of words in CSS pixels: font size, distance of two lines, margins at its sides, above and below."""

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
MOST_WIDE, MOST_NARROW = 860, 420
"""The greatest width of a page, and that of a narrow one's picture: letters above 17 pixels help nobody."""
SIDES, ENDS = {False: 20, True: 32}, {False: 20, True: 28}
"""The margins at both sides together, and those above and below, of a narrow page and of a wide one."""
FIGURE_ABOVE, FIGURE_BELOW = 10, 8
LINK_GAP, LINK_ROW_GAP = 18, 4
STEP = 8
HAIR = 0.05
"""Pixels by which browsers may measure otherwise: a line with less spare room than this counts as too long."""

_BREAKS = re.compile(r"(?<=[ \t\n])(?=[^ \t\n])|(?<=[^\W\d]-)(?=[^\W\d])|(?<=[–—])|(?<=[^\W\d]/)(?=[^\W\d])")


class PageHeight:
    """The height of a chart's page, at any width."""

    def __init__(self, chart: Chart, links: Sequence[str], title: str | None = None) -> None:
        """Take the content of the page.

        `links` are the words of the links at its end.
        """
        folded = [Line("folded", words) for words in (name_table(chart), name_citation(chart.lang)) if words]
        self._lines = [*list_above(chart, title), *folded, *list_below(chart)]
        self._links = links
        self._above = LOGO_HEIGHT + LOGO_BELOW if chart.look.logo else 0
        self._shapes = {width: _find_shape(draw_svg(chart, None, width=width)) for width in (WIDE, NARROW)}

    def find(self, width: int) -> int:
        """Find the height at a width, both in CSS pixels."""
        return math.ceil(self._words(width) + self._drawing(width))

    def find_most(self, least: int, most: int) -> int:
        """Find the height that suffices for every width from `least` to `most`, on one side of `BREAK`.

        A wider page has no more lines, a narrower one no higher drawing.
        """
        steps = [*range(least, most, STEP), most]
        return math.ceil(max(self._words(low) + self._drawing(high) for low, high in pairwise([least, *steps])))

    def _words(self, width: int) -> float:
        """Compute the height of everything but the drawing."""
        is_wide = width >= BREAK
        room = min(width, MOST_WIDE) - SIDES[is_wide]
        total = 0.0
        for kind, text in self._lines:
            look = LOOKS[kind]
            total += count_lines(text, room - look.sides, look) * look.line + look.padding + look.below
        lines = total - LOOKS["finding"].below
        return ENDS[is_wide] + self._above + lines + FIGURE_ABOVE + FIGURE_BELOW + _link_height(self._links, room)

    def _drawing(self, width: int) -> float:
        is_wide = width >= BREAK
        room = min(width, MOST_WIDE) - SIDES[is_wide]
        return room * self._shapes[WIDE] if is_wide else min(room, MOST_NARROW) * self._shapes[NARROW]


def _find_shape(svg: str) -> float:
    """Find the height of a drawing, as a share of its width."""
    box = re.search(r'viewBox="0 0 ([0-9.]+) ([0-9.]+)"', svg)
    return float(box[2]) / float(box[1]) if box else 1.0


def _link_height(links: Sequence[str], room: float) -> float:
    """Compute the height of the links, beside each other as far as they have room."""
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
    """Count the lines into which a browser breaks words, `room` pixels wide: between them, a long one inside it."""
    lines, line_width = 1, HAIR
    for piece in _BREAKS.split(re.sub(r"[ \t\n]+", " ", text).strip()):
        wide = measure(piece.rstrip(" "), look)
        if line_width > HAIR and line_width + wide > room:
            lines, line_width = lines + 1, HAIR
        if HAIR + wide > room:
            broken_lines, line_width = _break_inside(piece.rstrip(" "), room, look)
            lines += broken_lines
        else:
            line_width += measure(piece, look)
    return lines


def _break_inside(word: str, room: float, look: Look) -> tuple[int, float]:
    """Count the further lines of a word that is longer than a line, and measure its end in the last."""
    lines, line_width = 0, HAIR
    for letter in word:
        advance = measure(letter, look)
        if line_width > HAIR and line_width + advance > room:
            lines, line_width = lines + 1, HAIR
        line_width += advance
    return lines, line_width + measure(" ", look)


def measure(text: str, look: Look) -> float:
    """Measure the width of words in one line, in CSS pixels."""
    return slack_width(text, look.size, look.is_bold) / SLACK
