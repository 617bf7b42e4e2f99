"""The deck's own design, made by code: 16:9, a title slide and a slide for content, quiet and printable.

The colours and typeface of the theme, the styles of titles and the bar on a layout are written as XML: the library has
no words for them.
"""

from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.text import MSO_ANCHOR
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn

from dashboard import theme
from dashboard.briefings.slides.presentation_file import drop_marks
from dashboard.briefings.slides.texts import INCH, Area

TYPEFACE = "Arial"
"""On every computer that shows presentations; the file cannot bring its own."""

WIDTH, HEIGHT = round(13.333 * INCH), round(7.5 * INCH)
MARGIN = round(0.6 * INCH)
_CONTENT = WIDTH - 2 * MARGIN
_TITLE = Area(MARGIN, round(0.42 * INCH), _CONTENT, round(0.75 * INCH))
_FOOT = Area(MARGIN, round(7.0 * INCH), _CONTENT, round(0.3 * INCH))
_FRONT_TITLE = Area(MARGIN, round(1.9 * INCH), round(10.6 * INCH), round(1.9 * INCH))
_FRONT_TEXT = Area(MARGIN, round(4.05 * INCH), round(10.6 * INCH), round(1.1 * INCH))
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
_LAYOUTS = ("title", "titleOnly")
_A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
_P = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'


def own_design() -> Any:
    """An empty presentation in the deck's own design."""
    deck = Presentation()
    drop_marks(deck.part.package)
    deck.slide_width, deck.slide_height = WIDTH, HEIGHT
    deck.part._element.sldSz.attrib.pop("type", None)  # the library's is a screen of 4:3
    for layout in list(deck.slide_layouts):
        if layout._element.get("type") not in _LAYOUTS:
            deck.slide_layouts.remove(layout)
    master = deck.slide_master
    _colour(master)
    _place_all(master.placeholders, _TITLE)
    _style_titles(master)
    front, plain = deck.slide_layouts
    _place_all(front.placeholders, _FRONT_TITLE)
    _style_front(front)
    _place_all(plain.placeholders, _TITLE)
    _add_rule(plain)
    return deck


def _colour(master: Any) -> None:
    part = next(rel.target_part for rel in master.part.rels.values() if rel.reltype.endswith("/theme"))
    tree = parse_xml(part.blob)
    tree.set("name", "2021 Actions")
    scheme = tree.find(f".//{qn('a:clrScheme')}")
    for name, colour in _COLOURS.items():
        slot = scheme.find(qn(f"a:{name}"))
        for old in list(slot):
            slot.remove(old)
        slot.append(parse_xml(f'<a:srgbClr {_A} val="{colour[1:]}"/>'))
    for face in ("a:majorFont", "a:minorFont"):
        tree.find(f".//{qn(face)}/{qn('a:latin')}").set("typeface", TYPEFACE)
    part._blob = etree.tostring(tree, encoding="UTF-8", xml_declaration=True, standalone=True)


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


def _style_front(front: Any) -> None:
    """White on the blue of completed actions."""
    front.background.fill.solid()
    front.background.fill.fore_color.theme_color = MSO_THEME_COLOR.ACCENT_1
    for placeholder in front.placeholders:
        name = placeholder.element.ph.get("type")
        size = {"ctrTitle": 4000, "subTitle": 2000}.get(name or "", 1100)
        weight = ' b="1"' if name == "ctrTitle" else ""
        body = placeholder.element.txBody
        for old in body.findall(qn("a:lstStyle")):
            body.remove(old)
        style = (
            f'<a:lstStyle {_A}><a:lvl1pPr marL="0" indent="0" algn="l"><a:buNone/><a:defRPr sz="{size}"{weight}>'
            '<a:solidFill><a:schemeClr val="bg1"/></a:solidFill></a:defRPr></a:lvl1pPr></a:lstStyle>'
        )
        body.insert(1, parse_xml(style))


def _add_rule(layout: Any) -> None:
    """A short bar in the colour of completed actions above the titles."""
    xml = (
        f'<p:sp {_P} {_A}><p:nvSpPr><p:cNvPr id="90" name="Rule"/><p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr>'
        f'<p:spPr><a:xfrm><a:off x="{MARGIN}" y="0"/><a:ext cx="{INCH}" cy="{round(0.12 * INCH)}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill><a:schemeClr val="accent1"/></a:solidFill>'
        "<a:ln><a:noFill/></a:ln></p:spPr></p:sp>"
    )
    layout.shapes._spTree.append(parse_xml(xml))
