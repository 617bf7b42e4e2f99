"""The world's areas, and how they are derived: countries have places, borders are shared, disputed areas nobody's."""

import json
import math
import os
import re
from pathlib import Path
from typing import Any

import pytest

from dashboard.campaign.codelists import load_codelists
from dashboard.campaign.folder import CampaignFolder
from dashboard.charts import geometry
from dashboard.charts.geometry import derive
from dashboard.charts.geometry.world import UNCODED, WIDTH, WORLD, Level, Ring, read_world
from dashboard.paths import SHIPPED_CAMPAIGN

WITHOUT_PLACE = {"ANT", "ATA", "CHA", "IOT", "KOS", "UMI"}
REPEATED = {"BES", "ECU", "ESP", "MUS", "PRT", "PSE"}
NEIGHBOURS = (
    ("GHA", "TGO"), ("FRA", "ESP"), ("ARG", "CHL"), ("LSO", "ZAF"), ("RUS", "KAZ"), ("IND", "XJK"), ("CHN", "XAC"),
)  # fmt: skip

Point = tuple[float, float]


def points(ring: Ring) -> list[Point]:
    """Return the corners of a ring, from its path."""
    numbers = [int(number) for number in re.findall(r"-?\d+", ring.path)]
    corners = [(numbers[0], numbers[1])]
    for dx, dy in zip(numbers[2::2], numbers[3::2], strict=True):
        corners.append((corners[-1][0] + dx, corners[-1][1] + dy))
    return [(float(x), float(y)) for x, y in corners]


def holds(rings: tuple[Ring, ...], x: float, y: float) -> bool:
    """Whether a point is inside of an odd number of rings."""
    crossings = 0
    for ring in rings:
        corners = points(ring)
        for (x1, y1), (x2, y2) in zip(corners, corners[1:] + corners[:1], strict=True):
            crossings += (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1
    return crossings % 2 == 1


@pytest.fixture(scope="module", params=range(3), ids=["coarse", "medium", "fine"])
def level(request: pytest.FixtureRequest) -> Level:
    return read_world().levels[request.param]


def test_every_code_of_the_codelist_has_a_place_or_is_known_to_have_none() -> None:
    shipped = load_codelists(CampaignFolder(SHIPPED_CAMPAIGN))["countries"]
    codes = {code.code for code in shipped} - {"unclassified"}
    spots = read_world().spots
    assert codes - spots.keys() == WITHOUT_PLACE
    assert spots.keys() - codes == UNCODED
    assert geometry.__doc__
    assert all(f"`{code}`" in geometry.__doc__ for code in WITHOUT_PLACE | UNCODED)


def test_an_area_holds_its_own_point_and_nobody_elses() -> None:
    world = read_world()
    fine = world.levels[-1]
    units = fine.width / WIDTH
    assert fine.areas.keys() >= UNCODED
    large = {code: spot for code, spot in world.spots.items() if spot.size > 12 or code in UNCODED}
    assert len(large) > 150
    for code, spot in large.items():
        x, y = spot.x * units, spot.y * units
        near = [
            other
            for other, rings in fine.areas.items()
            if any(r.extent.left <= x <= r.extent.right and r.extent.top <= y <= r.extent.bottom for r in rings)
            and holds(rings, x, y)
        ]
        assert near == [code]


def test_neighbours_keep_the_border_they_share_and_no_line_runs_across_the_world(level: Level) -> None:
    for one, other in NEIGHBOURS:
        if one in level.areas and other in level.areas:
            ours, theirs = ({at for ring in level.areas[code] for at in points(ring)} for code in (one, other))
            assert len(ours & theirs) >= 3, (one, other)
    assert level.areas.keys() >= REPEATED - {"BES", "MUS"}
    rings = [ring for area in level.areas.values() for ring in area] + list(level.lakes)
    assert len(rings) > 200
    for ring in rings:
        corners = points(ring)
        xs, ys = zip(*corners, strict=True)
        assert tuple(ring.extent) == (min(xs), min(ys), max(xs), max(ys))
        steps = zip(corners, corners[1:] + corners[:1], strict=True)
        assert max(abs(x2 - x1) for (x1, _), (x2, _) in steps) < level.width / 15


def test_main_parts_of_a_country_leave_out_what_is_far_away_and_a_larger_map_has_more_detail() -> None:
    spots = read_world().spots
    assert spots["USA"].extent.width < 0.25 * WIDTH  # with Alaska, without Hawaii
    assert spots["FRA"].extent.width < 0.04 * WIDTH
    assert spots["KIR"].extent.width < 0.1 * WIDTH  # on both sides of the seam
    assert spots["RUS"].extent.width < 0.4 * WIDTH
    world = read_world()
    assert [world.level(pixels).width for pixels in (360, 480, 680, 1200, 2000, 90_000)] == [
        3_600, 3_600, 9_000, 9_000, 36_000, 36_000,
    ]  # fmt: skip


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


def test_a_point_is_moved_into_its_area_and_what_lies_west_of_the_seam_is_drawn_in_the_east() -> None:
    ring = [(0.0, 0.0), (30.0, 0.0), (30.0, 4.0), (4.0, 4.0), (4.0, 20.0), (0.0, 20.0), (0.0, 0.0)]
    world = derive.derive(derive.read_source(topology([area("AAA", [[0]], (15, 12))], [ring])))
    x, y = world["spots"]["AAA"]["dot"]
    left, _ = derive.project(0, 2, WIDTH)
    right, top = derive.project(30, 4, WIDTH)
    assert left < x < right
    assert top < y < 0
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
