"""Compare decks and Word documents with those made again.

Compared are texts, tables, charts with the sheets behind them, alternative texts, notes and pictures.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from io import BytesIO
from typing import Any, NamedTuple

from docx import Document
from docx.oxml.ns import nsmap, qn
from lxml import etree
from openpyxl.utils.datetime import from_excel
from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE

from dashboard.errors import N_, Sentence, sentence
from dashboard.snapshot.receipts.office import read_tag
from dashboard.web.verifying.deviation import (
    WHOLE_FILE,
    WORDS_FOR_PICTURE,
    Comparison,
    Text,
    compare_texts,
    say_cell,
    say_place,
)
from dashboard.web.verifying.drawn_figures import same_picture
from dashboard.web.verifying.row_figures import FORMAT, compare_books, shows_digits

_SLIDES = "http://schemas.openxmlformats.org/presentationml/2006/main"
_RELATED = f"{{{nsmap['r']}}}"
_SAFE = etree.XMLParser(resolve_entities=False, no_network=True)
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


def compare_slides(actual: TaggedSlide, expected: Any) -> Comparison:
    """Compare one slide with the one made again; moved, resized and recoloured shapes are the same."""
    place, slides = say_slide(actual.number), (actual.slide, expected)
    result = compare_texts(*(list(_list_slide_texts(slide, place)) for slide in slides))
    result.take(_compare_charts(place, *(list(_list_slide_charts(slide)) for slide in slides)))
    ours, theirs = ([one.image.blob for one in _shapes(slide) if hasattr(one, "image")] for slide in slides)
    _compare_embedded(result, place, ours, theirs)
    return result


def say_slide(number: int) -> Sentence:
    """Say which slide it is."""
    return sentence(N_("slide {number}"), number=number)


def _compare_embedded(result: Comparison, place: str, ours: Sequence[bytes], theirs: Sequence[bytes]) -> None:
    """Compare pictures in a document: each expected one must be there; what others show cannot be read."""
    for number, picture in enumerate(theirs, start=1):
        if not any(same_picture(one, picture) for one in ours):
            name = sentence(N_("picture {number}"), number=number)
            says, should = sentence(N_("another picture")), sentence(N_("the picture of the chart"))
            result.differ(say_place(place, name), says, should, is_text=False)
    if len(ours) > len(theirs):
        result.remark(sentence(N_("A picture was added, and what it shows cannot be read: {place}."), place=place))


def _shapes(slide: Any) -> Iterator[Any]:
    """List every shape, those inside groups too."""
    waiting = list(slide.shapes)
    while waiting:
        shape = waiting.pop(0)
        if hasattr(shape, "shapes"):
            waiting = [*shape.shapes, *waiting]
        else:
            yield shape


def _list_slide_texts(slide: Any, place: str) -> Iterator[Text]:
    """List the paragraphs of a slide in whatever they stand, the words for its pictures, and its notes."""
    for paragraph in slide._element.iter(qn("a:p")):
        text = "".join(one.text or "" for one in paragraph.iter(qn("a:t")) if not _is_written_anew(one))
        cell = next(paragraph.iterancestors(qn("a:tc")), None)
        if text.strip():
            shape_name = sentence(N_("text “{name}”"), name=_name_shape(paragraph))
            inside = (shape_name,) if cell is None else _say_table_cell(cell, "a:tr", "a:tc")
            yield Text(say_place(place, *inside), text, is_free=cell is None)
    yield from _list_alternatives(slide._element, place)
    notes = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
    for line in notes.text.split("\n") if notes is not None else ():
        if line.strip():
            yield Text(say_place(place, sentence(N_("notes"))), line, is_free=True)


def _list_alternatives(root: Any, place: str) -> Iterator[Text]:
    """List the words for those who cannot see pictures and charts."""
    for properties in root.iter():
        if (
            isinstance(properties.tag, str)
            and properties.tag.endswith(("}cNvPr", "}docPr"))
            and properties.get("descr")
        ):
            yield Text(say_place(place, WORDS_FOR_PICTURE), properties.get("descr"), is_free=True)


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


class DrawnChart(NamedTuple):
    """A native chart of a document: its element, and the workbook behind it, if that is there."""

    element: Any
    book: bytes | None


def _list_slide_charts(slide: Any) -> Iterator[DrawnChart]:
    for shape in _shapes(slide):
        if getattr(shape, "has_chart", False):
            book = shape.chart.part.chart_workbook.xlsx_part
            yield DrawnChart(shape.chart.part._element, book.blob if book is not None else None)


def _compare_charts(place: str, ours: Sequence[DrawnChart], theirs: Sequence[DrawnChart]) -> Comparison:
    result = Comparison()
    if len(ours) < len(theirs):
        result.differ(place, *(sentence(N_("{number} charts"), number=len(charts)) for charts in (ours, theirs)))
    elif len(ours) > len(theirs):
        result.remark(sentence(N_("A chart was added, and is not compared: {place}."), place=place))
    for chart, should in zip(ours, theirs, strict=False):
        place_of_chart = say_place(place, sentence(N_("chart")))
        result.take(compare_texts(*(list(_list_drawn(one.element, place_of_chart)) for one in (chart, should))))
        if chart.book and should.book:
            inside = say_place(place, sentence(N_("data of the chart")))
            result.take(compare_books(chart.book, should.book), inside)
        elif should.book:
            missing = N_("The data behind the chart is not there, and is not compared: {place}.")
            result.remark(sentence(missing, place=place))
    return result


def _find(element: Any, path: str) -> Any:
    return etree.XPath(path, namespaces=nsmap | {"p": _SLIDES})(element)


def _list_drawn(chart: Any, place: str) -> Iterator[Text]:
    """List a chart's content, as saved beside its sheet: its words, and names, values, labels of every series."""
    for text in chart.iter(qn("a:t")):
        if next(text.iterancestors(qn("c:ser")), None) is None:
            yield Text(say_place(place, sentence(N_("words"))), text.text or "", is_free=True)
    formats = {one.get("formatCode", "") for one in chart.iter(qn("c:numFmt"))}
    yield from (Text(say_place(place, FORMAT), code) for code in sorted(filter(shows_digits, formats)))
    for number, series in enumerate(chart.iter(qn("c:ser")), start=1):
        series_name = "".join(_find(series, "./c:tx//c:v/text()")) or str(number)
        where = say_place(place, sentence(N_("series “{name}”"), name=series_name))
        yield Text(where, series_name)
        points = _find(series, "./c:cat//c:pt")
        members = {point.get("idx"): "".join(point.itertext()) for point in points}
        for idx, member in members.items():
            yield Text(say_place(where, sentence(N_("name {number}"), number=int(idx or 0) + 1)), member)
        are_days = bool(_find(series, "./c:cat//c:formatCode[contains(., 'y')]"))
        for point in _find(series, "./c:val//c:pt | ./c:yVal//c:pt | ./c:xVal//c:pt"):
            member = members.get(point.get("idx"), str(int(point.get("idx") or 0) + 1))
            member = str(from_excel(float(member)).date()) if are_days and member else member
            yield Text(say_place(where, sentence(N_("value of “{name}”"), name=member)), "".join(point.itertext()))
        labels = [one.text or "" for one in series.iter(qn("a:t"))]
        labels += [one.text or "" for one in series.iter() if _is_label(one)]
        for number, label in enumerate(labels, start=1):
            yield Text(say_place(where, sentence(N_("label {number}"), number=number)), label)


def _is_label(element: Any) -> bool:
    """Return whether it is a cached text of the labels' cells."""
    if not isinstance(element.tag, str) or not element.tag.endswith("}v"):
        return False
    return any(isinstance(one.tag, str) and one.tag.endswith("}dlblRangeCache") for one in element.iterancestors())


def compare_documents(actual: bytes, expected: bytes) -> Comparison:
    """Compare paragraphs, tables, charts and pictures of Word documents, those of headers and footers too.

    Raises:
        ValueError: it is no readable document.
    """
    try:
        ours, theirs = (Document(BytesIO(content)).part for content in (actual, expected))
    except Exception as error:  # whatever error the library raises for an invalid file
        raise ValueError("no document") from error
    result = compare_texts(*(list(_list_document_texts(part)) for part in (ours, theirs)))
    result.take(_compare_charts(WHOLE_FILE, *(list(_list_document_charts(part)) for part in (ours, theirs))))
    pictures = [[one.blob for one in _find_targets(part, "image")] for part in (ours, theirs)]
    _compare_embedded(result, WHOLE_FILE, *pictures)
    return result


def _find_targets(part: Any, kind: str) -> list[Any]:
    """Find the parts of one kind that a part names, in the order in which it names them."""
    names = [value for one in part._element.iter() for name, value in one.attrib.items() if name.startswith(_RELATED)]
    rels = (part.rels[name] for name in dict.fromkeys(names) if name in part.rels)
    return [one.target_part for one in rels if not one.is_external and one.reltype.endswith(f"/{kind}")]


def _list_document_charts(part: Any) -> Iterator[DrawnChart]:
    for chart in _find_targets(part, "chart"):
        books = [one.target_part.blob for one in chart.rels.values() if one.reltype.endswith("/package")]
        yield DrawnChart(etree.fromstring(chart.blob, _SAFE), next(iter(books), None))


def _list_document_texts(part: Any) -> Iterator[Text]:
    for kind, name in _PARTS_OF_DOCUMENT.items():
        for root in [part._element] if not kind else [_parse_part(one) for one in _find_targets(part, kind)]:
            yield from _list_paragraphs(root, name)
            yield from _list_alternatives(root, name)


def _parse_part(part: Any) -> Any:
    return part._element if hasattr(part, "_element") else etree.fromstring(part.blob, _SAFE)


def _list_paragraphs(root: Any, name: str) -> Iterator[Text]:
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
            yield Text(say_place(name, *inside), text, is_free=cell is None)
