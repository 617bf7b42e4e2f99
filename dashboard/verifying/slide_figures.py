"""A deck held against the one that is made again: texts, tables, charts and the sheets behind them, notes, pictures."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any, NamedTuple

from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn

from dashboard.receipts.office import read_tag
from dashboard.verifying.book_figures import compare_books
from dashboard.verifying.deviation import Comparison, Text, compare_texts
from dashboard.verifying.picture_figures import same_picture


class TaggedSlide(NamedTuple):
    """A slide, its number in the file, and the text of its receipt, if it has one."""

    number: int
    slide: Any
    receipt: str | None


def open_slides(content: bytes) -> list[TaggedSlide]:
    """The slides of a deck.

    Raises:
        ValueError: the file is no presentation that can be read.
    """
    try:
        deck = Presentation(BytesIO(content))
        return [TaggedSlide(number, slide, _tag_of(slide)) for number, slide in enumerate(deck.slides, start=1)]
    except Exception as error:  # whatever the library stumbles over in a file that is not what it seems
        raise ValueError("no presentation") from error


def _tag_of(slide: Any) -> str | None:
    tags = (one.target_part for one in slide.part.rels.values() if one.reltype == RELATIONSHIP_TYPE.TAGS)
    return next((text for part in tags if (text := read_tag(part.blob))), None)


def compare_slides(actual: TaggedSlide, expected: Any) -> Comparison:
    """One slide against the one that is made again; moved, resized and recoloured shapes say the same."""
    place = f"slide {actual.number}"
    result = compare_texts(*(list(_list_texts(slide, place)) for slide in (actual.slide, expected)))
    result.take(_compare_charts(actual.slide, expected, place))
    ours, theirs = (
        [one.image.blob for one in _shapes(slide) if _is_picture(one)] for slide in (actual.slide, expected)
    )
    for number, picture in enumerate(theirs, start=1):
        if not any(same_picture(actual_picture, picture) for actual_picture in ours):
            result.differ(f"{place}, picture {number}", "another picture", "the picture of the chart")
    return result


def _shapes(slide: Any) -> Iterator[Any]:
    """Every shape, those inside groups too."""
    waiting = list(slide.shapes)
    while waiting:
        shape = waiting.pop(0)
        if hasattr(shape, "shapes"):
            waiting = [*shape.shapes, *waiting]
        else:
            yield shape


def _is_picture(shape: Any) -> bool:
    return hasattr(shape, "image")


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
    """Whether PowerPoint writes it itself: the page's number."""
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
    """What a chart shows, as it is saved beside its sheet: names, values, labels of every series."""
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
    """Whether it is a cached text of the cells that labels are taken from."""
    if not isinstance(element.tag, str) or not element.tag.endswith("}v"):
        return False
    return any(isinstance(one.tag, str) and one.tag.endswith("}dlblRangeCache") for one in element.iterancestors())
