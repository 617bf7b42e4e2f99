"""What routes answer when a request cannot be met: the reason, and what would be accepted instead.

Programs get JSON; people who open the address in a browser get a small page in the language of the link.

A small page that says why an address cannot be answered, for people who opened it in a browser.
"""

import base64
import difflib
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from functools import cache, wraps
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from dashboard.campaign.folder import LANGUAGES
from dashboard.errors import SelectionError, SnapshotError, UserError
from dashboard.i18n import N_, Translator, translator
from dashboard.processes import runner

SECONDS_TO_RETRY = "30"

Answer = Callable[[Request], Awaitable[Response]]


class Refusal(NamedTuple):
    """The status of an answer, its content, and headers beside `Cache-Control: no-store`."""

    status: int
    content: dict[str, Any]
    headers: dict[str, str]


def refuse(error: UserError) -> Refusal:
    """400 with the parameter and what is allowed; 503 for what passes by itself; 422 for the rest."""
    headers = {"Cache-Control": "no-store"}
    if isinstance(error, SelectionError):
        said = {"error": error.what, "parameter": error.parameter, "value": error.value, "allowed": error.allowed}
        return Refusal(400, said, headers)
    if isinstance(error, SnapshotError | runner.WorkerError):
        return Refusal(503, {"error": str(error)}, headers | {"Retry-After": SECONDS_TO_RETRY})
    return Refusal(422, {"error": str(error)}, headers)


def explained(answer: Answer) -> Answer:
    """What a person can put right is JSON with the parameter, its value and what is allowed; what passes is a 503."""

    @wraps(answer)
    async def explain(request: Request) -> Response:
        try:
            return await answer(request)
        except UserError as error:
            return answer_refusal(request, error)

    return explain


def answer_refusal(request: Request, error: UserError, status: int | None = None) -> Response:
    """The refusal in the form that the client asks for; its status is the one of `refuse` unless another is given."""
    usual, content, headers = refuse(error)
    status = status or usual
    headers = headers | {"Vary": "Accept"}
    if not wants_page(request):
        return JSONResponse(content, status, headers)
    t = read_language(request)
    allowed = error.allowed if isinstance(error, SelectionError) else ()
    near = find_near(error)
    body = draw_refusal(t, t(N_("This link cannot be answered")), say(error, t), near, allowed)
    policy = f"{refusal_policy()}; frame-ancestors 'self'"
    headers |= {"Content-Security-Policy": policy, "Content-Language": t.language}
    return Response(body, status, headers, "text/html; charset=utf-8")


def wants_page(request: Request) -> bool:
    """Whether a browser asks, for somebody to read: Excel, Power BI and scripts do not ask for HTML."""
    return "text/html" in request.headers.get("accept", "")


def read_language(request: Request) -> Translator:
    """The language of a link, also of one that cannot be answered."""
    lang = request.query_params.get("lang", "en")
    return translator(lang if lang in LANGUAGES else "en")


def find_near(error: UserError) -> list[str]:
    """The allowed values that are written much like the one that was refused."""
    if not isinstance(error, SelectionError):
        return []
    return difflib.get_close_matches(error.value or "", error.allowed, n=3, cutoff=0.4)


def read_query(request: Request) -> dict[str, list[str]]:
    """A request's parameters, name → values."""
    return {name: request.query_params.getlist(name) for name in request.query_params}


STYLE = Path(__file__).with_name("refusals.css").read_text(encoding="utf-8").replace("\n", "")
LONGEST_VALUE = 80


def draw_refusal(
    t: Translator, heading: str, sentences: Sequence[str], near: Sequence[str] = (), allowed: Sequence[str] = ()
) -> str:
    """The HTML of the page.

    Args:
        t: The reader's language.
        heading: What there is not.
        sentences: What is wrong, and what to do; empty ones are left out.
        near: Values that may have been meant.
        allowed: Values that would be accepted.
    """
    said = [sentence for sentence in sentences if sentence]
    if near:
        said.append(t(N_("Did you mean {values}?"), values=", ".join(near)))
    if allowed:
        said.append(t(N_("Allowed here:")))
    words = "".join(f"<p>{escape(sentence)}</p>" for sentence in said)
    items = "".join(f"<li><code>{escape(value)}</code></li>" for value in allowed)
    return (
        f'<!doctype html><html lang="{t.language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(heading)}</title>'
        f"<style>{STYLE}</style></head><body><main><h1>{escape(heading)}</h1>{words}"
        f"{f'<ul>{items}</ul>' if items else ''}</main></body></html>\n"
    )


def say(error: UserError, t: Translator) -> list[str]:
    """What is wrong with an address, for a reader of a page."""
    if not isinstance(error, SelectionError):
        return [t(error.what), t(error.remedy)]
    if error.value is None:
        return [t(N_("The link has a parameter that is not known here: {parameter}."), parameter=error.parameter)]
    value = error.value[:LONGEST_VALUE]
    said = N_("The link asks for a value that is not known here: {parameter}={value}.")
    return [t(said, parameter=error.parameter, value=value)]


@cache
def refusal_policy() -> str:
    """What the page may load, as a content policy: its own style and nothing else."""
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
