"""Keys: a swatch and a name for each colour, in as many lines as the width needs."""

from typing import NamedTuple

from dashboard.charts.svg.canvas import BASELINE, Box, Canvas
from dashboard.charts.svg.texts import LINE, shorten, width

SWATCH = 0.85
GAP = 1.2


class Entry(NamedTuple):
    """A name and the role of its colour; a pale colour has an edge."""

    name: str
    role: str
    edge: str = ""


def key_height(entries: list[Entry], room: float, size: float) -> float:
    """How high a key of this width is, the gap below included; 0 without entries."""
    return (len(_flow(entries, room, size)) * LINE + 0.5) * size if entries else 0.0


def draw_key(canvas: Canvas, entries: list[Entry], box: Box, size: float) -> None:
    """Draw a key into the top of a box."""
    for number, line in enumerate(_flow(entries, box.width, size)):
        middle = box.y + (number + 0.5) * LINE * size
        for x, entry, name in line:
            side = SWATCH * size
            if entry.edge:
                edge = {"stroke_width": 1}
                canvas.rect(
                    box.x + x + 0.5,
                    middle - side / 2 + 0.5,
                    side - 1,
                    side - 1,
                    f"f-{entry.role} s-{entry.edge}",
                    **edge,
                )
            else:
                canvas.rect(box.x + x, middle - side / 2, side, side, f"f-{entry.role}")
            canvas.text(box.x + x + 1.3 * size, middle + BASELINE * size, name, "f-text", size)


def _flow(entries: list[Entry], room: float, size: float) -> list[list[tuple[float, Entry, str]]]:
    """The entries in lines, each with its x inside the line and its name, shortened where it must be."""
    lines: list[list[tuple[float, Entry, str]]] = []
    x = room + 1
    for entry in entries:
        name = shorten(entry.name, room - 1.3 * size, size)
        needed = 1.3 * size + width(name, size)
        if x + needed > room:
            lines.append([])
            x = 0.0
        lines[-1].append((x, entry, name))
        x += needed + GAP * size
    return lines
