"""A chart's data as CSV, for the address of its data, for files and for briefings."""

import csv

from dashboard.charts import Chart
from dashboard.extract_files import BOM, FORMULA


def write_csv(chart: Chart) -> bytes:
    """A chart's data as RFC 4180 asks, with the mark by which Excel knows UTF-8; unknown values are empty.

    A text that a spreadsheet would run as a formula begins with an apostrophe.
    """
    data = chart.data()
    for name in data.select_dtypes(exclude="number"):
        texts = data[name].astype("str")
        data[name] = texts.mask(texts.str.match(FORMULA), "'" + texts)
    text = data.to_csv(index=False, lineterminator="\r\n", quoting=csv.QUOTE_MINIMAL)
    return (BOM + text).encode()
