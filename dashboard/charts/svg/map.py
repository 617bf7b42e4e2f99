"""Pictures of a map: countries on United Nations boundaries, shaded by rate; the smallest ones are dots.

The map shows the countries of the selection as large as they fit, with the land around them. Below every picture stand
the note on boundaries, and countries that have no place on the map.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from dashboard.charts.chart import Chart, read_rows
from dashboard.charts.colours import Key
from dashboard.charts.encoding import name_shades, shade_countries, size_rings
from dashboard.charts.geometry.world import LAKES, UNCODED, WIDTH, Extent, Ring, World, read_world
from dashboard.charts.marks import AREAS
from dashboard.charts.svg.canvas import (
    BASELINE,
    HATCH_STEP,
    LEGIBLE,
    RING,
    Box,
    Canvas,
    Datum,
    Sizes,
    draw_key,
    draw_ring,
    key_height,
    short,
)
from dashboard.charts.svg.texts import LINE, width, wrap
from dashboard.charts.svg.tiles import Country, tell
from dashboard.formats import format_counts
from dashboard.measures.context import Indicator

NARROW = 520
LEAST_SPAN = 600.0
"""The least width and height of what is shown, in units of the map: less would be a country without its neighbours."""

MARGIN = 0.05
LOWEST, HIGHEST, HIGHEST_NARROW = 0.36, 0.72, 1.0
"""The height of a map whose height is free, as a share of its width, at least and at most."""

SMALL, SMALLEST_HIT = 4.0, 10.0
"""Below so many pixels a country is a dot, and easier to hit than it is large."""

DOT, LARGEST_DOT, LEAST_DOT = 0.23, 0.012, 2.2
"""The radius of a dot in font sizes; at most as a share of the map's height, at least in pixels."""

SILENT = 0.7
"""How large a dot without actions is beside one with some."""

BORDER = 0.6
LARGEST_RING = 0.014
"""The radius of the ring of the highest figure, as a share of the map's width."""
NO_ACTIONS, UNCODED_LINES = 45, 135
"""The angles of the lines on countries without actions, and on areas that are no country's."""
FOOT = 0.88
SAFE = 0.88
"""How much of the width the words on boundaries take: they are read whole in a wider font too."""


class _Item(NamedTuple):
    """A country that has no place on the map: where its words stand below the map."""

    x: float
    line: int
    words: str
    country: Country


@dataclass(frozen=True)
class _View:
    """The part of the world that is shown, and where it is drawn, in pixels."""

    extent: Extent
    box: Box
    world: World

    @property
    def factor(self) -> float:
        """Return the pixels of a unit."""
        return self.box.width / self.extent.width

    @property
    def height(self) -> float:
        """Return the height of the map, in pixels."""
        return self.extent.height * self.factor


def draw_map(canvas: Canvas, chart: Chart, box: Box, sizes: Sizes) -> tuple[float, int]:
    """Draw the map of a chart of countries; return its lower end and how many countries there are."""
    world = read_world()
    countries = [Country(*row) for row in read_rows(chart.frame, Country._fields[:-1])]
    placed = [country for country in countries if country.code in world.spots]
    entries = _key(chart, world)
    above = key_height(entries, box.width, sizes.small) + 0.2 * sizes.small
    size = max(sizes.small * FOOT, LEGIBLE)
    items = _flow(chart, [country for country in countries if country.code not in world.spots], box, size)
    disclaimer = wrap(chart.words["disclaimer"], SAFE * box.width, size, 5)
    below = (len(disclaimer) + (items[-1].line + 1 if items else 0)) * LINE * size + 0.5 * size
    height = None if box.height is None else max(box.height - above - below, 40.0)
    extent, _ = choose_extent(world, [country.code for country in placed], box.width, height)
    view = _View(extent, Box(box.x, box.y + above, box.width), world)
    draw_key(canvas, entries, box, sizes.small)
    _Pen(canvas, chart, view, sizes).draw(placed)
    top = view.box.y + view.height + 0.5 * size
    _draw_beside(canvas, chart, items, (box.x, top), size)
    top += (items[-1].line + 1 if items else 0) * LINE * size
    for number, line in enumerate(disclaimer):
        canvas.text(box.x, top + ((number + 0.5) * LINE + BASELINE) * size, line, "f-muted", size)
    return top + len(disclaimer) * LINE * size, len(chart.frame)


def _name_rings(chart: Chart, beside: Indicator) -> str:
    """Name the published figure of the rings, with the one of the largest ring."""
    if not size_rings(chart):
        return beside.name
    highest = chart.write_beside(chart.frame[beside.column].max())
    return chart.pair(beside.name, chart.words["up_to"].format(rate=highest))


def _key(chart: Chart, world: World) -> list[Key]:
    words = chart.words
    shades = [Key(name, role, "axis") for name, role in name_shades(chart)]
    special_entries = [Key(words["few"], "few", "axis"), Key(words["no_actions"], "silent", "axis", NO_ACTIONS)]
    if world.spots.keys() - UNCODED - AREAS - set(chart.frame["code"]):
        special_entries.append(Key(words["outside"], "grid"))
    ring = [Key(_name_rings(chart, chart.beside), "muted", RING)] if chart.beside else []
    return [*shades, *special_entries, Key(words["uncoded"], "silent", "axis", UNCODED_LINES), *ring]


def choose_extent(world: World, codes: list[str], wide: float, high: float | None = None) -> tuple[Extent, float]:
    """Choose the part of the world that shows countries as large as they fit; and its height as a share of its width.

    `codes`: the countries to show; none for all there are.
    `wide`: how wide the map is, in pixels.
    `high`: how high it is; without, as high as the countries need, within bounds.
    """
    spots = [world.spots[code] for code in codes] or list(world.spots.values())
    extent = _grow(_unite([spot.extent for spot in spots]))
    most = HIGHEST_NARROW if wide < NARROW else HIGHEST
    shape = min(max(extent.height / extent.width, LOWEST), most) if high is None else high / wide
    span = max(extent.width, extent.height / shape)
    left, y = extent.left - (span - extent.width) / 2, (span * shape - extent.height) / 2
    world_extent = _unite([spot.extent for spot in world.spots.values()])
    left = max(min(left, world_extent.right + MARGIN * span - span), min(world_extent.left - MARGIN * span, left))
    return Extent(left, extent.top - y, left + span, extent.bottom + y), shape


def _unite(extents: list[Extent]) -> Extent:
    lefts, tops, rights, bottoms = zip(*extents, strict=True)
    return Extent(min(lefts), min(tops), max(rights), max(bottoms))


def _grow(extent: Extent) -> Extent:
    """Grow a part by a margin, and so far that neighbours are seen."""
    margin = MARGIN * min(extent.width, extent.height)
    x = max(margin, (LEAST_SPAN - extent.width) / 2)
    y = max(margin, (LEAST_SPAN - extent.height) / 2)
    return Extent(extent.left - x, extent.top - y, extent.right + x, extent.bottom + y)


class _Pen:
    """Draws a map in the units of its level: land around, countries of the selection, lakes, and dots at last."""

    def __init__(self, canvas: Canvas, chart: Chart, view: _View, sizes: Sizes) -> None:
        """Draw a view onto a canvas."""
        self._canvas = canvas
        self._chart = chart
        self._view = view
        self._level = view.world.level(WIDTH * view.factor)
        self._units = self._level.width / WIDTH
        self._pixel = self._units / view.factor
        self._radius = max(min(DOT * sizes.base, LARGEST_DOT * view.height), LEAST_DOT) * self._pixel
        self._shown = view.extent.scaled(self._units)
        self._file = f"{canvas.shapes}{self._level.file_name}" if canvas.shapes else ""
        self._shade = shade_countries(chart)
        self._hatch = ""

    def draw(self, countries: list[Country]) -> None:
        """Draw everything, cut off at the edges of the box."""
        view, canvas = self._view, self._canvas
        box = Box(view.box.x, view.box.y, view.box.width, view.height)
        outline = f"M{short(box.x)} {short(box.y)}h{short(box.width)}v{short(view.height)}h{short(-box.width)}z"
        x, y = box.x - view.extent.left * view.factor, box.y - view.extent.top * view.factor
        # What is hard to hit lies above the others, and countries with actions above those without.
        small = [country for country in countries if self._side(country) < SMALLEST_HIT]
        large = [country for country in countries if self._side(country) >= SMALLEST_HIT]
        scaled = canvas.scaled(x, y, 1 / self._pixel, BORDER, data_width=self._level.width)
        with canvas.clipped(canvas.define_clip(outline)), scaled:
            clip = self._shown
            self._hatch = canvas.define_hatch(HATCH_STEP * self._pixel, NO_ACTIONS)
            canvas.rect(clip.left, clip.top, clip.width, clip.height, "f-empty")
            self._draw_around({country.code for country in countries})
            self._draw_countries(large)
            self._draw_shape(LAKES, self._level.lakes, "f-empty s-grid")
            self._draw_uncoded()
            self._draw_countries(small)
            self._draw_rings(countries)

    def _side(self, country: Country) -> float:
        """Measure the side of a country in pixels; 0 where only its place is known."""
        has_area = country.code in self._level.areas
        return self._view.world.spots[country.code].size * self._view.factor if has_area else 0.0

    def _cut(self, rings: Iterable[Ring]) -> str:
        """Return the paths of the rings that reach into the view."""
        return "".join(ring.path for ring in rings if ring.extent.touches(self._shown))

    def _draw_shape(self, name: str, rings: tuple[Ring, ...], role: str, fill: str = "") -> None:
        """Draw an area if any of it is visible: its path, or in a page a reference to a file that browsers keep."""
        shape = self._cut(rings)
        if shape and self._file:
            self._canvas.refer(f"{self._file}#{name}", role, fill=fill)
        elif shape:
            self._canvas.path(shape, role, fill=fill)

    def _draw_around(self, chosen: set[str]) -> None:
        """Draw the land outside of the selection."""
        other_areas = {code: rings for code, rings in self._level.areas.items() if code not in chosen | UNCODED}
        if self._file:
            for code, rings in other_areas.items():
                self._draw_shape(code, rings, "f-grid s-paper")
        elif land := "".join(self._cut(rings) for rings in other_areas.values()):
            self._canvas.path(land, "f-grid s-paper")

    def _draw_uncoded(self) -> None:
        """Draw areas that belong to no country: hatched, in no colour."""
        rings = [ring for code in UNCODED for ring in self._level.areas.get(code, ())]
        rings = sorted(ring for ring in rings if ring.extent.touches(self._shown))
        if not rings:
            return
        areas = "".join(ring.path for ring in rings)
        lines = self._canvas.define_hatch(HATCH_STEP * self._pixel, UNCODED_LINES)
        self._canvas.path(areas, "hatched s-axis", data_uncoded=len(rings), fill=lines)

    def _draw_countries(self, countries: list[Country]) -> None:
        silent = [country for country in countries if not country.actions]
        active = [country for country in countries if country.actions]
        if silent:
            with self._canvas.group(data_actions=0):
                for country in silent:
                    self._draw_country(country, {"data_code": country.code})
        if active:
            with self._canvas.group(data_measure=self._chart.spec.measures[0]):
                for country in active:
                    self._draw_country(country, _values(self._chart, country))

    def _draw_country(self, country: Country, data: dict[str, Datum]) -> None:
        canvas, side = self._canvas, self._side(country)
        spot = self._view.world.spots[country.code]
        x, y = spot.x * self._units, spot.y * self._units
        with canvas.group(tell(self._chart, country), **data):  # type: ignore[arg-type]
            if side >= SMALL and not country.actions:
                self._draw_shape(country.code, self._level.areas[country.code], "hatched s-axis", self._hatch)
            elif side >= SMALL:
                self._draw_shape(country.code, self._level.areas[country.code], f"{self._colour(country)} s-axis")
            else:
                radius = self._radius * (1 if country.actions else SILENT)
                canvas.circle(x, y, radius, f"{self._colour(country)} s-muted")
            if side < SMALLEST_HIT:
                canvas.circle(x, y, SMALLEST_HIT / 2 * self._pixel, "hit")

    def _draw_rings(self, countries: list[Country]) -> None:
        """Draw the published figure beside completion: around a country's place, the larger, the higher."""
        placed = {country.code: self._view.world.spots[country.code] for country in countries}
        for code, size in size_rings(self._chart).items():
            if code in placed:
                radius = LARGEST_RING * self._view.box.width * size * self._pixel
                x, y = placed[code].x * self._units, placed[code].y * self._units
                for role, width in (("s-paper", 3.0), ("s-muted", 1.5)):
                    self._canvas.path(draw_ring(x, y, radius), role, stroke_width=f"{width * self._pixel:.4g}")

    def _colour(self, country: Country) -> str:
        return f"f-{self._shade(country.part(self._chart), country.actions)}"


def _values(chart: Chart, country: Country) -> dict[str, Datum]:
    data: dict[str, Datum] = {"data_mark": chart.mark(country.actions, country.code), "data_code": country.code}
    data |= {"data_actions": country.actions, "data_completed": country.completed}
    return data | {"data_unknown": country.unknown, "data_value": chart.value(country.part(chart), country.actions)}


def _flow(chart: Chart, countries: list[Country], box: Box, size: float) -> list[_Item]:
    """Flow countries that have no place on the map into lines, behind the words that say so."""
    x, line = width(_lead(chart), size) + 0.5 * size, 0
    items = []
    for country in countries:
        words = _say(chart, country)
        room = width(words, size)
        if x and x + room > box.width:
            x, line = 0.0, line + 1
        items.append(_Item(x, line, words, country))
        x += room + size
    return items


def say_beside(chart: Chart) -> str:
    """Write in a sentence which countries have no place on the map; empty where all have one."""
    spots = read_world().spots
    countries = [Country(*row) for row in read_rows(chart.frame, Country._fields[:-1])]
    beside = [_say(chart, country) for country in countries if country.code not in spots]
    return f"{_lead(chart)} {' · '.join(beside)}" if beside else ""


def _say(chart: Chart, country: Country) -> str:
    if not country.actions:
        return country.label
    return f"{country.label} {format_counts(country.part(chart), country.actions, chart.lang)}"


def _lead(chart: Chart) -> str:
    return chart.pair(chart.words["not_on_map"], "").rstrip()


def _draw_beside(canvas: Canvas, chart: Chart, items: list[_Item], corner: tuple[float, float], size: float) -> None:
    if not items:
        return
    x, y = corner
    canvas.text(x, y + (LINE / 2 + BASELINE) * size, _lead(chart), "f-muted", size)
    for item in items:
        data: dict[str, Datum] = {"data_code": item.country.code, "data_actions": 0}
        if item.country.actions:
            data = {"data_measure": chart.spec.measures[0], **_values(chart, item.country)}
        with canvas.group(tell(chart, item.country), **data):  # type: ignore[arg-type]
            baseline = y + ((item.line + 0.5) * LINE + BASELINE) * size
            canvas.text(x + item.x, baseline, item.words, "f-text", size)
