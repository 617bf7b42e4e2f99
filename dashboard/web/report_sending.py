"""The form behind a stakeholder's link as a page: shown, taken whole or given back, and its files withdrawn.

Opening the link changes nothing. What the page refuses it gives back as it was typed, with the files that it has kept.
"""

import logging
import secrets
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any

from itsdangerous import BadData
from starlette.background import BackgroundTasks
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from dashboard.access.rights import AccessClass
from dashboard.campaign.reporting.evidence_store import EvidenceStore
from dashboard.campaign.reporting.links import (
    FORM,
    HELD,
    PATH,
    ReportLink,
    ReportLinkError,
    ReportLinks,
)
from dashboard.campaign.reporting.reports import (
    Report,
    ReportGoneError,
    ReportKind,
    ReportState,
    find_replaced,
    find_rivals,
    number_report,
)
from dashboard.errors import TooOftenError
from dashboard.formats import format_date
from dashboard.ground.base_urls import shareable
from dashboard.i18n import N_, Translator
from dashboard.mail import reports_mail
from dashboard.mail.subscribers import UnwrittenError, written_down
from dashboard.measures.action_numbers import list_numbers
from dashboard.settings import Settings
from dashboard.web import refusals
from dashboard.web.api_route import ApiRoute, BodyLimit
from dashboard.web.guard.allowances import name_client
from dashboard.web.operation import TEXT, Parameter, Schema
from dashboard.web.plain_fields import Field, Part, Shape
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
from dashboard.web.report_fields import (
    NAMES,
    POST_NAMES,
    POSTS,
    OpenAction,
    find_rules,
    list_fields,
    list_milestones,
    list_open_actions,
    list_post_fields,
    name_action,
)
from dashboard.web.report_files import FILES, FileGroup
from dashboard.web.report_form import (
    MOST_SHOWN,
    STORY_OR_EVENT,
    Entry,
    FormToken,
    LinkForm,
    draw_entry,
    draw_receipt,
    say_effect,
)
from dashboard.web.report_pages import (
    FAMILY,
    LINK_TOKEN,
    SECONDS,
    SENT_BY_CLIENT,
    SENT_BY_LINK,
    Reader,
    answer_reader,
    limit,
)
from dashboard.web.report_withdrawals import WITHDRAW, answer_withdrawal, draw_files
from dashboard.web.sending_pages import OFTEN, REFUSED, SEND_AGAIN, TOO_MANY_FORMS
from dashboard.web.sent_forms import MULTIPART, SentForm, read_form_with_files

LOG = logging.getLogger(__name__)
LARGEST_TEXT = 1_000_000
"""Bytes of what twenty actions with all that their fields take have, in any writing."""
BODY = BodyLimit(102_000_000, 1_200.0)
"""Of the form with the 100 MB of files that a link may hand in, over a slow line."""
A_PAGE = 20
"""Actions on one page of the form."""
LEAST_SECONDS = 2
"""Nobody fills in a form in less."""
NOTHING_TYPED = N_("Nothing is filled in yet. Fill in what you know about one action at least.")
STILL_WAITS = N_(
    "{number}, which you sent before, still waits: an empty answer does not take it back. If it should not count, say "
    "so under “This is not right”."
)
PUBLIC = {
    "after_review": N_(
        "Once the secretariat has read it, this becomes public: status, percentage, days, milestones, numbers, what "
        "was done and learned, the web address, and a story or an event."
    ),
    "at_once": N_(
        "This becomes public at once: status, percentage, day of completion, milestones and numbers. Once the "
        "secretariat has read it, what was done and learned, the web address, and a story or an event become public "
        "too."
    ),
}
"""What becomes public when, by the campaign's setting."""
NOT_PUBLIC = N_(
    "Documents and pictures become public only if all that is asked about them is answered and the secretariat "
    "confirms each. What is not right, and who wrote, stays with the secretariat, unless you tick that your words may "
    "stand beside the action."
)
CASE = N_(
    "Then all that you send now goes to {contact}, and is never published. If a child is in danger now, do not wait "
    "for an answer: call the emergency number or the child helpline of your country."
)
DRAFTS = Path(__file__).with_name("report_drafts.js").read_text(encoding="utf-8").strip()


async def _read_form(request: Request) -> SentForm:
    """Read the form; with files only behind a link that opens something: else the page says that it does not."""
    if await run_in_threadpool(_is_open, request):
        return await read_form_with_files(request, BODY.size, LARGEST_TEXT)
    sent_form = await read_form_with_files(request, LARGEST_TEXT, LARGEST_TEXT)
    return sent_form._replace(problem=None)


def _is_open(request: Request) -> bool:
    try:
        ReportLinks(Settings.from_environment().campaign / "private").open(request.query_params.get("t", ""))
    except (ReportLinkError, sqlite3.Error, OSError):  # the page itself says what is wrong
        return False
    return True


def routes() -> list[ApiRoute]:
    """The route for `st.App`."""
    answer = answer_in_thread(answer_reader, _show_form, _send, _read_form)
    return [ApiRoute(_PAGE.path, answer, (_PAGE, _BUTTON), AccessClass.TOKEN, BODY)]


_PAGE_NUMBER = Parameter("page", N_("Which twenty of the link's actions, from 1 on."), {"type": "string"})
_FILES: Schema = {"type": "array", "items": {"type": "string", "format": "binary"}}
_FILE_ANSWERS = ("description", "rights", "consent")
_FORM: dict[str, Schema] = {
    **{name: TEXT for name in ("form", "is_case", "receipt", WITHDRAW, "sure")},
    **{f"{{action}}/{name}": TEXT for name in (*NAMES, *_FILE_ANSWERS)},
    **{f"post/{name}": TEXT for name in (*POST_NAMES, *_FILE_ANSWERS)},
    **{f"{prefix}/{FILES}": _FILES for prefix in ("{action}", "post")},
}
_PAGE = describe_page(
    f"{PATH}/{FORM}", "report_form", "reports", FAMILY, N_("The form behind a stakeholder's link"),
    (LINK_TOKEN, _PAGE_NUMBER, PAGE_LANG), refusals=REFUSED,
)  # fmt: skip
_BUTTON = describe_button(_PAGE, N_("Keeps the reports until staff read them"), _FORM, OFTEN)


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
    entries = _list_entries(reader, link, page_actions, actions)
    return _answer_form(reader, LinkForm(link, entries, _make_closing(reader)), ways=ways)


def _send(reader: Reader) -> Response:
    link, t = reader.links.open(reader.token), reader.t
    is_allowed = limit(SENT_BY_CLIENT).allows(name_client(reader.request.scope))
    is_allowed = is_allowed and limit(SENT_BY_LINK).allows(link.handle)
    if WITHDRAW in reader.form:
        if not is_allowed:
            raise TooOftenError(N_("Too many forms came from here."), N_("Try again in an hour."), SECONDS)
        return answer_withdrawal(reader, link.handle, _list_other_senders(reader, link))
    token = _read_token(reader, link)
    actions = {action.action_id: action for action in list_open_actions(reader.snapshot, link)}
    named_ids = tuple(action_id for action_id in actions if f"{action_id}/narrative" in reader.form)
    action_ids = token.action_ids or named_ids or tuple(actions)[:A_PAGE]
    sent_actions = [actions.get(action_id, OpenAction(action_id)) for action_id in action_ids]
    entries = _list_entries(reader, link, sent_actions, tuple(actions.values()), is_sent=True)
    form = LinkForm(link, entries, _make_closing(reader).read_form(reader.form), token)
    if not is_allowed:
        return _answer_form(reader, form, t(TOO_MANY_FORMS), 429, {"retry-after": str(round(SECONDS))})
    if not token.form_id or 0 <= token.age < LEAST_SECONDS or reader.field(TRAP):
        return _answer_form(reader, form, t(SEND_AGAIN), 400)
    try:
        with written_down():
            return _take(reader, form)
    except UnwrittenError as error:
        words = f"{t(error.what)} {t(error.remedy)}"
        return _answer_form(reader, form, words, 503, {"retry-after": refusals.SECONDS_TO_RETRY})


def _take(reader: Reader, form: LinkForm) -> Response:
    """Keep the files that were sent, and the reports if nothing is wrong.

    Raises:
        UnwrittenError: the disk refuses.
    """
    t, store = reader.t, EvidenceStore(reader.private)
    filled_entries: list[tuple[Entry, dict[str, Any]]] = []
    entries = list(form.entries)
    for number, entry in enumerate(entries):
        entry.files.keep(reader.sent.files.get(f"{entry.part.prefix}{FILES}", ()), store, form.link.handle)
        if not entry.is_empty or any(part.faults for part in entry.files.parts):
            values, entries[number] = entry.check()
            filled_entries.append((entries[number], values))
    form = form._replace(entries=entries)
    emptied = [entry.waiting_no for entry in entries if entry.is_empty and entry.waiting_no]
    notes = [t(STILL_WAITS, number=report_no) for report_no in emptied]
    if not filled_entries:
        return _answer_form(reader, form, " ".join([t(NOTHING_TYPED), *notes]), 400)
    if any(part.faults for part in form.parts):
        return _answer_form(reader, form, status=400)
    answers, _ = form.closing.check()
    is_case = answers["is_case"]
    marked_nos = [number for entry, _ in filled_entries if is_case for number in _mark_cases(reader, entry)]
    reports = [_keep(reader, form, entry, {**values, "is_case": is_case}) for entry, values in filled_entries]
    LOG.info("%s reports by link wait for staff.", len(reports))
    rules = find_rules(reader.snapshot)
    receipts = [
        draw_receipt(report, entry, t, rules, reader.snapshot.codes)
        for report, (entry, _) in zip(reports, filled_entries, strict=True)
    ]
    until = t(N_("The same link changes it until {day}."), day=format_date(form.link.ends_on, t.language))
    words = [t(reports_mail.UNDERSTOOD[reader.rules.publish]), until]
    again = draw_link(f"?{reader.write_query()}", t(N_("Change or add something")))
    heading = t.plural(
        "Thank you. {n} report waits for the secretariat",
        "Thank you. {n} reports wait for the secretariat",
        len(reports),
    )
    if is_case:
        heading = t(N_("Thank you. It has arrived"))
        words = [t(N_("It goes to the contact for cases of abuse, and is never published."))]
    body = f'<div data-sent="{form.link.handle}">{draw_words(*words)}</div>{again}{draw_words(*notes)}'
    answer = reader.answer(heading, body + "".join(receipts), script=DRAFTS)
    answer.background = tasks = BackgroundTasks()
    report_nos = [report.report_no for report in reports]
    if is_case:
        tasks.add_task(reports_mail.send_case, reader.settings, [*marked_nos, *report_nos])
    elif answers.get("receipt"):
        tasks.add_task(reports_mail.send_receipt, reader.settings, report_nos, t.language)
    for report, (entry, _) in zip(reports, filled_entries, strict=True):
        if entry.rival is not None and not is_case:
            tasks.add_task(reports_mail.tell_both, reader.settings, report.report_no)
    return answer


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


def _mark_cases(reader: Reader, entry: Entry) -> Iterator[str]:
    """Mark what of an entry waits already as told of the same case, so that it is never published either."""
    for report in entry.reports:
        if report.state is ReportState.WAITING and not report.is_case:
            with suppress(ReportGoneError):  # staff have just decided about it
                yield reader.box.mark_case(report.report_no).report_no


def _keep(reader: Reader, form: LinkForm, entry: Entry, values: Mapping[str, Any]) -> Report:
    """Keep a report; what says the same as the one that waits is that one."""
    link, earlier_no = form.link, entry.earlier.report_no if entry.earlier else ""
    earlier = reader.box.find(earlier_no)  # it may be marked by now
    if earlier is not None and values == {name: getattr(earlier, name) for name in values}:
        return earlier
    form_id = f"{form.token.form_id}/{earlier_no}"  # a change back is a report of its own
    report = Report(
        report_no=number_report(form_id, entry.part.prefix, {name: str(value) for name, value in values.items()}),
        link=link.handle, received_at=datetime.now(UTC), lang=reader.t.language, wave=link.wave,
        build_id=reader.snapshot.build_id, replaces="" if entry.action else earlier_no, **values,
    )  # fmt: skip
    return reader.box.put(report)


def _list_entries(
    reader: Reader,
    link: ReportLink,
    actions: Sequence[OpenAction],
    all_actions: Sequence[OpenAction],
    *,
    is_sent: bool = False,
) -> list[Entry]:
    """List what the form asks about some actions, and about stories and events, with what is typed.

    That is what was sent, or else what is public and what waits of this link.
    """
    t, rules, reports = reader.t, find_rules(reader.snapshot), reader.box.list()
    own_reports = [one for one in reports if one.link == link.handle]
    action_ids = [action.action_id for action in actions]
    milestones, numbers = list_milestones(reader.snapshot, action_ids), list_numbers(reader.snapshot, action_ids)
    entries = []
    for number, action in enumerate(actions, start=1):
        about = [one for one in own_reports if one.kind is ReportKind.PROGRESS and one.action_id == action.action_id]
        last = next((one for one in reversed(about) if not one.is_case), None)
        earlier = last if last is not None and last.state is ReportState.WAITING else None
        own_milestones = milestones.get(action.action_id, [])
        own_numbers = [one for one in numbers if one.action_id == action.action_id and one.is_classified]
        fields = list_fields(t, rules, own_milestones, own_numbers, action.language or "")
        part = Part(fields, f"{action.action_id}/", f"a{number}-", name_action(t, action))
        files = FileGroup(t, part.prefix, part.place, part.title, earlier.files if earlier else ())
        rivals = find_rivals(reports, link.handle, action.action_id).values()
        rival = max(rivals, key=lambda one: one.received_at, default=None)
        entries.append(Entry(part, files, earlier, action, own_milestones, own_numbers, about, rival))
    fields = list_post_fields(t, rules, all_actions)
    for number, (post, waiting) in enumerate([*_list_posts(reader, own_reports, is_sent=is_sent), (None, [])]):
        prefix = f"{post.report_no}/" if post else "post/"
        part = Part(fields, prefix, f"p{number}-", post.title if post else t(STORY_OR_EVENT))
        files = FileGroup(t, prefix, part.place, part.title, post.files if post else ())
        entries.append(Entry(part, files, post, reports=waiting))
    if not is_sent:
        return [entry.fill() for entry in entries]
    entries = [entry.fill_public() for entry in entries]
    for entry in entries:
        entry.files.read_form(reader.form, reader.sign_files(), link.handle, EvidenceStore(reader.private))
    return [replace(entry, part=entry.part.read_form(reader.form)) for entry in entries]


def _list_posts(
    reader: Reader, own_reports: Sequence[Report], *, is_sent: bool
) -> list[tuple[Report, Sequence[Report]]]:
    """List the stories and events of a link that wait, the latest ones; of a sent form those that it names.

    Beside each stands what of it waits: itself, and those that it has replaced.
    """
    posts = [one for one in own_reports if one.kind in POSTS and not one.is_case]
    waiting = [one for one in posts if one.state is ReportState.WAITING]
    latest = {one.report_no: one.report_no for one in waiting} | find_replaced(waiting)
    chosen_posts = [one for one in waiting if latest[one.report_no] == one.report_no][-MOST_SHOWN:]
    if is_sent:
        chosen_posts = [one for one in posts if f"{one.report_no}/title" in reader.form]
    return [
        (post, [one for one in waiting if latest[one.report_no] == latest.get(post.report_no)]) for post in chosen_posts
    ]


def _list_other_senders(reader: Reader, link: ReportLink) -> set[str]:
    """List what stands in reports for the other links of a stakeholder: their handles, and its promises' numbers."""
    action_ids = {action.action_id for action in list_open_actions(reader.snapshot, link)}
    handles = {one.handle for one in reader.links.list() if not action_ids.isdisjoint(one.action_ids)}
    return (handles | action_ids) - {link.handle}


def _make_closing(reader: Reader) -> Part:
    """Make the part of the form before its button: whether it tells of a case, and whether a copy is wanted."""
    t, contact = reader.t, reader.rules.case_contact
    goes_to = t(N_("the campaign’s contact for such cases"))
    hint = t(CASE, contact=f"{goes_to}, {contact}" if contact else goes_to)
    case = Field(
        name="is_case", label=t(N_("This tells of a case of abuse, or of a child in danger")), hint=hint,
        shape=Shape.TICK,
    )  # fmt: skip
    receipt = Field(
        name="receipt", label=t(N_("Send a copy to the address on file")), shape=Shape.TICK,
        hint=t(N_("If the campaign has an address beside your action, the copy goes there.")),
    )  # fmt: skip
    has_mail = reader.settings.smtp_host and shareable(reader.settings.base_url)
    return Part((case, receipt) if has_mail else (case,), place="form-")


def _answer_form(
    reader: Reader,
    form: LinkForm,
    problem: str = "",
    status: int = 200,
    headers: Mapping[str, str] = NO_MORE,
    *,
    ways: str = "",
) -> Response:
    """Answer with the form.

    `problem`: why what was sent is not kept; what is wrong with single answers stands in the form.
    """
    t, snapshot, link = reader.t, reader.snapshot, form.link
    actions = [entry.action for entry in form.entries if entry.action]
    signed = form.token.text
    if not signed:
        action_ids = [action.action_id for action in actions]
        signed = reader.sign().dumps([secrets.token_urlsafe(9), link.handle, action_ids])
    heading = t.plural("Report on your action", "Report on your actions", len(actions))
    if problem and reader.sent.files and not any(entry.files.has_unsent for entry in form.entries):
        problem += f" {t(N_('Files have to be chosen again.'))}"
    heading, body = reader.head_form(heading, form.parts, problem)
    body += draw_words(
        t(N_("This link is yours alone and works until {day}."), day=format_date(link.ends_on, t.language))
    )
    if reader.request.method == "GET":
        body += reader.draw_languages()
    if not actions:
        return reader.answer(heading, body + draw_words(t(N_("The figures hold none of your actions at the moment."))))
    signer = reader.sign_files()
    drawn = "".join(draw_entry(one, snapshot, t, one.files.draw(signer, link.handle)) for one in form.entries)
    before = f'<input type="hidden" name="form" value="{escape(signed)}">{draw_trap()}'
    after = draw_words(say_effect(snapshot, t, actions), t(PUBLIC[reader.rules.publish]), t(NOT_PUBLIC))
    after += form.closing.draw(t) + draw_button(t(N_("Send")))
    ways += draw_link(f"{HELD}?{reader.write_query()}", t(N_("What the program holds of you")))
    body += (
        f'<form method="post" enctype="{MULTIPART}" novalidate data-draft="{link.handle}">'
        f"{before}{drawn}<section>{after}</section></form>"
        f"{draw_files(reader, link.handle, _list_other_senders(reader, link))}{ways}{_draw_draft(t)}"
    )
    return reader.answer(heading, body, status, headers, DRAFTS)


def _draw_draft(t: Translator) -> str:
    """Draw what the script of drafts offers; without scripts nobody sees it."""
    label = escape(t(N_("Keep what I type on this device until it is sent")))
    hint = escape(t(N_("Only in this browser, without files. Whoever uses the device can read it; untick to clear.")))
    return (
        f'<template id="draft"><label class="box"><input type="checkbox"> {label}</label>'
        f'<p class="hint">{hint}</p></template>'
    )
