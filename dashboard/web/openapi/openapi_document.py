"""Every route described: as OpenAPI 3.1 for programs (`/openapi.json`), as a page for people (`/openapi`)."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from itertools import count
from typing import Any

from starlette.requests import Request

from dashboard import __version__
from dashboard.access.rights import AccessClass
from dashboard.access.signed_links import TOKEN
from dashboard.errors import SelectionError, SnapshotError
from dashboard.i18n import N_, Translator, translator
from dashboard.languages import SOURCE
from dashboard.settings import Settings
from dashboard.snapshot import database
from dashboard.snapshot.attribution import attribute
from dashboard.snapshot.database import Snapshot, list_offered
from dashboard.snapshot.selection import parse_language
from dashboard.web.api_route import ApiRoute, list_operations
from dashboard.web.handouts import Handout, hand_out, hold_text
from dashboard.web.http import OPEN, read_query
from dashboard.web.openapi.openapi_page import draw_openapi, write_policy
from dashboard.web.openapi.shapes import list_shapes
from dashboard.web.operation import (
    ABOUT,
    EITHER,
    HTML,
    JSON,
    REFUSALS,
    SELECTION,
    TAGS,
    Operation,
    Parameter,
    Reply,
    pick,
    refer,
)
from dashboard.web.refusals import read_language
from dashboard.web.site import find_base

OPENAPI = "3.1.0"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
"""Of what the routes promise. It grows at its first number once a link that works today means something else."""

SECURITY: dict[str, tuple[str, dict[str, Any]]] = {
    "link_token": (
        N_("The token of a signed link, where the campaign is closed; elsewhere it is left out."),
        {"type": "apiKey", "in": "query", "name": TOKEN},
    ),
    "link_password": (
        N_("The same token as password, for Excel and Power BI; any user name."),
        {"type": "http", "scheme": "basic"},
    ),
}
"""How a signed link is shown, with what is said of it."""

HEADERS: dict[str, tuple[str, dict[str, Any]]] = {
    "ETag": (N_("What the answer is known by; for If-None-Match."), {"type": "string", "pattern": '^"[^"]+"$'}),
    "Cache-Control": (N_("How long the answer may be kept."), {"type": "string"}),
    "Content-Language": (N_("The language of its words."), {"type": "string"}),
    "Vary": (N_("The request headers that decide what is answered."), {"type": "string"}),
    "Link": (N_("Where this description is."), {"type": "string"}),
    "Accept-Ranges": (
        N_("bytes where one part of the file can be asked for by Range and If-Range, which compressed text is not."),
        {"enum": ["bytes", "none"]},
    ),
    "Access-Control-Allow-Origin": (N_("Scripts of every site may read it."), {"const": "*"}),
    "Retry-After": (N_("Seconds to wait."), {"type": "string", "pattern": "^[0-9]+$"}),
}

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
PAGE = replace(
    DOCUMENT,
    path="/openapi",
    operation_id="openapi_page",
    summary=N_("Every route with its parameters, to read and to try"),
    replies=(Reply(HTML, None, _KEPT),),
)


def routes(described_routes: Sequence[ApiRoute]) -> list[ApiRoute]:
    """The routes that describe all `described_routes`, and themselves."""
    described = list(described_routes)
    own_routes = [
        ApiRoute(one.path, hand_out(partial(_read, described, form)), (one,), AccessClass.PUBLIC)
        for one, form in ((DOCUMENT, JSON), (PAGE, HTML))
    ]
    described += own_routes
    return own_routes


def _read(described: Sequence[ApiRoute], form: str, request: Request) -> Handout:
    """Read a request for the description, for the address at which it was asked for."""
    settings = Settings.from_environment()
    t, base, snapshot = _read_language(request), find_base(request, settings), _find_snapshot(settings)
    build = (snapshot.build_id, snapshot.built_at) if snapshot else ()

    def write() -> str:
        if form == HTML:
            return draw_openapi(described, snapshot, base, t)
        return json.dumps(describe_routes(described, snapshot, base, t), ensure_ascii=False, separators=(",", ":"))

    headers = OPEN | {"content-language": t.language}
    if form == HTML:
        headers |= {"content-security-policy": write_policy(), "vary": "Accept-Encoding, Accept-Language"}
    return hold_text(form, ("openapi", t.language, base, *build), write, headers)


def _read_language(request: Request) -> Translator:
    """Read the language of the link; without one, English for programs and the browser's for people.

    Raises:
        SelectionError: the link has another parameter, or an unknown language.
    """
    query = read_query(request)
    for name in query:
        if name != "lang":
            raise SelectionError(f"Unknown parameter {name!r}.", name, ("lang",))
    lang = (query.get("lang") or ("",))[-1]
    offered = list_offered()
    if lang and parse_language(lang, offered) is None:
        raise SelectionError(f"lang={lang!r} is not a language here.", "lang", offered, lang)
    if request.url.path.endswith(".json"):
        return translator(parse_language(lang, offered) or SOURCE)
    return read_language(request)


def _find_snapshot(settings: Settings) -> Snapshot | None:
    """Find the published build; without one the description names no codes."""
    try:
        return database.current(settings)
    except SnapshotError:
        return None


def describe_routes(routes: Iterable[ApiRoute], snapshot: Snapshot | None, base: str, t: Translator) -> dict[str, Any]:
    """Describe all routes."""
    operations = list_operations(routes)
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method] = _describe(operation, snapshot, base, t)
    described = [methods[method] for methods in paths.values() for method in methods]
    parameters = [(one["parameters"], place) for one in described for place in range(len(one["parameters"]))]
    replies = [(one["responses"], status) for one in described for status in one["responses"] if status < "400"]
    return {
        "openapi": OPENAPI,
        "info": _introduce(snapshot, t),
        "jsonSchemaDialect": DIALECT,
        "servers": [{"url": base}],
        "tags": [{"name": name, "description": t(tag.meaning)} for name, tag in TAGS.items()],
        "paths": paths,
        "components": {
            "parameters": _share("parameters", parameters, lambda holder, place: holder[place]["name"].lstrip("$")),
            "headers": {
                name: {"description": t(meaning), "required": True, "schema": schema}
                for name, (meaning, schema) in HEADERS.items()
            },
            "responses": {
                **_share("responses", replies, lambda _, status: f"Reply{status}"),
                **_describe_refusals(operations, t),
            },
            "schemas": list_shapes(t),
            "securitySchemes": {
                name: {**scheme, "description": t(meaning)} for name, (meaning, scheme) in SECURITY.items()
            },
        },
    }


def _introduce(snapshot: Snapshot | None, t: Translator) -> dict[str, Any]:
    """Introduce the description: its subject, who publishes the figures, under which licence."""
    described: dict[str, Any] = {
        "version": __version__,
        "description": "\n\n".join(t(paragraph) for paragraph in ABOUT),
    }
    if snapshot is None:
        return {"title": t(N_("Dashboard")), **described}
    attribution = attribute(snapshot.campaign, t.language)
    if attribution.publisher:
        described["contact"] = {"name": attribution.publisher, **({"url": attribution.url} if attribution.url else {})}
    if attribution.licence:
        address = {"url": attribution.licence_url} if attribution.licence_url else {}
        described["license"] = {
            "name": attribution.licence,
            **({"identifier": attribution.spdx} if attribution.spdx else address),
        }
    return {"title": attribution.campaign, **described}


def _describe(operation: Operation, snapshot: Snapshot | None, base: str, t: Translator) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.operation_id,
        "tags": [operation.tag],
        "summary": f"{t(operation.family)}{t(': ')}{t(operation.summary)}",
    }
    if operation.details:
        described["description"] = t(operation.details)
    if operation.takes_link:
        described["security"] = [{}, *({name: []} for name in SECURITY)]
    described["parameters"] = [_describe_parameter(parameter, snapshot, base, t) for parameter in operation.parameters]
    if operation.form is not None:
        schema = {"type": "object", "properties": {name: dict(field) for name, field in operation.form.items()}}
        has_files = any("binary" in str(field) for field in operation.form.values())
        media_type = "multipart/form-data" if has_files else "application/x-www-form-urlencoded"
        described["requestBody"] = {"content": {media_type: {"schema": schema}}}
    if operation.message is not None:
        described["requestBody"] = {"required": True, "content": {JSON: {"schema": dict(operation.message)}}}
    described["responses"] = _describe_replies(operation, t)
    return described


def _share(component: str, places: Iterable[tuple[Any, Any]], name: Callable[[Any, Any], str]) -> dict[str, Any]:
    """Move what stands in several places into one, by names; its places keep a reference to the name.

    `places`: each a container with the key in it. `name`: names what is in a place; the most used value of a name gets
    no number, the others get one.
    """
    uses: dict[str, list[tuple[Any, Any]]] = {}
    for holder, key in places:
        uses.setdefault(json.dumps(holder[key], sort_keys=True), []).append((holder, key))
    shared: dict[str, Any] = {}
    for same in sorted(uses.values(), key=len, reverse=True):
        if len(same) == 1:
            break
        base_name = name(*same[0])
        numbered = (f"{base_name}_{number}" if number > 1 else base_name for number in count(1))
        free = next(each for each in numbered if each not in shared)
        holder, key = same[0]
        shared[free] = holder[key]
        for holder, key in same:
            holder[key] = {"$ref": f"#/components/{component}/{free}"}
    return shared


def _describe_parameter(parameter: Parameter, snapshot: Snapshot | None, base: str, t: Translator) -> dict[str, Any]:
    value = parameter.value_schema(snapshot)
    described: dict[str, Any] = {
        "name": parameter.name,
        "in": parameter.place,
        "description": t(parameter.meaning),
        "required": parameter.is_needed or parameter.place == "path",
        "schema": {"type": "array", "items": value} if parameter.is_repeated else value,
    }
    example = parameter.find_example(snapshot, base)
    if example:
        described["example"] = [example] if parameter.is_repeated else example
    if parameter.depends_on:
        described["x-depends-on"] = list(parameter.depends_on)
    return described


def _describe_replies(operation: Operation, t: Translator) -> dict[str, Any]:
    replies: dict[str, Any] = {"200": _describe_reply(operation.replies, t(operation.summary))}
    if any("ETag" in reply.headers for reply in operation.replies):
        replies["304"] = {"description": t(N_("The client has this answer already."))}
    if any("Accept-Ranges" in reply.headers for reply in operation.replies):
        replies["206"] = {**replies["200"], "description": t(N_("The part that Range asks for."))}
    for status, forms in operation.all_refusals.items():
        replies[str(status)] = {"$ref": f"#/components/responses/{_name_refusal(status, forms)}"}
    return replies


def _name_refusal(status: int, forms: Sequence[str]) -> str:
    """Name a refusal in one or several forms: `Refusal400`, `Refusal400json`."""
    return f"Refusal{status}{forms[0].partition('/')[2] if len(forms) == 1 else ''}"


def _describe_refusals(operations: Iterable[Operation], t: Translator) -> dict[str, Any]:
    described = {}
    for status, forms in sorted({pair for operation in operations for pair in operation.all_refusals.items()}):
        retry = {"headers": {"Retry-After": _refer_header("Retry-After")}} if status in (429, 503) else {}
        content = {form: {"schema": dict(refer("Refusal"))} if form == JSON else {} for form in forms}
        described[_name_refusal(status, forms)] = {"description": t(REFUSALS[status]), **retry, "content": content}
    return described


def _describe_reply(replies: Sequence[Reply], description: str) -> dict[str, Any]:
    """Describe one answer in one or several media types, with the headers that all of them have."""
    headers = [name for name in replies[0].headers if all(name in reply.headers for reply in replies)]
    content = {reply.media_type: {"schema": dict(reply.schema)} if reply.schema else {} for reply in replies}
    return {
        "description": description,
        **({"headers": {name: _refer_header(name) for name in headers}} if headers else {}),
        "content": content,
    }


def _refer_header(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/headers/{name}"}
