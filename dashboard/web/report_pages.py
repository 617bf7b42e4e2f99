"""Whoever opens a stakeholder's link, what is answered where something is wrong, and where a lost link is asked for.

A link that opens nothing is answered alike, whatever the reason, and so is whoever asks for a link: the mail is made
after the answer.
"""

import logging
from collections.abc import Callable
from functools import cache, cached_property
from html import escape

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response

from dashboard.access.rights import AccessClass
from dashboard.campaign.folder import CampaignFolder, ReportsByLink, read_reports_by_link
from dashboard.campaign.reporting.links import (
    LOST,
    PATH,
    ReportLinks,
)
from dashboard.errors import TooOftenError, UserError
from dashboard.ground.budgets import Bucket
from dashboard.i18n import N_, Translator
from dashboard.mail import reports_mail
from dashboard.mail.addresses import check_address
from dashboard.snapshot import database
from dashboard.snapshot.database import Snapshot
from dashboard.web.api_route import ApiRoute
from dashboard.web.guard.allowances import name_client
from dashboard.web.operation import TEXT, Parameter
from dashboard.web.plain_pages import (
    PAGE_LANG,
    TRAP,
    answer_in_thread,
    describe_button,
    describe_page,
    draw_button,
    draw_trap,
    draw_words,
)
from dashboard.web.report_fields import TEXTS
from dashboard.web.sending_pages import OFTEN, REFUSED, ClosedError, Sender, answer_sender
from dashboard.web.sent_forms import SentForm

LOG = logging.getLogger(__name__)
SENT_BY_CLIENT, SENT_BY_LINK, ASKED_BY_CLIENT, SECONDS = 300, 60, 10, 3600.0
"""Forms that one client, such as the one address of a hall, and one link may send, and links that one client may ask
for, in how many seconds."""
ASKED = N_("If the campaign has this address beside an action, a mail with a new link is on its way to it.")


Answerer = Callable[["Reader"], Response]


class Reader(Sender):
    """A reader with the campaign's links, reports and figures."""

    path, salt, text_fields = PATH, "report", TEXTS
    closed = N_("Reports by link are not open")
    elsewhere = N_("This server only shows figures; reports are taken elsewhere.")

    def __init__(self, request: Request, sent_form: SentForm) -> None:
        """Read the link and the form."""
        super().__init__(request, sent_form)
        self.links = ReportLinks(self.private)

    def check_open(self) -> None:
        """Refuse what is sent while the campaign takes no reports by link."""
        if not CampaignFolder(self.settings.campaign).load().reports_by_link.open:
            raise ClosedError(
                N_("The campaign takes no reports by link at the moment."),
                N_("Write to its secretariat instead."),
            )

    def draw_way_on(self) -> str:
        """Draw the form that asks for a new link."""
        return _draw_lost(self.t)

    @cached_property
    def snapshot(self) -> Snapshot:
        """The published figures."""
        return database.current(self.settings)

    @cached_property
    def rules(self) -> ReportsByLink:
        """What the campaign says of reports by link."""
        return read_reports_by_link(self.settings.campaign)


def routes() -> list[ApiRoute]:
    """The routes for `st.App`."""
    return [
        ApiRoute(
            f"{PATH}/{LOST}", answer_in_thread(answer_reader, _show_lost, _ask), OPERATIONS[LOST], AccessClass.EVERYBODY
        ),
    ]


FAMILY = N_("Reporting by link")
LINK_TOKEN = Parameter("t", N_("The signed token of a stakeholder's link."), TEXT, is_needed=True, depends_on=("data",))
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
    request: Request, answerer: Answerer, sent_form: SentForm, reader_class: type["Reader"] | None = None
) -> Response:
    """Answer a reader with a page, as `answer_sender`."""
    return answer_sender((reader_class or Reader)(request, sent_form), answerer)


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
