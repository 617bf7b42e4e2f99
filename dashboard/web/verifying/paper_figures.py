"""Compare PDF with those made again: the tagged texts in the order of reading, then the drawings of the pages."""

import io
import re
from collections.abc import Iterator
from typing import Any

import pikepdf

from dashboard.errors import N_, Sentence, sentence
from dashboard.web.verifying.deviation import (
    NOTHING,
    WHOLE_FILE,
    WORDS_FOR_PICTURE,
    Comparison,
    Text,
    compare_texts,
    say_cell,
    say_place,
)
from dashboard.web.verifying.drawn_figures import DRAWING, OTHERWISE_DRAWN

_CODE = re.compile(rb"<([0-9a-fA-F]+)>")
_SECTION = re.compile(rb"(begin|end)(bfchar|bfrange|codespacerange)")
_CELLS = ("TD", "TH")
_REMARKS = ("Link", "Popup", "Text", "Highlight", "Underline", "Squiggly", "StrikeOut")


def compare_papers(actual: bytes, expected: bytes) -> Comparison:
    """Compare text by text, as in a screen reader; where all are the same, the drawing of each page.

    Raises:
        ValueError: it is no readable tagged PDF.
    """
    try:
        with pikepdf.open(io.BytesIO(actual)) as ours, pikepdf.open(io.BytesIO(expected)) as theirs:
            result = compare_texts(*(list(_Tagged(pdf).texts()) for pdf in (ours, theirs)))
            pages = [[_draw(page) for page in pdf.pages] for pdf in (ours, theirs)]
            for number, overlay in _find_overlays(ours):
                result.differ(_say_page(number), sentence(N_("laid over it: {kind}"), kind=overlay), NOTHING)
    except (pikepdf.PdfError, AttributeError, KeyError, IndexError) as error:
        raise ValueError("no tagged PDF") from error
    result.compared += len(pages[1])
    if len(pages[0]) != len(pages[1]):
        result.differ(WHOLE_FILE, *(sentence(N_("{number} pages"), number=len(one)) for one in pages))
    elif not result.deviations:
        for number, (actual_page, expected_page) in enumerate(zip(*pages, strict=True), start=1):
            if actual_page != expected_page:
                result.differ(say_place(_say_page(number), DRAWING), *OTHERWISE_DRAWN, is_text=False)
    return result


def _draw(page: Any) -> list[bytes]:
    """List the drawing of a page, the drawings that it places, and the letters of its fonts."""
    drawing = pikepdf.unparse_content_stream(pikepdf.parse_content_stream(page))
    return [drawing, *_list_streams(page.obj.get("/Resources"), set())]


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

    def texts(self) -> Iterator[Text]:
        """List every text of its elements, and the replacements of pictures."""
        for child in _list(self._root.StructTreeRoot.K):
            yield from self._read(child, 0, "")

    def _read(self, element: Any, above: int, inside: str) -> Iterator[Text]:
        page = self._places[element.Pg.objgen] if "/Pg" in element else above
        role = str(element.S)[1:]
        place = say_place(_say_page(page + 1), inside or role)
        if "/Alt" in element:
            yield Text(say_place(place, WORDS_FOR_PICTURE), str(element.Alt))
        text = ""
        number = 0
        for child in _list(element.get("/K", [])):
            if isinstance(child, int):
                text += self._said[page].get(child, "")
            elif "/S" in child:
                number += 1
                yield from self._read(child, page, _name(child, inside, number))
            elif "/MCID" in child:
                child_page = self._places[child.Pg.objgen] if "/Pg" in child else page
                text += self._said[child_page].get(int(child.MCID), "")
        if text.strip():
            yield Text(place, text)


def _say_page(number: int) -> Sentence:
    return sentence(N_("page {number}"), number=number)


def _name(child: Any, inside: str, number: int) -> str:
    """Name the place of a text within its table."""
    role = str(child.S)[1:]
    if role == "Table":
        return sentence(N_("table"))
    if inside and role == "TR":
        return say_place(inside, say_cell(number, "")[0])
    if inside and role in _CELLS:
        return say_place(inside, say_cell("", number)[1])
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
