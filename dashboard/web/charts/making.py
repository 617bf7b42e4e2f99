"""Answers of charts, made from the one `Chart`: page, picture, figure, data, description, slide, workbook."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from typing import Any
from urllib.parse import urlencode

from dashboard.briefings import order
from dashboard.campaign.folder import LANGUAGES
from dashboard.charts.chart import Chart, build_chart
from dashboard.charts.csv import write_csv
from dashboard.charts.plotly.draw import draw
from dashboard.charts.svg.draw import draw_svg
from dashboard.charts.svg.png import render_png
from dashboard.i18n import N_
from dashboard.paths import LOCALES, PROJECT, QUERIES
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot
from dashboard.web.charts import page
from dashboard.web.charts.metadata import describe_chart
from dashboard.web.charts.requests import Wanted
from dashboard.web.charts.scripts import scripts

Paint = Callable[[str, float], bytes]

SHOWN_FILES = ((N_("Picture"), "png"), (N_("Data (CSV)"), "csv"))
"""The files that a page offers: label and format."""


def make(snapshot: Snapshot, wanted: Wanted, settings: Settings, paint: Paint = render_png) -> bytes:
    """What an address asks for, uncompressed. Takes milliseconds and more: call it from a thread.

    Args:
        snapshot: The build that `wanted` names.
        wanted: What is asked for.
        settings: Where the dashboard is.
        paint: Makes PNG of SVG; a server has that done by another process.

    Raises:
        UserError: a worker could not make the file.
    """
    if wanted.file_format in order.CHART_FORMATS:
        arguments = (snapshot, wanted.selection, wanted.chart_id, wanted.file_format, settings, wanted.title)
        return order.submit_chart_file(*arguments).result().content
    chart = build_chart(snapshot, wanted.chart_id, wanted.selection)
    if wanted.file_format == "png":
        return paint(_draw(wanted, chart, settings), wanted.scale)
    return _MAKERS[wanted.file_format](snapshot, wanted, chart, settings)


def _make_page(snapshot: Snapshot, wanted: Wanted, chart: Chart, settings: Settings) -> bytes:
    return page.draw_page(chart, link(wanted, settings), wanted.title).encode()


def link(wanted: Wanted, settings: Settings) -> page.Links:
    """Where a chart's page leads: to its other forms below the same server, and to the dashboard."""
    base = settings.base_url
    here = wanted.address(base, "html")
    return page.Links(
        canonical=here,
        live=wanted.live_address(base),
        picture=wanted.address(base, "png", size="social"),
        oembed=f"{base}/oembed?{urlencode({'url': here, 'format': 'json'})}",
        interactive=f"{wanted.name('interactive')}?{wanted.query('interactive')}",
        files=tuple((label, f"{wanted.name(name)}?{wanted.query(name)}") for label, name in SHOWN_FILES),
    )


def _make_interactive(snapshot: Snapshot, wanted: Wanted, chart: Chart, settings: Settings) -> bytes:
    base = settings.base_url
    links = page.Links(
        canonical=wanted.address(base, "html"),
        live=wanted.live_address(base),
        back=f"../{wanted.name('html')}?{wanted.query('html')}",
        languages=tuple(_other_languages(wanted)),
        files=tuple((label, f"../{wanted.name(name)}?{wanted.query(name)}") for label, name in SHOWN_FILES),
    )
    found = scripts()
    addresses = page.Scripts(
        drawing=f"../assets/{found.drawing}",
        plotly=f"../assets/{found.plotly}",
        figure=f"../{wanted.name('json')}?{wanted.query('json')}",
    )
    return page.draw_interactive(chart, links, addresses, wanted.title).encode()


def _other_languages(wanted: Wanted) -> Iterator[tuple[str, str]]:
    """Each other language, and the interactive page in it, as seen from the page."""
    for lang in LANGUAGES:
        if lang != wanted.selection.lang:
            other = replace(wanted, selection=replace(wanted.selection, lang=lang))
            yield lang, f"../{other.name('interactive')}?{other.query('interactive')}"


def _make_svg(snapshot: Snapshot, wanted: Wanted, chart: Chart, settings: Settings) -> bytes:
    return _draw(wanted, chart, settings).encode()


def _draw(wanted: Wanted, chart: Chart, settings: Settings) -> str:
    address = wanted.address(settings.base_url, "html")
    return draw_svg(chart, wanted.size, title=wanted.title, link=address)


def _make_csv(snapshot: Snapshot, wanted: Wanted, chart: Chart, settings: Settings) -> bytes:
    return write_csv(chart)


def _make_figure(snapshot: Snapshot, wanted: Wanted, chart: Chart, settings: Settings) -> bytes:
    return str(draw(chart).to_json()).encode()


def _make_metadata(snapshot: Snapshot, wanted: Wanted, chart: Chart, settings: Settings) -> bytes:
    return write_json(describe_chart(snapshot, wanted, chart, settings))


def write_json(content: dict[str, Any]) -> bytes:
    """Content as JSON that people can read too."""
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


_MAKERS: dict[str, Callable[[Snapshot, Wanted, Chart, Settings], bytes]] = {
    "html": _make_page,
    "interactive": _make_interactive,
    "svg": _make_svg,
    "csv": _make_csv,
    "json": _make_figure,
    "metadata.json": _make_metadata,
}


@cache
def edition() -> str:
    """The program's part in every answer: what a client keeps is old when the program that made it has changed."""
    digest = hashlib.sha256()
    code = PROJECT / "dashboard"
    parts = (path for ending in ("py", "css", "js") for path in code.rglob(f"*.{ending}"))
    own = (path for path in parts if code / "ui" not in path.parents)
    for file in sorted((*own, *QUERIES.glob("*.sql"), *LOCALES.rglob("*.po"))):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def hash_body(body: bytes) -> str:
    """What an answer is known by."""
    return hashlib.sha256(body).hexdigest()[:32]
