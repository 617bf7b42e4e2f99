"""“Check this file”: a plain page that says of a file, figure by figure, whether it is as published.

People get a page, programs JSON. A worker reads the file, with limits; nothing of it is kept or logged.
"""

import json
from collections.abc import Mapping
from functools import partial
from html import escape
from pathlib import Path
from shutil import copyfileobj
from typing import Any, BinaryIO

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from dashboard.access.rights import AccessClass
from dashboard.errors import UserError
from dashboard.faults import computer_faults
from dashboard.formats import format_bytes, join_list
from dashboard.ground.processes.runner import Result, Words, Workers
from dashboard.i18n import N_, Translator
from dashboard.languages import SOURCE
from dashboard.scratch import Scratch
from dashboard.settings import Settings
from dashboard.web import refusals
from dashboard.web.api_route import ApiRoute, BodyLimit
from dashboard.web.guard.allowances import have_made
from dashboard.web.http import NO_STORE, answer_json
from dashboard.web.operation import EITHER, HTML, JSON, Reply, refer
from dashboard.web.plain_pages import (
    PAGE_LANG,
    PlainReader,
    describe_button,
    describe_page,
    draw_button,
    draw_link,
    draw_words,
)
from dashboard.web.sending_pages import STYLE
from dashboard.web.sent_forms import LARGEST_FORM, MULTIPART, SentForm, read_form_with_files
from dashboard.web.verifying.deviation import State

PATH = "/check"
FILE = "file"
LARGEST = 30_000_000
BODY = BodyLimit(LARGEST + LARGEST_FORM, 300.0)
SECONDS = 60.0
MOST_LISTED = 50
"""The most differences of one figure on the page; programs get more."""
HEADING = N_("Check this file")
_CHECKING = "dashboard.web.verifying.checking"
_TRY_LESS = N_("Check fewer slides or a smaller file.")
checkers = Workers(
    processes=1,
    waiting=8,
    seconds=SECONDS,
    words=Words(
        full=(N_("Too many files are being checked at once."), N_("Try again in a minute.")),
        late=(N_("Checking the file took too long and was stopped."), _TRY_LESS),
        cancelled=(N_("Checking the file was stopped."), N_("Try again in a minute.")),
        broken=(N_("Checking the file stopped before it was done."), _TRY_LESS),
    ),
)
"""What checks files: one at a time, and eight that wait."""

_PAGE = describe_page(
    PATH, "check", "site", HEADING, N_("The form that takes a file to check"), (PAGE_LANG,), refusals={503: EITHER},
    tried=("lang",),
)  # fmt: skip
OPERATIONS = (
    _PAGE,
    describe_button(
        _PAGE,
        N_("Says of a file, figure by figure, whether it is as published"),
        {FILE: {"type": "string", "format": "binary"}},
        {400: EITHER, 422: EITHER, 429: EITHER},
        replies=(Reply(HTML, None, ("Cache-Control",)), Reply(JSON, refer("Check"), ("Cache-Control",))),
    ),
)  # fmt: skip


class Reader(PlainReader):
    """Whoever has a file to check."""

    style = STYLE


def routes() -> list[ApiRoute]:
    """The route for `st.App`."""
    return [ApiRoute(PATH, answer, OPERATIONS, AccessClass.PUBLIC, BODY)]


async def answer(request: Request) -> Response:
    """Answer with the form, or with what is found in the file that was sent."""
    if request.method != "POST":
        return await run_in_threadpool(_show_form, request)
    sent_form = await read_form_with_files(request, BODY.size, LARGEST_FORM)
    try:
        name, verdict = await _check(request, sent_form)
    except UserError as error:
        return await run_in_threadpool(_refuse, request, refusals.tell(error))
    finally:
        await sent_form.close()
    if not _is_for_people(request):
        return answer_json(request, {FILE: name, **verdict}, NO_STORE | {"vary": "Accept"})
    return await run_in_threadpool(_show_verdict, request, name, verdict)


async def _check(request: Request, sent_form: SentForm) -> tuple[str, dict[str, Any]]:
    """Have a worker check the file that was sent, in its client's turn; return its name and what is found.

    Raises:
        UserError: there is none, it cannot be read, or too much is asked for.
    """
    if sent_form.problem is not None:
        raise sent_form.problem
    upload = next(iter(sent_form.files.get(FILE, ())), None)
    if upload is None:
        raise UserError(N_("No file was chosen."), N_("Choose one."))
    with Scratch("verify") as place:
        path = Path(place) / "sent"
        await run_in_threadpool(_write, upload.file, path)
        job = json.dumps({"path": str(path), "lang": refusals.read_language(request).language})
        result: Result = await have_made(request.scope, "file", partial(checkers.start, _CHECKING, text=job))
    verdict: dict[str, Any] = json.loads(result.content)
    return upload.filename or "", verdict


def check_receipt(text: str, settings: Settings) -> dict[str, Any]:
    """Have a worker check in English what the receipt of a figure states; block until it is done.

    Raises:
        UserError: its address leads to nothing, or too much is asked for.
    """
    job, campaign = json.dumps({"receipt": text, "lang": SOURCE}), {"DASHBOARD_CAMPAIGN": str(settings.campaign)}
    verdict: dict[str, Any] = json.loads(checkers.start(_CHECKING, text=job, environment=campaign).result().content)
    return verdict


def _write(content: BinaryIO, path: Path) -> None:
    with computer_faults(), path.open("xb") as file:
        copyfileobj(content, file)


def _is_for_people(request: Request) -> bool:
    return HTML in request.headers.get("accept", "")


def _refuse(request: Request, error: UserError) -> Response:
    """Answer with what is wrong: to people above the form."""
    if not _is_for_people(request):
        return refusals.answer_data(request, error, {"vary": "Accept"})
    reader = Reader(request, SentForm())
    status, _, headers = refusals.refuse(error)
    words = draw_words(*refusals.say(error, reader.t), kind="wrong")
    return reader.answer(reader.t(HEADING), words + _draw_form(reader.t), status, headers)


def _show_form(request: Request) -> Response:
    reader = Reader(request, SentForm())
    t = reader.t
    words = draw_words(
        t(
            N_(
                "Did a figure come from here, and was it changed on its way? Workbooks, slides, documents, PDF and "
                "pictures of the dashboard carry a receipt, by which each figure is made again and compared."
            )
        )
    )
    return reader.answer(t(HEADING), words + _draw_form(t))


def _draw_form(t: Translator) -> str:
    hint = t(N_("Up to {size}. Nothing of the file is kept."), size=format_bytes(LARGEST, t.language))
    return (
        f'<form method="post" enctype="{MULTIPART}"><label for="{FILE}">{escape(t(N_("File")))}</label>'
        f'<p class="hint" id="hint">{escape(hint)}</p>'
        f'<p><input id="{FILE}" name="{FILE}" type="file" required aria-describedby="hint"></p>'
        f"{draw_button(t(HEADING))}</form>"
    )


def _show_verdict(request: Request, name: str, verdict: Mapping[str, Any]) -> Response:
    reader = Reader(request, SentForm())
    t, parts = reader.t, verdict["parts"]
    kind = "done" if verdict["ok"] else "wrong"
    body = f'<p role="status" class="{kind}"><strong>{escape(verdict["says"])}</strong><br>{escape(name)}</p>'
    if len(parts) > 1:
        alike: dict[str, list[str]] = {}
        for part in parts:
            alike.setdefault(part["says"], []).append(part["place"])
        pair = N_("{place}: {remark}")
        body += draw_words(
            *(t(pair, place=_begin(join_list(places, t.language)), remark=says) for says, places in alike.items())
        )
    body += "".join(_draw_part(part, t, reader.settings.base_url) for part in parts)
    return reader.answer(t(HEADING), f"{body}<h2>{escape(t(N_('Another file')))}</h2>{_draw_form(t)}")


def _draw_part(part: Mapping[str, Any], t: Translator, base_url: str) -> str:
    """Draw what is to say of a figure; nothing of one that is as published."""
    differing = part["changed"][:MOST_LISTED] + part["now"][:MOST_LISTED]
    unlisted = len(part["changed"] + part["now"]) - len(differing) + part["more"]
    remarks = part["own_words"] + part["remarks"]
    if unlisted:
        remarks.append(t.plural(N_("{n} more figure differs."), N_("{n} more figures differ."), unlisted))
    if not differing and not remarks and part["state"] != State.OLDER:
        return ""
    items = "".join(_draw_difference(one, part["place"], t) for one in differing)
    address = part.get("of", "")
    link = draw_link(address, t(N_("This figure today"))) if address.startswith((f"{base_url}/", "/")) else ""
    return f"<h2>{escape(_begin(part['place']))}</h2>{items and f'<dl>{items}</dl>'}{draw_words(*remarks)}{link}"


def _draw_difference(one: Mapping[str, str], place_of_part: str, t: Translator) -> str:
    place = _begin(one["place"].removeprefix(f"{place_of_part}, "))
    lines = [t(N_("In the file: {words}"), words=one["says"])]
    lines.append(
        t(N_("As published: {words}"), words=one["should"])
        if "should" in one
        else t(N_("Today: {words}"), words=one["now"])
    )
    return f"<dt>{escape(place)}</dt>" + "".join(f"<dd>{escape(line)}</dd>" for line in lines)


def _begin(words: str) -> str:
    return words[:1].upper() + words[1:]
