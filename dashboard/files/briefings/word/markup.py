"""WordprocessingML: paragraphs, runs, fields, links, tables and drawings, as text that is parsed once.

Element by element, the library takes a hundred times as long for a long table. Properties stand in the order of the
schema, which Word insists on.
"""

from collections.abc import Sequence
from html import escape
from typing import Any

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from dashboard.formats import clean

TWIPS = 20
"""Word's unit of widths: twentieths of a point."""
EMU = 12_700
"""Drawings' unit: of a point."""


def run(
    text: str, *, is_bold: bool = False, is_italic: bool = False, colour: str = "", size: float = 0, style: str = ""
) -> str:
    """Write words of one look; `style` is the id of a style of characters, `colour` is `#RRGGBB`, `size` in points."""
    looks = f'<w:rStyle w:val="{style}"/>' if style else ""
    looks += "<w:b/><w:bCs/>" if is_bold else ""
    looks += "<w:i/><w:iCs/>" if is_italic else ""
    looks += f'<w:color w:val="{colour[1:]}"/>' if colour else ""
    looks += f'<w:sz w:val="{round(2 * size)}"/><w:szCs w:val="{round(2 * size)}"/>' if size else ""
    return f'<w:r><w:rPr>{looks}</w:rPr><w:t xml:space="preserve">{escape(clean(text))}</w:t></w:r>'


def paragraph(style: str, *runs: str, properties: str = "") -> str:
    """Write a paragraph in the style of this id."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{"".join(runs)}</w:p>'


END_OF_FIELD = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'


def begin_field(instruction: str) -> str:
    """Begin a field whose value may be several paragraphs."""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {instruction} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )


def field(instruction: str, value: str) -> str:
    """Write a field that Word computes, with its value as it is now."""
    return f"{begin_field(instruction)}{run(value)}{END_OF_FIELD}"


def bookmark(number: int, name: str, *runs: str) -> str:
    """Write words that others can lead to."""
    return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{"".join(runs)}<w:bookmarkEnd w:id="{number}"/>'


def link(words: str, *, relation: str = "", anchor: str = "", **looks: Any) -> str:
    """Write a link to an address, by the id of its relationship, or to a bookmark; `looks` as of `run`."""
    target = f'r:id="{relation}"' if relation else f'w:anchor="{anchor}"'
    return f'<w:hyperlink {target} w:history="1">{run(words, **looks)}</w:hyperlink>'


def cell(width: float, content: str, *, fill: str = "") -> str:
    """Write a cell of a width in points; `fill` is `#RRGGBB`."""
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{fill[1:]}"/>' if fill else ""
    middle = '<w:vAlign w:val="center"/>' if fill else ""
    size = f'<w:tcW w:w="{round(width * TWIPS)}" w:type="dxa"/>'
    return f"<w:tc><w:tcPr>{size}{shade}{middle}</w:tcPr>{content}</w:tc>"


def table(
    style: str, widths: Sequence[float], rows: Sequence[str], name: str, text: str, *, is_rtl: bool = False
) -> str:
    """Write a table of rows of cells; the first is its header, which each page repeats; `text` describes it."""
    look = 'w:val="0420" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="0" w:noVBand="1"'
    about = f'<w:tblCaption w:val="{escape(clean(name))}"/><w:tblDescription w:val="{escape(clean(text))}"/>'
    total = round(sum(widths) * TWIPS)
    grid = "".join(f'<w:gridCol w:w="{round(width * TWIPS)}"/>' for width in widths)
    head, *body_rows = rows
    lines = [f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>"]
    lines += [f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{row}</w:tr>" for row in body_rows]
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/>{"<w:bidiVisual/>" if is_rtl else ""}'
        f'<w:tblW w:w="{total}" w:type="dxa"/><w:tblLayout w:type="fixed"/><w:tblLook {look}/>{about}</w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(lines)}</w:tbl>"
    )


def drawing(number: int, size: tuple[int, int], name: str, text: str, graphic: str) -> str:
    """Write a run with a drawing in the line: its number in the document, size in EMU, name and alternative text."""
    width, height = size
    title = escape(clean(name))
    return (
        '<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{width}" cy="{height}"/><wp:effectExtent l="0" t="0" r="0" b="0"/>'
        f'<wp:docPr id="{number}" name="{title}" descr="{escape(clean(text))}" title="{title}"/>'
        f"<wp:cNvGraphicFramePr/><a:graphic>{graphic}</a:graphic></wp:inline></w:drawing></w:r>"
    )


def chart_graphic(relation: str) -> str:
    """Write the graphic of a chart, by the id of its relationship."""
    place = "http://schemas.openxmlformats.org/drawingml/2006/chart"
    return f'<a:graphicData uri="{place}"><c:chart r:id="{relation}"/></a:graphicData>'


def picture_graphic(relation: str, size: tuple[int, int]) -> str:
    """Write the graphic of a picture, by the id of its relationship."""
    width, height = size
    place = "http://schemas.openxmlformats.org/drawingml/2006/picture"
    return (
        f'<a:graphicData uri="{place}"><pic:pic><pic:nvPicPr><pic:cNvPr id="0" name=""/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData>'
    )


def parse(parts: Sequence[str]) -> list[Any]:
    """Parse elements of a document's body."""
    spaces = nsdecls("w", "r", "wp", "a", "pic", "c")
    return list(parse_xml(f"<w:body {spaces}>{''.join(parts)}</w:body>"))
