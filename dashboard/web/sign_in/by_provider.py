"""Signing in by a provider: to it and back, and what somebody is told whom nobody has given a role."""

import logging
from html import escape

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from dashboard.access.providers import Provider, find_providers, suggest_entry
from dashboard.access.rights import AccessClass, Role, SignInWay
from dashboard.access.roles_file import Identity
from dashboard.access.who import describe
from dashboard.errors import UserError
from dashboard.i18n import N_, Translator
from dashboard.settings import Settings
from dashboard.web.http import Answer, lead
from dashboard.web.openapi.api_route import ApiRoute
from dashboard.web.openapi.operation import HTML, PAGE, Operation, Parameter, Reply
from dashboard.web.plain_pages import answer_plain, draw_words
from dashboard.web.refusals import read_language
from dashboard.web.sign_in.provider_client import Flow, find_identity, find_way_to
from dashboard.web.sign_in.signing import LANG, NEXT, answer_ways, begin_session, find_home
from dashboard.web.site import find_base
from dashboard.web.way_in import SIGN_IN, read_next

LOG = logging.getLogger(__name__)
_PAGE = Reply(HTML, None, ("Cache-Control",))
_FAMILY = N_("Signing in")
_PROVIDER = Parameter(
    "provider", N_("The id of the provider."), {"type": "string", "minLength": 1, "pattern": "^[^/]+$"}, place="path"
)
_BACK = tuple(
    Parameter(name, meaning, {"type": "string"})
    for name, meaning in {
        "code": N_("What the provider gives for having signed in."),
        "state": N_("What the sign-in was begun with."),
        "error": N_("Why the provider refuses."),
    }.items()
)
GOING = Operation(
    f"{SIGN_IN}/{{provider}}",
    "sign_in_by_provider",
    "access",
    _FAMILY,
    N_("Leads to a provider"),
    (_PAGE,),
    (_PROVIDER, NEXT, LANG),
    {404: PAGE, 502: PAGE},
)
COMING = Operation(
    f"{SIGN_IN}/{{provider}}/callback",
    "sign_in_callback",
    "access",
    _FAMILY,
    N_("Where a provider sends people back to"),
    (_PAGE,),
    (_PROVIDER, *_BACK),
    {400: PAGE, 403: PAGE, 404: PAGE},
)


def routes() -> list[ApiRoute]:
    """The routes for `st.App`."""
    return [
        ApiRoute(GOING.path, answer_going, (GOING,), AccessClass.EVERYBODY),
        ApiRoute(COMING.path, answer_coming, (COMING,), AccessClass.EVERYBODY),
    ]


async def answer_going(request: Request) -> Response:
    """Leads to the provider."""
    settings, t = Settings.from_environment(), read_language(request)
    next_path = read_next(request.query_params.get("next", ""), settings)
    provider = _find_provider(request, settings)
    if provider is None:
        return _answer_unknown(request, t, settings)
    flow = await run_in_threadpool(Flow, request.scope, settings)
    back = f"{find_base(request, settings)}{SIGN_IN}/{provider.provider_id}/callback"
    try:
        address = await find_way_to(provider, flow, back, settings)
    except UserError as error:
        return answer_ways(request, t, settings, next_path, _say(t, error), 502)
    flow.kept |= {"next": next_path, "lang": t.language}
    return lead(address, {"cache-control": "private, no-store", "set-cookie": flow.write()})


async def answer_coming(request: Request) -> Response:
    """Begin a session for the person whom the provider vouches for, if they have a role."""
    settings = Settings.from_environment()
    provider = _find_provider(request, settings)
    flow = await run_in_threadpool(Flow, request.scope, settings)
    t = read_language(request, str(flow.kept.get("lang", "")))
    next_path = read_next(str(flow.kept.get("next", "")), settings)
    if provider is None:
        return _answer_unknown(request, t, settings)
    try:
        identity = await find_identity(provider, flow, request, settings)
    except UserError as error:
        return _forgetting(answer_ways(request, t, settings, next_path, _say(t, error), 400), flow)
    if describe(identity, settings).role is Role.STRANGER:
        LOG.info("Somebody without a role was refused who signed in by %s.", provider.provider_id)
        return _forgetting(_answer_without_role(request, t, settings, identity), flow)
    LOG.info("Somebody signed in by %s.", provider.provider_id)
    answer = await run_in_threadpool(begin_session, request, settings, next_path, SignInWay.PROVIDER, identity)
    return _forgetting(answer, flow)


def _find_provider(request: Request, settings: Settings) -> Provider | None:
    return find_providers(settings.campaign).find(request.path_params["provider"])


def _answer_unknown(request: Request, t: Translator, settings: Settings) -> Answer:
    problem = t(N_("There is no such way to sign in here."))
    return answer_ways(request, t, settings, read_next("", settings), problem, 404)


def _answer_without_role(request: Request, t: Translator, settings: Settings, identity: Identity) -> Answer:
    """The page for a person without a role, with the entry that would give them one."""
    name = identity.address or identity.name or identity.subject
    words = draw_words(
        t(N_("You are known here as {name}, but nobody has given you a role."), name=name),
        t(N_("Send these lines to an administrator of the dashboard, who can put them into roles.toml:")),
    )
    entry = f"<pre><code>{escape(suggest_entry(identity))}</code></pre>"
    return answer_plain(request, t, t(N_("You have no role here")), words + entry, find_home(t, settings), 403)


def _forgetting(answer: Answer, flow: Flow) -> Answer:
    answer.raw_headers.append((b"set-cookie", flow.forget().encode("latin-1")))
    return answer


def _say(t: Translator, error: UserError) -> str:
    return f"{t(error.what)} {t(error.remedy)}"
