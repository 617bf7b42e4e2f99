"""End a server that others stand beside: it announces its end, moves its pages, and stops.

From SIGTERM on, `/readyz` says no and no page may connect, so that a proxy leads pages to the next server. A page that
is running finishes its run here, so that the reader's last action is carried out. All other pages are told to connect
again, which the browser does by itself (`first_page.js`, `session_messages`).
"""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.types import Receive, Scope, Send

from dashboard.access.presence import presence
from dashboard.web.guard.hosts import refuse
from dashboard.web.http import NO_STORE, Answer, Layer, change_headers

LOOK_SECONDS = 0.05
"""Between two looks at the pages that are still here."""


ENDING = threading.Event()
"""Set once this server has been told to end."""


@contextmanager
def begun() -> Iterator[None]:
    """Return how long this server has been about to end."""
    ENDING.set()
    try:
        yield
    finally:
        ENDING.clear()


class Ending(Layer):
    """ASGI middleware that refuses new pages once a server ends, and keeps no connection open for a further request."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or send a page to the next server."""
        if not ENDING.is_set() or scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await refuse(scope, receive, send, Answer(503, b"", {**NO_STORE, "retry-after": "1"}))
        else:
            await self.app(
                scope, receive, change_headers(send, lambda headers, _: headers.update({"connection": "close"}))
            )


async def move_pages(seconds: float) -> None:
    """Tell every page to connect again: running pages after their run, all pages after so many seconds.

    A page counts as quiet after two looks at which it was, since what its run has drawn leaves a moment after the run's
    end.
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
