"""The content of files, for people who compare: a workbook's cells by sheet, a deck's texts and figures by slide."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import openpyxl
from pptx import Presentation
from starlette.applications import Starlette

from tests.charts_over_http import ask
from tests.described import BASE
from tests.outside.entries import Entries, digest, shorten

WORKBOOKS = (
    "/extracts/actions.xlsx?lang=en",
    "/extracts/actions.xlsx?include=themes_countries,reports,milestones,answers,events,stories&lang=fr",
    "/extracts/actions.xlsx?region=arab_states&as_of=2021-07-20&lang=es",
    "/extracts/reports.xlsx?theme=mining&lang=en",
    "/charts/completion-by-region.xlsx?lang=fr",
    "/charts/region-by-theme.xlsx?lang=en",
    "/charts/completion-over-time.xlsx?lang=es",
    "/charts/survey-answers.xlsx?question=challenges&lang=fr",
    "/charts/completion-by-theme.xlsx?region=africa&vs.region=americas&lang=en",
)
DECKS = (
    "/charts/completion-by-region.pptx?lang=en",
    "/charts/status-overview.pptx?lang=fr",
    "/charts/completion-over-time.pptx?lang=es",
    "/charts/region-by-theme.pptx?region=africa&lang=en",
    "/charts/completion-map.pptx?lang=fr",
    "/charts/over-time-by-region.pptx?lang=es",
    "/charts/survey-answers.pptx?question=challenges&lang=en",
    "/charts/completion-by-theme.pptx?region=africa&vs.region=americas&lang=fr",
)
PACKAGES = ("/extracts/all-tables.zip?lang=es",)
ROWS = 3
"""The number of filled rows to read from each sheet."""


def describe_files(app: Starlette) -> Entries:
    """Workbooks by sheet, decks by slide, packages by member."""
    entries: Entries = {}
    for addresses, list_parts in ((WORKBOOKS, _list_sheets), (DECKS, _list_slides), (PACKAGES, _list_members)):
        for address in addresses:
            for name, form, value in list_parts(io.BytesIO(ask(app, f"{BASE}{address}").content)):
                entries[f"{address} {name}", form] = value
    return entries


def _list_sheets(file: io.BytesIO) -> Iterator[tuple[str, str, str]]:
    for sheet in openpyxl.load_workbook(file):
        cells = [
            (cell.coordinate, cell.value, cell.number_format, cell.hyperlink.target if cell.hyperlink else None)
            for row in sheet.iter_rows()
            for cell in row
            if cell.value is not None
        ]
        yield sheet.title, "cells", f"{len(cells)} {digest(chr(10).join(map(repr, cells)))}"
        filled = [[value for value in row if value is not None] for row in sheet.iter_rows(values_only=True)]
        for number, row in enumerate([row for row in filled if row][:ROWS], 1):
            yield sheet.title, f"row-{number}", shorten("; ".join(map(str, row)), 60)


def _list_slides(file: io.BytesIO) -> Iterator[tuple[str, str, str]]:
    for number, slide in enumerate(Presentation(file).slides, 1):
        shapes = list(slide.shapes)
        texts = [shape.text_frame.text for shape in shapes if shape.has_text_frame]
        figures = [_read_figures(shape) for shape in shapes if shape.has_chart or shape.has_table]
        yield f"slide {number}", "texts", digest("\n".join(texts))
        yield f"slide {number}", "figures", digest(repr(figures))
        yield f"slide {number}", "begins", shorten("; ".join(texts), 80)


def _read_figures(shape: Any) -> list[Any]:
    """Read the values of a native chart by series, or the cells of a table."""
    if shape.has_table:
        return [[cell.text for cell in row.cells] for row in shape.table.rows]
    plots = shape.chart.plots
    return [(list(plot.categories), [(one.name, list(one.values)) for one in plot.series]) for plot in plots]


def _list_members(file: io.BytesIO) -> Iterator[tuple[str, str, str]]:
    with zipfile.ZipFile(file) as package:
        for name in sorted(package.namelist()):
            yield name, "holds", digest(package.read(name))
