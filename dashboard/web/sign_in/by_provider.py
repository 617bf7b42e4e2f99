"""Sign in by a provider: lead to it and back, and tell people without a role what to do.

Authlib speaks OpenID Connect: code with PKCE (S256), state and nonce; signature by the provider's keys, issuer,
audience and age of the token. A signed cookie of ten minutes holds what it needs to remember meanwhile.
"""

import asyncio
import logging
import time
import warnings
from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from itsdangerous import BadData, URLSafeTimedSerializer
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from dashboard import outbound
from dashboard.access.providers import Provider, find_providers, has_too_many_groups, read_identity, suggest_entry
from dashboard.access.rights import AccessClass, Role, SignInWay
from dashboard.access.roles_file import ENTRA, GOOGLE, Identity, find_roles
from dashboard.access.sessions import describe
from dashboard.errors import UserError
from dashboard.ground.files.private_store import read_key
from dashboard.i18n import N_, Translator
from dashboard.settings import Settings
from dashboard.web.api_route import ApiRoute
from dashboard.web.guard.visiting import read_cookie, write_cookie
from dashboard.web.http import Answer, lead
from dashboard.web.operation import PAGE, Parameter
from dashboard.web.plain_pages import PAGE_LANG, answer_plain, describe_page, draw_words, find_home
from dashboard.web.refusals import read_language
from dashboard.web.sign_in.signing import NEXT, answer_ways, begin_session
from dashboard.web.site import SIGN_IN, find_base, read_next

if TYPE_CHECKING:
    from authlib.integrations.starlette_client.apps import StarletteOAuth2App

LOG = logging.getLogger(__name__)
FLOW = "flow"
SECONDS_TO_SIGN_IN = 600
SECONDS_TO_ANSWER = 25.0
"""How long all questions to a provider together may take; each by itself may take ten seconds."""
METADATA_KEPT = 3600.0
KEY_FILE = "sign_in_key.txt"
QUIET_AFTER_FAILURE = 5.0
"""Seconds for which a provider that did not answer is not asked again, whoever wants to sign in by it."""
SIGNATURES = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Those that only who has the provider's private key can make."""
ENTRA_GROUPS_PATH = "/me/getMemberObjects"

_AGAIN = N_("Try it again.")
_UNUSABLE = (N_("This way to sign in is not working at the moment."), N_("Try again later, or choose another way."))
_failed_at: dict[str, float] = {}
_clients: dict[tuple[Provider, str, str], tuple[float, "StarletteOAuth2App"]] = {}
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
_GOING, _COMING = N_("Leads to a provider"), N_("Where a provider sends people back to")
_REFUSED: dict[int, tuple[str, ...]] = {404: PAGE, 502: PAGE}
_NOT_TAKEN: dict[int, tuple[str, ...]] = {400: PAGE, 403: PAGE, 404: PAGE}
GOING = describe_page(
    f"{SIGN_IN}/{{provider}}", "sign_in_by_provider", "access", _FAMILY, _GOING, (_PROVIDER, NEXT, PAGE_LANG),
    refusals=_REFUSED,
)  # fmt: skip
COMING = describe_page(
    f"{SIGN_IN}/{{provider}}/callback", "sign_in_callback", "access", _FAMILY, _COMING, (_PROVIDER, *_BACK),
    refusals=_NOT_TAKEN,
)  # fmt: skip


class Flow:
    """What the server must remember while somebody is at a provider."""

    def __init__(self, scope: Scope, settings: Settings) -> None:
        """Read the flow from the request's cookie; nothing where the cookie is missing, forged or too old."""
        self._scope, self._settings = scope, settings
        self._serializer = URLSafeTimedSerializer(read_key(settings.campaign / "private", KEY_FILE), salt=FLOW)
        try:
            flow_state = self._serializer.loads(read_cookie(scope, settings, FLOW), max_age=SECONDS_TO_SIGN_IN)
        except BadData:
            flow_state = {}
        self.kept: dict[str, Any] = flow_state

    def write(self) -> str:
        """Write the header `Set-Cookie` that keeps the flow."""
        signed_state = str(self._serializer.dumps(self.kept))
        return write_cookie(self._scope, self._settings, signed_state, FLOW, SECONDS_TO_SIGN_IN)

    def forget(self) -> str:
        """Write the header `Set-Cookie` that removes the flow."""
        return write_cookie(self._scope, self._settings, "", FLOW, 0)


def routes() -> list[ApiRoute]:
    """The routes for `st.App`."""
    return [
        ApiRoute(GOING.path, answer_going, (GOING,), AccessClass.EVERYBODY),
        ApiRoute(COMING.path, answer_coming, (COMING,), AccessClass.EVERYBODY),
    ]


async def answer_going(request: Request) -> Response:
    """Lead to the provider."""
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
    """Answer with the page for a person without a role, and the entry that would give them one."""
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


async def find_way_to(provider: Provider, flow: Flow, redirect_uri: str, settings: Settings) -> str:
    """Find the provider's address to send somebody to; the flow keeps what the way back needs.

    Raises:
        UserError: the provider gives a wrong answer.
    """
    client = await _find_client(provider, settings)
    chosen = {"prompt": "select_account"} if provider.kind in (ENTRA, GOOGLE) else {}
    authorization = await client.create_authorization_url(redirect_uri, **chosen)
    secrets = {name: authorization[name] for name in ("state", "nonce", "code_verifier")}
    flow.kept = {"provider": provider.provider_id, "redirect_uri": redirect_uri, **secrets}
    return str(authorization["url"])


async def find_identity(provider: Provider, flow: Flow, request: Request, settings: Settings) -> Identity:
    """Find whom the provider vouches for, by the parameters that somebody brought back.

    Raises:
        UserError: the sign-in was not begun here, the provider refused, or its token does not hold.
    """
    flow_state, query = flow.kept, request.query_params
    if (
        flow_state.get("provider") != provider.provider_id
        or not query.get("state")
        or query["state"] != flow_state.get("state")
    ):
        raise UserError(N_("This sign-in was not started in this browser, or was started too long ago."), _AGAIN)
    if query.get("error"):
        LOG.warning("The provider %s refused a sign-in: %s.", provider.provider_id, _name_error(query["error"]))
        raise UserError(N_("The provider did not sign you in."), _AGAIN)
    client = await _find_client(provider, settings)
    try:
        async with asyncio.timeout(SECONDS_TO_ANSWER):
            claims, token = await _exchange(client, provider, flow_state, query.get("code", ""))
            groups = None
            if provider.kind == ENTRA and has_too_many_groups(claims):
                groups = await _ask_groups(provider, token, settings)
    except Exception as error:  # of Authlib, httpx, joserfc: all of them are refusals
        raise _refuse(provider, error) from None
    claim_names = find_roles(settings.campaign).roles.claims_asked
    return read_identity(provider, claims, claim_names, groups)


async def _exchange(
    client: "StarletteOAuth2App", provider: Provider, flow_state: Mapping[str, Any], code: str
) -> tuple[dict[str, Any], str]:
    """Exchange a code for the claims of its token, and for the token that opens further questions."""
    token_request = {
        "code": code,
        "code_verifier": flow_state["code_verifier"],
        "redirect_uri": flow_state["redirect_uri"],
    }
    token = await client.fetch_access_token(**token_request)
    options = {
        "iss": {"essential": True, "values": [provider.stated_issuer]},
        "aud": {"essential": True, "values": [provider.client_id]},
        "exp": {"essential": True},
        "nonce": {"essential": True, "value": flow_state["nonce"]},
    }
    claims = await client.parse_id_token(token, flow_state["nonce"], claims_options=options)
    if claims is None:
        raise ValueError("there is no ID token")
    return dict(claims), str(token.get("access_token", ""))


async def _ask_groups(provider: Provider, token: str, settings: Settings) -> list[str] | None:
    """Ask for the groups of somebody who is in too many for a token; None where the answer fails: then none counts."""
    try:
        async with outbound.open_client(settings) as client:
            answer = await client.post(
                f"{provider.graph}{ENTRA_GROUPS_PATH}",
                json={"securityEnabledOnly": True},
                headers={"authorization": f"Bearer {token}"},
            )
            answer.raise_for_status()
            return [str(group) for group in answer.json()["value"]]
    except Exception as error:
        LOG.warning("The groups of somebody could not be asked for: %s.", type(error).__name__)
        return None


async def _find_client(provider: Provider, settings: Settings) -> "StarletteOAuth2App":
    """Make Authlib's client of a provider, with the provider's description of itself.

    Raises:
        UserError: the description is out of reach, or belongs to another issuer.
    """
    key = (provider, provider.find_secret(), settings.ca_file)
    made_at, client = _clients.get(key, (-METADATA_KEPT, None))
    if client is not None and time.monotonic() - made_at < METADATA_KEPT:
        return client
    if time.monotonic() - _failed_at.get(provider.provider_id, -QUIET_AFTER_FAILURE) < QUIET_AFTER_FAILURE:
        raise UserError(*_UNUSABLE)
    client = _make_client(provider, settings)
    try:
        async with asyncio.timeout(SECONDS_TO_ANSWER):
            metadata = await client.load_server_metadata()
    except Exception as error:
        _failed_at[provider.provider_id] = time.monotonic()
        raise _refuse(provider, error) from None
    if metadata.get("issuer") != provider.stated_issuer:
        LOG.error("The provider %s says that it is another one: %s.", provider.provider_id, metadata.get("issuer"))
        raise UserError(*_UNUSABLE)
    algorithms = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
    metadata["id_token_signing_alg_values_supported"] = [name for name in algorithms if name in SIGNATURES] or ["RS256"]
    for former in [client_key for client_key in _clients if client_key[0].provider_id == provider.provider_id]:
        del _clients[former]
    _clients[key] = (time.monotonic(), client)
    return client


def _make_client(provider: Provider, settings: Settings) -> "StarletteOAuth2App":
    with warnings.catch_warnings(record=True):  # that httpx has a successor is nothing that an operator can change
        from authlib.integrations.starlette_client import OAuth  # here, since most requests need none of it

    secret = provider.find_secret()
    client_options = {"scope": provider.all_scopes, "code_challenge_method": "S256"}
    client_options |= {} if secret else {"token_endpoint_auth_method": "none"}
    client: StarletteOAuth2App = OAuth().register(
        provider.provider_id,
        client_id=provider.client_id,
        client_secret=secret or None,
        server_metadata_url=provider.metadata_url,
        client_kwargs={**client_options, **outbound.client_options(settings)},
    )
    return client


def _refuse(provider: Provider, error: Exception) -> UserError:
    """Make the error for the visitor; the log gets the kind of the fault, and nothing from tokens or addresses."""
    address = provider.metadata_url
    is_network = isinstance(error, OSError | TimeoutError) or type(error).__module__.startswith(("httpx", "httpcore"))
    fault = str(outbound.explain(error, address)) if is_network else type(error).__name__
    LOG.warning("Signing in by the provider %s failed: %s", provider.provider_id, fault)
    if is_network:
        return UserError(*_UNUSABLE)
    return UserError(N_("The provider’s information about you is not valid."), _AGAIN)


def _name_error(error: str) -> str:
    return "".join(sign for sign in error if sign.isalnum() or sign in "_-")[:40]
