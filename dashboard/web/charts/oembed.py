"""oEmbed (https://oembed.com), which content systems request for a pasted address; and the frame to paste.

A chart's page tells the window around it `{type: "dashboard-height", height: <CSS pixels>}` when it has been laid out
and whenever its height changes, and nothing else; the small script beside a frame fits it to that, so that it is never
cut.
"""

import math
import re
from collections.abc import Mapping, Sequence
from html import escape
from itertools import pairwise
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from dashboard.charts.catalogue import SURVEY
from dashboard.charts.chart import Chart, build_chart
from dashboard.charts.options import EXPLORE, MEASURED, ONWARD, find_spec, read_choices
from dashboard.charts.sides import COMPARED
from dashboard.charts.svg.surround import SIZES
from dashboard.errors import SelectionError, UserError
from dashboard.ground import page_addresses
from dashboard.ground.tracking import drop_tracking
from dashboard.i18n import N_
from dashboard.settings import Settings
from dashboard.snapshot.attribution import attribute
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.receipts.receipt import NAME as RECEIPT
from dashboard.snapshot.selection import VERSUS
from dashboard.web.charts import embed_page
from dashboard.web.charts.page_height import BREAK, WIDE, PageHeight
from dashboard.web.charts.requests import COMPARE, FORMATS, FRONT_PAGE, ChartRequest, issue_receipt, read, split_name
from dashboard.web.site import is_same_place

LIMITS = (320, 400, BREAK)
"""Widths of columns in CSS pixels, the narrowest one first: between two of them a frame has one height."""

_USUAL_PORTS = {"http": 80, "https": 443}


class Frame(NamedTuple):
    """The HTML that shows a chart's page inside another page, and its height in CSS pixels at its width."""

    html: str
    height: int


def make_frame(chart: Chart, request: ChartRequest, base_url: str, width: int = WIDE, most: float = math.inf) -> Frame:
    """Make a frame for a chart's page that is cut nowhere, without a script.

    Its style gives it the page's height in its column; without styles, it has the height for
    its width.

    It takes `width` CSS pixels across and at most `most` down; beyond that a reader scrolls.
    """
    page = PageHeight(chart, embed_page.name_links(chart.lang), request.title)
    height = int(min(page.find(width), most))
    limits = [*(limit for limit in LIMITS if limit < width), width] if width > LIMITS[0] else []
    steps = [(below, page.find_most(least, below - 1)) for least, below in pairwise(limits)]
    heights = [f"clamp(0px,({below}px - 100cqw)*9999,{min(high, most)}px)" for below, high in steps if high > height]
    style = f"border:0;height:max({','.join([f'{height}px', *heights])})"
    title = escape(chart.caption.entitle(request.title))
    html = (
        f'<div style="container-type:inline-size;width:100%;max-width:{width}px;margin:0 auto">'
        f'<iframe src="{escape(request.framed_address(base_url))}" title="{title}" '
        f'width="100%" height="{height}" style="{style}" loading="lazy"></iframe></div>'
    )
    return Frame(html, height)


def write_embed(chart: Chart, request: ChartRequest, settings: Settings) -> str:
    """Write the frame after a script that sets the exact height from its page, also when a reader opens the table."""
    script = (
        f'addEventListener("message",e=>{{if(e.origin!=="{_find_origin(settings.base_url)}"||!e.data||'
        'e.data.type!=="dashboard-height")return;for(const f of document.querySelectorAll("iframe"))'
        'if(f.contentWindow===e.source)f.style.height=Math.ceil(e.data.height)+"px"})'
    )
    return f"<script>{script}</script>{make_frame(chart, request, settings.base_url).html}"


def _find_origin(address: str) -> str:
    """Return a site as browsers name the origin of a message: without a path, a usual port or capitals."""
    split = urlsplit(address)
    host = f"[{split.hostname}]" if ":" in (split.hostname or "") else (split.hostname or "")
    port = "" if split.port in (None, _USUAL_PORTS.get(split.scheme)) else f":{split.port}"
    return f"{split.scheme}://{host}{port}"


WIDTH = WIDE
LEAST = 200
"""Pixels below which no chart can be read; a smaller frame gets this, and scrolls."""
MOST = 4000
LONGEST_ADDRESS = 4000

PAGE_CHARTS = {
    FRONT_PAGE: "completion-over-time",
    "regions": "completion-by-region",
    "categories": "completion-by-category",
    "themes": "completion-by-theme",
    "subregions": "completion-by-subregion",
    "countries": "completion-by-country",
    "groupings": "completion-by-grouping",
    "groups": "completion-by-group",
    "milestones": "milestones-by-month",
    "country": "completion-over-time",
    EXPLORE: EXPLORE,
    "surveys": SURVEY.id,
    COMPARE: "completion-over-time",
}
"""The chart that stands for a page of the dashboard when its address is pasted."""
PAGE_PARAMETERS = ("chart", "sort", "measure", *MEASURED, *ONWARD, "large")
"""The parameters of a page of charts beside the selection: the chart shown of several, and the choices for each."""
SINCE = "since"
"""The further parameter of Overview: the earlier day of its comparison; no chart stands for that."""
STATE = "state"
"""The further parameter of Milestones: the list shown; no chart stands for that."""


class ForeignError(UserError):
    """The address belongs to none of this dashboard's charts."""


def locate(address: str, base_url: str) -> tuple[str, dict[str, list[str]]]:
    """Find chart id and parameters of a pasted address: of a chart in any format, or of a page that shows one.

    Raises:
        ForeignError: it is an address of another site, or there is nothing to embed.
    """
    base = urlsplit(base_url)
    try:
        pasted = urlsplit(address[:LONGEST_ADDRESS])
        query = drop_tracking(parse_qs(pasted.query, keep_blank_values=True, max_num_fields=500))
        is_here = pasted.scheme in ("http", "https") and is_same_place(address, base_url)
    except ValueError:
        raise _foreign() from None
    if not is_here or len(address) > LONGEST_ADDRESS or not pasted.path.startswith(base.path):
        raise _foreign()
    path = unquote(pasted.path[len(base.path) :]).strip("/")
    place, _, name = path.partition("/")
    if place == "charts" and name:
        return _read_name(name), query
    page_id, pairs = page_addresses.read(path, [(name, value) for name, values in query.items() for value in values])
    if page_id in PAGE_CHARTS:
        return read_page(page_id, {name: query[name] for name, _ in pairs})
    raise _foreign()


def read_page(page_id: str, query: Mapping[str, Sequence[str]]) -> tuple[str, dict[str, list[str]]]:
    """Return the chart that stands for a page of `PAGE_CHARTS`, and its own parameters out of the page's.

    `sort` and `measure` of a page name the chart of each choice.
    """
    parameters = {name: list(values) for name, values in query.items()}
    chart_id = PAGE_CHARTS[page_id]
    chart_choice = parameters.get("chart", [""])[-1]
    if any(name in VERSUS for name in parameters) and chart_choice in COMPARED:
        chart_id = chart_choice
    if chart_id in (EXPLORE, SURVEY.id):  # the page has no other chart
        return chart_id, {name: values for name, values in parameters.items() if name != "large"}
    chart_parameters = {
        name: values for name, values in parameters.items() if name not in (*PAGE_PARAMETERS, SINCE, STATE)
    }
    chosen = read_choices({name: parameters[name] for name in PAGE_PARAMETERS if name in parameters})
    return chart_id, chart_parameters | chosen.get(chart_id, {})


def read_address(chart_id: str, query: Mapping[str, Sequence[str]], snapshot: Snapshot) -> ChartRequest:
    """Read a pasted address as the page to frame; skip parameters of other formats (a picture's size).

    Raises:
        ForeignError: a filter of it is unknown, so that there is no such chart.
    """
    foreign_parameters = {name for form in FORMATS.values() for name in form.extras} - set(FORMATS["html"].extras)
    try:
        return read(
            chart_id,
            "html",
            {name: values for name, values in query.items() if name not in foreign_parameters},
            snapshot,
        )
    except SelectionError as error:
        raise ForeignError(f"There is no such chart: {error.what}", error.remedy) from error


def describe(
    snapshot: Snapshot, request: ChartRequest, settings: Settings, max_width: int | None, max_height: int | None
) -> dict[str, Any]:
    """Describe a chart: an iframe with its size, the title, the provider, and a preview where it fits.

    The room is in pixels; None for any.
    """
    base = settings.base_url
    chart = build_chart(snapshot, request.chart_id, request.selection, request.options)
    width = min(WIDTH, max_width or WIDTH)
    frame = make_frame(chart, request, base, width, max_height or math.inf)
    attribution = attribute(snapshot.campaign, chart.lang)
    answer: dict[str, Any] = {
        "type": "rich",
        "version": "1.0",
        "title": chart.caption.entitle(request.title),
        "description": " ".join(chart.caption.messages),
        **({"author_name": attribution.publisher} if attribution.publisher else {}),
        **({"author_url": attribution.url} if attribution.url else {}),
        "provider_name": attribution.campaign,
        "provider_url": base,
        "cache_age": 3600,
        "width": width,
        "height": frame.height,
        "html": frame.html,
        RECEIPT: issue_receipt(snapshot, request, chart, settings).state(),
    }
    size = SIZES["social"]
    tall = size.height or 0
    has_picture = not request.token  # a signed link opens the page alone
    if has_picture and size.width <= (max_width or size.width) and tall <= (max_height or tall):
        picture = request.address(base, "png", size="social")
        answer |= {"thumbnail_url": picture, "thumbnail_width": size.width, "thumbnail_height": tall}
    return answer


def write_address(base_url: str, address: str) -> str:
    """Write the address of the description of a chart or page, for their heads."""
    return f"{base_url}/oembed?{urlencode({'url': address, 'format': 'json'})}"


def read_pixels(name: str, text: str) -> int | None:
    """Read a number of pixels; None where none is given.

    Raises:
        SelectionError: it is no number.
    """
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,6}", text):
        raise SelectionError(f"{name}={text!r} is no number of pixels.", name, (f"{LEAST}–{MOST}",), text)
    return min(max(int(text), LEAST), MOST)


def _read_name(name: str) -> str:
    chart_id, _, rest = name.partition("/")
    try:
        if rest == "interactive":
            return find_spec(chart_id).id
        return split_name(name)[0]
    except SelectionError as error:
        raise _foreign() from error


def say_unset() -> ForeignError:
    """Explain that no address can be this dashboard's: its own address is not set."""
    return ForeignError(
        N_("This dashboard has not been told its own address, so it knows none of its charts by theirs."),
        N_("Its operators set DASHBOARD_BASE_URL to the address that readers see."),
    )


def _foreign() -> ForeignError:
    return ForeignError(N_("This is no address of a chart of this dashboard."), N_("The list of charts is at /charts."))
