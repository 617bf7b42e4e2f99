"""The routes of charts: `/charts`, `/charts/{id}` with its pictures and data, `/oembed`, `/show`."""

import logging
import threading
from dataclasses import replace
from datetime import date
from functools import cache, partial
from typing import NamedTuple

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from dashboard.access.rights import AccessClass
from dashboard.cache import Cache
from dashboard.campaign import builds
from dashboard.campaign.brand import read_look
from dashboard.charts.options import find_spec
from dashboard.charts.svg.fonts import find_widths, font_files
from dashboard.charts.svg.png import prepare
from dashboard.charts.svg.static_fonts import WEIGHTS
from dashboard.errors import SelectionError, UserError
from dashboard.ground.processes.runner import StandingProcess
from dashboard.i18n import N_
from dashboard.settings import Settings
from dashboard.snapshot import database, kept_builds
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.kept_builds import GoneError
from dashboard.snapshot.selection import parse
from dashboard.web import site
from dashboard.web.api_route import ApiRoute, link_description
from dashboard.web.charts import (
    chart_operations,
    embed_page,
    index_page,
    making,
    metadata,
    oembed,
    replay,
    show_page,
)
from dashboard.web.charts.requests import FORMATS, ChartRequest, read, split_name
from dashboard.web.guard.link_tokens import LINK_TOKEN
from dashboard.web.handouts import Content, Handout, RequestContext, deliver, hand_out, hand_out_content, open_context
from dashboard.web.http import (
    FOREVER,
    FRESH,
    NO_STORE,
    OPEN,
    answer_json,
    choose_encoding,
    edition,
    read_query,
    write_json,
)
from dashboard.web.refusals import (
    answer_data,
    answer_page,
    answer_words,
    explain_by,
    explained,
    explained_to_all,
)

LOG = logging.getLogger(__name__)
PAGE = "text/html; charset=utf-8"
MOST_REMEMBERED = 4096
LONGEST_REMEMBERED = 2048
"""The longest query string, in bytes, to remember as it was written."""
PAINTER = ("dashboard.charts.svg.painting", 30.0, (N_("The picture could not be created."), N_("Try again.")))
"""Its module, the seconds for a picture, and the message without one."""


class ReadAddress(NamedTuple):
    """An address as read: its request, the key of its answer, and the live snapshot unless frozen."""

    chart_request: ChartRequest
    key: str
    live: Snapshot | None


class Desk:
    """A reader of addresses that remembers the last ones, and makes their answers."""

    def __init__(self) -> None:
        """Begin with nothing remembered."""
        self.painter = StandingProcess(*PAINTER)
        self._lock = threading.Lock()
        self._owner: tuple[Snapshot, Settings] | None = None
        self._addresses = Cache[tuple[bytes, str, str], ReadAddress](MOST_REMEMBERED)

    def recall(self, query: bytes, chart_id: str, file_format: str, settings: Settings) -> ReadAddress | None:
        """Find an address that was read before from the live build; never wait."""
        live = database.opened(settings)
        if live is None:
            return None
        with self._lock:
            if self._owner is None or self._owner[0] is not live or self._owner[1] is not settings:
                self._addresses.clear()  # so that nothing here holds an old snapshot open
                self._owner = (live, settings)
                return None
            address = self._addresses.find((query, chart_id, file_format))
        if address is not None and address.chart_request.is_frozen:
            build_id = address.chart_request.build_id
            if builds.find_snapshot(settings.campaign, build_id) is None:
                raise GoneError(build_id)
        return address

    def read(self, request: Request, chart_id: str, file_format: str, settings: Settings) -> ReadAddress:
        """Read an address. Block; errors as in `requests.read`, `kept_builds.find`."""
        _, query, snapshot = open_context(request)
        chart_request = read(chart_id, file_format, query, snapshot)
        live = None if chart_request.is_frozen else snapshot
        address = ReadAddress(chart_request, chart_request.key(edition(), live, settings), live)
        query_string = request.scope["query_string"]
        with self._lock:
            owner = self._owner
            is_current = owner is not None and owner[1] is settings and (live is None or owner[0] is live)
            if is_current and len(query_string) <= LONGEST_REMEMBERED:
                self._addresses.keep((query_string, chart_id, file_format), address)
        return address

    def by_link(self, address: ReadAddress, token: str, settings: Settings) -> ReadAddress:
        """Return the address of a page for a reader with a signed link, who can open nothing else of the chart."""
        chart_request = replace(address.chart_request, token=token)
        return address._replace(chart_request=chart_request, key=chart_request.key(edition(), address.live, settings))

    def make(self, address: ReadAddress, settings: Settings) -> bytes:
        """Make the answer to an address; errors as in `making.make`, and a build may be gone meanwhile."""
        chart_request = address.chart_request
        snapshot = address.live or kept_builds.kept_builds().open(settings, chart_request.build_id)
        return making.make(snapshot, chart_request, settings, self.paint)

    def paint(self, svg: str, scale: float = 1) -> bytes:
        """Paint an SVG as PNG, by a process that stays: resvg holds the interpreter, and readers would wait.

        Raises:
            WorkerError: it could not be painted, or not in time.
        """
        return self.painter.ask(*prepare(svg, scale))

    def close(self) -> None:
        """Let go of everything."""
        self.painter.close()
        with self._lock:
            self._addresses.clear()
            self._owner = None


def routes() -> list[ApiRoute]:
    """Return the routes of charts for `st.App`."""
    return [
        ApiRoute("/charts", answer_catalogue, (chart_operations.CATALOGUE_LIST,), AccessClass.PUBLIC),
        ApiRoute(
            "/charts/replay.json", hand_out(read_replay, explained), (chart_operations.REPLAY,), AccessClass.PUBLIC
        ),
        ApiRoute("/charts/{name}", answer_chart, chart_operations.list_file_forms(), AccessClass.PUBLIC),
        ApiRoute(
            "/charts/{chart_id}/interactive",
            answer_interactive,
            chart_operations.list_interactive_forms(),
            AccessClass.PUBLIC,
        ),
        ApiRoute("/charts/assets/{name}", answer_asset, (chart_operations.describe_assets(),), AccessClass.EVERYBODY),
        ApiRoute("/oembed", answer_oembed, (chart_operations.OEMBED,), AccessClass.PUBLIC),
        ApiRoute("/show", hand_out(read_show, explained), (chart_operations.SHOW,), AccessClass.PUBLIC),
    ]


@cache
def desk() -> Desk:
    """Return the desk of this process."""
    return Desk()


def load_fonts() -> None:
    """Load the fonts before the first request for a chart; on a new machine those of pictures take seconds."""
    try:
        for weight in WEIGHTS:
            find_widths(weight)
        font_files()
    except UserError as error:
        LOG.warning("Pictures cannot be painted: %s", error)


def close() -> None:
    """Let go of what has been read, so that the process can end."""
    desk().close()
    desk.cache_clear()


def refuse_chart(request: Request, error: UserError) -> Response:
    """Answer an address that cannot be met: with a page for a page, else with JSON."""
    name = str(request.path_params.get("name", request.path_params.get("chart_id", "")))
    if "." in name and not name.endswith(".html"):
        return answer_data(request, error, OPEN)
    return answer_page(request, error, N_("This chart cannot be shown"), OPEN, _framing())


@explain_by(refuse_chart)
async def answer_chart(request: Request) -> Response:
    """Answer a chart as page, picture, figure, data, description, slide, paper or workbook."""
    chart_id, file_format = split_name(request.path_params["name"])
    return await _answer(request, chart_id, file_format)


@explain_by(refuse_chart)
async def answer_interactive(request: Request) -> Response:
    """Answer a chart's interactive page."""
    chart_id = find_spec(request.path_params["chart_id"]).id
    return await _answer(request, chart_id, "interactive")


async def _answer(request: Request, chart_id: str, file_format: str) -> Response:
    chart_desk, settings = desk(), Settings.from_environment()
    address = chart_desk.recall(request.scope["query_string"], chart_id, file_format, settings)
    if address is None:
        address = await run_in_threadpool(chart_desk.read, request, chart_id, file_format, settings)
    token = str(request.scope.get(LINK_TOKEN, ""))
    if token and file_format == "html":
        address = chart_desk.by_link(address, token, settings)
    form, headers = FORMATS[file_format], _headers(address.chart_request)
    make = partial(chart_desk.make, address, settings)
    is_light = form.lane != "file"
    return await deliver(
        request,
        Handout(address.key, form.media_type, headers, make, file_format, form.lane, is_made_for_head=is_light),
    )


def _headers(chart_request: ChartRequest) -> dict[str, str]:
    file_format, lang = chart_request.file_format, chart_request.selection.lang
    headers = {
        **OPEN,
        "content-language": lang,
        "cache-control": FOREVER if chart_request.is_frozen else FRESH,
    }
    if file_format not in ("html", "interactive", "metadata.json"):
        described = f"{chart_request.name('metadata.json')}?{chart_request.query('metadata.json')}"
        headers["link"] = f'<{described}>; rel="describedby"; type="application/json"'
    if file_format in ("html", "interactive", "svg"):
        headers["content-security-policy"] = _policy(file_format)
    if file_format in ("csv", "xlsx", "pptx", "pdf"):
        how = "inline" if file_format == "pdf" else "attachment"  # browsers show PDF
        headers["content-disposition"] = f'{how}; filename="{chart_request.chart_id}_{lang}.{file_format}"'
    if file_format == "csv":  # it has no place for a receipt: the description of the same build has it
        frozen = replace(chart_request, selection=replace(chart_request.selection, build=chart_request.build_id))
        place = f"{frozen.name('metadata.json')}?{frozen.query('metadata.json')}"
        headers["link"] = f'<{place}>; rel="describedby"; type="application/json"'
    return headers


def _policy(file_format: str) -> str:
    """Write a page's content policy, frames included. Pages tell their height; the interactive one draws by scripts."""
    telling = embed_page.script_source()
    look = read_look(Settings.from_environment().campaign).styles
    if file_format == "interactive":  # Plotly writes styles, and needs neither eval nor scripts in the page
        allowed = f"script-src 'self' {telling}; connect-src 'self'; style-src 'unsafe-inline'"
        allowed += "; font-src 'self'; img-src 'self' data: blob:"
    elif file_format == "html":
        allowed = f"script-src {telling}; style-src {embed_page.style_sources(look=look)}"
        allowed += "; font-src 'self'; img-src 'self' data:"
    else:
        allowed = f"style-src {embed_page.style_sources(look=look)}; img-src 'self' data:"
    return f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'{_framing()}"


def _framing() -> str:
    """Write the end of a page's policy: the sites that may frame it."""
    ancestors = Settings.from_environment().frame_ancestors
    # An asterisk would still leave out pages from a file and in sandboxes.
    return "" if ancestors == "*" else f"; frame-ancestors {ancestors}"


async def answer_asset(request: Request) -> Response:
    """Answer a script, a style, the font of pages or the shapes of a map, by the name that changes with its content."""
    name = request.path_params["name"]
    asset = chart_operations.list_assets().get(name)
    if asset is None:
        return answer_words(request, 404, N_("There is no such page"), (N_("There is no such file."),), OPEN)
    encoding = choose_encoding(request.headers.get("accept-encoding", ""))
    return await asset.answer(request, name, encoding, OPEN)


async def answer_catalogue(request: Request) -> Response:
    """Answer the list of charts for the selection of the query string: for programs, or as a page on request."""
    accepts_page = "text/html" in request.headers.get("accept", "")
    return await (_answer_index if accepts_page else _answer_list)(request)


def _write_list(request: Request) -> Content:
    context = open_context(request)
    selection = parse(context.query, context.snapshot).in_order()
    described = metadata.list_charts(context.snapshot, selection, context.settings)
    return Content("catalogue", write_json(described), OPEN | {"vary": "Accept", "link": link_description()})


_answer_list = hand_out_content(_write_list)


def _read_index(request: Request) -> Handout:
    context = open_context(request)
    selection, base = parse(context.query, context.snapshot).in_order(), site.find_base(request, context.settings)
    look = read_look(context.settings.campaign)
    headers = OPEN | {
        "content-language": selection.lang,
        "content-security-policy": f"{index_page.write_policy(look=look.styles)}{_framing()}",
        "cache-control": FRESH,
        "vary": "Accept, Accept-Encoding",
        "link": link_description(),
    }
    key = context.hash_with("index", selection.query_pairs(), base, *look.keys)

    def draw() -> bytes:
        links = index_page.link_served(context.snapshot, selection, base)
        return index_page.draw_index(context.snapshot, selection, links).encode()

    return Handout(key, PAGE, headers, draw, "index", cost="picture")


_answer_index = hand_out(_read_index)


def read_replay(request: Request) -> Handout:
    """Read a request for the data that move a page's charts; they are kept for ever where it names a build."""
    settings, query = Settings.from_environment(), read_query(request)
    build_id = kept_builds.read_build(query)
    # That of the asking page, with its cached answers.
    snapshot = kept_builds.open_seen(settings, build_id) if build_id else database.current(settings)
    selection = replay.read_replay(query, snapshot)
    is_frozen = bool(selection.build and query.get(replay.EDITION))
    headers = {"content-language": selection.lang, "cache-control": FOREVER if is_frozen else FRESH}
    key = RequestContext(settings, query, snapshot).hash_with("replay", selection.query_pairs())

    def draw() -> bytes:
        return replay.write_replay(snapshot, selection).encode()

    return Handout(key, "application/json", headers, draw, "replay", cost="picture")


def read_show(request: Request) -> Handout:
    """Read a request for the screen for a hall."""
    context = open_context(request)
    show, today = show_page.read_show(context.query, context.snapshot), date.today()
    look = read_look(context.settings.campaign)
    headers = {
        "content-language": show.selection.lang,
        "content-security-policy": f"{show_page.write_policy(look)}{_framing()}",
        "cache-control": "no-cache",
    }
    base = site.find_base(request, context.settings)
    key = context.hash_with("show", today.isoformat(), show_page.write_query(show), base, *look.keys)

    def draw() -> bytes:
        return show_page.draw_show(context.snapshot, show, today, base).encode()

    return Handout(key, PAGE, headers, draw, "show", cost="picture")


@explained_to_all
async def answer_oembed(request: Request) -> Response:
    """Answer the oEmbed description of an address of a chart; 404 for all other addresses, 501 for XML."""
    if request.query_params.get("format", "json") != "json":
        return answer_json(request, {"error": "Only format=json is answered.", "allowed": ["json"]}, OPEN, 501)
    try:
        return await deliver(request, await run_in_threadpool(_read_oembed, request))
    except (oembed.ForeignError, GoneError) as error:
        return answer_json(request, {"error": str(error)}, OPEN | NO_STORE, 404)


def _read_oembed(request: Request) -> Handout:
    parameters = request.query_params
    if not parameters.get("url"):
        raise SelectionError("The parameter url is missing.", "url", ("the address of a chart",))
    sizes = [oembed.read_pixels(name, parameters.get(name, "")) for name in ("maxwidth", "maxheight")]
    settings = Settings.from_environment()
    if site.is_unset(request, settings):
        raise oembed.say_unset()
    settings = settings.model_copy(update={"base_url": site.find_base(request, settings)})
    chart_id, query = oembed.locate(parameters["url"], settings.base_url)
    try:
        snapshot = kept_builds.find(settings, query)
    except SelectionError as error:
        raise oembed.ForeignError(error.what) from error
    chart_request = oembed.read_address(chart_id, query, snapshot)
    chart_request = replace(chart_request, token=str(request.scope.get(LINK_TOKEN, "")))
    parts = ("oembed", chart_request.key(edition(), snapshot, settings), settings.base_url, *sizes)

    def describe() -> bytes:
        return write_json(oembed.describe(snapshot, chart_request, settings, *sizes))

    key = RequestContext(settings, query, snapshot).hash_with(*parts)
    headers = OPEN | {"cache-control": FRESH}
    return Handout(key, "application/json", headers, describe, "oembed", cost="text")
