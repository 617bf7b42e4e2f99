"""Deriving the world's areas: projection, shared arcs, merged ids, the seam."""

import json
import math
import os
from pathlib import Path
from typing import Any

import pytest

from dashboard.charts.geometry import derive
from dashboard.charts.geometry.world import WIDTH, WORLD

SOURCE = "GEOMETRY_SOURCE"
"""The variable that names the source's file, where it is at hand."""


def topology(areas: list[dict[str, Any]], arcs: list[list[tuple[float, float]]]) -> str:
    """Return a TopoJSON of arcs in whole degrees."""
    steps = [
        [(x - before[0], y - before[1]) for (x, y), before in zip(arc, [(0, 0), *arc], strict=False)] for arc in arcs
    ]
    objects = {"countries": {"geometries": areas}, "lakes": {"geometries": []}}
    return json.dumps({"transform": {"scale": [1, 1], "translate": [0, 0]}, "arcs": steps, "objects": objects})


def area(code: str, arcs: list[list[int]], place: tuple[float, float]) -> dict[str, Any]:
    return {"type": "Polygon", "id": code, "arcs": arcs, "properties": {"ct": place}}


def test_the_projection_keeps_areas_equal_and_the_middle_in_the_middle() -> None:
    middle = derive.SEAM + 180
    assert derive.project(middle, 0, 1000) == pytest.approx((500, 0))
    assert derive.project(derive.SEAM, 0, 1000)[0] == pytest.approx(0)
    assert derive.project(derive.SEAM + 360, 0, 1000)[0] == pytest.approx(1000)

    def projected(latitude: float) -> float:
        rows = [(40.0, latitude), (41.0, latitude), (41.0, latitude + 1), (40.0, latitude + 1)]
        return derive.measure([derive.project(*corner, 1e6) for corner in rows])

    def on_sphere(latitude: float) -> float:
        return math.sin(math.radians(latitude + 1)) - math.sin(math.radians(latitude))

    for latitude in (-60, 25, 60, 75):
        assert projected(latitude) / projected(0) == pytest.approx(on_sphere(latitude) / on_sphere(0), rel=2e-3)


def test_neighbours_share_what_is_left_of_their_border_and_repeated_ids_are_one() -> None:
    border = [(10.0, float(y)) for y in range(11)]  # straight: no point of it is needed
    west = [(10.0, 10.0), (0.0, 10.0), (0.0, 0.0), (10.0, 0.0)]
    east = [(10.0, 0.0), (20.0, 0.0), (20.0, 10.0), (10.0, 10.0)]
    island = [(30.0, 0.0), (33.0, 0.0), (33.0, 3.0), (30.0, 3.0), (30.0, 0.0)]
    areas = [area("AAA", [[0, 1]], (5, 5)), area("BBB", [[~0, ~2]], (15, 5)), area("AAA", [[3]], (31, 1))]
    world = derive.derive(derive.read_source(topology(areas, [border, west, east[::-1], island])))
    level = world["levels"][-1]
    assert [len(level["areas"][code]) for code in ("AAA", "BBB")] == [2, 1]
    main, other = level["areas"]["AAA"][0], level["areas"]["BBB"][0]
    assert main[2] == pytest.approx(other[0], abs=60)  # the border's ends, in a projection that narrows
    assert main[4].count(" ") + main[4].count("-") < 14
    spot = world["spots"]["AAA"]
    assert spot["dot"] == [round(number) for number in derive.project(5, 5, WIDTH)]
    on_sphere = math.radians(10) * math.sin(math.radians(10))
    assert spot["size"] == pytest.approx(math.sqrt(on_sphere) * WIDTH / 5.41326, abs=1)


def test_a_point_that_is_in_the_neighbour_is_moved_into_the_area() -> None:
    ring = [(0.0, 0.0), (30.0, 0.0), (30.0, 4.0), (4.0, 4.0), (4.0, 20.0), (0.0, 20.0), (0.0, 0.0)]
    world = derive.derive(derive.read_source(topology([area("AAA", [[0]], (15, 12))], [ring])))
    x, y = world["spots"]["AAA"]["dot"]
    left, _ = derive.project(0, 2, WIDTH)
    right, top = derive.project(30, 4, WIDTH)
    assert left < x < right
    assert top < y < 0


def test_what_lies_west_of_the_seam_is_drawn_in_the_east() -> None:
    assert derive.shift((-175.0, 66.0)) == (185.0, 66.0)
    assert derive.shift((-150.0, 61.0)) == (-150.0, 61.0)
    assert derive.shift((-157.4, 1.9), "KIR") == (202.6, 1.9)
    ring = [(178.0, 10.0), (-178.0, 10.0), (-178.0, 14.0), (178.0, 14.0), (178.0, 10.0)]
    world = derive.derive(derive.read_source(topology([area("AAA", [[0]], (179, 12))], [ring])))
    left, _, right, _ = world["spots"]["AAA"]["box"]
    assert 0 < right - left < 0.02 * WIDTH


@pytest.mark.skipif(SOURCE not in os.environ, reason=f"{SOURCE} names no source")
def test_the_file_is_what_the_source_gives() -> None:
    source = derive.read_source(Path(os.environ[SOURCE]).read_text(encoding="utf-8"))
    assert derive.write(derive.derive(source)) == WORLD.read_text(encoding="utf-8")
