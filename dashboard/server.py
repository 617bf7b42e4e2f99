"""The HTTP side of the dashboard: compressed scripts, security headers, health, readiness, metrics, start.

`app.py` passes `middleware()`, `routes()` and `lifespan` to Streamlit's `st.App`; this module itself
does not know Streamlit. Routes that answer with extracts are in `extract_routes`, those of charts in `embeds`.
"""

import gc
import importlib
import logging
import os
import re
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import cache
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard import access
from dashboard.errors import SnapshotError
from dashboard.queries import query_text
from dashboard.snapshot import database
from dashboard.web import extracts, offers
from dashboard.web.charts import routes as charts
from dashboard.web.charts.counts import describe_counts
from dashboard.web.static import CompressedStatic, StaticCopies, find_static_folder

# What a reader's first page needs; imported before the first reader comes.
WARM_MODULES = ("babel.numbers", "babel.dates", "pandas", "plotly.graph_objects", "plotly.io")
SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    # Pages stay out of other sites' frames; a route made for embedding sets a policy of its own.
    "Content-Security-Policy": "frame-ancestors 'self'",
}

UPLOAD = re.compile(r"/_stcore/upload_file/([^/]+)")


class Traffic:
    """Counts of what the process has answered and of the pages open now, for `/metrics`."""

    def __init__(self) -> None:
        """Start at nought."""
        self.started_at = time.time()
        self.requests: Counter[tuple[str, int]] = Counter()
        self.open_pages = 0


@cache
def traffic() -> Traffic:
    """The counts of this process."""
    return Traffic()


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
    found = UPLOAD.search(scope["path"])
    return found is not None and not access.is_admitted(found.group(1))


@cache
def static_copies() -> StaticCopies:
    """The compressed copies this process serves."""
    return StaticCopies(find_static_folder())


def middleware() -> list[Middleware]:
    """The middleware for `st.App`, outermost first."""
    return [Middleware(Guard, counts=traffic()), Middleware(CompressedStatic, copies=static_copies())]


def routes() -> list[Route]:
    """The routes for `st.App`: the operator's `/healthz`, `/readyz`, `/metrics`, the charts and the extracts."""
    return [
        *charts.routes(),
        *extracts.routes(),
        *offers.routes(),
        Route("/healthz", answer_health),
        Route("/readyz", answer_readiness),
        Route("/metrics", answer_metrics),
    ]


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """Prepare the process before the first reader: imports, snapshot, compressed scripts, fonts, collector."""
    await run_in_threadpool(_warm_up)
    threading.Thread(target=static_copies().make_all, name="compress-static", daemon=True).start()
    threading.Thread(target=charts.prepare, name="prepare-fonts", daemon=True).start()
    yield
    charts.close()
    extracts.close()
    offers.close()


async def answer_health(_request: Request) -> Response:
    """`ok` while the process answers at all."""
    return PlainTextResponse("ok\n", headers={"Cache-Control": "no-store"})


def answer_readiness(_request: Request) -> Response:
    """200 with the build's id when a snapshot is published and can be read, else 503."""
    found = _find_snapshot()
    if found is None:
        answer = {"ready": False, "reason": "No snapshot is published, or it cannot be read."}
    else:
        answer = {"ready": True, "build_id": found.build_id, "built_at": found.built_at}
    return JSONResponse(answer, status_code=200 if found else 503, headers={"Cache-Control": "no-store"})


def answer_metrics(_request: Request) -> Response:
    """The process's state in Prometheus' text format."""
    counts = traffic()
    found = _find_snapshot()
    lines = [
        *_metric(
            "dashboard_snapshot_ready", "gauge", "1 when a snapshot is published and readable.", int(found is not None)
        ),
        *_metric("dashboard_open_pages", "gauge", "Pages connected now.", counts.open_pages),
        *_metric(
            "process_start_time_seconds", "gauge", "Start of the process, Unix time.", round(counts.started_at, 3)
        ),
    ]
    memory = read_resident_bytes()
    if memory is not None:
        lines += _metric("process_resident_memory_bytes", "gauge", "Memory the process holds.", memory)
    if found is not None:
        age = (datetime.now(UTC) - datetime.fromisoformat(found.built_at).astimezone(UTC)).total_seconds()
        lines += _metric("dashboard_snapshot_age_seconds", "gauge", "Time since the snapshot was built.", round(age, 1))
        lines += _metric("dashboard_build_info", "gauge", "The build shown.", 1, build_id=found.build_id)
    lines += [
        "# HELP dashboard_http_requests_total HTTP requests answered.",
        "# TYPE dashboard_http_requests_total counter",
    ]
    lines += [
        f'dashboard_http_requests_total{{method="{method}",status="{status}"}} {number}'
        for (method, status), number in sorted(counts.requests.items())
    ]
    lines += describe_counts(charts.desk().bodies)
    return PlainTextResponse(
        "\n".join(lines) + "\n",
        media_type="text/plain; version=0.0.4",
        headers={"Cache-Control": "no-store"},
    )


def read_resident_bytes() -> int | None:
    """Memory the process holds now, where the system tells (Linux), else None."""
    try:
        with open("/proc/self/statm", encoding="ascii") as handle:  # noqa: PTH123  (not a file of ours)
            return int(handle.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, AttributeError):
        return None


def _metric(name: str, kind: str, meaning: str, value: float, **labels: str) -> list[str]:
    named = ",".join(f'{label}="{_escape(text)}"' for label, text in labels.items())
    return [
        f"# HELP {name} {meaning}",
        f"# TYPE {name} {kind}",
        f"{name}{{{named}}} {value}" if named else f"{name} {value}",
    ]


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _find_snapshot() -> database.Snapshot | None:
    """The published snapshot, asked one question to see that it answers."""
    try:
        found = database.current()
        with found.cursor() as cursor:
            cursor.execute(query_text("campaign")).fetchone()
    except SnapshotError:
        return None
    except Exception:  # a broken file can fail in many ways, and none of them is "ready"
        logging.getLogger(__name__).exception("The snapshot cannot be read.")
        return None
    return found


def _warm_up() -> None:
    for name in WARM_MODULES:
        importlib.import_module(name)
    _find_snapshot()
    # What is here now stays for the life of the process. Frozen, it is left out of every later
    # collection, which would otherwise walk through all of it (docs/performance.md).
    gc.collect()
    gc.freeze()
