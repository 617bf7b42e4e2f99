"""Reading drawings in tests: where each line of text stands, and whether all of them have their places."""

from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

from lxml import etree

from dashboard.charts.svg import texts
from tests.placed import place

SVG = "{http://www.w3.org/2000/svg}"


class Label(NamedTuple):
    """A line of text and the rectangle it takes, in pixels, measured without slack."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    def covers(self, other: "Label") -> bool:
        return (
            min(self.right, other.right) - max(self.left, other.left) > 0.5
            and min(self.bottom, other.bottom) - max(self.top, other.top) > 0.5
        )


def parsed(svg: str) -> etree._Element:
    return place(etree.fromstring(svg.encode()))


def view(root: etree._Element) -> tuple[float, float]:
    _, _, width, height = map(float, root.get("viewBox").split())
    return width, height


def labels(root: etree._Element) -> Iterator[Label]:
    """Yield every line of text with the room it takes: the font's advances, from the small letters' height down."""
    for element in root.iter(f"{SVG}text"):
        around = [element, *element.iterancestors()]
        size = float(next(e.get("font-size") for e in around if e.get("font-size")))
        anchor = next((e.get("text-anchor") for e in around if e.get("text-anchor")), "start")
        classes = element.get("class") or ""
        is_bold = " b" in classes or element.get("font-weight") == "600"
        content = "".join(element.itertext())
        width = texts.width(content, size, is_bold) / texts.SLACK
        x, y = float(element.get("x")), float(element.get("y"))
        before = {"start": 0.0, "middle": width / 2, "end": width}[anchor]
        box = (-before, -0.66 * size, width - before, 0.16 * size)
        if element.get("transform"):
            box = (box[1], -box[2], box[3], -box[0])
        yield Label(content, x + box[0], y + box[1], x + box[2], y + box[3])


def assert_tidy(root: etree._Element) -> None:
    width, height = view(root)
    found = list(labels(root))
    assert found
    for label in found:
        inside = (
            label.left >= -0.5 and label.right <= width + 0.5 and label.top >= -0.5 and label.bottom <= height + 0.5
        )
        assert inside, (label, width, height)
    for one, other in combinations(found, 2):
        assert not one.covers(other), (one, other)
