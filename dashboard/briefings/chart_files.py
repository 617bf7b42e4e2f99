"""Files of one chart that only a worker can make: a slide with the native chart, a workbook.

This is the server's side; `dashboard.briefings.pack` is the worker's. PowerPoint's and Excel's libraries are
never loaded here.
"""

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
