"""Orders of charts that only a worker can make: one chart's slide or workbook, a briefing of several.

This is the server's side; `dashboard.files.briefings.pack` is the worker's. PowerPoint's and Excel's libraries are
never loaded here.

A briefing is also the parameters of a link, which the page Briefing keeps in its address and a command reads: `charts`,
the charts in their order, each a name (`dashboard.charts.options`) or `name:own title`; `heading`, the briefing's own
title; `size` of pictures; those of charts, each naming its chart (`sort=status-overview:rate`). In an own title
`%`, `,` and `:` are percent-encoded.

Other blocks stand among the charts, marked by `~`: `heading~:words`, `text~:Markdown`, `table~completion-by-region`,
`message~completion-by-region` or `…:own words`, `break~`. `notes` has the talking points, each naming its block
(`notes=status-overview:words,text~.2:words`; the second text is `text~.2`); with `with_notes=1` Word documents have
them, too.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, NamedTuple
from urllib.parse import unquote

from dashboard.campaign.folder import TEMPLATES
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
from dashboard.files.briefings.worded_figures import check_figures
from dashboard.files.extracts.choice import EXCEL
from dashboard.files.extracts.order import submit_file
from dashboard.ground.processes.runner import Handle
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import VERSUS, Selection, parse

SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PAPER = "application/pdf"
CHART_FORMATS = {"pptx": SLIDES, "pdf": PAPER, "xlsx": EXCEL}
"""The media types of one chart's file, by the ending."""
BRIEFING_FORMATS = {
    "pptx": SLIDES,
    "docx": DOCUMENT,
    "pdf": PAPER,
    "html": "text/html; charset=utf-8",
    "xlsx": EXCEL,
    "zip": "application/zip",
}
"""The media types of a briefing: a deck, a Word document, paper, a page, a workbook, all of it with pictures."""

LONGEST_TITLE = 200
"""The longest title of the presenter's own, in characters."""
LONGEST_MESSAGE = 400
LONGEST_TEXT = 2_000
MOST_CHARTS = 30
MOST_BLOCKS = 60
SIZES = ("slide", "social", "square", "column")
"""The sizes of pictures in a ZIP."""


Kind = Literal["heading", "text", "chart", "table", "message", "break"]
WORDED: tuple[Kind, ...] = ("heading", "text", "break")
"""The kinds without a chart."""
KINDS: tuple[Kind, ...] = ("heading", "text", "chart", "table", "message", "break")
_MARK = "~"
"""What tells the kind of a block in links: `table~completion-by-region`."""
LONGEST: dict[Kind, int] = {"text": LONGEST_TEXT, "message": LONGEST_MESSAGE}


class Item(NamedTuple):
    """One block of a briefing.

    Attributes:
        chart_id: The chart of a chart, table or message; empty for the other kinds.
        title: The presenter's own words: the title of a chart or table, the words of a heading or message, the Markdown
            of a text; empty for the chart's own.
        options: The choices for the chart.
        notes: Talking points.
    """

    chart_id: str = ""
    title: str = ""
    options: Options = Options()
    kind: Kind = "chart"
    notes: str = ""

    @property
    def subject(self) -> str:
        """Its name in links, without a number."""
        return self.chart_id if self.kind == "chart" else f"{self.kind}{_MARK}{self.chart_id}"

    @property
    def same(self) -> tuple[str, str, Options]:
        """What no two blocks of a chart have in common."""
        return self.kind, self.chart_id, self.options


Choice = str | tuple[str, str] | Item
"""A chart's id, the id and a title of the presenter's own, or a whole item."""


def find_template(campaign: Path, kind: str = "pptx") -> Path:
    """Find the template of a campaign folder's decks or documents; a name without a file where there is none."""
    places = [campaign / name for name in TEMPLATES[kind]]
    return next((place for place in places if place.is_file()), places[0])


def find_templates(campaign: Path) -> dict[str, Path]:
    """Find the templates of a campaign folder, of decks (`pptx`) and of documents (`docx`), as `find_template`."""
    return {kind: find_template(campaign, kind) for kind in TEMPLATES}


def tell_template(file: Path) -> str:
    """Tell what a template is for, by its ending: `pptx` for decks, `docx` for documents."""
    ending = file.suffix.lower()
    return next((kind for kind, names in TEMPLATES.items() if any(name.endswith(ending) for name in names)), "pptx")


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
        has_notes: Whether a Word document has the talking points.
    """

    charts: tuple[Choice, ...]
    selection: Selection
    title: str = ""
    size: str = "slide"
    is_single: bool = False
    has_notes: bool = False

    @property
    def items(self) -> list[Item]:
        """The charts as whole items."""
        return list_items(self.charts)

    def check(self, file_format: str = "pptx") -> None:
        """Check that it can be made.

        Raises:
            SelectionError: no chart, too many, an unknown one, one twice with equal choices, or a choice that it does
                not offer; too many blocks; an unknown size, format or figure; words that are too long.
        """
        items = self.items
        charts = [
            item._replace(options=settle(item.options, find_spec(item.chart_id)))
            for item in items
            if item.kind not in WORDED
        ]
        for blocks, most, what in ((charts, MOST_CHARTS, "charts"), (items, MOST_BLOCKS, "blocks")):
            if not 0 < len(blocks) <= most:
                number = str(len(blocks))
                raise SelectionError(
                    f"A briefing cannot have {number} {what}.", "chart", (f"1 to {most} {what}",), number
                )
        for item in (Item(title=self.title), *items):
            longest = LONGEST.get(item.kind, LONGEST_TITLE)
            if len(item.title) > longest or len(item.notes) > LONGEST_TEXT:
                what = item.kind if item.kind in LONGEST else "title"
                raise SelectionError(f"The {what} is too long.", "title", (f"up to {longest} characters",), item.title)
            check_figures(item.notes if item.kind in ("chart", "table") else f"{item.title} {item.notes}")
        same = [item.same for item in charts]
        if twice := next((item.subject for item in charts if same.count(item.same) > 1), None):
            raise SelectionError(f"The chart {twice!r} is chosen twice.", "chart", ("each chart once",), twice)
        if self.size not in SIZES:
            raise SelectionError(f"Pictures have no size {self.size!r}.", "size", SIZES, self.size)
        formats = tuple(CHART_FORMATS if self.is_single else BRIEFING_FORMATS)
        if file_format not in formats:
            what = "A chart" if self.is_single else "A briefing"
            raise SelectionError(f"{what} cannot be written as {file_format!r}.", "format", formats, file_format)


def submit_briefing(
    snapshot: Snapshot,
    request: BriefingRequest,
    file_format: str = "pptx",
    settings: Settings | None = None,
    *,
    is_preview: bool = False,
) -> Handle:
    """Have a worker make a briefing or the file of one chart, or queue it; of a preview only the pages as pictures.

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
        "has_notes": request.has_notes,
        "is_preview": is_preview,
    }
    return submit_file("dashboard.files.briefings.pack", snapshot, arguments)


WITH_NOTES = "with_notes"
PARAMETERS = ("chart", "title", "size", "charts", "heading", "notes", WITH_NOTES, *ALL_PARAMETERS)
FIRST_SIZE = "slide"
OVERVIEW = (
    "completion-over-time", "completion-by-region", "status-overview", "completion-by-theme", "completion-by-group",
)  # fmt: skip
"The charts most briefings start with."

USED = ""
"""The name of the chart that the page has open beside the briefing."""


def name_items(items: Iterable[Item]) -> dict[str, Item]:
    """Return the blocks of a briefing by their names in the link, in their order."""
    items = tuple(items)
    return dict(zip(name_charts(item.subject for item in items), items, strict=True))


def write_items(items: Iterable[Item]) -> str:
    """Write the blocks of a briefing as one value of a link; choices and talking points are other parameters."""
    names = ((item.subject if item.kind in WORDED else name, item) for name, item in name_items(items).items())
    return ",".join(name + (f":{_escape(item.title)}" if item.title else "") for name, item in names)


def write_notes(items: Iterable[Item]) -> str:
    """Write the talking points of a briefing as one value of a link."""
    return ",".join(f"{name}:{_escape(item.notes)}" for name, item in name_items(items).items() if item.notes)


def read_items(text: str, notes: str = "") -> dict[str, Item]:
    """Read the blocks of a briefing from a link, by their names; charts each once, unknown ones included."""
    items: dict[str, Item] = {}
    points = {name.strip(): unquote(words) for name, _, words in (part.partition(":") for part in notes.split(","))}
    for part in filter(None, text.split(",")):
        name, _, words = part.partition(":")
        item = _read_item(name.strip(), unquote(words))
        name = name.strip()
        if item.kind in WORDED:
            before = sum(one.kind == item.kind for one in items.values())
            name = f"{item.subject}.{before + 1}" if before else item.subject
        items.setdefault(name, item._replace(notes=clean_words(points.get(name), LONGEST_TEXT)))
    return items


def _read_item(name: str, words: str) -> Item:
    prefix, mark, chart_id = name.partition(_MARK)
    kind: Kind = next((kind for kind in KINDS if mark and kind == prefix), "chart")
    chart_id = "" if kind in WORDED else find_id(chart_id if kind == prefix else name)
    return Item(chart_id, clean_own(kind, words), kind=kind)


def clean_own(kind: Kind, words: str | None) -> str:
    """Clean the presenter's own words for a block: one line, except for a text; not too long."""
    return clean_words(words, LONGEST_TEXT) if kind == "text" else clean_title(words, LONGEST.get(kind, LONGEST_TITLE))


def clean_words(text: str | None, longest: int) -> str:
    """Clean words of several lines: without spaces at their ends, not too long."""
    return "\n".join(line.rstrip() for line in (text or "").strip().splitlines())[:longest].rstrip()


def clean_title(text: str | None, longest: int = LONGEST_TITLE) -> str:
    """Clean an own title: one line, without spaces around it, not too long."""
    return " ".join((text or "").split())[:longest]


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
    title, has_notes = clean_title(_last(query, "heading")), _last(query, WITH_NOTES) == "1"
    request = BriefingRequest(tuple(chosen.values()), selection, title, size, has_notes=has_notes)
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
        if item.kind in WORDED:
            chosen[name] = item
            continue
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
    items = read_items(_last(query, "charts"), _last(query, "notes"))
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
