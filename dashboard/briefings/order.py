"""Briefings: several charts of one selection as a deck, as a document, or as everything in a ZIP.

This is the server's side; `dashboard.briefings.pack` is the worker's.

Files of one chart that only a worker can make: a slide with the native chart, a workbook.

This is the server's side; `dashboard.briefings.pack` is the worker's. PowerPoint's and Excel's libraries are
never loaded here.
"""

from dataclasses import dataclass
from typing import Any

from dashboard.charts.catalogue import CATALOGUE
from dashboard.errors import SelectionError
from dashboard.extracts.order import FORMATS, Export, Extract, Format, name_file
from dashboard.processes import runner
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection

MODULE = "dashboard.briefings.pack"
SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
CHART_FORMATS = {
    "pptx": Format(SLIDES, MODULE),
    "xlsx": Format(FORMATS["xlsx"].media_type, MODULE),
}
"""The formats of one chart's file, by the ending."""

LONGEST_TITLE = 200
"""Characters of a title of the presenter's own."""


def submit_chart_file(
    snapshot: Snapshot,
    selection: Selection,
    chart_id: str,
    file_format: str,
    settings: Settings | None = None,
    title: str | None = None,
) -> Extract:
    """Start making a file of one chart in a worker, or queue it.

    Args:
        snapshot: What the reader sees; the worker opens the same build, whatever is published meanwhile.
        selection: The filters in force; its language is the file's.
        chart_id: One of the catalogue's.
        file_format: One of `CHART_FORMATS`.
        settings: Where the dashboard and its campaign folder are; the environment's by default.
        title: The presenter's own title in place of the chart's.

    Returns:
        The file under way: `done()`, `result()`, `cancel()`.

    Raises:
        SelectionError: there is no such chart or format, or the title is too long.
        UserError: too many exports are being made at once.
    """
    check_chart(chart_id, title or "")
    if file_format not in CHART_FORMATS:
        allowed = tuple(CHART_FORMATS)
        raise SelectionError(f"A chart cannot be written as {file_format!r} here.", "format", allowed, file_format)
    arguments = job_arguments(snapshot, selection, settings or Settings.from_environment())
    arguments |= {"format": file_format, "charts": [[chart_id, title or ""]], "is_single": True}
    name = name_file(snapshot, selection, file_format, chart_id)
    return Extract(runner.submit(runner.Job(MODULE, arguments)), name, CHART_FORMATS[file_format].media_type)


def make_chart_file(
    snapshot: Snapshot,
    selection: Selection,
    chart_id: str,
    file_format: str,
    settings: Settings | None = None,
    title: str | None = None,
) -> Export:
    """A file of one chart; waits for the worker. Arguments and errors as in `submit_chart_file`."""
    return submit_chart_file(snapshot, selection, chart_id, file_format, settings, title).result()


def check_chart(chart_id: str, title: str) -> None:
    """Whether a chart can be had under a title.

    Raises:
        SelectionError: there is no such chart, or the title is too long.
    """
    if chart_id not in CATALOGUE:
        raise SelectionError(f"There is no chart {chart_id!r}.", "chart", tuple(CATALOGUE), chart_id)
    if len(title) > LONGEST_TITLE:
        raise SelectionError("The title is too long.", "title", (f"up to {LONGEST_TITLE} characters",), title)


def job_arguments(snapshot: Snapshot, selection: Selection, settings: Settings) -> dict[str, Any]:
    """What every job of this kind is told: the build, the selection, where the dashboard and its template are."""
    return {
        "snapshot": str(snapshot.path),
        "build_id": snapshot.build_id,
        "built_at": snapshot.built_at,
        "query": selection.query_pairs(),
        "base_url": settings.base_url,
        "campaign": str(settings.campaign),
    }


BRIEFING_FORMATS = {
    "pptx": Format(SLIDES, MODULE),
    "html": Format("text/html; charset=utf-8", MODULE),
    "zip": Format("application/zip", MODULE),
}
"""The formats of a briefing, by the ending: a deck, a one-file document, all of it with pictures and data."""

MOST_CHARTS = 30
SIZES = ("slide", "social", "square", "column")
"""The sizes that the pictures of a ZIP can have."""

Choice = str | tuple[str, str]
"""A chart's id, or the id and a title of the presenter's own."""


@dataclass(frozen=True)
class BriefingRequest:
    """What a briefing is to hold.

    Attributes:
        charts: The charts, in their order: ids, or (id, own title) pairs.
        selection: The filters in force; its language is the briefing's.
        title: The briefing's title; the campaign's by default.
        size: The size of the pictures in a ZIP, one of `SIZES`.
    """

    charts: tuple[Choice, ...]
    selection: Selection
    title: str = ""
    size: str = "slide"

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The charts with their own titles, empty where they have none."""
        return [(choice, "") if isinstance(choice, str) else (choice[0], choice[1]) for choice in self.charts]

    def check(self) -> None:
        """Whether it can be made.

        Raises:
            SelectionError: no chart, too many, an unknown one or one twice; an unknown size; a title that is too long.
        """
        if not 0 < len(self.charts) <= MOST_CHARTS:
            counted = str(len(self.charts))
            raise SelectionError(
                f"A briefing cannot have {counted} charts.", "chart", (f"1 to {MOST_CHARTS} charts",), counted
            )
        ids = [chart_id for chart_id, _ in self.pairs]
        if twice := next((chart_id for chart_id in ids if ids.count(chart_id) > 1), None):
            raise SelectionError(f"The chart {twice!r} is chosen twice.", "chart", ("each chart once",), twice)
        for chart_id, title in [*self.pairs, (self.pairs[0][0], self.title)]:
            check_chart(chart_id, title)
        if self.size not in SIZES:
            raise SelectionError(f"Pictures have no size {self.size!r}.", "size", SIZES, self.size)


def submit_briefing(
    snapshot: Snapshot, request: BriefingRequest, file_format: str = "pptx", settings: Settings | None = None
) -> Extract:
    """Start making a briefing in a worker, or queue it.

    Args:
        snapshot: What the reader sees; the worker opens the same build, whatever is published meanwhile.
        request: What it is to hold.
        file_format: One of `BRIEFING_FORMATS`.
        settings: Where the dashboard and its campaign folder are; the environment's by default.

    Returns:
        The file under way: `done()`, `result()`, `cancel()`.

    Raises:
        SelectionError: as `BriefingRequest.check`, or the format is unknown.
        UserError: too many exports are being made at once.
    """
    request.check()
    if file_format not in BRIEFING_FORMATS:
        allowed = tuple(BRIEFING_FORMATS)
        raise SelectionError(f"A briefing cannot be written as {file_format!r}.", "format", allowed, file_format)
    arguments = job_arguments(snapshot, request.selection, settings or Settings.from_environment())
    arguments |= {"format": file_format, "charts": request.pairs, "title": request.title, "size": request.size}
    name = name_file(snapshot, request.selection, file_format, "briefing")
    return Extract(runner.submit(runner.Job(MODULE, arguments)), name, BRIEFING_FORMATS[file_format].media_type)


def make_briefing(
    snapshot: Snapshot, request: BriefingRequest, file_format: str = "pptx", settings: Settings | None = None
) -> Export:
    """A briefing; waits for the worker. Arguments and errors as in `submit_briefing`."""
    return submit_briefing(snapshot, request, file_format, settings).result()
