"""A chart's page as one file that opens anywhere."""

from dashboard.charts.chart import build_chart
from dashboard.ground.base_urls import shareable
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot
from dashboard.web.charts import embed_page, words_font
from dashboard.web.charts.chart_receipt import issue_receipt
from dashboard.web.charts.requests import ChartRequest


def draw_single(snapshot: Snapshot, request: ChartRequest, settings: Settings) -> bytes:
    """A chart's page as one file: it leads to the dashboard, and to no file beside it."""
    chart = build_chart(snapshot, request.chart_id, request.selection, request.options)
    links = embed_page.Links(
        shareable(request.address(settings.base_url, "html")),
        live=shareable(request.live_address(settings.base_url)),
        fonts=words_font.INSIDE,
        receipt=issue_receipt(snapshot, request, chart, settings),
    )
    return embed_page.draw_page(chart, links, request.title, write_policy(words_font.INSIDE)).encode()


def write_policy(fonts: str) -> str:
    """What a page that is a file may load; who may frame it only a server's header can say.

    Args:
        fonts: As in `embed_page.Links`.
    """
    styles, script = embed_page.style_sources(fonts), embed_page.script_source()
    font_source = "data:" if fonts == words_font.INSIDE else "'self'"
    return (
        f"default-src 'none'; script-src {script}; style-src {styles}; font-src {font_source}; img-src 'self' data:; "
        "base-uri 'none'"
    )
