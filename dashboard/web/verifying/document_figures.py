"""Compare documents with those made again: decks and PDF.

Compared are the texts, tables, charts with the sheets behind them, notes and pictures of a deck; the tagged texts of a
PDF, in the order of reading, and the drawings of its pages.
"""

import io
import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any, NamedTuple

import pikepdf
from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn

from dashboard.snapshot.receipts.office import read_tag
from dashboard.web.verifying.deviation import Comparison, Text, compare_texts
from dashboard.web.verifying.drawn_figures import same_picture
from dashboard.web.verifying.row_figures import compare_books


class TaggedSlide(NamedTuple):
    """A slide, its number in the file, and the text of its receipt, if it has one."""

    number: int
    slide: Any
    receipt: str | None


def open_slides(content: bytes) -> list[TaggedSlide]:
    """Open the slides of a deck.

    Raises:
        ValueError: the file is no readable presentation.
    """
    try:
        deck = Presentation(BytesIO(content))
        return [TaggedSlide(number, slide, _tag_of(slide)) for number, slide in enumerate(deck.slides, start=1)]
    except Exception as error:  # whatever error the library raises for an invalid file
        raise ValueError("no presentation") from error


def _tag_of(slide: Any) -> str | None:
    tags = (one.target_part for one in slide.part.rels.values() if one.reltype == RELATIONSHIP_TYPE.TAGS)
    return next((text for part in tags if (text := read_tag(part.blob))), None)


def compare_slides(actual: TaggedSlide, expected: Any) -> Comparison:
    """Compare one slide with the one made again; moved, resized and recoloured shapes are the same."""
    place = f"slide {actual.number}"
    result = compare_texts(*(list(_list_texts(slide, place)) for slide in (actual.slide, expected)))
    result.take(_compare_charts(actual.slide, expected, place))
    ours, theirs = (
        [one.image.blob for one in _shapes(slide) if hasattr(one, "image")] for slide in (actual.slide, expected)
    )
    for number, picture in enumerate(theirs, start=1):
        if not any(same_picture(actual_picture, picture) for actual_picture in ours):
            result.differ(f"{place}, picture {number}", "another picture", "the picture of the chart")
    return result


def _shapes(slide: Any) -> Iterator[Any]:
    """List every shape, those inside groups too."""
    waiting = list(slide.shapes)
    while waiting:
        shape = waiting.pop(0)
        if hasattr(shape, "shapes"):
            waiting = [*shape.shapes, *waiting]
        else:
            yield shape


def _list_texts(slide: Any, place: str) -> Iterator[Text]:
    for shape in _shapes(slide):
        if getattr(shape, "has_table", False) and shape.has_table:
            yield from _list_cells(shape.table, f"{place}, table")
        elif shape.has_text_frame:
            for paragraph in shape.text_frame.paragraphs:
                text = "".join(one.text or "" for one in paragraph._p.iter(qn("a:t")) if not _is_field(one))
                if text.strip():
                    yield Text(f"{place}, text “{shape.name}”", text, is_free=True)
    notes = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
    for line in notes.text.split("\n") if notes is not None else ():
        if line.strip():
            yield Text(f"{place}, notes", line, is_free=True)


def _list_cells(table: Any, place: str) -> Iterator[Text]:
    for row, cells in enumerate(table.rows, start=1):
        for column, cell in enumerate(cells.cells, start=1):
            yield Text(f"{place}, row {row}, column {column}", cell.text_frame.text)


def _is_field(text: Any) -> bool:
    """Return whether PowerPoint writes the text itself: the page's number."""
    return bool(text.getparent().tag == qn("a:fld"))


def _compare_charts(actual: Any, expected: Any, place: str) -> Comparison:
    result = Comparison()
    ours, theirs = (
        [one.chart for one in _shapes(slide) if getattr(one, "has_chart", False)] for slide in (actual, expected)
    )
    if len(ours) < len(theirs):
        result.differ(place, f"{len(ours)} charts", f"{len(theirs)} charts")
    for chart, should in zip(ours, theirs, strict=False):
        drawn = compare_texts(*(list(_list_drawn(one, f"{place}, chart")) for one in (chart, should)))
        result.take(drawn)
        sheets = [one.part.chart_workbook.xlsx_part for one in (chart, should)]
        if all(sheets):
            result.take(compare_books(*(sheet.blob for sheet in sheets)), f"{place}, data of the chart, ")
        elif sheets[1]:
            result.remark(f"The data behind the chart on {place} is not there, and is not compared.")
    return result


def _list_drawn(chart: Any, place: str) -> Iterator[Text]:
    """List a chart's content, as saved beside its sheet: names, values, labels of every series."""
    for number, series in enumerate(chart.part._element.iter(qn("c:ser")), start=1):
        series_name = "".join(series.xpath("./c:tx//c:v/text()")) or str(number)
        where = f"{place}, series “{series_name}”"
        yield Text(where, series_name)
        members = {point.get("idx"): "".join(point.itertext()) for point in series.xpath("./c:cat//c:pt")}
        for idx, member in members.items():
            yield Text(f"{where}, member {int(idx or 0) + 1}", member)
        for point in series.xpath("./c:val//c:pt | ./c:yVal//c:pt | ./c:xVal//c:pt"):
            member = members.get(point.get("idx"), f"point {int(point.get('idx') or 0) + 1}")
            yield Text(f"{where}, value of “{member}”", "".join(point.itertext()))
        labels = [one.text or "" for one in series.iter(qn("a:t"))]
        labels += [one.text or "" for one in series.iter() if _is_label(one)]
        yield from (Text(f"{where}, label {number}", label) for number, label in enumerate(labels, start=1))


def _is_label(element: Any) -> bool:
    """Return whether it is a cached text of the labels' cells."""
    if not isinstance(element.tag, str) or not element.tag.endswith("}v"):
        return False
    return any(isinstance(one.tag, str) and one.tag.endswith("}dlblRangeCache") for one in element.iterancestors())


_CODE = re.compile(rb"<([0-9a-fA-F]+)>")
_SECTION = re.compile(rb"(begin|end)(bfchar|bfrange|codespacerange)")
_CELLS = ("TD", "TH")


def compare_papers(actual: bytes, expected: bytes) -> Comparison:
    """Compare text by text, as in a screen reader; where all are the same, the drawing of each page.

    Raises:
        ValueError: it is no readable tagged PDF.
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
    """List the drawing of a page, and the drawings that it places."""
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
        """List every text of its elements, and the replacements of pictures."""
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
    """Name the place of a text within its table."""
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
