"""The template of a deck, the presenter's own file or the design made by code: its layouts, free areas and ground.

Placeholders are found by their purpose, never by their number or name: every organisation numbers its own.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.shapes import MSO_SHAPE, PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn

from dashboard import theme
from dashboard.campaign.brand import LOGO_HEIGHT, PLAIN, Look
from dashboard.errors import UserError
from dashboard.files.briefings.slides.grounds import between_bars, ground_under, scheme_colour
from dashboard.files.briefings.slides.presentation_file import read_template
from dashboard.files.briefings.slides.texts import INCH, Area, find_look
from dashboard.i18n import N_
from dashboard.theme import PAPER, contrast

TYPEFACE = "Arial"
"""The typeface of every computer that shows presentations; the file cannot bring its own."""

WIDTH, HEIGHT = round(13.333 * INCH), round(7.5 * INCH)
MARGIN = round(0.6 * INCH)
_CONTENT = WIDTH - 2 * MARGIN
_TITLE = Area(MARGIN, round(0.42 * INCH), _CONTENT, round(0.75 * INCH))
_FOOT = Area(MARGIN, round(7.0 * INCH), _CONTENT, round(0.3 * INCH))
_FRONT_TITLE = Area(MARGIN, round(1.9 * INCH), round(10.6 * INCH), round(1.9 * INCH))
_FRONT_TEXT = Area(MARGIN, round(4.05 * INCH), round(10.6 * INCH), round(1.1 * INCH))
_LOGO = round(0.7 * INCH)
"""The height of the logo."""
_NUMBER_WIDTH = round(0.8 * INCH)
_COLOURS = {
    "dk1": theme.TEXT,
    "lt1": theme.PAPER,
    "dk2": theme.MUTED,
    "lt2": theme.EMPTY_CELL,
    "accent1": theme.COMPLETED,
    "accent2": theme.STATUS_INKS["in_progress"].fill,
    "accent3": theme.STATUS_INKS["not_started"].fill,
    "accent4": theme.STATUS_INKS["discontinued"].fill,
    "accent5": theme.REPORTED,
    "accent6": theme.ELAPSED,
    "hlink": theme.COMPLETED,
    "folHlink": theme.MUTED,
}
_LAYOUTS = ("title", "obj", "secHead", "titleOnly")
_A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
_P = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'


def own_design(look: Look) -> Any:
    """Make an empty presentation in the deck's own design, with the publisher's colours and logo."""
    file = io.BytesIO()
    Presentation().save(file)
    deck = read_template(file.getvalue())
    deck.slide_width, deck.slide_height = WIDTH, HEIGHT
    deck.part._element.sldSz.attrib.pop("type", None)  # the library's is a screen of 4:3
    for layout in list(deck.slide_layouts):
        if layout._element.get("type") not in _LAYOUTS:
            deck.slide_layouts.remove(layout)
    master = deck.slide_master
    _colour(master, look)
    _place_all(master.placeholders, _TITLE)
    _style_titles(master)
    front, body, section, plain = deck.slide_layouts
    _place_all(front.placeholders, _FRONT_TITLE)
    _place_all(section.placeholders, _FRONT_TITLE)
    for layout in (front, section):
        _style_front(layout, look.colour)
        if look.logo:
            _add_logo(layout, look)
    for layout in (body, plain):
        _place_all(layout.placeholders, _TITLE)
        _add_rule(layout, look.accent or look.colour)
    return deck


def _colour(master: Any, look: Look) -> None:
    part = next(rel.target_part for rel in master.part.rels.values() if rel.reltype.endswith("/theme"))
    part._blob = colour_theme(part.blob, look)


def colour_theme(content: bytes, look: Look) -> bytes:
    """Give an Office theme the colours and the typeface of decks and documents; links have the publisher's colour."""
    tree = parse_xml(content)
    tree.set("name", "2021 Actions")
    scheme = tree.find(f".//{qn('a:clrScheme')}")
    for name, colour in (_COLOURS | ({"hlink": look.colour} if look.colour else {})).items():
        slot = scheme.find(qn(f"a:{name}"))
        for old in list(slot):
            slot.remove(old)
        slot.append(parse_xml(f'<a:srgbClr {_A} val="{colour[1:]}"/>'))
    for face in ("a:majorFont", "a:minorFont"):
        tree.find(f".//{qn(face)}/{qn('a:latin')}").set("typeface", TYPEFACE)
    return bytes(etree.tostring(tree, encoding="UTF-8", xml_declaration=True, standalone=True))


def _place_all(placeholders: Any, title: Area) -> None:
    for placeholder in placeholders:
        name = placeholder.element.ph.get("type", "body")
        box = {
            "title": title,
            "ctrTitle": title,
            "subTitle": _FRONT_TEXT,
            "body": Area(MARGIN, round(1.5 * INCH), _CONTENT, round(5.2 * INCH)),
            "dt": _FOOT._replace(width=round(2 * INCH)),
            "ftr": _FOOT._replace(left=MARGIN + round(2.2 * INCH), width=round(7 * INCH)),
            "sldNum": _FOOT._replace(left=WIDTH - MARGIN - _NUMBER_WIDTH, width=_NUMBER_WIDTH),
        }[name]
        placeholder.left, placeholder.top, placeholder.width, placeholder.height = box
        frame = placeholder.text_frame
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        if name in ("title", "ctrTitle"):
            frame.vertical_anchor = MSO_ANCHOR.BOTTOM


def _style_titles(master: Any) -> None:
    style = master._element.find(f".//{qn('p:titleStyle')}/{qn('a:lvl1pPr')}")
    style.set("algn", "l")
    text = style.find(qn("a:defRPr"))
    text.set("sz", "2800")
    text.set("b", "1")


def _style_front(front: Any, colour: str) -> None:
    """Set white on the publisher's colour, which links have, or the blue of completed actions."""
    front.background.fill.solid()
    slot = MSO_THEME_COLOR.HYPERLINK if colour else MSO_THEME_COLOR.ACCENT_1
    front.background.fill.fore_color.theme_color = slot
    for placeholder in front.placeholders:
        name = placeholder.element.ph.get("type")
        size = {"ctrTitle": 4000, "title": 3600, "subTitle": 2000}.get(name or "", 1100)
        weight = ' b="1"' if name in ("ctrTitle", "title") else ""
        body = placeholder.element.txBody
        for old in body.findall(qn("a:lstStyle")):
            body.remove(old)
        style = (
            f'<a:lstStyle {_A}><a:lvl1pPr marL="0" indent="0" algn="l"><a:buNone/><a:defRPr sz="{size}"{weight}>'
            '<a:solidFill><a:schemeClr val="bg1"/></a:solidFill></a:defRPr></a:lvl1pPr></a:lstStyle>'
        )
        body.insert(1, parse_xml(style))


def _add_logo(layout: Any, look: Look) -> None:
    """Put the publisher's logo on a layout, on white; for its pictures the library has no call."""
    _, relation = layout.part.get_or_add_image_part(io.BytesIO(look.logo))
    width, height = look.logo_width * _LOGO // LOGO_HEIGHT, _LOGO
    xml = (
        f'<p:pic {_P} {_A} {nsdecls("r")}><p:nvPicPr><p:cNvPr id="91" name="Logo"/><p:cNvPicPr/>'
        f'<p:nvPr userDrawn="1"/></p:nvPicPr><p:blipFill><a:blip r:embed="{relation}"/><a:stretch/></p:blipFill>'
        f'<p:spPr><a:xfrm><a:off x="{WIDTH - MARGIN - width}" y="{MARGIN}"/><a:ext cx="{width}" cy="{height}"/>'
        '</a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill><a:schemeClr val="bg1"/></a:solidFill>'
        "</p:spPr></p:pic>"
    )
    layout.shapes._spTree.append(parse_xml(xml))


def _add_rule(layout: Any, colour: str) -> None:
    """Add a short bar above the titles, in the publisher's colour or that of completed actions."""
    fill = f'<a:srgbClr val="{colour[1:]}"/>' if colour else '<a:schemeClr val="accent1"/>'
    xml = (
        f'<p:sp {_P} {_A}><p:nvSpPr><p:cNvPr id="90" name="Rule"/><p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr>'
        f'<p:spPr><a:xfrm><a:off x="{MARGIN}" y="0"/><a:ext cx="{INCH}" cy="{round(0.12 * INCH)}"/></a:xfrm>'
        f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill>{fill}</a:solidFill>'
        "<a:ln><a:noFill/></a:ln></p:spPr></p:sp>"
    )
    layout.shapes._spTree.append(parse_xml(xml))


_TITLES = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
_BODIES = (PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.BODY)
_FOOTERS = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)
_USUAL_TITLE = 44.0
_SMALLEST = round(2.5 * INCH)
_TOP = 0.45
"""The share of a slide's height that holds the titles on top."""
_LEGIBLE = 3.0
_OTHER_SLOTS = (*(f"accent{number}" for number in range(1, 7)), "hlink", "folHlink")
_OPPOSITE = {"bg1": "tx1", "tx1": "bg1", "bg2": "tx2", "tx2": "bg2"}
_PLATE = "Ground of the content"
_EDGE = round(0.1 * INCH)


@dataclass(frozen=True)
class Template:
    """A presentation without slides, and its parts in use.

    Attributes:
        front: The layout of the title slide.
        plain: The layout of slides with charts: a title and as little else as possible.
        section: The layout of the slide that begins a part.
        body: The layout of slides with words: a title and one place for text; the plain one where there is none.
        is_own: Whether it is the design made by code.
    """

    deck: Any
    front: Any
    plain: Any
    section: Any
    body: Any
    is_own: bool

    def area(self) -> Area:
        """Return the free area of a slide of the plain layout: below the title, above the footers."""
        width, height = self.deck.slide_width, self.deck.slide_height
        title = find(self.plain.placeholders, *_TITLES)
        above = self.title_area() if title is not None and not _is_on_top(title, height) else title
        footers = [box.top for box in self.plain.placeholders if box.placeholder_format.type in _FOOTERS]
        margin = round(width * 0.045)
        left, right = (above.left, above.left + above.width) if above is not None else (margin, width - margin)
        if right - left < width * 0.6:  # a title at the side leaves the rest of the width
            left, right = margin, width - margin
        top = above.top + above.height if above is not None else margin
        low = [edge for edge in footers if height * 0.7 < edge < height]
        bottom = min(low) if low else height - margin
        if bottom - top < _SMALLEST:
            top, bottom = round(height * 0.2), round(height * 0.92)
        area = Area(left, top, right - left, bottom - top)
        free = area if self.is_own else between_bars(self.plain, area, self.whole)
        return free if free.height >= _SMALLEST else area

    @property
    def whole(self) -> Area:
        """All of a slide."""
        return Area(0, 0, self.deck.slide_width, self.deck.slide_height)

    @property
    def is_wide(self) -> bool:
        """Whether a column fits beside a chart: on a screen of 16:9, not on one of 4:3."""
        return bool(self.deck.slide_width > 1.5 * self.deck.slide_height)

    def title_area(self) -> Area:
        """Return the area of a title without a place in the plain layout, or with one in the middle of the slide."""
        width, height = self.deck.slide_width, self.deck.slide_height
        return Area(round(width * 0.045), round(height * 0.04), round(width * 0.91), round(height * 0.12))

    def front_area(self) -> Area:
        """Return the free area of a title slide whose layout has no subtitle: below the title, or else above it."""
        title = find(self.front.placeholders, *_TITLES)
        if title is None:
            return self.area()
        width, height, gap = self.deck.slide_width, self.deck.slide_height, round(0.15 * INCH)
        end = title.top + title.height + gap
        below, above = round(height * 0.92) - end, title.top - gap
        top, room = (end, below) if below >= min(above, height * 0.25) else (gap, above - gap)
        left = min(title.left, round(width * 0.3))
        return Area(left, top, min(max(title.width, round(width * 0.6)), width - left), room)

    def title_size(self, layout: Any) -> float:
        """Return the size in points of a layout's titles, from wherever it is set."""
        master = layout.slide_master
        for place in (layout, master):
            title = find(place.placeholders, *_TITLES)
            sizes = [] if title is None else title.element.xpath(".//a:lstStyle/a:lvl1pPr/a:defRPr/@sz")
            if not sizes and title is not None and (look := find_look(title, layout)) is not None and look.get("sz"):
                sizes = [look.get("sz")]
            if sizes:
                return int(sizes[0]) / 100
        sizes = master._element.xpath(".//p:titleStyle/a:lvl1pPr/a:defRPr/@sz")
        return int(sizes[0]) / 100 if sizes else _USUAL_TITLE

    def add_slide(self, layout: Any, *, has_words: bool = False) -> Any:
        """Add a slide without the placeholders that would stay empty: title and subtitle stay, and that of words."""
        slide = self.deck.slides.add_slide(layout)
        filled = _BODIES if has_words else ()
        for box in list(slide.placeholders):
            if box.placeholder_format.type not in (*_TITLES, PP_PLACEHOLDER.SUBTITLE, *filled):
                box.element.getparent().remove(box.element)
        title = title_of(slide)
        if layout in (self.plain, self.body) and title is not None and not _is_on_top(title, self.deck.slide_height):
            title.left, title.top, title.width, title.height = self.title_area()
            title.rotation = 0
        if not self.is_own:
            self._prepare(slide, self.area() if layout in (self.plain, self.body) else self.whole)
        return slide

    def _prepare(self, slide: Any, area: Area) -> None:
        """Let texts be legible in an area: with a plate behind it where pictures and shapes are, else light on dark."""
        if area != self.whole:
            self.support(slide, area)
        _lighten(slide, ground_under(slide, area, self.whole).colour)

    def support(self, slide: Any, area: Area) -> bool:
        """Lay a plate of the theme's ground behind an area with pictures or shapes; return whether it had any."""
        title = title_of(slide)
        is_taken = title is not None and title.top < area.bottom and area.top < title.top + title.height // 2
        if self.is_own or is_taken or ground_under(slide, area, self.whole).is_even:
            return False
        left, top = max(0, area.left - _EDGE), max(0, area.top - _EDGE // 2)
        width, height = area.width + 2 * _EDGE, area.height + _EDGE
        plate = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, left, top, width, height)
        plate.name = _PLATE
        plate.fill.solid()
        plate.fill.fore_color.theme_color = MSO_THEME_COLOR.BACKGROUND_1
        plate.line.fill.background()
        plate.shadow.inherit = False
        tree = slide.shapes._spTree
        tree.remove(plate._element)
        tree.insert(2, plate._element)  # behind all, below the two elements about the group
        return True


def open_template(file: Path | None, look: Look = PLAIN) -> Template:
    """Open the template in a file, without its example slides; the design made by code where there is no file.

    Only the latter has the publisher's look: a template has its own.

    Raises:
        UserError: the file is no presentation that can be read.
    """
    if file is None or not file.is_file():
        return _choose(own_design(look), is_own=True)
    try:
        deck = read_template(file.read_bytes())
        if not len(deck.slide_layouts):
            raise ValueError("no layouts")
        return _choose(deck, is_own=False)
    except Exception as error:  # any error of the library over a file of another kind
        raise UserError(
            N_("The template (briefing.pptx or .potx in the campaign folder) is not a readable presentation."),
            N_("Open it in PowerPoint, save it as a presentation (.pptx) without a password, or remove it."),
        ) from error


def find(placeholders: Any, *kinds: Any) -> Any:
    """Find the first placeholder of one of these kinds; None if there is none."""
    return next((box for box in placeholders if box.placeholder_format.type in kinds), None)


def is_legible(look: Any, slide: Any, area: Area, slide_area: Area) -> bool:
    """Check whether words of a sample's look can be read in an area of a slide; trust it where the ground is uneven."""
    ground, colour = ground_under(slide, area, slide_area), look.find(f"{qn('a:solidFill')}/{qn('a:srgbClr')}")
    return colour is None or not ground.is_even or contrast(f"#{colour.get('val')}", ground.colour) >= _LEGIBLE


def body_of(slide: Any) -> Any:
    """Find the slide's placeholder for words; None if its layout has none."""
    return find(slide.placeholders, *_BODIES)


def title_of(slide: Any) -> Any:
    """Find the slide's placeholder for its title; None if its layout has none."""
    return find(slide.placeholders, *_TITLES)


def is_dark(slide: Any) -> bool:
    """Return whether white text is easier to read than black text on the ground of the slide's middle."""
    deck = slide.part.package.presentation_part.presentation
    width, height = deck.slide_width, deck.slide_height
    middle = Area(round(width * 0.1), round(height * 0.4), round(width * 0.8), round(height * 0.3))
    ground = ground_under(slide, middle, Area(0, 0, width, height)).colour
    return contrast(ground, PAPER) > contrast(ground, "#000000")


def _choose(deck: Any, *, is_own: bool) -> Template:
    layouts = [layout for master in deck.slide_masters for layout in master.slide_layouts]
    titled = [layout for layout in layouts if find(layout.placeholders, *_TITLES) is not None]
    slide_area = Area(0, 0, deck.slide_width, deck.slide_height)
    plain = min(titled or layouts, key=lambda layout: _rank(layout, slide_area))
    fronts = [layout for layout in titled if layout._element.get("type") == "title"]
    fronts += [layout for layout in titled if find(layout.placeholders, PP_PLACEHOLDER.SUBTITLE) is not None]
    front = fronts[0] if fronts else plain
    sections = [layout for layout in titled if layout._element.get("type") == "secHead"]
    bodies = [layout for layout in titled if _has_one_body(layout, deck.slide_height)]
    body = min(bodies, key=lambda layout: not ground_under(layout, slide_area, slide_area).is_even, default=plain)
    return Template(deck, front, plain, sections[0] if sections else front, body, is_own)


def _has_one_body(layout: Any, height: int) -> bool:
    """Return whether a layout has its title on top and, for all of its content, one wide place for words."""
    title, contents = find(layout.placeholders, *_TITLES), list(_contents(layout))
    return bool(
        _is_on_top(title, height)
        and len(contents) == 1
        and contents[0].placeholder_format.type in _BODIES
        and contents[0].height > height // 3
        and contents[0].width > height // 2
    )


def _rank(layout: Any, slide_area: Area) -> tuple[bool, bool, int]:
    """Rank a layout by how well it suits a chart: with its title on top, on an even ground, and little else."""
    title = find(layout.placeholders, *_TITLES)
    middle = Area(
        round(slide_area.width * 0.06),
        round(slide_area.height * 0.25),
        round(slide_area.width * 0.88),
        slide_area.height // 2,
    )
    is_uneven = not ground_under(layout, middle, slide_area).is_even
    return title is not None and not _is_on_top(title, slide_area.height), is_uneven, len(list(_contents(layout)))


def _is_on_top(title: Any, height: int) -> bool:
    return bool(title.top + title.height <= height * _TOP and not title.rotation)


def _contents(layout: Any) -> Iterator[Any]:
    """Yield the placeholders that would stand beside a chart; a front page's title counts, too."""
    for box in layout.placeholders:
        kind = box.placeholder_format.type
        if kind not in _FOOTERS and kind != PP_PLACEHOLDER.TITLE:
            yield box


def _lighten(slide: Any, ground: str) -> None:
    """Exchange the theme's light and dark colours on a slide that is dark where the theme takes it for light."""
    master = slide.slide_layout.slide_master
    if contrast(ground, scheme_colour(master, "tx1")) >= _LEGIBLE:
        return
    if contrast(ground, scheme_colour(master, "bg1")) < _LEGIBLE:
        return
    names = master._element.find(qn("p:clrMap"))
    mapping = {name: names.get(name) for name in (*_OPPOSITE, *_OTHER_SLOTS)}
    mapping |= {one: names.get(_OPPOSITE[one]) for one in _OPPOSITE}
    for name in ("hlink", "folHlink"):
        if contrast(ground, scheme_colour(master, name)) < _LEGIBLE:
            mapping[name] = mapping["tx1"]
    mapping_attributes = " ".join(f'{name}="{value}"' for name, value in mapping.items())
    override = slide._element.get_or_add_clrMapOvr()
    for child in list(override):
        override.remove(child)
    override.append(parse_xml(f"<a:overrideClrMapping {nsdecls('a')} {mapping_attributes}/>"))
