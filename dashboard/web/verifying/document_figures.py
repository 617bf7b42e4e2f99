"""Read the figures of decks and Word documents.

They are texts, tables, charts with the sheets behind them, alternative texts, notes and pictures.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from io import BytesIO
from itertools import count
from typing import Any, NamedTuple

from docx import Document
from docx.oxml.ns import nsmap, qn
from lxml import etree
from openpyxl.utils.datetime import from_excel
from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE

from dashboard.errors import N_, Sentence, sentence
from dashboard.snapshot.receipts.office import read_tag
from dashboard.web.verifying.comparing import CHART, WHOLE_FILE, WORDS_FOR_PICTURE, Block, Figure, say_cell
from dashboard.web.verifying.deviation import say_place
from dashboard.web.verifying.row_figures import FORMAT, read_book, shows_digits

_SLIDES = "http://schemas.openxmlformats.org/presentationml/2006/main"
_RELATED = f"{{{nsmap['r']}}}"
_SAFE = etree.XMLParser(resolve_entities=False, no_network=True)
_FROM_CELLS = "[CELLRANGE]"
_WRITTEN_ANEW = ("TOC", "PAGE", "NUMPAGES", "PAGEREF", "SECTIONPAGES")
"""The fields of a document that Word fills in by itself."""
_PARTS_OF_DOCUMENT = {
    "": sentence(N_("the document")),
    "header": sentence(N_("the header")),
    "footer": sentence(N_("the footer")),
    "footnotes": sentence(N_("the footnotes")),
}


class TaggedSlide(NamedTuple):
    """A slide, its number in the file, and the text of its receipt, if it has one."""

    number: int
    slide: Any
    receipt: str | None


@lru_cache(4)
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


def read_deck(content: bytes) -> list[Block]:
    """Read every slide of a deck.

    Raises:
        ValueError: the file is no readable presentation.
    """
    return [block for one in open_slides(content) for block in read_slide(one.slide, say_slide(one.number))]


def read_slide(slide: Any, place: str) -> list[Block]:
    """Read one slide; how shapes are placed, sized and coloured does not count."""
    pictures = [one.image.blob for one in _shapes(slide) if hasattr(one, "image")]
    charts = [shape.chart.part for shape in _shapes(slide) if getattr(shape, "has_chart", False)]
    drawn = [(part._element, part.chart_workbook.xlsx_part) for part in charts]
    return [
        Block(place, list(_list_slide_texts(slide, place)), "texts"),
        Block(place, list(_list_alternatives(slide._element, place)), "additions"),
        *_read_charts(place, [(element, book.blob if book is not None else None) for element, book in drawn]),
        _list_pictures(place, pictures),
    ]


def say_slide(number: int) -> Sentence:
    """Say which slide it is."""
    return sentence(N_("slide {number}"), number=number)


def _list_pictures(place: str, pictures: Iterable[bytes]) -> Block:
    names = (say_place(place, sentence(N_("picture {number}"), number=number)) for number in count(1))
    return Block(place, [Figure(name, (picture,)) for name, picture in zip(names, pictures, strict=False)], "pictures")


def _shapes(slide: Any) -> Iterator[Any]:
    """List every shape, those inside groups too."""
    waiting = list(slide.shapes)
    while waiting:
        shape = waiting.pop(0)
        if hasattr(shape, "shapes"):
            waiting = [*shape.shapes, *waiting]
        else:
            yield shape


def _list_slide_texts(slide: Any, place: str) -> Iterator[Figure]:
    """List the paragraphs of a slide in whatever they stand, the words for its pictures, and its notes."""
    for paragraph in slide._element.iter(qn("a:p")):
        text = "".join(one.text or "" for one in paragraph.iter(qn("a:t")) if not _is_written_anew(one))
        cell = next(paragraph.iterancestors(qn("a:tc")), None)
        if text.strip():
            shape_name = sentence(N_("text “{name}”"), name=_name_shape(paragraph))
            inside = (shape_name,) if cell is None else _say_table_cell(cell, "a:tr", "a:tc")
            yield Figure(say_place(place, *inside), (text,), cell is None)
    notes = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
    for line in notes.text.split("\n") if notes is not None else ():
        if line.strip():
            yield Figure(say_place(place, sentence(N_("notes"))), (line,), is_free=True)


def _list_alternatives(root: Any, place: str) -> Iterator[Figure]:
    """List the words for those who cannot see pictures and charts."""
    for properties in root.iter("{*}cNvPr", "{*}docPr"):
        if properties.get("descr"):
            yield Figure(say_place(place, WORDS_FOR_PICTURE), (properties.get("descr"),), is_free=True)


def _name_shape(element: Any) -> str:
    """Name the innermost shape around an element."""
    names = (_find(one, "./*/p:cNvPr/@name") for one in element.iterancestors() if len(one))
    return next((str(name[0]) for name in names if name), "")


def _say_table_cell(cell: Any, row: str, column: str) -> tuple[Sentence, ...]:
    """Say in which table, row and column a cell stands."""
    numbers = (
        len(list(one.itersiblings(qn(tag), preceding=True))) + 1
        for one, tag in ((cell.getparent(), row), (cell, column))
    )
    return sentence(N_("table")), *say_cell(*numbers)


def _is_written_anew(text: Any) -> bool:
    """Return whether PowerPoint writes the text itself: the page's number or the day."""
    field = text.getparent()
    return field.tag == qn("a:fld") and str(field.get("type")).startswith(("slidenum", "datetime"))


def _read_charts(place: str, charts: Iterable[tuple[Any, bytes | None]]) -> Iterator[Block]:
    """Read native charts, each as its element and the workbook behind it, if that is there."""
    name = say_place(place, CHART)
    for element, book in charts:
        yield Block(name, list(_list_drawn(element, name)), "chart")
        yield Block(name, list(_list_labels(element, name)), "additions")
        if book:
            yield from read_book(book, say_place(place, sentence(N_("data of the chart"))))


def _find(element: Any, path: str) -> Any:
    return etree.XPath(path, namespaces=nsmap | {"p": _SLIDES})(element)


def _list_drawn(chart: Any, place: str) -> Iterator[Figure]:
    """List a chart's content, as saved beside its sheet: its words, and names, values, labels of every series."""
    for text in chart.iter(qn("a:t")):
        if next(text.iterancestors(qn("c:ser")), None) is None:
            yield Figure(say_place(place, sentence(N_("words"))), (text.text or "",), is_free=True)
    formats = {one.get("formatCode", "") for one in chart.iter(qn("c:numFmt"))}
    yield from (Figure(say_place(place, FORMAT), (code,)) for code in sorted(filter(shows_digits, formats)))
    for number, series in enumerate(chart.iter(qn("c:ser")), start=1):
        series_name = _name_series(series, number)
        where = say_place(place, sentence(N_("series “{name}”"), name=series_name))
        yield Figure(where, (series_name,))
        points = _find(series, "./c:cat//c:pt")
        members = {point.get("idx"): "".join(point.itertext()) for point in points}
        for idx, member in members.items():
            yield Figure(say_place(where, sentence(N_("name {number}"), number=int(idx or 0) + 1)), (member,))
        are_days = bool(_find(series, "./c:cat//c:formatCode[contains(., 'y')]"))
        for point in _find(series, "./c:val//c:pt | ./c:yVal//c:pt | ./c:xVal//c:pt"):
            member = members.get(point.get("idx"), str(int(point.get("idx") or 0) + 1))
            member = str(from_excel(float(member)).date()) if are_days and member else member
            value = "".join(point.itertext())
            yield Figure(say_place(where, sentence(N_("value of “{name}”"), name=member)), (value,))


def _list_labels(chart: Any, place: str) -> Iterator[Figure]:
    """List the labels of a chart's values, by their series; LibreOffice leaves a name for those from cells."""
    for number, series in enumerate(chart.iter(qn("c:ser")), start=1):
        where = say_place(place, sentence(N_("series “{name}”"), name=_name_series(series, number)))
        cached = _find(series, ".//*[local-name() = 'dlblRangeCache']//*[local-name() = 'v']")
        for place_of_label, label in enumerate([*series.iter(qn("a:t")), *cached], start=1):
            if label.text not in (None, "", _FROM_CELLS):
                yield Figure(say_place(where, sentence(N_("label {number}"), number=place_of_label)), (label.text,))


def _name_series(series: Any, number: int) -> str:
    return "".join(_find(series, "./c:tx//c:v/text()")) or str(number)


def read_document(content: bytes) -> list[Block]:
    """Read paragraphs, tables, charts and pictures of a Word document, those of headers and footers too.

    Raises:
        ValueError: it is no readable document.
    """
    try:
        part = Document(BytesIO(content)).part
    except Exception as error:  # whatever error the library raises for an invalid file
        raise ValueError("no document") from error
    charts = [(etree.fromstring(one.blob, _SAFE), _find_book(one)) for one in _find_targets(part, "chart")]
    return [
        Block(WHOLE_FILE, list(_list_document_texts(part, "", "footnotes")), "texts"),
        Block(WHOLE_FILE, list(_list_repeated(part)), "additions"),
        *_read_charts(WHOLE_FILE, charts),
        _list_pictures(WHOLE_FILE, (one.blob for one in _find_targets(part, "image"))),
    ]


def _find_book(chart: Any) -> bytes | None:
    return next((one.target_part.blob for one in chart.rels.values() if one.reltype.endswith("/package")), None)


def _find_targets(part: Any, kind: str) -> list[Any]:
    """Find the parts of one kind that a part names, in the order in which it names them."""
    names = [value for one in part._element.iter() for name, value in one.attrib.items() if name.startswith(_RELATED)]
    rels = (part.rels[name] for name in dict.fromkeys(names) if name in part.rels)
    return [one.target_part for one in rels if not one.is_external and one.reltype.endswith(f"/{kind}")]


def _list_document_texts(part: Any, *kinds: str) -> Iterator[Figure]:
    for root, name in _list_roots(part, *kinds):
        yield from _list_paragraphs(root, name)


def _list_repeated(part: Any) -> Iterator[Figure]:
    """List what programs leave out or repeat: the words for pictures, and what stands above and below the pages."""
    for root, name in _list_roots(part, *_PARTS_OF_DOCUMENT):
        yield from _list_alternatives(root, name)
    for root, name in _list_roots(part, "header", "footer"):
        yield from (one._replace(place=name) for one in _list_paragraphs(root, name))


def _list_roots(part: Any, *kinds: str) -> Iterator[tuple[Any, str]]:
    for kind in kinds:
        roots = [_parse_part(one) for one in _find_targets(part, kind)] if kind else [part._element]
        yield from ((root, _PARTS_OF_DOCUMENT[kind]) for root in roots)


def _parse_part(part: Any) -> Any:
    return part._element if hasattr(part, "_element") else etree.fromstring(part.blob, _SAFE)


def _list_paragraphs(root: Any, name: str) -> Iterator[Figure]:
    """List the paragraphs without what Word writes anew by itself: contents, numbers of pages."""
    fields: list[str] = []
    for number, paragraph in enumerate(root.iter(qn("w:p")), start=1):
        text = ""
        for element in paragraph.iter(qn("w:t"), qn("w:fldChar"), qn("w:instrText")):
            if element.tag == qn("w:fldChar"):
                kind = element.get(qn("w:fldCharType"))
                fields = [*fields, ""] if kind == "begin" else fields[:-1] if kind == "end" else fields
            elif element.tag == qn("w:instrText"):
                fields[-1:] = ["".join(fields[-1:]) + (element.text or "")]
            elif not any(field.split()[:1] and field.split()[0] in _WRITTEN_ANEW for field in fields):
                text += element.text or ""
        cell = next(paragraph.iterancestors(qn("w:tc")), None)
        if text.strip():
            paragraph_place = (sentence(N_("paragraph {number}"), number=number),)
            inside = paragraph_place if cell is None else _say_table_cell(cell, "w:tr", "w:tc")
            yield Figure(say_place(name, *inside), (text,), cell is None)
