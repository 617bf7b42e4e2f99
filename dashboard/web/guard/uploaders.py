"""Whose files are taken: those of sessions that have opened a page for it, and of nobody else.

Streamlit itself takes files from every open session, whether or not its page asks for any, and keeps them in memory
until the session ends. So there is room for some of one sign-in, and for little more of all.
"""

import re
from collections import Counter

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.access.presence import presence
from dashboard.errors import TooOftenError
from dashboard.i18n import N_
from dashboard.web.guard.allowances import take_turn
from dashboard.web.guard.bodies import find_largest, read_length
from dashboard.web.guard.known import find_known
from dashboard.web.refusals import answer_refusal, answer_words, read_language

FILES_OF_ONE, FILES_OF_ALL = 2, 3
"""Files of the largest size that are held in memory for one sign-in, and for all."""

UPLOAD = re.compile(r"/_stcore/upload_file/([^/]+)")


class Uploads:
    """ASGI middleware that refuses the files of sessions that may hand over none."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        self.app = app
        self.coming: Counter[str] = Counter()
        """Bytes that are on their way, by sign-in."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse the file."""
        if is_closed_upload(scope):
            answer = PlainTextResponse("Files are taken from signed-in staff only.\n", 403)
            await answer(scope, receive, send)
        elif is_upload(scope):
            await self._take(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _take(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take a file where there is room for it."""
        owner, largest = find_known(scope).session_hash, find_largest()
        size = min(read_length(scope) or largest, largest)
        of_one, of_all = presence().weigh_held(owner)
        is_full = of_one + self.coming[owner] + size > FILES_OF_ONE * largest
        if is_full or of_all + self.coming.total() + size > FILES_OF_ALL * largest:
            await _refuse(scope)(scope, receive, send)
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


def _refuse(scope: Scope) -> Response:
    request = Request(scope)
    t = read_language(request)
    sentences = (
        t(N_("Too many files are waiting on this server.")),
        t(N_("Preview those first.")),
    )
    return answer_words(request, 413, t(N_("This link cannot be answered")), sentences, {"connection": "close"})


def is_upload(scope: Scope) -> bool:
    """Whether a request hands over a file."""
    return scope["type"] == "http" and scope["method"] in ("PUT", "POST") and bool(UPLOAD.search(scope["path"]))


def is_closed_upload(scope: Scope) -> bool:
    """Whether a request hands over a file for a tab that has opened no staff page, or is of another sign-in."""
    if not is_upload(scope):
        return False
    upload = UPLOAD.search(scope["path"])
    return upload is not None and not presence().may_hand_over(upload.group(1), find_known(scope).session_hash)
