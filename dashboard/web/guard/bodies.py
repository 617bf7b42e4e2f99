"""How much one may send, and in which time: a body that is too large is not read, one that does not end is given up."""

import asyncio
import re
import time

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.i18n import N_
from dashboard.settings import Settings
from dashboard.web.http import read_header
from dashboard.web.refusals import answer_words, read_language
from dashboard.web.site import path_of

LARGEST = 64_000
"""Bytes of a body that is no upload: the forms of the newsletter are the largest."""

MARGIN = 1_000_000
"""Bytes that a form puts around a file."""

SECONDS = 20.0
"""For a body that is no upload; of an upload for each part, since lines are slow."""

SECONDS_OF_UPLOAD = 3_600.0
UPLOAD = re.compile(r"/_stcore/upload_file/")


class _RefusedError(Exception):
    """A body is too large, or comes too slowly.

    Attributes:
        status: 413 or 408.
    """

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Bodies:
    """ASGI middleware that limits what is sent with a request."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with a body that is limited."""
        if scope["type"] != "http" or not _has_body(scope):
            await self.app(scope, receive, send)
            return
        is_upload = UPLOAD.match(path_of(scope)) is not None
        body = _Body(receive, find_largest() if is_upload else LARGEST, is_upload)
        is_begun = False

        async def send_noted(message: Message) -> None:
            nonlocal is_begun
            is_begun = True
            await send(message)

        try:
            if read_length(scope) > body.largest:
                raise _RefusedError(413)
            await self.app(scope, body.receive, send_noted)
        except _RefusedError as refused:
            if not is_begun:
                await _answer(Request(scope), refused.status)(scope, receive, send)


class _Body:
    """A body in the parts in which it comes."""

    def __init__(self, receive: Receive, largest: int, is_upload: bool) -> None:
        self.largest = largest
        self._receive = receive
        self._is_upload = is_upload
        self._size = 0
        self._is_whole = False
        self._ends = time.monotonic() + (SECONDS_OF_UPLOAD if is_upload else SECONDS)

    async def receive(self) -> Message:
        """The next part; after the last one whatever comes."""
        if self._is_whole:
            return await self._receive()
        seconds = self._ends - time.monotonic()
        try:
            message = await asyncio.wait_for(self._receive(), max(0.0, min(seconds, SECONDS)))
        except TimeoutError:
            raise _RefusedError(408) from None
        self._size += len(message.get("body", b""))
        if self._size > self.largest:
            raise _RefusedError(413)
        self._is_whole = not message.get("more_body", False)
        return message


def _has_body(scope: Scope) -> bool:
    return any(name in (b"content-length", b"transfer-encoding") for name, _ in scope["headers"])


def read_length(scope: Scope) -> int:
    """The length that a request states; 0 where it states none that is one."""
    length = read_header(scope, b"content-length")
    return int(length) if length.isascii() and length.isdecimal() and len(length) < 20 else 0


def find_largest() -> int:
    """Bytes of the largest file, with what a form puts around it."""
    return Settings.from_environment().upload_mb * 1_000_000 + MARGIN


def _answer(request: Request, status: int) -> Response:
    t = read_language(request)
    message = {
        408: t(N_("What you sent did not arrive in time.")),
        413: t(N_("What you sent is too large.")),
    }[status]
    heading = t(N_("This link cannot be answered"))
    return answer_words(request, status, heading, (message,), {"connection": "close"})
