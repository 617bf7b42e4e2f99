"""The world's areas: every country has its place, borders are shared, and disputed areas are nobody's."""

import re
from pathlib import Path

import pytest

from dashboard.campaign.codelists import load_codelists
from dashboard.campaign.folder import CampaignFolder
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
    told = (Path(WORLD).with_name("README.md")).read_text(encoding="utf-8")
    assert all(f"`{code}`" in told for code in WITHOUT_PLACE | UNCODED)


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


def test_neighbours_keep_the_border_they_share(level: Level) -> None:
    for one, other in NEIGHBOURS:
        if one in level.areas and other in level.areas:
            corners = [{corner for ring in level.areas[code] for corner in points(ring)} for code in (one, other)]
            assert len(corners[0] & corners[1]) >= 3, (one, other)
    assert level.areas.keys() >= REPEATED - {"BES", "MUS"}


def test_no_line_runs_across_the_world_and_boxes_are_those_of_the_lines(level: Level) -> None:
    rings = [ring for area in level.areas.values() for ring in area] + list(level.lakes)
    assert len(rings) > 200
    for ring in rings:
        corners = points(ring)
        xs, ys = zip(*corners, strict=True)
        assert tuple(ring.extent) == (min(xs), min(ys), max(xs), max(ys))
        steps = zip(corners, corners[1:] + corners[:1], strict=True)
        assert max(abs(x2 - x1) for (x1, _), (x2, _) in steps) < level.width / 15


def test_main_parts_of_a_country_leave_out_what_is_far_away() -> None:
    spots = read_world().spots
    assert spots["USA"].extent.width < 0.25 * WIDTH  # with Alaska, without Hawaii
    assert spots["FRA"].extent.width < 0.04 * WIDTH
    assert spots["KIR"].extent.width < 0.1 * WIDTH  # on both sides of the seam
    assert spots["RUS"].extent.width < 0.4 * WIDTH


def test_a_larger_map_has_more_detail() -> None:
    world = read_world()
    assert [world.level(pixels).width for pixels in (360, 480, 680, 1200, 2000, 90_000)] == [
        3_600, 3_600, 9_000, 9_000, 36_000, 36_000,
    ]  # fmt: skip
