"""Answers of charts, made from the one `Chart`: page, picture, figure, data, description, slide, paper, workbook."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from dashboard.campaign.brand import PLAIN, Look
from dashboard.charts.chart import Chart, build_chart
from dashboard.charts.csv import write_csv
from dashboard.charts.plotly.draw import draw
from dashboard.charts.svg.draw import draw_svg
from dashboard.charts.svg.outlines import with_outlines
from dashboard.charts.svg.png import render_png, with_density
from dashboard.charts.svg.surround import find_zoom
from dashboard.files.briefings import order
from dashboard.ground.base_urls import shareable
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.receipts.carried import hash_picture, write_png_receipt, write_png_words, write_svg_receipt
from dashboard.snapshot.receipts.receipt import NAME as RECEIPT
from dashboard.web.charts import embed_page, oembed, words_font
from dashboard.web.charts.metadata import describe_chart
from dashboard.web.charts.requests import FORMATS, ChartRequest, issue_receipt
from dashboard.web.head_tags import DEFAULT, Download, Words, describe_dataset
from dashboard.web.http import write_json
from dashboard.web.static import scripts


def draw_single(snapshot: Snapshot, request: ChartRequest, settings: Settings) -> bytes:
    """Draw a chart's page as one file: it leads to the dashboard, and to no file beside it."""
    chart = build_chart(snapshot, request.chart_id, request.selection, request.options)
    links = embed_page.Links(
        shareable(request.address(settings.base_url, "html")),
        live=shareable(request.live_address(settings.base_url)),
        fonts=words_font.INSIDE,
        receipt=issue_receipt(snapshot, request, chart, settings),
    )
    return embed_page.draw_page(chart, links, request.title, write_policy(words_font.INSIDE, chart.look)).encode()


def write_policy(fonts: str, look: Look = PLAIN) -> str:
    """Write the content policy of a page that is a file; only a server's header can restrict its frames."""
    styles, script = embed_page.style_sources(fonts, look.styles), embed_page.script_source()
    font_source = "data:" if fonts == words_font.INSIDE else "'self'"
    return (
        f"default-src 'none'; script-src {script}; style-src {styles}; font-src {font_source}; img-src 'self' data:; "
        "base-uri 'none'"
    )


Paint = Callable[[str, float], bytes]


def make(snapshot: Snapshot, request: ChartRequest, settings: Settings, paint: Paint = render_png) -> bytes:
    """Make the answer to an address, uncompressed. It takes milliseconds and more: call it from a thread.

    `paint` makes PNG of SVG; on a server another process does that.

    Raises:
        UserError: a worker could not make the file.
    """
    if request.file_format in order.CHART_FORMATS:
        item = order.Item(request.chart_id, request.title or "", request.options)
        of_one_chart = order.BriefingRequest((item,), request.selection, is_single=True)
        return order.submit_briefing(snapshot, of_one_chart, request.file_format, settings).result().content
    chart = build_chart(snapshot, request.chart_id, request.selection, request.options)
    if request.file_format == "png":
        painted = paint(_draw(request, chart, settings), find_zoom(request.size, request.scale))
        painted = with_density(painted, request.scale)
        painted = write_png_words(painted, chart.caption.entitle(request.title), chart.alt)
        return write_png_receipt(painted, issue_receipt(snapshot, request, chart, settings, hash_picture(painted)))
    return _MAKERS[request.file_format](snapshot, request, chart, settings)


def _make_page(snapshot: Snapshot, request: ChartRequest, chart: Chart, settings: Settings) -> bytes:
    receipt = issue_receipt(snapshot, request, chart, settings)
    if request.token:
        return embed_page.draw_page(
            chart, replace(_link_alone(request, settings), receipt=receipt), request.title
        ).encode()
    links = replace(
        link(request, snapshot.languages, settings),
        dataset=_describe_data(snapshot, request, chart, settings),
        receipt=receipt,
    )
    return embed_page.draw_page(chart, links, request.title).encode()


def _describe_data(snapshot: Snapshot, request: ChartRequest, chart: Chart, settings: Settings) -> dict[str, Any]:
    """Describe the figures of a chart in terms of schema.org."""
    base = settings.base_url
    words = Words(chart.caption.entitle(request.title), chart.alt, chart.lang, chart.caption.definitions)
    return describe_dataset(
        snapshot,
        words,
        request.address(base, "html"),
        [
            Download(name.upper(), FORMATS[name].media_type.partition(";")[0], request.address(base, name))
            for name in ("csv", "json", "xlsx")
        ],
        request.selection.day(snapshot),
        campaign=settings.campaign,
        base_url=base,
        is_frozen=request.is_frozen,
    )


def link(request: ChartRequest, languages: Sequence[str], settings: Settings) -> embed_page.Links:
    """Return the links of a chart's page: to its other forms below the same server, and to the dashboard."""
    base = settings.base_url
    address = request.address(base, "html")
    return embed_page.Links(
        canonical=address,
        live=request.live_address(base),
        picture=request.address(base, "png", size="social"),
        oembed=oembed.write_address(base, address),
        paper=request.address(base, "pdf"),
        interactive=f"{request.name('interactive')}?{request.query('interactive')}",
        files=tuple((label, f"{request.name(name)}?{request.query(name)}") for label, name in embed_page.SHOWN_FILES),
        alternates=_list_alternates(request, languages, base),
        fonts="assets/",
    )


def _link_alone(request: ChartRequest, settings: Settings) -> embed_page.Links:
    """Return the links of a page that a signed link opened: only to the dashboard, to sign in."""
    base = settings.base_url
    return embed_page.Links(
        canonical=request.address(base, "html"),
        live=request.live_address(base),
        oembed=oembed.write_address(base, request.framed_address(base)),
        fonts="assets/",
    )


def _list_alternates(request: ChartRequest, languages: Sequence[str], base: str) -> dict[str, str]:
    """Return the address of a chart's page in each language, and for readers of any other one."""
    requests = {lang: replace(request, selection=replace(request.selection, lang=lang)) for lang in languages}
    addresses: dict[str, str] = {
        lang: request_in_lang.address(base, "html") for lang, request_in_lang in requests.items()
    }
    pairs = parse_qsl(urlsplit(request.address(base, "html")).query)
    query = urlencode([pair for pair in pairs if pair[0] != "lang"])
    return addresses | {DEFAULT: f"{base}/charts/{request.name('html')}{query and f'?{query}'}"}


def _make_interactive(snapshot: Snapshot, request: ChartRequest, chart: Chart, settings: Settings) -> bytes:
    base = settings.base_url
    links = embed_page.Links(
        canonical=request.address(base, "html"),
        live=request.live_address(base),
        picture=request.address(base, "png", size="social"),
        back=f"../{request.name('html')}?{request.query('html')}",
        languages=tuple(_other_languages(request, snapshot.languages)),
        files=tuple(
            (label, f"../{request.name(name)}?{request.query(name)}") for label, name in embed_page.SHOWN_FILES
        ),
        fonts="../assets/",
        receipt=issue_receipt(snapshot, request, chart, settings),
    )
    drawing, plotly = scripts().files
    addresses = embed_page.Scripts(
        drawing=f"../assets/{drawing}",
        plotly=f"../assets/{plotly}",
        figure=f"../{request.name('json')}?{request.query('json')}",
    )
    return embed_page.draw_interactive(chart, links, addresses, request.title).encode()


def _other_languages(request: ChartRequest, languages: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield each other language, and the interactive page in it, as seen from the page."""
    for lang in languages:
        if lang != request.selection.lang:
            translated = replace(request, selection=replace(request.selection, lang=lang))
            yield lang, f"../{translated.name('interactive')}?{translated.query('interactive')}"


def _make_svg(snapshot: Snapshot, request: ChartRequest, chart: Chart, settings: Settings) -> bytes:
    drawn = with_outlines(_draw(request, chart, settings))
    return write_svg_receipt(drawn, issue_receipt(snapshot, request, chart, settings)).encode()


def _draw(request: ChartRequest, chart: Chart, settings: Settings) -> str:
    address = request.address(settings.base_url, "html")
    return draw_svg(chart, request.size, title=request.title, link=shareable(address))


def _make_csv(snapshot: Snapshot, request: ChartRequest, chart: Chart, settings: Settings) -> bytes:
    return write_csv(chart, request.csv)


def _make_figure(snapshot: Snapshot, request: ChartRequest, chart: Chart, settings: Settings) -> bytes:
    figure = draw(chart)
    figure.layout.meta = {RECEIPT: issue_receipt(snapshot, request, chart, settings).state()}
    return str(figure.to_json()).encode()


def _make_metadata(snapshot: Snapshot, request: ChartRequest, chart: Chart, settings: Settings) -> bytes:
    described = describe_chart(snapshot, request, chart, settings)
    return write_json(described | {RECEIPT: issue_receipt(snapshot, request, chart, settings).state()})


_MAKERS: dict[str, Callable[[Snapshot, ChartRequest, Chart, Settings], bytes]] = {
    "html": _make_page,
    "interactive": _make_interactive,
    "svg": _make_svg,
    "csv": _make_csv,
    "json": _make_figure,
    "metadata.json": _make_metadata,
}
