"""The files of one chart, each made when its button is clicked, as its address answers it."""

from dataclasses import replace
from functools import partial
from html import escape
from typing import NamedTuple

import streamlit as st

from dashboard.briefings.order import BRIEFING_FORMATS, BriefingRequest, Item, submit_briefing
from dashboard.cache import Cache
from dashboard.charts.svg.surround import PRINT, SCALES
from dashboard.extracts import order
from dashboard.i18n import N_
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.kept_builds import postpone
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import file_at_once
from dashboard.ui.pieces.file_at_once import File
from dashboard.web.charts import making
from dashboard.web.charts.requests import FORMATS, ChartRequest

MOST_PICTURES = 60


class _File(NamedTuple):
    """One file on offer: its key, its format, the words on the button, and what it is for."""

    key: str
    file_format: str
    label: str
    help: str


GROUPS: dict[str, tuple[_File, ...]] = {
    N_("As a picture"): (
        _File("png", "png", N_("PNG"), N_("For slides, Word and mail")),
        _File("fine", "png", N_("PNG for print"), N_("300 dots per inch, 17 cm wide")),
        _File("svg", "svg", N_("SVG"), N_("Sharp at every size, for designers")),
    ),
    N_("For PowerPoint, Excel and print"): (
        _File("pptx", "pptx", N_("PowerPoint slide"), N_("A chart that you can edit in PowerPoint")),
        _File("pdf", "pdf", N_("PDF"), N_("To print and send: picture, table, definitions and sources")),
        _File("xlsx", "xlsx", N_("Excel"), N_("The figures, and the chart beside them")),
    ),
    N_("The figures"): (
        _File("csv", "csv", N_("CSV"), N_("Codes, counts and rates, for other programs")),
        _File("zip", "zip", N_("Everything as ZIP"), N_("Pictures, slide, document and figures")),
    ),
}
"""What can be had of one chart, under the headings that it stands below."""


def show(view: View, request: ChartRequest, settings: Settings) -> None:
    """Draw the downloads in groups.

    Args:
        view: The page.
        request: What is asked for: the chart, its filters, size and own title.
        settings: Where the dashboard is, as the reader sees it.
    """
    for title, files in GROUPS.items():
        st.html(f'<h3 class="section">{escape(view.t(title))}</h3>')
        offered = [_offer(view, request, settings, file) for file in files]
        file_at_once.show(view, f"use-{files[0].key}", request, *offered)


def _offer(view: View, request: ChartRequest, settings: Settings, file: _File) -> File:
    chart_file = replace(request, file_format=file.file_format, scale=PRINT if file.key == "fine" else SCALES[0])
    return File(
        f"use-{file.key}",
        view.t(file.label),
        postpone(view.snapshot, partial(make_file, chart_file, settings)),
        order.name_file(view.snapshot, request.selection, file.file_format, name_inside(chart_file)),
        (FORMATS.get(file.file_format) or BRIEFING_FORMATS[file.file_format]).media_type,
        help=view.t(file.help),
        icon=None,
        type="primary" if file.key == "png" else "secondary",
    )


def name_inside(request: ChartRequest) -> str:
    """What a file's name says of its inside: the chart, and of a picture its size."""
    if request.file_format not in ("png", "svg"):
        return request.chart_id
    return "-".join([request.chart_id, request.size, *([request.scale] if request.scale != SCALES[0] else [])])


def make_file(request: ChartRequest, settings: Settings, snapshot: Snapshot) -> bytes:
    """The content of a file; waits for a worker where one makes it.

    Raises:
        UserError: the worker could not make it, or too many are at work.
    """
    if request.file_format == "zip":
        title = request.title or ""
        briefing = BriefingRequest(
            (Item(request.chart_id, title, request.options),), request.selection, title, request.size
        )
        return submit_briefing(snapshot, briefing, "zip", settings).result().content
    if request.file_format == "png":
        return find_png(snapshot, request, settings)
    return making.make(snapshot, request, settings)


def find_png(snapshot: Snapshot, request: ChartRequest, settings: Settings) -> bytes:
    """The chart as a PNG; the last ones made are kept for all readers."""
    picture = replace(request, file_format="png")
    key = (str(snapshot.path), settings.base_url, picture)
    return _pictures.get(key, lambda: making.make(snapshot, picture, settings))


_pictures = Cache[tuple[str, str, ChartRequest], bytes](MOST_PICTURES)
