"""The newsletter's plain pages: sign-up, and a subscriber's own links. No script, nothing loaded, nothing kept.

Opening a link changes nothing, since mail scanners open every link; a button does. The one-click unsubscribing of mail
programs (RFC 8058) is a POST to the same address as the button's.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from functools import wraps
from html import escape
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from dashboard.access.rights import AccessClass
from dashboard.errors import BusyError, SnapshotError, UserError
from dashboard.i18n import N_, translator
from dashboard.languages import name_language
from dashboard.mail import sending, sign_up
from dashboard.mail.sign_up import (
    ABOUT,
    ASKED,
    CHOICES,
    CLOSED,
    EVERYTHING,
    LEAVING,
    PRIVACY,
    Desk,
    UnwrittenError,
    list_choices,
    written_down,
)
from dashboard.mail.subscribers import CONFIRM, PATH, PREFERENCES, UNSUBSCRIBE, Subscriber, Wish
from dashboard.settings import Settings
from dashboard.snapshot import database
from dashboard.snapshot.database import Snapshot, list_offered
from dashboard.web import refusals
from dashboard.web.guard.allowances import name_client
from dashboard.web.http import answer_body, name_attachment, read_form, write_json
from dashboard.web.openapi.api_route import ApiRoute
from dashboard.web.openapi.operation import JSON, PAGE, Operation, Parameter, Reply, Schema, refer
from dashboard.web.plain_pages import (
    HEADERS,
    PAGE_LANG,
    answer_plain,
    describe_button,
    describe_page,
    draw_button,
    read_body,
)

SIGN_UP, EXPORT = "sign-up", "export"

Form = Mapping[str, list[str]]
Answerer = Callable[[Request, "Reader", Form], Response]


class Reader:
    """Who asks: their language, the campaign's stores, and its codes where something is published."""

    def __init__(self, request: Request) -> None:
        """Read the link's language, and open what is published."""
        self.t = refusals.read_language(request)
        self.snapshot = _find_snapshot()
        self.desk = Desk(Settings.from_environment(), self.snapshot)

    @property
    def lang(self) -> str:
        """The reader's language."""
        return self.t.language


def routes() -> list[ApiRoute]:
    """The routes for `st.App`; the page itself, `/newsletter`, is Streamlit's."""
    return [
        ApiRoute(
            f"{PATH}/{use}",
            _answering(get, post),
            OPERATIONS[use],
            AccessClass.PUBLIC if use == SIGN_UP else AccessClass.TOKEN,
        )
        for use, (get, post) in {
            SIGN_UP: (_show_sign_up, _sign_up),
            CONFIRM: (_ask_confirm, _confirm),
            UNSUBSCRIBE: (_ask_leave, _leave),
            PREFERENCES: (_show_preferences, _change_preferences),
            EXPORT: (_export, None),
        }.items()
    ]


_WISH: dict[str, Schema] = {
    "lang": {"type": "string"},
    "regions": {"type": "array", "items": {"type": "string"}},
    "themes": {"type": "array", "items": {"type": "string"}},
}
_TOKEN = Parameter(
    "t", N_("The signed token of a subscriber's link."), {"type": "string"}, is_needed=True, depends_on=("data",)
)
_ADDRESS: dict[str, Schema] = {
    "address": {"type": "string", "format": "email", "maxLength": 254},
}


def _describe(
    use: str, summary: str, done: str = "", form: Mapping[str, Schema] | None = None
) -> tuple[Operation, ...]:
    """What a page shows, and what its button does.

    Args:
        use: The end of its path.
        summary: What it shows.
        done: What its button does; empty where it has none.
        form: The fields that the button sends.
    """
    name, parameters = f"newsletter_{use.replace('-', '_')}", (PAGE_LANG,) if use == SIGN_UP else (_TOKEN, PAGE_LANG)
    refusals, family = {400: PAGE, 503: PAGE}, N_("A subscriber's own pages")
    page = describe_page(
        f"{PATH}/{use}", name, "newsletter", family, summary, parameters, refusals=refusals, tried=("lang",)
    )
    if not done:
        return (replace(page, replies=(Reply(JSON, refer("Subscriber"), ("Cache-Control",)),)),)
    return page, describe_button(page, done, form, {429: PAGE} if use == SIGN_UP else None)


OPERATIONS = {
    SIGN_UP: _describe(
        SIGN_UP, N_("The form to sign up"), N_("Asks the owner of an address by mail"), _ADDRESS | _WISH
    ),
    CONFIRM: _describe(CONFIRM, N_("Asks whether the address wants the newsletter"), N_("Begins it")),
    UNSUBSCRIBE: _describe(
        UNSUBSCRIBE, N_("Asks whether to leave"), N_("Ends it; mail programs do this by one click (RFC 8058)")
    ),
    PREFERENCES: _describe(
        PREFERENCES,
        N_("What is chosen and kept"),
        N_("Changes the choice, ends the newsletter, or deletes everything"),
        _WISH | {"action": {"enum": ["save", "leave", "erase"]}},
    ),
    EXPORT: _describe(EXPORT, N_("All that is kept about a subscriber (JSON)")),
}


def _answering(get: Answerer, post: Answerer | None) -> Callable[[Request], Awaitable[Response]]:
    """A route: its work in a thread, what a person can put right as a page."""

    @wraps(get)
    async def answer(request: Request) -> Response:
        is_post = request.method == "POST" and post is not None
        body = await read_body(request) if is_post else b""
        return await run_in_threadpool(_work, request, post if is_post and post else get, body)

    return answer


def _work(request: Request, answerer: Answerer, body: bytes) -> Response:
    reader = Reader(request)
    form = read_form(body)
    try:
        with written_down():
            return answerer(request, reader, form)
    except UserError as stated:
        error = refusals.tell(stated)
        words = f"<p>{escape(reader.t(error.what))}</p><p>{escape(reader.t(error.remedy))}</p>"
        is_closed = (error.what, error.remedy) == CLOSED
        again = "" if is_closed else _link(reader, SIGN_UP, reader.t(N_("Sign up for the newsletter")))
        status = (
            429 if isinstance(error, BusyError) else 503 if isinstance(error, SnapshotError | UnwrittenError) else 400
        )
        answer = _answer(request, reader, reader.t(N_("That did not work")), words + again, status)
        if status == 429:
            answer.headers["retry-after"] = str(round(sign_up.SECONDS))
        elif status == 503:
            answer.headers["retry-after"] = refusals.SECONDS_TO_RETRY
        return answer


def _find_snapshot() -> Snapshot | None:
    try:
        return database.current()
    except SnapshotError:
        return None


def _show_sign_up(request: Request, reader: Reader, _: Form) -> Response:
    t = reader.t
    if not reader.desk.settings.has_newsletter:
        raise UserError(*CLOSED)
    field = f'<label for="address">{escape(t(N_("E-mail address")))}</label>'
    field += '<input id="address" name="address" type="email" required autocomplete="email" maxlength="254">'
    words = "".join(f"<p>{escape(t(sentence))}</p>" for sentence in (ABOUT, LEAVING, PRIVACY))
    form = f"{field}{_draw_wish(reader, Wish(reader.lang))}{draw_button(t(N_('Sign up')), 'sign-up')}"
    # Nobody sees this field; programs that fill in every field do.
    form += '<p class="trap" aria-hidden="true"><label>Website<input name="website" tabindex="-1"></label></p>'
    return _answer(request, reader, t(N_("Newsletter")), f'{words}<form method="post">{form}</form>')


def _sign_up(request: Request, reader: Reader, form: Form) -> Response:
    t = reader.t
    if not any(form.get("website", [])):
        wish, is_allowed = _read_wish(reader, form), sign_up.may_sign_up(name_client(request.scope))
        reader.desk.sign_up("".join(form.get("address", [])), wish, is_allowed=is_allowed)
        sending.send_confirmations(reader.desk.settings)
    return _answer(request, reader, t(N_("Check your mail")), f"<p>{escape(t(ASKED))}</p>")


def _ask_confirm(request: Request, reader: Reader, _: Form) -> Response:
    t = reader.t
    reader.desk.see(CONFIRM, _token(request))
    form = f'<form method="post">{draw_button(t(N_("Yes, send me the newsletter")))}</form>'
    return _answer(request, reader, t(N_("Do you want this newsletter?")), f"<p>{escape(t(LEAVING))}</p>{form}")


def _confirm(request: Request, reader: Reader, _: Form) -> Response:
    t = reader.t
    subscriber = reader.desk.confirm(_token(request))
    words = f"<p>{escape(t(N_('You will get the next issue. Each one has a link to unsubscribe.')))}</p>"
    link = reader.desk.links.address(PREFERENCES, subscriber.subscriber_id, reader.lang)
    words += _way(link, t(N_("Change language, regions and themes, see or delete what is kept about you")))
    return _answer(request, reader, t(N_("You get the newsletter")), words)


def _ask_leave(request: Request, reader: Reader, _: Form) -> Response:
    t = reader.t
    reader.desk.links.read(UNSUBSCRIBE, _token(request))
    sentence = t(N_("Your address and choices are deleted, and mails not sent yet will not be sent."))
    form = f'<form method="post">{draw_button(t(N_("Unsubscribe from the newsletter")))}</form>'
    return _answer(request, reader, t(N_("Do you want to unsubscribe?")), f"<p>{escape(sentence)}</p>{form}")


def _leave(request: Request, reader: Reader, _: Form) -> Response:
    t = reader.t
    reader.desk.leave(_token(request))
    words = f"<p>{escape(t(N_('You will get no further issues; your address is deleted.')))}</p>"
    again = _link(reader, SIGN_UP, t(N_("Sign up again"))) if reader.desk.settings.has_newsletter else ""
    return _answer(request, reader, t(N_("You have unsubscribed")), words + again)


def _show_preferences(request: Request, reader: Reader, _: Form) -> Response:
    return _answer_preferences(request, reader, reader.desk.see(PREFERENCES, _token(request)))


def _change_preferences(request: Request, reader: Reader, form: Form) -> Response:
    t, action = reader.t, "".join(form.get("action", []))
    if action == "erase":
        reader.desk.erase(_token(request))
        words = t(
            N_("Your address, your choices and the mails to you are deleted. Mails you already received stay with you.")
        )
        return _answer(request, reader, t(N_("Nothing is kept about you anymore")), f"<p>{escape(words)}</p>")
    if action == "leave":
        subscriber = reader.desk.see(PREFERENCES, _token(request))
        reader.desk.subscribers.leave(subscriber.subscriber_id)
        words = t(N_("You will get no further issues; your address is deleted."))
        return _answer(request, reader, t(N_("You have unsubscribed")), f"<p>{escape(words)}</p>")
    subscriber = reader.desk.prefer(_token(request), _read_wish(reader, form))
    reader.t = translator(subscriber.wish.lang)
    return _answer_preferences(request, reader, subscriber, is_changed=True)


def _answer_preferences(
    request: Request, reader: Reader, subscriber: Subscriber, *, is_changed: bool = False
) -> Response:
    t = reader.t
    done = f'<p role="status" class="done">{escape(t(N_("Your choice is saved.")))}</p>' if is_changed else ""
    about = t(N_("For {address}"), address=subscriber.address)
    choose = f"{_draw_wish(reader, subscriber.wish)}{draw_button(t(N_('Save this choice')), 'save')}"
    buttons = (
        draw_button(t(N_("Unsubscribe from the newsletter")), "leave"),
        draw_button(t(N_("Delete everything about me")), "erase"),
    )
    query = escape(urlencode({"t": _token(request), "lang": reader.lang}))
    words = (
        f'{done}<p>{escape(about)}</p><form method="post">{choose}</form>'
        f"<h2>{escape(t(N_('What is kept about you')))}</h2><p>{escape(t(PRIVACY))}</p>"
        f'<p><a href="export?{query}">{escape(t(N_("Download as a file (JSON)")))}</a></p>'
        f'<form method="post">{buttons[0]}</form><form method="post">{buttons[1]}</form>'
    )
    return _answer(request, reader, t(N_("Your newsletter")), words)


def _export(request: Request, reader: Reader, _: Form) -> Response:
    subscriber = reader.desk.see(PREFERENCES, _token(request))
    headers = HEADERS | {
        "content-type": "application/json",
        "content-disposition": name_attachment("newsletter-data.json"),
    }
    return answer_body(request, write_json(subscriber.export()), headers)


def _read_wish(reader: Reader, form: Form) -> Wish:
    """What was chosen; codes that nobody offered are left out."""
    lang = "".join(form.get("lang", []))
    choices = {name: list_choices(reader.snapshot, name, reader.lang) for name in CHOICES}
    chosen = {name: tuple(code for code in form.get(name, []) if code in choices[name]) for name in CHOICES}
    return Wish(lang if lang in list_offered() else reader.lang, **chosen)


def _draw_wish(reader: Reader, wish: Wish) -> str:
    """The fields for language, regions and themes."""
    t = reader.t
    options = "".join(
        f'<option value="{lang}" lang="{lang}"{" selected" * (lang == wish.lang)}>{name_language(lang)}</option>'
        for lang in list_offered()
    )
    drawn = f'<label for="lang">{escape(t(N_("Language")))}</label><select id="lang" name="lang">{options}</select>'
    for name, label in CHOICES.items():
        chosen = getattr(wish, name)
        boxes = "".join(
            f'<label class="box"><input type="checkbox" name="{name}" value="{escape(code)}"'
            f"{' checked' if code in chosen else ''}> {escape(words)}</label>"
            for code, words in list_choices(reader.snapshot, name, reader.lang).items()
        )
        hint = f'<p class="hint">{escape(t(EVERYTHING))}</p>'
        drawn += f'<fieldset><legend>{escape(t(label))}</legend>{hint}<div class="boxes">{boxes}</div></fieldset>'
    return drawn


def _link(reader: Reader, use: str, words: str) -> str:
    return _way(f"{reader.desk.settings.base_url}{PATH}/{use}?lang={reader.lang}", words)


def _way(address: str, words: str) -> str:
    return f'<p><a href="{escape(address)}">{escape(words)}</a></p>'


def _token(request: Request) -> str:
    return request.query_params.get("t", "")


def _answer(request: Request, reader: Reader, heading: str, body: str, status: int = 200) -> Response:
    home = f"{reader.desk.settings.base_url}/?lang={reader.lang}"
    title = reader.desk.titles.get(reader.lang, "")
    return answer_plain(request, reader.t, heading, body, (title, home), status)
