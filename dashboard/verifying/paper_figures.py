"""A PDF held against the one that is made again: what its tags say, in the order of reading, and what pages draw."""

import io
import re
from collections.abc import Iterator
from typing import Any

import pikepdf

from dashboard.verifying.deviation import Comparison, Text, compare_texts

_CODE = re.compile(rb"<([0-9a-fA-F]+)>")
_SECTION = re.compile(rb"(begin|end)(bfchar|bfrange|codespacerange)")
_CELLS = ("TD", "TH")


def compare_papers(actual: bytes, expected: bytes) -> Comparison:
    """Text by text as a screen reader says them; where all are the same, page by page what is drawn.

    Raises:
        ValueError: it is no tagged PDF that can be read.
    """
    try:
        with pikepdf.open(io.BytesIO(actual)) as ours, pikepdf.open(io.BytesIO(expected)) as theirs:
            result = compare_texts(*(list(_Tagged(pdf).texts()) for pdf in (ours, theirs)))
            pages = [[_draw(page) for page in pdf.pages] for pdf in (ours, theirs)]
    except (pikepdf.PdfError, AttributeError, KeyError, IndexError) as error:
        raise ValueError("no tagged PDF") from error
    result.compared += len(pages[1])
    if len(pages[0]) != len(pages[1]):
        result.differ("the document", f"{len(pages[0])} pages", f"{len(pages[1])} pages")
    elif not result.deviations:
        for number, (actual_page, expected_page) in enumerate(zip(*pages, strict=True), start=1):
            if actual_page != expected_page:
                result.differ(f"page {number}, the drawing", "something else", "what this program draws")
    return result


def _draw(page: Any) -> list[bytes]:
    """What a page draws, and the drawings that it places."""
    placed = page.Resources.get("/XObject", {})
    streams = [one.read_bytes() for _, one in sorted(placed.items())]
    return [pikepdf.unparse_content_stream(pikepdf.parse_content_stream(page)), *streams]


class _Tagged:
    """The structure of a PDF, with the text of each element."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self._root = pdf.Root
        self._places = {page.objgen: number for number, page in enumerate(pdf.pages)}
        self._said = [dict(read_marked(page)) for page in pdf.pages]

    def texts(self) -> Iterator[Text]:
        """Every text of its elements, and what stands for pictures."""
        for child in _list(self._root.StructTreeRoot.K):
            yield from self._read(child, 0, "")

    def _read(self, element: Any, above: int, inside: str) -> Iterator[Text]:
        page = self._places[element.Pg.objgen] if "/Pg" in element else above
        role = str(element.S)[1:]
        place = f"page {page + 1}, {inside or role}"
        if "/Alt" in element:
            yield Text(f"{place}, words for the picture", str(element.Alt))
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


def _name(child: Any, inside: str, number: int) -> str:
    """Where what stands in a table stands in it."""
    role = str(child.S)[1:]
    if role == "Table":
        return "table"
    if inside and role == "TR":
        return f"{inside}, row {number}"
    if inside and role in _CELLS:
        return f"{inside}, column {number}"
    return inside


def _list(children: Any) -> list[Any]:
    return list(children) if isinstance(children, pikepdf.Array | list) else [children]


def read_marked(page: Any) -> Iterator[tuple[int, str]]:
    """The texts of a page by the number they are marked with; what is outside the reading has none."""
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
    """What each code of a font stands for, as the file says."""
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
