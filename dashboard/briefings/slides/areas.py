"""Rectangles on a slide, in PowerPoint's units (914,400 to the inch).

Whether a slide's ground is dark, as in some templates: colours that must be read on it are chosen by that.
"""

from typing import Any, NamedTuple

from pptx.oxml import parse_xml
from pptx.oxml.ns import qn

from dashboard.theme import PAPER, contrast

INCH = 914_400
POINT = 12_700


class Area(NamedTuple):
    """A rectangle: its left and upper edge, width and height."""

    left: int
    top: int
    width: int
    height: int

    @property
    def bottom(self) -> int:
        """The lower edge."""
        return self.top + self.height

    @property
    def right(self) -> int:
        """The right edge."""
        return self.left + self.width

    def split_left(self, width: int, gap: int) -> tuple["Area", "Area"]:
        """A column of `width` at the left, and what is right of it after a gap."""
        rest = self.width - width - gap
        return self._replace(width=width), self._replace(left=self.left + width + gap, width=rest)

    def split_top(self, height: int, gap: int = 0) -> tuple["Area", "Area"]:
        """A strip of `height` at the top, and what is below it after a gap."""
        rest = self.height - height - gap
        return self._replace(height=height), self._replace(top=self.top + height + gap, height=rest)


_MAPPED = {"bg1": "lt1", "bg2": "lt2", "tx1": "dk1", "tx2": "dk2"}


def is_dark(slide: Any) -> bool:
    """Whether white text is easier to read on the slide's ground than black text; pictures count as light."""
    ground = _ground(slide)
    return contrast(ground, PAPER) > contrast(ground, "#000000")


def _ground(slide: Any) -> str:
    """The ground's colour: the slide's own, its layout's or its master's."""
    layout = slide.slide_layout
    master = layout.slide_master
    for place in (slide, layout, master):
        found = place._element.cSld.find(qn("p:bg"))
        if found is not None:
            for colour in found.iter(qn("a:srgbClr"), qn("a:schemeClr")):
                value = str(colour.get("val"))
                return f"#{value}" if colour.tag == qn("a:srgbClr") else _scheme_colour(master, value)
            return PAPER
    return _scheme_colour(master, "bg1")


def _scheme_colour(master: Any, name: str) -> str:
    """A colour of the theme, by its name on slides."""
    names = master._element.find(qn("p:clrMap"))
    slot = _MAPPED.get(name, name) if names is None else names.get(name, name)
    part = next((rel.target_part for rel in master.part.rels.values() if rel.reltype.endswith("/theme")), None)
    found = None if part is None else parse_xml(part.blob).find(f".//{qn('a:clrScheme')}/{qn(f'a:{slot}')}")
    if found is None or not len(found):
        return PAPER
    return f"#{found[0].get('lastClr') or found[0].get('val')}"
