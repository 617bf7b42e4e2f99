"""How fast one client's requests are taken: what comes faster waits for its turn, what would wait too long is refused.

The cheapest answer takes a share of the processor too, a refusal among them. So this stands before all that answers.
"""

import asyncio
from functools import lru_cache

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.access.budgets import Bucket
from dashboard.i18n import N_
from dashboard.settings import Settings
from dashboard.web.guard.allowances import name_client
from dashboard.web.guard.hosts import refuse
from dashboard.web.refusals import answer_words, read_language
from dashboard.web.site import path_of

SECONDS_AT_ONCE = 4
"""Requests of a client that are taken at once: what may come in so many seconds."""

PATIENCE = 30.0
"""Seconds that a request waits for its turn, as where a hall opens a page from one address.

One that would wait longer is refused after them.
"""

FILES = ("/static/", "/charts/assets/")
FILE, PAGE = 0.1, 5.0
"""What a file of the program, sent from memory, and the opening of a page count for; all else counts 1."""


class Pacing:
    """ASGI middleware that takes a client's requests in turn."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        self.app = app
        self._find_pace = lru_cache(4)(
            lambda per_second: Bucket(per_second, per_second * SECONDS_AT_ONCE, at_a_time=True)
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on when its turn has come."""
        if scope["type"] in ("http", "websocket"):
            client, per_second = name_client(scope), Settings.from_environment().requests_per_second
            if client and per_second:
                seconds = self._find_pace(per_second).book(client, _weigh(scope), PATIENCE)
                if seconds:
                    await asyncio.sleep(min(seconds, PATIENCE))
                if seconds > PATIENCE:
                    await _refuse(scope, receive, send)
                    return
        await self.app(scope, receive, send)


def _weigh(scope: Scope) -> float:
    if scope["type"] == "websocket":
        return PAGE
    return FILE if path_of(scope).startswith(FILES) else 1


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    request = Request({"method": "GET", **scope, "type": "http"})
    t = read_language(request)
    sentences = t(N_("Too many requests from your address in a short time.")), t(N_("Try again in a minute."))
    heading = t(N_("This link cannot be answered"))
    await refuse(
        scope, receive, send, answer_words(request, 429, heading, sentences, {"retry-after": str(round(PATIENCE))})
    )
