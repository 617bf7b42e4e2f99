"""The design of documents without a template: styles, settings and theme; also the styles that a template lacks."""

import io
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.parts.numbering import NumberingPart
from docx.shared import Mm

from dashboard import theme
from dashboard.campaign.brand import Look
from dashboard.files.briefings.slides.templates import colour_theme

_FOLDER = Path(__file__).parent
_COLOURS = {
    "text": theme.TEXT,
    "muted": theme.MUTED,
    "line": theme.GRID,
    "accent": theme.COMPLETED,
    "warning": theme.WARNING,
}
_KEPT = ("/styles", "/settings", "/numbering", "/theme")
"""The ends of the relationships of the library's document whose parts stay."""
_MARGINS = {"left_margin": 18, "right_margin": 18, "top_margin": 22, "bottom_margin": 20}
"""Of pages, in millimetres."""
_LISTS = {"bullet": ("bullet", "•"), "number": ("decimal", "%1.")}
"""The numbers of each kind of list, and their text."""


def own_document(look: Look) -> Any:
    """Make an empty document in the program's own design, on A4, with the publisher's colours and logo."""
    document = Document()
    part, package = document.part, document.part.package
    for relations, endings in ((package.rels, ("/officeDocument", "/core-properties")), (part.rels, _KEPT)):
        for name, one in list(relations.items()):
            if not one.reltype.endswith(endings):
                del relations[name]
    _find_part(document, "STYLES")._element = _own_styles(look.colour)
    settings = _find_part(document, "SETTINGS")
    settings._element = settings._settings = parse_xml((_FOLDER / "settings.xml").read_bytes())
    part.numbering_part._element = parse_xml(f"<w:numbering {nsdecls('w')}/>")
    theme_part = _find_part(document, "THEME")
    theme_part._blob = colour_theme(theme_part.blob, look)
    (section,) = document.sections
    section.page_width, section.page_height = Mm(210), Mm(297)
    for name, size in _MARGINS.items():
        setattr(section, name, Mm(size))
    return document


def add_logo(section: Any, look: Look, lang: str) -> None:
    """Put the publisher's logo on top of each page."""
    section.header_distance, section.top_margin = Mm(8), Mm(28)
    line = section.header.paragraphs[0]
    line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    line.add_run().add_picture(io.BytesIO(look.logo), height=Mm(9))
    line._p.find(f".//{qn('wp:docPr')}").set("descr", look.name(lang))


def _find_part(document: Any, kind: str) -> Any:
    return document.part.part_related_by(getattr(RELATIONSHIP_TYPE, kind))


def _own_styles(brand: str = "") -> Any:
    text = (_FOLDER / "styles.xml").read_text(encoding="utf-8")
    text = text.replace("{brand-slot}", "hyperlink" if brand else "accent1")
    for name, colour in (_COLOURS | {"brand": brand or theme.COMPLETED}).items():
        text = text.replace(f"{{{name}}}", colour[1:])
    return parse_xml(text)


def complete_styles(document: Any) -> tuple[dict[str, str], list[str]]:
    """Add the styles that a document lacks; return the ids of all by their names, and the names of those added."""
    styles = _find_part(document, "STYLES")._element
    ids = {_name(style): style.get(qn("w:styleId")) for style in styles.findall(qn("w:style"))}
    own_styles = _own_styles().findall(qn("w:style"))
    names = {style.get(qn("w:styleId")): _name(style) for style in own_styles}
    missing = [style for style in own_styles if _name(style) not in ids and style.get(qn("w:default")) is None]
    ids |= {_name(style): style.get(qn("w:styleId")) for style in missing}
    for style in missing:
        for reference in (*style.findall(qn("w:basedOn")), *style.findall(qn("w:next"))):
            style_id = reference.get(qn("w:val"))
            reference.set(qn("w:val"), ids.get(names[style_id], style_id))
        styles.append(style)
    return ids, list(map(_name, missing))


def _name(style: Any) -> str:
    """Return the name of a style, which is the same in every language; ids are not."""
    return str(style.find(qn("w:name")).get(qn("w:val"))).lower()


def add_list(document: Any, kind: str) -> int:
    """Add a list of bullets or numbers, which begins at its beginning; return its number."""
    part = document.part
    if not any(one.reltype == RELATIONSHIP_TYPE.NUMBERING for one in part.rels.values()):
        empty = f"<w:numbering {nsdecls('w')}/>".encode()
        new = NumberingPart.load(PackURI("/word/numbering.xml"), CONTENT_TYPE.WML_NUMBERING, empty, part.package)
        part.relate_to(new, RELATIONSHIP_TYPE.NUMBERING)
    root = _find_part(document, "NUMBERING")._element
    form, text = _LISTS[kind]
    number = 1 + max((int(value) for value in root.xpath("//@w:abstractNumId | //@w:numId")), default=0)
    abstract = parse_xml(
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}"><w:multiLevelType w:val="singleLevel"/>'
        f'<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/>'
        '<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="357" w:hanging="357"/></w:pPr></w:lvl></w:abstractNum>'
    )
    lists = root.findall(qn("w:num"))
    if lists:
        lists[0].addprevious(abstract)
    else:
        root.append(abstract)
    instance = f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>'
    (lists[-1].addnext if lists else root.append)(parse_xml(instance))
    return number


def say_language(document: Any, tag: str, *, is_rtl: bool) -> None:
    """Set the language of all texts."""
    styles = _find_part(document, "STYLES")._element
    defaults = styles.find(qn("w:docDefaults"))
    if defaults is None or defaults.find(f".//{qn('w:lang')}") is None:
        for style in styles.findall(qn("w:style")):
            if style.get(qn("w:default")) and style.get(qn("w:type")) == "paragraph":
                style.get_or_add_rPr().append(parse_xml(f"<w:lang {nsdecls('w')}/>"))
    for language in styles.iter(qn("w:lang")):
        language.set(qn("w:val"), tag)
        if is_rtl:
            language.set(qn("w:bidi"), tag)
    for language in document.settings._element.iter(qn("w:themeFontLang")):
        language.set(qn("w:val"), tag)
