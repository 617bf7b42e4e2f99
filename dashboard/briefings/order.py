"""Briefings: several charts of one selection as a deck, as a document, or as everything in a ZIP.

This is the server's side; `dashboard.briefings.pack` is the worker's.
"""

from dataclasses import dataclass

from dashboard.briefings.chart_files import MODULE, SLIDES, check_chart, job_arguments
from dashboard.errors import SelectionError
from dashboard.extracts.order import Export, Extract, Format, name_file
from dashboard.processes import runner
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection

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
