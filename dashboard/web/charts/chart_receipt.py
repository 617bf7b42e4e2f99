"""The receipt of an answer about a chart."""

from dashboard.charts.chart import Chart
from dashboard.charts.chart_values import hash_chart
from dashboard.charts.svg.surround import SCALES
from dashboard.ground.base_urls import is_folder
from dashboard.receipts.receipt import Receipt, issue
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot
from dashboard.web.charts.requests import DEFAULT_SIZE, ChartRequest

_USUAL = {"size": DEFAULT_SIZE, "scale": SCALES[0]}


def issue_receipt(
    snapshot: Snapshot, request: ChartRequest, chart: Chart, settings: Settings, picture: str = ""
) -> Receipt:
    """The receipt of what an address asks for; `picture` is the hash of its image data."""
    picture_options = {"size": request.size, "scale": request.scale}
    picture_options = {name: value for name, value in picture_options.items() if value != _USUAL[name]}
    address = request.address(settings.base_url, request.file_format, **picture_options)
    if is_folder(settings.base_url):  # a plain file passes over the query, by which it can be made again
        address = f"{address}?{request.query(request.file_format, **picture_options)}"
    return issue(snapshot, address, request.file_format, hash_chart(chart), picture=picture)
