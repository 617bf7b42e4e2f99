"""Addresses of charts: the request of one, and the addresses of the same chart's other forms.

An address is `/charts/{id}` with an ending for the format and the query string of the pages, in which `build` freezes
it at a build; beside that, every one takes the options of its chart (`dashboard.charts.options`), and formats take
parameters of their own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple
from urllib.parse import urlencode

from dashboard.access.signed_links import add_token
from dashboard.campaign.brand import read_look
from dashboard.campaign.working_copy import find_version
from dashboard.charts.catalogue import SAID_AND_KNOWN, SURVEY, ChartSpec
from dashboard.charts.chart import Chart
from dashboard.charts.csv import hash_chart
from dashboard.charts.options import EXPLORE, Options, apply_options, find_spec, list_parameters, parse_options
from dashboard.charts.sides import set_beside
from dashboard.charts.svg.surround import SCALES, SIZES
from dashboard.errors import SelectionError
from dashboard.files.briefings.order import LONGEST_TITLE, PAPER, SLIDES, find_template
from dashboard.files.extracts.choice import EXCEL
from dashboard.ground import page_addresses
from dashboard.ground.base_urls import is_folder
from dashboard.ground.files import csv_styles
from dashboard.i18n import N_
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.receipts.receipt import Receipt, issue
from dashboard.snapshot.selection import VERSUS, Selection, parse
from dashboard.web.http import hash_parts
from dashboard.web.operation import Cost

DEFAULT_SIZE = "column"
TITLED = ("title",)


class Format(NamedTuple):
    """A form of a chart.

    Attributes:
        meaning: What it is, in a few words of English.
        extras: Its parameters beside the selection's and the chart's options.
        lane: The place of its making: `page` (milliseconds), `picture` (tens of them), `file` (by a worker process).
    """

    media_type: str
    meaning: str
    extras: tuple[str, ...] = ()
    lane: Cost = "page"


FORMATS = {
    "html": Format("text/html; charset=utf-8", N_("Page to embed"), TITLED),
    "interactive": Format("text/html; charset=utf-8", N_("Interactive page"), TITLED),
    "svg": Format("image/svg+xml", N_("Picture (SVG)"), ("size", "title")),
    "png": Format("image/png", N_("Picture (PNG)"), ("size", "scale", "title"), "picture"),
    "csv": Format("text/csv; charset=utf-8", N_("Data (CSV)"), (csv_styles.PARAMETER,)),
    "json": Format("application/json", N_("Figure for Plotly (JSON)")),
    "metadata.json": Format("application/json", N_("Description (JSON): words, definitions, sources, addresses")),
    "pptx": Format(SLIDES, N_("PowerPoint slide with a native chart"), TITLED, "file"),
    "pdf": Format(PAPER, N_("PDF that screen readers can read"), TITLED, "file"),
    "xlsx": Format(EXCEL, N_("Excel workbook with a native chart"), TITLED, "file"),
}
STATIC = ("html", "svg", "png", "csv", "json", "metadata.json")
"""The formats in a folder of plain files."""
FILES = tuple(name for name in FORMATS if name not in ("html", "interactive"))
"""The formats that are files, by their endings."""


@dataclass(frozen=True)
class ChartRequest:
    """The request of an address.

    Attributes:
        build_id: The build of its figures.
        token: The token of the signed link for a page; no address of the chart carries it.
    """

    chart_id: str
    file_format: str
    selection: Selection
    build_id: str
    size: str = DEFAULT_SIZE
    scale: str = SCALES[0]
    title: str | None = None
    options: Options = Options()
    csv: str = csv_styles.COMMA
    token: str = field(default="", repr=False)

    @property
    def is_frozen(self) -> bool:
        """Whether the address names its build, so that its answer never changes."""
        return bool(self.selection.build)

    @property
    def spec(self) -> ChartSpec:
        """The chart's declaration, before any choice."""
        return find_spec(self.chart_id)

    def key(self, edition: str, snapshot: Snapshot | None, settings: Settings) -> str:
        """Return the key of the answer: program, build, chart, format, filters in any order, parameters.

        Args:
            edition: The program's own part.
            snapshot: The live snapshot; None for a frozen build, whose answers omit the time of its publication.
            settings: The settings whose addresses stand in the answer.
        """
        parts = [edition, self.build_id, self.is_frozen, self.chart_id, self.file_format]
        parts += [self.selection.query_pairs(), self.options.query_pairs(), self.size, self.scale, self.title, self.csv]
        parts += read_look(settings.campaign).keys
        parts += [find_version(find_template(settings.campaign))] if self.file_format == "pptx" else []
        parts += [settings.base_url, str(settings.campaign), snapshot.built_at if snapshot else "", self.token]
        return hash_parts(parts)

    def query(self, file_format: str, **changes: str) -> str:
        """Write the query string of the same chart in another format, with the parameters that this one shares with it.

        `changes` are parameters of the format to set.
        """
        csv = "" if self.csv == csv_styles.COMMA else self.csv
        extra_values = {"title": self.title or "", csv_styles.PARAMETER: csv} | changes
        pairs = [(name, extra_values[name]) for name in FORMATS[file_format].extras if extra_values.get(name)]
        return urlencode([*self.selection.query_pairs(), *self.options.query_pairs(), *pairs])

    def name(self, file_format: str) -> str:
        """Return the path of the same chart in another format, below `/charts/`."""
        if file_format == "interactive":
            return f"{self.chart_id}/interactive"
        return self.chart_id if file_format == "html" else f"{self.chart_id}.{file_format}"

    def address(self, base_url: str, file_format: str, **changes: str) -> str:
        """Write the address of the same chart in another format, whole if `base_url` is; in a folder, its file's.

        `changes` as in `query`.
        """
        if is_folder(base_url):
            return f"{base_url}{self.chart_id}.{file_format}"
        return f"{base_url}/charts/{self.name(file_format)}?{self.query(file_format, **changes)}"

    def framed_address(self, base_url: str) -> str:
        """Write the whole address of the page for a frame: with the token of a signed link, where it has one."""
        return add_token(self.address(base_url, "html"), self.token)

    def live_address(self, base_url: str) -> str:
        """Write the address of the chart's page in the dashboard, with filters, sort and measure; empty in a folder."""
        if is_folder(base_url):
            return ""
        page = COMPARE if self.selection.versus else find_page(self.spec)
        # A page shows peers anyway, and one of several charts names the chart that a choice is for.
        prefix = "" if self.chart_id in (EXPLORE, SURVEY.id) else f"{self.chart_id}:"
        chosen = [(name, f"{prefix}{value}") for name, value in replace(self.options, peers=False).query_pairs()]
        if page == COMPARE:
            chosen = [("chart", self.chart_id)]
        return page_addresses.write(base_url, page, [*self.selection.query_pairs(), *chosen], safe=":")


FRONT_PAGE, COMPARE = page_addresses.FRONT, "compare"
_OWN_PAGES = {EXPLORE: EXPLORE, SURVEY.id: "surveys", SAID_AND_KNOWN.id: COMPARE}
_PAGES = {
    "region": "regions",
    "subregion": "subregions",
    "country": "countries",
    "grouping": "groupings",
    "category": "categories",
    "theme": "themes",
    "group": "groups",
}


def find_page(spec: ChartSpec) -> str:
    """Find the id of the page that shows a chart."""
    if spec.id in _OWN_PAGES:
        return _OWN_PAGES[spec.id]
    if spec.kind == "outcomes":
        return "milestones"
    return _PAGES.get(spec.dimension, FRONT_PAGE)


def split_name(name: str) -> tuple[str, str]:
    """Split a name below `/charts/` into chart id and format: `completion-by-region.metadata.json`.

    Raises:
        SelectionError: there is no such chart, or no such format.
    """
    chart_id, _, ending = name.partition(".")
    find_spec(chart_id)
    file_format = ending or "html"
    if file_format not in FORMATS or file_format == "interactive":
        raise SelectionError(f"A chart cannot be had as {ending!r}.", "format", ("html", *FILES), ending)
    return chart_id, file_format


def read(chart_id: str, file_format: str, query: Mapping[str, Sequence[str]], snapshot: Snapshot) -> ChartRequest:
    """Read the request of an address; its build is the snapshot's.

    Raises:
        SelectionError: a parameter is unknown, or a value is none of the allowed ones, or the chart does not put two
            selections side by side.
    """
    extras = FORMATS[file_format].extras
    selection = parse(query, snapshot, (*list_parameters(chart_id), *extras, *VERSUS)).in_order()
    options = parse_options(query, find_spec(chart_id))
    if selection.versus:
        set_beside(apply_options(find_spec(chart_id), options))
    plain = ChartRequest(chart_id, file_format, selection, snapshot.build_id, options=options)
    extra_values = {name: query[name][-1] for name in extras if any(query.get(name, ())[-1:])}
    return replace(
        plain,
        size=_choose("size", extra_values.get("size", DEFAULT_SIZE), tuple(SIZES)),
        scale=_choose("scale", extra_values.get("scale", SCALES[0]), SCALES),
        title=_read_title(extra_values.get("title", "")),
        csv=csv_styles.read_style([extra_values.get(csv_styles.PARAMETER, "")]),
    )


def _choose(parameter: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise SelectionError(f"{parameter}={value!r} is not available.", parameter, allowed, value)
    return value


def _read_title(text: str) -> str | None:
    title = " ".join(text.split())
    if len(title) > LONGEST_TITLE:
        allowed = (f"at most {LONGEST_TITLE} characters",)
        raise SelectionError(f"The title has {len(title)} characters.", "title", allowed, title[:40] + "…")
    return title or None


_USUAL = {"size": DEFAULT_SIZE, "scale": SCALES[0]}


def issue_receipt(
    snapshot: Snapshot, request: ChartRequest, chart: Chart, settings: Settings, picture: str = ""
) -> Receipt:
    """Issue the receipt of an answer; `picture` is the hash of its image data."""
    picture_options = {"size": request.size, "scale": request.scale}
    picture_options = {name: value for name, value in picture_options.items() if value != _USUAL[name]}
    address = request.address(settings.base_url, request.file_format, **picture_options)
    if is_folder(settings.base_url):  # a plain file ignores the query; it serves to make it again
        address = f"{address}?{request.query(request.file_format, **picture_options)}"
    return issue(snapshot, address, request.file_format, hash_chart(chart), picture=picture, look=chart.look.key)
