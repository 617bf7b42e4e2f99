"""Tables of documents to print: widths of columns and the size of letters, so that no word is cut."""

import re
from collections.abc import Sequence
from typing import Any

from dashboard.charts.svg.texts import widest
from dashboard.formats import clean

LONG = 40
"""The rows of a page; in a briefing a longer table comes last."""
ROOM = 174 / 25.4 * 72
"""The width of the text on paper, in points."""
OFFICE = 1.1
"""How much wider letters of decks and documents are than those by which tables are measured."""
LARGEST, LEAST = 8.5, 6.0
"""The size of letters, in points."""
_INSET = 6.0
"""Points beside the words of a cell, on both sides together."""
_MOST = 20.0
"""The largest width of a column of words, in sizes of its letters: longer ones have several lines."""
_BOLD = 1.06
_WORD = re.compile(r"[^\W\d_]")
_BREAKS = re.compile("[ -]")


def lay_out(
    headings: Sequence[str], rows: Sequence[Sequence[str]], *, is_late: bool = False, room: float = ROOM
) -> dict[str, Any]:
    """Lay out a table as wide as `room`, in points.

    `is_late` marks a table behind everything else.

    Returns:
        `headings` and `rows`; `tall`, whether a row may have cells of several lines; `widths` of the columns, as
        shares; `are-words`, whether a column holds words, aligned at one side, or numbers, aligned at the other;
        `size` of letters in points; `is-tight`, whether words may have to be divided; `is-late`; `headed`, the number
        of columns, from the first one on, that name the row.
    """
    cells = [[clean(cell) for cell in row] for row in rows]
    columns = [list(column) for column in zip(*cells, strict=True)] or [[] for _ in headings]
    are_words = [number == 0 or any(map(_WORD.search, column)) for number, column in enumerate(columns)]
    widths = [_measure(*column) for column in zip(headings, columns, are_words, strict=True)]
    size = min(LARGEST, max(LEAST, (room - _INSET * len(widths)) / sum(widths))) if widths else LARGEST
    shares = [width * size + _INSET for width in widths]
    scale = room / sum(shares) if shares else 1.0
    rooms = [(share * scale - _INSET) / size for share in shares]
    return {
        "headings": [clean(heading) for heading in headings],
        "rows": cells,
        "tall": [any(widest([cell], 1) > room for cell, room in zip(row, rooms, strict=True)) for row in cells],
        "widths": [round(share, 2) for share in shares],
        "are-words": are_words,
        "size": round(size, 2),
        "is-tight": size == LEAST,
        "is-late": is_late,
        "headed": next((number for number, is_word in enumerate(are_words) if not is_word), 1),
    }


def _measure(heading: str, column: list[str], is_words: bool) -> float:
    """Measure a column's least width, in sizes of its letters: for the longest word above it, and for its cells."""
    widest_word = widest(_BREAKS.split(heading), 1) * _BOLD
    return max(widest_word, min(widest(column, 1), _MOST) if is_words else widest(column, 1))
