"""Templates of decks in the shapes that programs write: PowerPoint of four generations, Google Slides, LibreOffice.

Each is made here, from the known output of the programs, in 4:3 and 16:9 and as a presentation or a template.
"""

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.util import Inches

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MICROSOFT = "http://schemas.microsoft.com/office"
MAIN = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
SIZES = {"16:9": (Inches(13.333), Inches(7.5)), "4:3": (Inches(10), Inches(7.5)), "Google": (9144000, 5143500)}

_P14 = f"{MICROSOFT}/powerpoint/2010/main"
_SECTIONS = (
    f'<p:extLst><p:ext uri="{{521415D9-36F7-43E2-AB2F-B90AF26B5E84}}"><p14:sectionLst xmlns:p14="{_P14}">'
    '<p14:section name="Example" id="{0C4B2B9D-7C3D-4C4E-8D1B-0B3A5C0F6A11}"><p14:sldIdLst><p14:sldId id="256"/>'
    "</p14:sldIdLst></p14:section></p14:sectionLst></p:ext></p:extLst>"
)
_CREATED = (
    '<a:extLst><a:ext uri="{FF2B5EF4-FFF2-40B4-BE49-F238E27FC236}"><a16:creationId'
    f' xmlns:a16="{MICROSOFT}/drawing/2014/main" id="{{DF8CF6D3-9E26-4C52-A4B3-1D5F4B0C2A11}}"/></a:ext></a:extLst>'
)
_TRANSITION = (
    '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
    f'<mc:Choice Requires="p14" xmlns:p14="{_P14}"><p:transition spd="slow" p14:dur="2000"/></mc:Choice>'
    '<mc:Fallback><p:transition spd="slow"/></mc:Fallback></mc:AlternateContent>'
)


def save(kind: str, file: Path, size: str = "16:9") -> Path:
    """Write a template of a kind of `KINDS`; a file called `.potx` says that it is a template."""
    deck = Presentation()
    width = deck.slide_width
    deck.slide_width, deck.slide_height = SIZES[size]
    _stretch(deck, deck.slide_width / width)
    slide = deck.slides.add_slide(deck.slide_layouts[0])
    slide.shapes.title.text = "Example"
    KINDS[kind](deck)
    deck.core_properties.author = "Sample Person 001"
    deck.save(str(file))
    if kind in _WRITTEN:
        _WRITTEN[kind](file)
    if file.suffix == ".potx":
        of_template = MAIN.replace("presentation.main", "template.main")
        _edit(file, "[Content_Types].xml", lambda text: text.replace(MAIN, of_template))
    return file


def _stretch(deck: Any, by: float) -> None:
    """Make the library's layouts, which are 4:3, as wide as the slides."""
    for place in (deck.slide_master, *deck.slide_layouts):
        for shape in place.shapes:
            if place is deck.slide_master or shape._element.find(".//{*}xfrm") is not None:
                left, top, width, height = shape.left, shape.top, shape.width, shape.height
                shape.left, shape.top, shape.width, shape.height = round(left * by), top, round(width * by), height


def _powerpoint_2010(_deck: Any) -> None:
    """Leave the library's template, which is of that time."""


def _powerpoint_2013(deck: Any) -> None:
    """Make a dark theme by its map of colours, with a picture for a logo."""
    names = deck.slide_master._element.find(".//{*}clrMap")
    for name, slot in (("bg1", "dk1"), ("tx1", "lt1"), ("bg2", "dk2"), ("tx2", "lt2")):
        names.set(name, slot)


def _powerpoint_2016(deck: Any) -> None:
    """Put a band behind the title, which is white on it by its layout's style."""
    layout = deck.slide_layouts[5]
    _add_behind(layout, (0, 0, deck.slide_width, Inches(1.4)), "1F3864")
    title = layout.placeholders[0]
    _place(title, (Inches(0.5), Inches(0.1), deck.slide_width - Inches(1), Inches(1.2)))
    white = '<a:lvl1pPr><a:defRPr><a:solidFill><a:schemeClr val="bg1"/></a:solidFill></a:defRPr></a:lvl1pPr>'
    styles = parse_xml(f"<a:lstStyle {nsdecls('a')}>{white}</a:lstStyle>")
    old = title._element.find(".//{*}lstStyle")
    old.getparent().replace(old, styles)


def _powerpoint_365(deck: Any) -> None:
    """Shapes of a design all over the slide, under the content as well."""
    for place in (deck.slide_master, deck.slide_layouts[5]):
        for left, colour in ((0, "C00000"), (4, "FFC000"), (8, "00B050")):
            _add_behind(place, (Inches(left), Inches(2), Inches(3), Inches(4)), colour)


def _google(deck: Any) -> None:
    """Layouts named in capitals; few of them."""
    for layout, name in zip(list(deck.slide_layouts), ("TITLE", "TITLE_AND_BODY", "SECTION_HEADER"), strict=False):
        layout._element.cSld.set("name", name)


def _libreoffice(deck: Any) -> None:
    """Leave out styles: sample texts carry the look of titles, which stand on a dark bar."""
    master = deck.slide_master
    for place in (master, *deck.slide_layouts):
        for element in list(place._element.iter("{*}lstStyle", "{*}titleStyle")):
            for child in list(element):
                element.remove(child)
    for layout in deck.slide_layouts:
        _add_behind(layout, (0, 0, deck.slide_width, Inches(1.9)), "2C3E50")
        for box in layout.placeholders:
            if box.placeholder_format.type in (1, 3):
                _place(box, (Inches(0.5), Inches(0.3), deck.slide_width - Inches(1), Inches(1)))
                box.text_frame.text = "Click to edit the title"
                run = box.text_frame.paragraphs[0].runs[0]
                run.font.color.rgb, run.font.bold, run.font.size = RGBColor(255, 255, 255), True, Inches(0.4)


def _place(box: Any, place: tuple[int, int, int, int]) -> None:
    box.left, box.top, box.width, box.height = place


def _add_behind(place: Any, box: tuple[int, int, int, int], colour: str) -> None:
    """Add a rectangle behind all else in a master or layout, for which the library has no call."""
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *box)
    shape.fill.solid()
    shape.fill.fore_color.rgb = RGBColor.from_string(colour)
    shape.line.fill.background()
    shape._element.nvSpPr.cNvPr.set("id", str(900 + len(place.shapes._spTree)))
    place.shapes._spTree.insert(2, shape._element)


def _edit(file: Path, name: str, change: Callable[[str], str]) -> None:
    with zipfile.ZipFile(file) as parts:
        kept = {one: parts.read(one) for one in parts.namelist()}
    kept[name] = change(kept[name].decode()).encode()
    with zipfile.ZipFile(file, "w") as parts:
        for one, content in kept.items():
            parts.writestr(one, content)


def _write_365(file: Path) -> None:
    """Sections, marks of creation and transitions, as PowerPoint of today leaves them."""

    def mark(text: str) -> str:
        text = re.sub(r"(<p:cNvPr id=\"2\" name=\"[^\"]*\")/>", rf"\1>{_CREATED}</p:cNvPr>", text, count=1)
        return text.replace("</p:sldLayout>", f"{_TRANSITION}</p:sldLayout>")

    end = "</p:presentation>"
    _edit(file, "ppt/presentation.xml", lambda text: re.sub(rf"(<p:extLst>.*)?{end}", f"{_SECTIONS}{end}", text))
    _edit(file, "ppt/slideLayouts/slideLayout6.xml", mark)


def _write_google(file: Path) -> None:
    """Leave out properties, thumbnail and a printer's settings: write one relationship alone."""

    def keep(text: str) -> str:
        main = next(one for one in re.findall(r"<Relationship [^>]*>", text) if '/officeDocument"' in one)
        return re.sub(r"(<Relationships [^>]*>).*(</Relationships>)", rf"\1{main}\2", text, flags=re.DOTALL)

    _edit(file, "_rels/.rels", keep)


def _write_libreoffice(file: Path) -> None:
    """Relate the properties by the address of the first standard."""
    core = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
    _edit(file, "_rels/.rels", lambda text: text.replace(core, f"{OFFICE.lower()}/metadata/core-properties"))


KINDS: dict[str, Callable[[Any], None]] = {
    "PowerPoint 2010": _powerpoint_2010,
    "PowerPoint 2013": _powerpoint_2013,
    "PowerPoint 2016": _powerpoint_2016,
    "PowerPoint 365": _powerpoint_365,
    "Google Slides": _google,
    "LibreOffice": _libreoffice,
}
_WRITTEN = {"PowerPoint 365": _write_365, "Google Slides": _write_google, "LibreOffice": _write_libreoffice}
