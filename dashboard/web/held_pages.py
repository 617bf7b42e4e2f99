"""What the program holds of a stakeholder, as a page and a workbook behind its link; a person's own data behind a mail.

The link for personal data goes to the address on file alone. Opening it asks first, so that programs that look at mails
do not use it up; it opens once, within half an hour.
"""

from datetime import UTC, date, datetime
from html import escape
from itertools import groupby
from operator import itemgetter

from itsdangerous import BadData, URLSafeTimedSerializer
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response

from dashboard.access.rights import AccessClass
from dashboard.campaign.reporting.links import (
    FORM,
    HELD,
    KEY,
    PATH,
    PERSONAL,
    PERSONAL_DATA,
    ReportLink,
    ReportLinkError,
)
from dashboard.campaign.reporting.reports import Report, ReportKind, number_report
from dashboard.errors import TooOftenError
from dashboard.formats import format_date
from dashboard.ground.files.private_store import read_key
from dashboard.ground.processes import runner
from dashboard.i18n import N_, Translator
from dashboard.lists.held import Table, describe_tables, list_held, say_place
from dashboard.mail.personal_data import (
    MINUTES,
    PersonalData,
    find_personal_data,
    read_personal_link,
    send_personal_links,
)
from dashboard.web.api_route import ApiRoute
from dashboard.web.guard.allowances import name_client
from dashboard.web.http import answer_body, name_attachment
from dashboard.web.operation import TEXT, Operation, Parameter, Reply
from dashboard.web.plain_pages import (
    HEADERS,
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
from dashboard.web.report_fields import list_open_actions
from dashboard.web.report_pages import (
    ASKED_BY_CLIENT,
    FAMILY,
    LINK_TOKEN,
    SECONDS,
    Answerer,
    Reader,
    answer_reader,
    limit,
)
from dashboard.web.sending_pages import OFTEN, REFUSED, STYLE
from dashboard.web.sent_forms import SentForm

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BOOK = "What the program holds.xlsx"
WIDE = 60
"""The width from which on a column's words stand in a paragraph of their own."""
OPEN, ERASE = "open", "erase"
"""The two buttons of the page of personal data."""
LINK_SENT = N_(
    "If the campaign has an address of yours, a mail with a link is on its way to it. It works once, "
    "within {minutes} minutes."
)
PLACES = {
    "subscribers": N_("Your subscription to the newsletter"),
    "deliveries": N_("Mails to you that were sent or wait"),
    "own_words": N_("Letters whose words name your address"),
    "links": N_("Signed links that you created"),
    "sessions": N_("Your sign-ins"),
}
"""What stands in the stores with addresses, by the table (`dashboard.mail.forgetting.HOLDERS`)."""


class HeldReader(Reader):
    """A reader of what is held, which stands in lists."""

    style = STYLE + "h3{font-size:1rem;margin:16px 0 4px}.held{margin:0;padding:0 0 0 18px}.held li{margin:0 0 8px}"


def routes() -> list[ApiRoute]:
    """The routes for `st.App`."""
    held_path, personal, token = f"{PATH}/{HELD}", f"{PATH}/{PERSONAL_DATA}", AccessClass.TOKEN
    return [
        ApiRoute(held_path, answer_in_thread(_answer, _show_held, _ask_personal), OPERATIONS[held_path], token),
        ApiRoute(f"{held_path}.xlsx", answer_in_thread(_answer, _write_book), OPERATIONS[f"{held_path}.xlsx"], token),
        ApiRoute(personal, answer_in_thread(_answer, _show_question, _answer_person), OPERATIONS[personal], token),
    ]


_ONCE = Parameter(
    "t", N_("The signed token of a mailed link that opens once."), TEXT, is_needed=True, depends_on=("data",)
)
_HELD_PAGE = describe_page(
    f"{PATH}/{HELD}", "report_held", "reports", FAMILY, N_("What the program holds of a stakeholder"),
    (LINK_TOKEN, PAGE_LANG), refusals=REFUSED,
)  # fmt: skip
_PERSON_PAGE = describe_page(
    f"{PATH}/{PERSONAL_DATA}", "report_personal", "reports", FAMILY, N_("Asks before a person's own data are shown"),
    (_ONCE, PAGE_LANG), refusals=REFUSED,
)  # fmt: skip
OPERATIONS: dict[str, tuple[Operation, ...]] = {
    f"{PATH}/{HELD}": (
        _HELD_PAGE,
        describe_button(_HELD_PAGE, N_("Mails the link for personal data to the address on file"), {}, OFTEN),
    ),
    f"{PATH}/{HELD}.xlsx": (
        Operation(
            f"{PATH}/{HELD}.xlsx", "report_held_book", "reports", FAMILY,
            N_("What the program holds of a stakeholder, as an Excel file"), (Reply(XLSX, None, ("Cache-Control",)),),
            (LINK_TOKEN, PAGE_LANG), refusals=REFUSED,
        ),
    ),
    f"{PATH}/{PERSONAL_DATA}": (
        _PERSON_PAGE,
        describe_button(
            _PERSON_PAGE, N_("Shows a person's own data once, or asks for their erasure"),
            {"action": {"type": "string", "enum": [OPEN, ERASE]}, "form": TEXT},
        ),
    ),
}  # fmt: skip


def _answer(request: Request, answerer: Answerer, sent_form: SentForm) -> Response:
    return answer_reader(request, answerer, sent_form, HeldReader)


def _list_tables(reader: Reader) -> tuple[ReportLink, tuple[Table, ...]]:
    link = reader.links.open(reader.token)
    action_ids = [action.action_id for action in list_open_actions(reader.snapshot, link)]
    links = [
        one
        for one in reader.links.list()
        if not one.origin.startswith(PERSONAL) and not set(one.action_ids).isdisjoint(action_ids)
    ]
    reports = reader.box.list(link=link.handle)
    return link, list_held(reader.snapshot, reader.t, action_ids, reports, links)


def _show_held(reader: Reader) -> Response:
    t, (_, tables) = reader.t, _list_tables(reader)
    query = reader.write_query()
    body = draw_words(
        t(N_("This is what the program holds of your actions, and what came by this link. Personal data are below."))
    )
    body += draw_link(f"{HELD}.xlsx?{query}", t(N_("Download it as an Excel file")))
    body += "".join(_draw_table(t, one) for one in tables)
    body += (
        f"<section><h2>{escape(t(N_('Personal data')))}</h2>"
        f"{draw_words(t(N_('Names, addresses and numbers of persons are shown to that person alone.')))}"
        f'<form method="post">{draw_trap()}{draw_button(t(N_("Mail a link to the address on file")))}</form></section>'
        f"{draw_link(f'{FORM}?{query}', t(N_('Back to your report')))}"
    )
    return reader.answer(t(N_("What the program holds of you")), body)


def _draw_table(t: Translator, table: Table) -> str:
    """Draw a table as lists, which a telephone has room for: one of the rows about each thing, below its name."""
    body = "" if table.rows else draw_words(t(N_("Nothing.")))
    for name, rows in groupby(table.rows, key=itemgetter(0)):
        items = "".join(f"<li>{_draw_row(t, table, row)}</li>" for row in rows)
        body += f'<h3>{escape(str(name))}</h3><ul class="held">{items}</ul>'
    return f"<section><h2>{escape(table.title)}</h2>{body}</section>"


def _draw_row(t: Translator, table: Table, row: tuple[str | date | None, ...]) -> str:
    """Draw a row: its short cells in a line, days with their headings, and its words below."""
    line: list[str] = []
    words: list[str] = []
    for heading, width, cell in zip(table.headings[1:], table.widths[1:], row[1:], strict=True):
        if isinstance(cell, date):
            line.append(t(N_("{name}: {value}"), name=heading, value=format_date(cell, t.language)))
        elif cell:
            (words if width > WIDE else line).append(cell)
    return escape(" · ".join(line)) + draw_words(*words)


def _write_book(reader: Reader) -> Response:
    _, tables = _list_tables(reader)
    book = runner.run(runner.Job("dashboard.lists.held", describe_tables(tables, reader.t.language))).content
    headers = {**HEADERS, "content-type": XLSX, "content-disposition": name_attachment(BOOK)}
    return answer_body(reader.request, book, headers)


def _ask_personal(reader: Reader) -> Response:
    t, link = reader.t, reader.links.open(reader.token)
    client = name_client(reader.request.scope)
    if not (limit(ASKED_BY_CLIENT).allows(client) and limit(ASKED_BY_CLIENT).allows(link.handle)):
        raise TooOftenError(N_("Too many links were asked for from here."), N_("Try again in an hour."), SECONDS)
    words = draw_words(t(LINK_SENT, minutes=str(MINUTES))) + draw_link(f"{HELD}?{reader.write_query()}", t(N_("Back")))
    answer = reader.answer(t(N_("Check your mail")), words)
    if not reader.field(TRAP):
        answer.background = BackgroundTask(send_personal_links, reader.settings, link, t.language)
    return answer


def _show_question(reader: Reader) -> Response:
    t = reader.t
    read_personal_link(reader.settings, reader.token)
    words = draw_words(t(N_("The link works once. Show your data when you are ready to read or print it.")))
    body = f'<form method="post">{draw_button(t(N_("Show my personal data")), OPEN)}</form>'
    return reader.answer(t(N_("Your personal data")), words + body)


def _answer_person(reader: Reader) -> Response:
    """Show a person's own data once, or keep the request to erase them."""
    if reader.field("action") == ERASE:
        return _ask_erasure(reader)
    t, (link, address) = reader.t, read_personal_link(reader.settings, reader.token)
    if not reader.links.end(link.handle):  # somebody opened it at the same moment
        raise ReportLinkError
    data = find_personal_data(reader.settings, address)
    form = _sign_erasure(reader).dumps([link.handle, address, list(link.action_ids)])
    body = draw_words(t(N_("This is what the campaign holds of {address}."), address=address))
    body += _draw_person(t, data)
    body += (
        f"<section><h2>{escape(t(N_('Erasure')))}</h2>"
        f"{draw_words(t(N_('Your actions and reports stay without your name; what is yours is erased everywhere.')))}"
        f'<form method="post"><input type="hidden" name="form" value="{escape(form)}">'
        f"{draw_button(t(N_('Ask for the erasure of my data')), ERASE)}</form></section>"
    )
    return reader.answer(t(N_("Your personal data")), body)


def _draw_person(t: Translator, data: PersonalData) -> str:
    rows = tuple(
        (
            say_place(t, one.source_file, one.source_sheet, one.source_row),
            t(N_("{name}: {value}"), name=one.header, value=one.value),
        )
        for one in data.cells
    )
    headings = (t(N_("Line of the export")), t(N_("What")))
    body = _draw_table(t, Table(t(N_("In the exports")), headings, rows, (40, 40)))
    if data.places:
        lines = tuple((t(PLACES[table]), str(len(held_rows))) for table, held_rows in data.places.items())
        body += _draw_table(t, Table(t(N_("Elsewhere")), (t(N_("What")), t(N_("Count"))), lines, (40, 10)))
    return body


def _ask_erasure(reader: Reader) -> Response:
    """Keep the request for staff; the form that carries it was signed when the data were shown."""
    t = reader.t
    try:
        handle, address, action_ids = _sign_erasure(reader).loads(reader.field("form"), max_age=MINUTES * 60)
    except BadData:
        raise ReportLinkError from None
    report = Report(
        report_no=number_report(handle, PERSONAL, {"address": address}), link=handle,
        action_id=action_ids[0] if action_ids else "", received_at=datetime.now(UTC), lang=t.language,
        kind=ReportKind.ERASURE, correction=address,
    )  # fmt: skip
    reader.box.put(report)
    words = draw_words(
        t(N_("The secretariat has your request. Its number is {number}."), number=report.report_no),
        t(N_("Once it is done, nothing in the campaign names you any more, and kept copies are cleaned.")),
    )
    return reader.answer(t(N_("Your request is kept")), words)


def _sign_erasure(reader: Reader) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(read_key(reader.private, KEY), salt="erasure")
