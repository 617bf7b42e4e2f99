"""Orders of charts that only a worker can make: one chart's slide or workbook, a briefing of several.

This is the server's side; `dashboard.files.briefings.pack` is the worker's. PowerPoint's and Excel's libraries are
never loaded here.

A briefing is also the parameters of a link, which the page Briefing keeps in its address and a command reads: `charts`,
the charts in their order, each a name (`dashboard.charts.options`) or `name:own title`; `heading`, the briefing's own
title; `size` of pictures; those of charts, each naming its chart (`sort=status-overview:rate`). In an own title
`%`, `,` and `:` are percent-encoded.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from dashboard.charts.options import (
    ALL_PARAMETERS,
    Options,
    apply_options,
    find_id,
    find_spec,
    name_charts,
    parse_options,
    read_choices,
    settle,
)
from dashboard.charts.sides import COMPARED, set_beside
from dashboard.errors import SelectionError
from dashboard.files.extracts.choice import EXCEL
from dashboard.files.extracts.order import submit_file
from dashboard.ground.processes.runner import Handle
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import VERSUS, Selection, parse

TEMPLATES = ("briefing.pptx", "briefing.potx")
"""The possible templates of every deck in the campaign folder: the first existing file is the template."""

SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
PAPER = "application/pdf"
CHART_FORMATS = {"pptx": SLIDES, "pdf": PAPER, "xlsx": EXCEL}
"""The media types of one chart's file, by the ending."""
BRIEFING_FORMATS = {
    "pptx": SLIDES,
    "pdf": PAPER,
    "html": "text/html; charset=utf-8",
    "xlsx": EXCEL,
    "zip": "application/zip",
}
"""The media types of a briefing: a deck, paper, a one-file document, a workbook, all of it with pictures."""

LONGEST_TITLE = 200
"""The longest title of the presenter's own, in characters."""
MOST_CHARTS = 30
SIZES = ("slide", "social", "square", "column")
"""The sizes of pictures in a ZIP."""


class Item(NamedTuple):
    """One chart of a briefing, with the presenter's own title, empty for the chart's, and the choices for it."""

    chart_id: str
    title: str = ""
    options: Options = Options()


Choice = str | tuple[str, str] | Item
"""A chart's id, the id and a title of the presenter's own, or a whole item."""


def find_template(campaign: Path) -> Path:
    """Find the template of a campaign folder's decks; a name without a file where there is none."""
    places = [campaign / name for name in TEMPLATES]
    return next((place for place in places if place.is_file()), places[0])


def list_items(charts: Iterable[Choice]) -> list[Item]:
    """Return the charts of a briefing as whole items."""
    return [Item(choice) if isinstance(choice, str) else Item(*choice) for choice in charts]


@dataclass(frozen=True)
class BriefingRequest:
    """The order of a briefing, or of one chart's file.

    Attributes:
        title: The briefing's title; the campaign's by default.
        size: The size of the pictures in a ZIP, one of `SIZES`.
        is_single: Whether it is the file of its one chart: a slide, paper without a cover, a workbook.
    """

    charts: tuple[Choice, ...]
    selection: Selection
    title: str = ""
    size: str = "slide"
    is_single: bool = False

    @property
    def items(self) -> list[Item]:
        """The charts as whole items."""
        return list_items(self.charts)

    def check(self, file_format: str = "pptx") -> None:
        """Check that it can be made.

        Raises:
            SelectionError: no chart, too many, an unknown one, one twice with equal choices, or a choice that it does
                not offer; an unknown size or format; a title that is too long.
        """
        if not 0 < len(self.charts) <= MOST_CHARTS:
            number = str(len(self.charts))
            raise SelectionError(
                f"A briefing cannot have {number} charts.", "chart", (f"1 to {MOST_CHARTS} charts",), number
            )
        for title in (self.title, *(item.title for item in self.items)):
            if len(title) > LONGEST_TITLE:
                raise SelectionError("The title is too long.", "title", (f"up to {LONGEST_TITLE} characters",), title)
        charts = [(item.chart_id, settle(item.options, find_spec(item.chart_id))) for item in self.items]
        if twice := next((chart_id for chart_id, options in charts if charts.count((chart_id, options)) > 1), None):
            raise SelectionError(f"The chart {twice!r} is chosen twice.", "chart", ("each chart once",), twice)
        if self.size not in SIZES:
            raise SelectionError(f"Pictures have no size {self.size!r}.", "size", SIZES, self.size)
        formats = tuple(CHART_FORMATS if self.is_single else BRIEFING_FORMATS)
        if file_format not in formats:
            what = "A chart" if self.is_single else "A briefing"
            raise SelectionError(f"{what} cannot be written as {file_format!r}.", "format", formats, file_format)


def submit_briefing(
    snapshot: Snapshot, request: BriefingRequest, file_format: str = "pptx", settings: Settings | None = None
) -> Handle:
    """Have a worker make a briefing or the file of one chart, or queue it.

    The worker opens the build that the reader sees, whatever is published meanwhile.

    Raises:
        SelectionError: as `BriefingRequest.check`.
        UserError: too many files are being made at once.
    """
    request.check(file_format)
    place = settings or Settings.from_environment()
    items = request.items
    if request.is_single:
        items = [item._replace(options=settle(item.options, find_spec(item.chart_id))) for item in items]
    arguments = {
        "query": request.selection.query_pairs(),
        "base_url": place.base_url,
        "campaign": str(place.campaign),
        "format": file_format,
        "charts": [item._asdict() | {"options": asdict(item.options)} for item in items],
        "title": request.title,
        "size": request.size,
        "is_single": request.is_single,
    }
    return submit_file("dashboard.files.briefings.pack", snapshot, arguments)


PARAMETERS = ("chart", "title", "size", "charts", "heading", *ALL_PARAMETERS)
FIRST_SIZE = "slide"
OVERVIEW = (
    "completion-over-time", "completion-by-region", "status-overview", "completion-by-theme", "completion-by-group",
)  # fmt: skip
"The charts most briefings start with."

USED = ""
"""The name of the chart that the page has open beside the briefing."""


def write_items(items: Iterable[Item]) -> str:
    """Write the charts of a briefing as one value of a link; their choices are other parameters."""
    items = tuple(items)
    items_by_name = zip(name_charts(item.chart_id for item in items), items, strict=True)
    return ",".join(name + (f":{_escape(item.title)}" if item.title else "") for name, item in items_by_name)


def read_items(text: str) -> dict[str, Item]:
    """Read the charts of a briefing from a link, by their names; each once, unknown ones included."""
    items: dict[str, Item] = {}
    for part in filter(None, text.split(",")):
        name, _, title = part.partition(":")
        items.setdefault(name.strip(), Item(find_id(name.strip()), clean_title(unquote(title))))
    return items


def clean_title(text: str | None) -> str:
    """Clean an own title: one line, without spaces around it, not too long."""
    return " ".join((text or "").split())[:LONGEST_TITLE]


def read_briefing(query: Mapping[str, Sequence[str]], snapshot: Snapshot) -> BriefingRequest:
    """Read the briefing of a link: its charts, else the one that the page has open, else those of `OVERVIEW`.

    Raises:
        SelectionError: a parameter, a chart or a value is unknown, or a choice is for none of the charts.
    """
    selection = parse(query, snapshot, (*PARAMETERS, *VERSUS)).in_order()
    items = _choose_items(query, is_comparison=bool(selection.versus))
    choices = read_choices(query)
    if USED not in items:
        choices.pop(USED, None)
    chosen, faults = apply_choices(items, choices, selection)
    if faults:
        raise faults[0]
    size = _last(query, "size") or FIRST_SIZE
    request = BriefingRequest(tuple(chosen.values()), selection, clean_title(_last(query, "heading")), size)
    request.check()
    return request


def apply_choices(
    items: Mapping[str, Item], choices: Mapping[str, Mapping[str, list[str]]], selection: Selection
) -> tuple[dict[str, Item], list[SelectionError]]:
    """Give charts their choices (`read_choices`) by the charts' names in the link; return them, and what is refused.

    A chart stays without its choices if it does not offer them; in a comparison, it is left out, as it might not be
    comparable either. A choice for none of the charts is a fault too.
    """
    chosen: dict[str, Item] = {}
    faults = []
    for name, item in items.items():
        try:
            options = parse_options(choices.get(name, {}), find_spec(item.chart_id))
            if selection.versus:
                set_beside(apply_options(find_spec(item.chart_id), options))
            chosen[name] = item._replace(options=options)
        except SelectionError as error:
            faults.append(error)
            if not selection.versus:
                chosen[name] = item
    allowed = tuple(f"{name}:…" if name else "…" for name in items)
    for name, chart_choices in choices.items():
        if name in items:
            continue
        parameter, (value,) = next(iter(chart_choices.items()))
        astray = f"{name}:{value}" if name else value
        faults.append(SelectionError(f"{parameter}={astray!r} is for no chart here.", parameter, allowed, astray))
    return chosen, faults


def _choose_items(query: Mapping[str, Sequence[str]], *, is_comparison: bool) -> dict[str, Item]:
    items = read_items(_last(query, "charts"))
    if items:
        return items
    if open_chart := _last(query, "chart"):
        return {USED: Item(open_chart, clean_title(_last(query, "title")))}
    usual = [chart_id for chart_id in OVERVIEW if not is_comparison or chart_id in COMPARED]
    return {chart_id: Item(chart_id) for chart_id in usual}


def _last(query: Mapping[str, Sequence[str]], name: str) -> str:
    return (query.get(name) or ("",))[-1]


def _escape(title: str) -> str:
    return title.replace("%", "%25").replace(",", "%2C").replace(":", "%3A")
