"""The addresses of the description: `/openapi.json` for programs, `/openapi` for people."""

import json
from collections.abc import Mapping, Sequence

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from dashboard.access.rights import AccessClass
from dashboard.errors import SelectionError, SnapshotError
from dashboard.i18n import N_, Translator, translator
from dashboard.languages import SOURCE
from dashboard.settings import Settings
from dashboard.snapshot import database
from dashboard.snapshot.database import Snapshot, list_offered
from dashboard.snapshot.selection import parse_language
from dashboard.web.http import OPEN, read_query
from dashboard.web.kept_texts import answer_text
from dashboard.web.openapi.api_route import ApiRoute
from dashboard.web.openapi.openapi_document import describe_routes
from dashboard.web.openapi.openapi_page import draw_openapi, write_policy
from dashboard.web.openapi.operation import EITHER, HTML, JSON, Operation, Reply
from dashboard.web.openapi.parameters import SELECTION, pick
from dashboard.web.refusals import explained_to_all, read_language
from dashboard.web.site import find_base

_FAMILY = N_("This description")
_LANG = pick(("lang",), SELECTION)
_KEPT = ("ETag", "Cache-Control", "Content-Language", "Access-Control-Allow-Origin")
DOCUMENT = Operation(
    "/openapi.json",
    "openapi",
    "site",
    _FAMILY,
    N_("Every route as OpenAPI 3.1, for programs (JSON)"),
    (Reply(JSON, {"type": "object", "required": ["openapi", "info", "paths"]}, _KEPT),),
    _LANG,
    {400: EITHER},
    tried=("lang",),
    is_open=True,
)
PAGE = Operation(
    "/openapi",
    "openapi_page",
    "site",
    _FAMILY,
    N_("Every route with its parameters, to read and to try"),
    (Reply(HTML, None, _KEPT),),
    _LANG,
    {400: EITHER},
    tried=("lang",),
    is_open=True,
)


def routes(described_routes: Sequence[ApiRoute]) -> list[ApiRoute]:
    """The routes that describe all `described_routes`, and themselves."""

    @explained_to_all
    async def answer_document(request: Request) -> Response:
        """The description for programs, by the address at which it was asked for."""
        return await run_in_threadpool(_answer, request, described, JSON)

    @explained_to_all
    async def answer_page(request: Request) -> Response:
        """The description for people."""
        return await run_in_threadpool(_answer, request, described, HTML)

    own_routes = [
        ApiRoute(DOCUMENT.path, answer_document, (DOCUMENT,), AccessClass.PUBLIC),
        ApiRoute(PAGE.path, answer_page, (PAGE,), AccessClass.PUBLIC),
    ]
    described = [*described_routes, *own_routes]
    return own_routes


def _answer(request: Request, described: Sequence[ApiRoute], form: str) -> Response:
    settings = Settings.from_environment()
    t, base, snapshot = _read_language(request), find_base(request, settings), _find_snapshot(settings)
    parts = (form, t.language, base, snapshot.build_id if snapshot else "", snapshot.built_at if snapshot else "")

    def write() -> str:
        if form == HTML:
            return draw_openapi(described, snapshot, base, t)
        return json.dumps(describe_routes(described, snapshot, base, t), ensure_ascii=False, separators=(",", ":"))

    headers = OPEN | {"content-language": t.language}
    if form == HTML:
        headers |= {"content-security-policy": write_policy(), "vary": "Accept-Encoding, Accept-Language"}
    return answer_text(request, form, ("openapi", *parts), write, headers)


def _read_language(request: Request) -> Translator:
    """The language that the link names; where it names none, English for programs and the browser's for people.

    Raises:
        SelectionError: the link has another parameter, or names another language.
    """
    query = read_query(request)
    _refuse_others(query)
    lang = (query.get("lang") or ("",))[-1]
    offered = list_offered()
    if lang and parse_language(lang, offered) is None:
        raise SelectionError(f"lang={lang!r} is not a language here.", "lang", offered, lang)
    if request.url.path.endswith(".json"):
        return translator(parse_language(lang, offered) or SOURCE)
    return read_language(request)


def _refuse_others(query: Mapping[str, Sequence[str]]) -> None:
    for name in query:
        if name != "lang":
            raise SelectionError(f"Unknown parameter {name!r}.", name, ("lang",))


def _find_snapshot(settings: Settings) -> Snapshot | None:
    """The published build; without one the description says nothing of codes."""
    try:
        return database.current(settings)
    except SnapshotError:
        return None
