"""The routes of charts: `/charts`, `/charts/{id}` with its pictures and data, `/oembed`.

Answers carry a strong `ETag` of all they are made from, one for each encoding. Repeated requests are answered
from memory on the event loop; a thread makes everything else, once for all who wait for it.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache, partial
from typing import Any, TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from dashboard.access.rights import AccessClass
from dashboard.charts.options import find_spec
from dashboard.charts.svg.fonts import font_files, metrics
from dashboard.charts.svg.static_fonts import WEIGHTS
from dashboard.errors import SelectionError, UserError
from dashboard.i18n import N_
from dashboard.settings import Settings
from dashboard.snapshot import database, kept_builds
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.kept_builds import GoneError
from dashboard.snapshot.selection import Selection, parse
from dashboard.web import site
from dashboard.web.charts import (
    chart_operations,
    embed_page,
    index_page,
    metadata,
    oembed,
    replay,
    show_page,
)
from dashboard.web.charts.desk import Desk
from dashboard.web.charts.requests import FORMATS, ChartRequest, split_name
from dashboard.web.guard.allowances import have_made
from dashboard.web.guard.link_tokens import LINK_TOKEN
from dashboard.web.http import (
    FOREVER,
    FRESH,
    NO_STORE,
    OPEN,
    answer_body,
    answer_description,
    answer_headers,
    answer_json,
    answer_unmodified,
    choose_encoding,
    edition,
    encoding_headers,
    hash_parts,
    name_encoding,
    read_query,
    write_json,
)
from dashboard.web.openapi.api_route import ApiRoute, link_description
from dashboard.web.refusals import (
    answer_data,
    answer_page,
    answer_words,
    explain_by,
    explained,
    explained_to_all,
)

COSTLY_LANES = {"page": "text", "picture": "picture", "file": "file"}
"""The cost of an answer of each lane for its client."""

LOG = logging.getLogger(__name__)
Value = TypeVar("Value")


def routes() -> list[ApiRoute]:
    """Return the routes of charts for `st.App`."""
    return [
        ApiRoute("/charts", answer_catalogue, chart_operations.CATALOGUE_LIST, AccessClass.PUBLIC),
        ApiRoute("/charts/replay.json", answer_replay, chart_operations.REPLAY, AccessClass.PUBLIC),
        ApiRoute("/charts/{name}", answer_chart, chart_operations.list_file_forms(), AccessClass.PUBLIC),
        ApiRoute(
            "/charts/{chart_id}/interactive",
            answer_interactive,
            chart_operations.list_interactive_forms(),
            AccessClass.PUBLIC,
        ),
        ApiRoute("/charts/assets/{name}", answer_asset, chart_operations.describe_assets(), AccessClass.EVERYBODY),
        ApiRoute("/oembed", answer_oembed, chart_operations.OEMBED, AccessClass.PUBLIC),
        ApiRoute("/show", answer_show, chart_operations.SHOW, AccessClass.PUBLIC),
    ]


@cache
def desk() -> Desk:
    """Return the desk of this process, with its kept answers and open builds."""
    return Desk()


def prepare() -> None:
    """Load the fonts before the first request for a chart; on a new machine those of pictures take seconds."""
    try:
        for weight in WEIGHTS:
            metrics(weight)
        font_files()
    except UserError as error:
        LOG.warning("Pictures cannot be painted: %s", error)


def close() -> None:
    """Give up unfinished answers, so that the process can end."""
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
    chart_desk = desk()
    settings = chart_desk.settings()
    address = chart_desk.recall(request.scope["query_string"], chart_id, file_format, settings)
    if address is None:
        address = await run_in_threadpool(chart_desk.read, request, chart_id, file_format, settings)
    token = str(request.scope.get(LINK_TOKEN, ""))
    if token and file_format == "html":
        address = chart_desk.by_link(address, token, settings)
    form = FORMATS[file_format]
    make = partial(chart_desk.make, address, settings)
    headers = _headers(address.chart_request)
    return await _deliver(request, address.key, form.media_type, headers, make, file_format, form.lane, is_counted=True)


async def _deliver(
    request: Request,
    key: str,
    media_type: str,
    headers: Mapping[str, str],
    make: Callable[[], bytes],
    kind: str,
    lane: str = "page",
    cost: str = "",
    *,
    is_counted: bool = False,
) -> Response:
    """Deliver the answer of `key`: 304 where the client has it, else from memory, or made in turn with its lane's.

    `kind` is its kind in `/metrics`, which counts its requests too if `is_counted`; `cost` is its cost for the
    client, by default that of its lane. HEAD makes no file that a worker makes.
    """
    answers, encoding = desk().answers, name_encoding(request, media_type)
    all_headers = {**encoding_headers(key, encoding, media_type), **headers}
    unmodified = answer_unmodified(request, all_headers)
    body = None if unmodified else answers.find(key, encoding)
    if is_counted:
        answers.counts.requests[kind, "unmodified" if unmodified else "made" if body is None else "kept"] += 1
    if unmodified is not None:
        return unmodified
    if body is None and request.method == "HEAD" and lane == "file":
        return answer_headers(all_headers)
    if body is None:
        submit = partial(answers.submit, key, encoding, lane, kind, make)
        body = await have_made(request.scope, cost or COSTLY_LANES[lane], submit)
    return answer_body(request, body, all_headers)


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
    if file_format == "interactive":  # Plotly writes styles, and needs neither eval nor scripts in the page
        allowed = f"script-src 'self' {telling}; connect-src 'self'; style-src 'unsafe-inline'"
        allowed += "; font-src 'self'; img-src 'self' data: blob:"
    elif file_format == "html":
        allowed = f"script-src {telling}; style-src {embed_page.style_sources()}; font-src 'self'; img-src 'self' data:"
    else:
        allowed = f"style-src {embed_page.style_sources()}; img-src 'self' data:"
    return f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'{_framing()}"


def _framing() -> str:
    """Write the end of a page's policy: the sites that may frame it."""
    ancestors = desk().settings().frame_ancestors
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


@explained_to_all
async def answer_catalogue(request: Request) -> Response:
    """Answer the list of charts for the selection of the query string: for programs, or as a page on request."""
    if "text/html" in request.headers.get("accept", ""):
        return await _answer_index(request)

    headers = OPEN | {"vary": "Accept", "link": link_description()}
    return await answer_described(request, metadata.list_charts, headers)


async def _answer_index(request: Request) -> Response:
    query = read_query(request)
    snapshot = await run_in_threadpool(kept_builds.find, desk().settings(), query)
    selection = parse(query, snapshot).in_order()
    headers = OPEN | {
        "content-language": selection.lang,
        "content-security-policy": f"{index_page.write_policy()}{_framing()}",
        "cache-control": FRESH,
        "vary": "Accept, Accept-Encoding",
        "link": link_description(),
    }
    base = site.find_base(request, desk().settings())
    parts = ("index", selection.query_pairs(), base)
    return await _answer_page(
        request,
        snapshot,
        parts,
        headers,
        lambda: index_page.draw_index(snapshot, selection, index_page.link_served(snapshot, selection, base)),
    )


async def answer_described(
    request: Request,
    describe: Callable[[Snapshot, Selection, Settings], dict[str, Any]],
    headers: Mapping[str, str],
    parameters: Sequence[str] = (),
) -> Response:
    """Answer a description of an address's selection as JSON; `parameters` are its further ones."""

    def work() -> dict[str, Any]:
        settings, query = desk().settings(), read_query(request)
        snapshot = kept_builds.find(settings, query)
        return describe(snapshot, parse(query, snapshot, parameters).in_order(), settings)

    return answer_description(request, await work_on_text(request, work), headers)


async def work_on_text(request: Request, make: Callable[[], Value]) -> Value:
    """Return the result of `make`, counted for the client as a text, in turn with charts; errors as in `have_made`."""
    return await have_made(request.scope, "text", lambda: desk().answers.work("page", make))


async def _answer_page(
    request: Request,
    snapshot: Snapshot,
    parts: tuple[object, ...],
    headers: dict[str, str],
    draw: Callable[[], str],
    cost: str = "picture",
) -> Response:
    """Answer a page of several charts, or another answer that is drawn in turn with charts and kept like them.

    `parts` are its key beside the snapshot; the first one names its kind in the counts.
    """
    key = hash_parts([edition(), snapshot.build_id, snapshot.built_at, str(desk().settings().campaign), *parts])
    media_type = headers.get("content-type", "text/html; charset=utf-8")
    return await _deliver(request, key, media_type, headers, lambda: draw().encode(), str(parts[0]), cost=cost)


@explained
async def answer_replay(request: Request) -> Response:
    """Answer the data that move a page's charts through the campaign; kept for ever where the address names a build."""
    query = read_query(request)
    snapshot = await run_in_threadpool(_open_seen, query)
    selection = replay.read_replay(query, snapshot)
    is_frozen = bool(selection.build and query.get(replay.EDITION))
    headers = {
        "content-type": "application/json",
        "content-language": selection.lang,
        "cache-control": FOREVER if is_frozen else FRESH,
    }
    parts = ("replay", selection.query_pairs())
    return await _answer_page(request, snapshot, parts, headers, lambda: replay.write_replay(snapshot, selection))


def _open_seen(query: Mapping[str, Sequence[str]]) -> Snapshot:
    """Open the snapshot of the asking page, with its cached answers; errors as in `kept_builds.find`."""
    settings = desk().settings()
    build_id = kept_builds.read_build(query)
    return kept_builds.open_seen(settings, build_id) if build_id else database.current(settings)


@explained
async def answer_show(request: Request) -> Response:
    """Answer the screen for a hall."""
    query = read_query(request)
    snapshot = await run_in_threadpool(kept_builds.find, desk().settings(), query)
    show, today = show_page.read_show(query, snapshot), date.today()
    headers = {
        "content-language": show.selection.lang,
        "content-security-policy": f"{show_page.write_policy()}{_framing()}",
        "cache-control": "no-cache",
        "vary": "Accept-Encoding",
    }
    base = site.find_base(request, desk().settings())
    parts = ("show", today.isoformat(), show_page.write_query(show), base)
    return await _answer_page(
        request, snapshot, parts, headers, lambda: show_page.draw_show(snapshot, show, today, base)
    )


@explained_to_all
async def answer_oembed(request: Request) -> Response:
    """Answer the oEmbed description of an address of a chart; 404 for all other addresses, 501 for XML."""
    parameters = request.query_params
    if parameters.get("format", "json") != "json":
        return answer_json(request, {"error": "Only format=json is answered.", "allowed": ["json"]}, OPEN, 501)
    if not parameters.get("url"):
        raise SelectionError("The parameter url is missing.", "url", ("the address of a chart",))
    max_width, max_height = (oembed.read_pixels(name, parameters.get(name, "")) for name in ("maxwidth", "maxheight"))

    def read() -> tuple[Snapshot, ChartRequest, Settings]:
        settings = desk().settings()
        if site.is_unset(request, settings):
            raise oembed.say_unset()
        settings = settings.model_copy(update={"base_url": site.find_base(request, settings)})
        chart_id, query = oembed.locate(parameters["url"], settings.base_url)
        try:
            snapshot = kept_builds.find(settings, query)
        except SelectionError as error:
            raise oembed.ForeignError(error.what) from error
        chart_request = oembed.read_address(chart_id, query, snapshot)
        return snapshot, replace(chart_request, token=str(request.scope.get(LINK_TOKEN, ""))), settings

    try:
        snapshot, chart_request, settings = await run_in_threadpool(read)
        parts = ("oembed", chart_request.key(edition(), snapshot, settings), settings.base_url, max_width, max_height)
        headers = OPEN | {"content-type": "application/json", "cache-control": FRESH}

        def describe() -> str:
            return write_json(oembed.describe(snapshot, chart_request, settings, max_width, max_height)).decode()

        return await _answer_page(request, snapshot, parts, headers, describe, "text")
    except (oembed.ForeignError, GoneError) as error:
        return answer_json(request, {"error": str(error)}, OPEN | NO_STORE, 404)
