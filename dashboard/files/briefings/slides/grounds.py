"""The ground of a slide's content: its colour, whether it is even, and the bars across the slide.

Templates draw their ground in three ways, on the master and on the layout: as the background, as shapes, as pictures.
All comes from the XML, since asking the library for a background would give the slide another one.
"""

import io
from collections.abc import Iterator
from typing import Any, NamedTuple

from pptx.oxml import parse_xml
from pptx.oxml.ns import qn

from dashboard.files.briefings.slides.texts import Area
from dashboard.theme import PAPER

_THEME_SLOTS = {"bg1": "lt1", "bg2": "lt2", "tx1": "dk1", "tx2": "dk2"}
_SHAPES = ("p:sp", "p:pic", "p:grpSp")
_TOUCHED = 0.04
"""The least share of an area that a shape must cover to make the ground uneven; a logo in a corner does not."""
_BAR = 0.6
"""The share of a slide's width from which on a shape is a bar across it."""
_EVEN = 24
"""The largest deviation of the lightness of an even picture's points from its mean, of 255."""


class Ground(NamedTuple):
    """The colour (`#RRGGBB`) under an area, and whether it is the same all over."""

    colour: str
    is_even: bool = True


class _Drawn(NamedTuple):
    """A shape of a master or layout that is no placeholder, and its place."""

    element: Any
    area: Area
    part: Any


def scheme_colour(master: Any, name: str) -> str:
    """Return a colour of the theme as `#RRGGBB`, by its name on slides (`tx1`, `accent1`)."""
    names = master._element.find(qn("p:clrMap"))
    slot = _THEME_SLOTS.get(name, name) if names is None else names.get(name, name)
    part = next((rel.target_part for rel in master.part.rels.values() if rel.reltype.endswith("/theme")), None)
    colour = None if part is None else parse_xml(part.blob).find(f".//{qn('a:clrScheme')}/{qn(f'a:{slot}')}")
    if colour is None or not len(colour):
        return PAPER
    return f"#{colour[0].get('lastClr') or colour[0].get('val')}"


def ground_under(slide: Any, area: Area, slide_area: Area) -> Ground:
    """Find the ground under an area of a slide or layout."""
    layout = getattr(slide, "slide_layout", slide)
    master = layout.slide_master
    ground = _background(slide, layout, master, area, slide_area)
    for one in _drawn(slide, layout, master):
        covered = _overlap(one.area, area) / max(1, area.width * area.height)
        if covered < _TOUCHED:
            continue
        look = _look(one, master, area) if covered > 1 - _TOUCHED else None
        ground = look or Ground(ground.colour, is_even=False)
    return ground


def between_bars(layout: Any, area: Area, slide_area: Area) -> Area:
    """Return an area without the bars across the slide at its top and bottom; they are ground for a title or foot."""
    top, bottom = area.top, area.bottom
    for one in _drawn(layout, layout, layout.slide_master):
        if one.area.width < _BAR * slide_area.width or not _is_filled(one.element):
            continue
        if one.area.top <= top < one.area.bottom < slide_area.height * 0.45:
            top = one.area.bottom + round(slide_area.height * 0.02)
        if slide_area.height * 0.6 < one.area.top < bottom <= one.area.bottom + slide_area.height * 0.1:
            bottom = one.area.top - round(slide_area.height * 0.01)
    return area._replace(top=top, height=bottom - top)


def _background(slide: Any, layout: Any, master: Any, area: Area, slide_area: Area) -> Ground:
    """Return the colour of the slide's own background, its layout's or its master's."""
    for place in (slide, layout, master):
        background = place._element.cSld.find(qn("p:bg"))
        if background is None:
            continue
        if (blip := background.find(f".//{qn('a:blip')}")) is not None:
            return _picture(place.part, blip, area, slide_area)
        colours = [_colour(one, master) for one in background.iter(qn("a:srgbClr"), qn("a:schemeClr"))]
        return Ground(colours[0] if colours else PAPER, is_even=len(set(colours)) < 2)
    return Ground(scheme_colour(master, "bg1"))


def _drawn(slide: Any, layout: Any, master: Any) -> Iterator[_Drawn]:
    """Yield the shapes drawn behind the placeholders, from the bottom up."""
    hides_master = layout._element.get("showMasterSp") == "0"
    for place in (*(() if hides_master else (master,)), layout, *(() if slide is layout else (slide,))):
        for element in place._element.cSld.spTree:
            if element.tag not in {qn(tag) for tag in _SHAPES} or element.find(f".//{qn('p:ph')}") is not None:
                continue
            frame = element.find(f".//{qn('a:xfrm')}")
            if frame is not None and frame.find(qn("a:ext")) is not None:
                start, size = frame.find(qn("a:off")), frame.find(qn("a:ext"))
                edges = [int(start.get("x")), int(start.get("y")), int(size.get("cx")), int(size.get("cy"))]
                if element.tag != qn("p:sp") or _is_filled(element):
                    yield _Drawn(element, Area(*edges), place.part)


def _look(one: _Drawn, master: Any, area: Area) -> Ground | None:
    """Return the ground of a shape that covers an area; None where its colour is not one."""
    if one.element.tag == qn("p:pic"):
        return _picture(one.part, one.element.find(f".//{qn('a:blip')}"), area, one.area)
    fill = one.element.find(f"{qn('p:spPr')}/{qn('a:solidFill')}")
    outline = one.element.find(f"{qn('p:spPr')}/{qn('a:prstGeom')}")
    if fill is None or not len(fill) or outline is None or outline.get("prst") != "rect":
        return None
    return Ground(_colour(fill[0], master))


def _is_filled(element: Any) -> bool:
    look = element.find(qn("p:spPr"))
    fills = ("a:solidFill", "a:gradFill", "a:blipFill", "a:pattFill")
    return look is not None and any(look.find(qn(fill)) is not None for fill in fills)


def _colour(element: Any, master: Any) -> str:
    value = str(element.get("val") or element.get("lastClr") or "")
    if element.tag == qn("a:srgbClr"):
        return f"#{value.upper()}"
    return scheme_colour(master, value) if element.tag == qn("a:schemeClr") else PAPER


def _picture(part: Any, blip: Any, area: Area, place: Area) -> Ground:
    """Return a picture's mean colour in an area; uneven where its points differ, or it cannot be read."""
    from PIL import Image, ImageStat

    try:
        with Image.open(io.BytesIO(part.related_part(blip.get(qn("r:embed"))).blob)) as picture:
            small = picture.convert("RGB").resize((64, 36))
    except Exception:  # a drawing, a format that is not known, or a picture that is missing
        return Ground(PAPER, is_even=False)
    scale = 64 / max(1, place.width), 36 / max(1, place.height)
    left, top = (area.left - place.left) * scale[0], (area.top - place.top) * scale[1]
    box = (max(0, left), max(0, top), min(64, left + area.width * scale[0]), min(36, top + area.height * scale[1]))
    cutting = small.crop(
        (int(box[0]), int(box[1]), max(int(box[0]) + 1, int(box[2])), max(int(box[1]) + 1, int(box[3])))
    )
    red, green, blue = (round(mean) for mean in ImageStat.Stat(cutting).mean)
    return Ground(f"#{red:02X}{green:02X}{blue:02X}", is_even=ImageStat.Stat(cutting.convert("L")).stddev[0] < _EVEN)


def _overlap(first: Area, second: Area) -> int:
    width = min(first.right, second.right) - max(first.left, second.left)
    height = min(first.bottom, second.bottom) - max(first.top, second.top)
    return max(0, width) * max(0, height)
