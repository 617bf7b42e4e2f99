"""Number and log every request, and answer with that number where something broke.

A line names the route's pattern, `/charts/{name}`, never the address itself: its path may hold a token or what somebody
typed, its query filters and search words. The line does not name the client; the proxy's line does, under the same
number, for as long as the operator keeps it.

Answers and open pages are counted here for `/metrics` too.
"""

import logging
import time
from collections import Counter
from collections.abc import Collection
from functools import cache
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.ground.logs import request_id
from dashboard.i18n import N_
from dashboard.web.http import Layer
from dashboard.web.refusals import STREAMLITS_OWN, answer_scope
from dashboard.web.site import RouteTable

LOG = logging.getLogger(__name__)
METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH", "WEBSOCKET"})
"""Others are logged and counted as one: anybody can think of any number of methods."""
OFTEN = (
    "/static",
    "/_stcore/health",
    "/_stcore/host-config",
    "/healthz",
    "/readyz",
    "/metrics",
    "/component",
    "/media",
)
"""What pages load by the dozen and probes ask every few seconds: told at the level `debug` only."""

STREAMLITS_PARTS = frozenset({"stream", "health", "host-config", "upload_file", "metrics", "script-health-check"})
DEEPEST = 3
CLOSED_BY_CLIENT = 499
"""What nginx calls it too."""


class Traffic:
    """Counts of the answers of this process, and of the pages open now."""

    def __init__(self) -> None:
        """Start with zero requests counted."""
        self.requests: Counter[tuple[str, int]] = Counter()
        """By method and status."""
        self.open_pages = 0


@cache
def traffic() -> Traffic:
    """The counts of this process."""
    return Traffic()


class RequestLog(Layer):
    """ASGI middleware that numbers, counts and logs requests, and answers those that nothing else has answered."""

    def __init__(self, app: ASGIApp, pages: Collection[str], routes: RouteTable[Any]) -> None:
        """Wrap `app`; `pages` are the last parts of the pages' addresses, `routes` answer beside them."""
        super().__init__(app)
        self.pages, self.routes = frozenset(pages), routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on under its number."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        number = request_id.new(Headers(scope=scope).get(request_id.HEADER, ""))
        other_headers = [(name, value) for name, value in scope["headers"] if name != request_id.HEADER.encode()]
        # In place: the server's own log reads what remains of a request, without the token of a signed link.
        scope["headers"] = [*other_headers, (request_id.HEADER.encode(), number.encode())]
        method = scope.get("method", "WEBSOCKET")
        reply = _Reply(send, number, method if method in METHODS else "OTHER")
        started = time.monotonic()
        traffic().open_pages += scope["type"] == "websocket"
        try:
            await self.app(scope, receive, reply)
        except Exception as error:
            LOG.error("A request was not answered.", exc_info=error)
            if scope["type"] != "http" or reply.status:
                raise
            answer = answer_scope(scope, 500, N_("The server could not answer because of an unexpected error."))
            await answer(scope, receive, reply)
        finally:
            traffic().open_pages -= scope["type"] == "websocket"
            self._write(scope, reply, round((time.monotonic() - started) * 1000))

    def _write(self, scope: Scope, reply: "_Reply", ms: int) -> None:
        if not LOG.isEnabledFor(logging.INFO):
            return
        route = self.name(scope["path"])
        fields = {
            "method": reply.method,
            "route": route,
            "status": reply.status or CLOSED_BY_CLIENT,
            "ms": ms,
            "bytes": reply.size,
        }
        level = logging.DEBUG if route.startswith(OFTEN) else logging.INFO
        LOG.log(level, "%s %s: %s in %s ms, %s bytes", *fields.values(), extra=fields)

    def name(self, path: str) -> str:
        """Name a path for the log: a route's pattern, a page, a part of Streamlit; any other is `unknown`."""
        parts = path.strip("/").split("/")
        below = ("/".join(parts[start:]) for start in range(min(len(parts), DEEPEST)))  # the dashboard may stand below
        return next(filter(None, map(self._find, below)), "unknown")

    def _find(self, path: str) -> str:
        route = self.routes.find(f"/{path}")
        if route is not None:
            return str(route.path)
        room, _, rest = path.partition("/")
        if room in STREAMLITS_OWN and rest:
            part = rest.partition("/")[0]
            return f"/{room}/{part if room == '_stcore' and part in STREAMLITS_PARTS else '…'}"
        return f"/{path}" if path in self.pages or path in STREAMLITS_OWN or not path else ""


class _Reply:
    """Sends an answer on under its number, counts it, and keeps its status and size."""

    def __init__(self, send: Send, number: str, method: str) -> None:
        self.send, self.number, self.method = send, number, method
        self.status, self.size = 0, 0

    async def __call__(self, message: Message) -> None:
        if message["type"] in ("http.response.start", "websocket.accept"):
            message.setdefault("headers", [])
            MutableHeaders(scope=message)[request_id.HEADER] = self.number
            self.status = message.get("status", 101)
            if message["type"] == "http.response.start":
                method = self.method if self.method in METHODS else "other"
                traffic().requests[method, self.status] += 1
        elif message["type"] == "http.response.body":
            self.size += len(message.get("body", b""))
        elif message["type"] in ("websocket.close", "websocket.http.response.start") and not self.status:
            self.status = message.get("status", 403)
        elif message["type"] == "websocket.send":
            self.size += len(message.get("bytes") or message.get("text") or "")
        await self.send(message)
