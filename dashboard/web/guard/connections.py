"""How many pages one client may have open, and how fast their clicks are taken: more are refused, faster ones wait."""

import asyncio
from collections.abc import Sequence
from functools import lru_cache
from math import inf

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.access.budgets import Bucket, Places
from dashboard.i18n import N_
from dashboard.settings import Settings
from dashboard.web.guard.allowances import name_client
from dashboard.web.guard.hosts import refuse
from dashboard.web.refusals import SECONDS_TO_RETRY, answer_words, read_language

LARGEST_MESSAGE = 1_000_000
"""Bytes of what a page sends at a click: which widgets there are, and what is in them."""

TOO_LARGE, NO_TEXT = 1009, 1003
"""Codes of the end: too large, and of a kind that no page sends."""

CLICKS_PER_SECOND, MOST_CLICKS = 5.0, 60
"""Of one page; those of a form that is filled in quickly come at once."""

SECONDS_AT_ONCE = 4
"""Clicks of all pages of a client that are taken at once: what may come in so many seconds."""

SHORTEST_WAIT = 0.01


class Connections:
    """ASGI middleware that limits the connections of pages."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        self.app = app
        self.open = Places()
        self._find_pace = lru_cache(4)(lambda per_second: Bucket(per_second, per_second * SECONDS_AT_ONCE))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a connection on with its clicks, or refuse it."""
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        client, settings = name_client(scope), Settings.from_environment()
        most, per_second = settings.pages_per_client, settings.clicks_per_second
        if not self.open.take(client, most if client and most else inf):
            await _refuse(scope, receive, send)
            return
        try:
            paces = [("", Bucket(CLICKS_PER_SECOND, MOST_CLICKS))]
            paces += [(client, self._find_pace(per_second))] if client and per_second else []
            await self.app(scope, _slow_down(receive, send, paces), send)
        finally:
            self.open.give_back(client)


def _slow_down(receive: Receive, send: Send, paces: Sequence[tuple[str, Bucket]]) -> Receive:
    """What a page sends, at the paces at which it is taken, of the page and of all of the client's together.

    The server reads no further meanwhile.
    """

    async def receive_slowly() -> Message:
        message = await receive()
        if message["type"] != "websocket.receive":
            return message
        data = message.get("bytes")
        if data is None or len(data) > LARGEST_MESSAGE:
            code = NO_TEXT if data is None else TOO_LARGE
            await send({"type": "websocket.close", "code": code})
            return {"type": "websocket.disconnect", "code": code}
        for name, pace in paces:
            while seconds := pace.take(name):
                await asyncio.sleep(max(seconds, SHORTEST_WAIT))
        return message

    return receive_slowly


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    request = Request({"method": "GET", **scope, "type": "http"})
    t = read_language(request)
    said = t(N_("Too many pages are open from your address."))
    remedy = t(N_("Close those that you do not need."))
    headers = {"retry-after": SECONDS_TO_RETRY}
    answer = answer_words(request, 429, t(N_("This link cannot be answered")), (said, remedy), headers)
    await refuse(scope, receive, send, answer)
