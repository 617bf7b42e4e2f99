"""The charts of a document: native ones, drawn on a slide that nobody sees and moved; pictures where there is none.

A slide's letters are larger than a page's: a chart is drawn on a larger area, and then made smaller with its letters.
"""

import io
from copy import deepcopy
from typing import Any

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from lxml import etree
from pptx.oxml.ns import qn

from dashboard.charts.chart import Chart
from dashboard.charts.svg.draw import draw_svg
from dashboard.charts.svg.png import render_png
from dashboard.files.briefings.pieces import Piece
from dashboard.files.briefings.series import grid_of, without_empty_sides
from dashboard.files.briefings.slides.chart_xml import insert, parse
from dashboard.files.briefings.slides.draw import NATIVE, add_chart
from dashboard.files.briefings.slides.presentation_file import say_language_in
from dashboard.files.briefings.slides.templates import open_template
from dashboard.files.briefings.slides.texts import POINT, Area
from dashboard.files.briefings.word import markup
from dashboard.languages import find_office_tag, is_rtl

SCALE = 0.7
"""The size of a page's chart, as a share of a slide's."""
ROW, LONG_ROW, AXES = 17, 25, 66
"""Points in height of a bar, of one with a long name, and of all that stands above and below the bars."""
LONG_NAME = 36
"""The letters from which a bar's name may have two lines."""
SHORTEST, TALLEST = 120, 580
"""The least and the largest height of a chart, in points."""
SHAPES = {"curve": 0.52, "scatter": 0.62}
"""The height of charts that have no bars, as a share of their width."""
WIDTH = 680
"""The width of pictures, in CSS pixels: as wide as the text, their letters are as large as those of tables."""
DENSITY = 2.5
"""Pixels of a picture for one of its size."""
GRID_NAMES = 0.26
"""The share of a heat table's width for the names of its rows."""

_CHART = "http://schemas.openxmlformats.org/drawingml/2006/chartDrawing"
_SLIDE = "http://schemas.openxmlformats.org/presentationml/2006/main"


class Figures:
    """The charts that are put into one document, in a width in points."""

    def __init__(self, document: Any, width: float) -> None:
        """Put charts into a document."""
        self._part, self._width = document.part, width
        self._slides = open_template(None)
        self._count = 0

    def add(self, piece: Piece, name: str, text: str) -> str:
        """Put a chart into the document; return the run with its drawing."""
        chart = without_empty_sides(piece.chart)
        self._count += 1
        if chart.spec.kind in NATIVE:
            size = round(self._width * POINT), round(self._find_height(chart) * POINT)
            graphic = markup.chart_graphic(self._move_chart(piece, size))
        else:
            picture = io.BytesIO(render_png(draw_svg(chart, None, width=WIDTH), DENSITY))
            relation, image = self._part.get_or_add_image(picture)
            width = min(self._width, TALLEST * image.px_width / image.px_height)
            size = round(width * POINT), round(width * image.px_height / image.px_width * POINT)
            graphic = markup.picture_graphic(relation, size)
        return markup.drawing(1000 + self._count, size, name, text, graphic)

    def _find_height(self, chart: Chart) -> float:
        """Find the height of a chart in points."""
        if chart.spec.kind in SHAPES:
            return self._width * SHAPES[chart.spec.kind]
        names = chart.drawn["label"]
        row = LONG_ROW if names.str.len().max() > LONG_NAME else ROW
        return min(TALLEST, max(SHORTEST, AXES + row * len(names)))

    def _move_chart(self, piece: Piece, size: tuple[int, int]) -> str:
        """Draw a chart on a slide and move it into the document; return the id of its relationship."""
        slide = self._slides.add_slide(self._slides.plain)
        earlier_shapes = list(slide.shapes._spTree)
        area = Area(0, 0, *(round(one / SCALE) for one in size))
        frame = add_chart(slide, piece, area)
        root = deepcopy(frame.chart.part._element)
        say_language_in(root, find_office_tag(piece.chart.lang))
        package = self._part.package
        chart = Part(PackURI(f"/word/charts/chart{self._count}.xml"), CONTENT_TYPE.DML_CHART, b"", package)
        name = PackURI(f"/word/embeddings/chart{self._count}.xlsx")
        workbook = Part(name, CONTENT_TYPE.SML_SHEET, frame.chart.part.chart_workbook.xlsx_part.blob, package)
        root.find(qn("c:externalData")).set(qn("r:id"), chart.relate_to(workbook, RELATIONSHIP_TYPE.PACKAGE))
        shapes = [one for one in slide.shapes._spTree if one not in earlier_shapes and one is not frame._element]
        if shapes:
            name = PackURI(f"/word/drawings/drawing{self._count}.xml")
            drawn = Part(name, CONTENT_TYPE.DML_CHARTSHAPES, _move_shapes(shapes, area), package)
            mark = etree.SubElement(root, qn("c:userShapes"))
            mark.set(qn("r:id"), chart.relate_to(drawn, RELATIONSHIP_TYPE.CHART_USER_SHAPES))
        _shrink(root)
        insert(root, parse("<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"), before=("c:txPr", "c:externalData"))
        chart._blob = _write(root)
        return str(self._part.relate_to(chart, RELATIONSHIP_TYPE.CHART))


def _shrink(root: Any) -> None:
    """Make letters, lines and marks smaller, which do not follow the size of a chart."""
    for one in root.iter(qn("a:rPr"), qn("a:defRPr"), qn("a:endParaRPr")):
        if one.get("sz"):
            one.set("sz", str(round(int(one.get("sz")) * SCALE)))
    for one in root.iter(qn("a:ln")):
        if one.get("w"):
            one.set("w", str(round(int(one.get("w")) * SCALE)))
    for one in root.iter(qn("c:size")):
        one.set("val", str(max(2, round(int(one.get("val")) * SCALE))))


def _move_shapes(shapes: list[Any], area: Area) -> bytes:
    """Write shapes that stand on a slide above its chart as shapes of the chart itself."""
    root = etree.Element(qn("c:userShapes"), nsmap={"c": qn("c:x")[1:-2], "a": qn("a:x")[1:-2], "cdr": _CHART})
    for shape in shapes:
        anchor = etree.SubElement(root, f"{{{_CHART}}}relSizeAnchor")
        x, y, width, height = (int(one) for one in (shape.x, shape.y, shape.cx, shape.cy))
        for name, corner_x, corner_y in (("from", x, y), ("to", x + width, y + height)):
            corner = etree.SubElement(anchor, f"{{{_CHART}}}{name}")
            etree.SubElement(corner, f"{{{_CHART}}}x").text = f"{corner_x / area.width:.5f}"
            etree.SubElement(corner, f"{{{_CHART}}}y").text = f"{corner_y / area.height:.5f}"
        moved = deepcopy(shape)
        for one in list(moved.iter(f"{{{_SLIDE}}}nvPr")):
            one.getparent().remove(one)
        text = _write(moved).decode().replace(_SLIDE, _CHART)
        anchor.append(etree.fromstring(text.encode()))
    _shrink(root)
    return _write(root)


def _write(root: Any) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def write_grid(chart: Chart, styles: dict[str, str], width: float, name: str, text: str) -> str:
    """Write the table of a chart of kind `grid`, each cell in its shade."""
    grid = grid_of(chart.shortened)
    name_width, cell_width = width * GRID_NAMES, width * (1 - GRID_NAMES) / len(grid.columns)
    size = 8.5 if len(grid.columns) <= 8 else 7.0
    style, right, middle = styles["table text"], '<w:jc w:val="right"/>', '<w:jc w:val="center"/>'

    def write(words: str, room: float, place: str, fill: str = "", ink: str = "") -> str:
        content = markup.run(words, size=size, colour=ink)
        return markup.cell(room, markup.paragraph(style, content, properties=place), fill=fill)

    corner, *_ = chart.cells().headings
    rows = [write(corner, name_width, right) + "".join(write(column, cell_width, middle) for column in grid.columns)]
    for row, cells in zip(grid.rows, grid.cells, strict=True):
        shades = "".join(write(one.text, cell_width, middle, one.fill, one.ink) for one in cells)
        rows.append(write(row, name_width, right) + shades)
    widths = [name_width, *[cell_width] * len(grid.columns)]
    return markup.table(styles["figures table"], widths, rows, name, text, is_rtl=is_rtl(chart.lang))
