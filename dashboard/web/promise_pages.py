"""The form for new actions as a page: shown, taken whole or given back.

A promise is not read by staff until its address is confirmed behind a mailed link (`promise_confirming`); where no mail
can be sent, it waits for them at once. The answer is the same whatever the address is.
"""

import logging
import math
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache, cached_property, partial
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

from itsdangerous import BadData
from starlette.requests import Request
from starlette.responses import Response

from dashboard.access.rights import AccessClass
from dashboard.access.sessions import is_closed
from dashboard.campaign.folder import Campaign, CampaignFolder
from dashboard.campaign.reporting.numbers import SentNumber
from dashboard.campaign.reporting.promises import PATH, PromiseLinks, find_days
from dashboard.campaign.reporting.reports import Report, ReportKind, ReportState, number_report
from dashboard.errors import SnapshotError, sentence
from dashboard.formats import format_date
from dashboard.ground import page_addresses
from dashboard.ground.budgets import Bucket
from dashboard.i18n import N_
from dashboard.mail.promise_link import ask_to_confirm, can_confirm
from dashboard.mail.subscribers import UnwrittenError, written_down
from dashboard.snapshot import database
from dashboard.web import refusals
from dashboard.web.api_route import ApiRoute, BodyLimit
from dashboard.web.guard.allowances import name_client
from dashboard.web.operation import TEXT, Schema
from dashboard.web.plain_fields import Field, Part
from dashboard.web.plain_pages import (
    NO_MORE,
    PAGE_LANG,
    TRAP,
    answer_in_thread,
    describe_button,
    describe_page,
    draw_button,
    draw_link,
    draw_trap,
    draw_words,
)
from dashboard.web.promise_form import (
    NUMBERS,
    SECTIONS,
    WRITTEN,
    Codelists,
    Promise,
    draw_advice,
    draw_form,
    draw_promise,
    fill_form,
    list_fields,
    load_choices,
    read_promise,
)
from dashboard.web.sending_pages import (
    OFTEN,
    REFUSED,
    SEND_AGAIN,
    STYLE,
    TOO_MANY_FORMS,
    ClosedError,
    Sender,
    answer_sender,
)
from dashboard.web.sent_forms import SentForm, read_sent_form

LOG = logging.getLogger(__name__)
BODY = BodyLimit(200_000, 60.0)
"""Of the form: all that its fields take, in any writing, and every country, over a slow line."""
LEAST_SECONDS = 3
"""Nobody fills in this form in less."""
MOST_SENT, SECONDS = 30, 3600.0
"""New actions that one client, such as the one address of a hall, may send, and in how many seconds."""
MOST_UNCONFIRMED = 2_000
"""New actions that may wait for their confirmation: more are machines' work."""
PUBLIC = N_(
    "Once the secretariat has accepted it, all of this becomes public, but for your name and your e-mail address: they "
    "are for the secretariat alone, to ask about the action, and are never published."
)
OPTIONAL = N_("Only partners, day, web address and numbers may stay empty.")
WAITS = N_("Thank you. Your action waits for the secretariat")
ASKED = N_(
    "A mail is on its way to the address that you gave. Open the link in it and confirm: only then does the "
    "secretariat read your action. Without that it is deleted after seven days."
)
NO_MAIL = N_(
    "If no mail comes, look among unwanted mail, and whether your address stands right below; else write to the "
    "secretariat with the number. The same link changes the action."
)
ADVICE = "advice"
"""What the button that asks for advice sends, in place of keeping the action."""
UNMAILED = N_("The secretariat reads it before anything of it becomes public. No mail will come: keep the number.")

Answerer = Callable[["Reader"], Response]


class FormToken(NamedTuple):
    """What a form carries: its signed text, its unguessable id, the promise that it changes, its age in seconds."""

    text: str = ""
    form_id: str = ""
    changed_no: str = ""
    age: float = math.inf


class Reader(Sender):
    """Somebody who submits a new action."""

    style = STYLE + Path(__file__).with_suffix(".css").read_text(encoding="utf-8").replace("\n", "")
    path, salt, text_fields = PATH, "promise", WRITTEN
    closed = N_("New actions cannot be submitted now")
    elsewhere = N_("This server only shows figures; new actions are taken elsewhere.")

    @cached_property
    def links(self) -> PromiseLinks:
        """The links to promises."""
        return PromiseLinks(self.private)

    @cached_property
    def campaign(self) -> Campaign:
        """The campaign's settings."""
        return CampaignFolder(self.settings.campaign).load()

    @cached_property
    def codelists(self) -> Codelists:
        """The campaign's codelists that the form offers."""
        return load_choices(CampaignFolder(self.settings.campaign))

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """The fields of the form, in the reader's language."""
        return list_fields(self.t, self.campaign, self.codelists)

    def draw_advice(self, promise: Mapping[str, Any], results: Sequence[SentNumber]) -> str:
        """Draw what a promise lacks of a good commitment."""
        return draw_advice(CampaignFolder(self.settings.campaign), promise, results, self.t)

    def say_days(self) -> dict[str, str]:
        """Write the first and the last day on which new actions can be submitted."""
        first, last = find_days(self.campaign)
        return {"first": format_date(first, self.t.language), "last": format_date(last, self.t.language)}


def routes() -> list[ApiRoute]:
    """The route for `st.App`."""
    answer = answer_in_thread(answer_promiser, _show_form, _send, partial(read_sent_form, largest=BODY.size))
    return [ApiRoute(PATH, answer, OPERATIONS, AccessClass.EVERYBODY, BODY)]


FAMILY = N_("Submitting a new action")
_FORM: dict[str, Schema] = {
    "form": TEXT,
    "action": TEXT,
    **{name: TEXT for names in (*SECTIONS.values(), NUMBERS) for name in names},
}
_FORM |= {name: {"type": "array", "items": TEXT} for name in ("themes", "regions", "countries")}
_FORM_PAGE = describe_page(
    PATH, "promise", "reports", FAMILY, N_("The form for a new action"), (PAGE_LANG,), refusals=REFUSED,
    tried=("lang",),
)  # fmt: skip
OPERATIONS = (
    _FORM_PAGE,
    describe_button(_FORM_PAGE, N_("Keeps the action and mails the link that confirms it"), _FORM, OFTEN),
)


@cache
def sent_forms() -> Bucket:
    """The limits of new actions in this process, by clients and the networks around them."""
    return Bucket(MOST_SENT / SECONDS, MOST_SENT)


def answer_promiser(request: Request, answerer: Answerer, sent_form: SentForm) -> Response:
    """Answer whoever submits a new action with a page, as `answer_sender`."""
    return answer_sender(Reader(request, sent_form), answerer)


def _check_open(reader: Reader) -> None:
    """Refuse a new action while the campaign takes none."""
    remedy = N_("Write to the secretariat of the campaign instead.")
    if not reader.campaign.promises.open:
        raise ClosedError(N_("The campaign takes no new actions on this server."), remedy)
    if not find_days(reader.campaign).hold():
        words = N_("New actions can be submitted from {first} to {last}.")
        raise ClosedError(sentence(words, **reader.say_days()), remedy)


def _show_form(reader: Reader) -> Response:
    changed = _find_changed(reader, reader.token)
    if changed is None:
        _check_open(reader)
        return _answer_form(reader, Part(reader.fields))
    return _answer_form(reader, fill_form(reader.fields, changed), changed_no=changed.report_no)


def _find_changed(reader: Reader, token: str) -> Report | None:
    """Find the promise that a token lets its sender change; None without a token.

    Raises:
        PromiseLinkError: the token opens nothing.
        ClosedError: staff have decided about it.
    """
    if not token:
        return None
    report = reader.links.open(token)
    if report.decided_at is not None:
        raise ClosedError(
            N_("The secretariat has decided about this action: it cannot be changed here any more."),
            N_("Write to the secretariat of the campaign instead."),
        )
    return report


def _send(reader: Reader) -> Response:
    token, t = _read_token(reader), reader.t
    changed = _find_changed(reader, reader.links.write_token(token.changed_no) if token.changed_no else "")
    if changed is None:
        _check_open(reader)
    promise, part = read_promise(reader.fields, reader.codelists, reader.form)
    unchecked = Part(reader.fields, typed=part.typed)
    if not sent_forms().allows(name_client(reader.request.scope)):
        words = t(TOO_MANY_FORMS)
        return _answer_form(reader, unchecked, words, 429, {"retry-after": str(round(SECONDS))}, token=token)
    if not token.form_id or 0 <= token.age < LEAST_SECONDS or reader.field(TRAP):
        return _answer_form(reader, unchecked, t(SEND_AGAIN), 400, token=token)
    if reader.field("action") == ADVICE:
        return _answer_form(reader, unchecked, token=token, advice=reader.draw_advice(*promise))
    if part.faults:
        return _answer_form(reader, part, status=400, token=token)
    try:
        with written_down():
            report = _keep(reader, token, promise, changed)
    except UnwrittenError as error:
        words = f"{t(error.what)} {t(error.remedy)}"
        return _answer_form(reader, unchecked, words, 503, {"retry-after": refusals.SECONDS_TO_RETRY}, token=token)
    if report.state is ReportState.UNCONFIRMED:
        heading, words = t(N_("Check your mail")), draw_words(t(ASKED), t(NO_MAIL))
    else:
        heading, words = t(WAITS), draw_words("" if can_confirm(reader.settings) else t(UNMAILED))
    drawn = draw_promise(reader.fields, reader.codelists, report, t) + reader.draw_advice(
        report.promise, report.results
    )
    return reader.answer(heading, words + _draw_alike(reader, report) + drawn)


def _read_token(reader: Reader) -> FormToken:
    """Read what a sent form carries; empty where it is no form of ours."""
    text = reader.field("form")
    try:
        (form_id, changed_no), made_at = reader.sign().loads(text, return_timestamp=True)
    except BadData:
        return FormToken()
    return FormToken(text, form_id, changed_no, (datetime.now(UTC) - made_at).total_seconds())


def _keep(reader: Reader, token: FormToken, promise: Promise, changed: Report | None) -> Report:
    """Keep a promise, and have its address confirmed unless it is that of the promise that it changes."""
    if changed is not None and promise == (changed.promise, changed.results):
        return changed
    is_confirmed = not can_confirm(reader.settings) or (
        changed is not None
        and changed.state is ReportState.WAITING
        and changed.promise["contact_email"] == promise.answers["contact_email"]
    )
    if not is_confirmed and len(reader.box.list(ReportState.UNCONFIRMED)) >= MOST_UNCONFIRMED:
        raise UnwrittenError(N_("Too many new actions wait to be confirmed."), N_("Try again tomorrow."))
    replaced_no = ""
    if changed is not None:  # what nobody has confirmed was never there for staff
        replaced_no = changed.replaces if changed.state is ReportState.UNCONFIRMED else changed.report_no
    answers = promise.answers | ({"results": promise.results} if promise.results else {})
    report_no = number_report(token.form_id, "", {name: str(value) for name, value in answers.items()})
    report = reader.box.put(
        Report(
            report_no=report_no,
            link=changed.link if changed else report_no,
            received_at=datetime.now(UTC),
            lang=reader.t.language,
            kind=ReportKind.PROMISE,
            promise=promise.answers,
            results=promise.results,
            replaces=replaced_no,
            files=changed.files if changed else (),
            state=ReportState.WAITING if is_confirmed else ReportState.UNCONFIRMED,
        )  # fmt: skip
    )
    if report.state is ReportState.UNCONFIRMED:
        ask_to_confirm(reader.settings, reader.campaign, report)
    LOG.info("A new action is kept: %s.", report.state)
    return report


def _answer_form(
    reader: Reader,
    part: Part,
    problem: str = "",
    status: int = 200,
    headers: Mapping[str, str] = NO_MORE,
    *,
    token: FormToken | None = None,
    changed_no: str = "",
    advice: str = "",
) -> Response:
    """Answer with the form.

    `problem`: why what was sent is not kept; what is wrong with single answers stands in `part`. `token`: that of the
    form that was sent, which the form stays; without one, or with a forged one, it is a new form. `changed_no`: the
    promise that it changes. `advice`: what the sender asked for before sending it.
    """
    t = reader.t
    signed = (token and token.text) or reader.sign().dumps([secrets.token_urlsafe(9), changed_no])
    heading = t(N_("Change your action")) if changed_no else t(N_("Submit a new action"))
    heading, body = (t(N_("Not sent yet")), advice) if advice else reader.head_form(heading, [part], problem)
    body += draw_words(t(N_("New actions can be submitted from {first} to {last}."), **reader.say_days()), t(OPTIONAL))
    body += draw_words(_say_case(reader))
    if not token:
        body += reader.draw_languages()
    before = f'<input type="hidden" name="form" value="{escape(signed)}">{draw_trap()}'
    after = draw_words(t(PUBLIC)) + draw_button(t(N_("Send"))) + draw_button(t(N_("See what is missing")), ADVICE)
    form = f'<form method="post" novalidate>{before}{draw_form(part, t)}<section>{after}</section></form>'
    return reader.answer(heading, body + form, status, headers)


def _say_case(reader: Reader) -> str:
    """Say where a case of abuse is told, which has no place here; empty where the campaign names no contact."""
    contact = reader.campaign.reports_by_link.case_contact
    words = N_("This is no place to tell of a case of abuse. Tell it there: {contact}")
    return reader.t(words, contact=contact) if contact else ""


def _draw_alike(reader: Reader, report: Report) -> str:
    """Draw the published actions of the same title, as a hint; none in a closed campaign, and none without figures."""
    if is_closed(reader.settings):
        return ""
    try:
        alike = database.current(reader.settings).query("actions_titled", {"title": report.promise["title"]})
    except SnapshotError:
        return ""
    links = ""
    for row in alike.to_dict("records"):
        pairs = [("action", row["action_id"]), ("lang", reader.t.language)]
        links += draw_link(page_addresses.write(reader.settings.base_url, "actions", pairs), row["title"])
    words = N_("An action of this title is published already. If it is yours, you need not submit it again.")
    return draw_words(reader.t(words)) + links if links else ""
