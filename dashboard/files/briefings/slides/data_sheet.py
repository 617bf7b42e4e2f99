"""The data of a native chart: its content, and the workbook inside it that opens at *Edit data*."""

import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from pptx.chart.data import CategoryChartData, XyChartData
from pptx.enum.chart import XL_CHART_TYPE
from xlsxwriter import Workbook

from dashboard.charts.encoding import Scatter
from dashboard.files.briefings.series import Series

SHEET = "Sheet1"
"""The name in PowerPoint's references to the workbook; readers see it only when they edit the data."""


class DataSheet:
    """A chart's categories and series, as PowerPoint's chart part and as the workbook it refers to.

    The library's own workbook would turn a label that begins with `=` into a formula, and carry the time it was
    made; this one has typed cells, headings and the texts of the labels.
    """

    def __init__(
        self, categories: Sequence[str] | Sequence[date], series: Sequence[Series], formats: Sequence[str]
    ) -> None:
        """Hold `series` over `categories`; `formats` are their number formats, the categories' first.

        A third kind of column, texts that labels refer to, is added with `add_texts`.
        """
        self._categories = categories
        self._series = series
        self._formats = formats
        self._texts: list[tuple[str, Sequence[str]]] = []
        self._data = CategoryChartData(number_format=formats[1])
        self._data.categories = categories
        for one, number_format in zip(series, formats[1:], strict=True):
            self._data.add_series(one.name, one.values, number_format)

    def add_texts(self, heading: str, texts: Sequence[str]) -> str:
        """Add a column of texts beside the series; return its reference."""
        self._texts.append((heading, texts))
        letter = chr(ord("A") + len(self._series) + len(self._texts))
        return f"{SHEET}!${letter}$2:${letter}${len(texts) + 1}"

    def xml_bytes(self, chart_type: XL_CHART_TYPE) -> bytes:
        """Return the chart part's XML; called by the library."""
        xml: bytes = self._data.xml_bytes(chart_type)
        return xml

    @property
    def xlsx_blob(self) -> bytes:
        """The workbook; called by the library."""
        columns = [(one.name, one.values) for one in self._series]
        return _write_workbook(
            [("", self._categories, self._formats[0])]
            + [(name, values, style) for (name, values), style in zip(columns, self._formats[1:], strict=False)]
            + [(name, texts, "@") for name, texts in self._texts]
        )


class DotSheet:
    """The dots of a scatter, as PowerPoint's chart part and as the workbook it refers to."""

    def __init__(self, scatter: Scatter, name: str, shares: str) -> None:
        """Hold the dots; `name` is that of their height, `shares` its number format."""
        self._scatter, self._name, self._shares = scatter, name, shares
        self._data = XyChartData(number_format=shares)
        series = self._data.add_series(name)
        for dot in scatter.dots:
            series.add_data_point(dot.value, dot.share)
        self.names = f"{SHEET}!$C$2:$C${len(scatter.dots) + 1}"

    def xml_bytes(self, chart_type: XL_CHART_TYPE) -> bytes:
        """Return the chart part's XML; called by the library."""
        xml: bytes = self._data.xml_bytes(chart_type)
        return xml

    @property
    def xlsx_blob(self) -> bytes:
        """The workbook; called by the library."""
        dots = self._scatter.dots
        return _write_workbook(
            [
                (self._scatter.across, [dot.value for dot in dots], "General"),
                (self._name, [dot.share for dot in dots], self._shares),
                ("", [dot.code for dot in dots], "@"),
            ]
        )


def _write_workbook(columns: Sequence[tuple[str, Sequence[Any], str]]) -> bytes:
    """Write a workbook of one sheet: of each column the heading, the cells and their number format."""
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False}
    workbook = Workbook(target, options | {"strings_to_urls": False})
    workbook.set_properties({"created": datetime(2000, 1, 1)})
    sheet = workbook.add_worksheet(SHEET)
    heading = workbook.add_format({"bold": True})
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, len(columns) - 1, 18)
    for number, (name, values, number_format) in enumerate(columns):
        if name:
            sheet.write_string(0, number, name, heading)
        _write(sheet, number, values, workbook.add_format({"num_format": number_format}))
    workbook.close()
    return target.getvalue()


def _write(sheet: Any, column: int, values: Sequence[Any], style: Any) -> None:
    for row, value in enumerate(values, start=1):
        if isinstance(value, str):
            sheet.write_string(row, column, value)
        elif isinstance(value, date):
            sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), style)
        elif value is not None:
            sheet.write_number(row, column, value, style)
