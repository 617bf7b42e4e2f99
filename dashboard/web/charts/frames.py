"""The code that shows a chart's page inside another page: a frame that is never cut, and a small script to fit it.

A chart's page tells the window around it `{type: "dashboard-height", height: <CSS pixels>}` when it has been laid out
and whenever its height changes, and nothing else.
"""

import math
from html import escape
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import urlsplit

from dashboard.charts.chart import Chart
from dashboard.settings import Settings
from dashboard.web.charts import embed_page
from dashboard.web.charts.page_height import BREAK, WIDE, PageHeight
from dashboard.web.charts.requests import ChartRequest

LIMITS = (320, 400, BREAK)
"""Widths of columns in CSS pixels, the narrowest one first: between two of them a frame has one height."""

_USUAL_PORTS = {"http": 80, "https": 443}


class Frame(NamedTuple):
    """The HTML that shows a chart's page inside another page, and its height in CSS pixels where it has its width."""

    html: str
    height: int


def make_frame(chart: Chart, request: ChartRequest, base_url: str, width: int = WIDE, most: float = math.inf) -> Frame:
    """A frame for a chart's page that is cut nowhere, without a script.

    Its style gives it the height that the page needs in the column in which it stands; where styles are left out, it
    has that of its width.

    Args:
        chart: What the page shows.
        request: Which page it is.
        base_url: Where the dashboard is.
        width: The most CSS pixels it takes across.
        most: The most it may take down; then a reader scrolls.
    """
    page = PageHeight(chart, embed_page.name_links(chart.lang), request.title)
    height = int(min(page.find(width), most))
    limits = [*(limit for limit in LIMITS if limit < width), width] if width > LIMITS[0] else []
    steps = [(below, page.find_most(least, below - 1)) for least, below in pairwise(limits)]
    heights = [f"clamp(0px,({below}px - 100cqw)*9999,{min(high, most)}px)" for below, high in steps if high > height]
    style = f"border:0;height:max({','.join([f'{height}px', *heights])})"
    html = (
        f'<div style="container-type:inline-size;width:100%;max-width:{width}px;margin:0 auto">'
        f'<iframe src="{escape(request.framed_address(base_url))}" title="{escape(request.title or chart.title)}" '
        f'width="100%" height="{height}" style="{style}" loading="lazy"></iframe></div>'
    )
    return Frame(html, height)


def write_embed(chart: Chart, request: ChartRequest, settings: Settings) -> str:
    """The frame after a script that gives it the very height its page tells, also when a reader opens the table."""
    script = (
        f'addEventListener("message",e=>{{if(e.origin!=="{_find_origin(settings.base_url)}"||!e.data||'
        'e.data.type!=="dashboard-height")return;for(const f of document.querySelectorAll("iframe"))'
        'if(f.contentWindow===e.source)f.style.height=Math.ceil(e.data.height)+"px"})'
    )
    return f"<script>{script}</script>{make_frame(chart, request, settings.base_url).html}"


def _find_origin(address: str) -> str:
    """A site as browsers name where a message comes from: without a path, a usual port or capitals."""
    split = urlsplit(address)
    host = f"[{split.hostname}]" if ":" in (split.hostname or "") else (split.hostname or "")
    port = "" if split.port in (None, _USUAL_PORTS.get(split.scheme)) else f":{split.port}"
    return f"{split.scheme}://{host}{port}"
