"""The world's areas as this program draws them: paths at several levels of detail, places of dots, boxes to zoom to.

The data is `world.json`; the docstring of the package names its source, and `derive.py` makes it.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

WORLD = Path(__file__).with_name("world.json")
WIDTH = 9_000
"""How wide the world is by the measure of places and boxes; levels have their own."""

DETAIL = 7.5
"""How many units of a level a pixel has at least: with fewer, lines look angular."""


class Extent(NamedTuple):
    """A rectangle, y downwards, in units."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Return the distance from left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Return the distance from top to bottom."""
        return self.bottom - self.top

    def scaled(self, factor: float) -> "Extent":
        """Return the same rectangle in other units."""
        return Extent(*(edge * factor for edge in self))

    def touches(self, extent: "Extent") -> bool:
        """Whether two rectangles share a point."""
        return (
            self.left <= extent.right
            and extent.left <= self.right
            and self.top <= extent.bottom
            and extent.top <= self.bottom
        )


class Ring(NamedTuple):
    """A closed line and where it lies, in the units of its level."""

    extent: Extent
    path: str


class Spot(NamedTuple):
    """Where an area lies, in units of `WIDTH`.

    Attributes:
        x: The middle of its main part.
        y: The same point, downwards from the equator.
        size: The side of a square as large as its largest ring; 0 where only its place is known.
        extent: Its main parts, without islands far away.
    """

    x: float
    y: float
    size: float
    extent: Extent


@dataclass(frozen=True)
class Level:
    """The world at one level of detail, `width` units wide."""

    width: int
    areas: dict[str, tuple[Ring, ...]]
    lakes: tuple[Ring, ...]

    @cached_property
    def shapes(self) -> str:
        """Return an SVG file that holds each area under its code, and the lakes, for drawings on pages to refer to."""
        shapes = {**self.areas, LAKES: self.lakes}
        paths = "\n".join(f'<path id="{name}" d="{"".join(r.path for r in rings)}"/>' for name, rings in shapes.items())
        return f'<svg xmlns="http://www.w3.org/2000/svg">\n{paths}\n</svg>\n'

    @cached_property
    def file_name(self) -> str:
        """Return the name of that file, which changes with its content."""
        return f"world-{self.width}-{hashlib.sha256(self.shapes.encode()).hexdigest()[:12]}.svg"


@dataclass(frozen=True)
class World:
    """All areas: their spots by their codes, and their rings at each level, the coarsest first."""

    spots: dict[str, Spot]
    levels: tuple[Level, ...]

    def level(self, pixels: float) -> Level:
        """Find the coarsest level that looks right where the whole world would be so many pixels wide."""
        return next((level for level in self.levels if level.width >= pixels * DETAIL), self.levels[-1])


LAKES = "lakes"
UNCODED = frozenset(("XJK", "XAC", "XAP", "XHT", "XBT", "XIT"))
"""The source's areas that are no country's: they are drawn hatched, and never as part of one."""


@cache
def read_world() -> World:
    """Read the world's areas, once."""
    raw = json.loads(WORLD.read_text(encoding="utf-8"))
    spots = {
        code: Spot(spot["dot"][0], spot["dot"][1], spot["size"], Extent(*spot["box"]))
        for code, spot in raw["spots"].items()
    }
    levels = tuple(
        Level(level["width"], {code: _rings(rings) for code, rings in level["areas"].items()}, _rings(level["lakes"]))
        for level in raw["levels"]
    )
    return World(spots, levels)


def _rings(rings: Iterable[tuple[int, int, int, int, str]]) -> tuple[Ring, ...]:
    return tuple(Ring(Extent(*extent), path) for *extent, path in rings)
