"""The values of a chart as one hash: the same in every language, order and form."""

from dashboard.charts.chart import Chart
from dashboard.receipts.receipt import hash_values

_CODES = ("code", "side", "on_date", "wave", "region")
_WORDS = ("verdict",)


def hash_chart(chart: Chart) -> str:
    """The hash of what a chart shows: its marks' codes and numbers and the totals; words do not count."""
    data = chart.data()
    names = [str(name) for name, column in data.items() if column.dtype.kind in "iufb" or _is_code(str(name))]
    totals = [number for total in chart.totals for number in (total.actions, total.reported, total.completed)]
    return hash_values(names, zip(*(data[name].tolist() for name in names), strict=True), totals)


def _is_code(name: str) -> bool:
    return name in _CODES or name.endswith("_code")
