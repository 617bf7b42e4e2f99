"""The HTTP side of the dashboard: security headers, health, readiness, metrics, start.

`app.py` passes `middleware()`, `routes()` and `lifespan` to Streamlit's `st.App`; this module itself
does not know Streamlit. What the routes of charts, extracts and offered files answer is in `web`.
"""

import gc
import importlib
import logging
import re
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.access import passwords
from dashboard.access.rights import AccessClass
from dashboard.errors import SnapshotError
from dashboard.i18n import N_
from dashboard.queries import query_text
from dashboard.snapshot import database, kept_builds
from dashboard.web import crawlers, extracts, latest_build, metrics, newsletter, offers
from dashboard.web.charts import routes as charts
from dashboard.web.feeds import answering as feeds
from dashboard.web.first_page import FirstPage
from dashboard.web.http import NO_STORE, answer_body, answer_json, edition
from dashboard.web.metrics import Traffic
from dashboard.web.openapi import describing
from dashboard.web.openapi.api_route import ApiRoute
from dashboard.web.openapi.operation import JSON, Operation, Reply, refer
from dashboard.web.site import NO_PAGES, Pages
from dashboard.web.static import CompressedStatic, streamlit_copies
from dashboard.web.unknown import UnknownAddress

# What a reader's first page needs; imported before the first reader comes.
WARM_MODULES = ("babel.numbers", "babel.dates", "pandas", "plotly.graph_objects", "plotly.io")
SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    # Pages stay out of other sites' frames; a route made for embedding sets a policy of its own.
    "Content-Security-Policy": "frame-ancestors 'self'",
}

_FOR_OPERATORS = N_("For operators")
_UNKEPT = ("Cache-Control",)
HEALTH = Operation(
    "/healthz",
    "health",
    "operation",
    _FOR_OPERATORS,
    N_("The process answers"),
    (Reply("text/plain", None, _UNKEPT),),
)
READINESS = Operation(
    "/readyz",
    "readiness",
    "operation",
    _FOR_OPERATORS,
    N_("A build is published and can be read; 503 where not"),
    (Reply(JSON, refer("Readiness"), _UNKEPT),),
    refusals={503: (JSON,)},
)
METRICS = Operation(
    "/metrics",
    "metrics",
    "operation",
    _FOR_OPERATORS,
    N_("What the process has done, as Prometheus reads it"),
    (Reply("text/plain", None, _UNKEPT), Reply("application/openmetrics-text", None, _UNKEPT)),
)

UPLOAD = re.compile(r"/_stcore/upload_file/([^/]+)")


class Guard:
    """ASGI middleware: security headers on every answer, and the counts of `Traffic`."""

    def __init__(self, app: ASGIApp, counts: Traffic) -> None:
        """Wrap `app`."""
        self.app = app
        self.counts = counts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; add headers to the answer and count it."""
        if scope["type"] == "websocket":
            self.counts.open_pages += 1
            try:
                await self.app(scope, receive, send)
            finally:
                self.counts.open_pages -= 1
            return

        if is_closed_upload(scope):
            self.counts.requests[scope.get("method", ""), 403] += 1
            await PlainTextResponse("Files are taken from signed-in staff only.\n", 403)(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
                self.counts.requests[scope["method"], message["status"]] += 1
            await send(message)

        await self.app(scope, receive, send_guarded if scope["type"] == "http" else send)


def is_closed_upload(scope: Scope) -> bool:
    """Whether a request hands over a file for a session that has not opened a staff page.

    Streamlit itself takes files from every open session, whether or not its page asks for any, and keeps them in
    memory.
    """
    if scope["type"] != "http" or scope["method"] not in ("PUT", "POST"):
        return False
    upload = UPLOAD.search(scope["path"])
    return upload is not None and not passwords.is_admitted(upload.group(1))


def middleware(pages: Pages) -> list[Middleware]:
    """The middleware for `st.App`, outermost first."""
    return [
        Middleware(Guard, counts=metrics.traffic()),
        Middleware(FirstPage, pages=pages),
        Middleware(UnknownAddress, pages=pages.titles, ways=pages.ways, routes=routes(pages)),
        Middleware(CompressedStatic, copies=streamlit_copies()),
    ]


def routes(pages: Pages = NO_PAGES) -> list[ApiRoute]:
    """The routes for `st.App`: charts, extracts, files, the build, feeds, what crawlers ask, the operator's three.

    The last ones describe all of them.

    Args:
        pages: The pages that the sitemap lists beside the charts.
    """
    own: list[ApiRoute] = [
        *charts.routes(),
        *extracts.routes(),
        *offers.routes(),
        *latest_build.routes(),
        *newsletter.routes(),
        *feeds.routes(),
        *crawlers.routes(pages),
        ApiRoute("/healthz", answer_health, (HEALTH,), AccessClass.EVERYBODY),
        ApiRoute("/readyz", answer_readiness, (READINESS,), AccessClass.EVERYBODY),
        ApiRoute("/metrics", answer_metrics, (METRICS,), AccessClass.OPERATOR),
    ]
    return [*own, *describing.routes(own)]


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """Prepare the process before the first reader: imports, snapshot, compressed scripts, fonts, collector."""
    await run_in_threadpool(_warm_up)
    threading.Thread(target=streamlit_copies().make_all, name="compress-static", daemon=True).start()
    threading.Thread(target=charts.prepare, name="prepare-fonts", daemon=True).start()
    yield
    charts.close()
    extracts.close()
    offers.close()
    kept_builds.close()


async def answer_health(request: Request) -> Response:
    """`ok` while the process answers at all."""
    return answer_body(request, b"ok\n", {**NO_STORE, "content-type": "text/plain; charset=utf-8"})


def answer_readiness(request: Request) -> Response:
    """200 with the build's id when a snapshot is published and can be read, else 503."""
    snapshot = _find_snapshot()
    if snapshot is None:
        reason = "No snapshot is published, or it cannot be read."
        return answer_json(request, {"ready": False, "reason": reason}, status=503)
    return answer_json(request, {"ready": True, "build_id": snapshot.build_id, "built_at": snapshot.built_at})


def answer_metrics(request: Request) -> Response:
    """The process's state in Prometheus' text format."""
    return metrics.answer_metrics(request, _find_snapshot())


def _find_snapshot() -> database.Snapshot | None:
    """The published snapshot, asked one question to see that it answers."""
    try:
        snapshot = database.current()
        with snapshot.cursor() as cursor:  # not `query`, which need not ask the database again
            cursor.execute(query_text("campaign")).fetchone()
    except SnapshotError:
        return None
    except Exception:  # a broken file can fail in many ways, and none of them is "ready"
        logging.getLogger(__name__).exception("The snapshot cannot be read.")
        return None
    return snapshot


def _warm_up() -> None:
    for name in WARM_MODULES:
        importlib.import_module(name)
    _find_snapshot()
    edition()
    # What is here now stays for the life of the process. Frozen, it is left out of every later
    # collection, which would otherwise walk through all of it (docs/performance.md).
    gc.collect()
    gc.freeze()
