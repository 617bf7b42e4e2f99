"""The plain pages of reporting by link: the form behind a stakeholder's link, and where a lost link is asked for.

Opening a link changes nothing. What a page refuses it gives back as it was typed. A link that opens nothing is answered
alike, whatever the reason, and so is whoever asks for a link: the mail is made after the answer.
"""

import logging
import math
import secrets
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache, cached_property
from html import escape
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

from itsdangerous import BadData, URLSafeTimedSerializer
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from dashboard.access.rights import AccessClass
from dashboard.campaign.copies.reading_copy import is_copy, read_note
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.reporting.links import FORM, HELD, KEY, LOST, PATH, ReportLink, ReportLinkError, ReportLinks
from dashboard.campaign.reporting.reports import Report, ReportBox, number_report
from dashboard.errors import TooOftenError, UserError
from dashboard.faults import computer_faults
from dashboard.formats import format_date
from dashboard.ground.budgets import Bucket
from dashboard.ground.files.private_store import read_key
from dashboard.i18n import N_, Translator
from dashboard.languages import name_language
from dashboard.mail import reports_mail
from dashboard.mail.addresses import check_address
from dashboard.mail.subscribers import UnwrittenError, written_down
from dashboard.settings import Settings
from dashboard.snapshot import database
from dashboard.snapshot.database import Snapshot, list_offered
from dashboard.web import refusals
from dashboard.web.api_route import ApiRoute, BodyLimit
from dashboard.web.guard.allowances import name_client
from dashboard.web.http import lead
from dashboard.web.operation import PAGE, TEXT, Parameter, Schema
from dashboard.web.plain_fields import Part, draw_faults, list_words
from dashboard.web.plain_pages import (
    HEADERS,
    NO_MORE,
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
from dashboard.web.report_form import (
    NAMES,
    TEXTS,
    ActionForm,
    OpenAction,
    draw_action,
    draw_receipt,
    find_rules,
    list_fields,
    list_open_actions,
    name_action,
    say_effect,
)
from dashboard.web.sent_forms import SentForm, read_form_with_files

LOG = logging.getLogger(__name__)
LARGEST_TEXT = 1_000_000
"""Bytes of what twenty actions with all that their fields take have, in any writing."""
BODY = BodyLimit(102_000_000, 1_200.0)
"""Of the form with the 100 MB of files that a link may hand in, over a slow line."""
A_PAGE = 20
"""Actions on one page of the form."""
LEAST_SECONDS = 2
"""Nobody fills in a form in less."""
SENT_BY_CLIENT, SENT_BY_LINK, ASKED_BY_CLIENT, SECONDS = 300, 60, 10, 3600.0
"""Forms that one client, such as the one address of a hall, and one link may send, and links that one client may ask
for, in how many seconds."""
STYLE = Path(__file__).with_suffix(".css").read_text(encoding="utf-8").replace("\n", "")
SEND_AGAIN = N_("Please send this again: it came back faster than anybody can write, or from a page that is not ours.")
NOTHING_TYPED = N_("Nothing is filled in yet. Fill in what you know about one action at least.")
STILL_WAITS = N_(
    "{number}, which you sent before, still waits: an empty answer does not take it back. If it should not count, say "
    "so under “This is not right”."
)
PUBLIC = N_(
    "Once the secretariat has read it, this becomes public: status, percentage, day, what was done and learned, and "
    "the web address. What is not right, and who wrote, stays with the secretariat."
)
ASKED = N_("If the campaign has this address beside an action, a mail with a new link is on its way to it.")


Answerer = Callable[["Reader"], Response]


class ClosedError(UserError):
    """The campaign takes no reports by link, or not at this server."""


class FormToken(NamedTuple):
    """What a form carries: its signed text, and of that its unguessable id, its actions, and its age in seconds."""

    text: str = ""
    form_id: str = ""
    action_ids: tuple[str, ...] = ()
    age: float = math.inf


class Reader(PlainReader):
    """A reader with the campaign's links, reports and figures."""

    style = STYLE

    def __init__(self, request: Request, sent: SentForm) -> None:
        """Read the link and the form."""
        super().__init__(request, sent)
        self.private = self.settings.campaign / "private"
        self.links, self.box = ReportLinks(self.private), ReportBox(self.private)

    @cached_property
    def snapshot(self) -> Snapshot:
        """The published figures."""
        return database.current(self.settings)

    def sign(self) -> URLSafeTimedSerializer:
        """Return what signs the tokens of forms."""
        return URLSafeTimedSerializer(read_key(self.private, KEY), salt="report-form")

    def write_query(self, **more: object) -> str:
        """Write the query of the link in this language."""
        return urlencode({"t": self.token, "lang": self.t.language, **more})


async def _read_form(request: Request) -> SentForm:
    """Read the form; with files only behind a link that opens something."""
    largest = BODY.size if await run_in_threadpool(_is_open, request) else LARGEST_TEXT
    return await read_form_with_files(request, largest, LARGEST_TEXT)


def _is_open(request: Request) -> bool:
    try:
        ReportLinks(Settings.from_environment().campaign / "private").open(request.query_params.get("t", ""))
    except (ReportLinkError, sqlite3.Error, OSError):  # the page itself says what is wrong
        return False
    return True


def routes() -> list[ApiRoute]:
    """The routes for `st.App`."""
    return [
        ApiRoute(
            f"{PATH}/{FORM}",
            answer_in_thread(answer_reader, _show_form, _send, _read_form),
            OPERATIONS[FORM],
            AccessClass.TOKEN,
            BODY,
        ),
        ApiRoute(
            f"{PATH}/{LOST}", answer_in_thread(answer_reader, _show_lost, _ask), OPERATIONS[LOST], AccessClass.EVERYBODY
        ),
    ]


_FAMILY = N_("Reporting by link")
_REFUSED: dict[int, tuple[str, ...]] = {400: PAGE, 404: PAGE, 503: PAGE}
_OFTEN: dict[int, tuple[str, ...]] = {429: PAGE}
_TOKEN = Parameter("t", N_("The signed token of a stakeholder's link."), TEXT, is_needed=True, depends_on=("data",))
_PAGE = Parameter("page", N_("Which twenty of the link's actions, from 1 on."), {"type": "string"})
_FORM: dict[str, Schema] = {"form": TEXT, **{f"{{action}}/{name}": TEXT for name in NAMES}}
_LINK_PAGE = describe_page(
    f"{PATH}/{FORM}", "report_form", "reports", _FAMILY, N_("The form behind a stakeholder's link"),
    (_TOKEN, _PAGE, PAGE_LANG), refusals=_REFUSED,
)  # fmt: skip
_LOST_PAGE = describe_page(
    f"{PATH}/{LOST}", "report_lost", "reports", _FAMILY, N_("Where a lost link is asked for"), (PAGE_LANG,),
    refusals=_REFUSED, tried=("lang",),
)  # fmt: skip
OPERATIONS = {
    FORM: (_LINK_PAGE, describe_button(_LINK_PAGE, N_("Keeps the reports until staff read them"), _FORM, _OFTEN)),
    LOST: (
        _LOST_PAGE,
        describe_button(
            _LOST_PAGE,
            N_("Mails a new link to an address that the campaign has"),
            {"address": {"type": "string", "format": "email", "maxLength": 254}},
            _OFTEN,
        ),
    ),
}


@cache
def limit(most: int) -> Bucket:
    """The limit of so many in an hour, in this process, by clients or by links."""
    return Bucket(most / SECONDS, most)


def answer_reader(
    request: Request, answerer: Answerer, sent: SentForm, reader_class: type["Reader"] | None = None
) -> Response:
    """Answer with a page, or with one that says what is wrong and gives back what was written."""
    reader = (reader_class or Reader)(request, sent)
    t, settings = reader.t, reader.settings
    try:
        if is_copy(settings):
            made_at = read_note(settings.campaign).made_at.rstrip("/")
            if made_at:
                return lead(f"{made_at}{PATH}/{request.url.path.rpartition('/')[2]}?{request.url.query}", HEADERS)
            raise ClosedError(
                N_("This server only shows figures; reports are taken elsewhere."),
                N_("Ask the secretariat of the campaign for the address."),
            )
        if not CampaignFolder(settings.campaign).load().reports_by_link.open:
            raise ClosedError(
                N_("The campaign takes no reports by link at the moment."),
                N_("Write to its secretariat instead."),
            )
        if sent.problem is not None:
            raise sent.problem
        with computer_faults():
            return answerer(reader)
    except ReportLinkError as error:
        heading, words, status, headers = t(error.what), draw_words(t(error.remedy)), 400, NO_MORE
        words += _draw_lost(t)
    except ClosedError as error:
        heading, status, headers = t(N_("Reports by link are not open")), 404, NO_MORE
        words = draw_words(t(error.what), t(error.remedy))
    except UserError as error:
        refusal = refusals.tell(error)
        heading, words = t(N_("That did not work")), draw_words(t(refusal.what), t(refusal.remedy))
        status, _, headers = refusals.refuse(refusal)
    if written := list_words(reader.form, TEXTS):
        words += f"<h2>{escape(t(N_('What you wrote, to copy')))}</h2>{draw_words(*written)}"
    return reader.answer(heading, words, status, headers)


def _show_form(reader: Reader) -> Response:
    link = reader.links.open(reader.token)
    page = reader.request.query_params.get("page", "")
    start = (max(int(page), 1) - 1) * A_PAGE if page.isascii() and page.isdecimal() and len(page) < 5 else 0
    actions = list_open_actions(reader.snapshot, link)
    page_actions = actions[start : start + A_PAGE]
    ways = ""
    for first in range(0, len(actions), A_PAGE):
        if first != start and len(actions) > A_PAGE:
            last = min(first + A_PAGE, len(actions))
            words = reader.t(N_("Actions {first} to {last} of {n}"), first=first + 1, last=last, n=len(actions))
            ways += draw_link(f"?{reader.write_query(page=first // A_PAGE + 1)}", words)
    return _answer_form(reader, link, _make_forms(reader, link, page_actions), ways=ways)


def _send(reader: Reader) -> Response:
    link, t = reader.links.open(reader.token), reader.t
    token = _read_token(reader, link)
    actions = {action.action_id: action for action in list_open_actions(reader.snapshot, link)}
    named_ids = tuple(action_id for action_id in actions if f"{action_id}/narrative" in reader.form)
    action_ids = token.action_ids or named_ids or tuple(actions)[:A_PAGE]
    sent_actions = [actions.get(action_id, OpenAction(action_id)) for action_id in action_ids]
    forms, rules = _make_forms(reader, link, sent_actions, is_sent=True), find_rules(reader.snapshot)
    client = name_client(reader.request.scope)
    if not (limit(SENT_BY_CLIENT).allows(client) and limit(SENT_BY_LINK).allows(link.handle)):
        words = t(N_("Too many forms came from here. Try again in an hour; keep this page open."))
        return _answer_form(reader, link, forms, words, 429, {"retry-after": str(round(SECONDS))}, token=token)
    if not token.form_id or 0 <= token.age < LEAST_SECONDS or reader.field(TRAP):
        return _answer_form(reader, link, forms, t(SEND_AGAIN), 400, token=token)
    emptied = [form.waiting.report_no for form in forms if form.part.is_empty and form.waiting]
    notes = [t(STILL_WAITS, number=report_no) for report_no in emptied]
    if all(form.part.is_empty for form in forms):
        return _answer_form(reader, link, forms, " ".join([t(NOTHING_TYPED), *notes]), 400, token=token)
    values, parts = zip(*(form.part.check() for form in forms), strict=True)
    forms = [form._replace(part=part) for form, part in zip(forms, parts, strict=True)]
    if any(part.faults for part in parts):
        return _answer_form(reader, link, forms, status=400, token=token)
    stated = [(form, each) for form, each in zip(forms, values, strict=True) if not form.part.is_empty]
    try:
        with written_down():
            reports = [_keep(reader, link, token, form, each) for form, each in stated]
    except UnwrittenError as error:
        words = f"{t(error.what)} {t(error.remedy)}"
        return _answer_form(reader, link, forms, words, 503, {"retry-after": refusals.SECONDS_TO_RETRY}, token=token)
    LOG.info("%s reports by link wait for staff.", len(reports))
    receipts = [
        draw_receipt(report, name_action(t, form.action), t, rules)
        for report, (form, _) in zip(reports, stated, strict=True)
    ]
    words = t(N_("The same link changes it until {day}."), day=format_date(link.ends_on, t.language))
    again = draw_link(f"?{reader.write_query()}", t(N_("Change or add something")))
    heading = t.plural(
        "Thank you. {n} report waits for the secretariat",
        "Thank you. {n} reports wait for the secretariat",
        len(reports),
    )
    return reader.answer(heading, draw_words(words) + again + draw_words(*notes) + "".join(receipts))


def _read_token(reader: Reader, link: ReportLink) -> FormToken:
    """Read what a sent form carries; empty where it is no form of this link."""
    text = reader.field("form")
    try:
        (form_id, handle, action_ids), made_at = reader.sign().loads(text, return_timestamp=True)
    except BadData:
        return FormToken()
    if handle != link.handle:
        return FormToken()
    return FormToken(text, form_id, tuple(action_ids), (datetime.now(UTC) - made_at).total_seconds())


def _keep(reader: Reader, link: ReportLink, token: FormToken, form: ActionForm, values: Mapping[str, Any]) -> Report:
    """Keep a report about an action; what says the same as the one that waits is that one."""
    earlier, action_id = form.waiting, form.action.action_id
    if earlier is not None and values == {name: getattr(earlier, name) for name in values}:
        return earlier
    form_id = f"{token.form_id}/{earlier.report_no if earlier else ''}"  # a change back is a report of its own
    report = Report(
        report_no=number_report(form_id, action_id, {name: str(value) for name, value in values.items()}),
        link=link.handle, action_id=action_id, received_at=datetime.now(UTC), lang=reader.t.language, wave=link.wave,
        build_id=reader.snapshot.build_id, **values,
    )  # fmt: skip
    return reader.box.put(report)


def _make_forms(
    reader: Reader, link: ReportLink, actions: Sequence[OpenAction], *, is_sent: bool = False
) -> list[ActionForm]:
    """Make the form of some actions with what was sent, or else with what waits of this link."""
    reports: dict[str, list[Report]] = {}
    for report in reader.box.list(link=link.handle):
        reports.setdefault(report.action_id, []).append(report)
    fields, forms = list_fields(reader.t, find_rules(reader.snapshot)), []
    for number, action in enumerate(actions, start=1):
        part = Part(fields, f"{action.action_id}/", f"a{number}-", name_action(reader.t, action))
        form = ActionForm(action, part, reports.get(action.action_id, ()))
        part = part.read_form(reader.form) if is_sent else part.fill(vars(form.waiting) if form.waiting else {})
        forms.append(form._replace(part=part))
    return forms


def _answer_form(
    reader: Reader,
    link: ReportLink,
    forms: Sequence[ActionForm],
    problem: str = "",
    status: int = 200,
    headers: Mapping[str, str] = NO_MORE,
    *,
    token: FormToken | None = None,
    ways: str = "",
) -> Response:
    """Answer with the form.

    `problem`: why what was sent is not kept; what is wrong with single answers stands in `forms`. `token`: that of the
    form that was sent, which the form stays; without one, or with a forged one, it is a new form.
    """
    t, snapshot, faults = reader.t, reader.snapshot, sum(len(form.part.faults) for form in forms)
    actions = [form.action for form in forms]
    signed = token.text if token else ""
    if not signed:
        action_ids = [action.action_id for action in actions]
        signed = reader.sign().dumps([secrets.token_urlsafe(9), link.handle, action_ids])
    heading = t.plural("Report on your action", "Report on your actions", len(actions))
    body = draw_words(problem, kind="wrong")
    if faults:
        heading = t.plural("{n} answer needs a correction", "{n} answers need a correction", faults)
        body = draw_faults((form.part for form in forms), t)
    elif problem:
        heading = t(N_("Not sent yet"))
    body += draw_words(
        t(N_("This link is yours alone and works until {day}."), day=format_date(link.ends_on, t.language))
    )
    body += "".join(
        f'<a href="?{escape(urlencode({"t": reader.token, "lang": lang}))}" lang="{lang}">{name_language(lang)}</a> '
        for lang in list_offered()
        if lang != t.language and not token
    )
    if not actions:
        return reader.answer(heading, body + draw_words(t(N_("The figures hold none of your actions at the moment."))))
    drawn = "".join(draw_action(form, snapshot, t) for form in forms)
    before = f'<input type="hidden" name="form" value="{escape(signed)}">{draw_trap()}'
    after = draw_words(say_effect(snapshot, t, actions), t(PUBLIC)) + draw_button(t(N_("Send")))
    ways += draw_link(f"{HELD}?{reader.write_query()}", t(N_("What the program holds of you")))
    body += f'<form method="post" novalidate>{before}{drawn}<section>{after}</section></form>{ways}'
    return reader.answer(heading, body, status, headers)


def _show_lost(reader: Reader) -> Response:
    return reader.answer(reader.t(N_("Lost your link?")), _draw_lost(reader.t))


def _ask(reader: Reader) -> Response:
    t, typed = reader.t, reader.field("address")
    if not limit(ASKED_BY_CLIENT).allows(name_client(reader.request.scope)):
        raise TooOftenError(N_("Too many links were asked for from here."), N_("Try again in an hour."), SECONDS)
    try:
        address = check_address(typed)
    except UserError as error:
        fault = f"{t(error.what)} {t(error.remedy)}"
        return reader.answer(t(error.what), _draw_lost(t, typed, fault), 400)
    answer = reader.answer(t(N_("Check your mail")), draw_words(t(ASKED)))
    if not reader.field(TRAP):
        answer.background = BackgroundTask(reports_mail.send_lost_link, reader.settings, address, t.language)
    return answer


def _draw_lost(t: Translator, typed: str = "", fault: str = "") -> str:
    """Draw the form that asks for a new link; it stands on the page of a link that opens nothing too."""
    marks = ' aria-invalid="true" aria-describedby="address-fault"' if fault else ""
    words = f'<p class="fault" id="address-fault">{escape(fault)}</p>' if fault else ""
    return (
        f"{draw_words(t(N_('A new link comes by mail, to the address that the campaign has of you.')))}"
        f'<form method="post" action="{LOST}?lang={t.language}">{draw_trap()}'
        f'<label for="address">{escape(t(N_("E-mail address")))}</label>{words}'
        f'<input id="address" name="address" type="email" required autocomplete="email" maxlength="254"'
        f' value="{escape(typed)}"{marks}>{draw_button(t(N_("Send me a new link")))}</form>'
    )
