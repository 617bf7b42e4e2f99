"""Limit how much a request may send and for how long, and which sessions may send files.

A body that is too large is not read; one that does not end is given up. Only sessions that have opened a page with an
upload may send files: Streamlit itself accepts files from every open session, whether or not its page asks for any, and
keeps them in memory until the session ends. So one sign-in has room for a few files, and all together for little more.
"""

import asyncio
import re
import time
from collections import Counter

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.access.presence import presence
from dashboard.errors import TooOftenError
from dashboard.i18n import N_
from dashboard.settings import Settings
from dashboard.web.guard.allowances import take_turn
from dashboard.web.guard.visiting import find_known
from dashboard.web.http import Layer, read_header
from dashboard.web.refusals import answer_refusal, answer_scope
from dashboard.web.site import path_of

LARGEST = 64_000
"""Bytes of a body that is no upload: the forms of the newsletter are the largest."""

MARGIN = 1_000_000
"""Bytes that a form puts around a file."""

SECONDS = 20.0
"""For a body that is no upload; of an upload for each part, since lines are slow."""

SECONDS_OF_UPLOAD = 3_600.0
FILES_OF_ONE, FILES_OF_ALL = 2, 3
"""Files of the largest size that are held in memory for one sign-in, and for all."""

UPLOADS = "/_stcore/upload_file/"
UPLOAD = re.compile(rf"{UPLOADS}([^/]+)")
_LAST = {"connection": "close"}
_REFUSALS = {408: N_("What you sent did not arrive in time."), 413: N_("What you sent is too large.")}


class _RefusedError(Exception):
    """A body is too large, or comes too slowly.

    Attributes:
        status: 413 or 408.
    """

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Bodies(Layer):
    """ASGI middleware that limits what is sent with a request."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with a body that is limited."""
        sizes = (b"content-length", b"transfer-encoding")
        if scope["type"] != "http" or not any(name in sizes for name, _ in scope["headers"]):
            await self.app(scope, receive, send)
            return
        is_upload = path_of(scope).startswith(UPLOADS)
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
                answer = answer_scope(scope, refused.status, _REFUSALS[refused.status], headers=_LAST)
                await answer(scope, receive, send)


class _Body:
    """A request's body, part by part."""

    def __init__(self, receive: Receive, largest: int, is_upload: bool) -> None:
        self.largest = largest
        self._receive = receive
        self._is_upload = is_upload
        self._size = 0
        self._is_whole = False
        self._ends = time.monotonic() + (SECONDS_OF_UPLOAD if is_upload else SECONDS)

    async def receive(self) -> Message:
        """Receive the next part; after the last one pass on whatever comes."""
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


def read_length(scope: Scope) -> int:
    """Read the length that a request states; 0 where it states none or no number."""
    length = read_header(scope, b"content-length")
    return int(length) if length.isascii() and length.isdecimal() and len(length) < 20 else 0


def find_largest() -> int:
    """Compute the bytes of the largest accepted file, with the form around it."""
    return Settings.from_environment().upload_mb * 1_000_000 + MARGIN


class Uploads(Layer):
    """ASGI middleware that refuses files from sessions that may not send any."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        super().__init__(app)
        self.coming: Counter[str] = Counter()
        """Bytes that are on their way, by sign-in."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse the file."""
        is_sent = scope["type"] == "http" and scope["method"] in ("PUT", "POST")
        upload = UPLOAD.search(scope["path"]) if is_sent else None
        if upload is None:
            await self.app(scope, receive, send)
        elif presence().may_hand_over(upload[1], find_known(scope).session_hash):
            await self._take(scope, receive, send)
        else:  # its tab has opened no staff page, or is of another sign-in
            answer = PlainTextResponse("Files are taken from signed-in staff only.\n", 403)
            await answer(scope, receive, send)

    async def _take(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Accept a file where there is room for it."""
        owner, largest = find_known(scope).session_hash, find_largest()
        size = min(read_length(scope) or largest, largest)
        of_one, of_all = presence().weigh_held(owner)
        is_full = of_one + self.coming[owner] + size > FILES_OF_ONE * largest
        if is_full or of_all + self.coming.total() + size > FILES_OF_ALL * largest:
            problem, remedy = N_("Too many files are waiting on this server."), N_("Preview those first.")
            await answer_scope(scope, 413, problem, remedy, headers=_LAST)(scope, receive, send)
            return
        self.coming[owner] += size
        try:
            with await take_turn(scope, "upload"):
                await self.app(scope, receive, send)
        except TooOftenError as error:
            await answer_refusal(Request(scope), error)(scope, receive, send)
        finally:
            self.coming[owner] -= size
            if not self.coming[owner]:
                del self.coming[owner]
