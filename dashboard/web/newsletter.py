"""The newsletter's plain pages: sign-up, and a subscriber's own links. No script, nothing loaded, nothing kept.

Opening a link changes nothing, since mail scanners open every link; a button does. The one-click unsubscribing of mail
programs (RFC 8058) is a POST to the same address as the button's.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from html import escape
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from dashboard.access.rights import AccessClass
from dashboard.errors import BusyError, SnapshotError, UserError
from dashboard.i18n import N_, translator
from dashboard.languages import name_language
from dashboard.mail import sending, subscribers
from dashboard.mail.subscribers import (
    ABOUT,
    ASKED,
    CHOICES,
    CLOSED,
    CONFIRM,
    EVERYTHING,
    LEAVING,
    PATH,
    PREFERENCES,
    PRIVACY,
    UNSUBSCRIBE,
    Desk,
    UnwrittenError,
    Wish,
    list_choices,
    written_down,
)
from dashboard.snapshot import database
from dashboard.snapshot.database import Snapshot, list_offered
from dashboard.web import refusals
from dashboard.web.api_route import ApiRoute
from dashboard.web.guard.allowances import name_client
from dashboard.web.http import answer_body, name_attachment, write_json
from dashboard.web.operation import JSON, PAGE, Operation, Parameter, Reply, Schema, refer
from dashboard.web.plain_pages import (
    HEADERS,
    PAGE_LANG,
    TRAP,
    PlainReader,
    answer_in_thread,
    describe_button,
    describe_page,
    draw_button,
    draw_link,
    draw_trap,
    draw_words,
)
from dashboard.web.sent_forms import SentForm

SIGN_UP, EXPORT = "sign-up", "export"
LEFT = N_("You will get no further issues; your address is deleted.")

Answerer = Callable[["Reader"], Response]


class Reader(PlainReader):
    """A reader with the campaign's stores, and its codes where something is published."""

    def __init__(self, request: Request, sent_form: SentForm) -> None:
        """Read the link and the form, and open what is published."""
        super().__init__(request, sent_form)
        try:
            self.snapshot: Snapshot | None = database.current()
        except SnapshotError:
            self.snapshot = None
        self.desk = Desk(self.settings, self.snapshot)

    @property
    def lang(self) -> str:
        """The reader's language."""
        return self.t.language

    def wish(self) -> Wish:
        """Return what the reader chose; codes that were not offered are left out."""
        lang = self.field("lang")
        choices = {name: list_choices(self.snapshot, name, self.lang) for name in CHOICES}
        chosen = {name: tuple(code for code in self.form.get(name, []) if code in choices[name]) for name in CHOICES}
        return Wish(lang if lang in list_offered() else self.lang, **chosen)

    def link_sign_up(self, words: str) -> str:
        """Write a link to the form with which readers sign up."""
        return draw_link(f"{self.settings.base_url}{PATH}/{SIGN_UP}?lang={self.lang}", words)

    def find_home(self) -> tuple[str, str]:
        """Find the words and the address of the link to the dashboard, as mails have them."""
        return self.desk.titles.get(self.lang, ""), f"{self.settings.base_url}/?lang={self.lang}"


def routes() -> list[ApiRoute]:
    """The routes for `st.App`; the page itself, `/newsletter`, is Streamlit's."""
    return [
        ApiRoute(
            f"{PATH}/{use}",
            answer_in_thread(_work, get, post),
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
    """Describe what the page of a use shows, and what its button does and sends, if it has one."""
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


def _work(request: Request, answerer: Answerer, sent_form: SentForm) -> Response:
    reader = Reader(request, sent_form)
    try:
        with written_down():
            return answerer(reader)
    except UserError as stated:
        error, t = refusals.tell(stated), reader.t
        is_closed = (error.what, error.remedy) == CLOSED
        again = "" if is_closed else reader.link_sign_up(t(N_("Sign up for the newsletter")))
        status = (
            429 if isinstance(error, BusyError) else 503 if isinstance(error, SnapshotError | UnwrittenError) else 400
        )
        words = draw_words(t(error.what), t(error.remedy))
        answer = reader.answer(t(N_("That did not work")), words + again, status)
        if status == 429:
            answer.headers["retry-after"] = str(round(subscribers.SECONDS))
        elif status == 503:
            answer.headers["retry-after"] = refusals.SECONDS_TO_RETRY
        return answer


def _show_sign_up(reader: Reader) -> Response:
    t = reader.t
    if not reader.settings.has_newsletter:
        raise UserError(*CLOSED)
    field = f'<label for="address">{escape(t(N_("E-mail address")))}</label>'
    field += '<input id="address" name="address" type="email" required autocomplete="email" maxlength="254">'
    form = f"{field}{_draw_wish(reader, Wish(reader.lang))}{draw_button(t(N_('Sign up')), 'sign-up')}"
    form += draw_trap()
    return reader.answer(t(N_("Newsletter")), draw_words(t(ABOUT), t(LEAVING), t(PRIVACY)) + _draw_form(form))


def _sign_up(reader: Reader) -> Response:
    if not reader.field(TRAP):
        wish, is_allowed = reader.wish(), subscribers.sign_ups().allows(name_client(reader.request.scope))
        reader.desk.sign_up(reader.field("address"), wish, is_allowed=is_allowed)
        sending.send_confirmations(reader.settings)
    return reader.answer(reader.t(N_("Check your mail")), draw_words(reader.t(ASKED)))


def _ask_confirm(reader: Reader) -> Response:
    t = reader.t
    reader.desk.see(CONFIRM, reader.token)
    form = _draw_form(draw_button(t(N_("Yes, send me the newsletter"))))
    return reader.answer(t(N_("Do you want this newsletter?")), draw_words(t(LEAVING)) + form)


def _confirm(reader: Reader) -> Response:
    t = reader.t
    subscriber = reader.desk.confirm(reader.token)
    words = draw_words(t(N_("You will get the next issue. Each one has a link to unsubscribe.")))
    link = reader.desk.make_link(PREFERENCES, subscriber.subscriber_id, reader.lang)
    words += draw_link(link, t(N_("Change language, regions and themes, see or delete what is kept about you")))
    return reader.answer(t(N_("You get the newsletter")), words)


def _ask_leave(reader: Reader) -> Response:
    t = reader.t
    reader.desk.read_link(UNSUBSCRIBE, reader.token)
    sentence = t(N_("Your address and choices are deleted, and mails not sent yet will not be sent."))
    form = _draw_form(draw_button(t(N_("Unsubscribe from the newsletter"))))
    return reader.answer(t(N_("Do you want to unsubscribe?")), draw_words(sentence) + form)


def _leave(reader: Reader) -> Response:
    t = reader.t
    reader.desk.leave(UNSUBSCRIBE, reader.token)
    again = reader.link_sign_up(t(N_("Sign up again"))) if reader.settings.has_newsletter else ""
    return reader.answer(t(N_("You have unsubscribed")), draw_words(t(LEFT)) + again)


def _show_preferences(reader: Reader, *, is_changed: bool = False) -> Response:
    subscriber, t = reader.desk.see(PREFERENCES, reader.token), reader.t
    done = f'<p role="status" class="done">{escape(t(N_("Your choice is saved.")))}</p>' if is_changed else ""
    query = urlencode({"t": reader.token, "lang": reader.lang})
    words = (
        f"{done}{draw_words(t(N_('For {address}'), address=subscriber.address))}"
        f"{_draw_form(_draw_wish(reader, subscriber.wish) + draw_button(t(N_('Save this choice')), 'save'))}"
        f"<h2>{escape(t(N_('What is kept about you')))}</h2>{draw_words(t(PRIVACY))}"
        f"{draw_link(f'export?{query}', t(N_('Download as a file (JSON)')))}"
        f"{_draw_form(draw_button(t(N_('Unsubscribe from the newsletter')), 'leave'))}"
        f"{_draw_form(draw_button(t(N_('Delete everything about me')), 'erase'))}"
    )
    return reader.answer(t(N_("Your newsletter")), words)


def _change_preferences(reader: Reader) -> Response:
    t, action = reader.t, reader.field("action")
    if action == "erase":
        reader.desk.erase(reader.token)
        words = N_(
            "Your address, your choices and the mails to you are deleted. Mails you already received stay with you."
        )
        return reader.answer(t(N_("Nothing is kept about you anymore")), draw_words(t(words)))
    if action == "leave":
        reader.desk.see(PREFERENCES, reader.token)
        reader.desk.leave(PREFERENCES, reader.token)
        return reader.answer(t(N_("You have unsubscribed")), draw_words(t(LEFT)))
    subscriber = reader.desk.prefer(reader.token, reader.wish())
    reader.t = translator(subscriber.wish.lang)
    return _show_preferences(reader, is_changed=True)


def _export(reader: Reader) -> Response:
    subscriber = reader.desk.see(PREFERENCES, reader.token)
    headers = HEADERS | {
        "content-type": "application/json",
        "content-disposition": name_attachment("newsletter-data.json"),
    }
    return answer_body(reader.request, write_json(subscriber.export()), headers)


def _draw_wish(reader: Reader, wish: Wish) -> str:
    """Draw the fields for language, regions and themes."""
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


def _draw_form(fields: str) -> str:
    return f'<form method="post">{fields}</form>'
