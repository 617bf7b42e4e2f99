"""Country tiles: every country of the selection has its place, and its figures are those of the tables."""

import json
from typing import Any
from xml.etree import ElementTree

import plotly.graph_objects as go
import pytest

from dashboard import theme
from dashboard.charts.chart import Chart, build_chart
from dashboard.charts.marks import AREAS, sort_key
from dashboard.charts.plotly.draw import draw
from dashboard.charts.svg.draw import draw_svg
from dashboard.charts.svg.surround import SIZES
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests.placed import place

SVG = "{http://www.w3.org/2000/svg}"
MOST_BYTES = 60_000


def tiles(snapshot: Snapshot, **filters: Any) -> Chart:
    return build_chart(snapshot, "completion-tiles", Selection(**filters))


def marks(svg: str) -> dict[str, dict[str, str]]:
    """The attributes of each tile's group and of its rectangle, by country."""
    root = place(ElementTree.fromstring(svg))  # noqa: S314  (the program's own picture)
    groups = [group for group in root.iter(f"{SVG}g") if group.get("data-code")]
    assert len({group.get("data-code") for group in groups}) == len(groups)
    return {str(g.get("data-code")): {**g.attrib, **g.findall(f"{SVG}rect")[0].attrib} for g in groups}


def test_countries_without_an_action_have_a_tile_areas_only_with_one(world: Snapshot) -> None:
    chart = tiles(world)
    frame = chart.frame.set_index("code")
    countries = set(world.codes["countries"]) - {"unclassified"}
    assert set(frame.index) == countries - AREAS
    assert len(frame) > 190
    assert countries > AREAS
    assert frame.loc["TUV", "actions"] == 0
    assert f"of {len(frame)}." in chart.alt
    assert "FLK" not in frame.index
    chosen = tiles(world, countries=("FLK", "GHA")).frame
    assert set(chosen["code"]) == {"FLK", "GHA"}


def test_regions_stand_in_their_order_and_countries_by_their_names(world: Snapshot) -> None:
    frame = tiles(world, lang="fr").frame
    regions = list(dict.fromkeys(frame["region"]))
    assert regions == [code for code in world.codes["regions"] if code in regions]
    assert len(regions) == (frame["region"] != frame["region"].shift()).sum()
    for _, block in frame.groupby("region"):
        names = [sort_key(label) for label in block["label"]]
        assert names == sorted(names)
    egypt = frame.set_index("code").loc["EGY"]
    assert egypt["region_label"] == world.codes["regions"]["africa"].labels["fr"]


def test_accents_and_apostrophes_do_not_move_a_name() -> None:
    assert sorted(["Zambie", "Égypte", "Eswatini", "Djibouti"], key=sort_key) == [
        "Djibouti", "Égypte", "Eswatini", "Zambie",
    ]  # fmt: skip
    assert sort_key("Côte d’Ivoire") == sort_key("Cote d'Ivoire")


def test_a_chosen_region_or_country_has_only_its_tiles(world: Snapshot) -> None:
    africa = tiles(world, regions=("africa",))
    assert set(africa.frame["region"]) == {"africa"}
    assert len(africa.frame) > 50
    one = tiles(world, countries=("GHA",))
    assert one.frame["code"].tolist() == ["GHA"]
    assert len(marks(draw_svg(one))) == 1
    west = tiles(world, subregions=("western_africa",)).frame
    assert 10 < len(west) < len(africa.frame)


def test_a_selection_without_a_country_is_a_sentence(snapshot: Snapshot) -> None:
    chart = tiles(snapshot, regions=("global",))
    assert chart.total.actions > 0
    assert chart.frame.empty
    assert "Not stated by any action" in draw_svg(chart)
    assert chart.table().empty


def test_the_heading_counts_what_names_only_the_region_and_the_notes_what_has_no_tile(snapshot: Snapshot) -> None:
    chart = tiles(snapshot)
    blocks = chart.blocks.set_index("code")
    expected = build_chart(snapshot, "completion-by-region", Selection()).frame.set_index("code")
    assert blocks["actions"].to_dict() == expected["actions"].to_dict()
    notes = " ".join(chart.caption.notes)
    assert f"Global: {expected.loc['global', 'actions']}" in notes
    assert f"Not yet classified: {expected.loc['unclassified', 'actions']}" in notes
    heads = " ".join(note["text"] for note in json.loads(draw(chart).to_json())["layout"]["annotations"])
    africa = expected.loc["africa"]
    assert f"{africa['completed']}/{africa['actions']}" in heads


def test_the_figure_has_a_place_of_its_own_for_every_tile_and_no_shade_for_few(world: Snapshot) -> None:
    chart = tiles(world)
    figure = json.loads(draw(chart).to_json())
    go.Figure(figure)
    traces = [trace for trace in figure["data"] if "text" in trace]
    few = set(chart.frame.loc[chart.frame["is_few"] & (chart.frame["actions"] > 0), "code"])
    for trace in traces:
        codes = {text.split("<br>")[0] for text in trace["text"]}
        is_shaded = trace["name"] in ("pale", "dark")
        assert not few & codes if is_shaded else trace["marker"]["color"] in (theme.EMPTY_CELL, theme.PAPER)
    places = [place for trace in traces for place in zip(trace["x"], trace["base"], strict=True)]
    assert len(set(places)) == len(places) == len(chart.frame)
    assert len(json.dumps(figure)) < 60_000


def test_large_counts_give_way_to_percentages(snapshot: Snapshot) -> None:
    chart = tiles(snapshot)
    spot = chart.frame.index[chart.frame["actions"] >= 5][0]
    chart.frame.loc[spot, ["actions", "completed", "completion_rate"]] = [100_000, 25_000, 0.25]
    texts = [text for trace in json.loads(draw(chart).to_json())["data"] for text in trace.get("text", ())]
    assert f"{chart.frame.loc[spot, 'code']}<br>25%" in texts
    few = {f"{row.completed}/{row.actions}" for row in chart.frame[chart.frame["is_few"]].itertuples()}
    assert {text.partition("<br>")[2] for text in texts if "/" in text} <= few  # of few actions no rate is written
    root = ElementTree.fromstring(draw_svg(chart))  # noqa: S314  (the program's own picture)
    written = [
        text.text for group in root.iter(f"{SVG}g") if group.get("data-code") for text in group.iter(f"{SVG}text")
    ]
    assert "25%" in written
    assert {str(text) for text in written if "/" in str(text)} <= few


@pytest.mark.parametrize("size", [360, 680, *SIZES])
def test_a_picture_holds_every_tile_in_equal_squares_apart(size: int | str, world: Snapshot) -> None:
    chart = tiles(world, lang="fr")
    svg = draw_svg(chart, size) if isinstance(size, str) else draw_svg(chart, width=size)
    found = marks(svg)
    assert found.keys() == set(chart.frame["code"])
    root = place(ElementTree.fromstring(svg))  # noqa: S314  (the program's own picture)
    box = [float(number) for number in str(root.get("viewBox")).split()]
    _assert_apart(found, box[2])
    assert all(float(mark["y"]) + float(mark["height"]) < box[3] for mark in found.values())
    if isinstance(size, str):
        source = max(float(text.get("y", 0)) for text in root.iter(f"{SVG}text"))
        assert all(float(mark["y"]) + float(mark["height"]) < source < box[3] for mark in found.values())
    else:
        assert len(svg) < MOST_BYTES


def _assert_apart(found: dict[str, dict[str, str]], width: float) -> None:
    """Tiles are squares of one size, inside the picture, and no two share a place."""
    sides = [float(mark[side]) for mark in found.values() for side in ("width", "height")]
    assert max(sides) - min(sides) <= 1.2
    corners = {(round(float(mark["x"])), round(float(mark["y"]))) for mark in found.values()}
    assert len(corners) == len(found)
    columns, rows = ({corner[axis] for corner in corners} for axis in (0, 1))
    assert all(b - a >= min(sides) or b - a <= 1 for line in (columns, rows) for a, b in _neighbours(line))
    assert all(float(mark["x"]) >= 0 and float(mark["x"]) + float(mark["width"]) <= width for mark in found.values())


def _neighbours(places: set[int]) -> list[tuple[int, int]]:
    ordered = sorted(places)
    return list(zip(ordered, ordered[1:], strict=False))
