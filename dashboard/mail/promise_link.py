"""The mails about a new action, to the address of whoever submitted it: whether they did, and what staff ask back.

Nothing that was typed stands in the first: whoever types an address must not have the campaign send it words of their
choice.
"""

from collections.abc import Sequence

from dashboard.campaign.folder import Campaign
from dashboard.campaign.reporting.promises import PromiseLinks
from dashboard.campaign.reporting.reports import Report, ReportState
from dashboard.ground.base_urls import shareable
from dashboard.i18n import N_, translator
from dashboard.mail.message import Part, make_dressed, write_notice
from dashboard.mail.outbox import CONFIRMATION, Outbox, now
from dashboard.mail.sending import send_confirmations
from dashboard.settings import Settings

MOST_MAILS = 5
"""The most mails in a day to one address because somebody typed it."""


def can_confirm(settings: Settings) -> bool:
    """Return whether a mail can bring a link: somebody sends it, and the link leads somewhere."""
    return bool(settings.smtp_host and settings.smtp_from and shareable(settings.base_url))


def ask_to_confirm(settings: Settings, campaign: Campaign, report: Report) -> None:
    """Mail the link that confirms a promise to its address, once, and not too often a day to one address.

    Raises:
        ComputerError: the disk refuses.
    """
    address = str(report.promise["contact_email"])
    if Outbox(settings.campaign / "private").put_limited(
        CONFIRMATION, f"promises-{now()[:10]}", address, f"promise/{report.report_no}",
        lambda: make_confirmation(settings, campaign, report), most=MOST_MAILS,
    ):  # fmt: skip
        send_confirmations(settings)


def ask_back(settings: Settings, campaign: Campaign, report: Report) -> bool:
    """Mail what staff ask about a promise, with the link that changes it; return whether a mail can bring it.

    Raises:
        ComputerError: the disk refuses.
    """
    is_confirmed = report.state is not ReportState.UNCONFIRMED and bool(report.promise["contact_email"])
    if report.asked_at is None or not can_confirm(settings) or not is_confirmed:
        return False
    key = f"promise-question/{report.report_no}/{report.asked_at:%Y%m%dT%H%M%S.%f}"
    t, address = translator(report.lang), str(report.promise["contact_email"])
    asks = t(N_("The secretariat has a question about your action {number}:"), number=report.report_no)
    parts = [("", asks), ("", report.question)]
    heading, button = N_("A question about your action: {campaign}"), N_("Look at it and change it")

    def make() -> bytes:
        return _make_mail(settings, campaign, report, heading, parts, button)

    outbox = Outbox(settings.campaign / "private")
    is_put = outbox.put_limited(CONFIRMATION, f"promises-{now()[:10]}", address, key, make)
    if is_put and (thread := send_confirmations(settings)):
        thread.join()  # a command that ends would cut it off, and nobody would know whether the mail arrived
    return True


def make_confirmation(settings: Settings, campaign: Campaign, report: Report) -> bytes:
    """Make the mail: the question, the link, and what happens without an answer."""
    t = translator(report.lang)
    before = N_("Somebody, hopefully you, has submitted a new action with this address. Its number is {number}.")
    remarks = (
        t(N_("Only then does the secretariat read it. Without your answer it is deleted after seven days.")),
        t(N_("If you did not submit it, you do not need to do anything.")),
    )
    parts = [("", t(before, number=report.report_no))]
    heading, button = N_("Please confirm your action: {campaign}"), N_("Look at it and confirm it")
    return _make_mail(settings, campaign, report, heading, parts, button, remarks)


def _make_mail(
    settings: Settings,
    campaign: Campaign,
    report: Report,
    heading: str,
    parts: Sequence[Part],
    button: str,
    remarks: Sequence[str] = (),
) -> bytes:
    """Make a mail with the link of a promise, in its language; heading and button in English."""
    t, title = translator(report.lang), campaign.titles[report.lang]
    way = PromiseLinks(settings.campaign / "private").write_address(settings.base_url, report.report_no, report.lang)
    mail = write_notice(
        str(report.promise["contact_email"]), t, title, t(heading, campaign=title), parts, button=t(button), way=way,
        remarks=remarks,
    )  # fmt: skip
    return make_dressed(mail, settings)
