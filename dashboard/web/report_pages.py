"""Whoever opens a stakeholder's link, what is answered where something is wrong, and where a lost link is asked for.

A link that opens nothing is answered alike, whatever the reason, and so is whoever asks for a link: the mail is made
after the answer.
"""

import logging
from collections.abc import Callable
from functools import cache, cached_property
from html import escape
from pathlib import Path
from urllib.parse import urlencode

from itsdangerous import URLSafeSerializer, URLSafeTimedSerializer
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response

from dashboard.access.rights import AccessClass
from dashboard.campaign.copies.reading_copy import is_copy, read_note
from dashboard.campaign.folder import CampaignFolder, ReportsByLink, read_reports_by_link
from dashboard.campaign.reporting.links import (
    KEY,
    LOST,
    PATH,
    ReportLinkError,
    ReportLinks,
)
from dashboard.campaign.reporting.reports import (
    ReportBox,
)
from dashboard.errors import TooOftenError, UserError
from dashboard.faults import computer_faults
from dashboard.ground.budgets import Bucket
from dashboard.ground.files.private_store import read_key
from dashboard.i18n import N_, Translator
from dashboard.mail import reports_mail
from dashboard.mail.addresses import check_address
from dashboard.snapshot import database
from dashboard.snapshot.database import Snapshot
from dashboard.web import refusals
from dashboard.web.api_route import ApiRoute
from dashboard.web.guard.allowances import name_client
from dashboard.web.http import lead
from dashboard.web.operation import PAGE
from dashboard.web.plain_fields import list_words
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
    draw_trap,
    draw_words,
)
from dashboard.web.report_fields import TEXTS
from dashboard.web.sent_forms import SentForm

LOG = logging.getLogger(__name__)
SENT_BY_CLIENT, SENT_BY_LINK, ASKED_BY_CLIENT, SECONDS = 300, 60, 10, 3600.0
"""Forms that one client, such as the one address of a hall, and one link may send, and links that one client may ask
for, in how many seconds."""
STYLE = Path(__file__).with_suffix(".css").read_text(encoding="utf-8").replace("\n", "")
SEND_AGAIN = N_("Please send this again: it came back faster than anybody can write, or from a page that is not ours.")
ASKED = N_("If the campaign has this address beside an action, a mail with a new link is on its way to it.")


Answerer = Callable[["Reader"], Response]


class ClosedError(UserError):
    """The campaign takes no reports by link, or not at this server."""


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

    def sign_files(self) -> URLSafeSerializer:
        """Return what signs the files that a form which came back has kept."""
        return URLSafeSerializer(read_key(self.private, KEY), salt="report-files")

    @cached_property
    def rules(self) -> ReportsByLink:
        """What the campaign says of reports by link."""
        return read_reports_by_link(self.settings.campaign)

    def write_query(self, **more: object) -> str:
        """Write the query of the link in this language."""
        return urlencode({"t": self.token, "lang": self.t.language, **more})


def routes() -> list[ApiRoute]:
    """The routes for `st.App`."""
    return [
        ApiRoute(
            f"{PATH}/{LOST}", answer_in_thread(answer_reader, _show_lost, _ask), OPERATIONS[LOST], AccessClass.EVERYBODY
        ),
    ]


FAMILY = N_("Reporting by link")
REFUSED: dict[int, tuple[str, ...]] = {400: PAGE, 404: PAGE, 503: PAGE}
OFTEN: dict[int, tuple[str, ...]] = {429: PAGE}
_LOST_PAGE = describe_page(
    f"{PATH}/{LOST}", "report_lost", "reports", FAMILY, N_("Where a lost link is asked for"), (PAGE_LANG,),
    refusals=REFUSED, tried=("lang",),
)  # fmt: skip
OPERATIONS = {
    LOST: (
        _LOST_PAGE,
        describe_button(
            _LOST_PAGE,
            N_("Mails a new link to an address that the campaign has"),
            {"address": {"type": "string", "format": "email", "maxLength": 254}},
            OFTEN,
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
