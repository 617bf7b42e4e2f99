"""The data of a native chart: its content, and the workbook inside it that opens at *Edit data*."""

import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from xlsxwriter import Workbook

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
        target = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False}
        workbook = Workbook(target, options | {"strings_to_urls": False})
        workbook.set_properties({"created": datetime(2000, 1, 1)})
        sheet = workbook.add_worksheet(SHEET)
        heading = workbook.add_format({"bold": True})
        columns = [(one.name, one.values) for one in self._series]
        styles = [workbook.add_format({"num_format": number_format}) for number_format in self._formats]
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, len(columns) + len(self._texts), 18)
        _write(sheet, 0, self._categories, styles[0])
        for number, (name, values) in enumerate(columns, start=1):
            sheet.write_string(0, number, name, heading)
            _write(sheet, number, values, styles[number])
        for number, (name, texts) in enumerate(self._texts, start=len(columns) + 1):
            sheet.write_string(0, number, name, heading)
            _write(sheet, number, texts, None)
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
