"""Read the figures of what is drawn: texts and shapes of SVG and HTML, tagged texts and pages of PDF."""

import io
import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import pikepdf
from lxml import etree, html

from dashboard.charts.svg.outlines import LETTERS
from dashboard.errors import N_, Sentence, sentence
from dashboard.web.verifying.comparing import WHOLE_FILE, WORDS_FOR_PICTURE, Block, Figure, say_cell
from dashboard.web.verifying.deviation import say_place, squeeze

DRAWING = sentence(N_("the drawing"))
_FILE, _TEXT_OF_DRAWING = sentence(N_("the file")), sentence(N_("a text of the drawing"))
_UNSEEN = ("script", "style", "metadata", "noscript", "template", "head", "nav")
_ALTERNATIVES = ("alt", "aria-label")
_DESCRIPTIONS = ("description", "og:description")
_SHAPES = (
    "rect", "path", "circle", "line", "polyline", "polygon", "ellipse", "image", "img", "use", "foreignobject",
    "animate", "animatetransform", "set", "canvas", "iframe", "object", "embed", "video",
)  # fmt: skip
_LINK = "{http://www.w3.org/1999/xlink}href"
_EXTENTS = (
    "x", "y", "width", "height", "x1", "x2", "y1", "y2", "cx", "cy", "r", "rx", "ry", "d", "points", "transform", "id",
    "href", "src",
)  # fmt: skip
_CELLS = ("td", "th")
_CODE = re.compile(rb"<([0-9a-fA-F]+)>")
_SECTION = re.compile(rb"(begin|end)(bfchar|bfrange|codespacerange)")
_REMARKS = ("Link", "Popup", "Text", "Highlight", "Underline", "Squiggly", "StrikeOut")


def read_markup(content: bytes, *, is_svg: bool = False) -> list[Block]:
    """Read the texts of SVG or HTML, with the rows and columns of tables, and the shapes of drawings.

    Raises:
        ValueError: it is none.
    """
    root = _parse(content, is_svg=is_svg)
    outlines = _find_outlines(root)
    shapes = [one for one in root.iter() if one not in outlines and _name(one) in _SHAPES]
    letters = [one for one in root.iter() if one in outlines]
    blocks = [
        Block(WHOLE_FILE, list(_list_texts(root)), "texts"),
        Block(DRAWING, list(_list_shapes(shapes)), "shapes", ("", *_EXTENTS)),
    ]
    return [*blocks, Block(DRAWING, list(_list_shapes(letters)), "letters", ("", *_EXTENTS))] if letters else blocks


def read_descriptions(content: bytes) -> list[Block]:
    """Read the pairs of figures in the head of a page of the dashboard."""
    metas = _parse(content, is_svg=False).iter("meta")
    pairs = ((one.get("name") or one.get("property"), one.get("content") or "") for one in metas)
    texts = [
        Figure(sentence(N_("the page’s {name}"), name=name), (text,)) for name, text in pairs if name in _DESCRIPTIONS
    ]
    return [Block(WHOLE_FILE, texts, "texts")]


def _parse(content: bytes, *, is_svg: bool) -> Any:
    try:
        if is_svg:
            return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
        return html.document_fromstring(content, parser=html.HTMLParser(encoding="utf-8", no_network=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise ValueError("no markup") from error


def _name(element: Any) -> str:
    return etree.QName(element).localname.lower() if isinstance(element.tag, str) else ""


def _list_texts(root: Any) -> Iterator[Figure]:
    """List the texts that a reader sees or hears, each with its place."""
    heading, waiting = "", [(root, False)]
    while waiting:
        element, is_tail = waiting.pop()
        text = squeeze((element.tail if is_tail else element.text) or "")
        name = _name(element)
        if not is_tail:
            if element.tail:
                waiting.append((element, True))
            if not name or name in _UNSEEN or (name == "text" and element.get("aria-hidden")):
                continue
            waiting += [(child, False) for child in reversed(element)]
            heading = squeeze("".join(element.itertext())) if name in ("h1", "h2", "h3") else heading
        for alternative in () if is_tail else map(element.get, _ALTERNATIVES):
            if alternative:
                yield Figure(say_place(_place(element, heading), WORDS_FOR_PICTURE), (alternative,))
        if text:
            yield Figure(_place(element.getparent() if is_tail else element, heading), (text,))


def _place(element: Any, heading: str) -> str:
    """Name the place of a text: its heading; in a table, its row and column."""
    under = sentence(N_("under “{heading}”"), heading=heading) if heading else _FILE
    cell = next((one for one in (element, *element.iterancestors()) if _name(one) in _CELLS), None)
    if cell is None:
        drawn = any(_name(one) == "svg" for one in (element, *element.iterancestors()))
        return say_place(under, _TEXT_OF_DRAWING if drawn else _name(element))
    row = cell.getparent()
    column = [one for one in row if _name(one) in _CELLS].index(cell)
    table = next((one for one in cell.iterancestors() if _name(one) == "table"), None)
    heads = [] if table is None else [one for one in table.iter() if _name(one) == "tr"][:1]
    names = [squeeze("".join(one.itertext())) for head in heads for one in head if _name(one) in _CELLS]
    column_name = names[column] if column < len(names) else str(column + 1)
    row_name = squeeze("".join(row[0].itertext()))
    return say_place(under, sentence(N_("table")), *say_cell(f"“{row_name}”", f"“{column_name}”"))


def _find_outlines(root: Any) -> set[Any]:
    """Find the elements that draw the letters of a picture: the letters, each line, and each letter of it."""
    letters = next((one for one in root.iter() if one.get("id") == LETTERS), None)
    if letters is None:
        return set()
    names = {f"#{letter.get('id')}" for letter in letters}
    placed = [one for one in root.iter() if _name(one) == "use" and one.get(_LINK) in names]
    return {*letters, *placed, *(one.getparent() for one in placed)}


def _list_shapes(shapes: list[Any]) -> Iterator[Figure]:
    for number, one in enumerate(shapes, start=1):
        place = say_place(DRAWING, sentence(N_("shape {number} ({kind})"), number=number, kind=_name(one)))
        extents = {"href": one.get(_LINK)} | dict(one.attrib)
        yield Figure(place, (_name(one), *map(extents.get, _EXTENTS)))


def read_paper(content: bytes) -> list[Block]:
    """Read a PDF text by text, as in a screen reader; what is laid over its pages; and the drawing of each page.

    Raises:
        ValueError: it is no readable tagged PDF.
    """
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            overlays = [
                Figure(_say_page(number), (sentence(N_("laid over it: {kind}"), kind=kind),))
                for number, kind in _find_overlays(pdf)
            ]
            pages = [
                Figure(say_place(_say_page(number), DRAWING), (_hash_drawing(page),))
                for number, page in enumerate(pdf.pages, start=1)
            ]
            texts = Block(WHOLE_FILE, list(_Tagged(pdf).texts()), "texts")
    except (pikepdf.PdfError, AttributeError, KeyError, IndexError) as error:
        raise ValueError("no tagged PDF") from error
    return [texts, Block(WHOLE_FILE, overlays, "additions"), Block(WHOLE_FILE, pages, "pages")]


def _hash_drawing(page: Any) -> str:
    """Hash the drawing of a page, the drawings that it places, and the letters of its fonts."""
    drawing = sha256(pikepdf.unparse_content_stream(pikepdf.parse_content_stream(page)))
    for stream in _list_streams(page.obj.get("/Resources"), set()):
        drawing.update(sha256(stream).digest())
    return drawing.hexdigest()


def _list_streams(holder: Any, read_ids: set[Any]) -> Iterator[bytes]:
    """List all streams below a dictionary or list, in the order of their names."""
    if isinstance(holder, pikepdf.Array):
        for one in holder:
            yield from _list_streams(one, read_ids)
    elif isinstance(holder, pikepdf.Dictionary | pikepdf.Stream) and holder.objgen not in read_ids:
        read_ids |= {holder.objgen} - {(0, 0)}
        if isinstance(holder, pikepdf.Stream):
            is_photo = holder.get("/Filter") in ("/DCTDecode", "/JPXDecode")
            yield holder.read_raw_bytes() if is_photo else holder.read_bytes()
        for name, one in sorted(holder.items()):
            if name != "/Parent":
                yield from _list_streams(one, read_ids)


def _find_overlays(pdf: pikepdf.Pdf) -> Iterator[tuple[int, str]]:
    """Find what programs have laid over pages, with their numbers; links and remarks hide nothing."""
    for number, page in enumerate(pdf.pages, start=1):
        for one in page.obj.get("/Annots", []):
            if (kind := str(one.get("/Subtype"))[1:]) not in _REMARKS:
                yield number, kind


class _Tagged:
    """The structure of a PDF, with the text of each element."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self._root = pdf.Root
        self._places = {page.objgen: number for number, page in enumerate(pdf.pages)}
        self._said = [dict(read_marked(page)) for page in pdf.pages]

    def texts(self) -> Iterator[Figure]:
        """List every text of its elements, and the replacements of pictures."""
        for child in _list(self._root.StructTreeRoot.K):
            yield from self._read(child, 0, "")

    def _read(self, element: Any, above: int, inside: str) -> Iterator[Figure]:
        page = self._places[element.Pg.objgen] if "/Pg" in element else above
        role = str(element.S)[1:]
        place = say_place(_say_page(page + 1), inside or role)
        if "/Alt" in element:
            yield Figure(say_place(place, WORDS_FOR_PICTURE), (str(element.Alt),))
        text = ""
        number = 0
        for child in _list(element.get("/K", [])):
            if isinstance(child, int):
                text += self._said[page].get(child, "")
            elif "/S" in child:
                number += 1
                yield from self._read(child, page, _say_part(child, inside, number))
            elif "/MCID" in child:
                child_page = self._places[child.Pg.objgen] if "/Pg" in child else page
                text += self._said[child_page].get(int(child.MCID), "")
        if text.strip():
            yield Figure(place, (text,))


def _say_page(number: int) -> Sentence:
    return sentence(N_("page {number}"), number=number)


def _say_part(child: Any, inside: str, number: int) -> str:
    """Name the place of a text within its table."""
    role = str(child.S)[1:].lower()
    if role == "table":
        return sentence(N_("table"))
    if inside and role in ("tr", *_CELLS):
        row, column = say_cell(number, number)
        return say_place(inside, row if role == "tr" else column)
    return inside


def _list(children: Any) -> list[Any]:
    return list(children) if isinstance(children, pikepdf.Array | list) else [children]


def read_marked(page: Any) -> Iterator[tuple[int, str]]:
    """Read the texts of a page by the number of their mark; texts outside the reading have none."""
    fonts: dict[str, dict[bytes, str]] = {}
    letters: dict[bytes, str] = {}
    marks: list[int | None] = []
    texts: dict[int, str] = {}
    for instruction in pikepdf.parse_content_stream(page):
        operands: Any = instruction.operands
        match str(instruction.operator):
            case "BDC":
                properties = operands[1]
                is_marked = isinstance(properties, pikepdf.Dictionary) and "/MCID" in properties
                marks.append(int(properties.MCID) if is_marked else None)
            case "BMC":
                marks.append(None)
            case "EMC" if marks:
                marks.pop()
            case "Tf":
                name = str(operands[0])
                letters = fonts.get(name) or fonts.setdefault(name, _read_letters(page.Resources.Font[name]))
            case "Tj" | "TJ":
                mark = next((one for one in reversed(marks) if one is not None), None)
                if mark is not None:
                    texts[mark] = texts.get(mark, "") + _say(operands[0], letters)
    yield from texts.items()


def _say(operand: Any, letters: dict[bytes, str]) -> str:
    codes = b"".join(bytes(one) for one in _list(operand) if isinstance(one, pikepdf.String))
    return "".join(letters.get(codes[place : place + 2], "") for place in range(0, len(codes), 2))


def _read_letters(font: Any) -> dict[bytes, str]:
    """Read the letters of each code of a font from the file."""
    letters: dict[bytes, str] = {}
    section = b""
    for line in font.ToUnicode.read_bytes().splitlines():
        if marker := _SECTION.search(line):
            section = marker[2] if marker[1] == b"begin" else b""
        codes = [bytes.fromhex(code.decode()) for code in _CODE.findall(line)]
        if section == b"bfchar" and len(codes) == 2:
            letters[codes[0]] = codes[1].decode("utf-16-be")
        elif section == b"bfrange" and len(codes) == 3:
            first, last, start = (int.from_bytes(code) for code in codes)
            letters |= {code.to_bytes(2): chr(start + code - first) for code in range(first, last + 1)}
    return letters
