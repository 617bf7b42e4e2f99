"""Reading presentations in tests: their charts, tables, texts, and the order of a chart's elements."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import openpyxl
from lxml import etree
from pptx import Presentation

from dashboard.charts.catalogue import CATALOGUE
from dashboard.files.briefings.content import Briefing, compose
from dashboard.files.briefings.slides.deck import write_deck
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection

BASE_URL = "https://actions.example.org"
_OF_KIND = {spec.kind: chart_id for chart_id, spec in reversed(CATALOGUE.items())}
ONE_A_KIND = sorted(_OF_KIND.values(), key=list(CATALOGUE).index)
"""A chart of each kind: for tests that depend on the kind alone."""

# The order of elements that ECMA-376 demands (dml-chart.xsd), for the elements of these charts.
ORDER = {
    "chartSpace": "date1904 lang roundedCorners chart spPr txPr externalData userShapes",
    "chart": "title autoTitleDeleted plotArea legend plotVisOnly dispBlanksAs showDLblsOverMax",
    "plotArea": "layout areaChart barChart lineChart scatterChart catAx valAx dateAx spPr",
    "barChart": "barDir grouping varyColors ser dLbls gapWidth overlap axId",
    "lineChart": "grouping varyColors ser dLbls marker smooth axId",
    "scatterChart": "scatterStyle varyColors ser dLbls axId",
    "areaChart": "grouping varyColors ser dLbls axId",
    "ser": "idx order tx spPr invertIfNegative marker dPt dLbls errBars cat val xVal yVal smooth extLst",
    "dPt": "idx invertIfNegative marker spPr",
    "dLbls": "dLbl numFmt spPr txPr dLblPos showLegendKey showVal showCatName showSerName showPercent showBubbleSize "
    "showLeaderLines extLst",
    "dLbl": "idx delete layout tx numFmt spPr txPr dLblPos showLegendKey showVal showCatName showSerName showPercent "
    "showBubbleSize extLst",
    "errBars": "errDir errBarType errValType noEndCap plus val spPr",
    "legend": "legendPos legendEntry layout overlay spPr txPr",
    "catAx": "axId scaling delete axPos majorGridlines title numFmt majorTickMark minorTickMark tickLblPos spPr txPr "
    "crossAx crosses auto lblAlgn lblOffset tickLblSkip noMultiLvlLbl",
    "valAx": "axId scaling delete axPos majorGridlines title numFmt majorTickMark minorTickMark tickLblPos spPr txPr "
    "crossAx crosses crossBetween majorUnit",
    "dateAx": "axId scaling delete axPos majorGridlines title numFmt majorTickMark minorTickMark tickLblPos spPr txPr "
    "crossAx crosses auto lblOffset baseTimeUnit majorUnit majorTimeUnit",
    "scaling": "orientation max min",
}


def compose_some(snapshot: Snapshot, selection: Selection, *charts: Any, title: str = "") -> Briefing:
    """Return a briefing of these charts."""
    return compose(snapshot, selection, charts, BASE_URL, title)


@lru_cache(maxsize=12)
def share_all(snapshot: Snapshot, selection: Selection) -> Briefing:
    """Return a briefing of every chart, composed once in each process for all who only read it."""
    return compose_some(snapshot, selection, *CATALOGUE)


def read_deck(briefing: Briefing, target: Path, template: Path | None = None) -> Any:
    """Read the briefing's deck, written and read again."""
    write_deck(briefing, target, template)
    return Presentation(str(target))


def graphic(slide: Any) -> Any:
    """Return the chart or table on a slide; None where there is a picture."""
    return next((shape for shape in slide.shapes if shape.has_chart or shape.has_table), None)


def texts(slide: Any) -> str:
    """Everything that is written on a slide outside its chart."""
    return "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


def embedded(chart: Any) -> Any:
    """Return the sheet that opens at *Edit data*."""
    return openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob)).active


def column(sheet: Any, number: int) -> list[Any]:
    """Return the values of a column below its heading."""
    return [row[0] for row in sheet.iter_rows(2, min_col=number, max_col=number, values_only=True)]


def series(chart: Any) -> dict[str, tuple[float | None, ...]]:
    """Return a chart's values by the names of its series; those that only draw or carry texts as well."""
    return {one.name: tuple(one.values) for plot in chart.plots for one in plot.series}


def out_of_order(file: Path) -> Iterator[str]:
    """Yield the elements of a chart's XML that stand where the standard forbids them."""
    with zipfile.ZipFile(file) as parts:
        for name in parts.namelist():
            if "/charts/chart" in name:
                for element in etree.fromstring(parts.read(name)).iter():
                    yield from (f"{name}: {fault}" for fault in _faults(element))


def _faults(element: Any) -> Iterator[str]:
    tag = etree.QName(element).localname
    order: Sequence[str] = ORDER.get(tag, "").split()
    if not order or "chart" not in etree.QName(element).namespace:
        return
    children = [etree.QName(child).localname for child in element]
    numbers = [child.get("val") for child in element if etree.QName(child).localname in ("axId", "crossAx")]
    if not all(number.isdecimal() for number in numbers):
        yield f"{tag} has axes {numbers}"
    unknown = [child for child in children if child not in order]
    axes = [child for child in children if child in ("catAx", "valAx", "dateAx")]
    known = [child for child in children if child in order and child not in axes]
    if unknown:
        yield f"{tag} holds {unknown}"
    if [order.index(child) for child in known] != sorted(order.index(child) for child in known):
        yield f"{tag} holds {children}"
