"""The elements of a picture in SVG, in order, with escaped text and short numbers; and keys of its colours.

Coordinates are CSS pixels from the top left; a text's y is its baseline. Nothing in this module knows a chart. The same
calls give the same bytes.
"""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import lru_cache
from html import escape
from typing import Literal, NamedTuple

from dashboard.charts.colours import Key
from dashboard.charts.svg.texts import ELLIPSIS, LINE, clean, isolate, shorten, width

Anchor = Literal["start", "middle", "end"]
Datum = str | int | float

_HALO = " halo s-paper"
BASELINE = 0.36
"""How far below its middle a line's baseline is, in font sizes: half of the figures' height."""


class Box(NamedTuple):
    """A rectangle to draw in, in pixels; without a height, as high as the marks need."""

    x: float
    y: float
    width: float
    height: float | None = None

    @property
    def right(self) -> float:
        """Return the right edge."""
        return self.x + self.width

    def below(self, height: float) -> "Box":
        """Return what remains of the box below so much of its top."""
        return Box(self.x, self.y + height, self.width, None if self.height is None else self.height - height)


LEGIBLE = 12
"""The smallest text of a drawing, in pixels: on a page of 320 pixels, which has 300 for one of 320, it has 11."""


class Sizes(NamedTuple):
    """Font sizes of a drawing in pixels: the usual one, the least it may shrink to, and that of axes and keys."""

    base: float
    least: float
    small: float


class Canvas:
    """The elements of one picture, in the order of drawing."""

    def __init__(self, font_size: float, shapes: str = "", *, is_page: bool = False, name: str = "") -> None:
        """Start an empty picture; text of `font_size` needs no size of its own.

        Args:
            font_size: In pixels.
            shapes: The address of a folder of shapes that the picture may refer to; empty if it must stand alone.
            is_page: Whether it stands in a page, with the page's style sheet.
            name: Distinguishes it from hidden pictures of the same chart in a page.
        """
        self.name = name
        self.is_page = is_page
        self.font_size = font_size
        self.shapes = shapes
        self._parts: list[str] = []

    def rect(self, x: float, y: float, width: float, height: float, role: str, **more: Datum) -> None:
        """Draw a filled rectangle; `more` are attributes and `data_…` values."""
        self._parts.append(
            f'<rect x="{short(x)}" y="{short(y)}" width="{short(max(width, 0))}" height="{short(max(height, 0))}"'
            f' class="{role}"{_attributes(more)}/>'
        )

    def line(self, x1: float, y1: float, x2: float, y2: float, role: str, **more: Datum) -> None:
        """Draw a straight line."""
        self._parts.append(
            f'<line x1="{short(x1)}" y1="{short(y1)}" x2="{short(x2)}" y2="{short(y2)}"'
            f' class="{role}"{_attributes(more)}/>'
        )

    def path(self, commands: str, role: str, **more: Datum) -> None:
        """Draw a path of SVG path commands; without a fill it is a line, also where style sheets are read in part."""
        line = "" if "f-" in role or more.get("fill") else ' fill="none"'
        self._parts.append(f'<path d="{commands}" class="{role}"{line}{_attributes(more)}/>')

    def define_rect(self, box: Box, radius: float = 0) -> str:
        """Define a rectangle that `use` draws at a place, in its colours there; return its name.

        It has no class itself: browsers look for the style sheet's `.pic` around it in vain. Its name is made from its
        measures: pictures of one page share a name only where they share the shape.
        """
        corners = f' rx="{short(radius)}"' if radius else ""
        shape = (
            f' x="{short(box.x)}" y="{short(box.y)}" width="{short(box.width)}"'
            f' height="{short(box.height or box.width)}"{corners}'
        )
        name = f"s{zlib.crc32(shape.encode()):x}"[:6]
        self._parts.append(f'<defs><rect id="{name}"{shape}/></defs>')
        return name

    def define_clip(self, shape: str) -> str:
        """Define a path that cuts off what `clipped` elements have outside of it; return its name."""
        name = f"c{zlib.crc32(shape.encode()):x}"
        self._parts.append(f'<clipPath id="{name}"><path d="{shape}"/></clipPath>')
        return name

    def define_hatch(self, step: float, angle: int = 45) -> str:
        """Define lines on the ground of what has no value, `step` apart, as a fill; return their name."""
        extent = f'width="{step:.4g}" height="{step:.4g}"'
        lines = (
            f' {extent} patternUnits="userSpaceOnUse" patternTransform="rotate({angle})">'
            f'<rect {extent} class="f-silent" stroke-width="0"/>'
            f'<rect width="{step / 5:.4g}" height="{step:.4g}" class="f-axis" stroke-width="0"/></pattern>'
        )
        name = f"h{zlib.crc32((self.name + lines).encode()):x}"
        self._parts.append(f'<pattern id="{name}"{lines}')
        return f"url(#{name})"

    @contextmanager
    def clipped(self, name: str) -> Iterator[None]:
        """Clip elements to a shape."""
        self._parts.append(f'<g clip-path="url(#{name})">')
        yield
        self._parts.append("</g>")

    @contextmanager
    def scaled(self, x: float, y: float, factor: float, stroke: float, **data: Datum) -> Iterator[None]:
        """Draw elements in units of `factor` pixels each; lines are `stroke` pixels wide, an em is one."""
        self._parts.append(
            f'<g transform="translate({short(x)} {short(y)}) scale({factor:.6g})" stroke-width="{stroke / factor:.4g}"'
            f' stroke-linejoin="round" font-size="{1 / factor:.4g}"{_attributes(data)}>'
        )
        yield
        self._parts.append("</g>")

    def use(self, name: str, x: float, role: str = "") -> None:
        """Draw a defined shape by its name, moved right by `x`; without a role, in the colours of its group."""
        self._parts.append(f'<use href="#{name}" x="{short(x)}"{_class(role)}/>')

    def refer(self, address: str, role: str = "", **more: Datum) -> None:
        """Draw a shape of another file; without a role, in the colours of its group."""
        self._parts.append(f'<use href="{quote(address)}"{_class(role)}{_attributes(more)}/>')

    def circle(self, x: float, y: float, radius: float, role: str) -> None:
        """Draw a dot."""
        self._parts.append(f'<circle cx="{short(x)}" cy="{short(y)}" r="{short(radius)}" class="{role}"/>')

    def picture(self, box: Box, address: str) -> None:
        """Draw a picture that the address holds; it says nothing that the words do not."""
        self._parts.append(
            f'<image x="{short(box.x)}" y="{short(box.y)}" width="{short(box.width)}" height="{short(box.height or 0)}"'
            f' href="{quote(address)}" aria-hidden="true"/>'
        )

    def text(
        self, x: float, y: float, text: str, role: str = "f-text", size: float = 0, anchor: Anchor = "start",
        turned: bool = False,
    ) -> None:  # fmt: skip
        """Write a line of text at its baseline; `turned` reads upwards.

        A `halo` is a separate text behind it, but not on a page: some programs do not paint the strokes of a text
        first.
        """
        if not text:
            return
        own_size = f' font-size="{short(size)}"' if size and size != self.font_size else ""
        own_anchor = f' text-anchor="{anchor}"' if anchor != "start" else ""
        turn = f' transform="rotate(-90 {short(x)} {short(y)})"' if turned else ""
        tail = f"{own_size}{own_anchor}{turn}>{_write(text)}</text>"
        if _HALO in role and not self.is_page:
            role = role.replace(_HALO, "")
            bold = " b" if role.endswith(" b") else ""
            ground = f"f-paper{bold}{_HALO}"
            self._parts.append(f'<text x="{short(x)}" y="{short(y)}" aria-hidden="true"{_class(ground)}{tail}')
        self._parts.append(f'<text x="{short(x)}" y="{short(y)}"{_class(role)}{tail}')

    def bare_text(self, x: float, y: float, text: str, role: str = "") -> None:
        """Write a line of text in the size and anchor of the group around it, and in its colour without a role."""
        place = f' y="{short(y)}"' if y else ""
        self._parts.append(f'<text x="{short(x)}"{place}{_class(role)}>{_write(text)}</text>')

    def lines(
        self,
        x: float,
        middle: float,
        lines: list[str],
        role: str = "f-text",
        size: float = 0,
        anchor: Anchor = "start",
        full_text: str = "",
    ) -> None:
        """Write lines of text around a middle, one below the other; if they are cut, the pointer shows the whole."""
        size = size or self.font_size
        first = middle + BASELINE * size - (len(lines) - 1) * LINE * size / 2
        with self.group(full_text) if full_text and lines[-1].endswith(ELLIPSIS) else nullcontext():
            for number, line in enumerate(lines):
                self.text(x, first + number * LINE * size, line, role, size, anchor)

    @contextmanager
    def moved(self, x: float, y: float, **data: Datum) -> Iterator[None]:
        """Draw elements whose coordinates begin at a place."""
        self._parts.append(f'<g transform="translate({short(x)} {short(y)})"{_attributes(data)}>')
        yield
        self._parts.append("</g>")

    @contextmanager
    def group(self, tip: str = "", role: str = "", **data: Datum) -> Iterator[None]:
        """Group elements: their values for programs, and their text at the pointer."""
        self._parts.append(f"<g{_class(role)}{_attributes(data)}>")
        if tip:
            self._parts.append(f"<title>{escape(clean_lines(tip), quote=False)}</title>")
        yield
        self._parts.append("</g>")

    def raw(self) -> str:
        """Return the elements so far."""
        return "".join(self._parts)


def short(number: float) -> str:
    """Write a coordinate to a tenth of a pixel, without needless digits."""
    text = f"{number:.1f}"
    return text[:-2] if text.endswith(".0") else text


def clean_lines(text: str) -> str:
    """Clean text that may have several lines, each without control characters."""
    return "\n".join(clean(line) for line in text.split("\n"))


@lru_cache(maxsize=8_192)
def quote(text: str) -> str:
    """Quote a value for an attribute."""
    return escape(clean(text), quote=True)


@lru_cache(maxsize=8_192)
def _write(text: str) -> str:
    """Write a text between tags."""
    return escape(isolate(text), quote=False)


def _class(role: str) -> str:
    return f' class="{role}"' if role else ""


def _attributes(values: dict[str, Datum]) -> str:
    """Write attributes; leave out empty ones."""
    return "".join(f' {name.replace("_", "-")}="{_value(value)}"' for name, value in values.items() if value != "")


def _value(value: Datum) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    return quote(str(value))


def share(numerator: float, denominator: float) -> float:
    """Return a part of a whole as a fraction of 1; 0 of 0 is 0, for drawing only."""
    return numerator / denominator if denominator else 0.0


HATCH_STEP = 5.0
"""How far apart the lines of what has no value are, in pixels."""
SWATCH = 0.85
GAP = 1.2


def key_height(entries: list[Key], room: float, size: float) -> float:
    """Measure the height of a key of this width, the gap below included; 0 without entries."""
    return (len(_flow(entries, room, size)) * LINE + 0.5) * size if entries else 0.0


def draw_key(canvas: Canvas, entries: list[Key], box: Box, size: float) -> None:
    """Draw a key into the top of a box."""
    for number, line in enumerate(_flow(entries, box.width, size)):
        middle = box.y + (number + 0.5) * LINE * size
        for x, entry, name in line:
            _draw_swatch(canvas, entry, box.x + x, middle, SWATCH * size)
            canvas.text(box.x + x + 1.3 * size, middle + BASELINE * size, name, "f-text", size)


RING = "ring"
"""In the place of an edge: a ring stands in the key, not a square."""


def draw_ring(x: float, y: float, radius: float) -> str:
    """Return the path of a circle without a fill."""
    half = f"a{radius:.4g} {radius:.4g} 0 1 0"
    return f"M{x - radius:.6g} {y:.6g}{half} {2 * radius:.6g} 0{half} {-2 * radius:.6g} 0"


def _draw_swatch(canvas: Canvas, entry: Key, x: float, middle: float, side: float) -> None:
    if entry.edge == RING:
        canvas.path(draw_ring(x + side / 2, middle, side / 2), f"s-{entry.role}", stroke_width=1.5)
        return
    if not entry.edge:
        canvas.rect(x, middle - side / 2, side, side, f"f-{entry.role}")
        return
    top, inside = middle - side / 2 + 0.5, side - 1
    if entry.hatched is None:
        canvas.rect(x + 0.5, top, inside, inside, f"f-{entry.role} s-{entry.edge}", stroke_width=1)
    else:
        fill = canvas.define_hatch(HATCH_STEP, entry.hatched)
        canvas.rect(x + 0.5, top, inside, inside, f"hatched s-{entry.edge}", stroke_width=1, fill=fill)


def _flow(entries: list[Key], room: float, size: float) -> list[list[tuple[float, Key, str]]]:
    """Flow the entries into lines, each with its x inside the line and its name, shortened where it must be."""
    lines: list[list[tuple[float, Key, str]]] = []
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
