"""Whose files are taken: those of sessions that have opened a page for it, and of nobody else.

Streamlit itself takes files from every open session, whether or not its page asks for any, and keeps them in memory.
"""

import re

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.access.presence import presence
from dashboard.web.guard.known import find_known

UPLOAD = re.compile(r"/_stcore/upload_file/([^/]+)")


class Uploads:
    """ASGI middleware that refuses the files of sessions that may hand over none."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse the file."""
        if is_closed_upload(scope):
            answer = PlainTextResponse("Files are taken from signed-in staff only.\n", 403)
            await answer(scope, receive, send)
            return
        await self.app(scope, receive, send)


def is_closed_upload(scope: Scope) -> bool:
    """Whether a request hands over a file for a tab that has opened no staff page, or is of another sign-in."""
    if scope["type"] != "http" or scope["method"] not in ("PUT", "POST"):
        return False
    upload = UPLOAD.search(scope["path"])
    return upload is not None and not presence().may_hand_over(upload.group(1), find_known(scope).session_hash)
