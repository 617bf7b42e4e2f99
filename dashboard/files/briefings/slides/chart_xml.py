"""The parts of native charts that python-pptx cannot write: labels from cells, hidden labels, places, bands.

The library writes labels with texts of their own, but cannot put them above the point or stop their wrapping.
"""

import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID
from xml.sax.saxutils import escape

from lxml import etree
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn

_SPACES = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:c15="http://schemas.microsoft.com/office/drawing/2012/chart"'
)
_SHOWN = (
    '<c:showLegendKey val="0"/><c:showVal val="0"/><c:showCatName val="0"/><c:showSerName val="0"/>'
    '<c:showPercent val="0"/><c:showBubbleSize val="0"/>'
)
_AFTER_LABELS = ("c:trendline", "c:errBars", "c:cat", "c:val", "c:xVal")
"""What follows the labels of a series."""
_LABELS_FROM_CELLS = "{CE6537A1-D6FC-4f65-9D91-7224C49458BB}"
_RANGE_OF_LABELS = "{02D57815-91ED-43cb-92C2-25804820EDAC}"


def parse(xml: str) -> Any:
    """Parse an element of a chart; `xml` uses the prefixes `c`, `a` and `c15`."""
    element = parse_xml(re.sub(r"^<([\w:]+)", rf"<\1 {_SPACES}", xml, count=1))
    etree.cleanup_namespaces(element)
    return element


class Labels(NamedTuple):
    """Texts for the points of series, as cells of the workbook have them.

    Attributes:
        reference: Their cells in the workbook.
        texts: The texts, for programs that do not take them from cells.
        size: In points.
    """

    reference: str
    texts: Sequence[str]
    size: float


def label_from_cells(series: Any, cell_labels: Labels, colours: Mapping[int, str], position: str = "inBase") -> None:
    """Write texts at points of a series, taken from cells of the workbook, so that editing changes them.

    Args:
        series: The series' `c:ser`.
        cell_labels: The texts of all points.
        colours: The places of the points that have theirs here, with its colour: `#RRGGBB`, or a name of the slide's
            theme colours (`tx1`, `tx2`).
        position: Where at its bar a text stands: `inBase` or `inEnd`.
    """
    reference, texts, size = cell_labels
    labels = parse("<c:dLbls></c:dLbls>")
    for place, text in enumerate(texts):
        if place not in colours:
            labels.append(parse(f'<c:dLbl><c:idx val="{place}"/><c:delete val="1"/></c:dLbl>'))
            continue
        colour = colours[place]
        ink = f'<a:srgbClr val="{colour[1:]}"/>' if colour.startswith("#") else f'<a:schemeClr val="{colour}"/>'
        style = f'sz="{round(size * 100)}"><a:solidFill>{ink}</a:solidFill>'
        field = f'<a:fld id="{{{str(UUID(int=place + 1)).upper()}}}" type="CELLRANGE"><a:rPr {style}</a:rPr>'
        labels.append(
            parse(
                f'<c:dLbl><c:idx val="{place}"/><c:tx><c:rich><a:bodyPr wrap="none"/><a:p><a:pPr><a:defRPr {style}'
                f"</a:defRPr></a:pPr>{field}<a:pPr><a:defRPr {style}</a:defRPr></a:pPr><a:t>{escape(text)}</a:t>"
                f'</a:fld></a:p></c:rich></c:tx><c:dLblPos val="{position}"/>{_SHOWN}'
                f'<c:extLst><c:ext uri="{_LABELS_FROM_CELLS}"><c15:dlblFieldTable/>'
                '<c15:showDataLabelsRange val="1"/></c:ext></c:extLst></c:dLbl>'
            )
        )
    for part in parse(
        f'<c:dLbls><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr><c:dLblPos val="{position}"/>{_SHOWN}'
        f'<c:extLst><c:ext uri="{_LABELS_FROM_CELLS}"><c15:showDataLabelsRange val="1"/>'
        '<c15:showLeaderLines val="0"/></c:ext></c:extLst></c:dLbls>'
    ):
        labels.append(part)
    insert(series, labels, before=_AFTER_LABELS)
    points = "".join(f'<c:pt idx="{n}"><c:v>{escape(text)}</c:v></c:pt>' for n, text in enumerate(texts))
    series.append(
        parse(
            f'<c:extLst><c:ext uri="{_RANGE_OF_LABELS}"><c15:datalabelsRange><c15:f>{reference}</c15:f>'
            f'<c15:dlblRangeCache><c:ptCount val="{len(texts)}"/>{points}</c15:dlblRangeCache>'
            "</c15:datalabelsRange></c:ext></c:extLst>"
        )
    )


@dataclass(frozen=True)
class PointLabel:
    """A text at one point of a series.

    Attributes:
        text: Lines; those after the first are bold.
        position: `r`, `t`, `b` or `l` of the point, or empty for the program's default.
        raised: How far above its position, as a share of the chart's height.
    """

    text: str
    position: str
    size: float
    colour: str
    raised: float = 0


def label_at(series: Any, place: int, label: PointLabel) -> None:
    """Write a text at the point of a series that is at `place`."""
    runs = "".join(
        f'<a:p><a:pPr algn="l"><a:defRPr/></a:pPr><a:r><a:rPr sz="{round(label.size * 100)}" b="{int(n > 0)}">'
        f'<a:solidFill><a:srgbClr val="{label.colour[1:]}"/></a:solidFill></a:rPr><a:t>{escape(line)}</a:t></a:r></a:p>'
        for n, line in enumerate(label.text.split("\n"))
    )
    where = f'<c:dLblPos val="{label.position}"/>' if label.position else ""
    moved = f'<c:layout><c:manualLayout><c:x val="0"/><c:y val="{-label.raised}"/></c:manualLayout></c:layout>'
    labels = parse(
        f'<c:dLbls><c:dLbl><c:idx val="{place}"/>{moved if label.raised else ""}'
        f'<c:tx><c:rich><a:bodyPr wrap="{"none" if label.position else "square"}"/>{runs}</c:rich></c:tx>'
        f'{where}<c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/><c:showSerName val="0"/>'
        f'<c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbl>{_SHOWN}'
        f'<c:extLst><c:ext uri="{_LABELS_FROM_CELLS}"><c15:showLeaderLines val="0"/></c:ext></c:extLst></c:dLbls>'
    )
    insert(series, labels, before=_AFTER_LABELS)


def hide_labels(series: Any, places: Sequence[int]) -> None:
    """Take the labels of some points away; the series must have labels."""
    labels = series.find(qn("c:dLbls"))
    for number, place in enumerate(places):
        labels.insert(number, parse(f'<c:dLbl><c:idx val="{place}"/><c:delete val="1"/></c:dLbl>'))


def colour_labels(series: Any, places: Sequence[int], size: float, colour: str, number_format: str) -> None:
    """Write the values of some points in a colour (`#RRGGBB`) of their own; the series must have labels."""
    labels = series.find(qn("c:dLbls"))
    hidden = {label.find(qn("c:idx")).get("val") for label in labels.findall(qn("c:dLbl"))}
    label_settings = _SHOWN.replace('<c:showVal val="0"/>', '<c:showVal val="1"/>')
    for place in places:
        if str(place) not in hidden:
            labels.insert(
                0,
                parse(
                    f'<c:dLbl><c:idx val="{place}"/><c:numFmt formatCode="{number_format}" sourceLinked="0"/><c:spPr/>'
                    f'<c:txPr><a:bodyPr/><a:p><a:pPr><a:defRPr sz="{round(size * 100)}"><a:solidFill>'
                    f'<a:srgbClr val="{colour[1:]}"/></a:solidFill></a:defRPr></a:pPr><a:endParaRPr/></a:p></c:txPr>'
                    f'<c:dLblPos val="ctr"/>{label_settings}</c:dLbl>'
                ),
            )
    points = sorted(labels.findall(qn("c:dLbl")), key=lambda label: int(label.find(qn("c:idx")).get("val")))
    for number, point in enumerate(points):
        labels.insert(number, point)


def keep_fill_below_zero(series: Any, place: int) -> None:
    """Let the point at `place`, which has a fill of its own, keep it below zero."""
    point = series.get_or_add_dPt_for_point(place)
    flag = parse('<c:invertIfNegative val="0"/>')
    insert(point, flag, before=("c:marker", "c:bubble3D", "c:explosion", "c:spPr", "c:pictureOptions", "c:extLst"))


def place_plot(chart: Any, left: float, top: float, width: float, height: float) -> None:
    """Put the axes' rectangle at a place, in fractions of the chart, so that labels have room around it."""
    _replace_layout(chart._chartSpace.find(".//" + qn("c:plotArea")), (left, top, width, height), inner=True)


def place_legend(chart: Any, left: float, top: float, width: float, height: float) -> None:
    """Put the legend at a place, in fractions of the chart."""
    _replace_layout(chart._chartSpace.find(".//" + qn("c:legend")), (left, top, width, height), inner=False)


def mark_day(series: Any, colour: str) -> None:
    """Draw a dotted line from the series' point down to the axis; `colour` is `#RRGGBB`."""
    bars = parse(
        '<c:errBars><c:errDir val="y"/><c:errBarType val="minus"/><c:errValType val="percentage"/>'
        '<c:noEndCap val="1"/><c:val val="100"/><c:spPr><a:ln w="12700"><a:solidFill>'
        f'<a:srgbClr val="{colour[1:]}"/></a:solidFill><a:prstDash val="sysDot"/></a:ln></c:spPr></c:errBars>'
    )
    insert(series, bars, before=("c:cat", "c:val"))


def add_bounds(series: Any, lengths: Sequence[float], colour: str) -> None:
    """Draw a line above each dot of a series, so long on the axis of values; `colour` is `#RRGGBB`."""
    points = "".join(f'<c:pt idx="{place}"><c:v>{length:.6g}</c:v></c:pt>' for place, length in enumerate(lengths))
    bars = parse(
        '<c:errBars><c:errDir val="y"/><c:errBarType val="plus"/><c:errValType val="cust"/><c:noEndCap val="1"/>'
        f'<c:plus><c:numLit><c:ptCount val="{len(lengths)}"/>{points}</c:numLit></c:plus><c:spPr><a:ln w="15875">'
        f'<a:solidFill><a:srgbClr val="{colour[1:]}"/></a:solidFill></a:ln></c:spPr></c:errBars>'
    )
    insert(series, bars, before=("c:xVal", "c:yVal"))


def add_band(chart: Any, below: Any, band: Any, number: int, colours: tuple[str, str]) -> Any:
    """Fill the space below a line and hatch the area above it: `band` becomes an area stacked on a copy of `below`.

    Args:
        chart: The chart of lines.
        below: The `c:ser` of the lower line, which stays.
        band: The `c:ser` of the difference, which is moved out of the lines.
        number: A number that no series has, for the copy.
        colours: The `#RRGGBB` of the space below, and of the band's upright strokes.

    Returns:
        The band's `c:ser` in its new place.
    """
    lines = chart._chartSpace.find(".//" + qn("c:lineChart"))
    copy = deepcopy(below)
    for tag in ("c:idx", "c:order"):
        copy.find(qn(tag)).set("val", str(number))
    area = parse('<c:areaChart><c:grouping val="stacked"/><c:varyColors val="0"/></c:areaChart>')
    filled, strokes = (f'<a:srgbClr val="{colour[1:]}"/>' for colour in colours)
    ground = '<a:bgClr><a:schemeClr val="bg1"/></a:bgClr>'
    hatch = f'<a:pattFill prst="ltVert"><a:fgClr>{strokes}</a:fgClr>{ground}</a:pattFill>'
    for series, fill in ((copy, f"<a:solidFill>{filled}</a:solidFill>"), (band, hatch)):
        for tag in ("c:spPr", "c:marker", "c:smooth", "c:dLbls"):
            for element in series.findall(qn(tag)):
                series.remove(element)
        look = parse(f"<c:spPr>{fill}<a:ln><a:noFill/></a:ln></c:spPr>")
        insert(series, look, before=("c:pictureOptions", "c:dPt", "c:dLbls", "c:cat", "c:val"))
        area.append(series)  # moves the band out of the lines
    for axis in lines.findall(qn("c:axId")):
        area.append(deepcopy(axis))
    lines.addprevious(area)
    return band


def insert(parent: Any, element: Any, before: Sequence[str]) -> None:
    """Put `element` before the first of the named children, where the schema wants it."""
    for child in parent:
        if child.tag in {qn(tag) for tag in before}:
            child.addprevious(element)
            return
    parent.append(element)


def number_axes(chart: Any) -> None:
    """Give the axes numbers from 1 on: the library's are negative, which the standard does not allow."""
    places = [element for element in chart._chartSpace.iter(qn("c:axId"), qn("c:crossAx"))]
    numbers = {old: str(new) for new, old in enumerate(dict.fromkeys(one.get("val") for one in places), start=1)}
    for one in places:
        one.set("val", numbers[one.get("val")])


def describe(frame: Any, title: str, text: str) -> None:
    """Give a chart, table or picture its alternative text, and the title of that."""
    properties = frame._element.xpath(".//p:cNvPr")[0]
    properties.set("descr", text)
    properties.set("title", title)


def _replace_layout(parent: Any, box: tuple[float, float, float, float], *, inner: bool) -> None:
    for old in parent.findall(qn("c:layout")):
        parent.remove(old)
    target = '<c:layoutTarget val="inner"/>' if inner else ""
    names = zip("xywh", box, strict=True)
    layout = parse(
        f'<c:layout><c:manualLayout>{target}<c:xMode val="edge"/><c:yMode val="edge"/>'
        + "".join(f'<c:{name} val="{value:.4f}"/>' for name, value in names)
        + "</c:manualLayout></c:layout>"
    )
    if inner:
        parent.insert(0, layout)
    else:
        insert(parent, layout, before=("c:overlay", "c:spPr", "c:txPr"))
