"""Files that the page of one session offers, made when they are asked for at `/files/{token}`.

Streamlit's own deferred downloads name a file anew at every run of a page and lose the answer that comes during one:
clicked just then, a button waited for ever. An offer keeps its token for as long as its page holds the offer. Its file
is for this reader alone, so nobody keeps the answer.

What takes a worker longer is begun when it is asked for. Who prefers not to wait (`Prefer: respond-async`) hears how
far it is, and asks again until it is there.
"""

import asyncio
import secrets
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from weakref import WeakValueDictionary

from starlette.requests import Request
from starlette.responses import Response

from dashboard.access.presence import presence
from dashboard.access.rights import AccessClass
from dashboard.errors import TooOftenError, UserError
from dashboard.ground.processes.runner import Handle
from dashboard.i18n import N_, Translator
from dashboard.web.api_route import ApiRoute
from dashboard.web.guard.allowances import have_made
from dashboard.web.guard.visiting import find_known
from dashboard.web.http import NO_STORE, answer_body, answer_headers, answer_json, name_attachment, name_type
from dashboard.web.operation import DATA, EITHER, Operation, Parameter, Reply
from dashboard.web.refusals import answer_refusal, answer_words, tell

PATH = "/files"
MOST_AT_ONCE = 16
"""Files in the making or waiting for a worker; more wait here, apart from the threads that answer other requests."""

TOKEN_BYTES = 18
LOOK_SECONDS = 0.5
"""How long an answer waits for a file before it says how far it is."""


OPERATION = Operation(
    f"{PATH}/{{token}}",
    "offered_file",
    "site",
    N_("A file that an open page offers"),
    N_("The file, for whoever has the token of the page, as long as that is open"),
    (Reply("*/*", None, ("Cache-Control", "Content-Language")),),
    (Parameter("token", N_("Made by the page; cannot be guessed."), {"type": "string", "minLength": 1}, place="path"),),
    {404: EITHER, 503: DATA},
)


@dataclass(eq=False)
class Offer:
    """A file that whoever has the token can ask for; only the page it stands on has it.

    Attributes:
        make: Makes the content, or begins the file in a worker.
        explain: Why there is no file, given what `make` raised.
        tab: The open page that it belongs to; its file is for the reader of that page, while it is open. Empty in a
            test, where there is no page.
        work: The file that a worker makes, which is asked for again and again until it is there.
    """

    make: Callable[[], bytes | Handle]
    file_name: str
    media_type: str
    explain: Callable[[Exception], UserError]
    t: Translator
    tab: str = ""
    token: str = field(default_factory=lambda: secrets.token_urlsafe(TOKEN_BYTES))
    work: Handle | None = None

    def __post_init__(self) -> None:
        """Make the offer known, until nobody holds it any more."""
        with _lock:
            _offers[self.token] = self

    def cancel(self) -> None:
        """Give up the file that is asked for, if any."""
        work, self.work = self.work, None
        if work is not None:
            work.cancel()


_offers: "WeakValueDictionary[str, Offer]" = WeakValueDictionary()
_lock = threading.Lock()


def find_offer(token: str) -> Offer | None:
    """The offer of a token; None when its page is gone, or shows something else by now."""
    with _lock:
        return _offers.get(token)


def routes() -> list[ApiRoute]:
    """The routes of offered files for `st.App`."""
    return [ApiRoute(f"{PATH}/{{token}}", answer_file, (OPERATION,), AccessClass.TOKEN)]


async def answer_file(request: Request) -> Response:
    """The file of an offer; 404 when nobody offers it any more, 503 with the reason when it could not be made."""
    offer = find_offer(request.path_params["token"])
    if offer is None or (offer.tab and not presence().is_open(offer.tab, find_known(request.scope).session_hash)):
        reasons = N_("The page that offered this file is closed."), N_("Open the page again and use its button.")
        return answer_words(request, 404, N_("This file is no longer offered"), reasons)
    shared = {**NO_STORE, "content-language": offer.t.language}
    headers = shared | {
        "content-type": name_type(offer.media_type),
        "content-disposition": name_attachment(offer.file_name),
    }
    if request.method == "HEAD":
        return answer_headers(headers)
    is_patient = "respond-async" not in request.headers.get("prefer", "")
    try:
        content_or_work: bytes | Handle | None = None if is_patient else offer.work
        if content_or_work is None:
            content_or_work = await have_made(
                request.scope, "file", lambda: _threads().submit(_begin, offer, is_patient)
            )
        if not isinstance(content_or_work, bytes):
            if not await _is_done(content_or_work):
                progress = content_or_work.progress
                return answer_json(request, {"share": progress and progress.share}, shared, 202)
            offer.work = None
            content_or_work = content_or_work.result().content
    except TooOftenError as error:
        return answer_refusal(request, error, shared)
    except Exception as error:
        reason = tell(offer.explain(error))
        sentences = f"{offer.t(reason.what)} {offer.t(reason.remedy)}".strip()
        return answer_json(request, {"error": sentences}, shared, 503)
    return answer_body(request, content_or_work, headers)


def _begin(offer: Offer, is_patient: bool) -> bytes | Handle:
    """The content of an offer's file, or the work that makes it for a client who asks again."""
    content_or_work = offer.make()
    if isinstance(content_or_work, bytes):
        return content_or_work
    if is_patient:
        return content_or_work.result().content
    offer.work = content_or_work
    return content_or_work


async def _is_done(work: Handle) -> bool:
    """Whether a file is there, or is within a moment."""
    for _ in range(5):
        if not work.done():
            await asyncio.sleep(LOOK_SECONDS / 5)
    return work.done()


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(MOST_AT_ONCE, thread_name_prefix="offered-file")


def close() -> None:
    """Wait for nothing more, so that the process can end."""
    _threads().shutdown(wait=False, cancel_futures=True)
    _threads.cache_clear()
