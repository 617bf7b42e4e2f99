"""The slides of a presentation as plain data: what stands where, in which look, as programs show it.

A slide shows its master, its layout and itself, from the bottom up. A look that a text does not state comes from its
placeholder on the layout, on the master, and from the master's styles.
"""

import colorsys
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any, NamedTuple

from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn

from dashboard.charts.chart import Chart
from dashboard.files.briefings.previews.drawn_pages import DRAWN, LETTERS, LINE, Drawing, choose_font, draw_chart
from dashboard.files.briefings.slides.grounds import scheme_colour
from dashboard.files.briefings.slides.templates import is_dark
from dashboard.files.briefings.slides.texts import POINT
from dashboard.theme import GRID, MUTED, PAPER, TEXT

_TITLES = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
_BODIES = (PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.SUBTITLE)
_FILLS = ("a:noFill", "a:solidFill", "a:gradFill", "a:blipFill", "a:pattFill")
_MARKS = ("a:buNone", "a:buChar", "a:buAutoNum")
_SIDES = {"l": "left", "ctr": "center", "r": "right"}
_ANCHORS = {"t": "top", "ctr": "middle", "b": "bottom"}
_MARGINS = {"lIns": 91_440, "tIns": 45_720, "rIns": 91_440, "bIns": 45_720}
_POLYGONS = {
    "triangle": ((0.5, 0), (1, 1), (0, 1)),
    "rtTriangle": ((0, 0), (1, 1), (0, 1)),
    "diamond": ((0.5, 0), (1, 0.5), (0.5, 1), (0, 0.5)),
    "parallelogram": ((0.25, 0), (1, 0), (0.75, 1), (0, 1)),
    "homePlate": ((0, 0), (0.75, 0), (1, 0.5), (0.75, 1), (0, 1)),
    "chevron": ((0, 0), (0.75, 0), (1, 0.5), (0.75, 1), (0, 1), (0.25, 0.5)),
}


class _Frame(NamedTuple):
    """A place on a slide, in points, and how far it is turned, in degrees."""

    x: float
    y: float
    width: float
    height: float
    turn: float = 0

    def describe(self) -> dict[str, float]:
        """Describe it for the setting."""
        return self._asdict()

    def is_inside(self, frame: "_Frame") -> bool:
        """Return whether its middle is inside another place."""
        x, y = self.x + self.width / 2 - frame.x, self.y + self.height / 2 - frame.y
        return 0 <= x <= frame.width and 0 <= y <= frame.height


def draw_slides(deck: Any, charts: Mapping[str, Chart] | None = None) -> list[str]:
    """Draw the slides of a presentation as SVG.

    `charts`: those of its native charts that are drawn, by their alternative texts; others are an outline.
    """
    return [page.decode() for page in read_slides(deck, charts or {}).set_pages("svg")[0]]


def read_slides(deck: Any, charts: Mapping[str, Chart]) -> Drawing:
    """Read the slides of a presentation; arguments as of `draw_slides`."""
    drawing = Drawing({"slides": []}, {})
    for slide in deck.slides:
        drawing.values["slides"].append(_Slide(deck, slide, charts, drawing).read())
    return drawing


def _find(elements: Sequence[Any], *names: str) -> Any:
    """Find the first child of one of these names in the first element that has any."""
    tags = {qn(name) for name in names}
    return next((child for one in elements for child in one if child.tag in tags), None)


def _get(elements: Sequence[Any], name: str, usual: str = "") -> str:
    return next((str(one.get(name)) for one in elements if one.get(name) is not None), usual)


class _Slide:
    """One slide on its way to plain data."""

    def __init__(self, deck: Any, slide: Any, charts: Mapping[str, Chart], drawing: Drawing) -> None:
        self._deck, self._slide, self._charts, self._drawing = deck, slide, charts, drawing
        self._layout, self._master = slide.slide_layout, slide.slide_layout.slide_master
        override = slide._element.find(f"{qn('p:clrMapOvr')}/{qn('a:overrideClrMapping')}")
        self._override = {} if override is None else dict(override.attrib)
        theme = next(rel.target_part for rel in self._master.part.rels.values() if rel.reltype.endswith("/theme"))
        fonts = parse_xml(theme.blob).find(f".//{qn('a:fontScheme')}")
        self._typefaces = {
            f"+{short}-lt": fonts.find(f"{qn(f'a:{name}Font')}/{qn('a:latin')}").get("typeface")
            for short, name in (("mj", "major"), ("mn", "minor"))
        }
        self._items: list[dict[str, Any]] = []
        self._drawn_charts: list[_Frame] = []

    def read(self) -> dict[str, Any]:
        """Read what it shows."""
        width, height = self._deck.slide_width / POINT, self._deck.slide_height / POINT
        fill = self._read_ground(_Frame(0, 0, width, height))
        hides_master = "0" in (self._layout._element.get("showMasterSp"), self._slide._element.get("showMasterSp"))
        for place in (*(() if hides_master else (self._master,)), self._layout, self._slide):
            for shape in place.shapes:
                if place is self._slide or not shape.is_placeholder:
                    self._read_shape(shape, place.part)
        return {"width": width, "height": height, "fill": fill, "items": self._items}

    def _read_ground(self, slide: _Frame) -> str:
        for place in (self._slide, self._layout, self._master):
            background = place._element.cSld.find(qn("p:bg"))
            if background is None:
                continue
            if (look := background.find(qn("p:bgPr"))) is None:  # a style of the theme in a colour
                return self._read_colour(background.find(qn("p:bgRef"))) or PAPER
            fill = _find([look], *_FILLS)
            if fill is not None and fill.tag == qn("a:blipFill"):
                self._add_picture(fill.find(qn("a:blip")), place.part, slide, "cover")
            elif fill is not None and fill.tag == qn("a:gradFill"):
                self._add_svg(slide, _write_svg(slide, self._write_fill(fill), "", _outline(None, slide)))
            return (self._read_colour(fill) if fill is not None and fill.tag == qn("a:solidFill") else "") or PAPER
        return scheme_colour(self._master, "bg1")

    def _read_colour(self, holder: Any) -> str:
        """Read the colour in a fill or a reference to a style, as `#RRGGBB`, with what is seen through it."""
        if holder is None or not len(holder):
            return ""
        colour = holder[0]
        value = str(colour.get("lastClr") or colour.get("val") or "")
        if colour.tag == qn("a:schemeClr"):
            value = scheme_colour(self._master, self._override.get(value, value))[1:]
        if len(value) != 6:
            return {"black": "#000000", "white": "#FFFFFF"}.get(value, MUTED)
        hue, light, strength = colorsys.rgb_to_hls(*(int(value[place : place + 2], 16) / 255 for place in (0, 2, 4)))
        alpha = ""
        for change in colour:
            share = int(change.get("val", 0)) / 100_000
            name = change.tag.rpartition("}")[2]
            if name == "alpha":
                alpha = f"{round(share * 255):02X}"
            light = {"lumMod": light * share, "lumOff": light + share, "shade": light * share,
                     "tint": 1 - (1 - light) * share}.get(name, light)  # fmt: skip
        parts = colorsys.hls_to_rgb(hue, min(1, max(0, light)), strength)
        return "#" + "".join(f"{round(part * 255):02X}" for part in parts) + alpha

    def _read_shape(self, shape: Any, part: Any, within: Any = None) -> None:
        """Read a shape with what it holds; `within` places those of a group."""
        if shape.width is None or shape.height is None:
            return
        edges = (shape.left, shape.top, shape.width, shape.height)
        x, y, width, height = within(*edges) if within else (edge / POINT for edge in edges)
        frame = _Frame(x, y, width, height, getattr(shape, "rotation", 0) or 0)
        if any(frame.is_inside(chart) for chart in self._drawn_charts):  # what the deck lays on its native chart
            return
        element = shape._element
        if element.tag == qn("p:grpSp"):
            inside = _place_group(element, frame)
            for one in shape.shapes:
                self._read_shape(one, part, inside)
        elif element.tag == qn("p:graphicFrame"):
            self._read_graphic(shape, frame)
        elif element.tag == qn("p:pic"):
            self._add_picture(element.find(f".//{qn('a:blip')}"), part, frame, "stretch")
        else:
            self._read_look(shape, part, frame)
            if getattr(shape, "has_text_frame", False) and shape.text_frame.text.strip():
                self._read_text(shape, frame, is_bound=part is self._slide.part)

    def _add_picture(self, blip: Any, part: Any, frame: _Frame, fit: str) -> None:
        relation = None if blip is None else blip.get(qn("r:embed"))
        if relation is None:
            return
        target = part.related_part(relation)
        if (ending := str(target.partname.ext).lower()) in DRAWN:
            name = self._drawing.add_file(ending, target.blob)
            self._items.append({"kind": "image", "file": name, "fit": fit} | frame.describe())

    def _add_svg(self, frame: _Frame, svg: str) -> None:
        name = self._drawing.add_file("svg", svg.encode())
        self._items.append({"kind": "image", "file": name, "fit": "stretch"} | frame.describe())

    def _read_look(self, shape: Any, part: Any, frame: _Frame) -> None:
        """Read the fill and the outline of a shape."""
        looks = [one._element.find(qn("p:spPr")) for one in _list_chain(shape)]
        looks = [look for look in looks if look is not None]
        style = shape._element.find(qn("p:style"))
        fill, line = _find(looks, *_FILLS), _find(looks, "a:ln")
        if fill is not None and fill.tag == qn("a:blipFill"):
            self._add_picture(fill.find(qn("a:blip")), part, frame, "stretch")
            return
        inside = self._write_fill(fill) if fill is not None else self._write_fill(_find_style(style, "a:fillRef"))
        line_fill = None if line is None else _find([line], *_FILLS)
        edge = self._read_colour(line_fill if line_fill is not None else _find_style(style, "a:lnRef"))
        if not inside and not edge:
            return
        width = max(0.5, int(line.get("w", 9525)) / POINT if line is not None else 0.75)
        stroke = f'stroke="{edge}" stroke-width="{width:g}"' if edge else ""
        flips = looks[0].find(qn("a:xfrm")) if looks else None
        self._add_svg(frame, _write_svg(frame, inside, stroke, _outline(looks[0] if looks else None, frame), flips))

    def _write_fill(self, fill: Any) -> str:
        """Write a fill as SVG: a colour, or a gradient; empty for none."""
        if fill is None or fill.tag == qn("a:noFill"):
            return ""
        if fill.tag != qn("a:gradFill"):
            return self._read_colour(fill)
        direction = fill.find(qn("a:lin"))
        angle = 0 if direction is None else int(direction.get("ang", 0)) / 60_000
        stops = "".join(
            f'<stop offset="{int(stop.get("pos")) / 100_000:g}" stop-color="{self._read_colour(stop)}"/>'
            for stop in fill.iter(qn("a:gs"))
        )
        return f'<linearGradient id="fill" gradientTransform="rotate({angle:g} .5 .5)">{stops}</linearGradient>'

    def _read_graphic(self, shape: Any, frame: _Frame) -> None:
        if shape.has_table:
            self._read_table(shape, frame)
        elif shape.has_chart:
            chart = self._charts.get(shape._element.nvGraphicFramePr.cNvPr.get("descr", ""))
            if chart is None:
                self._add_svg(frame, _write_svg(frame, "", f'stroke="{GRID}"', _outline(None, frame)))
            else:
                self._drawn_charts.append(frame)
                svg = draw_chart(chart, frame.width, frame.height, is_dark=is_dark(self._slide))
                name = self._drawing.add_file("svg", svg)
                self._items.append({"kind": "image", "file": name, "fit": "contain"} | frame.describe())

    def _read_text(self, shape: Any, frame: _Frame, *, is_bound: bool) -> None:
        chain = _list_chain(shape)
        bodies = [body for one in chain if (body := one._element.find(qn("p:txBody"))) is not None]
        looks = [body.find(qn("a:bodyPr")) for body in bodies]
        margins = [int(_get(looks, name, str(usual))) / POINT for name, usual in _MARGINS.items()]
        lists = [one for body in bodies if (one := body.find(qn("a:lstStyle"))) is not None]
        lists += self._list_styles(shape)
        fit = _find(looks, "a:normAutofit", "a:spAutoFit", "a:noAutofit")
        scale = 1.0 if fit is None else int(fit.get("fontScale", 100_000)) / 100_000
        style = shape._element.find(qn("p:style"))
        reference = None if style is None else style.find(qn("a:fontRef"))
        paragraphs = self._read_paragraphs(shape.text_frame._txBody, lists, scale, self._read_colour(reference))
        text = {
            "kind": "text",
            "margins": margins,
            "anchor": _ANCHORS.get(_get(looks, "anchor", "t"), "top"),
            "paragraphs": paragraphs,
            "is-bound": is_bound,
            "size": paragraphs[-1]["size"],
            "words": shape.text_frame.text,
        }
        self._items.append(text | frame.describe())

    def _list_styles(self, shape: Any) -> list[Any]:
        """List the styles of a shape's texts that are behind those of its placeholders."""
        kind = shape.placeholder_format.type if shape.is_placeholder else None
        name = "titleStyle" if kind in _TITLES else "bodyStyle" if kind in _BODIES else "otherStyle"
        of_master = self._master._element.find(f"{qn('p:txStyles')}/{qn(f'p:{name}')}")
        usual = self._deck.part._element.find(qn("p:defaultTextStyle"))
        return [one for one in (of_master if kind is not None else None, usual) if one is not None]

    def _read_paragraphs(
        self, body: Any, lists: Sequence[Any], scale: float = 1.0, ink: str = ""
    ) -> list[dict[str, Any]]:
        """Read the paragraphs of a text, each with the looks that it states, then those of its level in `lists`."""
        paragraphs, numbers = [], count(1)
        for paragraph in body.iter(qn("a:p")):
            properties = paragraph.find(qn("a:pPr"))
            level = 0 if properties is None else int(properties.get("lvl", 0))
            levels = [one for each in lists if (one := each.find(qn(f"a:lvl{level + 1}pPr"))) is not None]
            looks = [*([] if properties is None else [properties]), *levels]
            usual = [one for each in looks if (one := each.find(qn("a:defRPr"))) is not None]
            runs = [
                self._read_run(
                    "\n" if one.tag == qn("a:br") else one.findtext(qn("a:t"), ""), [*properties, *usual], scale, ink
                )
                for one in paragraph
                if one.tag in (qn("a:r"), qn("a:fld"), qn("a:br"))
                for properties in [[] if one.find(qn("a:rPr")) is None else [one.find(qn("a:rPr"))]]
            ]
            end = paragraph.find(qn("a:endParaRPr"))
            first = runs[0] if runs else self._read_run("", [*([] if end is None else [end]), *usual], scale, ink)
            size = max((run["size"] for run in runs), default=first["size"])
            mark = _find(looks, *_MARKS)
            numbers = numbers if mark is not None and mark.tag == qn(_MARKS[2]) else count(1)
            words = (
                "" if mark is None else mark.get("char", "") if mark.tag != qn("a:buAutoNum") else f"{next(numbers)}."
            )
            above = _find(looks, "a:spcBef")
            spacing = _find(looks, "a:lnSpc")
            lines = 1.0 if spacing is None or spacing[0].tag != qn("a:spcPct") else int(spacing[0].get("val")) / 100_000
            paragraphs.append({
                "runs": [run for run in runs if run["text"]],
                "mark": first | {"text": words} if words and runs else None,
                "size": size,
                "side": _SIDES.get(_get(looks, "algn", "l"), "left"),
                "indent": int(_get(looks, "marL", "0")) / POINT,
                "hanging": int(_get(looks, "indent", "0")) / POINT,
                "above": _read_space(above, size),
                "below": 0,
                "leading": (LINE * lines - LETTERS) * size,
                "is-kept": False,
                "edges": {},
            })  # fmt: skip
        return paragraphs

    def _read_run(self, text: str, looks: Sequence[Any], scale: float, ink: str) -> dict[str, Any]:
        face = _find(looks, "a:latin")
        typeface = "+mn-lt" if face is None else str(face.get("typeface"))
        inks = looks[:1] if looks and looks[0].find(qn("a:solidFill")) is not None else []
        colour = self._read_colour(_find(inks, "a:solidFill")) or ink or self._read_colour(_find(looks, "a:solidFill"))
        return {
            "text": text.upper() if _get(looks, "cap") == "all" else text,
            "size": int(_get(looks, "sz", "1800")) / 100 * scale,
            "ink": colour or TEXT,
            "is-bold": _get(looks, "b") in ("1", "true"),
            "is-italic": _get(looks, "i") in ("1", "true"),
        } | choose_font(self._typefaces.get(typeface, typeface))

    def _read_table(self, shape: Any, frame: _Frame) -> None:
        lists = self._list_styles(shape)[-1:]
        rows = [
            {
                "height": row.height / POINT,
                "cells": [
                    {
                        "paragraphs": self._read_paragraphs(cell._tc, lists),
                        "margin": cell.margin_left / POINT,
                        "padding": cell.margin_top / POINT,
                        "anchor": _ANCHORS.get(_get([cell._tc.get_or_add_tcPr()], "anchor", "t"), "top"),
                        "fill": self._read_colour(_find([cell._tc.tcPr], "a:solidFill")),
                        "edges": dict(self._list_edges(cell._tc.tcPr)),
                    }
                    for cell in row.cells
                ],
            }
            for row in shape.table.rows
        ]
        table = {
            "kind": "table",
            "is-headed": False,
            "rows": rows,
            "widths": [column.width / POINT for column in shape.table.columns],
            "room": self._deck.slide_height / POINT - frame.y,
            "words": shape.name,
        }
        self._items.append(table | frame.describe())

    def _list_edges(self, look: Any) -> Iterator[tuple[str, dict[str, Any]]]:
        for side, name in (("left", "a:lnL"), ("right", "a:lnR"), ("top", "a:lnT"), ("bottom", "a:lnB")):
            line = _find([look], name)
            if line is not None and (ink := self._read_colour(_find([line], "a:solidFill"))):
                yield side, {"ink": ink, "width": int(line.get("w", 12_700)) / POINT}


def _list_chain(shape: Any) -> list[Any]:
    """List a shape and the placeholders that it inherits from, on its layout and master."""
    chain = [shape]
    while (base := getattr(chain[-1], "_base_placeholder", None)) is not None:
        chain.append(base)
    return chain


def _find_style(style: Any, name: str) -> Any:
    """Find the reference of a shape's style to a fill or line of the theme; None where it has none."""
    reference = None if style is None else style.find(qn(name))
    return None if reference is None or reference.get("idx") == "0" else reference


def _read_space(space: Any, size: float) -> float:
    """Read the space above a paragraph, in points or as a share of its letters."""
    if space is None:
        return 0.0
    value = int(space[0].get("val"))
    return value / 100 if space[0].tag == qn("a:spcPts") else value / 100_000 * size * LINE


def _place_group(element: Any, frame: _Frame) -> Any:
    """Return what places shapes of a group."""
    inside = element.find(f"{qn('p:grpSpPr')}/{qn('a:xfrm')}")
    start, size = inside.find(qn("a:chOff")), inside.find(qn("a:chExt"))
    wide, high = frame.width / max(1, int(size.get("cx"))), frame.height / max(1, int(size.get("cy")))

    def place(left: int, top: int, width: int, height: int) -> tuple[float, float, float, float]:
        x, y = (left - int(start.get("x"))) * wide, (top - int(start.get("y"))) * high
        return frame.x + x, frame.y + y, width * wide, height * high

    return place


def _outline(look: Any, frame: _Frame) -> str:
    """Write the outline of a shape as SVG, without its colours; a form that is not known is a rectangle."""
    width, height = frame.width, frame.height
    free = None if look is None else look.find(qn("a:custGeom"))
    if free is not None and (drawn := _draw_free(free, frame)):
        return f'<path d="{drawn}"'
    preset = None if look is None else look.find(qn("a:prstGeom"))
    form = "rect" if preset is None else str(preset.get("prst"))
    if form == "ellipse":
        return f'<ellipse cx="{width / 2:g}" cy="{height / 2:g}" rx="{width / 2:g}" ry="{height / 2:g}"'
    if "line" in form.lower() or "Connector" in form:
        return f'<path d="M0 0L{width:g} {height:g}"'
    if form in _POLYGONS:
        return f'<path d="M{" ".join(f"{x * width:g} {y * height:g}" for x, y in _POLYGONS[form])}Z"'
    radius = min(width, height) / 6 if form == "roundRect" else 0
    return f'<rect width="{width:g}" height="{height:g}" rx="{radius:g}"'


def _draw_free(free: Any, frame: _Frame) -> str:
    """Draw a free form as the path of an SVG; empty where it has parts that are computed."""
    steps = {
        qn("a:moveTo"): "M",
        qn("a:lnTo"): "L",
        qn("a:cubicBezTo"): "C",
        qn("a:quadBezTo"): "Q",
        qn("a:close"): "Z",
    }
    drawn = []
    try:
        for path in free.iter(qn("a:path")):
            wide, high = frame.width / int(path.get("w")), frame.height / int(path.get("h"))
            for step in path:
                points = (f"{int(one.get('x')) * wide:g} {int(one.get('y')) * high:g}" for one in step)
                drawn.append(steps[step.tag] + " ".join(points))
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return ""
    return "".join(drawn)


def _write_svg(frame: _Frame, fill: str, stroke: str, outline: str, flips: Any = None) -> str:
    width, height = max(frame.width, 0.1), max(frame.height, 0.1)
    gradient, colour = (fill, "url(#fill)") if fill.startswith("<") else ("", fill or "none")
    turned = [] if flips is None else [flips.get(name) in ("1", "true") for name in ("flipH", "flipV")]
    across, down = turned or (False, False)
    move = f"translate({width * across:g} {height * down:g}) scale({1 - 2 * across} {1 - 2 * down})"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" overflow="visible">{gradient}'
        f'<g transform="{move}" fill="{colour}" {stroke}>{outline}/></g></svg>'
    )
