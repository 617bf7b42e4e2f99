"""Sign in by the password for staff, and sign out: plain pages, so that they work where nothing else does.

The session gets a new name at each sign-in. A visitor who is signed in already goes on to their page.
"""

import logging
import math
import sqlite3
from html import escape

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from dashboard.access import passwords
from dashboard.access.audit.events import Event
from dashboard.access.audit.log import AuditError, record
from dashboard.access.passwords import AccessError, Gate, gate, has_password
from dashboard.access.providers import find_providers
from dashboard.access.rights import (
    COMMAND_LINE,
    COMMON_PASSWORD,
    ROLE_NAMES,
    STRANGER,
    AccessClass,
    Person,
    Role,
    SignInWay,
)
from dashboard.access.roles_file import Identity
from dashboard.access.sessions import describe, sessions_of, sign_out
from dashboard.errors import BusyError
from dashboard.i18n import N_, Translator
from dashboard.settings import Settings
from dashboard.web.api_route import ApiRoute
from dashboard.web.guard.allowances import name_client
from dashboard.web.guard.visiting import find_known, write_cookie
from dashboard.web.http import Answer, lead, read_form
from dashboard.web.operation import PAGE, Parameter, Schema
from dashboard.web.plain_pages import (
    PAGE_LANG,
    answer_plain,
    describe_button,
    describe_page,
    draw_button,
    draw_words,
    find_home,
)
from dashboard.web.refusals import read_language
from dashboard.web.sent_forms import read_body
from dashboard.web.sign_in.noting import note_mistake, note_sign_out
from dashboard.web.site import SIGN_IN, SIGN_OUT, TICKET, read_next, write_way

LOG = logging.getLogger(__name__)
_FAMILY = N_("Signing in")
NEXT = Parameter("next", N_("Where to go afterwards: a path of the dashboard."), {"type": "string"}, example="/")
_TICKET = Parameter("t", N_("What the server's command line has printed."), {"type": "string"})
_PASSWORD: dict[str, Schema] = {"password": {"type": "string", "maxLength": 1000}, "next": {"type": "string"}}
WAYS_IN = describe_page(SIGN_IN, "sign_in", "access", _FAMILY, N_("The ways to sign in"), (NEXT, PAGE_LANG))
_ASKS_TICKET = N_("Asks whether to sign in by a link of the server's command line")
BY_TICKET = describe_page(TICKET, "sign_in_link", "access", _FAMILY, _ASKS_TICKET, (_TICKET, PAGE_LANG))
WAY_OUT = describe_page(SIGN_OUT, "sign_out", "access", _FAMILY, N_("Asks whether to sign out"), (PAGE_LANG,))
_REFUSED: dict[int, tuple[str, ...]] = {401: PAGE, 403: PAGE, 429: PAGE, 503: PAGE}


def routes() -> list[ApiRoute]:
    """The routes for `st.App`."""
    by_password = describe_button(WAYS_IN, N_("Signs in by the password for staff"), _PASSWORD, _REFUSED)
    by_ticket = describe_button(BY_TICKET, N_("Signs an administrator in, once"), refusals={400: PAGE})
    out = describe_button(WAY_OUT, N_("Signs out, in every tab"))
    return [
        ApiRoute(SIGN_IN, answer_sign_in, (WAYS_IN, by_password), AccessClass.EVERYBODY),
        ApiRoute(TICKET, answer_ticket, (BY_TICKET, by_ticket), AccessClass.EVERYBODY),
        ApiRoute(SIGN_OUT, answer_sign_out, (WAY_OUT, out), AccessClass.EVERYBODY),
    ]


async def answer_sign_in(request: Request) -> Response:
    """Answer with the ways to sign in; POST checks the password."""
    settings, t = Settings.from_environment(), read_language(request)
    if request.method == "POST":
        form = read_form(await read_body(request))
        next_path = read_next("".join(form.get("next", [])), settings)
        return await run_in_threadpool(
            _take_password, request, t, settings, "".join(form.get("password", [])), next_path
        )
    next_path = read_next(request.query_params.get("next", ""), settings)
    visitor = find_known(request.scope)
    if visitor.person.role is not Role.STRANGER:
        return _answer_signed_in(request, t, settings, visitor.person, next_path)
    return answer_ways(request, t, settings, next_path)


async def answer_sign_out(request: Request) -> Response:
    """Ask whether to sign out; POST does it, for every tab of the browser."""
    settings, t = Settings.from_environment(), read_language(request)
    visitor = find_known(request.scope)
    if request.method != "POST" and visitor.session is not None:
        words = draw_words(t(N_("This signs out all tabs of this browser.")))
        form = f'<form method="post">{draw_button(t(N_("Sign out")))}</form>'
        return answer_plain(request, t, t(N_("Do you want to sign out?")), words + form, find_home(t, settings))
    if visitor.session is not None:
        await run_in_threadpool(sign_out, visitor.session.session_hash, settings)
        await run_in_threadpool(note_sign_out, settings, visitor.person)
    again = f'<p><a href="{escape(write_way(settings, lang=t.language))}">{escape(t(N_("Sign in again")))}</a></p>'
    removed = {"set-cookie": write_cookie(request.scope, settings, "", seconds=0)}
    heading = t(N_("You are signed out"))
    return answer_plain(request, t, heading, again, find_home(t, settings), headers=removed)


async def answer_ticket(request: Request) -> Response:
    """Ask whether to sign in by a link; POST does it, since mail programs open every link."""
    settings, t = Settings.from_environment(), read_language(request)
    if request.method != "POST":
        form = f'<form method="post">{draw_button(t(N_("Sign in")))}</form>'
        return answer_plain(request, t, t(N_("Sign in as administrator?")), form, find_home(t, settings))
    return await run_in_threadpool(_take_ticket, request, t, settings)


def answer_ways(
    request: Request, t: Translator, settings: Settings, next_path: str, problem: str = "", status: int = 200
) -> Answer:
    """Answer with the page of the ways to sign in.

    `problem`: why the last try failed, in the reader's language.
    """
    body = draw_words(problem, kind="wrong") if problem else ""
    providers = find_providers(settings.campaign)
    for one in providers.usable:
        way = write_way(settings, next_path, t.language, f"{SIGN_IN}/{one.provider_id}")
        words = escape(t(N_("Sign in with {provider}"), provider=one.label))
        body += f'<p class="ways"><a href="{escape(way)}">{words}</a></p>'
    if has_password(settings):
        label = f'<label for="password">{escape(t(N_("Staff password")))}</label>'
        field = '<input id="password" name="password" type="password" required autocomplete="current-password">'
        next_field = f'<input type="hidden" name="next" value="{escape(next_path)}">'
        body += f'<form method="post">{next_field}{label}{field}<p></p>{draw_button(t(N_("Sign in")))}</form>'
    if gate(settings) is Gate.CLOSED:
        body += draw_words(
            t(
                N_(
                    "The staff pages are closed. The operator opens them by setting DASHBOARD_STAFF_PASSWORD and "
                    "restarting the dashboard, or on their own computer with `make run`."
                )
            )
        )
    elif providers.problem is not None:
        body += draw_words(t(N_("A way to sign in is set up wrongly; the operator finds the reason in the log.")))
    return answer_plain(request, t, t(N_("Sign in")), body, find_home(t, settings), status)


def begin_session(
    request: Request, settings: Settings, next_path: str, way: SignInWay, identity: Identity | None, secret: str = ""
) -> Answer:
    """Begin a session under a new name, end the browser's former one, and go on to `next_path`."""
    before = find_known(request.scope).session
    if before is not None:
        sign_out(before.session_hash, settings)
    person = {SignInWay.PASSWORD: COMMON_PASSWORD, SignInWay.COMMAND: COMMAND_LINE}.get(way, STRANGER)
    try:
        record(settings.campaign, person if identity is None else describe(identity, settings), Event.SIGNED_IN)
    except AuditError as error:
        t = read_language(request)
        return answer_ways(request, t, settings, next_path, f"{t(error.what)} {t(error.remedy)}", 503)
    try:
        token = sessions_of(settings).begin(way, identity, secret)
    except (sqlite3.Error, OSError):  # a full disk, a folder that cannot be written to
        LOG.exception("A session could not be begun.")
        t = read_language(request)
        return answer_ways(
            request, t, settings, next_path, t(N_("Nobody can be signed in now: the disk is full.")), 503
        )
    cookie = {"set-cookie": write_cookie(request.scope, settings, token)}
    return lead(next_path, {"cache-control": "private, no-store", **cookie})


def _take_password(request: Request, t: Translator, settings: Settings, password: str, next_path: str) -> Answer:
    client = name_client(request.scope)
    try:
        if not has_password(settings):
            raise AccessError(N_("There is no password here."), N_("Choose another way to sign in."))
        passwords.default_door().check(password, settings, client)
    except (AccessError, BusyError) as error:
        if isinstance(error, AccessError):
            note_mistake(settings, client)
        seconds = math.ceil(getattr(error, "seconds", 0.0)) if isinstance(error, AccessError) else 5
        status = 503 if isinstance(error, BusyError) else 429 if seconds else 401
        problem = f"{t(error.what)} {t(error.remedy)}"
        answer = answer_ways(request, t, settings, next_path, problem, status)
        if seconds:
            answer.headers["retry-after"] = str(seconds)
        return answer
    LOG.info("Somebody signed in by the password for staff.")
    return begin_session(request, settings, next_path, SignInWay.PASSWORD, None, passwords.seal(settings))


def _take_ticket(request: Request, t: Translator, settings: Settings) -> Answer:
    if not sessions_of(settings).take_ticket(request.query_params.get("t", "")):
        problem = t(N_("This link has been used, or is older than ten minutes."))
        return answer_ways(request, t, settings, read_next("", settings), problem, 400)
    LOG.warning("An administrator signed in by a link of the command line.")
    return begin_session(request, settings, read_next("", settings), SignInWay.COMMAND, None)


def _answer_signed_in(request: Request, t: Translator, settings: Settings, person: Person, next_path: str) -> Answer:
    """Answer with the page for a visitor who is signed in already, and links to go on."""
    role = t(ROLE_NAMES[person.role])
    sentence = t(N_("You are signed in as {name}."), name=f"{person.name} ({role})" if person.name else role)
    ways = ((next_path, t(N_("Continue"))), (write_way(settings, lang=t.language, way=SIGN_OUT), t(N_("Sign out"))))
    links = "".join(f'<p><a href="{escape(address)}">{escape(words)}</a></p>' for address, words in ways)
    return answer_plain(request, t, t(N_("Sign in")), draw_words(sentence) + links, find_home(t, settings))
