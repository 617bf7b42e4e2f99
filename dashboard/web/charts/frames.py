"""The code that shows a chart's page inside another page: a plain frame, or one that fits itself by a small script.

A chart's page tells the window around it `{type: "dashboard-height", height: <CSS pixels>}` when it has been laid out
and whenever its height changes, and nothing else.
"""

from html import escape
from urllib.parse import urlsplit

from dashboard.charts.chart import Chart
from dashboard.settings import Settings
from dashboard.web.charts import embed_page
from dashboard.web.charts.page_height import WIDE, reckon_height
from dashboard.web.charts.requests import ChartRequest

_USUAL_PORTS = {"http": 80, "https": 443}


def write_frame(address: str, title: str, width: int | str, height: int) -> str:
    """The HTML that shows a chart's page inside another page."""
    return (
        f'<iframe src="{escape(address)}" title="{escape(title)}" width="{width}" height="{height}" '
        'style="border:0;max-width:100%" loading="lazy"></iframe>'
    )


def write_plain(chart: Chart, request: ChartRequest, settings: Settings) -> str:
    """A frame as wide as its column, as high as its page is in a column of text; pages without scripts take it."""
    title = request.title or chart.title
    return write_frame(request.framed_address(settings.base_url), title, "100%", find_height(chart, request, WIDE))


def write_fitting(chart: Chart, request: ChartRequest, settings: Settings) -> str:
    """The plain frame after a script that gives it the height its page tells; once a page or with every chart."""
    script = (
        f'addEventListener("message",e=>{{if(e.origin!=="{_find_origin(settings.base_url)}"||!e.data||'
        'e.data.type!=="dashboard-height")return;for(const f of document.querySelectorAll("iframe"))'
        'if(f.contentWindow===e.source)f.style.height=Math.ceil(e.data.height)+"px"})'
    )
    return f"<script>{script}</script>{write_plain(chart, request, settings)}"


def find_height(chart: Chart, request: ChartRequest, width: int) -> int:
    """The height that a chart's page needs at a width, in CSS pixels."""
    return reckon_height(chart, width, embed_page.name_links(chart.lang), request.title)


def _find_origin(address: str) -> str:
    """A site as browsers name where a message comes from: without a path, a usual port or capitals."""
    split = urlsplit(address)
    host = f"[{split.hostname}]" if ":" in (split.hostname or "") else (split.hostname or "")
    port = "" if split.port in (None, _USUAL_PORTS.get(split.scheme)) else f":{split.port}"
    return f"{split.scheme}://{host}{port}"
