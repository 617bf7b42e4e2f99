"""A number for every request, a line in the log for each, and an answer with that number where something broke.

A line says what was asked by the route's pattern, `/charts/{name}`: never by the address itself, whose path may hold a
token or what somebody typed, and whose query filters and words searched for. It does not say who asked; the line of the
proxy does, which has the same number, for as long as the operator lets it.
"""

import logging
import time
from collections.abc import Collection, Sequence
from functools import lru_cache

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.i18n import N_
from dashboard.logs import request_id
from dashboard.web.refusals import answer_words, read_language
from dashboard.web.unknown import STREAMLITS_OWN

LOG = logging.getLogger(__name__)
METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH"})
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
MOST_REMEMBERED, LONGEST_REMEMBERED = 2_048, 200
CLOSED_BY_CLIENT = 499
"""What nginx calls it too."""


class RequestLog:
    """ASGI middleware: numbers, logs, and answers what nobody else has."""

    def __init__(self, app: ASGIApp, pages: Collection[str], routes: Sequence[BaseRoute]) -> None:
        """Wrap `app`.

        Args:
            app: What answers.
            pages: The last parts of the pages' addresses.
            routes: What answers beside the pages.
        """
        self.app = app
        self.pages = frozenset(pages)
        self._recall = lru_cache(MOST_REMEMBERED)(self.name)
        self.routes = [route for route in routes if isinstance(route, Route)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on under its number."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        number = request_id.new(Headers(scope=scope).get(request_id.HEADER, ""))
        other_headers = [(name, value) for name, value in scope["headers"] if name != request_id.HEADER.encode()]
        # In place: the server's own log reads what is left of a request, without the token of a signed link.
        scope["headers"] = [*other_headers, (request_id.HEADER.encode(), number.encode())]
        reply = _Sent(send, number)
        started = time.monotonic()
        try:
            await self.app(scope, receive, reply)
        except Exception as error:
            LOG.error("A request was not answered.", exc_info=error)
            if scope["type"] != "http" or reply.status:
                raise
            await _answer_broken(Request(scope))(scope, receive, reply)
        finally:
            self._write(scope, reply, round((time.monotonic() - started) * 1000))

    def _write(self, scope: Scope, reply: "_Sent", ms: int) -> None:
        if not LOG.isEnabledFor(logging.INFO):
            return
        route = self._recall(path) if len(path := scope["path"]) <= LONGEST_REMEMBERED else self.name(path)
        method = scope.get("method", "WEBSOCKET")
        fields = {
            "method": method if method in (*METHODS, "WEBSOCKET") else "OTHER",
            "route": route,
            "status": reply.status or CLOSED_BY_CLIENT,
            "ms": ms,
            "bytes": reply.size,
        }
        level = logging.DEBUG if route.startswith(OFTEN) else logging.INFO
        LOG.log(level, "%s %s: %s in %s ms, %s bytes", *fields.values(), extra=fields)

    def name(self, path: str) -> str:
        """What a path is called in the log: a route's pattern, a page, a part of Streamlit; else only `unknown`."""
        parts = path.strip("/").split("/")
        below = ("/".join(parts[start:]) for start in range(min(len(parts), DEEPEST)))  # the dashboard may stand below
        return next(filter(None, map(self._find, below)), "unknown")

    def _find(self, path: str) -> str:
        probe: Scope = {"type": "http", "method": "GET", "path": f"/{path}", "headers": []}
        for route in self.routes:
            if route.matches(probe)[0] is not Match.NONE:
                return str(route.path)
        room, _, rest = path.partition("/")
        if room in STREAMLITS_OWN and rest:
            part = rest.partition("/")[0]
            return f"/{room}/{part if room == '_stcore' and part in STREAMLITS_PARTS else '…'}"
        return f"/{path}" if path in self.pages or path in STREAMLITS_OWN or not path else ""


class _Sent:
    """Sends on, and keeps the status and the size of what was sent."""

    def __init__(self, send: Send, number: str) -> None:
        self.send, self.number = send, number
        self.status, self.size = 0, 0

    async def __call__(self, message: Message) -> None:
        if message["type"] in ("http.response.start", "websocket.accept"):
            message.setdefault("headers", [])
            MutableHeaders(scope=message)[request_id.HEADER] = self.number
            self.status = message.get("status", 101)
        elif message["type"] == "http.response.body":
            self.size += len(message.get("body", b""))
        elif message["type"] in ("websocket.close", "websocket.http.response.start") and not self.status:
            self.status = message.get("status", 403)
        elif message["type"] == "websocket.send":
            self.size += len(message.get("bytes") or message.get("text") or "")
        await self.send(message)


def _answer_broken(request: Request) -> Response:
    """The answer to a request that nobody else has answered; it gives its number away."""
    t = read_language(request)
    sentences = (t(N_("The server could not answer because of an unexpected error.")),)
    return answer_words(request, 500, t(N_("This link cannot be answered")), sentences)
