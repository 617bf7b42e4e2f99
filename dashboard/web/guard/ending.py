"""The end of a server that has others beside it: first it says so, then its pages move, then it is gone.

From SIGTERM on `/readyz` says no, and no page may connect any more, so that a proxy leads it to the next server. A page
that is being run is left until its run has ended: what the reader did last is carried out here. All others are told to
connect anew, which the browser does by itself (`first_page.js`, `session_messages`).
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
    """For as long as this server is about to end."""
    ENDING.set()
    try:
        yield
    finally:
        ENDING.clear()


class Ending(Layer):
    """ASGI middleware that lets no page connect to a server that ends, and no connection stay for a further request."""

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
