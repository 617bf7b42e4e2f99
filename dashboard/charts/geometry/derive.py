"""Derive `world.json` from the TopoJSON of the source, which the docstring of the package names.

`python -m dashboard.charts.geometry.derive world_50m.topojson` writes it anew. Arcs are simplified, not rings, so that
neighbours keep the border they share; they are projected first, so that a tolerance is the same all over the map.
"""

import argparse
import json
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from dashboard.charts.geometry.world import WIDTH, WORLD

Point = tuple[float, float]
Ring = list[Point]

SEAM = -169.0
"""The meridian at which the map is cut: it runs through the Bering Strait and otherwise through water only."""

LEVELS = (3_600, 9_000, 36_000)
"""How many units the world is wide at each level of detail; maps draw at most a pixel for 7.5 of them."""

TOLERANCE = 3.5
"""How far a simplified line may be from the true one, in units."""

LEAST_AREA = 80.0
"""Rings below are left out, in square units, unless they are the largest of their area."""

LEAST_LAKE = 1_200.0
"""The same for lakes."""

LARGE_SHARE = 0.05
NEAR = 0.5
"""A ring is a main part if it has this share of the largest ring, or is as near to it as this share of its length."""

LINES = 40
"""How many level lines are tried for a point inside of an area."""

EAST_OF_SEAM = ("COK", "KIR")
"""States whose islands lie on both sides of the seam: they stay together, beyond the right edge."""

LEFT_OUT = ("ATA",)
"""Antarctica would take a sixth of the height."""

POINTS = {"SMR": (12.46, 43.94), "VAT": (12.45, 41.9), "WLF": (-176.2, -13.28)}
"""Where states and territories lie, longitude and latitude, that the source has not."""

_A = (1.340264, -0.081106, 0.000893, 0.003796)
_HALF = 2.7066299836960748
"""Half of the projected width of the world, by the same measure."""


def project(longitude: float, latitude: float, width: float) -> Point:
    """Project by Equal Earth (Šavrič, Patterson, Jenny 2018), centred between the two sides of the seam.

    Args:
        longitude: From `SEAM` on, in degrees, up to 360 degrees further and beyond.
        latitude: In degrees.
        width: The width of the whole world.

    Returns:
        x from the left edge of the world, y from its equator downwards, in the units of `width`.
    """
    turned = math.radians(longitude - SEAM - 180)
    slope = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(latitude)))
    square = slope * slope
    sixth = square**3
    divisor = _A[0] + 3 * _A[1] * square + sixth * (7 * _A[2] + 9 * _A[3] * square)
    x = 2 * math.sqrt(3) * turned * math.cos(slope) / (3 * divisor)
    y = slope * (_A[0] + _A[1] * square + sixth * (_A[2] + _A[3] * square))
    scale = width / (2 * _HALF)
    return (x + _HALF) * scale, -y * scale


class Source(NamedTuple):
    """The parts of the TopoJSON that are drawn: arcs in degrees, and for each id the arcs of its rings."""

    arcs: list[Ring]
    rings: dict[str, list[list[int]]]
    places: dict[str, list[Point]]
    lakes: list[list[int]]


def read_source(text: str) -> Source:
    """Read the areas of the source, repeated ids merged, and its lakes."""
    topology = json.loads(text)
    (step_x, step_y), (left, top) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * step_x + left, y * step_y + top))
        arcs.append(points)
    rings: dict[str, list[list[int]]] = defaultdict(list)
    places: dict[str, list[Point]] = defaultdict(list)
    for area in topology["objects"]["countries"]["geometries"]:
        if area["id"] not in LEFT_OUT:
            rings[area["id"]] += _list_rings(area)
            longitude, latitude = area["properties"]["ct"]
            places[area["id"]].append((longitude, latitude))
    lakes = [ring for lake in topology["objects"]["lakes"]["geometries"] for ring in _list_rings(lake)]
    return Source(arcs, dict(rings), dict(places), lakes)


def _list_rings(geometry: dict[str, Any]) -> list[list[int]]:
    if geometry["type"] == "Polygon":
        return list(geometry["arcs"])
    return [ring for polygon in geometry["arcs"] for ring in polygon]


def shift(point: Point, code: str = "") -> Point:
    """Shift a point to the longitude at which it is drawn: from the seam eastwards."""
    longitude, latitude = point
    edge = SEAM + 30 if code in EAST_OF_SEAM else SEAM
    return (longitude + 360 if longitude < edge else longitude), latitude


def derive(source: Source) -> dict[str, Any]:
    """Derive the content of `world.json`, as `world.World` reads it."""
    east = {abs(i) if i >= 0 else ~i for code in EAST_OF_SEAM for ring in source.rings.get(code, ()) for i in ring}
    shifted = [
        [shift(p, EAST_OF_SEAM[0] if number in east else "") for p in arc] for number, arc in enumerate(source.arcs)
    ]
    levels = []
    for width in LEVELS:
        arcs = [_simplify([project(*point, width) for point in arc]) for arc in shifted]
        areas = {code: _write_rings(rings, arcs) for code, rings in sorted(source.rings.items())}
        lakes = _write_rings(source.lakes, arcs, LEAST_LAKE, keeps_largest=False)
        levels.append({"width": width, "areas": {c: rings for c, rings in areas.items() if rings}, "lakes": lakes})
    full_arcs = [[project(*point, WIDTH) for point in arc] for arc in shifted]
    spots = {
        code: _describe([join(ring, full_arcs) for ring in rings], [shift(p, code) for p in source.places[code]])
        for code, rings in sorted(source.rings.items())
    }
    for code, point in POINTS.items():
        x, y = (round(number) for number in project(*shift(point), WIDTH))
        spots[code] = {"dot": [x, y], "size": 0, "box": [x, y, x, y]}
    return {"spots": spots, "levels": levels}


def join(ring: Iterable[int], arcs: list[Ring]) -> Ring:
    """Join arcs into the points of a ring, without the last one, which is the first."""
    points: Ring = []
    for number in ring:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += arc[1:] if points else arc
    return points[:-1]


def _simplify(line: Ring) -> Ring:
    """Simplify a line to the points that keep it within the tolerance (Douglas and Peucker), in whole units."""
    needed = {0, len(line) - 1}
    open_parts = [(0, len(line) - 1)]
    while open_parts:
        first, last = open_parts.pop()
        distance, middle = max(
            ((_distance(line[i], line[first], line[last]), i) for i in range(first + 1, last)), default=(0.0, 0)
        )
        if distance > TOLERANCE:
            needed.add(middle)
            open_parts += [(first, middle), (middle, last)]
    return [(round(line[i][0]), round(line[i][1])) for i in sorted(needed)]


def _distance(point: Point, start: Point, end: Point) -> float:
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = dx * dx + dy * dy
    along = ((point[0] - start[0]) * dx + (point[1] - start[1]) * dy) / length if length else 0.0
    along = min(max(along, 0.0), 1.0)
    return math.hypot(point[0] - start[0] - along * dx, point[1] - start[1] - along * dy)


def measure(ring: Ring) -> float:
    """Measure the area of a ring, in square units."""
    pairs = zip(ring, ring[1:] + ring[:1], strict=True)
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)) / 2


def _write_rings(
    rings: Iterable[list[int]], arcs: list[Ring], least: float = LEAST_AREA, keeps_largest: bool = True
) -> list[list[Any]]:
    """Write the rings that can be seen: x and y from, to, and the path."""
    joined = sorted((list(_drop_repeated(join(ring, arcs))) for ring in rings), key=measure, reverse=True)
    visible_rings = [
        ring
        for number, ring in enumerate(joined)
        if len(ring) > 2 and measure(ring) >= (1 if keeps_largest and number == 0 else least)
    ]
    return [[*_box(ring), _write_path(ring)] for ring in visible_rings]


def _drop_repeated(ring: Ring) -> Iterator[Point]:
    for number, point in enumerate(ring):
        if point != ring[number - 1]:
            yield point


def _box(points: Iterable[Point]) -> list[int]:
    xs, ys = zip(*points, strict=True)
    return [round(min(xs)), round(min(ys)), round(max(xs)), round(max(ys))]


def _write_path(ring: Ring) -> str:
    """Write a ring as a path, in whole units relative to the point before."""
    (x, y), *points = ring
    numbers = []
    for next_x, next_y in points:
        numbers += [f"{next_x - x:.0f}", f"{next_y - y:.0f}"]
        x, y = next_x, next_y
    steps = "".join(number if number.startswith("-") else f" {number}" for number in numbers).strip()
    return f"M{ring[0][0]:.0f} {ring[0][1]:.0f}l{steps}z"


def _describe(rings: list[Ring], places: list[Point]) -> dict[str, Any]:
    """Describe where an area lies, as `world.Spot`: place of its dot, size, box of its main parts."""
    rings = sorted(rings, key=measure, reverse=True)
    largest = _box(rings[0])
    least = measure(rings[0]) * LARGE_SHARE
    reach = NEAR * max(largest[2] - largest[0], largest[3] - largest[1])
    main = [ring for ring in rings if measure(ring) >= least or _is_near(_box(ring), largest, reach)]
    middle = ((largest[0] + largest[2]) / 2, (largest[1] + largest[3]) / 2)
    dot = min((project(*place, WIDTH) for place in places), key=lambda place: math.dist(place, middle))
    if not any(_holds(ring, dot) for ring in rings):  # the source has it in a neighbour
        dot = _find_inside(rings[0])
    return {
        "dot": [round(dot[0]), round(dot[1])],
        "size": round(math.sqrt(measure(rings[0]))),
        "box": _box(point for ring in main for point in ring),
    }


def _crossings(ring: Ring, y: float) -> list[float]:
    """List where a level line crosses a ring, from left to right."""
    sides = zip(ring, ring[1:] + ring[:1], strict=True)
    return sorted((x2 - x1) * (y - y1) / (y2 - y1) + x1 for (x1, y1), (x2, y2) in sides if (y1 > y) != (y2 > y))


def _holds(ring: Ring, point: Point) -> bool:
    return sum(x > point[0] for x in _crossings(ring, point[1])) % 2 == 1


def _find_inside(ring: Ring) -> Point:
    """Find the middle of the longest of a few level lines inside a ring."""
    _, top, _, bottom = _box(ring)
    lines = []
    for step in range(1, LINES):
        y = top + (bottom - top) * step / LINES
        ends = _crossings(ring, y)
        lines += [(right - left, (left + right) / 2, y) for left, right in zip(ends[::2], ends[1::2], strict=True)]
    _, x, y = max(lines)
    return x, y


def _is_near(box: list[int], area: list[int], reach: float) -> bool:
    return (
        box[0] >= area[0] - reach
        and box[1] >= area[1] - reach
        and box[2] <= area[2] + reach
        and box[3] <= area[3] + reach
    )


def main() -> None:
    """Write the file anew."""
    parser = argparse.ArgumentParser(prog="python -m dashboard.charts.geometry.derive", description=__doc__)
    parser.add_argument("source", type=Path, help="the TopoJSON of the source")
    world = derive(read_source(parser.parse_args().source.read_text(encoding="utf-8")))
    WORLD.write_text(write(world), encoding="utf-8")


def write(world: dict[str, Any]) -> str:
    """The file's text: JSON with an area a line."""
    spots = ",\n".join(f"{json.dumps(code)}:{_dump(spot)}" for code, spot in world["spots"].items())
    levels = ",\n".join(_write_level(level) for level in world["levels"])
    return f'{{"spots":{{\n{spots}\n}},\n"levels":[\n{levels}\n]}}\n'


def _write_level(level: dict[str, Any]) -> str:
    areas = ",\n".join(f"{json.dumps(code)}:{_dump(rings)}" for code, rings in level["areas"].items())
    return f'{{"width":{level["width"]},"lakes":{_dump(level["lakes"])},"areas":{{\n{areas}\n}}}}'


def _dump(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


if __name__ == "__main__":
    main()
