"""Map and tiles: all countries of the selection have their places and shades; the note on boundaries."""

import json
import re
from collections import Counter
from itertools import cycle, pairwise
from typing import Any, NamedTuple
from xml.etree import ElementTree

import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import theme
from dashboard.campaign.codelists import load_codelists
from dashboard.campaign.folder import CampaignFolder
from dashboard.charts.chart import Chart, build_chart
from dashboard.charts.colours import LIGHT, MOST, divide, divide_chart, find_shade
from dashboard.charts.geometry.world import UNCODED, WIDTH, Extent, read_world
from dashboard.charts.marks import AREAS, sort_key
from dashboard.charts.plotly.draw import draw
from dashboard.charts.svg.draw import draw_on_page, draw_svg
from dashboard.charts.svg.surround import SIZES
from dashboard.formats import round_half_up
from dashboard.measures.definitions import FEW
from dashboard.paths import SHIPPED_CAMPAIGN
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests.placed import place


@pytest.fixture
def world(snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> Snapshot:
    """Return the fixture snapshot with all countries of the shipped codelist."""
    shipped = load_codelists(CampaignFolder(SHIPPED_CAMPAIGN))
    for name in ("subregions", "countries"):
        known = snapshot.codes[name]
        codes = {code.code: known.get(code.code, code) for code in shipped[name]}
        monkeypatch.setitem(snapshot.codes, name, codes | {"unclassified": known["unclassified"]})
    return snapshot


SVG = "{http://www.w3.org/2000/svg}"
DISCLAIMERS = {
    "en": "do not imply official endorsement or acceptance by the United Nations.",
    "fr": "n’impliquent ni reconnaissance ni acceptation officielle par l’Organisation des Nations Unies.",
    "es": "no implican la aprobación ni la aceptación oficial de las Naciones Unidas.",
}
HIT = 10.0
AFRICA = {"regions": ("africa",)}


class Picture(NamedTuple):
    """A map that was drawn: its marks by country, pixels for a unit, and the part of the world shown, by `WIDTH`."""

    root: ElementTree.Element
    marks: dict[str, ElementTree.Element]
    pixel: float
    shown: Extent


def chart_of(snapshot: Snapshot, **filters: Any) -> Chart:
    return build_chart(snapshot, "completion-map", Selection(**filters))


def read(svg: str) -> Picture:
    root = ElementTree.fromstring(svg)  # noqa: S314  (the program's own picture)
    groups = [group for group in root.iter(f"{SVG}g") if group.get("data-code")]
    marks = {str(group.get("data-code")): group for group in groups}
    assert len(marks) == len(groups)
    (scaled,) = (group for group in root.iter(f"{SVG}g") if group.get("data-width"))
    x, y, factor = map(float, re.findall(r"-?[\d.]+", str(scaled.get("transform"))))
    left, top, wide, high, _ = map(float, re.findall(r"-?[\d.]+", next(root.iter(f"{SVG}clipPath"))[0].get("d", "")))
    edges = ((left - x) / factor, (top - y) / factor, (left + wide - x) / factor, (top + high - y) / factor)
    units = WIDTH / float(str(scaled.get("data-width")))
    return Picture(root, marks, factor, Extent(*edges).scaled(units))


def written(root: ElementTree.Element) -> str:
    return " ".join(str(text.text) for text in root.iter(f"{SVG}text"))


@pytest.mark.parametrize(("width", "lang"), [(360, "fr"), (680, "es")])
def test_a_drawing_has_the_shades_of_the_values_and_what_is_said_of_boundaries(width: int, lang: str, world) -> None:
    chart = chart_of(world, lang=lang)
    picture = read(draw_svg(chart, width=width))
    shades: dict[object, set[str]] = {}
    for row in chart.frame.to_dict("records"):
        mark = picture.marks[row["code"]]
        key: object = "none" if not row["actions"] else "few" if row["actions"] < FEW else row["completion_rate"]
        shape = next((part for part in mark if part.tag in (f"{SVG}path", f"{SVG}circle")), None)
        if shape is not None:
            shades.setdefault(key, set()).add(str(shape.get("class")).split()[0])
    assert all(len(classes) == 1 for key, classes in shades.items() if key != "none")
    assert shades["none"] == {"f-silent", "hatched"}  # dots have no room for lines
    lines = {str(pattern.get("id")): pattern for pattern in picture.root.iter(f"{SVG}pattern")}
    silent = next(mark for mark in picture.root.iter(f"{SVG}path") if mark.get("class", "").startswith("hatched"))
    assert str(silent.get("fill"))[5:-1] in lines and len(lines) == 4  # in the key and on the map, of two kinds
    assert shades["few"] == {"f-few"}
    rated = {rate: classes for rate, classes in shades.items() if type(rate) is float}
    steps = divide_chart(chart)
    found = {rate: {f"f-shade_{find_shade(steps, round(rate * 10**9), 10**9)}"} for rate in rated}
    assert rated == found and len(steps) > 2
    assert {step.write(lang) for step in steps} <= {text.text for text in picture.root.iter(f"{SVG}text")}
    assert DISCLAIMERS[lang] in written(picture.root)


@pytest.mark.nightly
@pytest.mark.parametrize("filters", [
    AFRICA, {"regions": ("asia_and_the_pacific",)}, {"subregions": ("western_africa",)}, {"countries": ("GHA",)},
    {"countries": ("FJI", "FRA")}, {"themes": ("agriculture",)},
], ids=["africa", "asia", "western africa", "ghana", "two", "theme"])  # fmt: skip
def test_the_map_shows_all_countries_of_the_selection_and_not_much_more(
    filters: dict[str, tuple[str, ...]], world: Snapshot
) -> None:
    chart = chart_of(world, **filters)
    boxes = [read_world().spots[code].extent for code in chart.frame["code"] if code in read_world().spots]
    wide = max(box.right for box in boxes) - min(box.left for box in boxes)
    high = max(box.bottom for box in boxes) - min(box.top for box in boxes)
    for size in (None, "slide", "square"):
        shown = read(draw_svg(chart, size)).shown
        for box in boxes:
            assert shown.left < box.left and box.right < shown.right
            assert shown.top < box.top and box.bottom < shown.bottom
        assert shown.width < 1.25 * max(wide, 600) or shown.height < 1.25 * max(high, 600)


@pytest.mark.parametrize("width", [360, 680])
def test_the_smallest_country_can_be_seen_and_hit(width: int, world: Snapshot) -> None:
    picture = read(draw_svg(chart_of(world), width=width))
    dots = 0
    for code, mark in picture.marks.items():
        if (circles := [circle for circle in mark.iter(f"{SVG}circle")]) and mark.find(f"{SVG}path") is None:
            dots += 1
            assert float(str(circles[0].get("r"))) * picture.pixel > 1.5
        radius = max((float(str(c.get("r"))) for c in circles if c.get("class") == "hit"), default=0.0)
        side = read_world().spots[code].size * width / picture.shown.width if code in read_world().spots else HIT
        assert 2 * radius * picture.pixel > HIT - 0.1 or side >= HIT - 0.3, code
    assert 40 < dots < 110


def test_areas_without_a_code_are_hatched_and_nobodys(world: Snapshot) -> None:
    chart = chart_of(world, regions=("asia_and_the_pacific",))
    picture = read(draw_svg(chart))
    assert not UNCODED & picture.marks.keys()
    (hatched,) = (path for path in picture.root.iter(f"{SVG}path") if path.get("data-uncoded"))
    finest = {ring.path for code in UNCODED for level in read_world().levels for ring in level.areas.get(code, ())}
    own = [f"M{part}" for part in str(hatched.get("d")).split("M")[1:]]
    assert own and set(own) <= finest
    for mark in picture.marks.values():
        assert not any(path in str(shape.get("d")) for shape in mark.iter(f"{SVG}path") for path in own)


def test_a_country_without_a_place_stands_below_the_map_and_all_stands_in_its_extent(world: Snapshot) -> None:
    for size, lang in zip((*SIZES, None), cycle(DISCLAIMERS), strict=False):
        chart = chart_of(world, lang=lang)
        spot = int(chart.frame.index[chart.frame["actions"] > 0][0])
        chart.frame.loc[spot, ["code", "label"]] = ["QQQ", "Nowhere & Co"]
        root = ElementTree.fromstring(draw_svg(chart, size))  # noqa: S314  (the program's own picture)
        (mark,) = (group for group in root.iter(f"{SVG}g") if group.get("data-code") == "QQQ")
        counts = chart.frame.loc[spot]
        assert written(mark) == f"Nowhere & Co {counts['completed']}/{counts['actions']}"
        said = written(root)
        assert chart.words["not_on_map"] in said and DISCLAIMERS[lang] in said
        _, _, width, height = map(float, str(root.get("viewBox")).split())
        assert size is None or (width, height) == (SIZES[size].width, SIZES[size].height or height)
        assert max(float(str(text.get("y"))) for text in root.iter(f"{SVG}text")) < height


def test_a_page_gets_the_colours_and_refers_to_shapes_that_are_kept(world: Snapshot) -> None:
    for filters in ({}, AFRICA, {"countries": ("GHA",)}):
        chart = chart_of(world, **filters)
        whole, light = draw_on_page(chart, 820), draw_on_page(chart, 820, "shapes/")
        assert len(light) < 0.6 * len(whole)
        assert "<use" not in whole
        marks = read(light).marks
        (file,) = {address.partition("#")[0] for address in re.findall(r'href="([^"]+)"', light)}
        (level,) = (level for level in read_world().levels if f"shapes/{level.file_name}" == file)
        kept = ElementTree.fromstring(level.shapes)  # noqa: S314  (the program's own file)
        shapes = {str(path.get("id")): str(path.get("d")) for path in kept}
        assert len(shapes) == len(kept)
        assert set(re.findall(r'href="[^"]+#(\w+)"', light)) <= shapes.keys()
        for code, mark in read(whole).marks.items():
            for path in mark.iter(f"{SVG}path"):
                assert str(path.get("d")) in shapes[code] or len(shapes[code]) > len(str(path.get("d")))
                assert [use.get("class") for use in marks[code].iter(f"{SVG}use")] == [path.get("class")]


@pytest.mark.nightly
def test_the_figure_says_what_the_picture_says_of_boundaries_and_asks_no_other_server(world: Snapshot) -> None:
    figure = json.loads(draw(chart_of(world, lang="fr")).to_json())
    assert DISCLAIMERS["fr"] in figure["layout"]["annotations"][0]["text"].replace("<br>", " ")
    patterns = [trace["fillpattern"]["shape"] for trace in figure["data"] if "fillpattern" in trace]
    assert set(patterns[:-1]) == {"/"} and patterns[-1] == "\\"  # without actions, and nobody's
    dots = {code for trace in figure["data"] for code in trace.get("ids", ())}
    areas = {trace.get("name") for trace in figure["data"] if "ids" not in trace}
    assert 40 < len(dots) < 110 and {"MLT", "SGP"} <= dots, "the smallest can be seen"
    assert not dots & areas and {"BRA", "IND", "FRA"} <= areas
    chart = chart_of(world)
    figure = json.loads(draw(chart).to_json())
    go.Figure(figure)
    assert {trace["type"] for trace in figure["data"]} == {"scatter"}  # none that fetches coasts
    assert not [axis for axis in figure["layout"] if "geo" in axis or "map" in axis]
    assert "//" not in json.dumps(figure)
    for svg in (draw_svg(chart), draw_svg(chart, "slide")):
        assert "//" not in svg.replace("http://www.w3.org/2000/svg", "")


MOST_BYTES = 60_000


def tiles(snapshot: Snapshot, **filters: Any) -> Chart:
    return build_chart(snapshot, "completion-tiles", Selection(**filters))


def read_tiles(svg: str) -> dict[str, dict[str, str]]:
    """Read the attributes of each tile's group and of its rectangle, by country."""
    root = place(ElementTree.fromstring(svg))  # noqa: S314  (the program's own picture)
    groups = [group for group in root.iter(f"{SVG}g") if group.get("data-code")]
    assert len({group.get("data-code") for group in groups}) == len(groups)
    return {str(g.get("data-code")): {**g.attrib, **g.findall(f"{SVG}rect")[0].attrib} for g in groups}


def test_every_country_has_a_tile_in_a_place_of_its_own_and_areas_only_with_an_action(world: Snapshot) -> None:
    chart = tiles(world)
    frame = chart.frame.set_index("code")
    countries = set(world.codes["countries"]) - {"unclassified"}
    assert set(frame.index) == countries - AREAS
    assert len(frame) > 190 and countries > AREAS
    assert frame.loc["TUV", "actions"] == 0
    assert f"of {len(frame)}." in chart.alt
    assert "FLK" not in frame.index
    assert set(tiles(world, countries=("FLK", "GHA")).frame["code"]) == {"FLK", "GHA"}
    africa, west = (tiles(world, **chosen).frame for chosen in (AFRICA, {"subregions": ("western_africa",)}))
    assert set(africa["region"]) == {"africa"} and len(africa) > 50 and 10 < len(west) < len(africa)
    one = tiles(world, countries=("GHA",))
    assert [*one.frame["code"]] == [*read_tiles(draw_svg(one))] == ["GHA"]
    figure = json.loads(draw(chart).to_json())
    go.Figure(figure)
    tiles_drawn = figure["data"][0]
    marker = tiles_drawn["marker"]
    few = set(chart.frame.loc[chart.frame["is_few"] & (chart.frame["actions"] > 0), "code"])
    colours = dict(zip(tiles_drawn["ids"], marker["color"], strict=True))
    assert {colours[code] for code in few} == {theme.EMPTY_CELL}
    silent = set(chart.frame.loc[chart.frame["actions"] == 0, "code"])
    assert {code for code, colour in colours.items() if colour == theme.PAPER} == silent
    assert {code for code, edge in zip(tiles_drawn["ids"], marker["line"]["width"], strict=True) if edge} == silent
    shaded = chart.frame[~chart.frame["is_few"]]
    rates = zip(shaded["code"], shaded["completion_rate"], strict=True)
    roles = {code: f"shade_{min(int(rate * 10), 9)}" for code, rate in rates}
    assert {code: colours[code] for code in roles} == {code: LIGHT[role] for code, role in roles.items()}
    places = list(zip(tiles_drawn["x"], tiles_drawn["base"], strict=True))
    assert len(set(places)) == len(places) == len(chart.frame)
    assert len(json.dumps(figure)) < 60_000


def test_accents_do_not_move_a_name_and_bounds_are_written_in_whole_percent() -> None:
    assert sorted(["Zambie", "Égypte", "Eswatini", "Djibouti"], key=sort_key) == [
        "Djibouti", "Égypte", "Eswatini", "Zambie",
    ]  # fmt: skip
    assert sort_key("Côte d’Ivoire") == sort_key("Cote d'Ivoire")
    steps = divide([0, 0, 0, 12, 13, 30, 44, 50, 67, 100])
    assert [step.write("en") for step in steps] == ["0–12%", "13–30%", "44–50%", "67–100%"]
    assert [step.write("fr").replace("\u00a0", " ") for step in divide([7, 7])] == ["7 %"]
    assert find_shade(steps, 1, 10) == steps[0].shade  # of another day: below the second step


def test_a_selection_without_a_country_is_a_sentence_and_what_has_no_tile_is_counted(snapshot: Snapshot) -> None:
    chart = tiles(snapshot, regions=("global",))
    assert chart.total.actions > 0
    assert chart.frame.empty
    assert "No action in this selection states this" in draw_svg(chart)
    assert chart.table().empty
    bars = draw(build_chart(snapshot, "completion-by-country", Selection(regions=("global",))))
    assert bars.layout.annotations[0].text == "No action in this selection states this."
    chart = tiles(snapshot)
    blocks = chart.blocks.set_index("code")
    expected = build_chart(snapshot, "completion-by-region", Selection()).frame.set_index("code")
    assert blocks["actions"].to_dict() == expected["actions"].to_dict()
    notes = " ".join(chart.caption.notes)
    assert f"Global: {expected.loc['global', 'actions']}" in notes
    assert f"Not yet classified: {expected.loc['unclassified', 'actions']}" in notes


def test_large_counts_give_way_to_percentages(snapshot: Snapshot) -> None:
    chart = tiles(snapshot)
    spot = chart.frame.index[chart.frame["actions"] >= 5][0]
    chart.frame.loc[spot, ["actions", "completed", "completion_rate"]] = [100_000, 25_000, 0.25]
    texts = [text for trace in json.loads(draw(chart).to_json())["data"] for text in trace.get("text", ())]
    assert f"{chart.frame.loc[spot, 'code']}<br>25%" in texts
    few = {f"{row.completed}/{row.actions}" for row in chart.frame[chart.frame["is_few"]].itertuples()}
    assert {text.partition("<br>")[2] for text in texts if "/" in text} <= few  # of few actions no rate is written
    root = ElementTree.fromstring(draw_svg(chart))  # noqa: S314  (the program's own picture)
    groups = [group for group in root.iter(f"{SVG}g") if group.get("data-code")]
    drawn = {str(text.text) for group in groups for text in group.iter(f"{SVG}text")}
    assert "25%" in drawn
    assert {text for text in drawn if "/" in text} <= few


@pytest.mark.nightly
@pytest.mark.parametrize("size", [360, 680, *SIZES])
def test_a_picture_holds_every_tile_in_equal_squares_apart(size: int | str, world: Snapshot) -> None:
    chart = tiles(world, lang="fr")
    svg = draw_svg(chart, size) if isinstance(size, str) else draw_svg(chart, width=size)
    found = read_tiles(svg)
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
    for places in (sorted({corner[axis] for corner in corners}) for axis in (0, 1)):
        assert all(b - a >= min(sides) or b - a <= 1 for a, b in pairwise(places))
    assert all(float(mark["x"]) >= 0 and float(mark["x"]) + float(mark["width"]) <= width for mark in found.values())


COUNTS = st.lists(
    st.integers(5, 400).flatmap(lambda actions: st.tuples(st.integers(0, actions), st.just(actions))), max_size=90
)


@given(COUNTS)
def test_each_rate_is_in_one_step_which_has_as_many_as_equal_rates_allow(counts: list[tuple[int, int]]) -> None:
    rates = [round_half_up(*one, 100) for one in counts]
    steps = divide(rates)
    assert len(steps) == min(MOST, len(steps)) and bool(steps) == bool(rates)
    assert [low <= high for low, high, _ in steps] == [True] * len(steps)
    assert all(one.high < other.low and one.shade < other.shade for one, other in zip(steps, steps[1:], strict=False))
    held = Counter(find_shade(steps, *one) for one in counts)
    most_equal = max(Counter(rates).values(), default=0)
    for step in steps:
        assert {step.low, step.high} <= set(rates)
        assert held[step.shade] == sum(step.low <= rate <= step.high for rate in rates)
        assert held[step.shade] <= -(-len(rates) // MOST) + most_equal
    if len(set(rates)) == len(rates) >= MOST:
        assert len(steps) == MOST and max(held.values()) - min(held.values()) <= 1
