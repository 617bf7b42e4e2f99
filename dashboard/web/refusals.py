"""Refuse a request that cannot be met: what is wrong, what would be accepted, and what to do.

Programs get it as JSON; people who opened the address in a browser get a small page in the language of the link.
"""

import difflib
import logging
import math
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import cache, partial, wraps
from html import escape
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import duckdb
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from dashboard.errors import (
    BusyError,
    CampaignError,
    SelectionError,
    Sentence,
    SnapshotError,
    TooLargeError,
    TooOftenError,
    UserError,
    sentence,
)
from dashboard.faults import ComputerError
from dashboard.ground.logs import request_id
from dashboard.ground.processes import runner
from dashboard.i18n import N_, Translator, translator
from dashboard.languages import SOURCE, write_attributes
from dashboard.snapshot.database import UNREADABLE, list_offered
from dashboard.snapshot.kept_builds import GoneError
from dashboard.snapshot.selection import parse_language
from dashboard.web.http import NO_STORE, OPEN, answer_body, answer_json, hash_source

SECONDS_TO_RETRY = "30"
PARTS_OF_A_PATH = ("chart", "extract", "format")
"""Parameters that stand in the path of an address: with a wrong one there is no such thing."""

SERVERS_FAULT = 500
LONGEST_VALUE = 80
STYLE = Path(__file__).with_name("refusals.css").read_text(encoding="utf-8").replace("\n", "")
NOTHING: Mapping[str, str] = MappingProxyType({})
SAME_SITE = "; frame-ancestors 'self'"
NO_PAGE = N_("There is no such page")
UNANSWERABLE = N_("This link cannot be answered")
STREAMLITS_OWN = {"_stcore", "app", "auth", "component", "favicon.png", "media", "oauth2callback", "static"}
"""The first parts of the paths that Streamlit itself answers."""

LOG = logging.getLogger(__name__)
_PLACE = re.compile(r"(?<![\w:/.<])/[\w.-]+/[\w.-]|\b[A-Za-z]:\\")
"""A place on a disk; an address of the dashboard has its host before it."""

Endpoint = Callable[[Request], Awaitable[Response]]


class Refusal(NamedTuple):
    """The status of an answer, its content for programs, and its headers."""

    status: int
    content: dict[str, Any]
    headers: dict[str, str]


def refuse(error: UserError) -> Refusal:
    """Turn an error into a refusal.

    404 and 400 with the parameter and what is allowed, 410 for a build that is gone, 413 for too large a form, 429 for
    one client's too many requests, 503 for what passes by itself,
    422 for the rest.
    """
    if isinstance(error, SelectionError):
        content = {"error": error.what, "parameter": error.parameter, "value": error.value, "allowed": error.allowed}
        if error.parameter in PARTS_OF_A_PATH:
            return Refusal(404, content | {"near": find_near(error)}, NO_STORE)
        return Refusal(400, content, NO_STORE)
    if isinstance(error, GoneError):
        return Refusal(410, {"error": str(error)}, NO_STORE)
    if isinstance(error, TooLargeError):  # what is left of it is not read
        return Refusal(413, {"error": str(error)}, NO_STORE | {"connection": "close"})
    if isinstance(error, TooOftenError):
        return Refusal(429, {"error": str(error)}, NO_STORE | {"retry-after": str(math.ceil(error.seconds))})
    if isinstance(error, SnapshotError | BusyError | runner.WorkerError):
        return Refusal(503, {"error": str(error)}, NO_STORE | {"retry-after": SECONDS_TO_RETRY})
    return Refusal(422, {"error": str(error)}, NO_STORE)


def tell(error: UserError) -> UserError:
    """Write an error in the words for readers; log one that names a file or folder of the server."""
    reader_error = error.for_readers
    if reader_error is None and (isinstance(error, CampaignError | ComputerError) or _PLACE.search(str(error))):
        reader_error = UNREADABLE
    if reader_error is None or isinstance(error, SelectionError | GoneError):
        return error
    LOG.error("What a reader asked for could not be answered: %s", error)
    return SnapshotError(*reader_error)


def explain_by(answer_error: Callable[[Request, UserError], Response]) -> Callable[[Endpoint], Endpoint]:
    """Decorate routes: `answer_error` answers faults that a person can correct."""

    def decorate(route: Endpoint) -> Endpoint:
        @wraps(route)
        async def explain(request: Request) -> Response:
            try:
                return await route(request)
            except UserError as error:
                return answer_error(request, tell(error))
            except duckdb.Error:
                LOG.exception("The figures cannot be read.")
                return answer_error(request, SnapshotError(*UNREADABLE))

        return explain

    return decorate


def answer_refusal(request: Request, error: UserError, headers: Mapping[str, str] = NOTHING) -> Response:
    """Answer with the refusal in the form that the client accepts: Excel, Power BI and scripts do not ask for HTML."""
    varying = {**headers, "vary": "Accept"}
    if "text/html" in request.headers.get("accept", ""):
        return answer_page(request, error, UNANSWERABLE, varying)
    return answer_data(request, error, varying)


explained = explain_by(answer_refusal)
"""The decorator of routes that people and programs use alike."""

explained_to_all = explain_by(partial(answer_refusal, headers=OPEN))
"""The same where scripts of every site may read the answers, and so the refusals too."""


def answer_data(request: Request, error: UserError, headers: Mapping[str, str]) -> Response:
    """Answer with the refusal as JSON."""
    status, content, error_headers = refuse(error)
    return answer_json(request, content | _quote(status), {**headers, **error_headers}, status)


def answer_page(
    request: Request, error: UserError, heading: str, headers: Mapping[str, str], framing: str = SAME_SITE
) -> Response:
    """Answer with the refusal as a page.

    `heading`: what is missing, in English. `framing`: the end of the page's content policy: who may frame it.
    """
    status, _, error_headers = refuse(error)
    t = read_language(request)
    allowed = error.allowed if isinstance(error, SelectionError) else ()
    page = draw_page(t, t(heading), [*say(error, t), *_tell(status, t)], find_near(error), allowed)
    return _answer_drawn(request, t, status, page, {**headers, **error_headers}, framing)


def answer_words(
    request: Request,
    status: int,
    heading: str,
    sentences: Sequence[str],
    headers: Mapping[str, str] = NOTHING,
    ways: Sequence[tuple[str, str]] = (),
    allowed: Sequence[str] = (),
) -> Response:
    """Answer with a refusal in the reader's language, in the form that the client accepts; nobody keeps it.

    `heading`: what there is not, in English. `sentences`: what is wrong, and what to do, in English; a `Sentence` where
    they hold values. `ways`: where to go on, each with its words, in the reader's language, and its address.
    """
    t = read_language(request)
    words = [t(each) for each in sentences]
    all_headers = {**headers, **NO_STORE, "vary": "Accept"}
    if "text/html" not in request.headers.get("accept", ""):
        content = {"error": " ".join(words)} | ({"allowed": list(allowed)} if allowed else {})
        return answer_json(request, content | _quote(status), all_headers, status)
    page = draw_page(t, t(heading), [*words, *_tell(status, t)], allowed=allowed, ways=ways)
    return _answer_drawn(request, t, status, page, all_headers)


def _answer_drawn(
    request: Request, t: Translator, status: int, page: str, headers: Mapping[str, str], framing: str = SAME_SITE
) -> Response:
    of_page = {
        "content-type": "text/html; charset=utf-8",
        "content-language": t.language,
        "content-security-policy": f"{write_policy()}{framing}",
    }
    return answer_body(request, page.encode(), {**headers, **of_page}, status)


def answer_scope(
    scope: Scope, status: int, *sentences: str, heading: str = UNANSWERABLE, headers: Mapping[str, str] = NOTHING
) -> Response:
    """Answer as `answer_words` does, before a request or a websocket's handshake has reached a route."""
    return answer_words(Request({"method": "GET", **scope, "type": "http"}), status, heading, sentences, headers)


def read_language(request: Request, chosen_lang: str = "") -> Translator:
    """Read the language of a refused link; where it names none, the first of the browser's that is offered.

    `chosen_lang`: the language that was chosen before, where the link names none.
    """
    accepted = [part.partition(";") for part in request.headers.get("accept-language", "").split(",")]
    liked = sorted(accepted, key=lambda part: part[2].strip().removeprefix("q=") or "1", reverse=True)
    tags = (request.query_params.get("lang", ""), chosen_lang, *(tag for tag, _, _ in liked))
    offered = list_offered()
    langs = (parse_language(tag, offered) for tag in tags)
    return translator(next(filter(None, langs), SOURCE if SOURCE in offered else offered[0]))


def find_near(error: UserError) -> list[str]:
    """Find the allowed values that resemble the refused one."""
    if not isinstance(error, SelectionError):
        return []
    return difflib.get_close_matches(error.value or "", error.allowed, n=3, cutoff=0.4)


SEVERAL_UNITS = N_("These numbers have several units, which are never added up. Choose one of them by “unit”.")


def is_of_several_units(error: SelectionError) -> bool:
    """Whether numbers of several units were asked for, and none of these units."""
    return error.parameter == "unit" and error.value == ""


def say(error: UserError, t: Translator) -> list[str]:
    """Explain in sentences for a reader of a page what is wrong with an address and what to do."""
    if isinstance(error, GoneError):
        return [t(error.reason, build=error.build_id), t(error.remedy)]
    if not isinstance(error, SelectionError):
        return [t(error.what), t(error.remedy)]
    if error.value is None:
        return [t(N_("The link has an unknown parameter: {parameter}."), parameter=error.parameter)]
    if is_of_several_units(error):
        return [t(SEVERAL_UNITS)]
    if error.parameter == "chart":
        return [t(N_("There is no chart of this name: {name}."), name=error.value)]
    unknown = N_("The link has an unknown value: {parameter}={value}.")
    return [t(unknown, parameter=error.parameter, value=error.value[:LONGEST_VALUE])]


def draw_page(
    t: Translator,
    heading: str,
    sentences: Sequence[str],
    near: Sequence[str] = (),
    allowed: Sequence[str] = (),
    ways: Sequence[tuple[str, str]] = (),
) -> str:
    """Draw the page as HTML.

    `near`: values that may have been meant. `allowed`: values that would be accepted. `ways`: links to go on, each with
    its words and its address.
    """
    lines = [sentence for sentence in sentences if sentence]
    if near:
        lines.append(t(N_("Did you mean {values}?"), values=", ".join(near)))
    if allowed:
        lines.append(t(N_("Allowed here:")))
    words = "".join(f"<p>{escape(line)}</p>" for line in lines)
    items = "".join(f"<li><code>{escape(value)}</code></li>" for value in allowed)
    items += "".join(f'<li><a href="{escape(address)}">{escape(label)}</a></li>' for label, address in ways)
    return (
        f'<!doctype html><html {write_attributes(t.language)}><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(heading)}</title>'
        f"<style>{STYLE}</style></head><body><main><h1>{escape(heading)}</h1>{words}"
        f"{f'<ul>{items}</ul>' if items else ''}</main></body></html>\n"
    )


def _quote(status: int) -> dict[str, str]:
    """Quote the number of the request for programs, where the server is at fault, so that its log can be searched."""
    number = request_id.current() if status >= SERVERS_FAULT else ""
    return {"request_id": number} if number else {}


def _tell(status: int, t: Translator) -> list[str]:
    """Quote the number of the request for people."""
    return [t(N_("See number {code} in the server’s log."), code=number) for number in _quote(status).values()]


@cache
def write_policy() -> str:
    """Write the page's content policy: it may load its own style and nothing else."""
    return f"default-src 'none'; style-src {hash_source(STYLE)}; base-uri 'none'; form-action 'none'"


def answer_nothing(scope: Scope) -> Response:
    """Answer 404 in the same words whether an address exists for others or not at all."""
    return answer_scope(scope, 404, say_nothing_at(Request(scope).url.path), heading=NO_PAGE)


def say_nothing_at(address: str) -> Sentence:
    """Say in a sentence that nothing is at an address."""
    return sentence(N_("There is nothing at the address {address}."), address=address[:80])
