"""The end of a server that has others beside it: first it says so, then its pages move, then it is gone.

From SIGTERM on `/readyz` says no, and no page may connect any more, so that a proxy leads it to the next server. A page
that is being run is left until its run has ended: what the reader did last is carried out here. All others are told to
connect anew, which the browser does by itself (`first_page.js`, `session_messages`).
"""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.access.presence import presence
from dashboard.web.guard.hosts import refuse
from dashboard.web.http import NO_STORE, Answer

LOOK_SECONDS = 0.05
"""Between two looks at the pages that are still here."""


class End:
    """Whether this server has been told to end."""

    def __init__(self) -> None:
        """It has not."""
        self.has_begun = False


_end = End()


def ending() -> End:
    """The end of this process."""
    return _end


@contextmanager
def begun() -> Iterator[None]:
    """For as long as this server is about to end."""
    _end.has_begun = True
    try:
        yield
    finally:
        _end.has_begun = False


class Ending:
    """ASGI middleware that lets no page connect to a server that ends, and no connection stay for a further request."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or send a page to the next server."""
        if not ending().has_begun or scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await refuse(scope, receive, send, Answer(503, b"", {**NO_STORE, "retry-after": "1"}))
        else:
            await self.app(scope, receive, _let_go(send))


async def move_pages(seconds: float) -> None:
    """Tell every page to connect anew: those that are being run once that has ended, all after so many seconds.

    A page counts as quiet that was so at two looks, since what its run has drawn leaves a moment after its end.
    """
    until, quiet = time.monotonic() + seconds, frozenset[str]()
    while visits := presence().list_visits():
        is_late = time.monotonic() >= until
        idle = frozenset(visit.visit_id for visit in visits if not presence().is_busy(visit.tab))
        for visit in visits:
            if is_late or visit.visit_id in idle & quiet:
                visit.move()
        if is_late:
            return
        quiet = idle
        await asyncio.sleep(LOOK_SECONDS)


def _let_go(send: Send) -> Send:
    async def send_last(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message)["connection"] = "close"
        await send(message)

    return send_last
