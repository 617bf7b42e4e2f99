"""Counts of what was answered and of the pages that are open, for `/metrics`."""

from collections import Counter
from functools import cache

from starlette.types import ASGIApp, Message, Receive, Scope, Send

METHODS = frozenset(("GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH"))
OTHER = "other"
"""Counted as one: anybody can think of any number of methods."""


class Traffic:
    """Counts of what the process has answered, and of the pages open now."""

    def __init__(self) -> None:
        """Start with zero requests counted."""
        self.requests: Counter[tuple[str, int]] = Counter()
        """By method and status."""
        self.open_pages = 0


@cache
def traffic() -> Traffic:
    """The counts of this process."""
    return Traffic()


class Counting:
    """ASGI middleware that counts answers by method and status, and open connections of pages."""

    def __init__(self, app: ASGIApp, counts: Traffic) -> None:
        """Wrap `app`."""
        self.app = app
        self.counts = counts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and count how it ends."""
        if scope["type"] == "websocket":
            self.counts.open_pages += 1
            try:
                await self.app(scope, receive, send)
            finally:
                self.counts.open_pages -= 1
            return

        async def send_counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                method = scope["method"] if scope["method"] in METHODS else OTHER
                self.counts.requests[method, message["status"]] += 1
            await send(message)

        await self.app(scope, receive, send_counted if scope["type"] == "http" else send)
