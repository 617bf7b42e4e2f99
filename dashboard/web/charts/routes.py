"""The routes of charts: `/charts`, `/charts/{id}` with its pictures and data, `/oembed`.

Answers say what they are made from in a strong `ETag`, one for each encoding. What is asked for again is answered
from memory on the event loop; everything else is made in a thread, once for all who wait for it.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import cache, wraps
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dashboard.charts.svg.fonts import font_files, metrics
from dashboard.charts.svg.static_fonts import WEIGHTS
from dashboard.errors import SelectionError, UserError
from dashboard.i18n import N_, Translator
from dashboard.snapshot import database
from dashboard.snapshot.selection import parse
from dashboard.web.charts import making, metadata, oembed, page
from dashboard.web.charts.desk import Desk
from dashboard.web.charts.frozen_builds import GONE, GoneError
from dashboard.web.charts.requests import FORMATS, Wanted, find_chart, split_name
from dashboard.web.charts.scripts import scripts
from dashboard.web.refusals import (
    draw_refusal,
    explained,
    find_near,
    read_language,
    read_query,
    refusal_policy,
    refuse,
    say,
)
from dashboard.web.static import FOREVER, choose_encoding, matches

LOG = logging.getLogger(__name__)
FRESH = "public, max-age=60, stale-while-revalidate=600"
"""A chart may be a minute old, and for ten more while a newer one is fetched."""

FROZEN = "public, max-age=31536000, immutable"
OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}
"""Every answer may be used by every site; none says anything about the reader."""


def routes() -> list[Route]:
    """The routes of charts for `st.App`."""
    return [
        Route("/charts", answer_catalogue),
        Route("/charts/assets/{name}", answer_script),
        Route("/charts/{chart_id}/interactive", answer_interactive),
        Route("/charts/{name}", answer_chart),
        Route("/oembed", answer_oembed),
    ]


@cache
def desk() -> Desk:
    """What this process has made, and what it has open."""
    return Desk()


def prepare() -> None:
    """Have the fonts ready before the first chart is asked for; on a new machine those of pictures take seconds."""
    try:
        for weight in WEIGHTS:
            metrics(weight)
        font_files()
    except UserError as error:
        LOG.warning("Pictures cannot be painted: %s", error)


def close() -> None:
    """Give up what is being made, so that the process can end."""
    desk().close()
    desk.cache_clear()


Answer = Callable[[Request], Awaitable[Response]]


def _readable(answer: Answer) -> Answer:
    """A refusal is JSON for programs; where a page was asked for, a small page says the same."""

    @wraps(answer)
    async def explain(request: Request) -> Response:
        try:
            return await answer(request)
        except UserError as error:
            return refuse_chart(request, error)

    return explain


def refuse_chart(request: Request, error: UserError) -> Response:
    """The answer to an address that cannot be met: 400, 404, 410, 422 or 503."""
    status, content, headers = refuse(error)
    near: list[str] = []
    if isinstance(error, SelectionError) and error.parameter in ("chart", "format"):
        status, near = 404, find_near(error)
        content |= {"near": near}
    if isinstance(error, GoneError):
        status = 410
    headers = {**OPEN, **headers}
    name = str(request.path_params.get("name", request.path_params.get("chart_id", "")))
    if "." in name and not name.endswith(".html"):
        return JSONResponse(content, status, headers)
    t = read_language(request)
    allowed = error.allowed if isinstance(error, SelectionError) else ()
    body = draw_refusal(t, t(N_("This chart cannot be shown")), _say(error, t), near, allowed)
    policy = f"{refusal_policy()}{_framing()}"
    headers |= {"Content-Security-Policy": policy, "Content-Language": t.language}
    return Response(body, status, headers, "text/html; charset=utf-8")


def _say(error: UserError, t: Translator) -> list[str]:
    """What is wrong, for a reader of a page."""
    if isinstance(error, GoneError):
        return [t(GONE, build=error.build_id), t(error.remedy)]
    if isinstance(error, SelectionError) and error.parameter == "chart":
        return [t(N_("There is no chart of this name: {name}."), name=error.value)]
    return say(error, t)


@_readable
async def answer_chart(request: Request) -> Response:
    """A chart as page, picture, figure, data, description, slide or workbook."""
    chart_id, file_format = split_name(request.path_params["name"])
    return await _answer(request, chart_id, file_format)


@_readable
async def answer_interactive(request: Request) -> Response:
    """A chart's interactive page."""
    chart_id = find_chart(request.path_params["chart_id"]).id
    return await _answer(request, chart_id, "interactive")


async def _answer(request: Request, chart_id: str, file_format: str) -> Response:
    kept = desk()
    settings = kept.settings()
    asked = kept.recall(request.scope["query_string"], chart_id, file_format, settings)
    if asked is None:
        asked = await run_in_threadpool(kept.read, request, chart_id, file_format, settings)
    form = FORMATS[file_format]
    accepted = request.headers.get("accept-encoding", "")
    encoding = "identity" if form.is_packed else choose_encoding(accepted) or "identity"
    etag = f'"{asked.key}-{encoding}"'
    counts = kept.bodies.counts
    headers = _headers(asked.wanted, encoding, etag)
    if matches(request.headers.get("if-none-match"), etag):
        counts.requests[file_format, "unmodified"] += 1
        return Prepared(304, b"", {name: headers[name] for name in KEPT if name in headers})
    body = kept.bodies.find(asked.key, encoding)
    counts.requests[file_format, "made" if body is None else "kept"] += 1
    if body is None and request.method == "HEAD" and form.lane == "file":
        return Prepared(200, b"", headers)  # its size is known once it is made
    if body is None:
        coming = kept.submit(asked, encoding, settings)
        # Shielded: other requests may wait for the same answer when this one's client goes away.
        body = await asyncio.shield(asyncio.wrap_future(coming))
    return Prepared(200, body, headers | {"content-length": str(len(body))}, is_empty=request.method == "HEAD")


KEPT = (
    "etag",
    "cache-control",
    "vary",
    "content-language",
    "content-security-policy",
    *(name.lower() for name in OPEN),
)
"""The headers of a 304; a browser puts them in the place of those it has, the policy too."""


class Prepared(Response):
    """An answer whose headers stand already; a HEAD request gets them alone."""

    def __init__(self, status: int, body: bytes, headers: dict[str, str], *, is_empty: bool = False) -> None:
        """Take headers with their names in small letters."""
        self.status_code = status
        self.body = b"" if is_empty else body
        self.background = None
        self.raw_headers = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]


def _headers(wanted: Wanted, encoding: str, etag: str) -> dict[str, str]:
    form = FORMATS[wanted.file_format]
    headers = {name.lower(): value for name, value in OPEN.items()}
    headers |= {
        "content-type": form.media_type,
        "content-language": wanted.selection.lang,
        "cache-control": FROZEN if wanted.is_frozen else FRESH,
        "etag": etag,
    }
    if not form.is_packed:
        headers["vary"] = "Accept-Encoding"
    if encoding != "identity":
        headers["content-encoding"] = encoding
    if wanted.file_format in ("html", "interactive", "svg"):
        headers["content-security-policy"] = _policy(wanted.file_format)
    if wanted.file_format in ("csv", "xlsx", "pptx"):
        name = f"{wanted.chart_id}_{wanted.selection.lang}.{wanted.file_format}"
        headers["content-disposition"] = f'attachment; filename="{name}"'
    return headers


def _policy(file_format: str) -> str:
    """What a page may load and who may frame it. Only the interactive one runs scripts, this server's own."""
    if file_format == "interactive":  # Plotly writes styles, and needs neither eval nor scripts in the page
        allowed = "script-src 'self'; connect-src 'self'; style-src 'unsafe-inline'; img-src 'self' data: blob:"
    else:
        allowed = f"style-src {page.style_sources()}; img-src 'self' data:"
    return f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'{_framing()}"


def _framing() -> str:
    """Who may frame a page, as the end of its policy."""
    try:
        ancestors = desk().settings().frame_ancestors
    except UserError:  # a setting that cannot be read opens nothing; the answer says what is wrong with it
        ancestors = "'none'"
    # An asterisk would still leave out pages from a file and in sandboxes.
    return "" if ancestors == "*" else f"; frame-ancestors {ancestors}"


async def answer_script(request: Request) -> Response:
    """A script of the interactive page, by the name that changes with its content."""
    name, found = request.path_params["name"], scripts()
    if not found.has(name):
        return JSONResponse({"error": "There is no such script."}, 404, {"Cache-Control": "no-store"})
    encoding = choose_encoding(request.headers.get("accept-encoding", "")) or "identity"
    headers = {**OPEN, "ETag": f'"{name}-{encoding}"', "Cache-Control": FOREVER, "Vary": "Accept-Encoding"}
    if matches(request.headers.get("if-none-match"), headers["ETag"]):
        return Response(status_code=304, headers=headers)
    if encoding != "identity":
        headers["Content-Encoding"] = encoding
    body = await run_in_threadpool(found.find, name, encoding)
    return Response(body, headers=headers, media_type="text/javascript; charset=utf-8")


@explained
async def answer_catalogue(request: Request) -> Response:
    """The list of charts, with their addresses for the selection of the query string."""

    def describe() -> dict[str, Any]:
        settings = desk().settings()
        published = database.current(settings)
        return metadata.list_charts(published, parse(read_query(request), published).in_order(), settings)

    return _json(request, await run_in_threadpool(describe))


@explained
async def answer_oembed(request: Request) -> Response:
    """The oEmbed description of an address of a chart; 404 for all other addresses, 501 for XML."""
    asked = request.query_params
    if asked.get("format", "json") != "json":
        return JSONResponse({"error": "Only format=json is answered.", "allowed": ["json"]}, 501, OPEN)
    if not asked.get("url"):
        raise SelectionError("The parameter url is missing.", "url", ("the address of a chart",))
    limits = [oembed.read_pixels(name, asked.get(name, "")) for name in ("maxwidth", "maxheight")]

    def describe() -> dict[str, Any]:
        settings = desk().settings()
        chart_id, query = oembed.locate(asked["url"], settings.base_url)
        try:
            published = desk().find_snapshot(settings, query)
        except SelectionError as error:
            raise oembed.ForeignError(error.what) from error
        wanted = oembed.read_address(chart_id, query, published)
        return oembed.describe(published, wanted, settings, limits[0], limits[1])

    try:
        return _json(request, await run_in_threadpool(describe))
    except (oembed.ForeignError, GoneError) as error:
        return JSONResponse({"error": str(error)}, 404, {**OPEN, "Cache-Control": "no-store"})


def _json(request: Request, content: dict[str, Any]) -> Response:
    body = making.write_json(content)
    etag = f'"{making.hash_body(body)}"'
    headers = {**OPEN, "ETag": etag, "Cache-Control": FRESH}
    if matches(request.headers.get("if-none-match"), etag):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="application/json")
