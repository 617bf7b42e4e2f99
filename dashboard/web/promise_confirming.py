"""The page behind the link to a new action: its sender confirms it, hands in files, changes it, and sees how it stands.

Opening it changes nothing, since mail scanners open every link; a button does.
"""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from dashboard.access.rights import AccessClass
from dashboard.campaign.reporting.evidence_store import EvidenceStore
from dashboard.campaign.reporting.promises import CONFIRM, PATH, PromiseLinkError, PromiseLinks
from dashboard.campaign.reporting.reports import Report, ReportState
from dashboard.errors import TooOftenError
from dashboard.i18n import N_
from dashboard.mail.subscribers import written_down
from dashboard.settings import Settings
from dashboard.web.api_route import ApiRoute, BodyLimit
from dashboard.web.guard.allowances import name_client
from dashboard.web.operation import TEXT, Parameter
from dashboard.web.plain_pages import (
    PAGE_LANG,
    answer_in_thread,
    describe_button,
    describe_page,
    draw_button,
    draw_link,
    draw_words,
)
from dashboard.web.promise_form import draw_promise
from dashboard.web.promise_pages import (
    BODY,
    FAMILY,
    PUBLIC,
    SECONDS,
    WAITS,
    Reader,
    answer_promiser,
    sent_forms,
)
from dashboard.web.report_files import FILES, FileGroup
from dashboard.web.report_withdrawals import WITHDRAW, answer_withdrawal, draw_files
from dashboard.web.sending_pages import OFTEN, REFUSED
from dashboard.web.sent_forms import MULTIPART, SentForm, read_form_with_files

FILES_BODY = BodyLimit(102_000_000, 1_200.0)
"""Of the files behind a link: the 100 MB that one may hand in, over a slow line."""


def routes() -> list[ApiRoute]:
    """The route for `st.App`."""
    answer = answer_in_thread(answer_promiser, _show_promise, _change, _read_files)
    return [ApiRoute(_PAGE.path, answer, (_PAGE, _BUTTON), AccessClass.TOKEN, FILES_BODY)]


async def _read_files(request: Request) -> SentForm:
    """Read what is sent behind a link; files only where a promise waits for staff."""
    takes_files = await run_in_threadpool(_takes_files, request)
    return await read_form_with_files(request, FILES_BODY.size if takes_files else BODY.size, BODY.size)


def _takes_files(request: Request) -> bool:
    links = PromiseLinks(Settings.from_environment().campaign / "private")
    try:
        return links.open(request.query_params.get("t", "")).state is ReportState.WAITING
    except (PromiseLinkError, OSError):  # the page itself says what is wrong
        return False


_TOKEN = Parameter("t", N_("The signed token of a new action."), TEXT, is_needed=True, depends_on=("data",))
_PAGE = describe_page(
    f"{PATH}/{CONFIRM}", "promise_confirm", "reports", FAMILY, N_("A new action, behind the link that confirms it"),
    (_TOKEN, PAGE_LANG), refusals=REFUSED,
)  # fmt: skip
_BUTTON = describe_button(
    _PAGE,
    N_("Confirms it: then staff read it; or hands in files, or withdraws one"),
    {
        **{name: TEXT for name in ("action", WITHDRAW, "sure", "description", "rights", "consent")},
        FILES: {"type": "array", "items": {"type": "string", "format": "binary"}},
    },
    OFTEN,
)


def _show_promise(reader: Reader) -> Response:
    return _answer_promise(reader, reader.links.open(reader.token))


def _change(reader: Reader) -> Response:
    """Confirm a promise, take files of it, or withdraw one."""
    report, files = reader.links.open(reader.token), None
    if reader.field(WITHDRAW):
        return answer_withdrawal(reader, report.link)
    with written_down():
        if reader.field("action") != FILES:
            changed = reader.box.confirm(report.report_no)
        else:
            files = _take_files(reader, report)
            if any(part.faults for part in files.parts):
                return _answer_promise(reader, report, files)
            withdrawn = [file for file in report.files if file.withdrawn_on is not None]
            changed = reader.box.name_files(report.report_no, [*files.list_files(), *withdrawn])
    if changed is None:  # it went meanwhile
        raise PromiseLinkError
    return _answer_promise(reader, changed)


def _take_files(reader: Reader, report: Report) -> FileGroup:
    """Keep the files that were sent, as those of a promise.

    Raises:
        TooOftenError: too much came from this client.
    """
    if not sent_forms().allows(name_client(reader.request.scope)):
        raise TooOftenError(N_("Too many files came from here."), N_("Try again in an hour."), SECONDS)
    store, files = EvidenceStore(reader.private), _group_files(reader, report)
    files.read_form(reader.form, reader.sign_files(), report.link, store)
    if report.state is ReportState.WAITING:
        files.keep(reader.sent.files.get(FILES, ()), store, report.link)
    files.check()
    return files


def _group_files(reader: Reader, report: Report) -> FileGroup:
    return FileGroup(reader.t, "", "files-", reader.t(N_("Documents and pictures")), report.files)


def _draw_file_form(reader: Reader, report: Report, files: FileGroup) -> str:
    t = reader.t
    drawn = files.draw(reader.sign_files(), report.link) + draw_button(t(N_("Hand in the files")), FILES)
    form = f'<form method="post" enctype="{MULTIPART}" novalidate>{drawn}</form>'
    return f"<section>{form}</section>{draw_files(reader, report.link)}"


def _answer_promise(reader: Reader, report: Report, files: FileGroup | None = None) -> Response:
    """Answer with a promise: what was understood of it, how it stands, and what its sender can do.

    `files`: those that were sent, where something is wrong with them.
    """
    t = reader.t
    drawn = draw_promise(reader.fields, reader.codelists, report, t)
    question = report.question and t(N_("The secretariat asks: {question}"), question=report.question)
    change = draw_link(f"../{PATH[1:]}?{reader.write_query()}", t(N_("Change something")))
    match report.state:
        case ReportState.UNCONFIRMED:
            heading = t(N_("Do you submit this action?"))
            button = f'<form method="post">{draw_button(t(N_("Yes, submit this action")))}</form>'
            advice = reader.draw_advice(report.promise, report.results)
            return reader.answer(heading, draw_words(t(PUBLIC)) + drawn + advice + button + change)
        case ReportState.WAITING:
            heading, status = t(N_("The secretariat has a question")) if question else t(WAITS), 400 if files else 200
            heading, faults = reader.head_form(heading, files.parts if files else ())
            form = _draw_file_form(reader, report, files or _group_files(reader, report))
            return reader.answer(heading, f"{faults}{draw_words(question)}{drawn}{change}{form}", status)
        case ReportState.ACCEPTED:
            heading = t(N_("Your action is accepted"))
            words = draw_words(t(N_("It is public as soon as the figures are built anew.")))
            drawn += draw_files(reader, report.link)
        case _:
            heading = t(N_("The secretariat has not taken your action"))
            words = draw_words(t(N_("Write to the secretariat of the campaign if you have a question.")))
    return reader.answer(heading, words + drawn)
