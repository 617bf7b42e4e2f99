"""Pictures of country tiles: an equal tile a country in blocks of regions, shaded by rate; no border is drawn.

Where the height is free, blocks stand one below the other, as wide as the picture. In a picture of a fixed height they
stand so that the tiles are largest: one below the other or side by side.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import NamedTuple

from dashboard.charts.chart import Chart, read_rows
from dashboard.charts.colours import Key
from dashboard.charts.encoding import name_shades, shade_tile
from dashboard.charts.svg.canvas import BASELINE, LEGIBLE, Box, Canvas, Datum, Sizes, draw_key, key_height, share
from dashboard.charts.svg.texts import LINE, shorten, widest, width, wrap
from dashboard.formats import format_counts
from dashboard.measures.definitions import FEW, RATES

GAP = 3
BLOCK_GAP = 22
BLOCK_LOW_GAP = 14
LEAST_COLUMNS = 3
SMALLEST_TILE = 14
LARGEST_TILE = 4.4
"""The largest distance of two tiles of a picture of a fixed height, in font sizes."""

WIDE_TILE, NARROW_TILE = 48, 42
NARROW = 520
CODE, COUNTS = 0.86, 0.78
LEAST_COUNTS = 8
INSET = 0.88
TRACK = 0.09
ROUND = 2.5


class Country(NamedTuple):
    """A country's name and counts."""

    code: str
    label: str
    region: str
    actions: int
    completed: int
    unknown: int
    reported: int
    on_time: int
    is_peer: bool = False

    def part(self, chart: Chart) -> int:
        """Return how many of the actions the chart's measure counts."""
        return int(getattr(self, RATES[chart.spec.rate].parts[0]))


class _Block(NamedTuple):
    """A region: its name and totals in words, and its tiles."""

    name: str
    rate: str
    tiles: list[Country]
    role: str = "f-text b"


class _Fonts(NamedTuple):
    """The font sizes of a tile's code and of the text below it, 0 for none; and which text that is."""

    code: float
    small: float
    write: Callable[[int, int], str]


class _Place(NamedTuple):
    """Where a block stands: its corner, the lines of its heading, the number of tiles side by side.

    Blocks side by side have the rate in the last lines of their heading, others beside the name.
    """

    x: float
    y: float
    head: list[str]
    columns: int
    rate_lines: int = 0


@dataclass(frozen=True)
class _Plan:
    """Where everything stands, in pixels: the distance of two tiles, the blocks' places, the lower end."""

    pitch: float
    size: float
    is_beside: bool
    places: list[_Place]
    bottom: float
    right: float

    @property
    def side(self) -> float:
        """Return the side of a tile."""
        return self.pitch - GAP

    def head_height(self, lines: int) -> float:
        """Return the height of a heading, the gap below it included."""
        return (lines * LINE + 0.45) * self.size


def draw_tiles(canvas: Canvas, chart: Chart, box: Box, sizes: Sizes) -> tuple[float, int]:
    """Draw the tiles of a chart of countries; return their lower end and how many there are."""
    blocks = list(_blocks(chart))
    entries = _key(chart)
    above = key_height(entries, box.width, sizes.small) + 0.3 * sizes.small
    below = box.below(above)
    draw_key(canvas, entries, box, sizes.small)
    plan = _fit(blocks, below, sizes)
    fonts = _fonts(plan, blocks, chart, sizes)
    pen = _Pen(canvas, chart, plan, fonts)
    for block, place in zip(blocks, plan.places, strict=True):
        with canvas.group(data_mark=f"{chart.spec.second}:{block.tiles[0].region}"):
            _draw_head(canvas, block, place, plan)
        pen.draw(block, place)
    return plan.bottom, len(chart.frame)


def _blocks(chart: Chart) -> Iterator[_Block]:
    totals = {total["code"]: total for total in chart.blocks.to_dict("records")}
    tiles = [
        Country(*row) for row in read_rows(chart.frame, Country._fields if chart.wider_total else Country._fields[:-1])
    ]
    for region in dict.fromkeys(tile.region for tile in tiles):
        total = totals[region]
        n, of = int(total[RATES[chart.spec.rate].parts[0]]), int(total["actions"])
        rate = chart.write_label(n, of)
        if of < FEW:
            rate = format_counts(n, of, chart.lang) if of else chart.words["no_actions"]
        role = "f-muted b" if total.get("is_peer") else "f-text b"
        yield _Block(str(total["label"]), rate, [tile for tile in tiles if tile.region == region], role)


def _key(chart: Chart) -> list[Key]:
    words = chart.words
    shades = [Key(name, role) for name, role in name_shades(chart)]
    return [*shades, Key(words["few"], "completed_few"), Key(words["no_actions"], "paper", "grid")]


def _fit(blocks: list[_Block], box: Box, sizes: Sizes) -> _Plan:
    """Find the plan with the largest tiles that have room."""
    if box.height is None:
        columns = round(box.width / (NARROW_TILE if box.width < NARROW else WIDE_TILE))
        return _below(blocks, box, (box.width + GAP) / columns, sizes.base)
    pitch = sizes.base * LARGEST_TILE
    while True:
        size = max(min(sizes.base, pitch / 2.6), sizes.least)
        for place in (_below, _beside):
            plan = place(blocks, box, pitch, size)
            if plan.bottom <= box.y + box.height and plan.right <= box.right + 0.5:
                return plan
        if pitch < SMALLEST_TILE:
            return plan
        pitch *= 0.98


def _below(blocks: list[_Block], box: Box, pitch: float, size: float) -> _Plan:
    """Place blocks one below the other, each as wide as the box."""
    plan = _Plan(pitch, size, False, [], box.y, box.right)
    columns = max(int((box.width + GAP + 0.01) / pitch), 1)
    y = box.y
    places = []
    for block in blocks:
        head = [shorten(block.name, box.width - 0.8 * size - width(block.rate, size), size, bold=True)]
        places.append(_Place(box.x, y, head, columns))
        y += plan.head_height(1) + -(-len(block.tiles) // columns) * pitch + BLOCK_LOW_GAP
    return _Plan(pitch, size, False, places, y - BLOCK_LOW_GAP - GAP, box.right)


def _beside(blocks: list[_Block], box: Box, pitch: float, size: float) -> _Plan:
    """Place blocks side by side, all as high as the box, all headings as high as the highest."""
    height = box.height or 0.0
    plan = _Plan(pitch, size, True, [], box.y, box.right)
    columns = [LEAST_COLUMNS] * len(blocks)
    heads: list[list[str]] = []
    rates: list[list[str]] = []
    for _ in range(2):  # the headings' height depends on the columns, whose number depends on it
        rooms = [wide * pitch + BLOCK_GAP / 2 for wide in columns]
        names = [wrap(block.name, room, size, 3, bold=True) for block, room in zip(blocks, rooms, strict=True)]
        rates = [_rate_lines(block.rate, room, size) for block, room in zip(blocks, rooms, strict=True)]
        heads = [name + rate for name, rate in zip(names, rates, strict=True)]
        room = height - plan.head_height(max(len(head) for head in heads))
        rows = max(int((room + GAP) / pitch), 1)
        columns = [max(-(-len(block.tiles) // rows), LEAST_COLUMNS) for block in blocks]
    lines = max(len(head) for head in heads)
    spare = box.width + GAP - sum(columns) * pitch
    gap = min(max(spare / max(len(blocks) - 1, 1), BLOCK_GAP), 3 * BLOCK_GAP)
    x = box.x
    places = []
    for head, rate, wide in zip(heads, rates, columns, strict=True):
        places.append(_Place(x, box.y, [""] * (lines - len(head)) + head, wide, len(rate)))
        x += wide * pitch + gap
    rows_needed = max(-(-len(block.tiles) // wide) for block, wide in zip(blocks, columns, strict=True))
    return _Plan(pitch, size, True, places, box.y + plan.head_height(lines) + rows_needed * pitch - GAP, x - gap - GAP)


def _rate_lines(rate: str, room: float, size: float) -> list[str]:
    """Write a rate and its counts in one line, or in two."""
    return [rate] if width(rate, size) <= room else [shorten(part, room, size) for part in rate.split(" · ")]


def _fonts(plan: _Plan, blocks: list[_Block], chart: Chart, sizes: Sizes) -> _Fonts:
    """Choose what has room below a tile's code: n/N, else the percentage, else nothing."""
    tiles = [tile for block in blocks for tile in block.tiles]
    room = plan.side * INSET
    code = min(max(sizes.base * CODE, LEGIBLE), room / widest([tile.code for tile in tiles], 1.0))
    part = RATES[chart.spec.rate].parts[0]
    for write in (
        (chart.write_value,) if chart.spec.is_pace else (partial(format_counts, lang=chart.lang), chart.write_value)
    ):
        longest = widest([write(getattr(tile, part), tile.actions) for tile in tiles if tile.actions], 1.0)
        small = min(max(sizes.base * COUNTS, LEGIBLE), code, room / longest)
        if small >= LEAST_COUNTS and (code + small) * 1.2 < plan.side:
            return _Fonts(round(code, 1), small, write)
    return _Fonts(round(code, 1), 0.0, chart.write_value)


def _draw_head(canvas: Canvas, block: _Block, place: _Place, plan: _Plan) -> None:
    baseline = place.y + (LINE / 2 + BASELINE) * plan.size
    if not plan.is_beside:
        canvas.text(place.x, baseline, place.head[0], block.role, plan.size)
        after = place.x + width(place.head[0], plan.size, bold=True) + 0.6 * plan.size
        canvas.text(after, baseline, block.rate, "f-muted", plan.size)
        return
    for number, line in enumerate(place.head):
        role = "f-muted" if number >= len(place.head) - place.rate_lines else block.role
        canvas.text(place.x, baseline + number * LINE * plan.size, line, role, plan.size)


class _Pen:
    """Draws tiles with as few bytes as possible: what all tiles, those of a row or of a block share is written once.

    A row's tiles stand in its own coordinates, which begin at the code's baseline in a tile without actions.
    """

    def __init__(self, canvas: Canvas, chart: Chart, plan: _Plan, fonts: _Fonts) -> None:
        """Draw onto a canvas by a plan."""
        self._canvas = canvas
        self._chart = chart
        self._plan = plan
        self._fonts = fonts
        self._baseline = plan.side / 2 + BASELINE * fonts.code
        """How far a row's coordinates begin below the tiles' upper edge."""
        half, side = plan.side / 2, plan.side
        self._square = canvas.define_rect(Box(-half, -self._baseline, side), ROUND)
        """The shape of a tile with actions; a tile without is outlined."""
        self._outline = canvas.define_rect(Box(0.5 - half, 0.5 - self._baseline, side - 1), ROUND)

    def draw(self, block: _Block, place: _Place) -> None:
        """Draw the tiles of a block: first those with actions, then the others."""
        rows = [block.tiles[at : at + place.columns] for at in range(0, len(block.tiles), place.columns)]
        top = place.y + self._plan.head_height(len(place.head)) + self._baseline
        with self._canvas.group(text_anchor="middle", font_size=self._fonts.code):
            with self._canvas.group(data_measure=self._chart.spec.measures[0]):
                self._draw_rows(rows, place.x, top, self._draw_tile, True)
            with self._canvas.group(data_actions=0, role="f-muted"):
                self._draw_rows(rows, place.x, top, self._draw_empty, False)

    def _draw_rows(
        self, rows: list[list[Country]], x: float, top: float, draw: Callable[[Country, float], None], has_actions: bool
    ) -> None:
        for number, row in enumerate(rows):
            tiles = [(column, tile) for column, tile in enumerate(row) if (tile.actions > 0) == has_actions]
            if not tiles:
                continue
            with self._canvas.moved(x + self._plan.side / 2, top + number * self._plan.pitch):
                for column, tile in tiles:
                    draw(tile, column * self._plan.pitch)

    def _draw_empty(self, tile: Country, x: float) -> None:
        with self._canvas.group(tell(self._chart, tile), data_code=tile.code):
            self._canvas.use(self._outline, x, "f-paper s-grid")
            self._canvas.bare_text(x, 0, tile.code)

    def _draw_tile(self, tile: Country, x: float) -> None:
        code, small, write = self._fonts
        part = tile.part(self._chart)
        value, side = share(part, tile.actions), self._plan.side
        shade = shade_tile(self._chart, part, tile.actions, is_peer=tile.is_peer)
        data: dict[str, Datum] = {"data_mark": self._chart.mark(tile.actions, tile.code), "data_code": tile.code}
        data |= {"data_actions": tile.actions, "data_completed": tile.completed, "data_unknown": tile.unknown}
        data["data_value"] = self._chart.value(part, tile.actions)
        with self._canvas.group(tell(self._chart, tile), f"f-{shade.ink}", **data):
            self._canvas.use(self._square, x, f"f-{shade.role}")
            if tile.actions < FEW and part:
                y = side * (1 - TRACK) - self._baseline
                self._canvas.rect(
                    x - side / 2, y, side * value, side * TRACK, "f-peer" if tile.is_peer else "f-completed_few"
                )
            if not small:
                self._canvas.bare_text(x, 0, tile.code)
                return
            self._canvas.bare_text(x, -(0.14 + BASELINE) * code, tile.code)
            few = format_counts(part, tile.actions, self._chart.lang)
            below = few if tile.actions < FEW else write(part, tile.actions)
            self._canvas.text(x, 0.95 * small - BASELINE * code, below, "", small)


@lru_cache(maxsize=512)
def tell(chart: Chart, tile: Country) -> str:
    """Write a country's text at the pointer: its name, its rates with their counts, published figures."""
    if not tile.actions:
        return chart.pair(tile.label, chart.words["no_actions"])
    possible = tile.completed + tile.unknown
    rates = {"completed": tile.completed, "at_most": possible, "reported": tile.reported}
    if chart.spec.rate == "on_time_rate":
        rates = {"on_time": tile.on_time} | rates
    pace_lines = [chart.say_value("pace", tile.completed, tile.actions)] if chart.spec.is_pace else []
    rate_lines = [chart.say_rate(name, n, tile.actions) for name, n in rates.items()]
    return "\n".join([tile.label, *pace_lines, *rate_lines, *chart.figures.get(tile.code, ())])
